//! From periods to dated flights.
//!
//! Rows are never edited: a change is a later set of rows for the days it is about, a cancellation a
//! row without a route. On each day the set that was said last holds.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use kernel::airports;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use crate::Result;

/// Service of a row that takes the flight out of the schedule; of one with a route, that leg alone.
pub(crate) const CANCELLED: &str = "cancelled";

/// A leg over a period.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub(crate) struct Row {
    pub id: Uuid,
    pub carrier: String,
    pub number: String,
    pub variation: i64,
    pub position: i64,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub days: i64,
    pub every_weeks: i64,
    pub board_point: String,
    pub off_point: String,
    pub departs_minute: Option<i64>,
    pub departs_offset: Option<i64>,
    pub departs_shift: i64,
    pub arrives_minute: Option<i64>,
    pub arrives_offset: Option<i64>,
    pub arrives_shift: i64,
    pub aircraft: String,
    pub service: String,
    pub operated_by: String,
    pub said_at: DateTime<Utc>,
    pub message_id: Uuid,
}

pub(crate) const COLUMNS: &[Col] = &[
    Col::uuid("id"),
    Col::text("carrier"),
    Col::text("number"),
    Col::i64("variation"),
    Col::i64("position"),
    Col::date("first_day"),
    Col::date("last_day"),
    Col::i64("days"),
    Col::i64("every_weeks"),
    Col::text("board_point"),
    Col::text("off_point"),
    Col::i64("departs_minute"),
    Col::i64("departs_offset"),
    Col::i64("departs_shift"),
    Col::i64("arrives_minute"),
    Col::i64("arrives_offset"),
    Col::i64("arrives_shift"),
    Col::text("aircraft"),
    Col::text("service"),
    Col::text("operated_by"),
    Col::time("said_at"),
    Col::uuid("message_id"),
];

impl Row {
    pub fn values(self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.carrier.into(),
            self.number.into(),
            self.variation.into(),
            self.position.into(),
            self.first_day.into(),
            self.last_day.into(),
            self.days.into(),
            self.every_weeks.into(),
            self.board_point.into(),
            self.off_point.into(),
            self.departs_minute.into(),
            self.departs_offset.into(),
            self.departs_shift.into(),
            self.arrives_minute.into(),
            self.arrives_offset.into(),
            self.arrives_shift.into(),
            self.aircraft.into(),
            self.service.into(),
            self.operated_by.into(),
            self.said_at.into(),
            self.message_id.into(),
        ]
    }

    /// Whether it takes the whole flight out of the schedule.
    pub fn is_blank(&self) -> bool {
        self.service == CANCELLED && self.board_point.is_empty()
    }

    /// Whether the flight of `date` is flown by this row.
    pub fn flies_on(&self, date: NaiveDate) -> bool {
        let weekday = self.days >> date.weekday().num_days_from_monday() & 1 == 1;
        let week = (date - self.first_day).num_days().div_euclid(7);
        let within = self.first_day <= date && date <= self.last_day;
        within && weekday && week % self.every_weeks.max(1) == 0
    }
}

/// A flight of one day, as planned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Planned {
    pub carrier: String,
    pub number: String,
    pub date: NaiveDate,
    pub said_at: DateTime<Utc>,
    pub cancelled: bool,
    pub legs: Vec<PlannedLeg>,
}

/// One of its legs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlannedLeg {
    pub board: String,
    pub off: String,
    /// Local day of departure.
    pub local_date: NaiveDate,
    pub departs_at: Option<DateTime<Utc>>,
    pub arrives_at: Option<DateTime<Utc>>,
    pub aircraft: String,
    /// It is not flown, others of the flight are.
    pub cancelled: bool,
}

