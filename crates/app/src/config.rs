//! Everything an operator can set: one TOML file, each value overridden by the environment.
//!
//! `[server] listen = "…"` in the file is `JETBRIDGE_SERVER__LISTEN` in the environment. The
//! defaults run on a laptop with no file at all. `docs/en/operations.md` shows each setting.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The whole configuration.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Whose CRM this is.
    pub airline: Airline,
    /// Where Jetbridge keeps what it writes.
    pub data: Data,
    /// The database.
    pub database: Database,
    /// The HTTP server.
    pub server: Server,
    /// Background work.
    pub jobs: Jobs,
    /// Messages.
    pub feeds: feeds::Settings,
    /// Analysis.
    pub lake: Lake,
    /// What is written to standard error.
    pub log: Log,
    /// Figures for Prometheus.
    pub metrics: Metrics,
    /// Traces for an OpenTelemetry collector.
    pub telemetry: Telemetry,
}

/// Whose CRM this is.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Airline {
    /// Designators under which messages name the frequent-flyer programme of this house, for
    /// instance `["CA", "ZH"]`. Empty: numbers with the check digit of our own are ours.
    pub programmes: Vec<String>,
}

/// Where Jetbridge keeps what it writes.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// The folder: embedded database, Parquet files, uploads, key file.
    pub dir: PathBuf,
}

/// The database.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `postgres://user:password@host/name`; empty for the embedded one in the data folder.
    pub url: String,
    /// Connections; 0 chooses 4 for the embedded database and 16 for PostgreSQL.
    pub connections: u32,
}

/// The HTTP server.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port; loopback unless said otherwise.
    pub listen: SocketAddr,
    /// Time zone of the house, in which days begin and times are told.
    pub time_zone: String,
    /// How people reach it, for instance `https://crm.example.com`: makes cookies `Secure`.
    pub public_url: String,
    /// Seconds after which a request that has not been answered is given up.
    pub request_timeout_secs: u64,
    /// Seconds a stop waits for requests and jobs under way.
    pub stop_secs: u64,
}

/// Background work.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Jobs {
    /// Whether `serve` works on jobs too; `false` leaves them to `jetbridge worker`.
    pub in_server: bool,
    /// Jobs side by side in one process.
    pub at_once: usize,
}

/// Analysis.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lake {
    /// Memory a query may take in MiB; larger work spills to disk.
    pub memory_mib: usize,
}

/// What is written to standard error.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `text` for people, `json` for machines.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,feeds=debug`.
    pub level: String,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Figures for Prometheus.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metrics {
    /// Whether `/metrics` answers callers that are not on this machine.
    pub public: bool,
}

/// Traces for an OpenTelemetry collector.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// OTLP over HTTP, for instance `http://127.0.0.1:4318/v1/traces`; empty sends nothing.
    pub endpoint: String,
    /// Name under which this process appears.
    pub service_name: String,
}

impl Default for Data {
    fn default() -> Self {
        Self { dir: PathBuf::from("data") }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            time_zone: "Asia/Shanghai".to_owned(),
            public_url: String::new(),
            request_timeout_secs: 60,
            stop_secs: 20,
        }
    }
}

impl Default for Jobs {
    fn default() -> Self {
        Self { in_server: true, at_once: 2 }
    }
}

impl Default for Lake {
    fn default() -> Self {
        Self { memory_mib: 512 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
    }
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { endpoint: String::new(), service_name: "jetbridge".to_owned() }
    }
}

impl Config {
    /// The defaults over this data folder.
    #[must_use]
    pub fn in_dir(dir: impl Into<PathBuf>) -> Self {
        Self { data: Data { dir: dir.into() }, ..Self::default() }
    }

    /// The database's address.
    #[must_use]
    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!("sqlite:{}", self.data.dir.join("jetbridge.db").display())
        } else {
            self.database.url.clone()
        }
    }

    /// How the store opens it.
    #[must_use]
    pub fn store(&self) -> store::Config {
        let mut config = store::Config::new(self.database_url());
        if self.database.connections > 0 {
            config.connections = self.database.connections;
        }
        config
    }

    /// Whether cookies must travel over TLS only.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.server.public_url.starts_with("https://")
    }

    /// The file that holds the keys of encrypted fields.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.data.dir.join("secret.key")
    }

    /// The folder of Parquet files.
    #[must_use]
    pub fn lake_dir(&self) -> PathBuf {
        self.data.dir.join("lake")
    }

    /// The folder of uploaded files.
    #[must_use]
    pub fn blob_dir(&self) -> PathBuf {
        self.data.dir.join("blobs")
    }

    /// The file of settings that belongs to a data folder.
    #[must_use]
    pub fn file_in(dir: &Path) -> PathBuf {
        dir.join("config.toml")
    }
}
