use axum::Json;
use axum::extract::{Path, State};
use web::{ApiActor, Problem};

use super::Rooms;
use super::shape::MemberOut;
use crate::MemberId;

/// Read a member with its accounts
#[utoipa::path(get, path = "/api/v1/members/{id}", tag = "members",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = MemberOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn member(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<MemberOut>, Problem> {
    whole(&who, &rooms, super::member(&path)?).await
}

pub(super) async fn whole(
    who: &ApiActor,
    rooms: &Rooms,
    id: MemberId,
) -> Result<Json<MemberOut>, Problem> {
    let member = rooms.loyalty.member(&who.actor, id).await?;
    let mut tx = rooms.loyalty.db().read().await?;
    let accounts = rooms.loyalty.accounts(&mut tx, id).await?;
    Ok(Json(MemberOut::new(&member, &accounts)))
}
