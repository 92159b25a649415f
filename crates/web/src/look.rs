//! How a page addresses its reader: language, theme, density, words and formats. [`Look`] is all a
//! page for strangers needs; [`crate::Ctx`] adds the person.

use askama::filters::Safe;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts as RequestParts;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use kernel::Lang;
use kernel::Money;
use kernel::names::PersonName;

use crate::Web;
use crate::cookies;
use crate::flash::Toast;
use crate::format;
use crate::texts::Arg;

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// As in the cookie and in the class of the page.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// By name; anything unknown is as the system has it.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// Height of table rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// 30 px
    Compact,
    /// 36 px
    #[default]
    Normal,
    /// 44 px
    Comfortable,
}

impl Density {
    /// As in the cookie and on the page.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Normal => "normal",
            Self::Comfortable => "comfortable",
        }
    }

    /// By name; anything unknown is normal.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "compact" => Self::Compact,
            "comfortable" => Self::Comfortable,
            _ => Self::Normal,
        }
    }
}

/// The reader's language from `Accept-Language`; Chinese when none of ours is wanted.
#[must_use]
pub fn negotiate(header: &str) -> Lang {
    Lang::from_accept(header).unwrap_or(Lang::ZhCn)
}

/// Language, theme and words of one request.
#[derive(Clone, Debug)]
pub struct Look {
    /// The house.
    pub web: Web,
    /// Reader's language.
    pub lang: Lang,
    /// Reader's theme.
    pub theme: Theme,
    /// Reader's row height.
    pub density: Density,
    /// Path of the request.
    pub path: String,
    /// Its query, without `?`.
    pub query: String,
    /// A part is wanted (htmx).
    pub part: bool,
    /// Shown in the side panel beside a list.
    pub side: bool,
    /// Messages from the request before.
    pub toasts: Vec<Toast>,
    /// The moment of the request.
    pub now: DateTime<Utc>,
    /// Reader's time zone.
    pub zone: Tz,
}

impl Look {
    /// From cookies and headers alone.
    pub(crate) fn of(web: &Web, parts: &RequestParts) -> Self {
        let header =
            |name| parts.headers.get(name).and_then(|v: &axum::http::HeaderValue| v.to_str().ok());
        let jar = header(COOKIE.as_str()).unwrap_or_default();
        let lang = cookies::get(jar, cookies::LANG)
            .and_then(Lang::parse)
            .unwrap_or_else(|| negotiate(header(ACCEPT_LANGUAGE.as_str()).unwrap_or_default()));
        Self {
            lang,
            theme: Theme::parse(cookies::get(jar, cookies::THEME).unwrap_or_default()),
            density: Density::parse(cookies::get(jar, cookies::DENSITY).unwrap_or_default()),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            part: header("hx-request") == Some("true"),
            side: header("jb-side") == Some("1"),
            toasts: crate::flash::read(web, jar),
            now: web.clock.now(),
            zone: web.config.time_zone,
            web: web.clone(),
        }
    }

    /// What the person chose counts more than this browser's cookies.
    pub(crate) fn prefer(&mut self, chosen: &access::Preferences) {
        self.lang = chosen.lang.unwrap_or(self.lang);
        self.theme = match chosen.theme {
            access::Theme::System => Theme::Auto,
            access::Theme::Light => Theme::Light,
            access::Theme::Dark => Theme::Dark,
        };
        self.density = match chosen.density {
            access::Density::Normal => Density::Normal,
            access::Density::Comfortable => Density::Comfortable,
            access::Density::Compact => Density::Compact,
        };
        self.zone = chosen.time_zone.parse().unwrap_or(self.zone);
    }

