//! Several at once, on both engines.

use chrono::{Days, Duration};
use futures::future::join_all;

use super::{CARD, LOUNGE, both, item, ticket};
use crate::{Confirm, Error, State};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_redemptions_for_one_balance() {
    both(async |desk| {
        desk.rich(15_000).await;
        let day = desk.awards.today() + Days::new(10);
        let asks = [
            desk.ask(ticket(day), false).await.unwrap(),
            desk.ask(ticket(day), false).await.unwrap(),
        ];
        let all = asks.iter().map(|ask| desk.awards.redeem(&desk.clerk, ask));
        let (good, bad): (Vec<_>, Vec<_>) =
            join_all(all).await.into_iter().partition(Result::is_ok);
        assert_eq!(good.len(), 1);
        assert!(matches!(bad[0], Err(Error::Refused("awards-insufficient"))), "{bad:?}");
        assert_eq!(desk.available().await, 5_000);
        desk.check().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_callers_for_the_last_one() {
    both(async |desk| {
        desk.rich(100_000).await;
        desk.limit(CARD, 1).await;
        let mut asks = Vec::new();
        for _ in 0..8 {
            asks.push(desk.ask(item(CARD, 1), true).await.unwrap());
        }
        let all = asks.iter().map(|ask| desk.awards.redeem(&desk.clerk, ask));
        let (good, bad): (Vec<_>, Vec<_>) =
            join_all(all).await.into_iter().partition(Result::is_ok);
        assert_eq!(good.len(), 1);
        for one in &bad {
            assert!(matches!(one, Err(Error::Refused("awards-sold-out"))), "{one:?}");
        }
        assert_eq!(desk.stock(CARD).await, (Some(1), 0, 1));
        desk.check().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_second_click_redeems_once() {
    both(async |desk| {
        desk.rich(100_000).await;
        let ask = desk.ask(item(CARD, 1), true).await.unwrap();
        let all = (0..6).map(|_| desk.awards.redeem(&desk.clerk, &ask));
        let done = join_all(all).await;
        let new = done.iter().filter(|it| !it.as_ref().unwrap().is_repeat());
        assert_eq!(new.count(), 1);
        assert_eq!(desk.available().await, 99_200);
        desk.check().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn confirm_cancel_and_the_clock_end_it_once() {
    both(async |desk| {
        desk.rich(100_000).await;
        for round in 0..4 {
            let made = desk.redeem(item(CARD, 1), false).await.unwrap();
            if round % 2 == 1 {
                desk.house.clock.advance(Duration::hours(24));
            }
            let nothing = Confirm::default();
            let (confirmed, cancelled, ended) = futures::join!(
                desk.awards.confirm(&desk.clerk, made.id, &nothing),
                desk.awards.cancel(&desk.clerk, made.id),
                desk.awards.end_due(),
            );
            ended.unwrap();
            let state = desk.state(made.id).await;
            assert_eq!(confirmed.is_ok(), state == State::Settled, "{confirmed:?}");
            assert_eq!(cancelled.is_err(), state == State::Settled, "{cancelled:?}");
            desk.check().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_redemption_meets_expiry() {
    both(async |desk| {
        let today = desk.awards.today();
        desk.credit(6_000, today).await;
        let ask = desk.ask(item(LOUNGE, 1), false).await.unwrap();
        // Shanghai's midnight is eight hours before that of the clock: quoted on the last day, asked
        // for on the next.
        desk.house.clock.advance(Duration::minutes(14));
        let ledger = desk.awards.loyalty().ledger();
        let (redeemed, expired) =
            futures::join!(desk.awards.redeem(&desk.clerk, &ask), ledger.expire());
        expired.unwrap();
        let over = desk.awards.today() > today;
        assert_eq!(redeemed.is_err(), over, "{redeemed:?}");
        desk.check().await;
        // Whoever comes first, miles whose day is over buy nothing.
        desk.house.clock.advance(Duration::days(2));
        desk.awards.end_due().await.unwrap();
        desk.credit(6_000, desk.awards.today()).await;
        let quoted = desk.awards.quote(&desk.clerk, desk.member, item(LOUNGE, 1), None).await;
        assert_eq!(quoted.unwrap().offers[0].missing, 0);
        desk.house.clock.advance(Duration::days(1));
        let ask = desk.ask(item(LOUNGE, 1), false).await.unwrap();
        let (redeemed, expired) =
            futures::join!(desk.awards.redeem(&desk.clerk, &ask), ledger.expire());
        expired.unwrap();
        assert!(matches!(redeemed, Err(Error::Refused("awards-insufficient"))), "{redeemed:?}");
        assert_eq!(desk.available().await, 0);
        desk.check().await;
    })
    .await;
}
