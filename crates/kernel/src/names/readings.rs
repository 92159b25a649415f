//! Readings of Chinese names: where the surname ends, how it sounds, how it is spelt.

use pinyin::ToPinyin;

use super::DOT;

/// Two-character surnames with their readings, `ü` written the official way.
const COMPOUND: &[(&str, &str)] = &[
    ("欧阳", "ouyang"),
    ("司马", "sima"),
    ("上官", "shangguan"),
    ("诸葛", "zhuge"),
    ("东方", "dongfang"),
    ("独孤", "dugu"),
    ("南宫", "nangong"),
    ("万俟", "moqi"),
    ("闻人", "wenren"),
    ("夏侯", "xiahou"),
    ("尉迟", "yuchi"),
    ("公羊", "gongyang"),
    ("赫连", "helian"),
    ("澹台", "tantai"),
    ("皇甫", "huangfu"),
    ("宗政", "zongzheng"),
    ("濮阳", "puyang"),
    ("公冶", "gongye"),
    ("太叔", "taishu"),
    ("申屠", "shentu"),
    ("公孙", "gongsun"),
    ("慕容", "murong"),
    ("仲孙", "zhongsun"),
    ("钟离", "zhongli"),
    ("长孙", "zhangsun"),
    ("宇文", "yuwen"),
    ("司徒", "situ"),
    ("鲜于", "xianyu"),
    ("司空", "sikong"),
    ("闾丘", "lyuqiu"),
    ("子车", "ziju"),
    ("亓官", "qiguan"),
    ("司寇", "sikou"),
    ("巫马", "wuma"),
    ("公西", "gongxi"),
    ("颛孙", "zhuansun"),
    ("壤驷", "rangsi"),
    ("公良", "gongliang"),
    ("漆雕", "qidiao"),
    ("乐正", "yuezheng"),
    ("宰父", "zaifu"),
    ("谷梁", "guliang"),
    ("拓跋", "tuoba"),
    ("夹谷", "jiagu"),
    ("轩辕", "xuanyuan"),
    ("令狐", "linghu"),
    ("段干", "duangan"),
    ("百里", "baili"),
    ("呼延", "huyan"),
    ("东郭", "dongguo"),
    ("南门", "nanmen"),
    ("羊舌", "yangshe"),
    ("微生", "weisheng"),
    ("梁丘", "liangqiu"),
    ("左丘", "zuoqiu"),
    ("东门", "dongmen"),
    ("西门", "ximen"),
    ("南荣", "nanrong"),
    ("第五", "diwu"),
    ("纳兰", "nalan"),
    ("完颜", "wanyan"),
    ("叶赫", "yehe"),
    ("那拉", "nala"),
    ("单于", "chanyu"),
    ("太史", "taishi"),
    ("端木", "duanmu"),
    ("淳于", "chunyu"),
    ("公仪", "gongyi"),
];

