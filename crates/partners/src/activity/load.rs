//! What a piece of a file touches, read in a few statements whatever its length.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use customers::CustomerId;
use kernel::names::PersonName;
use loyalty::MemberId;
use loyalty::ledger::{AccountId, TransferId};
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::format::{Action, Activity, Row};
use crate::agreements::{Kind, Partner, PartnerId};
use crate::{Partners, Result};

/// Somebody whose number is in the file.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub id: MemberId,
    pub account: AccountId,
    pub customer: Option<CustomerId>,
    pub name: PersonName,
    pub forgotten: bool,
    pub joined_on: NaiveDate,
    pub rank: u8,
}

/// A posted row.
#[derive(Clone, Debug)]
pub(super) struct Posted {
    pub transfer: TransferId,
    pub action: Action,
    pub kind: Kind,
    pub member_no: String,
    pub miles: i64,
    pub price_minor: i64,
    /// What it frees when it is taken back.
    pub same_key: String,
}

/// A reversal that came before what it takes back.
#[derive(Clone, Debug)]
pub(super) struct Early {
    pub id: Uuid,
    pub file: Uuid,
    pub batch: String,
    pub row: i64,
    pub member_no: String,
    pub miles: i64,
}

/// All of it.
#[derive(Default)]
pub(super) struct Known {
    pub members: HashMap<String, Who>,
    /// Posted rows by reference.
    pub posted: HashMap<String, Posted>,
    /// Keys whose miles stand.
    pub live: HashSet<String>,
    /// References that are taken back, or will be when they come.
    pub undone: HashSet<String>,
    /// By the reference they wait for.
    pub early: HashMap<String, Early>,
    /// Flights that our own records credit, as [`Activity::same_key`] without ticket.
    pub flown: HashSet<String>,
    /// References and keys that rows planned so far ask about: what comes of them is not known
    /// before the ledger has answered.
    pub asked: HashSet<String>,
}

const TEXT: &[Col] = &[Col::text("word")];

fn words<'a>(of: impl Iterator<Item = &'a str>) -> Vec<Vec<Value>> {
    let mut all: Vec<&str> = of.filter(|word| !word.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|word| vec![word.into()]).collect()
}

type MemberRow = (String, Uuid, Option<Uuid>, DateTime<Utc>, Option<DateTime<Utc>>, Uuid, i64);
type PostedRow = (String, Uuid, String, String, String, i64, i64, String);
type EarlyRow = (String, Uuid, Uuid, String, i64, String, i64);

impl Partners {
    /// Reads what `rows` of a file of `partner` touch.
    pub(super) async fn known(
        &self,
        tx: &mut Tx,
        partner: &Partner,
        rows: &[Row],
    ) -> Result<Known> {
        let asked: Vec<&Activity> =
            rows.iter().filter_map(|row| row.activity.as_ref().ok()).collect();
        let mut known = Known::default();
        if asked.is_empty() {
            return Ok(known);
        }
        known.members = self.members_by_no(tx, partner, &asked).await?;
        let both = asked.iter().flat_map(|one| [one.reference.as_str(), one.original.as_str()]);
        known.posted = posted(tx, partner.id, words(both)).await?;
        let keys: Vec<String> = asked.iter().map(|one| one.same_key()).collect();
        let live: Vec<(String,)> = tx
            .with_rows_all(
                OF,
                of(partner.id, words(keys.iter().map(String::as_str))),
                "SELECT a.same_key FROM input JOIN partner_activity a ON a.same_key = input.word
                 WHERE a.is_live AND a.partner_id = input.partner",
            )
            .await?;
        known.live = live.into_iter().map(|(key,)| key).collect();
        let originals = words(asked.iter().map(|one| one.original.as_str()));
        if !originals.is_empty() {
            let found: Vec<(String,)> = tx
                .with_rows_all(
                    OF,
                    of(partner.id, originals),
                    "SELECT a.original FROM input
                     JOIN partner_activity a ON a.original = input.word
                     WHERE a.original <> '' AND a.outcome IN ('posted', 'waiting')
                        AND a.partner_id = input.partner",
                )
                .await?;
            known.undone = found.into_iter().map(|(reference,)| reference).collect();
        }
        known.early = early(tx, partner.id, &asked).await?;
        known.flown = self.flown(tx, &asked, &known.members).await?;
        Ok(known)
    }