    /// The text of `key`.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.web.texts.get(self.lang, key, &[])
    }

    /// The text of `key` with one value.
    #[must_use]
    pub fn t1(&self, key: &str, name: &str, value: impl Arg) -> String {
        self.web.texts.get(self.lang, key, &[(name, value.arg())])
    }

    /// The text of `key` with two values.
    #[must_use]
    pub fn t2(&self, key: &str, n1: &str, v1: impl Arg, n2: &str, v2: impl Arg) -> String {
        self.web.texts.get(self.lang, key, &[(n1, v1.arg()), (n2, v2.arg())])
    }

    /// The text of `key` with three values.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "called from templates, which have no arrays")]
    pub fn t3(
        &self,
        key: &str,
        n1: &str,
        v1: impl Arg,
        n2: &str,
        v2: impl Arg,
        n3: &str,
        v3: impl Arg,
    ) -> String {
        self.web.texts.get(self.lang, key, &[(n1, v1.arg()), (n2, v2.arg()), (n3, v3.arg())])
    }

    /// The text of `key` with words as values (as errors carry them).
    #[must_use]
    pub fn tv<V>(&self, key: &str, values: &[(&str, V)]) -> String
    where
        for<'v> &'v V: Arg,
    {
        let args: Vec<_> = values.iter().map(|(name, value)| (*name, value.arg())).collect();
        self.web.texts.get(self.lang, key, &args)
    }

    /// Whether there is such a text.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.web.texts.has(self.lang, key)
    }

    /// `zh-CN` or `en`.
    #[must_use]
    pub fn lang_tag(&self) -> &'static str {
        self.lang.as_str()
    }

    /// Whether the reader reads Chinese.
    #[must_use]
    pub fn zh(&self) -> bool {
        self.lang == Lang::ZhCn
    }

    /// A whole number, grouped.
    #[must_use]
    pub fn num(&self, n: impl Whole) -> String {
        format::whole(n.whole())
    }

    /// A number with `places` decimals.
    #[must_use]
    pub fn dec(&self, x: impl Real, places: usize) -> String {
        format::decimal(x.real(), places)
    }

    /// A share (0–1) in per cent with one decimal.
    #[must_use]
    pub fn pct(&self, share: impl Real) -> String {
        format::percent(share.real())
    }

    /// A size in bytes.
    #[must_use]
    pub fn bytes(&self, n: impl Whole) -> String {
        format::bytes(u64::try_from(n.whole()).unwrap_or(0))
    }

    /// An amount with its currency: `CNY 1,280.00`.
    #[must_use]
    pub fn money(&self, money: &Money) -> String {
        let text = money.to_string();
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(text.len());
        let (whole, rest) = text.split_at(digits);
        whole.parse().map_or_else(
            |_| text.clone(),
            |n: i64| {
                let sign = if n == 0 && whole.starts_with('-') { "-" } else { "" };
                format!("{sign}{}{rest}", self.num(n))
            },
        )
    }

    /// A date in a table: `2026-10-31`.
    #[must_use]
    pub fn date(&self, date: impl Day) -> String {
        date.day().format("%Y-%m-%d").to_string()
    }

    /// A date in a sentence: `31 Oct 2026`, `2026 年 10 月 31 日`.
    #[must_use]
    pub fn day(&self, date: impl Day) -> String {
        format::day(self.lang, date.day())
    }

    /// A month in a sentence.
    #[must_use]
    pub fn month(&self, date: impl Day) -> String {
        format::month(self.lang, date.day())
    }

    /// Today where the reader is.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// A moment as local date and time: `2026-10-31 18:42`.
    #[must_use]
    pub fn at(&self, at: impl Moment) -> String {
        let local = at.moment().with_timezone(&self.zone);
        local.format("%Y-%m-%d %H:%M").to_string()
    }

    /// "2 h ago" as plain words.
    #[must_use]
    pub fn ago_text(&self, at: impl Moment) -> String {
        let (key, n) = format::span(self.now, at.moment());
        self.t1(key, "n", n)
    }

    /// "2 h ago" with the exact local and UTC time on hover.
    #[must_use]
    pub fn ago(&self, at: impl Moment) -> Safe<String> {
        let at = at.moment();
        let local = at.with_timezone(&self.zone);
        let title = format!(
            "{} {} · {} UTC",
            local.format("%Y-%m-%d %H:%M:%S"),
            self.zone.name(),
            at.format("%Y-%m-%d %H:%M:%S"),
        );
        Safe(format!(
            r#"<time datetime="{}" title="{title}">{}</time>"#,
            at.format("%Y-%m-%dT%H:%M:%SZ"),
            escape(&self.ago_text(at)),
        ))
    }

    /// A name in the reader's script.
    #[must_use]
    pub fn name(&self, name: &PersonName) -> String {
        name.display(self.lang)
    }

    /// The same name in its other script, if it has one.
    #[must_use]
    pub fn name2(&self, name: &PersonName) -> Option<String> {
        name.secondary(self.lang)
    }

    /// Language tag of what [`Look::name2`] returns.
    #[must_use]
    pub fn name2_lang(&self) -> &'static str {
        match self.lang {
            Lang::ZhCn => "zh-Latn",
            Lang::En => "zh-CN",
        }
    }
}

/// Text for HTML: the five characters that mean something there.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

macro_rules! by_value_or_reference {
    ($(#[$doc:meta])* $name:ident :: $method:ident -> $to:ty { $($from:ty => |$v:ident| $how:expr),* $(,)? }) => {
        $(#[$doc])*
        pub trait $name {
            /// The value.
            fn $method(&self) -> $to;
        }
        $(impl $name for $from {
            fn $method(&self) -> $to {
                let $v = *self;
                $how
            }
        })*
        impl<T: $name + ?Sized> $name for &T {
            fn $method(&self) -> $to {
                (**self).$method()
            }
        }
    };
}

by_value_or_reference! {
    /// Counts, as templates hand them over.
    Whole::whole -> i64 {
        i64 => |v| v,
        i32 => |v| i64::from(v),
        u32 => |v| i64::from(v),
        u8 => |v| i64::from(v),
        u64 => |v| i64::try_from(v).unwrap_or(i64::MAX),
        usize => |v| i64::try_from(v).unwrap_or(i64::MAX),
    }
}
by_value_or_reference! {
    /// Measured numbers.
    Real::real -> f64 { f64 => |v| v, f32 => |v| f64::from(v) }
}
by_value_or_reference! {
    /// Days.
    Day::day -> NaiveDate { NaiveDate => |v| v }
}
by_value_or_reference! {
    /// Moments.
    Moment::moment -> DateTime<Utc> { DateTime<Utc> => |v| v }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_escaped() {
        assert_eq!(escape(r#"<a href="x">&'"#), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    }
}
