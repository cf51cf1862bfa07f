//! The second factor of operators: RFC 6238 as every authenticator app has it (SHA-1, six digits, thirty seconds).

use totp_rs::{Algorithm, Builder, Totp};

/// Bytes of a secret, as RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;
/// What the app shows above the account.
const ISSUER: &str = "Ryadom";

/// The second factor of an account.
pub struct SecondFactor(Totp);

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactor(***)")
    }
}

impl SecondFactor {
    /// Of a secret and the address of its account; `None` when the secret is too short to be one.
    pub fn new(secret: &[u8], email: &str) -> Option<Self> {
        // A colon parts the issuer from the account in the address that apps read.
        let account = email.replace(':', "_");
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(30)
            .with_secret(secret.to_vec())
            .with_account_name(account)
            .with_issuer(Some(ISSUER))
            .build()
            .ok()
            .map(Self)
    }

    /// The step whose code this is, at a moment, one step early or late at most. Each step is to be taken once.
    pub fn step_of(&self, code: &str, now_s: i64) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = self.0.check(&digits, u64::try_from(now_s).ok()?)?;
        i64::try_from(step).ok()
    }

    /// The secret as people type it.
    pub fn secret_text(&self) -> String {
        self.0.secret().to_base32()
    }

    /// `otpauth://…`, what the app reads from a QR.
    pub fn uri(&self) -> Option<String> {
        self.0.to_url().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_6238() {
        let factor = SecondFactor::new(b"12345678901234567890", "op@example.org").unwrap();
        // Appendix B has eight digits; ours are the last six.
        for (now_s, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(factor.step_of(code, now_s), Some(now_s / 30), "{now_s}");
            assert_eq!(factor.step_of(code, now_s + 30), Some(now_s / 30), "one step late");
            assert_eq!(factor.step_of(code, now_s + 90), None, "three steps late");
        }
        assert_eq!(factor.step_of("287 082", 59), Some(1), "as apps show it");
        for wrong in ["", "28708", "2870823", "абвгде"] {
            assert_eq!(factor.step_of(wrong, 59), None);
        }
        let uri = factor.uri().unwrap();
        assert!(uri.starts_with("otpauth://totp/Ryadom:op%40example.org?secret=GEZDGNBVGY3TQOJQ"), "{uri}");
        assert!(SecondFactor::new(b"short", "a@b").is_none());
    }
}
