//! Asking: who the members are, what they stand on, and the answer for each.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use loyalty::members::{Footing, Found, Who};
use programme::document::Cabin;
use store::{Col, Tx};
use uuid::Uuid;

use crate::answer::{Outcome, Reply, answer};
use crate::flight::{Asked, Resolved};
use crate::ground::{Ground, grounds};
use crate::{Benefits, Error, Result, permissions};

impl Benefits {
    /// What members are entitled to on a flight at a moment (now when `at` is `None`), in the order
    /// asked.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] about the flight; when the database fails.
    pub async fn entitlements(
        &self,
        actor: &access::Actor,
        who: &[Who],
        asked: &Asked,
        at: Option<DateTime<Utc>>,
    ) -> Result<(Resolved, Vec<Reply>)> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let resolved = self.resolve(&mut tx, asked).await?;
        let now = self.now();
        let replies = self.replies(&mut tx, who, &resolved, (at.unwrap_or(now), now)).await?;
        Ok((resolved, replies))
    }

    /// What everybody booked on a known flight who is a member is entitled to.
    ///
    /// # Errors
    /// As [`Benefits::entitlements`]; [`Error::NotFound`] when the flight is not known here.
    pub async fn entitlements_aboard(
        &self,
        actor: &access::Actor,
        asked: &Asked,
        at: Option<DateTime<Utc>>,
    ) -> Result<(Resolved, Vec<Reply>)> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let resolved = self.resolve(&mut tx, asked).await?;
        let flight = resolved.id.ok_or(Error::NotFound("flight"))?;
        let members: Vec<Uuid> = tx
            .values(
                store::sql(
                    "SELECT DISTINCT m.id FROM flight_passenger p
                     JOIN loyalty_member m ON m.customer_id = p.customer_id
                     WHERE p.flight_id = $1 AND p.status NOT IN ('deleted', 'unlisted')
                       AND m.merged_into IS NULL ORDER BY m.id",
                )
                .bind(flight),
            )
            .await?;
        let who: Vec<Who> = members.into_iter().map(|id| Who::Id(id.into())).collect();
        let now = self.now();
        let replies = self.replies(&mut tx, &who, &resolved, (at.unwrap_or(now), now)).await?;
        Ok((resolved, replies))
    }

    /// Answers by what was known at a moment.
    pub(crate) async fn replies(
        &self,
        tx: &mut Tx,
        who: &[Who],
        resolved: &Resolved,
        (at, known): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<Reply>> {
        let day = resolved.flight.day;
        let found = self.loyalty().footings(tx, who, day, known).await?;
        let answering = found.iter().filter_map(|found| match found {
            Found::One(footing) if Outcome::of(footing) == Outcome::Answered => Some(&**footing),
            _ => None,
        });
        let answering: Vec<&Footing> = answering.collect();
        let grounds = grounds(tx, &answering, day, known).await?;
        let cabins = self.cabins(tx, resolved, &answering).await?;
        let today = known.with_timezone(&self.loyalty().zone()).date_naive();
        let (nothing, told) = (Ground::default(), resolved);
        let replies = found.iter().map(|found| match found {
            Found::Nobody => Reply::without(Outcome::Unknown),
            Found::Several => Reply::without(Outcome::Several),
            Found::One(footing) => {
                let ground = grounds.get(&footing.id).unwrap_or(&nothing);
                let booked = footing.customer.and_then(|id| cabins.get(&id.uuid()));
                match booked {
                    Some(cabin) => {
                        let own = Resolved { cabin_told: true, ..told.in_cabin(*cabin) };
                        answer(footing, ground, &own, (at, today))
                    }
                    None => answer(footing, ground, told, (at, today)),
                }
            }
        });
        Ok(replies.collect())
    }

    /// Cabins booked on a known flight, by customer; nothing to look up when the caller named one.
    pub(crate) async fn cabins(
        &self,
        tx: &mut Tx,
        resolved: &Resolved,
        footings: &[&Footing],
    ) -> Result<HashMap<Uuid, Cabin>> {
        let Some(flight) = resolved.id.filter(|_| !resolved.cabin_told) else {
            return Ok(HashMap::new());
        };
        let rows: Vec<Vec<store::Value>> = footings
            .iter()
            .filter_map(|it| it.customer)
            .map(|id| vec![id.uuid().into(), flight.into()])
            .collect();
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let booked: Vec<(Uuid, String)> = tx
            .with_rows_all(
                &[Col::uuid("customer"), Col::uuid("flight")],
                rows,
                "SELECT p.customer_id, p.cabin FROM input JOIN flight_passenger p
                    ON p.customer_id = input.customer AND p.flight_id = input.flight
                 WHERE p.status NOT IN ('deleted', 'unlisted') ORDER BY p.source_key",
            )
            .await?;
        let cabins = booked.into_iter();
        Ok(cabins.filter_map(|(id, word)| Some((id, crate::flight::cabin(&word)?))).collect())
    }
}
