//! The reading side of an import: a thread of its own that unpacks, decodes, maps and checks rows
//! and hands them over in batches. It is at most a few batches ahead of the writer, which
//! bounds memory whatever the size of the file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;

use super::model::Counts;
use crate::Result;
use crate::file::{Limits, Next, Row, Shape, Table};
use crate::mapping::{Mapping, Repeats};
use crate::rows::{Issue, Level, Mapper, Record};

/// Rows of a batch once it runs; the first ones are smaller so that something is seen at once.
const BATCH: u64 = 10_000;
const FIRST: u64 = 1_000;
/// Keys remembered for finding repeats inside the file. Beyond them the database's own keys find
/// repeats, without a report.
const KEYS: usize = 4_000_000;

/// What to read, and where to begin.
#[derive(Clone)]
pub(super) struct Job {
    pub path: PathBuf,
    pub shape: Shape,
    pub mapping: Mapping,
    pub limits: Limits,
    /// Rows already settled by an earlier run.
    pub skip: u64,
}

/// Rows ready for the database, and what was wrong with the others.
#[derive(Default)]
pub(super) struct Batch {
    pub records: Vec<Record>,
    pub issues: Vec<Issue>,
    pub counts: Counts,
}

/// Starts reading. The receiver gets batches until the file ends or an error ends it.
pub(super) fn start(job: Job) -> mpsc::Receiver<Result<Batch>> {
    let (to, from) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = read(&job, &to) {
            // The writer has gone: nobody is left to tell.
            to.blocking_send(Err(error)).ok();
        }
    });
    from
}

/// The columns of the file that nothing is made of.
pub(super) fn unused(
    path: &Path,
    shape: &Shape,
    mapping: &Mapping,
    limits: &Limits,
) -> Result<Vec<String>> {
    let table = Table::open(path, shape, limits)?;
    let mapper = Mapper::new(mapping, &table.header, shape.decimal)?;
    Ok(mapper.unused(&table.header).into_iter().map(str::to_owned).collect())
}

fn read(job: &Job, to: &mpsc::Sender<Result<Batch>>) -> Result<()> {
    let mut table = Table::open(&job.path, &job.shape, &job.limits)?;
    let mut mapper = Mapper::new(&job.mapping, &table.header, job.shape.decimal)?;
    let mut seen = Seen::new(job.mapping.repeats);
    let (mut row, mut batch, mut at, mut sent) = (Row::default(), Batch::default(), 0_u64, 0_u64);
    loop {
        let before = batch.issues.len();
        match table.next(&mut row)? {
            Next::End => break,
            Next::Fault(fault) => batch.issues.push(Mapper::fault(row.number, &fault)),
            Next::Row => {
                if let Some(record) = mapper.map(&row, &mut batch.issues)
                    && seen.is_new(&record, &row, &mut batch)
                {
                    batch.counts.sum(&record);
                    batch.records.push(record);
                }
            }
        }
        at += 1;
        if at <= job.skip {
            // Settled by an earlier run: read again only to know its keys.
            batch.records.clear();
            batch.issues.clear();
            batch.counts = Counts::default();
            continue;
        }
        batch.count(before);
        let full = if sent < 3 { FIRST } else { BATCH };
        if batch.counts.read >= full {
            sent += 1;
            if to.blocking_send(Ok(std::mem::take(&mut batch))).is_err() {
                return Ok(());
            }
        }
    }
    if batch.counts.read > 0 {
        to.blocking_send(Ok(batch)).ok();
    }
    Ok(())
}

impl Batch {
    /// Counts the row whose findings begin at `from`.
    fn count(&mut self, from: usize) {
        let issues = &self.issues[from..];
        let has = |level: Level| issues.iter().any(|issue| issue.level == level);
        let counts = &mut self.counts;
        counts.read += 1;
        if has(Level::Reject) {
            counts.rejected += 1;
        } else if has(Level::Repeat) {
            counts.repeated += 1;
        } else {
            counts.blanked += u64::from(has(Level::Blank));
            counts.tidied += u64::from(has(Level::Tidy));
        }
    }
}

/// Keys seen in this file.
struct Seen {
    repeats: Repeats,
    keys: HashMap<u64, (u64, u64)>,
}

impl Seen {
    fn new(repeats: Repeats) -> Self {
        Self { repeats, keys: HashMap::new() }
    }

    /// Whether no earlier row has this record's key; otherwise the finding is told.
    fn is_new(&mut self, record: &Record, row: &Row, batch: &mut Batch) -> bool {
        let (key, part) = match record {
            Record::Member(member) => (&member.key, ""),
            Record::Segment(segment) => (&segment.key, ""),
            Record::Month(month) => (&month.key, month.part.as_str()),
        };
        let content = hashed(row.content());
        let whole = self.put(hashed((key, "")), row.number, content);
        let repeated = match self.repeats {
            Repeats::Refuse => whole,
            Repeats::Add => {
                batch.counts.repeated_keys += u64::from(whole.is_some());
                self.put(hashed((key, part)), row.number, content)
            }
        };
        let Some((first, first_content)) = repeated else { return true };
        let same = self.repeats == Repeats::Add || first_content == content;
        if self.repeats == Repeats::Refuse {
            batch.counts.repeated_keys += 1;
        }
        let (level, code) =
            if same { (Level::Repeat, "row-repeated") } else { (Level::Reject, "key-repeated") };
        batch.issues.push(Issue {
            row: row.number,
            column: String::new(),
            value: key.chars().take(60).collect(),
            level,
            code: code.to_owned(),
            args: vec![("first".to_owned(), first.to_string())],
        });
        false
    }

    /// Remembers the key; returns the first row that had it and that row's content.
    fn put(&mut self, key: u64, row: u64, content: u64) -> Option<(u64, u64)> {
        let full = self.keys.len() >= KEYS;
        match self.keys.entry(key) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(place) => {
                if !full {
                    place.insert((row, content));
                }
                None
            }
        }
    }
}

fn hashed(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
