//! The second factor: time-based one-time codes (RFC 6238) of an authenticator app, six digits every thirty seconds.

use jiff::Timestamp;
use qrcode::{Color, EcLevel, QrCode};
use totp_rs::{Builder, Secret, Totp};

use crate::chance;

/// The length of a time step in seconds (RFC 6238, 5.2).
pub const STEP_SECONDS: i64 = 30;
/// So many steps before and after now are accepted, for clocks that run differently (RFC 6238, 5.2).
const DRIFT: u16 = 1;
/// 160 bits, as long as the hash (RFC 4226, 4).
const SECRET_BYTES: usize = 20;
/// The name under which apps list the code.
const ISSUER: &str = "Sonae";

/// A secret to be shared with somebody's app.
pub fn new_secret() -> Vec<u8> {
    chance::bytes::<SECRET_BYTES>().to_vec()
}

/// The secret as people type it where no camera is: base32 in groups of four.
pub fn as_text(secret: &[u8]) -> String {
    let base32 = Secret::new(secret.into()).to_base32();
    let groups: Vec<&str> = (0..base32.len())
        .step_by(4)
        .map(|at| &base32[at..base32.len().min(at + 4)])
        .collect();
    groups.join(" ")
}

/// The address that an app on the same device opens, and that the QR code holds.
pub fn link(email: &str, secret: &[u8]) -> String {
    let label: String =
        form_urlencoded::byte_serialize(format!("{ISSUER}:{email}").as_bytes()).collect();
    let base32 = Secret::new(secret.into()).to_base32();
    let base32 = base32.trim_end_matches('=');
    format!("otpauth://totp/{label}?secret={base32}&issuer={ISSUER}")
}

/// The time step whose code this is, within the drift; none for a wrong code. That a step is not accepted twice, the store sees to.
pub fn matching_step(secret: &[u8], typed: &str, at: Timestamp) -> Option<i64> {
    let code = digits(typed)?;
    let step = totp(secret).check(&code, u64::try_from(at.as_second()).ok()?)?;
    i64::try_from(step).ok()
}

/// The code at an instant, as an app would show it.
pub fn code_at(secret: &[u8], at: Timestamp) -> String {
    let second = u64::try_from(at.as_second()).unwrap_or(0);
    totp(secret).generate(second).to_string()
}

fn totp(secret: &[u8]) -> Totp {
    // Our own secrets are long enough, so nothing of the check would be left to say.
    Builder::new()
        .with_secret(Secret::new(secret.into()))
        .with_skew(DRIFT)
        .build_noncompliant()
}

/// Six digits, whatever width they were typed in and whatever stands between them.
fn digits(typed: &str) -> Option<String> {
    let narrow = sonae_core::text::width::narrow(typed);
    let code: String = narrow
        .chars()
        .filter(|c| !c.is_whitespace() && !sonae_core::text::width::is_hyphen(*c))
        .collect();
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

/// A QR code as one SVG path over a square of `size` modules, quiet zone included.
#[derive(Clone, Debug)]
pub struct Qr {
    pub size: usize,
    pub path: String,
}

/// The QR code of a link; none when it is too long for one.
pub fn qr(link: &str) -> Option<Qr> {
    /// Modules of white around the code (ISO/IEC 18004, 9.1).
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(link, EcLevel::M).ok()?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate();
    let path = dark
        .filter(|(_, color)| *color == Color::Dark)
        .map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET))
        .collect();
    Some(Qr {
        size: width + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("an instant")
    }

    /// RFC 6238, appendix B, the column of SHA-1; six digits are the last six of its eight.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(secret, at(second)), code, "{second}");
            assert_eq!(
                matching_step(secret, code, at(second)),
                Some(second / STEP_SECONDS)
            );
        }
    }

    #[test]
    fn one_step_of_drift_and_any_width_is_accepted() {
        let secret = b"12345678901234567890";
        let step = 41_152_263;
        for (second, accepted) in [
            (1_234_567_890 - 30, true),
            (1_234_567_890 + 30, true),
            (1_234_567_890 - 60, false),
            (1_234_567_890 + 60, false),
        ] {
            let found = matching_step(secret, "005924", at(second));
            assert_eq!(found, accepted.then_some(step), "{second}");
        }
        let now = at(1_234_567_890);
        for typed in ["００５９２４", " 005 924 ", "005-924"] {
            assert_eq!(matching_step(secret, typed, now), Some(step), "{typed}");
        }
        for typed in [
            "",
            "005925",
            "5924",
            "0005924",
            "00592a",
            "٠٠٥٩٢٤",
            "-05924",
        ] {
            assert_eq!(matching_step(secret, typed, now), None, "{typed}");
        }
    }

    #[test]
    fn the_secret_can_be_read_by_people_apps_and_cameras() {
        let secret = b"12345678901234567890";
        assert_eq!(as_text(secret), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let link = link("a+b@office.example.jp", secret);
        assert_eq!(
            link,
            "otpauth://totp/Sonae%3Aa%2Bb%40office.example.jp?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sonae"
        );
        let qr = qr(&link).expect("short enough");
        assert!(qr.size > 30 && qr.path.starts_with("M4 4h1v1h-1z"));
        assert!(super::qr(&"x".repeat(5_000)).is_none());
    }
}
