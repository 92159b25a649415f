//! Members whom a feed brought: customers with a member number become members with that number.

use access::{Actor, Details, Target};
use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};
use customers::CustomerId;
use programme::Engine;
use serde_json::json;
use store::jobs::New;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::enrol::kind_on;
use super::{Medium, MemberKind, NewTier};
use crate::ledger::NEVER;
use crate::{ADOPT_JOB, Loyalty, MemberId, Result, events, permissions};

/// Customers in one transaction.
const CHUNK: i64 = 2_000;
/// A tier that was brought along is kept to the end of this month from now.
const TIER_MONTHS: u32 = 12;

/// What became of the customers that have a member number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Adopted {
    /// Customers looked at.
    pub looked: u64,
    /// Members made.
    pub members: u64,
    /// Of these, those that keep a tier they came with.
    pub with_tier: u64,
    /// Children: enrolled by hand, with a guardian.
    pub children: u64,
    /// Numbers whose check digit is wrong.
    pub bad_numbers: u64,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Uuid,
    member_no: String,
    tier: String,
    joined_on: NaiveDate,
    birth_date: Option<NaiveDate>,
    record_id: Option<Uuid>,
}

impl Adopted {
    /// Both together.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self {
            looked: self.looked + more.looked,
            members: self.members + more.members,
            with_tier: self.with_tier + more.with_tier,
            children: self.children + more.children,
            bad_numbers: self.bad_numbers + more.bad_numbers,
        }
    }
}

impl Loyalty {
    /// Has members of `programme` made, in the background, of all customers who have a number and no
    /// membership in it. They keep number, day of joining and, for a year, the tier they came with.
    /// Returns the job; asked again while it runs, the same.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when no version of its rules holds today.
    pub async fn start_adoption(&self, actor: &Actor, programme: &str) -> Result<Uuid> {
        actor.may(permissions::ENROL)?;
        actor.may(permissions::PROGRAMME)?;
        let _ = self.programme_on(programme, self.today()).await?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let args = json!({"programme": programme});
        let key = format!("{ADOPT_JOB}:{programme}");
        let job = New::now(ADOPT_JOB, args, now).key(&key).owner(actor.id);
        let id = store::jobs::enqueue(&mut tx, job, now).await?;
        let details = Details::new().code("programme", programme);
        let target = Target::none();
        self.access().record(&mut tx, actor, "loyalty.adoption-started", &target, details).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(id)
    }

    /// One page of them, after a number; `None` when nobody is left. Killed between pages, asking
    /// again does the rest.
    ///
    /// # Errors
    /// [`Error::NotFound`] when no version of the rules holds today; when the database fails.
    pub async fn adopt_page(
        &self,
        programme: &str,
        after: &str,
    ) -> Result<Option<(Adopted, String)>> {
        let engine = self.programme_on(programme, self.today()).await?;
        let mut tx = self.db().begin().await?;
        let found = found(&mut tx, programme, after).await?;
        let Some(last) = found.last().map(|one| one.member_no.clone()) else { return Ok(None) };
        let done = self.adopt(&mut tx, &engine, programme, found).await?;
        tx.commit().await?;
        Ok(Some((done, last)))
    }

