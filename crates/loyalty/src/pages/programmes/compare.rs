//! What a version changes against the one that holds on its first day, in words.

use askama::Template;
use axum::extract::{Path, State};
use programme::Programme;
use programme::document::Change;
use web::{Ctx, PageResult};

use super::show::Head;
use super::{version, words};
use crate::{Error, Rooms};

/// One difference as it is read.
pub struct ChangeLine {
    pub table: String,
    pub row: String,
    pub field: String,
    /// `None`: it was not there.
    pub before: Option<String>,
    /// `None`: it is gone.
    pub after: Option<String>,
}

/// Differences in words; each side by the names of its own document.
pub fn lines(ctx: &Ctx, [old, new]: [&Programme; 2], changes: &[Change]) -> Vec<ChangeLine> {
    let one = |change: &Change| {
        let name = match (&change.row, &change.field) {
            (_, Some(field)) => Some(field.as_str()),
            (None, None) => change.place.rsplit('.').next(),
            (Some(_), None) => None,
        };
        let side = |programme, toml: &Option<String>| {
            toml.as_deref().map(|toml| words::side(ctx, programme, name, toml))
        };
        let is_table = change.row.is_some();
        ChangeLine {
            table: if is_table {
                words::table(ctx, &change.place)
            } else {
                words::field(ctx, &change.place)
            },
            row: change.row.clone().unwrap_or_default(),
            field: change.field.as_deref().map_or_else(String::new, |it| words::field(ctx, it)),
            before: side(old, &change.before),
            after: side(new, &change.after),
        }
    };
    changes.iter().map(one).collect()
}

#[derive(Template)]
#[template(path = "loyalty/programmes/changes.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    head: Head,
    /// Number and link of the other.
    against: Option<(i64, String)>,
    lines: Vec<ChangeLine>,
}

pub async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id)): Path<(String, String)>,
) -> PageResult {
    let (version, text) = version(&ctx, &rooms, (&code, &id)).await?;
    let head = Head::new(&ctx, &rooms, &version, &text, "changes").await?;
    let found = rooms.loyalty.programme_changes(&ctx.actor, version.id).await?;
    let (mut against, mut shown) = (None, Vec::new());
    if let Some((before, changes)) = found {
        let (other, other_text) = rooms.loyalty.programme_version(&ctx.actor, before).await?;
        let read = |text: &str| Programme::from_toml(text).map_err(Error::from);
        shown = lines(&ctx, [&read(&other_text)?, &read(&text)?], &changes);
        against = Some((other.version, super::href(&other)));
    }
    Ok(ctx.page(&Page { ctx: &ctx, head, against, lines: shown }))
}
