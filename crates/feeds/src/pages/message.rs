//! `/feeds/messages/{id}`: one message, its findings, what belongs to it; correcting and replaying.

use access::Purpose;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use uuid::Uuid;
use web::form::Fields;
use web::{Ctx, PageError, PageResult, Toast};

use super::Rooms;
use super::messages::{kind, status_words};
use super::reading::{Reading, reading};
use super::words::source_name;
use crate::messages::{Entry, SENT_AGAIN, Status};
use crate::{Error, permissions};

/// Longer texts are not laid out on a page.
const LONGEST: i64 = 4 * 1024 * 1024;

#[derive(Template)]
#[template(path = "feeds/message.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    message: &'a Entry,
    title: String,
    state: &'static str,
    icon: &'static str,
    status: String,
    reason: Option<String>,
    facts: Vec<(String, String)>,
    reading: Option<Reading>,
    /// What to say where there is no reading.
    unread: &'static str,
    /// The text to be corrected, where it is in clear on the page and may be.
    text: Option<String>,
    purposes: Vec<(String, String)>,
    refused: Vec<(Option<String>, String)>,
    related: Vec<Related>,
    led_to: Vec<LedTo>,
    may_replay: bool,
    is_aside: bool,
    quarantined: bool,
}

impl Show<'_> {
    /// Whether the text is hidden and this person may have it shown.
    fn may_open(&self) -> bool {
        !self.purposes.is_empty() && self.reading.as_ref().is_some_and(|reading| reading.hidden)
    }
}

struct Related {
    href: String,
    title: String,
    why: String,
    state: &'static str,
    icon: &'static str,
    status: String,
    when: String,
}

/// A fact that hangs on the message.
struct LedTo {
    href: String,
    text: String,
}

/// `GET /feeds/messages/{id}`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    show(&ctx, &rooms, read_id(&id)?, None).await
}

/// `POST /feeds/messages/{id}/reveal`: the same page with the text in clear, for a purpose.
pub(super) async fn reveal(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id = read_id(&id)?;
    let wrong = |_| PageError::new(kernel::Kind::Invalid, "feeds-purpose");
    let purpose: Purpose = fields.get("purpose").parse().map_err(wrong)?;
    let text = rooms.feeds.reveal_message(&ctx.actor, id, purpose).await?;
    show(&ctx, &rooms, id, Some(text)).await
}

/// `POST /feeds/messages/{id}/correct`
pub(super) async fn correct(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id = read_id(&id)?;
    let made = rooms.feeds.correct(&ctx.actor, id, fields.get("text")).await?;
    let toast = Toast::good(ctx.t("feeds-corrected"));
    Ok(ctx.see(&format!("/feeds/messages/{}", made.id)).toast(toast).into_response())
}

/// `POST /feeds/messages/{id}/replay`
pub(super) async fn replay(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let id = read_id(&id)?;
    let toast = match rooms.feeds.replay(&ctx.actor, id).await? {
        true => Toast::good(ctx.t("feeds-replayed")),
        false => Toast::info(ctx.t("feeds-replay-nothing")),
    };
    Ok(ctx.see(&format!("/feeds/messages/{id}")).toast(toast).into_response())
}

/// `POST /feeds/messages/{id}/drop`
pub(super) async fn put_aside(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let id = read_id(&id)?;
    rooms.feeds.put_aside(&ctx.actor, id).await?;
    // Replaying takes it back.
    let undo = format!("/feeds/messages/{id}/replay");
    let toast = Toast::good(ctx.t("feeds-dropped")).undo(undo);
    Ok(ctx.see(&format!("/feeds/messages/{id}")).toast(toast).into_response())
}

fn read_id(text: &str) -> Result<Uuid, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

