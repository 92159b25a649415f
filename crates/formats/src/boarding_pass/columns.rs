//! A pass as a row of characters.

/// Characters of a text, with the byte offset of each: columns can be cut without fear of a letter
/// outside ASCII. A pass is short; a text longer than [`LONGEST`] is not read to its end.
pub(super) struct Columns<'t> {
    text: &'t str,
    /// Byte offset of every character, and of the end.
    starts: Vec<usize>,
}

/// Nine legs with all their items, private data of 255 characters each, and a signature of 255, are
/// under 4,000 characters.
pub(super) const LONGEST: usize = 8_192;

impl<'t> Columns<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).take(LONGEST).collect();
        let end = starts.last().map_or(0, |last| {
            last + text.get(*last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
        });
        starts.push(end);
        Self { text, starts }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Characters `from` to `to`, as many as there are.
    pub(super) fn cut(&self, from: usize, to: usize) -> &'t str {
        let last = self.len();
        let (from, to) = (from.min(last), to.min(last));
        let bytes = |at: usize| self.starts.get(at).copied().unwrap_or(self.text.len());
        self.text.get(bytes(from)..bytes(to.max(from))).unwrap_or_default()
    }

    /// One character.
    pub(super) fn at(&self, at: usize) -> Option<char> {
        self.cut(at, at.saturating_add(1)).chars().next()
    }

    /// One character; a blank is none.
    pub(super) fn sign(&self, at: usize) -> Option<char> {
        self.at(at).filter(|sign| *sign != ' ')
    }

    /// A field without its padding; a blank one is none.
    pub(super) fn field(&self, from: usize, to: usize) -> Option<&'t str> {
        let field = self.cut(from, to).trim();
        (!field.is_empty()).then_some(field)
    }

    /// Two hexadecimal digits.
    pub(super) fn length(&self, at: usize) -> Option<usize> {
        let digits = self.cut(at, at.saturating_add(2));
        let hex = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if hex { usize::from_str_radix(digits, 16).ok() } else { None }
    }
}
