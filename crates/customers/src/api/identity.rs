//! Who is who: pairs that wait, merges, splits, and the way back from each.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use kernel::Outcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::list::{ListQuery, Today};
use web::{ApiActor, Problem};

use super::{body, named};
use crate::identity::{Review, Step, Verdict};
use crate::pages::identity_lists;
use crate::{CustomerId, Error, RecordId, Rooms, permissions};
use web::once::{self, Begun};

/// Two customers who may be one.
#[derive(Serialize, ToSchema)]
pub(super) struct ReviewOut {
    id: Uuid,
    /// The older customer.
    one: Uuid,
    /// The younger customer.
    other: Uuid,
    one_record: Uuid,
    other_record: Uuid,
    /// `link` when the machine would join them but may not, `review` otherwise.
    band: String,
    /// Bits of evidence.
    weight: f64,
    /// The waterfall: codes and weights, no values.
    evidence: serde_json::Value,
    /// `open`, `same`, `different`, `later`, `joined`.
    status: String,
    found_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<Uuid>,
    /// The merge it led to.
    step: Option<Uuid>,
}

impl From<Review> for ReviewOut {
    fn from(review: Review) -> Self {
        Self {
            id: review.id,
            one: review.one_id,
            other: review.other_id,
            one_record: review.one_record,
            other_record: review.other_record,
            band: review.band,
            weight: review.weight,
            evidence: review.detail.0,
            status: review.status,
            found_at: review.found_at,
            decided_at: review.decided_at,
            decided_by: review.decided_by,
            step: review.event_id,
        }
    }
}

/// A page of pairs.
#[derive(Serialize, ToSchema)]
pub(super) struct ReviewsPage {
    items: Vec<ReviewOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
    /// Give it as `before` for the page before.
    prev: Option<String>,
}

/// List pairs of customers who may be one
///
/// Those that wait, the heaviest first; the same filters and orders as the page.
#[utoipa::path(get, path = "/api/v1/identity/reviews", tag = "identity",
    params(
        ("f" = Option<String>, Query, description = "Filter: `band:in:link;weight:gte:10`"),
        ("sort" = Option<String>, Query, description = "`-weight`, `-found`"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("before" = Option<String>, Query, description = "`prev` of the page after"),
        ("n" = Option<i64>, Query, description = "Rows, 1–200, usually 50"),
        ("decided" = Option<bool>, Query, description = "Those decided instead"),
    ),
    responses((status = 200, body = ReviewsPage), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn reviews(
    who: ApiActor,
    State(rooms): State<Rooms>,
    RawQuery(query): RawQuery,
) -> Result<Json<ReviewsPage>, Problem> {
    who.actor.may(permissions::READ)?;
    let text = query.unwrap_or_default();
    let decided = web::url::pairs(&text).iter().any(|(k, v)| k == "decided" && v == "true");
    let spec = if decided { &identity_lists::DECIDED } else { &identity_lists::OPEN };
    let (query, _) = ListQuery::parse(&text, spec)?;
    let zone = who.web.config.time_zone;
    let today = Today { date: rooms.customers.now().with_timezone(&zone).date_naive(), zone };
    let mut tx = rooms.customers.db().read().await?;
    let found: web::list::Rows<identity_lists::Row> =
        web::list::fetch(&mut tx, spec, &query, None, today).await?;
    let ids: Vec<Uuid> = found.rows.iter().map(|row| row.id).collect();
    let items = crate::identity::reviews_by_ids(&mut tx, &ids).await?;
    Ok(Json(ReviewsPage {
        items: items.into_iter().map(ReviewOut::from).collect(),
        next: ids.last().filter(|_| found.more_after).map(ToString::to_string),
        prev: ids.first().filter(|_| found.more_before).map(ToString::to_string),
    }))
}

/// Read a pair
#[utoipa::path(get, path = "/api/v1/identity/reviews/{id}", tag = "identity",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ReviewOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn review(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<ReviewOut>, Problem> {
    let id = named_review(&path)?;
    Ok(Json(rooms.customers.review(&who.actor, id).await?.into()))
}

fn named_review(Path(id): &Path<String>) -> Result<Uuid, Problem> {
    Ok(id.parse().map_err(|_| Error::NotFound("review"))?)
}

/// What to say of a pair.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionIn {
    verdict: Verdict,
}

/// Decide a pair
///
/// `same` merges the two, `different` keeps them apart for good, `later` puts the pair off. Twice is
/// the same as once.
#[utoipa::path(put, path = "/api/v1/identity/reviews/{id}/decision", tag = "identity",
    params(("id" = Uuid, Path)), request_body = DecisionIn,
    responses((status = 200, body = ReviewOut), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn decide(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    bytes: Bytes,
) -> Result<Json<ReviewOut>, Problem> {
    who.actor.may(permissions::REVIEW)?;
    let given: DecisionIn = body(&bytes)?;
    let id = named_review(&path)?;
    let review = rooms.customers.decide_review(&who.actor, id, given.verdict).await?;
    Ok(Json(review.into_inner().into()))
}

/// Take a decision back
///
/// The pair waits again; what was merged is apart. Twice is the same as once.
#[utoipa::path(delete, path = "/api/v1/identity/reviews/{id}/decision", tag = "identity",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ReviewOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn undo_decision(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<ReviewOut>, Problem> {
    let id = named_review(&path)?;
    Ok(Json(rooms.customers.undo_review(&who.actor, id).await?.into_inner().into()))
}

