//! GeoJSON and NDJSON, feature by feature; the file is never held as a whole.
//!
//! Objects are cut out by their braces here and read by serde_json one by one, so that a broken feature costs itself
//! and each has its line. A feature that never closes ends where a line begins with the next `{"type":"Feature"`.

use super::import_row::{Keys, RawRow};
use super::problem::Fault;
use super::read_csv::Row;
use super::source::{Bytes, Format, MAX_ROW_BYTES, SourceFault};
use serde_json::Value;

/// A JSON input that is being read.
pub(super) struct JsonReader {
    bytes: Bytes,
    keys: Keys,
    at: At,
    object: Vec<u8>,
    /// The feature that was read last, where it is JSON.
    value: Option<Value>,
    /// The beginning of the next feature, taken off one that was not closed.
    carried: Option<u64>,
    /// What was before it.
    lost: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// One object on each line.
    Lines,
    /// Among the features; within an object when the flag is set.
    Elements {
        in_object: bool,
    },
    End,
}

/// What begins a feature on a line of its own, without white space.
const FEATURE_BEGINS: &[u8] = b"{\"type\":\"Feature\"";

enum Cut {
    Object { line: u64 },
    Bad { line: u64, fault: Fault },
    End,
}

impl JsonReader {
    /// Finds the features.
    pub(super) fn new(bytes: Bytes, format: Format) -> Result<Self, SourceFault> {
        let mut reader = Self {
            bytes,
            keys: Keys::default(),
            at: At::Lines,
            object: Vec::new(),
            value: None,
            carried: None,
            lost: None,
        };
        if format == Format::NdJson {
            return Ok(reader);
        }
        reader.skip_space()?;
        match reader.next_byte()? {
            Some(b'[') => reader.at = At::Elements { in_object: false },
            Some(b'{') => {
                if !reader.find_features()? {
                    return Err(SourceFault::NoFeatures);
                }
                reader.at = At::Elements { in_object: true };
            }
            Some(_) => return Err(SourceFault::NotJson),
            None => return Err(SourceFault::Empty),
        }
        Ok(reader)
    }

    /// Keys that are not read.
    pub(super) fn unknown(&self) -> Vec<String> {
        self.keys.unknown()
    }

    /// The feature that was read last, or its text where it is no JSON.
    pub(super) fn original(&self) -> Result<&Value, String> {
        self.value.as_ref().ok_or_else(|| match &self.lost {
            Some(lost) => lost.clone(),
            None => self.object_text(),
        })
    }

    fn object_text(&self) -> String {
        String::from_utf8_lossy(&self.object).chars().take(4_000).collect()
    }

