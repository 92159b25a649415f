//! From an activation code to a password: the first time, and when it was forgotten.

use access::{Access, Actor, Origin, secrets};
use chrono::{DateTime, Utc};
use kernel::Uuid;
use loyalty::MemberId;
use store::sql;

use super::{Named, NewSession};
use crate::{Error, Portal, Result};

/// Member and hash of the code given last.
type Waiting = (Uuid, Vec<u8>, DateTime<Utc>);

impl Portal {
    /// Sets a password with a code, ends every session there was, and begins one. A code opens once.
    ///
    /// # Errors
    /// [`Error::CodeRefused`] whatever was wrong with number or code; [`Error::Access`] for too many
    /// tries or a weak password.
    pub async fn activate(
        &self,
        (programme, number): (&str, &str),
        code: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<NewSession> {
        let access = &self.parts().access;
        let named = Named::new(programme, number);
        Access::check_new_password(password, &named.number, "")?;
        let tried = access.try_at("portal-code", &named.account(), origin).await?;
        let Some((member, hash)) = self.code_of(&named, code).await? else {
            let mut tx = self.parts().db.begin().await?;
            self.note(&mut tx, &Self::reader(), "portal.code-refused", None).await?;
            tx.commit().await?;
            return Err(Error::CodeRefused);
        };
        // Only now: what is said about a name would tell whose number it is.
        let name = self.plain_name(member).await?;
        Access::check_new_password(password, &named.number, &name)?;
        let password_hash = access.hash_password(password).await?;
        let mut tx = self.parts().db.begin().await?;
        let used = tx
            .exec(
                sql("DELETE FROM portal_invitation WHERE member_id = $1 AND code_hash = $2")
                    .bind(member)
                    .bind(hash),
            )
            .await?;
        if used != 1 {
            return Err(Error::CodeRefused);
        }
        let at = self.now();
        tx.exec(
            sql("INSERT INTO portal_login (member_id, password_hash, set_at, last_sign_in_at)
                 VALUES ($1, $2, $3, $3)
                 ON CONFLICT (member_id) DO UPDATE SET password_hash = excluded.password_hash,
                     set_at = excluded.set_at, last_sign_in_at = excluded.last_sign_in_at")
            .bind(member)
            .bind(password_hash)
            .bind(at),
        )
        .await?;
        tx.exec(sql("DELETE FROM portal_session WHERE member_id = $1").bind(member)).await?;
        access.forget_tried(&mut tx, &tried).await?;
        let session = self.begin_session(&mut tx, member, origin).await?;
        self.note(&mut tx, &Actor::member(member), "portal.activated", Some(member)).await?;
        tx.commit().await?;
        Ok(session)
    }

    /// The member whose living code this is. Unknown numbers cost the same: one row sought, one
    /// hash made and compared.
    async fn code_of(&self, named: &Named, code: &str) -> Result<Option<(Uuid, Vec<u8>)>> {
        let mut tx = self.parts().db.read().await?;
        let row: Option<Waiting> = tx
            .maybe(
                sql("SELECT m.id, i.code_hash, i.expires_at FROM loyalty_member m
                     JOIN portal_invitation i ON i.member_id = m.id
                     WHERE m.programme = $1 AND m.member_no = $2 AND m.forgotten_at IS NULL")
                .bind(&named.programme)
                .bind(&named.number),
            )
            .await?;
        drop(tx);
        let (member, kept, until) =
            row.unwrap_or_else(|| (Uuid::nil(), vec![0; 16], DateTime::<Utc>::MIN_UTC));
        let given = self.code_hash(member, code);
        let fits = secrets::same(&given, &kept);
        Ok((fits && until > self.now()).then_some((member, kept)))
    }

    /// The name in both scripts, for the rule that a password is not one's own name.
    pub(super) async fn plain_name(&self, member: Uuid) -> Result<String> {
        let member = self.parts().loyalty.member(&Self::reader(), MemberId::from(member)).await?;
        let Some(customer) = member.customer else { return Ok(String::new()) };
        let mut tx = self.parts().db.read().await?;
        let names = self.parts().customers.names(&mut tx, &[customer]).await?;
        let Some(name) = names.get(&customer) else { return Ok(String::new()) };
        Ok(kernel::Lang::ALL.map(|lang| name.display(lang)).join(" "))
    }
}
