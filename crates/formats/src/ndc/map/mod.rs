//! Makes records of trees, whatever the version.

use std::borrow::Cow;

use super::tree::{Node, split};
use super::{BookingReference, Item, Message, Money, Order, Problem, Service, rules};
use crate::diagnostic::Diagnostics;
use flights::segment;
use people::{contact, passenger};
use tickets::documents;

mod dates;
mod flights;
mod people;
mod tickets;

pub(super) use flights::finish;

type Word<'t> = Cow<'t, str>;

/// Takes an element that stands in no other wanted one. `path` holds what is open around it.
pub(super) fn take<'t>(
    message: &mut Message<'t>,
    node: &Node<'t>,
    path: &[Word<'t>],
    notes: &mut Diagnostics<'t>,
) {
    match &*node.name {
        "Order" => {
            let order = order(node);
            let told = order.id.is_empty() && !path.iter().any(|open| open.ends_with("RQ"));
            if told {
                notes.at(rules::NO_ORDER_ID, anchor(node));
            }
            message.orders.push(order);
            parts(message, node, notes);
        }
        "OrderItem" | "OfferItem" => {
            if message.orders.is_empty() {
                message.orders.push(Order::default());
            }
            if let Some(order) = message.orders.last_mut() {
                order.items.push(item(node));
            }
            parts(message, node, notes);
        }
        "Pax" | "Passenger" | "Traveler" => message.passengers.extend(passenger(node, notes)),
        "PaxSegment" | "FlightSegment" | "DatedMarketingSegment" | "DatedOperatingSegment" => {
            message.segments.push(segment(node, notes));
        }
        "ContactInfo" | "ContactInformation" => message.contacts.push(contact(node)),
        "TicketDocInfo" => message.documents.push(documents(node, notes)),
        "BookingRef" | "BookingReference" => {
            if let (Some(order), Some(booking)) = (message.orders.last_mut(), booking(node)) {
                order.bookings.push(booking);
            }
        }
        "Error" | "Warning" | "Fault" => message.problems.push(problem(node)),
        _ => {
            let names = ["VersionNumber", "MessageVersion", "ReferenceVersion"];
            let version = node.deep(&names);
            if !version.is_empty() {
                message.version = version;
            }
        }
    }
}

/// A borrowed piece of the message inside a node, to point at.
fn anchor<'t>(node: &Node<'t>) -> &'t str {
    match &node.name {
        Cow::Borrowed(name) => name,
        Cow::Owned(_) => "",
    }
}

/// Passengers, segments and tickets that stand inside an order.
fn parts<'t>(message: &mut Message<'t>, node: &Node<'t>, notes: &mut Diagnostics<'t>) {
    let mut found = Vec::new();
    node.all(&["Pax", "Passenger"], &mut found);
    for person in found.drain(..) {
        message.passengers.extend(passenger(person, notes));
    }
    node.all(&["PaxSegment", "FlightSegment", "Flight"], &mut found);
    for flight in found.drain(..) {
        let flight = segment(flight, notes);
        // A list of references is no flight.
        if !flight.number.is_empty() || flight.departure.airport.is_some() {
            message.segments.push(flight);
        }
    }
    node.all(&["TicketDocInfo"], &mut found);
    for document in found {
        message.documents.push(documents(document, notes));
    }
}

fn money<'t>(node: &Node<'t>) -> Option<Money<'t>> {
    let names = ["TotalAmount", "Total", "SimpleCurrencyPrice", "TotalOrderPrice", "TotalPrice"];
    let total = names.iter().find_map(|name| {
        node.find(name).filter(|total| total.own().starts_with(|sign: char| sign.is_ascii_digit()))
    })?;
    let currency = [total.attribute("CurCode"), total.attribute("Code")];
    let currency = currency.into_iter().find(|code| !code.is_empty()).unwrap_or_default();
    Some(Money { amount: total.own(), currency })
}

fn first<'t>(one: Word<'t>, other: impl FnOnce() -> Word<'t>) -> Word<'t> {
    if one.is_empty() { other() } else { one }
}

fn order<'t>(node: &Node<'t>) -> Order<'t> {
    let mut items = Vec::new();
    node.all(&["OrderItem", "OfferItem"], &mut items);
    let mut bookings = Vec::new();
    node.all(&["BookingRef", "BookingReference"], &mut bookings);
    let mut read: Vec<BookingReference<'t>> = Vec::new();
    for booking in bookings.into_iter().filter_map(booking).take(MOST_BOOKINGS) {
        if !read.contains(&booking) {
            read.push(booking);
        }
    }
    let price = ["TotalPrice", "TotalOrderPrice"].iter().find_map(|name| node.child(name));
    Order {
        id: first(node.attribute("OrderID"), || node.text_of(&["OrderID"])),
        owner: first(
            first(node.attribute("Owner"), || node.text_of(&["OwnerCode", "Owner"])),
            || node.child("OrderID").map(|id| id.attribute("Owner")).unwrap_or_default(),
        ),
        status: first(node.text_of(&["StatusCode", "Status"]), || {
            node.child("Status")
                .map(|status| status.deep(&["StatusCode", "Code"]))
                .unwrap_or_default()
        }),
        total: price.and_then(|price| money(price).or_else(|| whole(price))),
        bookings: read,
        items: items.into_iter().map(item).collect(),
    }
}

