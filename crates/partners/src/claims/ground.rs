//! What is known of a claimed flight, and of who claims it.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use customers::CustomerId;
use flights::Counted;
use kernel::names::PersonName;
use loyalty::accrual::Derived;
use loyalty::earning::Segment;
use loyalty::ledger::AccountState;
use loyalty::members::Member;
use programme::document::Row;
use programme::{Carrier, Engine, Measure};
use store::{Col, SqlBuilder, Tx, sql};
use uuid::Uuid;

use super::judge::Proof;
use super::store as rows;
use super::{About, By, WAITS};
use crate::{Error, Partners, Result};

/// What accrual made of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earned {
    /// It was not asked, or has not answered.
    Open,
    /// Redeemable miles, and the day they came.
    Miles(i64, Option<NaiveDate>),
    /// Nothing, for this reason.
    Nothing(String),
}

/// A passenger of the flight who may be meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What accrual knows it by.
    pub key: String,
    /// The segment.
    pub segment: Counted,
    /// Of the booking.
    pub locator: String,
    /// As assigned.
    pub seat: String,
    /// The record it hangs on.
    pub record: Option<Uuid>,
    /// Who flew, by our records.
    pub customer: CustomerId,
    /// Their name.
    pub name: PersonName,
    /// On the member's own record.
    pub own: bool,
    /// Another member's claim took it, and accrual is about to give it.
    pub taken: bool,
    /// Memberships of who flew.
    pub members: usize,
    /// People have told the two apart, or birth dates differ.
    pub contradicts: bool,
    /// What accrual made of it.
    pub earned: Earned,
    /// What the rules would give the member, or the code of why not.
    pub would: Result<i64, String>,
}

impl Candidate {
    /// It was flown.
    #[must_use]
    pub fn flown(&self) -> bool {
        self.segment.outcome == "flown"
    }

    /// It began and ended where the claim says, as far as either is known.
    #[must_use]
    pub fn same_places(&self, about: &About) -> bool {
        let fits = |known: &Option<String>, said: &str| {
            said.is_empty() || known.as_deref().is_none_or(|known| known == said)
        };
        fits(&self.segment.origin, &about.origin)
            && fits(&self.segment.destination, &about.destination)
    }

    /// The ticket of the claim is this passenger's.
    #[must_use]
    pub fn holds_ticket(&self, about: &About) -> bool {
        let digits: String = self
            .segment
            .ticket_coupon
            .iter()
            .flat_map(|text| text.chars())
            .filter(char::is_ascii_digit)
            .collect();
        about.ticket.len() == 13 && digits.starts_with(&about.ticket)
    }

    /// What shows that the claimant is this passenger.
    #[must_use]
    pub fn proof(&self, about: &About) -> Proof {
        let booking = !about.locator.is_empty() && self.locator == about.locator;
        if self.holds_ticket(about) || booking { Proof::Document } else { Proof::Name }
    }
}

/// All that a verdict rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// The member's.
    pub name: PersonName,
    /// Nothing can be credited now.
    pub frozen: bool,
    /// When the claim was made, however late it is judged.
    pub claimed_on: NaiveDate,
    /// Last day on which the flight could be claimed.
    pub claim_until: Option<NaiveDate>,
    /// First day whose flights count for the member.
    pub first_day: Option<NaiveDate>,
    /// The programme has an agreement with the airline on the day.
    pub agreed: bool,
    /// Miles a partner's file gave for it.
    pub by_partner: Option<i64>,
    /// What became of the ticket, where it was not flown.
    pub fate: Option<String>,
    /// Everybody on the flight whom we know.
    pub candidates: Vec<Candidate>,
    /// Until when messages are waited for.
    pub wait_until: NaiveDate,
    /// That is over.
    pub waited: bool,
}

