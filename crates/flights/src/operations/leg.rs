//! What all movements of a leg add up to, why it is late, and who hears of it.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::types::Json as Column;
use store::outbox::{self, Event};
use store::{Col, Tx, Value};

use super::flight::{Flight, Leg, LegStatus};
use super::movement::Row;
use crate::Result;

/// From how many minutes on a delay is told to others.
const LATE: i64 = 15;

/// The leg after all movements, in the order they were said. A correction takes back what was said
/// before at the same end of the leg.
pub(crate) fn add_up(leg: &Leg, rows: &[&Row]) -> Leg {
    let mut now = Leg {
        registration: String::new(),
        diverted_to: String::new(),
        off_block_at: None,
        airborne_at: None,
        touch_down_at: None,
        on_block_at: None,
        expected_off_at: None,
        expected_on_at: None,
        informs_at: None,
        ..leg.clone()
    };
    let cancelled = leg.status == LegStatus::Cancelled.as_str();
    let mut status = if cancelled { LegStatus::Cancelled } else { LegStatus::Planned };
    let mut causes = Vec::new();
    for row in rows {
        let told = &row.facts.0;
        let arrival = told.touch_down.is_some() || told.on_block.is_some();
        if row.correction && arrival {
            (now.touch_down_at, now.on_block_at) = (None, None);
        } else if row.correction && row.kind != "ldm" {
            (now.off_block_at, now.airborne_at, now.expected_off_at) = (None, None, None);
            causes.clear();
        }
        if told.returned.is_some() {
            // It will leave again: what was told of this departure is over.
            (now.off_block_at, now.airborne_at) = (None, None);
            status = LegStatus::Returned;
        }
        let set = |to: &mut Option<DateTime<Utc>>, said: Option<DateTime<Utc>>| {
            if said.is_some() {
                *to = said;
            }
        };
        set(&mut now.off_block_at, told.off_block);
        set(&mut now.airborne_at, told.airborne);
        set(&mut now.touch_down_at, told.touch_down);
        set(&mut now.on_block_at, told.on_block);
        set(&mut now.expected_off_at, told.expected_off);
        set(&mut now.expected_on_at, told.expected_on);
        // Without an end in sight the estimate given before is void.
        set(&mut now.informs_at, told.informs);
        if told.informs.is_some() && told.expected_off.is_none() {
            now.expected_off_at = None;
        }
        if told.expected_off.is_some() || told.off_block.is_some() {
            now.informs_at = None;
        }
        if !told.registration.is_empty() {
            told.registration.clone_into(&mut now.registration);
        }
        if !told.delays.is_empty() {
            causes.clone_from(&told.delays);
        }
        if row.kind == "div" {
            status = LegStatus::Diverted;
            told.diverted_to.clone_into(&mut now.diverted_to);
        } else if arrival && status != LegStatus::Diverted {
            status = LegStatus::Arrived;
        } else if (told.off_block.is_some() || told.airborne.is_some())
            && matches!(status, LegStatus::Planned | LegStatus::Returned | LegStatus::Cancelled)
        {
            status = LegStatus::Departed;
        }
    }
    status.as_str().clone_into(&mut now.status);
    now.delays = Column(causes.iter().map(|cause| json!(cause)).collect());
    late(&mut now);
    now
}

/// Minutes late at both ends against the schedule as it is now; by the causes told where nothing
/// was scheduled.
pub(super) fn late(leg: &mut Leg) {
    let causes = leg.delays.0.as_array().into_iter().flatten();
    let told: i64 = causes.filter_map(|cause| cause["minutes"].as_i64()).sum();
    let minutes =
        |is: Option<DateTime<Utc>>, was: Option<DateTime<Utc>>| Some((is? - was?).num_minutes());
    let off = leg.off_block_at.or(leg.expected_off_at);
    let by_causes = (told > 0).then_some(told);
    leg.departure_delay = minutes(off, leg.departs_at).or(by_causes);
    let on = leg.on_block_at.or(leg.touch_down_at).or(leg.expected_on_at);
    let elsewhere = !leg.diverted_to.is_empty();
    leg.arrival_delay = minutes(on, leg.arrives_at).filter(|_| !elsewhere);
}

