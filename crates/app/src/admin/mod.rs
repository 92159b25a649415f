//! Administration: staff, roles, API keys, the audit trail, grades, the system. One file per page.

mod audit;
mod grades;
mod keys;
mod roles;
mod system;
mod users;

use access::{Permission, permissions as of_access};
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use web::{Ctx, PageResult};

use crate::Rooms;
use crate::permissions;

pub(crate) fn router() -> Router<Rooms> {
    Router::new()
        .route("/admin", get(first))
        .route("/admin/users", get(users::list))
        .route("/admin/users/new", get(users::blank).post(users::invite))
        .route("/admin/users/{id}", get(users::show).post(users::edit))
        .route("/admin/users/{id}/state", post(users::change_state))
        .route("/admin/users/{id}/password", post(users::reset_password))
        .route("/admin/users/{id}/sessions", post(users::end_session))
        .route("/admin/roles", get(roles::matrix))
        .route("/admin/keys", get(keys::list).post(keys::create))
        .route("/admin/keys/{id}/revoke", post(keys::revoke))
        .route("/admin/audit", get(audit::list))
        .route("/admin/audit/check", post(audit::check))
        .route("/admin/grades", get(grades::list))
        .route("/admin/grades/{id}", get(grades::show))
        .route("/admin/system", get(system::show))
        .route("/admin/system/jobs/{id}/cancel", post(system::cancel))
}

/// One tab of the administration.
pub(crate) struct Tab {
    pub(crate) href: &'static str,
    pub(crate) text: String,
    pub(crate) current: bool,
}

/// Key of a job's name: `feeds.import` is the text `job-feeds-import`.
pub(crate) fn job_key(kind: &str) -> String {
    format!("job-{}", kind.replace(['.', '_'], "-"))
}

const TABS: &[(&str, &str, Permission)] = &[
    ("/admin/users", "admin-users", of_access::USERS_READ),
    ("/admin/roles", "admin-roles", of_access::POLICY_READ),
    ("/admin/keys", "admin-keys", of_access::KEYS_OWN),
    ("/admin/audit", "admin-audit", of_access::AUDIT_READ),
    ("/admin/grades", "admin-grades", permissions::SYSTEM_READ),
    ("/admin/system", "admin-system", permissions::SYSTEM_READ),
];

/// Who may open at least one tab.
pub(crate) const ANY: &[Permission] = &[
    of_access::USERS_READ,
    of_access::POLICY_READ,
    of_access::KEYS_OWN,
    of_access::AUDIT_READ,
    permissions::SYSTEM_READ,
];

/// The tabs this reader may open.
pub(crate) fn tabs(ctx: &Ctx) -> Vec<Tab> {
    TABS.iter()
        .filter(|(.., permission)| ctx.may(permission.as_str()))
        .map(|(href, key, _)| Tab { href, text: ctx.t(key), current: ctx.is_at(href) })
        .collect()
}

/// `/admin` leads to the first tab the reader may open.
async fn first(ctx: Ctx, State(_): State<Rooms>) -> PageResult {
    match tabs(&ctx).first() {
        Some(tab) => Ok(ctx.see(tab.href).into_response()),
        None => {
            ctx.actor.may(of_access::USERS_READ)?;
            Ok(ctx.see("/").into_response())
        }
    }
}
