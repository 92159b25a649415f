//! The order in which things are built, and where each crate's parts are gathered.

use std::sync::Arc;

use access::{Access, Vault};
use awards::Awards;
use axum::Router;
use axum::routing::{get, post};
use benefits::Benefits;
use chrono_tz::Tz;
use customers::Customers;
use feeds::Feeds;
use flights::Flights;
use kernel::Clock;
use lake::{Lake, LakeConfig};
use loyalty::Loyalty;
use partners::Partners;
use portal::Portal;
use store::blobs::Blobs;
use store::{Db, Migration, jobs, outbox};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use value::Value;
use web::texts::Texts;
use web::{Parts, Web};

use crate::config::Config;
use crate::{
    App, Error, Inner, Rooms, admin, demo, earning, grades, home, nav, notices, permissions,
};

pub(crate) fn migration_sets() -> [&'static [Migration]; 13] {
    [
        store::MIGRATIONS,
        access::MIGRATIONS,
        web::MIGRATIONS,
        customers::MIGRATIONS,
        flights::MIGRATIONS,
        feeds::MIGRATIONS,
        loyalty::MIGRATIONS,
        awards::MIGRATIONS,
        benefits::MIGRATIONS,
        partners::MIGRATIONS,
        value::MIGRATIONS,
        portal::MIGRATIONS,
        crate::MIGRATIONS,
    ]
}

const TABLES: [access::PermissionTable; 10] = [
    permissions::TABLE,
    customers::permissions::TABLE,
    flights::permissions::TABLE,
    feeds::permissions::TABLE,
    loyalty::permissions::TABLE,
    awards::permissions::TABLE,
    benefits::permissions::TABLE,
    partners::permissions::TABLE,
    value::permissions::TABLE,
    portal::permissions::TABLE,
];

pub(crate) fn texts() -> Result<Texts, Error> {
    Ok(Texts::new(&[
        web::TEXTS,
        &access::TEXTS,
        &customers::TEXTS,
        &lake::TEXTS,
        collect::TEXTS,
        flights::TEXTS,
        feeds::TEXTS,
        &loyalty::TEXTS,
        awards::TEXTS,
        benefits::TEXTS,
        partners::TEXTS,
        value::TEXTS,
        portal::TEXTS,
        crate::TEXTS,
    ])?)
}

pub(crate) async fn database(
    config: &Config,
    clock: &dyn Clock,
) -> Result<(Db, Vec<&'static str>), Error> {
    std::fs::create_dir_all(&config.data.dir).map_err(Error::Folder)?;
    let db = Db::open(&config.store()).await?;
    let ran = store::migrate(&db, &migration_sets(), clock.now()).await?;
    Ok((db, ran))
}

pub(crate) async fn app(config: &Config, clock: Arc<dyn Clock>) -> Result<App, Error> {
    let (db, _) = database(config, clock.as_ref()).await?;
    let vault = Vault::open_or_create(&config.key_file())?;
    let access = Access::open(db.clone(), clock.clone(), vault, &TABLES).await?;
    let memory_limit = config.lake.memory_mib.max(64) * 1024 * 1024;
    let lake = Lake::open(config.lake_dir(), LakeConfig { memory_limit, ..LakeConfig::default() })?;
    let blobs = Blobs::open(config.blob_dir())?;
    let customers = Customers::new(db.clone(), clock.clone(), access.clone())
        .with_in_use(in_use())
        .with_programmes(config.airline.programmes.clone());
    customers.start().await?;
    let ground = Ground { db: &db, clock: &clock, access: &access, zone: time_zone(config)? };
    let loyalty = ground.loyalty(&customers);
    let awards = ground.awards(&loyalty);
    let flights = Flights::new(db.clone(), clock.clone(), customers.clone())
        .with_told(earning::told(&loyalty));
    let benefits = ground.benefits(&flights, &loyalty);
    let feeds = Feeds::new(
        db.clone(),
        clock.clone(),
        access.clone(),
        blobs.clone(),
        customers.clone(),
        flights.clone(),
    )
    .with_settings(config.feeds);
    let partners = ground.partners(blobs, &customers, &flights, &loyalty);
    let value = Value::new(
        db.clone(),
        clock.clone(),
        access.clone(),
        lake.clone(),
        customers.clone(),
        Some(refresh(&db, &flights)),
    );
    value.start().await?;
    let portal = Portal::new(portal::Parts {
        db: db.clone(),
        clock: clock.clone(),
        access: access.clone(),
        customers: customers.clone(),
        flights: flights.clone(),
        loyalty: loyalty.clone(),
        awards: awards.clone(),
        benefits: benefits.clone(),
        partners: partners.clone(),
        zone: ground.zone,
        key_of: |trip| loyalty::earning::key(&trip.source, &trip.source_key),
        limits: portal::Limits::default(),
    });
    let web = floor(config, &db, &access, &clock, search(&customers, &loyalty)).await?;
    let inner = Inner {
        db,
        clock,
        access,
        lake,
        customers,
        flights,
        feeds,
        loyalty,
        awards,
        benefits,
        partners,
        value,
        portal,
        web,
        data_dir: config.data.dir.clone(),
    };
    Ok(App { inner: Arc::new(inner) })
}

