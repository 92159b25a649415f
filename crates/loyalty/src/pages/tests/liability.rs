use serde_json::Value;

use super::*;
use crate::liability::Valuation;

const PATH: &str = "/programmes/bridge-km/liability";

#[tokio::test]
async fn what_is_owed_is_kept_each_night_and_ties_to_the_books() {
    both(async |house| {
        let desk = desk(&house).await;
        let loyalty = &desk.loyalty;
        let empty = desk.pages(PATH).await;
        assert!(empty.contains("No report yet"), "{empty}");
        assert_eq!(desk.clerk.get(&desk.app, &format!("{PATH}/export")).await.status, 404);

        let last = desk.day + Days::new(400);
        desk.credit(desk.one, 6_000, 2, last).await;
        assert_eq!(loyalty.report_all(None).await.unwrap(), 2);
        assert_eq!(loyalty.report_all(None).await.unwrap(), 0, "one a day");
        let said = Valuation { minor_per_thousand: 12_000, assumed_share: Some(1_000) };
        loyalty.set_valuation(&desk.manager.actor, KM, &said).await.unwrap();
        let page = desk.pages(PATH).await;
        for text in ["12,000 miles", "1,200", "1,296.00 CNY", "Ties", "10.0"] {
            assert!(page.contains(text), "{text}: {page}");
        }
        assert!(page.contains("recorded in one month"));

        // Two months later more came, and what came first has run out.
        house.clock.advance(Duration::days(430));
        let manager = house.staff(Role::Manager).await;
        desk.credit(desk.other, 500, 1, last + Days::new(400)).await;
        loyalty.ledger().expire().await.unwrap();
        assert_eq!(loyalty.report_all(None).await.unwrap(), 2);
        let report = loyalty.liability_report(&manager.actor, KM, None).await.unwrap().unwrap();
        let moved = report.movements();
        assert_eq!(moved, loyalty.movements(&manager.actor, KM).await.unwrap());
        assert!(moved.ties);
        let (first, closing) = (moved.months[0], moved.months.last().unwrap());
        assert_eq!((first.issued, first.closing), (12_000, 12_000));
        assert_eq!((closing.expired, closing.issued, closing.closing), (-12_000, 500, 500));
        assert_eq!((report.miles, moved.books), (500, 500));

        let page = manager.get(&desk.app, PATH).await.text;
        assert!(page.contains("500 miles") && page.contains("−12,000"), "{page}");
        let days = loyalty.liability_days(&manager.actor, KM).await.unwrap();
        assert_eq!(days.len(), 2);
        let before = manager.get(&desk.app, &format!("{PATH}?day={}", days[1])).await.text;
        assert!(before.contains("12,000 miles"), "{before}");
        let file = manager.get(&desk.app, &format!("{PATH}/export?day={}", days[1])).await.text;
        assert!(file.contains(",12000,12000,1200,1296.00"), "{file}");
    })
    .await;
}

#[tokio::test]
async fn a_valuation_is_typed_in_whole_or_not_at_all() {
    both(async |house| {
        let desk = desk(&house).await;
        desk.credit(desk.one, 1_000, 1, desk.day + Days::new(400)).await;
        desk.loyalty.report_all(None).await.unwrap();
        for (value, share) in [("-1", ""), ("12", "101"), ("12", "ten"), ("x", "5")] {
            let fields = [("value", value), ("share", share)];
            let answer = desk.clerk.post(&desk.app, PATH, &fields).await;
            assert_eq!(answer.status, 422, "{value} {share}");
        }
        let fields = [("value", "1,250.50"), ("share", "12.5")];
        assert_eq!(desk.clerk.post(&desk.app, PATH, &fields).await.status, 303);
        let said = desk.loyalty.valuation(&desk.clerk.actor, KM).await.unwrap();
        let right = Valuation { minor_per_thousand: 125_050, assumed_share: Some(1_250) };
        assert_eq!(said, right);
        let agent = house.staff(Role::Agent).await;
        let page = agent.get(&desk.app, PATH).await;
        assert!(page.status == 200 && !page.text.contains("name=\"share\""));
        assert_eq!(agent.post(&desk.app, PATH, &fields).await.status, 403);
        assert_eq!(agent.post(&desk.app, &format!("{PATH}/now"), &[]).await.status, 403);
        assert_eq!(agent.get(&desk.app, &format!("{PATH}/export")).await.status, 403);
        let nowhere = desk.clerk.get(&desk.app, "/programmes/none/liability").await;
        assert_eq!(nowhere.status, 404);
    })
    .await;
}

#[tokio::test]
async fn asked_for_it_is_read_again_in_the_background() {
    both(async |house| {
        let desk = desk(&house).await;
        let now = format!("{PATH}/now");
        for _ in 0..2 {
            assert_eq!(desk.clerk.post(&desk.app, &now, &[]).await.status, 303);
        }
        assert!(desk.page(&desk.clerk, PATH).await.contains("being read"));
        let mut handlers = store::jobs::Handlers::default();
        desk.loyalty.handlers(&mut handlers);
        let db = desk.loyalty.db().clone();
        store::jobs::Worker::new(db, house.clock.clone(), handlers, 1).drain().await.unwrap();
        let page = desk.page(&desk.clerk, PATH).await;
        assert!(!page.contains("being read") && !page.contains("No report yet"), "{page}");
        let report = desk.loyalty.liability_report(&desk.clerk.actor, KM, None).await.unwrap();
        let value = serde_json::to_value(report.unwrap()).unwrap();
        assert_eq!((&value["miles"], &value["owed"]), (&Value::from(0), &Value::from(0)));
    })
    .await;
}