/// More locators than an order can have.
const MOST_BOOKINGS: usize = 100;

/// `<TotalPrice CurCode="USD">450.00</TotalPrice>`.
fn whole<'t>(node: &Node<'t>) -> Option<Money<'t>> {
    let amount = node.own();
    let digits = amount.starts_with(|sign: char| sign.is_ascii_digit());
    digits.then(|| Money { currency: node.attribute("CurCode"), amount })
}

fn booking<'t>(node: &Node<'t>) -> Option<BookingReference<'t>> {
    let locator = first(node.text_of(&["BookingID", "ID"]), || node.deep(&["BookingID", "ID"]));
    let system = node.deep(&["AirlineDesigCode", "AirlineID", "OtherID", "CarrierCode"]);
    (!locator.is_empty()).then_some(BookingReference { system, locator })
}

const PAX_REFS: &[&str] = &[
    "PaxRefID",
    "PassengerRef",
    "PassengerRefs",
    "PassengerReference",
    "PassengerReferences",
    "TravelerReferences",
    "PaxRef",
];
const SEGMENT_REFS: &[&str] = &[
    "PaxSegmentRefID",
    "SegmentRef",
    "SegmentRefs",
    "SegmentReference",
    "SegmentReferences",
    "FlightSegmentReference",
];

fn item<'t>(node: &Node<'t>) -> Item<'t> {
    let id = node.child("OrderItemID").or_else(|| node.child("OfferItemID"));
    let attributes = ["OrderItemID", "OfferItemID"].map(|name| node.attribute(name));
    let own = attributes.into_iter().find(|id| !id.is_empty()).unwrap_or_default();
    let owner = first(node.attribute("Owner"), || node.text_of(&["OwnerCode"]));
    let mut found = Vec::new();
    node.all(&["Service"], &mut found);
    let mut services: Vec<Service<'t>> = found.into_iter().map(service).collect();
    if services.is_empty() {
        services.extend(bare_service(node));
    }
    Item {
        id: first(own, || id.map(Node::own).unwrap_or_default()),
        owner: first(owner, || id.map(|id| id.attribute("Owner")).unwrap_or_default()),
        status: first(node.text_of(&["StatusCode"]), || {
            node.child("Status")
                .map(|status| status.deep(&["StatusCode", "Code"]))
                .unwrap_or_default()
        }),
        price: ["Price", "PriceDetail", "TotalPrice"]
            .iter()
            .find_map(|name| money(node.child(name)?)),
        services,
    }
}

/// An item without services (EDIST): its flights, for whom it names.
fn bare_service<'t>(node: &Node<'t>) -> Option<Service<'t>> {
    let mut passengers = node.words(PAX_REFS);
    let mut segments = node.words(SEGMENT_REFS);
    let mut detail = Vec::new();
    node.all(&["DetailedFlightItem", "FlightItem"], &mut detail);
    for flight in &detail {
        passengers.extend(split(&flight.attribute("refs")));
        let mut flights = Vec::new();
        flight.all(&["Flight", "FlightSegment"], &mut flights);
        segments.extend(flights.into_iter().map(key).filter(|key| !key.is_empty()));
    }
    let empty = passengers.is_empty() && segments.is_empty();
    (!empty).then(|| Service { passengers, segments, ..Service::default() })
}

fn service<'t>(node: &Node<'t>) -> Service<'t> {
    let seat = node.find("SelectedSeat").or_else(|| node.find("Seat"));
    let seat = seat.or_else(|| node.find("SeatAssignment")).map(|seat| {
        let row = seat.deep(&["SeatRowNumber", "RowNumber", "Number"]);
        let column = seat.deep(&["ColumnID", "Column"]);
        Cow::Owned(format!("{row}{column}"))
    });
    Service {
        id: first(node.attribute("ServiceID"), || node.text_of(&["ServiceID"])),
        passengers: node.words(PAX_REFS),
        segments: node.words(SEGMENT_REFS),
        status: first(node.text_of(&["StatusCode"]), || {
            node.child("Status")
                .map(|status| status.deep(&["StatusCode", "Code"]))
                .unwrap_or_default()
        }),
        delivery: node.deep(&["DeliveryStatusCode", "DeliveryStatus"]),
        definition: node.deep(&["ServiceDefinitionRefID", "ServiceDefinitionRef"]),
        seat: seat.unwrap_or_default(),
    }
}

fn problem<'t>(node: &Node<'t>) -> Problem<'t> {
    let text =
        first(node.text_of(&["DescText", "Description", "Text", "faultstring"]), || node.own());
    Problem {
        kind: node.name.clone(),
        code: first(node.attribute("Code"), || node.text_of(&["Code", "TypeCode", "faultcode"])),
        text: first(text, || node.attribute("ShortText")),
    }
}

/// The id of an element in all versions.
fn key<'t>(node: &Node<'t>) -> Word<'t> {
    let names = [
        "PaxSegmentID",
        "SegmentKey",
        "PaxID",
        "PassengerID",
        "ContactInfoID",
        "ContactID",
        "ObjectKey",
        "DatedMarketingSegmentId",
        "DatedOperatingSegmentId",
        "TravelerID",
    ];
    let attribute = names.iter().map(|name| node.attribute(name)).find(|key| !key.is_empty());
    attribute.unwrap_or_else(|| node.text_of(&names))
}
