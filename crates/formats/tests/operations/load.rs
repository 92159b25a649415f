//! Load messages in ways the fixtures do not show.

use formats::load::{Crew, Split, parse};
use formats::when::Day;

#[test]
fn fields_go_on_in_the_next_line() {
    let (message, found) =
        parse("LDM\nCA1/04.B1.C8Y168.2/5\n-SHA.1/0/0.T10.1/10\nPAX/0/1.PAD/0/0\n.DHC/1");
    let destination = &message.destinations[0];
    assert_eq!(destination.seated.as_ref().unwrap().by_class, [0, 1]);
    assert_eq!(destination.other, ["DHC/1"]);
    assert_eq!(found.len(), 1);
    // What was said first counts.
    let (message, found) =
        parse("LDM\nCA1/04.B1.C8Y168.2/5\n-SHA.1/0/0.T10.1/10\n.T99.PAX/1.PAX/2");
    assert_eq!(message.destinations[0].dead_load, Some(10));
    assert_eq!(message.destinations[0].other, ["T99", "PAX/2"]);
    assert_eq!(found.len(), 2);
}

#[test]
fn versions_and_crews_of_every_shape() {
    let read = |line: &str| {
        let text = format!("LDM\n{line}\n-SHA.NIL");
        let (message, _) = parse(&text);
        (message.version.map(str::to_owned), message.crew)
    };
    let crew = |cockpit, cabin| Some(Crew { cockpit, cabin });
    assert_eq!(read("CA1/04.B1.C8Y168.2/5"), (Some("C8Y168".to_owned()), crew(2, 5)));
    assert_eq!(read("CA1/04.B1.12/150.2/1/4"), (Some("12/150".to_owned()), crew(2, 5)));
    assert_eq!(read("CA1/04.B1.A320.P.2/05"), (Some("A320.P".to_owned()), crew(2, 5)));
    assert_eq!(read("CA1/04.B1.2/5"), (None, crew(2, 5)));
    assert_eq!(read("CA1/04.B1.Y180"), (Some("Y180".to_owned()), None));
    assert_eq!(read("CA 1 /04.B1"), (None, None));
}

#[test]
fn remarks_by_destination_are_remarks() {
    let text = "LDM\nCA1/04.B1.Y180.2/5\n-SHA.1/0/0.T10.1/10\nSI\n-SHA.B/10\n-CAN.5/0/0.T0";
    let (message, found) = parse(text);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(message.destinations.len(), 2);
    assert_eq!(message.supplementary, ["", "-SHA.B/10"]);
    assert_eq!(message.weights().next().unwrap().2, 10);
}

#[test]
fn totals_and_days() {
    let text = "LDM\nCA1/30.B1.Y180.2/5\n-SHA.10/8/3/1.T10.PAX/21\n-CAN.5/0/0.T0.PAX/5.B/7\n\
        SI SHA B/10.C/20\nCAN M/5";
    let (message, found) = parse(text);
    assert_eq!(found.len(), 1);
    assert_eq!(message.seated(), 26);
    let split = message.destinations[0].passengers.unwrap();
    assert_eq!((split.adults(), split.children(), split.infants()), (18, 3, 1));
    assert!(matches!(split, Split::BySex { male: 10, .. }));
    let near = Day::new(2026, 12, 1).unwrap();
    assert_eq!(message.departure_day(near), Day::new(2026, 11, 30));
    let weights: Vec<_> = message
        .weights()
        .map(|(airport, kind, weight)| (airport.unwrap().to_string(), kind, weight))
        .collect();
    let expected = [("CAN", "B", 7), ("SHA", "B", 10), ("SHA", "C", 20), ("CAN", "M", 5)];
    assert_eq!(weights, expected.map(|(airport, kind, weight)| (airport.to_owned(), kind, weight)));
}