#[derive(sqlx::FromRow)]
struct Rule {
    n: i64,
    code: String,
    area: String,
    meaning_en: String,
    meaning_zh: String,
    attribution: String,
    eu261: String,
}

/// Puts the words and the attribution of the rule valid on the leg's day beside each cause.
pub(crate) async fn explain(tx: &mut Tx, leg: &mut Leg) -> Result<()> {
    let Some(causes) = leg.delays.0.as_array_mut().filter(|causes| !causes.is_empty()) else {
        return Ok(());
    };
    let rows: Vec<Vec<Value>> = causes
        .iter()
        .enumerate()
        .map(|(n, cause)| {
            let code = cause["code"].as_str().unwrap_or_default().to_owned();
            vec![(n as i64).into(), code.into(), leg.leg_date.into()]
        })
        .collect();
    let rules: Vec<Rule> = tx
        .with_rows_all(
            &[Col::i64("n"), Col::text("said"), Col::date("on_day")],
            rows,
            "SELECT input.n, d.code, d.area, d.meaning_en, d.meaning_zh, d.attribution, d.eu261
             FROM input JOIN delay_code d
                ON (d.code = input.said OR (d.alpha = input.said AND d.alpha <> ''))
             WHERE d.valid_from <= input.on_day
                AND (d.valid_to IS NULL OR d.valid_to >= input.on_day)
             ORDER BY d.valid_from, d.code",
        )
        .await?;
    for rule in rules {
        let cause = usize::try_from(rule.n).ok().and_then(|n| causes.get_mut(n));
        let Some(cause) = cause.and_then(|cause| cause.as_object_mut()) else { continue };
        cause.insert("rule".to_owned(), json!(rule.code));
        cause.insert("area".to_owned(), json!(rule.area));
        cause.insert("en".to_owned(), json!(rule.meaning_en));
        cause.insert("zh".to_owned(), json!(rule.meaning_zh));
        cause.insert("attribution".to_owned(), json!(rule.attribution));
        cause.insert("eu261".to_owned(), json!(rule.eu261));
    }
    Ok(())
}

/// `flights.leg.delayed.v1` when a delay worth telling begins, grows, shrinks or ends;
/// `flights.leg.cancelled.v1` when a leg is cancelled.
pub(crate) async fn say(
    tx: &mut Tx,
    flight: &Flight,
    before: &Leg,
    after: &Leg,
    now: DateTime<Utc>,
) -> Result<()> {
    let delay = |leg: &Leg| (leg.departure_delay, leg.arrival_delay);
    let late = |leg: &Leg| {
        leg.departure_delay.unwrap_or(0) >= LATE || leg.arrival_delay.unwrap_or(0) >= LATE
    };
    let about = json!({
        "flight": flight.id,
        "leg": after.id,
        "designator": flight.designator(),
        "date": flight.date,
        "from": after.board_point,
        "to": after.off_point,
        "departs_at": after.departs_at,
        "departure_delay": after.departure_delay,
        "arrival_delay": after.arrival_delay,
        "causes": after.delays.0,
        "diverted_to": after.diverted_to,
    });
    let subject = format!("flight/{}", flight.id);
    let told = delay(before) != delay(after) || before.delays != after.delays;
    if told && (late(before) || late(after)) {
        let event = Event::new("flights.leg.delayed.v1", subject.clone(), now, about.clone());
        outbox::say(tx, &event).await?;
    }
    let cancelled = |leg: &Leg| leg.status == LegStatus::Cancelled.as_str();
    if cancelled(after) && !cancelled(before) {
        let event = Event::new("flights.leg.cancelled.v1", subject, now, about);
        outbox::say(tx, &event).await?;
    }
    Ok(())
}
