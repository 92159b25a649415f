//! The truth read back from its files.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::messages::folder::TRUTH;

/// Why a folder cannot be graded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither the folder nor one in it holds a truth.
    #[error("no truth in {0}: neither there nor in a folder in it")]
    NoTruth(PathBuf),
    /// A file cannot be read.
    #[error("cannot read {0}: {1}")]
    File(PathBuf, io::Error),
    /// A file is not what the simulator writes.
    #[error("{0} is not a truth of the simulator: {1}")]
    Content(PathBuf, String),
}

impl Error {
    /// The folder or file it is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::NoTruth(path) | Self::File(path, _) | Self::Content(path, _) => path,
        }
    }
}

/// What one source says of one person at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mention {
    /// `booking`, `departure`, `ticket`, `boarding-pass`, `web`.
    pub source: String,
    /// The key under which the source knows them.
    pub source_key: String,
    /// Who it really is.
    pub person: String,
    /// `JB1023`; empty for the website.
    pub flight: String,
    /// Local day at the boarding point.
    pub date: String,
    pub board: String,
    pub off: String,
    /// As `flights` calls it.
    pub outcome: String,
    /// `upgrade`, `downgrade` or empty.
    pub class_change: String,
    /// Kilometres flown, 0 for who did not.
    pub km: i64,
    /// Thirteen digits.
    pub ticket: String,
    pub coupon: i64,
    /// Words of dirt.
    pub dirt: Vec<String>,
}

/// What a leg really did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrueLeg {
    pub flight: String,
    /// Of the flight, local at its first station.
    pub date: String,
    pub board: String,
    pub off: String,
    /// Minutes; none if it was not flown.
    pub departure_delay: Option<i64>,
    /// Minutes; none if it did not arrive where it was meant to.
    pub arrival_delay: Option<i64>,
    pub cancelled: bool,
    /// Empty for none.
    pub diverted_to: String,
}

/// The truth of some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truths {
    pub mentions: Vec<Mention>,
    /// Person to member number, those who have one.
    pub members: BTreeMap<String, String>,
    pub legs: Vec<TrueLeg>,
}

impl Truths {
    /// First and last day of any leg; empty texts if there is none.
    #[must_use]
    pub fn days(&self) -> (String, String) {
        let days = || self.legs.iter().map(|leg| leg.date.clone());
        (days().min().unwrap_or_default(), days().max().unwrap_or_default())
    }
}

/// Reads the truth of a folder of one day, or of a folder of such folders.
///
/// # Errors
/// When there is none, or a file cannot be read.
pub fn read(folder: &Path) -> Result<Truths, Error> {
    let mut found = Vec::new();
    if folder.join(TRUTH).is_dir() {
        found.push(folder.join(TRUTH));
    } else {
        let entries = std::fs::read_dir(folder).map_err(|e| Error::File(folder.to_owned(), e))?;
        let inner = entries.filter_map(Result::ok).map(|entry| entry.path().join(TRUTH));
        found.extend(inner.filter(|path| path.is_dir()));
        found.sort();
    }
    if found.is_empty() {
        return Err(Error::NoTruth(folder.to_owned()));
    }
    let mut truths = Truths::default();
    for folder in found {
        rows(&folder.join("passengers.csv"), |cell| truths.mentions.push(mention(cell)))?;
        rows(&folder.join("people.csv"), |cell| {
            if !cell("member_no").is_empty() {
                truths.members.insert(cell("person"), cell("member_no"));
            }
        })?;
        rows(&folder.join("legs.csv"), |cell| truths.legs.push(leg(cell)))?;
    }
    Ok(truths)
}

fn mention(cell: &dyn Fn(&str) -> String) -> Mention {
    Mention {
        source: cell("source"),
        source_key: cell("source_key"),
        person: cell("person"),
        flight: cell("flight"),
        date: cell("date"),
        board: cell("board"),
        off: cell("off"),
        outcome: cell("outcome"),
        class_change: cell("class_change"),
        km: cell("km").parse().unwrap_or_default(),
        ticket: cell("ticket"),
        coupon: cell("coupon").parse().unwrap_or_default(),
        dirt: cell("dirt").split_whitespace().map(str::to_owned).collect(),
    }
}

fn leg(cell: &dyn Fn(&str) -> String) -> TrueLeg {
    TrueLeg {
        flight: cell("flight"),
        date: cell("date"),
        board: cell("board"),
        off: cell("off"),
        departure_delay: cell("departure_delay").parse().ok(),
        arrival_delay: cell("arrival_delay").parse().ok(),
        cancelled: cell("cancelled") == "true",
        diverted_to: cell("diverted_to"),
    }
}

/// Hands over each row as a function from header to cell.
fn rows(file: &Path, mut take: impl FnMut(&dyn Fn(&str) -> String)) -> Result<(), Error> {
    let wrong = |e: csv::Error| Error::Content(file.to_owned(), e.to_string());
    let open = std::fs::File::open(file).map_err(|e| Error::File(file.to_owned(), e))?;
    let mut reader = csv::Reader::from_reader(io::BufReader::new(open));
    let header = reader.headers().map_err(wrong)?.clone();
    for row in reader.records() {
        let row = row.map_err(wrong)?;
        let cell = |name: &str| {
            let at = header.iter().position(|column| column == name);
            at.and_then(|at| row.get(at)).unwrap_or_default().to_owned()
        };
        take(&cell);
    }
    Ok(())
}
