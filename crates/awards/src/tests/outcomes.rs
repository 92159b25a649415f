use access::Actor;
use chrono::{Days, Duration};
use kernel::names::PersonName;
use loyalty::ledger::{AccountState, Unit};
use loyalty::limits::{Action, Limit, What};
use loyalty::members::nominees::NewNominee;

use super::{CARD, KM, LOUNGE, both, enrol, item, new_id, refused, settings, ticket};
use crate::catalogue::{Form, Settings};
use crate::wish::Flight;
use crate::{Ask, Confirm, Error, State, Step, Wish};

fn issued(reference: &str) -> Confirm {
    Confirm { reference: reference.to_owned(), payment: String::new() }
}

#[tokio::test]
async fn a_ticket_is_held_issued_and_taken_back_for_the_fee() {
    both(async |desk| {
        desk.rich(30_000).await;
        let day = desk.awards.today() + Days::new(10);
        let made = desk.redeem(ticket(day), true).await.unwrap();
        assert_eq!((made.state, made.miles), (State::Held, 10_000), "a ticket number is needed");
        assert_eq!(desk.available().await, 20_000);
        let none = desk.awards.confirm(&desk.clerk, made.id, &issued(" ")).await;
        assert!(matches!(none, Err(Error::Invalid(fields)) if fields[0].field == "reference"));
        assert_eq!(refused(desk.awards.terms(&desk.clerk, made.id).await), "awards-not-settled");
        let said = issued("479-2400000001");
        let done = desk.awards.confirm(&desk.clerk, made.id, &said).await.unwrap();
        assert_eq!(done.into_inner().state, State::Settled);
        assert!(desk.awards.confirm(&desk.clerk, made.id, &said).await.unwrap().is_repeat());
        assert_eq!(refused(desk.awards.cancel(&desk.clerk, made.id).await), "awards-settled");
        let terms = desk.awards.terms(&desk.clerk, made.id).await.unwrap();
        assert_eq!((terms.fee_miles, terms.back_miles), (1_000, 9_000));
        desk.check().await;
        // Within a day of departure it costs more than what was told.
        let told = (terms.fee_miles, terms.fee_minor);
        desk.house.clock.advance(Duration::hours(24 * 9 + 12));
        let late = desk.awards.redeposit(&desk.clerk, made.id, told).await;
        assert_eq!(refused(late), "awards-fee-changed");
        let terms = desk.awards.terms(&desk.clerk, made.id).await.unwrap();
        let told = (terms.fee_miles, terms.fee_minor);
        assert_eq!(told, (2_500, 0));
        let back = desk.awards.redeposit(&desk.clerk, made.id, told).await.unwrap();
        assert!(!back.is_repeat());
        assert!(desk.awards.redeposit(&desk.clerk, made.id, told).await.unwrap().is_repeat());
        assert_eq!(desk.available().await, 27_500);
        let whole = desk.awards.redemption(&desk.clerk, made.id).await.unwrap();
        let steps: Vec<Step> = whole.steps.iter().map(|it| it.step).collect();
        assert_eq!(steps, [Step::Held, Step::Settled, Step::Redeposited]);
        desk.check().await;
    })
    .await;
}

#[tokio::test]
async fn after_departure_the_rules_do_not_give_it_back() {
    both(async |desk| {
        desk.rich(30_000).await;
        let made = desk.redeem(ticket(desk.awards.today() + Days::new(2)), false).await.unwrap();
        let _ = desk.awards.confirm(&desk.clerk, made.id, &issued("479-1")).await.unwrap();
        desk.house.clock.advance(Duration::days(3));
        assert_eq!(refused(desk.awards.terms(&desk.clerk, made.id).await), "awards-no-way-back");
    })
    .await;
}

/// Lots that ran out while the ticket was out come back for the days of grace.
#[tokio::test]
async fn what_expired_meanwhile_comes_back_for_days_of_grace() {
    both(async |desk| {
        let today = desk.awards.today();
        desk.credit(10_000, today + Days::new(5)).await;
        let made = desk.redeem(ticket(today + Days::new(20)), false).await.unwrap();
        let _ = desk.awards.confirm(&desk.clerk, made.id, &issued("479-1")).await.unwrap();
        desk.house.clock.advance(Duration::days(8));
        desk.awards.loyalty().ledger().expire().await.unwrap();
        let terms = desk.awards.terms(&desk.clerk, made.id).await.unwrap();
        assert_eq!(terms.grace, Some(desk.awards.today() + Days::new(30)));
        let _ = desk.awards.redeposit(&desk.clerk, made.id, (1_000, 0)).await.unwrap();
        assert_eq!(desk.available().await, 9_000);
        desk.house.clock.advance(Duration::days(31));
        assert_eq!(desk.available().await, 0);
        desk.check().await;
    })
    .await;
}