/// What the services of members stand on.
struct Ground<'a> {
    db: &'a Db,
    clock: &'a Arc<dyn Clock>,
    access: &'a Access,
    zone: Tz,
}

impl Ground<'_> {
    fn loyalty(&self, customers: &Customers) -> Loyalty {
        Loyalty::new(loyalty::Parts {
            db: self.db.clone(),
            clock: self.clock.clone(),
            access: self.access.clone(),
            customers: customers.clone(),
            zone: self.zone,
            rules: loyalty::Rules::default(),
        })
    }

    fn awards(&self, loyalty: &Loyalty) -> Awards {
        Awards::new(awards::Parts {
            db: self.db.clone(),
            clock: self.clock.clone(),
            access: self.access.clone(),
            loyalty: loyalty.clone(),
            zone: self.zone,
            rules: awards::Rules::default(),
        })
    }

    fn benefits(&self, flights: &Flights, loyalty: &Loyalty) -> Benefits {
        Benefits::new(benefits::Parts {
            db: self.db.clone(),
            clock: self.clock.clone(),
            access: self.access.clone(),
            flights: flights.clone(),
            loyalty: loyalty.clone(),
        })
    }

    fn partners(
        &self,
        blobs: Blobs,
        customers: &Customers,
        flights: &Flights,
        loyalty: &Loyalty,
    ) -> Partners {
        Partners::new(partners::Parts {
            db: self.db.clone(),
            clock: self.clock.clone(),
            access: self.access.clone(),
            blobs,
            customers: customers.clone(),
            flights: flights.clone(),
            loyalty: loyalty.clone(),
        })
    }
}

/// Customers with flown segments, activity or an account are not deleted by the revert of an import.
fn in_use() -> customers::InUse {
    Arc::new(|tx, ids| {
        Box::pin(async move {
            let mut used = Loyalty::in_use(tx, &ids).await?;
            used.extend(Flights::in_use(tx, &ids).await?);
            Ok(used)
        })
    })
}

/// What the search box looks in.
fn search(customers: &Customers, loyalty: &Loyalty) -> Vec<web::SearchProvider> {
    vec![
        customers::search_provider(customers.clone()),
        loyalty::pages::search_provider(loyalty.clone()),
    ]
}

/// Where days begin.
fn time_zone(config: &Config) -> Result<Tz, Error> {
    let zone = &config.server.time_zone;
    zone.parse().map_err(|_| Error::TimeZone(zone.clone()))
}

/// Value has the lake brought up to date by whoever owns the facts.
fn refresh(db: &Db, flights: &Flights) -> value::Refresh {
    let (db, flights) = (db.clone(), flights.clone());
    Arc::new(move |lake| {
        let (db, flights) = (db.clone(), flights.clone());
        Box::pin(async move {
            let refreshed = flights.refresh_lake(&lake, |_, _| {}).await;
            refreshed.map_err(|error| value::Error::Broken(Box::new(error)))?;
            // Said here, because value does not know of activity by month.
            let mut tx = db.read().await?;
            let months_only = Flights::only_months(&mut tx).await;
            match months_only.map_err(|error| value::Error::Broken(Box::new(error)))? {
                true => Err(value::Error::MonthsOnly),
                false => Ok(()),
            }
        })
    })
}

async fn floor(
    config: &Config,
    db: &Db,
    access: &Access,
    clock: &Arc<dyn Clock>,
    search: Vec<web::SearchProvider>,
) -> Result<Web, Error> {
    let time_zone = time_zone(config)?;
    let accounts = demo::accounts_shown(db).await?;
    Ok(Web::new(Parts {
        db: db.clone(),
        access: access.clone(),
        clock: clock.clone(),
        texts: texts()?,
        nav: nav::rail(),
        commands: nav::commands(),
        search,
        config: web::Config {
            secret: secret(access.vault()),
            time_zone,
            secure: config.is_https(),
            demo_password: accounts.as_ref().map(|shown| shown.password.clone()),
            demo_accounts: accounts.map(|shown| shown.accounts).unwrap_or_default(),
        },
    }))
}

/// The key of cookies and form tokens follows from the key file, so that every process that shares
/// the data understands them, and none has to keep another secret.
fn secret(vault: &Vault) -> Vec<u8> {
    let mut secret = vault.keyed_hash("web-cookie", "first half");
    secret.extend(vault.keyed_hash("web-cookie", "second half"));
    secret
}

/// Rooms of each domain: its service, the floor, and what others show on its pages.
struct Domains {
    customers: customers::Rooms,
    flights: flights::pages::Rooms,
    feeds: feeds::pages::Rooms,
    loyalty: loyalty::Rooms,
    awards: awards::Rooms,
    benefits: benefits::Rooms,
    partners: partners::Rooms,
    value: value::pages::Rooms,
    portal: portal::pages::Rooms,
}

