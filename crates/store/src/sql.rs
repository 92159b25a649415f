//! One statement and its values, for either engine.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::error::BoxDynError;
use sqlx::{Arguments, postgres::PgArguments, sqlite::SqliteArguments};
use uuid::Uuid;

/// A value bound to a placeholder. Each variant keeps its type when it is null, because PostgreSQL
/// asks for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `UUID`
    Uuid(Option<Uuid>),
    /// `BIGINT`
    Int(Option<i64>),
    /// `DOUBLE PRECISION`
    Float(Option<f64>),
    /// `BOOLEAN`
    Bool(Option<bool>),
    /// `TEXT`
    Text(Option<String>),
    /// `TIMESTAMPTZ`, microseconds
    Time(Option<DateTime<Utc>>),
    /// `DATE`
    Date(Option<NaiveDate>),
    /// `BYTEA`
    Bytes(Option<Vec<u8>>),
    /// `JSONB` holding an object or an array
    Json(Option<serde_json::Value>),
}

macro_rules! from {
    ($($from:ty => $variant:ident $(via $how:expr)?),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(Some($($how)?(value)))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map(|value| $($how)?(value)))
            }
        }
    )*};
}
from! {
    Uuid => Uuid, i64 => Int, f64 => Float, bool => Bool, String => Text,
    DateTime<Utc> => Time, NaiveDate => Date, Vec<u8> => Bytes, serde_json::Value => Json,
    i32 => Int via i64::from, u32 => Int via i64::from, i16 => Int via i64::from,
    u16 => Int via i64::from, u8 => Int via i64::from,
    &str => Text via str::to_owned, &String => Text via String::clone,
    Cow<'_, str> => Text via Cow::into_owned,
}

impl Value {
    pub(crate) fn add_sqlite(self, to: &mut SqliteArguments) -> Result<(), BoxDynError> {
        match self {
            Self::Uuid(v) => to.add(v),
            Self::Int(v) => to.add(v),
            Self::Float(v) => to.add(v),
            Self::Bool(v) => to.add(v),
            Self::Text(v) => to.add(v),
            Self::Time(v) => to.add(v),
            Self::Date(v) => to.add(v),
            Self::Bytes(v) => to.add(v),
            Self::Json(v) => to.add(v),
        }
    }

    fn add_postgres(self, to: &mut PgArguments) -> Result<(), BoxDynError> {
        match self {
            Self::Uuid(v) => to.add(v),
            Self::Int(v) => to.add(v),
            Self::Float(v) => to.add(v),
            Self::Bool(v) => to.add(v),
            Self::Text(v) => to.add(v),
            Self::Time(v) => to.add(v),
            Self::Date(v) => to.add(v),
            Self::Bytes(v) => to.add(v),
            Self::Json(v) => to.add(v),
        }
    }
}

/// A statement with its bound values.
#[derive(Clone, Debug)]
pub struct Sql {
    pub(crate) text: Cow<'static, str>,
    pub(crate) values: Vec<Value>,
}

/// A fixed statement. Bind one value for each placeholder, in order.
#[must_use]
pub fn sql(text: &'static str) -> Sql {
    Sql { text: Cow::Borrowed(text), values: Vec::new() }
}

impl Sql {
    /// Binds the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// The statement as it goes to the engine.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn for_sqlite(self) -> Result<(Cow<'static, str>, SqliteArguments), sqlx::Error> {
        let mut arguments = SqliteArguments::default();
        for value in self.values {
            value.add_sqlite(&mut arguments).map_err(sqlx::Error::Encode)?;
        }
        Ok((self.text, arguments))
    }

    pub(crate) fn for_postgres(self) -> Result<(Cow<'static, str>, PgArguments), sqlx::Error> {
        let mut arguments = PgArguments::default();
        for value in self.values {
            value.add_postgres(&mut arguments).map_err(sqlx::Error::Encode)?;
        }
        Ok((self.text, arguments))
    }
}

/// Builds a statement whose shape depends on the request (lists with filters). Text given to
/// [`SqlBuilder::push`] must come from the program, never from a user: values go through
/// [`SqlBuilder::bind`].
#[derive(Clone, Debug, Default)]
pub struct SqlBuilder {
    text: String,
    values: Vec<Value>,
}

impl SqlBuilder {
    /// Starts with `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Appends text of the program's own.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends the next placeholder and its value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push_str(&format!("${}", self.values.len()));
        self
    }

    /// Appends `($n, $n+1, …)`; an empty list becomes `(NULL)`, which matches nothing.
    pub fn bind_list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.push("(");
        let mut any = false;
        for value in values {
            if any {
                self.push(", ");
            }
            any = true;
            self.bind(value);
        }
        self.push(if any { ")" } else { "NULL)" })
    }

    /// Appends another builder's text, renumbering its placeholders.
    pub fn append(&mut self, other: Self) -> &mut Self {
        let offset = self.values.len();
        let mut rest = other.text.as_str();
        while let Some(at) = rest.find('$') {
            self.text.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if let Ok(number) = rest[..digits].parse::<usize>() {
                self.text.push_str(&(number + offset).to_string());
            }
            rest = &rest[digits..];
        }
        self.text.push_str(rest);
        self.values.extend(other.values);
        self
    }

    /// The finished statement.
    #[must_use]
    pub fn build(self) -> Sql {
        Sql { text: Cow::Owned(self.text), values: self.values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_in_order_and_renumbered_when_joined() {
        let mut condition = SqlBuilder::default();
        condition.push("tier = ").bind("gold").push(" AND km > ").bind(10_i64);
        let mut list = SqlBuilder::new("SELECT id FROM t WHERE owner = ");
        list.bind("me").push(" AND ").append(condition).push(" AND city IN ");
        list.bind_list(["PEK", "SHA"]);
        let built = list.build();
        assert_eq!(
            built.text(),
            "SELECT id FROM t WHERE owner = $1 AND tier = $2 AND km > $3 AND city IN ($4, $5)"
        );
        assert_eq!(built.values.len(), 5);
    }

    #[test]
    fn an_empty_list_matches_nothing() {
        let mut list = SqlBuilder::new("x IN ");
        list.bind_list(Vec::<i64>::new());
        assert_eq!(list.build().text(), "x IN (NULL)");
    }
}
