//! The home page: what is known in one sentence, and what to do next. Real figures only; an empty
//! Jetbridge offers to be filled.

mod steps;

use access::Permission;
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use chrono::NaiveDate;
use store::jobs::{self, Job};
use value::run::{Group, Report, Run};
use web::form::Fields;
use web::{Ctx, PageError, PageResult, Toast};

use crate::{Rooms, demo, permissions};
use steps::Step;

/// Tasks shown of the reader.
const MY_TASKS: i64 = 8;

struct Empty {
    may_import: bool,
    may_demo: bool,
}

struct JobLine {
    name: String,
    phase: String,
    percent: Option<u8>,
}

/// A value group of the published run.
struct GroupLine {
    key: String,
    name: String,
    members: u64,
    percent: String,
    share: String,
}

struct Standing {
    run: String,
    observed_on: NaiveDate,
    groups: Vec<GroupLine>,
}

/// A task of the reader.
struct TaskLine {
    title: String,
    name: String,
    due: Option<NaiveDate>,
    late: bool,
    href: String,
}

struct ImportLine {
    id: String,
    name: String,
    said: String,
}

#[derive(Template)]
#[template(path = "app/home.html")]
struct Home<'a> {
    ctx: &'a Ctx,
    empty: Option<Empty>,
    answer: String,
    jobs: Vec<JobLine>,
    tasks: Vec<TaskLine>,
    next: Vec<Step>,
    standing: Option<Standing>,
    imports: Option<Vec<ImportLine>>,
}

fn may(ctx: &Ctx, permission: Permission) -> bool {
    ctx.may(permission.as_str())
}

pub(crate) async fn show(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let customers = rooms.app.customers().total().await?;
    let running = running(&ctx, &rooms).await?;
    let imports = imports(&ctx, &rooms).await?;
    let run = match may(&ctx, value::permissions::READ) {
        true => rooms.app.value().published(&ctx.actor).await?,
        false => None,
    };
    let report = run.as_ref().and_then(|run| run.report.as_ref());
    let page = Home {
        empty: (customers == 0).then(|| Empty {
            may_import: may(&ctx, feeds::permissions::IMPORT),
            may_demo: may(&ctx, permissions::SYSTEM_OPERATE),
        }),
        answer: answer(&ctx, customers, report),
        jobs: running,
        tasks: tasks(&ctx, &rooms).await?,
        next: steps::next(&ctx, &rooms, customers, report).await?,
        standing: standing(&ctx, run.as_ref(), report),
        imports,
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

fn answer(ctx: &Ctx, customers: i64, report: Option<&Report>) -> String {
    let Some(report) = report else { return ctx.t1("home-no-value", "n", customers) };
    match group(report, "keep") {
        Some(keep) if report.pareto.is_some() => ctx.t3(
            "home-answer",
            "share",
            ctx.pct(keep.member_share),
            "revenue",
            ctx.pct(keep.revenue_share),
            "n",
            keep.members,
        ),
        _ => ctx.t2("home-answer-plain", "n", report.rows_clustered, "k", report.k),
    }
}

/// The group of this kind; a run may have several, the first is the largest.
pub(super) fn group<'a>(report: &'a Report, kind: &str) -> Option<&'a Group> {
    report.groups.iter().find(|group| kind_of(&group.name) == kind)
}

/// `keep-2` is of the kind `keep`.
fn kind_of(name: &str) -> &str {
    name.split('-').next().unwrap_or(name)
}

fn standing(ctx: &Ctx, run: Option<&Run>, report: Option<&Report>) -> Option<Standing> {
    let (run, report) = (run?, report?);
    let groups = report.groups.iter().map(|group| {
        let kind = kind_of(&group.name);
        GroupLine {
            key: kind.to_owned(),
            name: ctx.t(&format!("customers-group-{kind}")),
            members: group.members,
            percent: format!("{:.1}", group.member_share * 100.0),
            share: ctx.pct(group.member_share),
        }
    });
    let mut groups: Vec<GroupLine> = groups.collect();
    let order = |key: &str| web::chart::GROUPS.iter().position(|(kind, ..)| *kind == key);
    groups.sort_by_key(|group| order(&group.key));
    Some(Standing { run: run.id.to_string(), observed_on: report.observed_on, groups })
}

/// What runs for this reader; whoever looks after the system sees everybody's.
async fn running(ctx: &Ctx, rooms: &Rooms) -> Result<Vec<JobLine>, PageError> {
    let mut tx = rooms.web.db.read().await?;
    let mut all: Vec<Job> = if may(ctx, permissions::SYSTEM_READ) {
        jobs::list(&mut tx, None, 20).await?
    } else {
        jobs::recent(&mut tx, ctx.actor.id, 20).await?
    };
    all.retain(|job| job.status.is_open());
    let line = |job: &Job| JobLine {
        name: ctx.t(&crate::admin::job_key(&job.kind)),
        phase: if job.phase.is_empty() { String::new() } else { ctx.t(&job.phase) },
        percent: job.percent(),
    };
    Ok(all.iter().map(line).collect())
}

/// What the reader has promised, by when.
async fn tasks(ctx: &Ctx, rooms: &Rooms) -> Result<Vec<TaskLine>, PageError> {
    if !may(ctx, customers::permissions::READ) {
        return Ok(Vec::new());
    }
    let today = ctx.today();
    let line = |task: customers::tasks::MyTask| TaskLine {
        name: ctx.name(&task.name),
        late: task.due_on.is_some_and(|due| due < today),
        due: task.due_on,
        href: format!("/customers/{}#tasks", task.customer_id),
        title: task.title,
    };
    let found = rooms.app.customers().my_tasks(&ctx.actor, MY_TASKS).await?;
    Ok(found.into_iter().map(line).collect())
}

async fn imports(ctx: &Ctx, rooms: &Rooms) -> Result<Option<Vec<ImportLine>>, PageError> {
    if !may(ctx, feeds::permissions::READ) {
        return Ok(None);
    }
    let recent = rooms.app.feeds().imports(&ctx.actor, None, 5).await?.items;
    let line = |import: feeds::Import| ImportLine {
        id: import.id.to_string(),
        said: ctx.t2(
            "home-import-said",
            "n",
            import.counts.read,
            "when",
            ctx.ago_text(import.created_at),
        ),
        name: import.file_name,
    };
    Ok(Some(recent.into_iter().map(line).collect()))
}

/// Fills an empty Jetbridge with the synthetic airline, in the background.
pub(crate) async fn load_demo(ctx: Ctx, State(rooms): State<Rooms>, _: Fields) -> PageResult {
    ctx.actor.may(permissions::SYSTEM_OPERATE)?;
    demo::start(&rooms.app, &ctx.actor).await?;
    let toast = Toast::info(ctx.t("home-demo-started"));
    Ok(ctx.see("/").toast(toast).into_response())
}
