//! What an answer about a member rests on beside tier and rules: uses that count, what was chosen,
//! goodwill. One statement for all members asked about.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use loyalty::MemberId;
use loyalty::members::Footing;
use programme::Id;
use programme::entitlement::Used;
use store::{Col, Tx};
use uuid::Uuid;

use crate::Result;

/// A use that counts, or its undoing.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    pub benefit: String,
    pub on: NaiveDate,
    pub flight: String,
    pub change: i64,
}

/// Something chosen that stands.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub benefit: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// Goodwill that was not ended.
#[derive(Clone, Debug)]
pub(crate) struct Extra {
    pub id: Uuid,
    pub benefit: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub left: i64,
}

/// Of one member, merged memberships included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ground {
    pub uses: Vec<Counted>,
    pub chosen: Vec<Chosen>,
    pub extras: Vec<Extra>,
}

impl Ground {
    /// Uses as the rules count them: what was taken back is not among them.
    pub fn used(&self, flight: &str) -> Vec<Used> {
        let mut sums: HashMap<(&str, NaiveDate, bool), i64> = HashMap::new();
        for one in &self.uses {
            let this = !flight.is_empty() && one.flight == flight;
            *sums.entry((&one.benefit, one.on, this)).or_insert(0) += one.change;
        }
        let used = sums.into_iter().filter_map(|((benefit, on, this_flight), sum)| {
            let count = u32::try_from(sum).ok().filter(|count| *count > 0)?;
            Some(Used { benefit: benefit.into(), on, this_flight, count })
        });
        used.collect()
    }

    /// What stands chosen on a day.
    pub fn chosen_on(&self, day: NaiveDate) -> Vec<Id> {
        let on = self.chosen.iter().filter(|it| it.from <= day && day <= it.to);
        on.map(|it| Id::from(it.benefit.as_str())).collect()
    }

    /// Goodwill for a benefit on a day that is not used up, what ends first in front.
    pub fn extras_on<'a>(
        &'a self,
        benefit: &'a str,
        day: NaiveDate,
    ) -> impl Iterator<Item = &'a Extra> {
        let fits = move |it: &&Extra| {
            it.benefit == benefit && it.left > 0 && it.from <= day && day <= it.to
        };
        self.extras.iter().filter(fits)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    what: String,
    id: Uuid,
    member_id: Uuid,
    benefit: String,
    from_day: NaiveDate,
    to_day: NaiveDate,
    flight: String,
    n: i64,
}

const READ: &str = "SELECT 'use' AS what, u.id, u.member_id, u.benefit, u.used_on AS from_day,
    u.used_on AS to_day, u.flight, u.change AS n
 FROM input JOIN benefit_use u ON u.member_id = input.member AND u.is_counted
    AND u.used_on >= input.since AND u.recorded_at <= input.known
 WHERE u.grant_id IS NULL
 UNION ALL
 SELECT 'choice', c.id, c.member_id, c.benefit, c.valid_from, c.valid_to, '', CAST(1 AS BIGINT)
 FROM input JOIN benefit_choice c ON c.member_id = input.member AND c.valid_to >= input.day
    AND c.recorded_at <= input.known
 WHERE c.about IS NULL AND NOT EXISTS (SELECT 1 FROM benefit_choice x
    WHERE x.about = c.id AND x.recorded_at <= input.known)
 UNION ALL
 SELECT 'grant', g.id, g.member_id, g.benefit, g.valid_from, g.valid_to, '', g.count
    - COALESCE((SELECT CAST(SUM(u.change) AS BIGINT) FROM benefit_use u
        WHERE u.grant_id = g.id AND u.recorded_at <= input.known), 0)
 FROM input JOIN benefit_grant g ON g.member_id = input.member AND g.valid_to >= input.day
    AND g.recorded_at <= input.known
 WHERE g.about IS NULL AND NOT EXISTS (SELECT 1 FROM benefit_grant x
    WHERE x.about = g.id AND x.recorded_at <= input.known)";

/// The grounds of members on a day, as known at a moment, by the member that answers.
pub(crate) async fn grounds(
    tx: &mut Tx,
    footings: &[&Footing],
    day: NaiveDate,
    known: DateTime<Utc>,
) -> Result<HashMap<MemberId, Ground>> {
    let (mut rows, mut roots) = (Vec::new(), HashMap::new());
    for footing in footings {
        // Years begin at most 366 days before; a tier's days where the tier began.
        let year = day.checked_sub_days(Days::new(366)).unwrap_or(day);
        let since = footing.tier_on(day).map_or(year, |row| row.valid_from.min(year));
        for member in footing.all() {
            if roots.insert(member, footing.id).is_none() {
                let row = [member.uuid().into(), day.into(), since.into(), known.into()];
                rows.push(row.to_vec());
            }
        }
    }
    let columns = [Col::uuid("member"), Col::date("day"), Col::date("since"), Col::time("known")];
    let found: Vec<Row> =
        if rows.is_empty() { Vec::new() } else { tx.with_rows_all(&columns, rows, READ).await? };
    let mut grounds: HashMap<MemberId, Ground> = HashMap::new();
    for row in found {
        let Some(root) = roots.get(&MemberId::from(row.member_id)) else { continue };
        let ground = grounds.entry(*root).or_default();
        let (benefit, from, to) = (row.benefit, row.from_day, row.to_day);
        match row.what.as_str() {
            "use" => {
                ground.uses.push(Counted { benefit, on: from, flight: row.flight, change: row.n });
            }
            "choice" => ground.chosen.push(Chosen { benefit, from, to }),
            _ => ground.extras.push(Extra { id: row.id, benefit, from, to, left: row.n }),
        }
    }
    for ground in grounds.values_mut() {
        ground.extras.sort_by_key(|it| (it.to, it.id));
    }
    Ok(grounds)
}
