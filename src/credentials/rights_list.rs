//! A list of rights, as an agency uploads it: CSV with `outside_id` or `outside_hash`, `category`, `region`,
//! `valid_until`, and perhaps `valid_from` and `state`.
//!
//! It is read as a stream, and an outside id becomes its hash before the next row is read: it lies in no file, no log
//! and no message of ours.

use super::desk::Desk;
use super::outside_id::{OutsideHash, OutsideIdKey};
use super::rights::{NewRight, RightError, RightState};
use crate::domain::{Words, words};
use chrono::NaiveDate;
use std::io::{Read, Write};

/// Why a list was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// A line that is no right.
    #[error("line {line}: {why}")]
    Form {
        /// From 1, the heading counted.
        line: u64,
        /// What is wrong; never the value itself.
        why: Words,
    },
    /// A right that cannot be, by its number from 0.
    #[error("right {0}: {1}")]
    Right(usize, RightError),
}

const NO_ID: Words = words("в outside_id нет ни буквы, ни цифры", "outside_id has no letter and no digit");

/// The columns of a list.
struct Columns {
    outside_id: Option<usize>,
    outside_hash: Option<usize>,
    category: usize,
    region: usize,
    valid_from: Option<usize>,
    valid_until: usize,
    state: Option<usize>,
}

impl Columns {
    fn of(headings: &csv::StringRecord) -> Result<Self, ListError> {
        let known = ["outside_id", "outside_hash", "category", "region", "valid_from", "valid_until", "state"];
        let wrong = |why| ListError::Form { line: 1, why };
        let headings: Vec<&str> = headings.iter().map(|h| h.trim().trim_start_matches('\u{feff}')).collect();
        if headings.iter().any(|h| !known.contains(h)) {
            // Names, addresses and documents must not even be sent.
            return Err(wrong(words(
                "есть только outside_id, outside_hash, category, region, valid_from, valid_until и state: остальные столбцы уберите",
                "only outside_id, outside_hash, category, region, valid_from, valid_until and state are taken: leave every other column out",
            )));
        }
        if headings.iter().enumerate().any(|(i, h)| headings[..i].contains(h)) {
            // Of two columns of outside ids the second would stay as it is, and leave the agency unhashed.
            return Err(wrong(words(
                "столбец назван дважды: уберите один",
                "a column stands twice: leave one of them out",
            )));
        }
        let at = |name: &str| headings.iter().position(|h| *h == name);
        let columns = Self {
            outside_id: at("outside_id"),
            outside_hash: at("outside_hash"),
            category: at("category").ok_or(wrong(words("нет столбца category", "the column category is missing")))?,
            region: at("region").ok_or(wrong(words("нет столбца region", "the column region is missing")))?,
            valid_from: at("valid_from"),
            valid_until: at("valid_until")
                .ok_or(wrong(words("нет столбца valid_until", "the column valid_until is missing")))?,
            state: at("state"),
        };
        if columns.outside_id.is_some() == columns.outside_hash.is_some() {
            return Err(wrong(words(
                "нужен один из столбцов outside_id и outside_hash",
                "one of the columns outside_id and outside_hash is needed",
            )));
        }
        Ok(columns)
    }
}

fn reader<R: Read>(from: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(from)
}

fn no_csv(error: &csv::Error) -> ListError {
    ListError::Form {
        line: error.position().map_or(1, csv::Position::line),
        why: words(
            "строка — не CSV в UTF-8 с тем же числом ячеек, что в заголовке",
            "the line is no CSV in UTF-8 with as many cells as the heading",
        ),
    }
}

/// Reads a list.
///
/// # Errors
/// [`ListError`] of the first line that is wrong.
pub fn read(from: impl Read, key: &OutsideIdKey) -> Result<Vec<NewRight>, ListError> {
    let mut reader = reader(from);
    let columns = Columns::of(reader.headers().map_err(|e| no_csv(&e))?)?;
    let mut rights = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| no_csv(&e))?;
        let line = record.position().map_or(0, csv::Position::line);
        let wrong = |why| ListError::Form { line, why };
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let day = |at: usize| {
            let text = cell(at);
            text.parse::<NaiveDate>().or_else(|_| NaiveDate::parse_from_str(text, "%d.%m.%Y")).map_err(|_| {
                wrong(words("дни пишутся 2027-03-31 или 31.03.2027", "days are written 2027-03-31 or 31.03.2027"))
            })
        };
        let outside = match (columns.outside_id, columns.outside_hash) {
            (Some(at), _) => key.hash(cell(at)).ok_or(wrong(NO_ID))?,
            (_, Some(at)) => OutsideHash::parse(cell(at)).ok_or(wrong(words(
                "outside_hash — это v1:<64 шестнадцатеричные цифры>",
                "outside_hash must be v1:<64 hex digits>",
            )))?,
            (None, None) => return Err(wrong(words("нет outside_id", "outside_id is missing"))),
        };
        let state = match columns.state.map(cell).filter(|code| !code.is_empty()) {
            None => RightState::Confirmed,
            Some(code) => {
                RightState::of_code(code).ok_or(wrong(words("такого состояния нет", "the state is unknown")))?
            }
        };
        rights.push(NewRight {
            category: cell(columns.category).to_owned(),
            region: cell(columns.region).to_owned(),
            valid_from: columns.valid_from.filter(|at| !cell(*at).is_empty()).map(day).transpose()?,
            valid_until: day(columns.valid_until)?,
            outside: Some(outside),
            state,
        });
    }
    Ok(rights)
}

