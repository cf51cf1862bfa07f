//! The text of a QR code: `HTTPS://<HOST>/Q#<profile letter><base32>`.
//!
//! Capitals, because QR codes hold capitals in fewer bits; everything secret behind `#`, because browsers send that to
//! nobody. Scheme, host and the `Q` may come in any case (scanners and keyboards change it), the base32 may not be
//! anything but its strict form.

use data_encoding::BASE32_NOPAD;

/// Longest text that is looked at, characters.
pub const MAX_CHARS: usize = 2_000;

/// How a code is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// A token that says nothing by itself, for an online check.
    A,
    /// A presentation signed by the device, for a check without a connection.
    B,
}

/// What codes of this service begin with.
#[derive(Debug, Clone)]
pub struct Prefix(String);

impl Prefix {
    /// Of a public URL, such as `https://map.example.org`.
    pub fn of(public_url: &str) -> Self {
        Self(format!("{}/Q#", public_url.trim_end_matches('/').to_ascii_uppercase()))
    }

    /// A code's text.
    pub fn text(&self, profile: Profile, bytes: &[u8]) -> String {
        let letter = match profile {
            Profile::A => 'A',
            Profile::B => 'B',
        };
        format!("{}{letter}{}", self.0, BASE32_NOPAD.encode(bytes))
    }

    /// The part before the profile's letter.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a text asunder; `None` for whatever is not of this service.
    pub fn parse(&self, text: &str) -> Option<(Profile, Vec<u8>)> {
        let text = text.trim();
        let (prefix, rest) = text.split_at_checked(self.0.len())?;
        if text.len() > MAX_CHARS || !prefix.eq_ignore_ascii_case(&self.0) {
            return None;
        }
        let (letter, body) = rest.split_at_checked(1)?;
        let profile = match letter {
            "A" | "a" => Profile::A,
            "B" | "b" => Profile::B,
            _ => return None,
        };
        let upper;
        // A keyboard scanner with Caps Lock on sends it all in small letters; a mixture comes from nobody honest.
        let body = if body.bytes().any(|b| b.is_ascii_lowercase()) && !body.bytes().any(|b| b.is_ascii_uppercase()) {
            upper = body.to_ascii_uppercase();
            &upper
        } else {
            body
        };
        Some((profile, BASE32_NOPAD.decode(body.as_bytes()).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let prefix = Prefix::of("https://qr.example.ru");
            let text = prefix.text(Profile::A, &bytes);
            prop_assert_eq!(prefix.parse(&text), Some((Profile::A, bytes.clone())));
            prop_assert_eq!(prefix.parse(&text.to_lowercase()), Some((Profile::A, bytes)));
        }
    }

    #[test]
    fn other_hosts_letters_and_alphabets_are_nobodys() {
        let prefix = Prefix::of("https://qr.example.ru/");
        assert_eq!(prefix.text(Profile::B, b"f"), "HTTPS://QR.EXAMPLE.RU/Q#BMY");
        for text in [
            "HTTPS://QR.EXAMPLE.COM/Q#AMY",
            "HTTPS://QR.EXAMPLE.RU/Q#CMY",
            "HTTPS://QR.EXAMPLE.RU/Q#AMZ", // trailing bits
            "HTTPS://QR.EXAMPLE.RU/Q#AM1", // no base32
            "HTTPS://QR.EXAMPLE.RU/Q#AMY======",
            "HTTPS://QR.EXAMPLE.RU/Q#",
            "HTTPS://QR.EXAMPLE.RU/Q",
            "ЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖ",
            "",
        ] {
            assert_eq!(prefix.parse(text), None, "{text}");
        }
        assert_eq!(prefix.parse("  https://qr.example.ru/q#AMY\n"), Some((Profile::A, b"f".to_vec())));
    }
}
