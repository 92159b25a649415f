//! Messages come in, are recognised, put together and applied.

use std::sync::Arc;

use access::{Access, Actor, Role};
use chrono::Duration;
use store::sql;
use store::testing::NOW;
use uuid::Uuid;

use super::ground::{Ground, both};
use crate::Error;
use crate::messages::{Delivery, Processed, Received, Status};

/// A list as Departure Control sends it. `part` is its number and whether it is the last.
pub fn list(
    kind: &str,
    flight: &str,
    (part, last): (u32, bool),
    stamp: &str,
    names: &str,
) -> String {
    let end = if last { format!("END{kind}") } else { format!("ENDPART{part}") };
    format!(
        "QU PEKKMCA\r\n.BJSRMCA {stamp}\r\n{kind}\r\n{flight} PART{part}\r\n-SHA001Y\r\n{names}\r\n\
         .L/NABC12/CA\r\n{end}\r\n"
    )
}

impl Ground {
    pub async fn send(&self, text: impl AsRef<[u8]>) -> Vec<Received> {
        self.clock.advance(Duration::seconds(1));
        let delivery = Delivery::new(text.as_ref());
        self.feeds.receive(&self.actor, "type-b", delivery).await.unwrap()
    }

    pub async fn process(&self) -> Processed {
        let quiet = Arc::new(|_| -> futures::future::BoxFuture<'static, crate::Result<()>> {
            Box::pin(async { Ok(()) })
        });
        let told: crate::messages::Told = quiet;
        self.feeds.process(&told).await.unwrap()
    }

    /// Status and reason of a message.
    pub async fn state(&self, id: Uuid) -> (String, Option<String>, bool) {
        let mut tx = self.db.read().await.unwrap();
        tx.one(sql("SELECT status, reason, partial FROM feed_message WHERE id = $1").bind(id))
            .await
            .unwrap()
    }
}

fn stood(status: &str) -> (String, Option<String>, bool) {
    (status.to_owned(), None, false)
}

#[tokio::test]
async fn several_messages_in_one_delivery_are_kept_one_by_one_and_known_again() {
    both(async |ground| {
        let one = list("PNL", "CA1501/22NOV PEK", (1, true), "211530", "1ZHANG/SANMR");
        let two = list("ADL", "CA1501/22NOV PEK", (1, true), "211730", "1LI/SIMR");
        let got = ground.send(format!("{one}{two}")).await;
        assert_eq!(got.len(), 2);
        assert!(got.iter().all(|one| !one.duplicate) && got[0].id < got[1].id);

        // The same again, and the same by another way: other addresses, other line ends.
        let again = ground.send(&one).await;
        assert_eq!((again[0].id, again[0].duplicate), (got[0].id, true));
        let rerouted = one.replace("QU PEKKMCA", "QD SHAKMCA CANKMCA").replace("\r\n", "\n");
        let again = ground.send(rerouted).await;
        assert_eq!((again[0].id, again[0].duplicate), (got[0].id, true));
        // Twice within one delivery.
        let three = list("ADL", "CA1501/22NOV PEK", (1, true), "211830", "1WU/LIUMR");
        let twice = ground.send(format!("{three}{three}")).await;
        assert_eq!(twice[0].id, twice[1].id);
        assert!(!twice[0].duplicate && twice[1].duplicate);
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_message").await, 3);
        let repeats = "SELECT CAST(SUM(repeats) AS BIGINT) FROM feed_message";
        assert_eq!(ground.count(repeats).await, 3);

        let done = ground.process().await;
        assert_eq!((done.messages, done.applied), (3, 3));
        assert_eq!(ground.process().await, Processed::default());
    })
    .await;
}

#[tokio::test]
async fn what_is_no_message_is_refused_or_quarantined() {
    both(async |ground| {
        let blank = ground.feeds.receive(&ground.actor, "type-b", Delivery::new(" \r\n")).await;
        assert!(matches!(blank, Err(Error::EmptyMessage)));
        let name = ground.feeds.receive(&ground.actor, "Type B", Delivery::new("X")).await;
        assert!(matches!(name, Err(Error::SourceName)));
        for (bytes, reason) in [
            (&b"HELLO WORLD"[..], "feeds-refused-unknown"),
            (&[0, 255, 1, 254, b'\n', 7][..], "feeds-refused-unknown"),
            (b"PNL\r\nNONSENSE\r\n-SHA001Y\r\n1LI/SIMR\r\nENDPNL\r\n", "feeds-refused-no-flight"),
        ] {
            let got = ground.send(bytes).await;
            let expected = ("quarantined".to_owned(), Some(reason.to_owned()), false);
            assert_eq!(ground.state(got[0].id).await, expected);
        }
        assert_eq!(ground.process().await.messages, 0);
        let stranger = Actor::staff(Uuid::nil(), "stranger", &[Role::Agent], &policy(&ground));
        let denied = ground.feeds.receive(&stranger, "type-b", Delivery::new("X")).await;
        assert!(matches!(denied, Err(Error::Denied(_))));
    })
    .await;
}

