//! What one person proposes and another decides: adjustments of miles, and tiers by hand.

use access::{Actor, Details};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Tx, sql};
use uuid::Uuid;

use super::proposal_rows::found;
use super::tiers::{ENDED, NewTier, check};
use super::{hold, load};
use crate::ledger::{self, Role, Step, Transfer, TransferId, Unit};
use crate::{Error, Loyalty, MemberId, Result, events, permissions};

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Asked {
    /// Miles or qualifying units given (above zero) or taken (below zero) by hand.
    Adjustment {
        /// What is counted.
        unit: Unit,
        /// Not zero.
        amount: i64,
        /// Last day of use, for miles that are given.
        expires_on: Option<NaiveDate>,
        /// Code of the reason.
        reason: String,
    },
    /// A tier by hand, with an end.
    Tier {
        /// Code of the tier.
        tier: String,
        /// Its height.
        rank: i64,
        /// First day.
        valid_from: NaiveDate,
        /// Last day.
        valid_to: NaiveDate,
        /// Code of the reason.
        reason: String,
    },
    /// The end of a tier by hand before its day.
    EndTier {
        /// The row.
        row: Uuid,
        /// First day without it.
        from: NaiveDate,
    },
}

impl Asked {
    fn word(&self) -> &'static str {
        match self {
            Self::Adjustment { .. } => "adjustment",
            Self::Tier { .. } => "tier",
            Self::EndTier { .. } => "end-tier",
        }
    }
}

crate::ledger::words!(
    /// Where a proposal stands.
    Decision {
        /// Waits for another person.
        Open = "open",
        /// Carried out.
        Approved = "approved",
        /// Turned down, or withdrawn by whoever proposed it.
        Refused = "refused",
    }
);

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Identity; of an adjustment also the id of its transfer.
    pub id: Uuid,
    /// Whose.
    pub member: MemberId,
    /// What.
    pub asked: Asked,
    /// Where it stands.
    pub state: Decision,
    /// When and by whom proposed.
    pub proposed: (DateTime<Utc>, Uuid),
    /// When and by whom decided.
    pub decided: Option<(DateTime<Utc>, Uuid)>,
    /// Why, in the words of whoever proposed it.
    pub note: String,
    /// In the words of whoever decided.
    pub decided_note: String,
}

/// Longest words beside a proposal, in characters.
const NOTE: usize = 500;

fn check_note(note: &str) -> Result<&str> {
    let note = note.trim();
    let fits = note.chars().count() <= NOTE && !note.chars().any(|c| c == '\0');
    if fits { Ok(note) } else { Err(Error::invalid("note", "loyalty-note")) }
}

