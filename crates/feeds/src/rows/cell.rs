//! One value: its text read as the type of its field.

use chrono::NaiveDate;
use kernel::personal;

use crate::cells::date::{self, Fault, Order};
use crate::cells::place::{self, Place};
use crate::cells::{number, words::Vocabulary};
use crate::mapping::fields::Type;

/// A value that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// No value.
    #[default]
    None,
    /// Text.
    Text(String),
    /// A word of a closed set.
    Word(&'static str),
    /// A whole number; minutes and minor units too.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A day.
    Date(NaiveDate),
}

/// Why a value cannot be taken, as code and arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

/// How a column is to be read.
#[derive(Clone, Debug)]
pub struct Reading {
    pub ty: Type,
    pub order: Order,
    pub decimal: char,
    pub scale: f64,
    pub check_digit: bool,
}

/// A value, and whether it had to be tidied.
pub type Read = Result<(Cell, bool), Refusal>;

fn refuse(code: &'static str) -> Refusal {
    Refusal { code, args: Vec::new() }
}

/// Reads `text`, which is not blank.
pub fn read(text: &str, how: &Reading) -> Read {
    let plain = |cell: Cell| Ok((cell, false));
    match how.ty {
        Type::Text(longest) => limited(text, longest).map(|text| (Cell::Text(text), false)),
        Type::Name => limited(text, 120).map(|text| (Cell::Text(text), false)),
        Type::MemberNo => member_no(text, how.check_digit),
        Type::Date => day(text, how.order),
        Type::Time => {
            date::minutes(text).map(|m| (Cell::Whole(m), false)).ok_or_else(|| refuse("time-form"))
        }
        Type::Whole(low, high) => whole(text, how, low, high),
        Type::Number(low, high) => {
            let number = number::parse(text, how.decimal).ok_or_else(|| refuse("number-form"))?;
            let number = number * how.scale;
            bounds(number, low, high)?;
            plain(Cell::Number(number))
        }
        Type::Money => {
            let amount = number::parse(text, how.decimal).ok_or_else(|| refuse("number-form"))?;
            let minor = (amount * how.scale * 100.0).round();
            bounds(minor / 100.0, -1e12, 1e12)?;
            plain(Cell::Whole(minor as i64))
        }
        Type::Word(words) => word(text, words),
        Type::Airport => airport(text),
        Type::Code(longest) => code(text, longest),
        Type::Country => place::country(text)
            .map(|code| (Cell::Text(code.to_owned()), false))
            .ok_or_else(|| refuse("country-unknown")),
        Type::Place => place(text),
        Type::Phone => kernel::phone::normalise(text)
            .map(|phone| (Cell::Text(phone), false))
            .ok_or_else(|| refuse("phone-form")),
        Type::Email => email(text),
        Type::Document => document(text),
    }
}

/// How `text` appears in reports: never a person's own data in clear, never endless.
pub fn shown(text: &str, ty: Type) -> String {
    let text = text.trim();
    match ty {
        Type::Phone => personal::mask_phone(text),
        Type::Email => personal::mask_email(text),
        Type::Document => personal::mask_document(text),
        Type::Name => personal::mask_name(text),
        _ if text.chars().count() > 60 => text.chars().take(59).chain(['…']).collect(),
        _ => text.to_owned(),
    }
}

fn limited(text: &str, longest: usize) -> Result<String, Refusal> {
    if text.chars().count() > longest {
        return Err(Refusal { code: "text-long", args: vec![("longest", longest.to_string())] });
    }
    Ok(text.to_owned())
}

fn member_no(text: &str, check_digit: bool) -> Read {
    let plain: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
    let fits =
        (1..=20).contains(&plain.len()) && plain.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !fits {
        return Err(refuse("member-no-form"));
    }
    if check_digit && !kernel::member_no::is_valid(&plain) {
        return Err(refuse("member-no-check"));
    }
    Ok((Cell::Text(plain.to_ascii_uppercase()), false))
}

