use chrono::{DateTime, Utc};
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Secret, Totp};

use crate::{Error, Result, random};

/// Digits of a code. Six digits, SHA-1 and 30 seconds are what every app understands.
pub(crate) const DIGITS: usize = 6;
const ISSUER: &str = "Jetbridge";

/// A new secret in base 32.
pub(super) fn new_secret() -> String {
    let bytes: [u8; 20] = random::bytes();
    Secret::from(bytes.to_vec()).to_base32()
}

fn totp(secret: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret).map_err(|_| Error::FactorBroken)?;
    Builder::new().with_secret(secret).build().map_err(|_| Error::FactorBroken)
}

/// The step whose code this is, if it is the present one or one beside it.
pub(crate) fn step(secret: &str, code: &str, at: DateTime<Utc>) -> Result<Option<i64>> {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    let step = totp(secret)?.check(code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

#[cfg(test)]
pub(crate) fn code_at(secret: &str, at: DateTime<Utc>) -> String {
    totp(secret).unwrap().generate(u64::try_from(at.timestamp()).unwrap()).to_string()
}

/// The address an app reads from the QR code (Key Uri Format).
pub(super) fn url(secret: &str, account: &str) -> String {
    let account = percent(account);
    format!("otpauth://totp/{ISSUER}:{account}?secret={secret}&issuer={ISSUER}")
}

/// A QR code as an `<svg>` element: dark on light in either theme, or cameras do not read it.
pub(super) fn qr_svg(text: &str) -> Result<String> {
    let code = QrCode::new(text.as_bytes()).map_err(|_| Error::FactorBroken)?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(image.find("<svg").map_or(image.clone(), |start| image[start..].to_owned()))
}

fn percent(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut coded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'@') {
            coded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(coded, "%{byte:02X}");
        }
        coded
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// RFC 6238, appendix B: the SHA-1 secret at 59 s gives 94287082, of which we take six digits.
    #[test]
    fn the_published_example_holds_and_one_step_of_drift_is_taken() {
        let secret = Secret::from(b"12345678901234567890".to_vec()).to_base32();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(code_at(&secret, at(59)), "287082");
        for (seconds, fits) in [(0, true), (59, true), (89, true), (90, false), (120, false)] {
            let step = step(&secret, "287082", at(seconds)).unwrap();
            assert_eq!(step, fits.then_some(1), "at {seconds}");
        }
        assert_eq!(step(&secret, "28708", at(59)).unwrap(), None);
        assert!(step("not base 32!", "287082", at(59)).is_err());
    }

    #[test]
    fn the_address_names_issuer_and_account() {
        let url = url("ABC", "林@a b.cn");
        let account = "%E6%9E%97@a%20b.cn";
        assert_eq!(url, format!("otpauth://totp/Jetbridge:{account}?secret=ABC&issuer=Jetbridge"));
        let svg = qr_svg(&url).unwrap();
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>") && !svg.contains("style="));
    }
}
