#![allow(clippy::unwrap_used, reason = "tests")]
use kernel::Outcome;
use loyalty::ledger::AccountState;
use loyalty::members::Member;
use rand::RngExt;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::agreements::Partner;
use crate::testing::{Desk, KM, both};

/// A file of rows with `#` for their number.
fn file(batch: &str, rows: &[String]) -> String {
    let mut text = format!("H,1,HARBOUR,{batch},2026-12-31,{KM}\n");
    let (mut base, mut bonus) = (0, 0);
    for (at, row) in rows.iter().enumerate() {
        let row = row.replacen('#', &(at + 1).to_string(), 1);
        let cells: Vec<&str> = row.split(',').collect();
        base += cells[11].parse::<i64>().unwrap_or(0);
        bonus += cells[12].parse::<i64>().unwrap_or(0);
        text.push_str(&row);
        text.push('\n');
    }
    text.push_str(&format!("T,{},{base},{bonus}\n", rows.len()));
    text
}

fn stay(reference: &str, member: &Member, name: &str, miles: i64, bonus: i64) -> String {
    format!(
        "R,#,accrue,hotel,{reference},{},{name},2026-12-20,{miles},CNY,{miles},{bonus},,,,,,,,",
        member.member_no
    )
}

fn back(reference: &str, original: &str, member: &Member, name: &str, miles: i64) -> String {
    format!(
        "R,#,reverse,hotel,{reference},{},{name},2026-12-21,,,{miles},0,{original},,,,,,,",
        member.member_no
    )
}

async fn send(desk: &Desk, partner: &Partner, text: &str) -> PartnerFile {
    let sent = desk.partners.receive_file(&desk.clerk, partner.id, "f.csv", text.as_bytes()).await;
    let file = sent.unwrap().into_inner();
    desk.partners.post_file(file.id).await.unwrap()
}

async fn codes(desk: &Desk, file: &PartnerFile) -> Vec<String> {
    let rows = desk.partners.rows(&desk.clerk, file.id, None, 0, 500).await.unwrap();
    rows.into_iter().map(|row| format!("{}{}", row.outcome, row.code)).collect()
}

async fn ties(desk: &Desk, partner: &Partner) {
    for month in desk.partners.months(&desk.clerk, partner.id).await.unwrap() {
        let statement = desk.partners.statement(&desk.clerk, partner.id, &month).await.unwrap();
        assert!(statement.ties(), "{statement:?}");
    }
    desk.sound().await;
}

#[tokio::test]
async fn a_file_is_posted_row_by_row_and_acknowledged() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let (one, two) = (desk.member("周启明").await, desk.member("林小雨").await);
        let partner = desk.hotel().await;
        let freeze = desk.loyalty.freeze(&desk.clerk, two.id, AccountState::Frozen, "fraud");
        let _ = freeze.await.unwrap();
        desk.advance(40);
        let good = stay("S-1", &one, "ZHOU,Q", 888, 100);
        let spend = stay("P-1", &one, "ZHOU,Q", 300, 0).replace("accrue", "redeem");
        let rows = [
            good.clone(),
            stay("S-2", &one, "ZHOUQ,M", 10, 0),
            stay("S-3", &two, "LIN,XIAOYU", 10, 0),
            good.clone(),
            stay("S-4", &one, "ZHOU,Q", 10, 0).replace(&one.member_no, "600000000"),
            stay("S-5", &one, "ZHOU,Q", 10, 0).replace("hotel", "car"),
            stay("S-6", &one, "ZHOU,Q", 10, 0).replace(",10,CNY,10", ",10,CNY,11"),
            stay("S-7", &one, "ZHOU,Q", 10, 0).replace("2026-12-20", "2027-12-20"),
            stay("S-8", &one, "ZHOU,Q", 10, 0).replace("2026-12-20", "2026-11-21"),
            stay("=S", &one, "ZHOU,Q", 10, 0),
            spend.clone(),
            spend.replace("P-1", "P-2").replace("300", "9000"),
            back("B-1", "S-1", &one, "ZHOU,Q", 7),
        ];
        let done = send(&desk, &partner, &file("B1", &rows)).await;
        assert_eq!(
            codes(&desk, &done).await,
            [
                "posted",
                "rejectedname-mismatch",
                "rejectedmember-frozen",
                "rejectedduplicate",
                "rejectednot-a-member",
                "rejectednot-agreed",
                "rejectedrate-differs",
                "rejectedin-future",
                "rejectedbefore-joining",
                "rejectedreference",
                "posted",
                "rejectedinsufficient",
                "rejectedoriginal-differs",
            ]
        );
        assert_eq!((done.posted, done.rejected, done.issued, done.redeemed), (2, 11, 988, 300));
        assert_eq!(desk.miles(&one).await, 688);
        let (_, text) = desk.partners.acknowledgement(&desk.clerk, done.id).await.unwrap();
        assert!(text.starts_with("A,1,HARBOUR,B1,"), "{text}");
        assert!(text.contains("R,10,,rejected,reference,10,,\r\n"), "{text}");
        assert!(text.ends_with("Z,13,2,11,0,988,0,300\r\n"), "{text}");
        assert!(!text.contains(['=', '+', '@', '\t']), "nothing a spreadsheet runs");

        // The same bytes are the same file; the same rows in another batch are refused one by one.
        let text = file("B1", &rows);
        let bytes = text.as_bytes();
        let again = desk.partners.receive_file(&desk.clerk, partner.id, "g.csv", bytes).await;
        assert!(matches!(again.unwrap(), Outcome::AlreadyDone(it) if it.id == done.id));
        let taken = send(&desk, &partner, &file("B1", &rows[..1])).await;
        assert_eq!(taken.fault.unwrap().code, "batch-taken");
        let corrected = send(
            &desk,
            &partner,
            &file("B2", &[good, stay("S-2", &one, "ZHOU,M", 10, 0).replace("ZHOU,M", "ZHOU,QM")]),
        )
        .await;
        assert_eq!(codes(&desk, &corrected).await, ["rejectedduplicate", "posted"]);
        assert_eq!(desk.miles(&one).await, 698);
        ties(&desk, &partner).await;
    })
    .await;
}

