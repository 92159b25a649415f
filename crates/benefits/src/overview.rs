//! What a member has today: benefits with counters, what can be chosen, goodwill, uses, and what the
//! next tier adds. For the console and the member's own page.

use access::Actor;
use chrono::NaiveDate;
use loyalty::MemberId;
use loyalty::members::{Footing, Found, Who};
use programme::Engine;
use programme::document::{BenefitRow, Per, Rank, Row as _, Text, Tier};
use programme::qualify::Standing;
use std::sync::Arc;

use crate::answer::{Benefit, Outcome, TierSeen, Why, seen};
use crate::choices::{self, Choice, Step};
use crate::goodwill::{self, Grant};
use crate::ground::{Ground, grounds};
use crate::uses::without_flight;
use crate::{Benefits, Error, Result, permissions};

/// How much of an allowance is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Allowed in the period, goodwill aside.
    pub allowed: u32,
    /// Used of that.
    pub used: u32,
    /// Goodwill that is left.
    pub extra: u32,
    /// What the period is.
    pub per: Per,
    /// First day on which it is counted anew; `None` where the tier has no end.
    pub resets_on: Option<NaiveDate>,
}

impl Counter {
    /// What is left in all.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.allowed.saturating_sub(self.used).saturating_add(self.extra)
    }
}

/// A benefit a member has today.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The rule.
    pub row: BenefitRow,
    /// Tier, chosen or goodwill; used-up where nothing is left.
    pub because: Why,
    /// Where there is an allowance over a period.
    pub counter: Option<Counter>,
}

/// Everything about a member's benefits today.
#[derive(Clone, Debug)]
pub struct Overview {
    /// What it stands on.
    pub footing: Footing,
    /// Why there may be nothing to see.
    pub outcome: Outcome,
    /// The rules of today.
    pub engine: Option<Arc<Engine>>,
    /// Today's tier.
    pub tier: Option<TierSeen>,
    /// What the member has, used up or not.
    pub has: Vec<Holding>,
    /// Milestones, with what was chosen.
    pub steps: Vec<Step>,
    /// All choices, latest first.
    pub choices: Vec<Choice>,
    /// All goodwill, latest first.
    pub grants: Vec<Grant>,
    /// The next tier and what it adds to the present one.
    pub next: Option<(Text, Vec<BenefitRow>)>,
}

fn holdings(
    engine: &Engine,
    footing: &Footing,
    ground: &Ground,
    (today, at): (NaiveDate, chrono::DateTime<chrono::Utc>),
) -> Vec<Holding> {
    let standing = footing.standing_on(engine, today);
    let rows = engine.programme().benefits.catalogue.iter();
    let rows = rows.filter(|row| row.span().contains(today));
    let all = rows.filter_map(|row| {
        let benefit = without_flight(engine, footing, ground, row, (today, at))?;
        let has = benefit.granted || benefit.because == Why::UsedUp;
        has.then(|| holding(row, &benefit, ground, &standing, today))
    });
    all.collect()
}

fn holding(
    row: &BenefitRow,
    benefit: &Benefit,
    ground: &Ground,
    standing: &Standing,
    today: NaiveDate,
) -> Holding {
    let extra: i64 = ground.extras_on(row.id.as_str(), today).map(|it| it.left).sum();
    let extra = u32::try_from(extra).unwrap_or(0);
    let lacks = benefit.because == Why::Goodwill
        && (row.by_choice && ground.chosen_on(today).iter().all(|id| *id != row.id)
            || row.allowance.is_none());
    let counter = row.allowance.filter(|it| it.per != Per::Flight).map(|allowance| {
        let left = benefit.remaining.unwrap_or(0).saturating_sub(extra);
        let allowed = if lacks { 0 } else { allowance.count };
        Counter {
            allowed,
            used: allowed.saturating_sub(left),
            extra,
            per: allowance.per,
            resets_on: allowance
                .per
                .period(standing, today)
                .filter(|period| period.to < NaiveDate::MAX)
                .and_then(|period| period.to.succ_opt()),
        }
    });
    let counter = counter.or_else(|| {
        let per = Per::TierPeriod;
        (extra > 0).then_some(Counter { allowed: 0, used: 0, extra, per, resets_on: None })
    });
    Holding { row: row.clone(), because: benefit.because, counter }
}

/// The next tier that has something the present one has not.
fn next(engine: &Engine, rank: Rank, today: NaiveDate) -> Option<(Text, Vec<BenefitRow>)> {
    let rules = engine.programme();
    let present = &rules.tier(rank)?.code;
    let above: &[Tier] = rules.tiers.get(usize::from(rank.0) + 1..)?;
    above.iter().filter(|tier| !tier.lifetime).find_map(|tier| {
        let rows = rules.benefits.catalogue.iter().filter(|row| {
            row.span().contains(today)
                && row.tiers.contains(&tier.code)
                && !row.tiers.contains(present)
        });
        let rows: Vec<BenefitRow> = rows.cloned().collect();
        (!rows.is_empty()).then(|| (tier.name.clone(), rows))
    })
}

impl Benefits {
    /// What a member has today; of one that was merged, what the member it was merged into has.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`]: no such member.
    pub async fn overview(&self, actor: &Actor, member: MemberId) -> Result<Overview> {
        actor.may(permissions::READ)?;
        let (mut tx, now, today) = (self.db().read().await?, self.now(), self.today());
        let who = [Who::Id(member)];
        let found = self.loyalty().footings(&mut tx, &who, today, now).await?;
        let Some(Found::One(footing)) = found.into_iter().next() else {
            return Err(Error::NotFound("member"));
        };
        let mut grounds = grounds(&mut tx, &[&footing], today, now).await?;
        let ground = grounds.remove(&footing.id).unwrap_or_default();
        let choices = choices::of(&mut tx, &footing).await?;
        let grants = goodwill::of(&mut tx, &footing).await?;
        drop(tx);
        let sight = self.sight(footing.id).await?;
        let steps = self.steps_of(&footing, sight.as_ref(), &choices);
        let engine = footing.rules.clone();
        let outcome = Outcome::of(&footing);
        let standing = engine.as_ref().map(|engine| footing.standing_on(engine, today));
        let both = engine.as_deref().zip(standing);
        Ok(Overview {
            outcome,
            tier: both.as_ref().map(|(engine, standing)| seen(engine, standing)),
            has: both.as_ref().map_or_else(Vec::new, |(engine, _)| {
                holdings(engine, &footing, &ground, (today, now))
            }),
            next: both.as_ref().and_then(|(engine, it)| next(engine, it.tier, today)),
            footing: *footing,
            engine,
            steps,
            choices,
            grants,
        })
    }
}
