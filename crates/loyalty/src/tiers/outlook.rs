//! How far one member is from the next tiers and from keeping the present one, and what would help.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::Actor;
use programme::Engine;
use programme::qualify::{Activity, Advice, Goal, Standing, Trip};

use crate::{Error, Loyalty, MemberId, Result, permissions};

/// Where a member stands.
#[derive(Clone, Debug)]
pub struct Sight {
    /// The rules of today: names, units, sentences.
    pub engine: Arc<Engine>,
    /// The tier by rule.
    pub standing: Standing,
    /// What counts towards tiers, by day of the flight, corrections included.
    pub activity: Vec<Activity>,
    /// Keeping first, then the higher tiers from the nearest up.
    pub goals: Vec<Goal>,
    /// What would keep or raise it; `None` when there is nothing to reach.
    pub advice: Option<Advice>,
}

/// What a member plans.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// Flights to come, worth what they would count.
    pub booked: Vec<Activity>,
    /// What the member might fly besides.
    pub trips: Vec<Trip>,
}

impl Loyalty {
    /// Where a member stands today, by what is in the account, and what would help.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`]: no such member, or no rules hold today.
    pub async fn progress(
        &self,
        actor: &Actor,
        member: MemberId,
        outlook: &Outlook,
    ) -> Result<Sight> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let subjects = self.subjects(&mut tx, BTreeSet::from([member])).await?;
        let subject = subjects.into_iter().next().ok_or(Error::NotFound("member"))?;
        let timeline = self.timeline(&mut tx, &subject.programme).await?;
        let today = self.today();
        let engine = timeline.on(today).cloned().ok_or(Error::NotFound("version"))?;
        let standing = subject.standing(engine.programme());
        let goals = engine.progress(&standing, &subject.activity, today);
        let advice = engine.advise(&programme::qualify::Outlook {
            standing: &standing,
            activity: &subject.activity,
            booked: &outlook.booked,
            trips: &outlook.trips,
            today,
        });
        Ok(Sight { engine, standing, activity: subject.activity, goals, advice })
    }
}
