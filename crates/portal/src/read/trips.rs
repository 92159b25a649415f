//! Trips: what was flown and what it earned, what is to come, where the member usually goes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use flights::{Booked, Trip};
use kernel::page::{BadCursor, Cursor};
use kernel::{Lang, Uuid};
use loyalty::accrual::{Derived, Kept};
use loyalty::members::Member;
use programme::accrual::{Fact, Member as Flyer};
use programme::document::Market;
use programme::{Amounts, Code, Engine, Measure, Rank};

use super::{Card, Own};
use crate::{Portal, Result};

/// Accruals that are looked through for the ones of the trips shown.
const ACCRUALS: i64 = 1_000;
/// Bookings ahead that are shown.
const AHEAD: i64 = 20;
/// Flights that say where somebody usually goes.
const HABIT: i64 = 200;

/// What came of a flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earned {
    /// So many redeemable miles.
    Miles(i64),
    /// Nothing, in the words of the rules.
    Nothing(String),
    /// Nothing, by a code of the domain: `nobody`, `withdrawn`, `blocked`, `member-not-found` …
    Because(String),
    /// Not worked out yet.
    Unknown,
}

/// A flight of the past.
#[derive(Clone, Debug)]
pub struct Flown {
    /// The segment.
    pub trip: Trip,
    /// What came of it.
    pub earned: Earned,
}

/// A flight to come.
#[derive(Clone, Debug)]
pub struct Coming {
    /// The booking.
    pub booked: Booked,
    /// Scheduled arrival.
    pub arrives_at: Option<DateTime<Utc>>,
    /// What it will count by today's rules; zero when that cannot be said.
    pub worth: Amounts,
    /// Miles it will earn; zero when that cannot be said.
    pub miles: i64,
}

/// Flights of the past, a page of them.
#[derive(Clone, Debug, Default)]
pub struct Travels {
    /// Newest first.
    pub flown: Vec<Flown>,
    /// Give it back for the next page.
    pub next: Option<String>,
}

/// A journey somebody often makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usual {
    /// Board point.
    pub origin: String,
    /// Off point.
    pub destination: String,
    /// Airline flown with.
    pub carrier: String,
    /// Booking class.
    pub class: String,
    /// How often in the flights looked at.
    pub times: usize,
}

impl Portal {
    /// A page of flights of the past with what each earned.
    ///
    /// # Errors
    /// [`crate::Error::Cursor`].
    pub async fn travels(
        &self,
        member: &Member,
        lang: Lang,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Travels> {
        let Some(customer) = member.customer else { return Ok(Travels::default()) };
        let before = after.filter(|text| !text.is_empty()).map(place).transpose()?;
        let mut tx = self.parts().db.read().await?;
        let own = Own::of(self, &mut tx, member.id).await?;
        let count = i64::try_from(limit).unwrap_or(50) + 1;
        let mut trips = self.parts().flights.trips(&mut tx, customer, before, count).await?;
        drop(tx);
        let more = trips.len() > limit;
        trips.truncate(limit);
        let last = trips.last().filter(|_| more);
        let next = last
            .map(|trip| Cursor(vec![trip.at.to_rfc3339().into(), trip.id.to_string().into()]))
            .map(|cursor| cursor.encode());
        let kept = self.kept(&own).await?;
        let mut flown = Vec::with_capacity(trips.len());
        for trip in trips {
            let earned = match kept.get(&(self.parts().key_of)(&trip)) {
                Some(kept) => self.earned(kept, lang).await?,
                None => Earned::Unknown,
            };
            flown.push(Flown { trip, earned });
        }
        Ok(Travels { flown, next })
    }

    /// The segments behind accruals, by key: the latest flights of the member.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn segments(&self, member: &Member) -> Result<HashMap<String, Trip>> {
        let Some(customer) = member.customer else { return Ok(HashMap::new()) };
        let mut tx = self.parts().db.read().await?;
        let trips = self.parts().flights.trips(&mut tx, customer, None, ACCRUALS).await?;
        Ok(trips.into_iter().map(|trip| ((self.parts().key_of)(&trip), trip)).collect())
    }

    async fn kept(&self, own: &Own) -> Result<HashMap<String, Kept>> {
        let mut all = HashMap::new();
        for owner in own.owners() {
            let kept = self.parts().loyalty.accruals(&Self::reader(), owner, ACCRUALS).await?;
            all.extend(kept.into_iter().map(|one| (one.key.clone(), one)));
        }
        Ok(all)
    }

    async fn earned(&self, kept: &Kept, lang: Lang) -> Result<Earned> {
        let posted = kept.postings.iter().filter(|one| one.measure == Measure::Redeemable);
        let miles: i64 = posted.map(|one| one.amount).sum();
        if miles > 0 {
            return Ok(Earned::Miles(miles));
        }
        if let (Some(accrued), Some(version)) = (&kept.accrued, kept.version)
            && let Ok(engine) =
                self.parts().loyalty.programme_numbered(&kept.programme, version).await
            && let Some(why) = programme::say::accrued(engine.programme(), accrued, lang).pop()
            && accrued.refused.is_some()
        {
            return Ok(Earned::Nothing(why));
        }
        Ok(match kept.derived {
            Derived::Refused if !kept.reason.is_empty() => Earned::Because(kept.reason.clone()),
            other => Earned::Because(other.as_str().to_owned()),
        })
    }

