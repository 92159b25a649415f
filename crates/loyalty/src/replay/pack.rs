//! A fact as one short line: twenty million of them are read at a time, and JSON would take longer
//! to read than the rules take to ask.
//!
//! Fields are parted by `|`, several facts by `;`. The ticket is not in it: no rule asks for it.

use chrono::{Datelike, NaiveDate};
use kernel::Currency;
use programme::Code;
use programme::accrual::{CouponStatus, Fact};
use programme::document::{Cabin, Market, TicketKind};

/// Parts facts of one member.
pub(crate) const NEXT: char = ';';
/// Parts fields of one fact.
pub(crate) const FIELD: char = '|';

const MARKETS: [(Market, &str); 3] =
    [(Market::Domestic, "d"), (Market::Regional, "r"), (Market::International, "i")];
const CABINS: [(Cabin, &str); 4] =
    [(Cabin::Economy, "e"), (Cabin::Premium, "p"), (Cabin::Business, "b"), (Cabin::First, "f")];
const TICKETS: [(TicketKind, &str); 7] = [
    (TicketKind::Ordinary, "o"),
    (TicketKind::Award, "a"),
    (TicketKind::IndustryDiscount, "i"),
    (TicketKind::AgentDiscount, "d"),
    (TicketKind::Charter, "c"),
    (TicketKind::Free, "f"),
    (TicketKind::Group, "g"),
];
const STATUSES: [(CouponStatus, &str); 6] = [
    (CouponStatus::Flown, "f"),
    (CouponStatus::Open, "o"),
    (CouponStatus::NoShow, "n"),
    (CouponStatus::Refunded, "r"),
    (CouponStatus::Exchanged, "e"),
    (CouponStatus::Voided, "v"),
];

fn letter<T: PartialEq>(of: &[(T, &'static str)], value: &T) -> &'static str {
    of.iter().find(|(one, _)| one == value).map_or("", |(_, letter)| letter)
}

fn meant<T: Copy>(of: &[(T, &'static str)], letter: &str) -> Option<T> {
    of.iter().find(|(_, one)| *one == letter).map(|(value, _)| *value)
}

/// The line of a fact. A flight number with `|`, `;` or control characters, which none has, has `?`
/// in their place.
pub(crate) fn pack(fact: &Fact) -> String {
    let plain = |c: char| if c.is_control() || c == FIELD || c == NEXT { '?' } else { c };
    let number: String = fact.flight_no.chars().map(plain).collect();
    let int = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
    let day = |day: Option<NaiveDate>| int(day.map(|day| day.num_days_from_ce().into()));
    let flag = |is: bool| if is { "1" } else { "" };
    let class = fact.flown_class.map_or_else(String::new, |class| class.to_string());
    let fields = [
        day(Some(fact.flight_date)),
        number,
        fact.origin.to_string(),
        fact.destination.to_string(),
        letter(&MARKETS, &fact.market).to_owned(),
        fact.marketing.to_string(),
        fact.operating.to_string(),
        fact.booking_class.to_string(),
        class,
        flag(fact.involuntary).to_owned(),
        fact.cabin.map_or("", |cabin| letter(&CABINS, &cabin)).to_owned(),
        int(fact.tpm_miles),
        int(fact.great_circle_km),
        int(fact.fare_minor),
        fact.surcharge_minor.to_string(),
        fact.currency.as_str().to_owned(),
        letter(&TICKETS, &fact.ticket).to_owned(),
        letter(&STATUSES, &fact.status).to_owned(),
        day(fact.booked_on),
        flag(fact.seat).to_owned(),
        day(fact.claimed_on),
        flag(fact.credited_elsewhere).to_owned(),
    ];
    fields.join("|")
}

/// What a line says; `None` when it is none.
pub(crate) fn unpack(line: &str) -> Option<Fact> {
    let mut fields = line.split(FIELD);
    let mut next = || fields.next();
    let day = |text: &str| NaiveDate::from_num_days_from_ce_opt(text.parse().ok()?);
    let maybe_day = |text: &str| if text.is_empty() { Some(None) } else { day(text).map(Some) };
    let int = |text: &str| {
        if text.is_empty() { Some(None) } else { text.parse::<i64>().ok().map(Some) }
    };
    let fact = Fact {
        flight_date: day(next()?)?,
        flight_no: next()?.to_owned(),
        origin: Code::parse(next()?).ok()?,
        destination: Code::parse(next()?).ok()?,
        market: meant(&MARKETS, next()?)?,
        marketing: Code::parse(next()?).ok()?,
        operating: Code::parse(next()?).ok()?,
        booking_class: Code::parse(next()?).ok()?,
        flown_class: match next()? {
            "" => None,
            class => Some(Code::parse(class).ok()?),
        },
        involuntary: next()? == "1",
        cabin: match next()? {
            "" => None,
            cabin => Some(meant(&CABINS, cabin)?),
        },
        tpm_miles: int(next()?)?,
        great_circle_km: int(next()?)?,
        fare_minor: int(next()?)?,
        surcharge_minor: next()?.parse().ok()?,
        currency: Currency::parse(next()?).ok()?,
        ticket: meant(&TICKETS, next()?)?,
        status: meant(&STATUSES, next()?)?,
        coupon: None,
        booked_on: maybe_day(next()?)?,
        seat: next()? == "1",
        claimed_on: maybe_day(next()?)?,
        credited_elsewhere: next()? == "1",
    };
    next().is_none().then_some(fact)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use programme::accrual::Coupon;

    use super::*;
    use crate::testing::flight;

    #[test]
    fn a_fact_is_what_its_line_says() {
        let day: NaiveDate = "2026-03-01".parse().unwrap();
        let plain = flight(day, "Y", 1_700);
        assert_eq!(unpack(&pack(&plain)), Some(plain.clone()));
        for (market, _) in MARKETS {
            for (cabin, _) in CABINS {
                for (ticket, _) in TICKETS {
                    for (status, _) in STATUSES {
                        let full = Fact {
                            market,
                            cabin: Some(cabin),
                            ticket,
                            status,
                            flown_class: Some(Code::parse("C").unwrap()),
                            involuntary: true,
                            tpm_miles: Some(812),
                            great_circle_km: None,
                            fare_minor: None,
                            surcharge_minor: -40,
                            booked_on: day.pred_opt(),
                            claimed_on: day.succ_opt(),
                            seat: false,
                            credited_elsewhere: true,
                            ..plain.clone()
                        };
                        assert_eq!(unpack(&pack(&full)), Some(full));
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_leaves_its_field_and_no_ticket_is_kept() {
        let day: NaiveDate = "2026-03-01".parse().unwrap();
        let mut fact = flight(day, "Y", 1_700);
        fact.flight_no = "1|4;1\n9".to_owned();
        fact.coupon = Some(Coupon { ticket: "8801234567890".to_owned(), number: 1 });
        let line = pack(&fact);
        assert!(!line.contains("8801234567890") && !line.contains(NEXT));
        assert_eq!(unpack(&line).unwrap().flight_no, "1?4?1?9");
        for bad in ["", "x", &line[1..5], &format!("{line}|1")] {
            assert_eq!(unpack(bad), None, "{bad}");
        }
    }
}
