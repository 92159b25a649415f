//! Nominees: people a member may redeem for.
//!
//! Ten at most. One takes effect thirty days after it was added; the first that an elite member
//! names, at once. Removing takes effect at once. Under fourteen needs the guardian's consent.
//! (The published rules of the programmes; the figures are [`crate::Rules`].)

use access::{Actor, Details};
use chrono::{DateTime, Days, Duration, Months, NaiveDate, Utc};
use kernel::names::PersonName;
use kernel::{Outcome, Personal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Tx, sql};
use uuid::Uuid;

use super::hold;
use crate::limits::Deed;
use crate::{Error, Loyalty, MemberId, Result, events, permissions};

kernel::typed_id!(
    /// A nominee.
    NomineeId, "nominee"
);

/// Somebody to be named.
#[derive(Clone, Debug)]
pub struct NewNominee {
    /// As in the travel document.
    pub name: PersonName,
    /// As in the travel document.
    pub birth_date: Personal<NaiveDate>,
    /// Number of the travel or identity document.
    pub document: Personal<String>,
    /// For those under fourteen: the guardian has consented.
    pub guardian_consent: bool,
}

/// A nominee.
#[derive(Clone, Debug)]
pub struct Nominee {
    /// Identity.
    pub id: NomineeId,
    /// As given.
    pub name: PersonName,
    /// As given.
    pub birth_date: Personal<NaiveDate>,
    /// The document with its middle hidden.
    pub document: String,
    /// When added.
    pub added_at: DateTime<Utc>,
    /// First day on which miles can be redeemed for them.
    pub effective_on: NaiveDate,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed {
    name: PersonName,
    birth_date: NaiveDate,
    document: String,
}

/// Age in years from which no consent of a guardian is needed.
const CONSENT: u32 = 14;
/// Longest document number.
const DOCUMENT: usize = 40;

impl NewNominee {
    fn check(&self, today: NaiveDate) -> Result<Sealed> {
        let wrong = Error::invalid;
        let born = *self.birth_date.reveal();
        let document: String = self
            .document
            .reveal()
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .flat_map(char::to_uppercase)
            .collect();
        if self.name.is_empty() {
            return Err(wrong("name", "loyalty-nominee-name"));
        }
        if document.is_empty() || document.len() > DOCUMENT || document.contains('\0') {
            return Err(wrong("document", "loyalty-nominee-document"));
        }
        if born > today {
            return Err(wrong("birth_date", "loyalty-birth-date"));
        }
        let of_age = born.checked_add_months(Months::new(CONSENT * 12));
        if of_age.is_none_or(|day| day > today) && !self.guardian_consent {
            return Err(wrong("guardian_consent", "loyalty-guardian-consent"));
        }
        Ok(Sealed { name: self.name.clone(), birth_date: born, document })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    sealed: Option<Vec<u8>>,
    added_at: DateTime<Utc>,
    effective_on: NaiveDate,
}

impl Loyalty {
    /// A member's nominees, in the order they were added. Documents are masked.
    ///
    /// # Errors
    /// [`Error::Denied`]; when one cannot be opened.
    pub async fn nominees(&self, actor: &Actor, member: MemberId) -> Result<Vec<Nominee>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let rows: Vec<Row> = tx
            .all(
                sql("SELECT id, sealed, added_at, effective_on FROM loyalty_nominee
                     WHERE member_id = $1 AND removed_at IS NULL ORDER BY added_at, id")
                .bind(member.uuid()),
            )
            .await?;
        let mut nominees = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(sealed) = row.sealed else { continue };
            let Sealed { name, birth_date, document } = self.unseal(&sealed)?;
            nominees.push(Nominee {
                id: row.id.into(),
                name,
                birth_date: birth_date.into(),
                document: masked(&document),
                added_at: row.added_at,
                effective_on: row.effective_on,
            });
        }
        Ok(nominees)
    }

    fn unseal(&self, sealed: &[u8]) -> Result<Sealed> {
        let clear = self.access().vault().open(sealed)?;
        Ok(serde_json::from_str(clear.reveal())?)
    }

