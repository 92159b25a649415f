//! Passes that went through a web page or a mail, where runs of blanks become one.

/// Rebuilds the mandatory columns of the first leg of a pass whose blanks were lost. The conditional
/// items cannot be rebuilt, for their blanks are lost too; neither can further legs. None if the text
/// is no such pass. [`super::parse`] reads the result; try it where it finds nothing in the text
/// itself.
#[must_use]
pub fn respaced(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().take(64).collect();
    let at = words.iter().position(|word| is_route(word)).filter(|at| *at >= 1)?;
    let first = words.first().filter(|word| is_start(word))?;
    let (mut name, mut booking) = (first.get(2..)?.to_owned(), "");
    if let Some((last, middle)) = words.get(1..at)?.split_last() {
        for word in middle {
            name.push(' ');
            name.push_str(word);
        }
        booking = last;
    }
    // `EABC123`, `ABC123`, or `E` alone. A locator of seven characters would be `E` and six.
    let electronic = booking.starts_with('E') && booking.len() != 6;
    let locator = if electronic { booking.get(1..)? } else { booking };
    let route = words.get(at)?;
    let flight = words.get(at + 1).filter(|word| word.len() <= 5)?;
    let day = words.get(at + 2).filter(|word| word.is_ascii())?;
    let digits = day.bytes().take_while(u8::is_ascii_digit).count();
    let (day, compartment) = day.split_at_checked(digits).filter(|_| (1..=3).contains(&digits))?;
    let status = words.get(at + 3).and_then(|word| word.chars().next()).unwrap_or(' ');
    let (compartment, rest) = compartment.split_at_checked(1)?;
    let (seat, sequence) = rest.split_at_checked(4).unwrap_or((rest, ""));
    let format = first.get(..1)?;
    let mark = if electronic { 'E' } else { ' ' };
    let (from_to, carrier) = route.split_at_checked(6)?;
    Some(format!(
        "{format}1{name:<20.20}{mark}{locator:<7.7}{from_to}{carrier:<3}{flight:<5}\
         {day:0>3}{compartment}{seat:<4}{sequence:<5.5}{status}00"
    ))
}

fn is_start(word: &str) -> bool {
    let mut signs = word.chars();
    matches!(signs.next(), Some('M' | 'S'))
        && signs.next().is_some_and(|sign| sign.is_ascii_digit())
}

/// `YULFRAAC`.
fn is_route(word: &str) -> bool {
    let bytes = word.as_bytes();
    let letters = bytes.iter().take(6).all(u8::is_ascii_uppercase);
    let rest = bytes.iter().skip(6).all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    matches!(bytes.len(), 8 | 9) && letters && rest
}
