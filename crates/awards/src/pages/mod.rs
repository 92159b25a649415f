//! Pages of the console: redeeming for a member, one redemption, the catalogue, the counter.

mod catalogue;
mod counter;
mod head;
mod list;
mod one;
mod redeem;
pub mod words;

use axum::Router;
use axum::routing::{get, post};
use loyalty::MemberDeed;
use web::PageError;

use crate::{Rooms, permissions};

pub use one::standing;

/// What can be done with a member here: for the page of the account.
pub const DEEDS: &[MemberDeed] = &[
    MemberDeed {
        text: "awards-redeem",
        icon: "gift",
        path: "/redeem",
        permission: permissions::REDEEM,
    },
    MemberDeed {
        text: "awards-redemptions",
        icon: "history",
        path: "/redemptions",
        permission: permissions::READ,
    },
];

/// All pages of this domain.
pub fn pages(rooms: Rooms) -> Router {
    Router::new()
        .route("/members/{id}/redeem", get(redeem::page).post(redeem::redeem))
        .route("/members/{id}/redemptions", get(list::page))
        .route("/redemptions/{id}", get(one::page))
        .route("/redemptions/{id}/confirm", post(one::confirm))
        .route("/redemptions/{id}/cancel", post(one::cancel))
        .route("/redemptions/{id}/redeposit", post(one::redeposit))
        .route("/redemptions/{id}/vouchers/{voucher}", post(one::reveal))
        .route("/awards", get(catalogue::page))
        .route("/awards/items/{programme}/{sku}", get(catalogue::item).post(catalogue::set))
        .route("/awards/items/{programme}/{sku}/stock", post(catalogue::stock))
        .route("/awards/vouchers", get(counter::page).post(counter::send))
        .with_state(rooms)
}

/// An id in an address that is none leads to "not found", not to a complaint about its form.
fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}
