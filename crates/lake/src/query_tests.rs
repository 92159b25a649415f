#![allow(clippy::unwrap_used, reason = "tests")]

use arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};

use super::*;
use crate::{Lake, LakeConfig, ParquetOptions, ParquetOut};

fn segments(members: std::ops::Range<i64>, month: &str) -> RecordBatch {
    let first: NaiveDate = month.parse().unwrap();
    let first = column::day_number(first);
    let count = members.end - members.start;
    let owner: ArrayRef = Arc::new(Int64Array::from_iter_values(members));
    let date: ArrayRef =
        Arc::new(Date32Array::from_iter_values((0..count).map(|n| first + (n % 28) as i32)));
    let km: ArrayRef = Arc::new(Int64Array::from_iter_values((0..count).map(|n| 500 + n)));
    let outcome: ArrayRef = Arc::new(StringArray::from_iter_values(
        (0..count).map(|n| if n % 10 == 0 { "no-show" } else { "flown" }),
    ));
    RecordBatch::try_from_iter([
        ("member", owner),
        ("flight_date", date),
        ("km", km),
        ("outcome", outcome),
    ])
    .unwrap()
}

fn write(path: &std::path::Path, rows: &RecordBatch) {
    let mut out = ParquetOut::create(path, rows.schema(), ParquetOptions::default()).unwrap();
    out.write(rows).unwrap();
    out.finish().unwrap();
}

fn lake(folder: &std::path::Path, memory_limit: usize, partitions: usize) -> Lake {
    Lake::open(folder, LakeConfig { memory_limit, partitions }).unwrap()
}

#[tokio::test]
async fn a_folder_of_months_is_one_table_and_values_are_bound() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path(), 64 << 20, 2);
    let dir = lake.table_dir("segments").unwrap();
    write(&dir.join("2026-01.parquet"), &segments(0..100, "2026-01-01"));
    write(&dir.join("2026-02.parquet"), &segments(0..100, "2026-02-01"));
    std::fs::write(dir.join(".2026-03.parquet.1-1.tmp"), b"half").unwrap();
    let answer = lake
        .query(
            "SELECT member, count(*) AS flights, sum(km) AS km FROM segments
             WHERE outcome = $outcome AND flight_date >= $from GROUP BY member ORDER BY member",
        )
        .folder("segments", &dir, segments(0..1, "2026-01-01").schema())
        .param("outcome", "flown")
        .param("from", NaiveDate::from_ymd_opt(2026, 2, 1).unwrap())
        .rows()
        .await
        .unwrap();
    let members: usize = answer.iter().map(RecordBatch::num_rows).sum();
    assert_eq!(members, 90);
    assert_eq!(column::ints(&answer[0], "km").unwrap().value(0), 501);
    assert_eq!(column::ints(&answer[0], "flights").unwrap().value(0), 1);
}

#[tokio::test]
async fn an_empty_folder_is_an_empty_table_and_rows_in_memory_join_in() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path(), 64 << 20, 2);
    let dir = lake.table_dir("segments").unwrap();
    let schema = segments(0..1, "2026-01-01").schema();
    let ask = |sql: &str| lake.query(sql).folder("segments", &dir, schema.clone());
    let none = ask("SELECT member FROM segments").rows().await.unwrap();
    assert_eq!(none.iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
    let rows = segments(5..8, "2026-01-01");
    let joined = ask("SELECT m.member FROM extra m LEFT JOIN segments s ON s.member = m.member")
        .rows_as("extra", schema.clone(), vec![rows])
        .rows()
        .await
        .unwrap();
    assert_eq!(joined.iter().map(RecordBatch::num_rows).sum::<usize>(), 3);
}

#[tokio::test]
async fn the_answer_can_be_taken_batch_by_batch_and_broken_off() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path(), 64 << 20, 1);
    let path = folder.path().join("one.parquet");
    write(&path, &segments(0..50_000, "2026-01-01"));
    let mut batches = 0;
    let ended = lake
        .query("SELECT km FROM s")
        .file("s", &path)
        .each(|_| {
            batches += 1;
            if batches == 2 { Err(LakeError::Cancelled) } else { Ok(()) }
        })
        .await;
    assert!(matches!(ended, Err(LakeError::Cancelled)));
    assert_eq!(batches, 2);
}

#[tokio::test]
async fn only_reading_is_allowed_and_a_bad_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path(), 64 << 20, 1);
    let path = folder.path().join("bad.parquet");
    let refused = lake.query("CREATE TABLE x AS SELECT 1").rows().await;
    assert!(matches!(refused, Err(LakeError::Engine { .. })));
    let outside = lake.query("COPY (SELECT 1) TO '/tmp/x.csv'").rows().await;
    assert!(matches!(outside, Err(LakeError::Engine { .. })));
    std::fs::write(&path, b"member,km\n").unwrap();
    let bad = lake.query("SELECT * FROM s").file("s", &path).rows().await.unwrap_err();
    assert!(bad.to_string().contains("bad.parquet"), "{bad}");
}

#[tokio::test]
async fn a_grouping_larger_than_its_memory_spills_and_still_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.parquet");
    write(&path, &segments(0..400_000, "2026-01-01"));
    // One thread, so that what is spilt does not depend on how busy the machine is.
    let ask = async |memory: usize| {
        let answer = lake(folder.path(), memory, 1)
            .query("SELECT member, sum(km) AS km FROM s GROUP BY member ORDER BY member")
            .file("s", &path)
            .rows()
            .await?;
        Ok::<usize, LakeError>(answer.iter().map(RecordBatch::num_rows).sum())
    };
    assert_eq!(ask(512 << 20).await.unwrap(), 400_000);
    assert_eq!(ask(24 << 20).await.unwrap(), 400_000);
    let spill = std::fs::read_dir(folder.path().join(".spill")).unwrap();
    assert_eq!(spill.filter(|e| e.as_ref().unwrap().path().is_file()).count(), 0);
}