/// Two customers who are one person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MergeIn {
    #[schema(value_type = Uuid)]
    one: CustomerId,
    #[schema(value_type = Uuid)]
    other: CustomerId,
}

/// What a merge or a split led to.
#[derive(Serialize, ToSchema)]
pub(super) struct StepOut {
    /// The customer that stays, or the one made.
    customer: Uuid,
    /// What to name to take it back; absent when there was nothing to do.
    step: Option<Uuid>,
}

/// Merge two customers
///
/// The older one stays. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/identity/merges", tag = "identity",
    request_body = MergeIn,
    responses((status = 200, body = StepOut), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn merge(
    who: ApiActor,
    State(rooms): State<Rooms>,
    bytes: Bytes,
) -> Result<Json<StepOut>, Problem> {
    who.actor.may(permissions::REVIEW)?;
    let given: MergeIn = body(&bytes)?;
    let merged = rooms.customers.merge(&who.actor, given.one, given.other).await?;
    let (step, stays) = merged.into_inner();
    Ok(Json(StepOut { customer: stays.uuid(), step }))
}

/// Records of somebody else.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SplitIn {
    #[schema(value_type = Uuid)]
    customer: CustomerId,
    #[schema(value_type = Vec<Uuid>)]
    records: Vec<RecordId>,
}

/// Split records off a customer
///
/// They become a customer of their own, with all versions of their keys.
#[utoipa::path(post, path = "/api/v1/identity/splits", tag = "identity",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = SplitIn,
    responses((status = 201, body = StepOut), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn split(
    who: ApiActor,
    State(rooms): State<Rooms>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Problem> {
    who.actor.may(permissions::REVIEW)?;
    let given: SplitIn = body(&bytes)?;
    let mut tx = rooms.customers.db().begin().await?;
    let begun = once::begin(&mut tx, &rooms.web, &who, &headers, "split customer", &bytes).await?;
    let (step, made) = match begun {
        Begun::Before(_, text) => {
            let (step, made) = text.split_once('/').ok_or(Error::NotFound("step"))?;
            let step = step.parse().map_err(|_| Error::NotFound("step"))?;
            (step, made.parse().map_err(|_| Error::NotFound("step"))?)
        }
        Begun::Go(key) => {
            let (customer, records) = (given.customer, given.records.as_slice());
            let split = rooms.customers.split_in(&mut tx, &who.actor, customer, records).await?;
            let (step, made) = split;
            once::finish(tx, &who, key, StatusCode::CREATED, &format!("{step}/{made}")).await?;
            (step, made.uuid())
        }
    };
    let out = StepOut { customer: made, step: Some(step) };
    Ok((StatusCode::CREATED, Json(out)).into_response())
}

/// Take a merge or a split back
///
/// Whatever happened since: records go back where they were, with those that followed them. Twice is
/// the same as once.
#[utoipa::path(post, path = "/api/v1/identity/steps/{id}/undo", tag = "identity",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Step), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn undo_step(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<Step>, Problem> {
    let id = id.parse().map_err(|_| Error::NotFound("step"))?;
    Ok(Json(rooms.customers.undo_step(&who.actor, id).await?.into_inner()))
}

/// Merges and splits of a customer
#[utoipa::path(get, path = "/api/v1/customers/{id}/steps", tag = "identity",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<Step>), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn steps(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<Vec<Step>>, Problem> {
    Ok(Json(rooms.customers.steps(&who.actor, named(&path)?, 200).await?))
}

/// A record that makes a customer. Contacts and documents are in it by keyed hash only.
#[derive(Serialize, ToSchema)]
pub(super) struct RecordOut {
    id: Uuid,
    source: String,
    source_key: String,
    version: i64,
    recorded_at: DateTime<Utc>,
    /// Why it is with this customer: `placed`, `source-key`, `member-no`, `document`, `booking`,
    /// `weight`, …
    evidence: String,
    /// The waterfall, where it was compared.
    detail: Option<serde_json::Value>,
}

/// The records that make a customer
///
/// The newest 200.
#[utoipa::path(get, path = "/api/v1/customers/{id}/records", tag = "identity",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<RecordOut>), (status = 401), (status = 403),
        (status = 404)))]
pub(super) async fn records(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<Vec<RecordOut>>, Problem> {
    let records = rooms.customers.records(&who.actor, named(&path)?, 200).await?;
    let out = records.into_iter().map(|record| RecordOut {
        id: record.id,
        source: record.source,
        source_key: record.source_key,
        version: record.version,
        recorded_at: record.recorded_at,
        evidence: record.evidence,
        detail: record.detail.map(|detail| detail.0),
    });
    Ok(Json(out.collect()))
}

/// A search that was started.
#[derive(Serialize, ToSchema)]
pub(super) struct RunOut {
    /// Its job.
    job: Uuid,
    /// Whether one was running already.
    running: bool,
}

/// Search everybody for people known twice
#[utoipa::path(post, path = "/api/v1/identity/runs", tag = "identity",
    responses((status = 202, body = RunOut), (status = 401), (status = 403)))]
pub(super) async fn run(who: ApiActor, State(rooms): State<Rooms>) -> Result<Response, Problem> {
    let (job, running) = match rooms.customers.start_run(&who.actor).await? {
        Outcome::Done(job) => (job, false),
        Outcome::AlreadyDone(job) => (job, true),
    };
    Ok((StatusCode::ACCEPTED, Json(RunOut { job, running })).into_response())
}
