//! Files as they are received: kept, hashed, checked whole.

use access::{Actor, Details};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Outcome;
use serde_json::{Value as Json, json};
use store::jobs::New;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use super::fault::{Fault, Located};
use super::look::look;
use super::read::Checked;
use super::run::FILE_JOB;
use crate::agreements::{Partner, PartnerId, by_id, lock};
use crate::{Error, Partners, Result, permissions};

/// Bytes of a file at most: some half a million rows.
pub const LARGEST: u64 = 64 * 1024 * 1024;

kernel::typed_id!(
    /// An activity file.
    FileId, "partner-file"
);

crate::words::words!(
    /// Where a file stands.
    Status {
        /// Nothing of it was posted, nor will be.
        Refused = "refused",
        /// It adds up; its rows are being posted.
        Posting = "posting",
        /// Every row has its outcome.
        Done = "done",
    }
);

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerFile {
    /// Identity.
    pub id: FileId,
    /// Whose.
    pub partner: PartnerId,
    /// As it was called.
    pub name: String,
    /// Size.
    pub bytes: i64,
    /// Of its bytes, hex.
    pub sha256: String,
    /// Where it stands.
    pub status: Status,
    /// The partner's number; empty when the header could not be read.
    pub batch: String,
    /// By the header.
    pub made_on: Option<NaiveDate>,
    /// By the trailer.
    pub rows_total: i64,
    /// By the trailer.
    pub base_total: i64,
    /// By the trailer.
    pub bonus_total: i64,
    /// Why it was refused.
    pub fault: Option<Located>,
    /// Rows with an outcome.
    pub rows_done: i64,
    /// Of them, in the books.
    pub posted: i64,
    /// Of them, refused.
    pub rejected: i64,
    /// Of them, reversals that wait for what they take back.
    pub waiting: i64,
    /// Miles to members.
    pub issued: i64,
    /// Miles taken back.
    pub reversed: i64,
    /// Miles spent with the partner.
    pub redeemed: i64,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When the last row had its outcome.
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    partner_id: Uuid,
    name: String,
    bytes: i64,
    sha256: String,
    status: String,
    batch: String,
    made_on: Option<NaiveDate>,
    rows_total: i64,
    base_total: i64,
    bonus_total: i64,
    fault: sqlx::types::Json<Json>,
    rows_done: i64,
    posted: i64,
    rejected: i64,
    waiting: i64,
    issued: i64,
    reversed: i64,
    redeemed: i64,
    received_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for PartnerFile {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            partner: row.partner_id.into(),
            name: row.name,
            bytes: row.bytes,
            sha256: row.sha256,
            status: row.status.parse()?,
            batch: row.batch,
            made_on: row.made_on,
            rows_total: row.rows_total,
            base_total: row.base_total,
            bonus_total: row.bonus_total,
            fault: serde_json::from_value(row.fault.0).ok(),
            rows_done: row.rows_done,
            posted: row.posted,
            rejected: row.rejected,
            waiting: row.waiting,
            issued: row.issued,
            reversed: row.reversed,
            redeemed: row.redeemed,
            received_at: row.received_at,
            finished_at: row.finished_at,
        })
    }
}

const SELECT: &str = "SELECT id, partner_id, name, bytes, sha256, status, batch, made_on,
    rows_total, base_total, bonus_total, fault, rows_done, posted, rejected, waiting, issued,
    reversed, redeemed, received_at, finished_at FROM partner_file";

/// The file, or `None`.
pub(crate) async fn file_by_id(tx: &mut Tx, id: FileId) -> Result<Option<PartnerFile>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push(" WHERE id = ").bind(id.uuid());
    let row: Option<Row> = tx.maybe(query.build()).await?;
    row.map(PartnerFile::try_from).transpose()
}

