//! What a person decides about a claim that a machine must not decide.

use access::Actor;
use kernel::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::ground::Earned;
use super::judge::Judged;
use super::store as rows;
use super::{Claim, ClaimId, State, Verdict};
use crate::{Error, Partners, Result, permissions};

/// Why nothing comes of a claim: codes with the texts `claims-reason-<code>`.
pub const REASONS: &[&str] = &["not-on-flight", "other-person", "no-proof", "other"];

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Decision {
    /// This flight of the evidence is the member's.
    Accept {
        /// What accrual knows it by.
        segment: String,
    },
    /// Nothing comes of it.
    Refuse {
        /// One of `not-on-flight`, `other-person`, `no-proof`, `other`.
        reason: String,
    },
    /// Judge it again by what is known now.
    Again,
}

impl Partners {
    /// Decides a claim that waits or is with a person. A claim that has ended is
    /// [`Outcome::AlreadyDone`]. Accepting gives no miles by hand: the flight becomes the member's,
    /// and accrual gives what it is worth.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`]; [`Error::Invalid`]; [`Error::Refused`]
    /// `claims-credited` for a flight somebody was credited with, `claims-not-flown`,
    /// `claims-of-member` for a flight of another member (merge the memberships first),
    /// `claims-not-moved` when its record cannot be moved.
    pub async fn decide_claim(
        &self,
        actor: &Actor,
        id: ClaimId,
        decision: &Decision,
    ) -> Result<Outcome<Claim>> {
        actor.may(permissions::CLAIM_DECIDE)?;
        let mut tx = self.db().begin().await?;
        let mut claim = rows::lock(&mut tx, id).await?;
        if claim.state.is_final() || claim.state == State::Accepted {
            return Ok(Outcome::AlreadyDone(claim));
        }
        let member = self.loyalty().member(&Actor::system("claims"), claim.by.member).await?;
        match decision {
            Decision::Again => self.decide_in(&mut tx, &mut claim, &member).await?,
            Decision::Refuse { reason } => {
                if !REASONS.contains(&reason.as_str()) {
                    return Err(Error::invalid("reason", "claims-reason"));
                }
                let (state, verdict) = (State::Explained, Verdict::Refused);
                let detail = json!({"reason": reason});
                claim.judged(&Judged { state, verdict, detail, take: None }, self.now());
            }
            Decision::Accept { segment } => {
                let ground = self.ground(&mut tx, &member, &claim.about, claim.by).await?;
                let one = ground.candidates.iter().find(|one| one.key == *segment);
                let one = one.ok_or(Error::invalid("segment", "claims-segment"))?;
                if matches!(one.earned, Earned::Miles(..)) {
                    return Err(Error::Refused("claims-credited"));
                }
                if !one.flown() {
                    return Err(Error::Refused("claims-not-flown"));
                }
                if one.members > 0 && !one.own {
                    return Err(Error::Refused("claims-of-member"));
                }
                let accepted = Judged {
                    state: State::Accepted,
                    verdict: Verdict::Found,
                    detail: one.would.as_ref().map_or(json!({}), |miles| json!({"miles": miles})),
                    take: None,
                };
                let judged = self.take(&mut tx, &mut claim, &member, one, accepted).await?;
                match judged.state {
                    State::Accepted => claim.judged(&judged, self.now()),
                    State::Review => return Err(Error::Refused("claims-not-moved")),
                    _ => return Err(Error::Refused("claims-credited")),
                }
            }
        }
        rows::update(&mut tx, &claim).await?;
        self.told(&mut tx, actor, &claim).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(Outcome::Done(claim))
    }
}
