use chrono::{DateTime, Utc};
use kernel::Personal;

/// What the app needs, shown once.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The secret in base 32, to be typed.
    pub secret: Personal<String>,
    /// The same as an `otpauth:` address.
    pub url: Personal<String>,
    /// The address as a QR code: an `<svg>` element.
    pub qr_svg: Personal<String>,
}

/// Codes for the day the phone is lost; each opens once. Shown once.
#[derive(Clone, Debug)]
pub struct RecoveryCodes(pub Vec<Personal<String>>);

/// Whether a user has a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoFactorState {
    /// Since when, if they have one.
    pub on_since: Option<DateTime<Utc>>,
    /// Recovery codes that have not been used.
    pub codes_left: i64,
}

/// A code as it was made, however it was typed: without spaces and dashes, in lower case.
pub(crate) fn fold_code(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(64)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}
