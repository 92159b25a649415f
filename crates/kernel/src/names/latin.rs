//! Names in Latin letters: booking form, titles, capitals.

const TITLES: [&str; 11] =
    ["MR", "MRS", "MS", "MISS", "MSTR", "CHD", "INF", "DR", "PROF", "MISTER", "MASTER"];
/// Titles that bookings glue to the given name. `MS` is left out: too many names end so.
const GLUED: [&str; 4] = ["MSTR", "MRS", "CHD", "MR"];

/// Title case for words written in one case; mixed case (`McDonald`, `de Souza`) is taken as meant.
pub(super) fn title(text: &str) -> String {
    text.split_whitespace().map(title_word).collect::<Vec<_>>().join(" ")
}

fn title_word(word: &str) -> String {
    let mixed = word.chars().any(char::is_lowercase) && word.chars().any(char::is_uppercase);
    if mixed {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let mut start = true;
    for c in word.chars() {
        if start {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        start = !c.is_alphabetic();
    }
    out
}

/// Surname and given names of `SURNAME/GIVEN TITLE`, `Surname, Given`, `SURNAME Given` or
/// `Given Surname`.
pub(super) fn split(text: &str) -> (String, String) {
    if let Some((surname, given)) = text.split_once('/') {
        return (surname.trim().to_owned(), without_title(given, true));
    }
    if let Some((surname, given)) = text.split_once([',', '，']) {
        return (surname.trim().to_owned(), without_title(given, false));
    }
    let text = without_title(text, false);
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [] => (String::new(), String::new()),
        [only] => ((*only).to_owned(), String::new()),
        [first, rest @ ..] if is_capitals(first) && !rest.iter().any(|w| is_capitals(w)) => {
            ((*first).to_owned(), rest.join(" "))
        }
        [given @ .., last] => ((*last).to_owned(), given.join(" ")),
    }
}

fn is_capitals(word: &str) -> bool {
    word.len() > 1 && !word.chars().any(char::is_lowercase)
}

fn without_title(text: &str, booking: bool) -> String {
    let is_title =
        |w: &&str| TITLES.contains(&w.trim_end_matches('.').to_ascii_uppercase().as_str());
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut words = words.as_slice();
    while let [rest @ .., last] = words
        && is_title(last)
    {
        words = rest;
    }
    while let [first, rest @ ..] = words
        && is_title(first)
        && !rest.is_empty()
    {
        words = rest;
    }
    let joined = words.join(" ");
    if !booking {
        return joined;
    }
    let capitals = joined.to_ascii_uppercase();
    let glued = GLUED.iter().find_map(|t| capitals.strip_suffix(t)).filter(|rest| rest.len() > 2);
    glued.and_then(|rest| joined.get(..rest.len())).map_or(joined.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_go_and_names_stay() {
        for (text, surname, given) in [
            ("SMITH/JOHN MR", "SMITH", "JOHN"),
            ("SMITH/JOHNMRS", "SMITH", "JOHN"),
            ("SMITH/AMR", "SMITH", "AMR"),
            ("WU/LINA CHD", "WU", "LINA"),
            ("Dr. Priya Raman", "Raman", "Priya"),
            ("Raman, Priya", "Raman", "Priya"),
            ("Ann Mary Lee", "Lee", "Ann Mary"),
            ("ANN LEE", "LEE", "ANN"),
            ("Sukarno", "Sukarno", ""),
            ("", "", ""),
        ] {
            assert_eq!(split(text), (surname.to_owned(), given.to_owned()), "{text}");
        }
    }

    #[test]
    fn mixed_case_is_meant() {
        assert_eq!(title("McDonald"), "McDonald");
        assert_eq!(title("van der BERG"), "Van Der Berg");
        assert_eq!(title("d'arcy"), "D'Arcy");
    }
}
