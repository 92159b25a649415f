//! Small forms on the page of a customer: notes, tags, tasks, trash.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::form::{Fields, Form};
use web::{Ctx, PageError, PageResult, Toast};

use super::Rooms;
use crate::tasks::NewTask;
use crate::{CustomerId, Error, NoteId, TaskId};

/// An id in an address that is none leads to "not found", not to a complaint about its form.
pub(super) fn id<T: std::str::FromStr>(text: &str) -> Result<T, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

fn back(ctx: &Ctx, id: CustomerId, place: &str, said: Toast) -> Response {
    ctx.see(&format!("/customers/{id}{place}")).toast(said).into_response()
}

/// A mistake in a small form is told in the corner; what was typed is short.
fn or_toast<T>(ctx: &Ctx, result: Result<T, Error>, key: &str) -> Result<Toast, PageError> {
    match result {
        Ok(_) => Ok(Toast::good(ctx.t(key))),
        Err(Error::Text(limit)) => Ok(Toast::bad(ctx.t1("error-customers-text", "limit", limit))),
        Err(other) => Err(other.into()),
    }
}

#[derive(Deserialize)]
pub(super) struct NoteForm {
    #[serde(default)]
    body: String,
}

pub(super) async fn add_note(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(customer): Path<String>,
    Form(form): Form<NoteForm>,
) -> PageResult {
    let customer = id(&customer)?;
    let added = rooms.customers.add_note(&ctx.actor, customer, &form.body).await;
    let said = or_toast(&ctx, added, "customers-note-added")?;
    Ok(back(&ctx, customer, "#timeline", said))
}

pub(super) async fn remove_note(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((customer, note)): Path<(String, String)>,
    _: Fields,
) -> PageResult {
    let (customer, note): (CustomerId, NoteId) = (id(&customer)?, id(&note)?);
    let _ = rooms.customers.remove_note(&ctx.actor, customer, note).await?;
    Ok(back(&ctx, customer, "#timeline", Toast::good(ctx.t("customers-note-removed"))))
}

#[derive(Deserialize)]
pub(super) struct TagForm {
    #[serde(default)]
    tag: String,
}

pub(super) async fn add_tag(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(customer): Path<String>,
    Form(form): Form<TagForm>,
) -> PageResult {
    let customer = id(&customer)?;
    let added = rooms.customers.add_tag(&ctx.actor, customer, &form.tag).await;
    let said = or_toast(&ctx, added, "customers-tag-added")?;
    Ok(back(&ctx, customer, "#tags", said))
}

pub(super) async fn remove_tag(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(customer): Path<String>,
    Form(form): Form<TagForm>,
) -> PageResult {
    let customer = id(&customer)?;
    let removed = rooms.customers.remove_tag(&ctx.actor, customer, &form.tag).await;
    let said = or_toast(&ctx, removed, "customers-tag-removed")?;
    Ok(back(&ctx, customer, "#tags", said))
}

#[derive(Deserialize)]
pub(super) struct TaskForm {
    #[serde(default)]
    title: String,
    #[serde(default)]
    due_on: String,
    #[serde(default)]
    assignee: String,
}

pub(super) async fn add_task(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(customer): Path<String>,
    Form(form): Form<TaskForm>,
) -> PageResult {
    let customer = id(&customer)?;
    let new = NewTask {
        title: form.title,
        due_on: form.due_on.parse().ok(),
        assignee_id: form.assignee.parse().ok().or(Some(ctx.actor.id)),
    };
    let added = rooms.customers.add_task(&ctx.actor, customer, new).await;
    let said = or_toast(&ctx, added, "customers-task-added")?;
    Ok(back(&ctx, customer, "#tasks", said))
}

#[derive(Deserialize)]
pub(super) struct DoneForm {
    #[serde(default)]
    done: String,
}

pub(super) async fn finish_task(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((customer, task)): Path<(String, String)>,
    Form(form): Form<DoneForm>,
) -> PageResult {
    let (customer, task): (CustomerId, TaskId) = (id(&customer)?, id(&task)?);
    let done = form.done == "1";
    let _ = rooms.customers.finish_task(&ctx.actor, customer, task, done).await?;
    let key = if done { "customers-task-finished" } else { "customers-task-reopened" };
    Ok(back(&ctx, customer, "#tasks", Toast::good(ctx.t(key))))
}

pub(super) async fn trash(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(customer): Path<String>,
    _: Fields,
) -> PageResult {
    let customer: CustomerId = id(&customer)?;
    let _ = rooms.customers.trash(&ctx.actor, customer).await?;
    let said =
        Toast::good(ctx.t("customers-trashed")).undo(format!("/customers/{customer}/restore"));
    Ok(ctx.see("/customers").toast(said).into_response())
}

pub(super) async fn restore(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(customer): Path<String>,
    _: Fields,
) -> PageResult {
    let customer: CustomerId = id(&customer)?;
    let _ = rooms.customers.restore(&ctx.actor, customer).await?;
    Ok(back(&ctx, customer, "", Toast::good(ctx.t("customers-restored"))))
}
