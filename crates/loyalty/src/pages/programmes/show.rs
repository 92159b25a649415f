//! A version to be read: its rules as tables in words, what does not fit in its place, who wrote,
//! proposed and decided, and for a draft the figures as fields.

use askama::Template;
use axum::extract::{Path, State as Of};
use axum::http::StatusCode;
use programme::Programme;
use toml::{Table, Value};
use web::form::Errors;
use web::{Ctx, PageError, PageResult};

use super::list::in_force;
use super::tables::{ALL, SECTIONS, Spec};
use super::{history, href, version, words};
use crate::programmes::{self, Located, Version, VersionId, VersionState};
use crate::{Rooms, permissions};

/// Where a version stands, as a tag.
pub struct State {
    pub text: String,
    pub tone: &'static str,
}

impl State {
    /// As of today.
    pub fn of(ctx: &Ctx, version: &Version, force: Option<VersionId>) -> Self {
        let (key, tone) = match version.state {
            VersionState::Draft => ("programme-state-draft", ""),
            VersionState::Proposed => ("programme-state-proposed", "warn"),
            VersionState::Refused => ("programme-state-refused", "bad"),
            VersionState::Approved if force == Some(version.id) => {
                ("programme-state-in-force", "good")
            }
            VersionState::Approved if version.valid_from > ctx.today() => {
                ("programme-state-coming", "info")
            }
            VersionState::Approved => ("programme-state-past", ""),
        };
        Self { text: ctx.t(key), tone }
    }
}

/// What every page of a version has at its top.
pub struct Head {
    pub id: String,
    pub href: String,
    pub code: String,
    pub number: i64,
    pub name: String,
    pub state: State,
    pub is_draft: bool,
    pub may_edit: bool,
    /// Which of the pages it is.
    pub tab: &'static str,
}

impl Head {
    pub async fn new(
        ctx: &Ctx,
        rooms: &Rooms,
        version: &Version,
        text: &str,
        tab: &'static str,
    ) -> Result<Self, PageError> {
        let all = rooms.loyalty.programme_versions(&ctx.actor, &version.programme).await?;
        let name = Programme::from_toml(text).map(|it| it.name.get(ctx.lang).to_owned());
        Ok(Self {
            id: version.id.to_string(),
            href: href(version),
            code: version.programme.clone(),
            number: version.version,
            name: name.unwrap_or_else(|_| version.programme.clone()),
            state: State::of(ctx, version, in_force(&all, ctx.today()).map(|it| it.id)),
            is_draft: version.state == VersionState::Draft,
            may_edit: ctx.may(permissions::PROGRAMME.as_str()),
            tab,
        })
    }
}

impl Head {
    /// Whether it is this one of the version's pages.
    pub fn is_at(&self, tab: &str) -> bool {
        self.tab == tab
    }

    /// The pages of a version: name, rest of the path, text.
    pub fn tabs(&self) -> [(&'static str, &'static str, &'static str); 4] {
        [
            ("rules", "", "programme-tab-rules"),
            ("text", "/text", "programme-tab-text"),
            ("changes", "/changes", "programme-tab-changes"),
            ("flight", "/flight", "programme-tab-flight"),
        ]
    }
}

pub struct Section {
    pub key: &'static str,
    pub title: String,
    pub tables: Vec<TableView>,
}

pub struct TableView {
    pub place: &'static str,
    pub anchor: String,
    pub title: String,
    pub headers: Vec<String>,
    pub rows: Vec<RowView>,
    pub findings: Vec<Said>,
    pub is_quick: bool,
    pub may_add: bool,
    pub has_blank: bool,
}

pub struct RowView {
    pub id: String,
    pub href: String,
    pub days: String,
    pub is_over: bool,
    pub source: String,
    pub cells: Vec<CellView>,
    pub findings: Vec<Said>,
}

pub struct CellView {
    pub text: String,
    pub label: String,
    pub is_number: bool,
    /// Name and value of the field, where it is changed in place.
    pub input: Option<(String, String)>,
}

/// A finding as a sentence.
#[derive(Clone)]
pub struct Said {
    pub is_error: bool,
    pub message: String,
    pub remedy: String,
    pub place: String,
    pub line: Option<usize>,
}

pub fn said(ctx: &Ctx, found: &Located) -> Said {
    Said {
        is_error: found.is_error(),
        message: found.finding.say(ctx.lang),
        remedy: found.finding.remedy(ctx.lang).to_owned(),
        place: words::table(ctx, found.finding.place),
        line: found.lines.first().copied(),
    }
}

/// Values that come in the text between blanks and quotes: what an input shows.
fn typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

struct Look<'a> {
    ctx: &'a Ctx,
    programme: &'a Programme,
    href: String,
    may_edit: bool,
    found: &'a [Located],
}

