//! The synthetic airline: written by the simulator, brought in through the real import door, valued.
//!
//! The same steps run from the command line ([`fill`]) and as the job `app.demo` ([`start`]). Each
//! step looks at what is there first, so that a demo that was interrupted goes on.

mod alliance;
mod club;
mod perks;
mod shop;
mod truth;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::{Actor, NewUser, Role};
use chrono::NaiveDate;
use feeds::{MappingRef, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;
use simulator::write::{self, Format, Manifest};
use simulator::{Airline, Config};
use store::jobs::{Handlers, JobCtx, JobError, New};
use store::{Db, settings};
use value::RunParams;

use crate::{App, Error};

pub use club::approver;

/// Members of the synthetic airline when nobody says otherwise.
pub const MEMBERS: u32 = 20_000;
/// Its seed when nobody says otherwise.
pub const SEED: u64 = 7;
/// Password of the demo's accounts: it protects invented people on this machine.
pub const PASSWORD: &str = "sky after rain";

const JOB: &str = "app.demo";
const SETTING: &str = "demo.accounts";

const ACCOUNTS: &[(Role, &str, &str)] = &[
    (Role::Administrator, "admin@example.com", "顾清"),
    (Role::Analyst, "analyst@example.com", "Lin Hao"),
    (Role::Agent, "agent@example.com", "何雨桐"),
    (Role::Loyalty, "loyalty@example.com", "沈知远"),
    (Role::Manager, "manager@example.com", "Marta Lindqvist"),
    (Role::Auditor, "auditor@example.com", "许安"),
];

/// How far the filling is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Members and segments are written: members so far, in all.
    Write(u64, u64),
    /// A file is imported: rows so far, in all.
    Import(&'static str, u64, Option<u64>),
    /// Customers become members: so far.
    Join(u64),
    /// Flights are credited: members so far, in all.
    Earn(u64, u64),
    /// Value is computed.
    Value,
}

impl Phase {
    /// Text key.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Write(..) => "demo-phase-write",
            Self::Import(..) => "demo-phase-import",
            Self::Join(_) => "demo-phase-join",
            Self::Earn(..) => "demo-phase-earn",
            Self::Value => "demo-phase-value",
        }
    }

    /// Done and, when known, in all.
    #[must_use]
    pub fn figures(&self) -> (u64, Option<u64>) {
        match *self {
            Self::Write(done, all) | Self::Earn(done, all) => (done, Some(all)),
            Self::Join(done) => (done, None),
            Self::Import(_, done, all) => (done, all),
            Self::Value => (0, None),
        }
    }
}

/// Hears of every step.
pub type Watch = Arc<dyn Fn(Phase) + Send + Sync>;

/// The accounts a demo shows on its sign-in page.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Shown {
    /// E-mail address and text key of the role.
    pub accounts: Vec<(String, String)>,
    /// Password of all of them.
    pub password: String,
}

/// The accounts to show, where this is a demo.
///
/// # Errors
/// When the database fails.
pub async fn accounts_shown(db: &Db) -> Result<Option<Shown>, Error> {
    let mut tx = db.read().await?;
    Ok(settings::get(&mut tx, SETTING).await?)
}

/// Makes the demo's accounts, and has the sign-in page show them from the next start on. Returns
/// whether they are new.
///
/// # Errors
/// When the database fails.
pub async fn make_accounts(app: &App) -> Result<bool, Error> {
    let known = accounts_shown(app.db()).await?.is_some();
    if known {
        return Ok(false);
    }
    let system = Actor::system("demo");
    for (role, email, name) in ACCOUNTS {
        let user =
            NewUser { email: (*email).to_owned(), name: (*name).to_owned(), roles: vec![*role] };
        app.access().provision(&system, user, PASSWORD).await?.into_inner();
    }
    let accounts =
        ACCOUNTS.iter().map(|(role, email, _)| ((*email).to_owned(), role.text_key())).collect();
    let shown = Shown { accounts, password: PASSWORD.to_owned() };
    let mut tx = app.db().begin().await?;
    settings::put(&mut tx, SETTING, &shown, app.clock().now()).await?;
    tx.commit().await?;
    Ok(true)
}

/// What was brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Members of the airline.
    pub members: u64,
    /// Their segments, flown and not.
    pub segments: u64,
}

