use kernel::{Explain, Kind};

use crate::passwords::Weakness;
use crate::{Denied, VaultError};

/// The result of every call into this domain.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! errors {
    ($( $(#[$doc:meta])* $variant:ident $({ $($field:ident : $type:ty),* })?
        = $kind:ident, $code:literal, $text:literal; )*) => {
        /// What can go wrong here, told apart by what somebody can do about it.
        #[derive(Debug, thiserror::Error)]
        pub enum Error {
            $( $(#[$doc])* #[error($text)] $variant $({
                $(#[doc = "For the message."] $field: $type),*
            })?, )*
            /// The actor may not do it.
            #[error(transparent)]
            Denied(#[from] Denied),
            /// A new password is not taken.
            #[error("the password is too easily guessed or has the wrong length")]
            PasswordWeak(Weakness),
            /// The keys or something sealed with them cannot be used.
            #[error(transparent)]
            Vault(#[from] VaultError),
            /// The place in a list is not one of ours.
            #[error(transparent)]
            Cursor(#[from] kernel::page::BadCursor),
            /// The database refused or failed.
            #[error(transparent)]
            Store(#[from] store::Error),
        }

        impl Explain for Error {
            fn kind(&self) -> Kind {
                match self {
                    $( Self::$variant $({ $($field: _),* })? => Kind::$kind, )*
                    Self::Denied(inner) => inner.kind(),
                    Self::PasswordWeak(_) => Kind::Invalid,
                    Self::Vault(inner) => inner.kind(),
                    Self::Cursor(inner) => inner.kind(),
                    Self::Store(inner) => inner.kind(),
                }
            }

            fn code(&self) -> &'static str {
                match self {
                    $( Self::$variant $({ $($field: _),* })? => $code, )*
                    Self::Denied(inner) => inner.code(),
                    Self::PasswordWeak(Weakness::Short) => "password-short",
                    Self::PasswordWeak(Weakness::Long) => "password-long",
                    Self::PasswordWeak(Weakness::Simple) => "password-simple",
                    Self::PasswordWeak(Weakness::Own) => "password-own",
                    Self::Vault(inner) => inner.code(),
                    Self::Cursor(inner) => inner.code(),
                    Self::Store(inner) => inner.code(),
                }
            }

            fn args(&self) -> Vec<(&'static str, String)> {
                match self {
                    $( Self::$variant $({ $($field),* })? => {
                        vec![ $( $((stringify!($field), $field.to_string())),* )? ]
                    } )*
                    Self::Denied(inner) => inner.args(),
                    Self::PasswordWeak(weakness) => weakness
                        .limit()
                        .map(|limit| ("limit", limit.to_string()))
                        .into_iter()
                        .collect(),
                    Self::Vault(inner) => inner.args(),
                    Self::Cursor(inner) => inner.args(),
                    Self::Store(inner) => inner.args(),
                }
            }
        }

        /// Codes of the errors of this domain, for the test that every one has its texts.
        #[cfg(test)]
        const CODES: &[&str] = &[$($code),*];
    };
}

errors! {
    /// Address or password is wrong, or the account is closed; not said which.
    SignInRefused = Unauthenticated, "sign-in-refused",
        "the e-mail address and password do not open an account";
    /// Tried too often.
    TooManyTries { minutes: i64 } = RateLimited, "sign-in-limited", "too many tries";
    /// The second factor did not fit.
    FactorRefused = Unauthenticated, "second-factor-refused", "the code does not fit";
    /// The time for the second factor is over.
    TicketEnded = Unauthenticated, "second-factor-late", "the sign-in took too long";
    /// The API key opens nothing.
    KeyRefused = Unauthenticated, "api-key-refused", "the API key is not valid";
    /// Only a person in a browser can do this.
    StaffOnly = Forbidden, "staff-only", "this needs a person who is signed in";
    /// Only the command line can do this.
    SystemOnly = Forbidden, "system-only", "this can only be done on the server itself";
    /// The present password is another one.
    PasswordWrong = Invalid, "password-wrong", "the present password is another one";
    /// The new password is the old one.
    PasswordSame = Invalid, "password-same", "the new password is the old one";
    /// There is no such user.
    UserNotFound = NotFound, "user-not-found", "there is no such user";
    /// Somebody else changed the user meanwhile.
    UserChanged = Conflict, "user-changed", "the user was changed meanwhile";
    /// Another user has the e-mail address.
    EmailTaken = Conflict, "user-email-taken", "another user has this e-mail address";
    /// Not an e-mail address.
    EmailInvalid = Invalid, "user-email-invalid", "this is not an e-mail address";
    /// Not a name.
    NameInvalid = Invalid, "user-name-invalid", "a name has 1 to 100 characters";
    /// A user has at least one role.
    RolesEmpty = Invalid, "user-roles-empty", "a user has at least one role";
    /// Not with one's own account.
    OwnAccount = Conflict, "own-account", "nobody disables their own account";
    /// Somebody must be able to manage users.
    LastAdministrator = Conflict, "last-administrator", "one administrator must remain";
    /// No such time zone.
    TimeZoneUnknown = Invalid, "time-zone-unknown", "there is no such time zone";
    /// The second factor is on already.
    FactorAlreadyOn = Conflict, "two-factor-on", "two-factor sign-in is on already";
    /// The second factor is not on.
    FactorNotOn = Conflict, "two-factor-off", "two-factor sign-in is not on";
    /// No secret has been made yet.
    FactorNotStarted = Conflict, "two-factor-not-started", "there is no QR code to confirm";
    /// The first code does not fit.
    CodeWrong = Invalid, "two-factor-code-wrong", "the code does not fit";
    /// The secret kept for the second factor cannot be used.
    FactorBroken = Internal, "two-factor-broken", "the secret of the second factor is damaged";
    /// There is no such key.
    KeyNotFound = NotFound, "api-key-not-found", "there is no such API key";
    /// Not a name for a key.
    KeyNameInvalid = Invalid, "api-key-name-invalid", "a key's name has 1 to 80 characters";
    /// A key has at least one scope.
    KeyScopesEmpty = Invalid, "api-key-scopes-empty", "a key has at least one scope";
    /// No permission is meant by a scope.
    KeyScopeUnknown = Invalid, "api-key-scope-unknown", "there is no such scope";
    /// The owner holds nothing of a scope.
    KeyScopeNotHeld = Invalid, "api-key-scope-not-held", "the owner does not hold the scope";
    /// The end lies in the past or too far away.
    KeyExpiry { days: i64 } = Invalid, "api-key-expiry", "the key's end is not in its limits";
    /// The user has enough keys.
    KeysTooMany { most: i64 } = Conflict, "api-keys-too-many", "the user has too many keys";
    /// A password could not be hashed.
    Hashing = Internal, "password-hashing", "a password could not be hashed";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(text: &str) -> BTreeSet<&str> {
        text.lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
            .collect()
    }

    /// Codes of the errors that are made elsewhere in this crate.
    const MORE: &[&str] = &[
        "access-denied",
        "access-denied-key",
        "password-change-needed",
        "password-short",
        "password-long",
        "password-simple",
        "password-own",
        "vault-key-file",
        "vault-key-exposed",
        "vault-key-damaged",
        "vault-key-foreign",
        "vault-key-unknown",
        "vault-value-broken",
        "vault-value-too-long",
    ];

    #[test]
    fn every_error_has_its_sentence_and_its_remedy_in_both_languages() {
        for (lang, text) in crate::TEXTS {
            let keys = keys(text);
            for code in CODES.iter().chain(MORE) {
                for key in [format!("error-{code}"), format!("error-{code}-hint")] {
                    assert!(keys.contains(key.as_str()), "{key} in {lang}");
                }
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_texts() {
        let [(_, chinese), (_, english)] = crate::TEXTS;
        assert_eq!(keys(chinese), keys(english));
    }

    #[test]
    fn everything_with_a_name_has_its_text() {
        let keys = keys(crate::TEXTS[1].1);
        let has = |key: String| assert!(keys.contains(key.as_str()), "{key}");
        crate::Role::ALL.iter().for_each(|role| has(role.text_key()));
        crate::Purpose::ALL.iter().for_each(|purpose| has(purpose.text_key()));
        crate::permissions::TABLE.iter().for_each(|(permission, _)| has(permission.text_key()));
        for state in crate::UserState::ALL {
            has(format!("user-state-{}", state.as_str()));
        }
        crate::Theme::ALL.iter().for_each(|theme| has(format!("theme-{}", theme.as_str())));
        crate::Density::ALL.iter().for_each(|density| has(format!("density-{}", density.as_str())));
    }

    #[test]
    fn limits_are_told_to_the_messages() {
        assert_eq!(Error::TooManyTries { minutes: 2 }.args(), [("minutes", "2".to_owned())]);
        assert_eq!(Error::PasswordWeak(Weakness::Short).args(), [("limit", "12".to_owned())]);
        assert_eq!(Error::SignInRefused.args(), []);
    }
}
