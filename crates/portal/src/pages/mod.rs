//! Members' pages under `/my`, and the page of the console from which staff give access.

mod benefits;
mod card;
mod claims;
mod console;
mod ctx;
mod door;
mod home;
mod miles;
mod profile;
mod promotions;
mod redeem;
mod tier;
mod trips;
mod words;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{get, post};
use web::Web;

use crate::Portal;

pub use console::panels;
pub use ctx::{DEVICE, MEMBER, MyCtx};

/// What pages of this domain stand on.
#[derive(Clone, Debug)]
pub struct Rooms {
    /// The floor.
    pub web: Web,
    /// The service.
    pub portal: Portal,
}

impl FromRef<Rooms> for Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

/// All pages.
pub fn pages(rooms: Rooms) -> Router {
    Router::new()
        .route("/my", get(home::page))
        .route("/my/sign-in", get(door::sign_in).post(door::sign_in_send))
        .route("/my/activate", get(door::activate).post(door::activate_send))
        .route("/my/sign-out", post(profile::sign_out))
        .route("/my/miles", get(miles::page))
        .route("/my/miles/{id}", get(miles::line))
        .route("/my/redeem", get(redeem::page).post(redeem::send))
        .route("/my/redeem/item", get(redeem::item))
        .route("/my/redeem/ticket", get(redeem::ticket))
        .route("/my/redemptions", get(redeem::list))
        .route("/my/redemptions/{id}", get(redeem::show))
        .route("/my/redemptions/{id}/cancel", post(redeem::cancel))
        .route("/my/vouchers", get(redeem::vouchers))
        .route("/my/vouchers/{id}", get(redeem::voucher))
        .route("/my/tier", get(tier::page))
        .route("/my/benefits", get(benefits::page))
        .route("/my/benefits/choose", post(benefits::choose))
        .route("/my/promotions", get(promotions::page))
        .route("/my/promotions/{id}", post(promotions::register))
        .route("/my/card", get(card::page))
        .route("/my/trips", get(trips::page))
        .route("/my/claims", get(claims::page).post(claims::make))
        .route("/my/profile", get(profile::page))
        .route("/my/password", get(profile::password).post(profile::password_send))
        .route("/my/sessions/others", post(profile::end_others))
        .route("/my/sessions/{id}", post(profile::end_session))
        .route("/members/{id}/portal", get(console::page).post(console::invite))
        .route("/members/{id}/portal/close", post(console::close))
        .with_state(rooms)
}