    /// The next feature or object.
    pub(super) fn next(&mut self) -> Result<Option<Row>, SourceFault> {
        (self.value, self.lost) = (None, None);
        let cut = match self.at {
            At::Lines => self.cut_line()?,
            At::Elements { in_object } => self.cut_element(in_object)?,
            At::End => Cut::End,
        };
        let line = match cut {
            Cut::End => return Ok(None),
            Cut::Bad { line, fault } => return Ok(Some(Row::Bad { line, id: None, fault })),
            Cut::Object { line } => line,
        };
        let Ok(text) = std::str::from_utf8(&self.object) else {
            return Ok(Some(Row::Bad { line, id: None, fault: Fault::NotUtf8 }));
        };
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(e) => return Ok(Some(Row::Bad { line, id: None, fault: Fault::JsonSyntax(e.to_string()) })),
        };
        let row = RawRow::of_json(&value, line, &mut self.keys);
        self.value = Some(value);
        Ok(Some(match row {
            Ok(row) => Row::Raw(row),
            Err(fault) => Row::Bad { line, id: None, fault },
        }))
    }

    fn cut_line(&mut self) -> Result<Cut, SourceFault> {
        loop {
            let line = self.bytes.line;
            self.object.clear();
            let Some(whole) = self.bytes.next_line(&mut self.object).map_err(SourceFault::Read)? else {
                return Ok(Cut::End);
            };
            if !whole {
                return Ok(Cut::Bad { line, fault: Fault::RowTooLong { limit_bytes: MAX_ROW_BYTES } });
            }
            // RFC 8142 begins each text with a record separator.
            let blank = self.object.iter().take_while(|b| b.is_ascii_whitespace() || **b == 0x1e).count();
            self.object.drain(..blank);
            if !self.object.is_empty() {
                return Ok(Cut::Object { line });
            }
        }
    }

    fn cut_element(&mut self, in_object: bool) -> Result<Cut, SourceFault> {
        if let Some(line) = self.carried.take() {
            return self.cut_object(line);
        }
        loop {
            let line = self.bytes.line;
            match self.peek()? {
                None => return Err(SourceFault::Truncated { line }),
                Some(b) if b.is_ascii_whitespace() || b == b',' => {
                    self.next_byte()?;
                }
                Some(b']') => {
                    self.next_byte()?;
                    self.at = At::End;
                    if in_object {
                        self.skip_rest()?;
                    }
                    return Ok(Cut::End);
                }
                Some(b'{') => {
                    self.object.clear();
                    return self.cut_object(line);
                }
                Some(_) => {
                    self.object.clear();
                    while let Some(b) = self.peek()? {
                        if matches!(b, b',' | b'{' | b']' | b'\n') {
                            break;
                        }
                        if self.object.len() < 1_000 {
                            self.object.push(b);
                        }
                        self.next_byte()?;
                    }
                    let text = String::from_utf8_lossy(&self.object);
                    let is_json = serde_json::from_str::<Value>(text.trim()).is_ok();
                    let fault = if is_json {
                        Fault::NotAFeature
                    } else {
                        Fault::JsonSyntax(text.trim().chars().take(40).collect())
                    };
                    return Ok(Cut::Bad { line, fault });
                }
            }
        }
    }

    /// Cuts one object; what of it is in `object` already was carried over and holds no brace but its first.
    fn cut_object(&mut self, line: u64) -> Result<Cut, SourceFault> {
        let mut depth = usize::from(!self.object.is_empty());
        let (mut in_string, mut escaped, mut too_long) = (false, false, false);
        // How much of FEATURE_BEGINS the line under the eyes shows, and where in `object` it begins.
        let mut begins: Option<(usize, usize)> = None;
        loop {
            let Some(b) = self.next_byte()? else {
                return Err(SourceFault::Truncated { line: self.bytes.line });
            };
            if self.object.len() < MAX_ROW_BYTES {
                self.object.push(b);
            } else {
                too_long = true;
            }
            if b == b'\n' {
                // JSON has no line break within a string: the quotation mark was forgotten.
                (in_string, escaped) = (false, false);
                begins = (depth > 0 && !too_long).then_some((0, self.object.len()));
                continue;
            }
            if let Some((shown, start)) = begins {
                if shown == 0 && b.is_ascii_whitespace() {
                    begins = Some((0, start + 1));
                } else if b == FEATURE_BEGINS[shown] {
                    begins = Some((shown + 1, start));
                } else if !b.is_ascii_whitespace() {
                    begins = None;
                }
                if let Some((shown, start)) = begins
                    && shown == FEATURE_BEGINS.len()
                {
                    return Ok(self.carry(line, start));
                }
            }
            match b {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' if !in_string => depth += 1,
                b'}' if !in_string => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
        }
        if too_long {
            return Ok(Cut::Bad { line, fault: Fault::RowTooLong { limit_bytes: MAX_ROW_BYTES } });
        }
        Ok(Cut::Object { line })
    }

    /// The object under the knife was not closed: what begins at `start` is the next one.
    fn carry(&mut self, line: u64, start: usize) -> Cut {
        let next = self.object.split_off(start);
        let broken = String::from_utf8_lossy(&self.object).trim_end().trim_end_matches(',').to_owned();
        let why = serde_json::from_str::<Value>(&broken).err().map_or_else(|| "{".to_owned(), |e| e.to_string());
        self.object = next;
        self.lost = Some(broken.chars().take(4_000).collect());
        self.carried = Some(self.bytes.line);
        Cut::Bad { line, fault: Fault::JsonSyntax(why) }
    }

    /// Stands behind the `{` of the collection; stops behind the `[` of its features.
    fn find_features(&mut self) -> Result<bool, SourceFault> {
        loop {
            self.skip_space()?;
            match self.next_byte()? {
                Some(b',') => {}
                Some(b'"') => {
                    let key = self.rest_of_string()?;
                    self.skip_space()?;
                    if self.next_byte()? != Some(b':') {
                        return Err(SourceFault::NotJson);
                    }
                    self.skip_space()?;
                    if key == b"features" && self.peek()? == Some(b'[') {
                        self.next_byte()?;
                        return Ok(true);
                    }
                    self.skip_value()?;
                }
                Some(b'}') => return Ok(false),
                Some(_) => return Err(SourceFault::NotJson),
                None => return Err(SourceFault::Truncated { line: self.bytes.line }),
            }
        }
    }

    /// Behind the features: the other members and the closing brace.
    fn skip_rest(&mut self) -> Result<(), SourceFault> {
        loop {
            match self.peek()? {
                None => return Err(SourceFault::Truncated { line: self.bytes.line }),
                Some(b'}') => {
                    self.next_byte()?;
                    return Ok(());
                }
                Some(b',' | b':') => {
                    self.next_byte()?;
                }
                Some(b) if b.is_ascii_whitespace() => {
                    self.next_byte()?;
                }
                Some(b']') => return Err(SourceFault::NotJson),
                Some(_) => self.skip_value()?,
            }
        }
    }

    fn skip_value(&mut self) -> Result<(), SourceFault> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                None => return Err(SourceFault::Truncated { line: self.bytes.line }),
                Some(b'"') => {
                    self.next_byte()?;
                    self.rest_of_string()?;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                Some(b'{' | b'[') => {
                    self.next_byte()?;
                    depth += 1;
                }
                Some(b'}' | b']' | b',') if depth == 0 => return Ok(()),
                Some(b'}' | b']') => {
                    self.next_byte()?;
                    depth -= 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                Some(_) => {
                    self.next_byte()?;
                }
            }
        }
    }

    /// Behind the opening quotation mark; keeps the first hundred bytes.
    fn rest_of_string(&mut self) -> Result<Vec<u8>, SourceFault> {
        let mut text = Vec::new();
        let mut escaped = false;
        loop {
            match self.next_byte()? {
                None => return Err(SourceFault::Truncated { line: self.bytes.line }),
                Some(b'"') if !escaped => return Ok(text),
                Some(b) => {
                    escaped = b == b'\\' && !escaped;
                    if text.len() < 100 {
                        text.push(b);
                    }
                }
            }
        }
    }

    fn skip_space(&mut self) -> Result<(), SourceFault> {
        while self.peek()?.is_some_and(|b| b.is_ascii_whitespace()) {
            self.next_byte()?;
        }
        Ok(())
    }

    fn peek(&mut self) -> Result<Option<u8>, SourceFault> {
        self.bytes.peek().map_err(SourceFault::Read)
    }

    fn next_byte(&mut self) -> Result<Option<u8>, SourceFault> {
        self.bytes.next().map_err(SourceFault::Read)
    }
}
