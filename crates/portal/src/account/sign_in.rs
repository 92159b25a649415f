//! Signing in and out, and a new password.

use access::{Access, Actor, Origin};
use kernel::Uuid;
use store::sql;

use super::{Named, NewSession, Session};
use crate::{Error, Portal, Result};

impl Portal {
    /// Programmes a member can be of, by code: the form asks which where there are several.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn programmes(&self) -> Result<Vec<String>> {
        let mut tx = self.parts().db.read().await?;
        Ok(tx
            .values(sql("SELECT programme FROM ledger_account WHERE owner_id IS NULL
                 AND role = 'issuance' AND unit = 'miles' ORDER BY programme"))
            .await?)
    }

    /// Signs a member in.
    ///
    /// # Errors
    /// [`Error::SignInRefused`] whatever was wrong, with the same work whether or not there is such
    /// a member; [`Error::Access`] for too many tries.
    pub async fn sign_in(
        &self,
        (programme, number): (&str, &str),
        password: &str,
        origin: &Origin,
    ) -> Result<NewSession> {
        let access = &self.parts().access;
        let named = Named::new(programme, number);
        let tried = access.try_at("portal", &named.account(), origin).await?;
        let mut tx = self.parts().db.read().await?;
        let login: Option<(Uuid, String)> = tx
            .maybe(
                sql("SELECT m.id, l.password_hash FROM loyalty_member m
                     JOIN portal_login l ON l.member_id = m.id
                     WHERE m.programme = $1 AND m.member_no = $2 AND m.forgotten_at IS NULL")
                .bind(&named.programme)
                .bind(&named.number),
            )
            .await?;
        drop(tx);
        let (member, hash) = login.unzip();
        let fits = access.password_fits(hash.clone(), password).await?;
        let mut tx = self.parts().db.begin().await?;
        let Some(member) = member.filter(|_| fits) else {
            self.note(&mut tx, &Self::reader(), "portal.sign-in-refused", member).await?;
            tx.commit().await?;
            return Err(Error::SignInRefused);
        };
        // The password may have been changed since it was checked.
        let same = tx
            .exec(
                sql("UPDATE portal_login SET last_sign_in_at = $3
                     WHERE member_id = $1 AND password_hash = $2")
                .bind(member)
                .bind(hash.unwrap_or_default())
                .bind(self.now()),
            )
            .await?;
        if same != 1 {
            return Err(Error::SignInRefused);
        }
        access.forget_tried(&mut tx, &tried).await?;
        let session = self.begin_session(&mut tx, member, origin).await?;
        self.note(&mut tx, &Actor::member(member), "portal.signed-in", Some(member)).await?;
        tx.commit().await?;
        Ok(session)
    }

    /// Sets a new password and ends the member's other sessions.
    ///
    /// # Errors
    /// [`Error::Access`]: the present password is another one, was tried too often, or the new one
    /// is weak or the same.
    pub async fn change_password(&self, who: &Session, current: &str, new: &str) -> Result<()> {
        let access = &self.parts().access;
        let member = who.member.id.uuid();
        let origin = Origin::default();
        let tried = access.try_at("portal-confirm", &member.to_string(), &origin).await?;
        let mut tx = self.parts().db.read().await?;
        let hash: Option<String> = tx
            .value_maybe(
                sql("SELECT password_hash FROM portal_login WHERE member_id = $1").bind(member),
            )
            .await?;
        drop(tx);
        if !access.password_fits(hash.clone(), current).await? {
            return Err(access::Error::PasswordWrong.into());
        }
        let name = self.plain_name(member).await?;
        Access::check_new_password(new, &who.member.member_no, &name)?;
        if new == current {
            return Err(access::Error::PasswordSame.into());
        }
        let made = access.hash_password(new).await?;
        let mut tx = self.parts().db.begin().await?;
        let changed = tx
            .exec(
                sql("UPDATE portal_login SET password_hash = $2, set_at = $3
                     WHERE member_id = $1 AND password_hash = $4")
                .bind(member)
                .bind(made)
                .bind(self.now())
                .bind(hash.unwrap_or_default()),
            )
            .await?;
        if changed != 1 {
            return Err(access::Error::PasswordWrong.into());
        }
        tx.exec(
            sql("DELETE FROM portal_session WHERE member_id = $1 AND id <> $2")
                .bind(member)
                .bind(who.id.uuid()),
        )
        .await?;
        // A code that waits could set yet another password.
        tx.exec(sql("DELETE FROM portal_invitation WHERE member_id = $1").bind(member)).await?;
        access.forget_tried(&mut tx, &tried).await?;
        let actor = Actor::member(member);
        self.note(&mut tx, &actor, "portal.password-changed", Some(member)).await?;
        tx.commit().await?;
        Ok(())
    }
}
