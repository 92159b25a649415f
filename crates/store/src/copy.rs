//! New rows to PostgreSQL by `COPY … (FORMAT binary)`: no statement to plan, no arrays to take
//! apart. The layout is that of the documentation of `COPY`, section "Binary Format".

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::{Col, Error, Result, Value};

/// Signature, flags and length of the header's extension.
const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TAIL: [u8; 2] = (-1_i16).to_be_bytes();
/// 2000-01-01 as days and as microseconds after 1970-01-01.
const DAYS: i64 = 10_957;
const MICROS: i64 = DAYS * 86_400 * 1_000_000;

/// Fewer rows are quicker by a statement, which needs one trip instead of two.
pub(crate) const FROM_ROWS: usize = 100;
/// Rows made ready while those before them are on their way.
const CHUNK: usize = 2_000;

/// Copies `rows` into `table`. All or, on an error, none.
pub(crate) async fn copy(
    connection: &mut PgConnection,
    table: &str,
    columns: &[Col],
    rows: Vec<Vec<Value>>,
) -> Result<u64> {
    let names = crate::bulk::names(columns);
    let statement = format!("COPY {table} ({names}) FROM STDIN (FORMAT binary)");
    let mut rows = rows.into_iter();
    let mut next = encoded(columns, rows.by_ref().take(CHUNK), HEAD.to_vec())?;
    let mut copying = connection.copy_in_raw(&statement).await?;
    loop {
        if next.is_empty() {
            copying.send(&TAIL[..]).await?;
            return Ok(copying.finish().await?);
        }
        let ready = async { encoded(columns, rows.by_ref().take(CHUNK), Vec::new()) };
        let (sent, ready) = futures::join!(copying.send(next), ready);
        sent?;
        next = match ready {
            Ok(ready) => ready,
            Err(error) => {
                copying.abort("a value does not fit its column").await?;
                return Err(error);
            }
        };
    }
}

fn encoded(
    columns: &[Col],
    rows: impl Iterator<Item = Vec<Value>>,
    mut to: Vec<u8>,
) -> Result<Vec<u8>> {
    let fields = i16::try_from(columns.len()).map_err(|_| unfit("too many columns"))?;
    for row in rows {
        to.extend(fields.to_be_bytes());
        if row.len() != columns.len() {
            return Err(unfit("a row has another number of values than there are columns"));
        }
        for (column, value) in columns.iter().zip(row) {
            if !column.takes(&value) {
                return Err(crate::bulk::mismatch(*column, &value));
            }
            put(&mut to, value)?;
        }
    }
    Ok(to)
}

/// One field: its length, −1 for NULL, and its bytes as the type's `recv` function reads them.
fn put(to: &mut Vec<u8>, value: Value) -> Result<()> {
    match value {
        Value::Uuid(Some(value)) => field(to, value.as_bytes()),
        Value::Int(Some(value)) => field(to, &value.to_be_bytes()),
        Value::Float(Some(value)) => field(to, &value.to_be_bytes()),
        Value::Bool(Some(value)) => field(to, &[u8::from(value)]),
        Value::Text(Some(value)) => field(to, value.as_bytes()),
        Value::Bytes(Some(value)) => field(to, &value),
        Value::Time(Some(value)) => field(to, &micros(value).to_be_bytes()),
        Value::Date(Some(value)) => field(to, &days(value).to_be_bytes()),
        Value::Json(Some(value)) => {
            // The version of the format goes before the text.
            let mut text = vec![1];
            serde_json::to_writer(&mut text, &value).map_err(|error| unfit(&error.to_string()))?;
            field(to, &text)
        }
        _ => {
            to.extend((-1_i32).to_be_bytes());
            Ok(())
        }
    }
}

fn field(to: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    let length = i32::try_from(bytes.len()).map_err(|_| unfit("a value is over 2 GiB"))?;
    to.extend(length.to_be_bytes());
    to.extend(bytes);
    Ok(())
}

fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros() - MICROS
}

fn days(day: NaiveDate) -> i32 {
    let days = (day - NaiveDate::default()).num_days() - DAYS;
    i32::try_from(days).unwrap_or(i32::MAX)
}

