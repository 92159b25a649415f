//! From an address to a session in which files can be asked for.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use russh::client::{self, AuthResult, Handle, KeyboardInteractiveAuthResponse as Reply};
use russh::keys::{Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{ChannelMsg, Preferred};
use russh_sftp::client::RawSftpSession;
use tokio::net::TcpStream;

use super::{Fingerprint, Login, Server};
use crate::timeouts::within;
use crate::{Error, Result, Secret, Step};

/// A silent server is asked whether it is there, and given up after three questions.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Bytes of one packet of the file protocol; servers send up to 256 KiB and a little.
const PACKET: u32 = 300 * 1024;

/// A signed-in session. The connection ends when it is dropped.
pub(super) struct Session {
    pub(super) raw: Arc<RawSftpSession>,
    pub(super) host: String,
    pub(super) limit: Duration,
    _connection: Handle<Guard>,
}

/// What the server offered as its key, and the algorithm of it.
type Offered = Arc<Mutex<Option<(Fingerprint, Algorithm)>>>;

struct Guard {
    pinned: Vec<Fingerprint>,
    offered: Offered,
}

impl client::Handler for Guard {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        key: &PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        let key = key.public_key();
        let print = Fingerprint::of(&key);
        if let Ok(mut offered) = self.offered.lock() {
            *offered = Some((print, key.algorithm()));
        }
        Ok(self.pinned.contains(&print))
    }
}

/// The fingerprint the server offers. Nothing but the key exchange is done.
pub(super) async fn offered(server: &Server) -> Result<Fingerprint> {
    let unpinned = Server { host_keys: Vec::new(), ..server.clone() };
    match shake_hands(&unpinned, Preferred::DEFAULT.key).await {
        Err(Failed::Key(print, _)) => Ok(print),
        Err(Failed::Other(error)) => Err(error),
        Ok(_) => Err(protocol(server, "it showed no host key")),
    }
}

/// Connects, checks the host key, signs in and starts the file protocol.
pub(super) async fn sign_in(server: &Server) -> Result<Session> {
    server.check()?;
    let key = server.key()?;
    let mut connection = trusted(server).await?;
    match (&server.login, key) {
        (Login::Password(password), _) => by_password(server, &mut connection, password).await?,
        (Login::Key { .. }, Some(key)) => by_key(server, &mut connection, key).await?,
        (Login::Key { .. }, None) => return Err(Error::PrivateKey("it is empty")),
    }
    let raw = start(server, &connection).await?;
    Ok(Session {
        raw: Arc::new(raw),
        host: server.host.clone(),
        limit: server.timeouts.step,
        _connection: connection,
    })
}

enum Failed {
    /// The key was not pinned.
    Key(Fingerprint, Algorithm),
    Other(Error),
}

/// A server has a key for each algorithm and shows the one both sides like best. A partner who was
/// told about the RSA key pinned that one, so the others are tried before the server is refused.
async fn trusted(server: &Server) -> Result<Handle<Guard>> {
    let mut allowed = Preferred::DEFAULT.key.into_owned();
    let mut first = None;
    loop {
        match shake_hands(server, Cow::Owned(allowed.clone())).await {
            Ok(connection) => return Ok(connection),
            Err(Failed::Key(print, algorithm)) => {
                first.get_or_insert(print);
                allowed.retain(|one| !same_kind(one, &algorithm));
            }
            Err(Failed::Other(error)) if first.is_none() => return Err(error),
            Err(Failed::Other(_)) => allowed.clear(),
        }
        if let Some(print) = first
            && (allowed.is_empty() || server.host_keys.is_empty())
        {
            return Err(server.stranger(print));
        }
    }
}

fn same_kind(one: &Algorithm, other: &Algorithm) -> bool {
    match (one, other) {
        (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }) => true,
        _ => one == other,
    }
}

