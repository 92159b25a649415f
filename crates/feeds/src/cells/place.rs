//! Names of cities and provinces as they come: with stray marks, in capitals, as digits.

/// What became of a place name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Taken as written, but for the case of its letters.
    Good(String),
    /// Marks around it were taken away.
    Trimmed(String),
    /// Nothing was left, or it is a number.
    Empty,
    /// Digits, no name.
    Digits,
}

const MARKS: &[char] = &[
    '.', ',', ';', ':', '-', '_', '/', '\\', '?', '*', '!', '\'', '"', '`', '~', '|', '+', '=',
    '。', '，', '、', '；', '：', '？', '！', '·', '—', '－', '(', ')', '[', ']', '\u{3000}',
    '\u{a0}',
];

/// Cleans `text`. A name all in small or all in capital Latin letters is set in title case.
#[must_use]
pub fn clean(text: &str) -> Place {
    let outer = |letter: char| letter.is_whitespace() || MARKS.contains(&letter);
    let visible = text.trim_matches(|letter: char| letter.is_whitespace());
    // A closing bracket that belongs to an opening one inside stays.
    let core = if text.contains('(') && visible.ends_with(')') {
        visible.trim_start_matches(outer)
    } else {
        visible.trim_matches(outer)
    };
    if core.is_empty() {
        return Place::Empty;
    }
    if core.chars().all(|letter| letter.is_ascii_digit() || outer(letter)) {
        return Place::Digits;
    }
    let named = cased(core);
    if core.len() == visible.len() { Place::Good(named) } else { Place::Trimmed(named) }
}

fn cased(text: &str) -> String {
    let letters = || text.chars().filter(char::is_ascii_alphabetic);
    let (small, large) = (
        letters().all(|letter| letter.is_ascii_lowercase()),
        letters().all(|letter| letter.is_ascii_uppercase()),
    );
    if !text.is_ascii() || !(small || large) || (large && text.len() <= 3) {
        return text.to_owned();
    }
    let mut cased = String::with_capacity(text.len());
    let mut start = true;
    for letter in text.chars() {
        cased.push(if start { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() });
        start = letter == ' ' || letter == '-';
    }
    cased
}

/// ISO 3166-1 alpha-2 codes, two letters each.
const COUNTRIES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

const NAMED: &[(&str, &str)] = &[
    ("中国", "CN"),
    ("中", "CN"),
    ("china", "CN"),
    ("prc", "CN"),
    ("chn", "CN"),
    ("香港", "HK"),
    ("中国香港", "HK"),
    ("hong kong", "HK"),
    ("hkg", "HK"),
    ("澳门", "MO"),
    ("macau", "MO"),
    ("macao", "MO"),
    ("台湾", "TW"),
    ("taiwan", "TW"),
    ("日本", "JP"),
    ("japan", "JP"),
    ("jpn", "JP"),
    ("韩国", "KR"),
    ("korea", "KR"),
    ("south korea", "KR"),
    ("republic of korea", "KR"),
    ("kor", "KR"),
    ("美国", "US"),
    ("usa", "US"),
    ("united states", "US"),
    ("united states of america", "US"),
    ("加拿大", "CA"),
    ("canada", "CA"),
    ("英国", "GB"),
    ("uk", "GB"),
    ("united kingdom", "GB"),
    ("great britain", "GB"),
    ("法国", "FR"),
    ("france", "FR"),
    ("德国", "DE"),
    ("germany", "DE"),
    ("意大利", "IT"),
    ("italy", "IT"),
    ("西班牙", "ES"),
    ("spain", "ES"),
    ("荷兰", "NL"),
    ("netherlands", "NL"),
    ("比利时", "BE"),
    ("belgium", "BE"),
    ("瑞士", "CH"),
    ("switzerland", "CH"),
    ("俄罗斯", "RU"),
    ("russia", "RU"),
    ("澳大利亚", "AU"),
    ("australia", "AU"),
    ("新西兰", "NZ"),
    ("new zealand", "NZ"),
    ("新加坡", "SG"),
    ("singapore", "SG"),
    ("马来西亚", "MY"),
    ("malaysia", "MY"),
    ("泰国", "TH"),
    ("thailand", "TH"),
    ("越南", "VN"),
    ("vietnam", "VN"),
    ("印度", "IN"),
    ("india", "IN"),
    ("印度尼西亚", "ID"),
    ("indonesia", "ID"),
    ("菲律宾", "PH"),
    ("philippines", "PH"),
    ("柬埔寨", "KH"),
    ("cambodia", "KH"),
    ("阿联酋", "AE"),
    ("united arab emirates", "AE"),
    ("土耳其", "TR"),
    ("turkey", "TR"),
    ("巴西", "BR"),
    ("brazil", "BR"),
    ("墨西哥", "MX"),
    ("mexico", "MX"),
    ("南非", "ZA"),
    ("south africa", "ZA"),
];

/// The two-letter code of a country given as code or name.
#[must_use]
pub fn country(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.len() == 2 && text.is_ascii() {
        let code = text.to_ascii_uppercase();
        let known = (0..COUNTRIES.len() / 2).map(|at| &COUNTRIES[at * 2..at * 2 + 2]);
        if let Some(code) = known.into_iter().find(|known| *known == code) {
            return Some(code);
        }
    }
    let name = text.to_lowercase();
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_marks_go_and_names_stay() {
        assert_eq!(clean("guangzhou"), Place::Good("Guangzhou".into()));
        assert_eq!(clean("HONG KONG"), Place::Good("Hong Kong".into()));
        assert_eq!(clean("Gangnam-gu"), Place::Good("Gangnam-gu".into()));
        assert_eq!(clean("广州."), Place::Trimmed("广州".into()));
        assert_eq!(clean(".beijing"), Place::Trimmed("Beijing".into()));
        assert_eq!(clean("HK"), Place::Good("HK".into()));
        for text in [".", "-", "\u{3000}", "/", " . "] {
            assert_eq!(clean(text), Place::Empty, "{text:?}");
        }
        assert_eq!(clean("94000"), Place::Digits);
    }

    #[test]
    fn countries_by_code_and_name() {
        assert_eq!(country("cn"), Some("CN"));
        assert_eq!(country("中"), Some("CN"));
        assert_eq!(country("Canada"), Some("CA"));
        assert_eq!(country("FL"), None);
    }
}
