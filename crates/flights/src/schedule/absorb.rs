//! Schedules into the database, and dated flights brought in line with them.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use formats::schedule::{Bound, Schedule, TimeMode};
use formats::schedule_change;
use store::{Col, Tx, Value, sql};

use super::file::Reader;
use super::plan::{self, Row};
use crate::messages::key::date;
use crate::messages::spoken::Spoken;
use crate::messages::{Absorbed, Arrival, Refusal};
use crate::operations::{Flight, leg, of_numbers, save_all};
use crate::passengers::Manifest;
use crate::{Flights, Result};

impl Flights {
    /// A schedule file.
    pub(crate) async fn absorb_schedule(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        schedule: &Schedule<'_>,
    ) -> Result<Absorbed> {
        let mut absorbed = Absorbed::default();
        let mut numbers = BTreeSet::new();
        for block in &schedule.blocks {
            let mode = block.carrier.as_ref().map_or(TimeMode::Local, |carrier| carrier.mode());
            let before = u32::try_from(absorbed.read).unwrap_or(u32::MAX);
            let mut reader = Reader::default();
            for leg in &block.legs {
                reader.leg(mode, leg, arrival);
            }
            reader.finish(arrival);
            absorbed.read += block.legs.len() as u64;
            // A file cut short takes nothing away.
            let whole = block.trailer.is_some() && !arrival.partial;
            if let Some(carrier) = block.carrier.as_ref().filter(|_| whole) {
                let bound = |bound: Option<Bound>| match bound {
                    Some(Bound::On(day)) => date(day),
                    _ => None,
                };
                if let (Some(first), Some(last)) = (bound(carrier.from), bound(carrier.to)) {
                    let airline = carrier.airline.as_str().to_owned();
                    absorbed.changed += supersede(tx, arrival, &airline, (first, last)).await?;
                }
            }
            numbers.extend(reader.rows.iter().map(|row| (row.carrier.clone(), row.number.clone())));
            absorbed.refused.extend(reader.refused.iter().map(|place| Refusal {
                line: before.saturating_add(*place),
                code: "flights-refused-leg",
            }));
            absorbed.changed += insert(tx, arrival, reader.rows).await?;
        }
        if numbers.is_empty() && !absorbed.refused.is_empty() {
            return Ok(Absorbed::refused("flights-refused-leg"));
        }
        self.replan(tx, arrival, &numbers.into_iter().collect::<Vec<_>>()).await?;
        Ok(absorbed)
    }

    /// SSM and ASM.
    pub(crate) async fn absorb_schedule_change(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        message: &schedule_change::Message<'_>,
    ) -> Result<Absorbed> {
        let (rows, odd) = super::change::rows(tx, message, arrival).await?;
        if rows.is_empty() && !odd.is_empty() {
            return Ok(Absorbed::refused("flights-refused-period"));
        }
        let mut numbers: BTreeSet<(String, String)> = BTreeSet::new();
        numbers.extend(rows.iter().map(|row| (row.carrier.clone(), row.number.clone())));
        let mut absorbed = Absorbed { read: message.changes.len() as u64, ..Absorbed::default() };
        let refusal = |line| Refusal { line, code: "flights-refused-period" };
        absorbed.refused = odd.into_iter().map(refusal).collect();
        absorbed.changed = insert(tx, arrival, rows).await?;
        self.replan(tx, arrival, &numbers.into_iter().collect::<Vec<_>>()).await?;
        Ok(absorbed)
    }

    /// Dated flights of some numbers follow the schedule: legs, times, cancellations. Flights whose
    /// passengers are touched by a cancellation are settled anew.
    async fn replan(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        numbers: &[(String, String)],
    ) -> Result<()> {
        let said_on = arrival.said_at.date_naive();
        let window = (plan::back(said_on, 2), plan::plus(said_on, 400));
        let now = self.clock.now();
        let mut changed: Vec<(Flight, Flight)> = Vec::new();
        let flights = of_numbers(tx, numbers, window).await?;
        if flights.is_empty() {
            return Ok(());
        }
        let mut by_number: HashMap<(String, String), Vec<Row>> = HashMap::new();
        for row in plan::rows_of_many(tx, numbers, window).await? {
            by_number.entry((row.carrier.clone(), row.number.clone())).or_default().push(row);
        }
        for flight in flights {
            let key = (flight.carrier.clone(), flight.number.clone());
            let Some(rows) = by_number.get(&key) else { continue };
            let Some(planned) = plan::on_day(rows, flight.date) else { continue };
            let mut after = flight.clone();
            after.follow_plan(&planned);
            if without_time_of_plan(&after) != without_time_of_plan(&flight) {
                changed.push((flight, after));
            }
        }
        let mut afters: Vec<Flight> = changed.iter().map(|(_, after)| after.clone()).collect();
        save_all(tx, &mut afters, Some(arrival.message), now).await?;
        for ((before, _), after) in changed.into_iter().zip(afters) {
            self.after_plan(tx, arrival, &before, after).await?;
        }
        Ok(())
    }