impl Look<'_> {
    fn section(&self, key: &'static str, document: &Table) -> Section {
        let own = ALL.iter().filter(|spec| spec.section == key);
        let tables = own.filter_map(|spec| self.table(spec, document)).collect();
        Section { key, title: self.ctx.t(&format!("programme-section-{key}")), tables }
    }

    fn table(&self, spec: &'static Spec, document: &Table) -> Option<TableView> {
        let mut at = Some(document);
        let (parents, last) = spec.place.rsplit_once('.').unwrap_or(("", spec.place));
        for name in parents.split('.').filter(|name| !name.is_empty()) {
            at = at.and_then(|table| table.get(name)).and_then(Value::as_table);
        }
        let rows = at.and_then(|table| table.get(last)).and_then(Value::as_array);
        let rows = rows.map_or(&[][..], Vec::as_slice);
        let may_add = self.may_edit && (!spec.blank.is_empty() || !rows.is_empty());
        if rows.is_empty() && !may_add {
            return None;
        }
        let here = self.found.iter().filter(|found| found.finding.place == spec.place);
        let whole = here.filter(|found| found.finding.rows.is_empty());
        Some(TableView {
            place: spec.place,
            anchor: spec.place.replace('.', "-"),
            title: words::table(self.ctx, spec.place),
            headers: spec.columns.iter().map(|name| words::field(self.ctx, name)).collect(),
            rows: rows.iter().filter_map(|row| self.row(spec, row.as_table()?)).collect(),
            findings: whole.map(|found| said(self.ctx, found)).collect(),
            is_quick: self.may_edit && !spec.quick.is_empty() && !rows.is_empty(),
            may_add,
            has_blank: !spec.blank.is_empty(),
        })
    }

    fn row(&self, spec: &Spec, row: &Table) -> Option<RowView> {
        let ctx = self.ctx;
        let id = row.get("id").or_else(|| row.get("code"))?.as_str()?.to_owned();
        let day = |name: &str| row.get(name).and_then(Value::as_str)?.parse().ok();
        let (from, to): (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>) =
            (day("valid_from"), day("valid_to"));
        let days = match (from, to) {
            (Some(from), Some(to)) => format!("{} – {}", ctx.date(from), ctx.date(to)),
            (Some(from), None) => ctx.t1("programme-since", "day", ctx.date(from)),
            _ => String::new(),
        };
        let cell = |name: &&'static str| {
            let value = row.get(*name);
            let quick = self.may_edit && spec.quick.contains(name);
            CellView {
                text: value.map_or_else(
                    || missing(ctx, name),
                    |it| words::value(ctx, self.programme, name, it),
                ),
                label: format!("{} · {id}", words::field(ctx, name)),
                is_number: value.is_some_and(is_number),
                input: quick
                    .then(|| (format!("{id}/{name}"), value.map(typed).unwrap_or_default())),
            }
        };
        let here = self.found.iter().filter(|found| {
            found.finding.place == spec.place
                && found.finding.rows.iter().any(|it| it.as_str() == id)
        });
        Some(RowView {
            href: format!("{}/rows/{}/{}", self.href, spec.place, web::url::encode(&id)),
            days,
            is_over: to.is_some_and(|to| to < ctx.today()),
            source: row.get("source").and_then(Value::as_str).unwrap_or_default().to_owned(),
            cells: spec.columns.iter().map(cell).collect(),
            findings: here.map(|found| said(ctx, found)).collect(),
            id,
        })
    }
}

/// What a field that is not there means.
fn missing(ctx: &Ctx, name: &str) -> String {
    match name {
        "carriers" | "markets" | "operating" | "marketing" | "cabin" | "tiers" | "season"
        | "tier" => ctx.t("programme-all"),
        "lifetime" => ctx.t("programme-no"),
        _ => "–".to_owned(),
    }
}

fn is_number(value: &Value) -> bool {
    match value {
        Value::Integer(_) => true,
        Value::String(text) => text.ends_with('%') || text.parse::<programme::Hundredths>().is_ok(),
        _ => false,
    }
}

#[derive(Template)]
#[template(path = "loyalty/programmes/version.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    head: Head,
    version: &'a Version,
    sections: Vec<Section>,
    steps: Vec<String>,
    errors: &'a Errors,
    findings: Vec<Said>,
    wrong: usize,
    own: bool,
    may_decide: bool,
    valid_from: String,
}

pub async fn page(
    ctx: Ctx,
    Of(rooms): Of<Rooms>,
    Path((code, id)): Path<(String, String)>,
) -> PageResult {
    let (version, text) = version(&ctx, &rooms, (&code, &id)).await?;
    render(&ctx, &rooms, &version, &text, &Errors::none()).await
}

/// The page, with what is wrong with what was sent.
pub async fn render(
    ctx: &Ctx,
    rooms: &Rooms,
    version: &Version,
    text: &str,
    errors: &Errors,
) -> PageResult {
    let (programme, found) = programmes::check(text)?;
    let document: Table = toml::from_str(text).unwrap_or_default();
    let head = Head::new(ctx, rooms, version, text, "rules").await?;
    let look = Look {
        ctx,
        programme: &programme,
        href: head.href.clone(),
        may_edit: head.may_edit && head.is_draft,
        found: &found,
    };
    let names = history::people(rooms, std::slice::from_ref(version)).await?;
    let me = ctx.actor.id;
    let page = Page {
        sections: SECTIONS.map(|key| look.section(key, &document)).into_iter().collect(),
        steps: history::steps(ctx, version, &names),
        wrong: found.iter().filter(|it| it.is_error()).count(),
        findings: found.iter().map(|it| said(ctx, it)).collect(),
        own: version.written.1 == me || version.proposed.is_some_and(|(_, who)| who == me),
        may_decide: ctx.may(permissions::PROGRAMME_APPROVE.as_str()),
        valid_from: ctx.date(version.valid_from),
        head,
        version,
        errors,
        ctx,
    };
    let right = errors.is_empty();
    let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &page))
}
