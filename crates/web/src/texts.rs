//! The words, in Fluent, complete in both languages.
//!
//! Each crate gives its files as `TEXTS: &[Source]`; `Texts::new` joins them. A key that is
//! missing in the reader's language is shown as `⟨key⟩`, counted and logged once: it is never
//! quietly replaced by the other language.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::Lang;

use crate::format;

/// One file: language and content (`include_str!("../texts/en.ftl")`).
pub type Source = (Lang, &'static str);

/// What is wrong with the text files. Found at start, never in front of a reader.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// A file does not parse.
    #[error("a {lang} text file does not parse: {errors}")]
    Syntax {
        /// Which language.
        lang: &'static str,
        /// What the parser said.
        errors: String,
    },
    /// Two crates use the same key.
    #[error("text keys are used twice in {lang}: {errors}")]
    Twice {
        /// Which language.
        lang: &'static str,
        /// Which keys.
        errors: String,
    },
}

/// All texts of the program.
pub struct Texts {
    en: FluentBundle<FluentResource>,
    zh: FluentBundle<FluentResource>,
    keys: BTreeMap<&'static str, BTreeSet<String>>,
    missing: AtomicU64,
    told: Mutex<BTreeSet<String>>,
}

impl Texts {
    /// Joins the files of all crates.
    ///
    /// # Errors
    /// When a file does not parse or a key is used twice.
    pub fn new(sets: &[&[Source]]) -> Result<Self, TextsError> {
        let mut keys = BTreeMap::new();
        let en = bundle(Lang::En, sets, &mut keys)?;
        let zh = bundle(Lang::ZhCn, sets, &mut keys)?;
        let (missing, told) = (AtomicU64::new(0), Mutex::new(BTreeSet::new()));
        Ok(Self { en, zh, keys, missing, told })
    }

    /// The text of `key` with `args` put in.
    #[must_use]
    pub fn get(&self, lang: Lang, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let bundle = match lang {
            Lang::En => &self.en,
            Lang::ZhCn => &self.zh,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return self.lost(lang, key);
        };
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            values.set(*name, value.clone());
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&values), &mut errors);
        if !errors.is_empty() {
            self.tell(lang, key, "a value of the text is missing");
        }
        text.into_owned()
    }

    /// Whether `key` exists in `lang`.
    #[must_use]
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.keys.get(lang.as_str()).is_some_and(|keys| keys.contains(key))
    }

    /// All keys of `lang`.
    #[must_use]
    pub fn keys(&self, lang: Lang) -> BTreeSet<String> {
        self.keys.get(lang.as_str()).cloned().unwrap_or_default()
    }

    /// How often a text was missing since the start (a metric).
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.missing.load(Ordering::Relaxed)
    }

    fn lost(&self, lang: Lang, key: &str) -> String {
        self.tell(lang, key, "a text is missing");
        format!("⟨{key}⟩")
    }

    fn tell(&self, lang: Lang, key: &str, what: &str) {
        self.missing.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}:{key}", lang.as_str());
        let new = self.told.lock().is_ok_and(|mut told| told.insert(name));
        if new {
            tracing::warn!(lang = lang.as_str(), key, "{what}");
        }
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts").field("missing", &self.missing()).finish_non_exhaustive()
    }
}

fn bundle(
    lang: Lang,
    sets: &[&[Source]],
    keys: &mut BTreeMap<&'static str, BTreeSet<String>>,
) -> Result<FluentBundle<FluentResource>, TextsError> {
    let name = lang.as_str();
    let tag = name.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "counts; the fraction is zero")]
            Some(format::whole(number.value as i64))
        }
        _ => None,
    }));
    let mine = keys.entry(name).or_default();
    for (_, source) in sets.iter().flat_map(|set| set.iter()).filter(|(its, _)| *its == lang) {
        let resource = FluentResource::try_new((*source).to_owned()).map_err(|(_, errors)| {
            TextsError::Syntax { lang: name, errors: format!("{errors:?}") }
        })?;
        mine.extend(message_ids(source));
        bundle.add_resource(resource).map_err(|errors| TextsError::Twice {
            lang: name,
            errors: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        })?;
    }
    Ok(bundle)
}

/// Identifiers at the start of a line followed by `=`: what Fluent calls messages.
fn message_ids(source: &str) -> impl Iterator<Item = String> {
    source.lines().filter_map(|line| {
        let (id, _) = line.split_once('=')?;
        let id = id.trim_end();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let message = id.starts_with(|c: char| c.is_ascii_alphabetic()) && id.chars().all(plain);
        message.then(|| id.to_owned())
    })
}

/// Lists what differs between the languages: for each crate's completeness test.
#[must_use]
pub fn differences(texts: &Texts) -> Vec<String> {
    let (en, zh) = (texts.keys(Lang::En), texts.keys(Lang::ZhCn));
    let only_en = en.difference(&zh).map(|key| format!("{key} has no Chinese"));
    let only_zh = zh.difference(&en).map(|key| format!("{key} has no English"));
    only_en.chain(only_zh).collect()
}

/// A value for a text: counts, words, borrowed or owned, as templates hand them over.
pub trait Arg {
    /// As Fluent takes it.
    fn arg(self) -> FluentValue<'static>;
}

/// A value of a text of which only the running program knows whether it is counted.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Words as they are.
    Text(String),
    /// A number: chooses the plural, and is written as numbers are.
    Number(i64),
}

macro_rules! args {
    ($($from:ty => |$value:ident| $to:expr),* $(,)?) => {$(
        impl Arg for $from {
            fn arg(self) -> FluentValue<'static> {
                let $value = self;
                $to
            }
        }
    )*};
}
args! {
    &str => |v| FluentValue::from(v.to_owned()),
    &&str => |v| FluentValue::from((*v).to_owned()),
    &Given => |v| match v {
        Given::Text(text) => FluentValue::from(text.clone()),
        Given::Number(number) => FluentValue::from(*number),
    },
    String => |v| FluentValue::from(v),
    &String => |v| FluentValue::from(v.clone()),
    i64 => |v| FluentValue::from(v),
    &i64 => |v| FluentValue::from(*v),
    u64 => |v| FluentValue::from(v),
    &u64 => |v| FluentValue::from(*v),
    usize => |v| FluentValue::from(v),
    &usize => |v| FluentValue::from(*v),
    i32 => |v| FluentValue::from(v),
    &i32 => |v| FluentValue::from(*v),
    u32 => |v| FluentValue::from(v),
    &u32 => |v| FluentValue::from(*v),
    u8 => |v| FluentValue::from(v),
    &u8 => |v| FluentValue::from(*v),
}
