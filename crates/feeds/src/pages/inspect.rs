//! `/feeds/inspect`: a pasted text, read and shown. Nothing is stored.

use askama::Template;
use web::form::Fields;
use web::{Ctx, PageResult};

use super::reading::{Reading, reading};
use crate::permissions;

/// Letters taken from the form.
const LONGEST: usize = 1024 * 1024;
/// Messages shown of a text that holds several.
const MOST: usize = 20;

#[derive(Template)]
#[template(path = "feeds/inspect.html")]
struct Inspect<'a> {
    ctx: &'a Ctx,
    text: String,
    readings: Vec<Reading>,
    /// Something was sent, but it was blank.
    blank: bool,
    cut: bool,
}

/// `GET /feeds/inspect`
pub(super) async fn page(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let (text, readings) = (String::new(), Vec::new());
    Ok(ctx.page(&Inspect { ctx: &ctx, text, readings, blank: false, cut: false }))
}

/// `POST /feeds/inspect`
pub(super) async fn show(ctx: Ctx, fields: Fields) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let mut text = fields.get("text").to_owned();
    let mut cut = text.len() > LONGEST;
    if cut {
        let mut end = LONGEST;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    let pieces = formats::envelope::split(&text);
    cut |= pieces.len() > MOST;
    let readings = pieces.into_iter().take(MOST).map(|piece| {
        let piece = text.get(piece).unwrap_or_default();
        reading(&ctx, &formats::text::decode(piece.as_bytes()), true)
    });
    let readings: Vec<Reading> = readings.collect();
    let blank = readings.is_empty();
    Ok(ctx.page(&Inspect { ctx: &ctx, readings, blank, cut, text: text.clone() }))
}
