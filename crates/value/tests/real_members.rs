//! The published reference: 62,988 members of a Chinese airline (`airline_members/` in the folder of
//! test data). Cleaning counts, ranges, k-means and names must come out as measured elsewhere.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use lake::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, FixedSizeBinaryArray, Float64Array, Int64Array,
};
use lake::arrow::record_batch::RecordBatch;
use lake::{Lake, LakeConfig, ParquetOptions, ParquetOut, column};
use value::RunParams;
use value::facts::{Gathered, Reason, summaries};
use value::run::engine::{self, Ask};
use value::run::{Report, Source, unwatched};

fn data() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder =
        std::env::var_os("JETBRIDGE_TEST_DATA").map_or_else(|| beside.into(), PathBuf::from);
    let folder: PathBuf = folder;
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no real data in {} (JETBRIDGE_TEST_DATA names another)", folder.display());
    None
}

fn observed() -> NaiveDate {
    NaiveDate::from_ymd_opt(2014, 3, 31).unwrap()
}

/// One row of a summary: days since joining and since the last flight, flights, kilometres,
/// coefficient, fares of the two years, verdict.
#[derive(Default)]
struct Summary {
    tenure: Option<i64>,
    last: Option<i64>,
    flights: i64,
    km: i64,
    coefficient: f64,
    fares: [Option<i64>; 2],
    verdict: Option<bool>,
}

fn write(folder: &Path, rows: &[Summary]) {
    let ids = (0..rows.len() as u128).map(u128::to_be_bytes);
    let ints = |of: fn(&Summary) -> Option<i64>| -> ArrayRef {
        Arc::new(Int64Array::from_iter(rows.iter().map(of)))
    };
    let observed = column::day_number(observed());
    let columns: Vec<ArrayRef> = vec![
        Arc::new(FixedSizeBinaryArray::try_from_iter(ids).unwrap()),
        Arc::new(Date32Array::from_iter_values(rows.iter().map(|_| observed))),
        Arc::new(Date32Array::from(vec![None; rows.len()])),
        ints(|row| row.tenure),
        ints(|row| row.last),
        ints(|row| Some(row.flights)),
        ints(|row| Some(row.km)),
        Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.coefficient))),
        ints(|row| row.fares[0]),
        ints(|row| row.fares[1]),
        Arc::new(BooleanArray::from_iter(rows.iter().map(|row| row.verdict))),
    ];
    let batch = RecordBatch::try_new(summaries::schema(), columns).unwrap();
    let path = folder.join("all.parquet");
    let mut out = ParquetOut::create(path, batch.schema(), ParquetOptions::default()).unwrap();
    out.write(&batch).unwrap();
    out.finish().unwrap();
}

fn reconstructed(data: &Path) -> Vec<Summary> {
    let path = data.join("airline_members/members_62988_reconstructed.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(|row| {
        let row = row.unwrap();
        Summary {
            tenure: row["tenure_days"].parse::<f64>().ok().map(|days| days as i64),
            last: row["last_to_end_days"].parse().ok(),
            flights: row["flight_count"].parse().unwrap(),
            km: row["seg_km_sum"].parse().unwrap(),
            coefficient: row["avg_discount"].parse().unwrap(),
            fares: [None, None],
            verdict: Some(row["kept_by_standard_filter"] == "True"),
        }
    });
    rows.collect()
}

async fn gather(rows: &[Summary], partitions: usize) -> Gathered {
    let folder = tempfile::tempdir().unwrap();
    let config = LakeConfig { partitions, ..LakeConfig::default() };
    let lake = Lake::open(folder.path(), config).unwrap();
    let table = lake.table_dir("summaries").unwrap();
    write(&table, rows);
    let latest = summaries::latest(&lake, table.clone(), NaiveDate::MAX).await.unwrap();
    assert_eq!(latest, Some(observed()));
    summaries::gather(&lake, table, observed()).await.unwrap()
}

