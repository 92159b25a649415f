//! One file, many messages.

use std::ops::Range;

use crate::envelope::parse::{is_frame, trim};
use crate::text::lines;

/// Cuts text that holds several Type B messages, one behind the other, at the ends that teletype
/// networks and passenger messages have: ETX, `NNNN`, `ENDPNL` and the like; and before `ZCZC`. A text
/// of one message, or of another kind, is one piece. Blank pieces are left out.
#[must_use]
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let (mut from, mut filled) = (0, false);
    for line in lines(text) {
        let end = line.start + line.text.len();
        let shown = trim(line.text);
        if filled && is_frame(shown) {
            pieces.push(from..line.start);
            (from, filled) = (line.start, false);
        }
        let is_frame_end = shown == "NNNN";
        if is_frame_end && !filled {
            // The frame's end belongs to the message that ended just before.
            if let Some(last) = pieces.last_mut() {
                last.end = end;
            }
            from = end;
            continue;
        }
        filled |= !shown.is_empty();
        if filled && (is_frame_end || is_end(shown) || line.text.contains('\u{3}')) {
            pieces.push(from..end);
            (from, filled) = (end, false);
        }
    }
    if filled {
        pieces.push(from..text.len());
    }
    pieces
}

/// `ENDPNL`, `ENDPART3`.
fn is_end(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("END") else { return false };
    match rest.strip_prefix("PART") {
        Some(number) => !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()),
        None => rest.len() == 3 && crate::detect::Kind::of_identifier(rest).is_some(),
    }
}
