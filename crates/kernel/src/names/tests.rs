use proptest::prelude::*;

use super::*;

fn latin_of(native: &str) -> String {
    let name = PersonName::from_native(native);
    format!("{}/{}", name.surname, name.given).to_uppercase()
}

#[test]
fn surnames_sound_as_surnames() {
    for (native, latin) in [
        ("单玉", "SHAN/YU"),
        ("仇英", "QIU/YING"),
        ("曾国强", "ZENG/GUOQIANG"),
        ("解晓东", "XIE/XIAODONG"),
        ("任静", "REN/JING"),
        ("查良", "ZHA/LIANG"),
        ("盖伟", "GE/WEI"),
        ("乐嘉", "YUE/JIA"),
        ("区伟", "OU/WEI"),
        ("朴智妍", "PIAO/ZHIYAN"),
        ("尉迟恭", "YUCHI/GONG"),
        ("万俟雪", "MOQI/XUE"),
        ("翟志刚", "ZHAI/ZHIGANG"),
        ("覃海洋", "QIN/HAIYANG"),
    ] {
        assert_eq!(latin_of(native), latin, "{native}");
    }
}

#[test]
fn the_same_characters_sound_ordinary_in_given_names() {
    for (native, latin) in [("王解放", "WANG/JIEFANG"), ("李乐", "LI/LE"), ("王单", "WANG/DAN")]
    {
        assert_eq!(latin_of(native), latin, "{native}");
    }
}

#[test]
fn compound_surnames_need_a_given_name() {
    assert_eq!(latin_of("欧阳晓明"), "OUYANG/XIAOMING");
    assert_eq!(latin_of("诸葛亮"), "ZHUGE/LIANG");
    assert_eq!(latin_of("东方"), "DONG/FANG");
    assert_eq!(PersonName::from_native("欧阳晓明").keys().initials, "oyxm");
    assert_eq!(PersonName::from_native("万俟雪").keys().initials, "mqx");
}

#[test]
fn the_umlaut_is_written_the_passport_way() {
    assert_eq!(latin_of("吕布"), "LYU/BU");
    assert_eq!(latin_of("王绿"), "WANG/LYU");
    assert_eq!(latin_of("李女"), "LI/NYU");
    assert_eq!(latin_of("王略"), "WANG/LUE");
    let keys = PersonName::from_native("吕布").keys();
    assert_eq!(keys.full_key, "lyubu");
    assert_eq!(keys.also, ["lubu", "lvbu"]);
    assert!(search_forms("lv bu").contains(&keys.full_key));
    assert_eq!(search_forms("Lü Bu"), ["lvbu", "lyubu"]);
    assert!(search_forms(" - ").is_empty());
}

#[test]
fn other_readings_are_found_too() {
    let keys = PersonName::from_native("单玉").keys();
    assert_eq!(
        (keys.full_key.as_str(), keys.also.as_slice()),
        ("shanyu", &["danyu".to_owned()][..])
    );
}

#[test]
fn names_with_a_dot_put_the_given_name_first() {
    for written in ["阿依古丽·买买提", "阿依古丽•买买提", "阿依古丽 . 买买提"]
    {
        let name = PersonName::from_native(written);
        assert_eq!(name.native.as_deref(), Some("阿依古丽·买买提"));
        assert_eq!((name.surname.as_str(), name.given.as_str()), ("Maimaiti", "Ayiguli"));
        assert_eq!(name.display(Lang::ZhCn), "阿依古丽·买买提");
        assert_eq!(name.display(Lang::En), "Ayiguli MAIMAITI");
        let keys = name.keys();
        assert_eq!(keys.native, "阿依古丽买买提");
        assert_eq!(keys.initials, "ayglmmt");
        assert_eq!(keys.given_first_key, "ayigulimaimaiti");
    }
}

#[test]
fn tibetan_names_have_no_surname() {
    let name = PersonName::from_native("次仁卓玛");
    assert_eq!((name.surname.as_str(), name.given.as_str()), ("", "Ciren Zhuoma"));
    assert_eq!(name.display(Lang::En), "Ciren Zhuoma");
    assert_eq!(name.keys().full_key, "cirenzhuoma");
    assert_eq!(name.keys().initials, "crzm");
    assert_eq!(latin_of("扎西"), "/ZHAXI");
    assert_eq!(latin_of("白玛"), "BAI/MA");
}

#[test]
fn keys_of_the_blueprint_name() {
    let keys = PersonName::from_native("周 启明").keys();
    assert_eq!(keys.native, "周启明");
    assert_eq!(keys.surname_key, "zhou");
    assert_eq!(keys.given_key, "qiming");
    assert_eq!(keys.full_key, "zhouqiming");
    assert_eq!(keys.given_first_key, "qimingzhou");
    assert_eq!(keys.initials, "zqm");
    assert!(keys.also.is_empty());
}

#[test]
fn latin_names_fold_their_marks() {
    let keys = PersonName::from_latin("Nuñez-Ødegård", "José Mª").keys();
    assert_eq!(keys.surname_key, "nunezodegard");
    assert_eq!(keys.given_key, "josema");
    assert_eq!(keys.initials, "jmno");
}

#[test]
fn nothing_prints_a_name() {
    let name = PersonName::from_native("周启明");
    assert_eq!(format!("{name:?} {:?}", name.keys()), "PersonName(•••) NameKeys(•••)");
}

#[test]
fn empty_names_are_empty() {
    for text in ["", "  ", "·"] {
        assert!(PersonName::from_native(text).keys().full_key.is_empty(), "{text}");
    }
    assert!(PersonName::parse("").is_empty());
}

proptest! {
    #[test]
    fn no_text_breaks_a_name(text in "\\PC{0,30}") {
        let name = PersonName::parse(&text);
        let keys = name.keys();
        prop_assert!(keys.full_key.is_ascii() && keys.initials.is_ascii());
        let _ = (name.display(Lang::En), name.secondary(Lang::ZhCn));
        let _ = PersonName::from_native(&text);
    }

    #[test]
    fn hanzi_names_always_have_both_scripts(text in "[一-龥]{2,4}") {
        let name = PersonName::from_native(&text);
        prop_assert_eq!(&name.display(Lang::ZhCn), &text);
        prop_assert_eq!(name.secondary(Lang::En), Some(text));
        prop_assert!(!name.keys().full_key.is_empty());
    }
}