/// A hold of miles that expire is good; given back after their day they are gone.
#[tokio::test]
async fn a_hold_outlives_its_miles_and_its_time() {
    both(async |desk| {
        let today = desk.awards.today();
        desk.credit(6_000, today).await;
        let made = desk.redeem(item(LOUNGE, 1), true).await.unwrap();
        assert_eq!(made.state, State::Held, "money is to be paid first");
        desk.house.clock.advance(Duration::hours(20));
        assert!(desk.awards.today() > today, "their last day is over");
        desk.awards.loyalty().ledger().expire().await.unwrap();
        let paid = Confirm { reference: String::new(), payment: "POS 77".to_owned() };
        let done = desk.awards.confirm(&desk.clerk, made.id, &paid).await.unwrap();
        assert_eq!(done.into_inner().state, State::Settled);
        desk.check().await;

        desk.rich(6_000).await;
        let other = desk.redeem(item(LOUNGE, 1), false).await.unwrap();
        desk.house.clock.advance(Duration::hours(25));
        // The ledger was there first, and we have not looked yet.
        desk.awards.loyalty().ledger().end_holds().await.unwrap();
        let late = desk.awards.confirm(&desk.clerk, other.id, &paid).await;
        assert_eq!(refused(late), "awards-hold-ended");
        assert_eq!(desk.state(other.id).await, State::Lapsed);
        assert_eq!(
            refused(desk.awards.confirm(&desk.clerk, other.id, &paid).await),
            "awards-ended"
        );
        desk.check().await;
        assert_eq!(desk.awards.end_due().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn holds_that_nobody_confirms_give_the_thing_back() {
    both(async |desk| {
        desk.rich(20_000).await;
        desk.limit(LOUNGE, 1).await;
        let made = desk.redeem(item(LOUNGE, 1), false).await.unwrap();
        assert_eq!(refused(desk.ask(item(LOUNGE, 1), false).await), "awards-sold-out");
        desk.house.clock.advance(Duration::hours(24));
        assert_eq!(desk.awards.end_due().await.unwrap(), 1);
        assert_eq!(desk.awards.end_due().await.unwrap(), 0);
        assert_eq!(desk.state(made.id).await, State::Lapsed);
        assert!(desk.awards.cancel(&desk.clerk, made.id).await.unwrap().is_repeat());
        assert_eq!(desk.stock(LOUNGE).await, (Some(1), 0, 0));
        assert_eq!(desk.available().await, 20_000);
        // A clock that is set back brings nothing back to life.
        desk.house.clock.advance(Duration::hours(-24));
        assert_eq!(desk.state(made.id).await, State::Lapsed);
        desk.check().await;
    })
    .await;
}

#[tokio::test]
async fn quotes_are_bound_to_what_was_said() {
    both(async |desk| {
        desk.rich(20_000).await;
        let ask = desk.ask(item(CARD, 1), true).await.unwrap();
        let other = enrol(&desk.awards, &desk.clerk, "林小雨").await;
        let stolen = Ask { member: other, ..ask.clone() };
        let forged = Ask { token: format!("x{}", ask.token), ..ask.clone() };
        for bad in [stolen, forged] {
            let said = desk.awards.redeem(&desk.clerk, &bad).await;
            assert!(matches!(said, Err(Error::Invalid(fields)) if fields[0].field == "quote"));
        }
        let made = desk.awards.redeem(&desk.clerk, &ask).await.unwrap();
        assert!(!made.is_repeat());
        // A second click, also after the quote ended; with another wish it is somebody's mistake.
        desk.house.clock.advance(Duration::minutes(16));
        let again = desk.awards.redeem(&desk.clerk, &ask).await.unwrap();
        assert!(again.is_repeat());
        let two = desk.ask(item(CARD, 2), true).await.unwrap();
        let taken = Ask { id: ask.id, ..two.clone() };
        assert_eq!(refused(desk.awards.redeem(&desk.clerk, &taken).await), "awards-id-taken");
        desk.house.clock.advance(Duration::minutes(16));
        let late = desk.awards.redeem(&desk.clerk, &two).await;
        assert_eq!(refused(late), "awards-quote-expired");
        assert_eq!(desk.available().await, 20_000 - 800);
        desk.check().await;
    })
    .await;
}

/// Rules that were approved between quote and click: the old price is not taken, nor the new one.
#[tokio::test]
async fn a_price_that_changed_is_asked_for_again() {
    both(async |desk| {
        desk.rich(20_000).await;
        let ask = desk.ask(item(CARD, 1), true).await.unwrap();
        let text = programme::examples::BRIDGE_KM.replace("miles = 800\n", "miles = 900\n");
        let number = text.lines().find(|line| line.starts_with("version = ")).unwrap().to_owned();
        let text = text.replacen(&number, "version = 99", 1);
        let (loyalty, valid_from) = (desk.awards.loyalty(), desk.awards.today());
        let draft = loyalty::programmes::Draft { text, valid_from, note: String::new() };
        let id = loyalty.draft_programme(&desk.clerk, draft).await.unwrap().id;
        let _ = loyalty.propose_programme(&desk.clerk, id).await.unwrap();
        let _ = loyalty.decide_programme(&desk.manager, id, true, "").await.unwrap();
        let said = desk.awards.redeem(&desk.clerk, &ask).await;
        assert_eq!(refused(said), "awards-price-changed");
        assert_eq!(desk.available().await, 20_000);
        assert_eq!(desk.redeem(item(CARD, 1), true).await.unwrap().miles, 900);
        desk.check().await;
    })
    .await;
}

#[tokio::test]
async fn frozen_poor_and_waiting_members_do_not_redeem() {
    both(async |desk| {
        desk.rich(9_000).await;
        let day = desk.awards.today() + Days::new(10);
        let quote = desk.awards.quote(&desk.clerk, desk.member, ticket(day), None).await.unwrap();
        assert_eq!((quote.offers[0].missing, quote.available), (1_000, 9_000));
        assert_eq!(refused(desk.redeem(ticket(day), false).await), "awards-insufficient");
        // With money beside, they are enough: in whole steps, half in miles at least.
        let mixed: Vec<(i64, i64)> =
            quote.offers.iter().map(|it| (it.offer.miles, it.offer.minor)).collect();
        assert_eq!(mixed, [(10_000, 0), (9_000, 12_000), (5_000, 60_000)]);

        let loyalty = desk.awards.loyalty();
        let nominee = NewNominee {
            name: PersonName::parse("Li Wei"),
            birth_date: "1990-01-01".parse::<chrono::NaiveDate>().unwrap().into(),
            document: "E12345678".to_owned().into(),
            guardian_consent: false,
        };
        let who = loyalty.add_nominees(&desk.clerk, desk.member, &[nominee]).await.unwrap()[0];
        let for_them = |nominee| match ticket(day + Days::new(40)) {
            Wish::Ticket { flight, fare_minor } => {
                Wish::Ticket { flight: Flight { nominee, ..flight }, fare_minor }
            }
            other => other,
        };
        let waits = desk.ask(for_them(Some(who.uuid())), false).await;
        assert_eq!(refused(waits), "awards-nominee-waits");
        let nobody = desk.ask(for_them(Some(new_id())), false).await;
        assert_eq!(refused(nobody), "awards-nominee-gone");
        desk.house.clock.advance(Duration::days(30));
        let ask = desk.ask(for_them(Some(who.uuid())), false).await.unwrap();
        let _ = loyalty.remove_nominee(&desk.clerk, desk.member, who).await.unwrap();
        assert_eq!(refused(desk.awards.redeem(&desk.clerk, &ask).await), "awards-nominee-gone");

        let ask = desk.ask(item(CARD, 1), true).await.unwrap();
        let state = AccountState::DebitsFrozen;
        let _ = loyalty.freeze(&desk.clerk, desk.member, state, "takeover").await.unwrap();
        assert_eq!(refused(desk.awards.redeem(&desk.clerk, &ask).await), "awards-frozen");
        desk.check().await;
    })
    .await;
}

/// What began before a freeze ends: it is confirmed, or comes back.
#[tokio::test]
async fn a_freeze_stops_nothing_that_began() {
    both(async |desk| {
        desk.rich(20_000).await;
        let one = desk.redeem(item(CARD, 1), false).await.unwrap();
        let other = desk.redeem(item(CARD, 2), false).await.unwrap();
        let (loyalty, state) = (desk.awards.loyalty(), AccountState::Frozen);
        let _ = loyalty.freeze(&desk.clerk, desk.member, state, "dispute").await.unwrap();
        let _ = desk.awards.confirm(&desk.clerk, one.id, &Confirm::default()).await.unwrap();
        let _ = desk.awards.cancel(&desk.clerk, other.id).await.unwrap();
        desk.check().await;
    })
    .await;
}

#[tokio::test]
async fn what_goes_beyond_a_limit_waits_with_its_miles_held() {
    both(async |desk| {
        desk.rich(20_000).await;
        let loyalty = desk.awards.loyalty();
        let limit = |most_amount, action| Limit {
            id: new_id(),
            programme: KM.to_owned(),
            what: What::Redemption,
            hours: 24,
            most_count: None,
            most_amount: Some(most_amount),
            action,
            valid_from: desk.awards.now(),
            valid_to: None,
        };
        loyalty.add_limit(&desk.clerk, &limit(1_000, Action::Review)).await.unwrap();
        loyalty.add_limit(&desk.clerk, &limit(5_000, Action::Refuse)).await.unwrap();
        let one = desk.redeem(item(CARD, 2), true).await.unwrap();
        assert_eq!((one.state, desk.available().await), (State::Review, 18_400));
        let said = desk.awards.confirm(&desk.clerk, one.id, &Confirm::default()).await;
        assert_eq!(refused(said), "awards-in-review");
        let two = desk.redeem(item(CARD, 1), true).await.unwrap();
        assert_eq!(refused(desk.redeem(item(CARD, 9), true).await), "awards-limit");
        // One is cleared and goes on as was asked; the other is turned down.
        for (redemption, cleared) in [(&one, true), (&two, false)] {
            let review = redemption.review.unwrap();
            let _ = loyalty.decide_review(&desk.clerk, review, cleared).await.unwrap();
        }
        store::outbox::dispatch(
            desk.awards.db(),
            &desk.awards.listeners(),
            desk.awards.now(),
            1_000,
        )
        .await
        .unwrap();
        assert_eq!(desk.state(one.id).await, State::Settled);
        assert_eq!(desk.state(two.id).await, State::Cancelled);
        assert_eq!(desk.available().await, 18_400);
        desk.check().await;
    })
    .await;
}

/// A member sees and ends their own, and nobody else's: not even that there is one.
#[tokio::test]
async fn members_act_for_themselves_only() {
    both(async |desk| {
        desk.rich(20_000).await;
        let me = Actor::member(desk.member.uuid());
        let other = Actor::member(enrol(&desk.awards, &desk.clerk, "林小雨").await.uuid());
        let quote = desk.awards.quote(&me, desk.member, item(CARD, 1), None).await.unwrap();
        let theirs = desk.awards.quote(&other, desk.member, item(CARD, 1), None).await;
        assert!(matches!(theirs, Err(Error::NotFound(_))));
        let token = quote.offers[0].token.clone();
        let ask =
            Ask { id: new_id().into(), member: desk.member, token, confirm: false, device: None };
        let stolen = desk.awards.redeem(&other, &ask).await;
        assert!(matches!(stolen, Err(Error::NotFound(_))));
        let made = desk.awards.redeem(&me, &ask).await.unwrap().into_inner();
        let theirs = desk.awards.cancel(&other, made.id).await;
        assert!(matches!(theirs, Err(Error::NotFound(_))));
        let alone = desk.awards.confirm(&me, made.id, &Confirm::default()).await;
        assert!(matches!(alone, Err(Error::Denied(_))));
        let _ = desk.awards.cancel(&me, made.id).await.unwrap();
        let whole = desk.awards.redemption(&me, made.id).await.unwrap();
        assert!(whole.steps.iter().all(|it| it.actor_kind == "member"));
        desk.check().await;
    })
    .await;
}

/// Miles of members merged into one are spent together, and what is taken back returns to each.
#[tokio::test]
async fn a_pool_of_accounts_pays_and_is_paid_back() {
    both(async |desk| {
        desk.rich(6_000).await;
        let other = enrol(&desk.awards, &desk.clerk, "周启明").await;
        let loyalty = desk.awards.loyalty();
        let _ = loyalty.merge_members(&desk.clerk, desk.member, other).await.unwrap();
        let desk = super::Desk { member: other, ..desk };
        desk.rich(6_000).await;
        let made = desk.redeem(ticket(desk.awards.today() + Days::new(9)), false).await.unwrap();
        let whole = desk.awards.redemption(&desk.clerk, made.id).await.unwrap();
        assert_eq!(whole.holds.len(), 2);
        let _ = desk.awards.confirm(&desk.clerk, made.id, &issued("479-1")).await.unwrap();
        let _ = desk.awards.redeposit(&desk.clerk, made.id, (1_000, 0)).await.unwrap();
        assert_eq!(desk.available().await, 11_000);
        desk.check().await;
    })
    .await;
}

#[tokio::test]
async fn partners_are_paid_with_the_miles() {
    both(async |desk| {
        desk.rich(20_000).await;
        let settings = Settings { partner: "BANK-7".to_owned(), ..settings(Form::Goods) };
        desk.awards.set_item(&desk.manager, (KM, CARD), &settings).await.unwrap();
        let made = desk.redeem(item(CARD, 2), true).await.unwrap();
        assert_eq!(made.state, State::Settled);
        let mut tx = desk.awards.db().begin().await.unwrap();
        let ledger = desk.awards.loyalty().ledger();
        let book = loyalty::ledger::Book::new(KM, Unit::Miles);
        let id = ledger.open_partner(&mut tx, &book, "BANK-7").await.unwrap();
        assert_eq!(ledger.account(&mut tx, id).await.unwrap().unwrap().balance, 1_600);
        drop(tx);
        let goods = desk.awards.terms(&desk.clerk, made.id).await;
        assert_eq!(refused(goods), "awards-goods-gone");
    })
    .await;
}

#[tokio::test]
async fn stock_is_kept_by_hand_once_for_each_click() {
    both(async |desk| {
        desk.rich(20_000).await;
        let of = (KM, LOUNGE);
        let none = desk.awards.stock_item(&desk.manager, of, new_id(), 3).await;
        assert_eq!(refused(none), "awards-no-limit");
        desk.limit(LOUNGE, 3).await;
        let id = new_id();
        for _ in 0..2 {
            let item = desk.awards.stock_item(&desk.manager, of, id, -2).await.unwrap();
            assert_eq!(item.left(), Some(1));
        }
        desk.redeem(item(LOUNGE, 1), false).await.unwrap();
        let short = desk.awards.stock_item(&desk.manager, of, new_id(), -1).await;
        assert_eq!(refused(short), "awards-stock-short");
        let zero = desk.awards.stock_item(&desk.manager, of, new_id(), 0).await;
        assert!(matches!(zero, Err(Error::Invalid(_))));
        let goods = settings(Form::Goods);
        let unknown = desk.awards.set_item(&desk.manager, (KM, "none"), &goods).await;
        assert!(matches!(unknown, Err(Error::NotFound("item"))));
        let off = Settings { is_offered: false, is_limited: true, ..settings(Form::Voucher) };
        desk.awards.set_item(&desk.manager, of, &off).await.unwrap();
        assert_eq!(refused(desk.ask(item(LOUNGE, 1), false).await), "awards-item-not-offered");
        assert_eq!(desk.stock(LOUNGE).await, (Some(1), 1, 0));
        desk.check().await;
    })
    .await;
}

#[tokio::test]
async fn wishes_that_are_none_are_named_by_field() {
    both(async |desk| {
        let today = desk.awards.today();
        let wrong = |wish| async {
            match desk.awards.quote(&desk.clerk, desk.member, wish, None).await {
                Err(Error::Invalid(fields)) => fields.iter().map(|it| it.field).collect(),
                other => panic!("{other:?}"),
            }
        };
        let flight = Flight {
            day: today - Days::new(1),
            departs: None,
            origin: "XXX".to_owned(),
            destination: "PEK".to_owned(),
            carrier: "J".to_owned(),
            cabin: "bed".to_owned(),
            nominee: None,
        };
        let upgrade = Wish::Upgrade { flight: flight.clone(), class: "YY".to_owned() };
        let fields: Vec<&str> = wrong(upgrade).await;
        assert_eq!(fields, ["class", "day", "origin", "carrier", "cabin"]);
        let same = Flight { origin: "PEK".to_owned(), ..flight };
        let fields: Vec<&str> = wrong(Wish::Ticket { flight: same, fare_minor: Some(0) }).await;
        assert_eq!(fields, ["fare", "day", "destination", "carrier", "cabin"]);
        assert_eq!(wrong(item("", 0)).await, ["sku", "quantity"]);
        let far = desk.awards.quote(&desk.clerk, desk.member, item("no-such", 1), None).await;
        assert_eq!(refused(far), "awards-item-not-offered");
    })
    .await;
}
