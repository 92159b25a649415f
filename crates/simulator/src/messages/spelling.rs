//! How one person's name comes out in one booking.

use kernel::names::PersonName;

use super::dirt::Dirt;
use super::population::Someone;
use super::rates::Rates;
use crate::dice::Dice;
use crate::people::Gender;

/// A name as a booking has it: capital letters and blanks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spelled {
    pub(crate) surname: String,
    pub(crate) given: String,
}

/// Longest surname or given name a reservation system takes.
const LONGEST: usize = 20;

/// Characters with an everyday reading that surnames do not have: wrong, right.
const READINGS: [(&str, &str); 11] = [
    ("SHAN", "DAN"),
    ("ZENG", "CENG"),
    ("XIE", "JIE"),
    ("QIU", "CHOU"),
    ("ZHA", "CHA"),
    ("GE", "GAI"),
    ("YUE", "LE"),
    ("OU", "QU"),
    ("PIAO", "PU"),
    ("QIN", "TAN"),
    ("MIAO", "MOU"),
];
const READ_WRONG: &[char] = &['单', '曾', '解', '仇', '查', '盖', '乐', '区', '朴', '覃', '缪'];

/// Surnames as Hong Kong, Macao and Taiwan spell them.
const ROMANISED: [(char, &str); 24] = [
    ('王', "WONG"),
    ('李', "LEE"),
    ('张', "CHEUNG"),
    ('刘', "LAU"),
    ('陈', "CHAN"),
    ('杨', "YEUNG"),
    ('赵', "CHIU"),
    ('黄', "WONG"),
    ('周', "CHOW"),
    ('吴', "NG"),
    ('徐', "TSUI"),
    ('孙', "SUEN"),
    ('胡', "WU"),
    ('朱', "CHU"),
    ('高', "KO"),
    ('林', "LAM"),
    ('何', "HO"),
    ('郭', "KWOK"),
    ('马', "MA"),
    ('罗', "LAW"),
    ('梁', "LEUNG"),
    ('郑', "CHENG"),
    ('谢', "TSE"),
    ('许', "HUI"),
];
const MIDDLE: [&str; 8] = ["JOHN", "MARIE", "ANN", "LEE", "JAMES", "ROSE", "PAUL", "GRACE"];
const MARRIED: [&str; 8] =
    ["MEYER", "CLARK", "BROWN", "ROSSI", "TANAKA", "KELLER", "LAMBERT", "YOUNG"];

/// The name on somebody's papers, and what is odd about it.
pub(crate) fn of_papers(who: &Someone, rates: &Rates, seed: u64) -> (Spelled, Dirt) {
    let mut dice = who.dice(seed);
    let mut dirt = Dirt::default();
    let (old, local, middle) =
        (dice.chance(rates.old_umlaut), dice.chance(rates.romanised), dice.chance(rates.middle));
    let mut name = plain(&who.name);
    match who.name.native.as_deref() {
        Some(native) => {
            if old && has_umlaut(&name) {
                // LV is the commoner of the two.
                name = old_umlaut(&name, if dice.chance(0.7) { 'V' } else { 'U' });
            }
            let romanised = native.chars().next().and_then(romanised_surname);
            if let Some(surname) = romanised.filter(|_| local && who.nationality != "CN") {
                name.surname = surname.to_owned();
                dirt.add(Dirt::ROMANISED);
            }
        }
        None if middle => {
            name.given = format!("{} {}", name.given, dice.pick(&MIDDLE));
        }
        None => {}
    }
    (name, dirt)
}

/// The name as one booking has it, made from that of the papers.
pub(crate) fn of_booking(
    who: &Someone,
    rates: &Rates,
    seed: u64,
    dice: &mut Dice,
) -> (Spelled, Dirt) {
    let (mut name, mut dirt) = of_papers(who, rates, seed);
    let paper = name.clone();
    match who.name.native.as_deref() {
        Some(native) => chinese(native, &mut name, &mut dirt, rates, dice),
        None => foreign(who, &mut name, &mut dirt, rates, seed, dice),
    }
    if dice.chance(rates.typo) {
        let surname = dice.chance(0.4);
        let part = if surname { &mut name.surname } else { &mut name.given };
        *part = typo(part, dice);
    }
    if dice.chance(rates.swapped) && !name.given.is_empty() {
        std::mem::swap(&mut name.surname, &mut name.given);
        dirt.add(Dirt::SWAPPED);
    } else if name != paper && !dirt.has(OF_NAMES) {
        dirt.add(Dirt::TYPO);
    }
    for part in [&mut name.surname, &mut name.given] {
        if part.len() > LONGEST {
            part.truncate(LONGEST);
            *part = part.trim_end().to_owned();
            dirt.add(Dirt::TRUNCATED);
        }
    }
    (name, dirt)
}

const OF_NAMES: Dirt = Dirt::all_of_names();

