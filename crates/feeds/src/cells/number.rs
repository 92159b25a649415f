//! Numbers as people write them: decimal point or comma, thousands, a currency sign, per cent.

/// Reads a number whose decimal mark is `decimal` (`.` or `,`).
#[must_use]
pub fn parse(text: &str, decimal: char) -> Option<f64> {
    let text = text.trim();
    if decimal == '.'
        && let Ok(number) = text.parse::<f64>()
    {
        return (number.is_finite() && !text.ends_with('.')).then_some(number);
    }
    let (text, percent) = match text.strip_suffix(['%', '％']) {
        Some(rest) => (rest.trim_end(), true),
        None => (text, false),
    };
    let text = text.trim_start_matches(['¥', '￥', '$', '€', '£']).trim_start();
    let plain = plain(text, decimal)?;
    let number: f64 = plain.parse().ok()?;
    number.is_finite().then_some(if percent { number / 100.0 } else { number })
}

/// Takes the thousands marks out; refuses what is not grouped in threes.
fn plain(text: &str, decimal: char) -> Option<String> {
    let (whole, fraction) = match text.rsplit_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let (sign, digits) = match whole.strip_prefix(['-', '−', '+']) {
        Some(rest) => (if whole.starts_with('+') { "" } else { "-" }, rest),
        None => ("", whole),
    };
    let marks: &[char] =
        if decimal == ',' { &['.', ' ', '\u{a0}', '\''] } else { &[',', ' ', '\u{a0}', '\''] };
    let mut groups = digits.split(marks);
    let first = groups.next()?;
    let mut plain = format!("{sign}{first}");
    let mut grouped = false;
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        grouped = true;
        plain.push_str(group);
    }
    let all_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(first)
        || (grouped && first.len() > 3)
        || !all_digits(plain.trim_start_matches('-'))
    {
        return None;
    }
    if let Some(fraction) = fraction {
        if !all_digits(fraction) {
            return None;
        }
        plain.push('.');
        plain.push_str(fraction);
    }
    Some(plain)
}

/// A whole number; `31.0` is one, `31.5` is none.
#[must_use]
pub fn whole(text: &str, decimal: char) -> Option<i64> {
    if let Ok(number) = text.trim().parse::<i64>() {
        return Some(number);
    }
    let number = parse(text, decimal)?;
    (number.fract() == 0.0 && number.abs() < 9.0e15).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_commas() {
        assert_eq!(parse("0.9616390429999999", '.'), Some(0.961_639_042_999_999_9));
        assert_eq!(parse("1,234.5", '.'), Some(1_234.5));
        assert_eq!(parse("1.234,5", ','), Some(1_234.5));
        assert_eq!(parse("0,75", ','), Some(0.75));
        assert_eq!(parse("¥ 1,298", '.'), Some(1_298.0));
        assert_eq!(parse("62 %", '.'), Some(0.62));
        assert_eq!(parse("-5", '.'), Some(-5.0));
        for text in ["", "abc", "1,23", "1,2345", "--5", "1.2.3", "inf", "NaN", "1e999", "12."] {
            assert_eq!(parse(text, '.'), None, "{text}");
        }
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(whole("31.0", '.'), Some(31));
        assert_eq!(whole("31.5", '.'), None);
        assert_eq!(whole("9223372036854775807", '.'), Some(i64::MAX));
        assert_eq!(whole("1.298", ','), Some(1_298));
    }
}
