//! Flights and legs in the database.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json as Column;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::flight::{Flight, Leg};
use crate::{Result, facts};

#[derive(sqlx::FromRow)]
pub(super) struct FlightRow {
    pub id: Uuid,
    pub carrier: String,
    pub number: String,
    pub flight_date: NaiveDate,
    pub status: String,
    pub scheduled: bool,
    pub classes: Column<BTreeMap<String, String>>,
}

impl FlightRow {
    pub fn with(self, legs: Vec<Leg>) -> Flight {
        Flight {
            id: self.id,
            carrier: self.carrier,
            number: self.number,
            date: self.flight_date,
            status: self.status,
            scheduled: self.scheduled,
            classes: self.classes.0,
            legs,
            new: false,
        }
    }
}

const FLIGHT: &[Col] = &[
    Col::uuid("id"),
    Col::text("carrier"),
    Col::text("number"),
    Col::date("flight_date"),
    Col::text("origin"),
    Col::text("destination"),
    Col::time("departs_at"),
    Col::bool("timed"),
    Col::bool("scheduled"),
    Col::text("status"),
    Col::i64("delay_minutes"),
    Col::json("classes"),
    Col::uuid("message_id"),
    Col::time("created_at"),
    Col::time("changed_at"),
];

const LEG: &[(&str, Col)] = &[
    ("id", Col::uuid("id")),
    ("flight_id", Col::uuid("flight_id")),
    ("position", Col::i64("position")),
    ("board_point", Col::text("board_point")),
    ("off_point", Col::text("off_point")),
    ("leg_date", Col::date("leg_date")),
    ("departs_at", Col::time("departs_at")),
    ("arrives_at", Col::time("arrives_at")),
    ("aircraft", Col::text("aircraft")),
    ("registration", Col::text("registration")),
    ("status", Col::text("status")),
    ("diverted_to", Col::text("diverted_to")),
    ("off_block_at", Col::time("off_block_at")),
    ("airborne_at", Col::time("airborne_at")),
    ("touch_down_at", Col::time("touch_down_at")),
    ("on_block_at", Col::time("on_block_at")),
    ("expected_off_at", Col::time("expected_off_at")),
    ("expected_on_at", Col::time("expected_on_at")),
    ("informs_at", Col::time("informs_at")),
    ("departure_delay", Col::i64("departure_delay")),
    ("arrival_delay", Col::i64("arrival_delay")),
    ("delays", Col::json("delays")),
    ("planned_at", Col::time("planned_at")),
    ("message_id", Col::uuid("message_id")),
];

impl Leg {
    fn values(&self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.flight_id.into(),
            self.position.into(),
            (&self.board_point).into(),
            (&self.off_point).into(),
            self.leg_date.into(),
            self.departs_at.into(),
            self.arrives_at.into(),
            (&self.aircraft).into(),
            (&self.registration).into(),
            (&self.status).into(),
            (&self.diverted_to).into(),
            self.off_block_at.into(),
            self.airborne_at.into(),
            self.touch_down_at.into(),
            self.on_block_at.into(),
            self.expected_off_at.into(),
            self.expected_on_at.into(),
            self.informs_at.into(),
            self.departure_delay.into(),
            self.arrival_delay.into(),
            self.delays.0.clone().into(),
            self.planned_at.into(),
            self.message_id.into(),
        ]
    }
}

