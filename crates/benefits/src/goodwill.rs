//! Goodwill: more of a benefit, or one the tier does not have, by hand, for a reason, until a day.

use access::{Actor, Details};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Outcome as Done;
use kernel::dates::add_months;
use loyalty::MemberId;
use loyalty::members::{Footing, Who};
use programme::document::Row as _;
use serde_json::json;
use store::{Tx, sql};
use uuid::Uuid;

use crate::{Benefits, Error, Result, events, fits, permissions};

/// Why it may be granted.
pub const REASONS: &[&str] = &["disruption", "complaint", "loyalty", "family-event", "mistake"];

/// Most of one grant.
const MOST: u32 = 20;
/// Longest, in months.
const LONGEST: i32 = 24;

/// Goodwill to be granted.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// The caller's.
    pub id: Uuid,
    /// Row of the catalogue.
    pub benefit: String,
    /// How many; 1 to 20.
    pub count: u32,
    /// Last day; within two years.
    pub valid_to: NaiveDate,
    /// One of [`REASONS`].
    pub reason: String,
    /// In the words of whoever granted it. No person's name.
    pub note: String,
}

/// Goodwill as kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Grant {
    /// Identity.
    pub id: Uuid,
    /// Whose.
    pub member_id: Uuid,
    /// Row of the catalogue.
    pub benefit: String,
    /// How many.
    pub count: i64,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// Code.
    pub reason: String,
    /// Why.
    pub note: String,
    /// When it was granted.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: Uuid,
    /// When it was ended before its day.
    pub ended_at: Option<DateTime<Utc>>,
    /// How many were used.
    pub used: i64,
}

const GRANTS: &str =
    "SELECT g.id, g.member_id, g.benefit, g.count, g.valid_from, g.valid_to, g.reason,
    g.note, g.recorded_at, g.recorded_by, x.recorded_at AS ended_at,
    COALESCE((SELECT CAST(SUM(u.change) AS BIGINT) FROM benefit_use u WHERE u.grant_id = g.id), 0)
        AS used
 FROM benefit_grant g LEFT JOIN benefit_grant x ON x.about = g.id
 WHERE g.about IS NULL AND ";

async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Grant>> {
    let mut text = store::SqlBuilder::new(GRANTS);
    text.push("g.id = ").bind(id);
    Ok(tx.maybe(text.build()).await?)
}

pub(crate) async fn of(tx: &mut Tx, footing: &Footing) -> Result<Vec<Grant>> {
    let mut text = store::SqlBuilder::new(GRANTS);
    text.push("g.member_id IN ").bind_list(footing.all().map(Uuid::from));
    text.push(" ORDER BY g.recorded_at DESC, g.id DESC");
    Ok(tx.all(text.build()).await?)
}

impl Benefits {
    /// Grants goodwill. Again with the same id and content is [`Done::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Invalid`] naming the field;
    /// [`Error::Refused`] as [`Benefits::record`] about the member, or `benefits-id-taken`.
    pub async fn grant(
        &self,
        actor: &Actor,
        member: MemberId,
        new: &NewGrant,
    ) -> Result<Done<Grant>> {
        actor.may(permissions::GRANT)?;
        let today = self.today();
        check(new, today)?;
        let mut tx = self.db().begin().await?;
        let held = self.held(&mut tx, &Who::Id(member), today).await?;
        let footing = &held.footing;
        if let Some(known) = find(&mut tx, new.id).await? {
            let same = footing.all().any(|id| id.uuid() == known.member_id)
                && known.benefit == new.benefit
                && known.count == i64::from(new.count)
                && known.valid_to == new.valid_to;
            let done = same.then_some(Done::AlreadyDone(known));
            return done.ok_or(Error::Refused("benefits-id-taken"));
        }
        let engine = footing.rules.as_ref().ok_or(Error::Refused("benefits-no-rules"))?;
        let mut rows = engine.programme().benefits.catalogue.iter();
        if !rows.any(|row| row.id == *new.benefit.as_str() && row.span().contains(today)) {
            return Err(Error::Invalid("benefit", "benefits-benefit"));
        }
        let made = Grant {
            id: new.id,
            member_id: footing.id.uuid(),
            benefit: new.benefit.clone(),
            count: new.count.into(),
            valid_from: today,
            valid_to: new.valid_to,
            reason: new.reason.clone(),
            note: new.note.trim().to_owned(),
            recorded_at: self.now(),
            recorded_by: actor.id,
            ended_at: None,
            used: 0,
        };
        insert(&mut tx, &made, None).await?;
        let data = json!({"id": new.id, "benefit": new.benefit, "count": new.count,
            "valid_to": new.valid_to, "reason": new.reason});
        let details = Details::new()
            .code("benefit", &new.benefit)
            .count("count", new.count.into())
            .code("reason", &new.reason);
        let what = (events::GRANTED, "benefits.granted");
        self.told(&mut tx, actor, footing.id, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Done::Done(made))
    }

    /// Ends goodwill: what was used of it stays used. Again is [`Done::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn end_grant(&self, actor: &Actor, id: Uuid) -> Result<Done<Grant>> {
        actor.may(permissions::GRANT)?;
        let mut tx = self.db().begin().await?;
        let known = find(&mut tx, id).await?.ok_or(Error::NotFound("grant"))?;
        Self::hold(&mut tx, known.member_id.into()).await?;
        let known = find(&mut tx, id).await?.unwrap_or(known);
        if known.ended_at.is_some() {
            return Ok(Done::AlreadyDone(known));
        }
        let undo = kernel::ids::v7(self.now());
        let end = Grant {
            id: undo,
            note: String::new(),
            recorded_at: self.now(),
            recorded_by: actor.id,
            ..known.clone()
        };
        insert(&mut tx, &end, Some(id)).await?;
        let data = json!({"id": undo, "about": id, "benefit": known.benefit});
        let details = Details::new().code("benefit", &known.benefit).id("grant", id);
        let what = (events::ENDED, "benefits.grant-ended");
        self.told(&mut tx, actor, known.member_id.into(), what, (details, data)).await?;
        tx.commit().await?;
        Ok(Done::Done(Grant { ended_at: Some(self.now()), ..known }))
    }
}

fn check(new: &NewGrant, today: NaiveDate) -> Result<()> {
    if !(1..=MOST).contains(&new.count) {
        return Err(Error::Invalid("count", "benefits-grant-count"));
    }
    if new.valid_to < today || new.valid_to > add_months(today, LONGEST) {
        return Err(Error::Invalid("valid_to", "benefits-valid-to"));
    }
    if !REASONS.contains(&new.reason.as_str()) {
        return Err(Error::Invalid("reason", "benefits-reason"));
    }
    if !fits(&new.note, 500) {
        return Err(Error::Invalid("note", "benefits-text"));
    }
    Ok(())
}

async fn insert(tx: &mut Tx, row: &Grant, about: Option<Uuid>) -> Result<()> {
    tx.exec(
        sql("INSERT INTO benefit_grant (id, member_id, benefit, count, valid_from, valid_to, reason,
                note, about, recorded_at, recorded_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(row.id)
        .bind(row.member_id)
        .bind(&row.benefit)
        .bind(row.count)
        .bind(row.valid_from)
        .bind(row.valid_to)
        .bind(&row.reason)
        .bind(&row.note)
        .bind(about)
        .bind(row.recorded_at)
        .bind(row.recorded_by),
    )
    .await?;
    Ok(())
}
