//! The house as the years run through it: a clock that is set, two people, and the real services.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use access::{Access, Actor, Role};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use customers::{Draft as Profile, Set};
use kernel::FixedClock;
use kernel::names::PersonName;
use loyalty::accrual::FlownFact;
use loyalty::ledger::{
    AccountId, AccountState, AtDue, Book, Due, Role as For, Shortfall, Step, Transfer, TransferId,
    Unit,
};
use loyalty::members::{Asked as Proposed, Enrol, Person};
use loyalty::programmes::Draft;
use loyalty::{Error, Loyalty, MemberId, Result};
use simulator::loyalty::{Act, Asked, Moment, Said, State, Step as Wanted};
use store::Db;
use uuid::Uuid;

/// A member as the house knows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub id: MemberId,
    miles: AccountId,
}

/// What the years run through. All of it tells the time by `clock`.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub db: Db,
    /// Who may.
    pub access: Access,
    /// The books and the members.
    pub loyalty: Loyalty,
    /// Is set.
    pub clock: Arc<FixedClock>,
    /// Where days begin.
    pub zone: Tz,
}

/// The services, and who is who.
pub(super) struct House {
    pub services: Services,
    pub programme: String,
    tiers: Vec<String>,
    pub one: Actor,
    other: Actor,
    pub members: HashMap<usize, Known>,
    merges: HashMap<usize, Uuid>,
    partner: AccountId,
    redemption: AccountId,
    kills: u64,
}

fn moment(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let found = zone.from_local_datetime(&local).earliest();
    found.map_or(local.and_utc(), |at| at.with_timezone(&Utc))
}

impl House {
    /// An empty house with one approved programme that holds from the first day on.
    pub async fn open(
        services: Services,
        text: &str,
        code: &str,
        tiers: Vec<String>,
        first: NaiveDateTime,
    ) -> Result<Self> {
        services.clock.set(moment(services.zone, first));
        let policy = services.access.policy();
        let person = |n, name: &str, role| Actor::staff(Uuid::from_u128(n), name, &[role], policy);
        let one = person(1, "simulator one", Role::Administrator);
        let other = person(2, "simulator other", Role::Administrator);
        let loyalty = &services.loyalty;
        let valid_from = first.date() - chrono::Days::new(400);
        let draft = Draft { text: text.to_owned(), valid_from, note: String::new() };
        let id = loyalty.draft_programme(&one, draft).await?.id;
        let _ = loyalty.propose_programme(&one, id).await?;
        let _ = loyalty.decide_programme(&other, id, true, "").await?;
        let book = Book::new(code, Unit::Miles);
        let mut tx = services.db.begin().await?;
        let partner = loyalty.ledger().open_partner(&mut tx, &book, "HOTEL").await?;
        let redemption = loyalty.ledger().role(&mut tx, &book, For::Redemption, "").await?;
        tx.commit().await?;
        Ok(Self {
            programme: code.to_owned(),
            tiers,
            one,
            other,
            members: HashMap::new(),
            merges: HashMap::new(),
            partner,
            redemption,
            kills: 0,
            services,
        })
    }

    fn loyalty(&self) -> &Loyalty {
        &self.services.loyalty
    }

    fn member(&self, who: usize) -> Result<Known> {
        let known = self.members.get(&who).copied();
        known.ok_or(Error::NotFound("member"))
    }

