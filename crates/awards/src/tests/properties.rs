//! After any sequence of steps the books have no difference, and miles, stock and vouchers add up.

use chrono::{Days, Duration};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::{CARD, Desk, LOUNGE, both, item, new_id, ticket};
use crate::vouchers::Use;
use crate::{Confirm, RedemptionId};

/// One thing somebody does.
#[derive(Clone, Debug)]
enum Deed {
    Redeem { what: usize, quantity: i64, confirm: bool },
    Confirm(usize),
    Cancel(usize),
    TakeBack(usize),
    Use(usize),
    Stock(i64),
    Credit { amount: i64, days: u64 },
    Pass { hours: i64 },
    Clock,
}

fn deed() -> impl Strategy<Value = Deed> {
    let one = 0_usize..6;
    prop_oneof![
        4 => (0_usize..3, 1_i64..4, any::<bool>())
            .prop_map(|(what, quantity, confirm)| Deed::Redeem { what, quantity, confirm }),
        3 => one.clone().prop_map(Deed::Confirm),
        2 => one.clone().prop_map(Deed::Cancel),
        3 => one.clone().prop_map(Deed::TakeBack),
        1 => one.prop_map(Deed::Use),
        1 => (-2_i64..4).prop_map(Deed::Stock),
        1 => (1_i64..20_000, 0_u64..20).prop_map(|(amount, days)| Deed::Credit { amount, days }),
        2 => (-10_i64..90).prop_map(|hours| Deed::Pass { hours }),
        1 => Just(Deed::Clock),
    ]
}

impl Desk {
    /// Does it; refusals are as good as anything.
    async fn act(&self, deed: &Deed, made: &mut Vec<RedemptionId>) {
        let (awards, clerk) = (&self.awards, &self.clerk);
        let pick = |n: usize| made.iter().rev().nth(n).copied();
        match deed {
            Deed::Redeem { what, quantity, confirm } => {
                let wish = match what {
                    0 => ticket(awards.today() + Days::new(u64::try_from(*quantity).unwrap())),
                    1 => item(LOUNGE, *quantity),
                    _ => item(CARD, *quantity),
                };
                if let Ok(new) = self.redeem(wish, *confirm).await {
                    made.push(new.id);
                }
            }
            Deed::Confirm(n) => {
                let said = Confirm { reference: "479-1".to_owned(), payment: "receipt".to_owned() };
                if let Some(id) = pick(*n) {
                    drop(awards.confirm(clerk, id, &said).await);
                }
            }
            Deed::Cancel(n) => {
                if let Some(id) = pick(*n) {
                    drop(awards.cancel(clerk, id).await);
                }
            }
            Deed::TakeBack(n) => {
                let Some(id) = pick(*n) else { return };
                if let Ok(terms) = awards.terms(clerk, id).await {
                    let told = (terms.fee_miles, terms.fee_minor);
                    let _ = awards.redeposit(clerk, id, told).await.unwrap();
                }
            }
            Deed::Use(n) => {
                let Some(id) = pick(*n) else { return };
                for voucher in awards.vouchers_of(clerk, id).await.unwrap().iter().take(1) {
                    let code = awards.reveal(clerk, voucher.id).await.unwrap().1.unwrap();
                    let (scope, place) = (String::new(), String::new());
                    let asked = Use { id: new_id(), code, scope, member: None, place };
                    drop(awards.use_voucher(clerk, &asked).await);
                }
            }
            Deed::Stock(n) => {
                let of = (super::KM, CARD);
                drop(awards.stock_item(&self.manager, of, new_id(), *n).await);
            }
            Deed::Credit { amount, days } => {
                self.credit(*amount, awards.today() + Days::new(*days)).await;
            }
            Deed::Pass { hours } => self.house.clock.advance(Duration::hours(*hours)),
            Deed::Clock => {
                let ledger = awards.loyalty().ledger();
                ledger.end_holds().await.unwrap();
                ledger.expire().await.unwrap();
                awards.end_due().await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn miles_stock_and_vouchers_add_up() {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    for _ in 0..4 {
        let tree = proptest::collection::vec(deed(), 50).new_tree(&mut runner).unwrap();
        let deeds = tree.current();
        both(async |desk| {
            desk.rich(40_000).await;
            desk.limit(CARD, 6).await;
            let mut made = Vec::new();
            for (n, deed) in deeds.iter().enumerate() {
                desk.act(deed, &mut made).await;
                if n % 10 == 9 {
                    desk.act(&Deed::Clock, &mut made).await;
                    desk.check().await;
                }
            }
            assert!(made.len() > 4, "something was redeemed");
        })
        .await;
    }
}
