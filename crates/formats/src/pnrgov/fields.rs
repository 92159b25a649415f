//! Reads single segments into their records.

use super::{
    Address, Bags, Fare, Flight, Locator, Money, Note, Office, Part, Passenger, Payment, Programme,
    Request, Stamp, Tag, Target, Tax, Ticket, Word, put, rules, stamp,
};
use crate::cards;
use crate::diagnostic::Diagnostics;
use crate::edifact::Segment;
use crate::flight::Airport;

type Seg<'t, 's> = Segment<'t, 's>;

/// Room for what a segment holds. Not exactly for each segment: a hostile message has a million.
fn room<T>(into: &mut Vec<T>, segment: &Seg<'_, '_>) {
    if into.is_empty() {
        into.reserve_exact(segment.element_count());
    }
}

fn number(text: &str) -> Option<u16> {
    text.parse().ok()
}

pub(super) fn airport<'t>(
    segment: &Seg<'t, '_>,
    element: usize,
    component: usize,
    notes: &mut Diagnostics<'t>,
) -> Option<Airport> {
    let text = segment.get(element, component);
    let read = Airport::read(&text);
    if read.is_none() && !text.is_empty() {
        notes.at(rules::BAD_AIRPORT, segment.raw(element, component));
    }
    read
}

/// Fourth element of UNH: `01:C`, `03:F`.
pub(crate) fn part(segment: &Seg<'_, '_>) -> Option<Part> {
    let count = segment.get(4, 0);
    let place = segment.get(4, 1);
    (!count.is_empty()).then(|| Part {
        number: number(&count).unwrap_or(0),
        first: place == "C",
        last: place == "F",
    })
}

/// `ORG+1A:MUC+32393340:SINSQ08AA+NCE+SQ:NCE+A+SG:SGD+ELPD+…`.
pub(super) fn office<'t>(segment: &Seg<'t, '_>) -> Office<'t> {
    Office {
        system: segment.get(1, 0),
        place: segment.get(1, 1),
        agency: segment.get(2, 0),
        office: segment.get(2, 1),
        city: segment.get(3, 0),
        kind: segment.get(5, 0),
        country: segment.get(6, 0),
        currency: segment.get(6, 1),
        agent: segment.get(7, 0),
    }
}

/// `RCI+1A:2LS6KP::200513:0439+KE:EDP2RW`; some leave out the type: `UA:7C789A:230818:1220`.
pub(super) fn locators<'t>(
    segment: &Seg<'t, '_>,
    notes: &mut Diagnostics<'t>,
    into: &mut Vec<Locator<'t>>,
) {
    for element in 1..=segment.element_count() {
        let locator = segment.get(element, 1);
        if locator.is_empty() {
            continue;
        }
        let early = stamp::day_of(&segment.get(element, 2)).is_some();
        let from = if early { 2 } else { 3 };
        let created = Stamp::read(segment, element, from, notes);
        let system = segment.get(element, 0);
        let read = Locator { system, locator, created };
        // The same locator is repeated for every flight.
        if !into.contains(&read) {
            into.push(read);
        }
    }
}

/// `DAT+700:270513:0718+710:…`, and `DAT` alone.
pub(super) fn dates<'t>(
    segment: &Seg<'t, '_>,
    notes: &mut Diagnostics<'t>,
    into: &mut Vec<(Word<'t>, Stamp)>,
) {
    room(into, segment);
    for element in 1..=segment.element_count() {
        let read = Stamp::read(segment, element, 1, notes);
        if !read.is_empty() {
            into.push((segment.get(element, 0), read));
        }
    }
}

/// `ADD++702:351 LANDSDOWN ROAD:SLOUGH:BERKSHIRE::GB:SL1AA:00441753637285`. An element that does not
/// begin with a purpose is a part of the text before it.
pub(super) fn addresses<'t>(segment: &Seg<'t, '_>, into: &mut Vec<Address<'t>>) {
    let start = into.len();
    for element in 2..=segment.element_count() {
        let purpose = segment.get(element, 0);
        let coded = purpose.len() <= 3 && purpose.bytes().all(|byte| byte.is_ascii_digit());
        let later = into.len() > start && !coded;
        if let Some(last) = into.last_mut().filter(|_| later) {
            let text = last.text.to_mut();
            text.push(' ');
            text.push_str(&segment.rest(element, 0));
            continue;
        }
        let address = Address {
            purpose,
            street: segment.get(element, 1),
            city: segment.get(element, 2),
            state: segment.get(element, 3),
            country: segment.get(element, 5),
            postal_code: segment.get(element, 6),
            text: segment.rest(element, 7),
        };
        if address != Address::default() {
            put(into, address);
        }
    }
}

