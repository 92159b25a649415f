//! The acknowledgement of a file, and its rows for people.

use std::fmt::Write as _;

use access::Actor;
use chrono::NaiveDate;
use serde::Serialize;
use store::{SqlBuilder, Tx, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::files::{FileId, PartnerFile, Status, file_by_id};
use crate::{Error, Partners, Result, permissions};

/// Rows read at a time.
const PAGE: i64 = 5_000;

/// A row with its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::FromRow)]
pub struct RowOut {
    /// In the file, from 1.
    pub row_no: i64,
    /// accrue, reverse, redeem; empty when it could not be read
    pub action: String,
    /// Of activity.
    pub kind: String,
    /// The partner's own.
    pub reference: String,
    /// As sent.
    pub member_no: String,
    /// Who that is.
    pub member_id: Option<Uuid>,
    /// When it happened.
    pub happened_on: Option<NaiveDate>,
    /// Base and bonus.
    pub miles: i64,
    /// posted, rejected, waiting
    pub outcome: String,
    /// Why it was rejected.
    pub code: String,
    /// Base miles by the rate, or the most there may be.
    pub expected: Option<i64>,
    /// In the books.
    pub transfer_id: Option<Uuid>,
}

impl Partners {
    /// Rows of a file after a number, perhaps of one outcome.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the database fails.
    pub async fn rows(
        &self,
        actor: &Actor,
        id: FileId,
        outcome: Option<&str>,
        after: i64,
        n: i64,
    ) -> Result<Vec<RowOut>> {
        actor.may(permissions::READ)?;
        rows(&mut self.db().read().await?, id, outcome, after, n).await
    }

    /// Rejected rows by code, most frequent first.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the database fails.
    pub async fn rejects(&self, actor: &Actor, id: FileId) -> Result<Vec<(String, i64)>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        Ok(tx
            .all(
                sql("SELECT code, CAST(COUNT(*) AS BIGINT) AS n FROM partner_activity
                     WHERE file_id = $1 AND outcome = 'rejected' GROUP BY code
                     ORDER BY n DESC, code")
                .bind(id.uuid()),
            )
            .await?)
    }

    /// The acknowledgement: what became of the file and of each row, for the partner's system.
    /// Nothing in it begins with a character that a spreadsheet takes for a formula.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Refused`] `partners-file-under-way` before
    /// every row has its outcome.
    pub async fn acknowledgement(
        &self,
        actor: &Actor,
        id: FileId,
    ) -> Result<(PartnerFile, String)> {
        actor.may(permissions::EXPORT)?;
        let mut tx = self.db().read().await?;
        let file = file_by_id(&mut tx, id).await?.ok_or(Error::NotFound("file"))?;
        let partner = crate::agreements::by_id(&mut tx, file.partner).await?;
        let partner = partner.ok_or(Error::NotFound("partner"))?;
        let batch = if file.batch.is_empty() { "-" } else { file.batch.as_str() };
        let day = self.day_of(file.finished_at.unwrap_or(file.received_at));
        let state = match file.status {
            Status::Posting => return Err(Error::Refused("partners-file-under-way")),
            Status::Refused => "refused",
            Status::Done => "taken",
        };
        let mut text = format!("A,1,{},{batch},{day},{state}\r\n", partner.code);
        if let Some(fault) = &file.fault {
            let plain = |word: &str| -> String {
                word.chars().filter(char::is_ascii_alphanumeric).take(40).collect()
            };
            let (said, found) = (plain(&fault.said), plain(&fault.found));
            let _ = write!(text, "F,{},{},{said},{found}\r\n", fault.line, fault.code);
        }
        let mut after = 0;
        loop {
            let page = rows(&mut tx, id, None, after, PAGE).await?;
            let Some(last) = page.last().map(|row| row.row_no) else { break };
            for row in &page {
                let transfer = row.transfer_id.map(|id| id.to_string()).unwrap_or_default();
                let expected = row.expected.map(|n| n.to_string()).unwrap_or_default();
                let _ = write!(
                    text,
                    "R,{},{},{},{},{},{expected},{transfer}\r\n",
                    row.row_no, row.reference, row.outcome, row.code, row.miles
                );
            }
            after = last;
        }
        let _ = write!(
            text,
            "Z,{},{},{},{},{},{},{}\r\n",
            file.rows_done,
            file.posted,
            file.rejected,
            file.waiting,
            file.issued,
            file.reversed,
            file.redeemed
        );
        Ok((file, text))
    }
}

async fn rows(
    tx: &mut Tx,
    id: FileId,
    outcome: Option<&str>,
    after: i64,
    n: i64,
) -> Result<Vec<RowOut>> {
    let mut query = SqlBuilder::new(
        "SELECT row_no, action, kind, reference, member_no, member_id, happened_on, miles, outcome,
            code, expected, transfer_id FROM partner_activity WHERE file_id = ",
    );
    query.bind(id.uuid()).push(" AND row_no > ").bind(after);
    if let Some(outcome) = outcome {
        query.push(" AND outcome = ").bind(outcome);
    }
    query.push(" ORDER BY row_no LIMIT ").bind(n.clamp(1, PAGE));
    Ok(tx.all(query.build()).await?)
}
