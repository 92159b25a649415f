//! A passenger of a flight as kept, and what departure control said of them.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use store::{Col, Result, Tx, Value, sql};
use uuid::Uuid;

use crate::facts;

/// One passenger between two points of a flight.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub(crate) struct Row {
    pub id: Uuid,
    pub flight_id: Uuid,
    pub source_key: String,
    pub board_point: String,
    pub off_point: String,
    pub at: DateTime<Utc>,
    pub surname: String,
    pub given: String,
    pub kind: String,
    pub locators: sqlx::types::Json<Vec<(String, String)>>,
    pub locator: String,
    /// `booked`, `waitlisted`, `deleted`, `unlisted`
    pub status: String,
    pub said_by: String,
    pub said_at: DateTime<Utc>,
    pub message_id: Uuid,
    pub booked_on: Option<NaiveDate>,
    pub booking_class: String,
    pub cabin: String,
    pub party: i64,
    pub corporate: String,
    pub requests: sqlx::types::Json<Json>,
    pub ffp: String,
    pub tier: String,
    pub seat: String,
    pub ticket: String,
    pub coupon: i64,
    pub infants: i64,
    pub staff: bool,
    pub marketing: String,
    pub marketing_class: String,
    pub record_id: Option<Uuid>,
    pub customer_id: Option<Uuid>,
    pub outcome: String,
    pub basis: String,
    pub class_change: String,
    pub flown_class: String,
    pub replaced_ffp: String,
    pub outcome_message: Option<Uuid>,
}

/// One word of departure control.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub(crate) struct Word {
    pub passenger_id: Uuid,
    /// `pfs`, `prl`, `etl`, `ftl`, `tpm`, `scan`
    pub kind: String,
    pub flight_id: Uuid,
    pub said_at: DateTime<Utc>,
    pub message_id: Uuid,
    pub category: String,
    pub class: String,
    pub off_point: String,
    pub seat: String,
    pub ffp: String,
    pub ticket: String,
    pub coupon: i64,
    pub bags: Option<i64>,
    pub bag_weight: Option<i64>,
    pub sequence: Option<i64>,
    pub source_key: String,
    pub record_id: Option<Uuid>,
}

const COLUMNS: &[(&str, Col)] = &[
    ("id", Col::uuid("id")),
    ("flight_id", Col::uuid("flight_id")),
    ("source_key", Col::text("source_key")),
    ("board_point", Col::text("board_point")),
    ("off_point", Col::text("off_point")),
    ("at", Col::time("at")),
    ("surname", Col::text("surname")),
    ("given", Col::text("given")),
    ("kind", Col::text("kind")),
    ("locators", Col::json("locators")),
    ("locator", Col::text("locator")),
    ("status", Col::text("status")),
    ("said_by", Col::text("said_by")),
    ("said_at", Col::time("said_at")),
    ("message_id", Col::uuid("message_id")),
    ("booked_on", Col::date("booked_on")),
    ("booking_class", Col::text("booking_class")),
    ("cabin", Col::text("cabin")),
    ("party", Col::i64("party")),
    ("corporate", Col::text("corporate")),
    ("requests", Col::json("requests")),
    ("ffp", Col::text("ffp")),
    ("tier", Col::text("tier")),
    ("seat", Col::text("seat")),
    ("ticket", Col::text("ticket")),
    ("coupon", Col::i64("coupon")),
    ("infants", Col::i64("infants")),
    ("staff", Col::bool("staff")),
    ("marketing", Col::text("marketing")),
    ("marketing_class", Col::text("marketing_class")),
    ("record_id", Col::uuid("record_id")),
    ("customer_id", Col::uuid("customer_id")),
    ("outcome", Col::text("outcome")),
    ("basis", Col::text("basis")),
    ("class_change", Col::text("class_change")),
    ("flown_class", Col::text("flown_class")),
    ("replaced_ffp", Col::text("replaced_ffp")),
    ("outcome_message", Col::uuid("outcome_message")),
];

impl Row {
    fn values(&self) -> Vec<Value> {
        let locators: Json = self
            .locators
            .0
            .iter()
            .map(|(system, code)| serde_json::json!([system, code]))
            .collect();
        vec![
            self.id.into(),
            self.flight_id.into(),
            (&self.source_key).into(),
            (&self.board_point).into(),
            (&self.off_point).into(),
            self.at.into(),
            (&self.surname).into(),
            (&self.given).into(),
            (&self.kind).into(),
            locators.into(),
            (&self.locator).into(),
            (&self.status).into(),
            (&self.said_by).into(),
            self.said_at.into(),
            self.message_id.into(),
            self.booked_on.into(),
            (&self.booking_class).into(),
            (&self.cabin).into(),
            self.party.into(),
            (&self.corporate).into(),
            self.requests.0.clone().into(),
            (&self.ffp).into(),
            (&self.tier).into(),
            (&self.seat).into(),
            (&self.ticket).into(),
            self.coupon.into(),
            self.infants.into(),
            self.staff.into(),
            (&self.marketing).into(),
            (&self.marketing_class).into(),
            self.record_id.into(),
            self.customer_id.into(),
            (&self.outcome).into(),
            (&self.basis).into(),
            (&self.class_change).into(),
            (&self.flown_class).into(),
            (&self.replaced_ffp).into(),
            self.outcome_message.into(),
        ]
    }

