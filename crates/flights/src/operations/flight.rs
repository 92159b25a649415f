//! A dated flight with its legs.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use sqlx::types::Json as Column;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use crate::messages::cabin;
use crate::segments::moment;
use crate::{Result, schedule};

/// One flight of one day, all its legs included.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Flight {
    pub id: Uuid,
    pub carrier: String,
    pub number: String,
    /// Local day of departure of the first leg.
    pub date: NaiveDate,
    pub status: String,
    pub scheduled: bool,
    /// Booking class to cabin.
    pub classes: BTreeMap<String, String>,
    pub legs: Vec<Leg>,
    /// Nothing of it is kept yet.
    pub new: bool,
}

/// How a leg stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LegStatus {
    Planned,
    Departed,
    Arrived,
    Returned,
    Diverted,
    Cancelled,
}

impl LegStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Departed => "departed",
            Self::Arrived => "arrived",
            Self::Returned => "returned",
            Self::Diverted => "diverted",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One leg.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub(crate) struct Leg {
    pub id: Uuid,
    pub flight_id: Uuid,
    pub position: i64,
    pub board_point: String,
    pub off_point: String,
    pub leg_date: NaiveDate,
    pub departs_at: Option<DateTime<Utc>>,
    pub arrives_at: Option<DateTime<Utc>>,
    pub aircraft: String,
    pub registration: String,
    pub status: String,
    pub diverted_to: String,
    pub off_block_at: Option<DateTime<Utc>>,
    pub airborne_at: Option<DateTime<Utc>>,
    pub touch_down_at: Option<DateTime<Utc>>,
    pub on_block_at: Option<DateTime<Utc>>,
    pub expected_off_at: Option<DateTime<Utc>>,
    pub expected_on_at: Option<DateTime<Utc>>,
    pub informs_at: Option<DateTime<Utc>>,
    pub departure_delay: Option<i64>,
    pub arrival_delay: Option<i64>,
    pub delays: Column<Json>,
    pub planned_at: Option<DateTime<Utc>>,
    pub message_id: Option<Uuid>,
}

impl Leg {
    /// A leg of which only the points are known.
    pub fn bare(flight: Uuid, position: i64, points: (&str, &str), date: NaiveDate) -> Self {
        Self {
            id: Uuid::nil(),
            flight_id: flight,
            position,
            board_point: points.0.to_owned(),
            off_point: points.1.to_owned(),
            leg_date: date,
            departs_at: None,
            arrives_at: None,
            aircraft: String::new(),
            registration: String::new(),
            status: LegStatus::Planned.as_str().to_owned(),
            diverted_to: String::new(),
            off_block_at: None,
            airborne_at: None,
            touch_down_at: None,
            on_block_at: None,
            expected_off_at: None,
            expected_on_at: None,
            informs_at: None,
            departure_delay: None,
            arrival_delay: None,
            delays: Column(Json::Array(Vec::new())),
            planned_at: None,
            message_id: None,
        }
    }
}

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

const LEG: &[Col] = &[
    Col::uuid("id"),
    Col::uuid("flight_id"),
    Col::i64("position"),
    Col::text("board_point"),
    Col::text("off_point"),
    Col::date("leg_date"),
    Col::time("departs_at"),
    Col::time("arrives_at"),
    Col::text("aircraft"),
    Col::text("registration"),
    Col::text("status"),
    Col::text("diverted_to"),
    Col::time("off_block_at"),
    Col::time("airborne_at"),
    Col::time("touch_down_at"),
    Col::time("on_block_at"),
    Col::time("expected_off_at"),
    Col::time("expected_on_at"),
    Col::time("informs_at"),
    Col::i64("departure_delay"),
    Col::i64("arrival_delay"),
    Col::json("delays"),
    Col::time("planned_at"),
    Col::uuid("message_id"),
];

impl Flight {
    /// `CA1501`
    pub fn designator(&self) -> String {
        format!("{}{}", self.carrier, self.number)
    }

    /// When the flight leaves `board`: by schedule, else noon of the local day.
    pub fn departure_from(&self, board: &str, date: NaiveDate) -> DateTime<Utc> {
        let leg = self.legs.iter().find(|leg| leg.board_point == board);
        leg.and_then(|leg| leg.departs_at).unwrap_or_else(|| moment(date, None, Some(board)))
    }

    /// The cabin of a booking class, by this flight's own RBD line where it was told.
    pub fn cabin(&self, class: &str) -> String {
        let usual = || cabin::of_class(class).to_owned();
        self.classes.get(class).cloned().unwrap_or_else(usual)
    }

    /// All legs from `board` on, up to `off`, are cancelled.
    pub fn is_cancelled(&self, board: &str, off: &str) -> bool {
        let mut legs = self.legs.iter().skip_while(|leg| leg.board_point != board).peekable();
        let any = legs.peek().is_some();
        let mut cancelled = false;
        for leg in legs {
            cancelled |= leg.status == "cancelled";
            if leg.off_point == off {
                break;
            }
        }
        any && cancelled
    }

