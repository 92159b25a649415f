//! Claims in SQL.

use std::collections::HashSet;

use access::Actor;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::names::PersonName;
use loyalty::MemberId;
use serde_json::Value;
use sqlx::types::Json;
use store::{Col, SqlBuilder, Tx, sql};
use uuid::Uuid;

use super::{About, By, ClaimId, Judged, State, Verdict};
use crate::{Error, Result};

/// A claim as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Identity.
    pub id: ClaimId,
    /// Of the member's programme.
    pub programme: String,
    /// Whose and when.
    pub by: By,
    /// What it is about.
    pub about: About,
    /// Where it stands.
    pub state: State,
    /// What was found last.
    pub verdict: Verdict,
    /// Values for the verdict's sentence.
    pub detail: Value,
    /// What accrual knows the flight by; empty until one is taken.
    pub segment: String,
    /// What was credited.
    pub miles: Option<i64>,
    /// When judged last.
    pub judged_at: DateTime<Utc>,
    /// When it is looked at again by itself.
    pub due_at: Option<DateTime<Utc>>,
}

/// A step of a claim's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// When.
    pub at: DateTime<Utc>,
    /// The person, if one did it.
    pub actor: Option<Uuid>,
    /// Where it stood then.
    pub state: State,
    /// What was found.
    pub verdict: Verdict,
    /// Values.
    pub detail: Value,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    member_id: Uuid,
    programme: String,
    channel: String,
    made_by: Option<Uuid>,
    claimed_at: DateTime<Utc>,
    carrier: String,
    flight_no: String,
    flight_date: NaiveDate,
    origin: String,
    destination: String,
    booking_class: String,
    ticket: String,
    locator: String,
    seat: String,
    by_pass: bool,
    name_native: String,
    surname: String,
    given: String,
    state: String,
    verdict: String,
    detail: Json<Value>,
    segment: String,
    miles: Option<i64>,
    judged_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Claim {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let name = PersonName {
            native: Some(row.name_native).filter(|text| !text.is_empty()),
            surname: row.surname,
            given: row.given,
        };
        Ok(Self {
            id: row.id.into(),
            programme: row.programme,
            by: By {
                member: row.member_id.into(),
                channel: row.channel.parse()?,
                actor: row.made_by,
                at: row.claimed_at,
            },
            about: About {
                carrier: row.carrier,
                number: row.flight_no,
                date: row.flight_date,
                origin: row.origin,
                destination: row.destination,
                class: row.booking_class,
                ticket: row.ticket,
                locator: row.locator,
                seat: row.seat,
                by_pass: row.by_pass,
                name,
            },
            state: row.state.parse()?,
            verdict: row.verdict.parse()?,
            detail: row.detail.0,
            segment: row.segment,
            miles: row.miles,
            judged_at: row.judged_at,
            due_at: row.due_at,
        })
    }
}

const SELECT: &str = "SELECT id, member_id, programme, channel, made_by, claimed_at, carrier,
    flight_no, flight_date, origin, destination, booking_class, ticket, locator, seat, by_pass,
    name_native, surname, given, state, verdict, detail, segment, miles, judged_at, due_at
    FROM retro_claim";

pub(super) async fn by_id(tx: &mut Tx, id: ClaimId) -> Result<Option<Claim>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push(" WHERE id = ").bind(id.uuid());
    let row: Option<Row> = tx.maybe(query.build()).await?;
    row.map(Claim::try_from).transpose()
}

/// The claim, held until the end of the transaction.
pub(super) async fn lock(tx: &mut Tx, id: ClaimId) -> Result<Claim> {
    tx.exec(sql("UPDATE retro_claim SET state = state WHERE id = $1").bind(id.uuid())).await?;
    by_id(tx, id).await?.ok_or(Error::NotFound("claim"))
}

/// The member's claim of the same flight that is under way or was credited.
pub(super) async fn same(tx: &mut Tx, member: MemberId, about: &About) -> Result<Option<Claim>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push(" WHERE member_id = ").bind(member.uuid());
    query.push(" AND carrier = ").bind(&about.carrier).push(" AND flight_no = ");
    query.bind(&about.number).push(" AND flight_date = ").bind(about.date);
    query.push(" AND origin = ").bind(&about.origin);
    query.push(" AND state IN ('waiting', 'review', 'accepted', 'credited') LIMIT 1");
    let row: Option<Row> = tx.maybe(query.build()).await?;
    row.map(Claim::try_from).transpose()
}

pub(super) async fn of_member(tx: &mut Tx, member: MemberId, n: i64) -> Result<Vec<Claim>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push(" WHERE member_id = ").bind(member.uuid());
    query.push(" ORDER BY claimed_at DESC, id DESC LIMIT ").bind(n);
    let rows: Vec<Row> = tx.all(query.build()).await?;
    rows.into_iter().map(Claim::try_from).collect()
}