    /// Names people, all or none. One who is named already is left as it is.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Invalid`] for one that is not right;
    /// [`Error::Refused`] `loyalty-nominees-full` beyond the most, or by a limit.
    pub async fn add_nominees(
        &self,
        actor: &Actor,
        member: MemberId,
        new: &[NewNominee],
    ) -> Result<Vec<NomineeId>> {
        let mut tx = self.db().begin().await?;
        let added = self.add_nominees_in(&mut tx, actor, member, new).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// [`Loyalty::add_nominees`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn add_nominees_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        member: MemberId,
        new: &[NewNominee],
    ) -> Result<Vec<NomineeId>> {
        actor.may(permissions::EDIT)?;
        hold(tx, member).await?;
        let (now, today) = (self.now(), self.today());
        let (ever, here): (i64, i64) = tx
            .one(
                sql("SELECT CAST(COUNT(*) AS BIGINT),
                        CAST(COUNT(CASE WHEN removed_at IS NULL THEN 1 END) AS BIGINT)
                     FROM loyalty_nominee WHERE member_id = $1")
                .bind(member.uuid()),
            )
            .await?;
        let elite = self.tier_on(tx, member, today).await?.is_some_and(|tier| tier.rank > 0);
        let wait = if ever == 0 && elite { 0 } else { self.rules().nominee_days };
        let effective_on = today.checked_add_days(Days::new(wait)).unwrap_or(today);
        let (mut ids, mut count) = (Vec::with_capacity(new.len()), here);
        for (place, nominee) in (0_i64..).zip(new) {
            let sealed = nominee.check(today)?;
            let vault = self.access().vault();
            let hash = vault.keyed_hash("nominee", &sealed.document);
            // Of those added at once the first sorts first.
            let id = NomineeId::new(now + Duration::microseconds(place));
            let known: Option<Uuid> = tx
                .value_maybe(
                    sql("SELECT id FROM loyalty_nominee
                         WHERE member_id = $1 AND hash = $2 AND removed_at IS NULL")
                    .bind(member.uuid())
                    .bind(hash.clone()),
                )
                .await?;
            if let Some(known) = known {
                ids.push(known.into());
                continue;
            }
            count += 1;
            if count > self.rules().nominees {
                return Err(Error::Refused("loyalty-nominees-full"));
            }
            tx.exec(
                sql("INSERT INTO loyalty_nominee
                        (id, member_id, hash, sealed, guardian_consent, added_at, effective_on)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)")
                .bind(id.uuid())
                .bind(member.uuid())
                .bind(hash)
                .bind(vault.seal(&serde_json::to_string(&sealed)?)?)
                .bind(nominee.guardian_consent)
                .bind(now)
                .bind(effective_on),
            )
            .await?;
            let deed = Deed::nominee(id.to_string());
            self.permit_in(tx, member, &deed).await?.or_refused()?;
            ids.push(id);
        }
        let data = json!({"added": ids, "effective_on": effective_on});
        let details = Details::new().count("added", count - here);
        let what = (events::NOMINEES_CHANGED, "loyalty.nominees-added");
        self.told(tx, actor, member, what, (details, data)).await?;
        Ok(ids)
    }

    /// Removes a nominee, at once; what was known of the person is erased.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn remove_nominee(
        &self,
        actor: &Actor,
        member: MemberId,
        nominee: NomineeId,
    ) -> Result<Outcome<()>> {
        actor.may(permissions::EDIT)?;
        let mut tx = self.db().begin().await?;
        hold(&mut tx, member).await?;
        let is_here: Option<bool> = tx
            .value_maybe(
                sql("SELECT removed_at IS NULL FROM loyalty_nominee
                     WHERE id = $1 AND member_id = $2")
                .bind(nominee.uuid())
                .bind(member.uuid()),
            )
            .await?;
        if !is_here.ok_or(Error::NotFound("nominee"))? {
            return Ok(Outcome::AlreadyDone(()));
        }
        tx.exec(
            sql("UPDATE loyalty_nominee SET removed_at = $2, sealed = NULL, hash = NULL
                 WHERE id = $1")
            .bind(nominee.uuid())
            .bind(self.now()),
        )
        .await?;
        let data = json!({"removed": nominee});
        let what = (events::NOMINEES_CHANGED, "loyalty.nominee-removed");
        let details = Details::new().id("nominee", nominee);
        self.told(&mut tx, actor, member, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    /// Whether miles can be redeemed today for the person with this document.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_nominee(
        &self,
        tx: &mut Tx,
        member: MemberId,
        document: &Personal<String>,
    ) -> Result<bool> {
        let plain: String = document
            .reveal()
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .flat_map(char::to_uppercase)
            .collect();
        let found: Option<i64> = tx
            .value_maybe(
                sql("SELECT CAST(1 AS BIGINT) FROM loyalty_nominee WHERE member_id = $1
                       AND hash = $2 AND removed_at IS NULL AND effective_on <= $3")
                .bind(member.uuid())
                .bind(self.access().vault().keyed_hash("nominee", &plain))
                .bind(self.today()),
            )
            .await?;
        Ok(found.is_some())
    }

    /// First day on which miles can be redeemed for a nominee; `None` when it is none, or removed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn nominee_from(
        &self,
        tx: &mut Tx,
        member: MemberId,
        nominee: NomineeId,
    ) -> Result<Option<NaiveDate>> {
        Ok(tx
            .value_maybe(
                sql("SELECT effective_on FROM loyalty_nominee
                     WHERE id = $1 AND member_id = $2 AND removed_at IS NULL")
                .bind(nominee.uuid())
                .bind(member.uuid()),
            )
            .await?)
    }

    /// Nominees of a member in clear, for the person.
    pub(super) async fn nominees_in_clear(
        &self,
        tx: &mut Tx,
        member: MemberId,
    ) -> Result<Vec<serde_json::Value>> {
        let sealed: Vec<Vec<u8>> = tx
            .values(
                sql("SELECT sealed FROM loyalty_nominee
                     WHERE member_id = $1 AND sealed IS NOT NULL ORDER BY added_at, id")
                .bind(member.uuid()),
            )
            .await?;
        sealed.iter().map(|one| Ok(serde_json::to_value(self.unseal(one)?)?)).collect()
    }
}

/// First letter and last two characters stay.
fn masked(document: &str) -> String {
    let letters: Vec<char> = document.chars().collect();
    let shown = |at: usize| at == 0 || at + 2 >= letters.len();
    letters.iter().enumerate().map(|(at, c)| if shown(at) { *c } else { '*' }).collect()
}
