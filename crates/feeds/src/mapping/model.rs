//! A mapping: which column becomes which field, and how. Kept as TOML, versioned, without code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fields::{Field, FileKind};
use crate::cells::date::Order;

/// The version of the format this program writes and reads.
pub const VERSION: u32 = 1;

/// What to do with a row whose key an earlier row of the same file has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Repeats {
    /// Told as an error; the first row stands.
    #[default]
    Refuse,
    /// Both count: the rows are parts of one whole and are added up.
    Add,
}

/// How a file is to be read, where that is not to be guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FileHints {
    /// `utf-8`, `gb18030`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// `,` `;` `|` or a tab.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Whether the first row holds names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// `.` or `,`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
}

/// One column of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name in the file.
    pub name: String,
    /// Other names it may have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The field it becomes, or `extra.<name>` to keep it as an attribute of the member.
    pub field: String,
    /// Order of a date: `YMD`, `DMY`, `MDY`, `excel`, `unix`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What the file's values stand for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Numbers are multiplied by this (miles to kilometres: 1.609344).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// The file may come without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// A wrong value rejects the row (`true`) or is left blank (`false`); by default the vital
    /// fields reject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reject: Option<bool>,
    /// Member numbers must carry their check digit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub check_digit: bool,
}

/// A whole mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Version of this format.
    pub version: u32,
    /// Short name: letters, digits and hyphens.
    pub name: String,
    /// What the rows are.
    pub kind: FileKind,
    /// The system the rows come from; keys are unique within it.
    pub source: String,
    /// Title by language (`en`, `zh-CN`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub title: BTreeMap<String, String>,
    /// What to do with repeated keys.
    #[serde(default)]
    pub repeats: Repeats,
    /// Members that are not known yet are added with what the row says of them; otherwise the row
    /// is rejected. Only for segments and activity.
    #[serde(default = "yes")]
    pub add_members: bool,
    /// Texts that mean "no value", besides the usual ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nulls: Vec<String>,
    /// Reading hints.
    #[serde(default, skip_serializing_if = "is_default")]
    pub file: FileHints,
    /// Fields with the same value in every row.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constants: BTreeMap<String, String>,
    /// The columns.
    #[serde(default, rename = "column")]
    pub columns: Vec<Column>,
}

fn yes() -> bool {
    true
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What is wrong with a mapping itself.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// Not TOML, or not of this shape.
    #[error("the mapping cannot be read: {0}")]
    Shape(String),
    /// Written by a newer program.
    #[error("the mapping has version {0}")]
    Version(u32),
    /// A name that is not letters, digits and hyphens.
    #[error("a mapping's name is made of letters, digits and hyphens")]
    Name,
    /// A field this kind of file does not have.
    #[error("column {column}: there is no field {field}")]
    Field {
        /// The column.
        column: String,
        /// What it says.
        field: String,
    },
    /// A value of a closed set that is not in it, a date order or a constant that is none.
    #[error("column {column}: {value} is not a possible value")]
    Value {
        /// The column or field.
        column: String,
        /// What it says.
        value: String,
    },
    /// Two columns for one field.
    #[error("columns {first} and {second} are both {field}")]
    Twice {
        /// The field.
        field: &'static str,
        /// One column.
        first: String,
        /// The other.
        second: String,
    },
    /// No column that tells whom a row is about, or what happened when.
    #[error("a column for {0} is missing")]
    Key(&'static str),
    /// The file lacks columns the mapping needs.
    #[error("the file has no column {}", .0.join(", "))]
    Missing(Vec<String>),
}

impl kernel::Explain for MappingError {
    fn kind(&self) -> kernel::Kind {
        kernel::Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Shape(_) => "feeds-mapping-shape",
            Self::Version(_) => "feeds-mapping-version",
            Self::Name => "feeds-mapping-name",
            Self::Field { .. } => "feeds-mapping-field",
            Self::Value { .. } => "feeds-mapping-value",
            Self::Twice { .. } => "feeds-mapping-twice",
            Self::Key(_) => "feeds-mapping-key",
            Self::Missing(_) => "feeds-mapping-missing",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Shape(detail) => vec![("detail", detail.clone())],
            Self::Version(version) => vec![("version", version.to_string())],
            Self::Name => Vec::new(),
            Self::Field { column, field } => {
                vec![("column", column.clone()), ("field", field.clone())]
            }
            Self::Value { column, value } => {
                vec![("column", column.clone()), ("value", value.clone())]
            }
            Self::Twice { field, first, second } => vec![
                ("field", (*field).to_owned()),
                ("first", first.clone()),
                ("second", second.clone()),
            ],
            Self::Key(field) => vec![("field", (*field).to_owned())],
            Self::Missing(columns) => vec![("columns", columns.join(", "))],
        }
    }
}

