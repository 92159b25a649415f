//! Counters, dates and people in words.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::Explain;
use loyalty::ledger::NEVER;
use programme::document::BenefitRow;
use uuid::Uuid;
use web::{Ctx, PageError};

use crate::{Counter, Error, Use};

/// `1 of 4 used, 3 left`
pub(super) fn counter(ctx: &Ctx, counter: &Counter) -> String {
    let (allowed, used) = (counter.allowed, counter.used);
    let left = counter.left();
    match (allowed, counter.extra) {
        (0, _) => ctx.t1("benefits-counter-goodwill", "left", left),
        (_, 0) => ctx.t3("benefits-counter", "used", used, "allowed", allowed, "left", left),
        (_, extra) => ctx.tv(
            "benefits-counter-extra",
            &[
                ("used", used.to_string()),
                ("allowed", allowed.to_string()),
                ("left", left.to_string()),
                ("extra", extra.to_string()),
            ],
        ),
    }
}

/// How much is used, in whole per cent.
pub(super) fn percent(counter: &Counter) -> i64 {
    let all = i64::from(counter.allowed.max(1));
    (i64::from(counter.used) * 100 / all).clamp(0, 100)
}

pub(super) fn last_day(ctx: &Ctx, day: NaiveDate) -> String {
    if day >= NEVER { ctx.t("benefits-for-ever") } else { ctx.date(day) }
}

/// A benefit's name by the rules of today, else its row.
pub(super) fn name(ctx: &Ctx, catalogue: &[BenefitRow], id: &str) -> String {
    let row = catalogue.iter().rev().find(|row| row.id == *id);
    row.map_or_else(|| id.to_owned(), |row| row.name.get(ctx.lang).to_owned())
}

/// `JB831 PVG`, of a flight's key.
pub(super) fn flight(key: &str) -> String {
    let mut parts = key.split('/');
    let (no, from) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    format!("{no} {from}").trim().to_owned()
}

/// Names of staff who recorded something.
pub(super) async fn people(
    ctx: &Ctx,
    mut ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, String>, PageError> {
    ids.retain(|id| !id.is_nil());
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(ctx.web.access.names(&ids).await?)
}

/// Who recorded it.
pub(super) fn by(ctx: &Ctx, people: &BTreeMap<Uuid, String>, one: &Use) -> String {
    let name = people.get(&one.recorded_by).cloned().unwrap_or_default();
    match one.recorded_as.as_str() {
        "staff" => ctx.t1("benefits-by-staff", "name", name),
        "api-key" => ctx.t1("benefits-by-api-key", "name", name),
        "member" => ctx.t("benefits-by-member"),
        _ => ctx.t("benefits-by-system"),
    }
}

/// What happened and what to do.
pub(super) fn refusal(ctx: &Ctx, error: &Error) -> String {
    let (key, args) = (format!("error-{}", error.code()), error.args());
    let (what, hint) = (ctx.tv(&key, &args), ctx.tv(&format!("{key}-hint"), &args));
    if ctx.zh() { format!("{what}{hint}") } else { format!("{what} {hint}") }
}
