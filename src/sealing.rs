//! The sealing key: what the database must never be able to read alone.
//!
//! One key of 32 bytes comes from outside the database; every use has a key of its own, derived by a label, so that
//! nothing sealed or hashed for one purpose means anything for another.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use zeroize::Zeroizing;

const NONCE_BYTES: usize = 12;

/// 32 bytes from the environment.
#[derive(Clone)]
pub struct SealingKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(***)")
    }
}

/// What was sealed cannot be opened: another key, or damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what is sealed in the database cannot be opened: the sealing key is another one, or the row is damaged")]
pub struct Unopenable;

struct Okm(usize);

impl hkdf::KeyType for Okm {
    fn len(&self) -> usize {
        self.0
    }
}

impl SealingKey {
    /// A new one.
    pub fn generate() -> Self {
        Self(Zeroizing::new(random()))
    }

    /// Takes 32 bytes written as hex or base64.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().as_bytes();
        let decoded = [HEXLOWER_PERMISSIVE, BASE64, BASE64URL_NOPAD].iter().find_map(|encoding| {
            let bytes = Zeroizing::new(encoding.decode(text).ok()?);
            <[u8; 32]>::try_from(bytes.as_slice()).ok()
        })?;
        Some(Self(Zeroizing::new(decoded)))
    }

    /// As it is written into a file of its own.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(&*self.0))
    }

    /// The key of one purpose.
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"ryadom-sealing-1")
            .extract(&*self.0)
            .expand(&[purpose.as_bytes()], Okm(32))
            .and_then(|okm| okm.fill(&mut *key))
            .expect("32 bytes are never too many for HKDF");
        key
    }

    /// A keyed hash for one purpose.
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        Mac::new(&*self.derive(purpose)).of(parts)
    }

    /// A sealer for one purpose.
    pub fn sealer(&self, purpose: &str) -> Sealer {
        Sealer::new(&self.derive(purpose))
    }
}

/// HMAC-SHA-256 over parts whose borders count.
#[derive(Clone)]
pub struct Mac(hmac::Key);

impl std::fmt::Debug for Mac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mac(***)")
    }
}

impl Mac {
    /// With a key.
    pub fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The hash; each part goes in with its length, so that no two lists of parts read the same.
    pub fn of(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign().as_ref().try_into().expect("SHA-256 has 32 bytes")
    }
}

/// Seals with AES-256-GCM-SIV: a nonce that is met twice tells no more than that two plaintexts are equal.
pub struct Sealer(LessSafeKey);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(***)")
    }
}

impl Sealer {
    /// With a key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, key).expect("the key has 32 bytes")))
    }

    /// Nonce, ciphertext, tag; bound to `context`, which must be the same when it is opened.
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = random();
        let mut sealed = nonce.to_vec();
        sealed.extend_from_slice(&self.seal_with(nonce, context, plain));
        sealed
    }

    /// Ciphertext and tag under a nonce that the caller keeps.
    pub fn seal_with(&self, nonce: [u8; NONCE_BYTES], context: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut body = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut body)
            .expect("sealing short texts never fails");
        body
    }

    /// What was sealed.
    ///
    /// # Errors
    /// [`Unopenable`].
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
        let (nonce, body) = sealed.split_at_checked(NONCE_BYTES).ok_or(Unopenable)?;
        self.open_with(nonce.try_into().map_err(|_| Unopenable)?, context, body)
    }

    /// What was sealed under a nonce.
    ///
    /// # Errors
    /// [`Unopenable`].
    pub fn open_with(
        &self,
        nonce: [u8; NONCE_BYTES],
        context: &[u8],
        body: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
        let mut body = Zeroizing::new(body.to_vec());
        let nonce = Nonce::assume_unique_for_key(nonce);
        let plain = self.0.open_in_place(nonce, Aad::from(context), &mut body).map_err(|_| Unopenable)?;
        Ok(Zeroizing::new(plain.to_vec()))
    }
}

/// Random bytes of the system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system has randomness");
    bytes
}

/// A random text of `N` bytes, for addresses and tokens.
pub fn random_text<const N: usize>() -> String {
    BASE64URL_NOPAD.encode(&random::<N>())
}

/// Random decimal digits.
pub fn random_digits(count: usize) -> String {
    let mut digits = String::with_capacity(count);
    while digits.len() < count {
        // 250 is a multiple of ten: no digit is likelier than another.
        digits.extend(random::<16>().iter().filter(|b| **b < 250).map(|b| char::from(b'0' + b % 10)));
    }
    digits.truncate(count);
    digits
}

/// Letters and digits that nobody takes for others (no 0 O 1 I L), in groups of four.
pub fn random_spoken(groups: usize) -> String {
    const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    let mut text = String::new();
    while text.len() < groups * 5 {
        for byte in random::<16>().into_iter().filter(|b| *b < 248) {
            if text.len() < groups * 5 {
                text.push(char::from(LETTERS[byte as usize % 31]));
                if text.len() % 5 == 4 {
                    text.push('-');
                }
            }
        }
    }
    text.truncate(groups * 5 - 1);
    text
}

/// A spoken text as it is compared: capitals without what separates them, Cyrillic look-alikes read as Latin.
pub fn plain_spoken(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .map(|c| match c {
            'А' => 'A',
            'В' => 'B',
            'Е' | 'Ё' => 'E',
            'К' => 'K',
            'М' => 'M',
            'Н' => 'H',
            'Р' => 'P',
            'С' => 'C',
            'Т' => 'T',
            'У' => 'Y',
            'Х' => 'X',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_and_context_alone() {
        let (key, other) = (SealingKey::generate(), SealingKey::generate());
        let sealed = key.sealer("a").seal(b"row 1", b"secret");
        assert_eq!(&**key.sealer("a").open(b"row 1", &sealed).unwrap(), b"secret");
        assert!(key.sealer("b").open(b"row 1", &sealed).is_err());
        assert!(key.sealer("a").open(b"row 2", &sealed).is_err());
        assert!(other.sealer("a").open(b"row 1", &sealed).is_err());
        assert!(key.sealer("a").open(b"row 1", &sealed[..5]).is_err());
        assert_eq!(SealingKey::parse(&key.to_text()).unwrap().derive("x"), key.derive("x"));
        assert!(SealingKey::parse("short").is_none());
    }

    #[test]
    fn borders_of_parts_count() {
        let key = SealingKey::generate();
        assert_ne!(key.mac("p", &[b"ab", b"c"]), key.mac("p", &[b"a", b"bc"]));
        assert_ne!(key.mac("p", &[b"ab"]), key.mac("q", &[b"ab"]));
    }

    #[test]
    fn spoken_texts_are_read_as_they_are_typed() {
        let text = random_spoken(3);
        assert_eq!((text.len(), text.matches('-').count()), (14, 2));
        assert_eq!(plain_spoken(&text.to_lowercase().replace('-', " ")), text.replace('-', ""));
        assert_eq!(plain_spoken("кам2"), "KAM2");
        assert!(random_digits(6).len() == 6 && random_digits(6).bytes().all(|b| b.is_ascii_digit()));
    }
}
