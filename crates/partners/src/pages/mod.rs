//! Pages about claims and partners, and what the page of a customer shows of claims.

mod claim;
mod claim_new;
mod claims;
mod file;
mod panel;
mod partner;
mod partner_new;
mod partners;
mod settlement;
#[cfg(test)]
mod tests;
mod upload;
pub mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use kernel::Explain;
use web::form::Errors;
use web::{Ctx, PageError};

use crate::{Error, Rooms};

pub use panel::panels;

/// All pages of this domain.
pub fn pages(rooms: Rooms) -> Router {
    let files = Router::new()
        .route("/partners/{id}/files", get(upload::ask).post(upload::send))
        // Streamed to disk, which has its own limit.
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/claims", get(claims::page))
        .route("/claims/new", get(claim_new::find))
        .route("/claims/{id}", get(claim::page).post(claim::decide))
        .route("/members/{id}/claims/new", get(claim_new::ask).post(claim_new::make))
        .route("/partners", get(partners::page))
        .route("/partners/new", get(partner_new::ask).post(partner_new::add))
        .route("/partners/{id}", get(partner::page))
        .route("/partners/{id}/rates", post(partner::rate))
        .route("/partners/{id}/prices", post(partner::price))
        .route("/partners/{id}/files/{file}", get(file::page))
        .route("/partners/{id}/files/{file}/acknowledgement.csv", get(file::acknowledgement))
        .route("/partners/{id}/statements/{month}", get(settlement::page).post(settlement::issue))
        .route("/partners/{id}/invoices/{invoice}", get(settlement::invoice))
        .route("/partners/{id}/invoices/{invoice}/invoice.csv", get(settlement::csv))
        .merge(files)
        .with_state(rooms)
}

/// An id in an address that is none leads to "not found", not to a complaint about its form.
fn id<T: std::str::FromStr>(text: &str) -> Result<T, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

/// A template that does not render is a fault of the program.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn broken(error: askama::Error) -> PageError {
    tracing::error!(%error, "a panel could not be rendered");
    PageError::new(kernel::Kind::Internal, "internal")
}

/// What a failed step says beside its fields; anything that is no mistake of the form goes on.
fn mistakes(ctx: &Ctx, error: Error) -> Result<Errors, PageError> {
    let mut errors = Errors::none();
    match error {
        Error::Invalid(fields) => {
            for field in fields {
                errors.add(field.field, ctx.t(&format!("error-{}", field.code)));
            }
        }
        Error::Refused(_) | Error::Untied { .. } | Error::Loyalty(loyalty::Error::Refused(_)) => {
            errors.add("", refusal(ctx, &error));
        }
        other => return Err(other.into()),
    }
    Ok(errors)
}

/// What happened and what to do.
fn refusal(ctx: &Ctx, error: &Error) -> String {
    let (code, args) = (error.code(), error.args());
    let what = ctx.tv(&format!("error-{code}"), &args);
    let hint = ctx.tv(&format!("error-{code}-hint"), &args);
    if ctx.zh() { format!("{what}{hint}") } else { format!("{what} {hint}") }
}
