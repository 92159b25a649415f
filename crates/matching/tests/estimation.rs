//! Training without labels finds the probabilities that were planted.

use matching::blocks::{Candidates, Columns};
use matching::hash::{mix, scramble};
use matching::scheme::{Comparison, Rung, Scheme, Schemed, Test};
use matching::table::{Kind, Table, TableBuilder};
use matching::{Model, Scored, Session, Training, predict, train};

/// Four columns of 100 values, the first of 2,000; every person has two records, of which the
/// second has each value changed with this probability.
const CHANGED: [f64; 4] = [0.05, 0.10, 0.20, 0.30];
const VALUES: [u64; 4] = [2_000, 100, 100, 100];
const PEOPLE: u64 = 2_000;

fn share(person: u64, column: u64, salt: u64) -> f64 {
    (mix(mix(person, column), salt) >> 11) as f64 / (1_u64 << 53) as f64
}

fn table() -> Table {
    let mut table = TableBuilder::new(&[Kind::Text; 4]);
    for person in 0..PEOPLE {
        for copy in 0..2_u64 {
            let values: Vec<String> = (0..4_u64)
                .map(|column| {
                    let at = column as usize;
                    let changed = copy == 1 && share(person, column, 1) < CHANGED[at];
                    let salt = if changed { 2 } else { 3 };
                    let value = mix(mix(person, column), salt) % VALUES[at];
                    format!("v{:x}", scramble(value))
                })
                .collect();
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            table.push(&values);
        }
    }
    table.finish()
}

fn scheme() -> Scheme {
    let comparisons = (0..4)
        .map(|at| Comparison::of(&format!("c{at}"), at, vec![Rung::new("same", Test::Same, 0.0)]))
        .collect();
    Scheme { name: "planted".to_owned(), comparisons }
}

fn learnt(table: &Table, scheme: &Scheme) -> (Model, Vec<Scored>) {
    let blocked = |columns: &[usize]| {
        Candidates::build(table.rows(), &[&Columns { table, columns, finer: &[] }], 1_000)
    };
    let sessions = [
        Session { candidates: blocked(&[0]), learns: vec![1, 2, 3] },
        Session { candidates: blocked(&[1, 2]), learns: vec![0, 3] },
    ];
    let first = Columns { table, columns: &[0], finer: &[] };
    let second = Columns { table, columns: &[1, 2], finer: &[] };
    let candidates = Candidates::build(table.rows(), &[&first, &second], 1_000);
    let records = Schemed { table, scheme };
    let model = train(&records, &sessions, &candidates, Training::default());
    let mut found = Vec::new();
    predict(&records, &model, &candidates, 0.0, |part| found.extend(part));
    (model, found)
}

#[test]
fn planted_probabilities_are_found() {
    let (table, scheme) = (table(), scheme());
    let (model, found) = learnt(&table, &scheme);
    for (at, comparison) in model.comparisons.iter().enumerate() {
        let same = &comparison.levels[0];
        let u = 1.0 / VALUES[at] as f64;
        // A changed value is the old one again as often as chance has it.
        let m = 1.0 - CHANGED[at] * (1.0 - u);
        assert!((same.m - m).abs() < 0.03, "{at}: m {} planted {m}", same.m);
        assert!((same.u / u - 1.0).abs() < 0.1, "{at}: u {} planted {u}", same.u);
    }
    let pairs = f64::from(table.rows()) * f64::from(table.rows() - 1) / 2.0;
    let planted = PEOPLE as f64 / pairs;
    assert!((model.prior / planted - 1.0).abs() < 0.15, "{} planted {planted}", model.prior);
    let right = found.iter().filter(|pair| pair.left / 2 == pair.right / 2).count() as f64;
    assert!(right / found.len() as f64 > 0.9 && right / PEOPLE as f64 > 0.85);
}

#[test]
fn the_same_on_any_number_of_threads() {
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.map(|pool| pool.install(|| learnt(&table(), &scheme()))).ok()
    };
    let one = run(1);
    assert!(one.is_some() && one == run(2) && one == run(5));
}

#[test]
fn too_little_to_learn_from_leaves_the_first_guess() {
    let mut table = TableBuilder::new(&[Kind::Text; 4]);
    table.push(&["a", "b", "c", "d"]);
    let table = table.finish();
    let (model, found) = learnt(&table, &scheme());
    assert!(found.is_empty());
    assert!(model.comparisons.iter().flat_map(|c| &c.levels).all(|l| l.m > 0.0 && l.u > 0.0));
}
