//! `/feeds/sources/…`: how a source hands things in, making one, setting it, trying it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult, Toast};

use super::Rooms;
use super::words::{problem, source_name};
use crate::sources::{
    AfterFile, AfterMail, Folder, Kind, Mailbox, Secrets, Security, Setting, Sftp, SignIn, Source,
    Tried,
};
use crate::{Error, permissions};

#[derive(Template)]
#[template(path = "feeds/source_kinds.html")]
struct Kinds<'a> {
    ctx: &'a Ctx,
    kinds: Vec<Choice>,
}

struct Choice {
    href: String,
    icon: &'static str,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "feeds/source.html")]
struct Edit<'a> {
    ctx: &'a Ctx,
    is_new: bool,
    title: String,
    form: Form,
    kind: Kind,
    errors: &'a Errors,
    /// A password or key is kept.
    signs_in: bool,
    hint: Option<String>,
    /// A fresh key, shown once.
    key: Option<String>,
    tried: Option<Told>,
}

impl Edit<'_> {
    /// Choices of a field, each with its word.
    fn choices(&self, of: &str, names: &[&str]) -> Vec<(String, String)> {
        let word = |name: &str| self.ctx.t(&format!("{of}-{name}"));
        names.iter().map(|name| ((*name).to_owned(), word(name))).collect()
    }

    /// What is kept is not shown, and stays when nothing is given.
    fn secret_help(&self, help: &str) -> String {
        self.ctx.t(if self.signs_in { "feeds-source-secret-kept" } else { help })
    }
}

/// What trying a source came to, in words.
struct Told {
    state: &'static str,
    icon: &'static str,
    text: String,
    hint: String,
    /// A host key to be compared and pinned.
    offered: Option<String>,
}

#[derive(Default)]
struct Form {
    name: String,
    active: bool,
    expected: String,
    path: String,
    pattern: String,
    host: String,
    port: String,
    user: String,
    sign_in: String,
    host_key: String,
    folder: String,
    after: String,
    security: String,
    authority: String,
    senders: String,
    move_to: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    kind: String,
}

/// `GET /feeds/sources/new`: which kind, then its form.
pub(super) async fn new(ctx: Ctx, Query(asked): Query<Asked>) -> PageResult {
    ctx.actor.may(permissions::SOURCES)?;
    let Some(kind) = Kind::parse(&asked.kind) else {
        let kinds = Kind::ALL.into_iter().map(|kind| choice(&ctx, kind)).collect();
        return Ok(ctx.page(&Kinds { ctx: &ctx, kinds }));
    };
    let text = str::to_owned;
    let form = Form {
        active: true,
        pattern: text("*"),
        port: text(if kind == Kind::Sftp { "22" } else { "993" }),
        folder: text(if kind == Kind::Sftp { "." } else { "INBOX" }),
        ..Form::default()
    };
    Ok(ctx.page(&edit_new(&ctx, kind, form, &Errors::none())))
}

fn edit_new<'a>(ctx: &'a Ctx, kind: Kind, form: Form, errors: &'a Errors) -> Edit<'a> {
    Edit {
        ctx,
        is_new: true,
        title: ctx.t(&format!("feeds-source-new-{}", kind.as_str())),
        form,
        kind,
        errors,
        signs_in: false,
        hint: None,
        key: None,
        tried: None,
    }
}

fn choice(ctx: &Ctx, kind: Kind) -> Choice {
    let name = kind.as_str();
    Choice {
        href: format!("/feeds/sources/new?kind={name}"),
        icon: match kind {
            Kind::Messages => "terminal",
            Kind::Folder => "folder",
            Kind::Sftp => "server",
            Kind::Mailbox => "mail",
            Kind::Web => "globe",
        },
        title: ctx.t(&format!("feeds-source-kind-{name}")),
        text: ctx.t(&format!("feeds-source-about-{name}")),
    }
}

/// `GET /feeds/sources/{name}`
pub(super) async fn edit(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
) -> PageResult {
    show(&ctx, &rooms, &name, None, None).await
}

