//! What is left of a person who was erased: a seat was taken, a coupon was flown. Not by whom.

use customers::events::ProfileChanged;
use store::outbox::Event;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use crate::{Flights, Result};

impl Flights {
    /// Hears that a customer was erased, and takes names, numbers, locators and tickets off all rows
    /// about them. Idempotent.
    pub(crate) async fn forget(&self, event: &Event) -> Result<()> {
        let Ok(said) = serde_json::from_value::<ProfileChanged>(event.data.clone()) else {
            return Ok(());
        };
        let customer = said.customer.uuid();
        let mut tx = self.db.begin().await?;
        let passengers = ids(
            &mut tx,
            sql("SELECT id FROM flight_passenger WHERE customer_id = $1").bind(customer),
        )
        .await?;
        let columns = [Col::uuid("id"), Col::text("key")];
        tx.with_rows(
            &columns,
            erased(&passengers),
            "UPDATE flight_passenger SET surname = '', given = '', source_key = input.key,
                locators = '[]', locator = '', ffp = '', replaced_ffp = '', requests = '[]',
                ticket = '', corporate = ''
             FROM input WHERE flight_passenger.id = input.id",
        )
        .await?;
        tx.with_rows(
            &columns,
            erased(&passengers),
            "UPDATE passenger_word SET ffp = '', ticket = '', source_key = input.key
             FROM input WHERE passenger_word.passenger_id = input.id",
        )
        .await?;
        let coupons =
            ids(&mut tx, sql("SELECT id FROM ticket_coupon WHERE customer_id = $1").bind(customer))
                .await?;
        tx.with_rows(
            &columns,
            erased(&coupons),
            "UPDATE ticket_coupon SET ticket = input.key, source_key = input.key, locator = '',
                payment = '', corporate = ''
             FROM input WHERE ticket_coupon.id = input.id",
        )
        .await?;
        for table in ["flown_segment", "flown_segment_before"] {
            tx.with_rows(
                &[Col::uuid("customer")],
                vec![vec![customer.into()]],
                &format!(
                    "UPDATE {table} SET record_locator = NULL, ticket_coupon = NULL
                     FROM input WHERE {table}.customer_id = input.customer"
                ),
            )
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

async fn ids(tx: &mut Tx, query: store::Sql) -> Result<Vec<Uuid>> {
    Ok(tx.values(query).await?)
}

/// Keys are unique, so each row gets one that says nothing.
fn erased(ids: &[Uuid]) -> Vec<Vec<Value>> {
    ids.iter().map(|id| vec![(*id).into(), format!("erased/{id}").into()]).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;
    use store::sql;
    use store::testing::NOW;

    use super::*;
    use crate::messages::tests::{PNL, absorb, arrival, count, pfs, service};

    #[tokio::test]
    async fn nothing_of_a_person_is_left_on_the_flight_but_the_seat() {
        store::testing::both(crate::tests::SETS, async |db| {
            let flights = service(&db).await;
            absorb(&flights, arrival(0), PNL).await;
            absorb(&flights, arrival(10), &pfs("NOSHO 1Y1MORI/HANAMS\r\n")).await;
            let mut tx = db.read().await.unwrap();
            let customer: Uuid = tx
                .value(sql("SELECT customer_id FROM flight_passenger WHERE surname = 'LINDQVIST'"))
                .await
                .unwrap();
            drop(tx);
            let before = count(&flights, "SELECT COUNT(*) FROM flight_passenger").await;
            let data = json!({ "customer": customer, "version": 2, "fields": [], "actor": null });
            let event = Event::new(customers::events::FORGOTTEN, "x", NOW, data);
            flights.forget(&event).await.unwrap();
            flights.forget(&event).await.unwrap();
            let mut tx = db.read().await.unwrap();
            let left: Vec<String> = tx
                .values(sql("SELECT surname || given || source_key || locator || ffp || ticket
                                || CAST(locators AS TEXT) || CAST(requests AS TEXT)
                             FROM flight_passenger
                             UNION ALL SELECT source_key || ffp || ticket FROM passenger_word
                             UNION ALL SELECT COALESCE(record_locator, '') FROM flown_segment"))
                .await
                .unwrap();
            drop(tx);
            for word in ["LINDQVIST", "ASTRID", "NABC12", "100200300", "9992345678901"] {
                assert!(left.iter().all(|row| !row.contains(word)), "{word} is still there");
            }
            let others = "SELECT COUNT(*) FROM flight_passenger WHERE surname = 'OKONKWO'";
            assert_eq!(count(&flights, others).await, 1);
            assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight_passenger").await, before);
        })
        .await;
    }
}
