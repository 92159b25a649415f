//! What one message led to.

use chrono::NaiveDate;
use serde::Serialize;
use store::{Tx, sql};
use uuid::Uuid;

use crate::{Flights, Result};

/// One fact a message made or changed. Its sentence is the text `flights-fact-{kind}` with `args`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageFact {
    /// `flight`, `movement`, `movement-known`, `replanned`, `passenger`, `outcome`, `coupon`, `schedule`
    pub kind: &'static str,
    /// Arguments of the text. Names are as the message had them.
    pub args: Vec<(&'static str, String)>,
    /// Where it is shown.
    pub link: String,
}

impl MessageFact {
    /// The text key of its sentence.
    #[must_use]
    pub fn text_key(&self) -> String {
        format!("flights-fact-{}", self.kind)
    }
}

#[derive(sqlx::FromRow)]
struct Spoken {
    kind: String,
    carrier: String,
    number: String,
    flight_date: NaiveDate,
    people: i64,
    changed: i64,
}

#[derive(sqlx::FromRow)]
struct Person {
    surname: String,
    given: String,
    status: String,
    outcome: String,
    customer_id: Option<Uuid>,
    carrier: String,
    number: String,
    flight_date: NaiveDate,
}

impl Flights {
    /// What `message` led to: flights it spoke of, schedules, passengers whose booking or outcome it
    /// set last, coupons. At most `limit` of each kind.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn facts_of_message(
        &self,
        tx: &mut Tx,
        message: Uuid,
        limit: i64,
    ) -> Result<Vec<MessageFact>> {
        let mut facts = Vec::new();
        let spoken: Vec<Spoken> = tx
            .all(
                sql("SELECT m.kind, f.carrier, f.number, f.flight_date, m.people, m.changed
                     FROM flight_message m JOIN flight f ON f.id = m.flight_id
                     WHERE m.message_id = $1 ORDER BY f.departs_at, f.id LIMIT $2")
                .bind(message)
                .bind(limit),
            )
            .await?;
        facts.extend(spoken.iter().map(flight));
        for (kind, column) in [("passenger", "message_id"), ("outcome", "outcome_message")] {
            facts.extend(people(tx, message, (kind, column), limit).await?);
        }
        let coupons: Vec<(String, i64, String, Option<Uuid>)> = tx
            .all(
                sql("SELECT ticket, coupon, status, customer_id FROM ticket_coupon
                     WHERE message_id = $1 ORDER BY ticket, coupon LIMIT $2")
                .bind(message)
                .bind(limit),
            )
            .await?;
        for (ticket, coupon, status, customer) in coupons {
            facts.push(MessageFact {
                kind: "coupon",
                args: vec![("ticket", format!("{ticket}/{coupon}")), ("status", status)],
                link: customer.map(|id| format!("/customers/{id}")).unwrap_or_default(),
            });
        }
        let planned: Vec<(String, String, String, String)> = tx
            .all(
                sql("SELECT carrier, number, board_point, off_point FROM schedule_leg
                     WHERE message_id = $1 ORDER BY carrier, number, position, id LIMIT $2")
                .bind(message)
                .bind(limit),
            )
            .await?;
        for (carrier, number, from, to) in planned {
            facts.push(MessageFact {
                kind: "schedule",
                args: vec![("flight", format!("{carrier}{number}")), ("from", from), ("to", to)],
                link: String::new(),
            });
        }
        Ok(facts)
    }
}

/// That a flight was spoken of; movements and schedules name nobody.
fn flight(of: &Spoken) -> MessageFact {
    let flight = format!("{}{}", of.carrier, of.number);
    let link = super::page_of(&flight, of.flight_date);
    let mut args = vec![("flight", flight), ("date", of.flight_date.to_string())];
    let kind = match of.kind.as_str() {
        "mvt" | "mva" | "div" | "ldm" if of.changed > 0 => "movement",
        "mvt" | "mva" | "div" | "ldm" => "movement-known",
        "schedule" => "replanned",
        _ => {
            args.push(("people", of.people.to_string()));
            args.push(("changed", of.changed.to_string()));
            "flight"
        }
    };
    MessageFact { kind, args, link }
}

async fn people(
    tx: &mut Tx,
    message: Uuid,
    (kind, column): (&'static str, &str),
    limit: i64,
) -> Result<Vec<MessageFact>> {
    let mut text = store::SqlBuilder::new(
        "SELECT p.surname, p.given, p.status, p.outcome, p.customer_id, f.carrier, f.number,
            f.flight_date
         FROM flight_passenger p JOIN flight f ON f.id = p.flight_id
         WHERE p.",
    );
    text.push(column).push(" = ").bind(message);
    if kind == "outcome" {
        // Who was only booked by it is told already.
        text.push(" AND p.message_id <> ").bind(message);
        // The flights the message spoke of are few: their passengers are walked, not the table.
        text.push(" AND p.flight_id IN (SELECT m.flight_id FROM flight_message m");
        text.push(" WHERE m.message_id = ").bind(message).push(")");
    }
    text.push(" ORDER BY p.source_key LIMIT ").bind(limit);
    let found: Vec<Person> = tx.all(text.build()).await?;
    let fact = |of: Person| {
        let flight = format!("{}{}", of.carrier, of.number);
        let page = super::page_of(&flight, of.flight_date);
        let word = if kind == "outcome" { of.outcome } else { of.status };
        MessageFact {
            kind,
            args: vec![
                ("name", format!("{}/{}", of.surname, of.given)),
                ("flight", flight),
                ("word", word),
            ],
            link: of.customer_id.map_or(page, |id| format!("/customers/{id}")),
        }
    };
    Ok(found.into_iter().map(fact).collect())
}