    async fn members_by_no(
        &self,
        tx: &mut Tx,
        partner: &Partner,
        asked: &[&Activity],
    ) -> Result<HashMap<String, Who>> {
        let rows = words(asked.iter().map(|one| one.member_no.as_str()))
            .into_iter()
            .map(|mut row| {
                row.push((&partner.programme).into());
                row
            })
            .collect();
        let found: Vec<MemberRow> = tx
            .with_rows_all(
                &[Col::text("word"), Col::text("programme")],
                rows,
                "SELECT m.member_no, m.id, m.customer_id, m.enrolled_at, m.forgotten_at, a.id,
                    COALESCE(n.rank, 0)
                 FROM input
                 JOIN loyalty_member m
                   ON m.programme = input.programme AND m.member_no = input.word
                 JOIN ledger_account a ON a.owner_id = m.id AND a.programme = m.programme
                    AND a.unit = 'miles'
                 LEFT JOIN loyalty_tier_now n ON n.member_id = m.id",
            )
            .await?;
        let customers: Vec<CustomerId> =
            found.iter().filter_map(|row| row.2).map(Into::into).collect();
        let names = self.customers().names(tx, &customers).await?;
        let who = |(no, id, customer, joined, forgotten, account, rank): MemberRow| {
            let customer = customer.map(CustomerId::from);
            let who = Who {
                id: id.into(),
                account: account.into(),
                customer,
                name: customer.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
                forgotten: forgotten.is_some(),
                joined_on: self.day_of(joined),
                rank: u8::try_from(rank).unwrap_or(0),
            };
            (no, who)
        };
        Ok(found.into_iter().map(who).collect())
    }

    /// Flights of these members that our own records credit.
    async fn flown(
        &self,
        tx: &mut Tx,
        asked: &[&Activity],
        members: &HashMap<String, Who>,
    ) -> Result<HashSet<String>> {
        let flying = asked.iter().filter(|one| one.flown.is_some());
        let whose: HashMap<CustomerId, &str> = flying
            .filter_map(|one| {
                Some((members.get(&one.member_no)?.customer?, one.member_no.as_str()))
            })
            .collect();
        if whose.is_empty() {
            return Ok(HashSet::new());
        }
        let ids: Vec<CustomerId> = whose.keys().copied().collect();
        let counted = self.flights().counted(tx, &ids).await?;
        let mut by_key: HashMap<String, Vec<String>> = HashMap::new();
        for (customer, segments) in &counted {
            let Some(no) = whose.get(customer) else { continue };
            for segment in segments {
                let Some(flight) = crate::claims::flight_of(segment) else { continue };
                let key = loyalty::earning::key(&segment.source, &segment.source_key);
                let place = |of: &Option<String>| of.clone().unwrap_or_default();
                let (from, to) = (place(&segment.origin), place(&segment.destination));
                let (date, (carrier, number)) = (segment.flight_date, flight);
                let same = format!("f:{no}:{carrier}{number}:{date}:{from}:{to}");
                by_key.entry(key).or_default().push(same);
            }
        }
        let earned: Vec<(String,)> = tx
            .with_rows_all(
                TEXT,
                words(by_key.keys().map(String::as_str)),
                "SELECT a.key FROM input JOIN loyalty_accrual a ON a.key = input.word
                 WHERE a.state = 'earned'",
            )
            .await?;
        Ok(earned.into_iter().filter_map(|(key,)| by_key.remove(&key)).flatten().collect())
    }
}

const OF: &[Col] = &[Col::text("word"), Col::uuid("partner")];

/// Words beside the partner they are of.
fn of(partner: PartnerId, rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let add = |mut row: Vec<Value>| {
        row.push(partner.uuid().into());
        row
    };
    rows.into_iter().map(add).collect()
}

async fn posted(
    tx: &mut Tx,
    partner: PartnerId,
    rows: Vec<Vec<Value>>,
) -> Result<HashMap<String, Posted>> {
    let found: Vec<PostedRow> = tx
        .with_rows_all(
            OF,
            of(partner, rows),
            "SELECT a.reference, a.transfer_id, a.action, a.kind, a.member_no, a.miles,
                a.price_minor, a.same_key
             FROM input JOIN partner_activity a ON a.reference = input.word
             WHERE a.outcome = 'posted' AND a.transfer_id IS NOT NULL
                AND a.partner_id = input.partner",
        )
        .await?;
    let mut all = HashMap::new();
    for (reference, transfer, action, kind, member_no, miles, price_minor, same_key) in found {
        let (action, kind) = (action.parse()?, kind.parse()?);
        let transfer = transfer.into();
        all.insert(
            reference,
            Posted { transfer, action, kind, member_no, miles, price_minor, same_key },
        );
    }
    Ok(all)
}

async fn early(
    tx: &mut Tx,
    partner: PartnerId,
    asked: &[&Activity],
) -> Result<HashMap<String, Early>> {
    let found: Vec<EarlyRow> = tx
        .with_rows_all(
            OF,
            of(partner, words(asked.iter().map(|one| one.reference.as_str()))),
            "SELECT a.original, a.id, a.file_id, f.batch, a.row_no, a.member_no, a.miles
             FROM input JOIN partner_activity a ON a.original = input.word
             JOIN partner_file f ON f.id = a.file_id
             WHERE a.original <> '' AND a.outcome = 'waiting'
                AND a.partner_id = input.partner",
        )
        .await?;
    let early = found.into_iter().map(|(original, id, file, batch, row, member_no, miles)| {
        (original, Early { id, file, batch, row, member_no, miles })
    });
    Ok(early.collect())
}