fn unfit(text: &str) -> Error {
    Error::Statement(sqlx::Error::Encode(text.to_owned().into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::{sql, testing};

    type Back = (Uuid, Option<i64>, Option<f64>, Option<bool>, Option<String>);

    const EVERY: &str = "CREATE TABLE every (id UUID PRIMARY KEY, n BIGINT, x DOUBLE PRECISION,
        b BOOLEAN, t TEXT, at TIMESTAMPTZ, day DATE, raw BYTEA, data JSONB)";

    /// Every type, null and not, at both ends of its range, comes back as it went in.
    #[tokio::test]
    async fn copied_rows_come_back_as_they_were() {
        testing::both(&[], async |db| {
            let mut tx = db.begin().await.unwrap();
            tx.script(EVERY).await.unwrap();
            let columns = [
                Col::uuid("id"),
                Col::i64("n"),
                Col::f64("x"),
                Col::bool("b"),
                Col::text("t"),
                Col::time("at"),
                Col::date("day"),
                Col::bytes("raw"),
                Col::json("data"),
            ];
            let id = |n: usize| Uuid::from_u128(n as u128 + 1);
            let at = |n: usize| testing::NOW - chrono::Duration::microseconds(n as i64 * 1_000_003);
            let day = |n: usize| {
                NaiveDate::from_ymd_opt(1899, 12, 31).unwrap() + chrono::Days::new(n as u64 * 37)
            };
            let rows: Vec<Vec<Value>> = (0..5_003)
                .map(|n| {
                    if n % 3 == 0 {
                        let mut row: Vec<Value> = vec![id(n).into()];
                        row.extend([
                            Value::Int(None),
                            Value::Float(None),
                            Value::Bool(None),
                            Value::Text(None),
                            Value::Time(None),
                            Value::Date(None),
                            Value::Bytes(None),
                            Value::Json(None),
                        ]);
                        return row;
                    }
                    vec![
                        id(n).into(),
                        (i64::MIN + n as i64).into(),
                        (n as f64 / 7.0).into(),
                        (n % 2 == 0).into(),
                        format!("王\\N\t{n}\n").into(),
                        at(n).into(),
                        day(n).into(),
                        vec![0_u8, 255, n as u8].into(),
                        json!({"n": n, "名": "\"\\"}).into(),
                    ]
                })
                .collect();
            assert_eq!(tx.bulk("every", &columns, rows, "").await.unwrap(), 5_003);
            let back: Vec<Back> =
                tx.all(sql("SELECT id, n, x, b, t FROM every ORDER BY id")).await.unwrap();
            assert_eq!(back.len(), 5_003);
            assert_eq!(back[3], (id(3), None, None, None, None));
            let text = Some("王\\N\t4999\n".to_owned());
            let (n, x) = (Some(i64::MIN + 4_999), Some(4_999.0 / 7.0));
            assert_eq!(back[4_999], (id(4_999), n, x, Some(false), text));
            type Rest = (DateTime<Utc>, NaiveDate, Vec<u8>, sqlx::types::Json<serde_json::Value>);
            let rest: Rest = tx
                .one(sql("SELECT at, day, raw, data FROM every WHERE id = $1").bind(id(4_999)))
                .await
                .unwrap();
            assert_eq!((rest.0, rest.1), (at(4_999), day(4_999)));
            assert_eq!(rest.2, [0, 255, 135]);
            assert_eq!(rest.3.0, json!({"n": 4_999, "名": "\"\\"}));
        })
        .await;
    }

    #[tokio::test]
    async fn a_row_that_does_not_fit_stops_all_and_leaves_the_connection_usable() {
        testing::both(&[], async |db| {
            let mut tx = db.begin().await.unwrap();
            tx.script("CREATE TABLE one (n BIGINT NOT NULL PRIMARY KEY)").await.unwrap();
            tx.commit().await.unwrap();
            let rows = |wrong: Value| {
                let mut rows: Vec<Vec<Value>> = (0..4_500_i64).map(|n| vec![n.into()]).collect();
                rows[4_200] = vec![wrong];
                rows
            };
            for (expected, wrong) in
                [("type", Value::from("x")), ("double", 7_i64.into()), ("null", Value::Int(None))]
            {
                if expected == "type" && db.engine() == crate::Engine::Sqlite {
                    // SQLite keeps any type in any column.
                    continue;
                }
                let mut tx = db.begin().await.unwrap();
                let failed = tx.bulk("one", &[Col::i64("n")], rows(wrong), "").await;
                let is_double = expected == "double";
                assert_eq!(matches!(failed, Err(Error::Conflict(_))), is_double, "{failed:?}");
                assert!(failed.is_err());
                drop(tx);
                let mut tx = db.begin().await.unwrap();
                let left: i64 = tx.value(sql("SELECT COUNT(*) FROM one")).await.unwrap();
                assert_eq!(left, 0);
            }
        })
        .await;
    }
}