    /// One of these locators is known of the passenger.
    pub fn shares_locator(&self, locators: &[(String, String)]) -> bool {
        locators.iter().any(|locator| self.locators.0.contains(locator))
    }
}

/// All passengers of a flight, in the order of their keys.
pub(crate) async fn of_flight(tx: &mut Tx, flight: Uuid) -> Result<Vec<Row>> {
    tx.all(
        sql("SELECT * FROM flight_passenger WHERE flight_id = $1 ORDER BY source_key").bind(flight),
    )
    .await
}

/// All words about a flight's passengers.
pub(crate) async fn words_of_flight(tx: &mut Tx, flight: Uuid) -> Result<Vec<Word>> {
    tx.all(sql("SELECT * FROM passenger_word WHERE flight_id = $1").bind(flight)).await
}

/// Writes rows, new or known.
pub(crate) async fn save(tx: &mut Tx, rows: &[&Row]) -> Result<()> {
    let rows: Vec<Vec<Value>> = rows.iter().map(|row| row.values()).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let columns: Vec<Col> = COLUMNS.iter().map(|(_, column)| *column).collect();
    let then = format!("ON CONFLICT (id) DO UPDATE SET {}", facts::sets(COLUMNS, &["id"]));
    tx.bulk("flight_passenger", &columns, rows, &then).await?;
    Ok(())
}

const WORD_COLUMNS: &[(&str, Col)] = &[
    ("passenger_id", Col::uuid("passenger_id")),
    ("kind", Col::text("kind")),
    ("flight_id", Col::uuid("flight_id")),
    ("said_at", Col::time("said_at")),
    ("message_id", Col::uuid("message_id")),
    ("category", Col::text("category")),
    ("class", Col::text("class")),
    ("off_point", Col::text("off_point")),
    ("seat", Col::text("seat")),
    ("ffp", Col::text("ffp")),
    ("ticket", Col::text("ticket")),
    ("coupon", Col::i64("coupon")),
    ("bags", Col::i64("bags")),
    ("bag_weight", Col::i64("bag_weight")),
    ("sequence", Col::i64("sequence")),
    ("source_key", Col::text("source_key")),
    ("record_id", Col::uuid("record_id")),
];

impl Word {
    fn values(&self) -> Vec<Value> {
        vec![
            self.passenger_id.into(),
            (&self.kind).into(),
            self.flight_id.into(),
            self.said_at.into(),
            self.message_id.into(),
            (&self.category).into(),
            (&self.class).into(),
            (&self.off_point).into(),
            (&self.seat).into(),
            (&self.ffp).into(),
            (&self.ticket).into(),
            self.coupon.into(),
            self.bags.into(),
            self.bag_weight.into(),
            self.sequence.into(),
            (&self.source_key).into(),
            self.record_id.into(),
        ]
    }

    /// The same words, whoever said them when.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let same = |of: &Self| Self {
            said_at: DateTime::UNIX_EPOCH,
            message_id: Uuid::nil(),
            record_id: None,
            ..of.clone()
        };
        same(self) == same(other)
    }
}

/// Writes words, new or said anew.
pub(crate) async fn save_words(tx: &mut Tx, words: &[&Word]) -> Result<()> {
    let rows: Vec<Vec<Value>> = words.iter().map(|word| word.values()).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let columns: Vec<Col> = WORD_COLUMNS.iter().map(|(_, column)| *column).collect();
    let keys = &["passenger_id", "kind"];
    let then = format!(
        "ON CONFLICT (passenger_id, kind) DO UPDATE SET {}",
        facts::sets(WORD_COLUMNS, keys)
    );
    tx.bulk("passenger_word", &columns, rows, &then).await?;
    Ok(())
}

/// Takes words back.
pub(crate) async fn drop_words(tx: &mut Tx, words: &[(Uuid, String)]) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let rows =
        words.iter().map(|(passenger, kind)| vec![(*passenger).into(), kind.into()]).collect();
    tx.with_rows(
        &[Col::uuid("passenger_id"), Col::text("kind")],
        rows,
        "DELETE FROM passenger_word
             WHERE (passenger_id, kind) IN (SELECT passenger_id, kind FROM input)",
    )
    .await?;
    Ok(())
}
