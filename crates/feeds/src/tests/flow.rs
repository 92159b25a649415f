//! Create, update, skip; the same file again; undo; cancel and go on; jobs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::Duration;
use kernel::Explain;
use store::jobs::{Handlers, Worker};

use super::ground::{MEMBERS, SEGMENTS, both};
use crate::imports::{MappingRef, Report, Status, handlers, silent};
use crate::mapping::{Mapping, shipped};
use crate::rows::Level;
use crate::{Error, Policy};

#[tokio::test]
async fn members_come_in_once_and_change_when_the_file_does() {
    both(async |ground| {
        let first = ground.import(MEMBERS, "members", Policy::CreateOrUpdate).await;
        assert_eq!((first.status, first.counts.created), (Status::Done, 3));
        let again = ground.import(MEMBERS, "members", Policy::CreateOrUpdate).await;
        assert_eq!((again.counts.unchanged, again.counts.created), (3, 0));
        assert_eq!(ground.feeds.same_file(&again).await.unwrap()[0].id, first.id);
        let changed = MEMBERS.replace("silver", "gold");
        let skipped = ground.import(&changed, "members", Policy::Create).await;
        assert_eq!((skipped.counts.skipped, skipped.counts.unchanged), (1, 2));
        let updated = ground.import(&changed, "members", Policy::Update).await;
        assert_eq!((updated.counts.updated, updated.counts.unchanged), (1, 2));
        let more = format!("{changed}6218045764,陈浩,男,1988-08-08,北京,ordinary,2021-01-01\n");
        let skipped = ground.import(&more, "members", Policy::Update).await;
        assert_eq!((skipped.counts.skipped, skipped.counts.unchanged), (1, 3));
        assert_eq!(ground.count("SELECT COUNT(*) FROM customer").await, 3);
    })
    .await;
}

