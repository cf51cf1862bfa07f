//! The other side of each comparison: positions, full scans, and what an answer must be for a scan to agree.

use chrono::{DateTime, Utc};
use geo::{Distance, Geodesic, Point};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use ryadom::domain::location::Published;
use ryadom::domain::{Category, FixedClock, Location, LocationId, PartnerId, Seq};
use ryadom::geometry::LonLat;
use ryadom::index::nearest::Nearest;
use ryadom::index::segment::{Place, Segment, SegmentBuilder};
use ryadom::index::{Options, SpatialIndex, local_day};
use ryadom::sample::Sample;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Two places whose distances differ by less may swap. It is also the least accuracy demanded of `distance_m`: the
/// bar is 1 m, but an answer that is off by more than this may be in a wrong order.
pub const SAME_M: f64 = 0.001;

/// The moment at which these tests take place.
pub fn now() -> DateTime<Utc> {
    "2026-11-22T09:00:00Z".parse().expect("a moment")
}

/// A position.
pub fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("a position")
}

/// A longitude brought back into the world.
pub fn wrapped(lon: f64) -> f64 {
    let lon = (lon + 180.0).rem_euclid(360.0) - 180.0;
    lon.clamp(-180.0, 180.0)
}

/// Karney's geodesic, metres.
pub fn karney_m(p: LonLat, q: LonLat) -> f64 {
    Geodesic.distance(Point::new(p.lon(), p.lat()), Point::new(q.lon(), q.lat()))
}

/// Chance with a seed.
pub fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// Uniform on the sphere.
pub fn anywhere(rng: &mut StdRng) -> LonLat {
    let z: f64 = rng.random_range(-1.0..=1.0);
    at(rng.random_range(-180.0..=180.0), z.asin().to_degrees())
}

/// On or near a pole: itself under many longitudes, and 1 µm to 100 km from it.
pub fn polar(rng: &mut StdRng, north: bool) -> LonLat {
    let off_deg = if rng.random_bool(0.2) { 0.0 } else { 10_f64.powf(rng.random_range(-11.0..0.0)) };
    let lat = 90.0 - off_deg;
    at(rng.random_range(-180.0..=180.0), if north { lat } else { -lat })
}

/// On or near the antimeridian.
pub fn antimeridian(rng: &mut StdRng) -> LonLat {
    const LONS: [f64; 6] = [180.0, -180.0, 179.9999, -179.9999, 179.999_999_999, -179.999_999_999];
    let lon = if rng.random_bool(0.5) {
        LONS[rng.random_range(0..LONS.len())]
    } else {
        wrapped(180.0 + rng.random_range(-0.5..0.5))
    };
    at(lon, rng.random_range(-89.0..=89.0))
}

/// The point on the other side of the world.
pub fn antipode(p: LonLat) -> LonLat {
    at(wrapped(p.lon() + 180.0), -p.lat())
}

/// A place with a name and nothing else.
pub fn bare(id: &str, position: LonLat) -> Published {
    let location = Location {
        id: LocationId::new(id).expect("an id"),
        partner_id: PartnerId::new("p-1").expect("an id"),
        name: format!("Место {id}"),
        category: Category::Museum,
        categories_more: Vec::new(),
        position,
        address: None,
        address_note: None,
        fias_id: None,
        time_zone: chrono_tz::Europe::Moscow,
        hours: None,
        phone: None,
        site: None,
        wheelchair: None,
        benefits: Vec::new(),
        last_confirmed: None,
        photo: None,
    };
    Published { location, partner_name: "Организация".into(), version: 1 }
}

/// Places of every awkward kind: three fifths as in towns, then uniform, polar, antimeridian and piled up.
pub fn awkward(seed: u64, n: usize) -> Vec<Published> {
    let mut sample = Sample::new(seed);
    let mut rng = rng(seed ^ 0xA11);
    let spots: Vec<LonLat> = (0..(n / 1_000).max(3)).map(|_| anywhere(&mut rng)).collect();
    (0..n)
        .map(|i| {
            let mut published = sample.published();
            published.location.position = match i % 20 {
                0..12 => published.location.position,
                12..15 => anywhere(&mut rng),
                15 => polar(&mut rng, true),
                16 => polar(&mut rng, false),
                17 | 18 => antimeridian(&mut rng),
                _ => spots[rng.random_range(0..spots.len())],
            };
            published
        })
        .collect()
}

/// Where people ask from: near places, on them, opposite them, at the poles, on the antimeridian, anywhere.
pub fn awkward_query(rng: &mut StdRng, places: &[Published]) -> LonLat {
    let some = places[rng.random_range(0..places.len())].location.position;
    match rng.random_range(0..20) {
        0..8 => at(
            wrapped(some.lon() + rng.random_range(-0.1..0.1)),
            (some.lat() + rng.random_range(-0.1..0.1)).clamp(-90.0, 90.0),
        ),
        8 | 9 => some,
        10 | 11 => antipode(some),
        12 => polar(rng, true),
        13 => polar(rng, false),
        14 => at(rng.random_range(-180.0..=180.0), if rng.random_bool(0.5) { 90.0 } else { -90.0 }),
        15 | 16 => antimeridian(rng),
        _ => anywhere(rng),
    }
}

/// A segment of these places, in the order given.
pub fn segment<'a>(places: impl IntoIterator<Item = &'a Published>) -> Segment {
    let mut builder = SegmentBuilder::default();
    for published in places {
        builder.push(&Place::of(published, local_day(now(), published)));
    }
    builder.build()
}

