//! A generated file deduplicated: `million_bench people.csv`, the rules and comparisons of
//! `bench/peers/identity_splink_million.py`.
//!
//! Seconds count reading the file, training and scoring; quality is measured afterwards.

#![allow(clippy::print_stdout, reason = "a benchmark reports")]

use std::process::ExitCode;

use matching::blocks::{Candidates, Columns, Keys};
use matching::dates::DateMatch;
use matching::scheme::{Close, Comparison, Rung, Scheme, Schemed, Test};
use matching::table::{Kind, Table, TableBuilder};
use matching::{Scored, Session, Training, predict, probability, train};

const GIVEN: usize = 0;
const SURNAME: usize = 1;
const BIRTH: usize = 2;
const PHONE: usize = 3;
const EMAIL: usize = 4;
const CITY: usize = 5;
const STREET: usize = 6;
const LOCAL: usize = 7;

const RULES: [&[usize]; 6] = [
    &[BIRTH, SURNAME],
    &[BIRTH, GIVEN],
    &[PHONE],
    &[EMAIL],
    &[SURNAME, GIVEN, CITY],
    &[CITY, STREET],
];
/// Columns that block, and the comparisons that then learn (names are two).
const TRAINING: [(&[usize], &[usize]); 2] =
    [(&[BIRTH], &[0, 1, 3, 4, 5, 6]), (&[SURNAME, GIVEN], &[2, 3, 4, 5, 6])];

fn scheme() -> Scheme {
    use DateMatch::{Near, Same, Swapped, TwoParts, Typo, Year};
    let close = |similarity, edits| Close { similarity, edits };
    let birth = [(Same, "same"), (Swapped, "swapped"), (Typo, "typo")]
        .into_iter()
        .chain([(TwoParts, "two_parts"), (Near, "near"), (Year, "year")])
        .map(|(least, code)| Rung::new(code, Test::Date(least), 0.0))
        .collect();
    let phone = vec![
        Rung::new("same", Test::Same, 1.0),
        Rung::new("one_edit", Test::Close(close(2.0, 1)), 0.0),
        Rung::new("two_edits", Test::Close(close(2.0, 2)), 0.0),
    ];
    // No level for local parts that are merely alike: they are made of names, and names were compared.
    let email = vec![
        Rung::new("same", Test::Same, 1.0),
        Rung::new("local_same", Test::SameIn(LOCAL), 0.0),
        Rung::new("close", Test::Close(close(2.0, 2)), 0.0),
    ];
    let text = || {
        vec![
            Rung::new("same", Test::Same, 1.0),
            Rung::new("close", Test::Close(close(2.0, 1)), 0.5),
        ]
    };
    Scheme {
        name: "people".into(),
        comparisons: vec![
            Comparison::Names { given: GIVEN, surname: SURNAME },
            Comparison::of("birth", BIRTH, birth),
            Comparison::of("phone", PHONE, phone),
            Comparison::of("email", EMAIL, email),
            Comparison::of("city", CITY, text()),
            Comparison::of("street", STREET, text()),
        ],
    }
}

fn read(path: &str) -> Result<(Table, Vec<u32>), csv::Error> {
    let mut table = TableBuilder::new(&[
        Kind::Text,
        Kind::TextLike(GIVEN),
        Kind::Date,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
    ]);
    let mut clusters = Vec::new();
    let mut reader = csv::Reader::from_path(path)?;
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row)? {
        let email = row.get(6).unwrap_or_default();
        let local = email.split_once('@').map_or("", |(local, _)| local);
        let of = |at: usize| row.get(at).unwrap_or_default();
        table.push(&[of(2), of(3), of(4), of(5), email, of(7), of(8), local]);
        clusters.push(of(1).parse().unwrap_or(u32::MAX));
    }
    let table = table.finish();
    Ok((table, clusters))
}

fn candidates(table: &Table, rules: &[&[usize]]) -> Candidates {
    let keys: Vec<Columns<'_>> =
        rules.iter().map(|columns| Columns { table, columns, finer: &[] }).collect();
    let keys: Vec<&dyn Keys> = keys.iter().map(|keys| keys as &dyn Keys).collect();
    Candidates::build(table.rows(), &keys, 100_000)
}

/// Peak resident memory of this process, MB (Linux).
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1024.0
}

fn report(mut found: Vec<Scored>, clusters: &[u32]) {
    let mut sizes = std::collections::HashMap::<u32, u64>::new();
    clusters.iter().for_each(|cluster| *sizes.entry(*cluster).or_default() += 1);
    let truth: u64 = sizes.values().map(|n| n * (n - 1) / 2).sum();
    found.sort_by(|a, b| b.bits.total_cmp(&a.bits).then((a.left, a.right).cmp(&(b.left, b.right))));
    let (mut hits, mut sure, mut best) = (0_u64, (0, 0), (0.0_f64, 0.0, 0.0));
    for (at, pair) in found.iter().enumerate() {
        hits += u64::from(clusters[pair.left as usize] == clusters[pair.right as usize]);
        let taken = at as u64 + 1;
        let f1 = 2.0 * hits as f64 / (taken + truth) as f64;
        if f1 > best.0 {
            best = (f1, hits as f64 / taken as f64, hits as f64 / truth as f64);
        }
        if probability(pair.bits) >= 0.95 {
            sure = (hits, taken);
        }
    }
    println!(
        "true pairs {truth} scored {} best F1 {:.4} (P {:.4} R {:.4}) | at 0.95 P {:.4} R {:.4} | \
         recall of pairs kept {:.4}",
        found.len(),
        best.0,
        best.1,
        best.2,
        sure.0 as f64 / sure.1 as f64,
        sure.0 as f64 / truth as f64,
        hits as f64 / truth as f64,
    );
}

#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: million_bench people.csv");
        return ExitCode::FAILURE;
    };
    let began = std::time::Instant::now();
    let (table, clusters) = match read(&path) {
        Ok(read) => read,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let seconds = || began.elapsed().as_secs_f64();
    eprintln!("read {:.1} s", seconds());
    let scheme = scheme();
    let records = Schemed { table: &table, scheme: &scheme };
    let all = candidates(&table, &RULES);
    eprintln!("blocked {:.1} s, at most {} pairs", seconds(), all.pairs_at_most());
    let sessions: Vec<Session> = TRAINING
        .iter()
        .map(|(columns, learns)| Session {
            candidates: candidates(&table, &[columns]),
            learns: learns.to_vec(),
        })
        .collect();
    let model = train(&records, &sessions, &all, Training::default());
    drop(sessions);
    eprintln!("trained {:.1} s, prior {:.2e}", seconds(), model.prior);
    let mut found = Vec::new();
    predict(&records, &model, &all, -6.6, |part| found.extend(part));
    println!("ours: {} records | {:.1} s peak {:.0} MB", table.rows(), seconds(), peak_mb());
    report(found, &clusters);
    ExitCode::SUCCESS
}
