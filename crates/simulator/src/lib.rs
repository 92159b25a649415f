//! A synthetic airline with known truth: members, what they flew, and what is really so about them.
//!
//! Everything about a member follows from `(seed, index)` alone, so the airline streams: any
//! number of members in any chunks, on any number of cores, gives the same bytes.
//!
//! ```
//! use simulator::{Airline, Config};
//! let airline = Airline::new(Config::new("2026-10-31".parse().unwrap()).with_members(100));
//! let story = airline.story(42);
//! assert!(kernel::member_no::is_valid(&story.member.member_no));
//! assert_eq!(airline.segments_of(&story.member), story.segments);
//! ```

pub mod auditor;
mod calendar;
mod dice;
mod fares;
pub mod grade;
mod latent;
pub mod loyalty;
pub mod messages;
mod network;
mod people;
mod seats;
mod tiers;
mod travel;
pub mod write;

use chrono::NaiveDate;
use kernel::Period;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use calendar::Purpose;
pub use fares::{BookingClass, CLASSES, Cabin};
pub use latent::{Archetype, Lifecycle, Truth};
pub use network::CARRIER;
pub use people::{Channel, Gender, MOST_MEMBERS, Member, SeatLiking};
pub use seats::Seat;
pub use tiers::Tier;
pub use travel::{EXTRAS, Segment, Status};

use calendar::Calendar;
use dice::{Dice, Stream};
use latent::Latent;
use network::Network;
use people::People;
use travel::Traveller;

/// Members worked on at a time by [`Airline::for_each_chunk`] when nobody says otherwise.
pub const CHUNK: usize = 4_096;

/// Mean number of segments of a trip: out and back, some with a change, some one way.
const SEGMENTS_PER_TRIP: f64 = 2.2;
const MEAN_SEGMENT_KM: f64 = 1_450.0;

/// Which airline to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// At most [`MOST_MEMBERS`]; more are cut.
    pub members: u64,
    pub seed: u64,
    /// The observation date: last day of the window.
    pub until: NaiveDate,
    /// Length of the window, at least 1.
    pub months: u32,
}

impl Config {
    /// 20,000 members over 24 months: about 400,000 flown segments.
    #[must_use]
    pub fn new(until: NaiveDate) -> Self {
        Self { members: 20_000, seed: 20_260_331, until, months: 24 }
    }

    #[must_use]
    pub fn with_members(self, members: u64) -> Self {
        Self { members: members.min(MOST_MEMBERS), ..self }
    }

    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    #[must_use]
    pub fn with_months(self, months: u32) -> Self {
        Self { months: months.max(1), ..self }
    }

    #[must_use]
    pub fn window(&self) -> Period {
        Period::months_ending(self.until, self.months)
    }
}

/// One member, what they did in the window, by date, and what is true of them.
#[derive(Clone, PartialEq)]
pub struct Story {
    pub member: Member,
    pub segments: Vec<Segment>,
    pub truth: Truth,
}

impl Story {
    /// The segments that were flown.
    pub fn flown(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(|segment| segment.status == Status::Flown)
    }
}

/// The airline: its calendar, network and people. Cheap to make, shared freely between threads.
pub struct Airline {
    config: Config,
    calendar: Calendar,
    network: Network,
    people: People,
}

impl Airline {
    #[must_use]
    pub fn new(config: Config) -> Self {
        let config = config.with_members(config.members).with_months(config.months);
        Self {
            calendar: Calendar::new(config.window()),
            network: Network::new(),
            people: People::new(config.seed),
            config,
        }
    }

    #[must_use]
    pub fn config(&self) -> Config {
        self.config
    }

    /// Everything about the member at `index`, counted from 0.
    #[must_use]
    pub fn story(&self, index: u64) -> Story {
        let seed = self.config.seed;
        let latent = Latent::draw(&self.calendar, &mut Dice::new(seed, index, Stream::Latent));
        let mut person = self.people.draw(
            index,
            &latent,
            &self.calendar,
            &self.network,
            &mut Dice::new(seed, index, Stream::Person),
        );
        let mut dice = Dice::new(seed, index, Stream::Travel);
        let traveller = Traveller::new(&latent, &person, &self.calendar, &self.network, &mut dice);
        let segments = traveller.segments(&mut dice);
        person.member.tier = tiers::tier(&segments, km_before(&latent), &self.calendar);
        let truth = self.truth(&latent, segments.iter().any(|s| s.status == Status::Flown));
        Story { member: person.member, segments, truth }
    }

    pub fn stories(&self) -> impl Iterator<Item = Story> + '_ {
        (0..self.config.members).map(|index| self.story(index))
    }

    /// The members in order. Each is made with their segments, since flying decides the tier.
    pub fn members(&self) -> impl Iterator<Item = Member> + '_ {
        self.stories().map(|story| story.member)
    }

    #[must_use]
    pub fn segments_of(&self, member: &Member) -> Vec<Segment> {
        self.story(member.index).segments
    }

    /// Makes all stories on all cores, `size` members at a time, and hands them over in order.
    /// Holds one chunk in memory.
    ///
    /// # Errors
    /// The first error of `take`, which ends the walk.
    pub fn for_each_chunk<E>(
        &self,
        size: usize,
        mut take: impl FnMut(&[Story]) -> Result<(), E>,
    ) -> Result<(), E> {
        let size = size.max(1) as u64;
        let mut start = 0;
        while start < self.config.members {
            let end = (start + size).min(self.config.members);
            let chunk: Vec<Story> =
                (start..end).into_par_iter().map(|index| self.story(index)).collect();
            take(&chunk)?;
            start = end;
        }
        Ok(())
    }

    fn truth(&self, latent: &Latent, has_flown: bool) -> Truth {
        Truth {
            archetype: latent.archetype,
            lifecycle: latent.lifecycle(self.calendar.length(), has_flown),
            segments_per_year: latent.trips_per_year * SEGMENTS_PER_TRIP,
            churned_on: latent.churned.map(|day| self.calendar.day(day)),
            silent: latent.gap.map(|(from, to)| (self.calendar.day(from), self.calendar.day(to))),
            price_sensitivity: latent.sensitivity,
            business_share: latent.archetype.habits().business,
        }
    }
}

/// Kilometres flown before the window, as expected from the length of membership.
fn km_before(latent: &Latent) -> i64 {
    let years = f64::from((-latent.joined).max(0)) / 365.25;
    (years * latent.trips_per_year * SEGMENTS_PER_TRIP * MEAN_SEGMENT_KM * 0.75) as i64
}
