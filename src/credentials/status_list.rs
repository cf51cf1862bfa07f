//! Token Status List: the bit array, its compression, and what its tokens say.

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use std::io::{Read, Write};

/// Largest list that is taken apart, bytes: an attacker's zeros compress a thousandfold.
const MAX_BYTES: u64 = 4 << 20;

/// A credential's state in a list of two bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Valid.
    Valid = 0,
    /// Invalid for good.
    Invalid = 1,
    /// Suspended.
    Suspended = 2,
}

impl Status {
    /// The number of the draft.
    pub fn value(self) -> u8 {
        self as u8
    }
}

/// Entries of 1, 2, 4 or 8 bits, the first in the least significant bits of byte 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    bits: u8,
    bytes: Vec<u8>,
}

/// Why a list cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Bits other than 1, 2, 4, 8.
    #[error("entries have 1, 2, 4 or 8 bits")]
    Bits,
    /// Not zlib, or too long.
    #[error("the list is no zlib stream of a sane length")]
    Compression(#[from] std::io::Error),
}

impl StatusList {
    /// Every entry 0.
    pub fn new(bits: u8, size: usize) -> Self {
        debug_assert!(matches!(bits, 1 | 2 | 4 | 8));
        Self { bits, bytes: vec![0; (size * usize::from(bits)).div_ceil(8)] }
    }

    /// How many bits an entry has.
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// How many entries there are room for.
    pub fn size(&self) -> usize {
        self.bytes.len() * 8 / usize::from(self.bits)
    }

    fn place(&self, index: usize) -> (usize, u8, u8) {
        let bit = index * usize::from(self.bits);
        let mask = ((1_u16 << self.bits) - 1) as u8;
        (bit / 8, (bit % 8) as u8, mask)
    }

    /// Sets an entry; an index outside is nobody's.
    pub fn set(&mut self, index: usize, value: u8) {
        let (byte, shift, mask) = self.place(index);
        if let Some(byte) = self.bytes.get_mut(byte) {
            *byte = (*byte & !(mask << shift)) | ((value & mask) << shift);
        }
    }

    /// An entry; `None` outside the list.
    pub fn get(&self, index: usize) -> Option<u8> {
        let (byte, shift, mask) = self.place(index);
        self.bytes.get(byte).map(|byte| (byte >> shift) & mask)
    }

    /// zlib (RFC 1950), as `lst` holds it.
    pub fn compress(&self) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.bytes).and_then(|()| encoder.finish()).expect("writing into memory")
    }

    /// Reads what [`StatusList::compress`] wrote.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn decompress(bits: u8, lst: &[u8]) -> Result<Self, ListError> {
        if !matches!(bits, 1 | 2 | 4 | 8) {
            return Err(ListError::Bits);
        }
        let mut bytes = Vec::new();
        ZlibDecoder::new(lst).take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(std::io::Error::other("longer than any list of ours").into());
        }
        Ok(Self { bits, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn the_vectors_of_the_draft_hold() {
        let vectors: Value = serde_json::from_str(include_str!("../../tests/vectors/token_status_list.json")).unwrap();
        for vector in vectors["vectors"].as_array().unwrap() {
            let bits = vector["bits"].as_u64().unwrap() as u8;
            let size = vector["size"].as_u64().unwrap() as usize;
            let lst = BASE64URL_NOPAD.decode(vector["lst"].as_str().unwrap().as_bytes()).unwrap();
            let read = StatusList::decompress(bits, &lst).unwrap();
            assert_eq!((read.bits(), read.size()), (bits, size));
            let mut made = StatusList::new(bits, size);
            for (index, value) in vector["nonzero_or_listed"].as_object().unwrap() {
                let (index, value) = (index.parse().unwrap(), value.as_u64().unwrap() as u8);
                assert_eq!(read.get(index), Some(value), "{bits} bits, entry {index}");
                made.set(index, value);
            }
            assert_eq!(made, read, "{bits} bits: every other entry is 0");
            let cbor = HEXLOWER.decode(vector["cbor_hex"].as_str().unwrap().as_bytes()).unwrap();
            let cbor: ciborium::Value = ciborium::from_reader(cbor.as_slice()).unwrap();
            let in_cbor = cbor.as_map().unwrap().iter().find(|(k, _)| k.as_text() == Some("lst")).unwrap();
            assert_eq!(StatusList::decompress(bits, in_cbor.1.as_bytes().unwrap()).unwrap(), read);
            assert_eq!(StatusList::decompress(bits, &made.compress()).unwrap(), made);
        }
    }

    #[test]
    fn a_bomb_of_zeros_is_refused() {
        let bomb = StatusList { bits: 1, bytes: vec![0; (MAX_BYTES + 1) as usize] }.compress();
        assert!(bomb.len() < 10_000 && StatusList::decompress(1, &bomb).is_err());
        assert!(StatusList::decompress(3, &[]).is_err() && StatusList::decompress(2, b"no zlib").is_err());
    }

    proptest! {
        #[test]
        fn what_is_set_is_read(sets in proptest::collection::vec((0..1_000_usize, 0..4_u8), 0..200)) {
            let mut list = StatusList::new(2, 1_000);
            let mut want = vec![0; 1_000];
            for (index, value) in sets {
                list.set(index, value);
                want[index] = value;
            }
            let read = StatusList::decompress(2, &list.compress()).unwrap();
            for (index, value) in want.into_iter().enumerate() {
                prop_assert_eq!(read.get(index), Some(value));
            }
            prop_assert_eq!(read.get(1_000), None);
        }
    }
}
