//! Lines of a statement in plain words, each with what it follows from.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{NaiveDate, TimeZone};
use programme::accrual::Accrued;
use programme::{Engine, Programme, say};
use serde_json::Value;
use store::Tx;
use uuid::Uuid;
use web::{Ctx, PageError};

use super::words;
use crate::ledger::{Line, Posted, TransferId, Unit};
use crate::{Loyalty, MemberId};

/// A line as it is shown.
pub(super) struct Said {
    pub seq: i64,
    /// First day of the month it is shown under.
    pub month: NaiveDate,
    /// What it was true from.
    pub day: NaiveDate,
    /// When the books learnt of it, where that was another day.
    pub recorded: Option<NaiveDate>,
    pub title: String,
    pub detail: String,
    pub change: String,
    pub is_plus: bool,
    pub balance: String,
    /// The arithmetic, one sentence a step.
    pub steps: Vec<String>,
    /// Label and value of what else is known.
    pub facts: Vec<(String, String)>,
    /// The page of the segment.
    pub accrual: Option<String>,
}

/// What the lines of one account are read with.
pub(super) struct Reader<'a> {
    pub ctx: &'a Ctx,
    pub loyalty: &'a Loyalty,
    pub member: MemberId,
    pub rules: Option<&'a Programme>,
    pub unit: Unit,
}

/// Everything a page of lines refers to, read at once.
struct About {
    transfers: HashMap<TransferId, Posted>,
    engines: HashMap<(String, i64), Arc<Engine>>,
    people: std::collections::BTreeMap<Uuid, String>,
}

