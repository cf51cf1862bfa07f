//! An input as bytes: where it comes from, which format and encoding it has, its lines.

use super::field::Field;
use crate::domain::Lang;
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

/// How much of an input is looked at to tell what it is.
const HEAD_BYTES: usize = 64 * 1024;
/// How a zip archive begins, and so every workbook.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
/// Longest row; no row of people comes near.
pub const MAX_ROW_BYTES: usize = 1024 * 1024;

/// A format we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A table with a heading.
    Csv,
    /// A FeatureCollection, or an array of features or objects.
    GeoJson,
    /// A feature or a flat object on each line.
    NdJson,
    /// A workbook of Excel, LibreOffice and others.
    Xlsx,
}

type Open = Box<dyn FnOnce() -> io::Result<Box<dyn Read + Send>> + Send>;

/// An input that is not open yet.
pub struct Source {
    /// What to call it.
    pub name: String,
    /// Its format, where somebody said it.
    pub format: Option<Format>,
    pub(super) open: Open,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("name", &self.name).field("format", &self.format).finish_non_exhaustive()
    }
}

impl Source {
    /// A file; the format is seen from its content unless said.
    pub fn file(path: &Path, format: Option<Format>) -> Self {
        let owned = path.to_owned();
        Self {
            name: path.display().to_string(),
            format,
            open: Box::new(move || Ok(Box::new(File::open(owned)?) as Box<dyn Read + Send>)),
        }
    }

    /// Standard input.
    pub fn stdin(format: Option<Format>) -> Self {
        Self { name: "-".into(), format, open: Box::new(|| Ok(Box::new(io::stdin()) as Box<dyn Read + Send>)) }
    }

    /// Bytes in memory.
    pub fn bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            format: None,
            open: Box::new(move || Ok(Box::new(Cursor::new(bytes)) as Box<dyn Read + Send>)),
        }
    }
}

/// Why an input could not be read to its end. What was read before is in.
#[derive(Debug, thiserror::Error)]
pub enum SourceFault {
    /// It cannot be opened.
    #[error("cannot open it")]
    Open(#[source] io::Error),
    /// Reading failed.
    #[error("reading failed")]
    Read(#[source] io::Error),
    /// Nothing in it.
    #[error("it is empty")]
    Empty,
    /// An archive, a picture, a workbook of an old kind.
    #[error("it is no text")]
    NotText,
    /// An archive that is no workbook, or a broken one; with what the reader says.
    #[error("it is no workbook that can be read: {0}")]
    NotAWorkbook(String),
    /// No sheet has a heading we know.
    #[error("no sheet has a heading")]
    NoSheet,
    /// More rows than may be looked at before they are applied.
    #[error("it has more than {0} rows")]
    TooManyRows(usize),
    /// Larger than any workbook of people.
    #[error("the workbook is too large: {0}")]
    WorkbookTooLarge(&'static str),
    /// The first row names no column we know.
    #[error("its first row is no heading")]
    NoHeading(String),
    /// The heading lacks a column that every place needs.
    #[error("columns are missing")]
    ColumnsMissing(Vec<Field>),
    /// It does not begin like JSON.
    #[error("it is no JSON")]
    NotJson,
    /// JSON without features.
    #[error("it has no features")]
    NoFeatures,
    /// It ends in the middle.
    #[error("it ends in the middle, at line {line}")]
    Truncated {
        /// Its last line.
        line: u64,
    },
}

impl SourceFault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open(_) => "source-open",
            Self::Read(_) => "source-read",
            Self::Empty => "source-empty",
            Self::NotText => "source-not-text",
            Self::NotAWorkbook(_) => "source-not-a-workbook",
            Self::NoSheet => "source-no-sheet",
            Self::TooManyRows(_) => "source-too-many-rows",
            Self::WorkbookTooLarge(_) => "source-workbook-too-large",
            Self::NoHeading(_) => "source-no-heading",
            Self::ColumnsMissing(_) => "source-columns-missing",
            Self::NotJson => "source-not-json",
            Self::NoFeatures => "source-no-features",
            Self::Truncated { .. } => "source-truncated",
        }
    }

