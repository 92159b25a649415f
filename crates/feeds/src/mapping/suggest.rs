//! What each column probably is, and why. The reasons are shown beside the suggestion.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fields::{Field, FileKind, Type};
use super::{Column, Mapping};
use crate::cells::date::Order;
use crate::cells::words::Vocabulary;
use crate::file::{Facts, Profile};

/// How certain a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Not imported.
    Skipped,
    /// Imported, but some values do not fit.
    Errors,
    /// Somebody has to say yes.
    Confirm,
    /// Sure.
    Sure,
}

impl Certainty {
    /// As in text keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Errors => "errors",
            Self::Confirm => "confirm",
            Self::Sure => "sure",
        }
    }
}

/// A reason: text key `feeds-why-<code>` and its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Reason {
    /// Stable code.
    pub code: String,
    /// Values for the sentence.
    pub args: Vec<(String, String)>,
}

/// What one column probably is.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Suggestion {
    /// The column's name.
    pub column: String,
    /// The field, or `None` to leave it out.
    pub field: Option<String>,
    /// Order of its dates, when it has some.
    pub format: Option<String>,
    /// What its values stand for, as far as known; blank = to be said.
    pub values: BTreeMap<String, String>,
    /// How certain.
    pub certainty: Certainty,
    /// Why.
    pub reason: Reason,
}

fn why(code: &str, args: &[(&str, String)]) -> Reason {
    Reason {
        code: code.to_owned(),
        args: args.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
    }
}

