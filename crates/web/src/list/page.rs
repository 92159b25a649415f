//! A list page: from a request to the rendered page, a redirect or a file.

use std::collections::BTreeMap;

use access::Permission;
use askama::Template;
use axum::response::IntoResponse;
use store::SqlBuilder;
use uuid::Uuid;

use super::cell::Cell;
use super::export;
use super::filter::FilterError;
use super::query::{Asked, ListQuery, Place};
use super::saved;
use super::spec::ListSpec;
use super::sql::{self, Today};
use super::view::{Around, Builder, Editor, Piece};
use crate::Ctx;
use crate::error::PageResult;

/// (value, word) pairs of a choice.
pub type Choices = Vec<(String, String)>;

/// A row of a list: `#[derive(sqlx::FromRow)]` over [`ListSpec::select`], and these.
pub trait ListRow: store::Row {
    /// The row's id, as [`ListSpec::id`] selects it.
    fn id(&self) -> Uuid;
    /// What stands in the column `key`.
    fn cell(&self, key: &str, ctx: &Ctx) -> Cell;
    /// The row in a few words, for the tick box.
    fn label(&self, ctx: &Ctx) -> String;
    /// The page it opens, for the side panel; `None` = none.
    fn href(&self) -> Option<String> {
        None
    }
}

/// A button in the head of the page. The last one added is the primary one.
#[derive(Clone, Debug)]
pub struct Action {
    /// Words, in the reader's language.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Lucide icon.
    pub icon: &'static str,
}

/// An action on ticked rows or on everything that matches: a form posted to `href`, with the
/// fields [`super::Picked::read`] understands.
#[derive(Clone, Debug)]
pub struct Bulk {
    /// Words, in the reader's language.
    pub text: String,
    /// Where it is posted.
    pub href: String,
    /// Lucide icon.
    pub icon: &'static str,
}

/// What the page says when the list has no rows at all.
#[derive(Clone, Debug)]
pub struct Empty {
    /// Lucide icon.
    pub icon: &'static str,
    /// What will appear here.
    pub title: String,
    /// A sentence more.
    pub text: String,
    /// The one action that makes it appear.
    pub action: Option<Action>,
}

/// One list page, put together by its handler.
pub struct List {
    pub(super) spec: &'static ListSpec,
    pub(super) scope: Option<SqlBuilder>,
    pub(super) choices: BTreeMap<&'static str, Choices>,
    total: Option<i64>,
    title: Option<String>,
    crumbs: Vec<(String, String)>,
    actions: Vec<Action>,
    bulk: Vec<Bulk>,
    empty: Option<Empty>,
    export: Option<Permission>,
    note: Option<String>,
    side: bool,
}

impl List {
    /// A page of this list.
    #[must_use]
    pub fn new(spec: &'static ListSpec) -> Self {
        Self {
            spec,
            scope: None,
            choices: BTreeMap::new(),
            total: None,
            title: None,
            crumbs: Vec::new(),
            actions: Vec::new(),
            bulk: Vec::new(),
            empty: None,
            export: None,
            note: None,
            side: false,
        }
    }

    /// Only rows for which this holds, on this page (members of a group, rows of an import).
    #[must_use]
    pub fn scope(mut self, scope: SqlBuilder) -> Self {
        self.scope = Some(scope);
        self
    }

    /// How many rows there are in all, when the domain knows without counting.
    #[must_use]
    pub fn total(mut self, total: i64) -> Self {
        self.total = Some(total);
        self
    }

    /// Another title than the list's own.
    #[must_use]
    pub fn title(mut self, title: String) -> Self {
        self.title = Some(title);
        self
    }

    /// A step above this page: words and address.
    #[must_use]
    pub fn crumb(mut self, text: String, href: impl Into<String>) -> Self {
        self.crumbs.push((text, href.into()));
        self
    }

    /// A button in the head; the last is the primary one.
    #[must_use]
    pub fn action(mut self, text: String, href: impl Into<String>, icon: &'static str) -> Self {
        self.actions.push(Action { text, href: href.into(), icon });
        self
    }

    /// An action on the selection.
    #[must_use]
    pub fn bulk(mut self, text: String, href: impl Into<String>, icon: &'static str) -> Self {
        self.bulk.push(Bulk { text, href: href.into(), icon });
        self
    }

    /// What an empty list says.
    #[must_use]
    pub fn empty(mut self, empty: Empty) -> Self {
        self.empty = Some(empty);
        self
    }

    /// CSV and XLSX of the view, for those who may.
    #[must_use]
    pub fn export(mut self, permission: Permission) -> Self {
        self.export = Some(permission);
        self
    }

    /// Values of a choice column that are data.
    #[must_use]
    pub fn choices(mut self, column: &'static str, choices: Choices) -> Self {
        self.choices.insert(column, choices);
        self
    }

    /// A sentence under the title.
    #[must_use]
    pub fn note(mut self, note: String) -> Self {
        self.note = Some(note);
        self
    }

    /// Rows open in the side panel on wide screens.
    #[must_use]
    pub fn side(mut self) -> Self {
        self.side = true;
        self
    }

