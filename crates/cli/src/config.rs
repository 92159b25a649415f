//! Defaults, then the file, then the environment, then the command line.

use std::path::{Path, PathBuf};

use app::config::Config;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};

use crate::fail::Fail;

/// Puts the configuration together. Without `file`, `config.toml` in the data folder is read when
/// it is there.
pub(crate) fn load(file: Option<&Path>, data_dir: Option<PathBuf>) -> Result<Config, Fail> {
    let dir = data_dir.clone().unwrap_or_else(|| Config::default().data.dir);
    let file = match file {
        Some(file) if !file.is_file() => {
            return Err(Fail::usage(format!("There is no configuration file {}.", file.display()))
                .hint("check the path given to --config"));
        }
        Some(file) => Some(file.to_owned()),
        None => Some(Config::file_in(&dir)).filter(|file| file.exists()),
    };
    let mut layers = Figment::from(Serialized::defaults(Config::default()));
    if let Some(file) = file {
        layers = layers.merge(Toml::file_exact(file));
    }
    let mut config: Config = layers.merge(environment()).extract().map_err(|error| {
        Fail::usage(format!("The configuration cannot be used: {error}."))
            .hint("docs/en/operations.md lists every setting with its default")
    })?;
    if let Some(dir) = data_dir {
        config.data.dir = dir;
    }
    Ok(config)
}

/// `JETBRIDGE_SERVER__LISTEN=…`: two underscores stand for the dot. Names without them belong to
/// others (tests, the command line's own).
fn environment() -> Env {
    Env::prefixed("JETBRIDGE_").filter(|name| name.as_str().contains("__")).split("__")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::result_large_err, reason = "tests")]
    use super::*;
    use figment::Jail;

    #[test]
    fn the_environment_goes_over_the_file_and_the_file_over_the_defaults() {
        Jail::expect_with(|jail| {
            jail.create_file(
                "own.toml",
                "[server]\nlisten = \"0.0.0.0:80\"\nstop_secs = 5\n[log]\nformat = \"json\"\n",
            )?;
            jail.set_env("JETBRIDGE_SERVER__LISTEN", "127.0.0.1:9000");
            jail.set_env("JETBRIDGE_TEST_POSTGRES", "not a setting");
            let config = load(Some(Path::new("own.toml")), None).unwrap();
            assert_eq!(config.server.listen.port(), 9000);
            assert_eq!(config.server.stop_secs, 5);
            assert_eq!(config.log.format, app::config::LogFormat::Json);
            assert_eq!(config.jobs.at_once, 2);
            Ok(())
        });
    }

    #[test]
    fn without_a_file_the_defaults_hold() {
        Jail::expect_with(|jail| {
            let config = load(None, Some(jail.directory().join("data"))).unwrap();
            assert_eq!(config.server.listen, Config::default().server.listen);
            assert!(config.data.dir.ends_with("data"));
            Ok(())
        });
    }

    #[test]
    fn a_misspelt_setting_is_named() {
        Jail::expect_with(|jail| {
            jail.create_file("own.toml", "[server]\nlisten_on = \"0.0.0.0:80\"\n")?;
            let refused = load(Some(Path::new("own.toml")), None).unwrap_err();
            assert!(refused.to_string().contains("listen_on"), "{refused}");
            Ok(())
        });
    }
}
