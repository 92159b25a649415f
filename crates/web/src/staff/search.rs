//! Global search. What is typed may be a person's name or number, so it travels in the body of a
//! POST: neither addresses nor logs ever hold it. It changes nothing.

use askama::Template;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use crate::error::{PageError, PageResult};
use crate::form::{Form, StrangerForm};
use crate::{Ctx, Hit, Web};

const ON_PAGE: usize = 50;
const IN_MENU: usize = 8;

#[derive(Template)]
#[template(path = "web/search.html")]
struct SearchPage<'a> {
    ctx: &'a Ctx,
    asked: &'a str,
    hits: Vec<Hit>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

impl Asked {
    fn text(&self) -> String {
        self.q.trim().chars().take(100).collect()
    }
}

/// `GET /search`
pub(crate) async fn page(ctx: Ctx) -> PageResult {
    Ok(ctx.page(&SearchPage { ctx: &ctx, asked: "", hits: Vec::new() }))
}

/// `POST /search`
pub(crate) async fn send(ctx: Ctx, State(web): State<Web>, Form(asked): Form<Asked>) -> PageResult {
    let asked = asked.text();
    let hits = find(&ctx, &web, &asked, ON_PAGE).await?;
    Ok(ctx.page(&SearchPage { ctx: &ctx, asked: &asked, hits }))
}

/// `POST /search/hits`: for the command menu.
pub(crate) async fn hits(
    ctx: Ctx,
    State(web): State<Web>,
    StrangerForm(asked): StrangerForm<Asked>,
) -> Result<Json<Vec<Hit>>, PageError> {
    Ok(Json(find(&ctx, &web, &asked.text(), IN_MENU).await?))
}

async fn find(ctx: &Ctx, web: &Web, asked: &str, limit: usize) -> Result<Vec<Hit>, PageError> {
    let mut hits = Vec::new();
    if asked.is_empty() {
        return Ok(hits);
    }
    for provider in &web.search {
        hits.extend(provider(ctx, asked, limit).await?);
    }
    Ok(hits)
}
