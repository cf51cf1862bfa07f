//! `sortby`: a list of properties, each up or down.

use crate::feature::properties::{PROPERTIES, Property, Record, Type, Value};
use std::cmp::Ordering;

/// One property to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SortKey {
    /// Its name.
    pub name: &'static str,
    /// Whether the greatest comes first.
    pub down: bool,
}

/// What can be sorted by: what has one value.
pub fn sortables() -> impl Iterator<Item = &'static Property> {
    PROPERTIES.iter().filter(|p| p.kind != Type::Texts)
}

/// The keys of `+name,-benefit_value`; a plus may be left out, and one that arrived as a space is forgiven.
///
/// # Errors
/// The name that cannot be sorted by.
pub fn parse(text: &str) -> Result<Vec<SortKey>, String> {
    text.split(',')
        .map(|part| {
            let part = part.trim();
            let (name, down) =
                part.strip_prefix('-').map_or((part.strip_prefix('+').unwrap_or(part), false), |n| (n, true));
            let found = sortables().find(|p| p.name == name).ok_or_else(|| name.to_owned())?;
            Ok(SortKey { name: found.name, down })
        })
        .collect()
}

/// A value to sort by.
#[derive(Debug, Clone, PartialEq)]
pub enum Rank {
    /// A text, or a day as one.
    Text(Box<str>),
    /// A number.
    Number(f64),
    /// Nothing is known: last, whichever way.
    Unknown,
}

/// A place in an order: its ranks, then its id.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// One for each key.
    pub ranks: Box<[Rank]>,
    /// Which place.
    pub id: Box<str>,
}

impl Ranked {
    /// The ranks of a place.
    pub fn of(keys: &[SortKey], record: &Record<'_>) -> Self {
        let rank = |key: &SortKey| match record.get(key.name) {
            Some(Value::Text(text)) => Rank::Text(text.into()),
            Some(Value::Number(n)) => Rank::Number(n),
            Some(Value::Date(day)) => Rank::Text(day.to_string().into()),
            Some(Value::Texts(_)) | None => Rank::Unknown,
        };
        Self { ranks: keys.iter().map(rank).collect(), id: (&*record.id).into() }
    }

    /// The order of two places; equal ranks go by id, so that pages are stable.
    pub fn order(&self, other: &Self, keys: &[SortKey]) -> Ordering {
        let by_rank = keys.iter().zip(self.ranks.iter().zip(&other.ranks)).map(|(key, (a, b))| {
            let turn = |o: Ordering| if key.down { o.reverse() } else { o };
            match (a, b) {
                (Rank::Text(a), Rank::Text(b)) => turn(a.cmp(b)),
                (Rank::Number(a), Rank::Number(b)) => turn(a.total_cmp(b)),
                (Rank::Unknown, Rank::Unknown) => Ordering::Equal,
                // One key has one type; a cursor of somebody's own making has any.
                (Rank::Unknown, _) | (Rank::Text(_), Rank::Number(_)) => Ordering::Greater,
                (_, Rank::Unknown) | (Rank::Number(_), Rank::Text(_)) => Ordering::Less,
            }
        });
        by_rank.fold(Ordering::Equal, Ordering::then).then_with(|| self.id.cmp(&other.id))
    }

    /// What it holds in memory, bytes.
    pub fn size_bytes(&self) -> usize {
        let text = |rank: &Rank| match rank {
            Rank::Text(text) => text.len(),
            Rank::Number(_) | Rank::Unknown => 0,
        };
        size_of::<Self>() + self.id.len() + self.ranks.iter().map(|r| size_of::<Rank>() + text(r)).sum::<usize>()
    }

    /// As a cursor: JSON, the ranks and then the id.
    pub fn to_cursor(&self) -> String {
        let ranks = self.ranks.iter().map(|rank| match rank {
            Rank::Text(text) => serde_json::Value::from(&**text),
            Rank::Number(n) => serde_json::Value::from(*n),
            Rank::Unknown => serde_json::Value::Null,
        });
        ranks.chain([serde_json::Value::from(&*self.id)]).collect::<serde_json::Value>().to_string()
    }

    /// [`Ranked::to_cursor`] undone.
    pub fn of_cursor(text: &str, keys: &[SortKey]) -> Option<Self> {
        let mut values: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
        let id = values.pop()?.as_str()?.into();
        let rank = |value: serde_json::Value| {
            Some(match value {
                serde_json::Value::String(text) => Rank::Text(text.into()),
                serde_json::Value::Number(n) => Rank::Number(n.as_f64()?),
                serde_json::Value::Null => Rank::Unknown,
                _ => return None,
            })
        };
        let ranks: Box<[Rank]> = values.into_iter().map(rank).collect::<Option<_>>()?;
        (ranks.len() == keys.len()).then_some(Self { ranks, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_with_their_signs_and_a_wrong_one_is_named() {
        let keys = parse("-benefit_value, name").unwrap();
        assert_eq!(keys, [SortKey { name: "benefit_value", down: true }, SortKey { name: "name", down: false }]);
        assert_eq!(parse(" name").unwrap(), parse("+name").unwrap());
        assert_eq!(parse("name,categories"), Err("categories".into()));
    }

    #[test]
    fn what_is_unknown_comes_last_either_way_and_cursors_come_back() {
        let ranked =
            |n: Option<f64>, id: &str| Ranked { ranks: [n.map_or(Rank::Unknown, Rank::Number)].into(), id: id.into() };
        for down in [false, true] {
            let keys = [SortKey { name: "benefit_value", down }];
            let mut all = [ranked(None, "c"), ranked(Some(1.0), "b"), ranked(Some(2.5), "a"), ranked(Some(1.0), "a")];
            all.sort_by(|a, b| a.order(b, &keys));
            let ids: Vec<&str> = all.iter().map(|r| &*r.id).collect();
            assert_eq!(ids, if down { ["a", "a", "b", "c"] } else { ["a", "b", "a", "c"] });
            for one in &all {
                assert_eq!(Ranked::of_cursor(&one.to_cursor(), &keys).as_ref(), Some(one));
            }
        }
    }
}
