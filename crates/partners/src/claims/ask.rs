//! Making a claim, and reading claims.

use access::{Actor, Details, Target};
use chrono::{Datelike, NaiveDate};
use formats::FlightDesignator;
use formats::boarding_pass;
use kernel::Outcome;
use kernel::names::PersonName;
use loyalty::MemberId;
use loyalty::limits::{Deed, Verdict as Permit, What};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;

use super::judge::{Judged, judge};
use super::store as rows;
use super::{About, By, Claim, ClaimId, Happened, State, Verdict, designated};
use crate::error::FieldError;
use crate::{Error, Partners, Result, permissions};

/// Claims of a member that may be open at a time.
const MOST_OPEN: i64 = 20;
/// How often a claim is tried that met another writer.
const TRIES: usize = 4;

crate::words::words!(
    /// How a claim came.
    Channel {
        /// The member, in the portal.
        Member = "member",
        /// Staff, in the console.
        Agent = "agent",
        /// A program, by API key.
        Program = "program",
    }
);

/// A claim as it is typed. The boarding pass fills in what is left empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// `JB831`, blanks allowed.
    pub flight: String,
    /// Local day of departure, `2026-10-03`.
    pub date: String,
    /// IATA code.
    pub origin: String,
    /// IATA code.
    pub destination: String,
    /// Ticket number: thirteen digits, however they are separated.
    pub ticket: String,
    /// Booking reference.
    pub locator: String,
    /// RBD letter.
    pub class: String,
    /// As on the ticket: `ZHOU/QIMING` or 周启明; the member's own when left out.
    pub name: String,
    /// The string behind the bar code of the boarding pass (BCBP).
    pub boarding_pass: String,
}

impl Asked {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that is not right.
    pub fn read(&self, own: &PersonName, today: NaiveDate) -> Result<About> {
        let mut wrong = Vec::new();
        let pass = self.pass(today, &mut wrong);
        let typed = |text: &str| {
            let upper = text.trim().to_ascii_uppercase();
            Some(upper).filter(|text| !text.is_empty())
        };
        let or = |text: &str, of: fn(&About) -> &String| {
            typed(text).or_else(|| pass.as_ref().map(of).cloned()).unwrap_or_default()
        };
        let mut say = |is_wrong: bool, field, code| {
            if is_wrong {
                wrong.push(FieldError { field, code });
            }
        };
        let flight = self.designator(pass.as_ref());
        say(flight.is_none(), "flight", "claims-flight");
        let day = self.date.trim().parse::<NaiveDate>().ok();
        let day =
            day.or_else(|| pass.as_ref().filter(|_| self.date.trim().is_empty()).map(|p| p.date));
        let years = day.is_some_and(|day| (1990..2200).contains(&day.year()));
        say(!years, "date", "claims-date");
        say(years && day.is_some_and(|day| day > today), "date", "claims-date-future");
        let (origin, destination) =
            (or(&self.origin, |p| &p.origin), or(&self.destination, |p| &p.destination));
        for (field, code) in [("origin", &origin), ("destination", &destination)] {
            let known = kernel::airports::distance_km(code, "PEK").is_some();
            say(!known, field, "claims-airport");
        }
        let ticket: String =
            or(&self.ticket, |p| &p.ticket).chars().filter(char::is_ascii_digit).collect();
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        // Fourteen and more carry a check digit or the coupon.
        let ticket_fits = ticket.is_empty() || (13..=15).contains(&ticket.len());
        say(
            !ticket_fits || (ticket.is_empty() && typed(&self.ticket).is_some()),
            "ticket",
            "claims-ticket",
        );
        let locator = or(&self.locator, |p| &p.locator);
        say(
            !(locator.is_empty() || (5..=6).contains(&locator.len()) && plain(&locator)),
            "locator",
            "claims-locator",
        );
        let class = or(&self.class, |_| EMPTY);
        say(!(class.is_empty() || class.len() == 1 && plain(&class)), "class", "claims-class");
        let name = match (self.name.trim(), &pass) {
            ("", Some(pass)) => pass.name.clone(),
            ("", None) => own.clone(),
            (text, _) => PersonName::parse(text),
        };
        say(name.is_empty() || self.name.chars().count() > 120, "name", "claims-name");
        let ((carrier, number), Some(date)) = (flight.unwrap_or_default(), day) else {
            return Err(Error::Invalid(wrong));
        };
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        Ok(About {
            carrier,
            number,
            date,
            origin,
            destination,
            class,
            ticket: ticket.chars().take(13).collect(),
            locator,
            seat: pass.as_ref().map(|p| p.seat.clone()).unwrap_or_default(),
            by_pass: pass.is_some(),
            name,
        })
    }

