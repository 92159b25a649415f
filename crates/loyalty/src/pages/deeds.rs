//! What is done to a member by one person: freezing, and nominees.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kernel::names::PersonName;
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult, Toast};

use super::forms::{Ask, Input, Kind, mistakes, told};
use super::head::Head;
use crate::ledger::AccountState;
use crate::members::FREEZE_REASONS;
use crate::members::nominees::{NewNominee, NomineeId};
use crate::{Error, MemberId, Rooms, permissions};

/// Words and addresses above a form about a member.
pub(super) fn crumbs(ctx: &Ctx, head: &Head) -> Vec<(String, String)> {
    vec![(ctx.t("loyalty-list-title"), "/members".to_owned()), (head.title.clone(), head.href())]
}

fn freeze_form<'a>(ctx: &'a Ctx, head: &Head, errors: Errors) -> Ask<'a> {
    let open = head.member.state == AccountState::Open;
    let reasons = FREEZE_REASONS
        .iter()
        .map(|one| ((*one).to_owned(), ctx.t(&format!("loyalty-freeze-{one}"))));
    let states = [AccountState::DebitsFrozen, AccountState::Frozen, AccountState::Open];
    let may_open = ctx.actor.may(permissions::UNFREEZE).is_ok();
    let states = states
        .into_iter()
        .filter(|state| *state != head.member.state && (*state != AccountState::Open || may_open));
    let choices: Vec<(String, String)> = states
        .map(|it| (it.as_str().to_owned(), ctx.t(&format!("loyalty-freeze-to-{}", it.as_str()))))
        .collect();
    let first = if open { "debits-frozen" } else { "open" };
    Ask {
        ctx,
        title: ctx.t(if open { "loyalty-freeze" } else { "loyalty-unfreeze" }),
        crumbs: crumbs(ctx, head),
        intro: vec![ctx.t("loyalty-freeze-what")],
        action: format!("{}/freeze", head.href()),
        inputs: vec![
            Input::new("state", ctx.t("loyalty-freeze-to"), Kind::Choice(choices)).value(first),
            Input::new("reason", ctx.t("loyalty-freeze-why"), Kind::Choice(reasons.collect())),
        ],
        errors,
        button: ctx.t("loyalty-freeze-do"),
        icon: if open { "lock" } else { "lock-open" },
        back: head.href(),
    }
}

/// `GET /members/{id}/freeze`
pub(super) async fn ask_freeze(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::FREEZE)?;
    let head = Head::of(&ctx, &rooms, super::id(&id)?, "account").await?;
    Ok(freeze_form(&ctx, &head, Errors::none()).page(None))
}

/// `POST /members/{id}/freeze`
pub(super) async fn freeze(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: MemberId = super::id(&id)?;
    let state = fields.get("state").parse();
    let state = state.map_err(|_| Error::invalid("state", "loyalty-state"));
    let frozen = match state {
        Ok(state) => rooms.loyalty.freeze(&ctx.actor, id, state, fields.get("reason")).await,
        Err(error) => Err(error),
    };
    match frozen {
        Ok(_) => {
            let opened = fields.get("state") == "open";
            let key = if opened { "loyalty-unfrozen" } else { "loyalty-frozen" };
            Ok(ctx.see(&super::href(id)).toast(Toast::good(ctx.t(key))).into_response())
        }
        Err(error) => {
            let errors = mistakes(&ctx, error)?;
            let head = Head::of(&ctx, &rooms, id, "account").await?;
            Ok(freeze_form(&ctx, &head, errors).page(Some(&fields)))
        }
    }
}

fn nominee_form<'a>(ctx: &'a Ctx, head: &Head, errors: Errors) -> Ask<'a> {
    let line = |name, key: &str, kind| Input::new(name, ctx.t(key), Kind::Line(kind));
    Ask {
        ctx,
        title: ctx.t("loyalty-nominee-add"),
        crumbs: crumbs(ctx, head),
        intro: vec![ctx.t("loyalty-nominee-what")],
        action: format!("{}/nominees", head.href()),
        inputs: vec![
            line("name", "loyalty-nominee-name", "text").help(ctx.t("loyalty-name-help")),
            line("birth_date", "loyalty-birth-date", "date"),
            line("document", "loyalty-nominee-document", "text")
                .help(ctx.t("loyalty-nominee-document-help")),
            Input::new("guardian_consent", ctx.t("loyalty-nominee-consent"), Kind::Tick)
                .help(ctx.t("loyalty-nominee-consent-help")),
        ],
        errors,
        button: ctx.t("loyalty-nominee-add"),
        icon: "user-plus",
        back: head.href(),
    }
}

/// `GET /members/{id}/nominees`
pub(super) async fn ask_nominee(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::EDIT)?;
    let head = Head::of(&ctx, &rooms, super::id(&id)?, "account").await?;
    Ok(nominee_form(&ctx, &head, Errors::none()).page(None))
}

/// `POST /members/{id}/nominees`: one who is named already stays as they are.
pub(super) async fn nominee(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    ctx.actor.may(permissions::EDIT)?;
    let id: MemberId = super::id(&id)?;
    let added = match fields.get("birth_date").parse::<NaiveDate>() {
        Ok(born) => {
            let new = NewNominee {
                name: PersonName::parse(fields.get("name")),
                birth_date: born.into(),
                document: fields.get("document").to_owned().into(),
                guardian_consent: fields.has("guardian_consent"),
            };
            rooms.loyalty.add_nominees(&ctx.actor, id, &[new]).await
        }
        Err(_) => Err(Error::invalid("birth_date", "loyalty-birth-date")),
    };
    match added {
        Ok(_) => {
            let said = Toast::good(ctx.t("loyalty-nominee-added"));
            Ok(ctx.see(&super::href(id)).toast(said).into_response())
        }
        Err(error) => again(&ctx, &rooms, id, error, &fields).await,
    }
}

async fn again(
    ctx: &Ctx,
    rooms: &Rooms,
    id: MemberId,
    error: Error,
    fields: &Fields,
) -> Result<Response, PageError> {
    let errors = mistakes(ctx, error)?;
    let head = Head::of(ctx, rooms, id, "account").await?;
    Ok(nominee_form(ctx, &head, errors).page(Some(fields)))
}

/// `POST /members/{id}/nominees/{nominee}/remove`
pub(super) async fn remove_nominee(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, nominee)): Path<(String, String)>,
    _: Fields,
) -> PageResult {
    let (id, nominee): (MemberId, NomineeId) = (super::id(&id)?, super::id(&nominee)?);
    let removed = rooms.loyalty.remove_nominee(&ctx.actor, id, nominee).await;
    told(&ctx, removed, &super::href(id), "loyalty-nominee-removed")
}
