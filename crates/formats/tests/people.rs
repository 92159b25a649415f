//! What consumers ask of a list.

use formats::passenger_list::{
    self, Change, ContactKind, End, PartKey, PassengerList, PersonKind, Title, merge, split_title,
};
use formats::when::Day;
use formats::{Kind, Message, text};

fn list(text: &str) -> PassengerList<'_> {
    passenger_list::parse(text).0
}

const PNL: &str = include_str!("../fixtures/pnl/ca_four_kinds_of_remark.txt");
const PRL: &str = include_str!("../fixtures/prl/ca_flown.txt");
const PART1: &str = include_str!("../fixtures/pnl/zh_part1.txt");
const PART2: &str = include_str!("../fixtures/pnl/zh_part2.txt");

#[test]
fn a_member_with_everything() {
    let list = list(PNL);
    let guan = list.people().next().unwrap();
    assert_eq!((guan.surname(), guan.given(), guan.title()), ("GUAN", "YUNSHENG", None));
    assert_eq!((guan.destination(), guan.class(), guan.compartment()), ("CTU", "J", Some("J")));
    let locators: Vec<_> = guan.locators().map(|of| (of.system, of.code)).collect();
    assert_eq!(locators, [("CA", "MQ4T7B"), ("1E", "JX2K9P")]);
    let ticket = guan.tickets().next().unwrap();
    assert_eq!(ticket.number.unwrap().as_str(), "9992300000117");
    assert_eq!((ticket.coupon, ticket.infant), (Some(1), false));
    let card = guan.frequent_flyers().next().unwrap();
    assert_eq!((card.code, card.airline, card.number), ("FQTV", "CA", "000011223344"));
    assert_eq!(guan.tier(), Some("PLATINUM"));
    assert_eq!(guan.identities().next().unwrap().number, "51010719800101001X");
    assert_eq!(guan.seat().as_deref(), Some("11A"));
    let contacts: Vec<_> = guan.contacts().map(|of| (of.kind, of.value.into_owned())).collect();
    assert_eq!(
        contacts,
        [
            (ContactKind::Mobile, "8613800000001".to_owned()),
            (ContactKind::Email, "YUNSHENG_GUAN@EXAMPLE-MAIL.COM".to_owned()),
        ]
    );
    assert!(guan.is_nameable() && !guan.is_staff() && guan.infants().is_empty());
}

#[test]
fn infants_hang_on_their_adult() {
    let list = list(PNL);
    let mother = list.people().nth(1).unwrap();
    assert_eq!(mother.title(), Some(Title::Mrs));
    let infants = mother.infants();
    let [infant] = infants.as_slice() else { panic!("{infants:?}") };
    assert_eq!((infant.name.surname, infant.name.given), ("LYU", "XIAOBAO"));
    let near = Day::new(2026, 11, 21).unwrap();
    assert_eq!(infant.name.born.unwrap().past(near), Day::new(2026, 3, 3));
    assert_eq!(infant.ticket.unwrap().number.unwrap().as_str(), "9992300000119");
    assert_eq!(infant.document.unwrap().number, "E00000119");
    assert_eq!(mother.tickets().count(), 1);
    let document = mother.documents().next().unwrap();
    assert_eq!(document.number, "E00000118");
    assert_eq!(document.born.unwrap().past(near), Day::new(1995, 8, 8));
}

#[test]
fn groups_share_locators_and_remarks_find_their_owners() {
    let list = list(PNL);
    let people: Vec<_> = list.people().collect();
    assert_eq!(people[2].kind(), PersonKind::Seat);
    assert!(!people[2].is_nameable());
    let [mother, child, friend] = &people[3..6] else { panic!() };
    assert_eq!((child.given(), child.kind()), ("XIAOHU", PersonKind::Child));
    assert_eq!(child.born().unwrap().as_str(), "17APR19");
    assert_eq!(mother.tickets().next().unwrap().sent, "9992300000121/1");
    assert_eq!(child.tickets().next().unwrap().sent, "9992300000122/1");
    assert_eq!(mother.documents().count() + child.documents().count(), 1);
    assert_eq!((friend.party(), friend.booking()), (3, mother.booking()));
    assert_eq!(friend.locators().next().unwrap().code, "MQ4T8A");
    assert_eq!(mother.shared().count(), 1);
    assert_eq!(child.onward().next().unwrap().1.flight.to_string(), "CA407");
    let nyu = &people[6];
    let marketing = nyu.marketing().unwrap();
    assert_eq!((marketing.flight.to_string().as_str(), marketing.class), ("ZH4117", "Y"));
    assert_eq!(nyu.corporate(), Some("HUAXIA STEEL GROUP"));
    assert_eq!(nyu.contacts().next().unwrap().kind, ContactKind::Refused);
    assert!(people[7].is_staff() && people[8].is_waitlisted());
    assert!(!people[8].is_nameable());
}

