//! What members choose at milestones: as many as the milestone says, once in its period.
//!
//! A milestone over a calendar or membership year can be chosen at until the end of the year after the
//! one it was reached in, and what was chosen holds until then. Over months that roll along it can be
//! chosen at while it is reached, and holds as many months; for a lifetime it holds for ever.

use access::{Actor, Details};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Outcome as Done;
use kernel::dates::add_months;
use loyalty::MemberId;
use loyalty::ledger::NEVER;
use loyalty::members::{Footing, Found, Who};
use loyalty::tiers::{Outlook, Sight};
use programme::Engine;
use programme::document::{BenefitRow, MilestoneRow, Row as _, Window};
use programme::entitlement::Milestone;
use programme::qualify::Standing;
use serde_json::json;
use store::{Tx, sql};
use uuid::Uuid;

use crate::{Benefits, Error, Result, events, permissions, recorded_as};

/// A choice as kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Choice {
    /// Identity.
    pub id: Uuid,
    /// The membership it counts for.
    pub member_id: Uuid,
    /// Row of the milestones.
    pub milestone: String,
    /// First day of the period it was reached in.
    pub period_from: NaiveDate,
    /// Row of the catalogue.
    pub benefit: String,
    /// Of the rules it was checked by.
    pub version: i64,
    /// First day it holds.
    pub valid_from: NaiveDate,
    /// Last day it holds.
    pub valid_to: NaiveDate,
    /// When it was made.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: Uuid,
    /// staff, api-key, member or system
    pub recorded_as: String,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

/// A choice to be made.
#[derive(Clone, Debug)]
pub struct NewChoice {
    /// The caller's.
    pub id: Uuid,
    /// Row of the milestones.
    pub milestone: String,
    /// First day of its period, as [`Step::period_from`] says; the present one when left out.
    pub period_from: Option<NaiveDate>,
    /// Row of the catalogue.
    pub benefit: String,
}

/// A milestone in one period, and what was chosen at it.
#[derive(Clone, Debug)]
pub struct Step {
    /// The rule.
    pub row: MilestoneRow,
    /// Reached or not, and what is missing.
    pub milestone: Milestone,
    /// First day of the period.
    pub period_from: NaiveDate,
    /// Last day of it; `None` where it rolls along.
    pub period_to: Option<NaiveDate>,
    /// Last day a choice made today would hold.
    pub holds_to: NaiveDate,
    /// What stands chosen.
    pub made: Vec<Choice>,
    /// How many may still be chosen.
    pub left: u32,
    /// The benefits one may choose from.
    pub choices: Vec<BenefitRow>,
}

/// The last day a choice holds.
fn holds_to(window: Window, from: NaiveDate, today: NaiveDate, standing: &Standing) -> NaiveDate {
    let signed = |months: u32| i32::try_from(months).unwrap_or(i32::MAX);
    match window {
        Window::CalendarYear | Window::MembershipYear => {
            let second = add_months(from, 24);
            second.pred_opt().unwrap_or(second)
        }
        Window::RollingMonths(months) | Window::CalendarMonths(months) => {
            add_months(today, signed(months))
        }
        Window::Lifetime => NEVER,
        Window::BeforeExpiry { .. } => standing.valid_to.unwrap_or(NEVER),
    }
}

/// Milestones of today, and those of the year before that are reached.
fn steps(
    engine: &Engine,
    standing: &Standing,
    sight: &Sight,
    today: NaiveDate,
    made: &[Choice],
) -> Vec<Step> {
    let rules = &engine.programme().benefits;
    let mut all = Vec::new();
    let mut add = |day: NaiveDate, past: bool| {
        for milestone in engine.milestones(standing, &sight.activity, day) {
            let Some(row) = rules.milestones.iter().find(|row| row.id == milestone.row) else {
                continue;
            };
            let from = row.window.on(day, standing.joined_on).from;
            let yearly = matches!(row.window, Window::CalendarYear | Window::MembershipYear);
            if past && (!yearly || !milestone.reached || from >= today) {
                continue;
            }
            let here = |it: &&Choice| {
                row.id == *it.milestone.as_str()
                    && if yearly { it.period_from == from } else { it.valid_from >= from }
            };
            let made: Vec<Choice> = made.iter().filter(here).cloned().collect();
            let taken = u32::try_from(made.len()).unwrap_or(u32::MAX);
            let left = if milestone.reached { milestone.choose.saturating_sub(taken) } else { 0 };
            let of = |id: &programme::Id| {
                let mut rows = rules.catalogue.iter();
                rows.find(|it| it.id == *id && it.span().contains(today))
            };
            let next = row.window.rolls_off(from, standing.joined_on).filter(|_| yearly);
            all.push(Step {
                choices: milestone.choices.iter().filter_map(of).cloned().collect(),
                period_from: from,
                period_to: next.and_then(|next| next.pred_opt()),
                holds_to: holds_to(row.window, from, today, standing),
                row: row.clone(),
                milestone,
                made,
                left,
            });
        }
    };
    add(today, false);
    let mut ends: Vec<NaiveDate> = [Window::CalendarYear, Window::MembershipYear]
        .into_iter()
        .filter_map(|window| window.on(today, standing.joined_on).from.pred_opt())
        .collect();
    ends.dedup();
    for end in &ends {
        add(*end, true);
    }
    // A day that ends one sort of year lies within the other: only whole years are kept.
    all.retain(|step| {
        step.period_from == step.row.window.on(today, standing.joined_on).from
            || step.period_to.is_some_and(|to| ends.contains(&to))
    });
    all.dedup_by(|a, b| a.row.id == b.row.id && a.period_from == b.period_from);
    all
}

