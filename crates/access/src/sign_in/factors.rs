use store::Tx;

use crate::two_factor::{self, totp};
use crate::users::store::UserRow;
use crate::{Access, Result};

impl Access {
    /// Whether `code` is good now, and uses it up: a code of the app counts once per step, a
    /// recovery code once for ever.
    pub(crate) async fn accept_code(
        &self,
        tx: &mut Tx,
        user: &UserRow,
        code: &str,
    ) -> Result<bool> {
        let Some(sealed) = &user.totp_secret else { return Ok(false) };
        let code = two_factor::fold_code(code);
        if code.len() != totp::DIGITS {
            return two_factor::store::use_recovery_code(tx, user.id(), &code, self.now()).await;
        }
        let secret = self.vault().open(sealed)?;
        let Some(step) = totp::step(secret.reveal(), &code, self.now())? else { return Ok(false) };
        let fresh = two_factor::store::use_step(tx, user.id(), step).await?;
        if let Some(resealed) = self.vault().reseal(sealed)?.filter(|_| fresh) {
            two_factor::store::reseal(tx, user.id(), resealed).await?;
        }
        Ok(fresh)
    }
}
