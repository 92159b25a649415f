//! The signed-in reader of a page. Handlers take [`Ctx`] as their first argument; strangers never
//! get that far.

use std::ops::Deref;

use access::{Actor, Permission};
use askama::Template;
use askama::filters::Safe;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::{CACHE_CONTROL, COOKIE, SET_COOKIE};
use axum::http::request::Parts as RequestParts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use kernel::Kind;
use store::jobs;

use crate::error::{Failure, PageError, RenderError};
use crate::flash::See;
use crate::look::Look;
use crate::{NavEntry, Web, cookies};

/// The page context of a signed-in person: everything [`Look`] has, and who they are.
#[derive(Clone, Debug)]
pub struct Ctx {
    look: Look,
    /// Who is reading.
    pub actor: Actor,
    /// Their form token.
    pub csrf: String,
    /// Their jobs that are queued or running.
    pub jobs: Vec<jobs::Job>,
    /// Notices they have not opened, at most a hundred.
    pub unread: i64,
    /// They signed in with a one-time password and must choose their own first.
    pub must_change: bool,
    /// They have a second factor.
    pub two_factor: bool,
}

impl Deref for Ctx {
    type Target = Look;

    fn deref(&self) -> &Look {
        &self.look
    }
}

impl Ctx {
    /// The reader behind these request headers, or `None` for a stranger.
    pub(crate) async fn of(web: &Web, parts: &RequestParts) -> Result<Option<Self>, PageError> {
        let jar = parts.headers.get(COOKIE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let Some(token) = cookies::get(jar, cookies::SESSION) else { return Ok(None) };
        let Some(session) = web.access.by_session(token).await? else { return Ok(None) };
        let mut look = Look::of(web, parts);
        look.prefer(&session.preferences);
        let mut tx = web.db.read().await?;
        let mut mine = jobs::recent(&mut tx, session.actor.id, 8).await?;
        mine.retain(|job| job.status.is_open());
        let unread = access::notices::unread(&mut tx, session.actor.id).await?;
        let csrf = crate::csrf::token(web, token);
        let must_change = session.must_change_password;
        let (actor, two_factor) = (session.actor, session.two_factor);
        Ok(Some(Self { look, actor, csrf, jobs: mine, unread, must_change, two_factor }))
    }

    /// Renders a page: `Ok(ctx.page(&Customers { ctx: &ctx, … }))` — a template that cannot be
    /// rendered is a fault of ours and becomes an error page.
    #[must_use]
    pub fn page(&self, template: &impl Template) -> Response {
        self.look.page(template)
    }

    /// Like [`Ctx::page`] with another status: 422 for a form that comes back with its errors.
    #[must_use]
    pub fn page_with(&self, status: StatusCode, template: &impl Template) -> Response {
        let mut answer = self.page(template);
        *answer.status_mut() = status;
        answer
    }

    /// `303` to a page of ours: `ctx.see("/customers").toast(Toast::good(ctx.t("saved")))`.
    #[must_use]
    pub fn see(&self, href: &str) -> See {
        See::to(&self.web, href)
    }

    /// Whether the reader holds the permission of this name: for showing or hiding. Services
    /// check again with [`access::Actor::may`].
    #[must_use]
    pub fn may(&self, permission: &str) -> bool {
        self.actor.can(permission)
    }

    fn sees(&self, permission: Option<Permission>) -> bool {
        permission.is_none_or(|permission| self.actor.may(permission).is_ok())
    }

    fn sees_entry(&self, entry: &NavEntry) -> bool {
        entry.any_of.is_empty() || entry.any_of.iter().any(|one| self.actor.may(*one).is_ok())
    }

    /// Whether the rail's entry at `href` is where we are.
    #[must_use]
    pub fn is_at(&self, href: &str) -> bool {
        let path = self.path.as_str();
        if href == "/" {
            path == "/"
        } else {
            path == href || path.starts_with(&format!("{href}/"))
        }
    }

    /// The rail: headings with the entries this reader may use.
    #[must_use]
    pub fn nav(&self) -> Vec<NavSection> {
        let mut sections: Vec<NavSection> = Vec::new();
        for entry in self.web.nav.iter().filter(|entry| self.sees_entry(entry)) {
            let item = self.nav_item(entry);
            match sections.last_mut().filter(|last| last.key == entry.section) {
                Some(last) => last.entries.push(item),
                None => {
                    let title = match entry.section {
                        "" => String::new(),
                        section => self.t(&format!("nav-section-{section}")),
                    };
                    sections.push(NavSection { key: entry.section, title, entries: vec![item] });
                }
            }
        }
        sections
    }

    /// The bottom bar of a phone: at most four entries; "more" is the fifth.
    #[must_use]
    pub fn phone_nav(&self) -> Vec<NavItem> {
        let entries = self.web.nav.iter().filter(|entry| entry.phone && self.sees_entry(entry));
        entries.take(4).map(|entry| self.nav_item(entry)).collect()
    }

    fn nav_item(&self, entry: &NavEntry) -> NavItem {
        NavItem {
            label: self.t(&format!("nav-{}", entry.key)),
            href: entry.href,
            icon: entry.icon,
            letter: entry.letter,
            current: self.is_at(entry.href),
        }
    }

    /// The reader's roles in words.
    #[must_use]
    pub fn role_names(&self) -> String {
        let names = self.actor.roles.iter().map(|role| self.t(&role.text_key()));
        names.collect::<Vec<_>>().join(&self.t("list-comma"))
    }

    /// The ring in the top bar.
    #[must_use]
    pub fn ring(&self) -> Ring {
        let ids = self.jobs.iter().map(|job| job.id.to_string()).collect::<Vec<_>>().join(" ");
        let Some(first) = self.jobs.first() else {
            return Ring { ids, text: String::new(), percent: 25 };
        };
        let name = crate::staff::job_name(self, &first.kind);
        let text = match first.percent() {
            Some(percent) => format!("{name} {percent}{}%", crate::format::KEEP),
            None => name,
        };
        Ring { ids, text, percent: first.percent().unwrap_or(25) }
    }

    /// What the command menu offers, as JSON: places, actions, with pinyin to type.
    #[must_use]
    pub fn script_commands(&self) -> Safe<String> {
        let go = self.web.nav.iter().filter(|entry| self.sees_entry(entry)).map(|entry| {
            let hint = format!("g {}", entry.letter);
            self.command("command-go", &format!("nav-{}", entry.key), entry.href, entry.icon, &hint)
        });
        let deeds = self.web.commands.iter().filter(|deed| self.sees(deed.permission));
        let deeds =
            deeds.map(|deed| self.command("command-do", deed.text, deed.href, deed.icon, ""));
        let own = [
            ("me-title", "/me", "circle-user"),
            ("jobs-title", "/jobs", "list-checks"),
            ("api-title", "/api", "braces"),
        ];
        let own = own
            .into_iter()
            .map(|(text, href, icon)| self.command("command-go", text, href, icon, ""));
        let mut all: Vec<serde_json::Value> = Vec::new();
        for item in go.chain(own).chain(deeds) {
            if !all.iter().any(|known| known["href"] == item["href"]) {
                all.push(item);
            }
        }
        Safe(crate::chart::script_json(&all.into()))
    }

    fn command(
        &self,
        section: &str,
        text: &str,
        href: &str,
        icon: &str,
        hint: &str,
    ) -> serde_json::Value {
        let word = self.t(text);
        // Typed in either language or in pinyin, whichever the page is in.
        let other: String =
            kernel::Lang::ALL.map(|lang| self.web.texts.get(lang, text, &[])).join(" ");
        let keys = format!("{} {}", other.to_lowercase(), pinyin_keys(&other));
        serde_json::json!({ "section": self.t(section), "text": word, "href": href, "icon": icon,
            "hint": hint, "keys": keys })
    }

    /// One or two letters or Hanzi for the round badge.
    #[must_use]
    pub fn initials(&self) -> String {
        let name = self.actor.name.trim();
        match name.chars().next() {
            Some(first) if first.is_ascii() => {
                let words = name.split_whitespace().filter_map(|word| word.chars().next());
                words.take(2).collect::<String>().to_uppercase()
            }
            Some(first) => first.to_string(),
            None => "–".to_owned(),
        }
    }
}

/// Full pinyin and initials of the Hanzi in `text`: `数据导入` → `shujudaoru sjdr`.
fn pinyin_keys(text: &str) -> String {
    use pinyin::ToPinyin;
    let plain: Vec<&str> = text.to_pinyin().flatten().map(pinyin::Pinyin::plain).collect();
    let initials: String = plain.iter().filter_map(|word| word.chars().next()).collect();
    format!("{} {initials}", plain.concat())
}

/// A heading of the rail.
#[derive(Clone, Debug)]
pub struct NavSection {
    /// Its name.
    pub key: &'static str,
    /// Its words; empty for none.
    pub title: String,
    /// What stands under it.
    pub entries: Vec<NavItem>,
}

/// An entry of the rail, in words.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// Its words.
    pub label: String,
    /// Where it leads.
    pub href: &'static str,
    /// Lucide icon.
    pub icon: &'static str,
    /// `g` and this letter.
    pub letter: char,
    /// Where we are.
    pub current: bool,
}