    /// Adds legs `board` → first of `stations` → … where the flight does not know them.
    pub fn learn_route(&mut self, board: &str, stations: &[String], date: NaiveDate) -> bool {
        if self.scheduled || board.is_empty() || self.legs.iter().any(|l| l.board_point == board) {
            return false;
        }
        let mut points = vec![board.to_owned()];
        points.extend(stations.iter().cloned());
        let known: Vec<String> = self.legs.iter().map(|leg| leg.board_point.clone()).collect();
        let mut changed = false;
        for pair in points.windows(2) {
            if known.contains(&pair[0]) {
                continue;
            }
            let position = self.legs.len() as i64 + 1;
            let leg = Leg::bare(self.id, position, (&pair[0], &pair[1]), date);
            self.legs.push(leg);
            changed = true;
        }
        changed
    }

    /// Takes the legs of the plan; what moved stays.
    pub fn follow_plan(&mut self, plan: &schedule::Planned) {
        let mut legs = Vec::with_capacity(plan.legs.len());
        for (index, planned) in plan.legs.iter().enumerate() {
            let points = (planned.board.as_str(), planned.off.as_str());
            let known = self.legs.iter().find(|leg| leg.board_point == planned.board).cloned();
            let mut leg =
                known.unwrap_or_else(|| Leg::bare(self.id, 0, points, planned.local_date));
            leg.position = index as i64 + 1;
            points.1.clone_into(&mut leg.off_point);
            leg.leg_date = planned.local_date;
            leg.departs_at = planned.departs_at;
            leg.arrives_at = planned.arrives_at;
            planned.aircraft.clone_into(&mut leg.aircraft);
            leg.planned_at = Some(plan.said_at);
            if plan.cancelled {
                LegStatus::Cancelled.as_str().clone_into(&mut leg.status);
            } else if leg.status == "cancelled" {
                LegStatus::Planned.as_str().clone_into(&mut leg.status);
            }
            legs.push(leg);
        }
        if legs.is_empty() && plan.cancelled {
            for leg in &mut self.legs {
                LegStatus::Cancelled.as_str().clone_into(&mut leg.status);
            }
        } else if !legs.is_empty() {
            self.legs = legs;
        }
        self.scheduled = true;
    }

    /// Writes the flight and its legs.
    pub async fn save(
        &mut self,
        tx: &mut Tx,
        message: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        save_all(tx, std::slice::from_mut(self), message, now).await
    }

    fn status_of_legs(&self) -> &'static str {
        let all = |status: LegStatus| {
            !self.legs.is_empty() && self.legs.iter().all(|leg| leg.status == status.as_str())
        };
        let any = |status: LegStatus| self.legs.iter().any(|leg| leg.status == status.as_str());
        if any(LegStatus::Diverted) {
            "diverted"
        } else if all(LegStatus::Cancelled) {
            "cancelled"
        } else if all(LegStatus::Arrived) {
            "arrived"
        } else if any(LegStatus::Departed) || any(LegStatus::Arrived) {
            "departed"
        } else {
            "planned"
        }
    }

    fn values(&self, message: Option<Uuid>, now: DateTime<Utc>) -> Vec<Value> {
        let (first, last) = (self.legs.first(), self.legs.last());
        let origin = first.map(|leg| leg.board_point.clone()).unwrap_or_default();
        let departs = first.and_then(|leg| leg.departs_at);
        let classes: Json = serde_json::json!(self.classes);
        let delay = self.legs.iter().filter_map(|leg| leg.arrival_delay.or(leg.departure_delay));
        vec![
            self.id.into(),
            (&self.carrier).into(),
            (&self.number).into(),
            self.date.into(),
            (&origin).into(),
            last.map(|leg| leg.off_point.clone()).unwrap_or_default().into(),
            departs.unwrap_or_else(|| moment(self.date, None, Some(&origin))).into(),
            departs.is_some().into(),
            self.scheduled.into(),
            (&self.status).into(),
            delay.max().into(),
            classes.into(),
            message.into(),
            now.into(),
            now.into(),
        ]
    }
}

const LEG_NAMES: &[&str] = &[
    "id",
    "flight_id",
    "position",
    "board_point",
    "off_point",
    "leg_date",
    "departs_at",
    "arrives_at",
    "aircraft",
    "registration",
    "status",
    "diverted_to",
    "off_block_at",
    "airborne_at",
    "touch_down_at",
    "on_block_at",
    "expected_off_at",
    "expected_on_at",
    "informs_at",
    "departure_delay",
    "arrival_delay",
    "delays",
    "planned_at",
    "message_id",
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
            "DELETE FROM flight_leg WHERE EXISTS (SELECT 1 FROM input
                WHERE input.flight = flight_leg.flight_id
                  AND input.points NOT LIKE '%,' || flight_leg.board_point || ',%')",
        )
        .await?;
    }
    let own = LEG_NAMES.iter().skip(2).map(|name| format!("{name} = excluded.{name}"));
    let sets: Vec<String> = own.collect();
    let then = format!("ON CONFLICT (id) DO UPDATE SET {}", sets.join(", "));
    tx.bulk("flight_leg", LEG, legs, &then).await?;
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
    let mut by_flight: std::collections::HashMap<Uuid, Vec<Leg>> = std::collections::HashMap::new();
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
