//! Making a flight the member's: its record gets the member's customer, by the steps that
//! `customers` keeps and can take back. Miles follow by the ordinary accrual.

use access::Actor;
use customers::CustomerId;
use loyalty::members::Member;
use store::Tx;

use super::ground::{Candidate, Earned};
use super::judge::Judged;
use super::store as rows;
use super::{Claim, State, Verdict};
use crate::{Error, Partners, Result};

impl Partners {
    /// Takes a flight for a claim. What another claim took, or accrual gave, is not taken.
    pub(super) async fn take(
        &self,
        tx: &mut Tx,
        claim: &mut Claim,
        member: &Member,
        one: &Candidate,
        judged: Judged,
    ) -> Result<Judged> {
        if let Some(other) = rows::taken(tx, &one.key).await? {
            let mine = other == member.id;
            let verdict = if mine { Verdict::AlreadyYours } else { Verdict::AlreadyAnother };
            return Ok(Judged { state: State::Explained, verdict, take: None, ..judged });
        }
        if matches!(one.earned, Earned::Miles(..)) && !one.own {
            let verdict = Verdict::AlreadyAnother;
            return Ok(Judged { state: State::Explained, verdict, take: None, ..judged });
        }
        let customer = member.customer.ok_or(Error::Refused("claims-member-gone"))?;
        if !one.own && !self.attach(tx, customer, one).await? {
            return Ok(Judged::review(Verdict::Contradiction));
        }
        self.loyalty().mark_due(tx, &[customer]).await?;
        claim.segment.clone_from(&one.key);
        Ok(judged)
    }

    /// Moves the record the flight hangs on, and nothing else of its customer.
    async fn attach(&self, tx: &mut Tx, to: CustomerId, one: &Candidate) -> Result<bool> {
        let Some(record) = one.record else { return Ok(false) };
        let system = Actor::system("claims");
        let customers = self.customers();
        let split = customers.split_in(tx, &system, one.customer, &[record.into()]).await;
        let from = match split {
            Ok((_, made)) => made,
            // The record is all there is of them.
            Err(customers::Error::WholeCustomer) => one.customer,
            Err(customers::Error::NotFound(_) | customers::Error::InTrash) => return Ok(false),
            Err(other) => return Err(other.into()),
        };
        match customers.merge_in(tx, &system, to, from).await {
            Ok(_) => Ok(true),
            Err(customers::Error::InTrash) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }
}
