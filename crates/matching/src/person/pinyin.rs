//! Pinyin seen from outside: is it any, and how it looks under other romanisations.

use std::sync::LazyLock;

/// Initials and the finals each goes with.
#[rustfmt::skip]
const SYLLABLES: [(&str, &str); 23] = [
    ("b", "a ai an ang ao ei en eng i ian iao ie in ing o u"),
    ("p", "a ai an ang ao ei en eng i ian iao ie in ing o ou u"),
    ("m", "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u"),
    ("f", "a an ang ei en eng o ou u"),
    ("d", "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo"),
    ("t", "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo"),
    ("n", "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan un uo yu v ue ve"),
    ("l", "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo yu v ue ve"),
    ("g", "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo"),
    ("k", "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo"),
    ("h", "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo"),
    ("j", "i ia ian iang iao ie in ing iong iu u uan ue un"),
    ("q", "i ia ian iang iao ie in ing iong iu u uan ue un"),
    ("x", "i ia ian iang iao ie in ing iong iu u uan ue un"),
    ("zh", "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo"),
    ("ch", "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo"),
    ("sh", "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo"),
    ("r", "an ang ao e en eng i ong ou u ua uan ui un uo"),
    ("z", "a ai an ang ao e ei en eng i ong ou u uan ui un uo"),
    ("c", "a ai an ang ao e en eng i ong ou u uan ui un uo"),
    ("s", "a ai an ang ao e en eng i ong ou u uan ui un uo"),
    ("y", "a an ang ao e i in ing o ong ou u uan ue un"),
    ("w", "a ai an ang ei en eng o u"),
];
const ALONE: [&str; 12] = ["a", "ai", "an", "ang", "ao", "e", "ei", "en", "er", "o", "ou", "eng"];
/// Letters of the longest name looked at; longer ones are no two or three syllables.
const LONGEST: usize = 30;
/// Letters of the longest syllable, `zhuang`.
const SYLLABLE: usize = 6;

/// Every syllable packed by [`packed`], sorted.
static PACKED: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let joined = SYLLABLES.iter().flat_map(|(initial, finals)| {
        finals.split(' ').map(move |last| initial.bytes().chain(last.bytes()))
    });
    let alone = ALONE.iter().map(|syllable| "".bytes().chain(syllable.bytes()));
    let mut all: Vec<u32> = joined.chain(alone).map(|letters| letters.fold(0, packed)).collect();
    all.sort_unstable();
    all
});

/// One small letter more, five bits each: six letters fit.
fn packed(before: u32, letter: u8) -> u32 {
    before << 5 | u32::from(letter & 31)
}

/// Whether the letters can be read as syllables of pinyin: then one letter more or less makes
/// another name.
pub(super) fn is_pinyin(letters: &str) -> bool {
    let letters = letters.as_bytes();
    if letters.is_empty() || letters.len() > LONGEST || !letters.iter().all(u8::is_ascii_lowercase)
    {
        return false;
    }
    let mut reached = [false; LONGEST + 1];
    reached[0] = true;
    for at in 0..letters.len() {
        if !reached[at] {
            continue;
        }
        let mut syllable = 0;
        for (length, letter) in letters[at..].iter().take(SYLLABLE).enumerate() {
            syllable = packed(syllable, *letter);
            if PACKED.binary_search(&syllable).is_ok() {
                reached[at + length + 1] = true;
            }
        }
    }
    reached[letters.len()]
}

/// The official spelling of ü where a `v` stands for it: `lv` → `lyu`, `nve` → `nue`. A `v` is no
/// letter of pinyin; other names change alike on both sides, which does no harm.
pub(super) fn official(letters: &str) -> String {
    if !letters.contains('v') {
        return letters.to_owned();
    }
    letters.replace("lve", "lue").replace("nve", "nue").replace("lv", "lyu").replace("nv", "nyu")
}

/// Every spelling of ü as `u`: LYU, LV and LU become one. 陆 and 吕 do too: a candidate, no proof.
pub(super) fn flat(letters: &str) -> String {
    if letters.contains("yu") {
        letters.replace("lyu", "lu").replace("nyu", "nu")
    } else {
        letters.to_owned()
    }
}

