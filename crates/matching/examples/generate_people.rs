//! People with duplicates, for measuring at size: `generate_people RECORDS SEED > people.csv`.
//!
//! Names are skewed as Chinese names are (the commonest surname is borne by 7 %), some telephones
//! belong to agencies and stand on hundreds of records, and duplicates carry errors in the manner of
//! febrl's generator (Christen 2005): typing errors, exchanged names, moved digits, new contacts,
//! missing values. `cluster` is the truth.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use matching::hash::{mix, scramble};

const SURNAMES: &str = "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin \
    gao luo zheng liang xie song tang deng han feng cao peng zeng xiao tian dong pan yuan cai jiang \
    yu du ye cheng wei su lyu ding ren lu yao shen zhong cui tan fan liao shi jin jia xia fu fang \
    zou xiong bai meng qin qiu hou yin xue yan lei hao gong shao shan dai mo kong xiang chang ouyang \
    shangguan sima zhuge murong";
const SYLLABLES: &str = "wei fang na xiu min jing li qiang lei jun yang yong yan jie juan tao ming \
    chao xia ping gang gui hua hong bo yu mei ting xin hui jian guo zhi peng fei kai lin shan xue \
    ying rui hao ze yi chen zi han xuan ya tong wen bin dong lan qing cheng yuan long sheng xiang \
    ning feng kun rong zhen qi jia le yue chun qiu shu hai yun dan lu";
const CITIES: &str = "beijing shanghai guangzhou shenzhen chengdu chongqing hangzhou wuhan xian \
    tianjin nanjing suzhou zhengzhou changsha dongguan qingdao shenyang ningbo kunming dalian \
    xiamen hefei foshan jinan fuzhou harbin wuxi changchun nanning guiyang taiyuan shijiazhuang \
    urumqi lanzhou haikou sanya lhasa xining yinchuan hohhot";

struct Dice {
    seed: u64,
    at: u64,
}

impl Dice {
    fn next(&mut self) -> u64 {
        self.at += 1;
        scramble(mix(self.seed, self.at))
    }

    fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// The lower the likelier, about as Zipf's law has it.
    fn skewed(&mut self, n: usize) -> usize {
        let share = self.below(1 << 32) as f64 / f64::from(u32::MAX);
        ((n as f64 + 8.0).powf(share) * 8.0_f64.powf(1.0 - share) - 8.0) as usize % n
    }
}

#[derive(Clone)]
struct Person {
    given: String,
    surname: String,
    birth: String,
    phone: String,
    email: String,
    city: String,
    street: String,
}

struct Words {
    surnames: Vec<&'static str>,
    syllables: Vec<&'static str>,
    cities: Vec<&'static str>,
}

fn phone(dice: &mut Dice) -> String {
    if dice.chance(3) {
        // One of 3,000 agencies; the larger ones stand on several hundred records in a million.
        return format!("1300000{:04}", dice.skewed(3_000));
    }
    format!("1{}{:09}", 3 + dice.below(7), dice.below(1_000_000_000))
}

fn email(dice: &mut Dice, given: &str, surname: &str) -> String {
    let host = ["qq.com", "163.com", "126.com", "gmail.com", "outlook.com"][dice.skewed(5)];
    format!("{given}.{surname}{}@{host}", dice.below(9_999))
}

fn person(dice: &mut Dice, words: &Words) -> Person {
    let surname = words.surnames[dice.skewed(words.surnames.len())].to_owned();
    let mut given = words.syllables[dice.skewed(words.syllables.len())].to_owned();
    if dice.chance(70) {
        given.push_str(words.syllables[dice.skewed(words.syllables.len())]);
    }
    let year = 1940 + dice.below(70);
    let birth = format!("{year}-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28));
    let email = if dice.chance(60) { email(dice, &given, &surname) } else { String::new() };
    let city = words.cities[dice.skewed(words.cities.len())].to_owned();
    let street = format!("{} {}", 1 + dice.below(400), words.syllables[dice.below(70) as usize]);
    Person { phone: phone(dice), given, surname, birth, email, city, street }
}

/// One typing error.
fn typo(dice: &mut Dice, text: &mut String) {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 2 {
        return;
    }
    let at = dice.below(letters.len() as u64) as usize;
    let other = if letters[at].is_ascii_digit() {
        char::from(b'0' + dice.below(10) as u8)
    } else {
        char::from(b'a' + dice.below(26) as u8)
    };
    match dice.below(4) {
        0 => letters[at] = other,
        1 => letters.insert(at, other),
        2 => drop(letters.remove(at)),
        _ => letters.swap(at.max(1) - 1, at.max(1)),
    }
    *text = letters.into_iter().collect();
}

/// A wrong date that still is one, mostly.
fn wrong_date(dice: &mut Dice, birth: &mut String) {
    let mut digits: Vec<u8> = birth.bytes().collect();
    match dice.below(3) {
        0 => *birth = format!("{}-{}-{}", &birth[..4], &birth[8..], &birth[5..7]),
        1 => {
            let at = [2, 3, 6, 9][dice.below(4) as usize];
            digits[at] = b'0' + dice.below(10) as u8;
            *birth = String::from_utf8_lossy(&digits).into_owned();
        }
        _ => {
            digits.swap(2, 3);
            *birth = String::from_utf8_lossy(&digits).into_owned();
        }
    }
}

fn corrupted(dice: &mut Dice, original: &Person, words: &Words) -> Person {
    let mut copy = original.clone();
    for _ in 0..=dice.below(4) {
        match dice.below(16) {
            0..=2 => typo(dice, &mut copy.given),
            3..=4 => typo(dice, &mut copy.surname),
            5 => std::mem::swap(&mut copy.given, &mut copy.surname),
            6..=7 => wrong_date(dice, &mut copy.birth),
            8 => copy.phone = phone(dice),
            9 => typo(dice, &mut copy.phone),
            10 => copy.email = email(dice, &original.given, &original.surname),
            11 => typo(dice, &mut copy.email),
            12 => {
                copy.city = words.cities[dice.skewed(words.cities.len())].to_owned();
                copy.street = format!("{} {}", 1 + dice.below(400), words.syllables[0]);
            }
            13 => copy.email.clear(),
            14 => copy.phone.clear(),
            _ => typo(dice, &mut copy.city),
        }
    }
    copy
}

fn write(records: u64, seed: u64) -> std::io::Result<()> {
    let split = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
    let words =
        Words { surnames: split(SURNAMES), syllables: split(SYLLABLES), cities: split(CITIES) };
    let mut dice = Dice { seed, at: 0 };
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "unique_id,cluster,given_name,surname,dob,phone,email,city,street")?;
    let (mut id, mut cluster) = (0, 0);
    while id < records {
        let original = person(&mut dice, &words);
        let copies = [0, 0, 0, 1, 1, 2, 3][dice.below(7) as usize];
        for copy in 0..=copies {
            let p =
                if copy == 0 { original.clone() } else { corrupted(&mut dice, &original, &words) };
            if id < records {
                let Person { given, surname, birth, phone, email, city, street } = p;
                writeln!(
                    out,
                    "{id},{cluster},{given},{surname},{birth},{phone},{email},{city},{street}"
                )?;
            }
            id += 1;
        }
        cluster += 1;
    }
    out.flush()
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).filter_map(|text| text.parse().ok());
    let (Some(records), seed) = (args.next(), args.next().unwrap_or(1)) else {
        eprintln!("usage: generate_people RECORDS SEED > people.csv");
        return ExitCode::FAILURE;
    };
    match write(records, seed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
