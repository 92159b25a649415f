//! Records into the domains that keep them: members to customers, facts to flights.

use std::collections::HashMap;

use customers::{
    Applied, CustomerId, Customers, DocumentKind, MemberInput, Policy, ReadyMember, Turn,
};
use flights::{MonthInput, SegmentInput, SummaryInput};
use kernel::names::PersonName;
use serde_json::{Map, Value as Json};
use store::Tx;
use uuid::Uuid;

use super::model::Counts;
use super::reader::Batch;
use crate::rows::{Issue, Level, MemberRow, MonthRow, Record, SegmentRow, Summary};
use crate::{Feeds, Result};

/// Members found so far, by key: most segments are about somebody seen before.
const CACHE: usize = 500_000;

/// Who is who within one import.
#[derive(Default)]
pub(super) struct People {
    known: HashMap<String, CustomerId>,
    /// Found in the batch under way: kept once it is committed.
    fresh: HashMap<String, CustomerId>,
}

impl People {
    fn get(&self, key: &str) -> Option<CustomerId> {
        self.known.get(key).or_else(|| self.fresh.get(key)).copied()
    }

    /// The batch is committed.
    pub fn keep(&mut self) {
        if self.known.len() + self.fresh.len() > CACHE {
            self.known.clear();
        }
        self.known.extend(self.fresh.drain());
    }
}

/// The parts of an import that every batch needs.
#[derive(Clone)]
pub(super) struct Target {
    pub import: Uuid,
    pub source: String,
    pub policy: Policy,
    pub add_members: bool,
}

/// A batch whose members are ready for the database.
pub(super) struct Ready {
    members: Vec<ReadyMember>,
    /// Of each member, what its row sums up.
    summaries: Vec<Option<(String, Summary)>>,
    segments: Vec<SegmentRow>,
    months: Vec<MonthRow>,
    pub issues: Vec<Issue>,
    pub counts: Counts,
}

/// Sorts the records of a batch and makes its members ready. Runs on a thread of its own, ahead of
/// the writer.
pub(super) fn ready(customers: &Customers, source: &str, batch: Batch) -> Result<Ready> {
    let (mut inputs, mut summaries) = (Vec::new(), Vec::new());
    let (mut segments, mut months) = (Vec::new(), Vec::new());
    for record in batch.records {
        match record {
            Record::Member(mut member) => {
                summaries.push(member.summary.take().map(|summary| (member.key.clone(), summary)));
                inputs.push(member_input(*member));
            }
            Record::Segment(segment) => segments.push(*segment),
            Record::Month(month) => months.push(*month),
        }
    }
    let members = customers.ready(source, &inputs)?;
    Ok(Ready { members, summaries, segments, months, issues: batch.issues, counts: batch.counts })
}

/// Writes the records of one batch; counts what became of them, tells what cannot be placed.
pub(super) async fn apply(
    feeds: &Feeds,
    tx: &mut Tx,
    target: &Target,
    (people, turn): (&mut People, &mut Turn),
    batch: Ready,
) -> Result<(Counts, Vec<Issue>)> {
    let Ready { members, summaries, segments, months, mut issues, mut counts } = batch;
    people.fresh.clear();
    if !members.is_empty() {
        let rows = (members, summaries);
        apply_members(feeds, tx, target, rows, turn, &mut counts).await?;
    }
    if !segments.is_empty() {
        let wanted = segments
            .iter()
            .map(|s| (s.row, s.member_key.as_str(), s.member_no.as_deref(), s.name.as_ref()));
        let found = (&mut counts, &mut issues);
        find_people(feeds, tx, target, people, wanted.collect(), found).await?;
        let inputs = segments
            .into_iter()
            .filter_map(|segment| Some(segment_input(people.get(&segment.member_key)?, segment)));
        let inputs: Vec<_> = inputs.collect();
        let applied = feeds.flights().apply_segments(
            tx,
            &target.source,
            target.import,
            inputs,
            target.policy,
        );
        count_facts(&applied.await?, &mut counts);
    }
    if !months.is_empty() {
        let wanted =
            months.iter().map(|m| (m.row, m.member_key.as_str(), m.member_no.as_deref(), None));
        let found = (&mut counts, &mut issues);
        find_people(feeds, tx, target, people, wanted.collect(), found).await?;
        let inputs = months
            .into_iter()
            .filter_map(|month| Some(month_input(people.get(&month.member_key)?, month)));
        let inputs: Vec<_> = inputs.collect();
        let applied =
            feeds.flights().apply_months(tx, &target.source, target.import, inputs, target.policy);
        count_facts(&applied.await?, &mut counts);
    }
    Ok((counts, issues))
}

