//! `/tasks`: what has been promised to customers, on a board by day.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::IntoResponse;
use chrono::NaiveDate;
use web::form::Fields;
use web::{Ctx, PageError, PageResult, Toast};

use super::Rooms;
use super::extras::id;
use crate::board::{Column, Move, Shown, Whose};
use crate::{TaskId, permissions};

const VIEWS: [(Whose, &str); 3] =
    [(Whose::Mine, "mine"), (Whose::Nobody, "nobody"), (Whose::Everybody, "everybody")];

struct Card {
    id: TaskId,
    title: String,
    name: String,
    href: String,
    due: Option<NaiveDate>,
    who: String,
}

struct Lane {
    key: &'static str,
    title: String,
    total: i64,
    cards: Vec<Card>,
    /// What a card put here becomes; empty when none can be put here.
    target: String,
    more: i64,
}

#[derive(Template)]
#[template(path = "customers/tasks.html")]
struct BoardPage<'a> {
    ctx: &'a Ctx,
    lanes: Vec<Lane>,
    views: Vec<(&'static str, String, bool)>,
    may_edit: bool,
    empty: bool,
    /// Moves offered on every card: value and words.
    moves: Vec<(String, String)>,
}

pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let asked = web::url::pairs(&query.unwrap_or_default());
    let asked = asked.into_iter().find(|(name, _)| name == "whose").map(|(_, value)| value);
    let view = VIEWS.into_iter().find(|(_, key)| asked.as_deref() == Some(*key));
    let whose = view.map_or(Whose::default(), |(whose, _)| whose);
    let today = ctx.today();
    let board = rooms.customers.board(&ctx.actor, whose, today).await?;
    let ids: Vec<uuid::Uuid> =
        board.iter().flat_map(|lane| &lane.cards).filter_map(|card| card.assignee_id).collect();
    let names = ctx.web.access.names(&ids).await?;
    let of_card = |card: crate::board::Card| Card {
        id: card.id,
        name: ctx.name(&card.name),
        href: format!("/customers/{}#tasks", card.customer_id),
        due: card.due_on,
        who: card.assignee_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        title: card.title,
    };
    let lane = |shown: Shown| Lane {
        key: shown.column.as_str(),
        title: ctx.t(&format!("customers-board-{}", shown.column.as_str())),
        total: shown.total,
        more: shown.total - shown.cards.len() as i64,
        cards: shown.cards.into_iter().map(of_card).collect(),
        target: shown.column.target(today).map(Move::text).unwrap_or_default(),
    };
    let view = |(one, key): (Whose, &'static str)| {
        (key, ctx.t(&format!("customers-board-{key}")), one == whose)
    };
    let moves = Column::ALL.into_iter().filter_map(|column| {
        let words = ctx.t(&format!("customers-board-to-{}", column.as_str()));
        Some((column.target(today)?.text(), words))
    });
    let page = BoardPage {
        empty: board.iter().all(|lane| lane.total == 0),
        lanes: board.into_iter().map(lane).collect(),
        views: VIEWS.map(view).to_vec(),
        may_edit: ctx.actor.may(permissions::EDIT).is_ok(),
        moves: moves.collect(),
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

/// `POST /tasks/{task}/day`: the day chosen on the card.
pub(super) async fn to_day(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(task): Path<String>,
    form: Fields,
) -> PageResult {
    let day = if form.get("day").is_empty() { "undated" } else { form.get("day") };
    moved(&ctx, &rooms, &form, &task, day).await
}

/// `POST /tasks/{task}/to/{target}`: into a column, or back with undo.
pub(super) async fn to(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((task, target)): Path<(String, String)>,
    form: Fields,
) -> PageResult {
    moved(&ctx, &rooms, &form, &task, &target).await
}

async fn moved(ctx: &Ctx, rooms: &Rooms, form: &Fields, task: &str, target: &str) -> PageResult {
    let task: TaskId = id(task)?;
    let to = Move::read(target).ok_or_else(PageError::not_found)?;
    let outcome = rooms.customers.move_task(&ctx.actor, task, to).await?;
    let again = outcome.is_repeat();
    let was = outcome.into_inner();
    let said = match to {
        Move::Done => ctx.t("customers-task-finished"),
        Move::Due(None) => ctx.t("customers-board-moved-undated"),
        Move::Due(Some(day)) => ctx.t1("customers-board-moved", "day", ctx.day(day)),
    };
    let toast = Toast::good(said);
    let undo = format!("/tasks/{task}/to/{}", was.text());
    let toast = if again { toast } else { toast.undo(undo) };
    let back = if form.get("back").is_empty() { "/tasks" } else { form.get("back") };
    Ok(ctx.see(back).toast(toast).into_response())
}