/// Small letters and digits only, of any script.
#[must_use]
pub fn normal(name: &str) -> String {
    let plain = name.trim_end_matches(|letter: char| letter == ')' || letter.is_ascii_digit());
    let plain = if plain.ends_with('(') { plain.trim_end_matches(['(', ' ']) } else { name };
    plain.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// How well `field`'s words fit a column's name, 0–1.
fn named(name: &str, field: Field) -> f64 {
    let mut best = 0.0_f64;
    for word in field.synonyms().iter().copied().chain([field.key()]) {
        let word = normal(word);
        let score = if word == name {
            1.0
        } else if word.chars().count() >= 4 && name.chars().count() >= 4 {
            let close = strsim::jaro_winkler(&word, name);
            if close >= 0.93 { close * 0.9 } else { 0.0 }
        } else {
            0.0
        };
        best = best.max(score);
    }
    best
}

/// How well the values fit `field`, 0–1, with the reason; `None` when they say nothing.
fn shaped(profile: &Profile, field: Field) -> Option<(f64, Reason)> {
    if profile.filled == 0 {
        return None;
    }
    let percent = |share: f64| format!("{:.1}", share * 100.0);
    let by = |part: u64, code: &str| {
        let share = profile.share(part);
        Some((share, why(code, &[("percent", percent(share))])))
    };
    match field.kind() {
        Type::MemberNo if profile.check_digit > 0 => by(profile.check_digit, "check-digit"),
        Type::Date => by(profile.date, "dates"),
        Type::Airport => by(profile.airport, "airports"),
        Type::Email => by(profile.email, "emails"),
        Type::Phone => by(profile.phone, "phones"),
        Type::Word(words) => choices(profile, words),
        Type::Whole(low, high) => {
            let fits = profile.whole == profile.filled
                && profile.least >= low as f64
                && profile.most <= high as f64;
            Some((if fits { 1.0 } else { profile.share(profile.whole) * 0.9 }, range(profile)))
        }
        Type::Number(..) | Type::Money => {
            let numbers = profile.whole + profile.decimal_point + profile.decimal_comma;
            Some((profile.share(numbers), range(profile)))
        }
        _ => None,
    }
}

fn range(profile: &Profile) -> Reason {
    let shown = |number: f64| {
        if number.is_finite() {
            format!("{}", (number * 100.0).round() / 100.0)
        } else {
            "—".into()
        }
    };
    why("range", &[("least", shown(profile.least)), ("most", shown(profile.most))])
}

fn choices(profile: &Profile, words: Vocabulary) -> Option<(f64, Reason)> {
    let values = profile.values.as_ref()?;
    let filled: Vec<_> = values.iter().filter(|(value, _)| !value.is_empty()).collect();
    let known = filled.iter().filter(|(value, _)| words.find(value).is_some()).count();
    let share = known as f64 / filled.len().max(1) as f64;
    Some((share, why("choices", &[("count", filled.len().to_string())])))
}

/// The kind of file the columns speak for.
#[must_use]
pub fn kind_of(header: &[String]) -> FileKind {
    if let Some(mapping) = super::shipped_fitting(header) {
        return mapping.kind;
    }
    let has = |field: Field| header.iter().any(|name| named(&normal(name), field) >= 0.99);
    if has(Field::FlightDate) || (has(Field::Origin) && has(Field::Destination)) {
        FileKind::Segments
    } else if (has(Field::Year) && has(Field::MonthNo)) || has(Field::Month) {
        FileKind::Activity
    } else {
        FileKind::Members
    }
}

/// A suggestion for every column, `earlier` being the mapping used for such columns before.
#[must_use]
pub fn suggest(facts: &Facts, kind: FileKind, earlier: Option<&Mapping>) -> Vec<Suggestion> {
    let shipped = super::shipped_fitting(&facts.header).filter(|mapping| mapping.kind == kind);
    let mut taken = Vec::<String>::new();
    let mut all: Vec<Option<Suggestion>> = vec![None; facts.header.len()];
    let known = [(earlier, "last-time"), (shipped.as_ref(), "shipped")];
    for (index, name) in facts.header.iter().enumerate() {
        for (mapping, code) in known {
            let Some(mapping) = mapping else { continue };
            let column = mapping
                .columns
                .iter()
                .find(|column| column.name == *name || column.aliases.contains(name));
            if let Some(column) = column
                && all[index].is_none()
                && !taken.contains(&column.field)
            {
                taken.push(column.field.clone());
                all[index] = Some(as_known(column, &facts.profiles[index], mapping, code));
            }
        }
    }
    for (index, field) in best_pairs(facts, kind, &taken, &all) {
        all[index] = Some(as_guessed(&facts.header[index], &facts.profiles[index], field));
    }
    let skipped = |name: &String| Suggestion {
        column: name.clone(),
        field: None,
        format: None,
        values: BTreeMap::new(),
        certainty: Certainty::Skipped,
        reason: why("no-field", &[]),
    };
    all.into_iter()
        .zip(&facts.header)
        .map(|(found, name)| found.unwrap_or_else(|| skipped(name)))
        .collect()
}

/// Columns and fields that belong together, the best pair first, each used once.
fn best_pairs(
    facts: &Facts,
    kind: FileKind,
    taken: &[String],
    all: &[Option<Suggestion>],
) -> Vec<(usize, Field)> {
    let mut pairs = Vec::new();
    for (index, name) in facts.header.iter().enumerate().filter(|(index, _)| all[*index].is_none())
    {
        let name = normal(name);
        for field in Field::of(kind).filter(|field| !taken.iter().any(|key| key == field.key())) {
            let by_name = named(&name, field);
            let by_shape = shaped(&facts.profiles[index], field).map(|(share, _)| share);
            // Values that contradict the name cost it most of its weight.
            let score = match (by_name, by_shape) {
                (name, Some(shape)) if name > 0.0 => name * (0.4 + 0.6 * shape),
                (name, None) if name > 0.0 => name * 0.95,
                (_, Some(shape)) if telling(field) && shape >= 0.98 => 0.6,
                _ => 0.0,
            };
            if score > 0.3 {
                pairs.push((score, index, field));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut chosen = Vec::<(usize, Field)>::new();
    for (_, index, field) in pairs {
        if !chosen.iter().any(|(other, used)| *other == index || *used == field) {
            chosen.push((index, field));
        }
    }
    chosen
}

/// Fields whose values alone give them away.
fn telling(field: Field) -> bool {
    matches!(field, Field::Email | Field::Phone | Field::MemberNo)
}

fn as_known(column: &Column, profile: &Profile, mapping: &Mapping, code: &str) -> Suggestion {
    let title = mapping.name.clone();
    let mut suggestion = Suggestion {
        column: column.name.clone(),
        field: Some(column.field.clone()),
        format: column.format.clone(),
        values: column.values.clone(),
        certainty: Certainty::Sure,
        reason: why(code, &[("mapping", title)]),
    };
    doubt(&mut suggestion, profile);
    suggestion
}

fn as_guessed(name: &str, profile: &Profile, field: Field) -> Suggestion {
    let by_name = named(&normal(name), field);
    let shape = shaped(profile, field);
    let (certainty, reason) = match shape {
        Some((share, reason)) if by_name >= 0.99 && share >= 0.9 => (Certainty::Sure, reason),
        Some((share, reason)) if by_name < 0.99 && share >= 0.98 => {
            let certain =
                if by_name > 0.0 || telling(field) { Certainty::Sure } else { Certainty::Confirm };
            (certain, reason)
        }
        None if by_name >= 0.99 => (Certainty::Sure, why("name", &[])),
        _ => (Certainty::Confirm, why("name-close", &[])),
    };
    let mut suggestion = Suggestion {
        column: name.to_owned(),
        field: Some(field.key().to_owned()),
        format: None,
        values: BTreeMap::new(),
        certainty,
        reason,
    };
    if field.kind() == Type::Date {
        let (order, _) = profile.order();
        suggestion.format = (order != Order::Ymd).then(|| order.as_str().to_owned());
    }
    if let Type::Word(words) = field.kind()
        && let Some(values) = &profile.values
    {
        for value in values.keys().filter(|value| !value.is_empty()) {
            let word = words.find(value).unwrap_or_default();
            suggestion.values.insert(value.clone(), word.to_owned());
        }
    }
    doubt(&mut suggestion, profile);
    suggestion
}

/// What stands against a suggestion: values nobody has explained, dates that could be read two
/// ways, dates that do not exist.
fn doubt(suggestion: &mut Suggestion, profile: &Profile) {
    let Some(field) = suggestion.field.as_deref().and_then(Field::parse) else { return };
    match field.kind() {
        Type::Word(words) => {
            let Some(values) = &profile.values else {
                suggestion.certainty = Certainty::Errors;
                suggestion.reason = why("too-many-choices", &[]);
                return;
            };
            let unknown: Vec<&str> = values
                .keys()
                .map(String::as_str)
                .filter(|value| !value.is_empty() && words.find(value).is_none())
                .filter(|value| suggestion.values.get(*value).is_none_or(String::is_empty))
                .collect();
            if !unknown.is_empty() {
                suggestion.certainty = Certainty::Confirm;
                suggestion.reason = why("say-which", &[("values", unknown.join(", "))]);
            }
        }
        Type::Date => {
            let unread = profile.filled - profile.date;
            let wrong = unread + profile.no_such_day;
            let told = suggestion.format.as_deref().and_then(Order::parse);
            if profile.either > 0
                && !profile.order().1
                && suggestion.reason.code != "last-time"
                && suggestion.reason.code != "shipped"
            {
                suggestion.certainty = Certainty::Confirm;
                let sample = profile.samples.first().cloned().unwrap_or_default();
                suggestion.reason = why("two-ways", &[("value", sample)]);
            } else if wrong > 0 && !matches!(told, Some(Order::Excel | Order::Unix)) {
                suggestion.certainty = Certainty::Errors;
                suggestion.reason = why("not-dates", &[("count", wrong.to_string())]);
            }
        }
        _ => {}
    }
}

/// The suggestions as a mapping, ready to be changed by hand.
#[must_use]
pub fn as_mapping(
    suggestions: &[Suggestion],
    kind: FileKind,
    name: &str,
    earlier: Option<&Mapping>,
    header: &[String],
) -> Mapping {
    let shipped = super::shipped_fitting(header).filter(|mapping| mapping.kind == kind);
    let mut mapping = match earlier.cloned().or(shipped) {
        Some(known) => Mapping { columns: Vec::new(), ..known },
        None => Mapping::empty(name, kind, "ffp"),
    };
    mapping.columns = suggestions
        .iter()
        .filter_map(|suggestion| {
            Some(Column {
                name: suggestion.column.clone(),
                field: suggestion.field.clone()?,
                format: suggestion.format.clone(),
                values: suggestion.values.clone(),
                ..Column::default()
            })
        })
        .collect();
    mapping
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::file::{Limits, inspect};
    use crate::mapping::FileHints;

    fn facts(text: &str) -> Facts {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("members.csv");
        std::fs::write(&path, text).unwrap();
        inspect(&path, &FileHints::default(), &Limits::default(), true).unwrap()
    }

    fn of<'a>(all: &'a [Suggestion], column: &str) -> &'a Suggestion {
        all.iter().find(|suggestion| suggestion.column == column).unwrap()
    }

    #[test]
    fn columns_find_their_fields_by_name_and_shape() {
        let facts = facts(
            "会员号,姓名,GENDER,FFP_TIER,入会日期,E-mail,SEG_KM_SUM,avg_discnt,notes\n\
             6218045731,周启明,男,4,2006/11/2,zqm@example.com,580717,0.96,a\n\
             6218045749,李静,女,5,2007/2/29,lj@example.com,293678,1.25,b\n",
        );
        let all = suggest(&facts, FileKind::Members, None);
        assert_eq!(of(&all, "会员号").field.as_deref(), Some("member_no"));
        assert_eq!(of(&all, "姓名").field.as_deref(), Some("name"));
        assert_eq!(of(&all, "GENDER").certainty, Certainty::Sure);
        let tier = of(&all, "FFP_TIER");
        assert_eq!(tier.field.as_deref(), Some("tier"));
        assert_eq!((tier.certainty, tier.reason.code.as_str()), (Certainty::Confirm, "say-which"));
        let joined = of(&all, "入会日期");
        assert_eq!(
            (joined.certainty, joined.reason.code.as_str()),
            (Certainty::Errors, "not-dates")
        );
        assert_eq!(of(&all, "E-mail").field.as_deref(), Some("email"));
        assert_eq!(of(&all, "SEG_KM_SUM").field.as_deref(), Some("km"));
        assert_eq!(of(&all, "avg_discnt").field.as_deref(), Some("coefficient"), "close enough");
        assert_eq!(of(&all, "notes").certainty, Certainty::Skipped);
    }

    #[test]
    fn a_date_that_can_be_read_two_ways_asks() {
        let facts = facts("member_no,join_date\n1,3/4/2012\n2,5/6/2012\n");
        let all = suggest(&facts, FileKind::Members, None);
        let joined = of(&all, "join_date");
        assert_eq!(
            (joined.certainty, joined.reason.code.as_str()),
            (Certainty::Confirm, "two-ways")
        );
    }

    #[test]
    fn what_was_used_last_time_is_used_again() {
        let facts = facts("nr,lvl\n1,A\n2,B\n");
        let mut earlier = Mapping::empty("ours", FileKind::Members, "ffp");
        let values = [("A", "gold"), ("B", "silver")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        earlier.columns = vec![
            Column { name: "nr".into(), field: "member_no".into(), ..Column::default() },
            Column {
                name: "lvl".into(),
                field: "tier".into(),
                values: values.into(),
                ..Column::default()
            },
        ];
        let all = suggest(&facts, FileKind::Members, Some(&earlier));
        assert_eq!(of(&all, "lvl").certainty, Certainty::Sure);
        assert_eq!(of(&all, "lvl").reason.code, "last-time");
        let mapping = as_mapping(&all, FileKind::Members, "x", Some(&earlier), &facts.header);
        assert_eq!(mapping.columns, earlier.columns);
    }

    #[test]
    fn kinds_are_told_by_their_columns() {
        let kind =
            |names: &[&str]| kind_of(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert_eq!(kind(&["member_id", "flight_date", "km"]), FileKind::Segments);
        assert_eq!(kind(&["Loyalty Number", "Year", "Month", "Distance"]), FileKind::Activity);
        assert_eq!(kind(&["会员号", "入会日期"]), FileKind::Members);
    }
}
