//! The records that make a customer: where each is from, why it is here, and the way out.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use uuid::Uuid;
use web::form::Fields;
use web::{Ctx, PageResult, Toast};

use super::super::{Rooms, extras, words};
use super::waterfall::{self, Told, signed};
use crate::identity::Step;
use crate::timeline::Record;
use crate::{Customer, CustomerId, Error, RecordId, permissions};

/// Records on the page.
const MOST: i64 = 200;

struct Line {
    record: Record,
    source: String,
    mention: String,
    evidence: String,
    told: Option<Told>,
}

struct StepLine {
    step: Step,
    text: String,
    who: String,
}

#[derive(Template)]
#[template(path = "identity/records.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    customer: &'a Customer,
    title: String,
    lines: Vec<Line>,
    steps: Vec<StepLine>,
    may: bool,
}

impl Show<'_> {
    fn bits(&self, bits: &f64) -> String {
        signed(*bits)
    }
}

/// `GET /customers/{id}/records`
pub(in crate::pages) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let id: CustomerId = extras::id(&id)?;
    let customers = &rooms.customers;
    let customer = customers.get(&ctx.actor, id).await?;
    if let Some(into) = customer.merged_into {
        return Ok(ctx.see(&format!("/customers/{into}/records")).into_response());
    }
    let records = customers.records(&ctx.actor, id, MOST).await?;
    let lines = records
        .into_iter()
        .map(|record| Line {
            source: words::source_name(&ctx, &record.source),
            mention: words::mention(&ctx, &record.source, &record.source_key),
            evidence: ctx.t(&format!("customers-evidence-{}", record.evidence)),
            told: record.detail.as_ref().and_then(|detail| waterfall::told(&ctx, &detail.0)),
            record,
        })
        .collect();
    let steps = customers.steps(&ctx.actor, id, 50).await?;
    let people: Vec<Uuid> = steps.iter().filter_map(|step| step.actor_id).collect();
    let names = ctx.web.access.names(&people).await?;
    let steps = steps
        .into_iter()
        .map(|step| StepLine {
            text: ctx.t1(&format!("identity-step-{}", step.kind), "n", step.moved),
            who: step
                .actor_id
                .and_then(|id| names.get(&id).cloned())
                .unwrap_or_else(|| ctx.t("identity-by-machine")),
            step,
        })
        .collect();
    let page = Show {
        ctx: &ctx,
        title: words::called(&ctx, &customer.profile.name, &customer.profile.member_no),
        lines,
        steps,
        may: ctx.actor.may(permissions::REVIEW).is_ok() && customer.trashed_at.is_none(),
        customer: &customer,
    };
    Ok(ctx.page(&page))
}

/// `POST /customers/{id}/split`
pub(in crate::pages) async fn split(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: CustomerId = extras::id(&id)?;
    let records: Vec<RecordId> =
        fields.all("record").filter_map(|record| record.parse().ok()).collect();
    let here = format!("/customers/{id}/records");
    let (event, made) = match rooms.customers.split(&ctx.actor, id, &records).await {
        Ok(split) => split,
        Err(error @ (Error::NothingSelected | Error::WholeCustomer)) => {
            let key = if matches!(error, Error::WholeCustomer) {
                "error-identity-whole-customer"
            } else {
                "identity-choose-records"
            };
            return Ok(ctx.see(&here).toast(Toast::warn(ctx.t(key))).into_response());
        }
        Err(other) => return Err(other.into()),
    };
    let said =
        Toast::good(ctx.t("identity-split-done")).undo(format!("/identity/steps/{event}/undo"));
    Ok(ctx.see(&format!("/customers/{made}")).toast(said).into_response())
}

/// `POST /identity/steps/{id}/undo`
pub(in crate::pages) async fn undo(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    _: Fields,
) -> PageResult {
    let id: Uuid = extras::id(&id)?;
    let step = rooms.customers.undo_step(&ctx.actor, id).await?.into_inner();
    let to = if step.kind == "merge" { step.to_id } else { step.from_id };
    let said = Toast::good(ctx.t("identity-undone"));
    Ok(ctx.see(&format!("/customers/{to}/records")).toast(said).into_response())
}