/// `SSR+SEAT:HK:2:DL:::LHR:JFK+15A::1+15B::2`.
pub(super) fn request<'t>(segment: &Seg<'t, '_>, notes: &mut Diagnostics<'t>) -> Request<'t> {
    let mut targets = Vec::with_capacity(segment.element_count().saturating_sub(1));
    for element in 2..=segment.element_count() {
        let target = Target { value: segment.get(element, 0), passenger: segment.get(element, 2) };
        if target != Target::default() {
            targets.push(target);
        }
    }
    let code = segment.get(1, 0);
    let text = segment.rest(1, 8);
    // Documents hold long numbers that are no cards. FOID may be one.
    let documents = matches!(&*code, "DOCS" | "DOCO" | "DOCA" | "TKNE" | "SEAT" | "FQTV" | "PSPT")
        || (code == "FOID" && !text.trim_start_matches(['/', '.']).starts_with("CC"));
    Request {
        status: segment.get(1, 1),
        count: number(&segment.get(1, 2)),
        airline: segment.get(1, 3),
        from: airport(segment, 1, 6, notes),
        to: airport(segment, 1, 7, notes),
        text: if documents { text } else { without_cards(text, segment, notes) },
        targets,
        code,
    }
}

/// Stars for card numbers in free text.
pub(super) fn without_cards<'t>(
    text: Word<'t>,
    segment: &Seg<'t, '_>,
    notes: &mut Diagnostics<'t>,
) -> Word<'t> {
    let (masked, count) = cards::masked(&text);
    if count == 0 {
        return text;
    }
    notes.at(rules::CARD_IN_TEXT, segment.raw);
    Word::Owned(masked.into_owned())
}

/// A whole segment word for word, but for card numbers.
pub(super) fn verbatim<'t>(segment: &Seg<'t, '_>, notes: &mut Diagnostics<'t>) -> Word<'t> {
    without_cards(segment.raw.into(), segment, notes)
}

/// `IFT+4:28::YY+CTCE …+…`.
pub(super) fn note<'t>(segment: &Seg<'t, '_>, notes: &mut Diagnostics<'t>) -> Note<'t> {
    let mut text = segment.rest(2, 0);
    for element in 3..=segment.element_count() {
        let more = segment.rest(element, 0);
        if !more.is_empty() {
            let text = text.to_mut();
            text.push(' ');
            text.push_str(&more);
        }
    }
    Note {
        subject: segment.get(1, 1),
        airline: segment.get(1, 3),
        text: without_cards(text, segment, notes),
    }
}

/// `TIF+BELT:I+ISABELLE MRS:A:2:1`. A further element with a type or reference of its own is another
/// person of that surname; without, it is more of the given name.
pub(super) fn passengers<'t>(
    segment: &Seg<'t, '_>,
    notes: &mut Diagnostics<'t>,
    into: &mut Vec<Passenger<'t>>,
) {
    let surname = segment.get(1, 0);
    if surname.is_empty() {
        notes.at(rules::NO_NAME, segment.raw);
    }
    let start = into.len();
    for element in 2..=segment.element_count().max(2) {
        let given = segment.get(element, 0);
        let (kind, reference) = (segment.get(element, 1), segment.get(element, 2));
        let more = kind.is_empty() && reference.is_empty();
        match into.last_mut().filter(|_| element > 2 && more) {
            Some(last) if !given.is_empty() => {
                let whole = last.given.to_mut();
                whole.push(' ');
                whole.push_str(&given);
            }
            Some(_) => {}
            None => {
                let passenger = Passenger {
                    surname: surname.clone(),
                    given,
                    kind,
                    reference,
                    group: segment.raw(1, 1) == "G",
                    with_infant: !segment.raw(element, 3).is_empty(),
                    ..Passenger::default()
                };
                put(into, passenger);
            }
        }
    }
    debug_assert!(into.len() > start, "one at least");
}

/// `FTI+DL:1234567890:::ELITE`, `FTI+SQ:314655277:::::G`.
pub(super) fn programmes<'t>(segment: &Seg<'t, '_>, into: &mut Vec<Programme<'t>>) {
    room(into, segment);
    for element in 1..=segment.element_count() {
        let number = segment.get(element, 1);
        if !number.is_empty() {
            let tier = (4..8).find_map(|at| segment.some(element, at)).unwrap_or_default();
            into.push(Programme { airline: segment.get(element, 0), number, tier });
        }
    }
}