    /// What is wrong, and what to do about it.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Open(e), Lang::Ru) => format!("не открывается: {e}"),
            (Self::Open(e), Lang::En) => format!("cannot be opened: {e}"),
            (Self::Read(e), Lang::Ru) => format!("чтение прервалось: {e}"),
            (Self::Read(e), Lang::En) => format!("reading failed: {e}"),
            (Self::Empty, Lang::Ru) => "пустой. Проверьте, тот ли это файл".into(),
            (Self::Empty, Lang::En) => "is empty. See whether it is the right file".into(),
            (Self::NotText, Lang::Ru) => {
                "это не текст и не книга .xlsx. Таблицу сохраните как .xlsx или «CSV UTF-8»".into()
            }
            (Self::NotText, Lang::En) => {
                "is neither text nor a workbook. Save the table as .xlsx or “CSV UTF-8”".into()
            }
            (Self::NotAWorkbook(e), Lang::Ru) => {
                format!("книга не читается ({e}). Откройте её и сохраните заново как .xlsx или «CSV UTF-8»")
            }
            (Self::NotAWorkbook(e), Lang::En) => {
                format!("is no workbook that can be read ({e}). Open it and save it anew as .xlsx or “CSV UTF-8”")
            }
            (Self::NoSheet, Lang::Ru) => {
                "ни на одном листе нет строки со знакомыми названиями столбцов. Возьмите шаблон".into()
            }
            (Self::NoSheet, Lang::En) => "no sheet has a row of column names we know. Take the template".into(),
            (Self::TooManyRows(limit), lang) => lang.pick(
                format!("в файле больше {limit} строк. Разделите его на части"),
                format!("has more than {limit} rows. Split it"),
            ),
            (Self::WorkbookTooLarge(what), lang) => lang.pick(
                format!("книга слишком велика ({what}). Разделите её на части"),
                format!("the workbook is too large ({what}). Split it"),
            ),
            (Self::NoHeading(first), Lang::Ru) => format!(
                "в первой строке нет знакомых названий столбцов («{first}»). Нужны id, name, category, lat, lon \
                 или Код, Наименование, Категория, Широта, Долгота"
            ),
            (Self::NoHeading(first), Lang::En) => format!(
                "the first row holds no column name we know («{first}»). Needed are id, name, category, lat, lon"
            ),
            (Self::ColumnsMissing(fields), lang) => {
                let names: Vec<&str> = fields.iter().map(|f| f.heading()).collect();
                let names = names.join(", ");
                lang.pick(
                    format!("нет столбцов: {names}. Добавьте их в первую строку"),
                    format!("columns are missing: {names}. Add them to the first row"),
                )
            }
            (Self::NotJson, Lang::Ru) => "это не JSON: он начинается с { или [".into(),
            (Self::NotJson, Lang::En) => "is no JSON, which begins with { or [".into(),
            (Self::NoFeatures, Lang::Ru) => "в JSON нет списка features. Нужен FeatureCollection".into(),
            (Self::NoFeatures, Lang::En) => "has no list of features. A FeatureCollection is needed".into(),
            (Self::Truncated { line }, Lang::Ru) => {
                format!(
                    "файл обрывается (строка {line}): скобки не закрыты. Получите файл заново; прочитанное до обрыва записано"
                )
            }
            (Self::Truncated { line }, Lang::En) => {
                format!("ends in the middle (line {line}): brackets are open. Fetch it again; what came before is in")
            }
        }
    }
}

/// An input that is open, as UTF-8 (or nearly: rows are checked one by one).
pub(super) struct Opened {
    pub(super) bytes: Bytes,
    pub(super) format: Format,
    pub(super) encoding: &'static str,
}

impl Source {
    pub(super) fn open(self) -> Result<Opened, SourceFault> {
        let mut inner = (self.open)().map_err(SourceFault::Open)?;
        let mut head = Vec::with_capacity(HEAD_BYTES);
        inner.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(SourceFault::Read)?;
        if head.is_empty() {
            return Err(SourceFault::Empty);
        }
        if head.starts_with(ZIP_MAGIC) && self.format.is_none_or(|f| f == Format::Xlsx) {
            let bytes = Bytes::new(Box::new(Cursor::new(head).chain(inner)));
            return Ok(Opened { bytes, format: Format::Xlsx, encoding: "UTF-8" });
        }
        if self.format == Some(Format::Xlsx) {
            return Err(SourceFault::NotAWorkbook("no zip archive".into()));
        }
        let (encoding, bom_bytes) = encoding_of(&head);
        let wide = encoding == UTF_16LE || encoding == UTF_16BE;
        if !wide && (head.contains(&0) && !looks_like_text(&head) || head.starts_with(ZIP_MAGIC)) {
            return Err(SourceFault::NotText);
        }
        head.drain(..bom_bytes);
        let (decoded, _, _) = encoding.decode(&head);
        let format = match self.format {
            Some(format) => format,
            None => format_of(&decoded).ok_or(SourceFault::Empty)?,
        };
        drop(decoded);
        let whole = Cursor::new(head).chain(inner);
        let inner: Box<dyn Read + Send> =
            if encoding == UTF_8 { Box::new(whole) } else { Box::new(Transcode::new(whole, encoding)) };
        Ok(Opened { bytes: Bytes::new(inner), format, encoding: encoding.name() })
    }
}

/// A few NULs in a text are a matter of their rows; many are no text.
fn looks_like_text(head: &[u8]) -> bool {
    let nuls = head.split(|&b| b == 0).count() - 1;
    nuls * 100 < head.len()
}

