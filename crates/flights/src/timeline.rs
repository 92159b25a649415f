//! Trips on a customer's timeline.

use std::sync::Arc;

use customers::{Arg, Before, TimelineItem, TimelineSource, Tone, Words};

use crate::{Flights, Trip};

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
                    let trips = flights.trips(&mut tx, customer, before, limit).await;
                    let trips = trips.map_err(|error| match error {
                        crate::Error::Store(error) => customers::Error::Store(error),
                        _ => customers::Error::Store(store::Error::Missing),
                    })?;
                    Ok(trips.iter().map(item).collect())
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
        href: None,
    }
}
