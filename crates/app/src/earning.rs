//! Between `flights`, which knows what was flown, and `loyalty`, which knows what that is worth.

use std::collections::HashMap;
use std::sync::Arc;

use customers::CustomerId;
use flights::{Counted, Flights, Told};
use loyalty::Loyalty;
use loyalty::earning::{Earning, Segment, Segments};

/// Changed segments make their customers due.
pub(crate) fn told(loyalty: &Loyalty) -> Told {
    let loyalty = loyalty.clone();
    Arc::new(move |tx, customers| {
        let loyalty = loyalty.clone();
        Box::pin(async move { loyalty.mark_due(tx, &customers).await })
    })
}

/// What members earn by, read from the segments that count.
pub(crate) fn earning(loyalty: &Loyalty, flights: &Flights) -> Earning {
    let flights = flights.clone();
    let segments: Segments = Arc::new(move |tx, customers| {
        let flights = flights.clone();
        Box::pin(async move {
            let found: HashMap<CustomerId, Vec<Counted>> = flights.counted(tx, &customers).await?;
            let all = found.into_iter();
            Ok(all.map(|(id, own)| (id, own.into_iter().map(segment).collect())).collect())
        })
    });
    Earning::new(loyalty.clone(), segments)
}

fn segment(counted: Counted) -> Segment {
    Segment {
        source: counted.source,
        source_key: counted.source_key,
        record: counted.record_id,
        flight_date: counted.flight_date,
        carrier: counted.carrier,
        flight_no: counted.flight_no,
        origin: counted.origin,
        destination: counted.destination,
        booking_class: counted.booking_class,
        cabin: counted.cabin,
        km: counted.km,
        fare_minor: counted.fare_minor,
        currency: counted.currency,
        booked_on: counted.booked_on,
        outcome: counted.outcome,
        coupon: counted.ticket_coupon,
    }
}