/// Characters that sound otherwise as a surname: first the surname's reading, then the others a
/// searcher may type.
const SURNAMES: &[(char, &[&str])] = &[
    ('单', &["shan", "dan"]),
    ('仇', &["qiu", "chou"]),
    ('曾', &["zeng", "ceng"]),
    ('解', &["xie", "jie"]),
    ('任', &["ren"]),
    ('查', &["zha", "cha"]),
    ('盖', &["ge", "gai"]),
    ('乐', &["yue", "le"]),
    ('区', &["ou", "qu"]),
    ('朴', &["piao", "pu"]),
    ('尉', &["wei", "yu"]),
    ('翟', &["zhai", "di"]),
    ('缪', &["miao", "mou"]),
    ('华', &["hua"]),
    ('宁', &["ning"]),
    ('召', &["shao", "zhao"]),
    ('折', &["she", "zhe"]),
    ('员', &["yun", "yuan"]),
    ('黑', &["he", "hei"]),
    ('种', &["chong", "zhong"]),
    ('繁', &["po", "fan"]),
    ('洗', &["xian", "xi"]),
    ('冼', &["xian"]),
    ('逄', &["pang"]),
    ('晁', &["chao"]),
    ('隗', &["wei", "kui"]),
    ('佴', &["nai"]),
    ('覃', &["qin", "tan"]),
    ('谌', &["chen", "shen"]),
    ('车', &["che", "ju"]),
    ('石', &["shi"]),
    ('沈', &["shen"]),
    ('薄', &["bo"]),
    ('卜', &["bu"]),
    ('都', &["du", "dou"]),
    ('会', &["gui", "hui"]),
    ('哈', &["ha"]),
    ('纪', &["ji"]),
    ('乜', &["nie"]),
    ('秘', &["bi", "mi"]),
    ('牟', &["mou", "mu"]),
    ('宓', &["mi", "fu"]),
    ('那', &["na"]),
    ('能', &["nai", "neng"]),
    ('祭', &["zhai", "ji"]),
    ('重', &["chong", "zhong"]),
    ('臧', &["zang"]),
    ('藏', &["zang", "cang"]),
    ('盛', &["sheng"]),
    ('应', &["ying"]),
    ('俞', &["yu"]),
    ('句', &["gou", "ju"]),
    ('过', &["guo"]),
    ('贾', &["jia"]),
    ('燕', &["yan"]),
    ('要', &["yao"]),
    ('叶', &["ye"]),
    ('曲', &["qu"]),
    ('柏', &["bai", "bo"]),
    ('番', &["pan", "fan"]),
    ('贲', &["ben"]),
    ('晟', &["cheng", "sheng"]),
    ('谷', &["gu"]),
    ('行', &["xing", "hang"]),
    ('葛', &["ge"]),
    ('阚', &["kan"]),
    ('佘', &["she"]),
    ('宿', &["su"]),
    ('万', &["wan"]),
    ('钭', &["tou"]),
    ('撒', &["sa"]),
    ('仉', &["zhang"]),
    ('炅', &["gui", "jiong"]),
    ('訾', &["zi"]),
    ('亓', &["qi"]),
    ('麴', &["qu"]),
    ('观', &["guan"]),
    ('相', &["xiang"]),
    ('郇', &["xun", "huan"]),
    ('角', &["jue", "jiao"]),
    ('长', &["chang", "zhang"]),
    ('褚', &["chu", "zhu"]),
    ('阿', &["a"]),
    ('尹', &["yin"]),
    ('洪', &["hong"]),
    ('於', &["yu"]),
    ('干', &["gan"]),
    ('朝', &["chao"]),
    ('降', &["jiang"]),
    ('耿', &["geng"]),
    ('厍', &["she"]),
    ('库', &["she", "ku"]),
    ('适', &["kuo", "shi"]),
    ('盘', &["pan"]),
    ('六', &["lu", "liu"]),
    ('幺', &["yao"]),
    ('父', &["fu"]),
    ('南', &["nan"]),
    ('莘', &["shen", "xin"]),
    ('伍', &["wu"]),
    ('陶', &["tao"]),
    ('殷', &["yin"]),
    ('宗', &["zong"]),
    ('参', &["shen", "can"]),
];

/// Characters of given names whose commonest reading in names is not the dictionary's first.
const GIVEN: &[(char, &str)] = &[
    ('长', "chang"),
    ('乐', "le"),
    ('晟', "sheng"),
    ('茜', "qian"),
    ('朝', "chao"),
    ('行', "xing"),
    ('重', "chong"),
    ('曾', "zeng"),
    ('莘', "xin"),
    ('盛', "sheng"),
    ('俊', "jun"),
    ('阿', "a"),
    ('传', "chuan"),
    ('卓', "zhuo"),
    ('涌', "yong"),
    ('和', "he"),
    ('为', "wei"),
    ('兴', "xing"),
    ('少', "shao"),
    ('正', "zheng"),
    ('中', "zhong"),
    ('好', "hao"),
    ('宁', "ning"),
    ('仔', "zai"),
    ('参', "shen"),
    ('娜', "na"),
    ('都', "du"),
    ('大', "da"),
    ('家', "jia"),
    ('石', "shi"),
];

/// Halves of Tibetan names; a four-character name made of two of them has no surname.
const TIBETAN: &[&str] = &[
    "扎西", "次仁", "卓玛", "顿珠", "平措", "尼玛", "达瓦", "巴桑", "普布", "米玛", "拉巴", "边巴",
    "索朗", "旦增", "丹增", "格桑", "白玛", "德吉", "央金", "仁青", "洛桑", "贡布", "强巴", "曲珍",
    "拉姆", "措姆", "多吉", "加措", "罗布", "旺堆", "旺姆", "益西", "群培", "班典", "桑珠", "赤列",
    "卓嘎", "白珍", "玉珍", "仓决", "朗杰", "旺杰", "晋美", "嘎玛", "土登", "阿旺", "群宗", "桑姆",
];

/// Two-character Tibetan names that no Han name is mistaken for.
const TIBETAN_ALONE: &[&str] =
    &["扎西", "次仁", "卓玛", "顿珠", "旦增", "丹增", "平措", "尼玛", "达瓦", "普布", "卓嘎"];

/// Surname and given name of a tidy native name, in that order whatever the written order.
///
/// With a dot the part after the last one is the father's or family name: 阿依古丽·买买提.
pub(super) fn split(native: &str) -> (&str, &str) {
    if let Some((given, surname)) = native.rsplit_once(DOT) {
        return (surname, given);
    }
    if is_tibetan(native) {
        return ("", native);
    }
    let length = native.chars().count();
    let compound = COMPOUND.iter().any(|(surname, _)| native.starts_with(surname));
    let surname_length = if compound && length > 2 { 2 } else { 1 };
    let end = native.char_indices().nth(surname_length).map_or(native.len(), |(at, _)| at);
    native.split_at(end)
}

