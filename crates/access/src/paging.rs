//! Turning pages by the key of a row.

use kernel::page::BadCursor;
use kernel::{Cursor, Page};
use serde_json::Value;

use crate::Result;

/// Rows on a page when nobody says how many.
const USUAL: u32 = 50;
/// The most rows on a page.
const MOST: u32 = 500;

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    First,
    After(Value),
    Before(Value),
}

impl Turn {
    /// From the two places a link may name; `after` counts when both stand there.
    pub(crate) fn of(after: Option<&str>, before: Option<&str>) -> Result<Self> {
        Ok(match (after, before) {
            (Some(place), _) => Self::After(decode(place)?),
            (None, Some(place)) => Self::Before(decode(place)?),
            (None, None) => Self::First,
        })
    }

    /// Whether the rows are read in the opposite of the list's order.
    pub(crate) const fn is_back(&self) -> bool {
        matches!(self, Self::Before(_))
    }

    /// Makes the page from one row more than it holds, if there are that many.
    pub(crate) fn page<T>(
        &self,
        mut rows: Vec<T>,
        limit: u32,
        key: impl Fn(&T) -> Value,
    ) -> Page<T> {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        if self.is_back() {
            rows.reverse();
        }
        let place = |row: Option<&T>| row.map(|row| Cursor(vec![key(row)]).encode());
        let (has_next, has_prev) = match self {
            Self::First => (more, false),
            Self::After(_) => (more, true),
            Self::Before(_) => (true, more),
        };
        let next = has_next.then(|| place(rows.last())).flatten();
        let prev = has_prev.then(|| place(rows.first())).flatten();
        Page { items: rows, next, prev }
    }
}

/// How many rows a page holds when `asked` are asked for; 0 stands for the usual number.
pub(crate) const fn limit(asked: u32) -> u32 {
    match asked {
        0 => USUAL,
        asked if asked > MOST => MOST,
        asked => asked,
    }
}

fn decode(place: &str) -> Result<Value> {
    let [value] = <[Value; 1]>::try_from(Cursor::decode(place)?.0).map_err(|_| BadCursor)?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_know_their_neighbours() {
        let turn = |after, before| Turn::of(after, before).unwrap();
        let key = |n: &i32| Value::from(*n);
        let first = turn(None, None).page(vec![9, 8, 7], 2, key);
        assert_eq!((first.items, first.prev), (vec![9, 8], None));
        let second = turn(first.next.as_deref(), None);
        assert_eq!(second, Turn::After(8.into()));
        let second = second.page(vec![7, 6], 2, key);
        assert_eq!((second.items.as_slice(), second.next), ([7, 6].as_slice(), None));
        let back = turn(None, second.prev.as_deref());
        assert_eq!(back, Turn::Before(7.into()));
        let back = back.page(vec![8, 9], 2, key);
        assert_eq!((back.items, back.prev), (vec![9, 8], None));
        assert!(back.next.is_some());
        assert!(Turn::of(Some("%%%"), None).is_err());
    }

    #[test]
    fn the_number_of_rows_is_bounded() {
        assert_eq!([limit(0), limit(1), limit(500), limit(501)], [50, 1, 500, 500]);
    }
}