    /// The answer to a request for this list: `ctx.query` decides which page, file or redirect.
    ///
    /// # Errors
    /// When the database fails, or the link's filter cannot be read.
    pub async fn serve<R: ListRow>(self, ctx: &Ctx) -> PageResult {
        let today = Today { date: ctx.today(), zone: ctx.zone };
        let mut tx = ctx.web.db.read().await?;
        let saved = saved::all(&mut tx, self.spec.key, ctx.actor.id).await?;
        let (query, asked) = saved::query(&mut tx, ctx, self.spec, &saved).await?;
        let wrong = match asked {
            Asked::Show => None,
            Asked::Changed => {
                let link = query.link(self.spec, Place::First, &[]);
                return Ok(ctx.see(&format!("{}?{link}", ctx.path)).into_response());
            }
            Asked::Wrong(error) => Some(error),
            Asked::Export(format) => {
                return export::serve::<R>(ctx, tx, &self, &query, today, &format).await;
            }
        };
        let asked = View { query: &query, saved: &saved, wrong: wrong.as_ref(), today };
        self.show::<R>(ctx, tx, &asked).await
    }

    fn crumbs(&self) -> &[(String, String)] {
        &self.crumbs
    }

    fn actions(&self) -> &[Action] {
        &self.actions
    }

    fn bulk_actions(&self) -> &[Bulk] {
        &self.bulk
    }

    fn has_bulk(&self) -> bool {
        !self.bulk.is_empty()
    }

    fn has_search(&self) -> bool {
        self.spec.search.is_some()
    }

    fn empty_state(&self) -> Option<&Empty> {
        self.empty.as_ref()
    }

    fn note_text(&self) -> Option<&str> {
        self.note.as_deref()
    }

    fn key(&self) -> &'static str {
        self.spec.key
    }

    pub(super) fn may_export(&self, ctx: &Ctx) -> bool {
        self.export.is_some_and(|permission| ctx.actor.may(permission).is_ok())
    }

    async fn show<R: ListRow>(&self, ctx: &Ctx, mut tx: store::Tx, asked: &View<'_>) -> PageResult {
        let View { query, saved, wrong, today } = *asked;
        let scope = self.scope.as_ref();
        let rows = sql::fetch::<R>(&mut tx, self.spec, query, scope, today).await?;
        let filtered = query.filter.is_some() || !query.search.is_empty();
        let cap = self.spec.count_cap;
        let count = match self.total {
            Some(total) if !filtered => total,
            _ => sql::count(&mut tx, self.spec, query, scope, today, Some(cap)).await?,
        };
        drop(tx);
        let capped = count >= cap && (filtered || self.total.is_none());
        let number = ctx.num(count);
        let columns = query.columns(self.spec);
        let link = |place| format!("{}?{}", ctx.path, query.link(self.spec, place, &[]));
        let first = rows.rows.first().map(R::id);
        let last = rows.rows.last().map(R::id);
        let page = Page {
            ctx,
            title: self.title.clone().unwrap_or_else(|| ctx.t(self.spec.title)),
            count: if capped { format!("{number}+") } else { number },
            of: self.total.filter(|_| filtered).map(|total| ctx.num(total)),
            list: self,
            view: Builder { ctx, list: self, query, wrong }.view(saved),
            rows: rows.rows.iter().map(|row| Line::of(row, &columns, ctx, self.side)).collect(),
            previous: first.filter(|_| rows.more_before).map(|id| link(Place::Before(id))),
            next: last.filter(|_| rows.more_after).map(|id| link(Place::After(id))),
            start: (query.place != Place::First || !query.from.is_empty())
                .then(|| link(Place::First)),
            filtered,
            search: &query.search,
            from: &query.from,
        };
        Ok(ctx.page(&page))
    }
}

/// What a request for the page came to.
struct View<'a> {
    query: &'a ListQuery,
    saved: &'a [saved::Saved],
    wrong: Option<&'a FilterError>,
    today: Today,
}

/// A row, ready to be written.
struct Line {
    id: Uuid,
    label: String,
    cells: Vec<Written>,
}

struct Written {
    html: askama::filters::Safe<String>,
    numeric: bool,
    slot: &'static str,
    unit: String,
}

impl Line {
    fn of<R: ListRow>(row: &R, columns: &[&super::Column], ctx: &Ctx, side: bool) -> Self {
        let cells = columns.iter().map(|column| {
            let html = row.cell(column.key, ctx).html(ctx);
            let html = match row.href() {
                Some(href) if side && html.contains("class=\"who\"") => {
                    let href = crate::look::escape(&href);
                    html.replacen(
                        "class=\"who\"",
                        &format!("class=\"who\" data-side=\"{href}\""),
                        1,
                    )
                }
                _ => html,
            };
            Written {
                html: askama::filters::Safe(html),
                numeric: column.numeric(),
                slot: column.slot.as_str(),
                unit: column.unit.map(|unit| ctx.t(unit)).unwrap_or_default(),
            }
        });
        Self { id: row.id(), label: row.label(ctx), cells: cells.collect() }
    }
}

#[derive(Template)]
#[template(path = "web/list_page.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    title: String,
    count: String,
    of: Option<String>,
    list: &'a List,
    view: Around,
    rows: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
    start: Option<String>,
    filtered: bool,
    search: &'a str,
    from: &'a str,
}

impl Page<'_> {
    /// The primary button is the last action.
    fn is_primary(&self, index: &usize) -> bool {
        *index == self.list.actions.len()
    }

    /// "or …" of a chip was followed: the column to compare is chosen next.
    fn adding(&self) -> bool {
        self.view.adding
    }

    fn pieces(&self) -> &[Piece] {
        &self.view.pieces
    }

    fn fresh(&self) -> Option<&Editor> {
        self.view.fresh.as_ref()
    }
}
