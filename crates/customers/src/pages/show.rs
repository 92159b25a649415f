//! The page of one customer: deciding facts, who it is, what happened, what other domains know.

use std::collections::BTreeMap;

use access::{Purpose, Target};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, Timelike};
use serde::Deserialize;
use uuid::Uuid;
use web::form::{Fields, Form};
use web::list::{ListQuery, Place as ListPlace, Today};
use web::{Ctx, PageError, PageResult};

use super::words::Tell as _;
use super::{Panel, Place, Rooms, extras, lists, words};
use crate::identity::Origin;
use crate::profile::Revealed;
use crate::tasks::Task;
use crate::timeline::{self, Entry, Record};
use crate::{Customer, CustomerId, Whole, permissions};

/// Items of the timeline on a page.
const ITEMS: i64 = 25;

/// A rendered panel.
struct Shown {
    key: &'static str,
    title: String,
    html: askama::filters::Safe<String>,
}

/// A filter of the timeline.
struct Toggle {
    label: String,
    href: String,
    on: bool,
}

/// One line of the timeline, in the reader's words.
struct Line {
    icon: &'static str,
    tone: &'static str,
    day: String,
    hour: String,
    title: String,
    detail: String,
    tag: Option<(&'static str, String)>,
    href: Option<String>,
    note: Option<Uuid>,
}

/// Lines under one heading.
struct Stretch {
    heading: String,
    lines: Vec<Line>,
}

/// A page of the timeline.
struct Lines {
    stretches: Vec<Stretch>,
    more: Option<String>,
    more_part: Option<String>,
}

/// A task in the reader's words.
struct TaskLine {
    task: Task,
    who: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "customers/show.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    whole: &'a Whole,
    customer: &'a Customer,
    title: String,
    owner: String,
    age: Option<i64>,
    last_ago: String,
    panels: BTreeMap<&'static str, Vec<Shown>>,
    toggles: Vec<Toggle>,
    lines: Lines,
    tasks: Vec<TaskLine>,
    assignees: Vec<(String, String)>,
    records: Vec<Record>,
    origins: BTreeMap<&'static str, Origin>,
    seen: Vec<(access::Seen, String)>,
    revealed: Option<Vec<Revealed>>,
    purposes: Vec<(String, String)>,
    previous: Option<String>,
    next: Option<String>,
    list_href: String,
    pane: &'static str,
}

impl words::Tell for Show<'_> {
    fn reader(&self) -> &Ctx {
        self.ctx
    }
}

/// The three columns, which a phone shows one at a time.
const PANES: [(&str, &str); 3] = [
    ("panels", "customers-pane-panels"),
    ("timeline", "customers-timeline"),
    ("facts", "customers-facts"),
];

impl Show<'_> {
    fn panes(&self) -> &'static [(&'static str, &'static str)] {
        &PANES
    }

    fn pane_href(&self, pane: &str) -> String {
        let mut pairs = web::url::pairs(&self.ctx.query);
        pairs.retain(|(name, _)| name != "pane");
        pairs.push(("pane".to_owned(), pane.to_owned()));
        let pairs: Vec<(&str, String)> =
            pairs.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        format!("/customers/{}?{}", self.customer.id, web::url::query(&pairs))
    }

    fn deck(&self) -> &[Shown] {
        self.at(Place::Deck)
    }

    fn facts(&self) -> &[Shown] {
        self.at(Place::Facts)
    }

    fn main(&self) -> &[Shown] {
        self.at(Place::Main)
    }

    fn side(&self) -> &[Shown] {
        self.at(Place::Side)
    }

    fn at(&self, place: Place) -> &[Shown] {
        self.panels.get(place_key(place)).map_or(&[], Vec::as_slice)
    }

    /// The value cell of our own, when no panel says more.
    fn own_value(&self) -> bool {
        !self.deck().iter().any(|panel| panel.key.starts_with("value"))
    }

    fn country(&self) -> &str {
        kernel::countries::name(&self.customer.profile.country, self.ctx.lang)
    }

    fn source(&self, record: &Record) -> String {
        words::source_name(self.ctx, &record.source)
    }

    fn route(&self) -> String {
        self.customer.published.last_route.replace('-', "–")
    }

    fn may_edit(&self) -> bool {
        self.customer.trashed_at.is_none() && self.ctx.may(permissions::EDIT.as_str())
    }

    fn may_trash(&self) -> bool {
        self.ctx.may(permissions::TRASH.as_str())
    }

    fn open_tasks(&self) -> usize {
        self.tasks.iter().filter(|line| line.task.done_at.is_none()).count()
    }

    fn next_due(&self) -> Option<chrono::NaiveDate> {
        self.tasks.iter().filter(|l| l.task.done_at.is_none()).find_map(|l| l.task.due_on)
    }

    fn fields(&self, seen: &access::Seen) -> String {
        let words: Vec<String> =
            seen.fields.iter().map(|f| self.ctx.t(&format!("customers-seen-{f}"))).collect();
        words.join(&self.ctx.t("customers-and"))
    }

    fn tag_query(&self, tag: &str) -> String {
        let tag = tag.replace(['!', '|', ';', ',', ':', '(', ')'], "");
        web::url::query(&[("f", format!("tag:in:{tag}"))])
    }

    /// Where a field is from, in a word and in full: "booking", "from the booking of 21 Nov".
    fn origin(&self, field: &str) -> Option<(String, String)> {
        Some(match self.origins.get(field)? {
            Origin::Staff => {
                (words::source_name(self.ctx, "staff"), self.ctx.t("customers-from-staff"))
            }
            Origin::Record { source, at } => {
                let source = words::source_name(self.ctx, source);
                let day = self.ctx.date(at.with_timezone(&self.ctx.zone).date_naive());
                let whole =
                    self.ctx.t2("customers-from-source", "source", source.clone(), "day", day);
                (source, whole)
            }
        })
    }

    fn mention(&self, record: &Record) -> String {
        words::mention(self.ctx, &record.source, &record.source_key)
    }

    /// Where a contact or document is from.
    fn held_by(&self, source: &str) -> String {
        if source.is_empty() || source == "merged" {
            return self.ctx.t("customers-from-staff");
        }
        words::source_name(self.ctx, source)
    }

    fn may_review(&self) -> bool {
        self.customer.trashed_at.is_none() && self.ctx.may(permissions::REVIEW.as_str())
    }

    fn evidence(&self, record: &Record) -> String {
        self.ctx.t(&format!("customers-evidence-{}", record.evidence))
    }
}