fn id(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

impl About {
    /// The transfer that carries the arithmetic: the line's own, or the first of its chain.
    fn carrier<'t>(&'t self, transfer: &'t Posted) -> &'t Posted {
        let with = id(&transfer.explanation["with"]).map(TransferId::from);
        with.and_then(|id| self.transfers.get(&id)).unwrap_or(transfer)
    }

    fn accrued(&self, transfer: &Posted) -> Option<Accrued> {
        accrued(self.carrier(transfer))
    }

    fn name(&self, who: &Value) -> Option<String> {
        self.people.get(&id(who)?).cloned()
    }
}

fn accrued(transfer: &Posted) -> Option<Accrued> {
    serde_json::from_value(transfer.explanation.get("accrued")?.clone()).ok()
}

impl Reader<'_> {
    /// Lines in words, in their order.
    pub async fn say(&self, tx: &mut Tx, lines: Vec<Line>) -> Result<Vec<Said>, PageError> {
        let about = self.about(tx, &lines).await?;
        Ok(lines.iter().map(|line| self.line(&about, line)).collect())
    }

    async fn about(&self, tx: &mut Tx, lines: &[Line]) -> Result<About, PageError> {
        let mut wanted = BTreeSet::new();
        let mut people = BTreeSet::new();
        for Line { transfer, .. } in lines {
            wanted.extend(id(&transfer.explanation["with"]).map(TransferId::from));
            wanted.extend(transfer.about);
            for who in ["proposed_by", "approved_by"] {
                people.extend(id(&transfer.explanation[who]));
            }
        }
        let wanted: Vec<TransferId> = wanted.into_iter().collect();
        let found = self.loyalty.ledger().transfers(tx, &wanted).await?;
        let transfers: HashMap<TransferId, Posted> =
            found.into_iter().map(|transfer| (transfer.id, transfer)).collect();
        let mut engines = HashMap::new();
        let carriers = lines.iter().map(|line| &line.transfer).chain(transfers.values());
        for (programme, number) in carriers.filter_map(accrued).map(|it| version(&it)) {
            if let std::collections::hash_map::Entry::Vacant(place) =
                engines.entry((programme.clone(), number))
                && let Ok(engine) = self.loyalty.programme_numbered(&programme, number).await
            {
                place.insert(engine);
            }
        }
        let people: Vec<Uuid> = people.into_iter().collect();
        let people = if people.is_empty() {
            std::collections::BTreeMap::new()
        } else {
            self.ctx.web.access.names(&people).await?
        };
        Ok(About { transfers, engines, people })
    }

    fn line(&self, about: &About, line: &Line) -> Said {
        let transfer = &line.transfer;
        let ctx = self.ctx;
        let local = |at| ctx.zone.from_utc_datetime(&at).date_naive();
        let day = local(transfer.effective_at.naive_utc());
        let recorded = local(transfer.recorded_at.naive_utc());
        let accrued = about.accrued(transfer);
        let (mut steps, mut facts) = (Vec::new(), Vec::new());
        if let Some(accrued) = &accrued
            && let Some(engine) = about.engines.get(&version(accrued))
        {
            let rules = engine.programme();
            steps = say::accrued(rules, accrued, ctx.lang);
            let name = rules.name.get(ctx.lang);
            let by = ctx.t2("loyalty-rules-version", "name", name, "version", accrued.version);
            facts.push((ctx.t("loyalty-fact-rules"), by));
        }
        self.facts(about, line, &mut facts);
        let is_accrual = transfer.code.starts_with("accrual-");
        let kept = is_accrual && !transfer.reference.is_empty();
        let accrual = kept.then(|| {
            let query = web::url::query(&[("key", transfer.reference.clone())]);
            format!("/members/{}/accruals?{query}", self.member)
        });
        Said {
            seq: line.seq,
            month: chrono::Datelike::with_day(&day, 1).unwrap_or(day),
            day,
            recorded: (recorded != day).then_some(recorded),
            title: self.title(about, line),
            detail: self.detail(about, line),
            change: words::change(ctx, self.rules, self.unit, line.change),
            is_plus: line.change > 0,
            balance: words::figure(ctx, self.rules, self.unit, line.balance),
            steps,
            facts,
            accrual,
        }
    }

    /// What it is, as the member would say it.
    fn title(&self, about: &About, line: &Line) -> String {
        let (ctx, transfer) = (self.ctx, &line.transfer);
        let key = format!("loyalty-line-{}", transfer.code.replace('.', "-"));
        if transfer.code == "accrual-promotion"
            && let Some(name) = promotion(ctx, about, transfer)
        {
            return name;
        }
        if let Some(says) = words::says(ctx.lang, transfer) {
            return says;
        }
        if transfer.kind.as_str() != "reverse" && ctx.has(&key) {
            return ctx.t(&key);
        }
        if transfer.kind.as_str() == "reverse" && transfer.code == "accrual-correction" {
            return ctx.t(&key);
        }
        let side = if line.change < 0 { "out" } else { "in" };
        ctx.t(&format!("loyalty-line-{}-{side}", transfer.kind.as_str()))
    }

    /// Which flight, which reason.
    fn detail(&self, about: &About, line: &Line) -> String {
        let (ctx, transfer) = (self.ctx, &line.transfer);
        let flight = &about.carrier(transfer).explanation["flight"];
        let part = |name: &str| flight[name].as_str().unwrap_or_default().to_owned();
        if flight.is_object() {
            let mut said = format!("{} {}–{}", part("no"), part("from"), part("to"));
            let class = part("class");
            if !class.is_empty() {
                said += &ctx.t1("loyalty-line-class", "class", class);
            }
            return said;
        }
        if let Some(reason) = transfer.explanation["reason"].as_str() {
            return words::code(ctx, "loyalty-reason-", reason);
        }
        let original = transfer.about.and_then(|id| about.transfers.get(&id));
        if let Some(says) = original.and_then(|it| words::says(ctx.lang, it)) {
            return if words::says(ctx.lang, transfer).is_some() { String::new() } else { says };
        }
        if transfer.kind.as_str() == "expire"
            && let Some(lot) = original
        {
            let came = ctx.zone.from_utc_datetime(&lot.effective_at.naive_utc()).date_naive();
            return ctx.t1("loyalty-line-came", "day", ctx.date(came));
        }
        String::new()
    }

    fn facts(&self, about: &About, line: &Line, facts: &mut Vec<(String, String)>) {
        let (ctx, transfer) = (self.ctx, &line.transfer);
        let mut add = |key: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                facts.push((ctx.t(key), value));
            }
        };
        let explanation = &transfer.explanation;
        add("loyalty-fact-proposed-by", about.name(&explanation["proposed_by"]));
        add("loyalty-fact-approved-by", about.name(&explanation["approved_by"]));
        let last = transfer.expires_on.filter(|_| line.change > 0);
        add("loyalty-fact-usable-to", last.map(|day| words::last_day(ctx, day)));
        let due = transfer.due.map(|due| ctx.at(due.at));
        add("loyalty-fact-due", due);
        let revision = explanation["revision"].as_i64().filter(|n| *n > 1);
        add("loyalty-fact-revision", revision.map(|n| ctx.num(n)));
        add("loyalty-fact-recorded", Some(ctx.at(transfer.recorded_at)));
        let own = !transfer.reference.starts_with("proposal-");
        add("loyalty-fact-reference", own.then(|| transfer.reference.clone()));
    }
}

fn version(accrued: &Accrued) -> (String, i64) {
    (accrued.programme.to_string(), i64::from(accrued.version))
}

/// The name of the promotion that gave it.
fn promotion(ctx: &Ctx, about: &About, transfer: &Posted) -> Option<String> {
    let row = transfer.explanation["origin"]["promotion"].as_str()?;
    let engine = about.engines.get(&version(&about.accrued(transfer)?))?;
    let rows = &engine.programme().accrual.promotions;
    let found = rows.iter().find(|one| one.id.as_str() == row)?;
    Some(found.name.get(ctx.lang).to_owned())
}
