//! Codes of vouchers: fifteen letters nobody can guess (75 bits), and one that tells a misreading.
//!
//! Letters are Crockford's 32 (no I, L, O, U); the last one is Luhn's sum modulo 32, which finds
//! every single wrong letter and almost every two that changed places.

use access::secrets;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Random letters.
const LETTERS: usize = 15;

/// A new code, without hyphens.
pub(super) fn new() -> String {
    let mut code: String = secrets::grouped::<LETTERS>().chars().filter(|c| *c != '-').collect();
    code.make_ascii_uppercase();
    let check = check_of(&code).unwrap_or('0');
    code.push(check);
    code
}

/// A code as it is kept: letters that are mistaken for others put right, blanks and hyphens left
/// out. `None` when it cannot be one of ours.
pub(super) fn read(typed: &str) -> Option<String> {
    let plain = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let kept = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(LETTERS + 2);
    let code: String = kept.map(plain).collect();
    let (body, check) = code.split_at_checked(LETTERS)?;
    (check.chars().count() == 1 && check_of(body) == check.chars().next()).then_some(code)
}

/// In groups of four, as people read it.
pub(super) fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|four| four.iter().collect()).collect();
    groups.join("-")
}

/// The letter after a body.
fn check_of(body: &str) -> Option<char> {
    let mut sum = 0;
    for (place, letter) in body.bytes().rev().enumerate() {
        let value = ALPHABET.iter().position(|one| *one == letter)?;
        let weighed = if place % 2 == 0 { value * 2 } else { value };
        sum += weighed / 32 + weighed % 32;
    }
    ALPHABET.get((32 - sum % 32) % 32).map(|letter| char::from(*letter))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_is_made_is_read_however_it_is_typed() {
        for _ in 0..200 {
            let code = new();
            assert_eq!(code.len(), 16);
            assert_eq!(read(&code), Some(code.clone()));
            let typed = grouped(&code).to_lowercase().replace('0', "o").replace('1', "l");
            assert_eq!(read(&typed), Some(code));
        }
        for none in ["", "-", "0", "会员卡", &"0".repeat(17), &"0".repeat(15)] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn one_wrong_letter_is_always_found() {
        let code = new();
        for place in 0..code.len() {
            for letter in ALPHABET {
                let mut other = code.clone().into_bytes();
                if other[place] == *letter {
                    continue;
                }
                other[place] = *letter;
                assert_eq!(read(&String::from_utf8(other).unwrap()), None);
            }
        }
    }
}
