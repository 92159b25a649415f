//! What comes beside the lists: boarding passes, the file of coupons, the website.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use formats::Airport;
use formats::boarding_pass::{self, BoardingPass, Issue, Leg};
use formats::names::Name;
use serde_json::{Value, json};

use super::desk::Sold;
use super::lists::{Lists, compartment, flown_class};
use super::names::ticket_number;
use super::operation::{Fate, Place, is_refunded};
use super::party::Booking;
use super::population::{Someone, Who};
use super::stamp;
use crate::CARRIER;
use crate::dice::Dice;

/// Header of `coupons.csv`.
pub const COUPONS: &str = "ticket_number,coupon,status,issued_on,agent,channel,marketing_carrier,\
                           flight_number,flight_date,origin,destination,booking_class,fare_basis,\
                           fare_minor,tax_minor,discount,currency,form_of_payment,corporate_id,\
                           tour_code,record_locator,surname,given,member_no,flown_on";

/// Airport fee and fuel surcharge of a domestic coupon, fen.
const TAX: i64 = 7_000;

/// The string behind a boarding pass, and the key by which it is known.
pub(crate) fn boarding_pass(lists: &Lists<'_>, place: &Place) -> (String, String) {
    let flight = &lists.of.flight;
    let booking = lists.booking(place);
    let traveller = &booking.travellers[place.traveller];
    let printed: String =
        format!("{}/{}", traveller.surname, traveller.sent).chars().take(20).collect();
    let leg = &flight.legs[place.legs.0];
    let (from, to) = (leg.from.iata, flight.legs[place.legs.1 - 1].to.iata);
    let day = flight.day_at(place.legs.0);
    let seat = place.seat.map(|seat| format!("{:03}{}", seat.row, seat.letter));
    let sequence = format!("{:04}", place.sequence);
    let serial = format!("{:010}", traveller.ticket);
    let member = place.new_member.as_deref().or(traveller.said.member.as_deref());
    let locator = booking.located.then_some(booking.locator.as_str());
    let pass = BoardingPass {
        name: &printed,
        electronic_ticket: true,
        version: Some('6'),
        issue: Issue {
            passenger_description: Some(if traveller.child { '3' } else { '0' }),
            check_in_source: Some('M'),
            issuance_source: Some('M'),
            day: Some(((day.year() % 10) as u8, day.ordinal() as u16)),
            document_type: Some('B'),
            issuer: Some(CARRIER),
            bag_tags: Vec::new(),
        },
        legs: vec![Leg {
            locator,
            from: Airport::read(from),
            to: Airport::read(to),
            carrier: Some(CARRIER),
            number: Some(u32::from(flight.number)),
            day_of_year: u16::try_from(day.ordinal()).ok(),
            compartment: Some(compartment(flown_class(place), lists.of)),
            seat: seat.as_deref(),
            sequence: Some(&sequence),
            status: Some('1'),
            airline_numeric: Some("000"),
            document_serial: Some(&serial),
            selectee: Some('0'),
            document_check: Some('0'),
            marketing_carrier: Some(CARRIER),
            programme: member.map(|_| CARRIER),
            frequent_flyer: member,
            ..Leg::default()
        }],
        ..BoardingPass::default()
    };
    let text = boarding_pass::write(&pass);
    let name = Name::read(&printed);
    let key = format!(
        "{}/{day}/{from}{to}/{}/{}/{}",
        flight.designator(),
        locator.unwrap_or("-"),
        name.surname,
        name.given
    );
    (text, key)
}

/// Whether the coupon is told of this flight: who changed flights has it on the other.
pub(crate) fn has_coupon(place: &Place) -> bool {
    place.fate != Fate::ChangedFlight
}

