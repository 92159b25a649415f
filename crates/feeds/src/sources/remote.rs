//! Sources that are fetched from elsewhere: how they are set, and what is not told again.

use kernel::Personal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Error, Result};

/// A folder on an SFTP server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Sftp {
    /// Name or address.
    pub host: String,
    /// Usually 22.
    pub port: u16,
    /// Who signs in.
    pub user: String,
    /// With a password or a key: which of them [`Secrets::secret`] is.
    pub sign_in: SignIn,
    /// The fingerprint of the server's key, `SHA256:…`, given by those who run it. Nothing is told
    /// to a server with another one.
    pub host_key: String,
    /// The folder there, absolute or from where the user lands.
    pub folder: String,
    /// `*` for any letters, `?` for one: `*.txt`.
    pub pattern: String,
    /// What becomes of a file that was taken.
    pub after: AfterFile,
}

/// With what to sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignIn {
    /// A password.
    #[default]
    Password,
    /// A private key, with a passphrase if it has one.
    Key,
}

/// What becomes of a file that was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AfterFile {
    /// It is moved into `done/` beside it.
    #[default]
    Move,
    /// It is deleted.
    Delete,
}

/// A mailbox on an IMAP server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Mailbox {
    /// Name or address, as in the server's certificate.
    pub host: String,
    /// Usually 993, or 143 with STARTTLS.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// A PEM file, on the machine of the worker, of the only authority whose certificates are
    /// trusted; empty for the public ones.
    pub authority: String,
    /// Who signs in.
    pub user: String,
    /// `INBOX`, or another.
    pub folder: String,
    /// Addresses or domains whose e-mails are taken; empty for all.
    pub senders: Vec<String>,
    /// What becomes of an e-mail that was taken.
    pub after: AfterMail,
    /// The folder it is moved into.
    pub move_to: String,
}

/// How the connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// TLS from the first byte.
    #[default]
    Tls,
    /// TLS after a greeting in clear.
    StartTls,
    /// None: only to this machine itself.
    Plain,
}

/// What becomes of an e-mail that was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AfterMail {
    /// It is marked as read.
    #[default]
    Seen,
    /// It is moved into a folder.
    Move,
    /// It is deleted.
    Delete,
    /// Nothing.
    Leave,
}

/// What a source signs in with: kept sealed, never told again.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct Secrets {
    /// The password, or the text of the private key. Absent or empty keeps what is there.
    #[schema(value_type = Option<String>)]
    pub secret: Option<Personal<String>>,
    /// The passphrase of the private key.
    #[schema(value_type = Option<String>)]
    pub passphrase: Option<Personal<String>>,
}

impl Secrets {
    /// Whether there is anything to keep.
    pub(super) fn is_given(&self) -> bool {
        self.secret.as_ref().is_some_and(|secret| !secret.reveal().is_empty())
    }

    pub(super) fn seal(&self, vault: &access::Vault) -> Result<Vec<u8>> {
        let text = |of: &Option<Personal<String>>| of.as_ref().map(|of| of.reveal().clone());
        let both = serde_json::json!([text(&self.secret), text(&self.passphrase)]).to_string();
        Ok(vault.seal(&both).map_err(access::Error::from)?)
    }

    pub(super) fn open(vault: &access::Vault, sealed: &[u8]) -> Result<Self> {
        let both = vault.open(sealed).map_err(access::Error::from)?;
        let (secret, passphrase): (Option<String>, Option<String>) =
            serde_json::from_str(both.reveal())?;
        Ok(Self { secret: secret.map(Personal::new), passphrase: passphrase.map(Personal::new) })
    }
}

/// Longest text of a setting.
const LONGEST: usize = 1_000;

fn check(what: &'static str, text: &str) -> Result<()> {
    let fits = !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control);
    if fits { Ok(()) } else { Err(Error::SourceSetting(what)) }
}

fn check_host(host: &str, port: u16) -> Result<()> {
    check("host", host)?;
    if host.contains(char::is_whitespace) || host.contains('/') {
        return Err(Error::SourceSetting("host"));
    }
    if port == 0 { Err(Error::SourceSetting("port")) } else { Ok(()) }
}

impl Sftp {
    pub(super) fn check(&self) -> Result<()> {
        check_host(&self.host, self.port)?;
        check("user", &self.user)?;
        check("remote-folder", &self.folder)?;
        if self.pattern.is_empty() || self.pattern.len() > 100 || self.pattern.contains('/') {
            return Err(Error::SourceSetting("pattern"));
        }
        // Without one nothing is fetched, and the page shows what the server offers.
        let key =
            self.host_key.is_empty() || self.host_key.parse::<collect::sftp::Fingerprint>().is_ok();
        if key { Ok(()) } else { Err(Error::SourceSetting("host-key")) }
    }
}

impl Mailbox {
    pub(super) fn check(&self) -> Result<()> {
        check_host(&self.host, self.port)?;
        check("user", &self.user)?;
        check("mail-folder", &self.folder)?;
        if self.after == AfterMail::Move {
            check("move-to", &self.move_to)?;
        }
        let absolute = std::path::Path::new(&self.authority).is_absolute();
        if !self.authority.is_empty() && !absolute {
            return Err(Error::SourceSetting("authority"));
        }
        if self.senders.len() > 200 || self.senders.iter().any(|of| check("senders", of).is_err()) {
            return Err(Error::SourceSetting("senders"));
        }
        Ok(())
    }
}
