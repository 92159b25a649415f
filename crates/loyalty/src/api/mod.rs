//! `/api/v1/members` and `/api/v1/ledger`: for programs, and for the try-it page.
//!
//! Callers that change something send `Idempotency-Key`; transfers carry their own ids instead.
//! Failures are problem+json.

mod accruals;
mod adoption;
mod balance;
mod enrol;
mod freeze;
mod liability;
mod limits;
mod member;
mod nominees;
mod programmes;
mod progress;
mod promotions;
mod proposals;
mod shape;
mod statement;
mod tiers;
mod transfers;

#[cfg(test)]
mod tests;

use axum::extract::{FromRef, Path};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use web::{Problem, Web};

use crate::{Error, Loyalty};

/// What pages and operations of this domain stand on.
#[derive(Clone, Debug)]
pub struct Rooms {
    /// The floor.
    pub web: Web,
    /// The service.
    pub loyalty: Loyalty,
    /// What else can be done with a member, by the domains that stand on this one.
    pub deeds: &'static [MemberDeed],
    /// What other domains show of a member.
    pub more: Vec<crate::pages::MemberPanel>,
}

/// A button on the page of a member's account.
#[derive(Clone, Copy, Debug)]
pub struct MemberDeed {
    /// Key of its text.
    pub text: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Behind the member's address: `/redeem`.
    pub path: &'static str,
    /// Who sees it.
    pub permission: access::Permission,
}

impl FromRef<Rooms> for Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

/// All operations of this domain, with their documentation.
pub fn api(rooms: Rooms) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(transfers::post))
        .routes(routes!(balance::balance))
        .routes(routes!(statement::statement))
        .routes(routes!(enrol::enrol))
        .routes(routes!(member::member))
        .routes(routes!(nominees::nominees, nominees::add))
        .routes(routes!(nominees::remove))
        .routes(routes!(freeze::freeze))
        .routes(routes!(tiers::tiers))
        .routes(routes!(progress::progress))
        .routes(routes!(accruals::accrual))
        .routes(routes!(adoption::start))
        .routes(routes!(liability::liability))
        .routes(routes!(liability::movements))
        .routes(routes!(liability::report))
        .routes(routes!(limits::limits, limits::add))
        .routes(routes!(limits::end))
        .routes(routes!(programmes::versions))
        .routes(routes!(programmes::draft))
        .routes(routes!(programmes::version))
        .routes(routes!(programmes::propose))
        .routes(routes!(programmes::decide))
        .routes(routes!(programmes::changes))
        .routes(routes!(programmes::example))
        .routes(routes!(promotions::promotions))
        .routes(routes!(promotions::register))
        .routes(routes!(proposals::propose))
        .routes(routes!(proposals::decide))
        .with_state(rooms)
}

/// What the path names; anything that is no id names nothing.
fn named<T: From<Uuid>>(id: &str, what: &'static str) -> Result<T, Problem> {
    Ok(T::from(id.parse::<Uuid>().map_err(|_| Error::NotFound(what))?))
}

fn member(Path(id): &Path<String>) -> Result<crate::MemberId, Problem> {
    named(id, "member")
}

/// A body as JSON of the expected shape.
fn body<T: serde::de::DeserializeOwned>(bytes: &axum::body::Bytes) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|_| Problem::new(kernel::Kind::Invalid, "form"))
}
