//! A table of name pairs, each with the reason for its answer.

#![allow(clippy::expect_used, reason = "tests")]

use kernel::names::PersonName;
use matching::person::{Name, NameMatch};

/// `SURNAME/GIVEN` as a feed splits it, without taking titles off; Chinese characters as written.
fn name(text: &str) -> Name {
    let name = match text.split_once('/') {
        Some((surname, given)) => PersonName::from_latin(surname, given),
        None => PersonName::parse(text),
    };
    Name::new(&name).expect("a name")
}

use NameMatch::{
    Different, Given, Homophone, NativeSame, OneLetter, Partial, Romanised, Same, Spelling,
    Surname, Swapped, Truncated, Typo,
};

const PAIRS: &[(&str, &str, NameMatch, &str)] = &[
    ("周启明", "周启明", NativeSame, "the same characters"),
    ("張偉", "张伟", NativeSame, "traditional characters"),
    ("單玉", "SHAN/YU", Spelling, "traditional surname, its own reading"),
    ("周 启明", "周启明", NativeSame, "people pad with blanks"),
    ("周启明", "ZHOU/QIMING", Same, "read as pinyin"),
    ("ZHOU/QIMING", "zhou/qiming", Same, "capitals do not count"),
    ("ZHOU/QI MING", "ZHOU/QIMING", Same, "blanks do not count"),
    ("ZHOU/QI-MING", "ZHOU/QIMING", Same, "nor hyphens"),
    ("O'NEILL/MARY", "ONEILL/MARY", Same, "nor apostrophes"),
    ("MÜLLER/JÖRG", "MULLER/JORG", Same, "nor diacritics"),
    ("NUÑEZ/JOSÉ", "NUNEZ/JOSE", Same, "nor the tilde"),
    ("欧阳晓明", "OUYANG/XIAOMING", Same, "compound surname"),
    ("欧阳晓明", "OU YANG/XIAOMING", Same, "compound surname written apart"),
    ("诸葛亮", "ZHUGE/LIANG", Same, "compound surname"),
    ("上官婉儿", "SHANGGUAN/WANER", Same, "compound surname"),
    ("尉迟恭", "YUCHI/GONG", Same, "compound surname with a rare reading"),
    ("万俟雪", "MOQI/XUE", Same, "compound surname with a rare reading"),
    ("单玉", "SHAN/YU", Same, "reading as a surname"),
    ("单玉", "DAN/YU", Spelling, "the dictionary's reading"),
    ("仇英", "QIU/YING", Same, "reading as a surname"),
    ("仇英", "CHOU/YING", Spelling, "the dictionary's reading"),
    ("曾国强", "CENG/GUOQIANG", Spelling, "the dictionary's reading"),
    ("解晓东", "JIE/XIAODONG", Spelling, "the dictionary's reading"),
    ("查良", "CHA/LIANG", Spelling, "the dictionary's reading"),
    ("盖伟", "GAI/WEI", Spelling, "the dictionary's reading"),
    ("乐嘉", "LE/JIA", Spelling, "the dictionary's reading"),
    ("区伟", "QU/WEI", Spelling, "the dictionary's reading"),
    ("朴智妍", "PU/ZHIYAN", Spelling, "the dictionary's reading"),
    ("李乐", "LI/YUE", Spelling, "given name with two readings"),
    ("王茜", "WANG/XI", Spelling, "given name with two readings"),
    ("李晟", "LI/CHENG", Spelling, "given name with two readings"),
    ("吕布", "LYU/BU", Same, "passports since 2012"),
    ("吕布", "LV/BU", Same, "typists' ü"),
    ("吕布", "LU/BU", Spelling, "older passports' ü"),
    ("LV/BU", "LYU/BU", Same, "ü twice over"),
    ("LU/BU", "LYU/BU", Spelling, "ü or u: a candidate"),
    ("王女", "WANG/NYU", Same, "n and ü"),
    ("WANG/NV", "WANG/NYU", Same, "n and ü"),
    ("WANG/LUE", "WANG/LVE", Same, "LUE is LÜE"),
    ("ZHOU/QIMING", "QIMING/ZHOU", Swapped, "exchanged"),
    ("周启明", "QIMING/ZHOU", Swapped, "exchanged, two scripts"),
    ("SMITH/JOHN", "JOHN/SMITH", Swapped, "exchanged"),
    ("LV/BU", "BU/LU", Spelling, "exchanged, and another ü"),
    ("SMITH/JOHNMR", "SMITH/JOHN", Same, "title glued"),
    ("SMITH/JANEMRS", "SMITH/JANE", Same, "title glued"),
    ("SMITH/JANEMS", "SMITH/JANE", Spelling, "title glued, or the end of a name"),
    ("SMITH/JANEMISS", "SMITH/JANE", Same, "title glued"),
    ("WU/LINACHD", "WU/LINA", Same, "child's title glued"),
    ("WU/LINAMSTR", "WU/LINA", Same, "boy's title glued"),
    ("WU/LINAINF", "WU/LINA", Same, "infant's title glued"),
    ("SMITH/JOHNDR", "SMITH/JOHN", Spelling, "title glued, or the end of a name"),
    ("SMITH/AMR", "SMITH/AMR", Same, "a name that ends as a title does"),
    ("SMITH/AMR", "SMITH/A", Partial, "one letter left is no name: A is an initial"),
    ("WILLIAMS/ADAMS", "WILLIAMS/ADAMS", Same, "ends as a title does, alike"),
    ("WILLIAMS/ADAMS", "WILLIAMS/ADA", Spelling, "may be ADA with a title"),
    ("VENKATARAMANSUBRA/MAN", "VENKATARAMANSUBRA/MANIAM", Truncated, "cut at twenty"),
    ("OKONKWOADEBAYO/OLUW", "OKONKWOADEBAYO/OLUWASEUN", Truncated, "cut at twenty"),
    ("ZHANG/XIAO", "ZHANG/XIAOMING", Surname, "too short to be cut: another person"),
    ("ZHANGSUN/WEI", "ZHANGSUN/WEIGUO", Surname, "too short to be cut: another person"),
    ("JOHNSTON/MICHAEL", "JOHNSON/MICHAEL", Typo, "one slip in a long name"),
    ("SMITH/JONATHAN", "SMIHT/JONATHAN", Typo, "neighbours exchanged"),
    ("ANDERSSON/MATHILDA", "ANDERSON/MATILDA", Typo, "a slip in each part"),
    ("SMITH/JOHN PAUL", "SMITH/JOHN", Partial, "second given name left out"),
    ("SMITH/JOHNPAUL", "SMITH/JOHN", Partial, "the same, glued"),
    ("SMITH/J", "SMITH/JOHN", Partial, "initial"),
    ("LI/MIN", "LI/MING", OneLetter, "pinyin: another person"),
    ("ZHANG/WEI", "ZHANG/WEN", OneLetter, "pinyin: another person"),
    ("王芳", "WANG/FENG", OneLetter, "pinyin: another person"),
    ("CHAN/SIUMING", "CHEN/XIAOMING", Romanised, "Hong Kong and pinyin"),
    ("CHANG/HSIAOMING", "ZHANG/XIAOMING", Romanised, "Wade–Giles"),
    ("CHIANG/CHIENKUO", "JIANG/JIANGUO", Romanised, "Wade–Giles"),
    ("TAN/XIAOMING", "CHEN/XIAOMING", Romanised, "Singapore and pinyin"),
    ("WONG/WEI", "HUANG/WEI", Romanised, "Cantonese surname, pinyin given name"),
    ("张伟", "章伟", Homophone, "one sound, two surnames"),
    ("张伟", "张玮", Homophone, "one sound, two given names"),
    ("李娜", "李楠", Homophone, "near in sound, other characters"),
    ("WANG/XIAOLI", "CHEN/XIAOLI", Given, "marriage, or chance"),
    ("SMITH/ELIZABETH", "BROWN/ELIZABETH", Given, "marriage, or chance"),
    ("ZHANG/WEI", "ZHANG/QIANG", Surname, "brothers"),
    ("王强", "王丽", Surname, "husband's relatives"),
    ("SMITH/JOHN", "SMITH/MARY", Surname, "a couple"),
    ("ZHANG/WEI", "LI/NA", Different, "strangers"),
    ("周启明", "SMITH/JOHN", Different, "strangers in two scripts"),
    ("阿依古丽·买买提", "MAIMAITI/AYIGULI", Same, "a name with a dot"),
    ("次仁卓玛", "/CIRENZHUOMA", Same, "a Tibetan name has no surname"),
];

#[test]
fn every_pair_is_what_it_should_be_both_ways() {
    let mut wrong = Vec::new();
    for (left, right, expected, reason) in PAIRS {
        let (a, b) = (name(left), name(right));
        let found = (a.compare(&b), b.compare(&a));
        if found != (*expected, *expected) {
            wrong.push(format!("{left} ~ {right}: {found:?}, not {expected:?} ({reason})"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(PAIRS.len() >= 60);
}

#[test]
fn spellings_of_one_name_have_one_hash() {
    for (left, right) in [
        ("周启明", "ZHOU/QIMING"),
        ("ZHOU/QIMING", "QIMING/ZHOU"),
        ("LV/BU", "LU/BU"),
        ("吕布", "LYU/BU"),
        ("SMITH/JOHNMR", "SMITH/JOHN"),
    ] {
        assert_eq!(name(left).hash(), name(right).hash(), "{left} {right}");
    }
    assert_ne!(name("张伟").hash(), name("李娜").hash());
}
