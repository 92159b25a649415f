//! Single rows of a draft by ordinary forms: figures in the table, a whole row, copying one, taking
//! one out. The text stays the truth; what is not touched stays to the byte.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult};

use super::show::{self, Head};
use super::tables::{self, Spec};
use super::text::{save_as, saved};
use super::{draft, href, said, words};
use crate::programmes::rows::{self, Kind, NotChanged};
use crate::programmes::{Base, Draft, Version};
use crate::{Error, Rooms};

fn spec(place: &str) -> Result<&'static Spec, PageError> {
    tables::find(place).ok_or_else(PageError::not_found)
}

fn why(ctx: &Ctx, problem: &NotChanged) -> String {
    match problem {
        NotChanged::Text => ctx.t("programme-row-text"),
        NotChanged::Missing => ctx.t("programme-row-missing"),
        NotChanged::Field(path) => ctx.t1("programme-row-field", "field", words::field(ctx, path)),
        NotChanged::Taken => ctx.t("programme-row-taken"),
    }
}

/// Saves a changed text over the draft that was read.
async fn keep(
    ctx: &Ctx,
    rooms: &Rooms,
    version: &Version,
    fields: &Fields,
    changed: Result<String, NotChanged>,
) -> Result<Result<(), String>, PageError> {
    let text = match changed {
        Ok(text) => text,
        Err(problem) => return Ok(Err(why(ctx, &problem))),
    };
    let new = Draft { text, valid_from: version.valid_from, note: version.note.clone() };
    match save_as(ctx, rooms, version, &new, Base::Hash(fields.get("base"))).await {
        Ok(()) => Ok(Ok(())),
        Err(Error::Document(bad)) => Ok(Err(ctx.t1("programme-row-unread", "what", bad.what))),
        Err(error @ Error::Refused(_)) => Ok(Err(said(ctx, &error))),
        Err(error) => Err(error.into()),
    }
}

/// The version's page again, with what is wrong.
async fn refused(
    ctx: &Ctx,
    rooms: &Rooms,
    (version, text): (&Version, &str),
    sentence: String,
) -> PageResult {
    let mut errors = Errors::none();
    errors.add("", sentence);
    show::render(ctx, rooms, version, text, &errors).await
}

/// Figures changed in the table: fields are `row/name`.
pub async fn quick(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id, place)): Path<(String, String, String)>,
    fields: Fields,
) -> PageResult {
    let (version, text) = draft(&ctx, &rooms, (&code, &id)).await?;
    let spec = spec(&place)?;
    let mut by_row: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
    for (name, value) in &fields.0 {
        let Some((row, field)) = name.rsplit_once('/') else { continue };
        if spec.quick.contains(&field) {
            by_row.entry(row).or_default().push((field.to_owned(), value.clone()));
        }
    }
    let mut changed = Ok(text.clone());
    for (row, fields) in by_row {
        changed =
            changed.and_then(|text| rows::set(&text, &place, row, &fields, |path| spec.kind(path)));
    }
    match keep(&ctx, &rooms, &version, &fields, changed).await? {
        Ok(()) => saved(&ctx, &href(&version), &format!("#{}", place.replace('.', "-"))),
        Err(sentence) => refused(&ctx, &rooms, (&version, &text), sentence).await,
    }
}

pub async fn add(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id, place)): Path<(String, String, String)>,
    fields: Fields,
) -> PageResult {
    let (version, text) = draft(&ctx, &rooms, (&code, &id)).await?;
    let spec = spec(&place)?;
    let name = fields.get("name").trim();
    let like = fields.get("like");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > 40 || !name.chars().all(plain) {
        let sentence = ctx.t("programme-row-name-wrong");
        return refused(&ctx, &rooms, (&version, &text), sentence).await;
    }
    let changed = if like.is_empty() {
        let (day, blank) = (version.valid_from, spec.blank);
        let row = format!("id = \"{name}\"\nvalid_from = \"{day}\"\n{blank}source = \"\"\n");
        rows::add(&text, &place, &row)
    } else {
        rows::copy(&text, &place, like, name)
    };
    match keep(&ctx, &rooms, &version, &fields, changed).await? {
        Ok(()) => saved(&ctx, &href(&version), &format!("/rows/{place}/{name}")),
        Err(sentence) => refused(&ctx, &rooms, (&version, &text), sentence).await,
    }
}