/// Reads a list and takes it: all rows or none.
///
/// # Errors
/// [`ListError`].
pub async fn take(desk: &Desk, from: impl Read, actor: &str) -> Result<usize, ListError> {
    let rights = read(from, desk.outside())?;
    desk.put_rights(&rights, actor).await.map_err(|(row, error)| ListError::Right(row, error))
}

/// What `ryadom hash-list` does at the agency: the same list with `outside_hash` in the place of `outside_id`.
///
/// # Errors
/// [`ListError`] of the first line that is wrong; what was written by then is of no use.
pub fn hash_list(from: impl Read, to: impl Write, key: &OutsideIdKey) -> Result<usize, ListError> {
    let mut reader = reader(from);
    let headings = reader.headers().map_err(|e| no_csv(&e))?.clone();
    let Some(at) = Columns::of(&headings)?.outside_id else {
        return Err(ListError::Form {
            line: 1,
            why: words("нет столбца outside_id", "the column outside_id is missing"),
        });
    };
    let mut writer = csv::Writer::from_writer(to);
    let failed = |line| ListError::Form {
        line,
        why: words("новый список не записывается", "the new list cannot be written"),
    };
    let renamed = headings
        .iter()
        .enumerate()
        .map(|(i, h)| if i == at { "outside_hash" } else { h.trim_start_matches('\u{feff}') });
    writer.write_record(renamed).map_err(|_| failed(1))?;
    let mut count = 0;
    for record in reader.records() {
        let record = record.map_err(|e| no_csv(&e))?;
        let line = record.position().map_or(0, csv::Position::line);
        let hash = key.hash(record.get(at).unwrap_or_default());
        let hash = hash.ok_or(ListError::Form { line, why: NO_ID })?.to_text();
        let cells = record.iter().enumerate().map(|(i, cell)| if i == at { &*hash } else { cell });
        writer.write_record(cells).map_err(|_| failed(line))?;
        count += 1;
    }
    writer.flush().map_err(|_| failed(0))?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> OutsideIdKey {
        OutsideIdKey::parse(&format!("1:{}", "cd".repeat(32))).unwrap()
    }

    /// Found by fuzzing: the second column of outside ids went out as it was.
    #[test]
    fn a_column_that_stands_twice_is_refused() {
        let list = "outside_id,category,region,outside_id,valid_until\n1,large_family,26,26-AB 002,2027-03-31\n";
        let mut hashed = Vec::new();
        assert!(hash_list(list.as_bytes(), &mut hashed, &key()).is_err() && hashed.is_empty());
        assert!(read(list.as_bytes(), &key()).is_err());
    }

    #[test]
    fn a_list_and_its_hashed_twin_say_the_same() {
        let list = "outside_id,category,region,valid_until,state\n26-АВ 001,large_family,26,2027-03-31,\n\
                    26-АВ 002,large_family,26,31.12.2027,applied\n";
        let mut hashed = Vec::new();
        assert_eq!(hash_list(list.as_bytes(), &mut hashed, &key()).unwrap(), 2);
        assert!(!String::from_utf8(hashed.clone()).unwrap().contains("001"));
        let (plain, twin) = (read(list.as_bytes(), &key()).unwrap(), read(&hashed[..], &key()).unwrap());
        for (a, b) in plain.iter().zip(&twin) {
            assert_eq!((a.outside, &a.region, a.valid_until, a.state), (b.outside, &b.region, b.valid_until, b.state));
        }
        assert_eq!((plain.len(), plain[1].state), (2, RightState::Applied));
    }

    #[test]
    fn what_a_list_must_not_hold_is_refused_and_never_repeated() {
        for (list, at) in [
            ("outside_id,category,region,valid_until,name\n1,large_family,26,2027-03-31,Иванова\n", 1),
            ("category,region,valid_until\nlarge_family,26,2027-03-31\n", 1),
            ("outside_id,outside_hash,category,region,valid_until\n", 1),
            ("outside_id,category,region,valid_until\n26-АВ 001,large_family,26,soon\n", 2),
            ("outside_id,category,region,valid_until\n№,large_family,26,2027-03-31\n", 2),
            ("outside_id,category,region,valid_until\n1,large_family\n", 2),
        ] {
            let Err(error @ ListError::Form { line, .. }) = read(list.as_bytes(), &key()) else { panic!("{list}") };
            assert_eq!(line, at, "{list}");
            assert!(!error.to_string().contains("001") && !error.to_string().contains("Иванова"));
        }
    }
}
