use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Lang;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::once::{self, Begun};
use web::{ApiActor, Problem};

use super::shape::Made;
use super::{Rooms, body, named};
use crate::programmes::{self, Draft, Located, Version, VersionState};
use crate::{Error, permissions};

/// A version of a programme's rules.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionOut {
    id: Uuid,
    programme: String,
    version: i64,
    state: VersionState,
    /// First day of the flights it holds for.
    valid_from: NaiveDate,
    /// SHA-256 of the text.
    hash: String,
    note: String,
    written_at: DateTime<Utc>,
    written_by: Uuid,
    proposed_at: Option<DateTime<Utc>>,
    proposed_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<Uuid>,
    decided_note: String,
}

impl From<Version> for VersionOut {
    fn from(it: Version) -> Self {
        Self {
            id: it.id.into(),
            programme: it.programme,
            version: it.version,
            state: it.state,
            valid_from: it.valid_from,
            hash: it.hash,
            note: it.note,
            written_at: it.written.0,
            written_by: it.written.1,
            proposed_at: it.proposed.map(|(at, _)| at),
            proposed_by: it.proposed.map(|(_, who)| who),
            decided_at: it.decided.map(|(at, _)| at),
            decided_by: it.decided.map(|(_, who)| who),
            decided_note: it.decided_note,
        }
    }
}

/// Versions, newest number first.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionsOut {
    items: Vec<VersionOut>,
}

/// A version with its text and what does not fit in it.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionTextOut {
    #[serde(flatten)]
    version: VersionOut,
    /// TOML, to the byte as it was drafted.
    text: String,
    findings: Vec<FindingOut>,
}

/// What does not fit.
#[derive(Serialize, ToSchema)]
pub(super) struct FindingOut {
    /// It cannot be proposed with it.
    is_error: bool,
    /// The table.
    place: &'static str,
    /// Lines of the rows it is about.
    lines: Vec<usize>,
    /// In the reader's language.
    message: String,
    remedy: &'static str,
}

fn findings(found: &[Located], lang: Lang) -> Vec<FindingOut> {
    let out = |it: &Located| FindingOut {
        is_error: it.is_error(),
        place: it.finding.place,
        lines: it.lines.clone(),
        message: it.finding.say(lang),
        remedy: it.finding.remedy(lang),
    };
    found.iter().map(out).collect()
}

/// List the versions of a programme
#[utoipa::path(get, path = "/api/v1/programmes/{code}/versions", tag = "programmes",
    params(("code" = String, Path)),
    responses((status = 200, body = VersionsOut), (status = 401), (status = 403)))]
pub(super) async fn versions(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(code): Path<String>,
) -> Result<Json<VersionsOut>, Problem> {
    let all = rooms.loyalty.programme_versions(&who.actor, &code).await?;
    Ok(Json(VersionsOut { items: all.into_iter().map(VersionOut::from).collect() }))
}

/// Read a version
///
/// With its text: what was drafted.
#[utoipa::path(get, path = "/api/v1/programme-versions/{id}", tag = "programmes",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = VersionTextOut), (status = 401), (status = 403),
        (status = 404)))]
pub(super) async fn version(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<VersionTextOut>, Problem> {
    let id = named(&id, "version")?;
    let (version, text) = rooms.loyalty.programme_version(&who.actor, id).await?;
    let (_, found) = programmes::check(&text)?;
    let findings = findings(&found, who.lang);
    Ok(Json(VersionTextOut { version: version.into(), text, findings }))
}

/// A document to be kept as a draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftIn {
    /// TOML.
    text: String,
    /// First day of the flights it holds for, once approved.
    valid_from: NaiveDate,
    /// Why, up to 500 characters.
    #[serde(default)]
    note: String,
}

/// Draft a version
///
/// New, or again while it is a draft: by the document's code and number. Read it for its findings.
#[utoipa::path(post, path = "/api/v1/programme-versions", tag = "programmes",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = DraftIn,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 409),
        (status = 422)))]
pub(super) async fn draft(
    who: ApiActor,
    State(rooms): State<Rooms>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Made>), Problem> {
    who.actor.may(permissions::PROGRAMME)?;
    let DraftIn { text, valid_from, note } = body(&bytes)?;
    let draft = Draft { text, valid_from, note };
    let mut tx = rooms.loyalty.db().begin().await?;
    let begun = once::begin(&mut tx, &rooms.web, &who, &headers, "draft", &bytes).await?;
    let (status, id) = match begun {
        Begun::Before(status, made) => (status, made),
        Begun::Go(key) => {
            let made = rooms.loyalty.draft_programme_in(&mut tx, &who.actor, &draft).await?;
            let id = made.id.to_string();
            once::finish(tx, &who, key, StatusCode::CREATED, &id).await?;
            (StatusCode::CREATED, id)
        }
    };
    Ok((status, Json(Made { id })))
}

/// Propose a version
///
/// Puts a draft without errors before another person. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/programme-versions/{id}/proposal", tag = "programmes",
    params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn propose(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = named(&id, "version")?;
    let _ = rooms.loyalty.propose_programme(&who.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A decision about a version.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionDecisionIn {
    /// Put it in force, or turn it down.
    approve: bool,
    /// Why, up to 500 characters.
    #[serde(default)]
    note: String,
}

/// Decide a version
///
/// Nobody approves what they wrote or proposed. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/programme-versions/{id}/decision", tag = "programmes",
    params(("id" = Uuid, Path)),
    request_body = VersionDecisionIn,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409),
        (status = 422)))]
pub(super) async fn decide(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, Problem> {
    let id = named(&id, "version")?;
    let given: VersionDecisionIn = body(&bytes)?;
    let (approve, note) = (given.approve, given.note);
    let _ = rooms.loyalty.decide_programme(&who.actor, id, approve, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a version changes.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangesOut {
    /// The approved version that holds on its first day; none when nothing does.
    against: Option<Uuid>,
    /// Table, row, field, before and after.
    #[schema(value_type = Vec<Object>)]
    items: Vec<programme::document::Change>,
}

/// Compare a version with the one in force
#[utoipa::path(get, path = "/api/v1/programme-versions/{id}/changes", tag = "programmes",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ChangesOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn changes(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<ChangesOut>, Problem> {
    let id = named(&id, "version")?;
    let found = rooms.loyalty.programme_changes(&who.actor, id).await?;
    let (against, items) = found.map_or((None, Vec::new()), |(id, items)| (Some(id.into()), items));
    Ok(Json(ChangesOut { against, items }))
}

/// A shipped programme.
#[derive(Serialize, ToSchema)]
pub(super) struct ExampleOut {
    /// TOML.
    text: String,
}

/// Read a shipped example
///
/// `bridge-km`, `bay-year` or `tern-fare`: to begin with.
#[utoipa::path(get, path = "/api/v1/programme-examples/{code}", tag = "programmes",
    params(("code" = String, Path)),
    responses((status = 200, body = ExampleOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn example(
    who: ApiActor,
    Path(code): Path<String>,
) -> Result<Json<ExampleOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let text = programmes::example(&code).ok_or(Error::NotFound("version"))?;
    Ok(Json(ExampleOut { text: text.to_owned() }))
}
