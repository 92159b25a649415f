//! The few cookies there are. None holds anything about a customer.

use axum::http::HeaderValue;

use crate::Web;

/// The session's secret token.
pub const SESSION: &str = "jb_session";
/// Language.
pub const LANG: &str = "jb_lang";
/// Theme.
pub const THEME: &str = "jb_theme";
/// Row height.
pub const DENSITY: &str = "jb_density";
/// Messages for the next page, signed.
pub const FLASH: &str = "jb_flash";

const YEAR: i64 = 365 * 24 * 3600;

/// The value of cookie `name` in a `Cookie` header.
#[must_use]
pub fn get<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').find_map(|pair| {
        let (its, value) = pair.trim().split_once('=')?;
        (its == name).then_some(value)
    })
}

/// A `Set-Cookie` line; `seconds` of life, 0 removes, `None` ends with the browser.
#[must_use]
pub fn set(web: &Web, name: &str, value: &str, seconds: Option<i64>) -> HeaderValue {
    let life = seconds.map_or_else(String::new, |s| format!("; Max-Age={s}"));
    let secure = if web.config.secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{life}{secure}");
    HeaderValue::from_str(&line).unwrap_or_else(|_| HeaderValue::from_static("jb_none=; Max-Age=0"))
}

/// A choice of the reader, kept for a year.
#[must_use]
pub(crate) fn keep(web: &Web, name: &str, value: &str) -> HeaderValue {
    set(web, name, value, Some(YEAR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        assert_eq!(get("a=1; jb_lang=en; jb_lang2=zh", "jb_lang"), Some("en"));
        assert_eq!(get("xjb_lang=en", "jb_lang"), None);
    }
}
