//! A file of coupons: each finds its passenger, or makes one.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::CouponInput;
use super::input;
use super::link::{self, Kept};
use crate::messages::spoken::Spoken;
use crate::messages::{Absorbed, Arrival, FlightKey, Refusal};
use crate::operations::Flight;
use crate::passengers::Manifest;
use crate::passengers::find::Finder;
use crate::{Flights, Result};

/// Which flight the coupons of a group belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// One we know a passenger of.
    Known(Uuid),
    /// One to be looked up or made.
    Sold(FlightKey),
    /// None.
    Open,
}

#[derive(sqlx::FromRow)]
struct Match {
    n: i64,
    flight_id: Uuid,
    coupon: i64,
    flight_date: NaiveDate,
    board_point: String,
}

impl Flights {
    /// Takes in coupons of a file. Idempotent: the same coupon again changes nothing; of two words
    /// about one coupon the one said later holds.
    ///
    /// # Errors
    /// When the database fails. Rows that are no coupons are in [`Absorbed::refused`].
    pub async fn absorb_coupons(
        &self,
        tx: &mut Tx,
        arrival: Arrival,
        coupons: Vec<CouponInput>,
    ) -> Result<Absorbed> {
        let mut absorbed = Absorbed { read: coupons.len() as u64, ..Absorbed::default() };
        let mut good = Vec::with_capacity(coupons.len());
        for coupon in coupons {
            let line = coupon.line;
            match coupon.tidy() {
                Ok(coupon) => good.push(coupon),
                Err(code) => absorbed.refused.push(Refusal { line, code }),
            }
        }
        // Of a coupon that comes twice in a file the last row holds.
        let mut seen = HashSet::new();
        good.reverse();
        good.retain(|of: &CouponInput| seen.insert((of.ticket_number.clone(), of.coupon)));
        good.reverse();
        let kept = link::kept(tx, &good).await?;
        let news: Vec<(CouponInput, Option<Kept>)> = good
            .into_iter()
            .map(|coupon| {
                let old = kept.get(&(coupon.ticket_number.clone(), coupon.coupon)).cloned();
                (coupon, old)
            })
            .filter(|(coupon, old)| {
                old.as_ref().is_none_or(|old| {
                    old.said_at <= arrival.said_at && old.fingerprint != coupon.fingerprint()
                })
            })
            .collect();
        absorbed.changed = news.len() as u64;
        for (group, coupons) in groups(tx, news).await? {
            if let Group::Sold(key) = &group {
                absorbed.flights.push(key.clone());
            }
            self.absorb_group(tx, &arrival, group, coupons).await?;
        }
        Ok(absorbed)
    }

    async fn absorb_group(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        group: Group,
        mut coupons: Vec<(CouponInput, Option<Kept>)>,
    ) -> Result<()> {
        let now = self.clock.now();
        let flight = match group {
            Group::Open => None,
            Group::Known(id) => crate::operations::by_id(tx, id).await?,
            Group::Sold(key) => {
                let flight = Flight::of(tx, &key, now).await?;
                // A flight is not made of a promise: bookings will speak of it.
                let flown = coupons.iter().any(|(coupon, _)| coupon.status == "flown");
                Some(flight).filter(|flight| !flight.new || flown)
            }
        };
        let Some(mut flight) = flight else {
            return self.without_flight(tx, arrival, coupons).await;
        };
        if flight.new {
            let route = coupons.first().map(|(coupon, _)| coupon);
            let route = route.map(|of| (of.origin.clone(), vec![of.destination.clone()]));
            if let Some((board, stations)) = route {
                flight.learn_route(&board, &stations, flight.date);
            }
            flight.save(tx, Some(arrival.message), now).await?;
        }
        let mut manifest = Manifest::load(tx, flight).await?;
        let mut placed = self.own_records(tx, arrival, &coupons).await?;
        // A ticket given for another one is the passenger's before the one it replaced.
        coupons.sort_by_key(|(coupon, _)| input::is_over(&coupon.status));
        let mut finder = Finder::new(&manifest.people);
        let mut rows = Vec::with_capacity(coupons.len());
        for (coupon, old) in coupons {
            let mention = coupon.mention();
            let known = old
                .as_ref()
                .and_then(|old| old.passenger_id)
                .and_then(|id| manifest.people.iter().position(|passenger| passenger.row.id == id));
            let key = FlightKey {
                date: coupon.flight_date.unwrap_or(manifest.flight.date),
                ..key_of(&manifest.flight, &coupon)
            };
            let mut found = known.or_else(|| finder.find(&manifest.people, &mention));
            if found.is_none() && coupon.status == "flown" {
                let index = manifest.add_unlisted("ticket", &mention, &key, arrival);
                finder.add(index, &manifest.people[index]);
                found = Some(index);
            }
            let record = placed.remove(&coupon.line);
            let row =
                link::Row::of(&coupon, old.as_ref(), arrival, manifest.flight.id, record, now);
            if let Some(index) = found {
                finder.take(index);
                let passenger = &mut manifest.people[index];
                passenger.take_coupon(row.brief(passenger.row.id));
                rows.push(row.of_passenger(passenger.row.id));
            } else {
                rows.push(row);
            }
        }
        let changed = self.settle(tx, &mut manifest, arrival).await?;
        let people = rows.len() as u64;
        link::save(tx, rows).await?;
        let spoken = Spoken { people, changed, ..Spoken::of("coupons") };
        spoken.remember(tx, manifest.flight.id, arrival).await
    }