impl Partners {
    /// Reads what a claim is judged by.
    pub(super) async fn ground(
        &self,
        tx: &mut Tx,
        member: &Member,
        about: &About,
        by: By,
    ) -> Result<Ground> {
        let engine = self.loyalty().programme_on(&member.programme, about.date).await;
        let engine = match engine {
            Ok(engine) => Some(engine),
            Err(loyalty::Error::NotFound(_)) => None,
            Err(other) => return Err(other.into()),
        };
        let rules = engine.as_deref();
        let customer = member.customer.ok_or(Error::Refused("claims-member-gone"))?;
        let names = self.customers().names(tx, &[customer]).await?;
        let joined = self.day_of(member.enrolled_at);
        let terms = rules.and_then(|it| {
            let mut all = it.programme().accrual.terms.iter();
            all.find(|row| row.span().contains(about.date))
        });
        let days = Days::new(terms.map_or(0, |it| u64::from(it.days_before_joining)));
        let until = by.at + WAITS;
        let candidates = self.candidates(tx, member, customer, about, rules).await?;
        Ok(Ground {
            name: names.get(&customer).cloned().unwrap_or_default(),
            frozen: !matches!(member.state, AccountState::Open | AccountState::DebitsFrozen),
            claimed_on: self.day_of(by.at),
            claim_until: rules.and_then(|it| it.programme().claim_until(about.date)),
            first_day: joined.checked_sub_days(days),
            agreed: rules.is_some_and(|it| agreed(it, about)),
            by_partner: self.by_partner(tx, member, about).await?,
            fate: self.flights().fate(tx, &about.ticket, about.date).await?,
            candidates,
            wait_until: self.day_of(until),
            waited: self.now() >= until,
        })
    }

    async fn by_partner(&self, tx: &mut Tx, member: &Member, about: &About) -> Result<Option<i64>> {
        let same = format!(
            "f:{}:{}:{}:{}:{}",
            member.member_no,
            about.designator(),
            about.date,
            about.origin,
            about.destination
        );
        let mut query = SqlBuilder::new("SELECT miles FROM partner_activity WHERE is_live");
        query.push(" AND member_id = ").bind(member.id.uuid());
        query.push(" AND (same_key = ").bind(same);
        if about.ticket.len() == 13 {
            let ticket = format!("t:{}:", about.ticket);
            query.push(" OR (kind = 'flight' AND happened_on = ").bind(about.date);
            query.push(" AND same_key LIKE ").bind(format!("{ticket}%")).push(")");
        }
        query.push(") ORDER BY id LIMIT 1");
        Ok(tx.value_maybe(query.build()).await?)
    }

    async fn candidates(
        &self,
        tx: &mut Tx,
        member: &Member,
        customer: CustomerId,
        about: &About,
        rules: Option<&Engine>,
    ) -> Result<Vec<Candidate>> {
        let found = self.flights().on_flight(tx, &about.carrier, &about.number, about.date).await?;
        // Who they are now: facts follow a merge a moment later.
        let now = current(tx, found.iter().map(|one| one.counted.customer_id)).await?;
        let whose: Vec<CustomerId> = now.values().copied().collect();
        let names = self.customers().names(tx, &whose).await?;
        let people = people(tx, customer, &whose).await?;
        let keys: Vec<String> = found
            .iter()
            .map(|one| loyalty::earning::key(&one.counted.source, &one.counted.source_key))
            .collect();
        let earned = earned(tx, &keys).await?;
        let taken = rows::taken_by_others(tx, &keys, member.id).await?;
        let who = self.as_rules_see(tx, member).await?;
        let mut all = Vec::with_capacity(found.len());
        for (one, key) in found.into_iter().zip(keys) {
            let told = CustomerId::from(one.counted.customer_id);
            let whose = now.get(&told).copied().unwrap_or(told);
            let (members, apart) = people.get(&whose).copied().unwrap_or_default();
            all.push(Candidate {
                would: would(rules, &one.counted, &who),
                earned: earned.get(&key).cloned().unwrap_or(Earned::Open),
                record: one.counted.record_id,
                locator: one.record_locator.unwrap_or_default(),
                seat: one.seat.unwrap_or_default(),
                name: names.get(&whose).cloned().unwrap_or_default(),
                own: whose == customer,
                taken: taken.contains(&key),
                contradicts: apart,
                customer: whose,
                members,
                segment: one.counted,
                key,
            });
        }
        Ok(all)
    }

    async fn as_rules_see(
        &self,
        tx: &mut Tx,
        member: &Member,
    ) -> Result<programme::accrual::Member> {
        let rank: Option<i64> = tx
            .value_maybe(
                sql("SELECT rank FROM loyalty_tier_now WHERE member_id = $1")
                    .bind(member.id.uuid()),
            )
            .await?;
        let rank = rank.and_then(|rank| u8::try_from(rank).ok()).unwrap_or(0);
        Ok(programme::accrual::Member {
            number: member.member_no.clone(),
            tier: programme::document::Rank(rank),
            birth_date: None,
            joined_on: self.day_of(member.enrolled_at),
            first_flight: false,
            registered: Vec::new(),
            used: Vec::new(),
        })
    }
}

fn agreed(engine: &Engine, about: &About) -> bool {
    let Ok(carrier) = Carrier::parse(&about.carrier) else { return false };
    let mut rows = engine.programme().accrual.carriers.iter();
    rows.any(|row| row.carriers.contains(&carrier) && row.span().contains(about.date))
}

