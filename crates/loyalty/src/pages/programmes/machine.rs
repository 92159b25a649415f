//! The time machine's form and the comparisons there are.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use kernel::{Money, Period};
use programme::Programme;
use store::jobs::{Job, Status};
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult, Toast};

use super::list::in_force;
use super::said;
use crate::programmes::{Version, VersionState};
use crate::replay::{Asked, Replay};
use crate::{Error, Rooms, permissions};

#[derive(Template)]
#[template(path = "loyalty/programmes/machine.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    code: String,
    name: String,
    currency: String,
    versions: Vec<(String, String)>,
    before: String,
    after: String,
    from: String,
    to: String,
    cost: String,
    runs: Vec<Line>,
    may_run: bool,
}

struct Line {
    href: String,
    versions: String,
    span: String,
    asked: String,
    state: (String, &'static str),
    /// Members up, members down.
    moved: String,
}

/// Where a comparison stands, and its tone.
pub fn state(ctx: &Ctx, replay: &Replay, job: Option<&Job>) -> (String, &'static str) {
    if replay.tally.is_some() {
        return (ctx.t("programme-run-done"), "good");
    }
    match job.map(|job| job.status) {
        Some(Status::Queued) => (ctx.t("programme-run-waiting"), ""),
        Some(Status::Running) => (ctx.t("programme-run-running"), "info"),
        Some(Status::Cancelled) => (ctx.t("programme-run-stopped"), ""),
        _ => (ctx.t("programme-run-failed"), "bad"),
    }
}

fn line(ctx: &Ctx, (replay, job): &(Replay, Option<Job>)) -> Line {
    let [(_, before), (_, after)] = replay.versions;
    let moved = replay.tally.as_ref().map(|tally| {
        let [up, down] = tally.moved;
        ctx.t2("programme-run-moved", "up", ctx.num(up), "down", ctx.num(down))
    });
    Line {
        href: format!("/programmes/{}/time-machine/{}", replay.programme, replay.id),
        versions: format!("{before} → {after}"),
        span: format!("{} – {}", ctx.date(replay.span.from), ctx.date(replay.span.to)),
        asked: ctx.at(replay.created_at),
        state: state(ctx, replay, job.as_ref()),
        moved: moved.unwrap_or_default(),
    }
}

/// What is chosen where nothing was yet: the rules in force, the newest version, two years.
fn begin(ctx: &Ctx, all: &[Version], programme: &Programme) -> Fields {
    let force = in_force(all, ctx.today());
    let after = all.iter().find(|it| {
        it.state != VersionState::Refused && force.is_none_or(|force| force.id != it.id)
    });
    let id = |it: Option<&Version>| it.map_or_else(String::new, |it| it.id.to_string());
    let to = ctx.today().pred_opt().unwrap_or(ctx.today());
    let span = Period::months_ending(to, 24);
    let mixes = programme.redemption.mixes.iter();
    let minor = mixes.map(|row| row.minor_per_thousand).next();
    let cost = minor.map(|minor| Money::new(minor, programme.currency).decimal());
    let pairs = [
        ("before", id(force.or(all.first()))),
        ("after", id(after.or(all.first()))),
        ("from", span.from.to_string()),
        ("to", to.to_string()),
        ("cost", cost.unwrap_or_default()),
    ];
    Fields(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec())
}

async fn render(
    ctx: &Ctx,
    rooms: &Rooms,
    code: &str,
    typed: Option<&Fields>,
    errors: &Errors,
) -> PageResult {
    let all = rooms.loyalty.programme_versions(&ctx.actor, code).await?;
    let shown = in_force(&all, ctx.today()).or(all.first()).ok_or_else(PageError::not_found)?;
    let (_, text) = rooms.loyalty.programme_version(&ctx.actor, shown.id).await?;
    let programme = Programme::from_toml(&text).map_err(Error::from)?;
    let usual = begin(ctx, &all, &programme);
    let asked = Fields(web::url::pairs(&ctx.query));
    let get = |name: &str| match typed {
        Some(typed) => typed.get(name).to_owned(),
        None if asked.has(name) => asked.get(name).to_owned(),
        None => usual.get(name).to_owned(),
    };
    let force = Some(shown.id);
    let version = |it: &Version| {
        let state = super::show::State::of(ctx, it, force).text;
        (it.id.to_string(), ctx.t2("programme-version-of", "n", it.version, "state", state))
    };
    let runs = rooms.loyalty.replays(&ctx.actor, code).await?;
    let page = Page {
        name: programme.name.get(ctx.lang).to_owned(),
        currency: programme.currency.as_str().to_owned(),
        code: code.to_owned(),
        versions: all.iter().map(version).collect(),
        before: get("before"),
        after: get("after"),
        from: get("from"),
        to: get("to"),
        cost: get("cost"),
        runs: runs.iter().map(|it| line(ctx, it)).collect(),
        may_run: ctx.may(permissions::PROGRAMME.as_str()),
        errors,
        ctx,
    };
    let right = errors.is_empty();
    let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &page))
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>, Path(code): Path<String>) -> PageResult {
    render(&ctx, &rooms, &code, None, &Errors::none()).await
}

