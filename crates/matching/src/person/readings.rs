//! Characters of given names that are read in more than one way.

use kernel::names::PersonName;

/// Readings people spell such characters with; the one the official tables give is among them.
#[rustfmt::skip]
const READINGS: &[(char, &str)] = &[
    ('乐', "le yue"), ('行', "xing hang"), ('长', "chang zhang"), ('重', "zhong chong"),
    ('朝', "chao zhao"), ('晟', "sheng cheng"), ('曾', "zeng ceng"), ('茜', "qian xi"),
    ('露', "lu lou"), ('莎', "sha suo"), ('柏', "bai bo"), ('传', "chuan zhuan"),
    ('降', "jiang xiang"), ('和', "he huo"), ('蔚', "wei yu"), ('颉', "jie xie"),
    ('缪', "miao mou"), ('奇', "qi ji"), ('盛', "sheng cheng"), ('校', "xiao jiao"),
    ('藏', "cang zang"), ('娜', "na nuo"), ('薄', "bo bao"), ('参', "shen can cen"),
    ('率', "shuai lyu"), ('绿', "lyu lu"), ('仔', "zai zi"), ('勒', "le lei"),
    ('隽', "juan jun"), ('筠', "yun jun"), ('莘', "xin shen"), ('泊', "bo po"),
    ('查', "cha zha"), ('拓', "tuo ta"), ('侗', "tong dong"), ('单', "dan shan"),
    ('解', "jie xie"), ('调', "tiao diao"), ('尽', "jin"), ('好', "hao"), ('会', "hui kuai"),
    ('觉', "jue jiao"), ('少', "shao"), ('为', "wei"), ('中', "zhong"), ('洗', "xi xian"),
    ('车', "che ju"), ('石', "shi dan"), ('艾', "ai yi"), ('佛', "fo fu"), ('斯', "si"),
    ('亘', "gen xuan"), ('圳', "zhen"), ('铅', "qian yan"), ('炅', "jiong gui"),
    ('燊', "shen"), ('朴', "pu piao"), ('俞', "yu shu"), ('逄', "pang"), ('琢', "zhuo"),
];
/// Spellings of one name at most; more readable characters than that are read the official way.
const MOST: usize = 8;

/// Other spellings of a whole Chinese name by the readings of its given name's characters;
/// `surname` and `given` are its official ones.
pub(super) fn of_given(native: &str, surname: &str, given: &str) -> Vec<String> {
    let characters: Vec<char> = native.chars().collect();
    let known = |c: &char| READINGS.iter().find(|(written, _)| written == c);
    if !characters.iter().any(|c| known(c).is_some()) {
        return Vec::new();
    }
    // The given name's characters are the last ones whose official syllables spell `given`.
    for start in 1..characters.len() {
        let syllables: Vec<String> = characters[start..].iter().map(|c| syllable(*c)).collect();
        if syllables.concat() != given {
            continue;
        }
        let mut found = vec![surname.to_owned()];
        for (character, syllable) in characters[start..].iter().zip(&syllables) {
            let ways: Vec<&str> = match known(character) {
                Some((_, ways)) if found.len() * 2 <= MOST => ways.split(' ').collect(),
                _ => vec![syllable.as_str()],
            };
            found = found
                .iter()
                .flat_map(|so_far| ways.iter().map(move |way| format!("{so_far}{way}")))
                .collect();
        }
        return found;
    }
    Vec::new()
}

fn syllable(character: char) -> String {
    // 王 stands in for a surname, so that the character is read as one of a given name.
    PersonName::from_native(&format!("王{character}")).keys().given_key
}