impl Loyalty {
    /// Proposes something about a member. Nothing happens until another person approves.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Invalid`] naming the field.
    pub async fn propose(&self, actor: &Actor, member: MemberId, asked: Asked) -> Result<Uuid> {
        let mut tx = self.db().begin().await?;
        let id = self.propose_in(&mut tx, actor, member, asked).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// [`Loyalty::propose`] under an id of the caller, with words of up to 500 characters for whoever
    /// decides. Asked again with the same id it is [`Outcome::AlreadyDone`], and the first stays.
    ///
    /// # Errors
    /// As there; [`Error::Invalid`] naming `note`.
    pub async fn propose_as(
        &self,
        actor: &Actor,
        member: MemberId,
        id: Uuid,
        (asked, note): (Asked, &str),
    ) -> Result<Outcome<Uuid>> {
        let note = check_note(note)?;
        let mut tx = self.db().begin().await?;
        let outcome = self.put_proposal(&mut tx, actor, member, id, (asked, note)).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// [`Loyalty::propose`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn propose_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        member: MemberId,
        asked: Asked,
    ) -> Result<Uuid> {
        let id = kernel::ids::v7(self.now());
        Ok(self.put_proposal(tx, actor, member, id, (asked, "")).await?.into_inner())
    }

    async fn put_proposal(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        member: MemberId,
        id: Uuid,
        (asked, note): (Asked, &str),
    ) -> Result<Outcome<Uuid>> {
        actor.may(permissions::PROPOSE)?;
        hold(tx, member).await?;
        self.check_asked(tx, member, &asked).await?;
        let added = tx
            .exec(
                sql("INSERT INTO loyalty_proposal
                        (id, member_id, kind, data, state, proposed_at, proposed_by, note)
                     VALUES ($1, $2, $3, $4, 'open', $5, $6, $7) ON CONFLICT (id) DO NOTHING")
                .bind(id)
                .bind(member.uuid())
                .bind(asked.word())
                .bind(serde_json::to_value(&asked)?)
                .bind(self.now())
                .bind(actor.id)
                .bind(note),
            )
            .await?;
        if added == 0 {
            return Ok(Outcome::AlreadyDone(id));
        }
        let data = json!({"proposal": id, "kind": asked.word(), "state": "open"});
        let details = Details::new().id("proposal", id).code("kind", asked.word());
        let what = (events::PROPOSAL_CHANGED, "loyalty.proposed");
        self.told(tx, actor, member, what, (details, data)).await?;
        Ok(Outcome::Done(id))
    }

    async fn check_asked(&self, tx: &mut Tx, member: MemberId, asked: &Asked) -> Result<()> {
        match asked {
            Asked::Adjustment { unit, amount, expires_on, reason } => {
                let given = *amount > 0 && *unit == Unit::Miles;
                if !(1..=ledger::LARGEST_AMOUNT).contains(&amount.saturating_abs()) {
                    return Err(Error::invalid("amount", "loyalty-amount"));
                }
                if expires_on.is_some() != given {
                    return Err(Error::invalid("expires_on", "loyalty-expires-on"));
                }
                let like = self.by_hand(member, "x", 0, (self.today(), self.today()), reason);
                check(&like)?;
            }
            Asked::Tier { tier, rank, valid_from, valid_to, reason } => {
                if *valid_to >= ledger::NEVER {
                    return Err(Error::invalid("valid_to", "loyalty-valid-to"));
                }
                check(&self.by_hand(member, tier, *rank, (*valid_from, *valid_to), reason))?;
            }
            Asked::EndTier { row, .. } => {
                self.granted(tx, member, *row).await?;
            }
        }
        Ok(())
    }

    /// Approves and carries out, or refuses. Nobody approves what they proposed themselves, by
    /// whichever key or session; they may refuse, that is withdraw it. Deciding the same again is
    /// [`Outcome::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Refused`] `loyalty-own-proposal`,
    /// `loyalty-proposal-decided` (otherwise); [`Error::Ledger`] when the ledger refuses: the
    /// proposal stays open.
    pub async fn decide(
        &self,
        actor: &Actor,
        proposal: Uuid,
        approve: bool,
    ) -> Result<Outcome<()>> {
        self.decide_noted(actor, proposal, approve, "").await
    }

    /// [`Loyalty::decide`] with words of up to 500 characters for whoever proposed it.
    ///
    /// # Errors
    /// As there; [`Error::Invalid`] naming `note`.
    pub async fn decide_noted(
        &self,
        actor: &Actor,
        proposal: Uuid,
        approve: bool,
        note: &str,
    ) -> Result<Outcome<()>> {
        let note = check_note(note)?;
        actor.may(if approve { permissions::APPROVE } else { permissions::PROPOSE })?;
        let mut tx = self.db().begin().await?;
        let state = if approve { Decision::Approved } else { Decision::Refused };
        // Written first: of two who decide at once the second waits, and finds it decided.
        let first = tx
            .exec(
                sql("UPDATE loyalty_proposal SET state = $2, decided_at = $3, decided_by = $4,
                        decided_note = $5 WHERE id = $1 AND state = 'open'")
                .bind(proposal)
                .bind(state.as_str())
                .bind(self.now())
                .bind(actor.id)
                .bind(note),
            )
            .await?
            == 1;
        let known = found(&mut tx, ("id", proposal.into()), 1).await?.pop();
        let known = known.ok_or(Error::NotFound("proposal"))?;
        if !first {
            return if known.state == state {
                Ok(Outcome::AlreadyDone(()))
            } else {
                Err(Error::Refused("loyalty-proposal-decided"))
            };
        }
        let own = known.proposed.1 == actor.id;
        if approve && own {
            return Err(Error::Refused("loyalty-own-proposal"));
        }
        if !approve && !own {
            actor.may(permissions::APPROVE)?;
        }
        if approve {
            self.carry_out(&mut tx, actor, &known).await?;
        }
        let data = json!({"proposal": proposal, "kind": known.asked.word(), "state": state});
        let details = Details::new().id("proposal", proposal).code("state", state.as_str());
        let what = (events::PROPOSAL_CHANGED, "loyalty.decided");
        self.told(&mut tx, actor, known.member, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    async fn carry_out(&self, tx: &mut Tx, actor: &Actor, proposal: &Proposal) -> Result<()> {
        let (member, people) = (proposal.member, (proposal.proposed.1, actor.id));
        hold(tx, member).await?;
        let new = match &proposal.asked {
            Asked::Adjustment { .. } => return self.adjust(tx, proposal, people).await,
            Asked::Tier { tier, rank, valid_from, valid_to, reason } => {
                self.by_hand(member, tier, *rank, (*valid_from, *valid_to), reason)
            }
            Asked::EndTier { row, from } => {
                let (tier, rank) = self.granted(tx, member, *row).await?;
                let mut end = self.by_hand(member, &tier, rank, (*from, *from), ENDED);
                end.detail = json!({"ends": row});
                end
            }
        };
        self.put_by_hand(tx, proposal.id, &new, people).await
    }

    async fn adjust(&self, tx: &mut Tx, proposal: &Proposal, people: (Uuid, Uuid)) -> Result<()> {
        let Asked::Adjustment { unit, amount, expires_on, reason } = &proposal.asked else {
            return Ok(());
        };
        let programme = load(tx, proposal.member).await?.programme;
        let accounts = self.ledger().accounts_of(tx, proposal.member).await?;
        let account = accounts.into_iter().find(|it| it.book.unit == *unit);
        let account = account.ok_or(Error::NotFound("account"))?;
        let book = ledger::Book::new(programme, *unit);
        let other = self.ledger().role(tx, &book, Role::Adjustment, "").await?;
        let (debit, credit) = if *amount > 0 { (other, account.id) } else { (account.id, other) };
        let (amount, expires_on) = (amount.abs(), *expires_on);
        let step = Step::Post { debit, credit, amount, expires_on };
        let why = json!({"reason": reason, "proposed_by": people.0, "approved_by": people.1});
        let id = TransferId::from(proposal.id);
        let transfer = Transfer::new(id, "adjustment", self.now(), step)
            .because(format!("proposal-{}", proposal.id), why);
        let outcomes = self.ledger().post_in(tx, &[transfer]).await?;
        match outcomes.first() {
            Some(outcome) if outcome.is_posted() => Ok(()),
            Some(outcome) => Err(Error::Ledger(*outcome)),
            None => Err(Error::Meanwhile),
        }
    }

    fn by_hand(
        &self,
        member: MemberId,
        tier: &str,
        rank: i64,
        (valid_from, valid_to): (NaiveDate, NaiveDate),
        reason: &str,
    ) -> NewTier {
        let (tier, reason) = (tier.to_owned(), reason.to_owned());
        NewTier { member, tier, rank, valid_from, valid_to, reason, detail: json!({}) }
    }

    async fn granted(&self, tx: &mut Tx, member: MemberId, row: Uuid) -> Result<(String, i64)> {
        let known: Option<(String, i64)> = tx
            .maybe(
                sql("SELECT tier, rank FROM loyalty_tier
                     WHERE id = $1 AND member_id = $2 AND is_by_hand = TRUE")
                .bind(row)
                .bind(member.uuid()),
            )
            .await?;
        known.ok_or(Error::invalid("row", "loyalty-tier"))
    }
}
