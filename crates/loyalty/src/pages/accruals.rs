//! `/members/{id}/accruals`: what each flight earned or why nothing; with `?key=` one segment with
//! everything that was ever posted for it.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use programme::{Measure, say};
use uuid::Uuid;
use web::form::Fields;
use web::list::Cell;
use web::{Ctx, PageError, PageResult};

use super::head::Head;
use super::words;
use crate::accrual::{Derived, Kept};
use crate::ledger::{Posted, TransferId, Unit};
use crate::{Loyalty, MemberId, Rooms, permissions};

/// Flights shown.
const MOST: i64 = 200;

struct Flight {
    day: Option<NaiveDate>,
    what: String,
    href: String,
    state: String,
    why: String,
    miles: String,
}

struct Revision {
    number: i64,
    when: String,
    /// What, amount.
    lines: Vec<(String, String)>,
}

struct Segment {
    what: String,
    day: Option<NaiveDate>,
    state: String,
    why: String,
    rules: String,
    steps: Vec<String>,
    standing: Vec<(String, String)>,
    revisions: Vec<Revision>,
    revision: i64,
    derived: String,
    key: String,
}

#[derive(Template)]
#[template(path = "loyalty/members/accruals.html")]
struct All<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    flights: Vec<Flight>,
}

#[derive(Template)]
#[template(path = "loyalty/members/accrual.html")]
struct One<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    segment: Segment,
}

/// `GET /members/{id}/accruals`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let id: MemberId = super::id(&id)?;
    let head = Head::of(&ctx, &rooms, id, "accruals").await?;
    let loyalty = &rooms.loyalty;
    let fields = Fields(web::url::pairs(&ctx.query));
    let key = fields.get("key");
    if !key.is_empty() {
        let kept = loyalty.accrual(&ctx.actor, key).await?;
        let mut tx = ctx.web.db.read().await?;
        let accounts = loyalty.accounts(&mut tx, id).await?;
        let posted = loyalty.ledger().caused_by(&mut tx, key).await?;
        drop(tx);
        // Shown to whoever it was posted for or is now: of others it is not there.
        let own = accounts.iter().any(|account| {
            account.owner == kept.member
                || posted.iter().any(|it| it.debit == account.id || it.credit == account.id)
        });
        if !own {
            return Err(PageError::not_found());
        }
        let segment = segment(&ctx, loyalty, &head, &kept, &posted).await?;
        return Ok(ctx.page(&One { ctx: &ctx, head: &head, segment }));
    }
    let kept = loyalty.accruals(&ctx.actor, id, MOST).await?;
    let named = named(&ctx, loyalty, &kept).await?;
    let flights = kept.iter().map(|kept| flight(&ctx, &head, kept, &named)).collect();
    Ok(ctx.page(&All { ctx: &ctx, head: &head, flights }))
}

/// Number and places of the flights, by their keys: of what was posted by the posting, of the rest as
/// it was told last.
async fn named(
    ctx: &Ctx,
    loyalty: &Loyalty,
    kept: &[Kept],
) -> Result<HashMap<String, String>, PageError> {
    let ids: Vec<TransferId> =
        kept.iter().flat_map(|one| one.postings.iter().map(|it| it.transfer)).collect();
    let mut tx = ctx.web.db.read().await?;
    let own = loyalty.ledger().transfers(&mut tx, &ids).await?;
    let with = own.iter().filter_map(|it| it.explanation["with"].as_str()?.parse::<Uuid>().ok());
    let with: Vec<TransferId> = with.map(TransferId::from).collect();
    let first = loyalty.ledger().transfers(&mut tx, &with).await?;
    let all = own.iter().chain(&first);
    let posted = all.filter_map(|it| Some((it.reference.clone(), words::flight(it)?)));
    let told = loyalty.facts_of(&mut tx, kept.iter().map(|one| one.key.as_str())).await?;
    let told = told.iter().map(|(key, fact)| (key.clone(), words::told(fact)));
    Ok(told.chain(posted).collect())
}

