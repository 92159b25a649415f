//! Redemptions on both engines.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod api;
mod outcomes;
mod pages;
mod properties;
mod races;
mod vouchers;

use access::{Actor, Role};
use chrono::{Days, NaiveDate};
use customers::{Customers, Set};
use kernel::names::PersonName;
use loyalty::ledger::{Book, Role as For, Step, Transfer, TransferId, Unit};
use loyalty::members::{Enrol, Person};
use loyalty::programmes::Draft;
use loyalty::{Loyalty, MemberId, Rules as LoyaltyRules};
use uuid::Uuid;
use web::testing::House;

use crate::catalogue::{Form, Settings};
use crate::wish::Flight;
use crate::{Ask, Awards, Error, Parts, Redemption, RedemptionId, Result, Rules, Wish};

pub(super) const KM: &str = "bridge-km";
pub(super) const LOUNGE: &str = "lounge-pass";
/// Free of money, so that it can be confirmed at once.
pub(super) const CARD: &str = "card-reissue-base";

/// A programme with a catalogue, a member, and who looks after them.
pub(super) struct Desk {
    pub house: House,
    pub awards: Awards,
    pub clerk: Actor,
    pub manager: Actor,
    pub member: MemberId,
}

pub(super) async fn both<F: AsyncFn(Desk)>(body: F) {
    let migrations = [customers::MIGRATIONS, loyalty::MIGRATIONS, crate::MIGRATIONS];
    let tables =
        [customers::permissions::TABLE, loyalty::permissions::TABLE, crate::permissions::TABLE];
    let texts: [&[(kernel::Lang, &str)]; 3] = [&customers::TEXTS, &loyalty::TEXTS, crate::TEXTS];
    web::testing::both(&migrations, &tables, &texts, async |house| {
        body(desk(house).await).await;
    })
    .await;
}

async fn desk(house: House) -> Desk {
    let web = &house.web;
    let (db, clock, access) = (web.db.clone(), house.clock.clone(), web.access.clone());
    let customers = Customers::new(db.clone(), clock.clone(), access.clone());
    let zone = chrono_tz::Asia::Shanghai;
    let loyalty = Loyalty::new(loyalty::Parts {
        db: db.clone(),
        clock: clock.clone(),
        access: access.clone(),
        customers,
        zone,
        rules: LoyaltyRules::default(),
    });
    let awards = Awards::new(Parts { db, clock, access, loyalty, zone, rules: Rules::default() });
    let clerk = house.staff(Role::Loyalty).await.actor;
    let manager = house.staff(Role::Manager).await.actor;
    let text = programme::examples::BRIDGE_KM.to_owned();
    let draft = Draft { text, valid_from: "2013-01-08".parse().unwrap(), note: String::new() };
    let loyalty = awards.loyalty();
    let id = loyalty.draft_programme(&clerk, draft).await.unwrap().id;
    let _ = loyalty.propose_programme(&clerk, id).await.unwrap();
    let _ = loyalty.decide_programme(&manager, id, true, "").await.unwrap();
    for (sku, form) in [(LOUNGE, Form::Voucher), (CARD, Form::Voucher)] {
        awards.set_item(&manager, (KM, sku), &settings(form)).await.unwrap();
    }
    let member = enrol(&awards, &clerk, "周启明").await;
    Desk { house, awards, clerk, manager, member }
}

pub(super) fn settings(form: Form) -> Settings {
    Settings {
        form,
        partner: String::new(),
        scope: "lounge".to_owned(),
        voucher_days: 30,
        is_transferable: true,
        is_offered: true,
        last_day: None,
        is_limited: false,
    }
}

pub(super) async fn enrol(awards: &Awards, actor: &Actor, name: &str) -> MemberId {
    let draft = customers::Draft {
        name: Set::To(PersonName::parse(name)),
        birth_date: Set::To(NaiveDate::from_ymd_opt(1980, 5, 1)),
        ..customers::Draft::default()
    };
    let person = Person::New(Box::new(draft));
    let enrol = Enrol { programme: KM.to_owned(), person, guardian: None };
    awards.loyalty().enrol(actor, enrol).await.unwrap().id
}

impl Desk {
    /// Credits miles until a day.
    pub async fn credit(&self, amount: i64, last: NaiveDate) {
        let ledger = self.awards.loyalty().ledger();
        let mut tx = self.awards.db().begin().await.unwrap();
        let accounts = ledger.accounts_of(&mut tx, self.member).await.unwrap();
        let credit = accounts.iter().find(|it| it.book.unit == Unit::Miles).unwrap().id;
        let book = Book::new(KM, Unit::Miles);
        let debit = ledger.role(&mut tx, &book, For::Issuance, "").await.unwrap();
        let now = self.awards.now();
        let step = Step::Post { debit, credit, amount, expires_on: Some(last) };
        let transfer = Transfer::new(TransferId::new(now), "partner-bank", now, step);
        let outcomes = ledger.post_in(&mut tx, &[transfer]).await.unwrap();
        assert!(outcomes[0].is_posted(), "{outcomes:?}");
        tx.commit().await.unwrap();
    }

