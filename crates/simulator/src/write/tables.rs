//! The columns of each file and how a row is filled. The crate's README says what they mean.

use kernel::Lang;

use super::sink::{Column, Sink, Type};
use super::{Summary, WriteError};
use crate::network::CARRIER;
use crate::travel::EXTRAS;
use crate::{Member, Segment, Story};
use Type::{Date, Int, Real, Text};

pub const MEMBERS: &[Column] = &[
    ("member_no", Text),
    ("name", Text),
    ("name_native", Text),
    ("surname", Text),
    ("given_name", Text),
    ("gender", Text),
    ("birth_date", Date),
    ("joined_on", Date),
    ("tier", Text),
    ("home_airport", Text),
    ("city", Text),
    ("city_zh", Text),
    ("country", Text),
    ("language", Text),
    ("mobile", Text),
    ("email", Text),
    ("id_card", Text),
    ("passport", Text),
    ("preferred_seat", Text),
    ("preferred_meal", Text),
    ("preferred_channel", Text),
];

pub(super) fn member(member: &Member, out: &mut impl Sink) -> Result<(), WriteError> {
    out.text(&member.member_no);
    out.text(&member.name.display(Lang::ZhCn));
    out.text(member.name.native.as_deref().unwrap_or_default());
    out.text(&member.name.surname);
    out.text(&member.name.given);
    out.text(member.gender.as_str());
    out.date(Some(member.born));
    out.date(Some(member.joined));
    out.text(member.tier.as_str());
    out.text(member.home.iata);
    out.text(member.home.city_en);
    out.text(member.home.city_zh);
    out.text(member.home.country);
    out.text(member.language.as_str());
    out.text(&member.mobile);
    out.text(member.email.as_deref().unwrap_or_default());
    let number_of = |kind: &str| match member.document_kind == kind {
        true => member.document_no.as_str(),
        false => "",
    };
    out.text(number_of("resident-id"));
    out.text(number_of("passport"));
    out.text(member.seat.as_str());
    out.text(member.meal);
    out.text(member.channel.as_str());
    out.end_row()
}

pub const SEGMENTS: &[Column] = &[
    ("member_no", Text),
    ("flight_date", Date),
    ("carrier", Text),
    ("flight_no", Text),
    ("origin", Text),
    ("destination", Text),
    ("departs_at", Text),
    ("booking_class", Text),
    ("cabin", Text),
    ("km", Int),
    ("fare_minor", Int),
    ("currency", Text),
    ("discount", Real),
    ("booked_on", Date),
    ("channel", Text),
    ("status", Text),
    ("record_locator", Text),
    ("ticket_coupon", Text),
    ("seat", Text),
    ("party_size", Int),
    ("extras_bought", Text),
    ("extras_minor", Int),
];

/// Room for the texts of a row, used again and again.
#[derive(Default)]
pub(super) struct Scratch(String);

impl Scratch {
    fn format(&mut self, value: std::fmt::Arguments<'_>) -> &str {
        self.0.clear();
        // Writing into a String cannot fail.
        let _ = std::fmt::Write::write_fmt(&mut self.0, value);
        &self.0
    }

    fn extras(&mut self, bits: u8) -> &str {
        self.0.clear();
        for (at, (name, _)) in EXTRAS.iter().enumerate() {
            if bits & (1 << at) != 0 {
                if !self.0.is_empty() {
                    self.0.push('+');
                }
                self.0.push_str(name);
            }
        }
        &self.0
    }
}

pub(super) fn segment(
    member_no: &str,
    segment: &Segment,
    scratch: &mut Scratch,
    out: &mut impl Sink,
) -> Result<(), WriteError> {
    use chrono::Timelike;
    out.text(member_no);
    out.date(Some(segment.flight_date));
    out.text(CARRIER);
    out.text(scratch.format(format_args!("{:04}", segment.flight_no)));
    out.text(segment.origin);
    out.text(segment.destination);
    let departs = segment.departs;
    out.text(scratch.format(format_args!("{:02}:{:02}", departs.hour(), departs.minute())));
    out.text(segment.class.letter.encode_utf8(&mut [0; 4]));
    out.text(segment.class.cabin.as_str());
    out.int(Some(segment.km.0));
    out.int(Some(segment.fare.minor));
    out.text(segment.fare.currency.as_str());
    out.real(Some(segment.discount()));
    out.date(Some(segment.booked_on));
    out.text(segment.channel.as_str());
    out.text(segment.status.as_str());
    out.text(segment.locator());
    let (ticket, coupon) = (segment.ticket, segment.coupon);
    out.text(scratch.format(format_args!("000{ticket:010}C{coupon}")));
    match segment.seat {
        Some(seat) => out.text(scratch.format(format_args!("{seat}"))),
        None => out.text(""),
    }
    out.int(Some(i64::from(segment.party_size)));
    out.text(scratch.extras(segment.extras));
    out.int(Some(segment.extras_paid.minor));
    out.end_row()
}

pub const SUMMARY: &[Column] = &[
    ("member_no", Text),
    ("joined_on", Date),
    ("tier", Text),
    ("gender", Text),
    ("age", Int),
    ("city", Text),
    ("city_zh", Text),
    ("country", Text),
    ("observed_on", Date),
    ("tenure_days", Int),
    ("first_flight_on", Date),
    ("last_flight_on", Date),
    ("last_to_end_days", Int),
    ("flight_count", Int),
    ("seg_km_sum", Int),
    ("fare_minor_sum", Int),
    ("currency", Text),
    ("avg_discount", Real),
    ("extras_minor_sum", Int),
    ("no_show_count", Int),
    ("refund_count", Int),
];

pub(super) fn summary(story: &Story, sum: &Summary, out: &mut impl Sink) -> Result<(), WriteError> {
    let member = &story.member;
    out.text(&member.member_no);
    out.date(Some(member.joined));
    out.text(member.tier.as_str());
    out.text(member.gender.as_str());
    out.int(sum.observed_on.years_since(member.born).map(i64::from));
    out.text(member.home.city_en);
    out.text(member.home.city_zh);
    out.text(member.home.country);
    out.date(Some(sum.observed_on));
    out.int(Some((sum.observed_on - member.joined).num_days()));
    out.date(sum.first);
    out.date(sum.last);
    out.int(sum.last.map(|day| (sum.observed_on - day).num_days()));
    out.int(Some(sum.flights));
    out.int(Some(sum.km));
    out.int(Some(sum.fare));
    out.text("CNY");
    out.real((sum.flights > 0).then(|| sum.discount / sum.flights as f64));
    out.int(Some(sum.extras));
    out.int(Some(sum.no_shows));
    out.int(Some(sum.refunds));
    out.end_row()
}

pub const TRUTH: &[Column] = &[
    ("member_no", Text),
    ("archetype", Text),
    ("lifecycle", Text),
    ("segments_per_year", Real),
    ("churned_on", Date),
    ("silent_from", Date),
    ("silent_to", Date),
    ("price_sensitivity", Real),
    ("business_share", Real),
];

pub(super) fn truth(story: &Story, out: &mut impl Sink) -> Result<(), WriteError> {
    let truth = &story.truth;
    out.text(&story.member.member_no);
    out.text(truth.archetype.as_str());
    out.text(truth.lifecycle.as_str());
    out.real(Some(truth.segments_per_year));
    out.date(truth.churned_on);
    out.date(truth.silent.map(|(from, _)| from));
    out.date(truth.silent.map(|(_, to)| to));
    out.real(Some(truth.price_sensitivity));
    out.real(Some(truth.business_share));
    out.end_row()
}
