//! How alike two texts are: Jaro–Winkler similarity and edit distance.
//!
//! Texts come in as they are stored (bytes when both are ASCII, characters otherwise); neither
//! function allocates for ASCII texts of up to 64 letters.

mod edits;
mod jaro;
mod sketch;

pub use edits::edits;
pub use jaro::jaro_winkler;
pub use sketch::Sketch;

/// Calls `on` with both texts as slices of letters.
fn letters<R>(left: &str, right: &str, on: impl Letters<R>) -> R {
    if left.is_ascii() && right.is_ascii() {
        on.bytes(left.as_bytes(), right.as_bytes())
    } else {
        let left: Vec<char> = left.chars().collect();
        let right: Vec<char> = right.chars().collect();
        on.chars(&left, &right)
    }
}

/// A function of two texts that works on bytes and on characters alike.
trait Letters<R> {
    fn bytes(self, left: &[u8], right: &[u8]) -> R;
    fn chars(self, left: &[char], right: &[char]) -> R;
}
