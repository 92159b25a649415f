//! Merging a customer with another that is looked for by name or number.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use kernel::Outcome;
use serde::Deserialize;
use web::form::{Fields, Form};
use web::{Ctx, PageResult, Toast};

use super::super::{Rooms, extras, words};
use crate::{CustomerId, Error, permissions};

/// Customers offered.
const MOST: usize = 12;

struct Found {
    id: CustomerId,
    name: String,
    second: Option<String>,
    hint: String,
}

#[derive(Template)]
#[template(path = "identity/merge.html")]
struct Ask<'a> {
    ctx: &'a Ctx,
    id: CustomerId,
    title: String,
    asked: String,
    found: Vec<Found>,
    /// What to say where nobody is offered.
    nobody: &'static str,
}

/// `GET /customers/{id}/merge?q=…`
pub(in crate::pages) async fn ask(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::REVIEW)?;
    let id: CustomerId = extras::id(&id)?;
    let customer = rooms.customers.get(&ctx.actor, id).await?;
    if let Some(into) = customer.merged_into {
        return Ok(ctx.see(&format!("/customers/{into}")).into_response());
    }
    let name = &customer.profile.name;
    let title = words::called(&ctx, name, &customer.profile.member_no);
    let fields = Fields(web::url::pairs(&ctx.query));
    let asked = fields.get("q").to_owned();
    let wanted =
        if asked.trim().is_empty() { name.display(kernel::Lang::En) } else { asked.clone() };
    let hits = if wanted.trim().is_empty() {
        Vec::new()
    } else {
        rooms.customers.search(&ctx.actor, &wanted, MOST + 1).await?
    };
    let found = hits
        .into_iter()
        .filter(|hit| hit.id != id)
        .take(MOST)
        .map(|hit| Found {
            id: hit.id,
            name: words::called(&ctx, &hit.name, &hit.member_no),
            second: ctx.name2(&hit.name),
            hint: [kernel::member_no::grouped(&hit.member_no), hit.city.clone()]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
        })
        .collect();
    // Without a question those of the same name are offered; there need not be any.
    let nobody = if asked.trim().is_empty() { "identity-merge-ask" } else { "identity-merge-none" };
    Ok(ctx.page(&Ask { ctx: &ctx, id, title, asked, found, nobody }))
}

#[derive(Deserialize)]
pub(in crate::pages) struct With {
    #[serde(default)]
    other: String,
}

/// `POST /customers/{id}/merge`
pub(in crate::pages) async fn merge(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Form(form): Form<With>,
) -> PageResult {
    let id: CustomerId = extras::id(&id)?;
    let other: CustomerId = extras::id(&form.other)?;
    let merged = match rooms.customers.merge(&ctx.actor, id, other).await {
        Ok(merged) => merged,
        Err(Error::InTrash) => {
            let said = Toast::bad(ctx.t("error-customers-in-trash"));
            return Ok(ctx.see(&format!("/customers/{id}")).toast(said).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let (said, stays) = match merged {
        Outcome::Done((event, stays)) => {
            let said = Toast::good(ctx.t("identity-merged"));
            let said = match event {
                Some(event) => said.undo(format!("/identity/steps/{event}/undo")),
                None => said,
            };
            (said, stays)
        }
        Outcome::AlreadyDone((_, stays)) => (Toast::info(ctx.t("identity-one-already")), stays),
    };
    Ok(ctx.see(&format!("/customers/{stays}")).toast(said).into_response())
}
