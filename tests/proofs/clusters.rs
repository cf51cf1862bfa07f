//! At every zoom and under every filter each place is drawn exactly once, and clusters fall apart when they say so.

use crate::brute::{at, awkward, bare, index, rng};
use crate::filters::{Asked, single, vary};
use mvt_reader::Reader;
use mvt_reader::feature::Value;
use rand::RngExt;
use ryadom::domain::change::{Change, ChangeBatch};
use ryadom::domain::location::Published;
use ryadom::domain::{Category, Seq};
use ryadom::geometry::{Bbox, TileCoord, mercator};
use ryadom::index::cells::Area;
use ryadom::index::{Filter, Options, Snapshot, SpatialIndex};
use ryadom::tiles::cluster::{Cluster, Drawn, MAX_ZOOM, count, draw};
use ryadom::tiles::select;
use std::collections::{BTreeMap, BTreeSet};

/// What was drawn, with names of its own.
#[derive(Default)]
struct Seen {
    alone: Vec<String>,
    clusters: Vec<Cluster>,
}

impl Seen {
    fn of(snapshot: &Snapshot, areas: &[Area], z: u8, filter: &Filter) -> Self {
        let mut seen = Self::default();
        for area in areas {
            draw(snapshot, area, z, filter, &mut |drawn| match drawn {
                Drawn::Place(found) => seen.alone.push(found.id().to_owned()),
                Drawn::Cluster(cluster) => seen.clusters.push(cluster),
            });
        }
        seen
    }

    fn total(&self) -> usize {
        self.alone.len() + self.clusters.iter().map(|c| c.point_count as usize).sum::<usize>()
    }
}

/// Places of all kinds, spots that many share among them, half of them edited since the base was made.
fn world(seed: u64, n: usize) -> (SpatialIndex, Vec<Published>) {
    let mut rng = rng(seed);
    let mut places = awkward(seed, n);
    for p in &mut places {
        vary(p, &mut rng);
    }
    let index = index(&places, Options { delta_min: usize::MAX, ..Options::default() });
    let mut changes = Vec::new();
    for i in 0..places.len() {
        match rng.random_range(0..6) {
            0 => changes.push(Change::Remove(places[i].location.id.clone())),
            1 => {
                let onto = places[rng.random_range(0..places.len())].location.position;
                places[i].location.position = onto;
                places[i].version += 1;
                changes.push(Change::Put(Box::new(places[i].clone())));
            }
            _ => {}
        }
    }
    let gone: BTreeSet<String> = changes
        .iter()
        .filter(|c| matches!(c, Change::Remove(_)))
        .map(|c| c.location_id().as_str().to_owned())
        .collect();
    places.retain(|p| !gone.contains(p.location.id.as_str()));
    index.apply(&ChangeBatch { to_seq: Seq(2), changes });
    (index, places)
}

fn questions() -> Vec<Asked> {
    let mut asked = vec![Asked::default()];
    asked.extend(single());
    let pair = |a: &Asked, b: &Asked| Asked {
        categories: [a.categories.clone(), b.categories.clone()].concat(),
        benefits: [a.benefits.clone(), b.benefits.clone()].concat(),
        wheelchair: [a.wheelchair.clone(), b.wheelchair.clone()].concat(),
        open_at: a.open_at.or(b.open_at),
        q: a.q.or(b.q),
    };
    let singles = single();
    asked.extend(singles.iter().zip(singles.iter().rev()).step_by(3).map(|(a, b)| pair(a, b)));
    asked
}

#[test]
fn every_place_is_drawn_once_at_every_zoom_under_every_filter() {
    let (index, places) = world(71, 2_500);
    let snapshot = index.current();
    for asked in questions() {
        let filter = asked.filter();
        let matching: Vec<&Published> = places.iter().filter(|p| asked.matches(p)).collect();
        let mut by_category = BTreeMap::new();
        for p in &matching {
            *by_category.entry(p.location.category).or_insert(0_u32) += 1;
        }
        let all: BTreeSet<&str> = matching.iter().map(|p| p.location.id.as_str()).collect();
        for z in 0..=MAX_ZOOM {
            let tiles: BTreeSet<TileCoord> =
                matching.iter().map(|p| TileCoord::of_code(z, mercator::code(p.location.position))).collect();
            let areas: Vec<Area> = tiles.iter().map(|t| Area::Codes(t.codes())).collect();
            let seen = Seen::of(&snapshot, &areas, z, &filter);
            assert_eq!(seen.total(), matching.len(), "zoom {z} {asked:?}");
            let alone: BTreeSet<&str> = seen.alone.iter().map(String::as_str).collect();
            assert_eq!(alone.len(), seen.alone.len(), "drawn twice, zoom {z} {asked:?}");
            assert!(alone.is_subset(&all), "zoom {z} {asked:?}");
            let mut counted: BTreeMap<Category, u32> = BTreeMap::new();
            for (category, count) in seen.clusters.iter().flat_map(Cluster::counts) {
                *counted.entry(category).or_default() += count;
            }
            for p in matching.iter().filter(|p| alone.contains(p.location.id.as_str())) {
                *counted.entry(p.location.category).or_default() += 1;
            }
            assert_eq!(counted, by_category, "zoom {z} {asked:?}");
            // The world in one piece says the same.
            let world = [Area::Codes(0..=u64::MAX)];
            assert_eq!(Seen::of(&snapshot, &world, z, &filter).total(), matching.len(), "zoom {z} {asked:?}");
        }
    }
}