/// A line of `coupons.csv` and the flight it is written under.
pub(crate) fn coupon(lists: &Lists<'_>, place: &Place) -> (String, String) {
    let flight = &lists.of.flight;
    let booking = lists.booking(place);
    let traveller = &booking.travellers[place.traveller];
    let hop = &booking.hops[place.hop];
    let day = flight.day_at(place.legs.0);
    let (from, to) = (&flight.legs[place.legs.0].from, &flight.legs[place.legs.1 - 1].to);
    let (carrier, number) = match flight.partner.filter(|_| booking.partner) {
        Some((airline, number)) => (airline, number),
        None => (CARRIER, flight.number),
    };
    let status = match place.fate {
        fate if fate.is_flown() => "flown",
        Fate::Deleted if is_refunded(traveller.ticket) => "refunded",
        _ => "open",
    };
    let agent = match (booking.agency, booking.company) {
        (Some(agency), _) => format!("080{:05}", 1_000 + agency),
        (_, Some(company)) => format!("089{:05}", 5_000 + company),
        _ => String::new(),
    };
    let class = hop.class;
    let fare = if booking.staff { 0 } else { hop.fare };
    let staff = booking.staff;
    let payment = match booking.payment {
        _ if staff => "NR".to_owned(),
        "CC" => format!("CCVI************{:04}", traveller.ticket % 10_000),
        other => other.to_owned(),
    };
    let cells = [
        ticket_number(traveller.ticket),
        hop.coupon.to_string(),
        status.to_owned(),
        booking.booked_on.to_string(),
        agent,
        booking.channel.as_str().to_owned(),
        carrier.to_owned(),
        number.to_string(),
        day.to_string(),
        from.iata.to_owned(),
        to.iata.to_owned(),
        class.letter.to_string(),
        format!("{}{}OW", class.letter, hop.coupon % 2 + 1),
        fare.to_string(),
        if staff { 0 } else { TAX }.to_string(),
        format!("{:.2}", f64::from(class.hundredths) / 100.0),
        "CNY".to_owned(),
        payment,
        booking.company.map(|company| format!("C{company:05}")).unwrap_or_default(),
        booking.tour.as_ref().map(|_| "IT6JB1TOUR".to_owned()).unwrap_or_default(),
        booking.locator.clone(),
        traveller.surname.clone(),
        traveller.given.clone(),
        traveller.said.member.clone().unwrap_or_default(),
        if status == "flown" { day.to_string() } else { String::new() },
    ];
    (cells.join(","), format!("{carrier}{number}"))
}

/// What the head of a booking did on the website on the way to it: bodies for `/v1/batch`.
pub(crate) struct Visit {
    pub(crate) at: DateTime<Utc>,
    pub(crate) body: String,
    /// Name under which the website knew them.
    pub(crate) anonymous: String,
    pub(crate) user: Option<String>,
    pub(crate) who: Who,
}

/// A visit on the day of travel: pages by nobody in particular, and for most at last who it was.
pub(crate) fn visit(
    sold: &Sold,
    booking: &Booking,
    head: &Someone,
    day: NaiveDate,
    dice: &mut Dice,
) -> Option<Visit> {
    let hop = booking.hops.first()?;
    let flight = sold.flights.iter().find(|flight| flight.number == hop.number)?;
    let begins = stamp::midnight(day) + Duration::minutes(dice.between(5, 900));
    let bits: Vec<u64> = (0..2).map(|_| (dice.unit() * 2_f64.powi(53)) as u64).collect();
    let anonymous = format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        bits[0] & 0xFFFF_FFFF,
        bits[0] >> 32 & 0xFFFF,
        bits[0] >> 41 & 0xFFF,
        bits[1] & 0xFFF,
        bits[1] >> 5 & 0xFFFF_FFFF_FFFF
    );
    let (from, to) = (flight.legs[hop.legs.0].from.iata, flight.legs[hop.legs.1 - 1].to.iata);
    let mut events: Vec<Value> = Vec::new();
    let mut at = begins;
    let mut nth = 0;
    let mut event = |kind: &str, mut of: Value, at: DateTime<Utc>| {
        nth += 1;
        of["type"] = json!(kind);
        of["anonymousId"] = json!(anonymous);
        of["messageId"] = json!(format!("{anonymous}-{nth}"));
        of["timestamp"] = json!(at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        events.push(of);
    };
    let pages = [("Home", "/"), ("Search", "/flights"), ("Flight", "/flights/choose")];
    for (name, path) in pages.into_iter().take(2 + dice.below(2)) {
        let of = json!({"name": name, "properties": {"path": path, "title": name}});
        event("page", of, at);
        at += Duration::seconds(dice.between(8, 90));
    }
    let of = json!({"event": "Flight Searched", "properties": {"origin": from, "destination": to}});
    event("track", of, at);
    at += Duration::seconds(dice.between(60, 400));
    let mut user = None;
    if dice.chance(0.7) {
        let id = head.member_no.clone().unwrap_or_else(|| format!("web-{}", head.who.id()));
        let mut traits = json!({"name": head.name.display(kernel::Lang::ZhCn)});
        if let Some(number) = &head.member_no {
            traits["memberNumber"] = json!(number);
            traits["programme"] = json!(CARRIER);
        }
        if let Some(email) = &head.email {
            traits["email"] = json!(email);
        }
        if let Some(mobile) = head.mobile.as_ref().filter(|_| dice.chance(0.8)) {
            traits["phone"] = json!(mobile);
        }
        event("identify", json!({"userId": id, "traits": traits}), at);
        at += Duration::seconds(20);
        let of = json!({"event": "Check-in Completed", "userId": id, "properties": {
            "recordLocator": booking.locator, "flight": flight.designator(), "origin": from,
        }});
        event("track", of, at);
        user = Some(id);
    }
    let sent = at + Duration::seconds(2);
    let sent_at = sent.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let body = json!({"batch": events, "sentAt": sent_at}).to_string();
    Some(Visit { at: sent, body, anonymous, user, who: head.who })
}
