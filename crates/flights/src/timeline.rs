//! Trips on a customer's timeline.

use std::sync::Arc;

use customers::{Arg, Before, TimelineItem, TimelineSource, Tone, Words};

use crate::read::page_of;
use crate::{Booked, Flights, Trip};

impl Flights {
    /// The source of trips for the timeline.
    #[must_use]
    pub fn timeline(&self) -> TimelineSource {
        let flights = self.clone();
        TimelineSource {
            key: "flights",
            label_key: "flights-timeline",
            icon: "plane",
            fetch: Arc::new(move |customer, before: Option<Before>, limit| {
                let flights = flights.clone();
                Box::pin(async move {
                    let before = before.map(|before| (before.at, before.id));
                    let mut tx = flights.db.read().await?;
                    let failed = |error| match error {
                        crate::Error::Store(error) => customers::Error::Store(error),
                        _ => customers::Error::Store(store::Error::Missing),
                    };
                    let trips = flights.trips(&mut tx, customer, before, limit).await;
                    let open = flights.bookings(&mut tx, customer, before, limit).await;
                    let (trips, open) = (trips.map_err(failed)?, open.map_err(failed)?);
                    let mut items: Vec<TimelineItem> =
                        trips.iter().map(item).chain(open.iter().map(booked)).collect();
                    items.sort_by_key(|item| std::cmp::Reverse((item.at, item.id)));
                    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                    Ok(items)
                })
            }),
        }
    }
}

fn item(trip: &Trip) -> TimelineItem {
    let (key, tone) = match trip.outcome.as_str() {
        "flown" => ("flights-tl-flown", Tone::Neutral),
        "no-show" => ("flights-tl-no-show", Tone::Warn),
        "refunded" => ("flights-tl-refunded", Tone::Info),
        "changed" => ("flights-tl-changed", Tone::Info),
        "cancelled" => ("flights-tl-cancelled", Tone::Warn),
        _ => ("flights-tl-booked", Tone::Info),
    };
    let place = |code: &Option<String>| match code {
        Some(code) => Arg::Airport(code.clone()),
        None => Arg::Text("—".to_owned()),
    };
    let mut args = vec![("from", place(&trip.origin)), ("to", place(&trip.destination))];
    args.push(("flight", Arg::Text(trip.designator().unwrap_or_default())));
    let mut detail = vec![("km", Arg::Num(trip.km))];
    detail.push(("class", Arg::Text(trip.booking_class.clone().unwrap_or_default())));
    detail.push((
        "cabin",
        match trip.cabin.as_deref() {
            Some("first") => Arg::Key("flights-cabin-first"),
            Some("business") => Arg::Key("flights-cabin-business"),
            Some("premium") => Arg::Key("flights-cabin-premium"),
            Some("economy") => Arg::Key("flights-cabin-economy"),
            _ => Arg::Text(String::new()),
        },
    ));
    TimelineItem {
        at: trip.at,
        id: trip.id,
        day_only: trip.departs_minute.is_none(),
        title: Words::Key(key, args),
        detail: Some(Words::Key("flights-tl-detail", detail)),
        tag: None,
        tone,
        // Files may tell of flights that nobody here knows more of.
        href: trip
            .basis
            .as_ref()
            .and_then(|_| Some(page_of(&trip.designator()?, trip.flight_date))),
    }
}

/// A booking that is no segment: coming, waiting, or come to nothing.
fn booked(of: &Booked) -> TimelineItem {
    let (key, tone) = match of.outcome.as_str() {
        "cancelled" => ("flights-tl-cancelled", Tone::Info),
        "flight-cancelled" => ("flights-tl-flight-cancelled", Tone::Warn),
        "offloaded" => ("flights-tl-offloaded", Tone::Warn),
        "denied" => ("flights-tl-denied", Tone::Bad),
        "not-carried" => ("flights-tl-not-carried", Tone::Warn),
        "waitlisted" => ("flights-tl-waitlisted", Tone::Info),
        "unclear" => ("flights-tl-unclear", Tone::Warn),
        _ => ("flights-tl-booked", Tone::Info),
    };
    let args = vec![
        ("from", Arg::Airport(of.from.clone())),
        ("to", Arg::Airport(of.to.clone())),
        ("flight", Arg::Text(of.designator())),
    ];
    let detail = vec![
        ("class", Arg::Text(of.booking_class.clone())),
        ("locator", Arg::Text(of.locator.clone())),
    ];
    TimelineItem {
        at: of.at,
        id: of.id,
        day_only: !of.timed,
        title: Words::Key(key, args),
        detail: Some(Words::Key("flights-tl-booking", detail)),
        tag: None,
        tone,
        href: Some(of.href()),
    }
}