fn day(text: &str, order: Order) -> Read {
    date::parse(text, order).map(|day| (Cell::Date(day), false)).map_err(|fault| match fault {
        Fault::Form => {
            Refusal { code: "date-form", args: vec![("order", order.as_str().to_owned())] }
        }
        Fault::Century => refuse("date-century"),
        Fault::NoSuchDay { days: 0, month, .. } => {
            Refusal { code: "date-no-such-month", args: vec![("month", month.to_string())] }
        }
        Fault::NoSuchDay { year, month, days } => Refusal {
            code: "date-no-such-day",
            args: vec![
                ("year", year.to_string()),
                ("month", month.to_string()),
                ("days", days.to_string()),
            ],
        },
    })
}

fn whole(text: &str, how: &Reading, low: i64, high: i64) -> Read {
    let number = if (how.scale - 1.0).abs() < f64::EPSILON {
        number::whole(text, how.decimal).ok_or_else(|| whole_refusal(text, how.decimal))?
    } else {
        let scaled =
            number::parse(text, how.decimal).ok_or_else(|| refuse("number-form"))? * how.scale;
        bounds(scaled, low as f64, high as f64)?;
        scaled.round() as i64
    };
    if low == 0 && number < 0 {
        return Err(refuse("negative"));
    }
    if !(low..=high).contains(&number) {
        return Err(outside(low.to_string(), high.to_string()));
    }
    Ok((Cell::Whole(number), false))
}

fn whole_refusal(text: &str, decimal: char) -> Refusal {
    refuse(if number::parse(text, decimal).is_some() { "whole-form" } else { "number-form" })
}

fn bounds(number: f64, low: f64, high: f64) -> Result<(), Refusal> {
    if low == 0.0 && number < 0.0 {
        return Err(refuse("negative"));
    }
    if !(low..=high).contains(&number) {
        return Err(outside(low.to_string(), high.to_string()));
    }
    Ok(())
}

fn outside(low: String, high: String) -> Refusal {
    Refusal { code: "out-of-range", args: vec![("low", low), ("high", high)] }
}

fn word(text: &str, words: Vocabulary) -> Read {
    words.find(text).map(|word| (Cell::Word(word), false)).ok_or_else(|| Refusal {
        code: "word-unknown",
        args: vec![("words", words.values().collect::<Vec<_>>().join(", "))],
    })
}

fn airport(text: &str) -> Read {
    let mut code = [0_u8; 3];
    let fits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !fits {
        return Err(refuse("airport-form"));
    }
    code.copy_from_slice(text.as_bytes());
    code.make_ascii_uppercase();
    let upper = std::str::from_utf8(&code).unwrap_or_default();
    kernel::airports::find(upper)
        .map(|_| (Cell::Text(upper.to_owned()), false))
        .ok_or_else(|| refuse("airport-unknown"))
}

fn code(text: &str, longest: usize) -> Read {
    let plain: String = text
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '-'))
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let fits = (1..=longest).contains(&plain.len())
        && plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'/');
    if fits {
        Ok((Cell::Text(plain), false))
    } else {
        Err(Refusal { code: "code-form", args: vec![("longest", longest.to_string())] })
    }
}

fn place(text: &str) -> Read {
    if text.chars().count() > 120 {
        return Err(Refusal { code: "text-long", args: vec![("longest", "120".to_owned())] });
    }
    match place::clean(text) {
        Place::Good(name) => Ok((Cell::Text(name), false)),
        Place::Trimmed(name) => Ok((Cell::Text(name), true)),
        Place::Empty => Err(refuse("place-empty")),
        Place::Digits => Err(refuse("place-digits")),
    }
}

fn email(text: &str) -> Read {
    let good = text.len() <= 254
        && !text.contains(char::is_whitespace)
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.len() <= 64
                && domain.contains('.')
                && !domain.contains('@')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
        });
    if good { Ok((Cell::Text(text.to_lowercase()), false)) } else { Err(refuse("email-form")) }
}

fn document(text: &str) -> Read {
    let plain: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
    let fits =
        (4..=30).contains(&plain.len()) && plain.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits {
        Ok((Cell::Text(plain.to_ascii_uppercase()), false))
    } else {
        Err(refuse("document-form"))
    }
}
