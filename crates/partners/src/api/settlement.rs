use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::Outcome;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{Rooms, named};
use crate::permissions;
use crate::settlement::{Invoice, Issued, Statement};

/// An invoice.
#[derive(Serialize, ToSchema)]
pub(super) struct InvoiceOut {
    id: Uuid,
    number: String,
    issued_at: DateTime<Utc>,
    document: Issued,
    /// Of number and document.
    sha256: String,
}

impl From<Invoice> for InvoiceOut {
    fn from(invoice: Invoice) -> Self {
        Self {
            id: invoice.id.into(),
            number: invoice.number,
            issued_at: invoice.issued_at,
            document: invoice.document,
            sha256: invoice.sha256,
        }
    }
}

/// Read the statement of a month
///
/// Worked out from the rows and held against the ledger: `ledger_miles` and `said_miles` agree.
#[utoipa::path(get, path = "/api/v1/partners/{id}/statements/{month}", tag = "partners",
    params(("id" = Uuid, Path), ("month" = String, Path, description = "2026-11")),
    responses((status = 200, body = Statement), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub(super) async fn statement(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path((id, month)): Path<(String, String)>,
) -> Result<Json<Statement>, Problem> {
    who.actor.may(permissions::READ)?;
    Ok(Json(rooms.partners.statement(&who.actor, named(&id, "partner")?, &month).await?))
}

/// Issue the invoice of a month
///
/// Once; asked again it is the first, with status 200.
#[utoipa::path(post, path = "/api/v1/partners/{id}/statements/{month}/invoice", tag = "partners",
    params(("id" = Uuid, Path), ("month" = String, Path, description = "2026-11")),
    responses((status = 201, body = InvoiceOut), (status = 200, body = InvoiceOut),
        (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn issue(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path((id, month)): Path<(String, String)>,
) -> Result<(StatusCode, Json<InvoiceOut>), Problem> {
    who.actor.may(permissions::INVOICE)?;
    let issued = rooms.partners.issue(&who.actor, named(&id, "partner")?, &month).await?;
    let status = match &issued {
        Outcome::Done(_) => StatusCode::CREATED,
        Outcome::AlreadyDone(_) => StatusCode::OK,
    };
    Ok((status, Json(issued.into_inner().into())))
}

/// Read an invoice
#[utoipa::path(get, path = "/api/v1/partners/invoices/{id}", tag = "partners",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = InvoiceOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn invoice(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<InvoiceOut>, Problem> {
    who.actor.may(permissions::READ)?;
    Ok(Json(rooms.partners.invoice(&who.actor, named(&id, "invoice")?).await?.into()))
}
