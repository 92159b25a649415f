//! Movements as told, and the leg they add up to.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use formats::moment::Moment;
use formats::movement::{self, Movement, Scheduled};
use serde::{Deserialize, Serialize};
use sqlx::types::Json as Column;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::flight::{Flight, Leg};
use super::leg;
use crate::messages::key::{self, day, number};
use crate::messages::spoken::Spoken;
use crate::messages::{Absorbed, Arrival, FlightKey, Refusal};
use crate::{Flights, Result};

/// What one message says of one leg. Times are UTC.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_block: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub airborne: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touch_down: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_block: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_off: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_on: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub informs: Option<DateTime<Utc>>,
    /// Back where it came from, by wheel or by wing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delays: Vec<Cause>,
    /// Where it goes instead.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub diverted_to: String,
    /// Why, a delay code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub registration: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passengers: Option<i64>,
}

/// A cause of delay as told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Cause {
    pub code: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<i64>,
}

/// A kept movement.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub leg_id: Uuid,
    pub message_id: Uuid,
    pub kind: String,
    pub correction: bool,
    pub facts: Column<Told>,
}

/// Movements of a flight in the order they were said.
pub(crate) async fn of_flight(tx: &mut Tx, flight: Uuid) -> Result<Vec<Row>> {
    Ok(tx
        .all(
            sql("SELECT leg_id, message_id, kind, correction, facts
                 FROM flight_movement WHERE flight_id = $1
                 ORDER BY said_at, received_at, message_id, place")
            .bind(flight),
        )
        .await?)
}

impl Flights {
    /// MVT, MVA and DIV: each movement to its leg.
    pub(crate) async fn absorb_movements(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        message: &movement::Message<'_>,
    ) -> Result<Absorbed> {
        let mut absorbed = Absorbed { read: message.movements.len() as u64, ..Absorbed::default() };
        for (place, movement) in message.movements.iter().enumerate() {
            let Some((key, arrives)) = key_of(movement, arrival) else {
                let line = u32::try_from(place + 1).unwrap_or(u32::MAX);
                absorbed.refused.push(Refusal { line, code: "flights-refused-no-flight" });
                continue;
            };
            let mut flight = Flight::of_movement(tx, &key, arrives, self.clock.now()).await?;
            let known = flight.legs.clone();
            let index = leg_of(&mut flight, &key, arrives, movement);
            if flight.legs != known && !flight.new {
                flight.save(tx, Some(arrival.message), self.clock.now()).await?;
            }
            let told = told(movement, &flight.legs[index], key.date);
            let facts = Facts {
                place: place as i64,
                kind: movement.kind.as_str().to_ascii_lowercase(),
                correction: message.correction,
                station: key.board.clone(),
                told,
            };
            let changed = self.move_leg(tx, arrival, flight, index, facts).await?;
            absorbed.changed += changed;
            absorbed.flights.push(key);
        }
        let nothing = absorbed.flights.is_empty();
        Ok(if nothing { Absorbed::refused("flights-refused-no-flight") } else { absorbed })
    }

    /// LDM: the aircraft, and how many were on board.
    pub(crate) async fn absorb_load(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        load: &formats::load::Message<'_>,
    ) -> Result<Absorbed> {
        let Some(key) = key::of_load(load, arrival.said_at.date_naive()) else {
            return Ok(Absorbed::refused("flights-refused-no-flight"));
        };
        let mut flight = Flight::of_movement(tx, &key, false, self.clock.now()).await?;
        let off = load.destinations.first().map(|of| of.airport.to_string()).unwrap_or_default();
        if flight.legs.is_empty() {
            flight.add_leg(("", &off), flight.date);
        }
        let index = flight.legs.iter().position(|leg| leg.off_point == off).unwrap_or(0);
        let seated = load.destinations.iter().filter_map(|of| of.passengers);
        let passengers: u32 = seated.map(formats::load::Split::seated).sum();
        let told = Told {
            registration: load.registration.unwrap_or_default().replace('-', ""),
            passengers: Some(passengers.into()),
            ..Told::default()
        };
        let facts = Facts {
            place: 0,
            kind: "ldm".to_owned(),
            correction: load.correction,
            station: String::new(),
            told,
        };
        let changed = self.move_leg(tx, arrival, flight, index, facts).await?;
        Ok(Absorbed { flights: vec![key], read: 1, changed, refused: Vec::new() })
    }

    async fn move_leg(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        mut flight: Flight,
        index: usize,
        facts: Facts,
    ) -> Result<u64> {
        let now = self.clock.now();
        if flight.legs[index].id.is_nil() || flight.new {
            flight.save(tx, Some(arrival.message), now).await?;
        }
        let before = flight.legs[index].clone();
        facts.save(tx, arrival, &before, now).await?;
        let rows = of_flight(tx, flight.id).await?;
        let mine: Vec<&Row> = rows.iter().filter(|row| row.leg_id == before.id).collect();
        let mut after = leg::add_up(&before, &mine);
        leg::explain(tx, &mut after).await?;
        let changed = u64::from(after != before);
        if changed > 0 {
            after.message_id = Some(arrival.message);
            flight.legs[index] = after.clone();
            flight.save(tx, Some(arrival.message), now).await?;
            leg::say(tx, &flight, &before, &after, now).await?;
        }
        let told = Spoken { board: &facts.station, changed, ..Spoken::of(&facts.kind) };
        told.remember(tx, flight.id, arrival).await?;
        Ok(changed)
    }
}

/// A movement on its way into the table.
struct Facts {
    place: i64,
    kind: String,
    correction: bool,
    station: String,
    told: Told,
}

impl Facts {
    async fn save(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        leg: &Leg,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let columns = [
            Col::uuid("id"),
            Col::uuid("flight_id"),
            Col::uuid("leg_id"),
            Col::uuid("message_id"),
            Col::i64("place"),
            Col::text("kind"),
            Col::bool("correction"),
            Col::text("station"),
            Col::time("said_at"),
            Col::time("received_at"),
            Col::json("facts"),
        ];
        let facts = serde_json::to_value(&self.told).unwrap_or_default();
        let row: Vec<Value> = vec![
            kernel::ids::v7(now).into(),
            leg.flight_id.into(),
            leg.id.into(),
            arrival.message.into(),
            self.place.into(),
            (&self.kind).into(),
            self.correction.into(),
            (&self.station).into(),
            arrival.said_at.into(),
            arrival.received_at.into(),
            facts.into(),
        ];
        let then = "ON CONFLICT (message_id, place) DO UPDATE SET facts = excluded.facts,
            flight_id = excluded.flight_id, leg_id = excluded.leg_id,
            station = excluded.station, correction = excluded.correction";
        tx.bulk("flight_movement", &columns, vec![row], then).await?;
        Ok(())
    }
}

/// The flight of a movement, and whether its station is where it arrives.
fn key_of(movement: &Movement<'_>, arrival: &Arrival) -> Option<(FlightKey, bool)> {
    let flight = movement.flight.as_ref()?;
    let near = day(arrival.said_at.date_naive());
    let date = key::date(movement.departure_day(near)?)?;
    let landed = movement.touch_down.is_some()
        || movement.on_block.is_some()
        || movement.estimated_on_block.is_some();
    let leaves = movement.off_block.is_some()
        || movement.airborne.is_some()
        || movement.estimated_departure.is_some()
        || movement.estimated_take_off.is_some()
        || movement.next_information.is_some()
        || !movement.delays.is_empty()
        || movement.return_to_ramp.is_some();
    let estimates_own = movement.estimated_arrivals.iter().any(|of| of.airport.is_none());
    let arrives = movement.kind == movement::Kind::Div || landed || estimates_own && !leaves;
    let key = FlightKey {
        carrier: flight.airline.to_owned(),
        number: number(flight),
        date,
        board: movement.station.map(|of| of.to_string()).unwrap_or_default(),
    };
    Some((key, arrives))
}

/// The leg with that station at that end; one is made where the flight has none.
fn leg_of(flight: &mut Flight, key: &FlightKey, arrives: bool, movement: &Movement<'_>) -> usize {
    fn ends(leg: &Leg, arrives: bool) -> (&str, &str) {
        let (board, off) = (leg.board_point.as_str(), leg.off_point.as_str());
        if arrives { (off, board) } else { (board, off) }
    }
    let station = key.board.as_str();
    if station.is_empty() && !flight.legs.is_empty() {
        return 0;
    }
    let found = flight.legs.iter().position(|leg| ends(leg, arrives).0 == station);
    // Landed somewhere else: the leg that was told to go there.
    let diverted = || flight.legs.iter().position(|leg| arrives && leg.diverted_to == station);
    if let Some(index) = found.or_else(diverted) {
        return index;
    }
    // A leg of which this end is not known yet.
    let open = |leg: &Leg| {
        let (end, other) = ends(leg, arrives);
        end.is_empty() && other != station
    };
    if let Some(index) = flight.legs.iter().position(open) {
        let leg = &mut flight.legs[index];
        let to = if arrives { &mut leg.off_point } else { &mut leg.board_point };
        station.clone_into(to);
        return index;
    }
    if flight.scheduled && !flight.legs.is_empty() {
        // The schedule knows better than a strange station.
        return if arrives { flight.legs.len() - 1 } else { 0 };
    }
    let date = flight.date;
    let made = if arrives {
        // It flew on from where it was last, or came to where it left from later.
        let leaves = flight.legs.iter().any(|leg| leg.board_point == station);
        let last = flight.legs.last().filter(|_| !leaves).map(|leg| leg.off_point.clone());
        flight.add_leg((&last.unwrap_or_default(), station), date)
    } else {
        let goes = movement.estimated_arrivals.iter().find_map(|of| of.airport);
        let goes = goes.map(|of| of.to_string()).unwrap_or_default();
        flight.add_leg((station, &goes), date)
    };
    made.unwrap_or(flight.legs.len().saturating_sub(1))
}

fn told(movement: &Movement<'_>, leg: &Leg, date: NaiveDate) -> Told {
    let known = |at: Option<DateTime<Utc>>| at.and_then(moment);
    // Nothing scheduled: four figures are of the day the message names.
    let four = date.and_hms_opt(4, 0, 0).map(|at| at.and_utc());
    let departs = leg.departs_at.or(four);
    let arrives = leg.arrives_at.or_else(|| departs.map(|at| at + Duration::hours(2)));
    let (Some(departure), Some(arrival)) = (known(departs), known(arrives)) else {
        return Told::default();
    };
    let of = movement.resolved(Scheduled { departure, arrival });
    let at = |moment: Option<Moment>| moment.and_then(time);
    let diverts = movement.kind == movement::Kind::Div;
    let elsewhere = of.estimated_arrivals.iter().find_map(|(_, airport)| *airport);
    Told {
        off_block: at(of.off_block),
        airborne: at(of.airborne),
        touch_down: at(of.touch_down),
        on_block: at(of.on_block),
        expected_off: at(of.estimated_departure.or(of.estimated_take_off)),
        expected_on: at(of
            .estimated_on_block
            .or_else(|| of.estimated_arrivals.first().map(|(moment, _)| *moment))),
        informs: at(of.next_information),
        returned: at(of.return_on_block.or(of.return_touch_down).or(of.return_to_ramp)),
        delays: movement
            .delays
            .iter()
            .map(|delay| Cause {
                code: delay.listed_code().unwrap_or_default().to_owned(),
                sub: delay.sub_code.unwrap_or_default().to_owned(),
                minutes: delay.minutes.map(i64::from),
            })
            .collect(),
        diverted_to: elsewhere
            .filter(|_| diverts)
            .map(|airport| airport.to_string())
            .unwrap_or_default(),
        reason: movement.diversion_reason.unwrap_or_default().to_owned(),
        registration: movement.registration.unwrap_or_default().replace('-', ""),
        passengers: movement.passengers.as_ref().map(|of| of.total().into()),
    }
}

fn moment(at: DateTime<Utc>) -> Option<Moment> {
    Moment::from_number(at.timestamp().div_euclid(60))
}

fn time(moment: Moment) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(moment.number() * 60, 0)
}
