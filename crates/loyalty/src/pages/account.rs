//! `/members/{id}`: what somebody who serves a member needs to see, and what they may do.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use kernel::names::PersonName;
use programme::say;
use store::Tx;
use uuid::Uuid;
use web::chart::Chart;
use web::{Ctx, PageError, PageResult};

use super::head::Head;
use super::lines::{Reader, Said};
use super::{chart, href, words};
use crate::ledger::{Account, NEVER, Unit, Which};
use crate::members::{CARD_REASONS, Decision, Proposal};
use crate::tiers::{Outlook, Sight};
use crate::{Error, Loyalty, MemberId, Rooms, permissions};

/// Lines of the statement shown here.
const LINES: i64 = 6;
/// Days of expiry shown here.
const LOTS: usize = 5;

/// Miles: what is there, what is coming and kept, what expires.
pub(super) struct Miles {
    pub available: String,
    pub held: Option<String>,
    pub pending: Option<String>,
    pub owed: bool,
    /// Day, amount.
    pub expiring: Vec<(String, String)>,
    pub sentence: String,
    /// Label and amount of the qualifying units.
    pub qualifying: Vec<(String, String)>,
}

/// Where the member stands towards tiers.
pub(super) struct Way {
    pub sentences: Vec<String>,
    /// Sentence and per cent of each goal.
    pub goals: Vec<(String, i64)>,
    pub chart: Option<Chart>,
}

struct CardLine {
    serial: i64,
    medium: String,
    issued: NaiveDate,
    blocked: Option<String>,
}

struct NomineeLine {
    id: String,
    name: PersonName,
    document: String,
    waits: Option<NaiveDate>,
}

struct TierLine {
    key: &'static str,
    name: String,
    days: String,
    why: String,
    who: String,
    /// What ends it by a proposal.
    ends: Option<String>,
}

struct PoolLine {
    who: String,
    href: String,
    part: String,
}

struct MergeLine {
    sentence: String,
    undo: Option<String>,
}

#[derive(Template)]
#[template(path = "loyalty/members/account.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    miles: Miles,
    way: Option<Way>,
    lines: Vec<Said>,
    tiers: Vec<TierLine>,
    cards: Vec<CardLine>,
    nominees: Vec<NomineeLine>,
    pool: Vec<PoolLine>,
    wards: Vec<(String, String)>,
    open: Vec<String>,
    reviews: i64,
    merges: Vec<MergeLine>,
    card_reasons: Vec<(String, String)>,
    end_key: String,
    /// Text, place and icon of what other domains do with a member.
    others: Vec<(String, String, &'static str)>,
    more: Vec<super::more::Shown>,
}

impl Show<'_> {
    fn may(&self, permission: &str) -> bool {
        self.head.acts() && self.ctx.may(permission)
    }

    fn frozen(&self) -> bool {
        self.head.member.state.as_str() != "open"
    }
}

/// `GET /members/{id}`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let id: MemberId = super::id(&id)?;
    let head = Head::of(&ctx, &rooms, id, "account").await?;
    let loyalty = &rooms.loyalty;
    let way = way(&ctx, loyalty, id).await?;
    let mut tx = ctx.web.db.read().await?;
    let accounts = loyalty.accounts(&mut tx, id).await?;
    let miles = miles(&ctx, loyalty, &mut tx, &head, &accounts).await?;
    let lines = latest(&ctx, loyalty, &mut tx, &head, &accounts, LINES).await?;
    drop(tx);
    let proposals = loyalty.proposals_of(&ctx.actor, id).await?;
    let reviews = loyalty.reviews_of(&ctx.actor, id).await?;
    let waiting = reviews.iter().filter(|review| review.state.as_str() == "open").count();
    let card_reasons = CARD_REASONS
        .iter()
        .map(|one| ((*one).to_owned(), ctx.t(&format!("loyalty-card-{one}"))))
        .collect();
    let others = rooms.deeds.iter().filter(|one| ctx.actor.may(one.permission).is_ok());
    let others = others.map(|one| (ctx.t(one.text), head.at(one.path), one.icon)).collect();
    let show = Show {
        others,
        tiers: tiers(&ctx, loyalty, &head).await?,
        cards: cards(&ctx, loyalty, id).await?,
        nominees: nominees(&ctx, loyalty, id).await?,
        pool: pool(&ctx, loyalty, id).await?,
        wards: wards(&ctx, loyalty, id).await?,
        merges: merges(&ctx, loyalty, id).await?,
        open: open(&ctx, &head, &proposals),
        reviews: i64::try_from(waiting).unwrap_or(i64::MAX),
        end_key: kernel::ids::v7(ctx.now).to_string(),
        more: super::more::panels(&ctx, &rooms, id).await?,
        ctx: &ctx,
        head: &head,
        miles,
        way,
        lines,
        card_reasons,
    };
    Ok(ctx.page(&show))
}

/// The account of a unit that is the member's own.
pub(super) fn own(accounts: &[Account], member: MemberId, unit: Unit) -> Option<&Account> {
    accounts.iter().find(|it| it.owner == Some(member) && it.book.unit == unit)
}

