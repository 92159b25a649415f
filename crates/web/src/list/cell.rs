//! What stands in a cell: shown on the page, and written plainly into files.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Money;
use kernel::names::PersonName;

use crate::Ctx;
use crate::assets::asset;
use crate::look::escape;

/// One cell of a list.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Nothing: a dash.
    Empty,
    /// Words.
    Text(String),
    /// Words of less weight.
    Soft(String),
    /// A number that is a name: member number, flight, airport pair.
    Code(String),
    /// A whole number.
    Num(i64),
    /// A number with so many decimals.
    Dec(f64, usize),
    /// A share, 0–1.
    Share(f64),
    /// An amount.
    Money(Money),
    /// A day.
    Date(NaiveDate),
    /// "2 h ago", exact on hover.
    Ago(DateTime<Utc>),
    /// A person in two scripts, leading to their page.
    Who(Box<PersonName>, String),
    /// Words that lead somewhere.
    Link(String, String),
    /// Words that lead somewhere and name the row.
    Title(String, String),
    /// Luggage tag: key (`gold`) and word.
    Tier(String, String),
    /// Value group: key (`keep`) and name.
    Group(String, String),
    /// State (`good`, `info`, `warn`, `bad`, empty), icon, words.
    Status(&'static str, &'static str, String),
    /// State and words in a box.
    Tag(&'static str, String),
    /// Yes or no.
    Flag(bool),
    /// Several cells in one.
    Many(Vec<Self>),
}

impl Cell {
    /// Words, or nothing.
    #[must_use]
    pub fn text(words: Option<impl Into<String>>) -> Self {
        words.map_or(Self::Empty, |words| Self::Text(words.into()))
    }

    /// A number, or nothing.
    #[must_use]
    pub fn num(n: Option<i64>) -> Self {
        n.map_or(Self::Empty, Self::Num)
    }

    /// A day, or nothing.
    #[must_use]
    pub fn date(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Empty, Self::Date)
    }

    /// A moment, or nothing.
    #[must_use]
    pub fn ago(at: Option<DateTime<Utc>>) -> Self {
        at.map_or(Self::Empty, Self::Ago)
    }

    /// As HTML; everything that came from data is escaped.
    #[must_use]
    pub fn html(&self, ctx: &Ctx) -> String {
        match self {
            Self::Empty => format!(
                r#"<span class="muted" aria-hidden="true">–</span><span class="sr">{}</span>"#,
                escape(&ctx.t("list-nothing"))
            ),
            Self::Text(words) => long(words),
            Self::Soft(words) => format!(r#"<span class="soft">{}</span>"#, long(words)),
            Self::Code(words) => format!(r#"<span class="code">{}</span>"#, escape(words)),
            Self::Ago(at) => ctx.ago(at).0,
            Self::Date(date) => format!("<time>{}</time>", ctx.date(date)),
            Self::Who(name, href) => who(ctx, name, href),
            Self::Link(words, href) => {
                format!(r#"<a class="link" href="{}">{}</a>"#, escape(href), escape(words))
            }
            Self::Title(words, href) => {
                format!(r#"<a class="who" href="{}">{}</a>"#, escape(href), escape(words))
            }
            Self::Tier(key, word) => {
                format!(r#"<span class="tier" data-tier="{}">{}</span>"#, escape(key), escape(word))
            }
            Self::Group(key, name) => {
                format!(r#"<span class="vg" data-v="{}">{}</span>"#, escape(key), escape(name))
            }
            Self::Status(state, icon, words) => format!(
                r#"<span class="st" data-s="{state}">{}<span>{}</span></span>"#,
                svg(icon),
                escape(words)
            ),
            Self::Tag(state, words) => {
                format!(r#"<span class="tag" data-s="{state}">{}</span>"#, escape(words))
            }
            Self::Flag(true) => format!(
                r#"<span class="st" data-s="good">{}<span>{}</span></span>"#,
                svg("check"),
                escape(&ctx.t("yes"))
            ),
            Self::Flag(false) => format!(r#"<span class="soft">{}</span>"#, escape(&ctx.t("no"))),
            Self::Many(cells) => {
                cells.iter().map(|cell| cell.html(ctx)).collect::<Vec<_>>().join(" ")
            }
            Self::Num(_) | Self::Dec(..) | Self::Share(_) | Self::Money(_) => {
                escape(&self.plain(ctx))
            }
        }
    }

    /// As plain words, for files and labels.
    #[must_use]
    pub fn plain(&self, ctx: &Ctx) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(words)
            | Self::Soft(words)
            | Self::Code(words)
            | Self::Link(words, _)
            | Self::Title(words, _)
            | Self::Tier(_, words)
            | Self::Group(_, words)
            | Self::Status(_, _, words)
            | Self::Tag(_, words) => words.clone(),
            Self::Num(n) => ctx.num(n),
            Self::Dec(x, places) => ctx.dec(x, *places),
            Self::Share(x) => ctx.pct(x),
            Self::Money(money) => ctx.money(money),
            Self::Date(date) => ctx.date(date),
            Self::Ago(at) => ctx.at(at),
            Self::Who(name, _) => ctx.name(name),
            Self::Flag(yes) => ctx.t(if *yes { "yes" } else { "no" }),
            Self::Many(cells) => {
                cells.iter().map(|cell| cell.plain(ctx)).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// Long words stay on one line; the whole of them on hover.
fn long(words: &str) -> String {
    let safe = escape(words);
    if words.chars().count() > 32 {
        format!(r#"<span class="long" title="{safe}">{safe}</span>"#)
    } else {
        safe
    }
}

fn who(ctx: &Ctx, name: &PersonName, href: &str) -> String {
    let other = ctx.name2(name).map_or_else(String::new, |other| {
        format!(r#"<small lang="{}">{}</small>"#, ctx.name2_lang(), escape(&other))
    });
    format!(r#"<a class="who" href="{}">{}{other}</a>"#, escape(href), escape(&ctx.name(name)))
}

/// An icon of the sprite.
#[must_use]
pub fn svg(name: &str) -> String {
    format!(
        r##"<svg class="i" aria-hidden="true"><use href="{}#{name}"/></svg>"##,
        asset("icons.svg")
    )
}
