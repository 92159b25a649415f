//! The sentences of errors, in the language of the terminal.

use std::sync::OnceLock;

use kernel::{Explain, Lang};
use web::texts::Texts;

/// The language the terminal asks for: Chinese when the locale is, English otherwise.
pub(crate) fn lang() -> Lang {
    let asked = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    if asked.starts_with("zh") { Lang::ZhCn } else { Lang::En }
}

/// The text of `key` with values by name.
pub(crate) fn told(key: &str, args: &[(String, String)]) -> Option<String> {
    let args: Vec<(&str, String)> =
        args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    text(key, &args)
}

/// The text of `key`.
pub(crate) fn text(key: &str, args: &[(&str, String)]) -> Option<String> {
    static TEXTS: OnceLock<Option<Texts>> = OnceLock::new();
    let texts = TEXTS.get_or_init(|| app::texts().ok()).as_ref()?;
    let values: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
    texts.has(lang(), key).then(|| texts.get(lang(), key, &values))
}

/// The sentence and the remedy of an error.
pub(crate) fn of(error: &dyn Explain) -> (Option<String>, Option<String>) {
    let (code, args) = (error.code(), error.args());
    (text(&format!("error-{code}"), &args), text(&format!("error-{code}-hint"), &args))
}
