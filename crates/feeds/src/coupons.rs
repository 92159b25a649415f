//! Files of ticket coupons: CSV by the names of its columns, a few thousand rows at a time.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;

use access::Actor;
use chrono::{DateTime, NaiveDate, Utc};
use csv::StringRecord;
use flights::messages::Arrival;
use flights::tickets::CouponInput;
use sha2::{Digest, Sha256};

use crate::file::FileError;
use crate::{Error, Feeds, Result, permissions};

/// Rows in one transaction.
const CHUNK: usize = 2_000;
/// The column by which a file of coupons is known.
const KEY: &str = "ticket_number";

/// What became of a file of coupons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coupons {
    /// Rows read.
    pub read: u64,
    /// Facts made or changed.
    pub changed: u64,
    /// Rows that are no coupons.
    pub refused: u64,
}

/// Whether the first line of a file names the columns of coupons.
#[must_use]
pub fn is_coupons(header: &str) -> bool {
    let mut columns = header.trim_start_matches('\u{feff}').split(',').map(str::trim);
    columns.next() == Some(KEY) && columns.next() == Some("coupon")
}

impl Feeds {
    /// Takes in a file of coupons, chunk by chunk, each in its own transaction. The same file again
    /// changes nothing; killed in between, it goes on with what is missing. `told` hears the rows
    /// so far and says whether to go on.
    ///
    /// # Errors
    /// Denied; the file cannot be read; the database failed.
    pub async fn take_coupons(
        &self,
        actor: &Actor,
        path: &Path,
        as_of: Option<NaiveDate>,
        told: impl Fn(u64) -> bool,
    ) -> Result<Coupons> {
        actor.may(permissions::RECEIVE)?;
        let arrival = self.arrival_of(path, as_of)?;
        let file = std::fs::File::open(path).map_err(FileError::from)?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
        let columns = Columns::of(reader.headers().map_err(|_| unreadable())?);
        let mut records = reader.into_records();
        let mut done = Coupons::default();
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            for record in records.by_ref().take(CHUNK) {
                done.read += 1;
                match record {
                    Ok(record) => {
                        let line = u32::try_from(done.read + 1).unwrap_or(u32::MAX);
                        chunk.push(columns.coupon(&record, line));
                    }
                    Err(error) if error.is_io_error() => return Err(unreadable()),
                    Err(_) => done.refused += 1,
                }
            }
            if chunk.is_empty() {
                return Ok(done);
            }
            let mut tx = self.db().begin().await?;
            let absorbed = self.flights().absorb_coupons(&mut tx, arrival, chunk).await?;
            tx.commit().await?;
            done.changed += absorbed.changed;
            done.refused += absorbed.refused.len() as u64;
            if !told(done.read) {
                return Err(Error::Cancelled);
            }
        }
    }

    /// The file as an arrival: the same file has the same name for its facts.
    fn arrival_of(&self, path: &Path, as_of: Option<NaiveDate>) -> Result<Arrival> {
        let mut file = std::fs::File::open(path).map_err(FileError::from)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let got = file.read(&mut buffer).map_err(FileError::from)?;
            if got == 0 {
                break;
            }
            hash.update(buffer.get(..got).unwrap_or_default());
        }
        let digest = hash.finalize();
        let mut first = [0; 16];
        first.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
        let at = as_of.and_then(|day| day.and_hms_opt(23, 59, 59));
        let at: DateTime<Utc> = at.map_or(self.now(), |at| at.and_utc());
        let message = uuid::Builder::from_custom_bytes(first).into_uuid();
        Ok(Arrival { message, received_at: at, said_at: at, partial: false })
    }
}

fn unreadable() -> Error {
    Error::File(FileError::from(std::io::Error::from(std::io::ErrorKind::InvalidData)))
}

/// Where each column stands.
struct Columns(HashMap<String, usize>);

impl Columns {
    fn of(header: &StringRecord) -> Self {
        let name = |name: &str| name.trim_start_matches('\u{feff}').trim().to_lowercase();
        Self(header.iter().enumerate().map(|(at, column)| (name(column), at)).collect())
    }

    fn coupon(&self, record: &StringRecord, line: u32) -> CouponInput {
        let text = |name: &str| {
            let cell = self.0.get(name).and_then(|at| record.get(*at));
            cell.unwrap_or_default().trim().chars().take(200).collect::<String>()
        };
        let day = |name: &str| text(name).parse::<NaiveDate>().ok();
        let number = |name: &str| text(name).parse::<i64>().ok();
        CouponInput {
            line,
            ticket_number: text(KEY),
            coupon: number("coupon").unwrap_or(0),
            status: text("status"),
            issued_on: day("issued_on"),
            agent: text("agent"),
            channel: text("channel"),
            marketing_carrier: text("marketing_carrier"),
            flight_number: text("flight_number"),
            flight_date: day("flight_date"),
            origin: text("origin"),
            destination: text("destination"),
            booking_class: text("booking_class"),
            fare_basis: text("fare_basis"),
            fare_minor: number("fare_minor"),
            tax_minor: number("tax_minor"),
            discount: text("discount").parse().ok(),
            currency: text("currency"),
            form_of_payment: text("form_of_payment"),
            corporate_id: text("corporate_id"),
            tour_code: text("tour_code"),
            record_locator: text("record_locator"),
            surname: text("surname"),
            given: text("given"),
            member_no: text("member_no"),
            flown_on: day("flown_on"),
        }
    }
}

impl Coupons {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            read: self.read + other.read,
            changed: self.changed + other.changed,
            refused: self.refused + other.refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_coupons_is_known_by_its_header() {
        assert!(is_coupons("ticket_number,coupon,status\r"));
        assert!(is_coupons("\u{feff}ticket_number, coupon"));
        assert!(!is_coupons("member_no,name") && !is_coupons(""));
    }

    #[test]
    fn columns_may_stand_anywhere_and_may_be_missing() {
        let header = StringRecord::from(vec!["fare_minor", "Ticket_Number", "coupon"]);
        let columns = Columns::of(&header);
        let row = StringRecord::from(vec!["12300", " 9991234567890 ", "x"]);
        let coupon = columns.coupon(&row, 2);
        assert_eq!((coupon.fare_minor, coupon.coupon), (Some(12_300), 0));
        assert_eq!(coupon.ticket_number, "9991234567890");
        assert_eq!(coupon.surname, "");
    }
}
