//! The assembly: every service built once, every crate's migrations, permissions, texts, pages,
//! panels, jobs and event handlers put together.
//!
//! [`App::open`] is the order of things: folder → database → migrations → keys → services → pages.

mod admin;
mod build;
pub mod config;
pub mod demo;
mod earning;
mod error;
pub mod grades;
mod home;
mod nav;
mod notices;
pub mod permissions;

use std::sync::Arc;

use access::Access;
use awards::Awards;
use axum::Router;
use axum::extract::FromRef;
use benefits::Benefits;
use customers::Customers;
use feeds::Feeds;
use flights::Flights;
use kernel::{Clock, Lang};
use lake::Lake;
use loyalty::Loyalty;
use partners::Partners;
use portal::Portal;
use store::{Db, Migration, jobs, outbox};
use value::Value;
use web::Web;

use config::Config;
pub use error::Error;

/// Every service, built once. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    access: Access,
    lake: Lake,
    customers: Customers,
    flights: Flights,
    feeds: Feeds,
    loyalty: Loyalty,
    awards: Awards,
    benefits: Benefits,
    partners: Partners,
    value: Value,
    portal: Portal,
    web: Web,
    data_dir: std::path::PathBuf,
}

/// What the assembly's own pages need.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) web: Web,
    pub(crate) app: App,
}

impl Rooms {
    pub(crate) fn access(&self) -> &Access {
        self.app.access()
    }
}

impl FromRef<Rooms> for Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

/// What the assembly itself keeps.
const MIGRATIONS: &[Migration] = store::migrations!["20261123_130000_grades"];

/// The words of the assembly.
const TEXTS: &[web::texts::Source] = &[
    (Lang::En, include_str!("../texts/en.ftl")),
    (Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

/// Every crate's migrations, sorted by name when they run.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    build::migration_sets().iter().flat_map(|set| set.iter().copied()).collect()
}

/// The words of every crate.
///
/// # Errors
/// When a text file does not parse or two crates use the same key.
pub fn texts() -> Result<web::texts::Texts, Error> {
    build::texts()
}

impl App {
    /// Opens the database, brings it to this version, and builds every service over it.
    ///
    /// # Errors
    /// When the folder, the database or the key file cannot be used.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        build::app(config, clock).await
    }

    /// Brings the database to this version and builds nothing. Returns the migrations that ran.
    ///
    /// # Errors
    /// When the database cannot be opened or changed.
    pub async fn migrate(
        config: &Config,
        clock: &Arc<dyn Clock>,
    ) -> Result<Vec<&'static str>, Error> {
        let (db, ran) = build::database(config, clock.as_ref()).await?;
        db.close().await;
        Ok(ran)
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// Staff, roles, audit trail.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.inner.access
    }

    /// Parquet files and queries.
    #[must_use]
    pub fn lake(&self) -> &Lake {
        &self.inner.lake
    }

    /// Customers.
    #[must_use]
    pub fn customers(&self) -> &Customers {
        &self.inner.customers
    }

    /// What was flown.
    #[must_use]
    pub fn flights(&self) -> &Flights {
        &self.inner.flights
    }

    /// Imports.
    #[must_use]
    pub fn feeds(&self) -> &Feeds {
        &self.inner.feeds
    }

    /// Members and their miles.
    #[must_use]
    pub fn loyalty(&self) -> &Loyalty {
        &self.inner.loyalty
    }

    /// What miles buy.
    #[must_use]
    pub fn awards(&self) -> &Awards {
        &self.inner.awards
    }

    /// What tiers are good for.
    #[must_use]
    pub fn benefits(&self) -> &Benefits {
        &self.inner.benefits
    }

    /// Claims of missing miles, and partners.
    #[must_use]
    pub fn partners(&self) -> &Partners {
        &self.inner.partners
    }

    /// What customers are worth.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.inner.value
    }

    /// Members' own pages.
    #[must_use]
    pub fn portal(&self) -> &Portal {
        &self.inner.portal
    }

    /// The floor pages stand on.
    #[must_use]
    pub fn web(&self) -> &Web {
        &self.inner.web
    }

    /// The data folder.
    #[must_use]
    pub fn data_dir(&self) -> &std::path::Path {
        &self.inner.data_dir
    }

    /// All pages and the API.
    pub fn router(&self) -> Router {
        build::router(self)
    }

    /// The description of the API.
    #[must_use]
    pub fn openapi(&self) -> utoipa::openapi::OpenApi {
        build::api(self).1
    }

    /// What jobs can be done.
    #[must_use]
    pub fn handlers(&self) -> jobs::Handlers {
        build::handlers(self)
    }

    /// Who hears of events.
    #[must_use]
    pub fn listeners(&self) -> Vec<outbox::Handler> {
        build::listeners(self)
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("db", &self.inner.db).finish_non_exhaustive()
    }
}