pub async fn start(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(code): Path<String>,
    fields: Fields,
) -> PageResult {
    ctx.actor.may(permissions::PROGRAMME)?;
    let mut errors = Errors::none();
    let day = |name: &str, errors: &mut Errors| {
        fields.get(name).trim().parse().unwrap_or_else(|_| {
            errors.add(name, ctx.t("programme-day-wrong"));
            ctx.today()
        })
    };
    let span = Period { from: day("from", &mut errors), to: day("to", &mut errors) };
    let id = |name: &str, errors: &mut Errors| {
        fields.get(name).parse::<uuid::Uuid>().unwrap_or_else(|_| {
            errors.add(name, ctx.t("programme-version-wrong"));
            uuid::Uuid::nil()
        })
    };
    let (before, after) = (id("before", &mut errors).into(), id("after", &mut errors).into());
    let cost = fields.get("cost").trim().replace([',', '，'], "");
    let currency = currency(&ctx, &rooms, &code).await?;
    let cost = match cost.as_str() {
        "" => Some(0),
        cost => Money::parse(cost, currency).map(|money| money.minor),
    };
    if cost.is_none() {
        errors.add("cost", ctx.t("error-loyalty-replay-cost"));
    }
    if errors.is_empty() {
        let minor_per_thousand = cost.unwrap_or_default();
        let asked = Asked { before, after, span, minor_per_thousand };
        match rooms.loyalty.start_replay(&ctx.actor, &asked).await {
            Ok(begun) => {
                let key =
                    if begun.is_repeat() { "programme-run-before" } else { "programme-run-begun" };
                let to = format!("/programmes/{code}/time-machine/{}", begun.into_inner());
                return Ok(ctx.see(&to).toast(Toast::good(ctx.t(key))).into_response());
            }
            Err(Error::Invalid(wrong)) => {
                for one in wrong {
                    errors.add(one.field, ctx.t(&format!("error-{}", one.code)));
                }
            }
            Err(error @ (Error::Contradictory(_) | Error::NotFound(_))) => {
                errors.add("after", said(&ctx, &error));
            }
            Err(error) => return Err(error.into()),
        }
    }
    render(&ctx, &rooms, &code, Some(&fields), &errors).await
}

async fn currency(ctx: &Ctx, rooms: &Rooms, code: &str) -> Result<kernel::Currency, PageError> {
    let all = rooms.loyalty.programme_versions(&ctx.actor, code).await?;
    let newest = all.first().ok_or_else(PageError::not_found)?;
    let (_, text) = rooms.loyalty.programme_version(&ctx.actor, newest.id).await?;
    Ok(Programme::from_toml(&text).map_err(Error::from)?.currency)
}

pub async fn stop(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, run)): Path<(String, String)>,
    _fields: Fields,
) -> PageResult {
    let id = run.parse::<uuid::Uuid>().map_err(|_| PageError::not_found())?;
    let stopped = rooms.loyalty.stop_replay(&ctx.actor, id.into()).await?;
    let key = if stopped { "programme-run-stopping" } else { "programme-run-over" };
    let href = format!("/programmes/{code}/time-machine/{run}");
    Ok(ctx.see(&href).toast(Toast::good(ctx.t(key))).into_response())
}
