//! What other domains may hear about members and miles. Each type carries its version; a test holds
//! every shape that was ever said.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::outbox::{self, Event};
use uuid::Uuid;

use crate::ledger::{AccountId, Kind, Posted, TransferId};
use crate::{MemberId, Result};

/// Transfers were posted, at most 500 a time. Data: [`TransfersPosted`].
pub const POSTED: &str = "loyalty.transfers.posted.v1";

/// Transfers in one event.
const AT_ONCE: usize = 500;

/// Data of [`POSTED`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransfersPosted {
    /// When the ledger learnt of them.
    pub recorded_at: DateTime<Utc>,
    /// In the order in which they were made.
    pub transfers: Vec<PostedTransfer>,
}

/// A transfer as others hear of it. Its explanation is in the books.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostedTransfer {
    /// Identity.
    pub id: TransferId,
    /// Which kind.
    pub kind: Kind,
    /// Why.
    pub code: String,
    /// Whose balance went down.
    pub debit: AccountId,
    /// The member whose account that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debit_member: Option<MemberId>,
    /// Whose balance went up.
    pub credit: AccountId,
    /// The member whose account that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_member: Option<MemberId>,
    /// By how much.
    pub amount: i64,
    /// When it is true from.
    pub effective_at: DateTime<Utc>,
    /// The hold, original or lot it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Uuid>,
    /// What caused it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

/// Says what was posted.
pub(crate) async fn posted(
    tx: &mut Tx,
    at: DateTime<Utc>,
    made: &[Posted],
    member: impl Fn(AccountId) -> Option<MemberId>,
) -> Result<()> {
    for part in made.chunks(AT_ONCE) {
        let transfers = part.iter().map(|posted| PostedTransfer {
            id: posted.id,
            kind: posted.kind,
            code: posted.code.clone(),
            debit: posted.debit,
            debit_member: member(posted.debit),
            credit: posted.credit,
            credit_member: member(posted.credit),
            amount: posted.amount,
            effective_at: posted.effective_at,
            about: posted.about.map(Uuid::from),
            reference: posted.reference.clone(),
        });
        let data = TransfersPosted { recorded_at: at, transfers: transfers.collect() };
        let event = Event::new(POSTED, "ledger", at, serde_json::to_value(&data)?);
        outbox::say(tx, &event).await?;
    }
    Ok(())
}
