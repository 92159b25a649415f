//! Changes of the schedule (SSM, ASM) as rows that hold from now on.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use formats::schedule::TimeMode;
use formats::schedule_change::{Action, Change, Edge, Kind, Leg, Message, Period};
use kernel::airports;
use store::Tx;
use uuid::Uuid;

use super::clock::{call, clock, midnight};
use super::file::moved;
use super::plan::{CANCELLED, Row, rows_of, rows_on};
use crate::Result;
use crate::messages::Arrival;
use crate::messages::key::{date, day, number};

/// Days of one period: first, last, weekdays, every so many weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    first: NaiveDate,
    last: NaiveDate,
    days: i64,
    weeks: i64,
}

/// A number a change is about, with the route points it is limited to.
struct Subject {
    carrier: String,
    number: String,
    stations: Vec<String>,
    spans: Vec<Span>,
    becomes: Option<(String, String)>,
}

/// What all changes of a message come to, and the places, from 1, of those that name no days. Rows of
/// later changes see those of earlier ones.
pub(super) async fn rows(
    tx: &mut Tx,
    message: &Message<'_>,
    arrival: &Arrival,
) -> Result<(Vec<Row>, Vec<u32>)> {
    let mode = message.time_mode.unwrap_or(TimeMode::Utc);
    let (mut rows, mut odd) = (Vec::new(), Vec::new());
    for (place, change) in (1..).zip(&message.changes) {
        for subject in subjects(message.kind, change, mode, arrival) {
            if subject.spans.is_empty() {
                odd.push(place);
                continue;
            }
            let made = apply(tx, change, mode, &subject, &rows, arrival).await?;
            // What the same message says later about a day replaces what it said before.
            rows.retain(|row: &Row| !made.iter().any(|new| overrides(new, row)));
            rows.extend(made);
        }
    }
    Ok((rows, odd))
}

fn overrides(new: &Row, old: &Row) -> bool {
    new.carrier == old.carrier
        && new.number == old.number
        && new.first_day <= old.first_day
        && new.last_day >= old.last_day
        && new.days & old.days == old.days
}

fn subjects(kind: Kind, change: &Change<'_>, mode: TimeMode, arrival: &Arrival) -> Vec<Subject> {
    let near = arrival.said_at.date_naive();
    let periods: Vec<Span> =
        change.periods.iter().filter_map(|period| span(period, near)).collect();
    let new = change.new_flight.as_ref().map(|of| (of.airline.to_owned(), number(of)));
    change
        .flights
        .iter()
        .map(|flight| {
            let on = flight.date.and_then(|of| of.nearest(day(near))).and_then(date);
            let one = on.map(|on| Span {
                first: on,
                last: on,
                days: 1 << on.weekday().num_days_from_monday(),
                weeks: 1,
            });
            let mut spans =
                if kind == Kind::Asm { one.into_iter().collect() } else { periods.clone() };
            if mode == TimeMode::Utc {
                let shift = change.legs.first().map_or(0, |leg| local_shift(leg, &spans));
                for span in &mut spans {
                    *span = turned(*span, shift);
                }
            }
            let becomes = flight.becomes.as_ref().map(|of| (of.airline.to_owned(), number(of)));
            Subject {
                carrier: flight.flight.airline.to_owned(),
                number: number(&flight.flight),
                stations: flight.stations.iter().map(ToString::to_string).collect(),
                spans,
                becomes: becomes.or_else(|| new.clone()),
            }
        })
        .collect()
}

fn span(period: &Period, near: NaiveDate) -> Option<Span> {
    let on = |edge: Edge| match edge {
        Edge::On(of) => of.nearest(day(near)).and_then(date),
        Edge::Open => None,
    };
    let first = match period.from? {
        edge @ Edge::On(_) => on(edge)?,
        Edge::Open => near,
    };
    let mut last = match period.to? {
        edge @ Edge::On(_) => on(edge)?,
        Edge::Open => NaiveDate::from_ymd_opt(2099, 12, 31)?,
    };
    if last < first {
        last = last.with_year(last.year() + 1)?;
    }
    let weeks = period.every_weeks.map_or(1, i64::from);
    Some(Span { first, last, days: period.days.bits().into(), weeks })
}

fn turned(span: Span, shift: i64) -> Span {
    let bits = u8::try_from(span.days).unwrap_or(0x7F);
    Span {
        first: moved(span.first, shift),
        last: moved(span.last, shift),
        days: super::file::rotated(bits, shift),
        weeks: span.weeks,
    }
}

