//! Enrolment: from twelve years; from two under a guardian, as a child until the twelfth birthday.

use access::{Actor, Details};
use chrono::{Months, NaiveDate};
use customers::identity::{Membership, Statement};
use customers::{Customer, CustomerId, Draft, Set};
use kernel::Outcome;
use serde_json::json;
use store::{Tx, sql};
use uuid::Uuid;

use super::{Member, MemberKind, by, load};
use crate::ledger::AccountState;
use crate::{Error, Loyalty, MemberId, Result, events, permissions};

/// Whom to enrol.
#[derive(Clone, Debug)]
pub enum Person {
    /// A customer we know, as read.
    Known(Box<Customer>),
    /// Somebody new.
    New(Box<Draft>),
}

/// An enrolment.
#[derive(Clone, Debug)]
pub struct Enrol {
    /// Code of the programme.
    pub programme: String,
    /// Who.
    pub person: Person,
    /// For a child: the member who answers for it.
    pub guardian: Option<MemberId>,
}

/// Ages in years.
const CHILD: u32 = 2;
const ADULT: u32 = 12;

fn birthday(born: NaiveDate, years: u32) -> NaiveDate {
    // 29 February counts as 1 March outside leap years.
    let day = born.checked_add_months(Months::new(years * 12)).unwrap_or(NaiveDate::MAX);
    if chrono::Datelike::day(&day) == chrono::Datelike::day(&born) {
        day
    } else {
        day.succ_opt().unwrap_or(day)
    }
}

/// What kind of member somebody born then is on a day, and when that ends.
pub(super) fn kind_on(
    born: NaiveDate,
    today: NaiveDate,
) -> Result<(MemberKind, Option<NaiveDate>)> {
    if born > today {
        return Err(Error::invalid("birth_date", "loyalty-birth-date"));
    }
    if birthday(born, ADULT) <= today {
        return Ok((MemberKind::Ordinary, None));
    }
    if birthday(born, CHILD) <= today {
        return Ok((MemberKind::Child, Some(birthday(born, ADULT))));
    }
    Err(Error::invalid("birth_date", "loyalty-too-young"))
}

impl Loyalty {
    /// Enrols somebody: number, accounts, first card.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] naming `birth_date` (unknown, under two), `guardian`
    /// (missing for a child, needless otherwise, no adult, or another programme's) or `programme`;
    /// [`Error::Refused`] `loyalty-already-member`.
    pub async fn enrol(&self, actor: &Actor, enrol: Enrol) -> Result<Member> {
        let mut tx = self.db().begin().await?;
        let member = self.enrol_in(&mut tx, actor, enrol).await?;
        tx.commit().await?;
        Ok(member)
    }