async fn shake_hands(
    server: &Server,
    keys: Cow<'static, [Algorithm]>,
) -> Result<Handle<Guard>, Failed> {
    let Server { host, port, timeouts, .. } = server;
    let unreachable = |source| Error::Unreachable { host: host.clone(), port: *port, source };
    let opening = TcpStream::connect((host.as_str(), *port));
    let stream = within(timeouts.connect, host, Step::Connect, opening)
        .await
        .and_then(|opened| opened.map_err(unreachable))
        .map_err(Failed::Other)?;
    // Requests are small and wait for their answers.
    stream.set_nodelay(true).map_err(unreachable).map_err(Failed::Other)?;
    let config = client::Config {
        keepalive_interval: Some(KEEP_ALIVE),
        keepalive_max: 3,
        preferred: Preferred { key: keys, ..Preferred::DEFAULT },
        ..client::Config::default()
    };
    let offered = Offered::default();
    let guard = Guard { pinned: server.host_keys.clone(), offered: offered.clone() };
    let exchange = client::connect_stream(Arc::new(config), stream, guard);
    match within(timeouts.step, host, Step::Secure, exchange).await.map_err(Failed::Other)? {
        Ok(connection) => Ok(connection),
        Err(error) => {
            let shown = offered.lock().ok().and_then(|offered| offered.clone());
            Err(match (error, shown) {
                (russh::Error::UnknownKey, Some((print, algorithm))) => {
                    Failed::Key(print, algorithm)
                }
                (error, _) => Failed::Other(not_secured(server, &error)),
            })
        }
    }
}

fn not_secured(server: &Server, error: &russh::Error) -> Error {
    match error {
        russh::Error::NoCommonAlgo { .. } => {
            protocol(server, "it knows only algorithms that are no longer safe")
        }
        russh::Error::Version => protocol(server, "it is no SSH server"),
        russh::Error::WrongServerSig | russh::Error::Kex | russh::Error::KexInit => {
            protocol(server, "the key exchange failed")
        }
        _ => Error::Lost { host: server.host.clone(), step: Step::Secure },
    }
}

async fn by_password(
    server: &Server,
    connection: &mut Handle<Guard>,
    password: &Secret,
) -> Result<()> {
    let Server { host, user, timeouts, .. } = server;
    let asking = connection.authenticate_password(user, password.reveal());
    let answer = within(timeouts.step, host, Step::SignIn, asking)
        .await?
        .map_err(|_| lost(server, Step::SignIn))?;
    if answer.success() {
        return Ok(());
    }
    if connection.is_closed() {
        return Err(lost(server, Step::SignIn));
    }
    let AuthResult::Failure { remaining_methods, .. } = answer else { return Ok(()) };
    if !remaining_methods.contains(&russh::MethodKind::KeyboardInteractive) {
        return Err(refused(server, "password"));
    }
    let asking = interactively(user, connection, password);
    let answer = within(timeouts.step, host, Step::SignIn, asking).await?;
    match answer {
        Ok(true) => Ok(()),
        Ok(false) => Err(refused(server, "password")),
        Err(_) => Err(lost(server, Step::SignIn)),
    }
}

/// Servers with PAM ask for the password in a dialogue. Anything else they ask has no answer here.
async fn interactively(
    user: &str,
    connection: &mut Handle<Guard>,
    password: &Secret,
) -> Result<bool, russh::Error> {
    let mut reply = connection.authenticate_keyboard_interactive_start(user, None).await?;
    let mut told = false;
    for _ in 0..5 {
        let answers = match reply {
            Reply::Success => return Ok(true),
            Reply::Failure { .. } => return Ok(false),
            Reply::InfoRequest { prompts, .. } => match prompts.as_slice() {
                [] => Vec::new(),
                [one] if !one.echo && !told => {
                    told = true;
                    vec![password.reveal().to_owned()]
                }
                _ => return Ok(false),
            },
        };
        reply = connection.authenticate_keyboard_interactive_respond(answers).await?;
    }
    Ok(false)
}

async fn by_key(
    server: &Server,
    connection: &mut Handle<Guard>,
    key: Arc<PrivateKey>,
) -> Result<()> {
    let Server { host, user, timeouts, .. } = server;
    let work = async {
        let hash = if key.algorithm().is_rsa() {
            // A server that does not say what it takes is asked with what all recent ones take.
            connection.best_supported_rsa_hash().await?.unwrap_or(Some(HashAlg::Sha256))
        } else {
            None
        };
        let key = PrivateKeyWithHashAlg::new(key, hash);
        connection.authenticate_publickey(user, key).await
    };
    match within(timeouts.step, host, Step::SignIn, work).await? {
        Ok(answer) if answer.success() => Ok(()),
        Ok(_) if !connection.is_closed() => Err(refused(server, "key")),
        _ => Err(lost(server, Step::SignIn)),
    }
}

