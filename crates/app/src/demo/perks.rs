//! Benefits that were used, chosen and granted, so that there is something to see.

use access::Actor;
use benefits::choices::NewChoice;
use benefits::goodwill::NewGrant;
use benefits::{Asked, NewUse, Who};
use chrono::{Datelike, Days, NaiveDate};
use kernel::Uuid;
use store::sql;

use super::club::CODE;
use crate::{App, Error};

/// Members of the upper tiers who use benefits.
const MEMBERS: i64 = 60;

#[derive(sqlx::FromRow)]
struct Flyer {
    id: Uuid,
    customer_id: Uuid,
    rank: i64,
}

#[derive(sqlx::FromRow)]
struct Flown {
    flight_date: NaiveDate,
    flight_no: String,
    carrier: String,
    origin: String,
    destination: String,
    cabin: Option<String>,
}

/// A step that does not fit a member is passed over: who has what is for the rules to say.
fn passed<T>(result: benefits::Result<T>) -> Result<(), Error> {
    match result {
        Ok(_) | Err(benefits::Error::Refused(_) | benefits::Error::Invalid(..)) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

/// Takes down uses of those who fly most, choices of those who reached a milestone, and goodwill.
pub(super) async fn fill(app: &App, clerk: &Actor) -> Result<(), Error> {
    let today = app.clock().now().date_naive();
    let mut tx = app.db().read().await?;
    let flyers: Vec<Flyer> = tx
        .all(
            sql("SELECT m.id, m.customer_id, n.rank FROM loyalty_member m
                 JOIN loyalty_tier_now n ON n.member_id = m.id
                 JOIN customer c ON c.id = m.customer_id
                 WHERE m.programme = $1 AND n.rank >= 2 AND m.state = 'open'
                 ORDER BY c.flights DESC, m.id LIMIT $2")
            .bind(CODE)
            .bind(MEMBERS),
        )
        .await?;
    let since = today.with_ordinal(1).unwrap_or(today);
    let spenders: Vec<Uuid> = tx
        .values(
            sql("SELECT member_id FROM loyalty_activity WHERE flown_on >= $1
                 GROUP BY member_id HAVING CAST(SUM(spend) AS BIGINT) >= 30000000
                 ORDER BY member_id LIMIT 6")
            .bind(since),
        )
        .await?;
    drop(tx);
    for (n, flyer) in flyers.iter().enumerate() {
        uses(app, clerk, flyer, since).await?;
        if n % 12 == 5 {
            let grant = NewGrant {
                id: kernel::ids::v7(app.clock().now()),
                benefit: "limousine".to_owned(),
                count: 1,
                valid_to: today.checked_add_days(Days::new(180)).unwrap_or(today),
                reason: "disruption".to_owned(),
                note: String::new(),
            };
            passed(app.benefits().grant(clerk, flyer.id.into(), &grant).await)?;
        }
    }
    for (n, member) in spenders.into_iter().enumerate() {
        // The last two are left open: there is something to choose.
        if n < 4 {
            let benefit = if n % 2 == 0 { "upgrade-voucher" } else { "companion-ticket" };
            let new = NewChoice {
                id: kernel::ids::v7(app.clock().now()),
                milestone: "spend-300k".to_owned(),
                period_from: None,
                benefit: benefit.to_owned(),
            };
            passed(app.benefits().choose(clerk, member.into(), &new).await)?;
        }
    }
    Ok(())
}

/// A lounge and, of the highest tiers, a limousine on the latest flights of the year.
async fn uses(app: &App, clerk: &Actor, flyer: &Flyer, since: NaiveDate) -> Result<(), Error> {
    let mut tx = app.db().read().await?;
    let flown: Vec<Flown> = tx
        .all(
            sql("SELECT flight_date, flight_no, carrier, origin, destination, cabin
                 FROM flown_segment
                 WHERE customer_id = $1 AND outcome = 'flown' AND flight_date >= $2
                   AND flight_no IS NOT NULL AND carrier IS NOT NULL AND origin IS NOT NULL
                   AND destination IS NOT NULL
                 ORDER BY at DESC, id DESC LIMIT 3")
            .bind(flyer.customer_id)
            .bind(since),
        )
        .await?;
    drop(tx);
    for one in flown {
        let number = one.flight_no.strip_prefix(one.carrier.as_str()).unwrap_or(&one.flight_no);
        let cabin = one.cabin.as_deref().unwrap_or("economy");
        let cabin = serde_json::from_value(serde_json::Value::from(cabin)).ok();
        let flight = Asked {
            designator: format!("{}{number}", one.carrier),
            date: one.flight_date,
            from: Some(one.origin.clone()),
            to: Some(one.destination.clone()),
            cabin,
            ..Asked::default()
        };
        let ground = if flyer.rank >= 3 { &["lounge", "limousine"][..] } else { &["lounge"][..] };
        for benefit in ground {
            let new = NewUse {
                id: kernel::ids::v7(app.clock().now()),
                who: Who::Id(flyer.id.into()),
                benefit: (*benefit).to_owned(),
                count: 1,
                companions: 0,
                flight: Some(flight.clone()),
                on: None,
                place: one.origin.clone(),
                note: String::new(),
            };
            passed(app.benefits().record(clerk, new).await)?;
        }
    }
    Ok(())
}