/// The latest lines of the member's miles.
pub(super) async fn latest(
    ctx: &Ctx,
    loyalty: &Loyalty,
    tx: &mut Tx,
    head: &Head,
    accounts: &[Account],
    n: i64,
) -> Result<Vec<Said>, PageError> {
    let Some(account) = own(accounts, head.member.id, Unit::Miles) else { return Ok(Vec::new()) };
    let lines = loyalty.ledger().lines(tx, account.id, &Which::default(), None, n).await?;
    let (member, rules, unit) = (head.member.id, head.programme(), Unit::Miles);
    Reader { ctx, loyalty, member, rules, unit }.say(tx, lines).await
}

/// Balances of the member and of those merged into it.
pub(super) async fn miles(
    ctx: &Ctx,
    loyalty: &Loyalty,
    tx: &mut Tx,
    head: &Head,
    accounts: &[Account],
) -> Result<Miles, PageError> {
    let (ledger, today, rules) = (loyalty.ledger(), loyalty.today(), head.programme());
    let (mut available, mut balance, mut held, mut pending) = (0, 0, 0, 0);
    let mut lots: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for account in accounts.iter().filter(|it| it.book.unit == Unit::Miles) {
        available += ledger.available(tx, account.id).await?;
        balance += account.balance;
        for lot in ledger.lots(tx, account.id).await? {
            if lot.expires_on >= today && lot.expires_on < NEVER {
                *lots.entry(lot.expires_on).or_insert(0) += lot.remaining;
            }
        }
        let holds = ledger.holds_of(tx, account.id, 1_000).await?;
        let ids: Vec<_> = holds.iter().map(|hold| hold.id).collect();
        let begun = ledger.transfers(tx, &ids).await?;
        for hold in &holds {
            let own = begun.iter().any(|it| it.id == hold.id && it.debit == account.id);
            *(if own { &mut held } else { &mut pending }) += hold.left();
        }
    }
    let say = |n: i64| words::amount(ctx, rules, Unit::Miles, n);
    let sentence = match lots.iter().next() {
        Some((day, n)) => ctx.t2("loyalty-expires-next", "amount", say(*n), "day", ctx.date(*day)),
        None => ctx.t("loyalty-expires-none"),
    };
    let qualifying = Unit::ALL.iter().filter(|unit| **unit != Unit::Miles).filter_map(|unit| {
        let sum: i64 =
            accounts.iter().filter(|it| it.book.unit == *unit).map(|it| it.balance).sum();
        let label = ctx.t(&format!("loyalty-unit-{}", unit.as_str()));
        (sum != 0).then(|| (label, words::amount(ctx, rules, *unit, sum)))
    });
    Ok(Miles {
        available: if balance < 0 { say(balance) } else { say(available) },
        owed: balance < 0,
        held: (held > 0).then(|| say(held)),
        pending: (pending > 0).then(|| say(pending)),
        expiring: lots.iter().take(LOTS).map(|(day, n)| (ctx.date(*day), say(*n))).collect(),
        sentence,
        qualifying: qualifying.collect(),
    })
}