    /// Airline and number, of the pass where nothing was typed.
    fn designator(&self, pass: Option<&About>) -> Option<(String, String)> {
        let typed = self.flight.trim().to_ascii_uppercase();
        match (FlightDesignator::read(&typed), pass) {
            (Some(it), _) => Some((it.airline.to_owned(), designated(&it))),
            (None, Some(pass)) if typed.is_empty() => {
                Some((pass.carrier.clone(), pass.number.clone()))
            }
            _ => None,
        }
    }

    /// The boarding pass: its leg of the flight that was typed, else the first.
    fn pass(&self, today: NaiveDate, wrong: &mut Vec<FieldError>) -> Option<About> {
        let text = self.boarding_pass.trim();
        if text.is_empty() {
            return None;
        }
        let long = text.chars().count() > 2_000;
        let (pass, _) = boarding_pass::parse(if long { "" } else { text });
        let scanned =
            formats::when::Day::new(today.year(), month(today.month()), month(today.day()));
        let typed = self.flight.trim().to_ascii_uppercase();
        let typed = FlightDesignator::read(&typed);
        let is_typed = |leg: &&boarding_pass::Leg<'_>| {
            typed.as_ref().is_some_and(|it| leg.number == Some(it.number))
        };
        let leg = pass.legs.iter().find(is_typed).or_else(|| pass.legs.first());
        let read = leg.and_then(|leg| {
            let day = pass.flown_on(leg, scanned?)?;
            let date = NaiveDate::from_ymd_opt(day.year, day.month.into(), day.day.into())?;
            let named = pass.passenger();
            Some(About {
                carrier: leg.marketing_carrier.or(leg.carrier)?.to_owned(),
                number: format!("{}", leg.number?),
                date,
                origin: leg.from?.to_string(),
                destination: leg.to?.to_string(),
                class: String::new(),
                ticket: leg.ticket().unwrap_or_default(),
                locator: leg.locator.unwrap_or_default().to_owned(),
                seat: leg.seat_label().unwrap_or_default().to_owned(),
                by_pass: true,
                name: PersonName::from_latin(named.surname, named.given),
            })
        });
        if read.is_none() {
            wrong.push(FieldError { field: "boarding_pass", code: "claims-pass" });
        }
        read
    }
}

const EMPTY: &String = &String::new();

fn month(n: u32) -> u8 {
    u8::try_from(n).unwrap_or(1)
}

impl Partners {
    /// Claims a flight for a member and judges it at once. The id is the form's: a second click
    /// finds the first, and so does another claim of the same flight that is under way.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`]; [`Error::Refused`] `claims-limit`, `claims-too-many`
    /// (twenty open), `claims-member-gone`; [`Error::Loyalty`] for a member that is none or merged.
    pub async fn claim(
        &self,
        actor: &Actor,
        id: ClaimId,
        member: MemberId,
        channel: Channel,
        asked: &Asked,
    ) -> Result<Outcome<Claim>> {
        actor.may(permissions::CLAIM)?;
        let mut tries = 1;
        loop {
            match self.try_claim(actor, id, (member, channel), asked).await {
                Err(error) if tries < TRIES && error.is_meanwhile() => tries += 1,
                other => return other,
            }
        }
    }

