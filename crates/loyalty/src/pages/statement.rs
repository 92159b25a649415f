//! `/members/{id}/statement`: every line in words, and the balance as it was known on a day.

use askama::Template;
use axum::extract::{Path, State};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use web::form::Fields;
use web::{Ctx, PageResult};

use super::head::Head;
use super::lines::{Reader, Said};
use super::{export, words};
use crate::ledger::{Account, Sort, Unit, Which};
use crate::{Loyalty, MemberId, Rooms, permissions};

/// Lines on a page.
const PAGE: i64 = 50;

/// What is asked for.
pub(super) struct Asked {
    pub unit: Unit,
    pub kind: Option<Sort>,
    pub on: Option<NaiveDate>,
    pub known: Option<NaiveDate>,
    of: Option<MemberId>,
    before: Option<i64>,
}

impl Asked {
    /// What does not fit is left aside: a link is never refused for a filter.
    fn read(ctx: &Ctx) -> Self {
        let fields = Fields(web::url::pairs(&ctx.query));
        let day = |name: &str| fields.get(name).parse::<NaiveDate>().ok().filter(|it| sane(*it));
        Self {
            unit: fields.get("unit").parse().unwrap_or(Unit::Miles),
            kind: fields.get("kind").parse().ok(),
            on: day("on"),
            known: day("known"),
            of: fields.get("of").parse().ok(),
            before: fields.get("before").parse().ok(),
        }
    }

    /// The lines asked for: days with their last moment.
    pub fn which(&self, loyalty: &Loyalty) -> Which {
        let end = |day: NaiveDate| loyalty.midnight(day.succ_opt().unwrap_or(day));
        let last = |day: Option<NaiveDate>| day.map(|day| end(day) - Duration::microseconds(1));
        Which { sort: self.kind, effective: last(self.on), known: last(self.known) }
    }

    fn link(&self, base: &str, more: &[(&str, String)]) -> String {
        let day = |day: Option<NaiveDate>| day.map(|it| it.to_string()).unwrap_or_default();
        let mut pairs = vec![
            ("unit", self.unit.as_str().to_owned()),
            ("kind", self.kind.map(|it| it.as_str().to_owned()).unwrap_or_default()),
            ("of", self.of.map(|it| it.to_string()).unwrap_or_default()),
            ("on", day(self.on)),
            ("known", day(self.known)),
        ];
        pairs.extend(more.iter().cloned());
        format!("{base}?{}", web::url::query(&pairs))
    }
}

/// Days a calendar has.
fn sane(day: NaiveDate) -> bool {
    (1970..9999).contains(&chrono::Datelike::year(&day))
}

/// The lines of one month.
struct Month {
    name: String,
    lines: Vec<Said>,
}

#[derive(Template)]
#[template(path = "loyalty/members/statement.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    units: Vec<(String, String)>,
    unit: String,
    kinds: Vec<(String, String)>,
    kind: String,
    /// Memberships merged into one, by number; empty for one alone.
    accounts: Vec<(String, String)>,
    of: String,
    on: String,
    known: String,
    sentence: String,
    note: String,
    months: Vec<Month>,
    first: Option<String>,
    next: Option<String>,
    csv: Option<String>,
}

/// `GET /members/{id}/statement`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let id: MemberId = super::id(&id)?;
    let asked = Asked::read(&ctx);
    let head = Head::of(&ctx, &rooms, id, "statement").await?;
    let loyalty = &rooms.loyalty;
    let mut tx = ctx.web.db.read().await?;
    let all = loyalty.accounts(&mut tx, id).await?;
    let account = chosen(&all, id, &asked);
    if Fields(web::url::pairs(&ctx.query)).has("export") {
        drop(tx);
        return export::serve(&ctx, &head, account, &asked, loyalty).await;
    }
    let (lines, more, sentence) = match account {
        Some(account) => {
            let lines = lines(&ctx, loyalty, &mut tx, &head, account, &asked).await?;
            let at = balance(&ctx, loyalty, &mut tx, &head, account, &asked).await?;
            (lines.0, lines.1, at)
        }
        None => (Vec::new(), false, ctx.t("loyalty-statement-no-account")),
    };
    let named = loyalty.named(&mut tx, all.iter().filter_map(|it| it.owner)).await?;
    drop(tx);
    let base = format!("{}/statement", head.href());
    let next = more.then(|| lines.last().map(|line| line.seq)).flatten();
    let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut owners: Vec<MemberId> = all.iter().filter_map(|it| it.owner).collect();
    owners.dedup();
    let number = |id: &MemberId| named.get(id).map(|it| words::number(&it.member_no));
    let accounts = owners.iter().filter_map(|id| Some((id.to_string(), number(id)?)));
    let show = Show {
        units: units(&ctx),
        unit: asked.unit.as_str().to_owned(),
        kinds: kinds(&ctx),
        kind: asked.kind.map(|it| it.as_str().to_owned()).unwrap_or_default(),
        accounts: if owners.len() > 1 { accounts.collect() } else { Vec::new() },
        of: account.and_then(|it| it.owner).map(|it| it.to_string()).unwrap_or_default(),
        on: text(asked.on),
        known: text(asked.known),
        sentence,
        note: note(&ctx, &asked),
        months: by_month(&ctx, lines),
        first: asked.before.map(|_| asked.link(&base, &[])),
        next: next.map(|seq| asked.link(&base, &[("before", seq.to_string())])),
        csv: ctx
            .actor
            .may(permissions::EXPORT)
            .is_ok()
            .then(|| asked.link(&base, &[("export", "csv".to_owned())])),
        ctx: &ctx,
        head: &head,
    };
    Ok(ctx.page(&show))
}