impl Partners {
    /// Begins a file: its bytes go to [`Partners::append_file`], then [`Partners::finish_file`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn begin_file(&self, actor: &Actor, partner: PartnerId) -> Result<FileId> {
        actor.may(permissions::RECEIVE)?;
        let mut tx = self.db().read().await?;
        by_id(&mut tx, partner).await?.ok_or(Error::NotFound("partner"))?;
        let id = FileId::new(self.now());
        self.blobs().begin(id.uuid()).await?;
        Ok(id)
    }

    /// Adds bytes that begin at `offset`; returns the length.
    ///
    /// # Errors
    /// [`Error::Refused`] `partners-file-too-large` beyond [`LARGEST`]: what came is removed.
    pub async fn append_file(&self, id: FileId, offset: u64, bytes: &[u8]) -> Result<u64> {
        if offset.saturating_add(bytes.len() as u64) > LARGEST {
            self.blobs().remove(id.uuid()).await?;
            return Err(Error::Refused("partners-file-too-large"));
        }
        Ok(self.blobs().append(id.uuid(), offset, bytes).await?)
    }

    /// Throws away what came of a file that is not finished.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn drop_file(&self, id: FileId) -> Result<()> {
        Ok(self.blobs().remove(id.uuid()).await?)
    }

    /// Ends a file: it is checked whole, and when it adds up its rows are posted by the job. The
    /// same bytes again are [`Outcome::AlreadyDone`] with the first; a batch number that was taken
    /// with other bytes is refused, as is everything that does not add up: the file is kept with
    /// its fault, nothing is posted.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; when the disk or the database fails.
    pub async fn finish_file(
        &self,
        actor: &Actor,
        partner: PartnerId,
        id: FileId,
        name: &str,
    ) -> Result<Outcome<PartnerFile>> {
        actor.may(permissions::RECEIVE)?;
        let path = self.blobs().finish(id.uuid()).await?;
        let (bytes, sha256, checked) = look(path).await?;
        let mut tx = self.db().begin().await?;
        let partner = lock(&mut tx, partner).await?;
        let checked = checked.and_then(|it| belongs(&partner, it));
        let mut status = Status::Posting;
        let batch = checked.as_ref().map(|it| it.header.batch.clone()).unwrap_or_default();
        let mut fault = checked.as_ref().err().cloned();
        if let Some(known) = self.taken(&mut tx, partner.id, &batch).await? {
            if known.sha256 == sha256 {
                drop(tx);
                self.blobs().remove(id.uuid()).await?;
                return Ok(Outcome::AlreadyDone(known));
            }
            fault = Some(Located::new(Fault::BatchTaken, 1).differs(&batch, &known.name));
        }
        if fault.is_some() {
            status = Status::Refused;
        }
        let file = PartnerFile {
            name: plain_name(name),
            bytes,
            sha256,
            status,
            batch,
            fault,
            ..blank(id, partner.id, checked.ok().as_ref(), self.now())
        };
        insert(&mut tx, &file, actor).await?;
        if status == Status::Posting {
            let now = self.now();
            let job = New::now(FILE_JOB, json!({"file": id.uuid()}), now);
            let job = job.key(format!("{FILE_JOB}:{id}")).owner(actor.id);
            let _ = store::jobs::enqueue(&mut tx, job, now).await?;
        }
        let details = Details::new().id("file", id.uuid()).code("status", status.as_str());
        self.audit(&mut tx, actor, "partners.file-received", &partner, details).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(Outcome::Done(file))
    }

    /// Receives a whole file that is in memory: for programs and the demo.
    ///
    /// # Errors
    /// As [`Partners::finish_file`].
    pub async fn receive_file(
        &self,
        actor: &Actor,
        partner: PartnerId,
        name: &str,
        bytes: &[u8],
    ) -> Result<Outcome<PartnerFile>> {
        let id = self.begin_file(actor, partner).await?;
        self.append_file(id, 0, bytes).await?;
        self.finish_file(actor, partner, id, name).await
    }

    async fn taken(
        &self,
        tx: &mut Tx,
        partner: PartnerId,
        batch: &str,
    ) -> Result<Option<PartnerFile>> {
        if batch.is_empty() {
            return Ok(None);
        }
        let mut query = SqlBuilder::new(SELECT);
        query.push(" WHERE partner_id = ").bind(partner.uuid()).push(" AND batch = ").bind(batch);
        query.push(" AND status <> 'refused'");
        let row: Option<Row> = tx.maybe(query.build()).await?;
        row.map(PartnerFile::try_from).transpose()
    }

    /// A file.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn file(&self, actor: &Actor, id: FileId) -> Result<PartnerFile> {
        actor.may(permissions::READ)?;
        file_by_id(&mut self.db().read().await?, id).await?.ok_or(Error::NotFound("file"))
    }

    /// Files of a partner, latest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn files(&self, actor: &Actor, id: PartnerId, n: i64) -> Result<Vec<PartnerFile>> {
        actor.may(permissions::READ)?;
        let mut query = SqlBuilder::new(SELECT);
        query.push(" WHERE partner_id = ").bind(id.uuid());
        query.push(" ORDER BY received_at DESC, id DESC LIMIT ").bind(n.clamp(1, 500));
        let rows: Vec<Row> = self.db().read().await?.all(query.build()).await?;
        rows.into_iter().map(PartnerFile::try_from).collect()
    }
}

fn belongs(partner: &Partner, checked: Checked) -> Result<Checked, Located> {
    let header = &checked.header;
    if header.partner != partner.code {
        return Err(Located::new(Fault::Partner, 1).differs(&header.partner, &partner.code));
    }
    if header.programme != partner.programme {
        let fault = Located::new(Fault::Programme, 1);
        return Err(fault.differs(&header.programme, &partner.programme));
    }
    Ok(checked)
}

/// The last part of a path, short, without control characters.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    last.chars().filter(|c| !c.is_control()).take(120).collect()
}

fn blank(
    id: FileId,
    partner: PartnerId,
    checked: Option<&Checked>,
    now: DateTime<Utc>,
) -> PartnerFile {
    let trailer = checked.map(|it| it.trailer).unwrap_or_default();
    PartnerFile {
        id,
        partner,
        name: String::new(),
        bytes: 0,
        sha256: String::new(),
        status: Status::Refused,
        batch: String::new(),
        made_on: checked.map(|it| it.header.made_on),
        rows_total: trailer.rows,
        base_total: trailer.base,
        bonus_total: trailer.bonus,
        fault: None,
        rows_done: 0,
        posted: 0,
        rejected: 0,
        waiting: 0,
        issued: 0,
        reversed: 0,
        redeemed: 0,
        received_at: now,
        finished_at: None,
    }
}

async fn insert(tx: &mut Tx, file: &PartnerFile, actor: &Actor) -> Result<()> {
    let fault = match &file.fault {
        Some(fault) => serde_json::to_value(fault)?,
        None => json!({}),
    };
    tx.exec(
        sql(
            "INSERT INTO partner_file (id, partner_id, name, bytes, sha256, status, batch, made_on,
                rows_total, base_total, bonus_total, fault, received_at, received_by, finished_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(file.id.uuid())
        .bind(file.partner.uuid())
        .bind(&file.name)
        .bind(file.bytes)
        .bind(&file.sha256)
        .bind(file.status.as_str())
        .bind(&file.batch)
        .bind(file.made_on)
        .bind(file.rows_total)
        .bind(file.base_total)
        .bind(file.bonus_total)
        .bind(fault)
        .bind(file.received_at)
        .bind(actor.id)
        .bind((file.status == Status::Refused).then_some(file.received_at)),
    )
    .await?;
    Ok(())
}