#[tokio::test]
async fn a_file_that_does_not_add_up_posts_nothing() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let one = desk.member("周启明").await;
        let partner = desk.hotel().await;
        desk.advance(40);
        let good = file("B1", &[stay("S-1", &one, "ZHOU,Q", 888, 100)]);
        for (text, code) in [
            (good.replace("T,1,888,100", "T,1,889,100"), "base"),
            (good.replace("T,1,888,100\n", ""), "no-trailer"),
            (good.replace("HARBOUR", "OTHER"), "partner"),
            (good.replace(KM, "ZH"), "programme"),
            (String::new(), "empty"),
        ] {
            let file = send(&desk, &partner, &text).await;
            assert_eq!((file.status, file.fault.unwrap().code.as_str()), (Status::Refused, code));
            let (_, text) = desk.partners.acknowledgement(&desk.clerk, file.id).await.unwrap();
            assert!(text.contains(",refused\r\nF,"), "{text}");
        }
        assert_eq!(desk.miles(&one).await, 0);
        // A refused batch number is free: the corrected file has it.
        let file = send(&desk, &partner, &good).await;
        assert_eq!((file.status, file.posted), (Status::Done, 1));
        ties(&desk, &partner).await;
    })
    .await;
}

#[tokio::test]
async fn flights_are_credited_once_by_whoever_tells_them() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let one = desk.member("周启明").await;
        let partner = desk.hotel().await;
        desk.advance(60);
        let flight = |reference: &str, ticket: &str| {
            format!(
                "R,#,accrue,flight,{reference},{},ZHOU,QIMING,{},,,1000,0,,QJ,1419,TFU,HGH,Y,{ticket}",
                one.member_no,
                desk.day(30)
            )
        };
        let rows =
            [flight("F-1", "7811234567890,1"), flight("F-2", "7811234567890,1"), flight("F-3", ",")];
        let done = send(&desk, &partner, &file("B1", &rows)).await;
        assert_eq!(codes(&desk, &done).await, ["posted", "rejectedduplicate", "posted"]);
        // Taken back and sent anew in one file: each knows what became of the other.
        let rows = [
            back("X-1", "F-1", &one, "ZHOU,Q", 1_000).replace("hotel", "flight"),
            flight("F-4", "7811234567890,1"),
        ];
        let done = send(&desk, &partner, &file("B2", &rows)).await;
        assert_eq!(codes(&desk, &done).await, ["posted", "posted"]);
        assert_eq!(desk.miles(&one).await, 2_000);
        // And the claim of the same flight is explained by it.
        let asked = crate::claims::Asked {
            flight: "QJ1419".to_owned(),
            date: desk.day(30).to_string(),
            origin: "TFU".to_owned(),
            destination: "HGH".to_owned(),
            ..crate::claims::Asked::default()
        };
        let id = crate::claims::ClaimId::new(desk.partners.now());
        let channel = crate::claims::Channel::Agent;
        let claim = desk.partners.claim(&desk.clerk, id, one.id, channel, &asked).await.unwrap();
        assert_eq!(claim.into_inner().verdict, crate::claims::Verdict::AlreadyYours);
        ties(&desk, &partner).await;
    })
    .await;
}