/// The coach's sentences, the goals, and the chart; `None` while no rules hold.
pub(super) async fn way(
    ctx: &Ctx,
    loyalty: &Loyalty,
    member: MemberId,
) -> Result<Option<Way>, PageError> {
    let sight = match loyalty.progress(&ctx.actor, member, &Outlook::default()).await {
        Ok(sight) => sight,
        Err(Error::NotFound("version")) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    let Sight { engine, goals, advice, .. } = &sight;
    let rules = engine.programme();
    let sentences = advice.as_ref().map(|it| say::advice(rules, it, &[], ctx.lang));
    let sentences = sentences.unwrap_or_default();
    let label = sentences.first().cloned().unwrap_or_default();
    let chart = advice.as_ref().and_then(|it| chart::rolling(ctx, rules, it, &label));
    let goals = goals.iter().map(|goal| (say::goal(rules, goal, ctx.lang), done(goal)));
    Ok(Some(Way { goals: goals.collect(), sentences, chart }))
}

/// How much of a goal is reached, in whole per cent: of several ways the nearest.
fn done(goal: &programme::qualify::Goal) -> i64 {
    if goal.met {
        return 100;
    }
    let have = goal.have.values();
    let reached = goal.need.ways().into_iter().map(|least| {
        let each = least.values().into_iter().zip(have).filter(|(least, _)| *least > 0);
        each.map(|(least, have)| have.max(0).saturating_mul(100) / least).min().unwrap_or(0)
    });
    reached.max().unwrap_or(0).clamp(0, 99)
}

async fn tiers(ctx: &Ctx, loyalty: &Loyalty, head: &Head) -> Result<Vec<TierLine>, PageError> {
    let rows = loyalty.tiers(&ctx.actor, head.member.id).await?;
    let people: Vec<Uuid> = rows.iter().filter_map(|row| row.people).map(|it| it.1).collect();
    let names = names(ctx, &people).await?;
    let today = loyalty.today();
    let lines = rows.iter().take(12).map(|row| {
        let ended = row.reason == "ended";
        let days = if ended {
            ctx.t1("loyalty-tier-ended-on", "day", ctx.date(row.valid_from))
        } else {
            let to = words::last_day(ctx, row.valid_to);
            ctx.t2("loyalty-tier-days", "from", ctx.date(row.valid_from), "to", to)
        };
        let over = rows.iter().any(|other| other.detail["ends"] == row.id.to_string().as_str());
        let by_hand = row.is_by_hand && !ended;
        TierLine {
            key: words::tier_key(&row.tier, row.rank),
            name: words::tier_name(ctx, head.programme(), &row.tier),
            days,
            why: words::code(
                ctx,
                if by_hand { "loyalty-reason-" } else { "loyalty-tier-why-" },
                &row.reason,
            ),
            who: row.people.and_then(|it| names.get(&it.1).cloned()).unwrap_or_default(),
            ends: (by_hand && !over && row.valid_to >= today).then(|| row.id.to_string()),
        }
    });
    Ok(lines.collect())
}

pub(super) async fn names(ctx: &Ctx, people: &[Uuid]) -> Result<BTreeMap<Uuid, String>, PageError> {
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(ctx.web.access.names(people).await?)
}

async fn cards(ctx: &Ctx, loyalty: &Loyalty, id: MemberId) -> Result<Vec<CardLine>, PageError> {
    let cards = loyalty.cards(&ctx.actor, id).await?;
    let lines = cards.into_iter().map(|card| CardLine {
        serial: card.serial,
        medium: ctx.t(&format!("loyalty-card-{}", card.medium.as_str())),
        issued: card.issued_at.with_timezone(&ctx.zone).date_naive(),
        blocked: card.blocked.map(|(at, why)| {
            let why = ctx.t(&format!("loyalty-card-{why}"));
            ctx.t2("loyalty-card-blocked", "day", ctx.at(at), "why", why)
        }),
    });
    Ok(lines.collect())
}

async fn nominees(
    ctx: &Ctx,
    loyalty: &Loyalty,
    id: MemberId,
) -> Result<Vec<NomineeLine>, PageError> {
    let today = loyalty.today();
    let nominees = loyalty.nominees(&ctx.actor, id).await?;
    let lines = nominees.into_iter().map(|one| NomineeLine {
        id: one.id.to_string(),
        name: one.name,
        document: one.document,
        waits: Some(one.effective_on).filter(|day| *day > today),
    });
    Ok(lines.collect())
}

async fn pool(ctx: &Ctx, loyalty: &Loyalty, id: MemberId) -> Result<Vec<PoolLine>, PageError> {
    let Some(pool) = loyalty.pool(&ctx.actor, id).await? else { return Ok(Vec::new()) };
    let mut tx = ctx.web.db.read().await?;
    let named = loyalty.named(&mut tx, pool.members.iter().map(|one| one.member)).await?;
    let lines = pool.members.iter().map(|one| PoolLine {
        who: named.get(&one.member).map(|it| words::called(ctx, it)).unwrap_or_default(),
        href: href(one.member),
        part: if one.is_head {
            ctx.t("loyalty-pool-head")
        } else {
            ctx.t1("loyalty-pool-part", "percent", one.percent)
        },
    });
    Ok(lines.collect())
}

async fn wards(
    ctx: &Ctx,
    loyalty: &Loyalty,
    id: MemberId,
) -> Result<Vec<(String, String)>, PageError> {
    let wards = loyalty.wards(&ctx.actor, id).await?;
    let mut tx = ctx.web.db.read().await?;
    let named = loyalty.named(&mut tx, wards.iter().map(|one| one.id)).await?;
    let link = |one: &crate::members::Member| {
        Some((href(one.id), words::called(ctx, named.get(&one.id)?)))
    };
    Ok(wards.iter().filter_map(link).collect())
}

async fn merges(ctx: &Ctx, loyalty: &Loyalty, id: MemberId) -> Result<Vec<MergeLine>, PageError> {
    let merges = loyalty.merges_of(&ctx.actor, id).await?;
    let mut tx = ctx.web.db.read().await?;
    let ids = merges.iter().flat_map(|it| [it.from, it.into]);
    let named = loyalty.named(&mut tx, ids).await?;
    let may = ctx.actor.may(permissions::MERGE).is_ok();
    let lines = merges.iter().map(|merge| {
        let no = |id| named.get(&id).map(|it| words::number(&it.member_no)).unwrap_or_default();
        let standing = merge.undone.is_none();
        let key = if standing { "loyalty-merge-done" } else { "loyalty-merge-undone" };
        let at = merge.undone.map_or(merge.done.0, |undone| undone.0);
        MergeLine {
            sentence: ctx.t3(key, "from", no(merge.from), "into", no(merge.into), "at", ctx.at(at)),
            undo: (standing && may).then(|| format!("/members/merges/{}/undo", merge.id)),
        }
    });
    Ok(lines.collect())
}

/// What waits for another person.
fn open(ctx: &Ctx, head: &Head, proposals: &[Proposal]) -> Vec<String> {
    let waiting = proposals.iter().filter(|one| one.state == Decision::Open);
    waiting.map(|one| super::proposals::sentence(ctx, head.programme(), one)).collect()
}
