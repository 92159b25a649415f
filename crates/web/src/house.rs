//! What every page stands on: the services, the words, the navigation and the configuration.

use std::ops::Deref;
use std::sync::Arc;

use access::{Access, Permission};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::BoxFuture;
use hmac::{Hmac, KeyInit, Mac};
use kernel::Clock;
use sha2::Sha256;
use store::Db;
use subtle::ConstantTimeEq;

use crate::Ctx;
use crate::error::PageError;
use crate::texts::Texts;

/// An entry of the rail. Its words are the texts `nav-<key>` and `nav-section-<section>`.
#[derive(Clone, Copy, Debug)]
pub struct NavEntry {
    /// Heading it stands under; empty for the first block, which has none.
    pub section: &'static str,
    /// Name; also the letter keys of the command menu hang on its text.
    pub key: &'static str,
    /// Where it leads. A page is current when its path begins with it.
    pub href: &'static str,
    /// Lucide icon, named in assets/icons.txt.
    pub icon: &'static str,
    /// Who sees it: holders of any of these; empty = everybody who is signed in.
    pub any_of: &'static [Permission],
    /// `g` and then this letter goes there.
    pub letter: char,
    /// One of the four in the bottom bar of a phone.
    pub phone: bool,
}

/// An action in the command menu: "Import a file", "Start a value run".
#[derive(Clone, Copy, Debug)]
pub struct CommandEntry {
    /// Text key.
    pub text: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Lucide icon.
    pub icon: &'static str,
    /// Who sees it.
    pub permission: Option<Permission>,
}

/// Something the global search found.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Hit {
    /// Heading (already in the reader's language).
    pub section: String,
    /// First line.
    pub text: String,
    /// The page it opens.
    pub href: String,
    /// Lucide icon.
    pub icon: String,
    /// Second line or right-hand note.
    pub hint: String,
}

/// Answers the global search. Domains register one each; `limit` is how many hits are shown.
pub type SearchProvider = Arc<
    dyn for<'a> Fn(&'a Ctx, &'a str, usize) -> BoxFuture<'a, Result<Vec<Hit>, PageError>>
        + Send
        + Sync,
>;

/// Settings of the web floor.
#[derive(Clone)]
pub struct Config {
    /// Signs cookies and form tokens; at least 32 bytes, kept in the data folder.
    pub secret: Vec<u8>,
    /// Time zone of the house: days begin here, local times are told here.
    pub time_zone: chrono_tz::Tz,
    /// Cookies only over HTTPS.
    pub secure: bool,
    /// Accounts to show on the sign-in page (demo only): (e-mail, role text key).
    pub demo_accounts: Vec<(String, String)>,
    /// Password of the demo accounts, shown beside them.
    pub demo_password: Option<String>,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("secure", &self.secure).finish_non_exhaustive()
    }
}

/// Everything [`Web`] is made of.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Staff, sessions, audit.
    pub access: Access,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The words of all crates.
    pub texts: Texts,
    /// The rail, in order.
    pub nav: Vec<NavEntry>,
    /// Actions of the command menu.
    pub commands: Vec<CommandEntry>,
    /// Answers of the global search, in order of importance.
    pub search: Vec<SearchProvider>,
    /// Settings.
    pub config: Config,
}

/// Handle to [`Parts`]; cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Parts>);

impl Web {
    /// Puts the floor together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// A signature over `text`, different for each `purpose`.
    #[must_use]
    pub(crate) fn sign(&self, purpose: &str, text: &str) -> String {
        let mut mac = match Hmac::<Sha256>::new_from_slice(&self.config.secret) {
            Ok(mac) => mac,
            // HMAC takes keys of any length; this arm keeps the type checker content.
            Err(_) => return String::new(),
        };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// Whether `signature` is ours, in constant time.
    #[must_use]
    pub(crate) fn signed(&self, purpose: &str, text: &str, signature: &str) -> bool {
        let ours = self.sign(purpose, text);
        !ours.is_empty() && bool::from(ours.as_bytes().ct_eq(signature.as_bytes()))
    }
}

impl Deref for Web {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Web").finish_non_exhaustive()
    }
}