    /// [`Loyalty::enrol`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn enrol_in(&self, tx: &mut Tx, actor: &Actor, enrol: Enrol) -> Result<Member> {
        Ok(self.enrol_as(tx, actor, MemberId::new(self.now()), enrol).await?.into_inner())
    }

    /// [`Loyalty::enrol_in`] under an id of the caller: asked again with it, the member is returned as
    /// it is, and nobody is enrolled twice.
    ///
    /// # Errors
    /// As there.
    pub async fn enrol_as(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: MemberId,
        enrol: Enrol,
    ) -> Result<Outcome<Member>> {
        actor.may(permissions::ENROL)?;
        let Enrol { programme, person, guardian } = enrol;
        // Enrolments of a programme wait for each other here: the second click finds the first.
        let number = self.next_number(tx, &programme).await?;
        if let Some(known) = by(tx, "id", id.uuid()).await?.pop() {
            return Ok(Outcome::AlreadyDone(known));
        }
        let customer = match person {
            Person::Known(customer) => *customer,
            Person::New(draft) => self.customers().create_in(tx, actor, *draft).await?,
        };
        let born = customer.profile.birth_date;
        let born = born.ok_or(Error::invalid("birth_date", "loyalty-birth-date"))?;
        let (kind, adult_on) = kind_on(born, self.today())?;
        self.check_guardian(tx, kind, guardian, &programme).await?;
        let others = by(tx, "customer_id", customer.id.uuid()).await?;
        if others.iter().any(|other| other.programme == programme && other.merged_into.is_none()) {
            return Err(Error::Refused("loyalty-already-member"));
        }
        let (number, record) = self.record(tx, actor, &customer, &programme, number).await?;
        self.insert(tx, id, (&programme, &number), (customer.id, record)).await?;
        tx.exec(
            sql("UPDATE loyalty_member SET kind = $2, guardian_id = $3, adult_on = $4
                 WHERE id = $1")
            .bind(id.uuid())
            .bind(kind.as_str())
            .bind(guardian.map(Uuid::from))
            .bind(adult_on),
        )
        .await?;
        self.ledger().open_member(tx, id, &programme).await?;
        self.put_card(tx, id, super::Medium::Digital).await?;
        self.note_tiers(tx, &[id]).await?;
        self.mark_member_due(tx, id).await?;
        self.earn_soon(tx).await?;
        let data = json!({"programme": programme, "kind": kind});
        let what = (events::ENROLLED, "loyalty.enrolled");
        self.told(tx, actor, id, what, (Details::new().code("kind", kind.as_str()), data)).await?;
        Ok(Outcome::Done(load(tx, id).await?))
    }

    async fn check_guardian(
        &self,
        tx: &mut Tx,
        kind: MemberKind,
        guardian: Option<MemberId>,
        programme: &str,
    ) -> Result<()> {
        let wrong = || Error::invalid("guardian", "loyalty-guardian");
        match (kind, guardian) {
            (MemberKind::Ordinary, None) => Ok(()),
            (MemberKind::Ordinary, Some(_)) | (MemberKind::Child, None) => Err(wrong()),
            (MemberKind::Child, Some(id)) => {
                let guardian = super::hold(tx, id).await.map_err(|_| wrong())?;
                let fits = guardian.kind == MemberKind::Ordinary
                    && guardian.programme == programme
                    && guardian.state == AccountState::Open;
                if fits { Ok(()) } else { Err(wrong()) }
            }
        }
    }

    /// The next free number of a programme. Enrolments wait for each other here.
    async fn next_number(&self, tx: &mut Tx, programme: &str) -> Result<String> {
        let first = self.rules().first_serial;
        tx.exec(
            sql("INSERT INTO loyalty_number (programme, next_serial)
                 SELECT $1, $2 WHERE EXISTS (SELECT 1 FROM ledger_account a
                    WHERE a.programme = $1 AND a.owner_id IS NULL)
                 ON CONFLICT (programme) DO NOTHING")
            .bind(programme)
            .bind(first),
        )
        .await?;
        loop {
            let serial: Option<i64> = tx
                .value_maybe(
                    sql("UPDATE loyalty_number SET next_serial = next_serial + 1
                         WHERE programme = $1 RETURNING next_serial - 1")
                    .bind(programme),
                )
                .await?;
            let serial = serial.ok_or(Error::invalid("programme", "loyalty-programme-code"))?;
            let number = kernel::member_no::with_check(u64::try_from(serial).unwrap_or(0));
            let taken: i64 = tx
                .value(
                    sql("SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM customer
                                 WHERE member_no = $1)
                              + (SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_member
                                 WHERE member_no = $1)")
                    .bind(&number),
                )
                .await?;
            if taken == 0 {
                return Ok(number);
            }
        }
    }

    /// The number the member gets and the record it hangs on. A number that a feed brought and that
    /// nobody here has is kept: it is on the card the person holds.
    async fn record(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        customer: &Customer,
        programme: &str,
        number: String,
    ) -> Result<(String, Uuid)> {
        let known = customer.profile.member_no.clone();
        let is_ours: Option<String> = tx
            .value_maybe(
                sql("SELECT programme FROM loyalty_member WHERE member_no = $1").bind(&known),
            )
            .await?;
        let number = if known.is_empty() {
            let draft = Draft {
                member_no: Set::To(number.clone()),
                // Customers' days are UTC's: today may not be there yet.
                joined_on: Set::To(Some(self.today().min(self.now().date_naive()))),
                ..Draft::default()
            };
            let edit =
                self.customers().edit_in(tx, actor, customer.id, customer.version, draft).await?;
            let _ = edit.into_inner();
            number
        } else if is_ours.is_none() && kernel::member_no::is_valid(&known) {
            known.clone()
        } else {
            number
        };
        let mut memberships =
            vec![Membership { programme: programme.to_owned(), number: number.clone() }];
        if !known.is_empty() && known != number {
            let programme = is_ours.unwrap_or_else(|| programme.to_owned());
            memberships.push(Membership { programme, number: known });
        }
        let statement = Statement {
            source: "loyalty".to_owned(),
            source_key: format!("{programme}-{number}"),
            said_at: self.now(),
            names: vec![customer.profile.name.clone()],
            birth_date: customer.profile.birth_date,
            memberships,
            ..Statement::default()
        };
        let placed = self.customers().place(tx, vec![statement]).await?;
        match placed.first() {
            Some(placed) if placed.customer == customer.id => Ok((number, placed.record.uuid())),
            _ => Err(Error::Refused("loyalty-record-elsewhere")),
        }
    }

    async fn insert(
        &self,
        tx: &mut Tx,
        id: MemberId,
        (programme, number): (&str, &str),
        (customer, record): (CustomerId, Uuid),
    ) -> Result<()> {
        tx.exec(
            sql("INSERT INTO loyalty_member (id, programme, member_no, record_id, customer_id,
                    kind, state, enrolled_at)
                 VALUES ($1, $2, $3, $4, $5, 'ordinary', 'open', $6)")
            .bind(id.uuid())
            .bind(programme)
            .bind(number)
            .bind(record)
            .bind(customer.uuid())
            .bind(self.now()),
        )
        .await?;
        Ok(())
    }

    /// Makes ordinary members of children whose twelfth birthday has come. Set-based, by state
    /// alone: again changes nothing. Returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grow_up(&self) -> Result<u64> {
        let mut tx = self.db().begin().await?;
        let grown: Vec<Uuid> = tx
            .values(
                sql("UPDATE loyalty_member SET kind = 'ordinary', adult_on = NULL
                     WHERE kind = 'child' AND adult_on <= $1 RETURNING id")
                .bind(self.today()),
            )
            .await?;
        events::grown(&mut tx, self.now(), &grown).await?;
        tx.commit().await?;
        Ok(u64::try_from(grown.len()).unwrap_or(u64::MAX))
    }
}
