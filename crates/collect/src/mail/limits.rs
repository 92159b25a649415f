//! What no program writes: refused before an e-mail is taken apart.
//!
//! Taking apart costs memory for each header and part, a hundred times their bytes where they are
//! tiny, and attached e-mails are taken apart within each other. So headers and parts are counted
//! first, by a look at the bytes.

use std::collections::BTreeSet;

use memchr::memmem;

/// Bytes of the headers of the e-mail itself.
const HEADERS: usize = 256 * 1024;
/// Bytes of the headers of one part.
const PART_HEADERS: usize = 32 * 1024;
/// Parts, and headers that tell what a part is.
const PARTS: usize = 500;

/// Whether the e-mail may be taken apart.
pub(super) fn fits(raw: &[u8]) -> bool {
    let mut parts = 0;
    // Whoever nests e-mails or parts has to say so each time.
    headers(raw) <= HEADERS
        && words(raw, "content-type").take(PARTS + 1).count() <= PARTS
        && boundaries(raw).iter().all(|boundary| {
            let mark = [b"--", boundary.as_slice()].concat();
            memmem::find_iter(raw, &mark).all(|at| {
                parts += 1;
                let rest = raw.get(at + mark.len()..).unwrap_or_default();
                // The last mark ends in hyphens; text may follow it.
                parts <= PARTS && (rest.starts_with(b"--") || headers(rest) <= PART_HEADERS)
            })
        })
}

/// Bytes up to the first empty line.
fn headers(raw: &[u8]) -> usize {
    let end = |line: &[u8]| memmem::find(raw, line).unwrap_or(raw.len());
    end(b"\n\r\n").min(end(b"\n\n"))
}

/// Where the word stands, in small or capital letters.
fn words<'a>(raw: &'a [u8], word: &'static str) -> impl Iterator<Item = usize> + 'a {
    let (first, length) = (word.as_bytes()[0], word.len());
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), raw).filter(move |at| {
        raw.get(*at..at + length).is_some_and(|here| here.eq_ignore_ascii_case(word.as_bytes()))
    })
}

/// What stands behind `boundary=`.
fn boundaries(raw: &[u8]) -> BTreeSet<Vec<u8>> {
    words(raw, "boundary")
        .take(PARTS)
        .filter_map(|at| {
            let rest = raw.get(at + "boundary".len()..)?.trim_ascii_start().strip_prefix(b"=")?;
            let rest = rest.trim_ascii_start();
            let text = match rest.strip_prefix(b"\"") {
                Some(quoted) => quoted.split(|byte| *byte == b'"').next()?,
                None => rest.split(|byte| matches!(byte, b';' | b' ' | b'\r' | b'\n')).next()?,
            };
            (!text.is_empty() && text.len() <= 200).then(|| text.to_vec())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fits;

    fn mail(parts: &str) -> Vec<u8> {
        format!(
            "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=\"b b\"\r\n\r\n{parts}"
        )
        .into_bytes()
    }

    #[test]
    fn a_usual_one_fits() {
        assert!(fits(&mail("--b b\r\nContent-Type: text/plain\r\n\r\nPNL\r\n--b b--\r\n")));
        assert!(fits(b"no mail at all"));
        assert!(fits(b""));
        let text = "- -- --- a: b\r\n".repeat(100_000);
        assert!(fits(&mail(&format!("--b b\r\n\r\n{text}--b b--\r\n{text}"))));
    }

    #[test]
    fn bombs_do_not() {
        assert!(!fits(&mail(&"--b b\r\n\r\n".repeat(600))), "parts");
        assert!(!fits("a:\n".repeat(100_000).as_bytes()), "headers");
        assert!(!fits(&mail(&format!("--b b\r\n{}", "a:\n".repeat(20_000)))), "headers of a part");
        let nested = "Content-Type: message/rfc822\n\n".repeat(600);
        assert!(!fits(nested.as_bytes()), "e-mails in e-mails");
    }
}
