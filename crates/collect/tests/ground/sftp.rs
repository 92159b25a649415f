//! An SSH server on loopback.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use collect::sftp::{Fingerprint, Login, Server as Address};
use collect::{Secret, Timeouts};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKey, PublicKey};
use russh::server::{Auth, ChannelOpenHandle, Config, Msg, Response, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, MethodKind, MethodSet};
use tokio::net::TcpListener;

use super::Open;
use super::files::{self, Shared};

pub const USER: &str = "airline";
pub const PASSWORD: &str = "open-sesame-7";

pub struct Server {
    pub files: Shared,
    pub port: u16,
    pub prints: Vec<Fingerprint>,
    pub open: Open,
    pub seen: Seen,
}

/// What clients tried to sign in with.
pub type Seen = Arc<Mutex<Vec<String>>>;

/// How the server is.
pub struct Setup {
    pub seed: u64,
    /// Also has a host key of this algorithm.
    pub second_key: bool,
    /// Takes the password only in a dialogue.
    pub dialogue: bool,
    /// Whose key may sign in.
    pub key: Option<PublicKey>,
    /// Serves files at all.
    pub subsystem: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self { seed: 1, second_key: false, dialogue: false, key: None, subsystem: true }
    }
}

pub fn key(seed: u64, algorithm: Algorithm) -> PrivateKey {
    PrivateKey::random(&mut StdRng::seed_from_u64(seed), algorithm).unwrap()
}

pub async fn start(setup: Setup) -> Server {
    let mut keys = vec![key(setup.seed, Algorithm::Ed25519)];
    if setup.second_key {
        keys.push(key(setup.seed, Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 }));
    }
    let print = |key: &PrivateKey| key.fingerprint(HashAlg::Sha256).to_string().parse().unwrap();
    let prints = keys.iter().map(print).collect();
    let mut methods = MethodSet::empty();
    methods.push(if setup.dialogue {
        MethodKind::KeyboardInteractive
    } else {
        MethodKind::Password
    });
    methods.push(MethodKind::PublicKey);
    let config = Arc::new(Config {
        keys,
        methods,
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        ..Config::default()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (files, open, seen) = (Shared::new(), Open::default(), Seen::default());
    let server =
        Server { files: files.clone(), port, prints, open: open.clone(), seen: seen.clone() };
    let setup = Arc::new(setup);
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            let handler = One {
                setup: setup.clone(),
                files: files.clone(),
                seen: seen.clone(),
                channel: None,
            };
            let (config, kill, guard) = (config.clone(), files.kill.clone(), open.one());
            tokio::spawn(async move {
                let _guard = guard;
                let (inner, mut outer) = tokio::io::duplex(64 * 1024);
                let running = tokio::spawn(async move {
                    if let Ok(session) = russh::server::run_stream(config, inner, handler).await {
                        let _ended = session.await;
                    }
                });
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut tcp, &mut outer) => {}
                    () = kill.notified() => {}
                }
                running.abort();
            });
        }
    });
    server
}

impl Server {
    pub fn address(&self) -> Address {
        Address {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            user: USER.to_owned(),
            login: Login::Password(Secret::new(PASSWORD)),
            host_keys: self.prints.clone(),
            timeouts: Timeouts { connect: Duration::from_secs(10), step: Duration::from_secs(10) },
        }
    }
}

struct One {
    setup: Arc<Setup>,
    files: Shared,
    seen: Seen,
    channel: Option<Channel<Msg>>,
}

fn judged(right: bool) -> Auth {
    if right { Auth::Accept } else { Auth::reject() }
}

impl russh::server::Handler for One {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, russh::Error> {
        self.seen.lock().unwrap().push(format!("password of {user}"));
        Ok(judged(!self.setup.dialogue && user == USER && password == PASSWORD))
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        let Some(mut response) = response else {
            return Ok(Auth::Partial {
                name: Cow::Borrowed(""),
                instructions: Cow::Borrowed(""),
                prompts: Cow::Owned(vec![(Cow::Borrowed("Password: "), false)]),
            });
        };
        let right = response.next().is_some_and(|word| &word[..] == PASSWORD.as_bytes());
        Ok(judged(right && user == USER))
    }

    async fn auth_publickey(
        &mut self,
        _: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, russh::Error> {
        let known = self.setup.key.as_ref();
        Ok(judged(known.is_some_and(|known| known.key_data() == key.public_key.key_data())))
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), russh::Error> {
        self.channel = Some(channel);
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        id: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        match self.channel.take() {
            Some(channel) if self.setup.subsystem && name == "sftp" => {
                session.channel_success(id)?;
                let files = files::Server::new(self.files.clone());
                russh_sftp::server::run(channel.into_stream(), files).await;
            }
            _ => session.channel_failure(id)?,
        }
        Ok(())
    }
}