#[derive(Template)]
#[template(path = "customers/timeline.html")]
struct Part<'a> {
    ctx: &'a Ctx,
    lines: Lines,
    id: CustomerId,
    edit: bool,
}

impl Part<'_> {
    fn may_edit(&self) -> bool {
        self.edit
    }
}

fn place_key(place: Place) -> &'static str {
    match place {
        Place::Deck => "deck",
        Place::Facts => "facts",
        Place::Main => "main",
        Place::Side => "side",
    }
}

/// `GET /customers/{id}`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let id: CustomerId = extras::id(&id)?;
    show(&ctx, &rooms, id, None).await
}

#[derive(Deserialize)]
pub(super) struct RevealForm {
    #[serde(default)]
    purpose: String,
}

/// `POST /customers/{id}/reveal`: the same page with contacts and documents in clear. The values
/// are in no address, so nothing keeps them.
pub(super) async fn reveal(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Form(form): Form<RevealForm>,
) -> PageResult {
    let id: CustomerId = extras::id(&id)?;
    let purpose: Purpose = form
        .purpose
        .parse()
        .map_err(|_| PageError::new(kernel::Kind::Invalid, "customers-purpose"))?;
    let revealed = rooms.customers.reveal(&ctx.actor, id, purpose).await?;
    show(&ctx, &rooms, id, Some(revealed)).await
}

async fn show(
    ctx: &Ctx,
    rooms: &Rooms,
    id: CustomerId,
    revealed: Option<Vec<Revealed>>,
) -> PageResult {
    let customers = &rooms.customers;
    let whole = customers.whole(&ctx.actor, id).await?;
    let customer = &whole.customer;
    if let Some(into) = customer.merged_into {
        let query = if ctx.query.is_empty() { String::new() } else { format!("?{}", ctx.query) };
        return Ok(ctx.see(&format!("/customers/{into}{query}")).into_response());
    }
    let asked = Fields(web::url::pairs(&ctx.query));
    let (previous, next) = neighbours(ctx, id, asked.get("in")).await?;
    let (tasks, assignees) = task_lines(ctx, rooms, id).await?;
    let name = words::called(ctx, &customer.profile.name, &customer.profile.member_no);
    let owner = match customer.profile.owner_id {
        Some(owner) => ctx.web.access.names(&[owner]).await?.remove(&owner).unwrap_or_default(),
        None => String::new(),
    };
    let page = Show {
        ctx,
        title: name,
        owner,
        age: customer.profile.birth_date.map(|day| age(day, ctx.today())),
        last_ago: customer
            .published
            .last_flight_on
            .map_or(String::new(), |day| words::days_ago(ctx, day)),
        panels: panels(ctx, &rooms.panels, id).await?,
        toggles: toggles(ctx, rooms, &asked),
        lines: lines(ctx, rooms, id, &asked).await?,
        tasks,
        assignees,
        records: customers.records(&ctx.actor, id, 5).await?,
        origins: customers.origins(&ctx.actor, customer).await?,
        seen: seen(ctx, id).await?,
        revealed,
        purposes: Purpose::allowed(&ctx.actor)
            .into_iter()
            .map(|purpose| (purpose.as_str().to_owned(), ctx.t(&purpose.text_key())))
            .collect(),
        previous,
        next,
        list_href: list_href(asked.get("in")),
        pane: pane(&asked),
        whole: &whole,
        customer,
    };
    Ok(ctx.page(&page))
}

