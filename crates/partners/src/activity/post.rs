//! One piece of a file: read, decided, asked of the ledger, and written with the place in the file,
//! in one transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use loyalty::ledger::{Outcome, Transfer, TransferId};
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::RowOutcome;
use super::decide::{Bench, Plan, row_id};
use super::fault::Reject;
use super::files::{FileId, PartnerFile, Status, file_by_id};
use super::format::{Action, Row};
use super::load::{Early, Known};
use super::read::piece;
use crate::agreements::{Kind, lock};
use crate::{Error, Partners, Result};

/// Rows in one transaction.
const PIECE: usize = 500;

/// What became of a row.
struct Done<'r> {
    row: &'r Row,
    outcome: RowOutcome,
    code: &'static str,
    expected: Option<i64>,
    /// Of what was posted: the transfer, its price, and what a reversal takes back.
    posted: Option<(TransferId, i64, Option<Action>)>,
}

/// A reversal that waited in this or another file and is carried out now.
struct Late {
    id: Uuid,
    file: Uuid,
    original: String,
    transfer: TransferId,
    kind: Kind,
    price_minor: i64,
    undoes: Action,
    miles: i64,
    reject: Option<Reject>,
}

impl Partners {
    /// Posts the next piece of a file; whether there is more.
    pub(super) async fn post_piece(&self, id: FileId) -> Result<(PartnerFile, bool)> {
        let known = file_by_id(&mut self.db().read().await?, id).await?;
        let partner = known.ok_or(Error::NotFound("file"))?.partner;
        let programme = {
            let mut tx = self.db().read().await?;
            crate::agreements::by_id(&mut tx, partner).await?.ok_or(Error::NotFound("partner"))?
        };
        let engine = self.loyalty().programme_on(&programme.programme, self.today()).await;
        let engine = engine.map_err(|_| Error::Refused("partners-no-rules"))?;
        let mut tx = self.db().begin().await?;
        let partner = lock(&mut tx, partner).await?;
        let file = file_by_id(&mut tx, id).await?.ok_or(Error::NotFound("file"))?;
        if file.status != Status::Posting {
            return Ok((file, false));
        }
        let at: i64 =
            tx.value(sql("SELECT at_byte FROM partner_file WHERE id = $1").bind(id.uuid())).await?;
        let (path, at) = (self.blobs().path(id.uuid()), u64::try_from(at).unwrap_or(0));
        let read = tokio::task::spawn_blocking(move || piece(&path, at, PIECE)).await;
        let (rows, at) = read.unwrap_or_else(|_| Err(std::io::Error::other("reader")))?;
        let (rates, prices) = self.terms_in(&mut tx, partner.id).await?;
        let midnight = |day| self.midnight(day);
        let bench = Bench {
            partner: &partner,
            rates: &rates,
            prices: &prices,
            engine: &engine,
            batch: &file.batch,
            received_at: file.received_at,
            received_on: self.day_of(file.received_at),
            today: self.today(),
            now: self.now(),
            midnight: &midnight,
        };
        let more = rows.len() == PIECE;
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let mut known = self.known(&mut tx, &partner, rest).await?;
            let (done, late) = self.ask(&mut tx, &bench, rest, &mut known).await?;
            self.keep(&mut tx, (&bench, &file), &known, &done, &late).await?;
            self.count(&mut tx, &file, &done).await?;
            // At least the first row of the rest is done: nobody asked before it.
            rest = rest.get(done.len().max(1)..).unwrap_or_default();
        }
        self.go_on(&mut tx, &file, at, more).await?;
        tx.commit().await?;
        let now = file_by_id(&mut self.db().read().await?, id).await?;
        Ok((now.ok_or(Error::NotFound("file"))?, more))
    }

    /// Decides rows up to the first that has to wait for an earlier one's answer, and posts what
    /// may be posted, early reversals right behind what they take back.
    async fn ask<'r>(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
        rows: &'r [Row],
        known: &mut Known,
    ) -> Result<(Vec<Done<'r>>, Vec<Late>)> {
        let mut transfers: Vec<Transfer> = Vec::new();
        let mut done: Vec<(Done<'r>, Option<usize>)> = Vec::new();
        let mut late: Vec<(Late, usize)> = Vec::new();
        for row in rows {
            let blank =
                Done { row, outcome: RowOutcome::Rejected, code: "", expected: None, posted: None };
            let Some(plan) = bench.plan(row, known) else { break };
            match plan {
                Plan::Reject(reject, expected) => {
                    done.push((Done { code: reject.as_str(), expected, ..blank }, None));
                }
                Plan::Wait => done.push((Done { outcome: RowOutcome::Waiting, ..blank }, None)),
                Plan::Post(transfer, price, undoes) => {
                    let id = transfer.id;
                    let posted = Some((id, price, undoes));
                    done.push((Done { posted, ..blank }, Some(transfers.len())));
                    transfers.push(*transfer);
                    if let Some((early, one)) = follow(row, (id, price), known) {
                        late.push((one, transfers.len()));
                        if late.last().is_some_and(|(one, _)| one.reject.is_some()) {
                            continue;
                        }
                        let code = &bench.partner.code;
                        let reference = format!("{code}/{}/{}", early.batch, early.row);
                        transfers.push(bench.undo(early.row, id, &reference, &early.batch));
                    }
                }
            }
        }
        let ledger = self.loyalty().ledger();
        let outcomes = ledger.post_in(tx, &transfers).await?;
        let mut settled = Vec::with_capacity(done.len());
        for (mut one, place) in done {
            if let Some(outcome) = place.and_then(|place| outcomes.get(place)) {
                (one.outcome, one.code) = said(*outcome);
                if one.outcome != RowOutcome::Posted {
                    one.posted = None;
                }
            }
            settled.push(one);
        }
        let late = late.into_iter().filter_map(|(mut one, place)| {
            if one.reject.is_some() {
                return Some(one);
            }
            let outcome = outcomes.get(place)?;
            one.transfer = transfers.get(place)?.id;
            match said(*outcome) {
                (RowOutcome::Posted, _) => Some(one),
                // The original was not taken either: it goes on waiting.
                (RowOutcome::Waiting, _) => None,
                (_, code) => {
                    one.reject = code.parse().ok();
                    Some(one)
                }
            }
        });
        Ok((settled, late.collect()))
    }

    async fn keep(
        &self,
        tx: &mut Tx,
        (bench, file): (&Bench<'_>, &PartnerFile),
        known: &Known,
        done: &[Done<'_>],
        late: &[Late],
    ) -> Result<()> {
        let ids: Vec<TransferId> = done
            .iter()
            .filter_map(|one| one.posted.map(|it| it.0))
            .chain(late.iter().filter(|one| one.reject.is_none()).map(|one| one.transfer))
            .collect();
        let books = self.loyalty().ledger().transfers(tx, &ids).await?;
        let months: HashMap<TransferId, String> =
            books.iter().map(|it| (it.id, self.month_of(it.recorded_at))).collect();
        let month = |id: &TransferId| months.get(id).cloned().unwrap_or_default();
        let mut undone: Vec<Vec<Value>> = Vec::new();
        let mut rows = Vec::with_capacity(done.len());
        for one in done {
            if let (Some((.., Some(_))), Ok(activity)) = (one.posted, &one.row.activity) {
                undone.push(vec![(&activity.original).into(), bench.partner.id.uuid().into()]);
            }
            rows.push(columns(bench, file, one, known, &month));
        }
        for one in late.iter().filter(|one| one.reject.is_none()) {
            undone.push(vec![(&one.original).into(), bench.partner.id.uuid().into()]);
        }
        tx.bulk("partner_activity", ROW, rows, "").await?;
        self.carry_out_late(tx, late, &month, bench.now).await?;
        if undone.is_empty() {
            return Ok(());
        }
        tx.with_rows(
            &[Col::text("word"), Col::uuid("partner")],
            undone,
            "UPDATE partner_activity SET is_live = FALSE FROM input
             WHERE partner_activity.partner_id = input.partner
               AND partner_activity.reference = input.word
               AND partner_activity.outcome = 'posted'",
        )
        .await?;
        Ok(())
    }

    async fn carry_out_late(
        &self,
        tx: &mut Tx,
        late: &[Late],
        month: &impl Fn(&TransferId) -> String,
        now: DateTime<Utc>,
    ) -> Result<()> {
        for one in late {
            let posted = one.reject.is_none();
            let outcome = if posted { RowOutcome::Posted } else { RowOutcome::Rejected };
            tx.exec(
                sql("UPDATE partner_activity SET outcome = $2, code = $3, transfer_id = $4,
                        month = $5, price_minor = $6, undoes = $7, kind = $8, settled_at = $9
                     WHERE id = $1 AND outcome = 'waiting'")
                .bind(one.id)
                .bind(outcome.as_str())
                .bind(one.reject.map_or("", Reject::as_str))
                .bind(posted.then(|| one.transfer.uuid()))
                .bind(if posted { month(&one.transfer) } else { String::new() })
                .bind(one.price_minor)
                .bind(if posted { one.undoes.as_str() } else { "" })
                .bind(one.kind.as_str())
                .bind(now),
            )
            .await?;
            tx.exec(
                sql("UPDATE partner_file SET waiting = waiting - 1, posted = posted + $2,
                        rejected = rejected + $3, reversed = reversed + $4 WHERE id = $1")
                .bind(one.file)
                .bind(i64::from(posted))
                .bind(i64::from(!posted))
                .bind(if posted { one.miles } else { 0 }),
            )
            .await?;
        }
        Ok(())
    }

    async fn count(&self, tx: &mut Tx, file: &PartnerFile, done: &[Done<'_>]) -> Result<()> {
        let of = |outcome| done.iter().filter(|one| one.outcome == outcome).count();
        let figure = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let miles = |action: Action| -> i64 {
            let posted = done.iter().filter(|one| one.outcome == RowOutcome::Posted);
            let asked = posted.filter_map(|one| one.row.activity.as_ref().ok());
            asked.filter(|one| one.action == action).map(super::format::Activity::miles).sum()
        };
        tx.exec(
            sql("UPDATE partner_file SET rows_done = rows_done + $2, posted = posted + $3,
                    rejected = rejected + $4, waiting = waiting + $5, issued = issued + $6,
                    reversed = reversed + $7, redeemed = redeemed + $8 WHERE id = $1")
            .bind(file.id.uuid())
            .bind(figure(done.len()))
            .bind(figure(of(RowOutcome::Posted)))
            .bind(figure(of(RowOutcome::Rejected)))
            .bind(figure(of(RowOutcome::Waiting)))
            .bind(miles(Action::Accrue))
            .bind(miles(Action::Reverse))
            .bind(miles(Action::Redeem)),
        )
        .await?;
        Ok(())
    }

    /// Where the next piece begins.
    async fn go_on(&self, tx: &mut Tx, file: &PartnerFile, at: u64, more: bool) -> Result<()> {
        let status = if more { Status::Posting } else { Status::Done };
        tx.exec(
            sql("UPDATE partner_file SET at_byte = $2, status = $3, finished_at = $4
                 WHERE id = $1")
            .bind(file.id.uuid())
            .bind(i64::try_from(at).unwrap_or(i64::MAX))
            .bind(status.as_str())
            .bind((!more).then(|| self.now())),
        )
        .await?;
        Ok(())
    }
}

/// A reversal that waits for what `row` posts; one that does not fit is turned down.
fn follow(row: &Row, posted: (TransferId, i64), known: &mut Known) -> Option<(Early, Late)> {
    let activity = row.activity.as_ref().ok()?;
    let early = known.early.remove(&activity.reference)?;
    let same = early.member_no == activity.member_no && early.miles == activity.miles();
    let late = Late {
        id: early.id,
        file: early.file,
        original: activity.reference.clone(),
        transfer: posted.0,
        kind: activity.kind,
        price_minor: posted.1,
        undoes: activity.action,
        miles: early.miles,
        reject: (!same).then_some(Reject::OriginalDiffers),
    };
    Some((early, late))
}

/// What the ledger's answer is to the partner.
fn said(outcome: Outcome) -> (RowOutcome, &'static str) {
    let reject = match outcome {
        Outcome::Posted | Outcome::AlreadyPosted => return (RowOutcome::Posted, ""),
        // What it takes back was refused just now.
        Outcome::OriginalNotFound => return (RowOutcome::Waiting, ""),
        Outcome::CreditFrozen | Outcome::DebitFrozen => Reject::MemberFrozen,
        Outcome::CreditClosed | Outcome::DebitClosed => Reject::MemberClosed,
        Outcome::Insufficient => Reject::Insufficient,
        Outcome::ExceedsOriginal => Reject::Reversed,
        _ => Reject::Ledger,
    };
    (RowOutcome::Rejected, reject.as_str())
}

const ROW: &[Col] = &[
    Col::uuid("id"),
    Col::uuid("partner_id"),
    Col::uuid("file_id"),
    Col::i64("row_no"),
    Col::text("action"),
    Col::text("kind"),
    Col::text("reference"),
    Col::text("same_key"),
    Col::text("original"),
    Col::text("undoes"),
    Col::text("member_no"),
    Col::uuid("member_id"),
    Col::date("happened_on"),
    Col::i64("miles"),
    Col::text("outcome"),
    Col::text("code"),
    Col::i64("expected"),
    Col::uuid("transfer_id"),
    Col::text("month"),
    Col::i64("price_minor"),
    Col::bool("is_live"),
    Col::time("settled_at"),
];

fn columns(
    bench: &Bench<'_>,
    file: &PartnerFile,
    one: &Done<'_>,
    known: &Known,
    month: &impl Fn(&TransferId) -> String,
) -> Vec<Value> {
    let activity = one.row.activity.as_ref().ok();
    let transfer = one.posted.map(|it| it.0);
    let undoes = one.posted.and_then(|it| it.2).map_or("", Action::as_str);
    let stands = one.outcome == RowOutcome::Posted;
    let live = stands && activity.is_some_and(|it| it.action != Action::Reverse);
    let no = activity.map(|it| it.member_no.as_str()).unwrap_or_default();
    vec![
        row_id(bench, one.row.number).into(),
        bench.partner.id.uuid().into(),
        file.id.uuid().into(),
        one.row.number.into(),
        activity.map_or("", |it| it.action.as_str()).into(),
        activity.map_or("", |it| it.kind.as_str()).into(),
        (&one.row.reference).into(),
        activity.map(super::format::Activity::same_key).unwrap_or_default().into(),
        activity.map(|it| it.original.clone()).unwrap_or_default().into(),
        undoes.into(),
        no.into(),
        known.members.get(no).map(|who| who.id.uuid()).into(),
        activity.map(|it| it.date).into(),
        (one.row.base.saturating_add(one.row.bonus)).into(),
        one.outcome.as_str().into(),
        one.code.into(),
        one.expected.into(),
        transfer.map(|id| id.uuid()).into(),
        transfer.as_ref().map(month).unwrap_or_default().into(),
        one.posted.map_or(0, |it| it.1).into(),
        live.into(),
        bench.now.into(),
    ]
}
