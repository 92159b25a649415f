//! Vouchers: single-use codes, found by keyed hash, kept sealed.

mod code;

use access::{Actor, ActorKind, Details, Target};
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{Outcome, Personal};
use loyalty::MemberId;
use store::{Col, SqlBuilder, Tx, Value, sql};
use uuid::Uuid;

use crate::catalogue::{self, Form};
use crate::events::{self, VoucherUsed};
use crate::model::{Redemption, words};
use crate::redeem::again;
use crate::{Awards, Error, RedemptionId, Result, VoucherId, may, permissions};

words!(
    /// Where a voucher stands. One whose last day is over stays `issued` and cannot be used.
    VoucherState {
        /// Can be used until its last day.
        Issued = "issued",
        /// Was used.
        Used = "used",
        /// Was taken back.
        Void = "void",
    }
);

/// Longest place of use, in characters.
const WHERE: usize = 60;

/// A voucher, without its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Identity.
    pub id: VoucherId,
    /// The redemption it came from.
    pub redemption: RedemptionId,
    /// For whom it was issued.
    pub member: MemberId,
    /// Code of the programme.
    pub programme: String,
    /// The thing.
    pub sku: String,
    /// Where it is good.
    pub scope: String,
    /// Which of its redemption, from 1.
    pub place: i64,
    /// Where it stands.
    pub state: VoucherState,
    /// Whether somebody else may use it.
    pub is_transferable: bool,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Last day of use.
    pub last_day: NaiveDate,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// Where, in the words of whoever took it.
    pub used_where: String,
    use_id: Option<Uuid>,
}

/// A voucher at a counter.
#[derive(Clone, Debug)]
pub struct Use {
    /// The caller's: the same again is the same use.
    pub id: Uuid,
    /// As shown or typed.
    pub code: Personal<String>,
    /// What it is to be good for; not asked when empty.
    pub scope: String,
    /// Whose it is said to be: asked when it is not transferable.
    pub member: Option<MemberId>,
    /// Where: a lounge, a shop.
    pub place: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    redemption_id: Uuid,
    member_id: Uuid,
    programme: String,
    sku: String,
    scope: String,
    place: i64,
    state: String,
    is_transferable: bool,
    issued_at: DateTime<Utc>,
    last_day: NaiveDate,
    used_at: Option<DateTime<Utc>>,
    used_where: String,
    use_id: Option<Uuid>,
}

impl TryFrom<Row> for Voucher {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            redemption: row.redemption_id.into(),
            member: row.member_id.into(),
            programme: row.programme,
            sku: row.sku,
            scope: row.scope,
            place: row.place,
            state: row.state.parse()?,
            is_transferable: row.is_transferable,
            issued_at: row.issued_at,
            last_day: row.last_day,
            used_at: row.used_at,
            used_where: row.used_where,
            use_id: row.use_id,
        })
    }
}

/// By a condition of the program's own and its value.
async fn by(tx: &mut Tx, condition: &str, value: impl Into<Value>) -> Result<Vec<Voucher>> {
    let mut query = SqlBuilder::new(
        "SELECT id, redemption_id, member_id, programme, sku, scope, place, state, is_transferable,
            issued_at, last_day, used_at, used_where, use_id FROM award_voucher WHERE ",
    );
    query.push(condition).push(" = ").bind(value);
    query.push(" ORDER BY issued_at DESC, redemption_id, place LIMIT 1000");
    let rows: Vec<Row> = tx.all(query.build()).await?;
    rows.into_iter().map(Voucher::try_from).collect()
}

/// The last day of a redemption's vouchers, all of them unused.
pub(crate) async fn whole(tx: &mut Tx, of: &Redemption) -> Result<NaiveDate> {
    let all = by(tx, "redemption_id", of.id.uuid()).await?;
    if all.iter().any(|one| one.state != VoucherState::Issued) {
        return Err(Error::Refused("awards-voucher-spent"));
    }
    all.iter().map(|one| one.last_day).min().ok_or(Error::Refused("awards-no-way-back"))
}

