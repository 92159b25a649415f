//! What becomes of a row, before the ledger is asked.

use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::names::PersonName;
use loyalty::ledger::{NEVER, Step, Transfer, TransferId};
use programme::Engine;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::fault::Reject;
use super::format::{Action, Activity, Row};
use super::load::{Known, Who};
use crate::agreements::{Kind, Partner, Price, Rate, expected, price_on, rate_on};
use crate::names::{Fit, fit};

/// What a file's rows are judged by.
pub(super) struct Bench<'a> {
    pub partner: &'a Partner,
    pub rates: &'a [Rate],
    pub prices: &'a [Price],
    pub engine: &'a Engine,
    pub batch: &'a str,
    /// When the file came; days are counted from it, whenever the row's turn is.
    pub received_at: DateTime<Utc>,
    pub received_on: NaiveDate,
    pub today: NaiveDate,
    pub now: DateTime<Utc>,
    /// Midnight of a day, where the books are kept.
    pub midnight: &'a (dyn Fn(NaiveDate) -> DateTime<Utc> + Sync),
}

/// A row on its way.
pub(super) enum Plan {
    /// Not posted, and the base miles the rate gives where they differ.
    Reject(Reject, Option<i64>),
    /// A reversal whose original has not come.
    Wait,
    /// To be asked of the ledger; of a reversal, what it takes back.
    Post(Box<Transfer>, i64, Option<Action>),
}

/// The transfer of a row, whoever asks and however often.
pub(super) fn transfer_id(
    partner: &Partner,
    batch: &str,
    row: i64,
    at: DateTime<Utc>,
) -> TransferId {
    let hash = Sha256::digest(format!("partner\n{}\n{batch}\n{row}", partner.id));
    let mut noise = [0; 10];
    noise.iter_mut().zip(hash.iter()).for_each(|(to, from)| *to = *from);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &noise).into_uuid().into()
}