async fn show(ctx: &Ctx, rooms: &Rooms, id: Uuid, clear: Option<Vec<u8>>) -> PageResult {
    let feeds = &rooms.feeds;
    let message = feeds.message(&ctx.actor, id).await?;
    let related = feeds.related(&ctx.actor, &message).await?;
    let is_clear = clear.is_some();
    let (bytes, unread) = match clear {
        Some(bytes) if message.bytes <= LONGEST => (Some(bytes), ""),
        _ if message.bytes > LONGEST => (None, "feeds-text-long"),
        _ => match feeds.text_of(id).await {
            Err(Error::TextGone) => (None, "feeds-text-gone"),
            read => (Some(read?), ""),
        },
    };
    let text = bytes.as_deref().map(formats::text::decode);
    let reading = text.as_ref().map(|text| reading(ctx, text, is_clear));
    let (state, icon, status) = status_words(ctx, message.status, message.partial);
    let told = |code: &str| if ctx.has(code) { ctx.t(code) } else { code.to_owned() };
    let is_aside = matches!(message.status, Status::Quarantined | Status::Ignored)
        && message.replaced_by.is_none()
        && unread != "feeds-text-gone";
    let may_replay = ctx.actor.may(permissions::REPLAY).is_ok();
    let in_clear = reading.as_ref().is_some_and(|reading| !reading.hidden);
    let text = text.filter(|_| in_clear && is_aside && may_replay);
    let purposes = Purpose::allowed(&ctx.actor).into_iter();
    let page = Show {
        ctx,
        title: title(ctx, &message),
        state,
        icon,
        status,
        reason: message.reason.as_deref().map(told),
        facts: facts(ctx, &message),
        text: text.map(|text| text.as_str().to_owned()),
        reading,
        unread,
        purposes: purposes
            .map(|purpose| (purpose.as_str().to_owned(), ctx.t(&purpose.text_key())))
            .collect(),
        refused: message
            .refused
            .iter()
            .map(|one| (place(ctx, &message, one.line), told(&one.code)))
            .collect(),
        related: related.iter().map(|other| relation(ctx, &message, other)).collect(),
        led_to: led_to(ctx, rooms, &message).await?,
        may_replay,
        is_aside,
        quarantined: message.status == Status::Quarantined,
        message: &message,
    };
    Ok(ctx.page(&page))
}

/// Which line of a file, or which of the flights, movements or changes of a message, by its number;
/// nothing where it is the message as a whole.
fn place(ctx: &Ctx, message: &Entry, number: u32) -> Option<String> {
    let key = if message.kind == "SSIM" { "feeds-line-n" } else { "feeds-place-n" };
    (number > 0).then(|| ctx.t1(key, "n", number))
}

/// Facts shown of each kind.
const MOST_FACTS: i64 = 20;

/// What hangs on the message, for those who may see flights and their passengers.
async fn led_to(ctx: &Ctx, rooms: &Rooms, message: &Entry) -> Result<Vec<LedTo>, PageError> {
    if ctx.actor.may(flights::permissions::READ).is_err() {
        return Ok(Vec::new());
    }
    let facts = rooms.feeds.facts_of(message.id, MOST_FACTS).await?;
    let told = facts
        .into_iter()
        .map(|fact| LedTo { text: ctx.tv(&fact.text_key(), &fact.args), href: fact.link });
    Ok(told.collect())
}

fn title(ctx: &Ctx, message: &Entry) -> String {
    let mut title = kind(ctx, &message.kind);
    for more in [&message.flight, &message.board] {
        if !more.is_empty() {
            title.push(' ');
            title.push_str(more);
        }
    }
    if let Some(part) = message.part {
        title.push(' ');
        title.push_str(&ctx.t1("feeds-part", "n", part));
    }
    title
}

fn facts(ctx: &Ctx, message: &Entry) -> Vec<(String, String)> {
    let mut facts = vec![
        ("feeds-col-source", source_name(ctx, &message.source)),
        ("feeds-col-received", ctx.at(message.received_at)),
        ("feeds-col-said", ctx.at(message.said_at)),
        ("feeds-col-size", ctx.bytes(u64::try_from(message.bytes).unwrap_or(0))),
        ("feeds-col-people", ctx.num(message.people)),
        ("feeds-col-read", ctx.num(message.read)),
        ("feeds-col-changed", ctx.num(message.changed)),
    ];
    if let Some(day) = message.flight_date {
        facts.push(("feeds-col-day", ctx.date(day)));
    }
    if !message.name.is_empty() {
        facts.push(("feeds-col-file", message.name.clone()));
    }
    if message.repeats > 0 {
        facts.push(("feeds-col-repeats", ctx.num(message.repeats)));
    }
    if message.cards > 0 {
        facts.push(("feeds-col-cards", ctx.num(message.cards)));
    }
    facts.push(("feeds-col-hash", message.sha256.chars().take(16).collect()));
    facts.into_iter().map(|(key, value)| (ctx.t(key), value)).collect()
}

fn relation(ctx: &Ctx, message: &Entry, other: &Entry) -> Related {
    let by_whole = message.reason.as_deref() == Some(SENT_AGAIN);
    let why = if message.original == Some(other.id) {
        "feeds-related-original"
    } else if by_whole && message.replaced_by == Some(other.id) {
        "feeds-related-whole"
    } else if other.original == Some(message.id) || message.replaced_by == Some(other.id) {
        "feeds-related-correction"
    } else {
        "feeds-related-part"
    };
    let (state, icon, status) = status_words(ctx, other.status, other.partial);
    Related {
        href: format!("/feeds/messages/{}", other.id),
        title: title(ctx, other),
        why: ctx.t(why),
        state,
        icon,
        status,
        when: ctx.ago_text(other.received_at),
    }
}
