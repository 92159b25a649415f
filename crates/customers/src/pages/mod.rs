//! Pages for staff. Every form works without scripts.

mod board;
mod bulk;
mod edit;
mod extras;
pub(crate) mod identity;
pub mod lists;
pub(crate) use identity::queue as identity_lists;
mod show;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{get, post};
use futures::future::BoxFuture;
use web::{Ctx, PageError, SearchProvider, Web};

use crate::timeline::TimelineSource;
use crate::{CustomerId, Customers};

/// Where a panel stands on the page of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The row of deciding facts: the inside of a `<dd>`.
    Deck,
    /// The left column: the inside of a `<dl class="facts">`.
    Facts,
    /// The middle, above the timeline.
    Main,
    /// The right column.
    Side,
}

/// Renders a panel; `None` leaves it out.
pub type Render = Arc<
    dyn Fn(Ctx, CustomerId) -> BoxFuture<'static, Result<Option<String>, PageError>> + Send + Sync,
>;

/// What another domain has to say on the page of a customer.
#[derive(Clone)]
pub struct Panel {
    /// Name, unique on the page.
    pub key: &'static str,
    /// Text key of its heading.
    pub title_key: &'static str,
    /// Smaller stands first.
    pub order: i32,
    /// Where it stands.
    pub place: Place,
    /// Its HTML. Whoever renders escapes.
    pub render: Render,
}

/// What the pages and the API stand on.
#[derive(Clone)]
pub struct Rooms {
    /// The floor.
    pub web: Web,
    /// The service.
    pub customers: Customers,
    pub(crate) panels: Arc<[Panel]>,
    pub(crate) sources: Arc<[TimelineSource]>,
}

impl Rooms {
    /// With other domains' panels and timeline sources.
    #[must_use]
    pub fn new(
        web: Web,
        customers: Customers,
        mut panels: Vec<Panel>,
        sources: Vec<TimelineSource>,
    ) -> Self {
        panels.sort_by_key(|panel| panel.order);
        let mut all = sources;
        all.extend(customers.timeline_sources());
        Self { web, customers, panels: panels.into(), sources: all.into() }
    }
}

impl FromRef<Rooms> for Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

/// All pages of this domain.
pub fn pages(rooms: Rooms) -> Router {
    Router::new()
        .route("/customers", get(lists::page))
        .route("/customers/mine", get(lists::mine))
        .route("/customers/trash", get(lists::trash))
        .route("/customers/new", get(edit::new).post(edit::create))
        .route("/customers/bulk/{what}", get(bulk::show).post(bulk::ask))
        .route("/customers/bulk/{what}/run", post(bulk::run))
        .route("/customers/bulk/{what}/undo", post(bulk::undo))
        .route("/customers/{id}", get(show::page))
        .route("/customers/{id}/timeline", get(show::timeline))
        .route("/customers/{id}/edit", get(edit::edit).post(edit::save))
        .route("/customers/{id}/trash", post(extras::trash))
        .route("/customers/{id}/restore", post(extras::restore))
        .route("/customers/{id}/reveal", post(show::reveal))
        .route("/customers/{id}/notes", post(extras::add_note))
        .route("/customers/{id}/notes/{note}/remove", post(extras::remove_note))
        .route("/customers/{id}/tags", post(extras::add_tag))
        .route("/customers/{id}/tags/remove", post(extras::remove_tag))
        .route("/customers/{id}/tasks", post(extras::add_task))
        .route("/customers/{id}/tasks/{task}", post(extras::finish_task))
        .route("/customers/{id}/records", get(identity::records::page))
        .route("/customers/{id}/split", post(identity::records::split))
        .route("/customers/{id}/merge", get(identity::merge::ask).post(identity::merge::merge))
        .route("/identity", get(identity::queue::open))
        .route("/identity/decided", get(identity::queue::decided))
        .route("/identity/run", get(identity::queue::ask_run).post(identity::queue::run))
        .route("/identity/review/{id}", get(identity::review::page).post(identity::review::decide))
        .route("/identity/review/{id}/undo", post(identity::review::undo))
        .route("/identity/steps/{id}/undo", post(identity::records::undo))
        .route("/tasks", get(board::page))
        .route("/tasks/{task}/to/{target}", post(board::to))
        .route("/tasks/{task}/day", post(board::to_day))
        .with_state(rooms)
}

/// Customers' part of the global search.
#[must_use]
pub fn search_provider(customers: Customers) -> SearchProvider {
    struct Provide(Customers);
    impl Provide {
        async fn hits(
            &self,
            ctx: &Ctx,
            text: &str,
            limit: usize,
        ) -> Result<Vec<web::Hit>, PageError> {
            if ctx.actor.may(crate::permissions::READ).is_err() {
                return Ok(Vec::new());
            }
            let found = self.0.search(&ctx.actor, text, limit).await?;
            Ok(found.into_iter().map(|hit| web_hit(ctx, &hit)).collect())
        }
    }
    let provide = Arc::new(Provide(customers));
    // The closure's answer borrows from its arguments, so what it owns has to be shared first.
    Arc::new(move |ctx, text, limit| {
        let provide = provide.clone();
        Box::pin(async move { provide.hits(ctx, text, limit).await })
    })
}

fn web_hit(ctx: &Ctx, hit: &crate::Hit) -> web::Hit {
    let name = if hit.name.is_empty() {
        words::nameless(ctx, &hit.member_no)
    } else {
        match ctx.name2(&hit.name) {
            Some(other) => format!("{} {other}", ctx.name(&hit.name)),
            None => ctx.name(&hit.name),
        }
    };
    let mut hint: Vec<String> = Vec::new();
    if !hit.member_no.is_empty() {
        hint.push(kernel::member_no::grouped(&hit.member_no));
    }
    if let Some(tier) = hit.tier {
        hint.push(ctx.t(&format!("customers-tier-{}", tier.as_str())));
    }
    if !hit.city.is_empty() {
        hint.push(hit.city.clone());
    }
    hint.push(ctx.t(hit.why.text_key()));
    web::Hit {
        section: ctx.t("customers-list-title"),
        text: name,
        href: format!("/customers/{}", hit.id),
        icon: "user-round".to_owned(),
        hint: hint.join(" · "),
    }
}