fn chinese(native: &str, name: &mut Spelled, dirt: &mut Dirt, rates: &Rates, dice: &mut Dice) {
    if has_umlaut(name) && dice.chance(rates.other_umlaut) {
        *name = old_umlaut(name, if dice.chance(0.6) { 'V' } else { 'U' });
        dirt.add(Dirt::UMLAUT);
    }
    let first = native.chars().next().unwrap_or(' ');
    let wrong = READINGS.iter().find(|(right, _)| *right == name.surname);
    if READ_WRONG.contains(&first)
        && dice.chance(rates.reading)
        && let Some((_, wrong)) = wrong
    {
        name.surname = (*wrong).to_owned();
        dirt.add(Dirt::READING);
    }
    let compound = crate::people::compound_surname(native);
    if let Some(cut) = compound.filter(|_| dice.chance(rates.compound_cut))
        && let Some(rest) = name.surname.clone().strip_prefix(cut.as_str())
    {
        name.given = format!("{rest}{}", name.given);
        name.surname = cut;
        dirt.add(Dirt::COMPOUND);
    }
    if dice.chance(rates.nasal) {
        let part = if dice.chance(0.5) { &mut name.surname } else { &mut name.given };
        if let Some(other) = nasal(part) {
            *part = other;
            dirt.add(Dirt::NASAL);
        }
    }
    if dice.chance(rates.spaced) {
        let syllables = native.chars().rev().take(2).collect::<Vec<_>>();
        if let [last, _] = syllables.as_slice() {
            let last = PersonName::from_native(&format!("王{last}")).given.to_uppercase();
            if let Some(before) = name.given.strip_suffix(&last).filter(|it| it.len() > 1) {
                name.given = format!("{before} {last}");
                dirt.add(Dirt::SPACED);
            }
        }
    }
}

fn foreign(
    who: &Someone,
    name: &mut Spelled,
    dirt: &mut Dirt,
    rates: &Rates,
    seed: u64,
    dice: &mut Dice,
) {
    if name.given.contains(' ') && dice.chance(0.6) {
        name.given.truncate(name.given.find(' ').unwrap_or(name.given.len()));
        dirt.add(Dirt::MIDDLE);
    }
    let mut own = who.dice(seed ^ 1);
    let married = who.gender == Gender::Woman && own.chance(rates.married);
    let surname = *own.pick(&MARRIED);
    if married && dice.chance(0.4) {
        surname.clone_into(&mut name.surname);
        dirt.add(Dirt::MARRIED);
    }
    // MUELLER for MULLER.
    let umlaut = who.name.surname.chars().any(|letter| "äöüÄÖÜ".contains(letter));
    if umlaut && dice.chance(0.5) && !dirt.has(Dirt::MARRIED) {
        name.surname = letters(&spelled_out(&who.name.surname));
        dirt.add(Dirt::UMLAUT);
    }
}

fn spelled_out(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        match letter {
            'ä' | 'Ä' => out.push_str("ae"),
            'ö' | 'Ö' => out.push_str("oe"),
            'ü' | 'Ü' => out.push_str("ue"),
            other => out.push(other),
        }
    }
    out
}

/// Capital letters; who has one name has it for a surname.
fn plain(name: &PersonName) -> Spelled {
    let (surname, given) = (letters(&name.surname), letters(&name.given));
    if !surname.is_empty() {
        return Spelled { surname, given };
    }
    match given.split_once(' ') {
        Some((first, second)) => Spelled { surname: first.into(), given: second.into() },
        None => Spelled { surname: given, given: String::new() },
    }
}

fn letters(text: &str) -> String {
    let words = text.split_whitespace().map(|word| kernel::names::fold(word).to_uppercase());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn has_umlaut(name: &Spelled) -> bool {
    [&name.surname, &name.given].iter().any(|part| part.contains("LYU") || part.contains("NYU"))
}

fn old_umlaut(name: &Spelled, letter: char) -> Spelled {
    let old = |text: &str| {
        text.replace("LYU", &format!("L{letter}")).replace("NYU", &format!("N{letter}"))
    };
    Spelled { surname: old(&name.surname), given: old(&name.given) }
}

fn romanised_surname(first: char) -> Option<&'static str> {
    ROMANISED.iter().find(|(character, _)| *character == first).map(|(_, spelled)| *spelled)
}

fn nasal(text: &str) -> Option<String> {
    if let Some(short) = text.strip_suffix("NG") {
        return short.ends_with(['I', 'E', 'A']).then(|| format!("{short}N"));
    }
    let short = text.strip_suffix('N')?;
    short.ends_with(['I', 'E', 'A']).then(|| format!("{text}G"))
}

fn typo(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = dice.below(letters.len() - 1);
    match dice.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters.swap(at, at + 1),
        _ => letters[at] = char::from(b'A' + dice.below(26) as u8),
    }
    let text: String = letters.into_iter().collect();
    text.trim().to_owned()
}

/// The title that goes with the name, as it is sent: glued, or behind a blank; empty for none.
pub(crate) fn title(who: &Someone, age: i32, rates: &Rates, dice: &mut Dice) -> String {
    let word = match (age, who.gender) {
        (..12, _) => "CHD",
        (_, Gender::Man) => "MR",
        (_, Gender::Woman) if dice.chance(0.3) => "MRS",
        (_, Gender::Woman) => "MS",
    };
    if age >= 12 && !dice.chance(rates.title) {
        return String::new();
    }
    if dice.chance(0.5) { word.to_owned() } else { format!(" {word}") }
}
