//! The id of a family in the agency's own system: what we keep of it is a keyed hash.
//!
//! The agency normalises and hashes at home (`ryadom hash-list`), with a key that both sides have and the database
//! does not. A hash says which key made it, so that keys can be changed.

use crate::sealing::Mac;
use data_encoding::HEXLOWER_PERMISSIVE;
use zeroize::Zeroizing;

/// A key with its version.
#[derive(Debug, Clone)]
pub struct OutsideIdKey {
    /// Stands with every hash that this key made.
    pub version: u32,
    mac: Mac,
}

/// A hash of an outside id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutsideHash {
    /// Of the key.
    pub version: u32,
    /// HMAC-SHA-256.
    pub bytes: [u8; 32],
}

impl OutsideIdKey {
    /// Takes `VERSION:HEX`, 32 bytes at least.
    pub fn parse(text: &str) -> Option<Self> {
        let (version, key) = text.trim().split_once(':')?;
        let key = Zeroizing::new(HEXLOWER_PERMISSIVE.decode(key.trim().as_bytes()).ok()?);
        (key.len() >= 32).then_some(())?;
        Some(Self { version: version.parse().ok()?, mac: Mac::new(&key) })
    }

    /// From a key that the sealing key gives, where no other is set.
    pub fn derived(key: &[u8; 32]) -> Self {
        Self { version: 0, mac: Mac::new(key) }
    }

    /// The hash of an id; `None` for one that holds no letter and no digit.
    pub fn hash(&self, id: &str) -> Option<OutsideHash> {
        let plain = normalised(id);
        (!plain.is_empty())
            .then(|| OutsideHash { version: self.version, bytes: self.mac.of(&[b"outside-id", plain.as_bytes()]) })
    }
}

impl OutsideHash {
    /// `v1:<hex>`, as `ryadom hash-list` writes it.
    pub fn to_text(self) -> String {
        format!("v{}:{}", self.version, data_encoding::HEXLOWER.encode(&self.bytes))
    }

    /// Reads what [`OutsideHash::to_text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (version, hex) = text.trim().strip_prefix('v')?.split_once(':')?;
        let bytes = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?;
        Some(Self { version: version.parse().ok()?, bytes: bytes.try_into().ok()? })
    }
}

/// One form of however an id is written: letters and digits alone, small, `ё` as `е`, and Latin letters that look like
/// Cyrillic ones as these («26-АВ № 001» and «26ab001» are one certificate).
pub fn normalised(id: &str) -> String {
    id.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'a' => 'а',
            'b' => 'в',
            'c' => 'с',
            'e' | 'ё' => 'е',
            'h' => 'н',
            'k' => 'к',
            'm' => 'м',
            'o' => 'о',
            'p' => 'р',
            't' => 'т',
            'x' => 'х',
            'y' => 'у',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_id_has_one_hash_however_it_is_written() {
        let key = OutsideIdKey::parse(&format!("3:{}", "ab".repeat(32))).unwrap();
        let hash = |id| key.hash(id).unwrap();
        assert_eq!(hash("26-АВ № 001"), hash(" 26ab001 "));
        assert_ne!(hash("26-АВ 001"), hash("26-АВ 002"));
        assert_eq!(OutsideHash::parse(&hash("1").to_text()), Some(hash("1")));
        assert!(hash("1").to_text().starts_with("v3:") && key.hash(" -№ ").is_none());
        let other = OutsideIdKey::parse(&format!("3:{}", "ac".repeat(32))).unwrap();
        assert_ne!(other.hash("1").unwrap().bytes, hash("1").bytes);
        for wrong in ["", "1", "1:ab", "x:ab", &"ab".repeat(32)] {
            assert!(OutsideIdKey::parse(wrong).is_none(), "{wrong}");
        }
    }
}
