//! Saved views: a name for a link. Private, or shared with everybody; each person may choose which
//! one opens first.

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use store::{Tx, sql};
use uuid::Uuid;

use super::query::{Asked, ListQuery};
use super::spec::ListSpec;
use crate::error::{PageError, PageResult};
use crate::flash::{Toast, own};
use crate::form::{Fields, Form};
use crate::{Ctx, Web, url};
use kernel::Kind;

/// A saved view as one reader sees it.
#[derive(Clone, Debug)]
pub struct Saved {
    /// Identity; `view=<id>` opens it.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The list's query.
    pub query: String,
    /// Everybody has it.
    pub shared: bool,
    /// The reader made it.
    pub mine: bool,
}

#[derive(sqlx::FromRow)]
struct SavedRow {
    id: Uuid,
    owner: Uuid,
    name: String,
    query: String,
    shared: bool,
}

/// The reader's own views and the shared ones, oldest first.
pub(crate) async fn all(tx: &mut Tx, list: &str, actor: Uuid) -> store::Result<Vec<Saved>> {
    let rows: Vec<SavedRow> = tx
        .all(
            sql("SELECT id, owner, name, query, shared FROM web_view
                 WHERE list = $1 AND (owner = $2 OR shared = TRUE) ORDER BY id")
            .bind(list)
            .bind(actor),
        )
        .await?;
    let saved = rows.into_iter().map(|row| Saved {
        id: row.id,
        mine: row.owner == actor,
        name: row.name,
        query: row.query,
        shared: row.shared,
    });
    Ok(saved.collect())
}

/// What the request asks of the list: the view it names (or the reader's first), with what the
/// link says put over it.
pub(crate) async fn query(
    tx: &mut Tx,
    ctx: &Ctx,
    spec: &ListSpec,
    saved: &[Saved],
) -> Result<(ListQuery, Asked), PageError> {
    let fields = Fields(url::pairs(&ctx.query));
    let mut view = fields.get("view").to_owned();
    if fields.0.is_empty() {
        let chosen: Option<String> = tx
            .value_maybe(
                sql("SELECT view FROM web_first_view WHERE actor = $1 AND list = $2")
                    .bind(ctx.actor.id)
                    .bind(spec.key),
            )
            .await?;
        view = chosen.unwrap_or_default();
    }
    let only_named = fields
        .0
        .iter()
        .all(|(name, _)| matches!(name.as_str(), "view" | "edit" | "after" | "before" | "export"));
    let built_in = spec.views.iter().find(|its| its.key == view).map(|its| its.query.to_owned());
    let own = saved.iter().find(|its| its.id.to_string() == view).map(|its| its.query.clone());
    let base = built_in.or(own).filter(|_| only_named).unwrap_or_default();
    // A saved view of an older list may name a column that is gone: it opens as far as it goes.
    let base =
        ListQuery::parse(&base, spec).map_or_else(|_| ListQuery::usual(spec), |(base, _)| base);
    let (mut query, asked) = base.apply(&fields, spec)?;
    query.view = view;
    Ok((query, asked))
}

#[derive(Debug, Deserialize)]
pub(crate) struct NewView {
    list: String,
    name: String,
    query: String,
    #[serde(default)]
    shared: Option<String>,
    back: String,
}

/// `POST /views`: keeps the shown view under a name.
pub(crate) async fn create(
    ctx: Ctx,
    State(web): State<Web>,
    Form(form): Form<NewView>,
) -> PageResult {
    let name = view_name(&form.name)?;
    if form.query.len() > 6000 || form.list.len() > 60 {
        return Err(PageError::new(Kind::Invalid, "view-name"));
    }
    let id = kernel::ids::v7(ctx.now);
    let mut tx = web.db.begin().await?;
    tx.exec(
        sql("INSERT INTO web_view (id, list, owner, name, query, shared, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id)
        .bind(form.list)
        .bind(ctx.actor.id)
        .bind(name)
        .bind(form.query)
        .bind(form.shared.is_some())
        .bind(ctx.now),
    )
    .await?;
    tx.commit().await?;
    let toast = Toast::good(ctx.t("list-view-saved"));
    Ok(ctx.see(&back(&form.back, &id.to_string())).toast(toast).into_response())
}

fn view_name(given: &str) -> Result<String, PageError> {
    let name: String = given.trim().chars().take(60).collect();
    if name.is_empty() { Err(PageError::new(Kind::Invalid, "view-name")) } else { Ok(name) }
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChangeView {
    /// `save`, `rename`, `delete`, `share`, `unshare` or `first`.
    what: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    list: String,
    back: String,
}

/// `POST /views/{id}`: changes a view of one's own, or makes any view the first.
pub(crate) async fn change(
    ctx: Ctx,
    State(web): State<Web>,
    Path(view): Path<String>,
    Form(form): Form<ChangeView>,
) -> PageResult {
    let mut tx = web.db.begin().await?;
    let id = view.parse::<Uuid>().ok();
    let changed = match form.what.as_str() {
        "first" => first(&mut tx, ctx.actor.id, &form.list, &view).await?,
        what => match id {
            Some(id) => own_view(&mut tx, &ctx, id, what, &form).await?,
            None => 0,
        },
    };
    if changed == 0 {
        return Err(PageError::not_found());
    }
    tx.commit().await?;
    let (text, view) = match form.what.as_str() {
        "delete" => ("list-view-deleted", ""),
        "first" => ("list-view-first", view.as_str()),
        _ => ("list-view-saved", view.as_str()),
    };
    Ok(ctx.see(&back(&form.back, view)).toast(Toast::good(ctx.t(text))).into_response())
}

async fn own_view(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Uuid,
    what: &str,
    form: &ChangeView,
) -> Result<u64, PageError> {
    let me = ctx.actor.id;
    let query = form.query.as_str();
    let statement = match what {
        "delete" => sql("DELETE FROM web_view WHERE id = $1 AND owner = $2").bind(id).bind(me),
        "share" | "unshare" => {
            sql("UPDATE web_view SET shared = $3, updated_at = $4 WHERE id = $1 AND owner = $2")
                .bind(id)
                .bind(me)
                .bind(what == "share")
                .bind(ctx.now)
        }
        "rename" => {
            sql("UPDATE web_view SET name = $3, updated_at = $4 WHERE id = $1 AND owner = $2")
                .bind(id)
                .bind(me)
                .bind(view_name(&form.name)?)
                .bind(ctx.now)
        }
        "save" if query.len() <= 6000 => {
            sql("UPDATE web_view SET query = $3, updated_at = $4 WHERE id = $1 AND owner = $2")
                .bind(id)
                .bind(me)
                .bind(query)
                .bind(ctx.now)
        }
        _ => return Err(PageError::new(Kind::Invalid, "form")),
    };
    Ok(tx.exec(statement).await?)
}

async fn first(tx: &mut Tx, actor: Uuid, list: &str, view: &str) -> store::Result<u64> {
    if list.len() > 60 || view.len() > 60 {
        return Ok(0);
    }
    tx.exec(
        sql("INSERT INTO web_first_view (actor, list, view) VALUES ($1, $2, $3)
             ON CONFLICT (actor, list) DO UPDATE SET view = excluded.view")
        .bind(actor)
        .bind(list)
        .bind(view),
    )
    .await
}

/// The list's page with this view open.
fn back(path: &str, view: &str) -> String {
    let path = own(path);
    let path = path.split('?').next().unwrap_or("/");
    let query = url::query(&[("view", view.to_owned())]);
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