pub(super) fn surname_latin(surname: &str) -> String {
    capital(&surname_readings(surname)[0])
}

/// Syllables joined as passports do: `Qiming`. Tibetan names are two words: `Ciren Zhuoma`.
pub(super) fn given_latin(given: &str) -> String {
    if is_tibetan(given) && given.chars().count() == 4 {
        let (first, second) = halves(given);
        return format!("{} {}", capital(&joined(first)), capital(&joined(second)));
    }
    let parts: Vec<String> = given.split(DOT).map(|part| capital(&joined(part))).collect();
    parts.join(" ")
}

/// One letter a syllable, in the written order.
pub(super) fn initials(native: &str) -> String {
    let (surname, given) = split(native);
    let of_surname: String = match compound_reading(surname) {
        Some(_) => surname.chars().zip(compound_initials(surname)).map(|(_, c)| c).collect(),
        None if native.contains(DOT) => letters(surname),
        None => surname_readings(surname)[0].chars().take(1).collect(),
    };
    let of_given = letters(given);
    if native.contains(DOT) { format!("{of_given}{of_surname}") } else { of_surname + &of_given }
}

/// Spellings of the whole name, the official one among them: each reading of the surname, each way
/// to write `ü`.
pub(super) fn other_spellings(native: &str) -> Vec<String> {
    let (surname, given) = split(native);
    let given: Vec<String> = given.chars().map(syllable).collect();
    let mut found: Vec<String> = Vec::new();
    for reading in surname_readings(surname) {
        for umlaut in ["yu", "v", "u"] {
            let rest: String = given.iter().map(|s| rewritten(s, umlaut)).collect();
            found.push(rewritten(&reading, umlaut) + &rest);
        }
    }
    found.sort();
    found.dedup();
    found
}

/// A syllable, or a surname beginning with it, with its `ü` written `yu`, `v` or `u`.
fn rewritten(reading: &str, umlaut: &str) -> String {
    match reading.split_at_checked(3) {
        Some((start @ ("lyu" | "nyu"), rest)) => format!("{}{umlaut}{rest}", &start[..1]),
        _ => reading.to_owned(),
    }
}

fn compound_reading(surname: &str) -> Option<&'static str> {
    COMPOUND.iter().find(|(written, _)| *written == surname).map(|(_, reading)| *reading)
}

/// First letters of both syllables of a compound surname.
fn compound_initials(surname: &str) -> [char; 2] {
    let reading = compound_reading(surname).unwrap_or_default();
    let first = reading.chars().next().unwrap_or('x');
    // Only the second syllable's letter needs a look: it is that of the character alone, but for
    // the readings that differ.
    let second = match surname {
        "万俟" => 'q',
        "尉迟" => 'c',
        "子车" => 'j',
        "长孙" => 's',
        _ => surname.chars().nth(1).and_then(|c| syllable(c).chars().next()).unwrap_or(first),
    };
    [first, second]
}

fn surname_readings(surname: &str) -> Vec<String> {
    if let Some(reading) = compound_reading(surname) {
        return vec![reading.to_owned()];
    }
    let mut chars = surname.chars();
    if let (Some(only), None) = (chars.next(), chars.next())
        && let Some((_, readings)) = SURNAMES.iter().find(|(c, _)| *c == only)
    {
        return readings.iter().map(|r| (*r).to_owned()).collect();
    }
    vec![joined(surname)]
}

fn joined(text: &str) -> String {
    text.chars().map(syllable).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter_map(|c| syllable(c).chars().next()).collect()
}

/// One character's syllable in small ASCII letters, `ü` the official way; Latin letters stay, other
/// signs vanish.
fn syllable(c: char) -> String {
    if let Some((_, reading)) = GIVEN.iter().find(|(written, _)| *written == c) {
        return (*reading).to_owned();
    }
    match c.to_pinyin() {
        Some(reading) => spelt(reading.plain()),
        None if c.is_ascii_alphanumeric() => c.to_ascii_lowercase().to_string(),
        None => String::new(),
    }
}

/// GB/T 28039-2011: `lü` LYU, `nü` NYU, `lüe` LUE, `nüe` NUE.
fn spelt(plain: &str) -> String {
    match plain {
        "lü" | "lv" => "lyu".to_owned(),
        "nü" | "nv" => "nyu".to_owned(),
        other => other.replace(['ü', 'v'], "u"),
    }
}

fn is_tibetan(name: &str) -> bool {
    match name.chars().count() {
        2 => TIBETAN_ALONE.contains(&name),
        4 => {
            let (first, second) = halves(name);
            TIBETAN.contains(&first) && TIBETAN.contains(&second)
        }
        _ => false,
    }
}

fn halves(name: &str) -> (&str, &str) {
    let middle = name.char_indices().nth(2).map_or(name.len(), |(at, _)| at);
    name.split_at(middle)
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
