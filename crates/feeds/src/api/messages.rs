//! Messages and their sources over HTTP.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::shape::JobOut;
use crate::messages::{Delivery, Entry, Filter, Received, Selection, Status};
use crate::pages::Rooms;
use crate::sources::{Health, Setting, Source, Tried};
use crate::{Error, permissions};

type Answer<T> = Result<Json<T>, Problem>;

/// Longest body taken. Longer files go through a folder or the command line.
pub(super) const LONGEST: usize = 64 * 1024 * 1024;

/// What was kept.
#[derive(Serialize, ToSchema)]
pub(super) struct ReceivedOut {
    messages: Vec<Received>,
}

#[derive(Deserialize)]
pub(super) struct AsOf {
    as_of: Option<chrono::NaiveDate>,
    name: Option<String>,
}

/// Takes in one message, or several one behind the other, as they came over the wire. Answers once
/// they are kept; the same bytes again are known and give the same ids.
#[utoipa::path(post, path = "/api/v1/feeds/{source}/messages", tag = "feeds",
    params(("source" = String, Path, description = "Name of the source; made if there is none"),
        ("as_of" = Option<chrono::NaiveDate>, Query,
            description = "The day by which days without a year are read; today by default"),
        ("name" = Option<String>, Query, description = "Name of the file")),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 202, body = ReceivedOut), (status = 413), (status = 422)))]
pub(super) async fn receive(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(source): Path<String>,
    Query(query): Query<AsOf>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<ReceivedOut>), Problem> {
    let name = query.name.unwrap_or_default();
    let delivery = Delivery { bytes: bytes.into(), name, as_of: query.as_of };
    let messages = rooms.feeds.receive(&who.actor, &source, delivery).await?;
    Ok((StatusCode::ACCEPTED, Json(ReceivedOut { messages })))
}

/// A page of messages.
#[derive(Serialize, ToSchema)]
pub(super) struct MessagesOut {
    items: Vec<Entry>,
    /// For `after`, when there are more.
    next: Option<String>,
}

/// Messages, newest first.
#[utoipa::path(get, path = "/api/v1/feeds/messages", tag = "feeds",
    params(("status" = Option<Status>, Query, description = "Where they stand"),
        ("kind" = Option<String>, Query, description = "`PNL`, …"),
        ("source" = Option<String>, Query, description = "Name of the source"),
        ("flight" = Option<String>, Query, description = "`CA1501`"),
        ("date" = Option<chrono::NaiveDate>, Query, description = "Local day of departure"),
        ("after" = Option<String>, Query, description = "Cursor of the page before"),
        ("limit" = Option<i64>, Query, description = "1–200, 50 by default")),
    responses((status = 200, body = MessagesOut)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Query(filter): Query<Filter>,
) -> Answer<MessagesOut> {
    let page = rooms.feeds.messages(&who.actor, &filter).await?;
    Ok(Json(MessagesOut { items: page.items, next: page.next }))
}

/// One message, without its text.
#[utoipa::path(get, path = "/api/v1/feeds/messages/{id}", tag = "feeds",
    params(("id" = Uuid, Path, description = "Message")),
    responses((status = 200, body = Entry), (status = 404)))]
pub(super) async fn get(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Answer<Entry> {
    Ok(Json(rooms.feeds.message(&who.actor, id).await?))
}

/// Why the text is asked for.
#[derive(Deserialize, ToSchema)]
pub(super) struct PurposeIn {
    /// `data-quality`, `fraud-check`, `resolve-complaint`, `serve-caller`, `data-request`.
    purpose: String,
}

/// The text in clear, for a purpose; who, what and why go into the audit trail.
#[utoipa::path(post, path = "/api/v1/feeds/messages/{id}/reveal", tag = "feeds",
    params(("id" = Uuid, Path, description = "Message")), request_body = PurposeIn,
    responses((status = 200, body = String, content_type = "text/plain"), (status = 403),
        (status = 404)))]
pub(super) async fn reveal(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Json(asked): Json<PurposeIn>,
) -> Result<String, Problem> {
    let purpose = asked.purpose.parse().map_err(|_| Error::Purpose)?;
    let bytes = rooms.feeds.reveal_message(&who.actor, id, purpose).await?;
    Ok(formats::text::decode(&bytes).as_str().to_owned())
}

/// Whether there was something to do.
#[derive(Serialize, ToSchema)]
pub(super) struct ReplayedOut {
    replayed: bool,
}

