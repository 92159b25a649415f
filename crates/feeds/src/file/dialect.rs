//! Delimiter, line end and header, told from the beginning of a file.

use super::records::{Dialect, Next, Records, Row};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The dialect whose rows agree best on how many fields they have.
#[must_use]
pub fn guess(sample: &[u8]) -> Dialect {
    let terminator = if memchr::memchr(b'\n', sample).is_none() && sample.contains(&b'\r') {
        b'\r'
    } else {
        b'\n'
    };
    let mut best = (0.0, Dialect { delimiter: b',', terminator });
    for delimiter in DELIMITERS {
        let dialect = Dialect { delimiter, terminator };
        let score = agreement(sample, dialect);
        if score > best.0 + 1e-9 {
            best = (score, dialect);
        }
    }
    best.1
}

/// Share of rows with the commonest count, more for more fields; 0 when there is one field.
fn agreement(sample: &[u8], dialect: Dialect) -> f64 {
    let counts: Vec<usize> = rows(sample, dialect, 200).iter().map(Row::len).collect();
    let Some(first) = counts.first().copied().filter(|count| *count > 1) else { return 0.0 };
    let same = counts.iter().filter(|count| **count == first).count();
    let share = same as f64 / counts.len() as f64;
    share * share * (first as f64).ln_1p()
}

/// Up to `limit` whole rows of `sample`.
#[must_use]
pub fn rows(sample: &[u8], dialect: Dialect, limit: usize) -> Vec<Row> {
    let end = memchr::memrchr(dialect.terminator, sample).map_or(sample.len(), |end| end + 1);
    let mut records = Records::new(&sample[..end], dialect, 1 << 20);
    let (mut row, mut all) = (Row::default(), Vec::new());
    while all.len() < limit {
        match records.next(&mut row) {
            Ok(Next::Row) => all.push(row.clone()),
            Ok(Next::Fault(_)) => {}
            Ok(Next::End) | Err(_) => break,
        }
    }
    all
}

/// Whether the first row holds names: no numbers, no dates, no blanks but at the end, none twice
/// as a value below it.
#[must_use]
pub fn has_header(rows: &[Row]) -> bool {
    let Some(first) = rows.first() else { return false };
    let cells: Vec<&str> =
        (0..first.len()).map(|index| first.get(index).unwrap_or_default()).collect();
    let like_data = |cell: &str| {
        cell.parse::<f64>().is_ok()
            || cell.contains('@')
            || (cell.bytes().any(|byte| byte.is_ascii_digit())
                && cell.bytes().filter(u8::is_ascii_alphabetic).count() == 0
                && cell.is_ascii())
    };
    let data = cells.iter().filter(|cell| like_data(cell)).count();
    let named = cells.iter().filter(|cell| !cell.is_empty()).count();
    named * 2 > cells.len() && data * 4 <= named
}

/// Names of the columns: blanks get a number, a name that comes again gets a count.
#[must_use]
pub fn names(first: &Row, header: bool) -> (Vec<String>, Vec<String>) {
    let (mut names, mut twice) = (Vec::<String>::with_capacity(first.len()), Vec::new());
    for index in 0..first.len() {
        let raw = first.lossy(index);
        let clean: String = raw.trim().trim_start_matches('\u{feff}').chars().take(200).collect();
        let mut name =
            if header && !clean.is_empty() { clean.clone() } else { format!("#{}", index + 1) };
        let mut again = 2;
        while names.contains(&name) {
            if again == 2 && !twice.contains(&clean) {
                twice.push(clean.clone());
            }
            name = format!("{clean} ({again})");
            again += 1;
        }
        names.push(name);
    }
    (names, twice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (char, bool, Vec<String>) {
        let dialect = guess(text.as_bytes());
        let rows = rows(text.as_bytes(), dialect, 100);
        let header = has_header(&rows);
        (char::from(dialect.delimiter), header, names(&rows[0], header).0)
    }

    #[test]
    fn delimiters_are_told_apart() {
        assert_eq!(of("a,b,c\n1,2,3\n").0, ',');
        assert_eq!(of("a;b;c\n1,5;2,25;3,0\n").0, ';', "decimal commas");
        assert_eq!(of("a\tb\nx, y\tz\n").0, '\t');
        assert_eq!(of("a|b|c\n1|2|3\n").0, '|');
        assert_eq!(of("only\none\n").0, ',');
    }

    #[test]
    fn a_header_is_told_from_data() {
        assert!(of("MEMBER_NO,FFP_DATE\n54993,2006/11/2\n").1);
        assert!(of("会员号,入会日期\n54993,2006/11/2\n").1);
        assert!(!of("54993,2006/11/2,M\n28065,2007/2/19,F\n").1);
    }

    #[test]
    fn names_are_made_unique() {
        let (_, _, names) = of("km,km,,name\nx,y,z,w\n");
        assert_eq!(names, ["km", "km (2)", "#3", "name"]);
    }
}
