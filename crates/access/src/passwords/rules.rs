//! Length counts, composition does not (NIST SP 800-63B): twelve characters at least, no rule
//! about kinds of characters, but nothing that is guessed first.

/// Characters a password has at least.
pub(super) const LEAST: usize = 12;
/// Bytes a password has at most.
pub(super) const MOST_BYTES: usize = 1_024;
/// Different characters a password has at least.
const LEAST_DIFFERENT: usize = 6;

/// Characters beside the user's own name and address, where the password holds one.
const LEAST_BESIDE_OWN: usize = 8;

/// What is guessed first. Compared without case, spaces and the digits and signs at the end.
const GUESSED: &[&str] = &[
    "administrator",
    "airline",
    "changeme",
    "iloveyou",
    "jetbridge",
    "letmein",
    "passw0rd",
    "password",
    "passwordpassword",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdfghjkl",
    "qazwsxedc",
    "welcome",
    "woaini",
    "woaini1314520",
    "zaq12wsxcde",
];

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer characters than needed.
    Short,
    /// More than is taken.
    Long,
    /// Guessed first: a run, few different characters, a word everybody uses.
    Simple,
    /// Holds the user's own name or address.
    Own,
}

impl Weakness {
    /// The limit that was missed, if it is one.
    pub(crate) const fn limit(self) -> Option<usize> {
        match self {
            Self::Short => Some(LEAST),
            Self::Long => Some(MOST_BYTES),
            Self::Simple | Self::Own => None,
        }
    }
}

/// Looks at a new password of the user with this e-mail address and name.
pub(crate) fn check(password: &str, email: &str, name: &str) -> Result<(), Weakness> {
    if password.len() > MOST_BYTES {
        return Err(Weakness::Long);
    }
    if password.chars().count() < LEAST {
        return Err(Weakness::Short);
    }
    let folded: String =
        password.to_lowercase().chars().filter(|letter| !letter.is_whitespace()).collect();
    if is_simple(&folded) {
        return Err(Weakness::Simple);
    }
    let mailbox = email.split('@').next().unwrap_or_default();
    let rest = std::iter::once(mailbox)
        .chain(name.split_whitespace())
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= 3)
        .fold(folded.clone(), |rest, word| rest.replace(&word, ""));
    if rest != folded && rest.chars().count() < LEAST_BESIDE_OWN {
        return Err(Weakness::Own);
    }
    Ok(())
}

fn is_simple(folded: &str) -> bool {
    let mut letters: Vec<char> = folded.chars().collect();
    let steps = letters.windows(2);
    let total = steps.len();
    let runs = steps
        .filter(|pair| (i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]))).abs() <= 1)
        .count();
    if runs * 4 >= total * 3 {
        return true;
    }
    let word: &str = folded.trim_end_matches(|letter: char| !letter.is_alphabetic());
    if GUESSED.contains(&word) || GUESSED.contains(&folded) {
        return true;
    }
    letters.sort_unstable();
    letters.dedup();
    letters.len() < LEAST_DIFFERENT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(password: &str) -> Result<(), Weakness> {
        check(password, "lin.xia@example.com", "Lin Xia 林夏")
    }

    #[test]
    fn length_is_counted_in_characters_and_bounded_on_both_sides() {
        assert_eq!(of("granite-lan"), Err(Weakness::Short));
        assert_eq!(of("granite-lant"), Ok(()));
        assert_eq!(of("山高月小水落石出清风徐来"), Ok(()), "twelve characters of Chinese");
        let long = "granite-lantern ".repeat(64);
        assert_eq!(of(&long[..1_024]), Ok(()));
        assert_eq!(of(&format!("{long}x")), Err(Weakness::Long));
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for password in [
            "aaaaaaaaaaaa",
            "123456789012",
            "abcdefghijkl",
            "Password1234!",
            "qwertyuiop12",
            "jetbridge2026",
            "woaini1314520",
            "121212121212",
            "ababababab12",
        ] {
            assert_eq!(of(password), Err(Weakness::Simple), "{password}");
        }
        for password in ["lin.xia-2026", "Lin.Xia.12345", "xia & lin 2026"] {
            assert_eq!(of(password), Err(Weakness::Own), "{password}");
        }
        assert_eq!(of("linen cupboard door"), Ok(()), "a word that merely begins alike");
    }
}
