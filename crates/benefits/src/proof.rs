//! What was promised: the answer of a past day by what was known on it. A later proof of delivery
//! compares it with what was given.

use access::Actor;
use chrono::{DateTime, Duration, Utc};
use loyalty::MemberId;
use loyalty::members::Who;
use store::sql;
use uuid::Uuid;

use crate::answer::{Outcome, Reply};
use crate::flight::{Asked, Resolved};
use crate::kept::{Use, on_flight};
use crate::{Benefits, Error, Result, permissions};

/// What a member was promised on a flight.
#[derive(Clone, Debug)]
pub struct Promise {
    /// The flight.
    pub flight: Resolved,
    /// By what was known at this moment.
    pub known_at: DateTime<Utc>,
    /// Nothing was known then (the history came later): told by what is known now.
    pub known_later: bool,
    /// The answer.
    pub reply: Reply,
    /// Uses that were taken down on the flight, whenever, and stand.
    pub given: Vec<Use>,
}

impl Benefits {
    /// What a member was promised on a flight, as known when it departed: tier as recorded then, rules as
    /// approved then, choices and uses as taken down by then. Benefits that end hours before
    /// departure are answered as of their last moment.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Invalid`] about the flight; [`Error::Refused`]
    /// `benefits-not-departed`.
    pub async fn promised(
        &self,
        actor: &Actor,
        member: MemberId,
        asked: &Asked,
    ) -> Result<Promise> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let flight = self.resolve(&mut tx, asked).await?;
        let departs = flight.flight.departs;
        if departs > self.now() {
            return Err(Error::Refused("benefits-not-departed"));
        }
        // Two weeks before departure nothing is too late; what was used up on the way is read by
        // what is known.
        let at = departs - Duration::days(14);
        let who = [Who::Id(member)];
        let mut known_at = departs;
        let mut replies = self.replies(&mut tx, &who, &flight, (at, known_at)).await?;
        let nothing = |replies: &[Reply]| {
            replies.iter().all(|reply| matches!(reply.outcome, Outcome::NoRules | Outcome::Unknown))
        };
        let known_later = nothing(&replies);
        if known_later {
            known_at = self.now();
            replies = self.replies(&mut tx, &who, &flight, (at, known_at)).await?;
        }
        let reply = replies.pop().ok_or(Error::NotFound("member"))?;
        let member = reply.answer.as_ref().map_or(member, |it| it.member);
        let given = on_flight(&mut tx, member, &flight.key()).await?;
        Ok(Promise { flight, known_at, known_later, reply, given })
    }

    /// The same for a flown segment of a member's.
    ///
    /// # Errors
    /// As [`Benefits::promised`]; [`Error::NotFound`] when it is not a segment of the member's.
    pub async fn promised_on(
        &self,
        actor: &Actor,
        member: MemberId,
        segment: Uuid,
    ) -> Result<Promise> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let row: Option<SegmentRow> = tx
            .maybe(
                sql("SELECT s.flight_date, s.departs_minute, s.at, s.carrier, s.flight_no, s.origin,
                        s.destination, s.cabin
                     FROM flown_segment s JOIN loyalty_member m ON m.customer_id = s.customer_id
                     WHERE s.id = $1 AND m.id = $2")
                .bind(segment)
                .bind(member.uuid()),
            )
            .await?;
        let row = row.ok_or(Error::NotFound("flight"))?;
        drop(tx);
        self.promised(actor, member, &row.asked()).await
    }
}

#[derive(sqlx::FromRow)]
struct SegmentRow {
    flight_date: chrono::NaiveDate,
    departs_minute: Option<i64>,
    at: DateTime<Utc>,
    carrier: Option<String>,
    flight_no: Option<String>,
    origin: Option<String>,
    destination: Option<String>,
    cabin: Option<String>,
}

impl SegmentRow {
    fn asked(self) -> Asked {
        let (carrier, number) =
            (self.carrier.unwrap_or_default(), self.flight_no.unwrap_or_default());
        let number = number.strip_prefix(carrier.as_str()).unwrap_or(&number);
        Asked {
            designator: format!("{carrier}{number}"),
            date: self.flight_date,
            from: self.origin,
            to: self.destination,
            departs_at: self.departs_minute.map(|_| self.at),
            operating: None,
            cabin: self.cabin.as_deref().and_then(crate::flight::cabin),
        }
    }
}