#[test]
fn a_cluster_falls_apart_at_its_expansion_zoom_and_not_before() {
    let (index, places) = world(72, 2_500);
    let snapshot = index.current();
    let mut seen_zooms = BTreeSet::new();
    for asked in questions().iter().step_by(4) {
        let filter = asked.filter();
        for z in 0..=MAX_ZOOM {
            for cluster in Seen::of(&snapshot, &[Area::Codes(0..=u64::MAX)], z, &filter).clusters {
                let total = cluster.point_count as usize;
                let b = cluster.bbox;
                let own = [Area::Box(b)];
                assert_eq!(Seen::of(&snapshot, &own, MAX_ZOOM, &filter).total(), total, "its box holds it: {b:?}");
                let Some(zoom) = cluster.expansion_zoom else {
                    let there = |p: &&Published| p.location.position == cluster.position && asked.matches(p);
                    assert_eq!(places.iter().filter(there).count(), total, "one position");
                    continue;
                };
                assert!(zoom > z && zoom <= MAX_ZOOM, "{zoom} from {z}");
                seen_zooms.insert(zoom);
                let apart = Seen::of(&snapshot, &own, zoom, &filter);
                assert!(apart.alone.len() + apart.clusters.len() >= 2, "at {zoom}: {:?}", apart.clusters);
                assert_eq!(apart.total(), total);
                let before = Seen::of(&snapshot, &own, zoom - 1, &filter);
                assert_eq!((before.alone.len(), before.clusters.len()), (0, 1), "at {}", zoom - 1);
            }
        }
    }
    assert!(seen_zooms.len() > 10, "clusters of many kinds: {seen_zooms:?}");
}

#[test]
fn a_viewport_draws_what_its_box_holds() {
    let (index, places) = world(73, 2_500);
    let snapshot = index.current();
    let mut rng = rng(74);
    let boxes = (0..60).map(|i| {
        let (west, east) = (rng.random_range(-180.0..180.0), rng.random_range(-180.0..180.0));
        let (a, b): (f64, f64) = (rng.random_range(-90.0..90.0), rng.random_range(-90.0..90.0));
        match i {
            0 => Bbox::new(-180.0, -90.0, 180.0, 90.0).expect("the world"),
            1 => Bbox::new(180.0, -90.0, -180.0, 90.0).expect("the antimeridian"),
            _ => Bbox::new(west, a.min(b), east, a.max(b)).expect("a box"),
        }
    });
    for b in boxes {
        for asked in questions().iter().step_by(7) {
            let filter = asked.filter();
            let expected: BTreeSet<&str> = places
                .iter()
                .filter(|p| asked.matches(p) && b.contains(p.location.position))
                .map(|p| p.location.id.as_str())
                .collect();
            let areas: Vec<Area> = b.split().into_iter().map(Area::Box).collect();
            for z in [0, 2, 5, 9, 13, 17, 18] {
                let seen = Seen::of(&snapshot, &areas, z, &filter);
                assert_eq!(seen.total(), expected.len(), "zoom {z} {b:?} {asked:?}");
                assert!(seen.alone.iter().all(|id| expected.contains(id.as_str())), "zoom {z} {b:?}");
                let counted: usize = areas.iter().map(|area| count(&snapshot, area, z, &filter).0).sum();
                assert_eq!(counted, expected.len());
            }
        }
    }
}

#[test]
fn a_mean_lies_in_the_box_of_its_cluster() {
    let (index, _) = world(75, 1_500);
    let snapshot = index.current();
    for z in 0..=MAX_ZOOM {
        for c in Seen::of(&snapshot, &[Area::Codes(0..=u64::MAX)], z, &Filter::default()).clusters {
            let (b, p) = (c.bbox, c.position);
            let hair = 1e-9;
            assert!(p.lon() >= b.west - hair && p.lon() <= b.east + hair, "{b:?} {p}");
            assert!(p.lat() >= b.south - hair && p.lat() <= b.north + hair, "{b:?} {p}");
        }
    }
}

