//! Every row of the decision table.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

const NOTHING: Evidence<'_> = Evidence {
    booking: Booking::Booked,
    booked_rank: 1,
    coupon: None,
    on_prl: None,
    prl_complete: false,
    on_etl: false,
    pfs: None,
    pfs_complete: false,
    pnl_known: false,
    scanned: false,
    cancelled: false,
};

fn is(of: Evidence<'_>, outcome: Outcome, basis: Basis) {
    let decision = decide(&of);
    assert_eq!((decision.outcome, decision.basis), (outcome, basis), "{of:?}");
}

#[test]
fn a_booking_alone_settles_nothing() {
    is(NOTHING, Outcome::Booked, Basis::Booking);
    let of = |booking| Evidence { booking, ..NOTHING };
    is(of(Booking::Waitlisted), Outcome::Waitlisted, Basis::Booking);
    is(of(Booking::Deleted), Outcome::Cancelled, Basis::Booking);
    is(of(Booking::Unlisted), Outcome::Unclear, Basis::Booking);
    is(Evidence { cancelled: true, ..NOTHING }, Outcome::FlightCancelled, Basis::Flight);
    let gone = Evidence { cancelled: true, ..of(Booking::Deleted) };
    is(gone, Outcome::Cancelled, Basis::Booking);
}

#[test]
fn the_list_of_exceptions_tells_of_the_others_too() {
    let heard = Evidence { pfs_complete: true, ..NOTHING };
    is(heard, Outcome::Flown, Basis::Pfs);
    let of = |booking| Evidence { booking, ..heard };
    is(of(Booking::Waitlisted), Outcome::NotCarried, Basis::Pfs);
    is(of(Booking::Deleted), Outcome::Cancelled, Basis::Booking);
    is(of(Booking::Unlisted), Outcome::Unclear, Basis::Booking);
}

#[test]
fn categories() {
    for (category, outcome) in [
        ("NOSHO", Outcome::NoShow),
        ("CHGFL", Outcome::Moved),
        ("GOSHO", Outcome::GoShow),
        ("NOREC", Outcome::NoRecord),
        ("CFMWL", Outcome::Flown),
        ("IDPAD", Outcome::Flown),
        ("FQTVN", Outcome::Flown),
        ("INVOL", Outcome::Flown),
        ("CHGSG", Outcome::Flown),
        ("APIPX", Outcome::Flown),
        ("OFFLK", Outcome::Offloaded),
        ("OFFLN", Outcome::Offloaded),
        ("OFFLD", Outcome::Offloaded),
        ("GOSHN", Outcome::NotCarried),
        ("DNBRD", Outcome::Denied),
        ("MISCX", Outcome::Unclear),
    ] {
        is(Evidence { pfs: Some((category, 1)), ..NOTHING }, outcome, Basis::Pfs);
    }
}

#[test]
fn who_flew_is_told_best_by_the_coupon_then_by_the_lists_of_departure() {
    let no_show = Evidence { pfs: Some(("NOSHO", 1)), pfs_complete: true, ..NOTHING };
    is(Evidence { on_prl: Some(1), ..no_show }, Outcome::Flown, Basis::Prl);
    is(Evidence { on_etl: true, ..no_show }, Outcome::Flown, Basis::Etl);
    let coupon = |status| Evidence { coupon: Some(status), prl_complete: true, ..no_show };
    is(coupon("flown"), Outcome::Flown, Basis::Coupon);
    is(coupon("refunded"), Outcome::Refunded, Basis::Coupon);
    is(coupon("exchanged"), Outcome::Changed, Basis::Coupon);
    is(coupon("void"), Outcome::Cancelled, Basis::Coupon);
    is(coupon("open"), Outcome::NoShow, Basis::Pfs);
    is(Evidence { cancelled: true, ..coupon("flown") }, Outcome::Flown, Basis::Coupon);
}

#[test]
fn who_is_not_on_a_complete_prl_did_not_fly() {
    let heard = Evidence { prl_complete: true, pfs_complete: true, ..NOTHING };
    is(heard, Outcome::NoShow, Basis::Prl);
    is(Evidence { pfs: Some(("OFFLK", 1)), ..heard }, Outcome::Offloaded, Basis::Pfs);
    is(Evidence { pfs: Some(("GOSHO", 1)), ..heard }, Outcome::Unclear, Basis::Pfs);
    let of = |booking| Evidence { booking, ..heard };
    is(of(Booking::Waitlisted), Outcome::NotCarried, Basis::Prl);
    is(of(Booking::Deleted), Outcome::Cancelled, Basis::Booking);
    is(of(Booking::Unlisted), Outcome::Unclear, Basis::Prl);
}

#[test]
fn a_boarding_pass_is_believed_last() {
    let scanned = Evidence { scanned: true, ..NOTHING };
    is(scanned, Outcome::Flown, Basis::Scan);
    is(Evidence { pfs: Some(("NOSHO", 1)), ..scanned }, Outcome::NoShow, Basis::Pfs);
    is(Evidence { cancelled: true, ..scanned }, Outcome::FlightCancelled, Basis::Flight);
    is(Evidence { booking: Booking::Unlisted, ..scanned }, Outcome::Flown, Basis::Scan);
}

#[test]
fn without_a_booking_in_a_known_list_it_is_no_record() {
    let strange =
        Evidence { booking: Booking::Unlisted, on_prl: Some(1), pnl_known: true, ..NOTHING };
    is(strange, Outcome::NoRecord, Basis::Prl);
    is(Evidence { pfs: Some(("GOSHO", 1)), ..strange }, Outcome::GoShow, Basis::Prl);
    is(Evidence { pnl_known: false, ..strange }, Outcome::Flown, Basis::Prl);
}

#[test]
fn cabins_against_the_booked_one() {
    let change = |of: Evidence<'_>| decide(&of).class_change;
    let on = |rank| Evidence { on_prl: Some(rank), booked_rank: 2, ..NOTHING };
    assert_eq!(change(on(2)), ClassChange::None);
    assert_eq!(change(on(3)), ClassChange::Upgrade);
    assert_eq!(change(on(1)), ClassChange::Downgrade);
    assert_eq!(change(on(0)), ClassChange::None);
    let told = |rank| Evidence { pfs: Some(("INVOL", rank)), booked_rank: 2, ..NOTHING };
    assert_eq!(change(told(3)), ClassChange::Upgrade);
    assert_eq!(change(told(1)), ClassChange::Downgrade);
    assert_eq!(change(told(2)), ClassChange::Changed);
    assert_eq!(change(told(0)), ClassChange::Changed);
    // Somebody who stayed behind sat nowhere.
    assert_eq!(change(Evidence { pfs: Some(("NOSHO", 3)), ..NOTHING }), ClassChange::None);
}

#[test]
fn words_are_read_back() {
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::read(outcome.as_str()), Some(*outcome));
    }
    assert_eq!(Outcome::read("levitated"), None);
}
