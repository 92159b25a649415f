//! Agreements with partners: what earns at which rate, what miles cost each way, and which account
//! of the books is the partner's.
//!
//! Rates and prices are dated rows, added to only: of those that have begun the latest holds.

mod rates;
mod store;

use access::{Actor, Details, Target};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Currency;
use loyalty::ledger::{AccountId, Book, Shortfall, Unit};
use serde::{Deserialize, Serialize};
use store::{insert, insert_price, insert_rate};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::FieldError;
use crate::{Error, Partners, Result, permissions};

pub use rates::{Price, Rate, expected, price_on, rate_on};
pub(crate) use store::{by_id, lock};

kernel::typed_id!(
    /// A partner of a programme.
    PartnerId, "partner"
);

crate::words::words!(
    /// What members do with a partner.
    Kind {
        /// Flights of another airline.
        Flight = "flight",
        /// Nights.
        Hotel = "hotel",
        /// Car hire.
        Car = "car",
        /// Spend on a co-branded card, or points exchanged.
        BankCard = "bank-card",
        /// Shops, restaurants, telephone.
        Retail = "retail",
    }
);

crate::words::words!(
    /// What a rate counts.
    Per {
        /// Each major unit of the currency.
        Amount = "amount",
        /// Each night, or day of hire.
        Night = "night",
        /// Each activity.
        Activity = "activity",
        /// As the partner works it out, up to the most.
        Partner = "partner",
    }
);

/// A partner as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// Identity.
    pub id: PartnerId,
    /// In files and on accounts: 2–20 of `A-Z 0-9 -`.
    pub code: String,
    /// Code of the programme.
    pub programme: String,
    /// Its names.
    pub name_en: String,
    /// Its names.
    pub name_zh: String,
    /// What is agreed on.
    pub kinds: Vec<Kind>,
    /// Of statements and invoices.
    pub currency: Currency,
    /// A department's address for files and invoices; no person's.
    pub mailbox: String,
    /// Days an activity may be old when it is sent.
    pub window_days: i64,
    /// When a reversal finds the miles spent.
    pub shortfall: Shortfall,
    /// Its account in the books.
    pub account: AccountId,
    /// When made.
    pub created_at: DateTime<Utc>,
}

impl Partner {
    /// Its name in a language.
    #[must_use]
    pub fn name(&self, lang: kernel::Lang) -> &str {
        match lang {
            kernel::Lang::ZhCn => &self.name_zh,
            kernel::Lang::En => &self.name_en,
        }
    }
}

/// An agreement to be made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPartner {
    /// 2–20 of `A-Z 0-9 -`.
    pub code: String,
    /// Code of the programme.
    pub programme: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese; the English one when left out.
    #[serde(default)]
    pub name_zh: String,
    /// What is agreed on.
    pub kinds: Vec<Kind>,
    /// Three letters.
    pub currency: String,
    /// A department's address; no person's.
    #[serde(default)]
    pub mailbox: String,
    /// Days an activity may be old when it is sent: 1–1,000.
    pub window_days: i64,
    /// When a reversal finds the miles spent: `refuse` or `owe`.
    pub shortfall: Shortfall,
}

/// A rate to be added.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRate {
    /// Of activity.
    pub kind: Kind,
    /// For activities from this day on.
    pub valid_from: NaiveDate,
    /// What it counts.
    pub per: Per,
    /// Thousandths of a mile for each.
    pub milli: i64,
    /// Miles a row may have, base and bonus.
    pub most: i64,
}

/// Prices to be added.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrice {
    /// For activities from this day on.
    pub valid_from: NaiveDate,
    /// What the partner pays for 1,000 miles issued, in minor units.
    pub sell_minor: i64,
    /// What we pay for 1,000 miles redeemed there, in minor units.
    pub buy_minor: i64,
}