    /// Coupons of flights nobody spoke of: kept, waiting for their passenger.
    async fn without_flight(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        coupons: Vec<(CouponInput, Option<Kept>)>,
    ) -> Result<()> {
        let now: DateTime<Utc> = self.clock.now();
        let mut placed = self.own_records(tx, arrival, &coupons).await?;
        let mut rows = Vec::with_capacity(coupons.len());
        for (coupon, old) in coupons {
            let record = placed.remove(&coupon.line);
            rows.push(link::Row::open(&coupon, old.as_ref(), arrival, record, now));
        }
        link::save(tx, rows).await
    }

    /// What the coupons say of people becomes records: one call. By line.
    async fn own_records(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        coupons: &[(CouponInput, Option<Kept>)],
    ) -> Result<HashMap<u32, (String, Uuid, Uuid)>> {
        let by = (arrival.message, arrival.said_at);
        let (mut statements, mut whose) = (Vec::new(), Vec::new());
        let mut keys = HashMap::<String, u32>::new();
        for (coupon, _) in coupons {
            let mention = coupon.mention();
            let Some(flight) = coupon.flight().filter(|_| mention.nameable) else { continue };
            let base = mention.source_key(&flight);
            let n = keys.entry(base.clone()).and_modify(|n| *n += 1).or_insert(1);
            let key = if *n == 1 { base } else { format!("{base}#{n}") };
            statements.push(mention.statement("ticket", key.clone(), by, &flight));
            whose.push((coupon.line, key));
        }
        let placed = self.placed(tx, statements).await?;
        let of = |((line, key), placed): ((u32, String), customers::identity::Placed)| {
            (line, (key, placed.record.uuid(), placed.customer.uuid()))
        };
        Ok(whose.into_iter().zip(placed).map(of).collect())
    }
}

fn key_of(flight: &Flight, coupon: &CouponInput) -> FlightKey {
    FlightKey {
        carrier: flight.carrier.clone(),
        number: flight.number.clone(),
        date: flight.date,
        board: coupon.origin.clone(),
    }
}

/// Coupons by flight: by their ticket, else by their locator, where a passenger is known by it;
/// else by the flight they were sold for.
async fn groups(
    tx: &mut Tx,
    coupons: Vec<(CouponInput, Option<Kept>)>,
) -> Result<BTreeMap<Group, Vec<(CouponInput, Option<Kept>)>>> {
    let mut known: HashMap<usize, Uuid> = HashMap::new();
    for column in ["ticket", "locator"] {
        let rows: Vec<Vec<Value>> = coupons
            .iter()
            .enumerate()
            .filter(|(n, _)| !known.contains_key(n))
            .map(|(n, (coupon, _))| {
                let key =
                    if column == "ticket" { &coupon.ticket_number } else { &coupon.record_locator };
                (n, key)
            })
            .filter(|(_, key)| !key.is_empty())
            .map(|(n, key)| vec![(n as i64).into(), key.into()])
            .collect();
        if rows.is_empty() {
            continue;
        }
        let text = format!(
            "SELECT input.n, p.flight_id, p.coupon, f.flight_date, p.board_point FROM input
             JOIN flight_passenger p ON p.{column} = input.key AND p.{column} <> ''
             JOIN flight f ON f.id = p.flight_id"
        );
        let found: Vec<Match> =
            tx.with_rows_all(&[Col::i64("n"), Col::text("key")], rows, &text).await?;
        for found in found {
            let n = usize::try_from(found.n).unwrap_or(usize::MAX);
            let Some((coupon, _)) = coupons.get(n) else { continue };
            let away = coupon.flight_date.map_or(0, |day| (day - found.flight_date).num_days());
            let there = coupon.origin.is_empty() || coupon.origin == found.board_point;
            let same_coupon =
                column == "locator" || matches!(found.coupon, 0) || found.coupon == coupon.coupon;
            if away.abs() <= 1 && there && same_coupon {
                known.insert(n, found.flight_id);
            }
        }
    }
    let mut groups: BTreeMap<Group, Vec<_>> = BTreeMap::new();
    for (n, (coupon, old)) in coupons.into_iter().enumerate() {
        let before = old.as_ref().and_then(|old| old.flight_id);
        let group = match known.get(&n).copied().or(before) {
            Some(flight) => Group::Known(flight),
            None => coupon.flight().map_or(Group::Open, Group::Sold),
        };
        groups.entry(group).or_default().push((coupon, old));
    }
    Ok(groups)
}
