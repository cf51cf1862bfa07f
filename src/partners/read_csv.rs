//! Tables: comma, semicolon or tab, with Excel's habits; every row with the line it begins on.
//!
//! The rows are cut here and not by a library, for two reasons. A quotation mark that nothing closes must cost its
//! own row and not the rest of the file. And the line of a row must be that of an editor, with CRLF, blank lines and
//! line breaks within cells.

use super::field::Field;
use super::heading::{Heading, Needs};
use super::problem::Fault;
use super::raw_row::RawRow;
use super::source::{Bytes, MAX_ROW_BYTES, SourceFault};
use std::collections::VecDeque;

/// Most lines of one row; beyond, a quotation mark was forgotten.
const MAX_ROW_LINES: usize = 500;
/// Most bytes of a row of several lines.
const MAX_MULTILINE_BYTES: usize = 128 * 1024;

/// A table that is being read.
pub(super) struct CsvReader {
    bytes: Bytes,
    delimiter: u8,
    heading: Heading,
    record: Record,
    /// Lines that were read ahead in vain, to be read again.
    pushed_back: VecDeque<(u64, Vec<u8>, bool)>,
}

/// A row, or what is wrong with its form.
pub(super) enum Row {
    Raw(RawRow),
    Bad { line: u64, id: Option<String>, fault: Fault },
}

impl CsvReader {
    /// Reads the heading.
    pub(super) fn new(bytes: Bytes, needs: Needs) -> Result<Self, SourceFault> {
        let mut reader = Self {
            bytes,
            delimiter: b',',
            heading: Heading::default(),
            record: Record::default(),
            pushed_back: VecDeque::new(),
        };
        reader.read_heading(needs)?;
        Ok(reader)
    }

    fn read_heading(&mut self, needs: Needs) -> Result<(), SourceFault> {
        let mut said = None;
        let line = loop {
            let (number, line, _) = self.next_line().map_err(SourceFault::Read)?.ok_or(SourceFault::Empty)?;
            let text = String::from_utf8_lossy(&line);
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            // Excel's own note of the separator.
            if let Some(sep) = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP=")) {
                said = sep.bytes().next().or(Some(b'\t'));
                continue;
            }
            break (number, line);
        };
        // The separator under which the heading makes most sense.
        let known = |delimiter: u8| {
            let mut record = Record::default();
            record.feed(&line.1, delimiter);
            let known = record.texts().filter(|t| Field::of_heading(t).is_some()).count();
            (known, record.ends.len())
        };
        let delimiters: &[u8] = match &said {
            Some(d) => std::slice::from_ref(d),
            None => b"|\t;,",
        };
        self.delimiter = delimiters.iter().copied().max_by_key(|&d| known(d)).unwrap_or(b',');
        self.pushed_back.push_front((line.0, line.1, true));
        match self.next_record().map_err(SourceFault::Read)? {
            Some((_, Ok(()))) => {}
            _ => return Err(SourceFault::NoHeading("\"".into())),
        }
        self.heading = Heading::of(self.record.texts().map(|t| t.trim().to_owned()).collect());
        self.heading.check(needs)
    }

    /// The separator.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The heading as written, and the cells of the row that was read last.
    pub(super) fn original(&self) -> (&[String], Vec<String>) {
        (self.heading.names(), self.record.texts().map(std::borrow::Cow::into_owned).collect())
    }

    /// Columns that are not read.
    pub(super) fn unknown(&self) -> Vec<String> {
        self.heading.unknown()
    }

    /// The next row; blank lines are passed over.
    pub(super) fn next(&mut self) -> Result<Option<Row>, SourceFault> {
        let Some((line, read)) = self.next_record().map_err(SourceFault::Read)? else { return Ok(None) };
        let mut fault = read.err().or_else(|| self.heading.too_many(self.record.texts()));
        if fault.is_none() && std::str::from_utf8(&self.record.bytes).is_err() {
            fault = Some(Fault::NotUtf8);
        }
        if let Some(fault) = fault {
            let id = self.heading.id_column();
            let id = id.and_then(|i| self.record.texts().nth(i)).map(|t| t.trim().to_owned());
            return Ok(Some(Row::Bad { line, id: id.filter(|t| !t.is_empty()), fault }));
        }
        Ok(Some(Row::Raw(self.heading.row(line, self.record.texts()))))
    }

    fn next_line(&mut self) -> std::io::Result<Option<(u64, Vec<u8>, bool)>> {
        if let Some(line) = self.pushed_back.pop_front() {
            return Ok(Some(line));
        }
        let number = self.bytes.line;
        let mut line = Vec::new();
        Ok(self.bytes.next_line(&mut line)?.map(|whole| (number, line, whole)))
    }

    /// Reads the cells of the next row into `record`, with the line on which it begins.
    fn next_record(&mut self) -> std::io::Result<Option<(u64, Result<(), Fault>)>> {
        let (number, first, whole) = loop {
            match self.next_line()? {
                None => return Ok(None),
                Some((_, line, true)) if line.iter().all(u8::is_ascii_whitespace) => {}
                Some(line) => break line,
            }
        };
        self.record.clear();
        if !whole {
            self.record.whole(&first[..first.len().min(1_000)]);
            return Ok(Some((number, Err(Fault::RowTooLong { limit_bytes: MAX_ROW_BYTES }))));
        }
        let mut fed = self.record.feed(&first, self.delimiter);
        let mut ahead: Vec<(u64, Vec<u8>, bool)> = Vec::new();
        let mut ahead_bytes = first.len();
        while fed == Fed::Open {
            let more =
                if ahead.len() < MAX_ROW_LINES && ahead_bytes < MAX_MULTILINE_BYTES { self.next_line()? } else { None };
            let Some(line) = more else {
                fed = Fed::Malformed;
                break;
            };
            ahead_bytes += line.1.len();
            fed = if line.2 { self.record.feed(&line.1, self.delimiter) } else { Fed::Malformed };
            ahead.push(line);
        }
        if fed == Fed::Malformed {
            // Only the first line is lost: the next ones may be good rows.
            for line in ahead.into_iter().rev() {
                self.pushed_back.push_front(line);
            }
            self.record.clear();
            self.record.by_separator(&first, self.delimiter);
            return Ok(Some((number, Err(Fault::QuoteNotClosed))));
        }
        Ok(Some((number, Ok(()))))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fed {
    Done,
    Open,
    Malformed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    #[default]
    Start,
    Plain,
    Quoted,
    QuoteInQuoted,
}

/// The cells of one row, end to end in one buffer.
#[derive(Debug, Default)]
struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    at: At,
}

