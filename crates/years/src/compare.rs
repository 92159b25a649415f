//! What the house kept of every member, beside what the auditor says.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use loyalty::ledger::NEVER;
use simulator::auditor::{Auditor, Figures, HeapLeft, TierRow};
use store::{Tx, sql};
use uuid::Uuid;

use super::house::House;
use loyalty::Result;

/// A figure that is not the auditor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whose, or what.
    pub place: String,
    /// What the house kept.
    pub kept: String,
    /// What the auditor says.
    pub audited: String,
}

/// What was compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Compared {
    pub figures: u64,
    pub differences: Vec<Difference>,
}

impl Compared {
    pub fn same<T: PartialEq + std::fmt::Debug>(&mut self, place: &str, kept: &T, audited: &T) {
        self.figures += 1;
        if kept != audited {
            let place = place.to_owned();
            let (kept, audited) = (format!("{kept:?}"), format!("{audited:?}"));
            self.differences.push(Difference { place, kept, audited });
        }
    }
}

/// Compares balances, lots, tiers and what was given up of everybody.
pub(super) async fn members(house: &House, auditor: &Auditor) -> Result<Compared> {
    let mut tx = house.services.db.read().await?;
    let mut kept = balances(&mut tx).await?;
    lots(&mut tx, house, &mut kept).await?;
    tiers(&mut tx, &mut kept).await?;
    let given_up: Vec<(Uuid, i64, i64)> = tx
        .all(sql("SELECT member_id, CAST(SUM(miles) AS BIGINT),
                    CAST(SUM(COALESCE(minor, 0)) AS BIGINT)
                 FROM loyalty_clawback GROUP BY member_id"))
        .await?;
    for (id, miles, minor) in given_up {
        kept.entry(id).or_default().given_up = (miles, minor);
    }
    let mut compared = Compared::default();
    let everybody: BTreeMap<usize, Uuid> =
        house.members.iter().map(|(who, known)| (*who, known.id.uuid())).collect();
    for (who, id) in everybody {
        let ours = kept.remove(&id).unwrap_or_default();
        let theirs = auditor.figures(who).unwrap_or_default();
        member(&mut compared, who, ours, theirs);
    }
    Ok(compared)
}

/// Compares what moved in each month, and what is outstanding.
pub(super) async fn liability(house: &House, auditor: &Auditor) -> Result<Compared> {
    let (loyalty, programme) = (&house.services.loyalty, house.programme.as_str());
    let kept = loyalty.movements(&house.one, programme).await?;
    let audited = auditor.movement();
    let mut compared = Compared::default();
    let mut months: BTreeMap<(i32, u32), [i64; 7]> = BTreeMap::new();
    for one in &kept.months {
        let of = [
            one.issued,
            one.bought,
            one.redeemed,
            one.expired,
            one.adjusted,
            one.issue_reversed,
            one.redeposited,
        ];
        months.insert((one.month.year(), one.month.month()), of);
    }
    for month in audited.months.keys() {
        months.entry(*month).or_default();
    }
    let words =
        ["issued", "bought", "redeemed", "expired", "adjusted", "issue reversed", "redeposited"];
    for ((year, month), ours) in months {
        let of = audited.months.get(&(year, month)).copied().unwrap_or_default();
        let theirs = [
            of.issued,
            of.bought,
            of.redeemed,
            of.expired,
            of.adjusted,
            of.issue_reversed,
            of.redeposited,
        ];
        for (at, word) in words.iter().enumerate() {
            compared.same(&format!("{year}-{month:02}, {word}"), &ours[at], &theirs[at]);
        }
    }
    let figures = house.members.keys().filter_map(|who| auditor.figures(*who));
    let (mut miles, mut left, mut owed) = (audited.held, 0, 0);
    for one in figures {
        miles += one.miles;
        owed += (-one.miles).max(0);
        left += one.heaps.iter().map(|heap| heap.left).sum::<i64>();
    }
    compared.same("outstanding, ties", &kept.ties, &true);
    let closing = kept.months.last().map_or(0, |month| month.closing);
    compared.same("outstanding, last closing", &closing, &miles);
    let by = loyalty::liability::Valuation { minor_per_thousand: 50_000, assumed_share: None };
    let liability = loyalty.liability(&house.one, programme, &by).await?;
    compared.same("outstanding, miles", &liability.miles, &miles);
    compared.same("outstanding, held", &liability.held, &audited.held);
    compared.same("outstanding, owed", &liability.owed, &owed);
    let in_lots: i64 = liability.slices.iter().map(|slice| slice.left).sum();
    compared.same("outstanding, in lots", &in_lots, &left);
    Ok(compared)
}

fn member(compared: &mut Compared, who: usize, mut ours: Figures, mut theirs: Figures) {
    compared.same(&format!("member {who}, miles"), &ours.miles, &theirs.miles);
    let units = ["distance", "segments", "spend", "lifetime"];
    for (at, unit) in units.iter().enumerate() {
        let place = format!("member {who}, qualifying {unit}");
        compared.same(&place, &ours.qualifying[at], &theirs.qualifying[at]);
    }
    ours.heaps.sort();
    theirs.heaps.sort();
    for at in 0..ours.heaps.len().max(theirs.heaps.len()) {
        let place = format!("member {who}, lot {at}");
        compared.same(&place, &ours.heaps.get(at), &theirs.heaps.get(at));
    }
    for at in 0..ours.tiers.len().max(theirs.tiers.len()) {
        let place = format!("member {who}, tier {at}");
        compared.same(&place, &ours.tiers.get(at), &theirs.tiers.get(at));
    }
    let place = format!("member {who}, given up");
    compared.same(&place, &ours.given_up, &theirs.given_up);
}

async fn balances(tx: &mut Tx) -> Result<HashMap<Uuid, Figures>> {
    let rows: Vec<(Uuid, String, i64)> = tx
        .all(sql("SELECT owner_id, unit, balance FROM ledger_account WHERE owner_id IS NOT NULL"))
        .await?;
    let mut kept: HashMap<Uuid, Figures> = HashMap::new();
    for (owner, unit, balance) in rows {
        let figures = kept.entry(owner).or_default();
        let place = match unit.as_str() {
            "qualifying-distance" => 0,
            "qualifying-segments" => 1,
            "qualifying-spend" => 2,
            "lifetime-distance" => 3,
            _ => {
                figures.miles = balance;
                continue;
            }
        };
        figures.qualifying[place] = balance;
    }
    Ok(kept)
}

async fn lots(tx: &mut Tx, house: &House, kept: &mut HashMap<Uuid, Figures>) -> Result<()> {
    let rows: Vec<(Uuid, NaiveDate, DateTime<Utc>, i64)> = tx
        .all(sql("SELECT a.owner_id, l.expires_on, l.effective_at, l.remaining
                 FROM ledger_lot l JOIN ledger_account a ON a.id = l.account_id
                 WHERE l.remaining > 0"))
        .await?;
    for (owner, until, at, left) in rows {
        let since = at.with_timezone(&house.services.zone).date_naive();
        kept.entry(owner).or_default().heaps.push(HeapLeft { until, since, left });
    }
    Ok(())
}

async fn tiers(tx: &mut Tx, kept: &mut HashMap<Uuid, Figures>) -> Result<()> {
    let rows: Vec<(Uuid, String, NaiveDate, NaiveDate, String)> = tx
        .all(sql("SELECT member_id, tier, valid_from, valid_to, reason FROM loyalty_tier
                 ORDER BY member_id, recorded_at, id"))
        .await?;
    for (owner, tier, from, to, reason) in rows {
        let to = (to < NEVER).then_some(to);
        kept.entry(owner).or_default().tiers.push(TierRow { tier, from, to, reason });
    }
    Ok(())
}
