//! Uses of benefits: taken down once, never beyond what is left, taken back by another row.

use access::{Actor, Details};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::Outcome as Done;
use loyalty::members::{Footing, Found, Who};
use programme::document::{BenefitRow, Cabin, Market, Row as _};
use programme::entitlement::Flight;
use programme::{Carrier, Engine};
use serde_json::json;
use store::{Tx, sql};
use uuid::Uuid;

use crate::answer::{Benefit, Occasion, Why, weigh};
use crate::flight::{Asked, Resolved};
use crate::ground::{Ground, grounds};
use crate::kept::{Use, find, insert};
use crate::{Benefits, Error, Result, events, fits, permissions, recorded_as};

/// Most of one use.
const MOST: u32 = 100;

/// A use to be taken down.
#[derive(Clone, Debug)]
pub struct NewUse {
    /// The caller's: the same again is taken down once.
    pub id: Uuid,
    /// Whose.
    pub who: Who,
    /// Row of the catalogue.
    pub benefit: String,
    /// How many; 1 to 100.
    pub count: u32,
    /// People who came along.
    pub companions: u32,
    /// On which flight.
    pub flight: Option<Asked>,
    /// On which day, without a flight; today when left out.
    pub on: Option<NaiveDate>,
    /// Where: an airport, a lounge. No person's name.
    pub place: String,
    /// Why, in the words of whoever recorded it. No person's name.
    pub note: String,
}

/// Whose and when, held until the end of the transaction.
pub(crate) struct Held {
    pub footing: Footing,
    pub ground: Ground,
}

/// When and where a use was.
pub(crate) struct Used<'a> {
    pub day: NaiveDate,
    pub flight: Option<&'a Resolved>,
}

/// A flight on which a benefit has nothing to object to: for uses without one.
pub(crate) fn fitting(row: &BenefitRow, day: NaiveDate, at: DateTime<Utc>) -> Flight {
    let first = |of: &[Carrier], other: &[Carrier]| {
        of.first().or(other.first()).copied().unwrap_or(Carrier::NONE)
    };
    let hours = i64::from(row.until_hours_before.unwrap_or_default());
    Flight {
        day,
        departs: at + Duration::hours(hours + 1),
        marketing: first(&row.marketing, &row.operating),
        operating: first(&row.operating, &row.marketing),
        market: row.markets.first().copied().unwrap_or(Market::Domestic),
        cabin: row.cabins.first().copied().unwrap_or(Cabin::Economy),
    }
}

/// What a benefit comes to on a day, flights aside.
pub(crate) fn without_flight(
    engine: &Engine,
    footing: &Footing,
    ground: &Ground,
    row: &BenefitRow,
    (day, at): (NaiveDate, DateTime<Utc>),
) -> Option<Benefit> {
    let standing = footing.standing_on(engine, day);
    let flight = fitting(row, day, at);
    let offset = chrono::Offset::fix(&Utc);
    let occasion = Occasion { flight: &flight, key: "", at, offset };
    let all = weigh(engine, &standing, ground, occasion);
    all.into_iter().find(|it| row.id == *it.id.as_str())
}

impl Benefits {
    /// Takes down a use. Again with the same id and content is [`Done::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] member; [`Error::Invalid`]; [`Error::Refused`] with
    /// `benefits-used-up`, `benefits-not-given` and its kin, `benefits-id-taken`,
    /// `benefits-member-closed`, `-frozen`, `-forgotten`.
    pub async fn record(&self, actor: &Actor, new: NewUse) -> Result<Done<Use>> {
        actor.may(permissions::USE)?;
        check(&new)?;
        let mut tx = self.db().begin().await?;
        let resolved = match &new.flight {
            Some(asked) => Some(self.resolve(&mut tx, asked).await?),
            None => None,
        };
        let day = match &resolved {
            Some(resolved) => resolved.flight.day,
            None => new.on.unwrap_or_else(|| self.today()),
        };
        let held = self.held(&mut tx, &new.who, day).await?;
        let used = Used { day, flight: resolved.as_ref() };
        if let Some(known) = find(&mut tx, new.id).await? {
            let same = is_same(&known, &new, &held, &used);
            return same
                .then_some(Done::AlreadyDone(known))
                .ok_or(Error::Refused("benefits-id-taken"));
        }
        let (basis, grant) = self.draw(&mut tx, &held, &new, &used).await?;
        let member = held.footing.id;
        let counted = grant.is_some() || basis.1;
        let version = held.footing.rules.as_ref().map_or(0, |it| it.programme().version);
        let flight = used.flight.map(Resolved::key).unwrap_or_default();
        let made = Use {
            id: new.id,
            member_id: member.uuid(),
            benefit: new.benefit.clone(),
            version: version.into(),
            change: new.count.into(),
            companions: new.companions.into(),
            basis: basis.0.to_owned(),
            used_on: day,
            flight: flight.clone(),
            place: new.place.trim().to_owned(),
            note: new.note.trim().to_owned(),
            recorded_at: self.now(),
            recorded_by: actor.id,
            recorded_as: recorded_as(actor).to_owned(),
            undone_at: None,
            undone_by: None,
        };
        insert(&mut tx, &made, (counted, grant), None).await?;
        let data = json!({"id": new.id, "benefit": new.benefit, "count": new.count,
            "flight": flight, "used_on": day});
        let details = Details::new().code("benefit", &new.benefit).count("count", new.count.into());
        let what = (events::USED, "benefits.used");
        self.told(&mut tx, actor, member, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Done::Done(made))
    }