impl Record {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.at = At::Start;
    }

    fn texts(&self) -> impl ExactSizeIterator<Item = std::borrow::Cow<'_, str>> {
        let start = move |i: usize| if i == 0 { 0 } else { self.ends[i - 1] };
        self.ends.iter().enumerate().map(move |(i, &end)| String::from_utf8_lossy(&self.bytes[start(i)..end]))
    }

    fn whole(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.ends.push(self.bytes.len());
    }

    /// Cuts without regard to quotation marks.
    fn by_separator(&mut self, line: &[u8], delimiter: u8) {
        for part in line.split(|&b| b == delimiter) {
            self.whole(part);
        }
    }

    /// Takes one line.
    fn feed(&mut self, line: &[u8], delimiter: u8) -> Fed {
        for &b in line {
            match self.at {
                At::Start if b == b'"' => self.at = At::Quoted,
                At::Start | At::Plain if b == delimiter => {
                    self.ends.push(self.bytes.len());
                    self.at = At::Start;
                }
                At::Start | At::Plain => {
                    self.bytes.push(b);
                    self.at = At::Plain;
                }
                At::Quoted if b == b'"' => self.at = At::QuoteInQuoted,
                At::Quoted => self.bytes.push(b),
                At::QuoteInQuoted if b == b'"' => {
                    self.bytes.push(b);
                    self.at = At::Quoted;
                }
                At::QuoteInQuoted if b == delimiter => {
                    self.ends.push(self.bytes.len());
                    self.at = At::Start;
                }
                At::QuoteInQuoted if b == b' ' || b == b'\r' => {}
                At::QuoteInQuoted => return Fed::Malformed,
            }
        }
        if self.at == At::Quoted {
            self.bytes.push(b'\n');
            return Fed::Open;
        }
        self.ends.push(self.bytes.len());
        self.at = At::Start;
        Fed::Done
    }
}
