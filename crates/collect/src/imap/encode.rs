//! Words of a command as the protocol wants them.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

const MUTF7: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::IMAP_MUTF7, NO_PAD);

/// In quotation marks, where the text has only letters that may stand there.
pub(super) fn quoted(text: &str) -> Option<String> {
    if !text.chars().all(|letter| matches!(letter, ' '..='~')) {
        return None;
    }
    Some(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The name of a folder in quotation marks, other letters than ASCII in modified UTF-7 (RFC 3501,
/// 5.1.3). Control characters have been refused before.
pub(super) fn folder(name: &str) -> String {
    let mut text = String::new();
    let mut other: Vec<u8> = Vec::new();
    for letter in name.chars() {
        if !matches!(letter, ' '..='~') {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                other.extend(unit.to_be_bytes());
            }
            continue;
        }
        shift(&mut text, &mut other);
        match letter {
            '&' => text.push_str("&-"),
            '"' | '\\' => text.extend(['\\', letter]),
            letter => text.push(letter),
        }
    }
    shift(&mut text, &mut other);
    format!("\"{text}\"")
}

fn shift(text: &mut String, other: &mut Vec<u8>) {
    if !other.is_empty() {
        text.push('&');
        MUTF7.encode_string(&*other, text);
        text.push('-');
        other.clear();
    }
}

/// Numbers as a set: `3,5,9`.
pub(super) fn set(uids: &[u32]) -> String {
    let numbers: Vec<String> = uids.iter().map(ToString::to_string).collect();
    numbers.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_in_modified_utf_7() {
        // The first two are the examples of RFC 3501.
        assert_eq!(folder("~peter/mail/台北/日本語"), "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"");
        assert_eq!(folder("Hi & Co"), "\"Hi &- Co\"");
        assert_eq!(folder("已处理"), "\"&XfJZBHQG-\"");
        assert_eq!(folder("a\"b\\c"), "\"a\\\"b\\\\c\"");
    }

    #[test]
    fn quotation_marks_only_around_what_may_stand_there() {
        assert_eq!(quoted("pa\"ss\\word").as_deref(), Some("\"pa\\\"ss\\\\word\""));
        assert_eq!(quoted("密码"), None);
        assert_eq!(quoted("a\r\nb"), None);
    }
}