/// Any order and any repetition of files ends at the same books, reversals before what they take
/// back included; and a run that is cut after each piece goes on where it stood.
#[tokio::test]
async fn any_order_of_files_ends_at_the_same_books() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let partner = desk.hotel().await;
        let mut ends = Vec::new();
        for round in 0..3 {
            let one = desk.member("周启明").await;
            desk.advance(40);
            let mut rows = Vec::new();
            for n in 0..40 {
                let reference = format!("R{round}-{n}");
                let day = desk.partners.today().to_string();
                let dated =
                    |row: String| row.replace("2026-12-20", &day).replace("2026-12-21", &day);
                rows.push(dated(stay(&reference, &one, "ZHOU,Q", 100 + n, n)));
                if n % 3 == 0 {
                    let undo = format!("U{round}-{n}");
                    rows.push(dated(back(&undo, &reference, &one, "ZHOU,Q", 100 + 2 * n)));
                }
            }
            rows.shuffle(&mut rng);
            let batches: Vec<&[String]> = rows.chunks(9).collect();
            let mut files: Vec<String> = batches
                .iter()
                .enumerate()
                .map(|(at, rows)| file(&format!("Q{round}-{at}"), rows))
                .collect();
            files.extend(files.clone());
            // The same rows once more under another number.
            let some = rng.random_range(0..batches.len());
            files.push(file(&format!("Q{round}-again"), batches[some]));
            files.shuffle(&mut rng);
            for text in &files {
                send(&desk, &partner, text).await;
            }
            ends.push(desk.miles(&one).await);
        }
        let expected: i64 = (0..40).filter(|n| n % 3 != 0).map(|n| 100 + 2 * n).sum();
        assert_eq!(ends, [expected; 3]);
        ties(&desk, &partner).await;
    })
    .await;
}

#[tokio::test]
async fn a_killed_run_goes_on_where_it_stood() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let one = desk.member("周启明").await;
        let partner = desk.hotel().await;
        desk.advance(40);
        let rows: Vec<String> =
            (0..1_203).map(|n| stay(&format!("S-{n}"), &one, "ZHOU,Q", 10, 0)).collect();
        let text = file("B1", &rows);
        let sent = desk.partners.receive_file(&desk.clerk, partner.id, "f", text.as_bytes()).await;
        let file = sent.unwrap().into_inner();
        let (half, more) = desk.partners.post_piece(file.id).await.unwrap();
        assert!(more && half.rows_done == 500 && half.status == Status::Posting);
        // Another process takes over; two at once wait for each other.
        let (a, b) =
            tokio::join!(desk.partners.post_file(file.id), desk.partners.post_file(file.id));
        assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
        let done = desk.partners.file(&desk.clerk, file.id).await.unwrap();
        assert_eq!((done.status, done.rows_done, done.posted), (Status::Done, 1_203, 1_203));
        assert_eq!(desk.miles(&one).await, 12_030);
        ties(&desk, &partner).await;
    })
    .await;
}

#[tokio::test]
async fn a_month_is_invoiced_once_with_numbers_without_gaps() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let one = desk.member("周启明").await;
        let partner = desk.hotel().await;
        desk.advance(40);
        let rows = [
            stay("S-1", &one, "ZHOU,Q", 10_000, 0),
            stay("S-2", &one, "ZHOU,Q", 1_000, 500),
            stay("P-1", &one, "ZHOU,Q", 2_000, 0).replace("accrue", "redeem"),
            back("B-1", "S-2", &one, "ZHOU,Q", 1_500),
        ];
        send(&desk, &partner, &file("B1", &rows)).await;
        let month = desk.partners.months(&desk.clerk, partner.id).await.unwrap().remove(0);
        let manager = desk.house.staff(access::Role::Administrator).await.actor;
        let early = desk.partners.issue(&manager, partner.id, &month).await;
        assert!(matches!(early, Err(crate::Error::Refused("partners-month-open"))));
        desk.advance(40);
        let statement = desk.partners.statement(&desk.clerk, partner.id, &month).await.unwrap();
        // 10,000 and 1,500 at 90 yuan a thousand, 1,500 back, 2,000 redeemed at 60.
        assert_eq!(statement.total_minor, 90_000 + 13_500 - 13_500 - 12_000, "{statement:?}");
        let invoice = desk.partners.issue(&manager, partner.id, &month).await.unwrap();
        assert!(!invoice.is_repeat());
        let again = desk.partners.issue(&manager, partner.id, &month).await.unwrap();
        assert!(again.is_repeat());
        let (one, two) = (invoice.into_inner(), again.into_inner());
        assert_eq!(one.number, "P2027-000001");
        assert_eq!(one, two);
        assert!(one.is_sound());
        let nothing = desk.partners.issue(&manager, partner.id, "2026-01").await;
        assert!(matches!(nothing, Err(crate::Error::Refused("partners-month-empty"))));
        ties(&desk, &partner).await;
    })
    .await;
}
