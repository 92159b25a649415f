//! `/imports/{id}/map`: columns to fields, with samples and reasons; values to words; what is wrong
//! with the first rows.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Explain;
use uuid::Uuid;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult};

use super::{Rooms, map_form, words};
use crate::cells::date::Order;
use crate::file::Facts;
use crate::imports::{Import, MappingRef, policy, policy_name};
use crate::mapping::Mapping;
use crate::mapping::fields::{Field, FileKind, Type};
use crate::mapping::suggest::{self, Certainty, Suggestion};
use crate::rows::{Issue, Level};
use crate::{Error, Result};

/// Rows whose findings are shown beside the columns.
const PREVIEW: u64 = 2_000;

type Options = Vec<(String, String)>;

struct Line {
    index: usize,
    name: String,
    samples: String,
    chosen: String,
    state: &'static str,
    mark: &'static str,
    icon: &'static str,
    label: String,
    why: String,
    orders: Option<(String, Options)>,
    may_blank: bool,
    blank: bool,
}

struct ValueMap {
    index: usize,
    column: String,
    words: Options,
    values: Vec<(usize, String, String, String)>,
}

struct Found {
    row: String,
    column: String,
    value: String,
    text: String,
}

#[derive(Template)]
#[template(path = "feeds/map.html")]
struct Map<'a> {
    ctx: &'a Ctx,
    import: &'a Import,
    steps: Vec<(String, &'static str, usize)>,
    title: String,
    file_line: String,
    counts: String,
    fields: Options,
    lines: Vec<Line>,
    maps: Vec<ValueMap>,
    found: Vec<Found>,
    found_count: String,
    kinds: Options,
    policies: Options,
    known: Options,
    mapping: &'a Mapping,
    /// Name of the mapping the page was drawn from, when it is not the import's own.
    base: String,
    remember: bool,
    observed_on: Option<String>,
    hints: Hints,
    same: Option<String>,
    rows: u64,
    errors: Errors,
    failure: Option<(String, String)>,
}

struct Hints {
    encodings: Options,
    encoding: String,
    delimiters: Options,
    delimiter: String,
    decimals: Options,
    decimal: String,
    headers: Options,
    header: String,
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>, Path(id): Path<Uuid>) -> PageResult {
    let import = rooms.feeds.import(&ctx.actor, id.into()).await?;
    if !import.can_map() {
        return Ok(ctx.see(&format!("/imports/{id}")).into_response());
    }
    let facts = rooms.feeds.facts(&ctx.actor, &import, true).await?;
    let asked = web::url::pairs(&ctx.query);
    let get = |name: &str| asked.iter().find(|(key, _)| key == name).map(|(_, v)| v.as_str());
    let kind = get("kind").and_then(FileKind::parse).unwrap_or(import.kind);
    let other = match get("use").filter(|name| !name.is_empty()) {
        Some(name) => Some(rooms.feeds.mapping(&MappingRef::Name(name.to_owned())).await?),
        None if import.mapping.is_none() => rooms.feeds.earlier_mapping(&facts.header).await?,
        None => None,
    };
    let fits = |mapping: &Mapping| get("kind").is_none() || mapping.kind == kind;
    let other = other.filter(|mapping| get("again").is_none() && fits(mapping));
    let base = other.as_ref().map(|mapping| mapping.name.clone()).unwrap_or_default();
    let own = import.mapping.clone().filter(|mapping| get("again").is_none() && fits(mapping));
    let earlier = other.or(own);
    let kind = earlier.as_ref().map_or(kind, |mapping| mapping.kind);
    let suggestions = suggest::suggest(&facts, kind, earlier.as_ref());
    let name = map_form::default_name(&import);
    let mapping = suggest::as_mapping(&suggestions, kind, &name, earlier.as_ref(), &facts.header);
    let drawn = Drawn { facts, suggestions, mapping, base };
    draw(&ctx, &rooms, &import, drawn, Errors::none()).await
}

struct Drawn {
    facts: Facts,
    suggestions: Vec<Suggestion>,
    mapping: Mapping,
    base: String,
}

/// The mapping a posted page was drawn from: another one than the import's own by its name.
async fn drawn_from(
    rooms: &Rooms,
    import: &Import,
    fields: &Fields,
    kind: FileKind,
) -> Result<Option<Mapping>> {
    let name = fields.get("base");
    let found = match name.is_empty() {
        true => import.mapping.clone(),
        false => match rooms.feeds.mapping(&MappingRef::Name(name.to_owned())).await {
            // Deleted since the page was drawn: the page itself says nearly everything.
            Err(Error::NoMapping(_)) => None,
            found => Some(found?),
        },
    };
    Ok(found.filter(|mapping| mapping.kind == kind))
}

