//! The audit trail, and whether its chain is whole.

use std::collections::BTreeMap;

use access::audit::{self, Entry, Filter};
use access::permissions;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use kernel::Uuid;
use serde::Deserialize;
use serde_json::Value;
use web::form::Fields;
use web::{Ctx, PageResult, Toast};

use super::{Tab, tabs};
use crate::Rooms;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    action: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    after: Option<String>,
    before: Option<String>,
}

impl Asked {
    fn link(&self, side: &str, place: &str) -> String {
        let part = |name: &str, value: &str| format!("{name}={}", web::url::encode(value));
        let parts = [
            part("action", &self.action),
            part("from", &self.from),
            part("to", &self.to),
            part(side, place),
        ];
        format!("/admin/audit?{}", parts.join("&"))
    }
}

struct Line {
    entry: Entry,
    action: String,
    target: String,
    href: Option<String>,
    details: String,
}

#[derive(Template)]
#[template(path = "app/audit.html")]
struct Audit<'a> {
    ctx: &'a Ctx,
    tabs: Vec<Tab>,
    asked: &'a Asked,
    actions: Vec<(String, String)>,
    lines: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
}

pub(super) async fn list(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let filter = Filter {
        action: Some(asked.action.clone()).filter(|action| !action.is_empty()),
        from: day_start(&ctx, &asked.from, 0),
        to: day_start(&ctx, &asked.to, 1),
        after: asked.after.clone(),
        before: asked.before.clone(),
        limit: 50,
        ..Filter::default()
    };
    let page = rooms.access().audit_entries(&ctx.actor, &filter).await?;
    let mut actions = vec![(String::new(), ctx.t("admin-audit-any"))];
    for action in rooms.access().audit_actions(&ctx.actor).await? {
        let text = words(&ctx, &format!("audit-{}", action.replace('.', "-")), &action);
        actions.push((action, text));
    }
    let ids: Vec<Uuid> = page
        .items
        .iter()
        .filter_map(|entry| entry.details.as_object())
        .flat_map(|details| details.values())
        .filter_map(|value| value.as_str()?.parse().ok())
        .collect();
    let names = rooms.access().names(&ids).await?;
    Ok(ctx.page(&Audit {
        ctx: &ctx,
        tabs: tabs(&ctx),
        previous: page.prev.as_ref().map(|place| asked.link("before", place)),
        next: page.next.as_ref().map(|place| asked.link("after", place)),
        lines: page.items.into_iter().map(|entry| line(&ctx, entry, &names)).collect(),
        asked: &asked,
        actions,
    }))
}

/// Midnight of a day in the house's zone; `plus` days later.
fn day_start(ctx: &Ctx, text: &str, plus: u64) -> Option<DateTime<Utc>> {
    let day: NaiveDate = text.parse().ok()?;
    let midnight = day.checked_add_days(Days::new(plus))?.and_hms_opt(0, 0, 0)?;
    let local = ctx.zone.from_local_datetime(&midnight).earliest()?;
    Some(local.with_timezone(&Utc))
}

/// An action of a later or earlier version may have no text here: its name stands for it.
fn words(ctx: &Ctx, key: &str, otherwise: &str) -> String {
    if ctx.has(key) { ctx.t(key) } else { otherwise.to_owned() }
}

fn line(ctx: &Ctx, entry: Entry, names: &BTreeMap<Uuid, String>) -> Line {
    let details = entry.details.as_object().map(|details| {
        let told = details.iter().filter_map(|(name, value)| detail(ctx, name, value, names));
        told.collect::<Vec<_>>().join(" · ")
    });
    Line {
        action: words(ctx, &entry.action_key(), &entry.action),
        target: if entry.target_kind.is_empty() {
            String::new()
        } else {
            words(ctx, &entry.target_key(), &entry.target_kind)
        },
        href: place(&entry),
        details: details.unwrap_or_default(),
        entry,
    }
}

/// Where the target can be looked at.
fn place(entry: &Entry) -> Option<String> {
    let folder = match entry.target_kind.as_str() {
        "customer" => "/customers",
        "user" => "/admin/users",
        "import" => "/imports",
        "value-run" => "/value/runs",
        _ => return None,
    };
    let id: Uuid = entry.target_id.parse().ok()?;
    Some(format!("{folder}/{id}"))
}

/// One detail in words. Ids are shown only where they stand for a person.
fn detail(ctx: &Ctx, name: &str, value: &Value, names: &BTreeMap<Uuid, String>) -> Option<String> {
    let one = |text: &str| -> Option<String> {
        if let Ok(id) = text.parse::<Uuid>() {
            return names.get(&id).cloned();
        }
        let key = match name {
            "roles" => format!("role-{text}"),
            "purpose" => format!("purpose-{text}"),
            "fields" => format!("customers-field-{}", text.replace('_', "-")),
            "group" => format!("value-group-{text}"),
            "factor" => format!("audit-factor-{text}"),
            _ => return Some(text.to_owned()),
        };
        Some(words(ctx, &key, text))
    };
    let said = match value {
        Value::Bool(yes) => ctx.t(if *yes { "admin-on" } else { "admin-off" }),
        Value::Number(number) => number.as_i64().map(|n| ctx.num(n))?,
        Value::String(text) => one(text)?,
        Value::Array(many) => {
            let many: Vec<_> = many.iter().filter_map(Value::as_str).filter_map(one).collect();
            many.join(&ctx.t("list-comma"))
        }
        _ => return None,
    };
    let label = words(ctx, &format!("audit-detail-{}", name.replace('_', "-")), name);
    Some(ctx.t2("admin-audit-detail", "name", label, "value", said))
}

pub(super) async fn check(ctx: Ctx, State(rooms): State<Rooms>, _: Fields) -> PageResult {
    ctx.actor.may(permissions::AUDIT_READ)?;
    let verified = audit::verify(&rooms.web.db, None).await?;
    let toast = match verified.broken {
        None => Toast::good(ctx.t1("admin-audit-whole", "n", verified.rows)),
        Some(broken) => Toast::bad(ctx.t1("admin-audit-broken", "seq", broken.seq)),
    };
    Ok(ctx.see("/admin/audit").toast(toast).into_response())
}
