//! What schedule messages mean, and movements and bags in ways the fixtures do not show.

use formats::baggage;
use formats::movement;
use formats::schedule_change::{Action, Kind, parse};
use formats::when::Day;

fn day(year: i32, month: u8, day: u8) -> Day {
    Day::new(year, month, day).unwrap()
}

#[test]
fn periods_say_on_which_days_a_flight_leaves() {
    let text = "SSM\nLT\nNEW\nCA1\n02NOV26 00XXX00 1/W2\n//\n\
        CA2\n15DEC 10JAN 1234567\n//\nCA3\n01NOV 30NOV X";
    let (message, _) = parse(text);
    let [fortnightly, winter, unread] = &message.changes[..] else { panic!("{message:?}") };
    let flies = |period: usize, days: [Day; 3]| {
        let change = [fortnightly, winter, unread][period];
        days.map(|day| change.periods[0].flies_on(day))
    };
    let mondays = [day(2026, 11, 2), day(2026, 11, 9), day(2026, 11, 16)];
    assert_eq!(flies(0, mondays), [true, false, true]);
    let new_year = [day(2026, 12, 31), day(2027, 1, 3), day(2027, 1, 11)];
    assert_eq!(flies(1, new_year), [true, true, false]);
    assert_eq!(
        flies(1, [day(2026, 12, 14), day(2026, 12, 15), day(2027, 1, 10)]),
        [false, true, true]
    );
    // A day that cannot be read is no reason to cancel all.
    assert_eq!(flies(2, mondays), [false; 3]);
}

#[test]
fn garbage_never_hands_an_action_on() {
    let text = "ASM\nUTC\nCNL\nCA1/12MAY26\n//\nT?M\nCA2/12MAY26\nPEK0800 SHA1000";
    let (message, found) = parse(text);
    assert_eq!(message.changes[0].action, Action::Cnl);
    assert_eq!(message.changes[1].action, Action::Other(""));
    assert_eq!(message.changes[1].flights.len(), 1);
    assert!(!found.is_empty());
    let (message, _) = parse("CA2/12MAY26\nPEK0800 SHA1000");
    assert_eq!((message.kind, message.changes[0].action), (Kind::Asm, Action::Other("")));
}

#[test]
fn legs_are_dated_by_day_change_and_by_day() {
    let text = "ASM\nUTC\nTIM\nCA981/30NOV26\nPEK2340/M1 JFK010010";
    let (message, _) = parse(text);
    let leg = message.changes[0].legs[0];
    let date = message.changes[0].flights[0].date.unwrap().nearest(day(2026, 1, 1)).unwrap();
    assert_eq!(leg.departure.on(date).unwrap().to_string(), "2026-11-29T23:40");
    assert_eq!(leg.arrival.on(date).unwrap().to_string(), "2026-12-01T00:10");
}

#[test]
fn airlines_named_like_elements_are_flights() {
    let text =
        "MVT\nAA100/21.N1.JFK\nAD1100/1115\nEA200/21.N2.LHR AA1515/1520\nDL3/22.N3.ATL\nDL72/0015";
    let (message, found) = movement::parse(text);
    let flights: Vec<_> =
        message.movements.iter().map(|movement| movement.flight.unwrap().to_string()).collect();
    assert_eq!(flights, ["AA100", "EA200", "DL3"]);
    assert!(message.movements[1].touch_down.is_some());
    assert_eq!(message.movements[2].delay_minutes(), 15);
    assert!(found.is_empty());
}

