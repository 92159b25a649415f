//! Nothing makes a parser panic, or read in more than one pass.

use proptest::prelude::*;

use crate::formats_under_test::{ALL, check_places, fixtures};

fn every_parser(text: &str) {
    for format in ALL {
        let (_, found) = (format.parse)(text);
        check_places(text, &found);
    }
}

#[test]
fn huge_and_repeated_input_is_read_in_one_pass() {
    let pieces = [
        "\n",
        "\r",
        " ",
        "/",
        "//",
        "// ",
        "A",
        "MVT\n",
        "COR ",
        "SI ",
        "UTC ",
        "SSM ",
        "NEW\n",
        "CA1/1.B1.PEK\n",
        "DL1/",
        "PX1/",
        "EA1500 PEK ",
        "AD1/",
        "-PEK.1/1\n",
        ".NIL",
        "-PEK.",
        "CA1\n01APR 02APR 1\nPEK0100 SHA0200\n",
        "1/",
        "10/A ",
        "J 738\n",
        ".N/0999781487999\n",
        "BSM\n",
        "ENDBSM\n",
        ".P/",
        "NM A\n",
        "AHL ",
        "3",
        "0",
        "\u{1F6E9}",
        "ПЭК ",
        "00000\n",
        "3 CA 15010101J29MAR2624OCT261234567 PEK08000755+08003 SHA\n",
        "4\n",
        "2U\n",
        "5\n",
    ];
    for piece in pieces {
        every_parser(&piece.repeat(200_000 / piece.len()));
    }
    let long = "X".repeat(2_000_000);
    every_parser(&long);
    every_parser(&format!("MVT\nCA1/21.B1.PEK\nSI {long}\n{long}"));
}

/// Changes to a message that transmissions make.
#[derive(Clone, Debug)]
enum Change {
    Delete(prop::sample::Index),
    Repeat(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, char),
    Drop(prop::sample::Index),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let at = any::<prop::sample::Index>;
    let one = prop_oneof![
        at().prop_map(Change::Delete),
        at().prop_map(Change::Repeat),
        (at(), at()).prop_map(|(a, b)| Change::Swap(a, b)),
        at().prop_map(Change::Cut),
        (at(), prop_oneof![any::<char>(), prop::char::ranges(vec!['\t'..='_'].into())])
            .prop_map(|(a, ch)| Change::Insert(a, ch)),
        at().prop_map(Change::Drop),
    ];
    prop::collection::vec(one, 1..6)
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut text = text.to_owned();
    for change in changes {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let mut chars: Vec<char> = text.chars().collect();
        if lines.is_empty() || chars.is_empty() {
            return text;
        }
        let (lines_len, chars_len) = (lines.len(), chars.len());
        text = match change {
            Change::Delete(at) => {
                lines.remove(at.index(lines_len));
                lines.concat()
            }
            Change::Repeat(at) => {
                let line = lines[at.index(lines_len)].clone();
                lines.insert(at.index(lines_len), line);
                lines.concat()
            }
            Change::Swap(a, b) => {
                lines.swap(a.index(lines_len), b.index(lines_len));
                lines.concat()
            }
            Change::Cut(at) => chars[..at.index(chars_len)].iter().collect(),
            Change::Insert(at, ch) => {
                chars.insert(at.index(chars_len), *ch);
                chars.into_iter().collect()
            }
            Change::Drop(at) => {
                chars.remove(at.index(chars_len));
                chars.into_iter().collect()
            }
        };
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text(text in "(?s).{0,300}") {
        every_parser(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        every_parser(formats::text::decode(&bytes).as_str());
    }

    #[test]
    fn texts_of_their_own_letters(text in "[A-Z0-9/. \n+-]{0,300}") {
        every_parser(&text);
    }

    #[test]
    fn changed_fixtures(
        format in 0..ALL.len(),
        which in any::<prop::sample::Index>(),
        changes in changes(),
    ) {
        let all = fixtures(&ALL[format]);
        let (_, content) = &all[which.index(all.len())];
        let text = changed(content, &changes);
        let (_, found) = (ALL[format].parse)(&text);
        check_places(&text, &found);
    }
}