    async fn adopt(
        &self,
        tx: &mut Tx,
        engine: &Engine,
        programme: &str,
        found: Vec<Found>,
    ) -> Result<Adopted> {
        let looked = found.len() as u64;
        let (mut done, mut rows, mut tiers) =
            (Adopted { looked, ..Adopted::default() }, Vec::new(), Vec::new());
        let (mut ids, mut whose) = (Vec::new(), Vec::new());
        for one in found {
            if !kernel::member_no::is_valid(&one.member_no) {
                done.bad_numbers += 1;
                continue;
            }
            let kind = one.birth_date.map(|born| kind_on(born, self.today()));
            if kind.is_some_and(|kind| !matches!(kind, Ok((MemberKind::Ordinary, _)))) {
                done.children += 1;
                continue;
            }
            let id = MemberId::new(self.now());
            if let Some(tier) = self.brought(engine, &one.tier, id) {
                tiers.push(tier);
            }
            whose.push(CustomerId::from(one.id));
            rows.push(self.row(id, programme, one));
            ids.push(id);
        }
        done.members = ids.len() as u64;
        done.with_tier = tiers.len() as u64;
        if ids.is_empty() {
            return Ok(done);
        }
        tx.bulk("loyalty_member", COLUMNS, rows, "").await?;
        self.ledger().open_members(tx, &ids, programme).await?;
        let card = |id: &MemberId| -> Vec<Value> {
            let medium = Medium::Digital.as_str();
            vec![id.uuid().into(), 1_i64.into(), medium.into(), self.now().into()]
        };
        let cards = ids.iter().map(card).collect();
        let columns =
            [Col::uuid("member_id"), Col::i64("seq"), Col::text("medium"), Col::time("issued_at")];
        tx.bulk("loyalty_card", &columns, cards, "").await?;
        self.put_tiers(tx, &tiers).await?;
        // What they flew before counts from today on; it decides nothing about days that have passed.
        let yesterday = self.today().pred_opt().unwrap_or_default();
        let decided = ids.iter().map(|id| vec![id.uuid().into(), yesterday.into()]).collect();
        let columns = [Col::uuid("member_id"), Col::date("evaluated_to")];
        tx.bulk("loyalty_evaluation", &columns, decided, "").await?;
        events::adopted(tx, self.now(), programme, &ids).await?;
        self.mark_due(tx, &whose).await?;
        Ok(done)
    }

    /// The tier somebody came with, where the programme has it.
    fn brought(&self, engine: &Engine, tier: &str, member: MemberId) -> Option<NewTier> {
        let tiers = &engine.programme().tiers;
        let same = |code: &str, lifetime: bool| {
            code.eq_ignore_ascii_case(tier) || (lifetime && tier == "lifetime-platinum")
        };
        let rank = tiers.iter().position(|of| same(of.code.as_str(), of.lifetime));
        let rank = rank.filter(|rank| *rank > 0)?;
        let held = tiers.get(rank)?;
        let today = self.today();
        let months = Months::new(TIER_MONTHS + 1);
        let next = today.with_day(1).and_then(|first| first.checked_add_months(months));
        Some(NewTier {
            member,
            tier: held.code.as_str().to_owned(),
            rank: i64::try_from(rank).unwrap_or(0),
            valid_from: today,
            valid_to: match held.lifetime {
                true => NEVER,
                false => next.and_then(|day| day.pred_opt()).unwrap_or(today),
            },
            reason: "adopted".to_owned(),
            detail: json!({}),
        })
    }

    fn row(&self, id: MemberId, programme: &str, found: Found) -> Vec<Value> {
        let known = found.joined_on > NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
        let joined: DateTime<Utc> = if known { self.midnight(found.joined_on) } else { self.now() };
        vec![
            id.uuid().into(),
            programme.into(),
            found.member_no.into(),
            found.record_id.into(),
            found.id.into(),
            MemberKind::Ordinary.as_str().into(),
            "open".into(),
            joined.min(self.now()).into(),
        ]
    }
}

const COLUMNS: &[Col] = &[
    Col::uuid("id"),
    Col::text("programme"),
    Col::text("member_no"),
    Col::uuid("record_id"),
    Col::uuid("customer_id"),
    Col::text("kind"),
    Col::text("state"),
    Col::time("enrolled_at"),
];

/// Customers with a number and no membership, in the order of their numbers. The record is the one
/// that has been theirs the longest.
async fn found(tx: &mut Tx, programme: &str, after: &str) -> Result<Vec<Found>> {
    Ok(tx
        .all(
            sql("SELECT c.id, c.member_no, c.tier, c.joined_on, c.birth_date,
                    (SELECT l.record_id FROM record_owner l WHERE l.customer_id = c.id
                     ORDER BY l.linked_at, l.record_id LIMIT 1) AS record_id
                 FROM customer c
                 WHERE c.member_no > $2 AND c.trashed_at IS NULL AND c.cancelled_on IS NULL
                    AND NOT EXISTS (SELECT 1 FROM loyalty_member m WHERE m.programme = $1
                        AND (m.member_no = c.member_no
                            OR (m.customer_id = c.id AND m.merged_into IS NULL)))
                 ORDER BY c.member_no LIMIT $3")
            .bind(programme)
            .bind(after)
            .bind(CHUNK),
        )
        .await?)
}