async fn show(
    ctx: &Ctx,
    rooms: &Rooms,
    name: &str,
    key: Option<String>,
    tried: Option<Told>,
) -> PageResult {
    ctx.actor.may(permissions::SOURCES)?;
    let source = rooms.feeds.source(&ctx.actor, name).await?;
    let (kind, signs_in) = (source.kind, source.signs_in);
    let (hint, title) = (source.write_key_hint.clone(), source_name(ctx, &source.name));
    let tried = tried.or_else(|| source.problem.as_ref().map(|of| told_problem(ctx, of)));
    let (form, errors) = (form_of(source), Errors::none());
    let errors = &errors;
    let edit = Edit { ctx, is_new: false, title, form, kind, errors, signs_in, hint, key, tried };
    Ok(ctx.page(&edit))
}

fn form_of(source: Source) -> Form {
    let mut form = Form {
        name: source.name,
        active: source.active,
        expected: source.expected_minutes.map(|n| n.to_string()).unwrap_or_default(),
        ..Form::default()
    };
    if let Some(folder) = source.folder {
        (form.path, form.pattern) = (folder.path, folder.pattern);
    }
    if let Some(sftp) = source.sftp {
        form.host = sftp.host;
        form.port = sftp.port.to_string();
        form.user = sftp.user;
        form.sign_in = word(&sftp.sign_in);
        form.host_key = sftp.host_key;
        form.folder = sftp.folder;
        form.pattern = sftp.pattern;
        form.after = word(&sftp.after);
    }
    if let Some(mailbox) = source.mailbox {
        form.host = mailbox.host;
        form.port = mailbox.port.to_string();
        form.user = mailbox.user;
        form.security = word(&mailbox.security);
        form.authority = mailbox.authority;
        form.folder = mailbox.folder;
        form.senders = mailbox.senders.join("\n");
        form.after = word(&mailbox.after);
        form.move_to = mailbox.move_to;
    }
    form
}

/// The name of a choice, as serde writes it.
fn word(choice: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(choice).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// The choice of that name, or the usual one.
fn chosen<T: serde::de::DeserializeOwned + Default>(name: &str) -> T {
    serde_json::from_value(name.into()).unwrap_or_default()
}

impl Form {
    fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).trim().to_owned();
        Self {
            name: text("name"),
            active: fields.has("active"),
            expected: text("expected"),
            path: text("path"),
            pattern: text("pattern"),
            host: text("host"),
            port: text("port"),
            user: text("user"),
            sign_in: text("sign_in"),
            host_key: text("host-key"),
            folder: text("folder"),
            after: text("after"),
            security: text("security"),
            authority: text("authority"),
            senders: fields.get("senders").to_owned(),
            move_to: text("move-to"),
        }
    }

    fn sftp(&self) -> Sftp {
        Sftp {
            host: self.host.clone(),
            port: self.port.parse().unwrap_or(0),
            user: self.user.clone(),
            sign_in: chosen::<SignIn>(&self.sign_in),
            host_key: self.host_key.clone(),
            folder: self.folder.clone(),
            pattern: self.pattern.clone(),
            after: chosen::<AfterFile>(&self.after),
        }
    }

    fn mailbox(&self) -> Mailbox {
        let senders = self.senders.split([',', ';', '\n']).map(str::trim);
        Mailbox {
            host: self.host.clone(),
            port: self.port.parse().unwrap_or(0),
            security: chosen::<Security>(&self.security),
            authority: self.authority.clone(),
            user: self.user.clone(),
            folder: self.folder.clone(),
            senders: senders.filter(|of| !of.is_empty()).map(str::to_owned).collect(),
            after: chosen::<AfterMail>(&self.after),
            move_to: self.move_to.clone(),
        }
    }
}

/// A private key where one signs in, else a password.
fn secrets(form: &Form, fields: &Fields) -> Secrets {
    let given = |name: &str| {
        Some(fields.get(name).to_owned()).filter(|text| !text.is_empty()).map(Into::into)
    };
    let with_key = form.sign_in == "key";
    Secrets {
        secret: given(if with_key { "private-key" } else { "password" }),
        passphrase: if with_key { given("passphrase") } else { None },
    }
}

