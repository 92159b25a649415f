//! Patterns of file names, as people write them for a watched folder.

/// Whether `name` is of `pattern`: `*` stands for any letters, `?` for one, small and capital
/// letters are told apart. Linear in both but for each `*`.
#[must_use]
pub fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        let here = pattern.get(p).copied();
        if here == Some('*') {
            star = Some((p, n));
            p += 1;
        } else if here == Some('?') || (here.is_some() && here == name.get(n).copied()) {
            p += 1;
            n += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            p = at + 1;
            n = from + 1;
        } else {
            return false;
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_fit_as_people_expect() {
        for (pattern, name, yes) in [
            ("*", "x", true),
            ("*.txt", "a.txt", true),
            ("*.txt", "a.txt.tmp", false),
            ("PNL*", "PNL_CA1501.txt", true),
            ("PNL*", "ADL_CA1501.txt", false),
            ("*-PNL-*.txt", "0800-PNL-CA1501.txt", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a*b*c", "axxbyyc", true),
            ("", "a", false),
        ] {
            assert_eq!(fits(pattern, name), yes, "{pattern} {name}");
        }
    }
}