/// What the rules would give, without promotions and the bonus of a first flight.
fn would(
    rules: Option<&Engine>,
    counted: &Counted,
    member: &programme::accrual::Member,
) -> Result<i64, String> {
    let rules = rules.ok_or_else(|| "no-version".to_owned())?;
    let segment = segment(counted);
    let fact = segment.fact().map_err(|what| format!("lacking-{}", what.as_str()))?;
    let accrued = rules.accrue(&fact, member);
    match &accrued.refused {
        Some(why) => Err(why.code().to_owned()),
        None => Ok(accrued.total(Measure::Redeemable)),
    }
}

fn segment(counted: &Counted) -> Segment {
    let counted = counted.clone();
    Segment {
        source: counted.source,
        source_key: counted.source_key,
        record: counted.record_id,
        flight_date: counted.flight_date,
        carrier: counted.carrier,
        flight_no: counted.flight_no,
        origin: counted.origin,
        destination: counted.destination,
        booking_class: counted.booking_class,
        cabin: counted.cabin,
        km: counted.km,
        fare_minor: counted.fare_minor,
        currency: counted.currency,
        booked_on: counted.booked_on,
        outcome: counted.outcome,
        coupon: counted.ticket_coupon,
    }
}

/// Who customers are now, by who they were.
async fn current(
    tx: &mut Tx,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<CustomerId, CustomerId>> {
    let found: Vec<(Uuid, Uuid)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            ids.map(|id| vec![id.into()]).collect(),
            "SELECT input.id, COALESCE(c.merged_into, c.id) AS now
             FROM input JOIN customer c ON c.id = input.id",
        )
        .await?;
    Ok(found.into_iter().map(|(id, now)| (id.into(), now.into())).collect())
}

/// Of who flew: memberships, and whether something speaks against being the claimant.
async fn people(
    tx: &mut Tx,
    claimant: CustomerId,
    whose: &[CustomerId],
) -> Result<HashMap<CustomerId, (usize, bool)>> {
    let rows = whose.iter().map(|id| vec![id.uuid().into(), claimant.uuid().into()]).collect();
    let found: Vec<(Uuid, i64, bool, bool)> = tx
        .with_rows_all(
            &[Col::uuid("id"), Col::uuid("claimant")],
            rows,
            "SELECT input.id,
                (SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_member m
                 WHERE m.customer_id = input.id) AS members,
                EXISTS (SELECT 1 FROM identity_apart a
                 WHERE (a.one_id = input.id AND a.other_id = input.claimant)
                    OR (a.other_id = input.id AND a.one_id = input.claimant)) AS apart,
                EXISTS (SELECT 1 FROM customer c JOIN customer o ON o.id = input.claimant
                 WHERE c.id = input.id AND c.birth_date <> o.birth_date) AS born_otherwise
             FROM input",
        )
        .await?;
    let read = |(id, members, apart, born): (Uuid, i64, bool, bool)| {
        (id.into(), (usize::try_from(members).unwrap_or(0), apart || born))
    };
    Ok(found.into_iter().map(read).collect())
}

/// What accrual made of segments, by key.
pub(super) async fn earned(tx: &mut Tx, keys: &[String]) -> Result<HashMap<String, Earned>> {
    type Row = (String, String, String, Option<NaiveDate>, i64);
    let rows = keys.iter().map(|key| vec![key.into()]).collect();
    let found: Vec<Row> = tx
        .with_rows_all(
            &[Col::text("key")],
            rows,
            "SELECT a.key, a.state, a.reason, a.since,
                COALESCE((SELECT CAST(SUM(
                        CASE WHEN t.kind = 'reverse' THEN -t.amount ELSE t.amount END) AS BIGINT)
                    FROM ledger_transfer t JOIN ledger_account c
                      ON c.id = CASE WHEN t.kind = 'reverse' THEN t.debit_id ELSE t.credit_id END
                    WHERE t.reference <> '' AND t.reference = a.key
                      AND c.owner_id IS NOT NULL AND c.unit = 'miles'), 0) AS miles
             FROM input JOIN loyalty_accrual a ON a.key = input.key",
        )
        .await?;
    let read = |(key, state, reason, since, miles): Row| {
        let earned = match state.parse() {
            Ok(Derived::Earned) => Earned::Miles(miles, since),
            Ok(Derived::Refused) => Earned::Nothing(reason),
            _ => Earned::Open,
        };
        (key, earned)
    };
    Ok(found.into_iter().map(read).collect())
}
