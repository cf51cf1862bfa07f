//! The heading of a table: which column means what.

use super::field::Field;
use super::problem::Fault;
use super::raw_row::{Cell, RawRow, is_silent};
use super::source::SourceFault;
use std::borrow::Cow;
use std::sync::Arc;

/// Which columns a table cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Those that every place has: id, name, category, position.
    EveryPlace,
    /// The id alone: what the table leaves out stays as it is.
    Id,
}

/// A heading that was read.
#[derive(Debug, Default)]
pub(super) struct Heading {
    names: Vec<String>,
    columns: Vec<Option<(Field, Arc<str>)>>,
    headings: Arc<[(Field, Arc<str>)]>,
}

impl Heading {
    /// Names as they stand in the file.
    pub(super) fn of(names: Vec<String>) -> Self {
        let columns: Vec<_> = names.iter().map(|h| Some((Field::of_heading(h)?, Arc::from(h.as_str())))).collect();
        let headings = columns.iter().flatten().cloned().collect();
        Self { names, columns, headings }
    }

    /// # Errors
    /// [`SourceFault::NoHeading`] and [`SourceFault::ColumnsMissing`].
    pub(super) fn check(&self, needs: Needs) -> Result<(), SourceFault> {
        if !self.headings.iter().any(|(f, _)| matches!(f, Field::Id | Field::Name | Field::Lat | Field::Lon)) {
            let first: String = self.names.join(" | ").chars().take(80).collect();
            return Err(SourceFault::NoHeading(first));
        }
        let has = |field| self.has(field);
        let always: &[Field] = match needs {
            Needs::EveryPlace => &[Field::Id, Field::Name],
            Needs::Id => &[Field::Id],
        };
        let mut missing: Vec<Field> = always.iter().copied().filter(|&f| !has(f)).collect();
        if needs == Needs::EveryPlace {
            if !has(Field::Category) && !has(Field::OsmKind) {
                missing.push(Field::Category);
            }
            if !has(Field::Coordinates) {
                missing.extend([Field::Lat, Field::Lon].into_iter().filter(|&f| !has(f)));
            }
        }
        if missing.is_empty() { Ok(()) } else { Err(SourceFault::ColumnsMissing(missing)) }
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.headings.iter().any(|(f, _)| *f == field)
    }

    /// How many different fields it names.
    pub(super) fn known(&self) -> usize {
        let mut fields: Vec<Field> = Vec::new();
        for (field, _) in self.headings.iter() {
            if !fields.contains(field) {
                fields.push(*field);
            }
        }
        fields.len()
    }

    /// As written.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Columns that are not read.
    pub(super) fn unknown(&self) -> Vec<String> {
        let unread = self.names.iter().zip(&self.columns).filter(|(h, c)| c.is_none() && !is_silent(h));
        unread.map(|(h, _)| h.clone()).collect()
    }

    /// The column of the id.
    pub(super) fn id_column(&self) -> Option<usize> {
        self.columns.iter().position(|c| c.as_ref().is_some_and(|(f, _)| *f == Field::Id))
    }

    /// What is wrong with the number of cells of a row.
    pub(super) fn too_many<'a>(&self, texts: impl ExactSizeIterator<Item = Cow<'a, str>>) -> Option<Fault> {
        let (cells, columns) = (texts.len(), self.columns.len());
        let over = cells > columns && texts.skip(columns).any(|t| !t.trim().is_empty());
        over.then_some(Fault::RowTooManyCells { cells, columns })
    }

    /// The row of these texts.
    pub(super) fn row<'a>(&self, line: u64, texts: impl Iterator<Item = Cow<'a, str>>) -> RawRow {
        let cells = self.columns.iter().zip(texts).filter_map(|(column, text)| {
            let (field, key) = column.as_ref()?;
            (!text.trim().is_empty()).then(|| Cell { field: *field, key: Arc::clone(key), text: text.into_owned() })
        });
        let mut row = RawRow { line, cells: Vec::with_capacity(self.columns.len()), ..RawRow::default() };
        row.cells.extend(cells);
        row.headings = Arc::clone(&self.headings);
        row
    }
}
