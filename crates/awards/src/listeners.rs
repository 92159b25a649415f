//! What this domain hears of others: reviews that were decided, people that were erased.

use access::Actor;
use loyalty::events::{AboutMember, FORGOTTEN, REVIEW_CHANGED};
use loyalty::limits::{ReviewState, What};
use serde_json::json;
use store::outbox::{Event, Handler};
use store::sql;

use crate::confirm::Confirm;
use crate::model::{State, Step};
use crate::redeem::again;
use crate::{Awards, Error, RedemptionId, Result, events, store as db};

impl Awards {
    /// The listeners.
    #[must_use]
    pub fn listeners(&self) -> Vec<Handler> {
        let review = |awards: Self, event: Event| async move { awards.hear_review(event).await };
        let forget = |awards: Self, event: Event| async move { awards.hear_forgotten(event).await };
        vec![
            Handler::new("awards.reviews", REVIEW_CHANGED, self, review),
            Handler::new("awards.forgotten", FORGOTTEN, self, forget),
        ]
    }

    pub(crate) async fn hear_review(&self, event: Event) -> Result<()> {
        let said: AboutMember = serde_json::from_value(event.data)?;
        if said.what["what"] != What::Redemption.as_str() {
            return Ok(());
        }
        let id = said.what["reference"].as_str().and_then(|id| id.parse::<uuid::Uuid>().ok());
        let Some(id) = id.map(RedemptionId::from) else { return Ok(()) };
        let state = said.what["state"].as_str().and_then(|word| word.parse().ok());
        match state {
            Some(ReviewState::Cleared) => self.clear(id).await,
            Some(ReviewState::Confirmed) => match self.turn_down(id).await {
                Ok(_) | Err(Error::NotFound(_) | Error::Refused(_)) => Ok(()),
                Err(other) => Err(other),
            },
            Some(ReviewState::Open) | None => Ok(()),
        }
    }

    /// The review was in order: the hold waits to be confirmed, or is confirmed as was asked.
    async fn clear(&self, id: RedemptionId) -> Result<()> {
        again!(self.try_clear(id))
    }

    async fn try_clear(&self, id: RedemptionId) -> Result<()> {
        let system = Actor::system("awards");
        let mut tx = self.db().begin().await?;
        let known = match db::hold(&mut tx, id).await {
            Ok(known) if known.state == State::Review && known.due_at > self.now() => known,
            Ok(_) | Err(Error::NotFound(_)) => return Ok(()),
            Err(other) => return Err(other),
        };
        let mut known = crate::Redemption { state: State::Held, ..known };
        db::update(&mut tx, &known).await?;
        db::step(&mut tx, (id, self.now()), &system, Step::Cleared, json!({})).await?;
        if known.goes_on && known.kind == crate::Kind::Item && known.minor == 0 {
            let rules = self.standing(&mut tx, known.member).await?.rules;
            let said = Confirm::default();
            self.settle(&mut tx, &system, &mut known, &said, rules.programme()).await?;
        }
        events::changed(&mut tx, self.now(), &known).await?;
        Ok(tx.commit().await?)
    }

    /// Nothing leads to the person any more: codes are gone, unused ones void.
    async fn hear_forgotten(&self, event: Event) -> Result<()> {
        let said: AboutMember = serde_json::from_value(event.data)?;
        let member = said.member.uuid();
        let mut tx = self.db().begin().await?;
        tx.exec(
            sql("UPDATE award_voucher SET sealed = NULL,
                    state = CASE WHEN state = 'issued' THEN 'void' ELSE state END
                 WHERE member_id = $1")
            .bind(member),
        )
        .await?;
        tx.exec(
            sql("UPDATE award_redemption SET nominee_id = NULL, reference = '', payment = ''
                 WHERE member_id = $1")
            .bind(member),
        )
        .await?;
        Ok(tx.commit().await?)
    }
}