#[tokio::test]
async fn segments_find_their_people_and_add_the_others() {
    both(async |ground| {
        let members = MEMBERS.lines().take(2).collect::<Vec<_>>().join("\n");
        ground.import(&members, "members", Policy::CreateOrUpdate).await;
        let before = ground.sums().await;
        let import = ground.import(SEGMENTS, "segments", Policy::CreateOrUpdate).await;
        assert_eq!((import.counts.created, import.counts.people), (3, 1));
        let km = "SELECT km FROM flown_segment WHERE flight_no = '3101'";
        let km = ground.count(km).await;
        assert!((1_850..2_050).contains(&km), "without km the airports' distance is taken: {km}");
        let again = ground.import(SEGMENTS, "segments", Policy::CreateOrUpdate).await;
        assert_eq!((again.counts.unchanged, again.counts.people), (3, 0));
        let changed = SEGMENTS.replace("no-show", "flown");
        let updated = ground.import(&changed, "segments", Policy::CreateOrUpdate).await;
        assert_eq!((updated.counts.updated, updated.counts.unchanged), (1, 2));

        let undone = ground.revert(&updated).await;
        assert_eq!((undone.status, undone.undone, undone.undo_kept), (Status::Reverted, 1, 0));
        let missed = "SELECT COUNT(*) FROM flown_segment WHERE outcome = 'no-show'";
        assert_eq!(ground.count(missed).await, 1, "the old row is back");
        let undone = ground.revert(&import).await;
        assert_eq!(undone.undone, 4, "three segments and the person they added");
        assert_eq!(ground.sums().await, before);
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_later_is_kept_and_told() {
    both(async |ground| {
        let first = ground.import(SEGMENTS, "segments", Policy::CreateOrUpdate).await;
        let changed = SEGMENTS.replace("1540.00", "1600.00");
        ground.import(&changed, "segments", Policy::CreateOrUpdate).await;
        let undone = ground.revert(&first).await;
        assert_eq!(undone.undo_kept, 2, "the changed segment and its customer");
        assert_eq!(ground.count("SELECT COUNT(*) FROM flown_segment").await, 1);
        assert_eq!(ground.count("SELECT COUNT(*) FROM customer").await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_import_can_be_undone_for_thirty_days() {
    both(async |ground| {
        let import = ground.import(SEGMENTS, "segments", Policy::CreateOrUpdate).await;
        ground.clock.advance(Duration::days(31));
        let refused = ground.feeds.start_revert(&ground.actor, import.id).await;
        assert_eq!(refused.unwrap_err().code(), "feeds-undo-over");
        ground.feeds.sweep().await.unwrap();
        let import = ground.feeds.import(&ground.actor, import.id).await.unwrap();
        assert!(import.file_gone);
    })
    .await;
}

const MONTHS: &str = "\
Loyalty Number,Year,Month,Total Flights,Distance,Points Accumulated,Points Redeemed
100018,2017,1,1,601,601.5,0
100018,2017,1,2,1200,1200.0,488
100018,2017,2,0,0,0.0,0
100018,2017,2,0,0,0.0,0
";

#[tokio::test]
async fn parts_of_a_month_are_added_and_equal_rows_count_once() {
    both(async |ground| {
        let import =
            ground.import(MONTHS, "northern-lights-activity", Policy::CreateOrUpdate).await;
        let counts = import.counts;
        assert_eq!((counts.read, counts.created, counts.repeated), (4, 3, 1));
        assert_eq!(counts.repeated_keys, 2);
        let repeat = import.reasons.iter().find(|reason| reason.level == Level::Repeat).unwrap();
        assert_eq!((repeat.rows, repeat.first_row), (1, 5));
        let mut tx = ground.db.read().await.unwrap();
        let sums = ground.feeds.flights().month_totals(&mut tx, "northern-lights").await.unwrap();
        assert_eq!((sums.flights, sums.km), (3, 1_801));
        assert!((sums.points_earned - 1_801.5).abs() < 1e-9);
        drop(tx);
        let again = ground.import(MONTHS, "northern-lights-activity", Policy::CreateOrUpdate).await;
        assert_eq!((again.counts.created, again.counts.unchanged), (0, 3));
    })
    .await;
}

#[tokio::test]
async fn rows_of_strangers_are_told_when_nobody_is_to_be_added() {
    both(async |ground| {
        let mapping = Mapping { add_members: false, ..shipped("segments").unwrap() };
        let import = ground.import_by(SEGMENTS, &mapping).await;
        assert_eq!((import.counts.rejected, import.counts.created), (3, 0));
        assert_eq!(import.reasons[0].code, "member-unknown");
    })
    .await;
}

fn many(rows: u64) -> String {
    let mut text = "member_no,name,city,tier,joined_on\n".to_owned();
    for n in 0..rows {
        text.push_str(&format!("{},Member {n},Guangzhou,gold,2018-04-12\n", 1_000_000 + n));
    }
    text
}

#[tokio::test]
async fn a_cancelled_import_goes_on_where_it_stood() {
    both(async |ground| {
        let path = ground.file("many.csv", many(6_000));
        let mapping = MappingRef::Name("members".to_owned());
        let policy = Policy::CreateOrUpdate;
        let feeds = &ground.feeds;
        let id = feeds.import_file(&ground.actor, &path, None, &mapping, policy).await.unwrap();
        let calls = Arc::new(AtomicU64::new(0));
        let report: Report = Arc::new(move |_| {
            let stop = calls.fetch_add(1, Ordering::SeqCst) == 2;
            Box::pin(async move { if stop { Err(Error::Cancelled) } else { Ok(()) } })
        });
        let stopped = feeds.run_import(id, report).await;
        assert!(matches!(stopped, Err(Error::Cancelled)));
        let import = feeds.import(&ground.actor, id).await.unwrap();
        assert_eq!((import.status, import.rows_done), (Status::Cancelled, 2_000));
        let same = feeds.import_file(&ground.actor, &path, None, &mapping, policy).await.unwrap();
        assert_eq!(same, id, "the same file is taken up again");
        let import = feeds.run_import(id, silent()).await.unwrap();
        assert_eq!((import.status, import.counts.created), (Status::Done, 6_000));
        assert_eq!(ground.count("SELECT COUNT(*) FROM customer").await, 6_000);
    })
    .await;
}

#[tokio::test]
async fn the_wizards_steps_run_in_the_background() {
    both(async |ground| {
        let feeds = &ground.feeds;
        let text = many(2_500);
        let (actor, bytes) = (&ground.actor, text.as_bytes());
        let id = feeds.begin_upload(actor, "many.csv", bytes.len() as u64).await.unwrap();
        let at = feeds.append(actor, id, 0, &bytes[..1_000]).await.unwrap();
        let early = feeds.finish_upload(actor, id, None).await.unwrap_err();
        assert_eq!(early.code(), "feeds-upload-incomplete");
        let elsewhere = feeds.append(actor, id, 0, &bytes[..1_000]).await.unwrap_err();
        assert_eq!(elsewhere.code(), "store-offset");
        feeds.append(actor, id, at, &bytes[1_000..]).await.unwrap();
        let import = feeds.finish_upload(actor, id, None).await.unwrap();
        assert_eq!((import.status, import.rows_total), (Status::Mapping, Some(2_500)));
        assert_eq!(feeds.start_import(actor, id).await.unwrap_err().code(), "feeds-state");

        let mapping = shipped("members").unwrap();
        feeds.set_mapping(actor, id, &mapping, Policy::CreateOrUpdate).await.unwrap();
        let mut jobs = Handlers::default();
        handlers(feeds, &mut jobs);
        let worker = Worker::new(ground.db.clone(), ground.clock.clone(), jobs, 1);
        feeds.start_check(actor, id).await.unwrap();
        worker.drain().await.unwrap();
        let checked = feeds.import(actor, id).await.unwrap();
        assert_eq!(checked.status, Status::Checked);
        assert_eq!(checked.checked.unwrap().counts.created, 2_500);
        let job = feeds.start_import(actor, id).await.unwrap();
        assert_eq!(feeds.start_import(actor, id).await.unwrap(), job, "a second click");
        worker.drain().await.unwrap();
        let done = feeds.import(actor, id).await.unwrap();
        assert_eq!((done.status, done.counts.created), (Status::Done, 2_500));
        feeds.start_revert(actor, id).await.unwrap();
        worker.drain().await.unwrap();
        assert_eq!(ground.count("SELECT COUNT(*) FROM customer").await, 0);
        let events =
            "SELECT COUNT(*) FROM outbox_event WHERE lower(type) LIKE lower('feeds.import.%')";
        assert_eq!(ground.count(events).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_counts_everything() {
    both(async |ground| {
        let path = ground.file("members.csv", MEMBERS.replace("1990-11-03", "1990-02-30"));
        let mapping = shipped("members").unwrap();
        let dry = ground.feeds.dry_run(&path, &mapping, silent()).await.unwrap();
        assert_eq!((dry.report.counts.read, dry.report.counts.created), (3, 3));
        assert_eq!((dry.report.counts.blanked, dry.first.len()), (1, 1));
        assert_eq!(dry.first[0].code, "date-no-such-day");
        assert_eq!(ground.count("SELECT COUNT(*) FROM customer").await, 0);
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_import").await, 0);
    })
    .await;
}
