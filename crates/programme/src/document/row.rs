//! What every rule row has: a name, days it holds on, and where it was read.

use chrono::NaiveDate;

use crate::Id;

/// A row of a rule table.
pub trait Row {
    /// Unique in the document; quoted in explanations.
    fn id(&self) -> &Id;
    /// The days it holds on.
    fn span(&self) -> Span;
    /// Where the rule was read, or that it is invented.
    fn source(&self) -> &str;
}

/// Days from `from` to `to`, both counted; without an end when `to` is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
}

impl Span {
    /// Whether `day` lies in it.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Whether the two share a day.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| self.from <= to)
    }
}

/// The row of `rows` that holds on `day`: the first, where the check let several pass.
pub(crate) fn on<R: Row>(rows: &[R], day: NaiveDate) -> Option<&R> {
    rows.iter().find(|row| row.span().contains(day))
}

/// Declares a rule row: the fields all rows have, then its own. Written out flat, because serde
/// cannot refuse unknown fields of a flattened structure, and a misspelt rule must not pass.
macro_rules! row {
    (
        $(#[$outer:meta])*
        pub struct $name:ident {
            $( $(#[$inner:meta])* pub $field:ident: $kind:ty, )*
        }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Unique in the document; quoted in explanations.
            pub id: $crate::Id,
            /// First day it holds.
            pub valid_from: chrono::NaiveDate,
            /// Last day it holds; open when missing.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub valid_to: Option<chrono::NaiveDate>,
            $( $(#[$inner])* pub $field: $kind, )*
            /// Where the rule was read, or that it is invented.
            pub source: String,
        }

        impl $crate::document::Row for $name {
            fn id(&self) -> &$crate::Id {
                &self.id
            }
            fn span(&self) -> $crate::document::Span {
                $crate::document::Span { from: self.valid_from, to: self.valid_to }
            }
            fn source(&self) -> &str {
                &self.source
            }
        }
    };
}
pub(crate) use row;
