//! The portal as members and staff meet it, on both engines.
#![allow(clippy::unwrap_used, reason = "tests")]

mod access;
mod closed;
mod pages;
mod promotions;
mod redeem;

use std::sync::Arc;

use ::access::{Actor, Role};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{Method, Request};
use kernel::FixedClock;
use loyalty::members::Member;
use tower::ServiceExt;
use web::testing::House;

use crate::pages::{DEVICE, MEMBER, Rooms};
use crate::testing;
use crate::{Portal, Result};

/// A password nobody guesses.
const PASSWORD: &str = "granite-lantern-47";

/// A portal with an open programme.
struct World {
    house: House,
    portal: Portal,
    app: Router,
}

async fn both<F: AsyncFn(World)>(body: F) {
    let migrations = [
        customers::MIGRATIONS,
        flights::MIGRATIONS,
        loyalty::MIGRATIONS,
        awards::MIGRATIONS,
        benefits::MIGRATIONS,
        partners::MIGRATIONS,
        crate::MIGRATIONS,
    ];
    let tables = [
        customers::permissions::TABLE,
        flights::permissions::TABLE,
        loyalty::permissions::TABLE,
        awards::permissions::TABLE,
        benefits::permissions::TABLE,
        partners::permissions::TABLE,
        crate::permissions::TABLE,
    ];
    let texts: [&[(kernel::Lang, &str)]; 7] = [
        &customers::TEXTS,
        flights::TEXTS,
        &loyalty::TEXTS,
        awards::TEXTS,
        benefits::TEXTS,
        partners::TEXTS,
        crate::TEXTS,
    ];
    web::testing::both(&migrations, &tables, &texts, async |house| {
        let portal = testing::portal(&house.web.db, &house.clock, &house.web.access);
        testing::open(&portal, "2013-01-08".parse().unwrap()).await;
        let rooms = Rooms { web: house.web.clone(), portal: portal.clone() };
        let app = house.app(crate::pages::pages(rooms));
        body(World { house, portal, app }).await;
    })
    .await;
}

impl World {
    fn clock(&self) -> &Arc<FixedClock> {
        &self.house.clock
    }

    async fn member(&self, name: &str) -> Member {
        testing::enrol(&self.portal, name, "somebody@example.com").await
    }

    fn agent(&self) -> Actor {
        testing::staff(&self.portal, Role::Agent)
    }

    async fn code(&self, member: &Member) -> String {
        let made = self.portal.invite(&self.agent(), member.id).await.unwrap();
        made.code.reveal().clone()
    }

    async fn activate(&self, member: &Member, code: &str) -> Result<crate::account::NewSession> {
        let who = (testing::PROGRAMME, member.member_no.as_str());
        self.portal.activate(who, code, PASSWORD, &::access::Origin::default()).await
    }

    /// The member signed in.
    async fn browser(&self, member: &Member) -> Browser {
        let code = self.code(member).await;
        let session = self.activate(member, &code).await.unwrap();
        self.with(&session.token)
    }

    fn with(&self, token: &str) -> Browser {
        let csrf = web::form::token_of(&self.house.web, token);
        let (token, device) = (token.to_owned(), String::new());
        Browser { app: self.app.clone(), token, csrf, lang: "en", device }
    }
}

/// A member's browser.
#[derive(Clone)]
struct Browser {
    app: Router,
    token: String,
    csrf: String,
    lang: &'static str,
    /// The browser's name; empty before anybody signed in.
    device: String,
}

struct Answer {
    status: u16,
    text: String,
    location: String,
    cookie: String,
}

impl Browser {
    fn reading(mut self, lang: &'static str) -> Self {
        self.lang = lang;
        self
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, String::new()).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.csrf.clone())];
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self.send(Method::POST, path, web::url::query(&all)).await
    }

    async fn send(&self, method: Method, path: &str, body: String) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(COOKIE, format!("{MEMBER}={}; {DEVICE}={}", self.token, self.device))
            .header(ACCEPT_LANGUAGE, self.lang)
            .header("accept", "text/html")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let answer = self.app.clone().oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let header = |name| {
            let all = head.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            all.collect::<Vec<_>>().join("\n")
        };
        Answer {
            status: head.status.as_u16(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            location: header(axum::http::header::LOCATION),
            cookie: header(SET_COOKIE),
        }
    }
}

#[test]
fn both_languages_have_the_same_texts() {
    let texts = web::texts::Texts::new(&[crate::TEXTS]).unwrap();
    assert_eq!(web::texts::differences(&texts), Vec::<String>::new());
}

#[test]
fn every_table_with_a_member_is_known() {
    let text = crate::MIGRATIONS[0].text;
    let tables = text.split("CREATE TABLE ").skip(1);
    let with: Vec<&str> = tables
        .filter(|table| table.split(");").next().unwrap().contains("member_id"))
        .map(|table| table.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(with, crate::PERSONAL_TABLES);
}
