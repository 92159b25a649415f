//! What other domains may hear about redemptions. Each type carries its version.

use chrono::{DateTime, Utc};
use loyalty::MemberId;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::outbox::{self, Event};

use crate::model::{Kind, Redemption, State};
use crate::{RedemptionId, Result, VoucherId};

/// A redemption was made or is in another state. Data: [`RedemptionChanged`].
pub const REDEMPTION_CHANGED: &str = "awards.redemption.changed.v1";
/// A voucher was used. Data: [`VoucherUsed`].
pub const VOUCHER_USED: &str = "awards.voucher.used.v1";

/// Data of [`REDEMPTION_CHANGED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedemptionChanged {
    /// Which.
    pub redemption: RedemptionId,
    /// Whose miles.
    pub member: MemberId,
    /// What for.
    pub kind: Kind,
    /// Where it stands now.
    pub state: State,
    /// Miles of the price.
    pub miles: i64,
    /// Money of the price, in minor units of the programme's currency.
    pub minor: i64,
    /// The thing, of an item.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sku: String,
}

/// Data of [`VOUCHER_USED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherUsed {
    /// Which.
    pub voucher: VoucherId,
    /// The redemption it came from.
    pub redemption: RedemptionId,
    /// For whom it was issued.
    pub member: MemberId,
    /// The thing.
    pub sku: String,
}

pub(crate) async fn changed(tx: &mut Tx, at: DateTime<Utc>, of: &Redemption) -> Result<()> {
    let data = RedemptionChanged {
        redemption: of.id,
        member: of.member,
        kind: of.kind,
        state: of.state,
        miles: of.miles,
        minor: of.minor,
        sku: of.sku.clone(),
    };
    let subject = format!("{}/{}", RedemptionId::KIND, of.id);
    let event = Event::new(REDEMPTION_CHANGED, subject, at, serde_json::to_value(&data)?);
    Ok(outbox::say(tx, &event).await?)
}

pub(crate) async fn used(tx: &mut Tx, at: DateTime<Utc>, data: &VoucherUsed) -> Result<()> {
    let subject = format!("{}/{}", VoucherId::KIND, data.voucher);
    let event = Event::new(VOUCHER_USED, subject, at, serde_json::to_value(data)?);
    Ok(outbox::say(tx, &event).await?)
}