    async fn try_claim(
        &self,
        actor: &Actor,
        id: ClaimId,
        (member, channel): (MemberId, Channel),
        asked: &Asked,
    ) -> Result<Outcome<Claim>> {
        let system = Actor::system("claims");
        let member = self.loyalty().member(&system, member).await?;
        let customer = member.customer.ok_or(Error::Refused("claims-member-gone"))?;
        let mut tx = self.db().begin().await?;
        if let Some(known) = rows::by_id(&mut tx, id).await? {
            return Ok(Outcome::AlreadyDone(known));
        }
        let names = self.customers().names(&mut tx, &[customer]).await?;
        let own = names.get(&customer).cloned().unwrap_or_default();
        let about = asked.read(&own, self.today())?;
        // Held from here on: two claims of one member wait for each other.
        let deed = Deed { what: What::Claim, amount: 0, reference: id.to_string(), device: None };
        let permit = self.loyalty().permit_in(&mut tx, member.id, &deed).await?;
        if let Some(same) = rows::same(&mut tx, member.id, &about).await? {
            return Ok(Outcome::AlreadyDone(same));
        }
        if rows::open(&mut tx, member.id).await? >= MOST_OPEN {
            return Err(Error::Refused("claims-too-many"));
        }
        let person = (channel != Channel::Member).then_some(actor.id);
        let by = By { member: member.id, channel, actor: person, at: self.now() };
        let mut claim = Claim {
            id,
            programme: member.programme.clone(),
            by,
            about,
            state: State::Review,
            verdict: Verdict::Limit,
            detail: json!({}),
            segment: String::new(),
            miles: None,
            judged_at: self.now(),
            due_at: None,
        };
        match permit {
            Permit::Refused(_) => return Err(Error::Refused("claims-limit")),
            Permit::Review(_) => claim.judged(&Judged::review(Verdict::Limit), self.now()),
            Permit::Allowed => self.decide_in(&mut tx, &mut claim, &member).await?,
        }
        rows::insert(&mut tx, &claim).await?;
        self.told(&mut tx, actor, &claim).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(Outcome::Done(claim))
    }

    /// Judges a claim by what is known now, and takes the flight where it may be taken.
    pub(super) async fn decide_in(
        &self,
        tx: &mut Tx,
        claim: &mut Claim,
        member: &loyalty::members::Member,
    ) -> Result<()> {
        let ground = self.ground(tx, member, &claim.about, claim.by).await?;
        let mut judged = judge(&claim.about, &ground);
        if judged.state == State::Accepted {
            let own =
                || ground.candidates.iter().position(|it| it.own && it.same_places(&claim.about));
            let taken = judged.take.or_else(own).and_then(|at| ground.candidates.get(at));
            if let Some(one) = taken {
                judged = self.take(tx, claim, member, one, judged).await?;
            }
        }
        claim.judged(&judged, self.now());
        Ok(())
    }

    /// Says what happened: history, event, audit trail.
    pub(super) async fn told(&self, tx: &mut Tx, actor: &Actor, claim: &Claim) -> Result<()> {
        rows::note(tx, claim, actor).await?;
        crate::events::claim(tx, claim).await?;
        let target = Target::new(ClaimId::KIND, Uuid::from(claim.id));
        let details = Details::new().code("verdict", claim.verdict.as_str());
        self.access().record(tx, actor, "claims.judged", &target, details).await?;
        Ok(())
    }

    /// A claim with its history, oldest step first.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn claim_of(&self, actor: &Actor, id: ClaimId) -> Result<(Claim, Vec<Happened>)> {
        actor.may(permissions::CLAIMS_READ)?;
        let mut tx = self.db().read().await?;
        let claim = rows::by_id(&mut tx, id).await?.ok_or(Error::NotFound("claim"))?;
        let history = rows::history(&mut tx, id).await?;
        Ok((claim, history))
    }

    /// Claims of a member, latest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn claims_of(&self, actor: &Actor, member: MemberId, n: i64) -> Result<Vec<Claim>> {
        actor.may(permissions::CLAIMS_READ)?;
        rows::of_member(&mut self.db().read().await?, member, n.clamp(1, 200)).await
    }

    /// What a claim is judged by now: for the page that shows both sides.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the member was erased.
    pub async fn evidence(&self, actor: &Actor, claim: &Claim) -> Result<super::Ground> {
        actor.may(permissions::CLAIMS_READ)?;
        let member = self.loyalty().member(&Actor::system("claims"), claim.by.member).await?;
        let mut tx = self.db().read().await?;
        self.ground(&mut tx, &member, &claim.about, claim.by).await
    }
}
