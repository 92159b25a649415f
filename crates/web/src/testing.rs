//! For tests of pages and API calls: a house with a signed-in member of staff, and requests without
//! a network.
//!
//! ```ignore
//! testing::both(&[crate::MIGRATIONS], &[crate::permissions::TABLE], &[crate::TEXTS], async |house| {
//!     let rooms = Rooms { web: house.web.clone(), … };
//!     let app = house.app(crate::pages(rooms));
//!     let page = house.staff(Role::Agent).await.get(&app, "/customers").await;
//!     assert_eq!(page.status, 200);
//! }).await;
//! ```
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot begin cannot go on")]

use std::sync::Arc;

use access::{Access, Actor, NewUser, Origin, PermissionTable, Role, SignIn, Vault};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, LOCATION};
use axum::http::{HeaderMap, Method, Request};
use kernel::FixedClock;
use store::testing::NOW;
use store::{Db, Migration};
use tower::ServiceExt;

use crate::house::{Config, Parts};
use crate::texts::{Source, Texts};
use crate::{NavEntry, Web, cookies, csrf, url};

/// Password of everybody [`House::staff`] makes.
pub const PASSWORD: &str = "granite-lantern-47";

/// A floor over a fresh database.
pub struct House {
    /// The floor.
    pub web: Web,
    /// Its clock, standing at [`NOW`].
    pub clock: Arc<FixedClock>,
}

/// Runs `body` on both engines (see [`store::testing::both`]) with the migrations, permissions and
/// texts of the floors below and of the caller.
pub async fn both<F: AsyncFn(House)>(
    migrations: &[&[Migration]],
    tables: &[PermissionTable],
    texts: &[&[Source]],
    body: F,
) {
    let sets: Vec<&[Migration]> = [access::MIGRATIONS, crate::MIGRATIONS]
        .into_iter()
        .chain(migrations.iter().copied())
        .collect();
    store::testing::both(&sets, async |db| {
        body(House::new(db, tables, texts, Vec::new()).await).await;
    })
    .await;
}

impl House {
    /// A floor over `db`, whose migrations have run.
    pub async fn new(
        db: Db,
        tables: &[PermissionTable],
        texts: &[&[Source]],
        nav: Vec<NavEntry>,
    ) -> Self {
        let clock = Arc::new(FixedClock::at(NOW));
        let access =
            Access::open(db.clone(), clock.clone(), Vault::for_tests(), tables).await.unwrap();
        let own: [&[Source]; 2] = [crate::TEXTS, &access::TEXTS];
        let sets: Vec<&[Source]> = own.into_iter().chain(texts.iter().copied()).collect();
        let web = Web::new(Parts {
            db,
            access,
            clock: clock.clone(),
            texts: Texts::new(&sets).unwrap(),
            nav,
            commands: Vec::new(),
            search: Vec::new(),
            config: Config {
                secret: b"only for tests, only for tests!!".to_vec(),
                time_zone: chrono_tz::Asia::Shanghai,
                secure: false,
                demo_accounts: Vec::new(),
                demo_password: None,
            },
        });
        Self { web, clock }
    }

    /// The whole application around `domains`.
    pub fn app(&self, domains: Router) -> Router {
        crate::finish(&self.web, domains)
    }

    /// A signed-in member of staff.
    pub async fn staff(&self, role: Role) -> Visitor {
        let email = format!("{}@jetbridge.example", role.as_str());
        let new = NewUser { email: email.clone(), name: "Lin Xia".to_owned(), roles: vec![role] };
        let made = self.web.access.provision(&Actor::system("test"), new, PASSWORD).await.unwrap();
        let _user = made.into_inner();
        let signed = self.web.access.sign_in(&email, PASSWORD, None, &Origin::default()).await;
        let Ok(SignIn::Done(session)) = signed else { panic!("the test's user cannot sign in") };
        Visitor {
            actor: session.session.actor.clone(),
            csrf: csrf::token(&self.web, &session.token),
            token: session.token.clone(),
            lang: "en",
        }
    }

    /// Somebody who is not signed in.
    #[must_use]
    pub fn stranger(&self) -> Visitor {
        Visitor {
            actor: Actor::system("stranger"),
            csrf: String::new(),
            token: String::new(),
            lang: "en",
        }
    }
}

/// Somebody with a browser.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who.
    pub actor: Actor,
    /// Their form token.
    pub csrf: String,
    /// Their session's token.
    pub token: String,
    /// `Accept-Language`.
    pub lang: &'static str,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub text: String,
}

impl Answer {
    /// Where a redirect leads.
    #[must_use]
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

impl Visitor {
    /// The same visitor reading another language.
    #[must_use]
    pub fn reading(mut self, lang: &'static str) -> Self {
        self.lang = lang;
        self
    }

    /// `GET`.
    pub async fn get(&self, app: &Router, path: &str) -> Answer {
        self.send(app, Method::GET, path, "", Body::empty()).await
    }

    /// A form with the form token.
    pub async fn post(&self, app: &Router, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.csrf.clone())];
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let body = Body::from(url::query(&all));
        self.send(app, Method::POST, path, "application/x-www-form-urlencoded", body).await
    }

    /// A JSON call of the API.
    pub async fn json(
        &self,
        app: &Router,
        method: Method,
        path: &str,
        json: &serde_json::Value,
    ) -> Answer {
        self.send(app, method, path, "application/json", Body::from(json.to_string())).await
    }

    async fn send(
        &self,
        app: &Router,
        method: Method,
        path: &str,
        kind: &str,
        body: Body,
    ) -> Answer {
        let jar = format!("{}={}", cookies::SESSION, self.token);
        let accept = if path.starts_with("/api/v") { "application/json" } else { "text/html" };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(COOKIE, jar)
            .header(ACCEPT_LANGUAGE, self.lang)
            .header("accept", accept);
        if !kind.is_empty() {
            request = request.header(CONTENT_TYPE, kind).header("x-csrf-token", &self.csrf);
        }
        let answer = app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (head, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: head.status.as_u16(), headers: head.headers, text }
    }
}
