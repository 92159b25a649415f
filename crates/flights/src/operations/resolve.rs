//! Which dated flight a message means, and making it when nobody spoke of it before.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use store::{Tx, sql};
use uuid::Uuid;

use super::flight::{Flight, Leg};
use super::rows::{FlightRow, legs_of};
use crate::messages::FlightKey;
use crate::segments::moment;
use crate::{Result, schedule};

impl Flight {
    /// The flight of a message that names its boarding point and the local day there. Not known
    /// yet, it is made from the schedule, or unscheduled where no schedule has it.
    pub async fn of(tx: &mut Tx, key: &FlightKey, now: DateTime<Utc>) -> Result<Self> {
        let mut found = around(tx, &key.carrier, &key.number, key.date).await?;
        if let Some(index) = pick(&found, key) {
            return Ok(found.swap_remove(index));
        }
        let plans = schedule::plans(tx, (&key.carrier, &key.number), around_days(key.date)).await?;
        let plan = plans.iter().find(|plan| {
            let leaves =
                |leg: &schedule::PlannedLeg| leg.board == key.board && leg.local_date == key.date;
            plan.legs.iter().any(leaves) || key.board.is_empty() && plan.date == key.date
        });
        // Kept, but leaves that point on another day or not at all: the day of its first leg may
        // be meant. A number flies once a day.
        let date = plan.map_or(key.date, |plan| plan.date);
        if let Some(known) = found.into_iter().find(|flight| flight.date == date) {
            return Ok(known);
        }
        let mut flight = Self::blank(&key.carrier, &key.number, date, now);
        if let Some(plan) = plan {
            flight.follow_plan(plan);
        }
        Ok(flight)
    }

    /// The flight a movement is about: its day is the UTC day of scheduled departure, its station
    /// either end of a leg.
    pub async fn of_movement(
        tx: &mut Tx,
        key: &FlightKey,
        arrives: bool,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let mut found = around(tx, &key.carrier, &key.number, key.date).await?;
        let days = around_days(key.date);
        for plan in schedule::plans(tx, (&key.carrier, &key.number), days).await? {
            if !found.iter().any(|flight| flight.date == plan.date) {
                let mut flight = Self::blank(&key.carrier, &key.number, plan.date, now);
                flight.follow_plan(&plan);
                found.push(flight);
            }
        }
        let noon = moment(key.date, None, None);
        let away = |flight: &Self| {
            let ends = |leg: &&Leg| {
                let station = if arrives { &leg.off_point } else { &leg.board_point };
                *station == key.board || key.board.is_empty()
            };
            let any = |leg: &&Leg| leg.off_point == key.board || leg.board_point == key.board;
            let leg = flight.legs.iter().find(ends).or_else(|| flight.legs.iter().find(any));
            let leg = leg.or(flight.legs.first());
            let strange = leg.is_none_or(|leg| !ends(&leg) && !any(&leg));
            // Of the day of the first leg, or of this one: both are in use.
            let day = |at: Option<DateTime<Utc>>| at.map(|at| at.date_naive() == key.date);
            let same = flight.legs.first().and_then(|leg| day(leg.departs_at)).unwrap_or(false)
                || leg.and_then(|leg| day(leg.departs_at)).unwrap_or(flight.date == key.date);
            let departs = leg.map_or(noon, |leg| {
                leg.departs_at
                    .unwrap_or_else(|| moment(leg.leg_date, None, Some(leg.board_point.as_str())))
            });
            (!same, strange, (departs - noon).num_minutes().abs())
        };
        found.retain(|flight| flight.date == key.date || away(flight).2 <= 36 * 60);
        let best = found.into_iter().min_by_key(away);
        Ok(best.unwrap_or_else(|| Self::blank(&key.carrier, &key.number, key.date, now)))
    }

    /// A flight of which nothing is known.
    pub fn blank(carrier: &str, number: &str, date: NaiveDate, now: DateTime<Utc>) -> Self {
        Self {
            id: kernel::ids::v7(now),
            carrier: carrier.to_owned(),
            number: number.to_owned(),
            date,
            status: "planned".to_owned(),
            scheduled: false,
            classes: BTreeMap::new(),
            legs: Vec::new(),
            new: true,
        }
    }
}

fn around_days(date: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = date.checked_sub_days(Days::new(2)).unwrap_or(date);
    (first, date.checked_add_days(Days::new(1)).unwrap_or(date))
}

/// Kept flights of that number around a day.
async fn around(tx: &mut Tx, carrier: &str, number: &str, date: NaiveDate) -> Result<Vec<Flight>> {
    let (first, last) = around_days(date);
    let rows: Vec<FlightRow> = tx
        .all(
            sql("SELECT id, carrier, number, flight_date, status, scheduled, classes
                 FROM flight WHERE carrier = $1 AND number = $2 AND flight_date BETWEEN $3 AND $4
                 ORDER BY flight_date")
            .bind(carrier)
            .bind(number)
            .bind(first)
            .bind(last),
        )
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let legs = legs_of(tx, &ids).await?;
    let of = |id: Uuid| legs.iter().filter(|leg| leg.flight_id == id).cloned().collect();
    Ok(rows.into_iter().map(|row| (of(row.id), row)).map(|(legs, row)| row.with(legs)).collect())
}

/// The one with a leg from that point on that day; else the one of that day without such a point.
fn pick(found: &[Flight], key: &FlightKey) -> Option<usize> {
    let leaves = |flight: &Flight| {
        flight.legs.iter().any(|leg| leg.board_point == key.board && leg.leg_date == key.date)
    };
    let plain = |flight: &Flight| {
        let knows = flight.legs.iter().any(|leg| leg.board_point == key.board);
        flight.date == key.date && !knows
    };
    found.iter().position(leaves).or_else(|| found.iter().position(plain))
}
