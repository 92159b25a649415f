//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::output::Format;

/// The airline CRM in one program.
#[derive(Debug, Parser)]
#[command(name = "jetbridge", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// Folder of everything Jetbridge keeps: database, Parquet files, uploads, key file
    #[arg(long, global = true, value_name = "DIR", env = "JETBRIDGE_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Configuration file [default: config.toml in the data folder, when it is there]
    #[arg(long, global = true, value_name = "FILE", env = "JETBRIDGE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// How data is printed
    #[arg(long, global = true, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Data goes to standard output, talk to standard error. NO_COLOR turns colours off.

Exit codes: 0 done · 1 failed · 2 wrong command line, configuration or input ·
3 not found · 4 done in part, or a check found something · 5 unavailable, try later";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fill an empty data folder with a synthetic airline, and serve it
    Demo(Demo),
    /// Serve pages and API, and work on jobs
    Serve(Serve),
    /// Work on jobs only: any number beside any number of `serve` on one PostgreSQL
    Worker,
    /// Bring the database to this version
    Migrate,
    /// Import a file: CSV (also .gz, .xz, .zst) or Parquet
    #[command(subcommand)]
    Import(Import),
    /// Compute and show what customers are worth
    #[command(subcommand)]
    Value(Value),
    /// Take in airline messages: files, folders of a day, or standard input
    Feed(Feed),
    /// Look into airline messages, without storing anything
    #[command(subcommand)]
    Message(Message),
    /// Airline messages of invented days, whose truth is known
    #[command(subcommand)]
    Simulate(Simulate),
    /// Check that what is stored is whole
    Check(Check),
    /// Write everything into one archive, while others work
    Backup(Backup),
    /// Put an archive into an empty data folder or database
    Restore(Restore),
    /// Staff accounts
    #[command(subcommand)]
    User(User),
    /// Print the OpenAPI document
    Openapi,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Message {
    /// Print what is read of a message, and what is wrong with it: PNL, ADL, PFS, PRL, ETL, PSM, PTM,
    /// MVT, DIV, LDM, SSIM, SSM, ASM, BSM, BPM, boarding passes, PNRGOV, PAXLST, AIRIMP, NDC orders
    Inspect {
        /// A file with one message or several, or `-` for standard input
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Simulate {
    /// Write a day of the synthetic airline as messages: schedule, PNL, ADL, PFS, PRL, MVT, boarding
    /// passes, coupons, web events; the truth beside them
    Day(SimulateDay),
    /// Compare what was made of such days with their truth, print and keep the grades
    Grade {
        /// The folder that `simulate day` wrote
        dir: PathBuf,
    },
    /// Run years of membership life of a shipped programme through the services, in an empty data
    /// folder or database, and compare every figure with an independent auditor's
    Years(SimulateYears),
}

#[derive(Debug, Args)]
pub(crate) struct SimulateYears {
    /// The programme: bridge-km, bay-year or tern-fare
    #[arg(long, value_parser = ["bridge-km", "bay-year", "tern-fare"])]
    pub(crate) programme: String,
    /// How many members join
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub(crate) members: u32,
    /// How many years
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=10))]
    pub(crate) years: u32,
    /// The same seed gives the same years
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// Facts arrive late, twice, out of order and contradicted; clocks jump; batches are killed
    /// under way; nights are missed
    #[arg(long)]
    pub(crate) faults: bool,
    /// Days between nightly runs; the first of a month has one always
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=31))]
    pub(crate) nights: u32,
    /// Flights of a member, as a multiple of the usual seven a year
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10))]
    pub(crate) pace: u32,
}