#[test]
fn flown_lists_say_who_sat_where() {
    let list = list(PRL);
    let people: Vec<_> = list.people().collect();
    assert_eq!(people[0].seat().as_deref(), Some("12C"));
    assert_eq!((people[0].check_in(), people[1].check_in()), (Some(12), Some(13)));
    assert_eq!(people[0].bags().unwrap().weight, Some(31));
    assert_eq!(people[0].bag_tags().next().unwrap().count, 2);
    assert_eq!(people[1].ancillaries().next().unwrap().coupon, Some(1));
    assert_eq!(people[2].compartment(), Some("Y"));
}

#[test]
fn parts_become_one_list() {
    let merged = merge(vec![list(PART2), list(PART1)]).unwrap();
    assert!(merged.is_complete && merged.problems.is_empty(), "{:?}", merged.problems);
    let sections: Vec<_> =
        merged.list.sections.iter().map(|of| (of.class, of.names.len())).collect();
    assert_eq!(sections, [("C", 1), ("Y", 4), ("K", 1)]);
    let lan = merged.list.people().find(|person| person.given() == "LAN").unwrap();
    assert_eq!(lan.locators().next().unwrap().code, "NQ11BB");
    assert_eq!((lan.party(), lan.compartment()), (3, Some("Y")));
    let read = text::decode(PART2.as_bytes());
    let read = formats::read(&read);
    let Message::PassengerList(part) = &read.message else { panic!() };
    let key = PartKey::of(&read.envelope, part).unwrap();
    assert_eq!((key.flight.as_str(), key.part, key.is_last), ("ZH9551", Some(2), true));
    let alone = merge(vec![list(PART2)]).unwrap();
    assert!(!alone.is_complete);
    let open = merge(vec![list(PART1)]).unwrap();
    assert!(!open.is_complete);
    assert_eq!(open.list.end, End::Part(1));
}

#[test]
fn a_part_cut_off_in_the_middle_leaves_the_list_without_an_end() {
    let cut = PART1.split_once("ENDPART1").unwrap().0.to_owned();
    let merged = merge(vec![list(&cut), list(PART2)]).unwrap();
    assert!(!merged.is_complete);
    assert_eq!(merged.list.end, End::Missing);
    assert_eq!(merged.problems[0].rule.code, "list-no-end");
    assert_eq!(merged.problems[0].part, Some(1));
    let whole = merge(vec![list(PART1), list(PART2)]).unwrap();
    assert!(whole.is_complete && whole.list.end == End::Last);
}

#[test]
fn state_may_be_inherited_from_the_part_before() {
    let silent = PART2.replace("-HRB005Y\n", "");
    let merged = merge(vec![list(PART1), list(&silent)]).unwrap();
    let lan = merged.list.people().find(|person| person.given() == "LAN").unwrap();
    assert_eq!((lan.destination(), lan.class()), ("HRB", "Y"));
    assert_eq!(lan.locators().next().unwrap().code, "NQ11BB");
    let codes: Vec<_> = merged.problems.iter().map(|problem| problem.rule.code).collect();
    assert_eq!(codes, ["list-state-not-repeated"]);
    let other = PART2.replace("ZH9551", "ZH9552");
    let merged = merge(vec![list(PART1), list(PART1), list(&other)]).unwrap();
    let codes: Vec<_> = merged.problems.iter().map(|problem| problem.rule.code).collect();
    assert_eq!(
        codes,
        ["list-part-repeated", "list-part-of-another-list", "list-last-part-missing"]
    );
}