fn count_facts(applied: &[flights::Applied], counts: &mut Counts) {
    for one in applied {
        match one {
            flights::Applied::Created => counts.created += 1,
            flights::Applied::Updated => counts.updated += 1,
            flights::Applied::Unchanged => counts.unchanged += 1,
            flights::Applied::Skipped => counts.skipped += 1,
        }
    }
}

/// Members first; then, for those that were not skipped, the activity their rows sum up.
async fn apply_members(
    feeds: &Feeds,
    tx: &mut Tx,
    target: &Target,
    (members, summaries): (Vec<ReadyMember>, Vec<Option<(String, Summary)>>),
    turn: &mut Turn,
    counts: &mut Counts,
) -> Result<()> {
    let of = (target.source.as_str(), target.import);
    let applied = feeds.customers().apply_in_turn(tx, of, members, target.policy, turn).await?;
    let mut facts = Vec::new();
    let mut places = Vec::new();
    for (n, summary) in summaries.into_iter().enumerate() {
        let customer = match applied.get(n) {
            Some(Applied::Created(id) | Applied::Updated(id) | Applied::Unchanged(id)) => *id,
            _ => continue,
        };
        if let Some((key, summary)) = summary {
            places.push(n);
            facts.push(summary_input(customer, key, &summary));
        }
    }
    // The policy is about members; what a member's row says belongs to the member.
    let policy = Policy::CreateOrUpdate;
    let facts =
        feeds.flights().apply_summaries(tx, &target.source, target.import, facts, policy).await?;
    let mut changed = vec![false; applied.len()];
    for (n, fact) in places.into_iter().zip(&facts) {
        changed[n] = matches!(fact, flights::Applied::Created | flights::Applied::Updated);
    }
    for (member, changed) in applied.iter().zip(changed) {
        match member {
            Applied::Created(_) => counts.created += 1,
            Applied::Updated(_) => counts.updated += 1,
            Applied::Unchanged(_) if changed => counts.updated += 1,
            Applied::Unchanged(_) => counts.unchanged += 1,
            Applied::Skipped => counts.skipped += 1,
        }
    }
    Ok(())
}

/// Row, member key, member number, name.
type Wanted<'a> = (u64, &'a str, Option<&'a str>, Option<&'a PersonName>);