/// Days from the date by UTC to the local one at the first board point.
fn local_shift(leg: &Leg, spans: &[Span]) -> i64 {
    let Some(span) = spans.first() else { return 0 };
    let Some(at) = call(&leg.departure, span.first) else { return 0 };
    let zone: Option<Tz> =
        airports::find(&leg.departure.airport.to_string()).map(|airport| airport.tz);
    let local = zone.map(|zone| Utc.from_utc_datetime(&at).with_timezone(&zone).date_naive());
    local.map_or(0, |local| (local - span.first).num_days())
}

async fn apply(
    tx: &mut Tx,
    change: &Change<'_>,
    mode: TimeMode,
    subject: &Subject,
    earlier: &[Row],
    arrival: &Arrival,
) -> Result<Vec<Row>> {
    let ignored = matches!(
        change.action,
        Action::Ack | Action::Nac | Action::Adm | Action::Rsd | Action::Other(_)
    );
    if ignored {
        return Ok(Vec::new());
    }
    let mut made = Vec::new();
    let mut spans = subject.spans.iter().copied();
    let revised = matches!(change.action, Action::Rev).then(|| spans.next()).flatten();
    let all: Vec<Span> = spans.collect();
    let around = revised.into_iter().chain(all.iter().copied());
    let (first, last) = around.fold((NaiveDate::MAX, NaiveDate::MIN), |(first, last), span| {
        (first.min(span.first), last.max(span.last))
    });
    let mut known = rows_of(tx, &subject.carrier, &subject.number, (first, last)).await?;
    let same = |row: &&Row| row.carrier == subject.carrier && row.number == subject.number;
    known.extend(earlier.iter().filter(same).cloned());
    if let Some(old) = revised {
        made.push(blank(subject, old, arrival));
        let holding = holding(&known, old);
        made.extend(all.iter().flat_map(|span| spread(&holding, *span, arrival)));
        return Ok(made);
    }
    for span in all {
        let before = holding(&known, span);
        made.extend(one(change, mode, subject, span, &before, arrival));
    }
    Ok(made)
}

/// The rows of one span.
fn one(
    change: &Change<'_>,
    mode: TimeMode,
    subject: &Subject,
    span: Span,
    before: &[Row],
    arrival: &Arrival,
) -> Vec<Row> {
    match change.action {
        Action::Cnl => {
            let mut rows = spread(before, span, arrival);
            let legs = rows.iter_mut().filter(|row| is_between(row, &subject.stations));
            let named = legs.map(|row| CANCELLED.clone_into(&mut row.service)).count();
            if named == 0 || rows.iter().all(|row| row.service == CANCELLED) {
                return vec![blank(subject, span, arrival)];
            }
            rows
        }
        Action::Rin => {
            let mut rows = spread(before, span, arrival);
            let flown = rows.iter().find(|row| row.service != CANCELLED).cloned();
            for row in rows.iter_mut().filter(|row| row.service == CANCELLED) {
                row.service = flown.as_ref().map(|row| row.service.clone()).unwrap_or_default();
            }
            rows
        }
        Action::Eqt | Action::Con => {
            let aircraft = change.equipment.first().map(|of| of.aircraft).unwrap_or_default();
            let mut rows = spread(before, span, arrival);
            for row in rows.iter_mut().filter(|_| !aircraft.is_empty()) {
                aircraft.clone_into(&mut row.aircraft);
            }
            rows
        }
        Action::Flt => {
            let mut rows = spread(before, span, arrival);
            if let Some((carrier, number)) = &subject.becomes {
                for row in &mut rows {
                    carrier.clone_into(&mut row.carrier);
                    number.clone_into(&mut row.number);
                }
                rows.push(blank(subject, span, arrival));
            }
            rows
        }
        Action::Tim if change.legs.is_empty() => Vec::new(),
        _ => {
            let told = told(change, mode, subject, span, before, arrival);
            // A change of some legs leaves the others as they were.
            let partial = matches!(change.action, Action::Tim) && told.len() < before.len();
            if !partial {
                return told;
            }
            let mut rows = spread(before, span, arrival);
            for row in &mut rows {
                if let Some(new) = told.iter().find(|new| new.board_point == row.board_point) {
                    *row = Row { position: row.position, ..new.clone() };
                }
            }
            rows
        }
    }
}