fn flight(ctx: &Ctx, head: &Head, kept: &Kept, named: &HashMap<String, String>) -> Flight {
    let query = web::url::query(&[("key", kept.key.clone())]);
    let miles = kept.postings.iter().filter(|it| it.measure == Measure::Redeemable);
    let miles: i64 = miles.map(|it| it.amount).sum();
    Flight {
        day: kept.flight_date,
        what: named.get(&kept.key).cloned().unwrap_or_else(|| ctx.t("loyalty-flight-unnamed")),
        href: format!("{}/accruals?{query}", head.href()),
        state: state(ctx, kept.derived),
        why: reason(ctx, kept),
        miles: words::figure(ctx, head.programme(), Unit::Miles, miles),
    }
}

fn state(ctx: &Ctx, derived: Derived) -> String {
    let words = ctx.t(&format!("loyalty-derived-{}", derived.as_str()));
    let cell = match derived {
        Derived::Earned => Cell::Tag("good", words),
        Derived::Refused | Derived::Withdrawn => Cell::Tag("", words),
        Derived::Blocked => Cell::Tag("bad", words),
        _ => Cell::Tag("info", words),
    };
    cell.html(ctx)
}

/// Why it earned nothing, by the rules or by the books.
fn reason(ctx: &Ctx, kept: &Kept) -> String {
    if kept.reason.is_empty() {
        return String::new();
    }
    let ledger = format!("ledger-outcome-{}", kept.reason);
    if ctx.has(&ledger) {
        return ctx.t(&ledger);
    }
    words::code(ctx, "loyalty-refused-", &kept.reason)
}

fn unit(measure: Measure) -> Unit {
    match measure {
        Measure::Redeemable => Unit::Miles,
        Measure::Distance => Unit::QualifyingDistance,
        Measure::Segments => Unit::QualifyingSegments,
        Measure::Spend => Unit::QualifyingSpend,
        Measure::Lifetime => Unit::LifetimeDistance,
    }
}

async fn segment(
    ctx: &Ctx,
    loyalty: &Loyalty,
    head: &Head,
    kept: &Kept,
    posted: &[Posted],
) -> Result<Segment, PageError> {
    let (mut steps, mut rules) = (Vec::new(), String::new());
    if let (Some(accrued), Some(number)) = (&kept.accrued, kept.version)
        && let Ok(engine) = loyalty.programme_numbered(&kept.programme, number).await
    {
        steps = say::accrued(engine.programme(), accrued, ctx.lang);
        let name = engine.programme().name.get(ctx.lang);
        rules = ctx.t2("loyalty-rules-version", "name", name, "version", number);
    }
    let say = |measure: Measure, n: i64| words::amount(ctx, head.programme(), unit(measure), n);
    let label = |measure| ctx.t(&format!("loyalty-unit-{}", unit(measure).as_str()));
    let standing = kept.postings.iter().map(|it| (label(it.measure), say(it.measure, it.amount)));
    let mut revisions: BTreeMap<i64, Revision> = BTreeMap::new();
    for one in posted {
        let Some(number) = one.explanation["revision"].as_i64() else { continue };
        let measure = serde_json::from_value(one.explanation["measure"].clone());
        let Ok(measure) = measure else { continue };
        let taken = one.kind == crate::ledger::Kind::Reverse;
        let amount = if taken { -one.amount } else { one.amount };
        let at = ctx.at(one.recorded_at);
        let of = revisions.entry(number);
        let revision = of.or_insert(Revision { number, when: at, lines: Vec::new() });
        let amount = words::change(ctx, head.programme(), unit(measure), amount);
        revision.lines.push((label(measure), amount));
    }
    let mut tx = ctx.web.db.read().await?;
    let told = loyalty.facts_of(&mut tx, [kept.key.as_str()].into_iter()).await?;
    let told = told.get(&kept.key).map(words::told);
    let what = posted.iter().find_map(words::flight).or(told);
    Ok(Segment {
        what: what.unwrap_or_else(|| ctx.t("loyalty-flight-unnamed")),
        day: kept.flight_date,
        state: state(ctx, kept.derived),
        why: reason(ctx, kept),
        rules,
        steps,
        standing: standing.collect(),
        revisions: revisions.into_values().rev().collect(),
        revision: kept.revision,
        derived: ctx.at(kept.derived_at),
        key: kept.key.clone(),
    })
}