/// What a column becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A field of the catalogue.
    Field(Field),
    /// An attribute of the member, kept as text.
    Extra(String),
}

impl Target {
    /// Reads the `field` of a column.
    #[must_use]
    pub fn parse(text: &str, kind: FileKind) -> Option<Self> {
        if let Some(name) = text.strip_prefix("extra.") {
            let fine = !name.is_empty() && name.len() <= 60 && kind == FileKind::Members;
            return fine.then(|| Self::Extra(name.to_owned()));
        }
        Field::parse(text).filter(|field| field.is_of(kind)).map(Self::Field)
    }
}

impl Mapping {
    /// An empty mapping of `kind`.
    #[must_use]
    pub fn empty(name: &str, kind: FileKind, source: &str) -> Self {
        Self {
            version: VERSION,
            name: name.to_owned(),
            kind,
            source: source.to_owned(),
            title: BTreeMap::new(),
            repeats: Repeats::default(),
            add_members: true,
            nulls: Vec::new(),
            file: FileHints::default(),
            constants: BTreeMap::new(),
            columns: Vec::new(),
        }
    }

    /// Reads and checks TOML text.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        let mapping: Self =
            toml::from_str(text).map_err(|error| MappingError::Shape(error.to_string()))?;
        mapping.check()?;
        Ok(mapping)
    }

    /// As TOML text.
    pub fn to_toml(&self) -> Result<String, MappingError> {
        toml::to_string_pretty(self).map_err(|error| MappingError::Shape(error.to_string()))
    }

    /// Whether it makes sense by itself, without a file.
    pub fn check(&self) -> Result<(), MappingError> {
        if self.version != VERSION {
            return Err(MappingError::Version(self.version));
        }
        let named = |text: &str| {
            !text.is_empty()
                && text.len() <= 60
                && text.chars().all(|letter| letter.is_alphanumeric() || "-_ .".contains(letter))
        };
        if !named(&self.name) || !named(&self.source) {
            return Err(MappingError::Name);
        }
        for column in &self.columns {
            self.check_column(column)?;
        }
        for (field, value) in &self.constants {
            if Target::parse(field, self.kind).is_none() {
                return Err(MappingError::Field { column: "—".into(), field: field.clone() });
            }
            if value.len() > 200 {
                return Err(MappingError::Value { column: field.clone(), value: value.clone() });
            }
        }
        self.check_key()
    }

    fn check_column(&self, column: &Column) -> Result<(), MappingError> {
        let target = Target::parse(&column.field, self.kind).ok_or_else(|| {
            MappingError::Field { column: column.name.clone(), field: column.field.clone() }
        })?;
        let wrong = |value: &str| {
            Err(MappingError::Value { column: column.name.clone(), value: value.to_owned() })
        };
        if let Some(format) = &column.format
            && Order::parse(format).is_none()
        {
            return wrong(format);
        }
        if let Some(scale) = column.scale
            && !(scale.is_finite() && scale != 0.0)
        {
            return wrong(&scale.to_string());
        }
        if let Target::Field(field) = target
            && let super::fields::Type::Word(words) = field.kind()
            && let Some(strange) = column
                .values
                .values()
                .find(|value| !value.is_empty() && !words.values().any(|word| word == *value))
        {
            return wrong(strange);
        }
        Ok(())
    }

    /// A row must say whom it is about, and when.
    fn check_key(&self) -> Result<(), MappingError> {
        let has = |field: Field| {
            self.constants.contains_key(field.key())
                || self.columns.iter().any(|column| column.field == field.key())
        };
        if !has(Field::MemberNo) && !has(Field::MemberKey) {
            return Err(MappingError::Key(Field::MemberNo.key()));
        }
        match self.kind {
            FileKind::Segments if !has(Field::FlightDate) => {
                Err(MappingError::Key(Field::FlightDate.key()))
            }
            FileKind::Activity
                if !(has(Field::Month) || has(Field::Year) && has(Field::MonthNo)) =>
            {
                Err(MappingError::Key(Field::Month.key()))
            }
            FileKind::Members if has(Field::Flights) && !has(Field::ObservedOn) => {
                Err(MappingError::Key(Field::ObservedOn.key()))
            }
            _ => Ok(()),
        }
    }
}