fn policy(ground: &Ground) -> access::Policy {
    let access: &Access = ground.feeds.access();
    access.policy().clone()
}

#[tokio::test]
async fn card_numbers_are_dropped_and_names_are_sealed_before_anything_is_kept() {
    both(async |ground| {
        let text = list("PNL", "CA1501/22NOV PEK", (1, true), "211530", "1ZHANG/SANMR")
            .replace(".L/", ".R/OTHS FP CC VI4111 1111 1111 1111/0828\r\n.L/");
        let got = ground.send(&text).await;
        let mut tx = ground.db.read().await.unwrap();
        let (raw, cards): (Vec<u8>, i64) = tx
            .one(sql("SELECT raw, cards FROM feed_message WHERE id = $1").bind(got[0].id))
            .await
            .unwrap();
        drop(tx);
        assert_eq!(cards, 1);
        assert!(!raw.windows(5).any(|part| part == b"ZHANG"));
        let kept = ground.feeds.text_of(got[0].id).await.unwrap();
        let kept = String::from_utf8(kept).unwrap();
        assert!(kept.contains("************1111/0828") && !kept.contains("4111"));
        assert!(kept.contains("1ZHANG/SANMR"));
    })
    .await;
}

#[tokio::test]
async fn parts_are_applied_once_all_are_there_in_whatever_order_they_come() {
    both(async |ground| {
        let flight = "CA1501/22NOV PEK";
        let part = |n, last, name: &str| list("PNL", flight, (n, last), "211530", name);
        let three = ground.send(part(3, true, "1WU/CCMR")).await[0].id;
        let one = ground.send(part(1, false, "1LI/AAMR")).await[0].id;
        // Parts of another flight in between.
        let other = list("PNL", "CA1502/22NOV SHA", (1, false), "211531", "1HE/DDMR");
        let other = ground.send(other).await[0].id;
        assert_eq!(ground.process().await.messages, 0);
        assert_eq!(ground.state(one).await, stood("buffered"));
        // Later lists of the flight wait for it.
        let later = list("ADL", flight, (1, true), "211640", "1MA/EEMR");
        let later = ground.send(later).await[0].id;
        assert_eq!(ground.process().await.messages, 0);
        assert_eq!(ground.state(later).await, stood("waiting"));

        let two = ground.send(part(2, false, "1XU/BBMR")).await[0].id;
        assert_eq!(ground.process().await.messages, 2, "the list and what waited for it");
        for id in [one, two, three, later] {
            assert_eq!(ground.state(id).await, stood("applied"));
        }
        assert_eq!(ground.state(other).await, stood("buffered"));
    })
    .await;
}

#[tokio::test]
async fn a_list_that_stays_incomplete_is_applied_as_partial_and_anew_when_the_part_comes() {
    both(async |ground| {
        let part = |n, last, name: &str| list("PNL", "CA1501/22NOV PEK", (n, last), "211530", name);
        let one = ground.send(part(1, false, "1LI/AAMR")).await[0].id;
        assert_eq!(ground.process().await.messages, 0);
        ground.clock.advance(Duration::minutes(21));
        assert_eq!(ground.process().await.messages, 1);
        assert_eq!(ground.state(one).await, ("applied".to_owned(), None, true));
        let two = ground.send(part(2, true, "1XU/BBMR")).await[0].id;
        assert_eq!(ground.process().await.messages, 1);
        assert_eq!(ground.state(one).await, stood("applied"));
        assert_eq!(ground.state(two).await, stood("applied"));
    })
    .await;
}

#[tokio::test]
async fn a_part_that_was_cut_off_gives_way_to_its_whole_copy() {
    both(async |ground| {
        let flight = "CA1501/22NOV PEK";
        let two_names = "1LI/AAMR\r\n.L/NABC11/CA\r\n1HE/DDMR";
        let whole = list("PNL", flight, (1, false), "211530", two_names);
        let cut = whole.split_once("\r\n1HE").unwrap().0.to_owned();
        let last = list("PNL", flight, (2, true), "211530", "1XU/BBMR");
        let people = "SELECT COUNT(*) FROM flight_passenger";

        // While the list is open: it waits for the copy as for a part that is missing.
        let broken = ground.send(&cut).await[0].id;
        let end = ground.send(&last).await[0].id;
        assert_eq!(ground.process().await.messages, 0);
        // Its time is over: what is there counts.
        ground.clock.advance(Duration::minutes(21));
        assert_eq!(ground.process().await.messages, 1);
        assert_eq!(ground.state(end).await, ("applied".to_owned(), None, true));
        assert_eq!(ground.count(people).await, 2);
        // The whole one comes after all.
        let copy = ground.send(&whole).await[0].id;
        assert_eq!(ground.process().await.messages, 1);
        assert_eq!(ground.state(end).await, stood("applied"));
        assert_eq!(ground.state(copy).await, stood("applied"));
        let reason = Some("feeds-ignored-sent-again".to_owned());
        assert_eq!(ground.state(broken).await, ("ignored".to_owned(), reason, false));
        let message = ground.feeds.message(&ground.actor, broken).await.unwrap();
        assert_eq!(message.replaced_by, Some(copy));
        assert!(!ground.feeds.replay(&ground.actor, broken).await.unwrap(), "the copy counts");
        assert_eq!(ground.count(people).await, 3);
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_list").await, 1);

        // The last part may be the one that is cut off, and both may come at once.
        let other = |text: &str| text.replace("CA1501", "CA1502");
        let cut_end = other(&last).replace("ENDPNL\r\n", "");
        let all = format!("{}{cut_end}", other(&whole));
        ground.send(all).await;
        assert_eq!(ground.process().await.messages, 0);
        let end = ground.send(other(&last)).await[0].id;
        assert_eq!(ground.process().await.messages, 1);
        assert_eq!(ground.state(end).await, stood("applied"));
        assert_eq!(ground.count(people).await, 6);
    })
    .await;
}