/// `POST /feeds/sources`: makes or changes one.
pub(super) async fn save(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    let form = Form::read(&fields);
    let kind = Kind::parse(fields.get("kind")).unwrap_or(Kind::Messages);
    let mut errors = Errors::none();
    let expected = match form.expected.as_str() {
        "" => None,
        text => match text.parse() {
            Ok(minutes) => Some(minutes),
            Err(_) => {
                errors.add("expected", ctx.t("feeds-source-expected-wrong"));
                None
            }
        },
    };
    let folder = || Folder { path: form.path.clone(), pattern: form.pattern.clone() };
    let setting = Setting {
        name: form.name.clone(),
        kind: Some(kind),
        active: form.active,
        expected_minutes: expected,
        folder: (kind == Kind::Folder).then(folder),
        sftp: (kind == Kind::Sftp).then(|| form.sftp()),
        mailbox: (kind == Kind::Mailbox).then(|| form.mailbox()),
        secrets: secrets(&form, &fields),
    };
    if errors.is_empty() {
        match rooms.feeds.set_source(&ctx.actor, &setting).await {
            Ok(source) => {
                // Where it can be tried: a wrong password shows now, not tonight.
                let to = match source.kind.is_fetched() {
                    true => format!("/feeds/sources/{}", source.name),
                    false => "/feeds".to_owned(),
                };
                let toast = Toast::good(ctx.t("feeds-source-saved"));
                return Ok(ctx.see(&to).toast(toast).into_response());
            }
            Err(Error::SourceName) => errors.add("name", ctx.t("error-feeds-source-name")),
            Err(Error::SourceSetting(what)) => {
                let sentence = ctx.t(&format!("feeds-setting-{what}"));
                errors.add(field_of(what, &form), sentence);
            }
            Err(other) => return Err(other.into()),
        }
    }
    let edit = match fields.has("new") {
        true => edit_new(&ctx, kind, form, &errors),
        false => {
            let kept = rooms.feeds.source(&ctx.actor, &form.name).await?;
            Edit {
                is_new: false,
                title: source_name(&ctx, &form.name),
                signs_in: kept.signs_in,
                hint: kept.write_key_hint,
                ..edit_new(&ctx, kind, form, &errors)
            }
        }
    };
    Ok(ctx.page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &edit))
}

/// The field beside which what is wrong is told.
fn field_of<'a>(what: &'a str, form: &Form) -> &'a str {
    match what {
        "minutes" => "expected",
        "remote-folder" | "mail-folder" => "folder",
        "secret" | "secret-again" if form.sign_in == "key" => "private-key",
        "secret" | "secret-again" => "password",
        other => other,
    }
}

/// `POST /feeds/sources/{name}/try`: connects and looks, and takes nothing.
pub(super) async fn attempt(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
) -> PageResult {
    let tried = rooms.feeds.try_source(&ctx.actor, &name).await?;
    let told = match tried {
        Tried::Files(n) => good(ctx.t1("feeds-tried-files", "n", n)),
        Tried::Mails(n) => good(ctx.t1("feeds-tried-mails", "n", n)),
        Tried::HostKey(offered) => Told {
            state: "warn",
            icon: "key",
            text: ctx.t("feeds-tried-host-key"),
            hint: ctx.t("feeds-tried-host-key-hint"),
            offered: Some(offered),
        },
        Tried::Failed(problem) => told_problem(&ctx, &problem),
    };
    show(&ctx, &rooms, &name, None, Some(told)).await
}

fn good(text: String) -> Told {
    Told { state: "good", icon: "circle-check", text, hint: String::new(), offered: None }
}

fn told_problem(ctx: &Ctx, of: &crate::sources::Problem) -> Told {
    let (text, hint) = problem(ctx, of);
    Told { state: "bad", icon: "circle-alert", text, hint, offered: None }
}

/// `POST /feeds/sources/{name}/host-key`: pins the key that was compared.
pub(super) async fn pin(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
    fields: Fields,
) -> PageResult {
    rooms.feeds.pin_host_key(&ctx.actor, &name, fields.get("host-key")).await?;
    let toast = Toast::good(ctx.t("feeds-host-key-pinned"));
    Ok(ctx.see(&format!("/feeds/sources/{name}")).toast(toast).into_response())
}

/// `POST /feeds/sources/{name}/key`: a new write key, shown this once.
pub(super) async fn key(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
) -> PageResult {
    let key = rooms.feeds.make_write_key(&ctx.actor, &name).await?;
    show(&ctx, &rooms, &name, Some(key.reveal().clone()), None).await
}
