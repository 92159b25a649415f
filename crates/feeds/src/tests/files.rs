//! The same members in every way of writing a table give the same customers.

use std::sync::Arc;

use lake::arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};
use lake::arrow::record_batch::RecordBatch;
use lake::{ParquetOptions, ParquetOut};

use super::ground::both;
use crate::Policy;

const TEXT: &str =
    "会员号,姓名,城市,入会日期\n54993,周启明,广州,2006-11-02\n28065,李静,上海,2007-02-19\n";

#[tokio::test]
async fn every_encoding_and_delimiter_gives_the_same_members() {
    both(async |ground| {
        let utf16: Vec<u8> =
            std::iter::once(0xfeff).chain(TEXT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let ways: [(&str, Vec<u8>); 6] = [
            ("utf8.csv", TEXT.as_bytes().to_vec()),
            ("bom.csv", [b"\xef\xbb\xbf", TEXT.as_bytes()].concat()),
            ("gb.csv", encoding_rs::GB18030.encode(TEXT).0.into_owned()),
            ("utf16.txt", utf16),
            ("tab.tsv", TEXT.replace(',', "\t").into_bytes()),
            ("mac.csv", TEXT.replace(',', "|").replace('\n', "\r").into_bytes()),
        ];
        for (n, (name, bytes)) in ways.into_iter().enumerate() {
            let path = ground.file(name, bytes);
            let import = ground.import_path(&path, "members", Policy::CreateOrUpdate).await;
            let expected = if n == 0 { (2, 0) } else { (0, 2) };
            assert_eq!((import.counts.created, import.counts.unchanged), expected, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn parquet_members_are_the_same_members() {
    both(async |ground| {
        let csv = "member_no,name,joined_on\n54993,周启明,2006-11-02\n28065,李静,2007-02-19\n";
        ground.import(csv, "members", Policy::CreateOrUpdate).await;
        let number: ArrayRef = Arc::new(Int64Array::from(vec![54_993, 28_065]));
        let name: ArrayRef = Arc::new(StringArray::from(vec!["周启明", "李静"]));
        let joined: ArrayRef = Arc::new(Date32Array::from(vec![13_454, 13_563]));
        let rows = RecordBatch::try_from_iter([
            ("member_no", number),
            ("name", name),
            ("joined_on", joined),
        ])
        .unwrap();
        let path = ground.folder.path().join("members.parquet");
        let mut out = ParquetOut::create(&path, rows.schema(), ParquetOptions::default()).unwrap();
        out.write(&rows).unwrap();
        out.finish().unwrap();
        let import = ground.import_path(&path, "members", Policy::CreateOrUpdate).await;
        assert_eq!((import.counts.unchanged, import.counts.read), (2, 2));
    })
    .await;
}