async fn start(server: &Server, connection: &Handle<Guard>) -> Result<RawSftpSession> {
    let Server { host, timeouts, .. } = server;
    let opening = async {
        let mut channel = connection.channel_open_session().await?;
        channel.request_subsystem(true, "sftp").await?;
        loop {
            match channel.wait().await {
                Some(ChannelMsg::Success) => return Ok(Some(channel)),
                Some(ChannelMsg::Failure) => return Ok(None),
                None => return Err(russh::Error::Disconnect),
                Some(_) => {}
            }
        }
    };
    let channel = within(timeouts.step, host, Step::List, opening)
        .await?
        .map_err(|error| match error {
            russh::Error::ChannelOpenFailure(_) => no_files(server),
            _ => lost(server, Step::List),
        })?
        .ok_or_else(|| no_files(server))?;
    let config = russh_sftp::client::Config {
        max_packet_len: PACKET,
        // The limits of this crate come first; this one only cleans up behind them.
        request_timeout_secs: timeouts.step.as_secs().saturating_add(5),
        ..russh_sftp::client::Config::default()
    };
    let raw = RawSftpSession::new_with_config(channel.into_stream(), config);
    within(timeouts.step, host, Step::List, raw.init()).await?.map_err(|_| no_files(server))?;
    Ok(raw)
}

impl Server {
    fn check(&self) -> Result<()> {
        if self.host.is_empty() || self.host.len() > 255 || self.host.contains(char::is_whitespace)
        {
            return Err(Error::Setting("host"));
        }
        if self.port == 0 {
            return Err(Error::Setting("port"));
        }
        if self.user.is_empty() || self.user.len() > 255 {
            return Err(Error::Setting("user"));
        }
        Ok(())
    }

    fn key(&self) -> Result<Option<Arc<PrivateKey>>> {
        use russh::keys::Error as Bad;
        let Login::Key { text, passphrase } = &self.login else { return Ok(None) };
        let phrase = passphrase.as_ref().map(Secret::reveal);
        match russh::keys::decode_secret_key(text.reveal().trim(), phrase) {
            Ok(key) => Ok(Some(Arc::new(key))),
            Err(Bad::KeyIsEncrypted) => Err(Error::PrivateKey("it needs its passphrase")),
            Err(_) if phrase.is_none() && text.reveal().contains("BEGIN ENCRYPTED") => {
                Err(Error::PrivateKey("it needs its passphrase"))
            }
            Err(Bad::UnsupportedKeyType { .. } | Bad::UnknownAlgorithm(_)) => {
                Err(Error::PrivateKey("its algorithm is not supported"))
            }
            Err(_) if phrase.is_some() => {
                Err(Error::PrivateKey("it is broken, or the passphrase is wrong"))
            }
            Err(_) => Err(Error::PrivateKey("it is broken or of an unknown form")),
        }
    }

    fn stranger(&self, offered: Fingerprint) -> Error {
        let (host, offered) = (self.host.clone(), offered.to_string());
        if self.host_keys.is_empty() {
            return Error::HostKeyUnknown { host, offered };
        }
        let expected: Vec<String> = self.host_keys.iter().map(ToString::to_string).collect();
        Error::HostKeyChanged { host, offered, expected: expected.join(", ") }
    }
}

fn lost(server: &Server, step: Step) -> Error {
    Error::Lost { host: server.host.clone(), step }
}

fn refused(server: &Server, method: &'static str) -> Error {
    Error::SignIn { host: server.host.clone(), method }
}

fn no_files(server: &Server) -> Error {
    let reason = "it does not serve files to this user";
    Error::Refused { host: server.host.clone(), step: Step::List, reason }
}

fn protocol(server: &Server, what: &'static str) -> Error {
    Error::Protocol { host: server.host.clone(), step: Step::Secure, what }
}