/// Makes all vouchers of a redemption void, if none was used meanwhile.
pub(crate) async fn make_void(tx: &mut Tx, of: &Redemption) -> Result<()> {
    let gone = tx
        .exec(
            sql("UPDATE award_voucher SET state = 'void'
                 WHERE redemption_id = $1 AND state = 'issued'")
            .bind(of.id.uuid()),
        )
        .await?;
    let all = u64::try_from(of.quantity).unwrap_or(u64::MAX);
    if gone == all { Ok(()) } else { Err(Error::Refused("awards-voucher-spent")) }
}

const COLUMNS: &[Col] = &[
    Col::uuid("id"),
    Col::uuid("redemption_id"),
    Col::uuid("member_id"),
    Col::text("programme"),
    Col::text("sku"),
    Col::text("scope"),
    Col::i64("place"),
    Col::bytes("hash"),
    Col::bytes("sealed"),
    Col::text("state"),
    Col::bool("is_transferable"),
    Col::time("issued_at"),
    Col::date("last_day"),
    Col::text("used_where"),
];

impl Awards {
    /// Issues the vouchers of a redemption, where the thing is one. Returns how many.
    pub(crate) async fn issue_vouchers(&self, tx: &mut Tx, of: &Redemption) -> Result<i64> {
        let Some((sku, quantity)) = of.wish.item() else { return Ok(0) };
        let item = catalogue::find(tx, (&of.programme, sku)).await?;
        let Some(item) = item.filter(|item| item.form == Form::Voucher) else { return Ok(0) };
        let days = u64::try_from(item.settings.voucher_days - 1).unwrap_or_default();
        let last = self.today().checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        let vault = self.access().vault();
        let mut rows = Vec::new();
        for place in 1..=quantity {
            let code = code::new();
            rows.push(vec![
                VoucherId::new(self.now()).uuid().into(),
                of.id.uuid().into(),
                of.member.uuid().into(),
                (&of.programme).into(),
                sku.into(),
                (&item.settings.scope).into(),
                place.into(),
                vault.keyed_hash("voucher", &code).into(),
                vault.seal(&code)?.into(),
                VoucherState::Issued.as_str().into(),
                item.settings.is_transferable.into(),
                self.now().into(),
                last.into(),
                "".into(),
            ]);
        }
        tx.bulk("award_voucher", COLUMNS, rows, "").await?;
        Ok(quantity)
    }

    /// Vouchers issued to a member, newest first; a thousand at most.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn vouchers(&self, actor: &Actor, member: MemberId) -> Result<Vec<Voucher>> {
        may(actor, member, permissions::READ)?;
        by(&mut self.db().read().await?, "member_id", member.uuid()).await
    }

    /// Vouchers of a redemption, in order.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn vouchers_of(&self, actor: &Actor, id: RedemptionId) -> Result<Vec<Voucher>> {
        let member = self.redemption(actor, id).await?.redemption.member;
        may(actor, member, permissions::READ)?;
        by(&mut self.db().read().await?, "redemption_id", id.uuid()).await
    }

    /// A voucher with its code in groups: for the member it was issued to, and for staff, of whom
    /// the trail keeps it. `None` when the person was erased.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`], for a member also when it is another's.
    pub async fn reveal(
        &self,
        actor: &Actor,
        id: VoucherId,
    ) -> Result<(Voucher, Option<Personal<String>>)> {
        if actor.kind != ActorKind::Member {
            actor.may(permissions::REVEAL)?;
        }
        let mut tx = self.db().begin().await?;
        let voucher = by(&mut tx, "id", id.uuid()).await?.pop();
        let voucher = voucher.ok_or(Error::NotFound("voucher"))?;
        may(actor, voucher.member, permissions::REVEAL).map_err(|error| match error {
            Error::NotFound(_) => Error::NotFound("voucher"),
            other => other,
        })?;
        let sealed: Option<Vec<u8>> =
            tx.value(sql("SELECT sealed FROM award_voucher WHERE id = $1").bind(id.uuid())).await?;
        let code = match sealed {
            Some(sealed) => {
                let clear = self.access().vault().open(&sealed)?;
                Some(Personal::new(code::grouped(clear.reveal())))
            }
            None => None,
        };
        if actor.kind != ActorKind::Member {
            let target = Target::new(VoucherId::KIND, id);
            let details = Details::new();
            self.access().record(&mut tx, actor, "awards.revealed", &target, details).await?;
        }
        tx.commit().await?;
        Ok((voucher, code))
    }

    /// The voucher of a code, for a counter.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`], whether it is misread or guessed.
    pub async fn voucher(&self, actor: &Actor, typed: &Personal<String>) -> Result<Voucher> {
        actor.may(permissions::VOUCHER)?;
        self.by_code(&mut self.db().read().await?, typed).await
    }

    async fn by_code(&self, tx: &mut Tx, typed: &Personal<String>) -> Result<Voucher> {
        let code = code::read(typed.reveal()).ok_or(Error::NotFound("voucher"))?;
        let hash = self.access().vault().keyed_hash("voucher", &code);
        by(tx, "hash", hash).await?.pop().ok_or(Error::NotFound("voucher"))
    }

    /// Uses a voucher: once, whoever else tries. The same use again is [`Outcome::AlreadyDone`].
    ///
    /// # Errors
    /// As [`Self::voucher`]; [`Error::Invalid`] naming `place`; [`Error::Refused`]
    /// `awards-voucher-used`, `awards-voucher-void`, `awards-voucher-expired`,
    /// `awards-voucher-elsewhere` (of another scope), `awards-voucher-not-theirs` (not transferable,
    /// and another member's or nobody named).
    pub async fn use_voucher(&self, actor: &Actor, asked: &Use) -> Result<Outcome<Voucher>> {
        actor.may(permissions::VOUCHER)?;
        let place = asked.place.trim();
        if place.chars().count() > WHERE || place.chars().any(char::is_control) {
            return Err(Error::invalid("place", "awards-place"));
        }
        again!(self.try_use(actor, asked))
    }

    async fn try_use(&self, actor: &Actor, asked: &Use) -> Result<Outcome<Voucher>> {
        let mut tx = self.db().begin().await?;
        let voucher = self.by_code(&mut tx, &asked.code).await?;
        if voucher.use_id == Some(asked.id) {
            return Ok(Outcome::AlreadyDone(voucher));
        }
        voucher.good_for(asked, self.today())?;
        let used = tx
            .exec(
                sql("UPDATE award_voucher SET state = 'used', use_id = $2, used_at = $3,
                        used_by = $4, used_where = $5
                     WHERE id = $1 AND state = 'issued'")
                .bind(voucher.id.uuid())
                .bind(asked.id)
                .bind(self.now())
                .bind(actor.id)
                .bind(asked.place.trim()),
            )
            .await?;
        let now = by(&mut tx, "id", voucher.id.uuid()).await?.pop();
        let now = now.ok_or(Error::NotFound("voucher"))?;
        if used == 0 {
            // Somebody else came first: it says why.
            if now.use_id == Some(asked.id) {
                return Ok(Outcome::AlreadyDone(now));
            }
            now.good_for(asked, self.today())?;
        }
        let said = VoucherUsed {
            voucher: now.id,
            redemption: now.redemption,
            member: now.member,
            sku: now.sku.clone(),
        };
        events::used(&mut tx, self.now(), &said).await?;
        tx.commit().await?;
        Ok(Outcome::Done(now))
    }
}

impl Voucher {
    /// Whether it can still be used on a day.
    #[must_use]
    pub fn is_good(&self, day: NaiveDate) -> bool {
        self.state == VoucherState::Issued && day <= self.last_day
    }

    fn good_for(&self, asked: &Use, today: NaiveDate) -> Result<()> {
        let why = match self.state {
            VoucherState::Used => "awards-voucher-used",
            VoucherState::Void => "awards-voucher-void",
            VoucherState::Issued if today > self.last_day => "awards-voucher-expired",
            VoucherState::Issued
                if !asked.scope.is_empty()
                    && !self.scope.is_empty()
                    && asked.scope != self.scope =>
            {
                "awards-voucher-elsewhere"
            }
            VoucherState::Issued if !self.is_transferable && asked.member != Some(self.member) => {
                "awards-voucher-not-theirs"
            }
            VoucherState::Issued => return Ok(()),
        };
        Err(Error::Refused(why))
    }
}
