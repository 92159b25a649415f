//! What can be wrong with a passenger list.

use crate::diagnostic::{Kept, Rule};

macro_rules! rules {
    ($($name:ident = $level:ident $code:literal, $kept:ident, $message:literal;)*) => {
        $(
            #[doc = $message]
            pub const $name: Rule = Rule::$level($code, Kept::$kept, $message);
        )*

        /// All of them, for checking translations.
        pub const ALL: &[Rule] = &[$($name,)*];
    };
}

rules! {
    BAD_FLIGHT = error "list-bad-flight", WithoutField,
        "the flight line cannot be read; the names below it were";
    BAD_FLIGHT_DATE = error "list-bad-flight-date", WithoutField,
        "the flight line has no day and month that exist";
    NO_BOARD = error "list-no-board", WithoutField,
        "the flight line has no boarding point of three letters";
    WRONG_PART = error "list-wrong-part-number", WithoutField,
        "wrong part number: the part is not a number from 1 to 999, or differs between flight line and end";
    NO_PART = warning "list-no-part-number", WithoutField,
        "the flight line has no part number";
    NO_END = warning "list-no-end", Repaired,
        "the message ends without an END line; it may have been cut off";
    WRONG_END = warning "list-wrong-end", Repaired,
        "the END line names another kind of message";
    AFTER_END = error "list-text-after-end", LeftOut,
        "there is text after the END line";
    BAD_ASSOCIATION = warning "list-bad-association-number", Verbatim,
        "the association number is not three to six digits";
    BAD_CONFIGURATION = warning "list-bad-configuration", LeftOut,
        "a part of the configuration is not seats and compartment";
    BAD_COMPARTMENT = warning "list-bad-rbd", LeftOut,
        "a word of the RBD line is not compartment and classes";
    BAD_AVAILABILITY = warning "list-bad-availability", LeftOut,
        "a line of available seats cannot be read";
    BAD_DEPARTURE = warning "list-bad-departure-time", WithoutField,
        "the actual time of departure is not a day and a time";
    BAD_NUMERICS = note "list-odd-numerics", WithoutField,
        "a field of the passenger numbers is empty or no number";
    UNKNOWN_HEADING = note "list-unknown-heading", Verbatim,
        "a line before the totals is not known";
    TOTALS_EXPECTED = error "list-totals-expected", Repaired,
        "totals by destination expected: the names that follow have no destination and class";
    WRONG_TOTALS = error "list-wrong-totals", WithoutField,
        "totals by destination are not a destination, a number and a class";
    DUPLICATE_TOTALS = error "list-duplicate-totals", Repaired,
        "duplicate: destination, subclass; the same total comes again with another number";
    UNKNOWN_CLASS = error "list-unknown-rbd-class", WithoutField,
        "unknown RBD class code: the class is in no compartment of the RBD line";
    INDICATOR_EXPECTED = error "list-indicator-expected", WithoutField,
        "ADD/CHG/DEL indicator expected: what an ADL does with the names that follow is not said";
    UNEXPECTED_INDICATOR = warning "list-unexpected-indicator", Verbatim,
        "ADD, CHG or DEL stands in a list that is no ADL";
    BAD_CATEGORY = warning "list-bad-category", Verbatim,
        "a category is not followed by a number and a class";
    UNKNOWN_LINE = error "list-unknown-line", LeftOut,
        "a line is neither a total, nor a name, nor an element";
    WRONG_CODE = error "list-wrong-identifying-code", Verbatim,
        "wrong identifying code format: the element is not a dot, a code and a slash";
    ORPHAN_ELEMENT = error "list-element-without-name", LeftOut,
        "an element stands before any name";
    BLANK_LINE = note "list-blank-line", Repaired,
        "there is a blank line inside the message";
    TOO_LONG = warning "list-too-long-lexeme", Repaired,
        "too long lexeme: the line is longer than 100 characters; it was read all the same";
    UNKNOWN_ELEMENT = note "list-unknown-element", Verbatim,
        "the element's code is not known";
    WRONG_NAME = error "list-wrong-name", Verbatim,
        "the name element is not a number and a surname";
    TOO_MANY_NAMES = error "list-too-many-names", Repaired,
        "too many names: there are more given names than passengers; all were kept";
    TOO_MANY_SEATS = error "list-too-many-seats", WithoutField,
        "the message counts more nameless passengers than any aircraft seats; they were left out";
    BLANK_NAME = note "list-blank-name", Repaired,
        "a passenger has no name";
    NAME_CHARACTERS = note "list-name-characters", Verbatim,
        "a name holds characters that are not letters, blanks or hyphens";
    WRONG_LOCATOR = warning "list-wrong-locator", Verbatim,
        "the record locator is not five to eight letters and digits";
    DIFFERENT_LOCATOR = error "list-different-locator-in-group", Repaired,
        "different PNR address in group found: two locators of the same airline; both were kept";
    DIFFERENT_CORPORATE = warning "list-different-corporate-in-group", Repaired,
        "different corporate or group names in one group; both were kept";
    UNKNOWN_REFERENCE = warning "list-unknown-reference", Verbatim,
        "the remark names a passenger who is not in the name element";
    REMARK_CONTINUES_NOTHING = warning "list-continues-nothing", Verbatim,
        "a continuation stands where there is no remark";
    BAD_CONNECTION = warning "list-bad-connection", Verbatim,
        "the connecting or marketing flight cannot be read";
    BAD_BAGS = warning "list-bad-bags", Verbatim,
        "the baggage element cannot be read";
    BAD_TICKET = warning "list-bad-ticket", Verbatim,
        "the ticket number is not 13 digits";
    BAD_COUPON = warning "list-bad-coupon", WithoutField,
        "the coupon is not a number from 1 to 4, or is missing";
    BAD_FREQUENT_FLYER = warning "list-bad-frequent-flyer", Verbatim,
        "the frequent flyer remark is not an airline and a number";
    BAD_DOCUMENT_FIELD = warning "list-bad-document-field", WithoutField,
        "a field of the document cannot be read; the others were";
    BAD_IDENTITY = warning "list-bad-identity", Verbatim,
        "the identity remark has no known type";
    BAD_INFANT = warning "list-bad-infant", WithoutField,
        "the infant remark has no name or no birth date";
    BAD_BIRTH_DATE = warning "list-bad-birth-date", WithoutField,
        "the birth date does not exist";
    BAD_SEAT = warning "list-bad-seat", Verbatim,
        "the seat is not a row and a letter";
    BAD_CHECK_IN = warning "list-bad-check-in", Verbatim,
        "the check-in remark has no sequence number";
    BAD_ANCILLARY = warning "list-bad-ancillary", WithoutField,
        "a field of the ancillary service cannot be read; the others were";
    PART_MISSING = error "list-part-missing", WithoutField,
        "a part of the list is missing";
    PART_REPEATED = warning "list-part-repeated", LeftOut,
        "a part of the list came twice; the first was used";
    PART_OF_OTHER = error "list-part-of-another-list", LeftOut,
        "a part belongs to another flight or another kind of list";
    LAST_MISSING = warning "list-last-part-missing", WithoutField,
        "the last part of the list is missing";
    STATE_INHERITED = warning "list-state-not-repeated", Repaired,
        "a part does not repeat the destination, class or indicator in force; those of the part before were used";
}
