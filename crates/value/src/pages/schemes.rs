//! Schemes: which there are, changing weights with a look at who would move first, adding one.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use customers::CustomerId;
use kernel::{Explain, Outcome};
use uuid::Uuid;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult, Toast};

use super::Rooms;
use super::view::{kind_of, name_of};
use crate::error::Error;
use crate::permissions;
use crate::run::Report;
use crate::scheme::preview::{BANDS, Preview};
use crate::scheme::{Attribute, Scheme, Subject, WeightOf};

#[derive(Template)]
#[template(path = "value/schemes.html")]
struct List<'a> {
    ctx: &'a Ctx,
    schemes: Vec<SchemeLine>,
    may_edit: bool,
}

struct SchemeLine {
    href: String,
    name: String,
    subject: String,
    standard: bool,
    version: i64,
    weights: String,
    changed: String,
}

fn name_in(ctx: &Ctx, scheme: &Scheme) -> String {
    if ctx.zh() { scheme.name_zh.clone() } else { scheme.name_en.clone() }
}

fn weights_in_words(ctx: &Ctx, weights: &[WeightOf]) -> String {
    let one = |weight: &WeightOf| {
        let words = ctx.t(&format!("value-attribute-{}", weight.attribute.code()));
        format!("{words} {}", ctx.pct(f64::from(weight.basis_points) / 10_000.0))
    };
    weights.iter().map(one).collect::<Vec<_>>().join(&ctx.t("value-and"))
}

pub async fn list(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let schemes = rooms.value.schemes(&ctx.actor).await?;
    let line = |scheme: &Scheme| SchemeLine {
        href: format!("/value/schemes/{}", scheme.id),
        name: name_in(&ctx, scheme),
        subject: ctx.t(&format!("value-subject-{}", scheme.subject.as_str())),
        standard: scheme.standard,
        version: scheme.current.version,
        weights: weights_in_words(&ctx, &scheme.current.weights),
        changed: ctx.at(scheme.current.created_at),
    };
    let page = List {
        schemes: schemes.iter().map(line).collect(),
        may_edit: ctx.may(permissions::SCHEMES.as_str()),
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

/// One attribute in the form: its word, its text, the weight as typed (per cent).
struct WeightField {
    code: &'static str,
    label: String,
    value: String,
}

#[derive(Template)]
#[template(path = "value/scheme.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    name: String,
    scheme: &'a Scheme,
    versions: Vec<(i64, String, String, String)>,
    fields: Vec<WeightField>,
    note: String,
    preview: Option<PreviewView>,
    company: bool,
    may_edit: bool,
}

struct PreviewView {
    answer: String,
    rows: Vec<(String, Vec<(String, bool)>)>,
    groups: Vec<(&'static str, String, String, String, String)>,
    beside: Vec<(&'static str, String, Vec<String>)>,
    movers: Vec<(String, String, String, String)>,
}

fn band_name(ctx: &Ctx, band: usize) -> String {
    ctx.t(&format!("value-band-{}", BANDS.get(band).map_or("e", |(code, _)| *code)))
}

/// The weights as typed, in hundredths of a per cent; a field that is no number is named.
fn typed(
    ctx: &Ctx,
    subject: Subject,
    of: impl Fn(&str) -> Option<String>,
    errors: &mut Errors,
) -> Vec<WeightOf> {
    let mut weights = Vec::new();
    for attribute in Attribute::of_subject(subject) {
        let text = of(attribute.code()).unwrap_or_default();
        let text = text.trim().trim_end_matches('%').trim();
        if text.is_empty() {
            continue;
        }
        match text.parse::<f64>() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => {
                let basis_points = (percent * 100.0).round() as u32;
                weights.push(WeightOf { attribute: *attribute, basis_points });
            }
            _ => errors.add(attribute.code(), ctx.t("value-weight-wrong")),
        }
    }
    weights
}

fn fields(ctx: &Ctx, subject: Subject, weights: &[WeightOf]) -> Vec<WeightField> {
    let one = |attribute: &Attribute| {
        let found = weights.iter().find(|weight| weight.attribute == *attribute);
        let value = found.map_or_else(String::new, |weight| {
            let percent = format!("{:.2}", f64::from(weight.basis_points) / 100.0);
            percent.trim_end_matches('0').trim_end_matches('.').to_owned()
        });
        let label = ctx.t(&format!("value-attribute-{}", attribute.code()));
        WeightField { code: attribute.code(), label, value }
    };
    Attribute::of_subject(subject).iter().map(one).collect()
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>, Path(id): Path<Uuid>) -> PageResult {
    let versions = rooms.value.scheme(&ctx.actor, id).await?;
    let mut errors = Errors::none();
    let query = Fields(web::url::pairs(&ctx.query));
    let asked = query.has("preview");
    let subject = versions[0].subject;
    let of = |code: &str| Some(query.get(code).to_owned());
    let weights = if asked {
        typed(&ctx, subject, of, &mut errors)
    } else {
        versions[0].current.weights.clone()
    };
    let preview = if asked && errors.is_empty() && subject == Subject::Customer {
        look(&ctx, &rooms, id, &weights, &mut errors).await?
    } else {
        None
    };
    show(&ctx, &versions, &weights, query.get("note"), preview, &errors)
}

fn show(
    ctx: &Ctx,
    versions: &[Scheme],
    weights: &[WeightOf],
    note: &str,
    preview: Option<PreviewView>,
    errors: &Errors,
) -> PageResult {
    let scheme = &versions[0];
    let older = versions.iter().map(|version| {
        let version = &version.current;
        let words = weights_in_words(ctx, &version.weights);
        (version.version, ctx.at(version.created_at), words, version.note.clone())
    });
    let page = Show {
        name: name_in(ctx, scheme),
        versions: older.collect(),
        fields: fields(ctx, scheme.subject, weights),
        note: note.to_owned(),
        preview,
        company: scheme.subject == Subject::Company,
        may_edit: ctx.may(permissions::SCHEMES.as_str()),
        errors,
        scheme,
        ctx,
    };
    let right = errors.is_empty();
    let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &page))
}

