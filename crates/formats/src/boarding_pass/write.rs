//! Writes a pass.

use super::{BoardingPass, Issue, Leg};

/// Writes `pass` as the string behind a bar code. Fields too long for their columns are cut; a pass
/// of no legs or more than nine is not writable and gives an empty string.
#[must_use]
pub fn write(pass: &BoardingPass<'_>) -> String {
    let count = match pass.legs.len() {
        count @ 1..=9 => count,
        _ => return String::new(),
    };
    let mut out = String::with_capacity(HEADER + count * LEG);
    out.push('M');
    out.push_str(&count.to_string());
    left(&mut out, Some(pass.name), 20);
    out.push(if pass.electronic_ticket { 'E' } else { ' ' });
    for (at, leg) in pass.legs.iter().enumerate() {
        let items = conditional(pass, leg, at == 0);
        mandatory(&mut out, leg);
        length(&mut out, &items);
        out.push_str(&items);
    }
    if let Some(security) = &pass.security {
        out.push('^');
        out.push(security.kind.unwrap_or(' '));
        let data: String = security.data.chars().take(255).collect();
        length(&mut out, &data);
        out.push_str(&data);
    }
    out
}

const HEADER: usize = 23;
const LEG: usize = 160;

fn mandatory(out: &mut String, leg: &Leg<'_>) {
    left(out, leg.locator, 7);
    left(out, leg.from.as_ref().map(|airport| airport.as_str()), 3);
    left(out, leg.to.as_ref().map(|airport| airport.as_str()), 3);
    left(out, leg.carrier, 3);
    let number = leg.number.map(|number| format!("{number:04}"));
    left(out, number.as_deref(), 4);
    out.push(leg.suffix.unwrap_or(' '));
    let day = leg.day_of_year.map(|day| format!("{day:03}"));
    left(out, day.as_deref(), 3);
    out.push(leg.compartment.unwrap_or(' '));
    left(out, leg.seat, 4);
    left(out, leg.sequence, 5);
    out.push(leg.status.unwrap_or(' '));
}

fn conditional(pass: &BoardingPass<'_>, leg: &Leg<'_>, first: bool) -> String {
    let mut out = String::new();
    let items = repeated(leg, pass.version);
    let private = leg.private.unwrap_or_default();
    if first {
        // Items of a pass without a version are the airline's own from the first character.
        let Some(version) = pass.version else { return cut(private, 255) };
        out.push('>');
        out.push(version);
        let issue = unique(&pass.issue);
        length(&mut out, &issue);
        out.push_str(&issue);
    }
    if !items.is_empty() || !private.is_empty() {
        length(&mut out, &items);
        out.push_str(&items);
        out.push_str(private);
    }
    cut(&out, 255)
}

fn unique(issue: &Issue<'_>) -> String {
    let mut out = String::new();
    if issue.is_empty() {
        return out;
    }
    for sign in [issue.passenger_description, issue.check_in_source, issue.issuance_source] {
        out.push(sign.unwrap_or(' '));
    }
    let day = issue.day.map(|(year, day)| format!("{}{day:03}", year % 10));
    left(&mut out, day.as_deref(), 4);
    out.push(issue.document_type.unwrap_or(' '));
    left(&mut out, issue.issuer, 3);
    for tag in issue.bag_tags.iter().take(3) {
        left(&mut out, Some(tag), 13);
    }
    out
}

fn repeated(leg: &Leg<'_>, version: Option<char>) -> String {
    let mut out = String::new();
    left(&mut out, leg.airline_numeric, 3);
    left(&mut out, leg.document_serial, 10);
    out.push(leg.selectee.unwrap_or(' '));
    out.push(leg.document_check.unwrap_or(' '));
    left(&mut out, leg.marketing_carrier, 3);
    left(&mut out, leg.programme, 3);
    left(&mut out, leg.frequent_flyer, 16);
    out.push(leg.staff.unwrap_or(' '));
    left(&mut out, leg.free_bags, 3);
    // Fast track came with version 5.
    if leg.fast_track.is_some() || version.is_some_and(|version| version >= '5') {
        out.push(leg.fast_track.unwrap_or(' '));
    }
    if out.trim().is_empty() { String::new() } else { out }
}

/// Puts `text` into `width` columns from the left.
fn left(out: &mut String, text: Option<&str>, width: usize) {
    let text = text.unwrap_or_default();
    out.extend(text.chars().chain(std::iter::repeat(' ')).take(width));
}

/// The length of `text` as two hexadecimal digits.
fn length(out: &mut String, text: &str) {
    out.push_str(&format!("{:02X}", text.chars().count().min(255)));
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