pub async fn save(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    fields: Fields,
) -> PageResult {
    let import = rooms.feeds.import(&ctx.actor, id.into()).await?;
    let kind = FileKind::parse(fields.get("kind")).unwrap_or(import.kind);
    let mut facts = rooms.feeds.facts(&ctx.actor, &import, true).await?;
    let name = map_form::default_name(&import);
    let base = match drawn_from(&rooms, &import, &fields, kind).await? {
        Some(mapping) => mapping,
        None => {
            let before = suggest::suggest(&facts, kind, None);
            suggest::as_mapping(&before, kind, &name, None, &facts.header)
        }
    };
    let mapping = map_form::read(&fields, &import, &base, kind);
    let chosen = policy(fields.get("policy"));
    match decide(&ctx, &rooms, &import, &mapping, chosen, &fields).await {
        Ok(href) => Ok(ctx.see(&href).into_response()),
        Err(error) if matches!(error.kind(), kernel::Kind::Invalid | kernel::Kind::Conflict) => {
            facts.shape.decimal = mapping.file.decimal.unwrap_or(facts.shape.decimal);
            let suggestions = suggest::suggest(&facts, kind, Some(&mapping));
            let mut errors = Errors::none();
            errors.add("", told(&ctx, &error));
            let base = fields.get("base").to_owned();
            let drawn = Drawn { facts, suggestions, mapping, base };
            let mut answer = draw(&ctx, &rooms, &import, drawn, errors).await?;
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
        Err(error) => Err(error.into()),
    }
}

/// Keeps the mapping; the button decides what happens next.
async fn decide(
    ctx: &Ctx,
    rooms: &Rooms,
    import: &Import,
    mapping: &Mapping,
    chosen: crate::Policy,
    fields: &Fields,
) -> Result<String> {
    rooms.feeds.set_mapping(&ctx.actor, import.id, mapping, chosen).await?;
    if fields.has("remember") && crate::mapping::shipped(&mapping.name).is_none() {
        rooms.feeds.save_mapping(&ctx.actor, mapping, &import.columns).await?;
    }
    if fields.get("do") == "apply" {
        return Ok(format!("/imports/{}/map", import.id));
    }
    rooms.feeds.start_check(&ctx.actor, import.id).await?;
    Ok(format!("/imports/{}/check", import.id))
}

fn told(ctx: &Ctx, error: &Error) -> String {
    let args: Vec<(&str, String)> = error
        .args()
        .into_iter()
        .map(|(key, value)| match key {
            "field" if Field::parse(&value).is_some() => (key, field_name(ctx, &value)),
            _ => (key, value),
        })
        .collect();
    let key = format!("error-{}", error.code());
    format!("{} {}", ctx.tv(&key, &args), ctx.tv(&format!("{key}-hint"), &args))
}

fn field_name(ctx: &Ctx, key: &str) -> String {
    ctx.t(&format!("feeds-field-{}", key.replace('_', "-")))
}

async fn draw(
    ctx: &Ctx,
    rooms: &Rooms,
    import: &Import,
    drawn: Drawn,
    errors: Errors,
) -> Result<Response, web::PageError> {
    let Drawn { facts, suggestions, mapping, base } = drawn;
    let given = |suggestion: &Suggestion| {
        matches!(suggestion.reason.code.as_str(), "shipped" | "last-time")
            || suggestion.certainty == Certainty::Skipped
    };
    // A layout that comes with the program or was saved before need not be saved once more.
    let remember = !suggestions.iter().all(given);
    let preview = rooms.feeds.preview(import, &mapping, PREVIEW).await.unwrap_or_default();
    let issues = preview.issues;
    let lines: Vec<Line> = suggestions
        .iter()
        .enumerate()
        .map(|(index, suggestion)| line(ctx, index, suggestion, &facts, &mapping, &issues))
        .collect();
    let count = |state: &str| lines.iter().filter(|line| line.state == state).count();
    let counts = ctx.tv(
        "feeds-map-counts",
        &[
            ("mapped", ctx.num(lines.len() - count("skip"))),
            ("confirm", ctx.num(count("check"))),
            ("errors", ctx.num(count("bad"))),
            ("skipped", ctx.num(count("skip"))),
        ],
    );
    let same = rooms.feeds.same_file(import).await?.first().and_then(|earlier| {
        let at = earlier.finished_at?;
        Some(ctx.t1("feeds-same-file", "when", ctx.at(at)))
    });
    let known = known(ctx, rooms, mapping.kind).await?;
    let page = Map {
        ctx,
        import,
        steps: words::steps(ctx, 1),
        title: ctx.t(&format!("feeds-title-{}", mapping.kind.as_str())),
        file_line: words::file_line(ctx, import),
        counts,
        fields: field_options(ctx, mapping.kind),
        maps: value_maps(ctx, &suggestions, &facts, &mapping),
        found: issues
            .iter()
            .filter(|i| i.level != Level::Tidy)
            .take(6)
            .map(|i| found(ctx, i))
            .collect(),
        found_count: ctx.num(issues.iter().filter(|i| i.level != Level::Tidy).count()),
        kinds: FileKind::ALL
            .iter()
            .map(|k| (k.as_str().to_owned(), words::kind(ctx, *k)))
            .collect(),
        policies: ["create-or-update", "create", "update"]
            .iter()
            .map(|key| ((*key).to_owned(), ctx.t(&format!("feeds-policy-{key}"))))
            .collect(),
        known,
        observed_on: observed_on(&mapping),
        hints: hints(ctx, &mapping, &facts),
        mapping: &mapping,
        base,
        remember,
        same,
        rows: import.rows_total.unwrap_or(0),
        failure: import.failure.as_ref().map(|failure| words::failure(ctx, failure)),
        lines,
        errors,
    };
    Ok(ctx.page(&page))
}

/// A window's end that the file does not say is asked for.
fn observed_on(mapping: &Mapping) -> Option<String> {
    let summed = mapping.columns.iter().any(|column| column.field == Field::Flights.key());
    let told = mapping.columns.iter().any(|column| column.field == Field::ObservedOn.key());
    (mapping.kind == FileKind::Members && summed && !told)
        .then(|| mapping.constants.get(Field::ObservedOn.key()).cloned().unwrap_or_default())
}

async fn known(ctx: &Ctx, rooms: &Rooms, kind: FileKind) -> Result<Options> {
    let all = rooms.feeds.mappings(&ctx.actor).await?;
    let title = |mapping: &Mapping| {
        mapping.title.get(ctx.lang.as_str()).cloned().unwrap_or_else(|| mapping.name.clone())
    };
    let none = (String::new(), ctx.t("feeds-mapping-none"));
    let fitting = all.iter().filter(|listed| listed.mapping.kind == kind);
    Ok(std::iter::once(none)
        .chain(fitting.map(|listed| (listed.mapping.name.clone(), title(&listed.mapping))))
        .collect())
}

fn field_options(ctx: &Ctx, kind: FileKind) -> Options {
    let mut options = vec![(String::new(), ctx.t("feeds-field-none"))];
    options.extend(
        Field::of(kind).map(|field| (field.key().to_owned(), field_name(ctx, field.key()))),
    );
    if kind == FileKind::Members {
        options.push(("extra".to_owned(), ctx.t("feeds-field-extra")));
    }
    options
}

fn line(
    ctx: &Ctx,
    index: usize,
    suggestion: &Suggestion,
    facts: &Facts,
    mapping: &Mapping,
    issues: &[Issue],
) -> Line {
    let column = mapping.columns.iter().find(|column| column.name == suggestion.column);
    let profile = facts.profiles.get(index);
    let found = |level: Level| {
        issues.iter().filter(|i| i.column == suggestion.column && i.level == level).count() as u64
    };
    // Only what would cost the row its import can be left blank instead; the rest is anyway.
    let (refused, left_blank) = (found(Level::Reject), found(Level::Blank));
    let bad = refused + left_blank;
    let blank = column.is_some_and(|column| column.reject == Some(false));
    let certainty = match (suggestion.certainty, bad) {
        (Certainty::Sure, 1..) => Certainty::Errors,
        (certainty, _) => certainty,
    };
    let (state, mark, icon) = match certainty {
        Certainty::Sure => ("sure", "good", "check"),
        Certainty::Confirm => ("check", "warn", "circle-question-mark"),
        Certainty::Errors => ("bad", "bad", "circle-alert"),
        Certainty::Skipped => ("skip", "", "minus"),
    };
    let args: Vec<(&str, String)> =
        suggestion.reason.args.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    let why = if refused > 0 {
        ctx.t1("feeds-why-bad-rows", "n", bad)
    } else if left_blank > 0 {
        ctx.t1("feeds-why-blank-rows", "n", left_blank)
    } else {
        ctx.tv(&format!("feeds-why-{}", suggestion.reason.code), &args)
    };
    let field = column.map(|column| column.field.as_str()).unwrap_or_default();
    let is_date = Field::parse(field).is_some_and(|field| field.kind() == Type::Date);
    let order = column.and_then(|column| column.format.clone()).unwrap_or_else(|| "YMD".to_owned());
    Line {
        index,
        name: suggestion.column.clone(),
        samples: profile.map(|profile| profile.samples.join(" · ")).unwrap_or_default(),
        chosen: if field.starts_with("extra.") { "extra".to_owned() } else { field.to_owned() },
        state,
        mark,
        icon,
        label: ctx.t(&format!("feeds-certainty-{}", certainty.as_str())),
        why,
        orders: is_date.then(|| (order, orders(ctx))),
        may_blank: refused > 0 || blank,
        blank,
    }
}

fn orders(ctx: &Ctx) -> Options {
    Order::ALL
        .iter()
        .map(|order| {
            let key = format!("feeds-order-{}", order.as_str().to_lowercase());
            (order.as_str().to_owned(), ctx.t(&key))
        })
        .collect()
}

fn value_maps(
    ctx: &Ctx,
    suggestions: &[Suggestion],
    facts: &Facts,
    mapping: &Mapping,
) -> Vec<ValueMap> {
    let mut maps = Vec::new();
    for (index, suggestion) in suggestions.iter().enumerate() {
        let Some(column) = mapping.columns.iter().find(|c| c.name == suggestion.column) else {
            continue;
        };
        let Some(Type::Word(words)) = Field::parse(&column.field).map(Field::kind) else {
            continue;
        };
        let Some(values) = facts.profiles.get(index).and_then(|profile| profile.values.as_ref())
        else {
            continue;
        };
        let mut options = vec![(String::new(), ctx.t("feeds-value-blank"))];
        options.extend(
            words.values().map(|word| (word.to_owned(), ctx.t(&format!("feeds-word-{word}")))),
        );
        let lines = values
            .iter()
            .filter(|(value, _)| !value.is_empty())
            .enumerate()
            .map(|(n, (value, count))| {
                let known = words.find(value).unwrap_or_default();
                let chosen = column.values.get(value).cloned().unwrap_or_else(|| known.to_owned());
                (n, value.clone(), ctx.num(*count), chosen)
            })
            .collect();
        maps.push(ValueMap {
            index,
            column: suggestion.column.clone(),
            words: options,
            values: lines,
        });
    }
    maps
}

fn found(ctx: &Ctx, issue: &Issue) -> Found {
    Found {
        row: ctx.t1("feeds-row", "n", ctx.num(issue.row)),
        column: issue.column.clone(),
        value: issue.value.clone(),
        text: words::sentence(ctx, &issue.code, &issue.args),
    }
}

fn hints(ctx: &Ctx, mapping: &Mapping, facts: &Facts) -> Hints {
    let own = |values: &[&str]| -> Options {
        values.iter().map(|value| ((*value).to_owned(), (*value).to_owned())).collect()
    };
    let mut encodings =
        own(&["UTF-8", "GB18030", "UTF-16LE", "UTF-16BE", "BIG5", "SHIFT_JIS", "WINDOWS-1252"]);
    if !encodings.iter().any(|(value, _)| *value == facts.shape.encoding) {
        encodings.push((facts.shape.encoding.clone(), facts.shape.encoding.clone()));
    }
    let delimiters = [",", ";", "tab", "|"]
        .iter()
        .map(|value| {
            let mark = if *value == "tab" { '\t' } else { value.chars().next().unwrap_or(',') };
            ((*value).to_owned(), words::delimiter(ctx, mark))
        })
        .collect();
    let delimiter = mapping.file.delimiter.unwrap_or(facts.shape.delimiter);
    let header = mapping.file.header.unwrap_or(facts.shape.header);
    let yes_no = |key: &str, word: &str| (key.to_owned(), ctx.t(word));
    Hints {
        encodings,
        encoding: mapping.file.encoding.clone().unwrap_or_else(|| facts.shape.encoding.clone()),
        delimiters,
        delimiter: if delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() },
        decimals: vec![yes_no(".", "feeds-decimal-point"), yes_no(",", "feeds-decimal-comma")],
        decimal: mapping.file.decimal.unwrap_or(facts.shape.decimal).to_string(),
        headers: vec![yes_no("yes", "feeds-header-yes"), yes_no("no", "feeds-header-no")],
        header: if header { "yes" } else { "no" }.to_owned(),
    }
}

impl Map<'_> {
    fn policy(&self) -> &'static str {
        policy_name(self.import.policy)
    }

    fn kind(&self) -> &'static str {
        self.mapping.kind.as_str()
    }
}
