//! Merging two memberships of one person: the other is looked for, both are shown, then asked.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use kernel::Outcome;
use uuid::Uuid;
use web::form::Fields;
use web::{Ctx, PageError, PageResult, Toast};

use super::forms::refusal;
use super::head::Head;
use super::{href, words};
use crate::ledger::Unit;
use crate::{Error, MemberId, Rooms, permissions};

/// Members offered.
const MOST: usize = 12;

/// One of the two.
struct Side {
    title: String,
    href: String,
    number: String,
    tier: (&'static str, String, String),
    since: String,
    miles: String,
}

struct Found {
    id: String,
    name: String,
    number: String,
}

#[derive(Template)]
#[template(path = "loyalty/members/merge.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    asked: String,
    found: Vec<Found>,
    /// Goes, stays: once the other is chosen.
    pair: Option<(Side, Side)>,
    other: String,
}

/// `GET /members/{id}/merge?q=…` and `?other=…`
pub(super) async fn ask(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::MERGE)?;
    let id: MemberId = super::id(&id)?;
    let head = Head::of(&ctx, &rooms, id, "account").await?;
    let fields = Fields(web::url::pairs(&ctx.query));
    let (asked, other) = (fields.get("q").to_owned(), fields.get("other").to_owned());
    let mut show = Show { ctx: &ctx, head: &head, asked, found: Vec::new(), pair: None, other };
    if show.other.is_empty() {
        show.found = found(&ctx, &rooms, &head, &show.asked).await?;
        return Ok(ctx.page(&show));
    }
    let other = Head::of(&ctx, &rooms, super::id(&show.other)?, "account").await?;
    show.pair = Some((side(&ctx, &rooms, &head).await?, side(&ctx, &rooms, &other).await?));
    Ok(ctx.page(&show))
}

/// Those asked for by number; without a question the same person's.
async fn found(
    ctx: &Ctx,
    rooms: &Rooms,
    head: &Head,
    asked: &str,
) -> Result<Vec<Found>, PageError> {
    let loyalty = &rooms.loyalty;
    let found = if asked.trim().is_empty() {
        let Some(customer) = head.named.customer else { return Ok(Vec::new()) };
        let own = loyalty.members_of(&ctx.actor, customer).await?;
        let mut tx = ctx.web.db.read().await?;
        loyalty.named(&mut tx, own.iter().map(|one| one.id)).await?.into_values().collect()
    } else {
        loyalty.find_members(&ctx.actor, asked, MOST + 1).await?
    };
    let others = found
        .into_iter()
        .filter(|one| one.id != head.member.id && one.programme == head.member.programme);
    let shown = others.take(MOST).map(|one| Found {
        id: one.id.to_string(),
        name: words::called(ctx, &one),
        number: words::number(&one.member_no),
    });
    Ok(shown.collect())
}

async fn side(ctx: &Ctx, rooms: &Rooms, head: &Head) -> Result<Side, PageError> {
    let mut tx = ctx.web.db.read().await?;
    let accounts = rooms.loyalty.accounts(&mut tx, head.member.id).await?;
    let miles: i64 =
        accounts.iter().filter(|it| it.book.unit == Unit::Miles).map(|it| it.balance).sum();
    Ok(Side {
        title: head.title.clone(),
        href: head.href(),
        number: head.number.clone(),
        tier: head.tier.clone(),
        since: ctx.date(head.enrolled(ctx)),
        miles: words::amount(ctx, head.programme(), Unit::Miles, miles),
    })
}

/// `POST /members/{id}/merge`
pub(super) async fn merge(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let (id, into): (MemberId, MemberId) = (super::id(&id)?, super::id(fields.get("other"))?);
    let (said, to) = match rooms.loyalty.merge_members(&ctx.actor, id, into).await {
        Ok(Outcome::Done(merge)) => {
            let undo = format!("/members/merges/{merge}/undo");
            (Toast::good(ctx.t("loyalty-merged")).undo(undo), into)
        }
        Ok(Outcome::AlreadyDone(_)) => (Toast::info(ctx.t("loyalty-merged-already")), into),
        Err(error @ Error::Refused(_)) => (Toast::bad(refusal(&ctx, &error)), id),
        Err(error) => return Err(error.into()),
    };
    Ok(ctx.see(&href(to)).toast(said).into_response())
}

/// `POST /members/merges/{id}/undo`
pub(super) async fn undo(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    _: Fields,
) -> PageResult {
    let merge: Uuid = super::id(&id)?;
    let (key, member) = match rooms.loyalty.undo_merge(&ctx.actor, merge).await? {
        Outcome::Done(member) => ("loyalty-unmerged", member),
        Outcome::AlreadyDone(member) => ("loyalty-unmerged-already", member),
    };
    Ok(ctx.see(&href(member)).toast(Toast::good(ctx.t(key))).into_response())
}