/// The encoding of an input by its head, and how long its byte order mark is.
fn encoding_of(head: &[u8]) -> (&'static Encoding, usize) {
    if let Some(found) = Encoding::for_bom(head) {
        return found;
    }
    // Windows-1251 hardly ever happens to be UTF-8; UTF-8 with a few broken rows has many more right sequences.
    let (mut right, mut wrong) = (0_usize, 0_usize);
    let mut rest = head;
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                right += text.chars().filter(|c| !c.is_ascii()).count();
                break;
            }
            Err(e) => {
                let (good, bad) = rest.split_at(e.valid_up_to());
                right += std::str::from_utf8(good).map_or(0, |t| t.chars().filter(|c| !c.is_ascii()).count());
                let Some(n) = e.error_len() else { break };
                wrong += 1;
                rest = &bad[n..];
            }
        }
    }
    (if wrong * 4 <= right { UTF_8 } else { WINDOWS_1251 }, 0)
}

/// The format by the first characters; `None` for nothing but white space.
fn format_of(head: &str) -> Option<Format> {
    let text = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{1e}');
    Some(match text.chars().next()? {
        '{' => {
            // A whole object on the first line that is no collection: one on each line.
            let first = text.lines().next().unwrap_or_default();
            match serde_json::from_str::<serde_json::Value>(first) {
                Ok(v) if v.get("features").is_none() => Format::NdJson,
                _ if head.starts_with('\u{1e}') => Format::NdJson,
                // A first line that is broken is still followed by objects.
                Err(_)
                    if !first.contains("FeatureCollection")
                        && first.len() > 20
                        && text.lines().nth(1).is_some_and(|l| l.starts_with('{')) =>
                {
                    Format::NdJson
                }
                _ => Format::GeoJson,
            }
        }
        '[' => Format::GeoJson,
        _ => Format::Csv,
    })
}

/// Another encoding, read as UTF-8.
struct Transcode<R> {
    inner: R,
    decoder: Decoder,
    input: Box<[u8]>,
    input_at: usize,
    input_len: usize,
    ended: bool,
    /// The decoder gave its last character; it must not be asked again.
    finished: bool,
}

impl<R: Read> Transcode<R> {
    fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            input: vec![0; 32 * 1024].into(),
            input_at: 0,
            input_len: 0,
            ended: false,
            finished: false,
        }
    }
}

impl<R: Read> Read for Transcode<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.finished {
            if self.input_at == self.input_len && !self.ended {
                self.input_len = self.inner.read(&mut self.input)?;
                self.input_at = 0;
                self.ended = self.input_len == 0;
            }
            let input = &self.input[self.input_at..self.input_len];
            let (result, read, written, _) = self.decoder.decode_to_utf8(input, out, self.ended);
            self.input_at += read;
            self.finished = self.ended && result == CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

/// Bytes with the number of the line they stand on.
pub(super) struct Bytes {
    inner: Box<dyn Read + Send>,
    buffer: Box<[u8]>,
    at: usize,
    len: usize,
    /// Line of the next byte, from 1.
    pub(super) line: u64,
}

impl Bytes {
    fn new(inner: Box<dyn Read + Send>) -> Self {
        Self { inner, buffer: vec![0; 128 * 1024].into(), at: 0, len: 0, line: 1 }
    }

    /// All of the input, where a format cannot be read as it comes; `None` when it is longer than `limit`.
    pub(super) fn read_all(self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        let mut all = self.buffer[self.at..self.len].to_vec();
        self.inner.take((limit + 1).saturating_sub(all.len()) as u64).read_to_end(&mut all)?;
        Ok((all.len() <= limit).then_some(all))
    }

    /// Whether there is another byte.
    fn fill(&mut self) -> io::Result<bool> {
        while self.at == self.len {
            match self.inner.read(&mut self.buffer) {
                Ok(0) => return Ok(false),
                Ok(n) => (self.at, self.len) = (0, n),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(true)
    }

    /// The next byte, which stays.
    #[inline]
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.len && !self.fill()? {
            return Ok(None);
        }
        Ok(Some(self.buffer[self.at]))
    }

    /// The next byte.
    #[inline]
    pub(super) fn next(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if let Some(b) = byte {
            self.at += 1;
            self.line += u64::from(b == b'\n');
        }
        Ok(byte)
    }

    /// Appends the next line without its end, at most [`MAX_ROW_BYTES`] of it; `None` at the end of the input, else
    /// whether all of it is there.
    pub(super) fn next_line(&mut self, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
        if !self.fill()? {
            return Ok(None);
        }
        let start = line.len();
        let mut whole = true;
        loop {
            if !self.fill()? {
                break;
            }
            let part = &self.buffer[self.at..self.len];
            let end = part.iter().position(|&b| b == b'\n');
            let part = &part[..end.unwrap_or(part.len())];
            let room = (start + MAX_ROW_BYTES).saturating_sub(line.len());
            whole &= part.len() <= room;
            line.extend_from_slice(&part[..part.len().min(room)]);
            self.at += part.len();
            if end.is_some() {
                self.at += 1;
                self.line += 1;
                break;
            }
        }
        if line.len() > start && line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(whole))
    }
}
