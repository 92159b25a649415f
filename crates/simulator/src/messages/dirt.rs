//! What is wrong or missing about a mention, for grading by kind.

/// Kinds of dirt, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dirt(u32);

macro_rules! kinds {
    ($($name:ident = $bit:literal, $word:literal;)*) => {
        impl Dirt {
            $(pub(crate) const $name: Self = Self(1 << $bit);)*
            const WORDS: &[(Self, &'static str)] = &[$((Self::$name, $word)),*];
        }
    };
}

kinds! {
    SWAPPED = 0, "swapped-names";
    TYPO = 1, "typo";
    NASAL = 2, "n-for-ng";
    UMLAUT = 3, "umlaut";
    READING = 4, "reading";
    COMPOUND = 5, "compound-cut";
    SPACED = 6, "spaced";
    ROMANISED = 7, "romanised";
    MARRIED = 8, "married-name";
    MIDDLE = 9, "middle-name";
    TRUNCATED = 10, "truncated";
    MEMBER_LEFT_OUT = 11, "member-left-out";
    MEMBER_WRONG = 12, "member-wrong";
    MEMBER_OF_OTHER = 13, "member-of-other";
    DOCUMENT_MISSING = 14, "document-missing";
    DOCUMENT_WRONG = 15, "document-wrong";
    DOCUMENT_RENEWED = 16, "document-renewed";
    BIRTH_WRONG = 17, "birth-wrong";
    PHONE_MISSING = 18, "phone-missing";
    PHONE_SHARED = 19, "phone-shared";
    AGENCY_PHONE = 20, "agency-phone";
    EMAIL_SHARED = 21, "email-shared";
    NO_LOCATOR = 22, "no-locator";
}

impl Dirt {
    /// What is odd about the name itself.
    pub(crate) const fn all_of_names() -> Self {
        Self((1 << 11) - 1)
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn add_if(&mut self, so: bool, other: Self) {
        if so {
            self.add(other);
        }
    }

    /// Words with blanks between them.
    pub(crate) fn words(self) -> String {
        let words = Self::WORDS.iter().filter(|(kind, _)| self.has(*kind)).map(|(_, word)| *word);
        words.collect::<Vec<_>>().join(" ")
    }
}