    /// Credits miles for a year.
    pub async fn rich(&self, amount: i64) {
        self.credit(amount, self.awards.today() + Days::new(365)).await;
    }

    /// Miles that can be spent.
    pub async fn available(&self) -> i64 {
        let mut tx = self.awards.db().read().await.unwrap();
        self.awards.means(&mut tx, self.member).await.unwrap().0
    }

    /// Limits a thing to so many.
    pub async fn limit(&self, sku: &str, n: i64) {
        let settings = Settings { is_limited: true, ..settings(Form::Voucher) };
        self.awards.set_item(&self.manager, (KM, sku), &settings).await.unwrap();
        self.awards.stock_item(&self.manager, (KM, sku), new_id(), n).await.unwrap();
    }

    /// A quote, and the token of its first way to pay.
    pub async fn ask(&self, wish: Wish, confirm: bool) -> Result<Ask> {
        let quote = self.awards.quote(&self.clerk, self.member, wish, None).await?;
        let token = quote.offers[0].token.clone();
        Ok(Ask { id: new_id().into(), member: self.member, token, confirm, device: None })
    }

    pub async fn redeem(&self, wish: Wish, confirm: bool) -> Result<Redemption> {
        let ask = self.ask(wish, confirm).await?;
        self.awards.redeem(&self.clerk, &ask).await.map(kernel::Outcome::into_inner)
    }

    pub async fn state(&self, id: RedemptionId) -> crate::State {
        self.awards.redemption(&self.clerk, id).await.unwrap().redemption.state
    }

    /// Stocked, reserved, issued.
    pub async fn stock(&self, sku: &str) -> (Option<i64>, i64, i64) {
        let items = self.awards.items(&self.clerk).await.unwrap();
        let item = items.into_iter().find(|it| it.sku == sku).unwrap();
        (item.stocked, item.reserved, item.issued)
    }

    /// Holds the books, the redemptions, the stock and the vouchers against each other.
    pub async fn check(&self) {
        let checked = self.awards.loyalty().ledger().check().await.unwrap();
        assert_eq!(checked.differences, Vec::new());
        let all = self.awards.latest(&self.clerk, 1_000).await.unwrap();
        let mut tx = self.awards.db().read().await.unwrap();
        let ledger = self.awards.loyalty().ledger();
        let book = Book::new(KM, Unit::Miles);
        let held: i64 = all.iter().filter(|it| it.state.is_open()).map(|it| it.miles).sum();
        let spent: i64 = all
            .iter()
            .map(|it| match it.state {
                crate::State::Settled => it.miles,
                crate::State::Redeposited => it.fee_miles,
                _ => 0,
            })
            .sum();
        for (role, miles) in [(For::Held, held), (For::Redemption, spent)] {
            let id = ledger.role(&mut tx, &book, role, "").await.unwrap();
            let account = ledger.account(&mut tx, id).await.unwrap().unwrap();
            assert_eq!(account.balance, miles, "{role:?}");
        }
        drop(tx);
        for sku in [LOUNGE, CARD] {
            let sum = |state: &dyn Fn(crate::State) -> bool| -> i64 {
                let of = all.iter().filter(|it| it.sku == sku && state(it.state));
                of.map(|it| it.quantity).sum()
            };
            let (stocked, reserved, issued) = self.stock(sku).await;
            let expected = (sum(&crate::State::is_open), sum(&|s| s == crate::State::Settled));
            assert_eq!((reserved, issued), expected, "{sku}");
            assert!(stocked.is_none_or(|stocked| stocked >= reserved + issued));
            let vouchers = self.awards.vouchers(&self.clerk, self.member).await.unwrap();
            let living = vouchers.iter().filter(|it| it.sku == sku && it.state.as_str() != "void");
            assert_eq!(i64::try_from(living.count()).unwrap(), issued, "{sku}");
        }
    }
}

pub(super) fn new_id() -> Uuid {
    kernel::ids::v7(chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(20_000))
}

pub(super) fn item(sku: &str, quantity: i64) -> Wish {
    Wish::Item { sku: sku.to_owned(), quantity }
}

pub(super) fn ticket(day: NaiveDate) -> Wish {
    let flight = Flight {
        day,
        departs: chrono::NaiveTime::from_hms_opt(9, 0, 0),
        origin: "szx".to_owned(),
        destination: "PEK".to_owned(),
        carrier: "JB".to_owned(),
        cabin: "economy".to_owned(),
        nominee: None,
    };
    Wish::Ticket { flight, fare_minor: None }
}

pub(super) fn refused<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    match result {
        Err(Error::Refused(code)) => code,
        other => panic!("{other:?}"),
    }
}
