//! Booking classes and cabins.

/// The cabin of a compartment as RBD and CFG lines name it.
pub(crate) fn of_compartment(code: &str) -> &'static str {
    match code {
        "F" | "P" | "A" => "first",
        "C" | "J" => "business",
        "W" | "S" | "G" | "E" => "premium",
        _ => "economy",
    }
}

/// The cabin in which a booking class is usually sold, where the flight's own RBD line is not known.
/// Empty for no class.
pub(crate) fn of_class(class: &str) -> &'static str {
    match class {
        "" => "",
        "F" | "P" | "A" => "first",
        "C" | "J" | "D" | "Z" | "I" => "business",
        "W" => "premium",
        _ => "economy",
    }
}

/// Higher is better; 0 for not known.
pub(crate) fn rank(cabin: &str) -> u8 {
    match cabin {
        "first" => 4,
        "business" => 3,
        "premium" => 2,
        "economy" => 1,
        _ => 0,
    }
}
