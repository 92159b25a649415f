//! An IMAP server on loopback with one mailbox, which can be made to misbehave.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use collect::imap::{Login, Mailbox, Security, Trust};
use collect::{Secret, Timeouts};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::Open;

pub const USER: &str = "ops@airline.example";
pub const PASSWORD: &str = "open \"sesame\" \\7";
pub const TOKEN: &str = "ya29.token-of-ops";

#[derive(Clone, Default)]
pub struct Message {
    pub raw: Vec<u8>,
    pub flags: BTreeSet<String>,
}

/// The mailbox and what was done to it.
pub struct Store {
    pub uid_validity: u32,
    pub uid_next: u32,
    pub mails: BTreeMap<u32, Message>,
    pub folders: BTreeMap<String, Vec<Vec<u8>>>,
    /// Commands as they came, without passwords' answers.
    pub commands: Vec<String>,
    pub able: Vec<&'static str>,
    pub mischief: Mischief,
}

/// What happens besides.
#[derive(Clone, Copy, Default)]
pub struct Mischief {
    /// The connection breaks in the middle of this e-mail.
    pub cut: Option<u32>,
    /// This e-mail is announced with so many bytes where its text is sent.
    pub announces: Option<(u32, &'static str)>,
    /// RFC822.SIZE of all e-mails.
    pub size: Option<u32>,
    /// STORE, MOVE and the like are refused.
    pub fixed: bool,
    /// Answers brackets in brackets to a search.
    pub nested: bool,
    /// A line without end instead of a greeting.
    pub endless: bool,
    /// Sends an answer in clear behind its consent to TLS.
    pub injects: bool,
    /// Says nothing after the greeting.
    pub silent: bool,
}

#[derive(Clone)]
pub struct Server {
    pub store: Arc<Mutex<Store>>,
    pub port: u16,
    pub open: Open,
    pub certificate: PathBuf,
    security: Security,
    _folder: Arc<tempfile::TempDir>,
}

pub async fn start(security: Security) -> Server {
    start_named(security, "127.0.0.1").await
}

/// With a certificate for `name`.
pub async fn start_named(security: Security, name: &str) -> Server {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("authority.pem");
    std::fs::write(&certificate, cert.pem()).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let tls = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server {
        store: Arc::new(Mutex::new(Store {
            uid_validity: 7,
            uid_next: 1,
            mails: BTreeMap::new(),
            folders: BTreeMap::from([("Done".to_owned(), Vec::new())]),
            commands: Vec::new(),
            able: vec!["AUTH=PLAIN", "AUTH=XOAUTH2", "UIDPLUS", "MOVE"],
            mischief: Mischief::default(),
        })),
        port: listener.local_addr().unwrap().port(),
        open: Open::default(),
        certificate,
        security,
        _folder: Arc::new(folder),
    };
    let shared = server.clone();
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            tcp.set_nodelay(true).unwrap();
            let (server, tls, guard) = (shared.clone(), tls.clone(), shared.open.one());
            tokio::spawn(async move {
                let _guard = guard;
                match server.security {
                    Security::Tls => {
                        if let Ok(stream) = tls.accept(tcp).await {
                            let _ended = talk(BufReader::new(stream), &server, true).await;
                        }
                    }
                    Security::Plain => {
                        let _ended = talk(BufReader::new(tcp), &server, true).await;
                    }
                    Security::StartTls => {
                        let mut clear = BufReader::new(tcp);
                        if let Ok(true) = talk(&mut clear, &server, true).await
                            && let Ok(stream) = tls.accept(clear.into_inner()).await
                        {
                            let _ended = talk(BufReader::new(stream), &server, false).await;
                        }
                    }
                }
            });
        }
    });
    server
}

impl Server {
    pub fn lock(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap()
    }

    pub fn put(&self, raw: impl AsRef<[u8]>) -> u32 {
        let mut store = self.lock();
        let uid = store.uid_next;
        store.uid_next += 1;
        let raw = raw.as_ref().to_vec();
        store.mails.insert(uid, Message { raw, ..Message::default() });
        uid
    }

    pub fn flags(&self, uid: u32) -> Vec<String> {
        self.lock().mails[&uid].flags.iter().cloned().collect()
    }

    pub fn did(&self, word: &str) -> bool {
        self.lock().commands.iter().any(|command| command.contains(word))
    }

