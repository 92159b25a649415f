//! Uses as they are kept and read.

use access::Actor;
use chrono::{DateTime, NaiveDate, Utc};
use loyalty::MemberId;
use loyalty::members::{Found, Who};
use store::{Tx, sql};
use uuid::Uuid;

use crate::{Benefits, Error, Result, permissions};

/// A use as kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Use {
    /// Identity.
    pub id: Uuid,
    /// The membership it counts for.
    pub member_id: Uuid,
    /// Row of the catalogue.
    pub benefit: String,
    /// Of the rules it was checked by.
    pub version: i64,
    /// How many.
    pub change: i64,
    /// People who came along.
    pub companions: i64,
    /// tier, chosen or goodwill
    pub basis: String,
    /// Day of the flight, or of the use.
    pub used_on: NaiveDate,
    /// `JB831/2026-12-01/PVG`; empty without a flight.
    pub flight: String,
    /// Where.
    pub place: String,
    /// Why.
    pub note: String,
    /// When it was taken down.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: Uuid,
    /// staff, api-key, member or system
    pub recorded_as: String,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// By whom.
    pub undone_by: Option<Uuid>,
}

const USES: &str =
    "SELECT u.id, u.member_id, u.benefit, u.version, u.change, u.companions, u.basis,
    u.used_on, u.flight, u.place, u.note, u.recorded_at, u.recorded_by, u.recorded_as,
    x.recorded_at AS undone_at, x.recorded_by AS undone_by
 FROM benefit_use u LEFT JOIN benefit_use x ON x.about = u.id
 WHERE u.about IS NULL AND ";

pub(crate) async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Use>> {
    let mut text = store::SqlBuilder::new(USES);
    text.push("u.id = ").bind(id);
    Ok(tx.maybe(text.build()).await?)
}

/// Uses of a member on a flight that stand.
pub(crate) async fn on_flight(tx: &mut Tx, member: MemberId, flight: &str) -> Result<Vec<Use>> {
    let mut text = store::SqlBuilder::new(USES);
    text.push("x.id IS NULL AND u.member_id = ").bind(member.uuid());
    text.push(" AND u.flight = ").bind(flight).push(" ORDER BY u.recorded_at, u.id");
    Ok(tx.all(text.build()).await?)
}

pub(crate) async fn insert(
    tx: &mut Tx,
    row: &Use,
    (counted, grant): (bool, Option<Uuid>),
    about: Option<Uuid>,
) -> Result<()> {
    tx.exec(
        sql("INSERT INTO benefit_use (id, member_id, benefit, version, change, companions,
                is_counted, basis, grant_id, used_on, flight, place, note, about, recorded_at,
                recorded_by, recorded_as)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)")
        .bind(row.id)
        .bind(row.member_id)
        .bind(&row.benefit)
        .bind(row.version)
        .bind(row.change)
        .bind(row.companions)
        .bind(counted)
        .bind(&row.basis)
        .bind(grant)
        .bind(row.used_on)
        .bind(&row.flight)
        .bind(&row.place)
        .bind(&row.note)
        .bind(about)
        .bind(row.recorded_at)
        .bind(row.recorded_by)
        .bind(&row.recorded_as),
    )
    .await?;
    Ok(())
}

impl Benefits {
    /// Uses of a member and of memberships merged into it, latest recorded first, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn uses(&self, actor: &Actor, member: MemberId, limit: i64) -> Result<Vec<Use>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let now = self.now();
        let found = self.loyalty().footings(&mut tx, &[Who::Id(member)], self.today(), now).await?;
        let Some(Found::One(footing)) = found.into_iter().next() else {
            return Err(Error::NotFound("member"));
        };
        let mut text = store::SqlBuilder::new(USES);
        text.push("u.member_id IN ").bind_list(footing.all().map(Uuid::from));
        text.push(" ORDER BY u.recorded_at DESC, u.id DESC LIMIT ").bind(limit);
        Ok(tx.all(text.build()).await?)
    }
}