/// `FAR+N+++++MIL24`.
pub(super) fn fare<'t>(segment: &Seg<'t, '_>) -> Option<Fare<'t>> {
    let fare = Fare { kind: segment.get(1, 0), basis: segment.get(6, 0) };
    (fare != Fare::default()).then_some(fare)
}

/// `TKT+0062120234533:T:1`.
pub(super) fn tickets<'t>(segment: &Seg<'t, '_>, into: &mut Vec<Ticket<'t>>) {
    room(into, segment);
    for element in 1..=segment.element_count() {
        into.push(Ticket {
            number: segment.get(element, 0),
            kind: segment.get(element, 1),
            booklets: number(&segment.get(element, 2)),
            ..Ticket::default()
        });
    }
}

/// `MON+B:2888.00:GBP+T:2957.94:GBP`.
pub(super) fn money<'t>(segment: &Seg<'t, '_>, into: &mut Vec<Money<'t>>) {
    room(into, segment);
    for element in 1..=segment.element_count() {
        let amount = segment.get(element, 1);
        if !amount.is_empty() {
            let kind = segment.get(element, 0);
            into.push(Money { kind, amount, currency: segment.get(element, 2) });
        }
    }
}

/// `TXD++3.10:::AY6+8.50:::YQ`: amount, country, currency, code.
pub(super) fn taxes<'t>(segment: &Seg<'t, '_>, into: &mut Vec<Tax<'t>>) {
    room(into, segment);
    for element in 2..=segment.element_count() {
        let amount = segment.get(element, 0);
        if !amount.is_empty() {
            let currency = segment.get(element, 2);
            into.push(Tax { code: segment.get(element, 3), amount, currency });
        }
    }
}

/// `FOP+CC::416.00:VI:XXXXXXXXXXXX3840:0810`. Senders who shift the components put the number of a
/// card anywhere: no long number is kept.
pub(super) fn payments<'t>(
    segment: &Seg<'t, '_>,
    notes: &mut Diagnostics<'t>,
    into: &mut Vec<Payment<'t>>,
) {
    room(into, segment);
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    for element in 1..=segment.element_count() {
        let mut all = (0..segment.component_count(element)).map(|at| segment.get(element, at));
        let long = all.find(|text| digits(text) > 10);
        if long.is_some() {
            notes.at(rules::CARD_DROPPED, segment.raw);
        }
        let short = |at: usize| segment.some(element, at).filter(|text| digits(text) <= 10);
        let account = short(4).or(long).unwrap_or_default();
        let from = account.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        let last = account.get(from..).unwrap_or_default();
        let four = last.len() == 4 && digits(last) == 4;
        into.push(Payment {
            form: short(0).unwrap_or_default(),
            amount: short(2).unwrap_or_default(),
            scheme: short(3).unwrap_or_default(),
            last_four: if four { last.to_owned() } else { String::new() },
            payer: Vec::new(),
        });
    }
}

/// `TVL+270513:1640:270513:2200+ICN+SIN+KE:SQ+609:B`; an arrival may be a time alone.
pub(super) fn flight<'t>(segment: &Seg<'t, '_>, notes: &mut Diagnostics<'t>) -> Flight<'t> {
    let third = segment.get(1, 2);
    let bare = third.len() == 4 && segment.get(1, 3).is_empty();
    let arrives = if bare {
        Stamp { day: None, time: stamp::time_of(&third) }
    } else {
        Stamp::read(segment, 1, 2, notes)
    };
    Flight {
        departs: Stamp::read(segment, 1, 0, notes),
        arrives,
        from: airport(segment, 2, 0, notes),
        to: airport(segment, 3, 0, notes),
        marketing: segment.get(4, 0),
        operating: segment.get(4, 1),
        number: segment.get(5, 0),
        class: segment.get(5, 1),
        ..Flight::default()
    }
}

/// `TBD++3:33:700++HP:SIN-168+618:0123456789:2:ICN`.
pub(super) fn bags<'t>(segment: &Seg<'t, '_>) -> Bags<'t> {
    let mut tags = Vec::with_capacity(segment.element_count().saturating_sub(4));
    for element in 5..=segment.element_count() {
        let bag = segment.get(element, 1);
        if !bag.is_empty() {
            // `ET:0443::FRA:006`: the count behind the place.
            let count = segment.some(element, 2).unwrap_or_else(|| segment.get(element, 4));
            let airline = segment.get(element, 0);
            tags.push(Tag { airline, number: bag, count, to: segment.get(element, 3) });
        }
    }
    Bags {
        pieces: number(&segment.get(2, 0)),
        weight: segment.get(2, 1),
        unit: segment.get(2, 2),
        pool: segment.rest(4, 0),
        tags,
    }
}