/// Finds the customers that facts are about; adds those not known yet, or tells their rows.
async fn find_people(
    feeds: &Feeds,
    tx: &mut Tx,
    target: &Target,
    people: &mut People,
    wanted: Vec<Wanted<'_>>,
    (counts, issues): (&mut Counts, &mut Vec<Issue>),
) -> Result<()> {
    let mut missing: HashMap<&str, Wanted<'_>> = HashMap::new();
    for one in &wanted {
        if people.get(one.1).is_none() {
            missing.entry(one.1).or_insert(*one);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    look_up(feeds, tx, &target.source, people, &mut missing).await?;
    if missing.is_empty() {
        return Ok(());
    }
    if target.add_members {
        counts.people += missing.len() as u64;
        return add_people(feeds, tx, target, people, missing).await;
    }
    for (row, key, ..) in wanted.iter().filter(|one| missing.contains_key(one.1)) {
        counts.rejected += 1;
        issues.push(Issue {
            row: *row,
            column: String::new(),
            value: (*key).to_owned(),
            level: Level::Reject,
            code: "member-unknown".to_owned(),
            args: Vec::new(),
        });
    }
    Ok(())
}

async fn look_up(
    feeds: &Feeds,
    tx: &mut Tx,
    source: &str,
    people: &mut People,
    missing: &mut HashMap<&str, Wanted<'_>>,
) -> Result<()> {
    let numbers: Vec<String> =
        missing.values().filter_map(|one| one.2.map(str::to_owned)).collect();
    if !numbers.is_empty() {
        let found = feeds.customers().ids_by_member_no(tx, &numbers).await?;
        missing.retain(|key, one| match one.2.and_then(|number| found.get(number)) {
            Some(id) => {
                people.fresh.insert((*key).to_owned(), *id);
                false
            }
            None => true,
        });
    }
    let keys: Vec<String> = missing.keys().map(|key| (*key).to_owned()).collect();
    if !keys.is_empty() {
        let found = feeds.customers().ids_by_source_key(tx, source, &keys).await?;
        missing.retain(|key, _| match found.get(*key) {
            Some(id) => {
                people.fresh.insert((*key).to_owned(), *id);
                false
            }
            None => true,
        });
    }
    Ok(())
}

async fn add_people(
    feeds: &Feeds,
    tx: &mut Tx,
    target: &Target,
    people: &mut People,
    missing: HashMap<&str, Wanted<'_>>,
) -> Result<()> {
    // In the order of the file, so that the same file gives the same ids' order.
    let mut rows: Vec<Wanted<'_>> = missing.into_values().collect();
    rows.sort_unstable_by_key(|one| one.0);
    let inputs: Vec<MemberInput> = rows
        .iter()
        .map(|(_, key, number, name)| MemberInput {
            source_key: (*key).to_owned(),
            member_no: number.map(str::to_owned),
            name: name.cloned(),
            ..MemberInput::default()
        })
        .collect();
    let applied = feeds
        .customers()
        .apply_members(tx, &target.source, target.import, &inputs, Policy::CreateOrUpdate)
        .await?;
    for ((_, key, ..), applied) in rows.iter().zip(applied) {
        if let Applied::Created(id) | Applied::Updated(id) | Applied::Unchanged(id) = applied {
            people.fresh.insert((*key).to_owned(), id);
        }
    }
    Ok(())
}

fn member_input(member: MemberRow) -> MemberInput {
    let document = member
        .id_card
        .map(|number| (DocumentKind::IdCard, number))
        .or_else(|| member.passport.map(|number| (DocumentKind::Passport, number)));
    let extra: Map<String, Json> =
        member.extra.into_iter().map(|(key, value)| (key, Json::String(value))).collect();
    MemberInput {
        source_key: member.key,
        member_no: member.member_no,
        name: member.name,
        gender: member.gender.and_then(|word| word.parse().ok()),
        birth_date: member.birth_date,
        city: member.city,
        province: member.province,
        country: member.country,
        language: member.language,
        tier: member.tier.and_then(|word| word.parse().ok()),
        joined_on: member.joined_on,
        cancelled_on: member.cancelled_on,
        phone: member.phone,
        email: member.email,
        document,
        extra,
    }
}

fn summary_input(customer: CustomerId, key: String, summary: &Summary) -> SummaryInput {
    SummaryInput {
        customer,
        source_key: key,
        observed_on: summary.observed_on,
        joined_on: summary.joined_on,
        tenure_days: summary.tenure_days,
        first_flight_on: summary.first_flight_on,
        last_flight_on: summary.last_flight_on,
        last_flight_days: summary.last_flight_days,
        flights: summary.flights,
        km: summary.km,
        coefficient: summary.coefficient,
        fare_year_1: summary.fare_year_1,
        fare_year_2: summary.fare_year_2,
        points: summary.points,
        exchanges: summary.exchanges,
        kept_verdict: summary.kept,
    }
}

fn segment_input(customer: CustomerId, segment: SegmentRow) -> SegmentInput {
    SegmentInput {
        customer,
        source_key: segment.key,
        flight_date: segment.flight_date,
        departs_minute: segment.departs_minute,
        carrier: segment.carrier,
        flight_no: segment.flight_no,
        origin: segment.origin,
        destination: segment.destination,
        booking_class: segment.booking_class,
        cabin: segment.cabin.map(str::to_owned),
        km: segment.km,
        fare_minor: segment.fare_minor,
        currency: segment.currency,
        discount: segment.discount,
        booked_on: segment.booked_on,
        channel: segment.channel.map(str::to_owned),
        outcome: segment.outcome.to_owned(),
        record_locator: segment.record_locator,
        ticket_coupon: segment.ticket_coupon,
        seat: segment.seat,
        party_size: segment.party_size,
        extras_minor: segment.extras_minor,
    }
}

fn month_input(customer: CustomerId, month: MonthRow) -> MonthInput {
    let source_key =
        if month.part.is_empty() { month.key } else { format!("{}#{}", month.key, month.part) };
    MonthInput {
        customer,
        source_key,
        month: month.month,
        flights: month.flights,
        km: month.km,
        points_earned: month.points_earned,
        points_redeemed: month.points_redeemed,
        redeemed_minor: month.redeemed_minor,
    }
}
