//! A bulk action on its way: asked about with its count, started, looked at, taken back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use uuid::Uuid;
use web::form::Fields;
use web::list::Picked;
use web::{Ctx, PageError, PageResult, Toast};

use super::words::{self, Tell as _};
use super::{Rooms, extras, lists};
use crate::bulk::{Action, Bulk, Selection};
use crate::{Error, permissions, tags};

/// What the form asks before anything is done.
#[derive(Template)]
#[template(path = "customers/bulk_ask.html")]
struct Ask<'a> {
    ctx: &'a Ctx,
    what: &'a str,
    count: i64,
    hidden: Vec<(&'static str, String)>,
    owners: Vec<(String, String)>,
    tags: Vec<String>,
    tag: String,
    wrong: Option<String>,
    back: String,
}

#[derive(Template)]
#[template(path = "customers/bulk_show.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    bulk: &'a Bulk,
    what: &'static str,
    who: String,
    undoable: bool,
    detail: String,
}

impl words::Tell for Ask<'_> {
    fn reader(&self) -> &Ctx {
        self.ctx
    }
}

impl words::Tell for Show<'_> {
    fn reader(&self) -> &Ctx {
        self.ctx
    }
}

fn selection(ctx: &Ctx, what: &str, fields: &Fields) -> Result<Selection, PageError> {
    let list = if what == "restore" { &lists::TRASH } else { &lists::LIST };
    Ok(Selection {
        list: list.key.to_owned(),
        picked: Picked::read(fields)?,
        today: ctx.today(),
        zone: ctx.zone.name().to_owned(),
    })
}

fn known(what: &str) -> Result<(), PageError> {
    if ["tag", "assign", "trash", "restore"].contains(&what) {
        Ok(())
    } else {
        Err(PageError::not_found())
    }
}

/// `POST /customers/bulk/{what}`: how many would it be, and with what?
pub(super) async fn ask(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(what): Path<String>,
    fields: Fields,
) -> PageResult {
    known(&what)?;
    ask_with(&ctx, &rooms, &what, &fields, None).await
}

async fn ask_with(
    ctx: &Ctx,
    rooms: &Rooms,
    what: &str,
    fields: &Fields,
    wrong: Option<String>,
) -> PageResult {
    ctx.actor.may(permissions::BULK)?;
    let selection = selection(ctx, what, fields)?;
    let count = rooms.customers.count_selection(&ctx.actor, &selection).await?;
    let mut owners = vec![(String::new(), ctx.t("customers-nobody"))];
    if what == "assign" {
        owners.extend(rooms.customers.possible_owners().await?);
    }
    let page = Ask {
        ctx,
        what,
        count,
        hidden: selection.picked.hidden(),
        owners,
        tags: rooms.customers.tags(&ctx.actor).await?,
        tag: fields.get("tag").to_owned(),
        wrong,
        back: web::flash::own(fields.get("back")),
    };
    Ok(ctx.page(&page))
}

/// `POST /customers/bulk/{what}/run`
pub(super) async fn run(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(what): Path<String>,
    fields: Fields,
) -> PageResult {
    known(&what)?;
    let action = match what.as_str() {
        "tag" => match tags::tidy(fields.get("tag")) {
            Ok(tag) => Action::Tag { tag },
            Err(_) => {
                let wrong = ctx.t1("error-customers-text", "limit", tags::LONGEST);
                return ask_with(&ctx, &rooms, &what, &fields, Some(wrong)).await;
            }
        },
        "assign" => Action::Assign { owner: fields.get("owner").parse().ok() },
        "trash" => Action::Trash,
        _ => Action::Restore,
    };
    let selection = selection(&ctx, &what, &fields)?;
    match rooms.customers.start_bulk(&ctx.actor, action, selection).await {
        Ok((bulk, _)) => {
            let said = Toast::info(ctx.t("customers-bulk-started"));
            Ok(ctx.see(&format!("/customers/bulk/{bulk}")).toast(said).into_response())
        }
        Err(Error::NothingSelected) => {
            let said = Toast::warn(ctx.t("error-customers-nothing-selected"));
            Ok(ctx.see("/customers").toast(said).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /customers/bulk/{id}`
pub(super) async fn show(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let id: Uuid = extras::id(&id)?;
    let bulk = rooms.customers.bulk(&ctx.actor, id).await?;
    let mut people = vec![bulk.created_by];
    if let Action::Assign { owner: Some(owner) } = &bulk.action {
        people.push(*owner);
    }
    let names = ctx.web.access.names(&people).await?;
    let detail = match &bulk.action {
        Action::Tag { tag } => tag.clone(),
        Action::Assign { owner: Some(owner) } => names.get(owner).cloned().unwrap_or_default(),
        Action::Assign { owner: None } => ctx.t("customers-nobody"),
        Action::Trash | Action::Restore => String::new(),
    };
    let page = Show {
        ctx: &ctx,
        what: bulk.action.as_str(),
        who: names.get(&bulk.created_by).cloned().unwrap_or_default(),
        undoable: bulk.undoable(ctx.now) && ctx.actor.may(permissions::BULK).is_ok(),
        detail,
        bulk: &bulk,
    };
    Ok(ctx.page(&page))
}

/// `POST /customers/bulk/{id}/undo`
pub(super) async fn undo(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    _: Fields,
) -> PageResult {
    let id: Uuid = extras::id(&id)?;
    let _ = rooms.customers.undo_bulk(&ctx.actor, id).await?;
    let said = Toast::info(ctx.t("customers-bulk-undo-started"));
    Ok(ctx.see(&format!("/customers/bulk/{id}")).toast(said).into_response())
}