/// Writes flights and their legs: three statements.
pub(crate) async fn save_all(
    tx: &mut Tx,
    flights: &mut [Flight],
    message: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    let (mut rows, mut legs, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for flight in flights.iter_mut() {
        flight.status = flight.status_of_legs().to_owned();
        for leg in &mut flight.legs {
            leg.flight_id = flight.id;
            if leg.id.is_nil() {
                leg.id = kernel::ids::v7(now);
            }
        }
        if !flight.new {
            let own = flight.legs.iter().map(|leg| leg.board_point.as_str());
            let points = own.collect::<Vec<_>>().join(",");
            kept.push(vec![flight.id.into(), format!(",{points},").into()]);
        }
        rows.push(flight.values(message, now));
        legs.extend(flight.legs.iter().map(Leg::values));
        flight.new = false;
    }
    let then = "ON CONFLICT (id) DO UPDATE SET origin = excluded.origin,
        destination = excluded.destination, departs_at = excluded.departs_at,
        timed = excluded.timed, scheduled = excluded.scheduled, status = excluded.status,
        delay_minutes = excluded.delay_minutes, classes = excluded.classes,
        message_id = excluded.message_id, changed_at = excluded.changed_at";
    tx.bulk("flight", FLIGHT, rows, then).await?;
    if !kept.is_empty() {
        tx.with_rows(
            &[Col::uuid("flight"), Col::text("points")],
            kept,
            // The first condition is what the index answers; the second alone would walk all legs.
            "DELETE FROM flight_leg WHERE flight_id IN (SELECT flight FROM input)
                AND EXISTS (SELECT 1 FROM input WHERE input.flight = flight_leg.flight_id
                  AND lower(input.points) NOT LIKE lower('%,' || flight_leg.board_point || ',%'))",
        )
        .await?;
    }
    let columns: Vec<Col> = LEG.iter().map(|(_, column)| *column).collect();
    let then = format!("ON CONFLICT (id) DO UPDATE SET {}", facts::sets(LEG, &["id", "flight_id"]));
    tx.bulk("flight_leg", &columns, legs, &then).await?;
    Ok(())
}

/// The legs of some flights, in order.
pub(super) async fn legs_of(tx: &mut Tx, flights: &[Uuid]) -> Result<Vec<Leg>> {
    let mut text = store::SqlBuilder::new("SELECT * FROM flight_leg WHERE flight_id IN ");
    text.bind_list(flights.iter().copied()).push(" ORDER BY flight_id, position, id");
    Ok(tx.all(text.build()).await?)
}

/// Flights of a carrier's numbers from one day to another.
pub(crate) async fn of_numbers(
    tx: &mut Tx,
    numbers: &[(String, String)],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Flight>> {
    let rows: Vec<Vec<Value>> = numbers
        .iter()
        .map(|(carrier, number)| vec![carrier.into(), number.into(), first.into(), last.into()])
        .collect();
    let columns = [Col::text("c"), Col::text("n"), Col::date("first"), Col::date("last")];
    let found: Vec<FlightRow> = tx
        .with_rows_all(
            &columns,
            rows.clone(),
            "SELECT f.id, f.carrier, f.number, f.flight_date, f.status, f.scheduled, f.classes
             FROM input JOIN flight f ON f.carrier = input.c AND f.number = input.n
                AND f.flight_date BETWEEN input.first AND input.last",
        )
        .await?;
    let legs: Vec<Leg> = tx
        .with_rows_all(
            &columns,
            rows,
            "SELECT l.* FROM input JOIN flight f ON f.carrier = input.c AND f.number = input.n
                AND f.flight_date BETWEEN input.first AND input.last
             JOIN flight_leg l ON l.flight_id = f.id ORDER BY l.flight_id, l.position",
        )
        .await?;
    let mut by_flight: HashMap<Uuid, Vec<Leg>> = HashMap::new();
    for leg in legs {
        by_flight.entry(leg.flight_id).or_default().push(leg);
    }
    let whole = |row: FlightRow| {
        let legs = by_flight.remove(&row.id).unwrap_or_default();
        row.with(legs)
    };
    Ok(found.into_iter().map(whole).collect())
}

/// A flight by its identity.
pub(crate) async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Flight>> {
    let row: Option<FlightRow> = tx
        .maybe(
            sql("SELECT id, carrier, number, flight_date, status, scheduled, classes
                 FROM flight WHERE id = $1")
            .bind(id),
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let legs = legs_of(tx, &[id]).await?;
    Ok(Some(row.with(legs)))
}
