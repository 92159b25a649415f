//! String literals of a Rust file, without comments: enough of a lexer to tell SQL and text keys
//! from prose.

/// One literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Byte of its opening quote.
    pub at: usize,
    /// What stands between the quotes; escapes are left as written, but a continued line is joined.
    pub text: String,
}

/// All string literals of `source`, in order.
#[must_use]
pub fn of(source: &str) -> Vec<Literal> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        at = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => line_end(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => comment_end(bytes, at + 2),
            b'r' if starts_raw(bytes, at) => raw(source, at, &mut found),
            b'"' => plain(source, at, &mut found),
            b'\'' => quote_end(bytes, at),
            _ => at + 1,
        };
    }
    found
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |n| from + n)
}

fn comment_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].windows(2).position(|pair| pair == b"*/").map_or(bytes.len(), |n| from + n + 2)
}

fn starts_raw(bytes: &[u8], at: usize) -> bool {
    let word_before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    (!word_before || bytes[at - 1] == b'b') && bytes.get(at + 1 + hashes) == Some(&b'"')
}

fn raw(source: &str, at: usize, found: &mut Vec<Literal>) -> usize {
    let hashes = source[at + 1..].bytes().take_while(|byte| *byte == b'#').count();
    let open = at + 2 + hashes;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = source[open..].find(&close).map_or(source.len(), |n| open + n);
    found.push(Literal { at, text: source[open..end].to_owned() });
    end + close.len()
}

fn plain(source: &str, at: usize, found: &mut Vec<Literal>) -> usize {
    let bytes = source.as_bytes();
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    let text = source.get(at + 1..end.min(source.len())).unwrap_or_default();
    found.push(Literal { at, text: text.replace("\\\n", "\n") });
    end + 1
}

/// Past a character literal; a lifetime is one byte long for our purpose.
fn quote_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at + 1) {
        Some(b'\\') => {
            bytes[at + 3..].iter().position(|byte| *byte == b'\'').map_or(at + 1, |n| at + n + 4)
        }
        Some(_) => {
            let close = bytes[at + 2..].iter().take(4).position(|byte| *byte == b'\'');
            let width = close.map_or(0, |n| n + 1);
            let one = std::str::from_utf8(&bytes[at + 1..(at + 1 + width).min(bytes.len())]);
            if width > 0 && one.is_ok_and(|text| text.chars().count() == 1) {
                at + width + 2
            } else {
                at + 1
            }
        }
        None => at + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_found_and_comments_and_characters_are_not() {
        let source = concat!(
            "// \"no\"\nlet a = \"one \\\" two\"; let b = '\"'; let c: &'static str = r#\"raw \"x\" \"#;\n",
            "/* \"no\" */ f(\"three\", '\\'', \"四\")"
        );
        let texts: Vec<String> = of(source).into_iter().map(|literal| literal.text).collect();
        assert_eq!(texts, ["one \\\" two", "raw \"x\" ", "three", "四"]);
    }
}
