//! What is held of a day, for whoever grades it against a known truth.

use chrono::NaiveDate;
use store::{Tx, sql};

use crate::{Flights, Result};

/// What became of a passenger, by a key under which a message named them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldOutcome {
    /// As statements about people have it.
    pub source_key: String,
    /// A word of [`crate::Outcome`].
    pub outcome: String,
    /// `upgrade`, `downgrade`, `changed` or empty.
    pub class_change: String,
}

/// What is known of a leg.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldLeg {
    /// Flight number and suffix.
    pub number: String,
    /// Three letters.
    pub board_point: String,
    /// Minutes behind schedule; none if not known.
    pub departure_delay: Option<i64>,
    /// Minutes behind schedule; none if not known.
    pub arrival_delay: Option<i64>,
    /// `cancelled`, `diverted`, …
    pub status: String,
    /// Empty for none.
    pub diverted_to: String,
}

impl Flights {
    /// Outcomes of all passengers of an airline's flights of a day, under every key they were named by.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn outcomes_on(
        &self,
        tx: &mut Tx,
        carrier: &str,
        day: NaiveDate,
    ) -> Result<Vec<HeldOutcome>> {
        let held = tx
            .all(
                sql("SELECT p.source_key, p.outcome, p.class_change FROM flight f
                     JOIN flight_passenger p ON p.flight_id = f.id
                     WHERE f.carrier = $1 AND f.flight_date = $2
                     UNION
                     SELECT w.source_key, p.outcome, p.class_change FROM flight f
                     JOIN passenger_word w ON w.flight_id = f.id
                     JOIN flight_passenger p ON p.id = w.passenger_id
                     WHERE f.carrier = $3 AND f.flight_date = $4 AND w.source_key <> p.source_key
                       AND w.source_key <> ''")
                .bind(carrier)
                .bind(day)
                .bind(carrier)
                .bind(day),
            )
            .await?;
        Ok(held)
    }

    /// Legs of an airline's flights of a day.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn legs_on(
        &self,
        tx: &mut Tx,
        carrier: &str,
        day: NaiveDate,
    ) -> Result<Vec<HeldLeg>> {
        let held = tx
            .all(
                sql("SELECT f.number, l.board_point, l.departure_delay, l.arrival_delay,
                        l.status, l.diverted_to
                     FROM flight f JOIN flight_leg l ON l.flight_id = f.id
                     WHERE f.carrier = $1 AND f.flight_date = $2")
                .bind(carrier)
                .bind(day),
            )
            .await?;
        Ok(held)
    }

    /// Segments flown on a day by the word of messages, and their kilometres.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn flown_from_messages(&self, tx: &mut Tx, day: NaiveDate) -> Result<(u64, i64)> {
        let (segments, km): (i64, i64) = tx
            .one(
                sql("SELECT COUNT(*), CAST(COALESCE(SUM(km), 0) AS BIGINT) FROM flown_segment
                     WHERE flight_date = $1 AND outcome = 'flown' AND basis IS NOT NULL")
                .bind(day),
            )
            .await?;
        Ok((u64::try_from(segments).unwrap_or(0), km))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use crate::messages::tests::{PNL, absorb, arrival, pfs, prl, service};

    #[tokio::test]
    async fn outcomes_legs_and_segments_of_a_day_are_handed_over() {
        store::testing::both(crate::tests::SETS, async |db| {
            let flights = service(&db).await;
            absorb(&flights, arrival(0), PNL).await;
            absorb(&flights, arrival(40), &pfs("NOSHO 001Y\r\n1MORI/HANAMS\r\n.L/NGHJ56/CA\r\n"))
                .await;
            let on_board = "-SHA001C\r\n1OKONKWO/CHIDIMR\r\n.L/NDEF34/CA\r\n";
            absorb(&flights, arrival(41), &prl(on_board)).await;
            let day = "2026-11-24".parse().unwrap();
            let mut tx = db.read().await.unwrap();
            let held = flights.outcomes_on(&mut tx, "CA", day).await.unwrap();
            let outcome = |name: &str| {
                held.iter().find(|of| of.source_key.ends_with(name)).map(|of| of.outcome.as_str())
            };
            assert_eq!(held.len(), 5);
            assert_eq!(outcome("NDEF34/OKONKWO/CHIDI"), Some("flown"));
            assert_eq!(outcome("NGHJ56/MORI/HANA"), Some("no-show"));
            let legs = flights.legs_on(&mut tx, "CA", day).await.unwrap();
            assert_eq!((legs.len(), legs[0].board_point.as_str()), (1, "PEK"));
            assert_eq!((legs[0].number.as_str(), legs[0].departure_delay), ("1501", None));
            let (segments, km) = flights.flown_from_messages(&mut tx, day).await.unwrap();
            let flown = held.iter().filter(|of| of.outcome == "flown").count();
            assert_eq!(segments as usize, flown);
            assert_eq!(km, 1_076 * flown as i64);
            let other = "2026-11-25".parse().unwrap();
            assert!(flights.outcomes_on(&mut tx, "CA", other).await.unwrap().is_empty());
            assert!(flights.legs_on(&mut tx, "ZZ", day).await.unwrap().is_empty());
        })
        .await;
    }
}