pub async fn remove(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id, place, row)): Path<(String, String, String, String)>,
    fields: Fields,
) -> PageResult {
    let (version, text) = draft(&ctx, &rooms, (&code, &id)).await?;
    spec(&place)?;
    let changed = rows::remove(&text, &place, &row);
    match keep(&ctx, &rooms, &version, &fields, changed).await? {
        Ok(()) => saved(&ctx, &href(&version), &format!("#{}", place.replace('.', "-"))),
        Err(sentence) => refused(&ctx, &rooms, (&version, &text), sentence).await,
    }
}

struct Field {
    path: String,
    label: String,
    help: String,
    value: String,
    kind: Kind,
}

impl Field {
    fn is_flag(&self) -> bool {
        self.kind == Kind::Flag
    }

    fn is_ticked(&self) -> bool {
        self.value == "1"
    }
}

#[derive(Template)]
#[template(path = "loyalty/programmes/row.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    head: Head,
    version: &'a Version,
    place: String,
    table: String,
    row: String,
    fields: Vec<Field>,
}

/// Fields of the form: those of the row, then those it may have as well.
fn fields(ctx: &Ctx, spec: &Spec, leaves: Vec<rows::Leaf>, typed: &Fields) -> Vec<Field> {
    let help = |path: &str, kind: Kind| match kind {
        Kind::List => ctx.t("programme-help-list"),
        Kind::Text if path.starts_with("valid_") => ctx.t("programme-help-day"),
        _ => String::new(),
    };
    let missing = |name: &str| leaves.iter().all(|leaf| leaf.path != name);
    let more = [("valid_to", Kind::Text)].into_iter().filter(|_| spec.place != "tiers");
    let more = more.chain(spec.optional.iter().copied());
    let more: Vec<rows::Leaf> = more
        .filter(|(name, _)| missing(name))
        .map(|(name, kind)| rows::Leaf { path: name.to_owned(), kind, text: String::new() })
        .collect();
    let all = leaves.into_iter().chain(more).map(|leaf| {
        let sent = typed.has("base");
        let value = if sent { typed.get(&leaf.path).to_owned() } else { leaf.text };
        Field {
            label: words::field(ctx, &leaf.path),
            help: help(&leaf.path, leaf.kind),
            path: leaf.path,
            kind: leaf.kind,
            value,
        }
    });
    all.collect()
}

async fn render(
    ctx: &Ctx,
    rooms: &Rooms,
    (version, text): (&Version, &str),
    (place, row): (&str, &str),
    typed: &Fields,
    errors: &Errors,
) -> PageResult {
    let spec = spec(place)?;
    let leaves = rows::leaves(text, place, row).map_err(|_| PageError::not_found())?;
    let page = Page {
        head: Head::new(ctx, rooms, version, text, "rules").await?,
        place: place.to_owned(),
        table: words::table(ctx, place),
        row: row.to_owned(),
        fields: fields(ctx, spec, leaves, typed),
        version,
        errors,
        ctx,
    };
    let right = errors.is_empty();
    let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &page))
}

pub async fn form(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id, place, row)): Path<(String, String, String, String)>,
) -> PageResult {
    let (version, text) = draft(&ctx, &rooms, (&code, &id)).await?;
    let (none, right) = (Fields::default(), Errors::none());
    render(&ctx, &rooms, (&version, &text), (&place, &row), &none, &right).await
}

pub async fn save(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id, place, row)): Path<(String, String, String, String)>,
    typed: Fields,
) -> PageResult {
    let (version, text) = draft(&ctx, &rooms, (&code, &id)).await?;
    let spec = spec(&place)?;
    let leaves = rows::leaves(&text, &place, &row).map_err(|_| PageError::not_found())?;
    let none = Fields::default();
    let set = fields(&ctx, spec, leaves, &none).into_iter().filter_map(|field| {
        // A box that is not ticked is not sent.
        let sent = typed.has(&field.path) || field.is_flag();
        let was_empty = field.value.is_empty() && typed.get(&field.path).trim().is_empty();
        (sent && !was_empty).then(|| (field.path.clone(), typed.get(&field.path).to_owned()))
    });
    let set: Vec<(String, String)> = set.collect();
    let changed = rows::set(&text, &place, &row, &set, |path| spec.kind(path));
    let mut errors = Errors::none();
    if let Err(NotChanged::Field(path)) = &changed {
        errors.add(path, why(&ctx, &NotChanged::Field(path.clone())));
    } else {
        match keep(&ctx, &rooms, &version, &typed, changed).await? {
            Ok(()) => {
                return saved(&ctx, &href(&version), &format!("#{}", place.replace('.', "-")));
            }
            Err(sentence) => errors.add("", sentence),
        }
    }
    render(&ctx, &rooms, (&version, &text), (&place, &row), &typed, &errors).await
}
