//! Invoices: a statement of a month that is over, with a number, never changed again.

use access::{Actor, Details};
use chrono::{DateTime, Datelike, Utc};
use kernel::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::statement::Line;
use crate::agreements::{Partner, PartnerId, lock};
use crate::{Error, Partners, Result, permissions};

kernel::typed_id!(
    /// An invoice.
    InvoiceId, "partner-invoice"
);

/// What stands on an invoice. Kept as it was when issued, whatever the agreement says later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Issued {
    /// Code of the partner.
    pub partner: String,
    /// Its name.
    pub name_en: String,
    /// Its name.
    pub name_zh: String,
    /// Code of the programme.
    pub programme: String,
    /// `2026-11`
    pub month: String,
    /// Three letters.
    pub currency: String,
    /// What is charged and credited.
    pub lines: Vec<Line>,
    /// Below zero we owe: a credit note.
    pub total_minor: i64,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// Identity.
    pub id: InvoiceId,
    /// `P2026-000001`: counts up in a year without gaps.
    pub number: String,
    /// Whose.
    pub partner: PartnerId,
    /// When issued.
    pub issued_at: DateTime<Utc>,
    /// By whom.
    pub issued_by: Uuid,
    /// What stands on it.
    pub document: Issued,
    /// Of the document's text, hex.
    pub sha256: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    number: String,
    partner_id: Uuid,
    issued_at: DateTime<Utc>,
    issued_by: Uuid,
    document: Json<Value>,
    sha256: String,
}

impl TryFrom<Row> for Invoice {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            number: row.number,
            partner: row.partner_id.into(),
            issued_at: row.issued_at,
            issued_by: row.issued_by,
            document: serde_json::from_value(row.document.0)?,
            sha256: row.sha256,
        })
    }
}

const SELECT: &str = "SELECT id, number, partner_id, issued_at, issued_by, document, sha256
    FROM partner_invoice";

impl Invoice {
    /// The document is the one that was issued.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        hash(&self.number, &self.document).is_ok_and(|hash| hash == self.sha256)
    }
}

fn hash(number: &str, document: &Issued) -> Result<String> {
    let text = serde_json::to_vec(&(number, document))?;
    Ok(Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Partners {
    /// Issues the invoice of a month. Twice is the first.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Invalid`]; [`Error::Refused`]
    /// `partners-month-open` before the month is over, `partners-month-under-way` while a file is
    /// being posted, `partners-month-empty` when nothing was posted, `partners-no-price` when a
    /// line has no price; [`Error::Untied`] when lines and ledger differ.
    pub async fn issue(
        &self,
        actor: &Actor,
        id: PartnerId,
        month: &str,
    ) -> Result<Outcome<Invoice>> {
        actor.may(permissions::INVOICE)?;
        let mut tx = self.db().begin().await?;
        // Files of the partner wait until it is issued, so no row slips in between.
        let partner = lock(&mut tx, id).await?;
        if let Some(known) = of_month(&mut tx, id, month).await? {
            return Ok(Outcome::AlreadyDone(known));
        }
        let statement = self.statement_in(&mut tx, &partner, month).await?;
        if !statement.is_over {
            return Err(Error::Refused("partners-month-open"));
        }
        if under_way(&mut tx, id).await? {
            return Err(Error::Refused("partners-month-under-way"));
        }
        if statement.lines.is_empty() {
            return Err(Error::Refused("partners-month-empty"));
        }
        if statement.lines.iter().any(|line| line.price_minor == 0) {
            return Err(Error::Refused("partners-no-price"));
        }
        if !statement.ties() {
            let (said, found) = (statement.said_miles, statement.ledger_miles);
            return Err(Error::Untied { said, found });
        }
        let document = Issued {
            partner: partner.code.clone(),
            name_en: partner.name_en.clone(),
            name_zh: partner.name_zh.clone(),
            programme: partner.programme.clone(),
            month: month.to_owned(),
            currency: statement.currency,
            lines: statement.lines,
            total_minor: statement.total_minor,
        };
        let invoice = self.number(&mut tx, actor, &partner, document).await?;
        let details = Details::new().id("invoice", invoice.id.uuid());
        self.audit(&mut tx, actor, "partners.invoice-issued", &partner, details).await?;
        tx.commit().await?;
        Ok(Outcome::Done(invoice))
    }

    /// Gives the next number and keeps the invoice: the number is used up only with it.
    async fn number(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        partner: &Partner,
        document: Issued,
    ) -> Result<Invoice> {
        let year = self.today().year();
        let next: i64 = tx
            .value(
                sql("INSERT INTO partner_invoice_series (year, last) VALUES ($1, 1)
                     ON CONFLICT (year) DO UPDATE SET last = partner_invoice_series.last + 1
                     RETURNING last")
                .bind(i64::from(year)),
            )
            .await?;
        let number = format!("P{year}-{next:06}");
        let invoice = Invoice {
            id: InvoiceId::new(self.now()),
            sha256: hash(&number, &document)?,
            number,
            partner: partner.id,
            issued_at: self.now(),
            issued_by: actor.id,
            document,
        };
        tx.exec(
            sql("INSERT INTO partner_invoice (id, number, partner_id, month, issued_at, issued_by,
                    total_minor, document, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(invoice.id.uuid())
            .bind(&invoice.number)
            .bind(partner.id.uuid())
            .bind(&invoice.document.month)
            .bind(invoice.issued_at)
            .bind(actor.id)
            .bind(invoice.document.total_minor)
            .bind(serde_json::to_value(&invoice.document)?)
            .bind(&invoice.sha256),
        )
        .await?;
        Ok(invoice)
    }

    /// An invoice.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn invoice(&self, actor: &Actor, id: InvoiceId) -> Result<Invoice> {
        actor.may(permissions::READ)?;
        let mut query = SqlBuilder::new(SELECT);
        query.push(" WHERE id = ").bind(id.uuid());
        let row: Option<Row> = self.db().read().await?.maybe(query.build()).await?;
        row.ok_or(Error::NotFound("invoice"))?.try_into()
    }

    /// Invoices of a partner, latest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn invoices(&self, actor: &Actor, id: PartnerId) -> Result<Vec<Invoice>> {
        actor.may(permissions::READ)?;
        let mut query = SqlBuilder::new(SELECT);
        query.push(" WHERE partner_id = ").bind(id.uuid()).push(" ORDER BY number DESC LIMIT 120");
        let rows: Vec<Row> = self.db().read().await?.all(query.build()).await?;
        rows.into_iter().map(Invoice::try_from).collect()
    }
}

async fn of_month(tx: &mut Tx, id: PartnerId, month: &str) -> Result<Option<Invoice>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push(" WHERE partner_id = ").bind(id.uuid()).push(" AND month = ").bind(month);
    let row: Option<Row> = tx.maybe(query.build()).await?;
    row.map(Invoice::try_from).transpose()
}

async fn under_way(tx: &mut Tx, id: PartnerId) -> Result<bool> {
    let n: i64 = tx
        .value(
            sql("SELECT CAST(COUNT(*) AS BIGINT) FROM partner_file
                 WHERE partner_id = $1 AND status = 'posting'")
            .bind(id.uuid()),
        )
        .await?;
    Ok(n > 0)
}