/// Surnames by pinyin, with what they are in Hong Kong, Macao, Taiwan, Singapore and Malaysia
/// (Cantonese government spelling, Wade–Giles, Hokkien and Teochew habit).
#[rustfmt::skip]
const ROMANISED: &[(&str, &str)] = &[
    ("chen", "chan tan chin tran"), ("zhang", "cheung chang teo cheong"),
    ("huang", "wong ng hwang ooi wee"), ("wang", "wong ong heng"), ("li", "lee lei"),
    ("lin", "lam lim ling"), ("liu", "lau low liew lew"), ("wu", "ng goh woo"),
    ("zhou", "chow chau chew chou"), ("xu", "hsu tsui chui koh hui khoo"), ("zheng", "cheng tay teh"),
    ("yang", "yeung yeo young yong"), ("zhu", "chu choo"), ("he", "ho hoe"),
    ("guo", "kwok kuo quek kwek"), ("luo", "lo law loh"), ("ye", "yip yeh yap ip"),
    ("cai", "tsai choi chua chai"), ("xie", "tse hsieh chia cheah"), ("zeng", "tsang tseng chan"),
    ("sun", "suen soon"), ("hu", "wu woo oh"), ("gao", "ko kao koh"), ("liang", "leung leong neo"),
    ("song", "sung soong"), ("deng", "tang teng"), ("feng", "fung fong"), ("pan", "poon pun phua"),
    ("yuan", "yuen"), ("jiang", "chiang keung kong kiang"), ("cao", "tso tsao cho chaw"),
    ("xiao", "siu hsiao seow siew"), ("lyu", "lui lu"), ("tang", "tong"), ("su", "so soh"),
    ("wei", "ngai wai"), ("du", "to tu toh"), ("fang", "fong"), ("shi", "shih sze see"),
    ("qiu", "yau chiu khoo"), ("zhong", "chung"), ("tan", "tam tham"), ("lu", "luk loke"),
    ("liao", "liu liaw leow"), ("xiong", "hung hsiung"), ("jin", "kam chin"),
    ("qian", "chin chien"), ("hong", "hung ang"), ("zhao", "chiu chao teo"), ("kong", "hung kung"),
    ("yu", "yue yee"), ("yan", "yim ngan"), ("ouyang", "auyeung auyong"), ("situ", "szeto"),
    ("zhuge", "chukot"), ("shangguan", "sheungkoon"), ("deng", "tang"), ("mo", "mok"), ("mai", "mak"),
];

/// Whether one of the surnames may be the other under another romanisation. Weak: 王 and 黄 are
/// both WONG.
pub(super) fn same_surname_elsewhere(left: &str, right: &str) -> bool {
    let is = |pinyin: &str, other: &str| {
        ROMANISED
            .iter()
            .any(|(name, spellings)| *name == pinyin && spellings.split(' ').any(|s| s == other))
    };
    is(left, right) || is(right, left) || skeleton(left) == skeleton(right)
}

/// Letters with what Wade–Giles and pinyin write differently made one: `hsiaoming`, `xiaoming`.
pub(super) fn skeleton(letters: &str) -> String {
    let mut out = letters.to_owned();
    for (from, to) in [
        ("hs", "s"),
        ("sh", "s"),
        ("x", "s"),
        ("tz", "c"),
        ("ts", "c"),
        ("zh", "c"),
        ("ch", "c"),
        ("j", "c"),
        ("q", "c"),
        ("z", "c"),
        ("b", "p"),
        ("d", "t"),
        ("g", "k"),
        ("ien", "ian"),
        ("unk", "onk"),
        ("ieh", "ie"),
        ("yeh", "ye"),
        ("ih", "i"),
        ("uei", "ui"),
        ("kuo", "kuo"),
    ] {
        if out.contains(from) {
            out = out.replace(from, to);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_known() {
        for letters in ["qiming", "wei", "lyubu", "ouyang", "xian", "er", "zhuangyuan"] {
            assert!(is_pinyin(letters), "{letters}");
        }
        for letters in ["john", "smith", "", "qimingmr", "priya", "zhng", "fefiang"] {
            assert!(!is_pinyin(letters), "{letters}");
        }
    }

    #[test]
    fn spellings_meet() {
        assert_eq!(official("lvbu"), "lyubu");
        assert_eq!(flat("lyubu"), "lubu");
        assert_eq!(skeleton("hsiaoming"), skeleton("xiaoming"));
        assert_eq!(skeleton("chienkuo"), skeleton("jianguo"));
        assert!(same_surname_elsewhere("chan", "chen") && same_surname_elsewhere("huang", "ng"));
        assert!(!same_surname_elsewhere("chan", "wang"));
    }
}
