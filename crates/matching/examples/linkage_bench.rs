//! Pairwise quality and cost on the public sets: `linkage_bench DIRECTORY [SET]`, SET one of `fake_1000`,
//! `fake_1000_same_rules`, `febrl3`.
//!
//! DIRECTORY holds `febrl3.csv` and `splink_fake_1000.csv`. Every scored pair counts, those of
//! equal weight in the order of their rows, against all true pairs, found as candidates or not:
//! best F1 over every cut of the list, as the peer's script counts it. Labels are used for that
//! alone.

#![allow(clippy::print_stdout, reason = "a benchmark reports")]

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;

use matching::blocks::{Candidates, Columns, Keys};
use matching::dates::DateMatch;
use matching::scheme::{Close, Comparison, Rung, Scheme, Schemed, Test};
use matching::table::{Kind, Table, TableBuilder};
use matching::{Scored, Session, Training, predict, probability, train};

/// A public set, read.
struct Set {
    name: &'static str,
    table: Table,
    scheme: Scheme,
    /// Columns of each rule; no column makes every pair a candidate.
    rules: Vec<Vec<usize>>,
    /// Columns that block a session of training, and the comparisons it learns.
    training: Vec<(Vec<usize>, Vec<usize>)>,
    clusters: Vec<String>,
}

fn rung(code: &str, test: Test, by_frequency: f64) -> Rung {
    Rung::new(code, test, by_frequency)
}

fn close(similarity: f64, edits: u8) -> Close {
    Close { similarity, edits }
}

fn dates() -> Vec<Rung> {
    use DateMatch::{Near, Same, Swapped, TwoParts, Typo, Year};
    [(Same, "same", 1.0), (Swapped, "swapped", 0.0), (Typo, "typo", 0.0)]
        .into_iter()
        .chain([(TwoParts, "two_parts", 0.0), (Near, "near", 0.0), (Year, "year", 0.0)])
        .map(|(least, code, by_frequency)| rung(code, Test::Date(least), by_frequency))
        .collect()
}

fn texts(by_frequency: f64) -> Vec<Rung> {
    vec![
        rung("same", Test::Same, by_frequency),
        rung("close", Test::Close(close(0.92, 1)), 0.5 * by_frequency),
        rung("similar", Test::Close(close(0.80, 2)), 0.5 * by_frequency),
    ]
}

fn digits() -> Vec<Rung> {
    vec![
        rung("same", Test::Same, 1.0),
        rung("one_edit", Test::Close(close(2.0, 1)), 0.0),
        rung("two_edits", Test::Close(close(2.0, 2)), 0.0),
    ]
}

fn records(path: &Path) -> Result<Vec<HashMap<String, String>>, Box<dyn std::error::Error>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path)?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

fn fake_1000(directory: &Path) -> Result<Set, Box<dyn std::error::Error>> {
    let mut table = TableBuilder::new(&[
        Kind::Text,
        Kind::TextLike(0),
        Kind::Date,
        Kind::Text,
        Kind::Text,
        Kind::Text,
    ]);
    let mut clusters = Vec::new();
    for row in records(&directory.join("splink_fake_1000.csv"))? {
        let of = |name: &str| row.get(name).map_or("", String::as_str);
        let email = of("email");
        let local = email.split_once('@').map_or(email, |(local, _)| local);
        table.push(&[of("first_name"), of("surname"), of("dob"), of("city"), email, local]);
        clusters.push(of("cluster").to_owned());
    }
    let table = table.finish();
    let email = vec![
        rung("same", Test::Same, 1.0),
        rung("close", Test::Close(close(2.0, 3)), 0.0),
        rung("local_same", Test::SameIn(5), 0.0),
        rung("similar", Test::Close(close(0.88, 0)), 0.0),
        rung("local_similar", Test::CloseIn(5, close(0.88, 1)), 0.0),
    ];
    let comparisons = vec![
        Comparison::Names { given: 0, surname: 1 },
        Comparison::of("birth", 2, dates()),
        Comparison::of("city", 3, texts(1.0)),
        Comparison::of("email", 4, email),
    ];
    Ok(Set {
        name: "fake_1000",
        table,
        scheme: Scheme { name: "fake_1000".into(), comparisons },
        rules: vec![vec![]],
        training: vec![
            (vec![2], vec![0, 1, 3, 4]),
            (vec![4], vec![0, 1, 2, 3]),
            (vec![0, 1], vec![2, 3, 4]),
        ],
        clusters,
    })
}

/// The same under the peer's blocking rules, for what the weights alone are worth.
fn fake_1000_same_rules(directory: &Path) -> Result<Set, Box<dyn std::error::Error>> {
    let rules = vec![vec![0, 3], vec![1], vec![2], vec![4]];
    Ok(Set { name: "fake_1000, the peer's rules", rules, ..fake_1000(directory)? })
}

