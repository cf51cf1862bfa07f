//! Settlements by name, in memory: what a parent types when location is refused, and whose clock a place follows.

use super::fold::fold;
use super::lang::Lang;
use crate::geometry::LonLat;
use serde::Deserialize;

/// A town or village.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// Stable id of its source.
    pub id: String,
    /// Russian name.
    pub name_ru: String,
    /// English name, where one is known.
    pub name_en: Option<String>,
    /// District, where one is known (Stavropol Krai).
    pub district: Option<String>,
    /// Federal subject, as the source spells it.
    pub region: String,
    /// A point of it.
    pub position: LonLat,
    /// Used to rank names, not as a fact.
    pub population: u32,
    folded: Vec<String>,
    home: bool,
}

impl Settlement {
    /// Its name in a language; Russian where there is no other.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.name_ru,
            Lang::En => self.name_en.as_deref().unwrap_or(&self.name_ru),
        }
    }

    /// Whether it lies in the krai that this service is made for.
    pub fn is_home(&self) -> bool {
        self.home
    }
}

/// Every settlement of the embedded files.
pub struct Gazetteer(Vec<Settlement>);

#[derive(Deserialize)]
struct Row {
    id: String,
    name_ru: String,
    name_en: Option<String>,
    lon: f64,
    lat: f64,
    population: Option<u32>,
    admin: String,
    district: Option<String>,
}

const STAVROPOL: &str = include_str!("../../data/gazetteer/stavropol_places.csv");
const RUSSIA: &str = include_str!("../../data/gazetteer/russia_places.csv");

/// Words that say what kind of settlement follows, folded; they are not part of the name.
const KINDS: &[&str] = &[
    "г",
    "гор",
    "город",
    "ст",
    "ст ца",
    "станица",
    "с",
    "село",
    "х",
    "хутор",
    "п",
    "пос",
    "поселок",
    "пгт",
    "рп",
    "аул",
    "а",
    "дер",
    "д",
    "деревня",
    "town",
    "city",
    "village",
];

impl Gazetteer {
    /// Reads the embedded files. A row that cannot be read would be a fault of the build; the tests count them.
    pub fn embedded() -> Self {
        let mut all = Vec::new();
        for (file, home) in [(STAVROPOL, true), (RUSSIA, false)] {
            for row in csv::Reader::from_reader(file.as_bytes()).deserialize::<Row>().flatten() {
                let Ok(position) = LonLat::new(row.lon, row.lat) else { continue };
                if !home && all.iter().any(|s: &Settlement| s.id == row.id) {
                    continue;
                }
                let name_en = row.name_en.filter(|n| !n.is_empty());
                let mut folded = vec![fold(&row.name_ru)];
                folded.extend(name_en.as_deref().map(fold));
                all.push(Settlement {
                    id: row.id,
                    name_ru: row.name_ru,
                    name_en,
                    district: row.district.filter(|d| !d.is_empty()),
                    region: row.admin,
                    position,
                    population: row.population.unwrap_or(0),
                    folded,
                    home,
                });
            }
        }
        Self(all)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every settlement, in the order of the files.
    pub fn all(&self) -> &[Settlement] {
        &self.0
    }

    /// Settlements whose name begins with `q`, or has a word that does; «г. », «ст. », «с. » before it are understood.
    ///
    /// # Shape
    /// At most `limit`: whole names first, then beginnings of names, then of words; the krai before the rest of the
    /// country, larger before smaller.
    pub fn find(&self, q: &str, limit: usize) -> Vec<&Settlement> {
        let q = without_kind(&fold(q));
        if q.is_empty() {
            return Vec::new();
        }
        let word = format!(" {q}");
        let rank = |s: &Settlement| {
            s.folded
                .iter()
                .filter_map(|name| {
                    if *name == q {
                        Some(0)
                    } else if name.starts_with(&q) {
                        Some(1)
                    } else if name.contains(&word) {
                        Some(2)
                    } else {
                        None
                    }
                })
                .min()
        };
        let mut hits: Vec<_> = self.0.iter().filter_map(|s| rank(s).map(|r| (r, s))).collect();
        hits.sort_by_key(|(r, s)| (*r, !s.home, std::cmp::Reverse(s.population), &s.name_ru));
        hits.into_iter().take(limit).map(|(_, s)| s).collect()
    }
}

/// Whether a folded word says what kind of settlement its neighbour names.
pub fn is_kind(word: &str) -> bool {
    KINDS.contains(&word)
}

/// Drops a leading kind when a name follows it: «ст ессентукская», but not «ст» alone, which begins «Ставрополь».
fn without_kind(folded: &str) -> String {
    let name = KINDS
        .iter()
        .filter_map(|kind| folded.strip_prefix(kind)?.strip_prefix(' '))
        .filter(|name| !name.is_empty())
        // The longest kind: «ст-ца» is not «ст» and a settlement called «ца…».
        .min_by_key(|name| name.len());
    name.unwrap_or(folded).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_files_is_read() {
        let rows = |text: &str| text.lines().filter(|l| !l.is_empty()).count() - 1;
        let g = Gazetteer::embedded();
        assert!(g.len() > 3_000 && g.len() <= rows(STAVROPOL) + rows(RUSSIA), "{}", g.len());
        assert_eq!(g.0.iter().filter(|s| s.home).count(), rows(STAVROPOL));
    }

    #[test]
    fn kinds_before_the_name_are_understood() {
        let g = Gazetteer::embedded();
        let first = |q: &str| g.find(q, 5).first().map(|s| s.name_ru.clone()).unwrap_or_default();
        for (q, name) in [
            ("Ставр", "Ставрополь"),
            ("г. Пятигорск", "Пятигорск"),
            ("город Пятигорск", "Пятигорск"),
            ("ст. Ессентукская", "Ессентукская"),
            ("ст-ца Ессентукская", "Ессентукская"),
            ("с. Канглы", "Канглы"),
            ("pyatig", "Пятигорск"),
            ("ст", "Ставрополь"),
            ("дмитриевское", "Дмитриевское"),
            ("москва", "Москва"),
        ] {
            assert_eq!(first(q), name, "{q}");
        }
        assert!(g.find("  ", 5).is_empty() && g.find("ъъъ", 5).is_empty());
    }
}
