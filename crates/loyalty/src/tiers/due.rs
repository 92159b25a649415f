//! Who is looked at in the night: those whose day has come (`next_on`), those something was done to
//! that is no flight, everybody when the rules are others, and everybody from time to time.
//!
//! Whoever the night passes over has had the same days decided as everybody else, with nothing to
//! write. So up to which day the nights decided is kept once, and holds for those passed over: what
//! is done to them later, a merge or other rules, changes no day before.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::up;
use crate::{Loyalty, MemberId, Result};

/// Whoever was not looked at for so long is: birth dates change without a word to this domain.
pub(super) const AT_LEAST_EVERY: Days = Days::new(31);
/// The setting under which it is kept what the nights came to.
const NIGHTS: &str = "loyalty.tiers.nights";

#[derive(Debug, Default, Serialize, Deserialize)]
struct Nights {
    /// The last that ended decided up to and with this day.
    to: Option<NaiveDate>,
    /// By which versions the members of each programme were looked at.
    rules: BTreeMap<String, Vec<Uuid>>,
}

/// Up to which day the nights decided, for those they passed over.
pub(super) async fn night(tx: &mut Tx) -> Result<Option<NaiveDate>> {
    Ok(nights(tx).await?.to)
}

/// Up to which day a member is decided: as written, or by the nights that passed it over.
pub(super) fn decided(
    written: Option<NaiveDate>,
    next_on: Option<NaiveDate>,
    night: Option<NaiveDate>,
) -> Option<NaiveDate> {
    let passed_over = night.filter(|night| next_on.is_some_and(|next| next > *night));
    written.map(|to| passed_over.map_or(to, |night| to.max(night)))
}

async fn nights(tx: &mut Tx) -> Result<Nights> {
    Ok(store::settings::get(tx, NIGHTS).await?.unwrap_or_default())
}

/// What [`decided`] says is written, and the next night looks.
const LOOK: &str = "UPDATE loyalty_evaluation SET next_on = NULL, evaluated_to =
    CASE WHEN next_on > input.night AND evaluated_to < input.night
         THEN input.night ELSE evaluated_to END FROM input";

impl Loyalty {
    /// The next night looks at these members, and at those they are merged into.
    pub(crate) async fn look_again(&self, tx: &mut Tx, members: &[MemberId]) -> Result<()> {
        let mut all: BTreeSet<MemberId> = members.iter().copied().collect();
        all.extend(up(tx, all.clone()).await?);
        let night = night(tx).await?.unwrap_or_default();
        let rows = all.into_iter().map(|id| vec![id.uuid().into(), night.into()]).collect();
        let statement = format!("{LOOK} WHERE loyalty_evaluation.member_id = input.id");
        tx.with_rows(&[Col::uuid("id"), Col::date("night")], rows, &statement).await?;
        Ok(())
    }

    /// Begins a nightly run: where other versions hold than the members were looked at by, all of
    /// them are due. Returns up to which day is decided when it ends.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn begin_night(&self) -> Result<Option<NaiveDate>> {
        let over = self.today().pred_opt();
        let mut tx = self.db().begin().await?;
        let mut nights = nights(&mut tx).await?;
        let rows: Vec<(String, Uuid)> = tx
            .all(sql("SELECT programme, id FROM loyalty_programme WHERE state = 'approved'
                 ORDER BY programme, valid_from, decided_at NULLS FIRST, version"))
            .await?;
        let mut hold: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
        for (programme, id) in rows {
            hold.entry(programme).or_default().push(id);
        }
        let night: Value = nights.to.unwrap_or_default().into();
        let other = hold.iter().filter(|(code, ids)| nights.rules.get(*code) != Some(ids));
        let rows: Vec<Vec<Value>> =
            other.map(|(code, _)| vec![code.into(), night.clone()]).collect();
        if !rows.is_empty() {
            let statement = format!(
                "{LOOK} WHERE loyalty_evaluation.member_id IN
                 (SELECT id FROM loyalty_member WHERE programme = input.programme)"
            );
            tx.with_rows(&[Col::text("programme"), Col::date("night")], rows, &statement).await?;
            nights.rules = hold;
            store::settings::put(&mut tx, NIGHTS, &nights, self.now()).await?;
        }
        tx.commit().await?;
        Ok(over)
    }

    /// Ends a nightly run that looked at everybody who was due.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn end_night(&self, over: Option<NaiveDate>) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let mut nights = nights(&mut tx).await?;
        if over > nights.to {
            nights.to = over;
            store::settings::put(&mut tx, NIGHTS, &nights, self.now()).await?;
        }
        Ok(tx.commit().await?)
    }
}
