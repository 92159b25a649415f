//! Wrong and hostile rows and files: located, bounded, nothing half-applied.

use std::io::Write;

use kernel::Explain;

use super::ground::both;
use crate::Policy;
use crate::file::{FileError, Limits, inspect};
use crate::imports::MappingRef;
use crate::mapping::{FileHints, shipped};

#[tokio::test]
async fn every_bad_row_is_told_by_row_and_column() {
    both(async |ground| {
        let mut bytes = b"member_no,flight_date,origin,destination,km,fare,booked_on\n".to_vec();
        for line in [
            "1,2026-02-30,CAN,PEK,1967,100,",           // 2: no such day
            "2,2026-03-01,CAN,ZZX,1967,100,",           // 3: unknown airport
            "3,2026-03-01,CAN,PEK,-5,100,",             // 4: negative
            "4,2026-03-01,CAN,PEK,1967,一百,",          // 5: no number
            "5,2026-03-01,CAN,PEK,1967",                // 6: ragged
            ",2026-03-01,CAN,PEK,1967,100,",            // 7: nobody
            "7,2026-03-01,CAN,PEK,1967,100,昨天",       // 8: blanked, imported
            "8,2026-03-01,CAN,PEK,1967,100,",           // 9: good
            "8,2026-03-01,CAN,PEK,1967,100,",           // 10: the same again
            "8,2026-03-01,CAN,PEK,1999,100,2026-01-01", // 11: own key, other values
        ] {
            bytes.extend_from_slice(line.as_bytes());
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(b"9,2026-03-01,C\0N,PEK,1967,100,\n"); // 12: NUL
        bytes.extend_from_slice(b"\xd6\xdc,2026-03-01,CAN,PEK,1967,100,\n"); // 13: GB18030 in UTF-8
        bytes.extend_from_slice(b"\"13,2026-03-01,CAN,PEK,1967,100,\n"); // 14: open quote
        bytes.extend_from_slice(b"14,2026-03-01,PEK,CAN,1967,100,\n"); // 15: good
        let path = ground.file("bad.csv", bytes);
        let import = ground.import_path(&path, "segments", Policy::CreateOrUpdate).await;
        let found = ground.found(&import).await;
        let found: Vec<(i64, &str, &str)> = found
            .iter()
            .map(|(row, column, code)| (*row, column.as_str(), code.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (2, "flight_date", "date-no-such-day"),
                (3, "destination", "airport-unknown"),
                (4, "km", "negative"),
                (5, "fare", "number-form"),
                (6, "", "ragged"),
                (7, "", "key-missing"),
                (8, "booked_on", "date-form"),
                (10, "", "row-repeated"),
                (12, "origin", "nul"),
                (13, "member_no", "encoding"),
                (14, "", "open-quote"),
            ]
        );
        assert_eq!((import.counts.read, import.counts.rejected), (14, 9));
        assert_eq!((import.counts.created, import.counts.blanked), (4, 1));
    })
    .await;
}

#[tokio::test]
async fn a_ten_megabyte_line_is_one_error_and_the_rest_comes_in() {
    both(async |ground| {
        let mut text = "member_no,name,city\n1,周启明,广州\n".to_owned();
        text.push_str(&"x".repeat(10 << 20));
        text.push_str("\n2,李静,上海\n");
        let import = ground.import(&text, "members", Policy::CreateOrUpdate).await;
        assert_eq!((import.counts.created, import.counts.rejected), (2, 1));
        assert_eq!(ground.found(&import).await, [(3, String::new(), "row-long".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn a_missing_column_is_named_before_anything_is_written() {
    both(async |ground| {
        let path = ground.file("m.csv", "MEMBER_NO,GENDER\n1,Male\n");
        let mapping = MappingRef::Name("member-raw-23".to_owned());
        let policy = Policy::CreateOrUpdate;
        let refused = ground.feeds.import_file(&ground.actor, &path, None, &mapping, policy).await;
        let error = refused.unwrap_err();
        assert_eq!(error.code(), "feeds-mapping-missing");
        assert!(error.args()[0].1.contains("SEG_KM_SUM"));
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_import").await, 0);
    })
    .await;
}

fn code(bytes: &[u8], limits: &Limits) -> &'static str {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    match inspect(&path, &FileHints::default(), limits, true) {
        Ok(_) => "fine",
        Err(error) => error.code(),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

const TABLE: &[u8] = b"member_no,name\n1,a\n2,b\n";

#[test]
fn packed_tables_are_read_whatever_their_name() {
    let limits = Limits::default();
    assert_eq!(code(TABLE, &limits), "fine");
    assert_eq!(code(&gzip(TABLE), &limits), "fine");
    assert_eq!(code(&zip(&[("members.csv", TABLE)]), &limits), "fine");
    assert_eq!(code(&zstd::encode_all(TABLE, 3).unwrap(), &limits), "fine");
    let mut xz = Vec::new();
    liblzma::read::XzEncoder::new(TABLE, 6).read_to_end_into(&mut xz);
    assert_eq!(code(&xz, &limits), "fine");
}

trait ReadToEnd: std::io::Read + Sized {
    fn read_to_end_into(mut self, to: &mut Vec<u8>) {
        self.read_to_end(to).unwrap();
    }
}
impl<R: std::io::Read> ReadToEnd for R {}

#[test]
fn what_is_no_table_is_named() {
    let limits = Limits::default();
    assert_eq!(code(b"", &limits), "feeds-file-empty");
    assert_eq!(code(b"%PDF-1.7 ...", &limits), "feeds-file-not-a-table");
    assert_eq!(code(b"\x89PNG\r\n\x1a\n....", &limits), "feeds-file-not-a-table");
    assert_eq!(code(&[7_u8; 5_000], &limits), "feeds-file-not-a-table");
    assert_eq!(code(&zip(&[("xl/workbook.xml", b"<x/>")]), &limits), "feeds-file-not-a-table");
    assert_eq!(code(&zip(&[("a.csv", TABLE), ("b.csv", TABLE)]), &limits), "feeds-file-entries");
    assert_eq!(code(b"PAR1 not really", &limits), "feeds-file-damaged");
    let mut cut = gzip(&TABLE.repeat(1_000));
    cut.truncate(cut.len() - 12);
    assert_eq!(code(&cut, &limits), "feeds-file-damaged");
    let wide = "a,".repeat(3_000);
    assert_eq!(code(wide.as_bytes(), &limits), "feeds-file-columns");
    let endless = vec![b'x'; 3 << 20];
    assert_eq!(code(&endless, &limits), "feeds-file-first-row");
}

#[test]
fn bombs_stop_at_their_limit() {
    let limits = Limits { free: 1 << 20, ratio: 20, ..Limits::default() };
    let zeros = "1,2\n".repeat(2_000_000);
    assert_eq!(code(&gzip(zeros.as_bytes()), &limits), "feeds-file-bomb");
    assert_eq!(code(&zip(&[("z.csv", zeros.as_bytes())]), &limits), "feeds-file-bomb");
    assert_eq!(code(&zstd::encode_all(zeros.as_bytes(), 3).unwrap(), &limits), "feeds-file-bomb");
}

#[test]
fn a_mapping_that_makes_no_sense_is_refused() {
    use crate::mapping::Mapping;
    let refused = |text: &str| Mapping::from_toml(text).unwrap_err().code();
    assert_eq!(refused("this is not toml"), "feeds-mapping-shape");
    let good = shipped("member-summary").unwrap().to_toml().unwrap();
    let changed = |from: &str, to: &str| refused(&good.replace(from, to));
    assert_eq!(changed("version = 1", "version = 9"), "feeds-mapping-version");
    assert_eq!(changed("field = \"tier\"", "field = \"tyre\""), "feeds-mapping-field");
    assert_eq!(changed("\"gold\"", "\"bronze\""), "feeds-mapping-value");
    assert_eq!(changed("field = \"member_key\"", "field = \"city\""), "feeds-mapping-key");
    assert!(matches!(FileError::Empty.kind(), kernel::Kind::Invalid));
}
