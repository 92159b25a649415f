//! Airline person records at size: `person_bench RECORDS [SEED] [TRAINED]`, the last any number for a
//! model trained on the records in place of the shipped one.
//!
//! Makes people with several source records each (bookings in pinyin with glued titles, members in
//! Chinese characters, forms with slips), families that share telephone, address and surname,
//! twins, namesakes, agencies' telephones, members' numbers used by the spouse; then links and
//! clusters them, grades the clusters by the truth, and times one record against all.

#![allow(clippy::print_stdout, reason = "a benchmark reports")]

use std::collections::HashMap;
use std::process::ExitCode;
use std::time::Instant;

use kernel::names::PersonName;
use matching::dates::Digits;
use matching::hash::{mix, scramble};
use matching::person::{
    Band, Birth, Cap, Document, DocumentKind, Gender, Index, Member, People, Person, PersonRecord,
    Seat, airline, country, prior_for, score,
};
use matching::{Model, Training};

/// The commonest first, as in the population.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董\
    潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷\
    龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔单仇解查乐区翟";
const CHARACTERS: &str = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂华红波玉梅婷欣慧建国志鹏\
    飞凯琳珊雪莹瑞浩泽一晨子涵轩雅彤文斌东兰清成元龙胜翔宁峰坤荣振奇佳乐月春秋淑海云丹露晓宇\
    思雨嘉怡俊豪梓启家辉永健立新博远";

struct Dice(u64, u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.1 += 1;
        ((u128::from(scramble(mix(self.0, self.1))) * u128::from(n)) >> 64) as u64
    }

    fn percent(&mut self, n: u64) -> bool {
        self.below(100) < n
    }

    fn skewed<'a>(&mut self, from: &'a [char]) -> &'a char {
        let share = self.below(1 << 32) as f64 / f64::from(u32::MAX);
        let n = from.len() as f64;
        let at = (n + 8.0).powf(share) * 8.0_f64.powf(1.0 - share) - 8.0;
        &from[at as usize % from.len()]
    }
}

/// Who a person truly is.
struct Truth {
    native: String,
    birth: (u32, u32, u32),
    gender: Gender,
    card: u64,
    passports: [u64; 2],
    member: Option<u64>,
    spouse_member: Option<u64>,
    phone: u64,
    email: Option<u64>,
    address: u64,
}

fn household(dice: &mut Dice, words: &(Vec<char>, Vec<char>), out: &mut Vec<Truth>) {
    let size = [1, 1, 1, 2, 3][dice.below(5) as usize];
    let (phone, address) = (dice.below(u64::MAX), dice.below(u64::MAX));
    let twins = dice.percent(2);
    let surname = *dice.skewed(&words.0);
    let mut first: Option<((u32, u32, u32), Option<u64>)> = None;
    for at in 0..size {
        let own = at == 1 && !twins;
        let surname = if own { *dice.skewed(&words.0) } else { surname };
        let mut native = format!("{surname}{}", dice.skewed(&words.1));
        if dice.percent(75) {
            native.push(*dice.skewed(&words.1));
        }
        let year = 1945 + dice.below(65) as u32;
        let mut birth = (year, 1 + dice.below(12) as u32, 1 + dice.below(28) as u32);
        if let (true, Some((date, _))) = (twins, first) {
            birth = date;
        }
        let member = dice.percent(55).then(|| dice.below(u64::MAX));
        let spouse_member = if own { first.and_then(|(_, member)| member) } else { None };
        first = first.or(Some((birth, member)));
        out.push(Truth {
            native,
            birth,
            gender: if dice.percent(50) { Gender::Male } else { Gender::Female },
            card: dice.below(u64::MAX),
            passports: [dice.below(u64::MAX), dice.below(u64::MAX)],
            member,
            spouse_member,
            phone: if dice.percent(35) { phone } else { dice.below(u64::MAX) },
            email: dice.percent(50).then(|| dice.below(u64::MAX)),
            address,
        });
    }
}

/// One source record of a person, with the errors such sources make.
fn record(dice: &mut Dice, truth: &Truth) -> PersonRecord {
    let form = dice.below(10);
    let full = PersonName::from_native(&truth.native);
    let (surname, mut given) = (full.surname.to_uppercase(), full.given.to_uppercase());
    let name = match form {
        0..=2 => PersonName::from_native(&truth.native),
        3..=6 => {
            if dice.percent(60) {
                given.push_str(if truth.gender == Gender::Male { "MR" } else { "MS" });
            }
            PersonName::from_latin(&surname.replace("LYU", "LV"), &given)
        }
        7 => PersonName::from_latin(&given, &surname),
        8 if given.len() > 3 => PersonName::from_latin(&surname, &slip(dice, &given)),
        _ => PersonName::from_latin(&surname, &given),
    };
    let (mut year, mut month, mut day) = truth.birth;
    match dice.below(200) {
        0..=3 => (month, day) = (day.min(12), month),
        4 => day = (day + 10) % 28 + 1,
        5..=8 => year = year / 100 * 100 + year % 10 * 10 + year / 10 % 10,
        9..=12 => (month, day) = (1, 1),
        _ => {}
    }
    let birth = Digits::new(year, month, day).map(|date| Birth { date, verified: false });
    let cn = country("CN");
    let document = |kind, key| Document { kind, key, country: cn, valid: true };
    let mut documents = Vec::new();
    // Every booking in China names a document; other sources often do not.
    match dice.below(10) {
        0..=6 => documents.push(document(DocumentKind::IdentityCard, truth.card)),
        7..=8 => {
            let which = usize::from(dice.percent(30));
            documents.push(document(DocumentKind::Passport, truth.passports[which]));
        }
        _ => {}
    }
    let member = match truth.spouse_member {
        Some(theirs) if dice.percent(20) => Some(theirs),
        _ => truth.member.filter(|_| dice.percent(60)),
    };
    let phone = match dice.below(10) {
        0..=6 => Some(truth.phone),
        7 => Some(dice.below(3_000)),
        8 => Some(dice.below(u64::MAX)),
        _ => None,
    };
    PersonRecord {
        names: vec![name],
        birth: birth.filter(|_| dice.percent(85)),
        gender: dice.percent(80).then_some(truth.gender),
        nationality: cn,
        documents,
        members: member.map(|key| Member { programme: 1, key }).into_iter().collect(),
        phones: phone.into_iter().collect(),
        emails: truth.email.filter(|_| dice.percent(60)).into_iter().collect(),
        city: Some(truth.address % 300),
        address: dice.percent(40).then_some(truth.address),
        bookings: vec![Seat { booking: dice.below(u64::MAX), position: 1 }],
        source: form as u32,
    }
}