/// The column a phone shows: the one asked for, the timeline when reading on in it.
fn pane(asked: &Fields) -> &'static str {
    let reading = asked.has("before") || asked.has("tl");
    let wanted = if reading && !asked.has("pane") { "timeline" } else { asked.get("pane") };
    PANES.iter().find(|(key, _)| *key == wanted).map_or("panels", |(key, _)| key)
}

fn age(born: chrono::NaiveDate, today: chrono::NaiveDate) -> i64 {
    let before = (today.month(), today.day()) < (born.month(), born.day());
    i64::from(today.year() - born.year()) - i64::from(before)
}

fn list_href(kept: &str) -> String {
    if kept.is_empty() { "/customers".to_owned() } else { format!("/customers?{kept}") }
}

async fn panels(
    ctx: &Ctx,
    panels: &[Panel],
    id: CustomerId,
) -> Result<BTreeMap<&'static str, Vec<Shown>>, PageError> {
    let mut shown: BTreeMap<&'static str, Vec<Shown>> = BTreeMap::new();
    for panel in panels {
        if let Some(html) = (panel.render)(ctx.clone(), id).await? {
            let title = ctx.t(panel.title_key);
            let html = askama::filters::Safe(html);
            let one = Shown { key: panel.key, title, html };
            shown.entry(place_key(panel.place)).or_default().push(one);
        }
    }
    Ok(shown)
}

async fn task_lines(
    ctx: &Ctx,
    rooms: &Rooms,
    id: CustomerId,
) -> Result<(Vec<TaskLine>, Vec<(String, String)>), PageError> {
    let tasks = rooms.customers.tasks(&ctx.actor, id).await?;
    let ids: Vec<Uuid> = tasks.iter().filter_map(|task| task.assignee_id).collect();
    let names = ctx.web.access.names(&ids).await?;
    let today = ctx.today();
    let lines = tasks
        .into_iter()
        .map(|task| TaskLine {
            who: task.assignee_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            late: task.done_at.is_none() && task.due_on.is_some_and(|due| due < today),
            task,
        })
        .collect();
    let may = ctx.actor.may(permissions::EDIT).is_ok();
    let assignees = if may { rooms.customers.possible_owners().await? } else { Vec::new() };
    Ok((lines, assignees))
}

async fn seen(ctx: &Ctx, id: CustomerId) -> Result<Vec<(access::Seen, String)>, PageError> {
    let mut tx = ctx.web.db.read().await?;
    let target = Target::new(CustomerId::KIND, id);
    let seen = ctx.web.access.reveals_of(&mut tx, &target, 5).await?;
    drop(tx);
    let ids: Vec<Uuid> = seen.iter().map(|seen| seen.by).collect();
    let names = ctx.web.access.names(&ids).await?;
    Ok(seen
        .into_iter()
        .map(|seen| {
            let name = names.get(&seen.by).cloned().unwrap_or_default();
            (seen, name)
        })
        .collect())
}

/// Previous and next in the list the reader came from. A view saved under a name is followed only
/// when its link says what it is.
async fn neighbours(
    ctx: &Ctx,
    id: CustomerId,
    kept: &str,
) -> Result<(Option<String>, Option<String>), PageError> {
    let fields = Fields(web::url::pairs(kept));
    let view = fields.get("view");
    let built_in = lists::LIST.views.iter().find(|its| its.key == view).map(|its| its.query);
    let text = match (built_in, view) {
        (Some(query), _) if !fields.has("f") => query,
        (None, view) if !view.is_empty() && !fields.has("f") => return Ok((None, None)),
        _ => kept,
    };
    let Ok((mut query, _)) = ListQuery::parse(text, &lists::NEIGHBOURS) else {
        return Ok((None, None));
    };
    query.rows = 1;
    let today = Today { date: ctx.today(), zone: ctx.zone };
    let mut tx = ctx.web.db.read().await?;
    let mut found = [None, None];
    let places = [ListPlace::Before(id.uuid()), ListPlace::After(id.uuid())];
    for (slot, place) in found.iter_mut().zip(places) {
        query.place = place;
        let rows: web::list::Rows<(Uuid,)> =
            web::list::fetch(&mut tx, &lists::NEIGHBOURS, &query, None, today).await?;
        *slot = rows.rows.first().map(|(other,)| {
            let kept = web::url::query(&[("in", kept.to_owned())]);
            let mark = if kept.is_empty() { "" } else { "?" };
            format!("/customers/{other}{mark}{kept}")
        });
    }
    let [previous, next] = found;
    Ok((previous, next))
}

