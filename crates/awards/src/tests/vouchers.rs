use access::Actor;
use chrono::Duration;
use futures::future::join_all;
use kernel::Personal;

use super::{CARD, KM, both, enrol, item, new_id, refused, settings};
use crate::catalogue::{Form, Settings};
use crate::vouchers::{Use, VoucherState};
use crate::{Error, State};

fn shown(code: &str) -> Use {
    Use {
        id: new_id(),
        code: Personal::new(code.to_owned()),
        scope: "lounge".to_owned(),
        member: None,
        place: "PEK lounge 2".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_voucher_is_used_once() {
    both(async |desk| {
        desk.rich(20_000).await;
        let made = desk.redeem(item(CARD, 2), true).await.unwrap();
        assert_eq!(made.state, State::Settled);
        let vouchers = desk.awards.vouchers_of(&desk.clerk, made.id).await.unwrap();
        assert_eq!(vouchers.len(), 2);
        let me = Actor::member(desk.member.uuid());
        let (_, code) = desk.awards.reveal(&me, vouchers[0].id).await.unwrap();
        let code = code.unwrap().reveal().clone();
        let stranger = Actor::member(enrol(&desk.awards, &desk.clerk, "林小雨").await.uuid());
        let theirs = desk.awards.reveal(&stranger, vouchers[0].id).await;
        assert!(matches!(theirs, Err(Error::NotFound("voucher"))));

        let uses: Vec<Use> = (0..8).map(|_| shown(&code.to_lowercase())).collect();
        let all = uses.iter().map(|one| desk.awards.use_voucher(&desk.clerk, one));
        let done = join_all(all).await;
        let won = done.iter().position(Result::is_ok).unwrap();
        for (place, one) in done.into_iter().enumerate() {
            if place != won {
                assert_eq!(refused(one), "awards-voucher-used");
            }
        }
        assert!(desk.awards.use_voucher(&desk.clerk, &uses[won]).await.unwrap().is_repeat());
        let known = desk.awards.voucher(&desk.clerk, &Personal::new(code.clone())).await.unwrap();
        assert_eq!((known.state, known.used_where.as_str()), (VoucherState::Used, "PEK lounge 2"));
        // One of two is spent: they are not taken back.
        assert_eq!(refused(desk.awards.terms(&desk.clerk, made.id).await), "awards-voucher-spent");
        for guessed in ["", "0000-0000-0000-0000", "会员", &format!("{code}0")] {
            let said = desk.awards.use_voucher(&desk.clerk, &shown(guessed)).await;
            assert!(matches!(said, Err(Error::NotFound("voucher"))), "{guessed}");
        }
        desk.check().await;
    })
    .await;
}

#[tokio::test]
async fn vouchers_end_are_bound_and_are_taken_back() {
    both(async |desk| {
        desk.rich(20_000).await;
        let own = Settings { is_transferable: false, ..settings(Form::Voucher) };
        desk.awards.set_item(&desk.manager, (KM, CARD), &own).await.unwrap();
        let made = desk.redeem(item(CARD, 1), true).await.unwrap();
        let voucher = desk.awards.vouchers_of(&desk.clerk, made.id).await.unwrap().remove(0);
        let (_, code) = desk.awards.reveal(&desk.clerk, voucher.id).await.unwrap();
        let code = code.unwrap().reveal().clone();
        let nobody = desk.awards.use_voucher(&desk.clerk, &shown(&code)).await;
        assert_eq!(refused(nobody), "awards-voucher-not-theirs");
        let elsewhere = Use { scope: "shop".to_owned(), ..shown(&code) };
        let said = desk.awards.use_voucher(&desk.clerk, &elsewhere).await;
        assert_eq!(refused(said), "awards-voucher-elsewhere");
        let theirs = Use { member: Some(desk.member), ..shown(&code) };
        desk.house.clock.advance(Duration::days(30));
        let late = desk.awards.use_voucher(&desk.clerk, &theirs).await;
        assert_eq!(refused(late), "awards-voucher-expired");
        desk.house.clock.advance(Duration::days(-1));
        let _ = desk.awards.use_voucher(&desk.clerk, &theirs).await.unwrap();

        let made = desk.redeem(item(CARD, 1), true).await.unwrap();
        let voucher = desk.awards.vouchers_of(&desk.clerk, made.id).await.unwrap().remove(0);
        let (_, code) = desk.awards.reveal(&desk.clerk, voucher.id).await.unwrap();
        let code = code.unwrap().reveal().clone();
        let terms = desk.awards.terms(&desk.clerk, made.id).await.unwrap();
        assert_eq!((terms.fee_miles, terms.back_miles), (80, 720));
        let use_it = Use { member: Some(desk.member), ..shown(&code) };
        let (used, back) = futures::join!(
            desk.awards.use_voucher(&desk.clerk, &use_it),
            desk.awards.redeposit(&desk.clerk, made.id, (80, 0)),
        );
        // Either the guest sits in the lounge or the miles are back.
        assert_ne!(used.is_ok(), back.is_ok(), "{used:?} {back:?}");
        desk.check().await;
    })
    .await;
}

#[tokio::test]
async fn nothing_leads_to_who_was_erased() {
    both(async |desk| {
        desk.rich(20_000).await;
        let made = desk.redeem(item(CARD, 1), true).await.unwrap();
        let voucher = desk.awards.vouchers_of(&desk.clerk, made.id).await.unwrap().remove(0);
        let (_, code) = desk.awards.reveal(&desk.clerk, voucher.id).await.unwrap();
        let member = desk.awards.loyalty().member(&desk.clerk, desk.member).await.unwrap();
        desk.awards.loyalty().forget(member.customer.unwrap()).await.unwrap();
        let (db, now) = (desk.awards.db(), desk.awards.now());
        store::outbox::dispatch(db, &desk.awards.listeners(), now, 1_000).await.unwrap();
        let (voucher, gone) = desk.awards.reveal(&desk.clerk, voucher.id).await.unwrap();
        assert_eq!((voucher.state, gone.is_none()), (VoucherState::Void, true));
        let code = code.unwrap();
        let said = desk.awards.use_voucher(&desk.clerk, &shown(code.reveal())).await;
        assert_eq!(refused(said), "awards-voucher-void");
    })
    .await;
}

#[test]
fn every_table_with_a_member_is_known() {
    let tables = crate::MIGRATIONS[0].text.split("CREATE TABLE ").skip(1);
    let with: Vec<&str> = tables
        .filter(|table| table.split(");").next().unwrap().contains("member_id"))
        .map(|table| table.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(with, crate::PERSONAL_TABLES);
}