/// An index that has just started with these places.
pub fn index<'a>(places: impl IntoIterator<Item = &'a Published>, options: Options) -> SpatialIndex {
    SpatialIndex::from_segment(segment(places), Seq(1), Arc::new(FixedClock::at(now())), options)
}

/// Runs `work(i)` for every `i` on all processors.
pub fn on_all_processors(n: usize, work: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= n {
                        break;
                    }
                    work(i);
                }
            });
        }
    });
}

/// A full scan around one position: every place that matches, by Karney.
pub struct Scan<'a> {
    from: LonLat,
    /// By distance, then id; complete up to `sorted_to_m`.
    sorted: Vec<(f64, &'a Published)>,
    sorted_to_m: f64,
    /// Of everything that matches, in no order.
    distances_m: Vec<f64>,
}

impl<'a> Scan<'a> {
    /// Scans; what lies beyond the first `first` places (and their ties) is counted and not sorted.
    pub fn new(places: impl IntoIterator<Item = &'a Published>, from: LonLat, first: usize) -> Self {
        let all: Vec<(f64, &Published)> =
            places.into_iter().map(|p| (karney_m(from, p.location.position), p)).collect();
        let distances_m: Vec<f64> = all.iter().map(|(d, _)| *d).collect();
        let sorted_to_m = if all.len() <= first + 1 {
            f64::INFINITY
        } else {
            let mut distances_m = distances_m.clone();
            *distances_m.select_nth_unstable_by(first, f64::total_cmp).1 + 2.0 * SAME_M
        };
        let mut sorted: Vec<_> = all.into_iter().filter(|(d, _)| *d <= sorted_to_m).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.location.id.cmp(&b.1.location.id)));
        Self { from, sorted, sorted_to_m, distances_m }
    }

    /// The distance of the place of a rank.
    pub fn nth_m(&self, rank: usize) -> Option<f64> {
        self.sorted.get(rank).map(|(d, _)| *d)
    }

    /// Whether an answer is the one of this scan; says what is wrong with it.
    ///
    /// Ids stand in order, but places within [`SAME_M`] of each other may swap; places at one and the same position
    /// stand by id. Distances are right to [`SAME_M`].
    pub fn check(&self, found: &Nearest<'_>, limit: usize, max_distance_m: f64) -> Result<(), String> {
        let describe = || format!("from {}, limit {limit}, within {max_distance_m} m", self.from);
        let sure = self.distances_m.iter().filter(|&&d| d <= max_distance_m - SAME_M).count();
        let perhaps = self.distances_m.iter().filter(|&&d| d <= max_distance_m + SAME_M).count();
        let n = found.neighbours.len();
        if n < sure.min(limit) || n > perhaps.min(limit) {
            return Err(format!("{}: {n} places; the scan has {sure} to {perhaps}", describe()));
        }
        if (perhaps <= limit && !found.complete) || (sure > limit && found.complete) {
            return Err(format!("{}: complete is {}; {sure} to {perhaps} match", describe(), found.complete));
        }
        let by_id: HashMap<&str, (f64, &Published)> =
            self.sorted.iter().map(|&(d, p)| (p.location.id.as_str(), (d, p))).collect();
        let mut seen = HashSet::new();
        let mut before_m = 0.0;
        // Ids met so far at one position, in the order met.
        let mut piles: HashMap<[u64; 2], Vec<&str>> = HashMap::new();
        for (rank, neighbour) in found.neighbours.iter().enumerate() {
            let id = neighbour.place.id();
            let wanted_m = self.nth_m(rank).ok_or_else(|| format!("{}: rank {rank} is beyond the scan", describe()))?;
            let Some(&(own_m, published)) = by_id.get(id) else {
                return Err(format!("{}: rank {rank} is {id}, which is not within {} m", describe(), self.sorted_to_m));
            };
            if !seen.insert(id) {
                return Err(format!("{}: {id} twice", describe()));
            }
            if neighbour.place.position() != published.location.position {
                return Err(format!("{}: {id} stands at {}", describe(), neighbour.place.position()));
            }
            if (own_m - wanted_m).abs() > SAME_M {
                return Err(format!(
                    "{}: rank {rank} is {id} at {own_m} m; the scan has {} at {wanted_m} m",
                    describe(),
                    self.sorted[rank].1.location.id
                ));
            }
            if (neighbour.distance_m - own_m).abs() > SAME_M {
                return Err(format!("{}: {id} is {own_m} m away, not {}", describe(), neighbour.distance_m));
            }
            if neighbour.distance_m < before_m - SAME_M {
                return Err(format!("{}: {id} at rank {rank} is nearer than the one before it", describe()));
            }
            before_m = neighbour.distance_m;
            piles.entry(pile(published)).or_default().push(id);
        }
        // The members of a pile that are shown are its first by id, and in that order.
        for (key, shown) in piles {
            let mut whole: Vec<&str> =
                self.sorted.iter().filter(|(_, p)| pile(p) == key).map(|(_, p)| p.location.id.as_str()).collect();
            whole.sort_unstable();
            if whole[..shown.len()] != shown[..] {
                return Err(format!("{}: at one position {shown:?} of {whole:?}", describe()));
            }
        }
        Ok(())
    }
}

fn pile(published: &Published) -> [u64; 2] {
    let p = published.location.position;
    [p.lon().to_bits(), p.lat().to_bits()]
}