/// Which sources are shown: all, or those named in the address.
fn toggles(ctx: &Ctx, rooms: &Rooms, asked: &Fields) -> Vec<Toggle> {
    let on: Vec<&str> = asked.all("tl").collect();
    let all = on.is_empty();
    rooms
        .sources
        .iter()
        .map(|source| {
            let is_on = all || on.contains(&source.key);
            let keys = rooms.sources.iter().map(|s| s.key).filter(|key| {
                let shown = all || on.contains(key);
                if *key == source.key { !shown || all } else { shown && !all }
            });
            let mut pairs: Vec<(&str, String)> = keys.map(|key| ("tl", key.to_owned())).collect();
            if !asked.get("in").is_empty() {
                pairs.push(("in", asked.get("in").to_owned()));
            }
            let query = web::url::query(&pairs);
            Toggle {
                label: ctx.t(source.label_key),
                href: format!("{}?{query}#timeline", ctx.path.trim_end_matches("/reveal")),
                on: is_on,
            }
        })
        .collect()
}

async fn lines(
    ctx: &Ctx,
    rooms: &Rooms,
    id: CustomerId,
    asked: &Fields,
) -> Result<Lines, PageError> {
    let keys: Vec<String> = asked.all("tl").map(str::to_owned).collect();
    let before = Some(asked.get("before")).filter(|text| !text.is_empty());
    let page = timeline::read(&rooms.sources, &keys, id, before, ITEMS).await?;
    let mut stretches: Vec<Stretch> = Vec::new();
    for entry in &page.items {
        let heading = heading(ctx, entry);
        if stretches.last().is_none_or(|stretch| stretch.heading != heading) {
            stretches.push(Stretch { heading, lines: Vec::new() });
        }
        if let Some(stretch) = stretches.last_mut() {
            stretch.lines.push(line(ctx, entry));
        }
    }
    let link = |base: &str| {
        page.next.as_ref().map(|next| {
            let mut pairs: Vec<(&str, String)> = vec![("before", next.clone())];
            pairs.extend(keys.iter().map(|key| ("tl", key.clone())));
            format!("/customers/{id}{base}?{}", web::url::query(&pairs))
        })
    };
    Ok(Lines {
        stretches,
        more: link("").map(|href| format!("{href}#timeline")),
        more_part: link("/timeline"),
    })
}

fn heading(ctx: &Ctx, entry: &Entry) -> String {
    let day = entry.item.at.with_timezone(&ctx.zone).date_naive();
    match (ctx.today() - day).num_days() {
        i64::MIN..0 => ctx.t("customers-tl-ahead"),
        0 => ctx.t("customers-tl-today"),
        1..=7 => ctx.t("customers-tl-week"),
        8..=31 => ctx.t("customers-tl-this-month"),
        _ => ctx.month(day),
    }
}

/// Who may not look at imports is shown no way to them.
fn reachable(ctx: &Ctx, href: &str) -> bool {
    !href.starts_with("/imports/") || ctx.may("feeds.read")
}

fn line(ctx: &Ctx, entry: &Entry) -> Line {
    let item = &entry.item;
    let local = item.at.with_timezone(&ctx.zone);
    Line {
        icon: entry.icon,
        tone: item.tone.as_str(),
        // The heading above says the year where it is not this one.
        day: local.format("%m-%d").to_string(),
        hour: if item.day_only {
            String::new()
        } else {
            format!("{:02}:{:02}", local.hour(), local.minute())
        },
        title: words::say(ctx, &item.title),
        detail: item.detail.as_ref().map_or(String::new(), |detail| words::say(ctx, detail)),
        tag: item.tag.as_ref().map(|(tone, text)| (tone.as_str(), words::say(ctx, text))),
        href: item.href.clone().filter(|href| reachable(ctx, href)),
        note: (entry.source == "notes").then_some(item.id),
    }
}

/// `GET /customers/{id}/timeline`: the next part for htmx, the whole page for everybody else.
pub(super) async fn timeline(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let id: CustomerId = extras::id(&id)?;
    if !ctx.part {
        let href = format!("/customers/{id}?{}#timeline", ctx.query);
        return Ok(ctx.see(&href).into_response());
    }
    rooms.customers.check_readable(&ctx.actor, id).await?;
    let asked = Fields(web::url::pairs(&ctx.query));
    let lines = lines(&ctx, &rooms, id, &asked).await?;
    let edit = ctx.actor.may(permissions::EDIT).is_ok();
    Ok(part(&ctx, &Part { ctx: &ctx, lines, id, edit }))
}

fn part(ctx: &Ctx, template: &Part<'_>) -> Response {
    ctx.page(template)
}