/// The account of the unit: of the membership asked for, else of the member itself.
fn chosen<'a>(all: &'a [Account], id: MemberId, asked: &Asked) -> Option<&'a Account> {
    let of = |owner: MemberId| {
        all.iter().find(|it| it.owner == Some(owner) && it.book.unit == asked.unit)
    };
    asked.of.and_then(of).or_else(|| of(id))
}

/// A page of lines, and whether there are more.
async fn lines(
    ctx: &Ctx,
    loyalty: &Loyalty,
    tx: &mut store::Tx,
    head: &Head,
    account: &Account,
    asked: &Asked,
) -> Result<(Vec<Said>, bool), web::PageError> {
    let (ledger, which) = (loyalty.ledger(), asked.which(loyalty));
    let mut found = ledger.lines(tx, account.id, &which, asked.before, PAGE + 1).await?;
    let more = found.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    // With lines left out by when they were true, the balance after each is another than the books'.
    if which.effective.is_some() {
        let all = Which { sort: None, ..which };
        let before = asked.before.unwrap_or(i64::MAX);
        let mut left = ledger.sum(tx, account.id, &all, Some(before)).await?;
        for line in &mut found {
            if which.sort.is_some() {
                left = ledger.sum(tx, account.id, &all, Some(line.seq + 1)).await?;
            }
            line.balance = left;
            left -= line.change;
        }
    }
    let (member, rules, unit) = (head.member.id, head.programme(), asked.unit);
    let reader = Reader { ctx, loyalty, member, rules, unit };
    Ok((reader.say(tx, found).await?, more))
}

/// The balance in a sentence, of the days asked for.
async fn balance(
    ctx: &Ctx,
    loyalty: &Loyalty,
    tx: &mut store::Tx,
    head: &Head,
    account: &Account,
    asked: &Asked,
) -> Result<String, web::PageError> {
    let which = asked.which(loyalty);
    let say = |n: i64| words::amount(ctx, head.programme(), asked.unit, n);
    if which.effective.is_none() && which.known.is_none() {
        return Ok(ctx.t1("loyalty-balance-now", "amount", say(account.balance)));
    }
    let far = DateTime::<Utc>::MAX_UTC;
    let now = loyalty.now();
    let effective = which.effective.unwrap_or(far.min(now));
    let known = which.known.unwrap_or(far.min(now));
    let n = loyalty.ledger().balance_at(tx, account.id, effective, known).await?;
    let today = ctx.today();
    let (on, known) = (asked.on.unwrap_or(today), asked.known.unwrap_or(today));
    Ok(ctx.t3(
        "loyalty-balance-then",
        "amount",
        say(n),
        "on",
        ctx.date(on),
        "known",
        ctx.date(known),
    ))
}

fn note(ctx: &Ctx, asked: &Asked) -> String {
    match (asked.on, asked.known) {
        (None, None) => ctx.t("loyalty-statement-note"),
        _ => ctx.t("loyalty-statement-note-then"),
    }
}

fn units(ctx: &Ctx) -> Vec<(String, String)> {
    let word = |unit: &Unit| ctx.t(&format!("loyalty-unit-{}", unit.as_str()));
    Unit::ALL.iter().map(|unit| (unit.as_str().to_owned(), word(unit))).collect()
}

fn kinds(ctx: &Ctx) -> Vec<(String, String)> {
    let word = |sort: &Sort| ctx.t(&format!("loyalty-sort-{}", sort.as_str()));
    let all = Sort::ALL.iter().map(|sort| (sort.as_str().to_owned(), word(sort)));
    std::iter::once((String::new(), ctx.t("loyalty-sort-all"))).chain(all).collect()
}

fn by_month(ctx: &Ctx, lines: Vec<Said>) -> Vec<Month> {
    let mut months: Vec<(NaiveDate, Month)> = Vec::new();
    for line in lines {
        match months.last_mut().filter(|(first, _)| *first == line.month) {
            Some((_, month)) => month.lines.push(line),
            None => {
                let name = ctx.month(line.month);
                months.push((line.month, Month { name, lines: vec![line] }));
            }
        }
    }
    months.into_iter().map(|(_, month)| month).collect()
}
