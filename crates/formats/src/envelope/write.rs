//! Envelope to text.

use crate::envelope::model::Envelope;
use crate::envelope::parse::is_priority;

/// As long as a line of a Type B message may be, in characters (RP 1707b).
const LINE: usize = 64;

/// The address lines and the origin line, each ended by `\r\n`: eight addresses to a line, as many as
/// fit. Nothing for a bare envelope. The identifier is the writer's of the body.
#[must_use]
pub fn write(envelope: &Envelope<'_>) -> String {
    let mut out = String::new();
    let mut width = 0;
    if let Some(priority) = envelope.priority.filter(|word| is_priority(word)) {
        out.push_str(priority);
        width = priority.len();
    }
    for address in &envelope.destinations {
        if width + 1 + address.as_str().len() > LINE {
            out.push_str("\r\n");
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(address.as_str());
        width += address.as_str().len();
    }
    if !out.is_empty() {
        out.push_str("\r\n");
    }
    let Some(origin) = envelope.origin else { return out };
    out.push('.');
    out.push_str(origin.as_str());
    if envelope.signature.is_some() || envelope.time.is_some() {
        out.push(' ');
    }
    if let Some(signature) = envelope.signature {
        out.push_str(signature);
        out.push('/');
    }
    if let Some(time) = envelope.time {
        out.push_str(&time.to_string());
    }
    for reference in &envelope.references {
        out.push(' ');
        out.push_str(reference);
    }
    out.push_str("\r\n");
    out
}
