//! Profile A: a token of 42 bytes that the service makes and the service alone reads.
//!
//! ```text
//! kid(1) ‖ nonce(12) ‖ AES-256-GCM-SIV( credential_ref u64 ‖ step u32 ‖ flags u8 ) ‖ tag(16)      AAD = "ryadom-qr-a1" ‖ kid
//! ```

use crate::sealing::{Sealer, random};
use chrono::{DateTime, Utc};

/// How long a code is the one to show, seconds.
pub const STEP_S: i64 = 30;
/// Length of a token.
pub const TOKEN_BYTES: usize = 42;

const CONTEXT: &[u8] = b"ryadom-qr-a1";
const PLAIN_BYTES: usize = 13;

/// What a token says to its maker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnlineCode {
    /// The alias of a wallet for one showing.
    pub credential_ref: u64,
    /// The step in which it is shown.
    pub step: u32,
}

/// The step of a moment.
pub fn step_at(at: DateTime<Utc>) -> u32 {
    u32::try_from(at.timestamp().div_euclid(STEP_S)).unwrap_or_default()
}

/// Whether a code of `step` is taken now: in its step, and less than `grace_s` after it.
pub fn is_in_time(step: u32, now: DateTime<Utc>, grace_s: u32) -> bool {
    let begins_s = i64::from(step) * STEP_S;
    let ends_ms = (begins_s + STEP_S + i64::from(grace_s)) * 1_000;
    now.timestamp() >= begins_s && now.timestamp_millis() < ends_ms
}

fn context(kid: u8) -> [u8; 13] {
    let mut context = [kid; 13];
    context[..12].copy_from_slice(CONTEXT);
    context
}

impl OnlineCode {
    /// The token, under a nonce that is met once.
    pub fn seal(&self, kid: u8, key: &Sealer) -> [u8; TOKEN_BYTES] {
        let nonce: [u8; 12] = random();
        let mut plain = [0; PLAIN_BYTES];
        plain[..8].copy_from_slice(&self.credential_ref.to_be_bytes());
        plain[8..12].copy_from_slice(&self.step.to_be_bytes());
        let mut token = [kid; TOKEN_BYTES];
        token[1..13].copy_from_slice(&nonce);
        token[13..].copy_from_slice(&key.seal_with(nonce, &context(kid), &plain));
        token
    }

    /// The key's number and the nonce of what may be a token.
    pub fn parts(token: &[u8]) -> Option<(u8, [u8; 12])> {
        let token: &[u8; TOKEN_BYTES] = token.try_into().ok()?;
        Some((token[0], token[1..13].try_into().ok()?))
    }

    /// Opens a token; `None` for whatever this key has not made.
    pub fn open(token: &[u8], key: &Sealer) -> Option<Self> {
        let (kid, nonce) = Self::parts(token)?;
        let plain = key.open_with(nonce, &context(kid), &token[13..]).ok()?;
        let plain: &[u8; PLAIN_BYTES] = plain.as_slice().try_into().ok()?;
        // Flags of a later version: what they mean is not known here.
        if plain[12] != 0 {
            return None;
        }
        Some(Self {
            credential_ref: u64::from_be_bytes(plain[..8].try_into().ok()?),
            step: u32::from_be_bytes(plain[8..12].try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn at(seconds: i64, ms: u32) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, ms * 1_000_000).unwrap()
    }

    #[test]
    fn ages_are_judged_at_their_edges() {
        let begins = 1_795_348_800; // a multiple of 30
        let step = step_at(at(begins, 0));
        for (age_s, ms, taken) in [
            (-1, 0, false),
            (-1, 999, false),
            (0, 0, true),
            (29, 0, true),
            (31, 0, true),
            (44, 0, true),
            (44, 999, true),
            (45, 0, false),
            (46, 0, false),
            (61, 0, false),
        ] {
            assert_eq!(is_in_time(step, at(begins + age_s, ms), 15), taken, "{age_s}.{ms}");
        }
        assert!(!is_in_time(step, at(begins + 30, 0), 0));
    }

    #[test]
    fn a_hundred_codes_share_nothing_but_the_key_number() {
        let key = Sealer::new(&random());
        let tokens: Vec<[u8; TOKEN_BYTES]> =
            (0..100).map(|_| OnlineCode { credential_ref: 7, step: 59_844_960 }.seal(3, &key)).collect();
        assert!(tokens.iter().all(|t| t[0] == 3));
        // No piece of four bytes stands at the same place in two of them.
        for place in 1..TOKEN_BYTES - 3 {
            let pieces: HashSet<&[u8]> = tokens.iter().map(|t| &t[place..place + 4]).collect();
            assert_eq!(pieces.len(), 100, "at byte {place}");
        }
    }

    proptest! {
        #[test]
        fn a_token_opens_to_itself_and_no_altered_one_does(
            credential_ref: u64, step: u32, kid: u8, place in 0..TOKEN_BYTES, bit in 0..8_u8
        ) {
            let key = Sealer::new(&random());
            let code = OnlineCode { credential_ref, step };
            let mut token = code.seal(kid, &key);
            prop_assert_eq!(OnlineCode::open(&token, &key), Some(code));
            token[place] ^= 1 << bit;
            prop_assert_eq!(OnlineCode::open(&token, &key), None);
        }
    }
}
