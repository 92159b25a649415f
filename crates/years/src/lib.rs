//! Years of membership life through the real services, with faults, and an independent auditor
//! that works every figure out for itself.
//!
//! [`live`] takes the moments of [`simulator::loyalty::Years`] one after the other, sets the clock,
//! lets each happen in the services, tells it to [`simulator::auditor::Auditor`], compares what
//! became of it, and at the end checks the books and compares every figure of every member.

mod compare;
mod house;

use std::time::Instant;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use loyalty::{Error, Result};
use simulator::auditor::Auditor;
pub use simulator::loyalty::Setup;
use simulator::loyalty::{Act, Moment, Years};
use store::sql;

use compare::Compared;
pub use compare::Difference;
use house::House;
pub use house::Services;

/// The shipped programmes know rules from this day on.
pub const FIRST: NaiveDate = match NaiveDate::from_ymd_opt(2024, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MAX,
};
/// Enrolments in one transaction.
const ENROLMENTS: usize = 200;

/// What the years came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Who joined.
    pub members: u64,
    /// Words about segments.
    pub facts: u64,
    /// Transfers asked for, beside those of facts.
    pub asked: u64,
    /// Nightly runs.
    pub nights: u64,
    /// In the books at the end.
    pub transfers: u64,
    /// Compared.
    pub figures: u64,
    /// Those that were not the same; the first is where to look.
    pub differences: Vec<Difference>,
    /// It took.
    pub seconds: u64,
}

/// Runs the years of a shipped programme, by its code, through services over an empty database, and
/// compares. `say` hears of each month.
///
/// # Errors
/// [`Error::NotFound`] for another programme; when the database fails.
pub async fn live(
    services: Services,
    programme: &str,
    setup: Setup,
    say: impl Fn(&str),
) -> Result<Report> {
    live_beside(services, programme, setup, say, |text| text.to_owned()).await
}

/// [`live`] beside an auditor that reads the rules as `audited` gives them: what tells other rules
/// must be found.
///
/// # Errors
/// As there.
pub async fn live_beside(
    services: Services,
    programme: &str,
    setup: Setup,
    say: impl Fn(&str),
    audited: impl Fn(&str) -> String,
) -> Result<Report> {
    let began = Instant::now();
    let mut texts = programme::examples::ALL.iter();
    let text = texts.find(|text| text.contains(&format!("code = \"{programme}\"")));
    let text = text.ok_or(Error::NotFound("version"))?;
    let mut auditor = Auditor::new(&audited(text)).map_err(|_| Error::NotFound("version"))?;
    let start: NaiveDateTime = setup.first.and_time(NaiveTime::MIN);
    let codes = auditor.tier_codes();
    let mut house = House::open(services, text, programme, codes, start).await?;
    let mut report = Report::default();
    let mut compared = Compared::default();
    let mut joining: Vec<Moment> = Vec::new();
    let mut month = 0;
    for moment in Years::new(setup) {
        count(&mut report, &moment);
        if moment.at.month() != month && matches!(moment.act, Act::Night) {
            month = moment.at.month();
            say(&format!(
                "{}  {} members, {} facts, {} differences, {} s",
                moment.at.date(),
                report.members,
                report.facts,
                compared.differences.len(),
                began.elapsed().as_secs()
            ));
        }
        let audited = auditor.hear(&moment);
        if matches!(moment.act, Act::Enrol { .. }) {
            joining.push(moment);
            if joining.len() >= ENROLMENTS {
                house.enrol(&std::mem::take(&mut joining)).await?;
            }
            continue;
        }
        house.enrol(&std::mem::take(&mut joining)).await?;
        let kept = house.hear(&moment).await?;
        compared.same_parts(&moment, &kept, &audited);
    }
    let checked = house.services.loyalty.ledger().check().await?;
    for found in &checked.differences {
        compared.differences.push(Difference {
            place: format!("books, {} of {}", found.part.as_str(), found.place),
            kept: found.kept.to_string(),
            audited: found.found.to_string(),
        });
    }
    let members = compare::members(&house, &auditor).await?;
    let mut tx = house.services.db.read().await?;
    let transfers: i64 =
        tx.value(sql("SELECT CAST(COUNT(*) AS BIGINT) FROM ledger_transfer")).await?;
    drop(tx);
    report.transfers = u64::try_from(transfers).unwrap_or(0);
    report.figures = compared.figures + members.figures;
    report.differences = compared.differences;
    report.differences.extend(members.differences);
    let owed = compare::liability(&house, &auditor).await?;
    report.figures += owed.figures;
    report.differences.extend(owed.differences);
    report.seconds = began.elapsed().as_secs();
    Ok(report)
}

fn count(report: &mut Report, moment: &Moment) {
    match &moment.act {
        Act::Enrol { .. } => report.members += 1,
        Act::Facts { said, .. } => report.facts += said.len() as u64,
        Act::Books(asked) => report.asked += asked.len() as u64,
        Act::Night => report.nights += 1,
        _ => {}
    }
}

impl Compared {
    /// What became of each part of a moment.
    fn same_parts(&mut self, moment: &Moment, kept: &[&'static str], audited: &[&'static str]) {
        for (at, (kept, audited)) in kept.iter().zip(audited).enumerate() {
            if kept == audited {
                self.figures += 1;
                continue;
            }
            let what = match &moment.act {
                Act::Facts { said, .. } => format!("{:?}", said.get(at)),
                Act::Books(asked) => format!("{:?}", asked.get(at)),
                other => format!("{other:?}"),
            };
            self.same(&format!("{}, {what}", moment.at), kept, audited);
        }
    }
}
