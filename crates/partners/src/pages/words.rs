//! Claims in words, for staff and for the member.

use web::Look;

use crate::claims::{About, Claim, State, Verdict};

/// The verdict as a sentence. `to` is `verdict` for staff and `told` for the member.
#[must_use]
pub fn verdict(look: &Look, to: &str, claim: &Claim) -> String {
    said(look, to, (claim.state, claim.verdict), &claim.detail)
}

/// The same of a step in the history.
#[must_use]
pub fn said(
    look: &Look,
    to: &str,
    (state, verdict): (State, Verdict),
    detail: &serde_json::Value,
) -> String {
    let text = |name: &str| detail[name].as_str().unwrap_or_default().to_owned();
    let miles = detail["miles"].as_i64().map(|n| look.num(n)).unwrap_or_default();
    let day = text("day").parse::<chrono::NaiveDate>().map(|day| look.date(day));
    let reason = match (verdict, text("reason").as_str()) {
        (_, "") => String::new(),
        (Verdict::Refused, code) => word(look, "claims-reason-", code),
        (Verdict::Lacking, code) => word(look, "claims-", code),
        (_, code) => word(look, "loyalty-refused-", code),
    };
    let outcome = match text("outcome").as_str() {
        "" => String::new(),
        code => word(look, "claims-outcome-", code),
    };
    let key = match (state, verdict) {
        (State::Credited, _) => format!("claims-{to}-credited"),
        (_, verdict) => format!("claims-{to}-{}", verdict.as_str()),
    };
    let args = [
        ("miles", miles),
        ("day", day.unwrap_or_default()),
        ("reason", reason),
        ("outcome", outcome),
        ("carrier", text("carrier")),
    ];
    look.tv(&key, &args)
}

/// The text of a code, or the code where there is none.
fn word(look: &Look, prefix: &str, code: &str) -> String {
    let key = format!("{prefix}{code}");
    if look.has(&key) { look.t(&key) } else { look.t("claims-reason-other") }
}

/// Tone and icon of a state.
#[must_use]
pub fn tone(state: State) -> (&'static str, &'static str) {
    match state {
        State::Waiting => ("info", "clock"),
        State::Review => ("warn", "user-round"),
        State::Accepted => ("good", "check"),
        State::Credited => ("good", "circle-check"),
        State::Explained => ("", "info"),
    }
}

/// `QJ1419 TFU–HGH`
#[must_use]
pub fn flight(about: &About) -> String {
    format!("{} {}–{}", about.designator(), about.origin, about.destination)
}