fn domains(app: &App) -> Domains {
    let web = app.web().clone();
    let mut panels = flights::pages::panels(app.flights());
    panels.extend(value::pages::panels(app.value()));
    panels.extend(loyalty::pages::panels(app.loyalty()));
    panels.extend(partners::pages::panels(app.partners()));
    panels.extend(portal::pages::panels(app.portal()));
    let more = vec![benefits::panel(app.benefits())];
    let members = loyalty::Rooms {
        web: web.clone(),
        loyalty: app.loyalty().clone(),
        deeds: awards::pages::DEEDS,
        more,
    };
    let sources = vec![app.flights().timeline(), app.feeds().timeline()];
    Domains {
        customers: customers::Rooms::new(web.clone(), app.customers().clone(), panels, sources),
        flights: flights::pages::Rooms { web: web.clone(), flights: app.flights().clone() },
        feeds: feeds::pages::Rooms { web: web.clone(), feeds: app.feeds().clone() },
        loyalty: members.clone(),
        awards: awards::Rooms { web: web.clone(), awards: app.awards().clone() },
        benefits: benefits::Rooms {
            web: web.clone(),
            benefits: app.benefits().clone(),
            loyalty: members,
        },
        partners: partners::Rooms { web: web.clone(), partners: app.partners().clone() },
        value: value::pages::Rooms { web: web.clone(), value: app.value().clone() },
        portal: portal::pages::Rooms { web, portal: app.portal().clone() },
    }
}

pub(crate) fn router(app: &App) -> Router {
    let rooms = Rooms { web: app.web().clone(), app: app.clone() };
    let own = Router::new()
        .route("/", get(home::show))
        .route("/demo", post(home::load_demo))
        .merge(admin::router())
        .with_state(rooms);
    let of = domains(app);
    let pages = own
        .merge(customers::pages(of.customers))
        .merge(flights::pages::pages(of.flights))
        .merge(feeds::pages::pages(of.feeds))
        .merge(loyalty::pages::pages(of.loyalty))
        .merge(awards::pages::pages(of.awards))
        .merge(benefits::pages::pages(of.benefits))
        .merge(partners::pages::pages(of.partners))
        .merge(value::pages::pages(of.value))
        .merge(portal::pages::pages(of.portal));
    let (api, document) = api(app);
    web::finish(app.web(), pages.merge(api).merge(web::api::pages(app.web(), &document)))
}

/// The API of all domains with its description.
pub(crate) fn api(app: &App) -> (Router, OpenApi) {
    let of = domains(app);
    let mut info = utoipa::openapi::Info::new("Jetbridge", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "The airline CRM. Callers send `Authorization: Bearer jb_…` with a key from \
         Administration → API keys. Lists are read by cursor, failures are problem+json \
         (RFC 9457), and calls that change something may carry an `Idempotency-Key`."
            .to_owned(),
    );
    let mut document = OpenApi::default();
    document.info = info;
    OpenApiRouter::with_openapi(document)
        .merge(customers::api(of.customers))
        .merge(flights::api::api(of.flights))
        .merge(feeds::api::api(of.feeds))
        .merge(loyalty::api(of.loyalty))
        .merge(awards::api(of.awards))
        .merge(benefits::api(of.benefits))
        .merge(partners::api(of.partners))
        .merge(value::api::api(of.value))
        .merge(grades::api(Rooms { web: app.web().clone(), app: app.clone() }))
        .split_for_parts()
}

pub(crate) fn handlers(app: &App) -> jobs::Handlers {
    let mut handlers = jobs::Handlers::default();
    app.customers().handlers(&mut handlers);
    feeds::imports::handlers(app.feeds(), &mut handlers);
    feeds::messages::handlers(app.feeds(), &mut handlers);
    let flights = app.flights().clone();
    handlers.add(flights::schedule::MATERIALISE, move |job| {
        let flights = flights.clone();
        async move { flights.materialise_job(job).await }
    });
    handlers.periodically(flights::schedule::MATERIALISE, 3_600);
    app.loyalty().handlers(&mut handlers);
    app.awards().handlers(&mut handlers);
    earning::earning(app.loyalty(), app.flights()).handlers(&mut handlers);
    app.partners().handlers(&mut handlers);
    value::jobs::handlers(app.value(), &mut handlers);
    demo::handlers(app, &mut handlers);
    handlers
}

pub(crate) fn listeners(app: &App) -> Vec<outbox::Handler> {
    let mut listeners = notices::listeners(app);
    listeners.extend(app.flights().listeners());
    listeners.extend(app.feeds().listeners());
    listeners.extend(app.loyalty().listeners());
    listeners.extend(app.awards().listeners());
    listeners.extend(app.benefits().listeners());
    listeners.extend(app.partners().listeners());
    listeners.extend(app.portal().listeners());
    listeners
}
