//! Messages put aside are replayed, corrected and dropped.

use store::jobs::{Handlers, Worker};
use store::sql;
use uuid::Uuid;

use super::ground::{Ground, both};
use super::messages::list;
use crate::Error;
use crate::messages::{Filter, Selection, Status, handlers};

const NO_FLIGHT: &str = "PNL\r\nCA15O1X/22NOV PEK PART1\r\n-SHA001Y\r\n1LI/SIMR\r\nENDPNL\r\n";

fn said(status: &str, reason: &str) -> (String, Option<String>, bool) {
    (status.to_owned(), Some(reason.to_owned()), false)
}

impl Ground {
    async fn drain(&self) {
        let mut to = Handlers::default();
        handlers(&self.feeds, &mut to);
        let clock = self.clock.clone();
        Worker::new(self.db.clone(), clock, to, 1).drain().await.unwrap();
    }
}

#[tokio::test]
async fn a_corrected_message_takes_the_place_of_the_original_which_stays() {
    both(async |ground| {
        let (feeds, actor) = (&ground.feeds, &ground.actor);
        let broken = ground.send(NO_FLIGHT).await[0].id;
        assert_eq!(ground.state(broken).await, said("quarantined", "feeds-refused-no-flight"));
        let fixed = NO_FLIGHT.replace("CA15O1X", "CA1501");
        let made = feeds.correct(actor, broken, &fixed).await.unwrap();
        assert!(!made.duplicate && made.id != broken);
        let again = feeds.correct(actor, broken, &fixed).await.unwrap();
        assert_eq!((again.id, again.duplicate), (made.id, true), "a second click");
        ground.drain().await;
        assert_eq!(ground.state(made.id).await.0, "applied");
        assert_eq!(ground.state(broken).await, said("ignored", "feeds-ignored-replaced"));
        let original = feeds.message(actor, broken).await.unwrap();
        assert_eq!(original.replaced_by, Some(made.id));
        let kept = feeds.text_of(broken).await.unwrap();
        assert_eq!(kept, NO_FLIGHT.trim_end().as_bytes());
        let related = feeds.related(actor, &original).await.unwrap();
        assert_eq!(related.iter().map(|one| one.id).collect::<Vec<_>>(), [made.id]);
        // What is applied is not corrected.
        let done = feeds.correct(actor, made.id, "PNL").await;
        assert!(matches!(done, Err(Error::MessageState { status: "applied" })));
        let gone = feeds.correct(actor, Uuid::nil(), "PNL").await;
        assert!(matches!(gone, Err(Error::NoMessage)));
    })
    .await;
}

#[tokio::test]
async fn dropping_and_replaying_change_nothing_the_second_time() {
    both(async |ground| {
        let (feeds, actor) = (&ground.feeds, &ground.actor);
        let broken = ground.send(NO_FLIGHT).await[0].id;
        feeds.put_aside(actor, broken).await.unwrap();
        feeds.put_aside(actor, broken).await.unwrap();
        assert_eq!(ground.state(broken).await, said("ignored", "feeds-ignored-by-hand"));
        assert!(feeds.replay(actor, broken).await.unwrap());
        assert_eq!(ground.state(broken).await, said("quarantined", "feeds-refused-no-flight"));
        let good = list("PNL", "CA1501/22NOV PEK", (1, true), "211530", "1ZHANG/SANMR");
        let good = ground.send(good).await[0].id;
        ground.drain().await;
        assert!(!feeds.replay(actor, good).await.unwrap(), "it is applied");
        assert!(matches!(
            feeds.put_aside(actor, good).await,
            Err(Error::MessageState { status: "applied" })
        ));
    })
    .await;
}

#[tokio::test]
async fn many_are_replayed_by_a_job_that_stops_at_nothing() {
    both(async |ground| {
        let (feeds, actor) = (&ground.feeds, &ground.actor);
        let mut ids = Vec::new();
        for n in 0..250 {
            let text =
                list("PNL", &format!("CA{}/22NOV PEK", 1_000 + n), (1, true), "211530", "1LI/SIMR");
            ids.push(ground.send(text).await[0].id);
        }
        // As if an earlier program had failed on them.
        let mut tx = ground.db.begin().await.unwrap();
        tx.exec(sql(
            "UPDATE feed_message SET status = 'quarantined', reason = 'feeds-refused-program'",
        ))
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let query = Some("f=status:in:quarantined".to_owned());
        let all = Selection::of(Vec::new(), query, today);
        assert_eq!(feeds.count_replay(actor, &all).await.unwrap(), 250);
        let job = feeds.start_replay(actor, &all).await.unwrap();
        assert_eq!(feeds.start_replay(actor, &all).await.unwrap(), job, "a second click");
        let ticked = Selection::of(ids[..2].to_vec(), None, today);
        assert_ne!(feeds.start_replay(actor, &ticked).await.unwrap(), job, "another selection");
        ground.drain().await;
        ground.drain().await;
        let applied = "SELECT COUNT(*) FROM feed_message WHERE status = 'applied'";
        assert_eq!(ground.count(applied).await, 250);
        let few = Selection::of(ids, None, today);
        assert!(matches!(feeds.start_replay(actor, &few).await, Err(Error::NothingAside)));
        let filter =
            Filter { status: Some(Status::Applied), limit: Some(200), ..Filter::default() };
        let page = feeds.messages(actor, &filter).await.unwrap();
        assert_eq!(page.items.len(), 200);
        let rest = Filter { after: page.next, ..filter };
        assert_eq!(feeds.messages(actor, &rest).await.unwrap().items.len(), 50);
    })
    .await;
}

#[tokio::test]
async fn one_that_makes_trouble_keeps_nobody_beside_it_from_being_applied() {
    both(async |ground| {
        let good = |number: u32| {
            list("PNL", &format!("CA{number}/22NOV PEK"), (1, true), "211530", "1ZHANG/SANMR")
        };
        for number in 1501..1507 {
            let id = ground.send(good(number)).await[0].id;
            if matches!(number, 1503 | 1505) {
                let mut tx = ground.db.begin().await.unwrap();
                let damaged = sql("UPDATE feed_message SET raw = $2 WHERE id = $1").bind(id);
                tx.exec(damaged.bind(b"damaged".to_vec())).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
        let done = ground.process().await;
        assert_eq!((done.messages, done.applied, done.quarantined, done.read), (6, 4, 2, 4));
        assert_eq!(ground.count("SELECT COUNT(*) FROM flight_passenger").await, 4);
        assert_eq!(ground.process().await.messages, 0);
    })
    .await;
}