async fn look(
    ctx: &Ctx,
    rooms: &Rooms,
    id: Uuid,
    weights: &[WeightOf],
    errors: &mut Errors,
) -> Result<Option<PreviewView>, web::PageError> {
    let preview = match rooms.value.preview(&ctx.actor, id, weights).await {
        Ok(preview) => preview,
        Err(error @ (Error::Weights { .. } | Error::Attribute(_) | Error::NothingPublished)) => {
            add_error(ctx, &error, errors);
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let Some(run) = rooms.value.published(&ctx.actor).await? else { return Ok(None) };
    Ok(Some(view(ctx, rooms, &preview, run.report()?).await?))
}

fn add_error(ctx: &Ctx, error: &Error, errors: &mut Errors) {
    let args: Vec<(&str, String)> = error.args();
    errors.add("", ctx.tv(&format!("error-{}", error.code()), &args));
}

async fn view(
    ctx: &Ctx,
    rooms: &Rooms,
    preview: &Preview,
    report: &Report,
) -> Result<PreviewView, web::PageError> {
    let ids: Vec<CustomerId> =
        preview.movers.iter().map(|mover| CustomerId::from(mover.customer)).collect();
    let names = rooms.value.names(&ctx.actor, &ids).await?;
    let movers = preview.movers.iter().zip(&ids).map(|(mover, id)| {
        let name = names.get(id).map(|name| ctx.name(name)).unwrap_or_default();
        let bands =
            format!("{} → {}", band_name(ctx, mover.bands.0), band_name(ctx, mover.bands.1));
        let scores = format!("{} → {}", ctx.dec(mover.scores.0, 1), ctx.dec(mover.scores.1, 1));
        (format!("/customers/{}", mover.customer), name, bands, scores)
    });
    let row = |(from, counts): (usize, &[u64; BANDS.len()])| {
        let cells = counts.iter().enumerate().map(|(to, n)| (ctx.num(*n), to == from));
        (band_name(ctx, from), cells.collect())
    };
    let named = |at: usize| {
        let name = report.names.get(at).map_or("general", String::as_str);
        (kind_of(name), name_of(ctx, name))
    };
    let order = crate::run::compare::in_page_order(report);
    let groups = order.iter().filter_map(|&at| {
        let (members, up, down) = preview.by_group.get(at)?;
        let (kind, name) = named(at);
        Some((kind, name, ctx.num(*members), ctx.num(*up), ctx.num(*down)))
    });
    let beside = order.iter().filter_map(|&at| {
        let counts = preview.beside.get(at)?;
        let (kind, name) = named(at);
        Some((kind, name, counts.iter().map(|n| ctx.num(*n)).collect()))
    });
    Ok(PreviewView {
        answer: ctx.t3(
            "value-preview-answer",
            "members",
            ctx.num(preview.members),
            "up",
            ctx.num(preview.up),
            "down",
            ctx.num(preview.down),
        ),
        rows: preview.moves.iter().enumerate().map(row).collect(),
        groups: groups.collect(),
        beside: beside.collect(),
        movers: movers.collect(),
    })
}

pub async fn save(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    form: Fields,
) -> PageResult {
    let versions = rooms.value.scheme(&ctx.actor, id).await?;
    let subject = versions[0].subject;
    let mut errors = Errors::none();
    let weights = typed(&ctx, subject, |code| Some(form.get(code).to_owned()), &mut errors);
    let base = form.get("base").parse().unwrap_or(0);
    if form.has("preview") {
        let preview = if errors.is_empty() && subject == Subject::Customer {
            look(&ctx, &rooms, id, &weights, &mut errors).await?
        } else {
            None
        };
        return show(&ctx, &versions, &weights, form.get("note"), preview, &errors);
    }
    if errors.is_empty() {
        let note = form.get("note");
        match rooms.value.change_scheme(&ctx.actor, id, base, &weights, note).await {
            Ok(Outcome::Done(version)) => {
                let toast = Toast::good(ctx.t1("value-scheme-saved", "version", version));
                return Ok(ctx.see(&format!("/value/schemes/{id}")).toast(toast).into_response());
            }
            Ok(Outcome::AlreadyDone(_)) => {
                let toast = Toast::good(ctx.t("value-scheme-same"));
                return Ok(ctx.see(&format!("/value/schemes/{id}")).toast(toast).into_response());
            }
            Err(
                error @ (Error::Weights { .. } | Error::Attribute(_) | Error::SchemeChanged { .. }),
            ) => add_error(&ctx, &error, &mut errors),
            Err(error) => return Err(error.into()),
        }
    }
    show(&ctx, &versions, &weights, form.get("note"), None, &errors)
}

#[derive(Template)]
#[template(path = "value/scheme_new.html")]
struct Fresh<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    name_en: String,
    name_zh: String,
    subject: String,
    subjects: Vec<(String, String)>,
    fields: Vec<WeightField>,
}

fn fresh_page(
    ctx: &Ctx,
    form: &Fields,
    weights: &[WeightOf],
    errors: &Errors,
    status: StatusCode,
) -> PageResult {
    let subjects = [Subject::Customer, Subject::Company]
        .map(|s| (s.as_str().to_owned(), ctx.t(&format!("value-subject-{}", s.as_str()))));
    let mut both = fields(ctx, Subject::Customer, weights);
    both.extend(fields(ctx, Subject::Company, weights));
    let page = Fresh {
        errors,
        name_en: form.get("name_en").to_owned(),
        name_zh: form.get("name_zh").to_owned(),
        subject: form.get("subject").to_owned(),
        subjects: subjects.to_vec(),
        fields: both,
        ctx,
    };
    Ok(ctx.page_with(status, &page))
}

pub async fn fresh(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::SCHEMES)?;
    let usual = [
        WeightOf { attribute: Attribute::Frequency, basis_points: 3000 },
        WeightOf { attribute: Attribute::Mileage, basis_points: 3000 },
        WeightOf { attribute: Attribute::Coefficient, basis_points: 4000 },
    ];
    fresh_page(&ctx, &Fields(Vec::new()), &usual, &Errors::none(), StatusCode::OK)
}

pub async fn add(ctx: Ctx, State(rooms): State<Rooms>, form: Fields) -> PageResult {
    let subject =
        if form.get("subject") == "company" { Subject::Company } else { Subject::Customer };
    let mut errors = Errors::none();
    let weights = typed(&ctx, subject, |code| Some(form.get(code).to_owned()), &mut errors);
    let names = (form.get("name_en").trim(), form.get("name_zh").trim());
    for (field, name) in [("name_en", names.0), ("name_zh", names.1)] {
        if name.is_empty() {
            errors.add(field, ctx.t("value-scheme-name-missing"));
        }
    }
    if errors.is_empty() {
        match rooms.value.add_scheme(&ctx.actor, subject, names, &weights).await {
            Ok(id) => {
                let toast = Toast::good(ctx.t("value-scheme-added"));
                return Ok(ctx.see(&format!("/value/schemes/{id}")).toast(toast).into_response());
            }
            Err(error @ (Error::Weights { .. } | Error::Attribute(_))) => {
                add_error(&ctx, &error, &mut errors);
            }
            Err(error) => return Err(error.into()),
        }
    }
    fresh_page(&ctx, &form, &weights, &errors, StatusCode::UNPROCESSABLE_ENTITY)
}