    pub fn mailbox(&self) -> Mailbox {
        Mailbox {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security: self.security,
            trust: Trust::File(self.certificate.clone()),
            user: USER.to_owned(),
            login: Login::Password(Secret::new(PASSWORD)),
            folder: "INBOX".to_owned(),
            timeouts: Timeouts { connect: Duration::from_secs(10), step: Duration::from_secs(10) },
        }
    }
}

type Ended = std::io::Result<bool>;

/// Answers commands. True when the client may begin with TLS.
async fn talk<S>(mut stream: S, server: &Server, greet: bool) -> Ended
where
    S: tokio::io::AsyncBufRead + AsyncWrite + Unpin,
{
    let mischief = server.lock().mischief;
    if mischief.endless {
        loop {
            stream.write_all(&[b'*'; 65_536]).await?;
        }
    }
    if greet {
        stream.write_all(b"* OK ready {99}\r\n").await?;
    }
    let mut clear = greet && server.security == Security::StartTls;
    let mut signed_in = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(false);
        }
        if mischief.silent {
            std::future::pending::<()>().await;
        }
        let line = line.trim_end().to_owned();
        server.lock().commands.push(line.clone());
        let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
        let verb = command.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "STARTTLS" if clear && server.lock().able.contains(&"STARTTLS") => {
                let more = if mischief.injects { "* OK injected\r\n" } else { "" };
                stream.write_all(format!("{tag} OK go\r\n{more}").as_bytes()).await?;
                stream.flush().await?;
                return Ok(true);
            }
            "AUTHENTICATE" if !clear => {
                signed_in = authenticate(&mut stream, tag, command).await?;
            }
            "LOGOUT" => {
                let bye = format!("* BYE bye\r\n{tag} OK bye\r\n");
                stream.write_all(bye.as_bytes()).await?;
                return Ok(false);
            }
            _ => {
                let answer = answer(server, tag, command, &mut signed_in, clear);
                for part in answer {
                    match part {
                        Part::Bytes(bytes) => stream.write_all(&bytes).await?,
                        Part::Hang => {
                            stream.flush().await?;
                            return Ok(false);
                        }
                    }
                }
            }
        }
        clear &= !signed_in;
        stream.flush().await?;
    }
}

async fn authenticate<S>(stream: &mut S, tag: &str, command: &str) -> Ended
where
    S: tokio::io::AsyncBufRead + AsyncRead + AsyncWrite + Unpin,
{
    use base64::Engine as _;
    stream.write_all(b"+ \r\n").await?;
    stream.flush().await?;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let said = base64::engine::general_purpose::STANDARD.decode(line.trim()).unwrap();
    let said = String::from_utf8(said).unwrap();
    let right = match command {
        "AUTHENTICATE PLAIN" => said == format!("\0{USER}\0{PASSWORD}"),
        _ => said == format!("user={USER}\x01auth=Bearer {TOKEN}\x01\x01"),
    };
    if right {
        stream.write_all(format!("{tag} OK in\r\n").as_bytes()).await?;
        return Ok(true);
    }
    if command.ends_with("XOAUTH2") {
        stream.write_all(b"+ eyJzdGF0dXMiOiI0MDEifQ==\r\n").await?;
        stream.flush().await?;
        line.clear();
        stream.read_line(&mut line).await?;
    }
    stream.write_all(format!("{tag} NO [AUTHENTICATIONFAILED] no\r\n").as_bytes()).await?;
    Ok(false)
}

enum Part {
    Bytes(Vec<u8>),
    Hang,
}

fn text(text: impl Into<String>) -> Part {
    Part::Bytes(text.into().into_bytes())
}