impl NewPartner {
    fn check(&self) -> Result<Currency> {
        let mut wrong = Vec::new();
        let mut say = |is_wrong: bool, field, code| {
            if is_wrong {
                wrong.push(FieldError { field, code });
            }
        };
        let letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
        let code = (2..=20).contains(&self.code.len()) && self.code.bytes().all(letter);
        say(!code, "code", "partners-code");
        let name = self.name_en.trim();
        say(name.is_empty() || name.chars().count() > 100, "name_en", "partners-name");
        say(self.name_zh.chars().count() > 100, "name_zh", "partners-name");
        say(self.kinds.is_empty(), "kinds", "partners-kinds");
        say(!(1..=1_000).contains(&self.window_days), "window_days", "partners-window");
        let mailbox = self.mailbox.trim();
        let address = mailbox.is_empty() || (mailbox.contains('@') && mailbox.len() <= 200);
        say(!address, "mailbox", "partners-mailbox");
        let currency = Currency::parse(&self.currency);
        say(currency.is_err(), "currency", "partners-currency");
        match currency {
            Ok(currency) if wrong.is_empty() => Ok(currency),
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

impl Partners {
    /// Makes an agreement and opens the partner's account. The id is the form's, so that a second
    /// click finds the first.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`]; [`Error::Refused`] `partners-code-taken`;
    /// [`Error::Loyalty`] for a programme that is not open.
    pub async fn add_partner(
        &self,
        actor: &Actor,
        id: PartnerId,
        new: NewPartner,
    ) -> Result<kernel::Outcome<Partner>> {
        actor.may(permissions::AGREE)?;
        let currency = new.check()?;
        let mut tx = self.db().begin().await?;
        if let Some(known) = by_id(&mut tx, id).await? {
            return Ok(kernel::Outcome::AlreadyDone(known));
        }
        if store::by_code(&mut tx, &new.code).await?.is_some() {
            return Err(Error::Refused("partners-code-taken"));
        }
        let book = Book::new(&new.programme, Unit::Miles);
        let ledger = self.loyalty().ledger();
        let account = match ledger.open_partner(&mut tx, &book, &new.code).await {
            Err(loyalty::Error::NotFound(_)) => {
                return Err(Error::invalid("programme", "partners-programme"));
            }
            other => other?,
        };
        let zh = Some(new.name_zh.trim()).filter(|text| !text.is_empty());
        let partner = Partner {
            id,
            code: new.code,
            programme: new.programme,
            name_zh: zh.unwrap_or(new.name_en.trim()).to_owned(),
            name_en: new.name_en.trim().to_owned(),
            kinds: new.kinds,
            currency,
            mailbox: new.mailbox.trim().to_owned(),
            window_days: new.window_days,
            shortfall: new.shortfall,
            account,
            created_at: self.now(),
        };
        insert(&mut tx, &partner, actor).await?;
        self.audit(&mut tx, actor, "partners.added", &partner, Details::new()).await?;
        tx.commit().await?;
        Ok(kernel::Outcome::Done(partner))
    }

    /// Adds a rate. Again with the same day and kind it replaces nothing: refused.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`]; [`Error::Invalid`]; [`Error::Refused`]
    /// `partners-row-taken` for a kind that has a row of that day.
    pub async fn add_rate(&self, actor: &Actor, id: PartnerId, new: NewRate) -> Result<()> {
        actor.may(permissions::AGREE)?;
        let mut tx = self.db().begin().await?;
        let partner = lock(&mut tx, id).await?;
        if !partner.kinds.contains(&new.kind) {
            return Err(Error::invalid("kind", "partners-kind-not-agreed"));
        }
        let counted = new.per != Per::Partner;
        if !(i64::from(counted)..=1_000_000_000).contains(&new.milli) {
            return Err(Error::invalid("milli", "partners-milli"));
        }
        if !(1..=crate::activity::format::MOST_MILES).contains(&new.most) {
            return Err(Error::invalid("most", "partners-most"));
        }
        if !insert_rate(&mut tx, id, &new, self.now()).await? {
            return Err(Error::Refused("partners-row-taken"));
        }
        let details = Details::new().code("kind", new.kind.as_str());
        self.audit(&mut tx, actor, "partners.rate-added", &partner, details).await?;
        Ok(tx.commit().await?)
    }

    /// Adds prices.
    ///
    /// # Errors
    /// As [`Partners::add_rate`].
    pub async fn add_price(&self, actor: &Actor, id: PartnerId, new: NewPrice) -> Result<()> {
        actor.may(permissions::AGREE)?;
        let mut tx = self.db().begin().await?;
        let partner = lock(&mut tx, id).await?;
        for (field, price) in [("sell_minor", new.sell_minor), ("buy_minor", new.buy_minor)] {
            if !(0..=1_000_000_000).contains(&price) {
                return Err(Error::invalid(field, "partners-price"));
            }
        }
        if !insert_price(&mut tx, id, &new, self.now()).await? {
            return Err(Error::Refused("partners-row-taken"));
        }
        self.audit(&mut tx, actor, "partners.price-added", &partner, Details::new()).await?;
        Ok(tx.commit().await?)
    }

    /// A partner.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn partner(&self, actor: &Actor, id: PartnerId) -> Result<Partner> {
        actor.may(permissions::READ)?;
        by_id(&mut self.db().read().await?, id).await?.ok_or(Error::NotFound("partner"))
    }

    /// All partners, by code.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn partners(&self, actor: &Actor) -> Result<Vec<Partner>> {
        actor.may(permissions::READ)?;
        store::all(&mut self.db().read().await?).await
    }

    /// Rates and prices of a partner, latest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn terms(&self, actor: &Actor, id: PartnerId) -> Result<(Vec<Rate>, Vec<Price>)> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        Ok((store::rates(&mut tx, id).await?, store::prices(&mut tx, id).await?))
    }

    pub(crate) async fn terms_in(
        &self,
        tx: &mut ::store::Tx,
        id: PartnerId,
    ) -> Result<(Vec<Rate>, Vec<Price>)> {
        Ok((store::rates(tx, id).await?, store::prices(tx, id).await?))
    }

    pub(crate) async fn audit(
        &self,
        tx: &mut ::store::Tx,
        actor: &Actor,
        action: &'static str,
        partner: &Partner,
        details: Details,
    ) -> Result<()> {
        let target = Target::new(PartnerId::KIND, Uuid::from(partner.id));
        self.access().record(tx, actor, action, &target, details).await?;
        Ok(())
    }
}
