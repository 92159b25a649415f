//! Grades: what was made of simulated days, compared with what was really so.
//!
//! [`run`] reads the truth beside the messages, asks customers and flights what they hold, and keeps
//! the result. The comparison itself is [`simulator::grade`].

mod api;
mod kept;

use std::collections::HashMap;
use std::path::Path;

use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::Uuid;
use simulator::grade::{self, Grade, Predicted, PredictedLeg, PredictedPassenger, Truths};

pub(crate) use api::api;
pub use kept::{Line, Run};

use crate::{App, Error};

/// F1 of pairs that identity is to reach.
pub const F1: f64 = 0.97;
/// Share of customers that may hold more than one person.
pub const FALSE_MERGES: f64 = 0.001;
/// Share of passengers whose outcome is to be right.
pub const OUTCOMES: f64 = 0.99;

/// Keys asked for at once.
const AT_ONCE: usize = 20_000;
/// Examples of each kind of error that are kept.
const EXAMPLES: usize = 50;
/// Runs of a page.
pub const PAGE: i64 = 50;

/// Grades the days of a folder that `simulate day` wrote, and keeps the grades.
///
/// # Errors
/// When the folder holds no truth, or the database fails.
pub async fn run(app: &App, folder: &Path) -> Result<Run, Error> {
    let folder = folder.to_owned();
    let reading = tokio::task::spawn_blocking(move || grade::read(&folder));
    let truths = reading.await.map_err(|_| Error::Step("grade".to_owned()))??;
    let grade = graded(app, truths).await?;
    let at = app.clock().now();
    let mut tx = app.db().begin().await?;
    let run = kept::keep(&mut tx, grade, at).await?;
    tx.commit().await?;
    Ok(run)
}

/// Runs before a place, newest first, and whether there are more.
///
/// # Errors
/// When the database fails.
pub async fn list(
    app: &App,
    before: Option<(DateTime<Utc>, Uuid)>,
) -> Result<(Vec<Line>, bool), Error> {
    let mut tx = app.db().read().await?;
    Ok(kept::list(&mut tx, before, PAGE).await?)
}

/// One run.
///
/// # Errors
/// When the database fails.
pub async fn get(app: &App, id: Uuid) -> Result<Option<Run>, Error> {
    let mut tx = app.db().read().await?;
    Ok(kept::get(&mut tx, id).await?)
}

async fn graded(app: &App, truths: Truths) -> Result<Grade, Error> {
    let placed = placed(app, &truths).await?;
    let days = truths.days();
    let (passengers, legs, (kept, km)) = held(app, &days).await?;
    let compare = move || Grade {
        days,
        identity: grade::identity(&truths, &placed, EXAMPLES),
        outcomes: grade::outcomes(&truths, &passengers),
        segments: grade::segments(&truths, kept, km),
        legs: grade::legs(&truths, &legs),
    };
    let comparing = tokio::task::spawn_blocking(compare);
    comparing.await.map_err(|_| Error::Step("grade".to_owned()))
}

/// Where every mention went, and the members of the file.
async fn placed(app: &App, truths: &Truths) -> Result<Predicted, Error> {
    let customers = app.customers();
    let mut placed = Predicted::new();
    let mut by_source: HashMap<&str, Vec<String>> = HashMap::new();
    for mention in &truths.mentions {
        by_source.entry(&mention.source).or_default().push(mention.source_key.clone());
    }
    let mut tx = app.db().read().await?;
    for (source, mut keys) in by_source {
        keys.sort_unstable();
        keys.dedup();
        for keys in keys.chunks(AT_ONCE) {
            let found = match source {
                grade::WEB => app.feeds().users_known(&mut tx, keys).await?,
                source => customers.placements(&mut tx, source, keys).await?,
            };
            for (key, customer) in found {
                placed.insert((source.to_owned(), key), customer.to_string());
            }
        }
    }
    let numbers: Vec<String> = truths.members.values().cloned().collect();
    for numbers in numbers.chunks(AT_ONCE) {
        for (number, customer) in customers.members_placed(&mut tx, numbers).await? {
            placed.insert((grade::MEMBER.to_owned(), number), customer.to_string());
        }
    }
    Ok(placed)
}

type Held = (
    HashMap<String, PredictedPassenger>,
    HashMap<(String, String, String), PredictedLeg>,
    (u64, i64),
);

/// What flights holds of the airline's days, and of the days beside them: a flight may leave its
/// second station on the next.
async fn held(app: &App, (first, last): &(String, String)) -> Result<Held, Error> {
    let (mut passengers, mut legs) = (HashMap::new(), HashMap::new());
    let (mut kept, mut km) = (0, 0);
    let (Ok(first), Ok(last)) = (first.parse::<NaiveDate>(), last.parse::<NaiveDate>()) else {
        return Ok((passengers, legs, (kept, km)));
    };
    let carrier = simulator::CARRIER;
    let mut tx = app.db().read().await?;
    let flights = app.flights();
    for day in first.iter_days().take_while(|day| *day <= last) {
        for row in flights.outcomes_on(&mut tx, carrier, day).await? {
            let held = PredictedPassenger { outcome: row.outcome, class_change: row.class_change };
            passengers.insert(row.source_key, held);
        }
        for row in flights.legs_on(&mut tx, carrier, day).await? {
            let key = (format!("{carrier}{}", row.number), day.to_string(), row.board_point);
            let held = PredictedLeg {
                departure_delay: row.departure_delay,
                arrival_delay: row.arrival_delay,
                cancelled: row.status == "cancelled",
                diverted_to: row.diverted_to,
            };
            legs.insert(key, held);
        }
    }
    let last = last.checked_add_days(Days::new(1)).unwrap_or(last);
    for day in first.iter_days().take_while(|day| *day <= last) {
        let (segments, flown) = flights.flown_from_messages(&mut tx, day).await?;
        kept += segments;
        km += flown;
    }
    Ok((passengers, legs, (kept, km)))
}
