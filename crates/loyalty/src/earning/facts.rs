//! From a customer's segments to what accrual is told: what it knows already is not said again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use customers::CustomerId;
use store::{Col, Tx};
use uuid::Uuid;

use super::{Lacking, Segment};
use crate::accrual::{Derived, FlownFact, fingerprint};
use crate::{MemberId, Result};

/// Keys of segments begin like this; those of claims and partners do not.
pub(super) const PREFIX: &str = "seg:";

/// A membership of a customer.
#[derive(sqlx::FromRow)]
struct Membership {
    id: Uuid,
    customer_id: Uuid,
    record_id: Option<Uuid>,
    enrolled_at: DateTime<Utc>,
}

/// What accrual was told last about a segment.
#[derive(sqlx::FromRow)]
struct Told {
    key: String,
    revision: i64,
    fingerprint: String,
    member_id: Option<Uuid>,
    state: String,
    reason: String,
}

impl Told {
    /// Nothing would come of saying the same again.
    fn is_settled(&self) -> bool {
        self.state != Derived::Blocked.as_str() && !crate::accrual::is_open(&self.reason)
    }
}

/// What there is to say.
#[derive(Default)]
pub(super) struct Changed {
    pub facts: Vec<FlownFact>,
    /// Segments that cannot be asked about, by what is lacking.
    pub lacking: BTreeMap<&'static str, u64>,
    /// Flown after today by their own word: who, and the day to look again.
    pub later: Vec<(CustomerId, NaiveDate)>,
}

/// What changed about the segments of these customers since accrual was told last.
pub(super) async fn changed(
    tx: &mut Tx,
    customers: &[CustomerId],
    segments: &HashMap<CustomerId, Vec<Segment>>,
    today: NaiveDate,
) -> Result<Changed> {
    let members = memberships(tx, customers).await?;
    let told = told(tx, &members, segments).await?;
    let mut changed = Changed::default();
    let mut seen = BTreeSet::new();
    for (customer, own) in segments {
        let Some(members) = members.get(customer) else { continue };
        for segment in own {
            let key = segment.key();
            let before = told.get(&key);
            seen.insert(key.clone());
            // What was never flown and never earned is nobody's business here.
            if !segment.is_flown() && before.is_none() {
                continue;
            }
            if segment.flight_date > today {
                changed.later.push((*customer, segment.flight_date));
                continue;
            }
            match segment.fact() {
                Ok(fact) => {
                    let member = Some(credited(members, segment));
                    let said = (member, Some(fact));
                    changed.say(key, said, before)?;
                }
                Err(lacking) => changed.without(key, lacking, before)?,
            }
        }
    }
    let own: BTreeSet<Uuid> = members.values().flatten().map(|one| one.id).collect();
    for (key, before) in &told {
        let is_own = before.member_id.is_some_and(|id| own.contains(&id));
        if is_own && key.starts_with(PREFIX) && !seen.contains(key) {
            changed.say(key.clone(), (None, None), Some(before))?;
        }
    }
    Ok(changed)
}

impl Changed {
    fn say(
        &mut self,
        key: String,
        (member, fact): (Option<MemberId>, Option<programme::accrual::Fact>),
        before: Option<&Told>,
    ) -> Result<()> {
        if let Some(before) = before
            && before.is_settled()
            && before.fingerprint == fingerprint(member, fact.as_ref())?
        {
            return Ok(());
        }
        let revision = before.map_or(1, |before| before.revision + 1);
        self.facts.push(FlownFact { key, revision, member, fact });
        Ok(())
    }

    /// What it earned before it lacked something is taken back.
    fn without(&mut self, key: String, lacking: Lacking, before: Option<&Told>) -> Result<()> {
        *self.lacking.entry(lacking.as_str()).or_insert(0) += 1;
        match before {
            Some(_) => self.say(key, (None, None), before),
            None => Ok(()),
        }
    }
}

/// The membership a segment is credited to: the one whose number was on it, else the oldest.
fn credited(members: &[Membership], segment: &Segment) -> MemberId {
    let named =
        members.iter().find(|one| one.record_id.is_some() && one.record_id == segment.record);
    let oldest = members.iter().min_by_key(|one| (one.enrolled_at, one.id));
    named.or(oldest).map_or(Uuid::nil(), |one| one.id).into()
}

async fn memberships(
    tx: &mut Tx,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<Membership>>> {
    let rows = customers.iter().map(|id| vec![id.uuid().into()]).collect();
    let found: Vec<Membership> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            rows,
            "SELECT m.id, m.customer_id, m.record_id, m.enrolled_at FROM input
             JOIN loyalty_member m ON m.customer_id = input.id",
        )
        .await?;
    let mut by_customer: HashMap<CustomerId, Vec<Membership>> = HashMap::new();
    for one in found {
        by_customer.entry(one.customer_id.into()).or_default().push(one);
    }
    Ok(by_customer)
}

/// By key: of these segments, and of the members they may have been taken from.
async fn told(
    tx: &mut Tx,
    members: &HashMap<CustomerId, Vec<Membership>>,
    segments: &HashMap<CustomerId, Vec<Segment>>,
) -> Result<HashMap<String, Told>> {
    const TOLD: &str = "a.key, a.revision, a.fingerprint, a.member_id, a.state, a.reason";
    let keys: Vec<_> = segments
        .iter()
        .filter(|(customer, _)| members.contains_key(customer))
        .flat_map(|(_, own)| own)
        .map(|one| vec![one.key().into()])
        .collect();
    let ids: Vec<_> = members.values().flatten().map(|one| vec![one.id.into()]).collect();
    let mut found: Vec<Told> = Vec::new();
    if !keys.is_empty() {
        let text = format!("SELECT {TOLD} FROM input JOIN loyalty_accrual a ON a.key = input.key");
        found.extend(tx.with_rows_all(&[Col::text("key")], keys, &text).await?);
    }
    if !ids.is_empty() {
        let text =
            format!("SELECT {TOLD} FROM input JOIN loyalty_accrual a ON a.member_id = input.id");
        found.extend(tx.with_rows_all(&[Col::uuid("id")], ids, &text).await?);
    }
    Ok(found.into_iter().map(|one: Told| (one.key.clone(), one)).collect())
}