fn reckon(gathered: &Gathered) -> Report {
    let params = RunParams { source: Source::Summaries, ..RunParams::default() };
    let ask = Ask {
        params: &params,
        observed_on: observed(),
        window_from: observed(),
        source: Source::Summaries,
        without_flights: None,
        earlier: None,
    };
    engine::plain(gathered, &ask, &unwatched()).unwrap().1
}

#[tokio::test]
async fn the_reference_comes_out_as_published() {
    let Some(data) = data() else { return };
    let rows = reconstructed(&data);
    let report = reckon(&gather(&rows, 0).await);
    assert_eq!(
        (report.rows_read, report.rows_valued, report.rows_clustered),
        (62_988, 62_044, 62_043)
    );
    assert_eq!(report.dropped, BTreeMap::from([(Reason::StandardFilter, 944)]));
    assert_eq!(report.left_out, BTreeMap::from([(Reason::NoJoinDate, 1)]));

    let near = |a: f64, b: f64, by: f64| assert!((a - b).abs() <= by, "{a} is not near {b}");
    let features = &report.features;
    for (range, min, max) in [
        (features.l, 12.17, 114.57),
        (features.r, 0.0333, 24.3667),
        (features.f, 2.0, 213.0),
        (features.m, 368.0, 580_717.0),
        (features.c, 0.136, 1.5),
    ] {
        near(range.min, min, 0.005);
        near(range.max, max, 0.005);
    }

    assert!(report.inertia <= 133_360.5, "inertia {}", report.inertia);
    let reference = [
        ("general", 24_665, [-0.7004, -0.4147, -0.1613, -0.1612, -0.2538]),
        ("winback", 15_745, [1.1603, -0.3774, -0.0871, -0.0950, -0.1560]),
        ("low", 12_125, [-0.3135, 1.6862, -0.5740, -0.5368, -0.1733]),
        ("keep", 5_336, [0.4830, -0.7994, 2.4834, 2.4246, 0.3086]),
        ("develop", 4_172, [0.0549, -0.0024, -0.2257, -0.2297, 2.1981]),
    ];
    for (at, (name, size, centre)) in reference.into_iter().enumerate() {
        assert_eq!(report.names[at], name);
        near(report.sizes[at] as f64, f64::from(size), f64::from(size) * 0.01);
        for (found, wanted) in report.centres[at].into_iter().zip(centre) {
            near(found, wanted, 0.01);
        }
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_result_on_any_number_of_cores() {
    let Some(data) = data() else { return };
    let rows = reconstructed(&data);
    let mut reports = Vec::new();
    for cores in [1, 2, 7] {
        let gathered = gather(&rows, cores).await;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
        reports.push(pool.install(|| reckon(&gathered)));
    }
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0], reports[2]);
}

#[tokio::test]
async fn where_there_are_fares_the_rule_itself_decides() {
    let Some(data) = data() else { return };
    let path = data.join("airline_members/raw_members_23col.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows: Vec<Summary> = reader
        .deserialize::<BTreeMap<String, String>>()
        .map(|row| {
            let row = row.unwrap();
            let fare = |name: &str| row[name].parse::<f64>().ok().map(|f| (f * 100.0) as i64);
            Summary {
                tenure: Some(1000),
                last: row["LAST_TO_END"].parse().ok(),
                flights: row["FLIGHT_COUNT"].parse().unwrap(),
                km: row["SEG_KM_SUM"].parse().unwrap(),
                coefficient: row["avg_discount"].parse().unwrap(),
                fares: [fare("SUM_YR_1"), fare("SUM_YR_2")],
                verdict: None,
            }
        })
        .collect();
    let gathered = gather(&rows, 0).await;
    let dropped: BTreeMap<Reason, usize> =
        gathered.dropped.iter().map(|d| (d.reason, d.keys.len())).collect();
    // Counted beside it with pandas over the same file.
    let expected =
        [(Reason::NoFareRecord, 374), (Reason::ZeroDiscountWithKm, 7), (Reason::NoFarePaid, 75)];
    assert_eq!(dropped, BTreeMap::from(expected));
    assert_eq!(gathered.facts.len(), 15_721 - 374 - 82);
}