const CHOICES: &str = "SELECT c.id, c.member_id, c.milestone, c.period_from, c.benefit, c.version,
    c.valid_from, c.valid_to, c.recorded_at, c.recorded_by, c.recorded_as,
    x.recorded_at AS undone_at
 FROM benefit_choice c LEFT JOIN benefit_choice x ON x.about = c.id
 WHERE c.about IS NULL AND ";

async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Choice>> {
    let mut text = store::SqlBuilder::new(CHOICES);
    text.push("c.id = ").bind(id);
    Ok(tx.maybe(text.build()).await?)
}

pub(crate) async fn of(tx: &mut Tx, footing: &Footing) -> Result<Vec<Choice>> {
    let mut text = store::SqlBuilder::new(CHOICES);
    text.push("c.member_id IN ").bind_list(footing.all().map(Uuid::from));
    text.push(" ORDER BY c.recorded_at DESC, c.id DESC");
    Ok(tx.all(text.build()).await?)
}

impl Benefits {
    /// Milestones that are for a member today, those of the year before that can still be chosen at
    /// included, with what was chosen.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`]: no such member, or no rules hold today.
    pub async fn steps(&self, actor: &Actor, member: MemberId) -> Result<Vec<Step>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let (who, now) = ([Who::Id(member)], self.now());
        let found = self.loyalty().footings(&mut tx, &who, self.today(), now).await?;
        let Some(Found::One(footing)) = found.into_iter().next() else {
            return Err(Error::NotFound("member"));
        };
        let made = of(&mut tx, &footing).await?;
        drop(tx);
        let sight = self.sight(footing.id).await?;
        Ok(self.steps_of(&footing, sight.as_ref(), &made))
    }

    /// What counts towards milestones of a member; `None` while no rules hold. Read apart from a
    /// transaction that writes: it takes a connection of its own.
    pub(crate) async fn sight(&self, member: MemberId) -> Result<Option<Sight>> {
        let reader = Actor::system("benefits");
        match self.loyalty().progress(&reader, member, &Outlook::default()).await {
            Ok(sight) => Ok(Some(sight)),
            Err(loyalty::Error::NotFound("version")) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    /// The steps of a member whose choices were read.
    pub(crate) fn steps_of(
        &self,
        footing: &Footing,
        sight: Option<&Sight>,
        made: &[Choice],
    ) -> Vec<Step> {
        let (Some(engine), Some(sight)) = (&footing.rules, sight) else { return Vec::new() };
        let today = self.today();
        let standing = footing.standing_on(engine, today);
        let standing = Standing { lifetime_before: sight.standing.lifetime_before, ..standing };
        let made: Vec<Choice> = made.iter().filter(|it| it.undone_at.is_none()).cloned().collect();
        steps(engine, &standing, sight, today, &made)
    }

    /// Makes a choice at a milestone. Again with the same id and content is [`Done::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Invalid`] naming `milestone` or `benefit`;
    /// [`Error::Refused`] with `benefits-not-reached`, `benefits-all-chosen`, `benefits-choice-again`,
    /// `benefits-id-taken`, or as [`Benefits::record`] about the member.
    pub async fn choose(
        &self,
        actor: &Actor,
        member: MemberId,
        new: &NewChoice,
    ) -> Result<Done<Choice>> {
        actor.may(permissions::CHOOSE)?;
        let today = self.today();
        let sight = self.sight(member).await?;
        let mut tx = self.db().begin().await?;
        let held = self.held(&mut tx, &Who::Id(member), today).await?;
        let footing = &held.footing;
        if let Some(known) = find(&mut tx, new.id).await? {
            let same = footing.all().any(|id| id.uuid() == known.member_id)
                && (known.milestone == new.milestone && known.benefit == new.benefit);
            let done = same.then_some(Done::AlreadyDone(known));
            return done.ok_or(Error::Refused("benefits-id-taken"));
        }
        let made = of(&mut tx, footing).await?;
        let steps = self.steps_of(footing, sight.as_ref(), &made);
        let mut here = steps.iter().filter(|step| step.row.id == *new.milestone.as_str());
        let step = match new.period_from {
            Some(from) => here.find(|step| step.period_from == from),
            None => here.next(),
        };
        let step = step.ok_or(Error::Invalid("milestone", "benefits-milestone"))?;
        if !step.choices.iter().any(|row| row.id == *new.benefit.as_str()) {
            return Err(Error::Invalid("benefit", "benefits-benefit"));
        }
        if !step.milestone.reached {
            return Err(Error::Refused("benefits-not-reached"));
        }
        if step.made.iter().any(|it| it.benefit == new.benefit) {
            return Err(Error::Refused("benefits-choice-again"));
        }
        if step.left == 0 {
            return Err(Error::Refused("benefits-all-chosen"));
        }
        let version = footing.rules.as_ref().map_or(0, |it| it.programme().version);
        let made = Choice {
            id: new.id,
            member_id: footing.id.uuid(),
            milestone: new.milestone.clone(),
            period_from: step.period_from,
            benefit: new.benefit.clone(),
            version: version.into(),
            valid_from: today,
            valid_to: step.holds_to,
            recorded_at: self.now(),
            recorded_by: actor.id,
            recorded_as: recorded_as(actor).to_owned(),
            undone_at: None,
        };
        insert(&mut tx, &made, None).await?;
        let data = json!({"id": new.id, "benefit": new.benefit, "milestone": new.milestone});
        let details =
            Details::new().code("benefit", &new.benefit).code("milestone", &new.milestone);
        let what = (events::CHOSEN, "benefits.chosen");
        self.told(&mut tx, actor, footing.id, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Done::Done(made))
    }

    /// Takes a choice back, so that another can be made. Again is [`Done::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Refused`] `benefits-choice-used`: what was
    /// chosen was used since.
    pub async fn take_choice_back(&self, actor: &Actor, id: Uuid) -> Result<Done<Choice>> {
        actor.may(permissions::CHOOSE)?;
        let mut tx = self.db().begin().await?;
        let known = find(&mut tx, id).await?.ok_or(Error::NotFound("choice"))?;
        let held = self.held(&mut tx, &Who::Id(known.member_id.into()), self.today()).await?;
        let known = find(&mut tx, id).await?.unwrap_or(known);
        if known.undone_at.is_some() {
            return Ok(Done::AlreadyDone(known));
        }
        let mut text = store::SqlBuilder::new(
            "SELECT CAST(COALESCE(SUM(change), 0) AS BIGINT) FROM benefit_use
             WHERE basis = 'chosen' AND benefit = ",
        );
        text.bind(&known.benefit).push(" AND recorded_at >= ").bind(known.recorded_at);
        text.push(" AND member_id IN ");
        text.bind_list(held.footing.all().map(Uuid::from));
        let used: i64 = tx.value(text.build()).await?;
        if used > 0 {
            return Err(Error::Refused("benefits-choice-used"));
        }
        let undo = kernel::ids::v7(self.now());
        let back = Choice {
            id: undo,
            recorded_at: self.now(),
            recorded_by: actor.id,
            recorded_as: recorded_as(actor).to_owned(),
            ..known.clone()
        };
        insert(&mut tx, &back, Some(id)).await?;
        let data = json!({"id": undo, "about": id, "benefit": known.benefit});
        let details = Details::new().code("benefit", &known.benefit).id("choice", id);
        let what = (events::UNCHOSEN, "benefits.choice-undone");
        self.told(&mut tx, actor, held.footing.id, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Done::Done(Choice { undone_at: Some(self.now()), ..known }))
    }
}

async fn insert(tx: &mut Tx, row: &Choice, about: Option<Uuid>) -> Result<()> {
    tx.exec(
        sql("INSERT INTO benefit_choice (id, member_id, milestone, period_from, benefit, version,
                valid_from, valid_to, about, recorded_at, recorded_by, recorded_as)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(row.id)
        .bind(row.member_id)
        .bind(&row.milestone)
        .bind(row.period_from)
        .bind(&row.benefit)
        .bind(row.version)
        .bind(row.valid_from)
        .bind(row.valid_to)
        .bind(about)
        .bind(row.recorded_at)
        .bind(row.recorded_by)
        .bind(&row.recorded_as),
    )
    .await?;
    Ok(())
}