    /// Whom a step is about, with everything that counts, others who do the same waiting.
    pub(crate) async fn held(&self, tx: &mut Tx, who: &Who, day: NaiveDate) -> Result<Held> {
        let (mut held, now) = (None, self.now());
        loop {
            let found = self.loyalty().footings(tx, std::slice::from_ref(who), day, now).await?;
            let footing = match found.into_iter().next() {
                Some(Found::One(footing)) => *footing,
                Some(Found::Several) => {
                    return Err(Error::Invalid("programme", "benefits-programme-needed"));
                }
                _ => return Err(Error::NotFound("member")),
            };
            // Read again once held: somebody may have merged it while we waited.
            if held == Some(footing.id) {
                may_act(&footing)?;
                let mut grounds = grounds(tx, &[&footing], day, now).await?;
                let ground = grounds.remove(&footing.id).unwrap_or_default();
                return Ok(Held { footing, ground });
            }
            Self::hold(tx, footing.id).await?;
            held = Some(footing.id);
        }
    }

    /// What a use is drawn from: the word and whether it is counted, and the goodwill.
    async fn draw(
        &self,
        tx: &mut Tx,
        held: &Held,
        new: &NewUse,
        used: &Used<'_>,
    ) -> Result<((&'static str, bool), Option<Uuid>)> {
        let Held { footing, ground } = held;
        let engine = footing.rules.as_ref().ok_or(Error::Refused("benefits-no-rules"))?;
        let mut rows = engine.programme().benefits.catalogue.iter();
        let row = rows.find(|row| row.id == *new.benefit.as_str() && row.span().contains(used.day));
        let row = row.ok_or(Error::Invalid("benefit", "benefits-benefit"))?;
        if new.companions > row.companions {
            return Err(Error::Refused("benefits-companions"));
        }
        let at = self.now();
        let benefit = match used.flight {
            Some(resolved) => {
                let cabins = self.booked_cabin(tx, resolved, footing).await?;
                let resolved = cabins.map_or_else(|| resolved.clone(), |it| resolved.in_cabin(it));
                let standing = footing.standing_on(engine, used.day);
                let (key, flight) = (resolved.key(), &resolved.flight);
                // A benefit is had before its hour and taken down after it.
                let at = flight.departs
                    - Duration::hours(i64::from(row.until_hours_before.unwrap_or(0)));
                let occasion = Occasion { flight, key: &key, at, offset: resolved.offset };
                let all = weigh(engine, &standing, ground, occasion);
                all.into_iter().find(|it| row.id == *it.id.as_str())
            }
            None => without_flight(engine, footing, ground, row, (used.day, at)),
        };
        let benefit = benefit.ok_or(Error::Invalid("benefit", "benefits-benefit"))?;
        if !benefit.granted {
            return Err(Error::Refused(refusal(benefit.because)));
        }
        let extras = ground.extras_on(row.id.as_str(), used.day);
        let (mut all, mut grant) = (0, None);
        for extra in extras {
            all += extra.left;
            if grant.is_none() && extra.left >= i64::from(new.count) {
                grant = Some(extra.id);
            }
        }
        let count = i64::from(new.count);
        let word = if benefit.because == Why::Chosen { "chosen" } else { "tier" };
        let own = benefit.remaining.map(|left| i64::from(left) - all);
        match (benefit.because, own, grant) {
            (Why::Goodwill, _, Some(grant)) => Ok((("goodwill", true), Some(grant))),
            (Why::Goodwill, _, None) => Err(Error::Refused("benefits-used-up")),
            (_, None, _) => Ok(((word, false), None)),
            (_, Some(left), _) if left >= count => Ok(((word, true), None)),
            (_, Some(_), Some(grant)) => Ok((("goodwill", true), Some(grant))),
            (_, Some(_), None) => Err(Error::Refused("benefits-used-up")),
        }
    }

    async fn booked_cabin(
        &self,
        tx: &mut Tx,
        resolved: &Resolved,
        footing: &Footing,
    ) -> Result<Option<Cabin>> {
        let (Some(customer), false) = (footing.customer, resolved.cabin_told) else {
            return Ok(None);
        };
        let cabins = self.cabins(tx, resolved, &[footing]).await?;
        Ok(cabins.get(&customer.uuid()).copied())
    }

    /// Takes a use back: what it took can be used again. Again is [`Done::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn take_back(&self, actor: &Actor, id: Uuid) -> Result<Done<Use>> {
        actor.may(permissions::USE)?;
        let mut tx = self.db().begin().await?;
        let known = find(&mut tx, id).await?.ok_or(Error::NotFound("use"))?;
        Self::hold(&mut tx, known.member_id.into()).await?;
        let known = find(&mut tx, id).await?.unwrap_or(known);
        if known.undone_at.is_some() {
            return Ok(Done::AlreadyDone(known));
        }
        let (counted, grant): (bool, Option<Uuid>) = tx
            .one(sql("SELECT is_counted, grant_id FROM benefit_use WHERE id = $1").bind(id))
            .await?;
        let undo = kernel::ids::v7(self.now());
        let back =
            Use { id: undo, change: -known.change, companions: -known.companions, ..known.clone() };
        let back =
            Use { place: String::new(), note: String::new(), recorded_at: self.now(), ..back };
        let back =
            Use { recorded_by: actor.id, recorded_as: recorded_as(actor).to_owned(), ..back };
        insert(&mut tx, &back, (counted, grant), Some(id)).await?;
        let data = json!({"id": undo, "about": id, "benefit": known.benefit});
        let details = Details::new().code("benefit", &known.benefit).id("use", id);
        let what = (events::UNUSED, "benefits.use-undone");
        self.told(&mut tx, actor, known.member_id.into(), what, (details, data)).await?;
        let now = find(&mut tx, id).await?.ok_or(Error::NotFound("use"))?;
        tx.commit().await?;
        Ok(Done::Done(now))
    }
}

