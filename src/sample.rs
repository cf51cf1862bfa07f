//! Invented locations in any number, for tests, benchmarks and load: the same seed gives the same places.
//!
//! They lie around real settlements, so they are as dense in towns and as sparse between them as real ones.

use crate::domain::gazetteer::Gazetteer;
use crate::domain::location::Published;
use crate::domain::{Benefit, BenefitKind, Category, Hours, Location, LocationId, PartnerId, Phone, Wheelchair};
use crate::geometry::LonLat;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// The category that one place in 10,000 has.
pub const RARE: Category = Category::Transport;
/// The category that no place has.
pub const ABSENT: Category = Category::Other;
/// The category that one place in four has.
pub const COMMON: Category = Category::Grocery;

const HOURS: &[&str] = &[
    "We-Su 10:00-18:00; Mo,Tu off",
    "Mo-Fr 08:30-17:00; PH off",
    "Mo-Su 09:00-21:00",
    "Mo-Fr 09:00-18:00; Su 10:00-17:00; We[-1] off",
    "Mo-Fr 08:00-21:00; Sa,Su 09:00-20:00; Jan 1 off",
    "Apr 01-Oct 31: Mo-Su 10:00-22:00; Nov 01-Mar 31: Sa,Su 11:00-18:00",
    "Tu-Su 10:00-18:00; Th 12:00-20:00; Mo off; We[-1] off",
    "Mo-Th 10:00-22:00; Fr,Sa 10:00-02:00; Su 10:00-22:00",
    "24/7",
];

const NAMES: &[&str] =
    &["Пекарня «Колос»", "Аптека", "Музей", "Магазин «Берёзка»", "Кофейня", "Школа танцев", "Оптика", "Парк"];

/// Locations without end.
pub struct Sample {
    rng: StdRng,
    centres: Vec<LonLat>,
    hours: Vec<Hours>,
    next: u64,
}

impl Sample {
    /// Around the settlements of the whole country.
    pub fn new(seed: u64) -> Self {
        let gazetteer = Gazetteer::embedded();
        let centres = ["", "а", "б", "в", "г", "е", "к", "м", "н", "о", "п", "с", "т", "у", "х", "ч", "ш", "я"]
            .iter()
            .flat_map(|q| gazetteer.find(q, 1_000))
            .map(|s| s.position)
            .collect();
        let hours = HOURS.iter().map(|h| Hours::parse(h).expect("checked by the tests of hours")).collect();
        Self { rng: StdRng::seed_from_u64(seed), centres, hours, next: 0 }
    }

    /// A position near some settlement.
    pub fn position(&mut self) -> LonLat {
        let centre = self.centres[self.rng.random_range(0..self.centres.len())];
        // The sum of three is round enough: most within 5 km, a few at 15.
        let mut spread = || (0..3).map(|_| self.rng.random_range(-0.06..0.06)).sum::<f64>();
        let (dx, dy) = (spread(), spread());
        LonLat::new((centre.lon() + dx).clamp(-180.0, 180.0), (centre.lat() + dy).clamp(-90.0, 90.0))
            .expect("clamped to the world")
    }

    /// The random numbers, for whatever else a test has to choose.
    pub fn rng(&mut self) -> &mut impl Rng {
        &mut self.rng
    }

    fn category(&mut self) -> Category {
        if self.next.is_multiple_of(10_000) {
            return RARE;
        }
        if self.rng.random_bool(0.25) {
            return COMMON;
        }
        loop {
            let c = Category::ALL[self.rng.random_range(0..Category::ALL.len())];
            if c != RARE && c != ABSENT && c != COMMON {
                return c;
            }
        }
    }

    /// One more location.
    pub fn published(&mut self) -> Published {
        self.next += 1;
        let n = self.next;
        let position = self.position();
        let category = self.category();
        let r = self.rng.random_range(0..1_000_usize);
        let percent = (r % 50 + 1) as f64;
        let benefit = match r % 5 {
            0 => Benefit {
                kind: Some(BenefitKind::Free),
                value: None,
                ..titled("Бесплатный вход для всей семьи".into())
            },
            _ => Benefit {
                kind: Some(BenefitKind::Percent),
                value: Some(percent),
                ..titled(format!("Скидка {percent} % по карте"))
            },
        };
        let location = Location {
            id: LocationId::new(&format!("s-{n:07}")).expect("letters and digits"),
            partner_id: PartnerId::new(&format!("p-{}", n / 4)).expect("letters and digits"),
            name: format!("{} № {n}", NAMES[r % NAMES.len()]),
            category,
            categories_more: Vec::new(),
            position,
            address: Some(format!("Ставрополь, улица Мира, {}", r + 1)),
            address_note: None,
            fias_id: None,
            time_zone: chrono_tz::Europe::Moscow,
            hours: (!r.is_multiple_of(10)).then(|| self.hours[r % self.hours.len()].clone()),
            phone: Some(Phone { e164: format!("+7000{n:07}"), ext: None }),
            site: None,
            wheelchair: [None, Some(Wheelchair::Yes), Some(Wheelchair::Limited), Some(Wheelchair::No)][r % 4],
            benefits: vec![benefit],
            last_confirmed: None,
            photo: None,
        };
        Published { location, partner_name: format!("Организация {}", n / 4), version: 1 }
    }
}

fn titled(title: String) -> Benefit {
    Benefit { kind: None, value: None, title, terms: None, from: None, to: None, hours: None }
}
