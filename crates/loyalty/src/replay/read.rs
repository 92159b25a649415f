//! Reading the base for a replay: a page of members at a time, each page in five statements, and all
//! that one member flew in one row. Nothing is joined member by member, and no fact is a row.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::Period;
use programme::accrual::Registered;
use programme::qualify::Activity;
use programme::replay::Flown;
use programme::{Amounts, Id};
use store::{Tx, sql};
use uuid::Uuid;

use super::pack::{FIELD, NEXT, unpack};
use super::tally::Subject;
use crate::ledger::NEVER;
use crate::{Loyalty, Result};

/// What is read of a member; its flights are read apart later, on all processors.
#[derive(Debug)]
pub(crate) struct Raw {
    id: Uuid,
    joined_on: NaiveDate,
    birth_date: Option<NaiveDate>,
    tier: Option<(String, NaiveDate, Option<NaiveDate>)>,
    is_new: bool,
    registered: Vec<Registered>,
    before: Vec<String>,
    flown: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct WhoRow {
    id: Uuid,
    enrolled_at: DateTime<Utc>,
    birth_date: Option<NaiveDate>,
    flew_before: bool,
}

/// Memberships that were merged, by whom they count for now.
pub(crate) type Merged = HashMap<Uuid, Vec<Uuid>>;

/// Members' lines, by member.
type Lines = HashMap<Uuid, Vec<String>>;

fn group(rows: Vec<(Uuid, Option<String>)>) -> Lines {
    let mut lines = Lines::new();
    for (member, line) in rows {
        lines.entry(member).or_default().extend(line);
    }
    lines
}

/// What every statement here is bound to: the members after one and up to another, and the days.
struct Part {
    after: Uuid,
    last: Uuid,
    span: Period,
}

const FLOWN: &str = "SELECT f.member_id,
        STRING_AGG(CAST(f.posted_on AS TEXT) || '|' || f.packed, ';')
     FROM loyalty_fact f
     WHERE f.member_id > $1 AND f.member_id <= $2 AND f.flight_date >= $3 AND f.flight_date <= $4
     GROUP BY f.member_id";

const BEFORE: &str = "SELECT v.member_id, STRING_AGG(CAST(v.flown_on AS TEXT) || '|'
            || CAST(v.posted_on AS TEXT) || '|' || CAST(v.distance AS TEXT) || '|'
            || CAST(v.segments AS TEXT) || '|' || CAST(v.spend AS TEXT) || '|'
            || CAST(v.lifetime AS TEXT), ';')
     FROM loyalty_activity v
     WHERE v.member_id > $1 AND v.member_id <= $2 AND v.flown_on < $3 AND v.flown_on < $4
     GROUP BY v.member_id";

async fn lines(tx: &mut Tx, statement: &'static str, part: &Part) -> Result<Lines> {
    let query = sql(statement).bind(part.after).bind(part.last);
    Ok(group(tx.all(query.bind(part.span.from).bind(part.span.to)).await?))
}