#[tokio::test]
async fn a_thousand_parts_that_never_end_are_put_aside() {
    both(async |ground| {
        let mut deliveries = Vec::new();
        for n in 1..1_000 {
            let name = format!("1LI/A{}MR", "B".repeat(n as usize % 9));
            let text = list("PNL", "CA1501/22NOV PEK", (n, false), "211530", &name);
            deliveries.push(Delivery::new(text));
        }
        let got = ground.feeds.receive_all(&ground.actor, "type-b", deliveries).await.unwrap();
        assert_eq!(got.len(), 999);
        assert_eq!(ground.process().await.messages, 0);
        let aside = "SELECT COUNT(*) FROM feed_message
             WHERE status = 'quarantined' AND reason = 'feeds-refused-many-parts'";
        assert_eq!(ground.count(aside).await, 999);
    })
    .await;
}

#[tokio::test]
async fn days_without_a_year_are_read_by_the_day_the_caller_names() {
    both(async |ground| {
        let text = list("PNL", "CA1501/02MAR PEK", (1, true), "011530", "1LI/AAMR");
        let as_of = chrono::NaiveDate::from_ymd_opt(2024, 3, 2);
        let delivery = Delivery { as_of, ..Delivery::new(text.as_bytes()) };
        let old = ground.feeds.receive(&ground.actor, "type-b", delivery).await.unwrap();
        let new = ground.send(&text).await;
        assert!(!new[0].duplicate, "another year, another flight");
        let mut tx = ground.db.read().await.unwrap();
        let (day, said): (chrono::NaiveDate, chrono::DateTime<chrono::Utc>) = tx
            .one(sql("SELECT flight_date, said_at FROM feed_message WHERE id = $1").bind(old[0].id))
            .await
            .unwrap();
        assert_eq!(
            (day.to_string(), said.to_rfc3339()),
            ("2024-03-02".to_owned(), "2024-03-01T15:30:00+00:00".to_owned(),)
        );
        let newer: chrono::NaiveDate = tx
            .value(sql("SELECT flight_date FROM feed_message WHERE id = $1").bind(new[0].id))
            .await
            .unwrap();
        assert_eq!(newer.to_string(), "2027-03-02", "nearest to {NOW}");
        assert_eq!(Status::parse("waiting"), Some(Status::Waiting));
    })
    .await;
}

/// The file of the day says the day only; the cancellation was sent at six in the morning of it, the
/// evening before by UTC.
#[tokio::test]
async fn what_is_said_on_the_day_corrects_the_schedule_of_that_day_whichever_comes_first() {
    let leg = "3 CA 15010101J22NOV2622NOV26      7 PEK08000800+0800  SHA10001000+0800  738CY";
    let lines = [
        format!("{:<194}000001", "1AIRLINE STANDARD SCHEDULE DATA SET"),
        format!("{:<194}000002", "2LCA          22NOV2622NOV2622NOV26"),
        format!("{:<192}00000003", leg),
        format!("{:<187}000003E000004", "5 CA "),
    ];
    let schedule = lines.join("\r\n");
    let cancelled = "QU PEKKMCA\r\n.BJSRMCA 212210\r\nASM\r\nLT\r\nCNL TECH\r\nCA1501/22NOV26\r\n";
    for texts in [[schedule.as_str(), cancelled], [cancelled, schedule.as_str()]] {
        both(async |ground| {
            for text in texts {
                let _ = ground.send(text).await;
                let done = ground.process().await;
                assert_eq!((done.applied, done.quarantined), (1, 0));
            }
            // Somebody is booked on it: the flight is looked at.
            let pnl = list("PNL", "CA1501/22NOV PEK", (1, true), "211530", "1ZHANG/SANMR");
            let _ = ground.send(pnl).await;
            ground.process().await;
            let flights = "SELECT COUNT(*) FROM flight WHERE number = '1501'";
            assert_eq!(ground.count(flights).await, 1);
            let off = "SELECT COUNT(*) FROM flight WHERE number = '1501' AND status = 'cancelled'";
            assert_eq!(ground.count(off).await, 1);
        })
        .await;
    }
}
