//! The member a demo shows on the sign-in page.

use loyalty::MemberId;
use serde::{Deserialize, Serialize};
use store::{settings, sql};

use crate::{Portal, Result};

const SETTING: &str = "demo.member";

/// The demo's member, shown on the portal's sign-in page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Shown {
    /// Code of the programme.
    pub programme: String,
    /// Number.
    pub number: String,
    /// Password: it protects an invented person on this machine.
    pub password: String,
}

/// Gives a member of the synthetic airline a known password, and has the sign-in page show it. Never
/// called but by the demo. Again sets the password again.
///
/// # Errors
/// [`crate::Error::Loyalty`] when there is no such member.
pub async fn demo_member(portal: &Portal, member: MemberId, password: &str) -> Result<Shown> {
    let parts = portal.parts();
    let known = parts.loyalty.member(&Portal::reader(), member).await?;
    let hash = parts.access.hash_password(password).await?;
    let shown = Shown {
        programme: known.programme,
        number: known.member_no,
        password: password.to_owned(),
    };
    let mut tx = parts.db.begin().await?;
    tx.exec(
        sql("INSERT INTO portal_login (member_id, password_hash, set_at) VALUES ($1, $2, $3)
             ON CONFLICT (member_id) DO UPDATE SET password_hash = excluded.password_hash,
                 set_at = excluded.set_at")
        .bind(member.uuid())
        .bind(hash)
        .bind(portal.now()),
    )
    .await?;
    settings::put(&mut tx, SETTING, &shown, portal.now()).await?;
    tx.commit().await?;
    Ok(shown)
}

impl Portal {
    /// The member to show on the sign-in page, where this is a demo.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shown(&self) -> Result<Option<Shown>> {
        let mut tx = self.parts().db.read().await?;
        Ok(settings::get(&mut tx, SETTING).await?)
    }
}
