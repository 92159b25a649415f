//! Which characters separate what.

/// The service characters of an interchange. All are ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiters {
    /// Between components: `:`.
    pub component: u8,
    /// Between elements: `+`.
    pub element: u8,
    /// Decimal mark: `.` or `,`.
    pub decimal: u8,
    /// Takes away the meaning of the next character: `?`; a blank if there is none.
    pub release: u8,
    /// Ends a segment: `'`.
    pub terminator: u8,
}

impl Default for Delimiters {
    fn default() -> Self {
        Self { component: b':', element: b'+', decimal: b'.', release: b'?', terminator: b'\'' }
    }
}

impl Delimiters {
    /// Reads the text behind `UNA`. The length of what was read comes back with the delimiters, and
    /// whether they are sound. `UNB` (or what else begins the interchange) must follow.
    pub(super) fn of_una(after: &str) -> (Self, usize, bool) {
        let near = after.char_indices().take(16).map(|(at, sign)| at + sign.len_utf8()).last();
        let near = after.get(..near.unwrap_or(0)).unwrap_or_default();
        let first = ["UNB", "UNG", "UNH"].iter().filter_map(|tag| near.find(tag)).min();
        let signs = near.get(..first.unwrap_or(6)).unwrap_or(near);
        let bytes = signs.as_bytes();
        let six: Option<[u8; 6]> = bytes.get(..6).and_then(|six| six.try_into().ok());
        let read = six.map(|[component, element, decimal, release, _, terminator]| Self {
            component,
            element,
            decimal,
            release,
            terminator,
        });
        let seen = |delimiters: &Self| {
            after.get(first.unwrap_or(0) + 3..).is_none_or(|rest| {
                first.is_none() || rest.as_bytes().first() == Some(&delimiters.element)
            })
        };
        if let Some(read) = read.filter(|read| read.sound() && seen(read)) {
            return (read, first.unwrap_or(6), true);
        }
        // Fewer signs than six, or a typographic quote for the last: component, element, release
        // and terminator are told by their order.
        let kept: Vec<u8> = signs.bytes().filter(|byte| byte.is_ascii_punctuation()).collect();
        let mut guess = Self::default();
        if let [component, element, .., last] = kept.as_slice() {
            guess = Self { component: *component, element: *element, ..guess };
            if *last != b'*' {
                guess.terminator = *last;
            }
        }
        guess.release = if kept.contains(&b'\\') { b'\\' } else { b'?' };
        if !guess.sound() {
            guess = Self::default();
        }
        (guess, first.unwrap_or(signs.len()), false)
    }

    /// Tells the delimiters from the first segment: `UNB+IATA:1+`, and from what stands before the
    /// tag of the second.
    pub(super) fn of_first_segment(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let element = *bytes.get(3)?;
        let mut read = Self { element, ..Self::default() };
        if text.starts_with("UNB") {
            // The syntax identifier is four letters: IATA, UNOA.
            read.component = *bytes.get(8)?;
        }
        if read.element == 0x1D {
            read = Self { component: 0x1F, release: b' ', terminator: 0x1C, ..read };
        }
        let near: usize = text.char_indices().map(|(at, _)| at).take(400).last()?;
        let next = ["UNH", "UNG"].iter().filter_map(|tag| {
            let at = text.get(3..near)?.find(tag)? + 3;
            (bytes.get(at + 3) == Some(&element)).then_some(at)
        });
        if let Some(at) = next.min() {
            let before = text.get(..at)?.trim_end_matches([' ', '\r', '\n']);
            read.terminator = *before.as_bytes().last()?;
        }
        read.sound().then_some(read)
    }

    /// All different, and nothing a name is made of.
    fn sound(&self) -> bool {
        let all = [self.component, self.element, self.terminator];
        let fits = |sign: u8| sign.is_ascii_punctuation() || (0x1C..=0x1F).contains(&sign);
        let different = self.component != self.element
            && self.component != self.terminator
            && self.element != self.terminator
            && !all.contains(&self.release);
        all.into_iter().all(fits) && (fits(self.release) || self.release == b' ') && different
    }
}