fn answer(
    server: &Server,
    tag: &str,
    command: &str,
    signed_in: &mut bool,
    clear: bool,
) -> Vec<Part> {
    let mut store = server.lock();
    let ok = || text(format!("{tag} OK done\r\n"));
    let words: Vec<&str> = command.split(' ').collect();
    match words.as_slice() {
        ["CAPABILITY"] => {
            let able = if clear { "LOGINDISABLED".to_owned() } else { store.able.join(" ") };
            vec![text(format!("* CAPABILITY IMAP4rev1 {able}\r\n")), ok()]
        }
        ["LOGIN", ..] => {
            let word = PASSWORD.replace('\\', "\\\\").replace('"', "\\\"");
            *signed_in = command == format!("LOGIN \"{USER}\" \"{word}\"");
            vec![if *signed_in { ok() } else { text(format!("{tag} NO who?\r\n")) }]
        }
        ["SELECT" | "EXAMINE", folder] if *signed_in && *folder == "\"INBOX\"" => vec![
            text(format!("* {} EXISTS\r\n* 0 RECENT\r\n", store.mails.len())),
            text(format!("* OK [UIDVALIDITY {}] valid\r\n", store.uid_validity)),
            text(format!("* OK [UIDNEXT {}] next\r\n* UNKNOWN thing\r\n", store.uid_next)),
            ok(),
        ],
        ["UID", "SEARCH", "UID", range, "UNDELETED"] if *signed_in => {
            if store.mischief.nested {
                let open = "(".repeat(200_000);
                return vec![text(format!("* 1 FETCH (BODYSTRUCTURE {open}\r\n")), ok()];
            }
            let uids = matching(&store, range);
            let found: Vec<String> = uids
                .iter()
                .filter(|uid| !store.mails[uid].flags.contains("\\Deleted"))
                .map(ToString::to_string)
                .collect();
            vec![text(format!("* SEARCH {}\r\n", found.join(" "))), ok()]
        }
        ["UID", "FETCH", set, "(UID", "RFC822.SIZE)"] if *signed_in => {
            let mut parts: Vec<Part> = matching(&store, set)
                .into_iter()
                .map(|uid| {
                    let size = store.mails[&uid].raw.len() as u32;
                    let size = store.mischief.size.unwrap_or(size);
                    text(format!("* 1 FETCH (RFC822.SIZE {size} UID {uid})\r\n"))
                })
                .collect();
            parts.push(ok());
            parts
        }
        ["UID", "FETCH", uid, "(UID", "BODY.PEEK[])"] if *signed_in => {
            let mut parts = fetch(&store, uid);
            parts.push(ok());
            parts
        }
        ["UID", ..] if *signed_in && store.mischief.fixed => {
            vec![text(format!("{tag} NO [NOPERM] no\r\n"))]
        }
        ["UID", verb, set, rest @ ..] if *signed_in => {
            let uids = matching(&store, set);
            change(&mut store, verb, &uids, rest);
            vec![text("* 1 EXPUNGE\r\n"), ok()]
        }
        _ => vec![text(format!("{tag} BAD what?\r\n"))],
    }
}

fn change(store: &mut Store, verb: &str, uids: &[u32], rest: &[&str]) {
    for uid in uids {
        match verb {
            "STORE" => {
                let flag = rest[1].trim_matches(['(', ')']).to_owned();
                store.mails.get_mut(uid).unwrap().flags.insert(flag);
            }
            "COPY" | "MOVE" => {
                let raw = store.mails[uid].raw.clone();
                store.folders.get_mut(rest[0].trim_matches('"')).unwrap().push(raw);
                if verb == "MOVE" {
                    store.mails.remove(uid);
                }
            }
            "EXPUNGE" if store.mails[uid].flags.contains("\\Deleted") => {
                store.mails.remove(uid);
            }
            _ => {}
        }
    }
}

fn fetch(store: &Store, uid: &str) -> Vec<Part> {
    let Some((uid, mail)) = uid.parse().ok().and_then(|uid| store.mails.get_key_value(&uid)) else {
        return Vec::new();
    };
    let announced = match store.mischief.announces {
        Some((which, size)) if which == *uid => size.to_owned(),
        _ => mail.raw.len().to_string(),
    };
    let head = text(format!(
        "* 1 EXISTS\r\n* 2 FETCH (FLAGS ())\r\n* 1 FETCH (UID {uid} BODY[] {{{announced}}}\r\n"
    ));
    if store.mischief.cut == Some(*uid) {
        let half = mail.raw[..mail.raw.len() / 2].to_vec();
        return vec![head, Part::Bytes(half), Part::Hang];
    }
    vec![head, Part::Bytes(mail.raw.clone()), text(")\r\n")]
}

/// UIDs of a set: `1,4` or `3:*`, where `*` is the last one even if that is before 3.
fn matching(store: &Store, set: &str) -> Vec<u32> {
    let last = store.mails.keys().last().copied().unwrap_or(0);
    let mut uids: Vec<u32> = Vec::new();
    for part in set.split(',') {
        let number = |text: &str| if text == "*" { last } else { text.parse().unwrap() };
        let (from, to) = part.split_once(':').unwrap_or((part, part));
        let (from, to) = (number(from), number(to));
        uids.extend(store.mails.range(from.min(to)..=from.max(to)).map(|(uid, _)| *uid));
    }
    uids
}