impl Bench<'_> {
    /// Decides a row and notes what it asks about. `None`: an earlier row asks about the same, and
    /// has to be answered first.
    pub fn plan(&self, row: &Row, known: &mut Known) -> Option<Plan> {
        let activity = match &row.activity {
            Ok(activity) => activity,
            Err(reject) => return Some(Plan::Reject(*reject, None)),
        };
        let about = [
            format!("r:{}", activity.reference),
            format!("r:{}", activity.original),
            activity.same_key(),
            known.posted.get(&activity.original).map(|it| it.same_key.clone()).unwrap_or_default(),
        ];
        let about = about.into_iter().filter(|word| word.len() > 2);
        if about.clone().any(|word| known.asked.contains(&word)) {
            return None;
        }
        known.asked.extend(about);
        let planned = match activity.action {
            Action::Reverse => self.reversal(row.number, activity, known),
            Action::Accrue | Action::Redeem => self.miles(row.number, activity, known),
        };
        Some(planned.unwrap_or_else(|(reject, expected)| Plan::Reject(reject, expected)))
    }

    fn agreed(&self, one: &Activity) -> Result<(), (Reject, Option<i64>)> {
        let days = u64::try_from(self.partner.window_days).unwrap_or(0);
        let first = self.received_on.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
        if !self.partner.kinds.contains(&one.kind) {
            return Err((Reject::NotAgreed, None));
        }
        if one.date > self.received_on {
            return Err((Reject::InFuture, None));
        }
        if one.date < first {
            return Err((Reject::TooOld, None));
        }
        if one.action == Action::Redeem {
            return Ok(());
        }
        let rate = rate_on(self.rates, one.kind, one.date).ok_or((Reject::NoRate, None))?;
        if let Some(base) = expected(rate, one.quantity)
            && base != one.base
        {
            return Err((Reject::RateDiffers, Some(base)));
        }
        if one.miles() > rate.most {
            return Err((Reject::OverMost, Some(rate.most)));
        }
        Ok(())
    }

    fn who<'k>(one: &Activity, known: &'k Known) -> Result<&'k Who, (Reject, Option<i64>)> {
        let who = known.members.get(&one.member_no).ok_or((Reject::NotAMember, None))?;
        if who.forgotten {
            return Err((Reject::MemberClosed, None));
        }
        let said = PersonName::from_latin(&one.surname, &one.given);
        let said = if one.surname.chars().any(kernel::names::is_hanzi) {
            PersonName::from_native(&format!("{}{}", one.surname, one.given))
        } else {
            said
        };
        if fit(&said, &who.name) == Fit::Not {
            return Err((Reject::NameMismatch, None));
        }
        Ok(who)
    }

    fn miles(
        &self,
        row: i64,
        one: &Activity,
        known: &Known,
    ) -> Result<Plan, (Reject, Option<i64>)> {
        self.agreed(one)?;
        let who = Self::who(one, known)?;
        if one.date < who.joined_on {
            return Err((Reject::BeforeJoining, None));
        }
        let key = one.same_key();
        if known.posted.contains_key(&one.reference) || known.live.contains(&key) {
            return Err((Reject::Duplicate, None));
        }
        let by_flight = one.flown.as_ref().map(|flown| {
            let flight = format!("{}{}", flown.carrier, flown.number);
            format!("f:{}:{flight}:{}:{}:{}", one.member_no, one.date, flown.board, flown.off)
        });
        if by_flight.is_some_and(|key| known.flown.contains(&key)) {
            return Err((Reject::FlightCredited, None));
        }
        let price = price_on(self.prices, one.date);
        let takes = one.action == Action::Redeem;
        let price_minor = price.map_or(0, |p| if takes { p.buy_minor } else { p.sell_minor });
        let (mine, theirs) = (who.account, self.partner.account);
        let expires_on = (!takes).then(|| self.last_day(who));
        let (debit, credit) = if takes { (mine, theirs) } else { (theirs, mine) };
        let step = Step::Post { debit, credit, amount: one.miles(), expires_on };
        let transfer = self.transfer(row, one, step);
        Ok(Plan::Post(Box::new(transfer), price_minor, None))
    }

    fn reversal(
        &self,
        row: i64,
        one: &Activity,
        known: &Known,
    ) -> Result<Plan, (Reject, Option<i64>)> {
        if known.posted.contains_key(&one.reference) {
            return Err((Reject::Duplicate, None));
        }
        if known.undone.contains(&one.original) {
            return Err((Reject::Reversed, None));
        }
        let Some(original) = known.posted.get(&one.original) else {
            return Self::who(one, known).map(|_| Plan::Wait);
        };
        let same = original.member_no == one.member_no
            && original.kind == one.kind
            && original.miles == one.miles();
        if !same || original.action == Action::Reverse {
            return Err((Reject::OriginalDiffers, None));
        }
        let (action, price) = (original.action, original.price_minor);
        let transfer = self.undo(row, original.transfer, &one.reference, self.batch);
        Ok(Plan::Post(Box::new(transfer), price, Some(action)))
    }

    /// The reversal of a posted row; `batch` and `row` are the reversal's own.
    pub fn undo(&self, row: i64, original: TransferId, reference: &str, batch: &str) -> Transfer {
        let id = transfer_id(self.partner, batch, row, self.received_at);
        let shortfall = self.partner.shortfall;
        let step = Step::Reverse { transfer: original, amount: None, shortfall, grace: None };
        let code = &self.partner.code;
        Transfer::new(id, "partner-reversal", self.now, step).because(
            format!("{code}/{batch}/{row}"),
            json!({"partner": code, "batch": batch, "row": row, "reference": reference}),
        )
    }

    fn transfer(&self, row: i64, one: &Activity, step: Step) -> Transfer {
        let code = match (one.action, one.kind) {
            (Action::Redeem, _) => "partner-redemption",
            (_, Kind::Flight) => "partner-flight",
            (_, Kind::Hotel) => "partner-hotel",
            (_, Kind::Car) => "partner-car",
            (_, Kind::BankCard) => "partner-bank-card",
            (_, Kind::Retail) => "partner-retail",
        };
        let id = transfer_id(self.partner, self.batch, row, self.received_at);
        let at = (self.midnight)(one.date).min(self.now);
        let mut said = json!({"partner": self.partner.code, "batch": self.batch, "row": row,
            "reference": one.reference, "kind": one.kind, "base": one.base, "bonus": one.bonus});
        if let Some(flown) = &one.flown {
            said["flight"] = json!({"no": format!("{}{}", flown.carrier, flown.number),
                "from": flown.board, "to": flown.off});
        }
        let reference = format!("{}/{}/{row}", self.partner.code, self.batch);
        Transfer::new(id, code, at, step).because(reference, said)
    }

    /// The last day of use of what comes today.
    fn last_day(&self, who: &Who) -> NaiveDate {
        let rank = programme::document::Rank(who.rank);
        let row = self.engine.programme().expiry_row(rank, self.today);
        let last = row.and_then(|row| row.policy.last_day(self.today, None));
        last.unwrap_or(NEVER).clamp(self.today, NEVER)
    }
}

/// The kept id of a row: that of its transfer.
pub(super) fn row_id(bench: &Bench<'_>, row: i64) -> Uuid {
    transfer_id(bench.partner, bench.batch, row, bench.received_at).uuid()
}