    async fn after_plan(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        before: &Flight,
        after: Flight,
    ) -> Result<()> {
        let now = self.clock.now();
        for leg in &after.legs {
            let old = before.legs.iter().find(|old| old.board_point == leg.board_point);
            if let Some(old) = old {
                leg::say(tx, &after, old, leg, now).await?;
            }
        }
        let spoken = Spoken { changed: 1, ..Spoken::of("schedule") };
        spoken.remember(tx, after.id, arrival).await?;
        let mut manifest = Manifest::load(tx, after).await?;
        if !manifest.people.is_empty() {
            self.settle(tx, &mut manifest, arrival).await?;
        }
        Ok(())
    }
}

fn without_time_of_plan(flight: &Flight) -> Flight {
    let mut plain = flight.clone();
    for leg in &mut plain.legs {
        leg.planned_at = None;
        leg.id = uuid::Uuid::nil();
    }
    plain
}

/// A new complete schedule of a carrier replaces what earlier ones said within its season.
async fn supersede(
    tx: &mut Tx,
    arrival: &Arrival,
    carrier: &str,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<u64> {
    let gone = tx
        .exec(
            sql("DELETE FROM schedule_leg WHERE carrier = $1 AND said_at <= $2
                    AND message_id <> $3 AND first_day >= $4 AND last_day <= $5")
            .bind(carrier)
            .bind(arrival.said_at)
            .bind(arrival.message)
            .bind(first)
            .bind(last),
        )
        .await?;
    let cut = tx
        .exec(
            sql("UPDATE schedule_leg SET last_day = $5 WHERE carrier = $1 AND said_at <= $2
                    AND message_id <> $3 AND first_day < $4 AND last_day >= $4 AND last_day <= $6")
            .bind(carrier)
            .bind(arrival.said_at)
            .bind(arrival.message)
            .bind(first)
            .bind(plan::back(first, 1))
            .bind(last),
        )
        .await?;
    Ok(gone + cut)
}

/// Writes rows. The same message again writes the same rows.
async fn insert(tx: &mut Tx, arrival: &Arrival, rows: Vec<Row>) -> Result<u64> {
    if rows.is_empty() {
        return Ok(0);
    }
    let keys: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| (row.carrier.clone(), row.number.clone()))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|(carrier, number)| vec![carrier.into(), number.into(), arrival.message.into()])
        .collect();
    let known: Vec<Row> = tx
        .with_rows_all(
            &[Col::text("c"), Col::text("n"), Col::uuid("m")],
            keys,
            "SELECT s.* FROM input JOIN schedule_leg s ON s.carrier = input.c
                AND s.number = input.n AND s.message_id = input.m",
        )
        .await?;
    let known: HashSet<String> = known.iter().map(said).collect();
    let mut ids: Vec<uuid::Uuid> =
        rows.iter().map(|_| kernel::ids::v7(arrival.received_at)).collect();
    ids.sort_unstable();
    let fresh: Vec<Vec<Value>> = rows
        .into_iter()
        .filter(|row| !known.contains(&said(row)))
        .zip(ids)
        .map(|(row, id)| Row { id, ..row }.values())
        .collect();
    Ok(tx.bulk("schedule_leg", plan::COLUMNS, fresh, "").await?)
}

fn said(row: &Row) -> String {
    let plain = Row { id: uuid::Uuid::nil(), said_at: chrono::DateTime::UNIX_EPOCH, ..row.clone() };
    format!("{plain:?}")
}
