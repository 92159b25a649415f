//! Small sentences several pages share.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::names::PersonName;
use uuid::Uuid;
use web::Ctx;
use web::list::Choices;
use web::texts::Given;

use crate::timeline::{Arg, Words};
use crate::{Error, FieldError};

/// What to call somebody of whom only a number is known.
pub(super) fn nameless(ctx: &Ctx, member_no: &str) -> String {
    if member_no.is_empty() {
        return ctx.t("customers-nameless");
    }
    ctx.t1("customers-nameless-member", "no", kernel::member_no::grouped(member_no))
}

/// What to call somebody: by name, else by number.
pub(super) fn called(ctx: &Ctx, name: &PersonName, member_no: &str) -> String {
    if name.is_empty() { nameless(ctx, member_no) } else { ctx.name(name) }
}

/// What a feed is called: the usual ones have names, others are called as they were set up.
pub(crate) fn source_name(ctx: &Ctx, source: &str) -> String {
    let key = format!("customers-source-{}", source.to_ascii_lowercase());
    if ctx.has(&key) { ctx.t(&key) } else { source.to_owned() }
}

/// What a source calls one mention of a person: of a passenger's key
/// (`CA1501/2026-11-22/PEKSHA/NABC12/ZHANG/SAN`) flight, day, route and locator, the name being on
/// the page already; other keys as they are.
pub(crate) fn mention(ctx: &Ctx, source: &str, key: &str) -> String {
    if !["booking", "departure", "ticket", "boarding-pass"].contains(&source) {
        return key.to_owned();
    }
    let mut parts = key.split('/');
    let (Some(flight), Some(day), Some(route)) = (parts.next(), parts.next(), parts.next()) else {
        return key.to_owned();
    };
    let day = day.parse::<NaiveDate>().map_or_else(|_| day.to_owned(), |day| ctx.date(day));
    let route = match (route.get(..3), route.get(3..)) {
        (Some(board), Some(off)) if !off.is_empty() => format!("{board}–{off}"),
        _ => route.to_owned(),
    };
    let locator = parts.next().filter(|locator| *locator != "-");
    let words = [Some(flight.to_owned()), Some(day), Some(route), locator.map(str::to_owned)];
    words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// "3 days ago", for days.
pub(crate) fn days_ago(ctx: &Ctx, day: NaiveDate) -> String {
    let days = (ctx.today() - day).num_days();
    match days {
        0 => ctx.t("customers-today"),
        i64::MIN..0 => ctx.date(day),
        1..=59 => ctx.t1("customers-days-ago", "n", days),
        60..=729 => ctx.t1("customers-months-ago", "n", days / 30),
        _ => ctx.t1("customers-years-ago", "n", days / 365),
    }
}

/// The owner of a row in short: whether it is the reader, or somebody.
pub(super) fn owner_of(ctx: &Ctx, owner: &str) -> Option<String> {
    let owner: Uuid = owner.parse().ok()?;
    Some(if owner == ctx.actor.id {
        ctx.actor.name.clone()
    } else {
        ctx.t("customers-owner-other")
    })
}

/// Owners to filter by, the reader first.
pub(super) async fn owners(ctx: &Ctx, ids: &[Uuid]) -> Result<Choices, Error> {
    let mut all: Vec<Uuid> = vec![ctx.actor.id];
    all.extend(ids.iter().filter(|id| **id != ctx.actor.id));
    let names: BTreeMap<Uuid, String> = ctx.web.access.names(&all).await?;
    Ok(all.into_iter().filter_map(|id| Some((id.to_string(), names.get(&id)?.clone()))).collect())
}

/// A sentence of the timeline.
pub(crate) fn say(ctx: &Ctx, words: &Words) -> String {
    let (key, args) = match words {
        Words::Text(text) => return text.clone(),
        Words::Key(key, args) => (key, args),
    };
    let values: Vec<(&str, Given)> = args
        .iter()
        .map(|(name, arg)| {
            let value = match arg {
                Arg::Num(n) => return (*name, Given::Number(*n)),
                Arg::Text(text) | Arg::Airport(text) => text.clone(),
                Arg::Source(source) => source_name(ctx, source),
                Arg::Date(day) => ctx.day(*day),
                Arg::Key(key) => ctx.t(key),
                Arg::Keys(keys) => {
                    let words: Vec<String> = keys.iter().map(|key| ctx.t(key)).collect();
                    words.join(&ctx.t("customers-and"))
                }
            };
            (*name, Given::Text(value))
        })
        .collect();
    ctx.tv(key, &values)
}

/// Field errors as the form shows them.
pub(super) fn form_errors(ctx: &Ctx, problems: &[FieldError]) -> web::form::Errors {
    let mut errors = web::form::Errors::none();
    for problem in problems {
        errors.add(problem.field, ctx.t(&format!("error-{}", problem.code)));
    }
    errors
}

/// For templates: texts whose key has a word of the data in the middle.
pub(super) trait Tell {
    /// The reader.
    fn reader(&self) -> &Ctx;

    /// `<before><word><after>`
    fn tt(&self, before: &str, word: &str, after: &str) -> String {
        self.reader().t(&format!("{before}{word}{after}"))
    }

    /// The same with one value.
    fn tt1(
        &self,
        before: &str,
        word: &str,
        after: &str,
        name: &str,
        value: impl web::texts::Arg,
    ) -> String {
        self.reader().t1(&format!("{before}{word}{after}"), name, value)
    }

    /// Whether there is such a text.
    fn has_text(&self, before: &str, word: &str, after: &str) -> bool {
        self.reader().has(&format!("{before}{word}{after}"))
    }
}