/// What is planned under a number from one day to another, cancelled flights included.
pub(crate) async fn plans(
    tx: &mut Tx,
    (carrier, number): (&str, &str),
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Planned>> {
    let rows = rows_of(tx, carrier, number, (first, last)).await?;
    Ok(on_days(&rows, first, last))
}

/// The rows of a number that touch some days.
pub(crate) async fn rows_of(
    tx: &mut Tx,
    carrier: &str,
    number: &str,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Row>> {
    Ok(tx
        .all(
            sql("SELECT * FROM schedule_leg
                 WHERE carrier = $1 AND number = $2 AND last_day >= $3 AND first_day <= $4
                    AND operated_by = ''
                 ORDER BY said_at, variation, position, id")
            .bind(carrier)
            .bind(number)
            .bind(first)
            .bind(last),
        )
        .await?)
}

/// The rows of many numbers that touch some days.
pub(crate) async fn rows_of_many(
    tx: &mut Tx,
    numbers: &[(String, String)],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Row>> {
    let rows: Vec<Vec<Value>> = numbers
        .iter()
        .map(|(carrier, number)| vec![carrier.into(), number.into(), first.into(), last.into()])
        .collect();
    let columns = [Col::text("c"), Col::text("n"), Col::date("first"), Col::date("last")];
    Ok(tx
        .with_rows_all(
            &columns,
            rows,
            "SELECT s.* FROM input JOIN schedule_leg s ON s.carrier = input.c
                AND s.number = input.n AND s.last_day >= input.first
                AND s.first_day <= input.last AND s.operated_by = ''
             ORDER BY s.said_at, s.variation, s.position, s.id",
        )
        .await?)
}

/// Dated flights of rows of one number.
pub(crate) fn on_days(rows: &[Row], first: NaiveDate, last: NaiveDate) -> Vec<Planned> {
    let days = first.iter_days().take_while(|day| *day <= last);
    days.filter_map(|day| on_day(rows, day)).collect()
}

/// The rows that hold on a day: those said last.
pub(crate) fn rows_on(rows: &[Row], date: NaiveDate) -> Vec<&Row> {
    let all: Vec<&Row> = rows.iter().collect();
    rows_among(&all, date)
}

fn rows_among<'r>(rows: &[&'r Row], date: NaiveDate) -> Vec<&'r Row> {
    let flying: Vec<&Row> = rows.iter().copied().filter(|row| row.flies_on(date)).collect();
    let Some(said) = flying.iter().map(|row| (row.said_at, row.message_id)).max() else {
        return Vec::new();
    };
    flying.into_iter().filter(|row| (row.said_at, row.message_id) == said).collect()
}

pub(crate) fn on_day(rows: &[Row], date: NaiveDate) -> Option<Planned> {
    let mut holding = rows_on(rows, date);
    let first = *holding.first()?;
    let cancelled = holding.iter().all(|row| row.service == CANCELLED);
    if cancelled {
        // Where it would have gone is what was said before.
        let flown: Vec<&Row> = rows.iter().filter(|row| !row.is_blank()).collect();
        holding = rows_among(&flown, date);
    }
    holding.retain(|row| !row.board_point.is_empty());
    holding.sort_by_key(|row| (row.position, row.departs_shift, row.departs_minute));
    let mut legs: Vec<PlannedLeg> = Vec::with_capacity(holding.len());
    for row in holding {
        // The same leg under two service types is one leg.
        if legs.iter().any(|leg| leg.board == row.board_point) {
            continue;
        }
        let departs = local(date, row.departs_shift, row.departs_minute);
        let arrives = local(date, row.arrives_shift, row.arrives_minute);
        let local_date = departs.map_or(date, |at| at.date());
        legs.push(PlannedLeg {
            board: row.board_point.clone(),
            off: row.off_point.clone(),
            local_date,
            departs_at: utc(departs, &row.board_point, row.departs_offset),
            arrives_at: utc(arrives, &row.off_point, row.arrives_offset),
            aircraft: row.aircraft.clone(),
            cancelled: row.service == CANCELLED,
        });
    }
    let (carrier, number) = (first.carrier.clone(), first.number.clone());
    Some(Planned { carrier, number, date, said_at: first.said_at, cancelled, legs })
}

fn local(date: NaiveDate, shift: i64, minute: Option<i64>) -> Option<chrono::NaiveDateTime> {
    let midnight = date.and_hms_opt(0, 0, 0)?;
    midnight.checked_add_signed(Duration::minutes(shift * 24 * 60 + minute?))
}

/// By the offset told, which knows of summer time; else by the airport's zone.
fn utc(
    local: Option<chrono::NaiveDateTime>,
    airport: &str,
    offset: Option<i64>,
) -> Option<DateTime<Utc>> {
    let local = local?;
    if let Some(offset) = offset {
        return Some(local.checked_sub_signed(Duration::minutes(offset))?.and_utc());
    }
    let zone: Tz = airports::find(airport)?.tz;
    zone.from_local_datetime(&local).earliest().map(|at| at.with_timezone(&Utc))
}

/// The day `days` earlier.
pub(crate) fn back(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

/// The day `days` later.
pub(crate) fn plus(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}
