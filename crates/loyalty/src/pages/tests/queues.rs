use super::*;
use crate::limits::{Action, Deed, Limit, What};

const QUEUE: &str = "/members/proposals";

impl Desk {
    async fn ask(&self, who: &Visitor, amount: &str, key: &str) -> web::testing::Answer {
        let fields = [
            ("key", key),
            ("unit", "miles"),
            ("amount", amount),
            ("expires_on", "2030-01-31"),
            ("reason", "goodwill"),
            ("note", "She waited for six hours."),
        ];
        who.post(&self.app, &self.at("/adjust"), &fields).await
    }

    async fn open(&self) -> Vec<uuid::Uuid> {
        let open = self.loyalty.open_proposals(&self.clerk.actor, 10).await.unwrap();
        open.iter().map(|one| one.id).collect()
    }
}

#[tokio::test]
async fn an_adjustment_needs_another_person() {
    both(async |house| {
        let desk = desk(&house).await;
        let form = desk.pages(&desk.at("/adjust")).await;
        let key = value(&form, "key");
        for wrong in ["0", "much", "9999999999999999999"] {
            let bad = desk.ask(&desk.clerk, wrong, &key).await;
            assert_eq!(bad.status, 422, "{wrong}: {}", bad.text);
            assert!(bad.text.contains("She waited"), "what was typed stays");
        }
        for _ in 0..2 {
            assert_eq!(desk.ask(&desk.clerk, "+5,000", &key).await.status, 303);
        }
        assert_eq!(desk.open().await.len(), 1, "the second click proposes nothing");
        let one = format!("{QUEUE}/{}", desk.open().await[0]);
        let own = desk.pages(QUEUE).await;
        for expected in ["Give 5,000 km: Goodwill.", "She waited", "another person has to decide"] {
            assert!(own.contains(expected), "{expected} in {own}");
        }
        assert!(!own.contains("value=\"approve\""), "{own}");
        assert!(desk.pages(&desk.at("")).await.contains("Give 5,000 km"));
        let approve = [("verdict", "approve"), ("note", "Seen.")];
        assert_eq!(desk.clerk.post(&desk.app, &one, &approve).await.status, 303);
        assert_eq!(desk.balance(desk.one, Unit::Miles).await, 0, "one's own is not approved");
        let agent = house.staff(Role::Agent).await;
        assert_eq!(agent.post(&desk.app, &one, &approve).await.status, 403);
        assert_eq!(desk.manager.post(&desk.app, &one, &[("verdict", "x")]).await.status, 422);
        let queue = desk.page(&desk.manager, QUEUE).await;
        assert!(queue.contains("value=\"approve\""), "{queue}");
        for _ in 0..2 {
            assert_eq!(desk.manager.post(&desk.app, &one, &approve).await.status, 303);
        }
        assert_eq!(desk.balance(desk.one, Unit::Miles).await, 5_000, "once");
        let history = desk.pages(QUEUE).await;
        assert!(history.contains("approved") && history.contains("Seen."), "{history}");
        let said = desk.pages(&desk.at("/statement?kind=corrected")).await;
        for expected in ["Adjustment by hand", "Goodwill", "Approved by", "+5,000"] {
            assert!(said.contains(expected), "{expected} in {said}");
        }
        let nobody = format!("{QUEUE}/018f0000-0000-7000-8000-000000000000");
        assert_eq!(desk.manager.post(&desk.app, &nobody, &approve).await.status, 404);
        let analyst = house.staff(Role::Analyst).await;
        assert_eq!(desk.ask(&analyst, "5", "").await.status, 403);
        assert_eq!(analyst.get(&desk.app, &desk.at("/adjust")).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_or_withdrawn_changes_nothing() {
    both(async |house| {
        let desk = desk(&house).await;
        assert_eq!(desk.ask(&desk.clerk, "700", "").await.status, 303);
        let one = format!("{QUEUE}/{}", desk.open().await[0]);
        let refuse = [("verdict", "refuse"), ("note", "Paid already.")];
        assert_eq!(desk.manager.post(&desk.app, &one, &refuse).await.status, 303);
        assert_eq!(desk.manager.post(&desk.app, &one, &[("verdict", "approve")]).await.status, 303);
        assert_eq!(desk.balance(desk.one, Unit::Miles).await, 0, "decided is decided");
        assert!(desk.pages(QUEUE).await.contains("Paid already."));
        // More than is there: the ledger refuses, the proposal stays open.
        assert_eq!(desk.ask(&desk.clerk, "\u{2212}700", "").await.status, 303);
        let two = format!("{QUEUE}/{}", desk.open().await[0]);
        assert_eq!(desk.manager.post(&desk.app, &two, &[("verdict", "approve")]).await.status, 303);
        assert_eq!(desk.open().await.len(), 1);
        assert_eq!(desk.clerk.post(&desk.app, &two, &[("verdict", "refuse")]).await.status, 303);
        assert!(desk.pages(QUEUE).await.contains("withdrawn"));
        drop(house);
    })
    .await;
}

#[tokio::test]
async fn a_tier_by_hand_is_proposed_approved_and_ended() {
    both(async |house| {
        let desk = desk(&house).await;
        let form = desk.pages(&desk.at("/tier")).await;
        assert!(form.contains("GOLD") && !form.contains("value=\"BASE\""), "{form}");
        let today = desk.loyalty.today().to_string();
        let mut fields = vec![
            ("tier", "GOLD"),
            ("valid_from", today.as_str()),
            ("valid_to", "2028-01-31"),
            ("reason", "status-match"),
        ];
        let to = desk.at("/tier");
        fields[2] = ("valid_to", "2020-01-31");
        assert_eq!(desk.clerk.post(&desk.app, &to, &fields).await.status, 422);
        fields[2] = ("valid_to", "2028-01-31");
        fields[0] = ("tier", "EMERALD");
        assert_eq!(desk.clerk.post(&desk.app, &to, &fields).await.status, 422);
        fields[0] = ("tier", "GOLD");
        assert_eq!(desk.clerk.post(&desk.app, &to, &fields).await.status, 303);
        assert!(desk.pages(QUEUE).await.contains("Gold from"));
        let approve = [("verdict", "approve")];
        let one = format!("{QUEUE}/{}", desk.open().await[0]);
        assert_eq!(desk.manager.post(&desk.app, &one, &approve).await.status, 303);
        let page = desk.pages(&desk.at("")).await;
        assert!(page.contains("Gold") && page.contains("Status match"), "{page}");
        assert!(desk.page(&desk.clerk, "/members?f=tier:in:GOLD").await.contains(&desk.at("")));
        let row = value(&page, "row");
        let end = desk.at("/tier/end");
        assert_eq!(desk.clerk.post(&desk.app, &end, &[("row", &row)]).await.status, 303);
        let two = format!("{QUEUE}/{}", desk.open().await[0]);
        assert_eq!(desk.manager.post(&desk.app, &two, &approve).await.status, 303);
        assert!(!desk.page(&desk.clerk, "/members?f=tier:in:GOLD").await.contains(&desk.at("")));
        drop(house);
    })
    .await;
}

#[tokio::test]
async fn what_goes_beyond_a_limit_is_reviewed() {
    both(async |house| {
        let desk = desk(&house).await;
        const REVIEWS: &str = "/members/reviews";
        assert!(desk.pages(REVIEWS).await.contains("Nothing to review"));
        let limit = Limit {
            id: kernel::ids::v7(desk.loyalty.now()),
            programme: KM.to_owned(),
            what: What::Redemption,
            hours: 24,
            most_count: None,
            most_amount: Some(1_000),
            action: Action::Review,
            valid_from: desk.loyalty.now(),
            valid_to: None,
        };
        desk.loyalty.add_limit(&desk.manager.actor, &limit).await.unwrap();
        let mut reviews = Vec::new();
        for order in ["one", "two"] {
            let mut tx = desk.loyalty.db().begin().await.unwrap();
            let deed = Deed {
                what: What::Redemption,
                amount: 5_000,
                reference: order.to_owned(),
                device: None,
            };
            let _ = desk.loyalty.permit_in(&mut tx, desk.one, &deed).await.unwrap();
            tx.commit().await.unwrap();
        }
        for review in desk.loyalty.open_reviews(&desk.clerk.actor, None, 9).await.unwrap() {
            reviews.push(format!("{REVIEWS}/{}", review.id));
        }
        assert!(desk.pages(REVIEWS).await.contains("Redemption of 5,000 beyond a limit"));
        assert!(desk.pages(&desk.at("")).await.contains("2 reviews of this member wait"));
        let agent = house.staff(Role::Agent).await;
        assert!(!desk.page(&agent, REVIEWS).await.contains("value=\"clear\""));
        let clear = [("verdict", "clear")];
        assert_eq!(agent.post(&desk.app, &reviews[0], &clear).await.status, 403);
        for _ in 0..2 {
            assert_eq!(desk.clerk.post(&desk.app, &reviews[0], &clear).await.status, 303);
        }
        let confirm = [("verdict", "confirm")];
        assert_eq!(desk.clerk.post(&desk.app, &reviews[0], &confirm).await.status, 303, "told");
        assert_eq!(desk.clerk.post(&desk.app, &reviews[1], &confirm).await.status, 303);
        let page = desk.pages(REVIEWS).await;
        assert!(page.contains("cleared") && page.contains("confirmed"), "{page}");
        let nobody = format!("{REVIEWS}/018f0000-0000-7000-8000-000000000000");
        assert_eq!(desk.clerk.post(&desk.app, &nobody, &clear).await.status, 404);
    })
    .await;
}