/// Has a message that was put aside read and applied again. A second call changes nothing.
#[utoipa::path(post, path = "/api/v1/feeds/messages/{id}/replay", tag = "feeds",
    params(("id" = Uuid, Path, description = "Message")),
    responses((status = 202, body = ReplayedOut), (status = 404)))]
pub(super) async fn replay(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<ReplayedOut>), Problem> {
    let replayed = rooms.feeds.replay(&who.actor, id).await?;
    Ok((StatusCode::ACCEPTED, Json(ReplayedOut { replayed })))
}

/// Takes the corrected text of a message that was put aside as a new message in its place.
#[utoipa::path(post, path = "/api/v1/feeds/messages/{id}/correction", tag = "feeds",
    params(("id" = Uuid, Path, description = "Message")),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 202, body = Received), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn correct(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    text: String,
) -> Result<(StatusCode, Json<Received>), Problem> {
    let made = rooms.feeds.correct(&who.actor, id, &text).await?;
    Ok((StatusCode::ACCEPTED, Json(made)))
}

/// Drops a message from quarantine: it stays, nothing is taken from it.
#[utoipa::path(post, path = "/api/v1/feeds/messages/{id}/drop", tag = "feeds",
    params(("id" = Uuid, Path, description = "Message")),
    responses((status = 204), (status = 404), (status = 409)))]
pub(super) async fn put_aside(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    rooms.feeds.put_aside(&who.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which messages to replay.
#[derive(Deserialize, ToSchema)]
pub(super) struct ReplayIn {
    /// Ids, or
    #[serde(default)]
    ids: Vec<Uuid>,
    /// a query as in the address of the list: `f=status:in:quarantined;kind:in:PNL`.
    query: Option<String>,
}

/// Has many messages replayed in the background.
#[utoipa::path(post, path = "/api/v1/feeds/replay", tag = "feeds", request_body = ReplayIn,
    responses((status = 202, body = JobOut), (status = 422)))]
pub(super) async fn replay_many(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Json(asked): Json<ReplayIn>,
) -> Result<(StatusCode, Json<JobOut>), Problem> {
    who.actor.may(permissions::REPLAY).map_err(Error::from)?;
    let selection = Selection::of(asked.ids, asked.query, rooms.feeds.now().date_naive());
    let job = rooms.feeds.start_replay(&who.actor, &selection).await?;
    Ok((StatusCode::ACCEPTED, Json(JobOut { job })))
}

/// All sources with their last 24 hours.
#[utoipa::path(get, path = "/api/v1/feeds/sources", tag = "feeds",
    responses((status = 200, body = Vec<Health>)))]
pub(super) async fn sources(who: ApiActor, State(rooms): State<Rooms>) -> Answer<Vec<Health>> {
    Ok(Json(rooms.feeds.health(&who.actor).await?))
}

/// Makes a source or changes how it is set.
#[utoipa::path(put, path = "/api/v1/feeds/sources/{name}", tag = "feeds",
    params(("name" = String, Path, description = "Small letters, digits, hyphens")),
    request_body = Setting, responses((status = 200, body = Source), (status = 422)))]
pub(super) async fn set_source(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
    Json(setting): Json<Setting>,
) -> Answer<Source> {
    let setting = Setting { name, ..setting };
    Ok(Json(rooms.feeds.set_source(&who.actor, &setting).await?))
}

/// Connects to an SFTP server or mailbox and looks, without taking anything.
#[utoipa::path(post, path = "/api/v1/feeds/sources/{name}/try", tag = "feeds",
    params(("name" = String, Path, description = "Source")),
    responses((status = 200, body = Tried), (status = 404), (status = 422)))]
pub(super) async fn try_source(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
) -> Answer<Tried> {
    Ok(Json(rooms.feeds.try_source(&who.actor, &name).await?))
}

/// A write key, shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyOut {
    write_key: String,
}

/// Makes a new write key for a web source; the one before ends at once.
#[utoipa::path(post, path = "/api/v1/feeds/sources/{name}/key", tag = "feeds",
    params(("name" = String, Path, description = "Source")),
    responses((status = 201, body = KeyOut), (status = 404), (status = 422)))]
pub(super) async fn make_key(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<KeyOut>), Problem> {
    let key = rooms.feeds.make_write_key(&who.actor, &name).await?;
    Ok((StatusCode::CREATED, Json(KeyOut { write_key: key.reveal().clone() })))
}
