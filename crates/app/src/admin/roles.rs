//! Which role may do what.

use access::{MatrixRow, Role, permissions};
use askama::Template;
use axum::extract::State;
use web::{Ctx, PageResult};

use super::{Tab, tabs};
use crate::Rooms;

struct Domain {
    text: String,
    rows: Vec<MatrixRow>,
}

#[derive(Template)]
#[template(path = "app/roles.html")]
struct Roles<'a> {
    ctx: &'a Ctx,
    tabs: Vec<Tab>,
    domains: Vec<Domain>,
    roles: &'static [Role],
}

pub(super) async fn matrix(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::POLICY_READ)?;
    let mut domains: Vec<(&'static str, Domain)> = Vec::new();
    for row in rooms.access().policy().matrix() {
        match domains.iter_mut().find(|(name, _)| *name == row.domain) {
            Some((_, domain)) => domain.rows.push(row),
            None => {
                let text = ctx.t(&format!("permission-domain-{}", row.domain));
                domains.push((row.domain, Domain { text, rows: vec![row] }));
            }
        }
    }
    let domains = domains.into_iter().map(|(_, domain)| domain).collect();
    Ok(ctx.page(&Roles { ctx: &ctx, tabs: tabs(&ctx), domains, roles: &Role::ALL }))
}