#[test]
fn at_the_deepest_zoom_only_identical_positions_stay_together() {
    // A tenth of a millimetre apart: one cell of zoom 32 and two positions.
    let near = 41.97 + 1e-9;
    let places = [bare("a", at(41.97, 45.04)), bare("b", at(41.97, 45.04)), bare("c", at(near, 45.04))];
    assert_eq!(mercator::code(at(41.97, 45.04)), mercator::code(at(near, 45.04)), "the case that is meant");
    let index = index(&places, Options::default());
    let seen = Seen::of(&index.current(), &[Area::Codes(0..=u64::MAX)], MAX_ZOOM, &Filter::default());
    assert_eq!(seen.alone, ["c"]);
    assert_eq!(seen.clusters.len(), 1);
    assert_eq!((seen.clusters[0].point_count, seen.clusters[0].expansion_zoom), (2, None));
    let above = Seen::of(&index.current(), &[Area::Codes(0..=u64::MAX)], 17, &Filter::default());
    assert_eq!((above.clusters[0].point_count, above.clusters[0].expansion_zoom), (3, Some(18)));
}

#[test]
fn somebody_elses_reader_finds_the_same_in_a_tile() {
    let (index, places) = world(76, 2_000);
    let snapshot = index.current();
    let filter = Filter::default();
    for z in 0..=MAX_ZOOM {
        let tiles: BTreeSet<TileCoord> =
            places.iter().map(|p| TileCoord::of_code(z, mercator::code(p.location.position))).collect();
        let mut total = 0;
        for tile in tiles.into_iter().step_by(if z > 4 { 9 } else { 1 }) {
            let drawn = Seen::of(&snapshot, &[Area::Codes(tile.codes())], z, &filter);
            let reader = Reader::new(select::mvt(&snapshot, tile, &filter).bytes).expect("a tile");
            let layers = reader.get_layer_metadata().expect("layers");
            assert_eq!(layers.len(), 1);
            assert_eq!((layers[0].name.as_str(), layers[0].extent, layers[0].version), ("locations", 4096, 2));
            let features = reader.get_features(0).expect("features");
            assert_eq!(features.len(), drawn.alone.len() + drawn.clusters.len(), "{tile}");
            let mut alone = drawn.alone.iter();
            let mut clusters = drawn.clusters.iter().map(|c| (c.id.as_str(), c)).collect::<BTreeMap<_, _>>();
            for feature in &features {
                let properties = feature.properties.as_ref().expect("properties");
                let Some(Value::String(id)) = properties.get("id") else { panic!("an id: {properties:?}") };
                // The reader makes a MultiPoint of any point geometry.
                let point = match feature.get_geometry() {
                    geo::Geometry::Point(point) => *point,
                    geo::Geometry::MultiPoint(points) if points.0.len() == 1 => points.0[0],
                    other => panic!("one point and not {other:?}"),
                };
                let (x, y) = (f64::from(point.x()), f64::from(point.y()));
                assert!((0.0..4096.0).contains(&x) && (0.0..4096.0).contains(&y), "{x} {y}");
                if properties.get("cluster") == Some(&Value::Bool(true)) {
                    let cluster = clusters.remove(id.as_str()).expect("a cluster once");
                    assert_eq!(properties.get("point_count"), Some(&Value::UInt(u64::from(cluster.point_count))));
                    for (category, count) in cluster.counts() {
                        let key = format!("n_{}", category.code());
                        assert_eq!(properties.get(&key), Some(&Value::UInt(u64::from(count))));
                    }
                    total += cluster.point_count as usize;
                } else {
                    assert_eq!(alone.next(), Some(id), "in order");
                    let found = snapshot.lookup(id).expect("it is there");
                    let (world_x, world_y) = mercator::world(found.position());
                    let side = f64::from(2_u32.pow(u32::from(z)));
                    let in_tile = |w: f64, n: u32| ((w * side - f64::from(n)) * 4096.0).clamp(0.0, 4095.0);
                    let off = (in_tile(world_x, tile.x()) - x, in_tile(world_y, tile.y()) - y);
                    assert!(off.0 > -1e-3 && off.0 < 1.001 && off.1 > -1e-3 && off.1 < 1.001, "floored: {off:?}");
                    total += 1;
                }
            }
            assert!(clusters.is_empty() && alone.next().is_none());
        }
        assert!(total > 0);
    }
}