#[test]
fn delay_lists_of_every_shape() {
    let read = |lists: &str| {
        let text = format!("MVT\nCA1/21.B1.PEK\n{lists}");
        let (message, _) = movement::parse(&text);
        let delays = message.movements[0].delays.iter();
        delays
            .map(|delay| {
                let code = delay.code.unwrap_or("-");
                let sub_code = delay.sub_code.unwrap_or("-");
                format!("{code} {sub_code} {}", delay.minutes.map_or(-1, i32::from))
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(read("DL64/72/0015/0020"), ["64 - 15", "72 - 20"]);
    assert_eq!(read("DL64/0015/72/0020"), ["64 - 15", "72 - 20"]);
    assert_eq!(read("DL64"), ["64 - -1"]);
    assert_eq!(read("DL AL/0130"), ["AL - 90"]);
    assert_eq!(read("DLAL/0130"), ["AL - 90"]);
    assert_eq!(read("DL64/72//0020"), ["64 - -1", "72 - 20"]);
    assert_eq!(read("EDL81/0005\nDL64/72/0015/0020"), ["64 - 15", "72 - 20", "81 - 5"]);
    assert_eq!(read("DL64/0015\nDLA64A//\nDL72/0010"), ["64 64A 15", "72 - 10"]);
    assert_eq!(read("DLA841/812/932/652"), ["- 841 -1", "- 812 -1", "- 932 -1", "- 652 -1"]);
    assert_eq!(read("DL64/15"), ["64 - -1", "15 - -1"]);
    assert_eq!(read("DL64/015"), ["64 - 15"]);
    let (message, found) = movement::parse("MVT\nCA1/21.B1.PEK\nDL41A/0010\nTOW 569000 ZFW1");
    assert_eq!(message.movements[0].delays[0].listed_code(), Some("41"));
    assert_eq!(message.movements[0].figures[0].value, 569_000);
    assert!(found.is_empty());
}

#[test]
fn bags_know_their_flights_and_people() {
    let text = "BTM\n.V/1TCDG\n.I/AF123/05FEB/JFK\n.F/AF1/05FEB/LHR\n\
        .N/0057999999003\n.P/2ZHANG/WEI/LI\n\
        .N/0057000009001\n.P/WANG/NA\n.L/K2XQ9A\n.F/AF2/06FEB/MAD\n.N/0057899999001\nENDBTM";
    let (messages, found) = baggage::parse(text);
    assert!(found.is_empty(), "{found:?}");
    let groups = messages[0].groups();
    let outbound: Vec<_> =
        groups.iter().map(|group| group.outbound().unwrap().flight.unwrap().to_string()).collect();
    assert_eq!(outbound, ["AF1", "AF1", "AF2"]);
    assert!(groups.iter().all(|group| group.inbound().is_some()));
    let plates: Vec<_> = groups[0].tags().flat_map(|tags| tags.plates()).collect();
    assert_eq!(plates, ["0057999999", "0057000000", "0057000001"]);
    assert_eq!(groups[1].names().next().unwrap().given, ["NA"]);
    assert_eq!(groups[1].locator(), Some("K2XQ9A"));
}

#[test]
fn tracing_files_name_people_tags_and_flights() {
    let text = "AHL\nPEKCCA10234\nNM ZHANG/WEI\nTN CA781487/CA781488\nFD CA1501/05FEB CA981/06FEB";
    let (file, found) = baggage::tracing::parse(text);
    assert!(found.is_empty());
    assert_eq!((file.airline(), file.station().unwrap().as_str()), (Some("CCA"), "PEK"));
    assert_eq!(file.tags().collect::<Vec<_>>(), ["CA781487", "CA781488"]);
    let flights: Vec<_> =
        file.flights().map(|(flight, day)| format!("{flight} {}", day.unwrap())).collect();
    assert_eq!(flights, ["CA1501 05FEB", "CA981 06FEB"]);
    assert_eq!(file.names().collect::<Vec<_>>(), ["ZHANG/WEI"]);
}

#[test]
fn movements_with_blanks_for_full_stops() {
    let text = "MVT\nZH 731/14      B 66 90          SZX\n\
        AD      14        2305/142318   EA       0049    KMG\n\
        DL       16/0010\nPX       139\nSI BAGGAGE";
    let (message, found) = movement::parse(text);
    assert!(found.is_empty(), "{found:?}");
    let movement = &message.movements[0];
    assert_eq!((movement.registration, movement.day), (Some("B 66 90"), Some(14)));
    assert_eq!(movement.off_block.unwrap().to_string(), "142305");
    assert_eq!(movement.airborne.unwrap().to_string(), "142318");
    assert_eq!(movement.estimated_arrivals[0].airport.unwrap().as_str(), "KMG");
    assert_eq!(movement.passengers.as_ref().unwrap().total(), 139);
    assert_eq!((movement.delay_minutes(), movement.station.unwrap().as_str()), (10, "SZX"));
    let written = movement::write(&message);
    assert_eq!(movement::parse(&written).0, message, "{written}");
    let (message, _) =
        movement::parse("MVT\nZH731/14 . B6690 . SZX AD2305/2318\nCA1/13.B1 AD2305/2318");
    assert_eq!(message.movements[0].station.unwrap().as_str(), "SZX");
    assert!(message.movements.iter().all(|movement| movement.airborne.is_some()));
}

#[test]
fn a_movement_and_a_diversion_in_one_message() {
    let text = "MVT\nCA1/13.B1.PEK\nAD1100/1115\nDIV\nCA2/13.B2.SHA\nEA1200 NKG DR71";
    let (message, _) = movement::parse(text);
    let kinds: Vec<_> = message.movements.iter().map(|movement| movement.kind.as_str()).collect();
    assert_eq!(kinds, ["MVT", "DIV"]);
    assert_eq!(
        movement::parse(&movement::write(&message)).0.movements[1].diversion_reason,
        Some("71")
    );
}