fn check(new: &NewUse) -> Result<()> {
    if !(1..=MOST).contains(&new.count) {
        return Err(Error::Invalid("count", "benefits-count"));
    }
    if !fits(&new.place, 80) {
        return Err(Error::Invalid("place", "benefits-text"));
    }
    if !fits(&new.note, 500) {
        return Err(Error::Invalid("note", "benefits-text"));
    }
    Ok(())
}

pub(crate) fn may_act(footing: &Footing) -> Result<()> {
    use loyalty::ledger::AccountState;
    match footing.state {
        _ if footing.forgotten => Err(Error::Refused("benefits-member-forgotten")),
        AccountState::Closed => Err(Error::Refused("benefits-member-closed")),
        AccountState::Frozen => Err(Error::Refused("benefits-member-frozen")),
        AccountState::Open | AccountState::DebitsFrozen => Ok(()),
    }
}

fn is_same(known: &Use, new: &NewUse, held: &Held, used: &Used<'_>) -> bool {
    held.footing.all().any(|id| id.uuid() == known.member_id)
        && known.benefit == new.benefit
        && known.change == i64::from(new.count)
        && known.companions == i64::from(new.companions)
        && known.flight == used.flight.map(Resolved::key).unwrap_or_default()
        && (used.flight.is_none() && new.on.is_none() || known.used_on == used.day)
}

/// Why a use is refused, as a code.
fn refusal(why: Why) -> &'static str {
    match why {
        Why::TierLacks => "benefits-tier-lacks",
        Why::NotChosen => "benefits-not-chosen",
        Why::OtherAirline => "benefits-other-airline",
        Why::OtherMarket => "benefits-other-market",
        Why::OtherCabin => "benefits-other-cabin",
        Why::UsedUp => "benefits-used-up",
        Why::TooLate | Why::Tier | Why::Chosen | Why::Goodwill => "benefits-too-late",
    }
}
