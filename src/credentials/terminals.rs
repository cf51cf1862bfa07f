//! Who checks: terminals paired once by a code, tills with keys.

use super::desk::{Desk, DeskError, hash};
use super::minter::WalletError;
use crate::sealing::{plain_spoken, random_digits, random_spoken, random_text};
use crate::store::checks::{ApiKeyRow, TerminalRow};

/// How long a pairing code may lie, seconds.
pub const PAIRING_S: i64 = 86_400;
/// Tries of pairing codes by all the world in ten minutes; a code has forty bits.
const PAIRING_TRIES: i64 = 200;
/// What the tokens of terminals begin with.
const TERMINAL: &str = "rt_";
/// What the keys of tills begin with.
const TILL: &str = "rk_";
const EMOJI: [&str; 24] = [
    "🦊", "🐻", "🐼", "🦉", "🐢", "🐝", "🦋", "🐬", "🐘", "🦔", "🐿️", "🦩", "🌻", "🍄", "🍒", "🍋", "🥕", "🌽", "🎈",
    "🎺", "⚓", "🚂", "⛵", "🪁",
];

/// Who asks for a verdict.
#[derive(Debug, Clone)]
pub enum Checker {
    /// Anybody's phone; with the page's own random id.
    Anonymous(Option<String>),
    /// A paired terminal.
    Terminal(TerminalRow),
    /// A till.
    Till(ApiKeyRow),
}

impl Checker {
    /// Where the checker stands.
    pub fn location_id(&self) -> Option<&str> {
        match self {
            Self::Anonymous(_) => None,
            Self::Terminal(terminal) => Some(&terminal.location_id),
            Self::Till(key) => key.location_id.as_deref(),
        }
    }
}

fn split<'t>(token: &'t str, prefix: &str) -> Option<(&'t str, &'t str)> {
    token.strip_prefix(prefix)?.split_once('.')
}

impl Desk {
    /// A code with which one terminal is paired at a location.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn new_pairing(&self, location_id: &str, name: &str) -> Result<String, DeskError> {
        let code = random_spoken(2);
        let mac = self.pairing_mac(&code);
        self.store.put_pairing(&mac, location_id, name, self.now_s() + PAIRING_S).await?;
        Ok(code)
    }

    fn pairing_mac(&self, code: &str) -> Vec<u8> {
        self.sealing.mac("pairing", &[plain_spoken(code).as_bytes()]).to_vec()
    }

    /// Pairs a terminal: its token, said once. `None` when the code is unknown, used or too old.
    ///
    /// # Errors
    /// [`WalletError::TooMany`] and others.
    pub async fn pair(&self, code: &str) -> Result<Option<(String, TerminalRow)>, WalletError> {
        self.limited("pairing", PAIRING_TRIES).await?;
        let now_s = self.now_s();
        let Some((location_id, name)) = self.store.take_pairing(&self.pairing_mac(code), now_s).await? else {
            return Ok(None);
        };
        let (id, secret) = (random_text::<9>(), random_text::<32>());
        let mut terminal = TerminalRow {
            secret_hash: hash(&secret),
            number: String::new(),
            spoken_locked_s: 0,
            location_id,
            name,
            id,
        };
        // Four digits are easily typed; where they run short, five.
        for attempt in 0..64 {
            terminal.number = random_digits(if attempt < 32 { 4 } else { 5 });
            if self.store.put_terminal(&terminal, now_s).await? {
                return Ok(Some((format!("{TERMINAL}{}.{secret}", terminal.id), terminal)));
            }
        }
        Err(WalletError::Desk(DeskError::Row("terminals.number: no number is free")))
    }

    /// Makes a till's key, said once.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn new_api_key(&self, name: &str, location_id: Option<&str>) -> Result<String, DeskError> {
        let (id, secret) = (random_text::<6>(), random_text::<32>());
        let row = ApiKeyRow {
            name: name.to_owned(),
            location_id: location_id.map(str::to_owned),
            secret_hash: hash(&secret),
            created_s: self.now_s(),
            revoked_s: None,
            id: id.clone(),
        };
        self.store.put_api_key(&row).await?;
        Ok(format!("{TILL}{id}.{secret}"))
    }

    /// Who a token belongs to; `None` for one that opens nothing. Hashes are compared, so that time tells nothing.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn checker_of(&self, token: &str) -> Result<Option<Checker>, DeskError> {
        if let Some((id, secret)) = split(token, TERMINAL) {
            let found = self.store.lookup_terminal(id).await?.filter(|row| row.secret_hash == hash(secret));
            return Ok(found.map(Checker::Terminal));
        }
        if let Some((id, secret)) = split(token, TILL) {
            let found = self.store.lookup_till_key(id).await?.filter(|row| row.secret_hash == hash(secret));
            return Ok(found.map(Checker::Till));
        }
        Ok(None)
    }

    /// The mark of a location's day: who sees another has looked at somebody else's page.
    pub fn shift_mark(&self, location_id: &str) -> String {
        let day = self.today().to_string();
        let mac = self.sealing.mac("shift-mark", &[location_id.as_bytes(), day.as_bytes()]);
        format!("{} {}", EMOJI[mac[0] as usize % EMOJI.len()], mac[1] % 10)
    }

    /// Terminals, tills and their ends, for the command line.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn list_terminals(&self) -> Result<Vec<TerminalRow>, DeskError> {
        Ok(self.store.list_terminals().await?)
    }

    /// Ends a terminal; whether there was one.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn revoke_terminal(&self, id: &str) -> Result<bool, DeskError> {
        Ok(self.store.revoke_terminal(id, self.now_s()).await?)
    }

    /// Tills' keys.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn list_api_keys(&self) -> Result<Vec<ApiKeyRow>, DeskError> {
        Ok(self.store.list_api_keys().await?)
    }

    /// Ends a till's key; whether there was one.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn revoke_api_key(&self, id: &str) -> Result<bool, DeskError> {
        Ok(self.store.revoke_api_key(id, self.now_s()).await?)
    }
}