    /// Flights to come, the next first, with what they will be worth.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn coming(&self, card: &Card) -> Result<Vec<Coming>> {
        let Some(customer) = card.member.customer else { return Ok(Vec::new()) };
        let flights = &self.parts().flights;
        let mut tx = self.parts().db.read().await?;
        let mut coming = Vec::new();
        for booked in flights.coming(&mut tx, customer, AHEAD).await? {
            let mut arrives_at = None;
            if coming.is_empty() {
                let (name, day) = (booked.designator(), booked.flight_date);
                if let Some(flight) = flights.flight(&mut tx, &name, day).await? {
                    let legs = flights.legs(&mut tx, flight.id).await?;
                    let last = legs.iter().find(|leg| leg.to == booked.to);
                    arrives_at = last.and_then(|leg| leg.arrives_at);
                }
            }
            let journey = Usual {
                origin: booked.from.clone(),
                destination: booked.to.clone(),
                carrier: booked.carrier.clone(),
                class: booked.booking_class.clone(),
                times: 1,
            };
            let (worth, miles) = self.worth(card, &journey, booked.flight_date);
            coming.push(Coming { booked, arrives_at, worth, miles });
        }
        Ok(coming)
    }

    /// Journeys made more than once, the most frequent first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn usual(&self, member: &Member) -> Result<Vec<Usual>> {
        let Some(customer) = member.customer else { return Ok(Vec::new()) };
        let mut tx = self.parts().db.read().await?;
        let trips = self.parts().flights.trips(&mut tx, customer, None, HABIT).await?;
        let mut times: HashMap<[String; 4], usize> = HashMap::new();
        for trip in trips.into_iter().filter(|trip| trip.outcome == "flown") {
            let all = (trip.origin, trip.destination, trip.carrier, trip.booking_class);
            if let (Some(origin), Some(destination), Some(carrier), Some(class)) = all {
                *times.entry([origin, destination, carrier, class]).or_insert(0) += 1;
            }
        }
        let mut usual: Vec<Usual> = times
            .into_iter()
            .map(|([origin, destination, carrier, class], times)| Usual {
                origin,
                destination,
                carrier,
                class,
                times,
            })
            .collect();
        usual.sort_by(|a, b| {
            let key = |it: &Usual| (it.origin.clone(), it.destination.clone(), it.class.clone());
            (b.times, key(a)).cmp(&(a.times, key(b)))
        });
        Ok(usual)
    }

    /// What a journey counts towards tiers, and the miles it earns, by today's rules; zero where
    /// they cannot say (an unknown class, a fare that is not known).
    pub(crate) fn worth(
        &self,
        card: &Card,
        journey: &Usual,
        day: chrono::NaiveDate,
    ) -> (Amounts, i64) {
        let worth = card
            .engine
            .as_ref()
            .zip(fact(card, journey, day))
            .map(|(engine, fact)| engine.accrue(&fact, &flyer(self, card, engine)));
        worth.map_or((Amounts::ZERO, 0), |accrued| {
            (accrued.amounts(), accrued.total(Measure::Redeemable))
        })
    }
}

fn flyer(portal: &Portal, card: &Card, engine: &Engine) -> Flyer {
    let rank = card.tier.as_ref().and_then(|row| engine.programme().rank(&row.tier));
    Flyer {
        number: card.member.member_no.clone(),
        tier: rank.unwrap_or(Rank(0)),
        birth_date: None,
        joined_on: portal.day_of(card.member.enrolled_at),
        first_flight: false,
        registered: card.registered.clone(),
        used: Vec::new(),
    }
}

fn fact(card: &Card, journey: &Usual, day: chrono::NaiveDate) -> Option<Fact> {
    let carrier = Code::parse(&journey.carrier).ok()?;
    let (from, to) = (journey.origin.as_str(), journey.destination.as_str());
    Some(Fact {
        flight_date: day,
        flight_no: String::new(),
        origin: Code::parse(from).ok()?,
        destination: Code::parse(to).ok()?,
        market: Market::between(from, to)?,
        marketing: carrier,
        operating: carrier,
        booking_class: Code::parse(&journey.class).ok()?,
        flown_class: None,
        involuntary: false,
        cabin: None,
        tpm_miles: None,
        great_circle_km: kernel::airports::distance_km(from, to).map(|km| km.0),
        fare_minor: None,
        surcharge_minor: 0,
        currency: card.engine.as_ref()?.programme().currency,
        ticket: Default::default(),
        status: Default::default(),
        coupon: None,
        booked_on: None,
        seat: true,
        claimed_on: None,
        credited_elsewhere: false,
    })
}

fn place(text: &str) -> Result<(DateTime<Utc>, Uuid), BadCursor> {
    let Cursor(values) = Cursor::decode(text)?;
    let read = || {
        let at: DateTime<Utc> = values.first()?.as_str()?.parse().ok()?;
        Some((at, values.get(1)?.as_str()?.parse().ok()?))
    };
    read().ok_or(BadCursor)
}
