use kernel::Personal;
use store::Tx;

use super::model::{Enrolment, RecoveryCodes, TwoFactorState};
use super::{fold_code, store as factors, totp};
use crate::audit::{Details, Target};
use crate::sign_in::throttle::Try;
use crate::users::{staff, store as users};
use crate::{Access, Actor, Error, Result, UserId, random};

/// Recovery codes a user gets.
const CODES: usize = 10;

impl Access {
    /// Makes a secret for the user's app. Nothing is asked for at sign-in before
    /// [`Access::confirm_two_factor`]; asking again makes another secret.
    ///
    /// # Errors
    /// [`Error::FactorAlreadyOn`]; [`Error::StaffOnly`].
    pub async fn start_two_factor(&self, actor: &Actor) -> Result<Enrolment> {
        let id = staff(actor)?;
        let secret = totp::new_secret();
        let sealed = self.vault().seal(&secret)?;
        let mut tx = self.db().begin().await?;
        let user = users::by_id(&mut tx, id).await?.ok_or(Error::UserNotFound)?;
        if user.totp_secret.is_some() {
            return Err(Error::FactorAlreadyOn);
        }
        factors::put_pending(&mut tx, id, sealed).await?;
        tx.commit().await?;
        enrolment(secret, &user.email)
    }

    /// The secret that waits for its first code, so that a mistyped code need not be followed by
    /// another scan; `None` when nothing was started.
    ///
    /// # Errors
    /// [`Error::FactorAlreadyOn`]; [`Error::StaffOnly`].
    pub async fn pending_two_factor(&self, actor: &Actor) -> Result<Option<Enrolment>> {
        let id = staff(actor)?;
        let mut tx = self.db().read().await?;
        let user = users::by_id(&mut tx, id).await?.ok_or(Error::UserNotFound)?;
        if user.totp_secret.is_some() {
            return Err(Error::FactorAlreadyOn);
        }
        let Some(sealed) = user.totp_pending else { return Ok(None) };
        let secret = self.vault().open(&sealed)?;
        enrolment(secret.reveal().clone(), &user.email).map(Some)
    }

    /// Turns the second factor on with a first code of the app, and gives the recovery codes.
    ///
    /// # Errors
    /// [`Error::FactorNotStarted`], [`Error::FactorAlreadyOn`], [`Error::CodeWrong`],
    /// [`Error::TooManyTries`].
    pub async fn confirm_two_factor(&self, actor: &Actor, code: &str) -> Result<RecoveryCodes> {
        let id = staff(actor)?;
        let tried = [Try::second_factor(self.vault(), id)];
        self.count_try(&tried).await?;
        let mut tx = self.db().begin().await?;
        let user = users::by_id(&mut tx, id).await?.ok_or(Error::UserNotFound)?;
        if user.totp_secret.is_some() {
            return Err(Error::FactorAlreadyOn);
        }
        let sealed = user.totp_pending.ok_or(Error::FactorNotStarted)?;
        let secret = self.vault().open(&sealed)?;
        let step = totp::step(secret.reveal(), &fold_code(code), self.now())?;
        let step = step.ok_or(Error::CodeWrong)?;
        if !factors::confirm(&mut tx, id, step, self.now()).await? {
            return Err(Error::FactorAlreadyOn);
        }
        let codes = new_codes(&mut tx, id).await?;
        crate::sign_in::throttle::forget(&mut tx, &tried).await?;
        self.note(&mut tx, actor, "access.two-factor-on", id).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Turns the second factor off.
    ///
    /// # Errors
    /// [`Error::FactorNotOn`], [`Error::PasswordWrong`], [`Error::TooManyTries`].
    pub async fn stop_two_factor(&self, actor: &Actor, password: &str) -> Result<()> {
        let user = self.with_password(actor, password).await?;
        if user.totp_secret.is_none() {
            return Err(Error::FactorNotOn);
        }
        let mut tx = self.db().begin().await?;
        factors::clear(&mut tx, user.id()).await?;
        self.note(&mut tx, actor, "access.two-factor-off", user.id()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives new recovery codes; the old ones open nothing any more.
    ///
    /// # Errors
    /// As [`Access::stop_two_factor`].
    pub async fn renew_recovery_codes(
        &self,
        actor: &Actor,
        password: &str,
    ) -> Result<RecoveryCodes> {
        let user = self.with_password(actor, password).await?;
        if user.totp_secret.is_none() {
            return Err(Error::FactorNotOn);
        }
        let mut tx = self.db().begin().await?;
        let codes = new_codes(&mut tx, user.id()).await?;
        self.note(&mut tx, actor, "access.recovery-codes-renewed", user.id()).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Whether the actor has a second factor, and how many recovery codes are left.
    ///
    /// # Errors
    /// [`Error::StaffOnly`].
    pub async fn two_factor_state(&self, actor: &Actor) -> Result<TwoFactorState> {
        let id = staff(actor)?;
        let mut tx = self.db().read().await?;
        let user = users::by_id(&mut tx, id).await?.ok_or(Error::UserNotFound)?;
        let codes_left = factors::codes_left(&mut tx, id).await?;
        Ok(TwoFactorState { on_since: user.totp_since, codes_left })
    }

    async fn note(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: &'static str,
        user: UserId,
    ) -> Result<()> {
        self.record(tx, actor, action, &Target::new("user", user), Details::new()).await?;
        Ok(())
    }
}

async fn new_codes(tx: &mut Tx, user: UserId) -> Result<RecoveryCodes> {
    let codes: Vec<String> = (0..CODES).map(|_| random::grouped::<16>()).collect();
    let folded: Vec<String> = codes.iter().map(|code| fold_code(code)).collect();
    factors::replace_codes(tx, user, &folded).await?;
    Ok(RecoveryCodes(codes.into_iter().map(Personal::new).collect()))
}

fn enrolment(secret: String, email: &str) -> Result<Enrolment> {
    let url = totp::url(&secret, email);
    let qr_svg = Personal::new(totp::qr_svg(&url)?);
    Ok(Enrolment { secret: Personal::new(secret), url: Personal::new(url), qr_svg })
}