#[derive(Debug, Args)]
pub(crate) struct SimulateDay {
    /// First day of travel
    #[arg(value_name = "YYYY-MM-DD")]
    pub(crate) date: chrono::NaiveDate,
    /// Days in a row
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub(crate) days: u32,
    /// Flights a day, as far as the network goes
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=2_000))]
    pub(crate) flights: u32,
    /// Share of the seats that is sold, in per cent
    #[arg(long, default_value_t = 82, value_parser = clap::value_parser!(u32).range(1..=95))]
    pub(crate) load: u32,
    /// Members of the airline [default: those of the demo in the data folder, else 20000]
    #[arg(long, value_parser = clap::value_parser!(u32).range(0..=5_000_000))]
    pub(crate) members: Option<u32>,
    /// The same seed gives the same bytes [default: that of the demo, else 7]
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Messages arrive once, whole, in order; people stay as untidy as they are
    #[arg(long)]
    pub(crate) clean: bool,
    /// Folder in which each day gets one named by its date, or `-` for one stream of messages on
    /// standard output
    #[arg(long, value_name = "DIR|-")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Feed {
    /// Files and folders, taken in the order of their names, or `-` for standard input. A folder
    /// named like a day (2026-03-02) says by which day its messages are read
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Name of the source they come from: small letters, digits, hyphens
    #[arg(long, default_value = "command-line")]
    pub(crate) source: String,
    /// The day by which days without a year are read [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<chrono::NaiveDate>,
    /// Only keep them; `serve`, `worker` or the next `feed` applies them
    #[arg(long)]
    pub(crate) no_apply: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Members of the synthetic airline
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    pub(crate) members: u32,
    /// The same seed gives the same airline
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// Prepare everything, then end
    #[arg(long)]
    pub(crate) no_serve: bool,
    #[command(flatten)]
    pub(crate) serve: Serve,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// One row per member
    Members(ImportFile),
    /// One row per flown segment
    Segments(ImportFile),
    /// One row per member and month, or one summary of activity per member
    Activity(ImportFile),
    /// The mappings that can be named with --mapping
    Mappings,
}

#[derive(Debug, Args)]
pub(crate) struct ImportFile {
    /// The file
    pub(crate) file: PathBuf,
    /// Name of a mapping (`jetbridge import mappings`), or a mapping file
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) mapping: String,
    /// What to do with rows whose key is known or new
    #[arg(long, value_enum, default_value_t)]
    pub(crate) policy: Policy,
    /// Read and check every row, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Where rows that were not imported are written, with their reasons
    #[arg(long, value_name = "FILE")]
    pub(crate) errors: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// Only new ones; known ones are skipped
    Create,
    /// Only known ones; new ones are skipped
    Update,
    /// Both
    #[default]
    CreateOrUpdate,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Value {
    /// Compute LRFMC, clusters and names, and publish them
    Run(ValueRun),
    /// One run: cleaning, features, clusters
    Show {
        /// Id of the run, or `latest`
        run: String,
    },
    /// The runs so far, newest first
    List,
}

#[derive(Debug, Args)]
pub(crate) struct ValueRun {
    /// Number of clusters
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(2..=12))]
    pub(crate) k: u32,
    /// Seed of the clustering: the same seed gives the same result on any machine
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// Independent starts of the clustering
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) starts: u32,
    /// Last day that counts [default: the newest in the data]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) observed_on: Option<chrono::NaiveDate>,
    /// Length of the window in months
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=120))]
    pub(crate) window_months: u32,
    /// Only compute: customers keep the standing they have
    #[arg(long)]
    pub(crate) no_publish: bool,
    /// Compute from this Parquet file of segments, without a database
    #[arg(long, value_name = "FILE", requires = "members", requires = "out")]
    pub(crate) segments: Option<PathBuf>,
    /// Parquet file of members for --segments
    #[arg(long, value_name = "FILE", requires = "segments")]
    pub(crate) members: Option<PathBuf>,
    /// Where the result of --segments is written
    #[arg(long, value_name = "FILE", requires = "segments")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// What to check [default: all]
    #[arg(value_enum)]
    pub(crate) parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The database answers, its schema is this program's, its own integrity check passes
    Db,
    /// The chain of the audit trail is unbroken
    Audit,
    /// Every Parquet file can be read
    Lake,
    /// Every imported file that is still needed is there
    Files,
    /// Balances, holds and lots of miles follow from the transfers alone
    Ledger,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The archive to write; must not exist
    pub(crate) archive: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The archive to read
    pub(crate) archive: PathBuf,
    /// Only check the archive against its checksums
    #[arg(long)]
    pub(crate) verify: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Invite somebody: prints a one-time password
    Add {
        /// E-mail address, which is also the name to sign in with
        email: String,
        /// Name shown to colleagues
        #[arg(long)]
        name: String,
        /// Roles, separated by commas
        #[arg(long, value_delimiter = ',', required = true)]
        roles: Vec<String>,
    },
    /// All accounts
    List,
    /// Set a new one-time password, and switch the second factor off
    Reset {
        /// E-mail address or id
        user: String,
    },
    /// Shut an account out at once
    Disable {
        /// E-mail address or id
        user: String,
    },
    /// Let a disabled account in again
    Enable {
        /// E-mail address or id
        user: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
