//! Real files, where they are: `JETBRIDGE_TEST_DATA`, by default `../shared/data` beside the
//! repository. They may not be copied, so without them these tests say aloud that they skip.

use std::path::PathBuf;

use super::ground::{Ground, both};
use crate::Policy;
use crate::rows::Level;

fn data(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("JETBRIDGE_TEST_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = folder.join(file);
    if !path.exists() {
        say_skipped(&path);
        return None;
    }
    Some(path)
}

#[expect(clippy::print_stderr, reason = "a test says aloud what it skipped")]
fn say_skipped(path: &std::path::Path) {
    eprintln!("skipped: {} is not there (JETBRIDGE_TEST_DATA names its folder)", path.display());
}

async fn summary(ground: &Ground, condition: &'static str) -> i64 {
    ground.count(condition).await
}

#[tokio::test]
async fn member_summaries_come_in_whole_with_their_verdict() {
    let Some(path) = data("airline_members/members_62988_reconstructed.csv") else { return };
    both(async |ground| {
        let import = ground.import_path(&path, "member-summary", Policy::CreateOrUpdate).await;
        assert_eq!((import.counts.read, import.counts.created), (62_988, 62_988));
        assert_eq!(import.counts.rejected, 0);
        let dropped = "SELECT COUNT(*) FROM activity_summary WHERE kept_verdict = FALSE";
        assert_eq!(summary(&ground, dropped).await, 944);
        let unjoined = "SELECT COUNT(*) FROM activity_summary WHERE kept_verdict = TRUE
            AND tenure_days IS NULL";
        assert_eq!(summary(&ground, unjoined).await, 1);
        let nearest = "SELECT MIN(last_flight_days) FROM activity_summary";
        assert_eq!(summary(&ground, nearest).await, 1);
        assert_eq!(summary(&ground, "SELECT MAX(km) FROM activity_summary").await, 580_717);
    })
    .await;
}

#[tokio::test]
async fn the_raw_extract_comes_in_with_its_dirt_told_row_by_row() {
    let Some(path) = data("airline_members/raw_members_23col.csv") else { return };
    both(async |ground| {
        let import = ground.import_path(&path, "member-raw-23", Policy::CreateOrUpdate).await;
        assert_eq!((import.counts.read, import.counts.created), (15_721, 15_721));
        assert_eq!(import.counts.rejected, 0, "{:?}", import.reasons);
        let rows = |code: &str, column: &str| {
            let all = import.reasons.iter().filter(|r| r.code == code && r.column == column);
            all.map(|reason| reason.rows).sum::<u64>()
        };
        assert_eq!(rows("date-no-such-day", "LAST_FLIGHT_DATE"), 87);
        assert!(rows("place-empty", "WORK_CITY") > 200);
        assert!(rows("country-unknown", "WORK_COUNTRY") > 5);
        assert!(import.reasons.iter().all(|reason| reason.level != Level::Reject));
        // Unknown fares stay unknown: the rule of the value run decides on them.
        let unknown = "SELECT COUNT(*) FROM activity_summary
            WHERE fare_year_1 IS NULL OR fare_year_2 IS NULL";
        assert_eq!(summary(&ground, unknown).await, 374);
        let first = "SELECT fare_year_1 FROM activity_summary WHERE source_key LIKE '54993@%'";
        assert_eq!(summary(&ground, first).await, 23_956_000);
    })
    .await;
}

#[tokio::test]
async fn northern_lights_adds_up_with_its_duplicates_found() {
    let (Some(members), Some(activity)) = (
        data("northern_lights/loyalty_history.csv"),
        data("northern_lights/flight_activity.csv.xz"),
    ) else {
        return;
    };
    both(async |ground| {
        let policy = Policy::CreateOrUpdate;
        let import = ground.import_path(&members, "northern-lights-history", policy).await;
        assert_eq!((import.counts.created, import.counts.rejected), (16_737, 0));
        let left = "SELECT COUNT(*) FROM customer WHERE cancelled_on > '1900-01-01'";
        assert_eq!(ground.count(left).await, 16_737 - 14_670);
        let import = ground.import_path(&activity, "northern-lights-activity", policy).await;
        let counts = import.counts;
        assert_eq!((counts.read, counts.people, counts.rejected), (392_936, 0, 0));
        assert_eq!((counts.repeated, counts.repeated_keys), (1_922, 3_871));
        assert_eq!(counts.created, 391_014);
        let mut tx = ground.db.read().await.unwrap();
        let sums = ground.feeds.flights().month_totals(&mut tx, "northern-lights").await.unwrap();
        assert_eq!((sums.flights, sums.km), (508_808, 762_861_747));
        assert!((sums.points_redeemed - 12_300_572.0).abs() < 1e-6);
    })
    .await;
}
