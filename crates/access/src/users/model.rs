use chrono::{DateTime, Utc};
use kernel::{Lang, Personal};
use serde::{Deserialize, Serialize};

use crate::{Error, Result, Role, UserId};

/// Whether a user can come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserState {
    /// Has not signed in yet.
    Invited,
    /// Signs in.
    Active,
    /// May not sign in.
    Disabled,
}

impl UserState {
    /// All, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Invited, Self::Active, Self::Disabled];

    /// Its stable name; its text is `user-state-<name>`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// A staff user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// E-mail address, in lower case; what one signs in with.
    pub email: Personal<String>,
    /// Name as it is shown.
    pub name: Personal<String>,
    /// Roles, in the order of [`Role::ALL`].
    pub roles: Vec<Role>,
    /// Whether they can come in.
    pub state: UserState,
    /// Whether a second factor is asked for.
    pub two_factor: bool,
    /// Since when there is this user.
    pub created_at: DateTime<Utc>,
    /// When they last signed in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Grows with every edit.
    pub version: i64,
}

/// Somebody to be invited.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// At least one role.
    pub roles: Vec<Role>,
}

/// What is edited of a user.
pub type EditUser = NewUser;

impl NewUser {
    /// Trims, folds and orders; refuses what cannot be.
    pub(super) fn checked(self) -> Result<Self> {
        let email = fold_email(&self.email);
        if !is_email(&email) {
            return Err(Error::EmailInvalid);
        }
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(Error::NameInvalid);
        }
        let mut roles = self.roles;
        roles.sort_unstable();
        roles.dedup();
        if roles.is_empty() {
            return Err(Error::RolesEmpty);
        }
        Ok(Self { email, name, roles })
    }
}

/// The one spelling of an e-mail address by which its user is found.
pub(crate) fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

fn is_email(email: &str) -> bool {
    let fits = |part: &str, most| {
        !part.is_empty()
            && part.len() <= most
            && !part.chars().any(|letter| letter.is_whitespace() || letter.is_control())
    };
    match email.rsplit_once('@') {
        Some((mailbox, host)) => {
            fits(mailbox, 64)
                && fits(host, 190)
                && !mailbox.contains(['@', ',', ';', '<', '>', '"'])
                && !host.contains(['@', ',', ';', '<', '>', '"'])
                && !host.starts_with('.')
                && !host.ends_with('.')
        }
        None => false,
    }
}

/// A password made by us, to be handed over once and changed at the first sign-in.
#[derive(Clone, Debug)]
pub struct OneTimePassword {
    /// Whose.
    pub user: UserId,
    /// What they sign in with.
    pub email: Personal<String>,
    /// The password.
    pub password: Personal<String>,
}

/// Which users; all of them by default.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Part of the name or the e-mail address.
    pub search: String,
    /// Holding this role.
    pub role: Option<Role>,
    /// In this state.
    pub state: Option<UserState>,
    /// Where the page begins.
    pub after: Option<String>,
    /// Where the page ends.
    pub before: Option<String>,
    /// Rows on the page; 0 for the usual number.
    pub limit: u32,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the machine is set.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How close rows stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Density {
    /// The usual height.
    #[default]
    Normal,
    /// With air.
    Comfortable,
    /// As many as fit.
    Compact,
}

macro_rules! words {
    ($type:ty { $($variant:ident = $word:literal),* }) => {
        impl $type {
            /// All, in the order they are offered.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// Reads the name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
words!(Theme { System = "system", Light = "light", Dark = "dark" });
words!(Density { Normal = "normal", Comfortable = "comfortable", Compact = "compact" });

/// How a user likes to see things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Language; `None` follows the browser.
    pub lang: Option<Lang>,
    /// Light or dark.
    pub theme: Theme,
    /// How close rows stand.
    pub density: Density,
    /// Name in the time zone database, such as `Asia/Shanghai`.
    pub time_zone: String,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            lang: None,
            theme: Theme::default(),
            density: Density::default(),
            time_zone: "Asia/Shanghai".to_owned(),
        }
    }
}

impl Preferences {
    pub(super) fn check(&self) -> Result<()> {
        match self.time_zone.parse::<chrono_tz::Tz>() {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::TimeZoneUnknown),
        }
    }

    /// From the column; a preference this program does not know falls back to the usual one.
    pub(crate) fn read(value: serde_json::Value) -> Self {
        serde_json::from_value(value).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_folded_and_checked() {
        assert_eq!(fold_email("  Lin.Xia@Example.COM "), "lin.xia@example.com");
        for email in ["a@b", "lin.xia@example.com", "林@例子.cn"] {
            assert!(is_email(email), "{email}");
        }
        let long = format!("{}@b.cn", "a".repeat(65));
        for email in ["", "a", "@b", "a@", "a@.b", "a@b.", "a b@c", "a@b@c", "a,b@c", &long] {
            assert!(!is_email(email), "{email}");
        }
    }

    #[test]
    fn preferences_this_program_does_not_know_fall_back() {
        let read = |json| Preferences::read(serde_json::from_str(json).unwrap());
        assert_eq!(read("{}"), Preferences::default());
        assert_eq!(read(r#"{"theme":"dark"}"#).theme, Theme::Dark);
        assert_eq!(read(r#"{"theme":"sepia"}"#), Preferences::default());
        let kept =
            Preferences { lang: Some(Lang::En), theme: Theme::Dark, ..Preferences::default() };
        assert_eq!(Preferences::read(serde_json::to_value(&kept).unwrap()), kept);
        let nowhere = Preferences { time_zone: "Mars/Olympus".into(), ..kept };
        assert!(nowhere.check().is_err());
    }
}
