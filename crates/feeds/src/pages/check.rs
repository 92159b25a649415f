//! `/imports/{id}/check`: what would become of all rows, before any is written.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use uuid::Uuid;
use web::form::Fields;
use web::{Ctx, PageResult};

use super::words::{self, ReasonLine};
use super::{Rooms, show};
use crate::imports::{Import, Status, policy_name};

#[derive(Template)]
#[template(path = "feeds/check.html")]
struct Check<'a> {
    ctx: &'a Ctx,
    import: &'a Import,
    steps: Vec<(String, &'static str, usize)>,
    title: String,
    file_line: String,
    answer: String,
    tiles: Vec<(String, String, &'static str)>,
    reasons: Vec<ReasonLine>,
    unused: String,
    policy: String,
    good: u64,
    sums: Option<String>,
    found: bool,
    can_start: bool,
}

#[derive(Template)]
#[template(path = "feeds/checking.html")]
struct Checking<'a> {
    ctx: &'a Ctx,
    import: &'a Import,
    steps: Vec<(String, &'static str, usize)>,
    title: String,
    file_line: String,
    percent: u64,
    answer: String,
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>, Path(id): Path<Uuid>) -> PageResult {
    let import = rooms.feeds.import(&ctx.actor, id.into()).await?;
    let title = ctx.t(&format!("feeds-title-{}", import.kind.as_str()));
    let file_line = words::file_line(&ctx, &import);
    let steps = words::steps(&ctx, 2);
    if import.status == Status::Checking {
        let job = show::job(&rooms, &import).await?;
        let (done, total) = job.map_or((0, None), |job| (job.done, job.total));
        let percent = total.filter(|t| *t > 0).map_or(0, |total| done.min(total) * 100 / total);
        let answer = ctx.t1("feeds-checking", "done", ctx.num(done));
        let page =
            Checking { ctx: &ctx, import: &import, steps, title, file_line, percent, answer };
        return Ok(ctx.page(&page));
    }
    let Some(report) = &import.checked else {
        return Ok(ctx.see(&format!("/imports/{id}/map")).into_response());
    };
    let counts = report.counts;
    let good = counts.read - counts.rejected - counts.repeated;
    let answer = match (counts.read, counts.rejected, counts.repeated) {
        (0, ..) => ctx.t("feeds-checked-none"),
        (read, 0, 0) => ctx.t1("feeds-checked-all", "rows", read),
        (read, 0, _) => ctx.t2("feeds-checked-repeats", "rows", read, "good", good),
        (read, bad, _) => ctx.t3("feeds-checked", "rows", read, "good", good, "rejected", bad),
    };
    let tile = |key: &str, n: u64, state| (ctx.t(key), ctx.num(n), state);
    let mut tiles = vec![
        tile("feeds-tile-new", counts.created, ""),
        tile("feeds-tile-known", counts.updated, ""),
        tile("feeds-tile-blanked", counts.blanked, ""),
        tile("feeds-tile-repeated", counts.repeated, ""),
    ];
    tiles.push(tile(
        "feeds-tile-rejected",
        counts.rejected,
        if counts.rejected > 0 { "bad" } else { "" },
    ));
    let page = Check {
        ctx: &ctx,
        import: &import,
        steps,
        title,
        file_line,
        answer,
        tiles,
        reasons: words::reasons(&ctx, &import, "check", &report.reasons),
        unused: report.unused.join(" · "),
        policy: ctx.t(&format!("feeds-policy-{}", policy_name(import.policy))),
        good,
        sums: words::sums(&ctx, &counts),
        found: !report.reasons.is_empty(),
        can_start: import.can_start() && good > 0,
    };
    Ok(ctx.page(&page))
}

pub async fn start(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    _: Fields,
) -> PageResult {
    rooms.feeds.start_check(&ctx.actor, id.into()).await?;
    Ok(ctx.see(&format!("/imports/{id}/check")).into_response())
}
