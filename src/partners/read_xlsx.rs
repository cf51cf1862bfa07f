//! Workbooks: the rows of the first sheet with a heading, as texts that a person would read off the screen.
//!
//! A formula is never run: its cell has the value that the spreadsheet left in the file, or counts as one that could not
//! be worked out. A number that a format pads or turns into per cent is padded and turned too, a day is `2027-01-31`.
//! What a cell has lost (`7,7E+09` kept as text, a zero in front of a number) stays lost, and the row's checks say so.
//!
//! # Bounds
//! A workbook is unpacked once and counted before anything of it is kept, as an archive of a few bytes may hold
//! gigabytes; then rows, columns, cells and text are counted while they are read.

use super::heading::{Heading, Needs};
use super::read_csv::Row;
use super::source::{Bytes, SourceFault};
use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Style, Xlsx};
use chrono::{NaiveTime, Timelike};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Cursor, Read};

/// Largest file.
const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// Largest content, unpacked.
const MAX_UNPACKED_BYTES: u64 = 256 * 1024 * 1024;
/// Most files in the archive.
const MAX_ENTRIES: usize = 2_000;
/// Columns that are looked at.
const MAX_COLUMNS: u32 = 256;
/// Most cells with something in them.
const MAX_CELLS: usize = 5_000_000;
/// Most text in them.
const MAX_TEXT_BYTES: usize = 256 * 1024 * 1024;
/// Rows at the top among which the heading is looked for; above it people write titles.
const HEADING_ROWS: usize = 20;
/// Fields that a heading names at least.
const HEADING_FIELDS: usize = 2;
/// What stands for a formula that nobody worked out, as spreadsheets show it.
const NOT_WORKED_OUT: &str = "#CALC!";

type Workbook = Xlsx<Cursor<Vec<u8>>>;
type Cells = BTreeMap<u32, String>;

/// A workbook that was read.
pub(super) struct XlsxReader {
    heading: Heading,
    /// Rows below the heading with their number on the sheet, last first.
    rows: Vec<(u64, Vec<String>)>,
    current: Vec<String>,
}

impl XlsxReader {
    /// Reads the workbook.
    pub(super) fn new(bytes: Bytes, needs: Needs) -> Result<Self, SourceFault> {
        let bytes = bytes.read_all(MAX_FILE_BYTES).map_err(SourceFault::Read)?;
        let bytes = bytes.ok_or(SourceFault::WorkbookTooLarge("64 MiB"))?;
        measure(&bytes)?;
        let mut workbook: Workbook = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
        let sheets: Vec<String> = workbook
            .sheets_metadata()
            .iter()
            .filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible)
            .map(|s| s.name.clone())
            .collect();
        let mut best: Option<SourceFault> = None;
        for sheet in sheets {
            let rows = rows_of(&mut workbook, &sheet)?;
            let found = rows.iter().take(HEADING_ROWS).find_map(|(&number, cells)| {
                let heading = Heading::of(texts(cells).into_iter().map(|t| t.trim().to_owned()).collect());
                (heading.known() >= HEADING_FIELDS).then_some((number, heading))
            });
            let Some((number, heading)) = found else { continue };
            match heading.check(needs) {
                Ok(()) => return Ok(Self::below(number, heading, rows)),
                Err(fault) => best = best.or(Some(fault)),
            }
        }
        Err(best.unwrap_or(SourceFault::NoSheet))
    }

    fn below(heading_row: u32, heading: Heading, rows: BTreeMap<u32, Cells>) -> Self {
        let below = rows.into_iter().filter(|(number, _)| *number > heading_row);
        let mut rows: Vec<(u64, Vec<String>)> =
            below.map(|(number, cells)| (u64::from(number) + 1, texts(&cells))).collect();
        rows.reverse();
        Self { heading, rows, current: Vec::new() }
    }

    /// The next row; blank ones are passed over.
    pub(super) fn next(&mut self) -> Option<Row> {
        let (line, texts) = self.rows.pop()?;
        self.current = texts;
        let texts = || self.current.iter().map(|t| Cow::Borrowed(t.as_str()));
        Some(match self.heading.too_many(texts()) {
            Some(fault) => {
                let id = self.heading.id_column().and_then(|i| self.current.get(i)).map(|t| t.trim().to_owned());
                Row::Bad { line, id: id.filter(|t| !t.is_empty()), fault }
            }
            None => Row::Raw(self.heading.row(line, texts())),
        })
    }

    /// Columns that are not read.
    pub(super) fn unknown(&self) -> Vec<String> {
        self.heading.unknown()
    }

    /// The heading as written, and the cells of the row that was read last.
    pub(super) fn original(&self) -> (&[String], &[String]) {
        (self.heading.names(), &self.current)
    }
}