/// Claims whose time has come, those longest due first.
pub(super) async fn due(tx: &mut Tx, now: DateTime<Utc>, n: i64) -> Result<Vec<ClaimId>> {
    let ids: Vec<Uuid> = tx
        .values(
            sql("SELECT id FROM retro_claim WHERE due_at IS NOT NULL AND due_at <= $1
                 ORDER BY due_at, id LIMIT $2")
            .bind(now)
            .bind(n),
        )
        .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Open claims of a member: waiting or with a person.
pub(super) async fn open(tx: &mut Tx, member: MemberId) -> Result<i64> {
    Ok(tx
        .value(
            sql("SELECT CAST(COUNT(*) AS BIGINT) FROM retro_claim
                 WHERE member_id = $1 AND state IN ('waiting', 'review')")
            .bind(member.uuid()),
        )
        .await?)
}

/// Whether a claim took this flight.
pub(super) async fn taken(tx: &mut Tx, segment: &str) -> Result<Option<MemberId>> {
    let found: Option<Uuid> = tx
        .value_maybe(
            sql("SELECT member_id FROM retro_claim
                 WHERE segment = $1 AND segment <> '' AND state IN ('accepted', 'credited')")
            .bind(segment),
        )
        .await?;
    Ok(found.map(Into::into))
}

/// Which of these flights claims of other members took.
pub(super) async fn taken_by_others(
    tx: &mut Tx,
    segments: &[String],
    member: MemberId,
) -> Result<HashSet<String>> {
    let found: Vec<(String,)> = tx
        .with_rows_all(
            &[Col::text("word"), Col::uuid("member")],
            segments.iter().map(|key| vec![key.into(), member.uuid().into()]).collect(),
            "SELECT r.segment FROM input JOIN retro_claim r ON r.segment = input.word
             WHERE r.segment <> '' AND r.state IN ('accepted', 'credited')
                AND r.member_id <> input.member",
        )
        .await?;
    Ok(found.into_iter().map(|(segment,)| segment).collect())
}

pub(super) async fn insert(tx: &mut Tx, claim: &Claim) -> Result<()> {
    let (about, by) = (&claim.about, claim.by);
    tx.exec(
        sql("INSERT INTO retro_claim (id, member_id, programme, channel, made_by, claimed_at,
                carrier, flight_no, flight_date, origin, destination, booking_class, ticket,
                locator, seat, by_pass, name_native, surname, given, state, verdict, detail,
                segment, miles, judged_at, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $19, $20, $21, $22, $23, $24, $25, $26)")
        .bind(claim.id.uuid())
        .bind(by.member.uuid())
        .bind(&claim.programme)
        .bind(by.channel.as_str())
        .bind(by.actor)
        .bind(by.at)
        .bind(&about.carrier)
        .bind(&about.number)
        .bind(about.date)
        .bind(&about.origin)
        .bind(&about.destination)
        .bind(&about.class)
        .bind(&about.ticket)
        .bind(&about.locator)
        .bind(&about.seat)
        .bind(about.by_pass)
        .bind(about.name.native.clone().unwrap_or_default())
        .bind(&about.name.surname)
        .bind(&about.name.given)
        .bind(claim.state.as_str())
        .bind(claim.verdict.as_str())
        .bind(claim.detail.clone())
        .bind(&claim.segment)
        .bind(claim.miles)
        .bind(claim.judged_at)
        .bind(claim.due_at),
    )
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, claim: &Claim) -> Result<()> {
    tx.exec(
        sql("UPDATE retro_claim SET state = $2, verdict = $3, detail = $4, segment = $5,
                miles = $6, judged_at = $7, due_at = $8 WHERE id = $1")
        .bind(claim.id.uuid())
        .bind(claim.state.as_str())
        .bind(claim.verdict.as_str())
        .bind(claim.detail.clone())
        .bind(&claim.segment)
        .bind(claim.miles)
        .bind(claim.judged_at)
        .bind(claim.due_at),
    )
    .await?;
    Ok(())
}

/// Adds a step to the history.
pub(super) async fn note(tx: &mut Tx, claim: &Claim, actor: &Actor) -> Result<()> {
    let person = (actor.kind != access::ActorKind::System).then_some(actor.id);
    tx.exec(
        sql(
            "INSERT INTO retro_claim_event (id, claim_id, at, actor_kind, actor_id, state, verdict,
                detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(kernel::ids::v7(claim.judged_at))
        .bind(claim.id.uuid())
        .bind(claim.judged_at)
        .bind(actor.kind.as_str())
        .bind(person)
        .bind(claim.state.as_str())
        .bind(claim.verdict.as_str())
        .bind(claim.detail.clone()),
    )
    .await?;
    Ok(())
}

pub(super) async fn history(tx: &mut Tx, id: ClaimId) -> Result<Vec<Happened>> {
    type Step = (DateTime<Utc>, Option<Uuid>, String, String, Json<Value>);
    let rows: Vec<Step> = tx
        .all(
            sql("SELECT at, actor_id, state, verdict, detail FROM retro_claim_event
                 WHERE claim_id = $1 ORDER BY at, id")
            .bind(id.uuid()),
        )
        .await?;
    let read = |(at, actor, state, verdict, detail): Step| {
        let (state, verdict) = (state.parse()?, verdict.parse()?);
        Ok(Happened { at, actor, state, verdict, detail: detail.0 })
    };
    rows.into_iter().map(read).collect()
}

impl Claim {
    /// Takes a verdict over.
    pub(super) fn judged(&mut self, judged: &Judged, now: DateTime<Utc>) {
        self.state = judged.state;
        self.verdict = judged.verdict;
        self.detail = judged.detail.clone();
        self.judged_at = now;
        self.due_at = match judged.state {
            State::Waiting => Some((now + super::LOOKS).min(self.by.at + super::WAITS)),
            State::Accepted => Some(now),
            _ => None,
        };
    }
}