/// Rows of the legs a change tells.
fn told(
    change: &Change<'_>,
    mode: TimeMode,
    subject: &Subject,
    span: Span,
    before: &[Row],
    arrival: &Arrival,
) -> Vec<Row> {
    // The message's own date: by UTC it may be another than the local one.
    let shift = if mode == TimeMode::Utc {
        let back = |shift: i64| {
            let tried = Span { first: moved(span.first, -shift), ..span };
            change.legs.first().is_some_and(|leg| local_shift(leg, &[tried]) == shift)
        };
        [0, 1, -1].into_iter().find(|shift| back(*shift)).unwrap_or(0)
    } else {
        0
    };
    let date = moved(span.first, -shift);
    let legs = change.legs.iter().enumerate();
    legs.map(|(index, leg)| {
        let (board, off) = (leg.departure.airport.to_string(), leg.arrival.airport.to_string());
        let departs = clock(mode, &leg.departure, &board, date);
        let mut arrives = clock(mode, &leg.arrival, &off, date);
        // Without a day the arrival is the first after departure.
        if leg.arrival.day.is_none()
            && leg.arrival.day_change.is_none()
            && let (Some((_, left)), Some((local, there))) = (departs, arrives)
            && there <= left
        {
            arrives = Some((local + Duration::days(1), there + Duration::days(1)));
        }
        let known = before.iter().find(|row| row.board_point == board);
        let equipment = change.equipment_of(leg).or(change.equipment.first());
        let minute = |at: Option<(NaiveDateTime, NaiveDateTime)>| {
            at.map(|(local, _)| (local - midnight(local)).num_minutes())
        };
        let days = |at: Option<(NaiveDateTime, NaiveDateTime)>| {
            at.map_or(0, |(local, _)| (local.date() - span.first).num_days())
        };
        let offset = |at: Option<(NaiveDateTime, NaiveDateTime)>| {
            at.map(|(local, utc)| (local - utc).num_minutes())
        };
        Row {
            position: index as i64 + 1,
            board_point: board,
            off_point: off,
            departs_minute: minute(departs),
            departs_offset: offset(departs),
            departs_shift: days(departs),
            arrives_minute: minute(arrives),
            arrives_offset: offset(arrives),
            arrives_shift: days(arrives),
            aircraft: equipment
                .map(|of| of.aircraft.to_owned())
                .or_else(|| known.map(|row| row.aircraft.clone()))
                .unwrap_or_default(),
            service: equipment
                .and_then(|of| of.service_type)
                .map(String::from)
                .or_else(|| known.map(|row| row.service.clone()))
                .unwrap_or_default(),
            ..blank(subject, span, arrival)
        }
    })
    .collect()
}

/// The flight is not in the schedule on those days.
fn blank(subject: &Subject, span: Span, arrival: &Arrival) -> Row {
    Row {
        id: Uuid::nil(),
        carrier: subject.carrier.clone(),
        number: subject.number.clone(),
        variation: 0,
        position: 0,
        first_day: span.first,
        last_day: span.last,
        days: span.days,
        every_weeks: span.weeks,
        board_point: String::new(),
        off_point: String::new(),
        departs_minute: None,
        departs_offset: None,
        departs_shift: 0,
        arrives_minute: None,
        arrives_offset: None,
        arrives_shift: 0,
        aircraft: String::new(),
        service: CANCELLED.to_owned(),
        operated_by: String::new(),
        said_at: arrival.said_at,
        message_id: arrival.message,
    }
}

/// What was planned on the first day of a span, cancelled flights aside.
fn holding(known: &[Row], span: Span) -> Vec<Row> {
    let flown: Vec<Row> = known.iter().filter(|row| !row.is_blank()).cloned().collect();
    let days = span.first.iter_days().take_while(|day| *day <= span.last).take(366);
    let mut days = days.filter(|day| span.days >> day.weekday().num_days_from_monday() & 1 == 1);
    let found = days.find_map(|day| {
        let rows = rows_on(&flown, day);
        (!rows.is_empty()).then(|| rows.into_iter().cloned().collect::<Vec<_>>())
    });
    found.unwrap_or_default()
}

/// Rows on the days of a span.
fn spread(rows: &[Row], span: Span, arrival: &Arrival) -> Vec<Row> {
    let on = |row: &Row| Row {
        id: Uuid::nil(),
        first_day: span.first,
        last_day: span.last,
        days: span.days,
        every_weeks: span.weeks,
        said_at: arrival.said_at,
        message_id: arrival.message,
        ..row.clone()
    };
    rows.iter().map(on).collect()
}

/// Whether a leg goes from one of the points to the next.
fn is_between(row: &Row, stations: &[String]) -> bool {
    stations.windows(2).any(|pair| pair[0] == row.board_point && pair[1] == row.off_point)
}