    /// Lets something happen. Returns what became of each part of it, in order.
    pub async fn hear(&mut self, said: &Moment) -> Result<Vec<&'static str>> {
        self.services.clock.set(moment(self.services.zone, said.at));
        let reason = "dispute";
        match &said.act {
            Act::Enrol { .. } => self.enrol(std::slice::from_ref(said)).await?,
            Act::Facts { said, killed } => return self.facts(said, *killed).await,
            Act::Books(asked) => return self.books(asked).await,
            Act::Adjust { who, amount, expires_on } => {
                let (unit, reason) = (Unit::Miles, "goodwill".to_owned());
                let (amount, expires_on) = (*amount, *expires_on);
                let asked = Proposed::Adjustment { unit, amount, expires_on, reason };
                return self.propose(*who, asked).await.map(|word| vec![word]);
            }
            Act::Tier { who, rank, valid_from, valid_to } => {
                let (valid_from, valid_to) = (*valid_from, *valid_to);
                let tier = self.tiers.get(*rank).cloned().unwrap_or_default();
                let (rank, reason) = (i64::try_from(*rank).unwrap_or(0), "by-hand".to_owned());
                let asked = Proposed::Tier { tier, rank, valid_from, valid_to, reason };
                self.propose(*who, asked).await?;
            }
            Act::Freeze { who, state } => {
                let state = match state {
                    State::Open => AccountState::Open,
                    State::DebitsFrozen => AccountState::DebitsFrozen,
                    State::Frozen => AccountState::Frozen,
                };
                let id = self.member(*who)?.id;
                let _ = self.loyalty().freeze(&self.one, id, state, reason).await?;
            }
            Act::Merge { from, into } => {
                let (gone, stays) = (self.member(*from)?.id, self.member(*into)?.id);
                let merge = self.loyalty().merge_members(&self.one, gone, stays).await?;
                self.merges.insert(*from, merge.into_inner());
            }
            Act::Unmerge { from } => {
                if let Some(merge) = self.merges.remove(from) {
                    let _ = self.loyalty().undo_merge(&self.one, merge).await?;
                }
            }
            Act::Night => self.night().await?,
        }
        Ok(Vec::new())
    }

    async fn night(&self) -> Result<()> {
        self.loyalty().ledger().end_holds().await?;
        self.loyalty().ledger().expire().await?;
        self.loyalty().grow_up().await?;
        self.loyalty().evaluate_tiers().await?;
        Ok(())
    }

    /// Enrols several in one transaction.
    pub async fn enrol(&mut self, moments: &[Moment]) -> Result<()> {
        let loyalty = self.loyalty().clone();
        let mut tx = self.services.db.begin().await?;
        for said in moments {
            let Act::Enrol { who, born, guardian } = &said.act else { continue };
            self.services.clock.set(moment(self.services.zone, said.at));
            let profile = Profile {
                name: Set::To(PersonName::from_latin(&letters(*who), "Kilo")),
                birth_date: Set::To(Some(*born)),
                ..Profile::default()
            };
            let person = Person::New(Box::new(profile));
            let guardian = guardian.map(|at| self.member(at)).transpose()?.map(|it| it.id);
            let enrol = Enrol { programme: self.programme.clone(), person, guardian };
            let id = loyalty.enrol_in(&mut tx, &self.one, enrol).await?.id;
            let accounts = loyalty.ledger().accounts_of(&mut tx, id).await?;
            let miles = accounts.iter().find(|it| it.book.unit == Unit::Miles);
            let miles = miles.ok_or(Error::NotFound("account"))?.id;
            self.members.insert(*who, Known { id, miles });
        }
        tx.commit().await?;
        Ok(())
    }

    async fn propose(&self, who: usize, asked: Proposed) -> Result<&'static str> {
        let id = self.loyalty().propose(&self.one, self.member(who)?.id, asked).await?;
        match self.loyalty().decide(&self.other, id, true).await {
            Ok(_) => Ok("posted"),
            Err(Error::Ledger(outcome)) => Ok(outcome.as_str()),
            Err(error) => Err(error),
        }
    }

    async fn facts(&mut self, said: &[Said], killed: bool) -> Result<Vec<&'static str>> {
        let facts: Vec<FlownFact> =
            said.iter().map(|one| self.fact(one)).collect::<Result<_, _>>()?;
        if killed {
            let (loyalty, asked) = (self.loyalty().clone(), facts.clone());
            let run = tokio::spawn(async move { loyalty.accrue(asked).await });
            self.kills += 1;
            tokio::time::sleep(Duration::from_millis(self.kills % 12)).await;
            run.abort();
            drop(run.await);
        }
        let answers = self.loyalty().accrue(facts).await?;
        if killed {
            return Ok(Vec::new());
        }
        Ok(answers.iter().map(|answer| answer.derived.as_str()).collect())
    }

    fn fact(&self, said: &Said) -> Result<FlownFact> {
        let member = said.member.map(|who| self.member(who)).transpose()?.map(|it| it.id);
        let flight = said.flight.as_ref().map(serde_json::to_value).transpose()?;
        let fact = flight.map(serde_json::from_value).transpose()?;
        Ok(FlownFact { key: said.key.clone(), revision: said.revision, member, fact })
    }

    async fn books(&self, asked: &[Asked]) -> Result<Vec<&'static str>> {
        let transfers: Vec<Transfer> =
            asked.iter().map(|one| self.transfer(one)).collect::<Result<_, _>>()?;
        let outcomes = self.loyalty().ledger().post(transfers).await?;
        Ok(outcomes.iter().map(|outcome| outcome.as_str()).collect())
    }

    fn transfer(&self, asked: &Asked) -> Result<Transfer> {
        let id = |of: u128| TransferId::from(Uuid::from_u128(of));
        let miles = |who: usize| self.member(who).map(|known| known.miles);
        let credit = self.redemption;
        let (code, step) = match asked.step {
            Wanted::Buy { who, amount, expires_on } => {
                let (debit, credit, expires_on) = (self.partner, miles(who)?, Some(expires_on));
                ("accrual-partner", Step::Post { debit, credit, amount, expires_on })
            }
            Wanted::Spend { who, amount } => {
                let (debit, expires_on) = (miles(who)?, None);
                ("redeem-shop", Step::Post { debit, credit, amount, expires_on })
            }
            Wanted::Hold { who, amount, due } => {
                let (debit, expires_on) = (miles(who)?, None);
                let due =
                    due.map(|at| Due { at: moment(self.services.zone, at), then: AtDue::Release });
                ("redeem-award", Step::Hold { debit, credit, amount, expires_on, due })
            }
            Wanted::Settle { hold, amount } => {
                ("redeem-award", Step::Settle { hold: id(hold), amount })
            }
            Wanted::Release { hold, amount, grace } => {
                ("redeem-cancel", Step::Release { hold: id(hold), amount, grace })
            }
            Wanted::Redeposit { settled, amount, grace } => {
                let (transfer, shortfall) = (id(settled), Shortfall::Refuse);
                ("redeposit", Step::Reverse { transfer, amount, shortfall, grace })
            }
        };
        Ok(Transfer::new(id(asked.id), code, moment(self.services.zone, asked.at), step))
    }
}

/// A surname of its own for everybody.
fn letters(n: usize) -> String {
    let mut name = String::new();
    let mut left = n + 26 * 26 * 26;
    while left > 0 {
        let at = u8::try_from(left % 26).unwrap_or(0);
        name.push(char::from(if name.is_empty() { b'A' } else { b'a' } + at));
        left /= 26;
    }
    name
}
