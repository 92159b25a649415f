//! A server of a test's own, and a person or program that calls it.

use std::path::PathBuf;
use std::sync::Arc;

use access::{Actor, NewUser, Role};
use app::App;
use app::config::Config;
use kernel::SystemClock;
use reqwest::{Client, Response, StatusCode, redirect};
use server::Serving;
use store::testing::{POSTGRES, Scratch};
use tempfile::TempDir;

pub const PASSWORD: &str = "rotunda-and-two-tunnels-77";

/// A running Jetbridge over a fresh database.
pub struct House {
    pub app: App,
    pub base: String,
    serving: Serving,
    scratch: Option<Scratch>,
    folder: TempDir,
}

impl House {
    /// Over the embedded database.
    pub async fn sqlite() -> Self {
        Self::open(None).await
    }

    /// Over PostgreSQL, when there is one.
    pub async fn postgres() -> Option<Self> {
        let scratch = Scratch::postgres(&[]).await?;
        Some(Self::open(Some(scratch)).await)
    }

    async fn open(scratch: Option<Scratch>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::in_dir(folder.path().join("data"));
        config.server.listen = "127.0.0.1:0".parse().unwrap();
        if let Some(scratch) = &scratch {
            scratch.db.close().await;
            config.database.url.clone_from(&scratch.url);
            config.database.connections = 8;
        }
        let app = App::open(&config, Arc::new(SystemClock)).await.unwrap();
        let serving = server::start(app.clone(), &config).await.unwrap();
        let base = format!("http://{}", serving.address);
        Self { app, base, serving, scratch, folder }
    }

    /// An account that signs in with [`PASSWORD`].
    pub async fn account(&self, role: Role) -> String {
        let email = format!("{}@example.com", role.as_str());
        let user = NewUser {
            email: email.clone(),
            name: format!("Test {}", role.as_str()),
            roles: vec![role],
        };
        let _ = self.app.access().provision(&Actor::system("test"), user, PASSWORD).await.unwrap();
        email
    }

    /// A colleague with this role, without an account.
    pub fn actor(&self, role: Role) -> Actor {
        Actor::staff(
            kernel::ids::v7(store::testing::NOW),
            "Test",
            &[role],
            self.app.access().policy(),
        )
    }

    /// Somebody who is signed in with this role.
    pub async fn signed_in(&self, role: Role) -> Visitor {
        let email = self.account(role).await;
        let mut visitor = Visitor::stranger(&self.base);
        visitor.sign_in(&email, PASSWORD).await;
        visitor
    }

    /// A path for a file of the test.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub async fn close(self) {
        self.serving.stop().await.unwrap();
        if let Some(scratch) = self.scratch {
            scratch.discard().await;
        }
    }
}

/// Runs `body` on both engines.
pub async fn both<F: AsyncFn(&House)>(body: F) {
    let house = House::sqlite().await;
    body(&house).await;
    house.close().await;
    match House::postgres().await {
        Some(house) => {
            body(&house).await;
            house.close().await;
        }
        None => eprintln!("skipped on PostgreSQL: {POSTGRES} is not set (script/test sets it)"),
    }
}

/// A browser without eyes: cookies, no redirects followed.
pub struct Visitor {
    client: Client,
    base: String,
    pub csrf: String,
}

impl Visitor {
    pub fn stranger(base: &str) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        Self { client, base: base.to_owned(), csrf: String::new() }
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) {
        let form = [("email", email), ("password", password)];
        let answer = self.post_plain("/sign-in", &form).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{email} could not sign in");
        let page = self.text("/").await;
        self.csrf = csrf_in(&page).expect("a page carries the form token");
    }

    pub async fn get(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.base));
        request.header("accept", "text/html").send().await.unwrap()
    }

    /// The text of a page that must answer 200.
    pub async fn text(&self, path: &str) -> String {
        let answer = self.get(path).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        text
    }

    /// JSON of the API that must answer 200.
    pub async fn json(&self, path: &str) -> serde_json::Value {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// A form as the browser sends it, with the token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let mut form: Vec<(&str, &str)> = fields.to_vec();
        form.push(("csrf", &self.csrf));
        self.post_plain(path, &form).await
    }

    /// A form without the token.
    pub async fn post_plain(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.client.post(format!("{}{path}", self.base)).form(form);
        request.header("accept", "text/html").send().await.unwrap()
    }

    /// Any request, for doors that are tried one after the other.
    pub async fn knock(&self, verb: &str, path: &str) -> Response {
        let verb = reqwest::Method::from_bytes(verb.as_bytes()).unwrap();
        let request = self.client.request(verb, format!("{}{path}", self.base));
        request.header("accept", "text/html").send().await.unwrap()
    }
}

fn csrf_in(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"csrf-token\" content=\"")?;
    rest.split_once('"').map(|(token, _)| token.to_owned())
}