fn slip(dice: &mut Dice, given: &str) -> String {
    let mut letters: Vec<char> = given.chars().collect();
    let at = 1 + dice.below(letters.len() as u64 - 2) as usize;
    letters.swap(at, at + 1);
    letters.into_iter().collect()
}

fn made(records: usize, seed: u64) -> (Vec<PersonRecord>, Vec<u32>) {
    let mut dice = Dice(seed, 0);
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>();
    let words = (letters(SURNAMES), letters(CHARACTERS));
    let (mut all, mut of, mut people) = (Vec::new(), Vec::new(), 0);
    let mut home = Vec::new();
    while all.len() < records {
        home.clear();
        household(&mut dice, &words, &mut home);
        for truth in &home {
            for _ in 0..=dice.below(5) {
                all.push(record(&mut dice, truth));
                of.push(people);
            }
            people += 1;
        }
    }
    (all, of)
}

/// Pairs within groups of equal numbers.
fn pairs<T: std::hash::Hash + Eq>(groups: impl Iterator<Item = T>) -> u64 {
    let mut sizes: HashMap<T, u64> = HashMap::new();
    groups.for_each(|group| *sizes.entry(group).or_default() += 1);
    sizes.values().map(|n| n * (n - 1) / 2).sum()
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1024.0
}

fn grade(of: &[u32], found: &[u32], what: &str) {
    let (true_pairs, told) = (pairs(of.iter()), pairs(found.iter()));
    let right = pairs(of.iter().zip(found));
    let (p, r) = (right as f64 / told.max(1) as f64, right as f64 / true_pairs as f64);
    println!(
        "{what}: P {p:.5} R {r:.4} F1 {:.4}, false merges {:.4} % of {told} merged pairs",
        2.0 * p * r / (p + r),
        100.0 * (1.0 - p),
    );
}

/// Times one record against all, from preparing it to the evidence of each candidate.
#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn one_by_one(people: &People, model: &Model, seed: u64) {
    let index = Index::new(people.people());
    let mut times: Vec<(f64, usize)> = Vec::new();
    let (more, _) = made(2_000, seed);
    for record in &more {
        // The quickest of three: a machine that does other things stops a thread for longer.
        let runs = (0..3).map(|_| {
            let began = Instant::now();
            let person = Person::new(record);
            let rows = index.candidates(&person);
            let best = rows
                .iter()
                .map(|row| score(model, people.counts(), &people.people()[*row as usize], &person))
                .max_by(|a, b| a.total.total_cmp(&b.total));
            std::hint::black_box(best);
            (began.elapsed().as_secs_f64() * 1e3, rows.len())
        });
        times.extend(runs.min_by(|a, b| a.0.total_cmp(&b.0)));
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: f64| times[(times.len() as f64 * share) as usize];
    println!(
        "one record against {}, quickest of three: median {:.2} ms ({} candidates), p99 {:.2} ms ({}), worst {:.2} ms",
        people.people().len(),
        at(0.5).0,
        at(0.5).1,
        at(0.99).0,
        at(0.99).1,
        at(0.9999).0,
    );
}

#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).filter_map(|text| text.parse::<u64>().ok());
    let (Some(size), seed) = (args.next(), args.next().unwrap_or(1)) else {
        eprintln!("usage: person_bench RECORDS [SEED] [TRAINED]");
        return ExitCode::FAILURE;
    };
    let (records, of) = made(size as usize, seed);
    let began = Instant::now();
    let people = People::new(&records);
    eprintln!("prepared {:.1} s", began.elapsed().as_secs_f64());
    let trained = args.next().is_some();
    let untrained = Model { prior: prior_for(size), ..airline() };
    let model = if trained { people.train(Training::default()) } else { untrained };
    let found = people.link(&model);
    let links = found.iter().filter(|pair| pair.judged.band == Band::Link).count();
    let clusters = people.clusters(&found, &[]);
    let open = people.to_review(&found, &clusters);
    println!(
        "{} records: {:.1} s, peak {:.0} MB; {links} links, {} contested",
        records.len(),
        began.elapsed().as_secs_f64(),
        peak_mb(),
        clusters.contested.len(),
    );
    grade(&of, &clusters.of, "clusters");
    let same = |pair: &&matching::person::Pair| of[pair.left as usize] == of[pair.right as usize];
    println!("to look at: {}, of one person {}", open.len(), open.iter().filter(same).count());
    for cap in [None, Some(Cap::NothingOwn), Some(Cap::Names), Some(Cap::TwoPlaces)] {
        let capped = open.iter().filter(|p| p.judged.band == Band::Review && p.judged.cap == cap);
        let one = capped.clone().filter(same).count();
        println!("  review, cap {cap:?}: {}, of one person {one}", capped.count());
    }
    one_by_one(&people, &model, seed + 1);
    ExitCode::SUCCESS
}