fn febrl3(directory: &Path) -> Result<Set, Box<dyn std::error::Error>> {
    let mut table = TableBuilder::new(&[
        Kind::Text,
        Kind::TextLike(0),
        Kind::Date,
        Kind::Text,
        Kind::Text,
        Kind::Text,
    ]);
    let mut clusters = Vec::new();
    for row in records(&directory.join("febrl3.csv"))? {
        let of = |name: &str| row.get(name).map_or("", String::as_str);
        let columns = ["given_name", "surname", "date_of_birth", "soc_sec_id"];
        let [given, surname, birth, number] = columns.map(of);
        table.push(&[given, surname, birth, number, of("street_number"), of("postcode")]);
        clusters.push(of("rec_id").split('-').nth(1).unwrap_or_default().to_owned());
    }
    let table = table.finish();
    let comparisons = vec![
        Comparison::Names { given: 0, surname: 1 },
        Comparison::of("birth", 2, dates()),
        Comparison::of("number", 3, digits()),
        Comparison::of("street_number", 4, texts(1.0)),
        Comparison::of("postcode", 5, digits()),
    ];
    Ok(Set {
        name: "febrl3",
        table,
        scheme: Scheme { name: "febrl3".into(), comparisons },
        rules: vec![vec![3], vec![0], vec![1], vec![2], vec![5, 4]],
        training: vec![(vec![2], vec![0, 1, 3, 4, 5]), (vec![1, 0], vec![2, 3, 4, 5])],
        clusters,
    })
}

fn scored(set: &Set) -> Vec<Scored> {
    let built = |columns: &[usize]| {
        let keys = Columns { table: &set.table, columns, finer: &[] };
        Candidates::build(set.table.rows(), &[&keys], 2_000)
    };
    let keys: Vec<Columns<'_>> = set
        .rules
        .iter()
        .map(|columns| Columns { table: &set.table, columns, finer: &[] })
        .collect();
    let rules: Vec<&dyn Keys> = keys.iter().map(|keys| keys as &dyn Keys).collect();
    let candidates = Candidates::build(set.table.rows(), &rules, 2_000);
    let sessions: Vec<Session> = set
        .training
        .iter()
        .map(|(columns, learns)| Session { candidates: built(columns), learns: learns.clone() })
        .collect();
    let records = Schemed { table: &set.table, scheme: &set.scheme };
    let model = train(&records, &sessions, &candidates, Training::default());
    let mut found = Vec::new();
    predict(&records, &model, &candidates, -6.6, |part| found.extend(part));
    found
}

fn report(set: &Set, mut found: Vec<Scored>, seconds: f64) {
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    for cluster in &set.clusters {
        *sizes.entry(cluster).or_default() += 1;
    }
    let truth: usize = sizes.values().map(|n| n * (n - 1) / 2).sum();
    let same = |s: &Scored| set.clusters[s.left as usize] == set.clusters[s.right as usize];
    found.sort_by(|a, b| b.bits.total_cmp(&a.bits).then((a.left, a.right).cmp(&(b.left, b.right))));
    let (mut hits, mut best, mut at) = (0, 0.0_f64, 0.0);
    for (taken, pair) in found.iter().enumerate() {
        hits += usize::from(same(pair));
        let f1 = 2.0 * hits as f64 / (taken + 1 + truth) as f64;
        if f1 > best {
            (best, at) = (f1, pair.bits);
        }
    }
    let sure: Vec<&Scored> = found.iter().filter(|s| probability(s.bits) >= 0.95).collect();
    let right = sure.iter().filter(|s| same(s)).count() as f64;
    let (p, r) = (right / sure.len().max(1) as f64, right / truth as f64);
    println!(
        "{}: true pairs {truth} best F1 {best:.4} (at {at:.1} bits) | at 0.95 P {p:.4} R {r:.4} \
         F1 {:.4} | hits {hits} of {} | {seconds:.3} s peak {:.1} MB",
        set.name,
        2.0 * p * r / (p + r),
        found.len(),
        peak_mb(),
    );
}

/// Peak resident memory of this process, MB (Linux).
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1024.0
}

type Read = fn(&Path) -> Result<Set, Box<dyn std::error::Error>>;

#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(directory) = args.first() else {
        eprintln!("usage: linkage_bench DIRECTORY [fake_1000|fake_1000_same_rules|febrl3]");
        return ExitCode::FAILURE;
    };
    let sets: [(&str, Read); 3] = [
        ("fake_1000", fake_1000),
        ("fake_1000_same_rules", fake_1000_same_rules),
        ("febrl3", febrl3),
    ];
    for (_, read) in sets.iter().filter(|(name, _)| args.get(1).is_none_or(|only| only == name)) {
        let set = match read(Path::new(directory)) {
            Ok(set) => set,
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        };
        let began = std::time::Instant::now();
        let found = scored(&set);
        report(&set, found, began.elapsed().as_secs_f64());
    }
    ExitCode::SUCCESS
}
