//! Shapes of several operations.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Lang;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::{Kind, Redemption, State};
use crate::price::Offer;
use crate::reading::Whole;
use crate::vouchers::{Voucher, VoucherState};
use crate::{Wish, say};

/// A redemption.
#[derive(Serialize, ToSchema)]
pub(super) struct RedemptionOut {
    id: Uuid,
    member: Uuid,
    programme: String,
    /// Number of the rules that gave the price.
    version: i64,
    kind: Kind,
    state: State,
    /// In the asker's language.
    sentence: String,
    wish: Wish,
    price: Offer,
    made_at: DateTime<Utc>,
    /// When the hold ends by itself.
    due_at: DateTime<Utc>,
    /// The review it waits for.
    review: Option<Uuid>,
    reference: String,
    payment: String,
    settled_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    fee_miles: i64,
    fee_minor: i64,
}

impl RedemptionOut {
    pub fn new(of: &Redemption, lang: Lang) -> Self {
        Self {
            id: of.id.into(),
            member: of.member.into(),
            programme: of.programme.clone(),
            version: of.version,
            kind: of.kind,
            state: of.state,
            sentence: say::wish(None, &of.wish, lang),
            wish: of.wish.clone(),
            price: of.offer.clone(),
            made_at: of.made_at,
            due_at: of.due_at,
            review: of.review,
            reference: of.reference.clone(),
            payment: of.payment.clone(),
            settled_at: of.settled_at,
            ended_at: of.ended_at,
            fee_miles: of.fee_miles,
            fee_minor: of.fee_minor,
        }
    }
}

/// A redemption with its transfers and its history.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeOut {
    redemption: RedemptionOut,
    holds: Vec<HoldOut>,
    steps: Vec<StepOut>,
}

/// What one account paid.
#[derive(Serialize, ToSchema)]
struct HoldOut {
    hold: Uuid,
    miles: i64,
    settled_by: Option<Uuid>,
    given_back_by: Option<Uuid>,
}

/// A step.
#[derive(Serialize, ToSchema)]
struct StepOut {
    step: crate::Step,
    at: DateTime<Utc>,
    actor: Uuid,
    actor_kind: String,
}

impl WholeOut {
    pub fn new(of: &Whole, lang: Lang) -> Self {
        let hold = |hold: &crate::Hold| HoldOut {
            hold: hold.hold.into(),
            miles: hold.amount,
            settled_by: hold.settle.map(Into::into),
            given_back_by: hold.back.map(Into::into),
        };
        let step = |row: &crate::StepRow| StepOut {
            step: row.step,
            at: row.at,
            actor: row.actor,
            actor_kind: row.actor_kind.clone(),
        };
        Self {
            redemption: RedemptionOut::new(&of.redemption, lang),
            holds: of.holds.iter().map(hold).collect(),
            steps: of.steps.iter().map(step).collect(),
        }
    }
}

/// A voucher, without its code.
#[derive(Serialize, ToSchema)]
pub(super) struct VoucherOut {
    id: Uuid,
    redemption: Uuid,
    member: Uuid,
    programme: String,
    sku: String,
    scope: String,
    state: VoucherState,
    is_transferable: bool,
    issued_at: DateTime<Utc>,
    last_day: NaiveDate,
    used_at: Option<DateTime<Utc>>,
    used_where: String,
}

impl From<&Voucher> for VoucherOut {
    fn from(of: &Voucher) -> Self {
        Self {
            id: of.id.into(),
            redemption: of.redemption.into(),
            member: of.member.into(),
            programme: of.programme.clone(),
            sku: of.sku.clone(),
            scope: of.scope.clone(),
            state: of.state,
            is_transferable: of.is_transferable,
            issued_at: of.issued_at,
            last_day: of.last_day,
            used_at: of.used_at,
            used_where: of.used_where.clone(),
        }
    }
}
