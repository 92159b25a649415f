//! A dated flight with its legs.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use sqlx::types::Json as Column;
use store::{Tx, Value};
use uuid::Uuid;

use super::leg;
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

    /// A leg between the two points is cancelled; `off` unknown, any leg from `board` on.
    pub fn is_cancelled(&self, board: &str, off: &str) -> bool {
        for leg in self.legs.iter().skip_while(|leg| leg.board_point != board) {
            if leg.status == LegStatus::Cancelled.as_str() {
                return true;
            }
            if leg.off_point == off {
                break;
            }
        }
        false
    }

    /// Adds legs `board` → first of `stations` → … where the flight does not know them.
    pub fn learn_route(&mut self, board: &str, stations: &[String], date: NaiveDate) -> bool {
        if self.scheduled || board.is_empty() {
            return false;
        }
        if let Some(leg) = self.legs.iter_mut().find(|leg| leg.board_point == board) {
            let open = leg.off_point.is_empty() && !stations.is_empty();
            if open {
                leg.off_point.clone_from(&stations[0]);
            }
            return open;
        }
        let mut points = vec![board.to_owned()];
        points.extend(stations.iter().cloned());
        // From the end on: each leg finds the one that goes on from where it lands.
        let pairs = points.windows(2).rev();
        let made = pairs.filter_map(|pair| self.add_leg((&pair[0], &pair[1]), date)).count();
        made > 0
    }

    /// A leg from one point to another, in front of the leg that goes on from there; returns its
    /// index. `None` where a leg leaves that point already: a flight leaves each point once.
    pub fn add_leg(&mut self, (board, off): (&str, &str), date: NaiveDate) -> Option<usize> {
        if self.legs.iter().any(|leg| leg.board_point == board) {
            return None;
        }
        // It landed there already, nobody knew from where.
        let open = |leg: &Leg| leg.board_point.is_empty() && leg.off_point == off;
        if let Some(index) = self.legs.iter().position(open) {
            board.clone_into(&mut self.legs[index].board_point);
            return Some(index);
        }
        let goes_on = |leg: &Leg| !off.is_empty() && leg.board_point == off;
        let index = self.legs.iter().position(goes_on).unwrap_or(self.legs.len());
        self.legs.insert(index, Leg::bare(self.id, 0, (board, off), date));
        for (position, leg) in (1..).zip(&mut self.legs) {
            leg.position = position;
        }
        Some(index)
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
            leg::late(&mut leg);
            planned.aircraft.clone_into(&mut leg.aircraft);
            leg.planned_at = Some(plan.said_at);
            if plan.cancelled || planned.cancelled {
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
        super::rows::save_all(tx, std::slice::from_mut(self), message, now).await
    }

    pub(super) fn status_of_legs(&self) -> &'static str {
        let cancelled = |leg: &&Leg| leg.status == LegStatus::Cancelled.as_str();
        // A leg that is not flown holds up nobody.
        let all_arrived = self
            .legs
            .iter()
            .filter(|leg| !cancelled(leg))
            .all(|leg| leg.status == LegStatus::Arrived.as_str());
        let any = |status: LegStatus| self.legs.iter().any(|leg| leg.status == status.as_str());
        if any(LegStatus::Diverted) {
            "diverted"
        } else if !self.legs.is_empty() && self.legs.iter().all(|leg| cancelled(&leg)) {
            "cancelled"
        } else if !self.legs.is_empty() && all_arrived {
            "arrived"
        } else if any(LegStatus::Departed) || any(LegStatus::Arrived) {
            "departed"
        } else {
            "planned"
        }
    }

    pub(super) fn values(&self, message: Option<Uuid>, now: DateTime<Utc>) -> Vec<Value> {
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