#[test]
fn changes_name_people_by_letters_and_locators() {
    let adl = list(include_str!("../fixtures/adl/mu_changes.txt"));
    assert_eq!(adl.kind, Kind::Adl);
    let changes: Vec<_> = adl.people().map(|person| person.change().unwrap()).collect();
    assert_eq!(changes[..4], [Change::Del, Change::Chg, Change::Del, Change::Del]);
    let sun = adl.people().nth(1).unwrap().key();
    assert_eq!(sun.name, "SUN/XINGZHE");
    assert_eq!(sun.locators, ["MU/KX7712"]);
    let again = "PNL\nMU587/22NOV PVG PART1\n-JFK001J\n1SUN/XING ZHE MRS\n.L/KX7712\nENDPNL";
    assert!(list(again).people().next().unwrap().key().matches(&sun));
    let other = again.replace("KX7712", "KX9999");
    assert!(!list(&other).people().next().unwrap().key().matches(&sun));
}

#[test]
fn titles_glued_spaced_and_broken() {
    let split = |sent| {
        let (given, title) = split_title(sent);
        (given, title.map_or("", Title::as_str))
    };
    assert_eq!(split("MARYDR"), ("MARY", "DR"));
    assert_eq!(split("AAA MR"), ("AAA", "MR"));
    assert_eq!(split("ANASTASIAM RS"), ("ANASTASIA", "MRS"));
    assert_eq!(split("TIAGOMSTR"), ("TIAGO", "MSTR"));
    assert_eq!(split("LIMISS"), ("LI", "MISS"));
    assert_eq!(split("XIAOBAOCHD"), ("XIAOBAO", "CHD"));
    for name in
        ["AMR", "ALEKSANDR", "OMAR", "NA", "ADAMS", "WILLIAMS", "KIM R", "", "JDR", "LEANDR"]
    {
        assert_eq!(split(name), (name, ""), "{name}");
    }
    assert_eq!(split("MR"), ("", "MR"));
    assert_eq!(split("A MR"), ("A", "MR"));
}

#[test]
fn two_locators_of_one_airline_are_told() {
    let text =
        "PNL\nCA1/22NOV PEK PART1\n-SHA002Y\n1LI/A-B2\n.L/AAAAA1\n1LI/B-B2\n.L/AAAAA2\nENDPNL";
    let (list, said) = passenger_list::parse(text);
    assert_eq!(list.locators_of(0).count(), 2);
    let found: Vec<_> = said.iter().map(|found| (found.code, found.line)).collect();
    assert_eq!(found, [("list-different-locator-in-group", 7)]);
}

#[test]
fn codes_of_findings_are_their_own() {
    let all = passenger_list::rules::ALL.iter();
    let all = all.chain(formats::envelope::rules::ALL).chain(formats::psm::rules::ALL);
    let mut codes: Vec<_> = all.chain(formats::ptm::rules::ALL).map(|rule| rule.code).collect();
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
}

#[test]
fn what_fell_off_a_line_does_no_harm() {
    let text = "PNL\nCA1/22NOV PEK PART1\n-SHA002Y\n2LI/A/B\n.R/TKNE HK1 999-2345678901-02/1\n\
        -1LI/B\nSHA001J\n1XU/C\n-SHA0001\n1HE/D\nENDPNL";
    let (list, said) = passenger_list::parse(text);
    let people: Vec<_> = list.people().collect();
    let ticket = people[1].tickets().next().unwrap();
    assert_eq!((ticket.number.unwrap().as_str(), ticket.coupon), ("9992345678901", Some(1)));
    assert_eq!(people[0].tickets().count(), 0);
    let classes: Vec<_> = people.iter().map(|one| (one.destination(), one.class())).collect();
    assert_eq!(classes, [("SHA", "Y"), ("SHA", "Y"), ("SHA", "J"), ("SHA", "")]);
    let codes: Vec<_> = said.iter().map(|found| (found.code, found.line)).collect();
    assert_eq!(codes, [("list-wrong-totals", 7), ("list-wrong-totals", 9)]);
}