fn broken(error: impl std::fmt::Display) -> SourceFault {
    SourceFault::NotAWorkbook(error.to_string().chars().take(120).collect())
}

/// Unpacks everything into nothing and counts: sizes that an archive claims are no promise.
fn measure(bytes: &[u8]) -> Result<(), SourceFault> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MAX_ENTRIES {
        return Err(SourceFault::WorkbookTooLarge("2000 files"));
    }
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let unpacked = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(broken)?;
        left = left.checked_sub(unpacked).ok_or(SourceFault::WorkbookTooLarge("256 MiB"))?;
    }
    Ok(())
}

/// The rows of a sheet that hold anything, by their number from 0.
fn rows_of(workbook: &mut Workbook, sheet: &str) -> Result<BTreeMap<u32, Cells>, SourceFault> {
    let uncomputed = uncomputed(workbook, sheet)?;
    let mut rows: BTreeMap<u32, Cells> = BTreeMap::new();
    let (mut cells, mut text_bytes) = (0, 0);
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(broken)?;
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(broken)? {
        let (row, column) = cell.get_position();
        let text = match cell.get_value() {
            DataRef::Empty if uncomputed.contains(&(row, column)) => NOT_WORKED_OUT.to_owned(),
            value => shown(value, reader.styles().get(style)),
        };
        if column >= MAX_COLUMNS || text.trim().is_empty() {
            continue;
        }
        cells += 1;
        text_bytes += text.len();
        if cells > MAX_CELLS || text_bytes > MAX_TEXT_BYTES {
            return Err(SourceFault::WorkbookTooLarge("5 000 000 cells"));
        }
        rows.entry(row).or_default().insert(column, text);
    }
    Ok(rows)
}

/// Where formulas stand that the program which wrote the file did not work out.
fn uncomputed(workbook: &mut Workbook, sheet: &str) -> Result<HashSet<(u32, u32)>, SourceFault> {
    let mut found = HashSet::new();
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(broken)?;
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(broken)? {
        if cell.formula.is_some() && cell.value == DataRef::Empty && found.len() < MAX_CELLS {
            found.insert(cell.pos);
        }
    }
    Ok(found)
}

/// The texts of a row from its first column on.
fn texts(cells: &Cells) -> Vec<String> {
    let columns = cells.last_key_value().map_or(0, |(&last, _)| last as usize + 1);
    let mut texts = vec![String::new(); columns];
    for (&column, text) in cells {
        texts[column as usize].clone_from(text);
    }
    texts
}

/// What a person reads in the cell.
fn shown(value: &DataRef<'_>, style: Option<&Style>) -> String {
    let format = style.and_then(|s| s.number_format.as_ref()).map_or("", |f| f.format_code.as_str());
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(n) => number(*n as f64, format),
        DataRef::Float(n) => number(*n, format),
        DataRef::SharedString(s) => (*s).to_owned(),
        DataRef::Bool(b) => if *b { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(moment) => day_or_time(*moment),
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::Error(e) => e.to_string(),
    }
}

/// A number as its format shows it, where the format adds something that people read: zeros in front, per cent.
fn number(value: f64, format: &str) -> String {
    let plain = |v: f64| {
        // 15 digits, as spreadsheets have; 0.1 + 0.2 is 0.3 on the screen.
        let rounded: f64 = format!("{v:.14e}").parse().unwrap_or(v);
        rounded.to_string()
    };
    if format.trim_end().ends_with('%') && !format.contains(';') {
        return format!("{}%", plain(value * 100.0));
    }
    let text = plain(value);
    let zeros = format.len();
    let pads = zeros > 1 && format.bytes().all(|b| b == b'0') && text.bytes().all(|b| b.is_ascii_digit());
    if pads { format!("{text:0>zeros$}") } else { text }
}

/// A day, a time of day, or both.
fn day_or_time(moment: ExcelDateTime) -> String {
    let clock = |t: NaiveTime| {
        if t.second() == 0 { t.format("%H:%M").to_string() } else { t.format("%H:%M:%S").to_string() }
    };
    let value = moment.as_f64();
    let Some(at) = moment.as_datetime().filter(|_| value.is_finite() && value >= 0.0) else {
        return value.to_string();
    };
    if value < 1.0 {
        return clock(at.time());
    }
    if moment.is_duration() {
        // `[h]:mm`: hours go on past a day.
        let minutes = (value * 24.0 * 60.0).round() as i64;
        return format!("{:02}:{:02}", minutes / 60, minutes % 60);
    }
    let day = at.date().to_string();
    if at.time() == NaiveTime::MIN { day } else { format!("{day} {}", clock(at.time())) }
}

#[cfg(test)]
mod tests;
