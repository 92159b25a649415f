//! Keyset pages: a list's next page is named by the sort values of the last row shown.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Explain, Kind};

/// Longest cursor accepted: a few sort values and an identifier fit easily.
const MAX_LENGTH: usize = 2_048;

/// One page of a list. `next` and `prev` are encoded [`Cursor`]s; `None` at either end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
    pub prev: Option<String>,
}

impl<T> Page<T> {
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
            prev: self.prev,
        }
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None, prev: None }
    }
}

/// A place in a sorted list: the values of the sort columns, ending with the row's identifier.
///
/// Written as base64url of a JSON array. Opaque to callers, but neither secret nor signed: bind the
/// values as parameters, and put nothing personal in a cursor that travels in an address.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cursor(pub Vec<Value>);

/// The cursor in the request was not made by us, or not for this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the page cursor cannot be read")]
pub struct BadCursor;

impl Explain for BadCursor {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "bad-cursor"
    }
}

impl Cursor {
    /// ```
    /// use kernel::page::Cursor;
    /// let place = Cursor(vec![7.into(), "a".into()]);
    /// assert_eq!(place.encode(), "WzcsImEiXQ");
    /// assert_eq!(Cursor::decode("WzcsImEiXQ"), Ok(place));
    /// ```
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(Value::Array(self.0.clone()).to_string())
    }

    /// # Errors
    /// [`BadCursor`] when the text is not what [`encode`](Self::encode) writes.
    pub fn decode(text: &str) -> Result<Self, BadCursor> {
        if text.len() > MAX_LENGTH {
            return Err(BadCursor);
        }
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor)?;
        match serde_json::from_slice(&json) {
            Ok(Value::Array(values)) => Ok(Self(values)),
            _ => Err(BadCursor),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn foreign_text_is_refused() {
        let long = "A".repeat(MAX_LENGTH + 1);
        for bad in ["", "!", "e30", "WzEs", long.as_str()] {
            assert_eq!(Cursor::decode(bad), Err(BadCursor), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn reads_back(n in any::<i64>(), s in "\\PC{0,40}") {
            let place = Cursor(vec![json!(n), json!(s), Value::Null]);
            prop_assert_eq!(Cursor::decode(&place.encode()), Ok(place));
        }
    }
}