impl Loyalty {
    /// How many members a replay looks at.
    pub(crate) async fn count_subjects(&self, programme: &str) -> Result<u64> {
        let mut tx = self.db().read().await?;
        let count: i64 = tx
            .value(
                sql("SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_member
                     WHERE programme = $1 AND merged_into IS NULL AND forgotten_at IS NULL")
                .bind(programme),
            )
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Merged memberships of a programme, by the one they count for in the end. Few.
    pub(crate) async fn merged(&self, programme: &str) -> Result<Merged> {
        let mut tx = self.db().read().await?;
        let rows: Vec<(Uuid, Uuid)> = tx
            .all(
                sql("SELECT id, merged_into FROM loyalty_member
                     WHERE programme = $1 AND merged_into IS NOT NULL")
                .bind(programme),
            )
            .await?;
        let into: HashMap<Uuid, Uuid> = rows.into_iter().collect();
        let mut merged = Merged::new();
        for id in into.keys() {
            let mut root = *id;
            for _ in 0..into.len() {
                match into.get(&root) {
                    Some(next) => root = *next,
                    None => break,
                }
            }
            merged.entry(root).or_default().push(*id);
        }
        Ok(merged)
    }

    /// The next members after a place; none at the end.
    pub(crate) async fn read_subjects(
        &self,
        programme: &str,
        after: Uuid,
        span: Period,
        merged: &Merged,
        limit: i64,
    ) -> Result<Vec<Raw>> {
        let mut tx = self.db().read().await?;
        let who: Vec<WhoRow> = tx
            .all(
                sql("SELECT m.id, m.enrolled_at, c.birth_date, EXISTS (
                        SELECT 1 FROM loyalty_accrual a
                        WHERE a.member_id = m.id AND a.is_first AND a.flight_date < $3
                     ) AS flew_before
                     FROM loyalty_member m LEFT JOIN customer c ON c.id = m.customer_id
                     WHERE m.programme = $1 AND m.id > $2 AND m.merged_into IS NULL
                       AND m.forgotten_at IS NULL
                     ORDER BY m.id LIMIT $4")
                .bind(programme)
                .bind(after)
                .bind(span.from)
                .bind(limit),
            )
            .await?;
        let Some(last) = who.last().map(|row| row.id) else { return Ok(Vec::new()) };
        let part = Part { after, last, span };
        let mut flown = lines(&mut tx, FLOWN, &part).await?;
        let mut before = lines(&mut tx, BEFORE, &part).await?;
        let mut tiers = tiers(&mut tx, &part).await?;
        let mut registered = self.registered_in(&mut tx, &part).await?;
        for row in &who {
            for other in merged.get(&row.id).into_iter().flatten() {
                let one = Part { after: before_id(*other), last: *other, span };
                let more = lines(&mut tx, FLOWN, &one).await?.remove(other);
                flown.entry(row.id).or_default().extend(more.into_iter().flatten());
                let more = lines(&mut tx, BEFORE, &one).await?.remove(other);
                before.entry(row.id).or_default().extend(more.into_iter().flatten());
                let more = self.registered_in(&mut tx, &one).await?.remove(other);
                registered.entry(row.id).or_default().extend(more.into_iter().flatten());
            }
        }
        let raw = who.into_iter().map(|row| Raw {
            id: row.id,
            joined_on: self.day_of(row.enrolled_at),
            birth_date: row.birth_date,
            tier: tiers.remove(&row.id),
            is_new: !row.flew_before,
            registered: registered.remove(&row.id).unwrap_or_default(),
            before: before.remove(&row.id).unwrap_or_default(),
            flown: flown.remove(&row.id).unwrap_or_default(),
        });
        Ok(raw.collect())
    }

    /// What members registered for. Few rows, in the order of their key.
    async fn registered_in(
        &self,
        tx: &mut Tx,
        part: &Part,
    ) -> Result<HashMap<Uuid, Vec<Registered>>> {
        let rows: Vec<(Uuid, String, DateTime<Utc>)> = tx
            .all(
                sql("SELECT member_id, promotion, registered_at FROM loyalty_registration
                     WHERE member_id > $1 AND member_id <= $2")
                .bind(part.after)
                .bind(part.last),
            )
            .await?;
        let mut all: HashMap<Uuid, Vec<Registered>> = HashMap::new();
        for (member, promotion, at) in rows {
            let on = self.day_of(at);
            let one = Registered { row: Id::from(promotion.as_str()), on };
            all.entry(member).or_default().push(one);
        }
        Ok(all)
    }
}

/// The id just before one.
fn before_id(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128().saturating_sub(1))
}

/// The last tier by rule that began before the first day.
async fn tiers(
    tx: &mut Tx,
    part: &Part,
) -> Result<HashMap<Uuid, (String, NaiveDate, Option<NaiveDate>)>> {
    let rows: Vec<(Uuid, String, NaiveDate, NaiveDate)> = tx
        .all(
            sql("SELECT member_id, tier, valid_from, valid_to FROM loyalty_tier
                 WHERE member_id > $1 AND member_id <= $2 AND is_by_hand = FALSE
                   AND valid_from < $3
                 ORDER BY recorded_at, id")
            .bind(part.after)
            .bind(part.last)
            .bind(part.span.from),
        )
        .await?;
    let held = rows.into_iter().map(|(member, tier, from, to)| {
        let last = (to < NEVER).then_some(to);
        (member, (tier, from, last))
    });
    Ok(held.collect())
}

impl Raw {
    /// Who it is, to go on after.
    pub(crate) fn id(&self) -> Uuid {
        self.id
    }

    /// The lines read apart. One that cannot be read is left out: only our own are written.
    pub(crate) fn read(self) -> Subject {
        let flown = self.flown.iter().flat_map(|line| line.split(NEXT)).filter_map(flight);
        let before = self.before.iter().flat_map(|line| line.split(NEXT)).filter_map(earlier);
        Subject {
            flown: flown.collect(),
            before: before.collect(),
            id: self.id,
            joined_on: self.joined_on,
            birth_date: self.birth_date,
            tier: self.tier,
            is_new: self.is_new,
            registered: self.registered,
        }
    }
}

/// What was credited later than this after the flight was loaded with the past of a member: it is
/// taken as known from the day it was flown. Otherwise nobody would hold a tier before the house
/// began to keep the books.
const LATE: Days = Days::new(31);

fn known(on: NaiveDate, posted: NaiveDate) -> NaiveDate {
    if posted > on + LATE { on } else { posted.max(on) }
}

fn flight(line: &str) -> Option<Flown> {
    let (posted, fact) = line.split_once(FIELD)?;
    let fact = unpack(fact)?;
    let posted = known(fact.flight_date, posted.parse().ok()?);
    Some(Flown { fact, posted })
}

fn earlier(line: &str) -> Option<Activity> {
    let mut fields = line.split(FIELD);
    let on: NaiveDate = fields.next()?.parse().ok()?;
    let posted = known(on, fields.next()?.parse().ok()?);
    let mut next = || fields.next()?.parse::<i64>().ok();
    let (distance, segments, spend, lifetime) = (next()?, next()?, next()?, next()?);
    Some(Activity { on, posted, amounts: Amounts { distance, segments, spend, lifetime } })
}
