//! What other domains show of a member: panels on the account's page, and pages of their own under it
//! with the same head.

use std::sync::Arc;

use askama::Template;
use futures::future::BoxFuture;
use web::{Ctx, PageError};

use super::head::Head;
use crate::{MemberId, Rooms};

/// What renders the inside of a panel; `None` leaves the panel out.
pub type Render = Arc<
    dyn Fn(Ctx, MemberId) -> BoxFuture<'static, Result<Option<String>, PageError>> + Send + Sync,
>;

/// A panel on the account's page, and the page it leads to: `/members/{id}/{key}`.
#[derive(Clone)]
pub struct MemberPanel {
    /// Last part of the page's address, and the tab.
    pub key: &'static str,
    /// Text above the panel, and of the tab.
    pub title_key: &'static str,
    /// Its inside.
    pub render: Render,
}

impl std::fmt::Debug for MemberPanel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemberPanel({})", self.key)
    }
}

/// Key, title and inside.
pub(super) type Shown = (&'static str, String, String);

/// The panels for a member, in the order they were handed in.
pub(super) async fn panels(
    ctx: &Ctx,
    rooms: &Rooms,
    id: MemberId,
) -> Result<Vec<Shown>, PageError> {
    let mut shown = Vec::new();
    for panel in &rooms.more {
        if let Some(inside) = (panel.render)(ctx.clone(), id).await? {
            shown.push((panel.key, ctx.t(panel.title_key), inside));
        }
    }
    Ok(shown)
}

#[derive(Template)]
#[template(path = "loyalty/members/above.html")]
struct Above<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
}

/// What stands above a page of another domain about a member: its title, and the head with the tabs.
///
/// # Errors
/// When there is no such member, the actor may not read it, or the database fails.
pub async fn above(
    ctx: &Ctx,
    rooms: &Rooms,
    id: MemberId,
    tab: &'static str,
) -> Result<(String, String), PageError> {
    let head = Head::of(ctx, rooms, id, tab).await?;
    let html = Above { ctx, head: &head }.render().map_err(super::broken)?;
    Ok((head.title, html))
}
