//! Activation codes: given by staff, shown once, kept as a keyed hash.

use access::{Actor, secrets};
use chrono::{DateTime, Utc};
use kernel::{Personal, Uuid};
use loyalty::MemberId;
use loyalty::ledger::AccountState;
use loyalty::members::Member;
use store::sql;

use crate::{Error, Portal, Result, permissions};

/// Letters of a code: sixty bits.
const LETTERS: usize = 12;

/// A code that was just made.
#[derive(Debug)]
pub struct Invitation {
    /// To be told to the member. Kept nowhere.
    pub code: Personal<String>,
    /// Opens nothing after this.
    pub expires_at: DateTime<Utc>,
}

/// How a member's access stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// When the password was set last; `None` without access.
    pub set_at: Option<DateTime<Utc>>,
    /// When they signed in last.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Living sessions.
    pub sessions: i64,
    /// Until when a code that was given opens.
    pub code_until: Option<DateTime<Utc>>,
}

/// A login or an invitation in the table.
type Login = (DateTime<Utc>, Option<DateTime<Utc>>);

impl Portal {
    /// Makes an activation code for a member. A code given before opens nothing any more; a password
    /// set before stays until the new code is used.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Loyalty`] when there is no such member; [`Error::Refused`]
    /// `portal-member-merged`, `portal-member-frozen`, `portal-member-closed`.
    pub async fn invite(&self, actor: &Actor, member: MemberId) -> Result<Invitation> {
        actor.may(permissions::INVITE)?;
        let known = self.parts().loyalty.member(actor, member).await?;
        if let Some(why) = hindrance(&known) {
            return Err(Error::Refused(why));
        }
        let code = secrets::grouped::<LETTERS>();
        let expires_at = self.now() + self.parts().limits.code_life;
        let mut tx = self.parts().db.begin().await?;
        tx.exec(
            sql(
                "INSERT INTO portal_invitation (member_id, code_hash, made_at, made_by, expires_at)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (member_id) DO UPDATE SET code_hash = excluded.code_hash,
                     made_at = excluded.made_at, made_by = excluded.made_by,
                     expires_at = excluded.expires_at",
            )
            .bind(member.uuid())
            .bind(self.code_hash(member.uuid(), &code))
            .bind(self.now())
            .bind(actor.id)
            .bind(expires_at),
        )
        .await?;
        self.note(&mut tx, actor, "portal.invited", Some(member.uuid())).await?;
        tx.commit().await?;
        Ok(Invitation { code: Personal::new(code), expires_at })
    }

    /// How a member's access stands.
    ///
    /// # Errors
    /// [`Error::Denied`] without `loyalty.read`.
    pub async fn standing(&self, actor: &Actor, member: MemberId) -> Result<Standing> {
        actor.may(loyalty::permissions::READ)?;
        let (now, id) = (self.now(), member.uuid());
        let mut tx = self.parts().db.read().await?;
        let login: Option<Login> = tx
            .maybe(
                sql("SELECT set_at, last_sign_in_at FROM portal_login WHERE member_id = $1")
                    .bind(id),
            )
            .await?;
        let code_until = tx
            .value_maybe(
                sql("SELECT expires_at FROM portal_invitation
                     WHERE member_id = $1 AND expires_at > $2")
                .bind(id)
                .bind(now),
            )
            .await?;
        let sessions = tx
            .value(
                sql("SELECT COUNT(*) FROM portal_session
                     WHERE member_id = $1 AND expires_at > $2 AND last_seen_at > $3")
                .bind(id)
                .bind(now)
                .bind(now - self.parts().limits.session_idle),
            )
            .await?;
        let (set_at, last) = login.map_or((None, None), |(set, last)| (Some(set), last));
        Ok(Standing { set_at, last_sign_in_at: last, sessions, code_until })
    }

    /// What is kept of a code: bound to its member, in any spelling of it.
    pub(super) fn code_hash(&self, member: Uuid, code: &str) -> Vec<u8> {
        let letters: String =
            code.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>();
        let text = format!("{member}:{}", letters.to_ascii_lowercase());
        self.parts().access.vault().keyed_hash("portal-code", &text)
    }
}

/// Why a member can be given no access.
pub(crate) fn hindrance(member: &Member) -> Option<&'static str> {
    if member.merged_into.is_some() {
        return Some("portal-member-merged");
    }
    match member.state {
        _ if member.forgotten_at.is_some() => Some("portal-member-closed"),
        AccountState::Frozen => Some("portal-member-frozen"),
        AccountState::Closed => Some("portal-member-closed"),
        AccountState::Open | AccountState::DebitsFrozen => None,
    }
}
