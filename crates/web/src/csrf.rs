//! Requests that change something must come from a page of ours, twice over: the browser says so
//! (`Sec-Fetch-Site`, `Origin`) and the form carries the session's token, which is derived from the
//! session's secret and so needs no storage.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use kernel::Kind;
use subtle::ConstantTimeEq;

use crate::Web;
use crate::error::Failure;

/// Header that scripts send instead of the form field.
pub(crate) const HEADER: &str = "x-csrf-token";
/// Name of the form field.
pub(crate) const FIELD: &str = "csrf";

pub(crate) fn token(web: &Web, session: &str) -> String {
    web.sign("csrf", session)
}

/// Refuses a request another site caused.
pub(crate) fn same_site(headers: &HeaderMap) -> Result<(), Failure> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site")
        && site != "same-origin"
        && site != "none"
    {
        return Err(refused());
    }
    if let Some(origin) = text(ORIGIN.as_str()) {
        let host = text(HOST.as_str()).unwrap_or_default();
        let its_host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
        if !its_host.eq_ignore_ascii_case(host) {
            return Err(refused());
        }
    }
    Ok(())
}

/// Refuses a form without the session's token.
pub(crate) fn check(web: &Web, session: &str, given: Option<&str>) -> Result<(), Failure> {
    let ours = token(web, session);
    let same = given.is_some_and(|given| bool::from(ours.as_bytes().ct_eq(given.as_bytes())));
    if same && !ours.is_empty() { Ok(()) } else { Err(refused()) }
}

fn refused() -> Failure {
    Failure::new(Kind::Forbidden, "csrf")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn other_sites_are_refused() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs
                .iter()
                .map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap()))
                .collect::<HeaderMap>()
        };
        let fine = [
            headers(&[]),
            headers(&[("sec-fetch-site", "same-origin")]),
            headers(&[("origin", "http://crm.example:8080"), ("host", "crm.example:8080")]),
        ];
        let bad = [
            headers(&[("sec-fetch-site", "cross-site")]),
            headers(&[("sec-fetch-site", "same-site")]),
            headers(&[("origin", "https://evil.example"), ("host", "crm.example")]),
            headers(&[("origin", "null"), ("host", "crm.example")]),
        ];
        assert!(fine.iter().all(|h| same_site(h).is_ok()));
        assert!(bad.iter().all(|h| same_site(h).is_err()));
    }
}