/// The job ring in the top bar; hidden when `text` is empty.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Ids of running jobs, parted by spaces.
    pub ids: String,
    /// "Import 68 %".
    pub text: String,
    /// How far.
    pub percent: u8,
}

/// Themes and their text keys.
pub const THEMES: [(&str, &str); 3] =
    [("auto", "theme-system"), ("light", "theme-light"), ("dark", "theme-dark")];

/// Row heights and their text keys.
pub const DENSITIES: [(&str, &str); 3] = [
    ("compact", "density-compact"),
    ("normal", "density-normal"),
    ("comfortable", "density-comfortable"),
];

/// Icon of a message.
#[must_use]
pub fn toast_icon(toast: &crate::flash::Toast) -> &'static str {
    match toast.state.as_str() {
        "good" => "circle-check",
        "warn" => "triangle-alert",
        "bad" => "circle-alert",
        _ => "info",
    }
}

/// Names of values in texts for the browser, which fills them in itself.
const LATER: [&str; 7] = ["n", "place", "status", "done", "all", "seconds", "name"];

impl Look {
    /// This page, to come back to after a form: path and query.
    #[must_use]
    pub fn here(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    /// The texts `js-…` as JSON, with `{name}` where the browser puts a value.
    #[must_use]
    pub fn script_texts(&self) -> Safe<String> {
        let later: Vec<(&str, String)> =
            LATER.iter().map(|name| (*name, format!("{{{name}}}"))).collect();
        let keys = self.web.texts.keys(self.lang);
        let words = keys.into_iter().filter(|key| key.starts_with("js-"));
        let map: serde_json::Map<String, serde_json::Value> =
            words.map(|key| (key.clone(), self.tv(&key, &later).into())).collect();
        Safe(crate::chart::script_json(&map.into()))
    }

    /// Renders a page for a stranger; see [`Ctx::page`].
    #[must_use]
    pub fn page(&self, template: &impl Template) -> Response {
        let html = match template.render() {
            Ok(html) => html,
            Err(error) => return PageError::from(RenderError(error)).into_response(),
        };
        let mut answer = Html(html).into_response();
        let headers = answer.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if !self.toasts.is_empty() {
            headers.append(SET_COOKIE, cookies::set(&self.web, cookies::FLASH, "", Some(0)));
        }
        answer
    }
}

impl<S> FromRequestParts<S> for Ctx
where
    Web: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut RequestParts, state: &S) -> Result<Self, Response> {
        let web = Web::from_ref(state);
        match Self::of(&web, parts).await {
            Ok(Some(ctx)) if ctx.must_change && !ctx.path.starts_with("/me/password") => {
                let back = if parts.method == Method::GET { asked_for(parts) } else { "/" };
                let path = format!("/me/password?next={}", crate::url::encode(back));
                Err(See::to(&web, &path).into_response())
            }
            Ok(Some(ctx)) => Ok(ctx),
            Ok(None) => Err(to_sign_in(&web, parts)),
            Err(error) => Err(error.into_response()),
        }
    }
}

/// A reader is led to sign in and back; a form, a part or a script learns that the session ended.
fn to_sign_in(web: &Web, parts: &RequestParts) -> Response {
    let script = parts.headers.contains_key("hx-request") || parts.headers.contains_key("jb-guard");
    let wants_page = parts
        .headers
        .get(axum::http::header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"));
    if parts.method != Method::GET || script || !wants_page {
        return Failure::new(Kind::Unauthenticated, "signed-out").into_response();
    }
    let next = crate::url::encode(asked_for(parts));
    See::to(web, &format!("/sign-in?next={next}")).into_response()
}

fn asked_for(parts: &RequestParts) -> &str {
    parts.uri.path_and_query().map_or("/", |target| target.as_str())
}

impl<S> FromRequestParts<S> for Look
where
    Web: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut RequestParts,
        state: &S,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&Web::from_ref(state), parts))
    }
}
