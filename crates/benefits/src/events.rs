//! What other domains may hear about benefits. Data of each: `{"member": …, "by": …, "benefit": …,
//! "id": …}` and what is named below.

use access::Actor;
use chrono::{DateTime, Utc};
use loyalty::MemberId;
use serde_json::{Value, json};
use store::Tx;
use store::outbox::{self, Event};

use crate::Result;

/// A benefit was used: `count`, `flight`.
pub const USED: &str = "benefits.use.recorded.v1";
/// A use was taken back: `about`.
pub const UNUSED: &str = "benefits.use.undone.v1";
/// A benefit was chosen: `milestone`.
pub const CHOSEN: &str = "benefits.choice.made.v1";
/// A choice was taken back: `about`.
pub const UNCHOSEN: &str = "benefits.choice.undone.v1";
/// Goodwill was granted: `count`, `valid_to`.
pub const GRANTED: &str = "benefits.grant.made.v1";
/// Goodwill was ended: `about`.
pub const ENDED: &str = "benefits.grant.ended.v1";

pub(crate) async fn say(
    tx: &mut Tx,
    event: &str,
    member: MemberId,
    at: DateTime<Utc>,
    by: &Actor,
    mut data: Value,
) -> Result<()> {
    data["member"] = json!(member);
    data["by"] = json!(by.id);
    let event = Event::new(event, format!("{}/{member}", MemberId::KIND), at, data);
    Ok(outbox::say(tx, &event).await?)
}
