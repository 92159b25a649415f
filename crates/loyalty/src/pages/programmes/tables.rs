//! The tables of a document: where they belong, what is shown of them, what is changed in place.

use crate::programmes::rows::Kind;

/// A table of the document.
pub struct Spec {
    /// Heading it stands under: the key of a text.
    pub section: &'static str,
    /// Its place in the document.
    pub place: &'static str,
    /// Fields shown.
    pub columns: &'static [&'static str],
    /// Of these those a draft's reader changes in the table itself.
    pub quick: &'static [&'static str],
    /// Fields that may be missing.
    pub optional: &'static [(&'static str, Kind)],
    /// A row to begin with, where there may be none to copy.
    pub blank: &'static str,
}

const NONE: Spec =
    Spec { section: "", place: "", columns: &[], quick: &[], optional: &[], blank: "" };

use Kind::{Flag, List, Number, Text};

/// All tables, in the order of the page.
pub const ALL: &[Spec] = &[
    Spec {
        section: "earning",
        place: "accrual.classes",
        columns: &["carriers", "markets", "cabin", "classes", "factor", "segments"],
        quick: &["factor", "segments"],
        optional: &[("markets", List), ("cabin", Text), ("qualifying_factor", Text)],
        ..NONE
    },
    Spec {
        section: "earning",
        place: "accrual.rates",
        columns: &["tier", "carriers", "points_per_unit"],
        quick: &["points_per_unit"],
        optional: &[("carriers", List)],
        ..NONE
    },
    Spec {
        section: "earning",
        place: "accrual.bonuses",
        columns: &["tier", "carriers", "percent", "of"],
        quick: &["percent"],
        optional: &[("carriers", List)],
        ..NONE
    },
    Spec {
        section: "earning",
        place: "accrual.minimums",
        columns: &["carriers", "markets", "cabins", "distance", "unit"],
        quick: &["distance"],
        optional: &[("carriers", List), ("markets", List)],
        ..NONE
    },
    Spec {
        section: "earning",
        place: "accrual.promotions",
        columns: &["name", "open_to", "percent", "of", "fixed", "cap_per_member", "flights"],
        quick: &["percent", "fixed"],
        optional: &[
            ("booked_from", Text),
            ("booked_to", Text),
            ("percent", Text),
            ("of", Text),
            ("fixed", Number),
            ("qualifying", Text),
            ("cap_per_member", Number),
            ("budget", Number),
        ],
        blank: "name = { en = \"New promotion\", zh = \"新促销\" }\nopen_to = \"all\"\norder = 100\n\
            stacking = \"add\"\npercent = \"50%\"\nof = \"base\"\n\
            flights = { operating = [], markets = [], cabins = [], classes = [], tiers = [] }\n",
    },
    Spec {
        section: "earning",
        place: "accrual.ages",
        columns: &["from_age", "to_age", "seat", "percent"],
        quick: &["percent"],
        optional: &[("seat", Flag)],
        ..NONE
    },
    Spec {
        section: "earning",
        place: "accrual.exclusions",
        columns: &["carriers", "markets", "classes", "tickets"],
        optional: &[("carriers", List), ("markets", List), ("classes", List), ("tickets", List)],
        ..NONE
    },
    Spec {
        section: "partners",
        place: "accrual.carriers",
        columns: &["carriers", "relation", "basis", "min_applied", "qualifies", "spend"],
        optional: &[("lifetime_from", Text)],
        ..NONE
    },
    Spec {
        section: "partners",
        place: "accrual.codeshares",
        columns: &["marketing", "operating", "eligibility_by", "table_by"],
        optional: &[("marketing", List), ("operating", List)],
        ..NONE
    },
    Spec {
        section: "partners",
        place: "accrual.terms",
        columns: &["rounding", "distance_sources", "qualifying_distance", "claim_months"],
        quick: &["claim_months"],
        ..NONE
    },
    Spec { section: "tiers", place: "tiers", columns: &["name", "lifetime"], ..NONE },
    Spec {
        section: "tiers",
        place: "qualification.upgrades",
        columns: &["tier", "need", "window", "validity"],
        ..NONE
    },
    Spec {
        section: "tiers",
        place: "qualification.renewals",
        columns: &["tier", "need", "window", "validity"],
        ..NONE
    },
    Spec {
        section: "tiers",
        place: "qualification.landings",
        columns: &["tier", "landing", "falls_to", "validity"],
        optional: &[("tier", Text), ("falls_to", Text)],
        ..NONE
    },
    Spec {
        section: "tiers",
        place: "qualification.transitions",
        columns: &["expires_from", "expires_to", "renew_on"],
        ..NONE
    },
    Spec {
        section: "tiers",
        place: "qualification.challenges",
        columns: &["tier", "days", "need", "held_meanwhile", "validity"],
        quick: &["days"],
        ..NONE
    },
    Spec {
        section: "tiers",
        place: "qualification.matches",
        columns: &["programme", "statuses", "tier", "validity"],
        optional: &[("again_after_months", Number)],
        ..NONE
    },
    Spec { section: "tiers", place: "alliance", columns: &["alliance", "tier", "status"], ..NONE },
    Spec {
        section: "expiry",
        place: "expiry",
        columns: &["tiers", "policy"],
        optional: &[("tiers", List)],
        ..NONE
    },
    Spec {
        section: "awards",
        place: "redemption.chart",
        columns: &["zones", "cabin", "season", "operating", "miles"],
        quick: &["miles"],
        optional: &[("season", Text), ("operating", List)],
        ..NONE
    },
    Spec {
        section: "awards",
        place: "redemption.dynamic",
        columns: &["operating", "cabin", "miles_per_hundred", "least", "most", "step"],
        quick: &["miles_per_hundred", "least"],
        optional: &[("operating", List), ("most", Number)],
        ..NONE
    },
    Spec {
        section: "awards",
        place: "redemption.upgrades",
        columns: &["classes", "to", "markets", "distance_from", "distance_to", "miles"],
        quick: &["miles"],
        optional: &[("markets", List), ("distance_to", Number)],
        ..NONE
    },
    Spec {
        section: "awards",
        place: "redemption.shop",
        columns: &["sku", "name", "miles", "minor", "tiers"],
        quick: &["miles"],
        optional: &[("minor", Number), ("tiers", List)],
        ..NONE
    },
    Spec {
        section: "awards",
        place: "redemption.mixes",
        columns: &["least_miles", "minor_per_thousand", "step"],
        quick: &["least_miles", "minor_per_thousand"],
        ..NONE
    },
    Spec {
        section: "awards",
        place: "redemption.redeposits",
        columns: &["tiers", "hours_before", "fee", "grace_days"],
        quick: &["grace_days"],
        optional: &[("tiers", List)],
        ..NONE
    },
    Spec {
        section: "awards",
        place: "redemption.zones",
        columns: &["zone", "countries", "airports"],
        optional: &[("countries", List), ("airports", List)],
        ..NONE
    },
    Spec { section: "awards", place: "redemption.seasons", columns: &["season"], ..NONE },
    Spec {
        section: "benefits",
        place: "benefits.catalogue",
        columns: &["name", "tiers", "allowance", "companions"],
        optional: &[
            ("by_choice", Flag),
            ("operating", List),
            ("marketing", List),
            ("markets", List),
            ("cabins", List),
            ("until_hours_before", Number),
            ("companions", Number),
            ("quantity", Number),
        ],
        ..NONE
    },
    Spec {
        section: "benefits",
        place: "benefits.milestones",
        columns: &["name", "need", "window", "choices", "choose"],
        optional: &[("tiers", List)],
        ..NONE
    },
    Spec {
        section: "membership",
        place: "members.enrolment",
        columns: &["member_from_age", "child_from_age", "children_have_tiers"],
        quick: &["member_from_age"],
        optional: &[("child_from_age", Number)],
        ..NONE
    },
    Spec {
        section: "membership",
        place: "members.nominees",
        columns: &["most", "wait_days", "first_at_once", "guardian_under_age"],
        quick: &["most", "wait_days"],
        optional: &[("first_at_once", List)],
        ..NONE
    },
    Spec {
        section: "membership",
        place: "members.pools",
        columns: &["most", "contribute_at_most", "head_from_age", "rejoin_after_days"],
        quick: &["most"],
        ..NONE
    },
    Spec {
        section: "membership",
        place: "members.negative_balance",
        columns: &["policy", "minor_per_thousand"],
        optional: &[("minor_per_thousand", Number)],
        ..NONE
    },
];

/// Headings, in the order of the page.
pub const SECTIONS: [&str; 7] =
    ["earning", "partners", "tiers", "expiry", "awards", "benefits", "membership"];

/// The table at a place.
pub fn find(place: &str) -> Option<&'static Spec> {
    ALL.iter().find(|spec| spec.place == place)
}

impl Spec {
    /// What a missing field would hold; every row but a tier may end.
    pub fn kind(&self, path: &str) -> Option<Kind> {
        if path == "valid_to" && self.place != "tiers" {
            return Some(Text);
        }
        self.optional.iter().find(|(name, _)| *name == path).map(|(_, kind)| *kind)
    }
}