/// Fills an empty Jetbridge; the programme's rules are approved by `approver`. `None` when it holds
/// customers and a value run already.
///
/// # Errors
/// [`Error::NotEmpty`] when there are customers that are not the demo's; what a step failed with.
pub async fn fill(
    app: &App,
    folder: &Path,
    members: u32,
    seed: u64,
    approver: &Actor,
    watch: &Watch,
) -> Result<Option<Filled>, Error> {
    let actor = Actor::system("demo");
    let done = app.value().published(&actor).await?.is_some();
    let begun = folder.join(write::MANIFEST).is_file();
    match (app.customers().total().await?, done, begun) {
        (0, ..) | (_, false, true) => {}
        (_, true, _) => return Ok(None),
        (_, false, false) => return Err(Error::NotEmpty),
    }
    let today = app.clock().now().date_naive();
    let manifest = simulate(folder.to_owned(), members, seed, today, watch.clone()).await?;
    for name in ["members", "segments"] {
        import(app, &actor, name, &folder.join(format!("{name}.csv")), watch).await?;
    }
    club::open(app, approver).await?;
    club::fill(app, watch).await?;
    shop::fill(app).await?;
    perks::fill(app, approver).await?;
    alliance::fill(app).await?;
    club::report(app, approver).await?;
    truth::note(app, &folder.join("truth.csv")).await?;
    watch(Phase::Value);
    let params = RunParams { observed_on: Some(manifest.observed_until), ..RunParams::default() };
    app.value().run(&actor, &params, &value::run::unwatched()).await?;
    let totals = manifest.totals;
    Ok(Some(Filled { members: totals.members, segments: totals.segments }))
}

/// Writes the airline's files, unless they are there for this size and seed.
async fn simulate(
    folder: PathBuf,
    members: u32,
    seed: u64,
    until: NaiveDate,
    watch: Watch,
) -> Result<Manifest, Error> {
    let work = move || {
        if let Some(there) = manifest_of(&folder, members, seed) {
            return Ok(there);
        }
        std::fs::create_dir_all(&folder).map_err(Error::Folder)?;
        let config = Config::new(until).with_members(u64::from(members)).with_seed(seed);
        let tell = |done: write::Progress| {
            watch(Phase::Write(done.members_done, done.members));
            true
        };
        write::write_all(&Airline::new(config), &folder, &[Format::Csv], tell)
            .map_err(Error::Simulator)
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Step("simulator".to_owned()))?
}

/// Brings a file in through the door every file comes through, by the mapping of its name.
async fn import(
    app: &App,
    actor: &Actor,
    name: &'static str,
    file: &Path,
    watch: &Watch,
) -> Result<(), Error> {
    let mapping = MappingRef::Name(name.to_owned());
    let feeds = app.feeds();
    let id = feeds.import_file(actor, file, None, &mapping, Policy::CreateOrUpdate).await?;
    let watch = watch.clone();
    let report: feeds::Report = Arc::new(move |step| {
        watch(Phase::Import(name, step.done, step.total));
        Box::pin(async { Ok(()) })
    });
    feeds.run_import(id, report).await?;
    Ok(())
}

fn manifest_of(folder: &Path, members: u32, seed: u64) -> Option<Manifest> {
    let text = std::fs::read(folder.join(write::MANIFEST)).ok()?;
    let manifest: Manifest = serde_json::from_slice(&text).ok()?;
    let same = manifest.config.members == u64::from(members) && manifest.config.seed == seed;
    same.then_some(manifest)
}

/// Has an empty Jetbridge filled in the background.
///
/// # Errors
/// [`Error::NotEmpty`].
pub async fn start(app: &App, actor: &Actor) -> Result<(), Error> {
    if app.customers().total().await? > 0 {
        return Err(Error::NotEmpty);
    }
    let now = app.clock().now();
    let mut tx = app.db().begin().await?;
    let job = New::now(JOB, json!({}), now).key(JOB).owner(actor.id);
    store::jobs::enqueue(&mut tx, job, now).await?;
    tx.commit().await?;
    app.db().ring_for_jobs();
    Ok(())
}

pub(crate) fn handlers(app: &App, handlers: &mut Handlers) {
    let app = app.clone();
    handlers.add(JOB, move |job| {
        let app = app.clone();
        async move { run(&app, &job).await }
    });
}

/// The job: what is told by the steps, which cannot wait, goes through a channel to the job's row.
async fn run(app: &App, job: &JobCtx) -> Result<serde_json::Value, JobError> {
    let (tell, mut told) = tokio::sync::watch::channel(Phase::Write(0, u64::from(MEMBERS)));
    let watch: Watch = Arc::new(move |phase| {
        tell.send_replace(phase);
    });
    let folder = app.data_dir().join("demo");
    let approver = match job.owner {
        Some(owner) => club::person(app, owner).await.map_err(JobError::from_explain)?,
        None => approver(app).await.map_err(JobError::from_explain)?,
    };
    let work = fill(app, &folder, MEMBERS, SEED, &approver, &watch);
    // Both go on side by side: each may want the one writer, and whichever has it must not stand
    // still.
    let report = async {
        while told.changed().await.is_ok() {
            let phase = told.borrow_and_update().clone();
            let (done, all) = phase.figures();
            job.progress(done, all, phase.key()).await?;
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        std::future::pending::<Result<(), JobError>>().await
    };
    tokio::select! {
        done = work => {
            done.map_err(JobError::from_explain)?;
            Ok(json!({"href": "/value"}))
        }
        Err(why) = report => Err(why),
    }
}
