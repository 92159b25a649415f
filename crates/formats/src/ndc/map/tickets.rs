//! Tickets and their coupons.

use super::super::tree::Node;
use super::super::{Coupon, Ticket, TicketDocument};
use super::dates::day_or_note;
use super::{PAX_REFS, SEGMENT_REFS, booking, first};
use crate::diagnostic::Diagnostics;

pub(super) fn documents<'t>(node: &Node<'t>, notes: &mut Diagnostics<'t>) -> TicketDocument<'t> {
    let mut found = Vec::new();
    node.all(&["Ticket", "TicketDocument"], &mut found);
    let tickets = found.drain(..).map(|ticket| {
        let mut coupons = Vec::new();
        ticket.all(&["Coupon", "CouponInfo"], &mut coupons);
        let issued = ticket.deep(&["DateOfIssue", "IssueDate", "TicketIssueDate"]);
        Ticket {
            number: ticket.text_of(&["TicketNumber", "TicketDocNbr"]),
            kind: first(ticket.text_of(&["TicketDocTypeCode"]), || {
                ticket.child("Type").map(|kind| kind.deep(&["Code"])).unwrap_or_default()
            }),
            issued: day_or_note(&issued, ticket, notes),
            coupons: coupons.into_iter().map(coupon).collect(),
        }
    });
    let tickets = tickets.collect();
    node.all(&["BookingRef", "BookingReference"], &mut found);
    let bookings = found.into_iter().filter_map(booking).collect();
    TicketDocument { passengers: node.words(PAX_REFS), bookings, tickets }
}

fn coupon<'t>(node: &Node<'t>) -> Coupon<'t> {
    let status = node.text_of(&["CouponStatusCode"]);
    let mut segments = node.words(SEGMENT_REFS);
    segments.extend(node.words(&["CurrentAirlineInfoRef", "SegmentRefID"]));
    Coupon {
        number: node.text_of(&["CouponNumber", "Number"]).parse().ok(),
        status: first(status, || {
            node.child("Status")
                .map(|status| first(status.own(), || status.deep(&["Code"])))
                .unwrap_or_default()
        }),
        segments,
    }
}
