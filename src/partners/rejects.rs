//! The rejected rows in a file of their own, in the form they came in: corrected there, it is imported again.
//!
//! A table keeps its columns, separator and order, and gains `_line`, `_column`, `_code`, `_problem`, `_remedy`; a
//! feature gains a member `_problems`. The import passes over what begins with `_`.

use super::problem::Problem;
use crate::domain::Lang;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file of rejected rows; made with the first one.
pub(super) struct Rejects {
    path: PathBuf,
    lang: Lang,
    file: Option<BufWriter<File>>,
}

const ADDED: [&str; 5] = ["_line", "_column", "_code", "_problem", "_remedy"];

impl Rejects {
    pub(super) fn new(path: PathBuf, lang: Lang) -> Self {
        Self { path, lang, file: None }
    }

    /// Where the rows are; `None` when there were none.
    pub(super) fn written(&self) -> Option<&Path> {
        self.file.is_some().then_some(self.path.as_path())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn create(&mut self) -> io::Result<&mut BufWriter<File>> {
        if self.file.is_none() {
            self.file = Some(BufWriter::new(File::create(&self.path)?));
        }
        self.file.as_mut().ok_or_else(|| io::Error::other("the file was just made"))
    }

    pub(super) fn add_row(
        &mut self,
        heading: &[String],
        delimiter: u8,
        cells: &[String],
        problems: &[&Problem],
    ) -> io::Result<()> {
        let is_first = self.file.is_none();
        let lang = self.lang;
        let file = self.create()?;
        let kept = |i: usize| heading.get(i).is_none_or(|h| !h.starts_with('_'));
        let mut csv = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(file);
        if is_first {
            // With the mark Excel takes the file for UTF-8.
            let mut first: Vec<String> =
                heading.iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, h)| h.clone()).collect();
            if let Some(h) = first.first_mut() {
                h.insert(0, '\u{feff}');
            }
            csv.write_record(first.iter().map(String::as_str).chain(ADDED))?;
        }
        // Cells without a heading would stand under ours; they go into the last cell of the row.
        let mut row: Vec<String> =
            (0..heading.len()).filter(|&i| kept(i)).map(|i| cells.get(i).cloned().unwrap_or_default()).collect();
        if cells.len() > heading.len()
            && let Some(last) = row.last_mut()
        {
            for extra in &cells[heading.len()..] {
                last.push(delimiter as char);
                last.push_str(extra);
            }
        }
        let join = |each: &dyn Fn(&Problem) -> String| problems.iter().map(|p| each(p)).collect::<Vec<_>>().join(" | ");
        row.push(problems.first().map_or(0, |p| p.line).to_string());
        row.push(join(&|p| p.column.as_deref().unwrap_or_default().to_owned()));
        row.push(join(&|p| p.code().to_owned()));
        row.push(join(&|p| p.message(lang).into_owned()));
        row.push(join(&|p| p.remedy(lang).into_owned()));
        csv.write_record(&row)?;
        csv.flush()
    }

    pub(super) fn add_feature(&mut self, original: Result<&Value, String>, problems: &[&Problem]) -> io::Result<()> {
        let lang = self.lang;
        let problems: Vec<Value> = problems.iter().map(|p| p.to_json(lang)).collect();
        let mut value = match original {
            Ok(value @ Value::Object(_)) => value.clone(),
            Ok(other) => json!({ "_raw": other }),
            Err(text) => json!({ "_raw": text }),
        };
        if let Some(object) = value.as_object_mut() {
            object.insert("_problems".into(), Value::Array(problems));
        }
        let file = self.create()?;
        serde_json::to_writer(&mut *file, &value)?;
        file.write_all(b"\n")
    }

    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Problem {
    /// The problem as JSON, in one language.
    pub fn to_json(&self, lang: Lang) -> Value {
        json!({
            "line": self.line,
            "id": self.id,
            "column": self.column.as_deref(),
            "code": self.code(),
            "severity": self.severity(),
            "reason": self.message(lang),
            "remedy": self.remedy(lang),
        })
    }
}
