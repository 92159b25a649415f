//! What to do next, most urgent first.

use value::Lifecycle;
use value::run::{Group, Report};
use web::{Ctx, PageError};

use super::{group, may};
use crate::Rooms;

/// A suggestion: what, why, and the page where it is done.
pub(super) struct Step {
    pub(super) icon: &'static str,
    pub(super) what: String,
    pub(super) why: String,
    pub(super) href: String,
}

pub(super) async fn next(
    ctx: &Ctx,
    rooms: &Rooms,
    customers: i64,
    report: Option<&Report>,
) -> Result<Vec<Step>, PageError> {
    let mut steps = Vec::new();
    if customers == 0 {
        return Ok(steps);
    }
    if may(ctx, feeds::permissions::READ) {
        steps.extend(refused_rows(ctx, rooms).await?);
    }
    match report {
        Some(report) => steps.extend(about_groups(ctx, report)),
        None if may(ctx, value::permissions::RUN) => steps.push(Step {
            icon: "gem",
            what: ctx.t("home-next-run"),
            why: ctx.t1("home-next-run-why", "n", customers),
            href: "/value/runs/new".to_owned(),
        }),
        None => {}
    }
    Ok(steps)
}

async fn refused_rows(ctx: &Ctx, rooms: &Rooms) -> Result<Option<Step>, PageError> {
    let recent = rooms.app.feeds().imports(&ctx.actor, None, 5).await?.items;
    let refused = recent.into_iter().find(|import| import.counts.rejected > 0);
    Ok(refused.map(|import| Step {
        icon: "file-warning",
        what: ctx.t1("home-next-errors", "n", import.counts.rejected),
        why: ctx.t1("home-next-errors-why", "file", import.file_name),
        href: format!("/imports/{}", import.id),
    }))
}

fn about_groups(ctx: &Ctx, report: &Report) -> Vec<Step> {
    let mut steps = Vec::new();
    let leaving = |group: &Group, states: &[Lifecycle]| -> u64 {
        states.iter().filter_map(|state| group.lifecycle.get(state)).sum()
    };
    if let Some(keep) = group(report, "keep") {
        let at_risk = leaving(keep, &[Lifecycle::AtRisk]);
        if at_risk > 0 {
            steps.push(Step {
                icon: "phone",
                what: ctx.t1("home-next-at-risk", "n", at_risk),
                why: ctx.t("home-next-at-risk-why"),
                href: "/customers?f=group:in:keep;life:in:at-risk&sort=-km".to_owned(),
            });
        }
    }
    if let Some(winback) = group(report, "winback") {
        let gone = leaving(winback, &[Lifecycle::AtRisk, Lifecycle::Dormant, Lifecycle::Lost]);
        if gone > 0 {
            steps.push(Step {
                icon: "user-round-x",
                what: ctx.t1("home-next-risk", "n", gone),
                why: ctx.t("home-next-risk-why"),
                href: "/customers?f=group:in:winback;life:in:at-risk|dormant|lost&sort=-km"
                    .to_owned(),
            });
        }
    }
    if let Some(keep) = group(report, "keep") {
        steps.push(Step {
            icon: "heart",
            what: ctx.t1("home-next-keep", "n", keep.members),
            why: ctx.t2(
                "home-next-keep-why",
                "share",
                ctx.pct(keep.member_share),
                "revenue",
                ctx.pct(keep.revenue_share),
            ),
            href: "/customers?f=group:in:keep&sort=-km".to_owned(),
        });
    }
    if let Some(develop) = group(report, "develop") {
        steps.push(Step {
            icon: "trending-up",
            what: ctx.t1("home-next-develop", "n", develop.members),
            why: ctx.t("home-next-develop-why"),
            href: "/customers?f=group:in:develop&sort=-coefficient".to_owned(),
        });
    }
    steps
}
