//! What is found beside places: categories and settlements. They change with the program only, so their words are
//! indexed once.

use super::shelf::{ADDRESS, CATEGORY, NAME, Shelf};
use super::words::{LINES, Words};
use crate::domain::fold::{fold, fold_into};
use crate::domain::gazetteer::{Gazetteer, Settlement};
use crate::domain::{Category, Lang};
use crate::geometry::{LonLat, geodesic};
use std::cmp::Reverse;

/// People that every settlement is reckoned to have besides its own, or none without a census would ever be found.
const PEOPLE_AT_LEAST: u32 = 100;

/// The words of categories and settlements.
pub struct Lists {
    words: Words,
    settlements: Vec<Known>,
}

/// What orders a settlement.
struct Known {
    ecef: [f64; 3],
    people: f64,
    /// The krai before the rest of the country, larger before smaller.
    order: u32,
}

impl Lists {
    /// Indexes every category and every settlement of a gazetteer.
    pub fn of(gazetteer: &Gazetteer) -> Self {
        let texts: Vec<String> =
            Category::ALL.iter().map(|&c| text_of_category(c)).chain(gazetteer.all().iter().map(text_of)).collect();
        let mut order: Vec<usize> = (0..gazetteer.len()).collect();
        order.sort_by_key(|&i| {
            let s = &gazetteer.all()[i];
            (!s.is_home(), Reverse(s.population), &s.name_ru)
        });
        let mut settlements: Vec<Known> = gazetteer
            .all()
            .iter()
            .map(|s| Known {
                ecef: geodesic::ecef(s.position),
                people: f64::from(s.population.saturating_add(PEOPLE_AT_LEAST)),
                order: 0,
            })
            .collect();
        for (rank, i) in (0..).zip(order) {
            settlements[i].order = rank;
        }
        Self { words: Words::of(texts.iter().map(String::as_str)), settlements }
    }

    /// The category of a slot, or the number of the settlement.
    pub(super) fn entry(slot: u32) -> Result<Category, usize> {
        Category::ALL.get(slot as usize).copied().ok_or_else(|| slot as usize - Category::ALL.len())
    }

    /// Orders entries that match equally well: a large town is found from farther away than a hamlet.
    pub(super) fn tie(&self, slot: u32, near: Option<LonLat>) -> (f64, u32) {
        match Self::entry(slot) {
            Ok(_) => (0.0, slot),
            Err(i) => {
                let known = &self.settlements[i];
                let far = |from| super::chord_2(geodesic::ecef(from), known.ecef) / known.people;
                (near.map_or(0.0, far), known.order)
            }
        }
    }
}

/// Names of one word are names; of names of several words each word is only a part.
fn text_of_category(category: Category) -> String {
    let titles = [category.title(Lang::Ru), category.title(Lang::En)].map(fold);
    let (mut names, mut parts) = (String::new(), String::new());
    for name in category.names() {
        let whole = titles.contains(&name) || !name.contains(' ');
        fold_into(&name, if whole { &mut names } else { &mut parts });
    }
    format!(" {names}\n {parts}\n")
}

fn text_of(settlement: &Settlement) -> String {
    let mut names = fold(&settlement.name_ru);
    if let Some(name) = &settlement.name_en {
        // The mark of a soft sign («Izobil’nyy») parts no words.
        fold_into(&name.replace(['’', '\'', 'ʹ'], ""), &mut names);
    }
    let mut around = fold(&settlement.region);
    if let Some(district) = &settlement.district {
        fold_into(district, &mut around);
    }
    format!(" {names}\n\n {around}")
}

impl Shelf for Lists {
    fn words(&self) -> &Words {
        &self.words
    }
    fn count(&self) -> usize {
        Category::ALL.len() + self.settlements.len()
    }
    fn fields(&self) -> [u8; LINES] {
        [NAME, CATEGORY, ADDRESS]
    }
}
