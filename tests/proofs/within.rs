//! A viewport holds what its box holds, and every place stands on exactly one of its pages.

use crate::brute::{anywhere, at, awkward, bare, index, polar, rng};
use rand::RngExt;
use rand::rngs::StdRng;
use ryadom::domain::Seq;
use ryadom::domain::change::{Change, ChangeBatch};
use ryadom::domain::location::Published;
use ryadom::geometry::{Bbox, LonLat};
use ryadom::index::within::After;
use ryadom::index::{Filter, Options, Snapshot, SpatialIndex};
use std::collections::BTreeSet;

/// What lies between two meridians (eastward from the first) and two parallels, edges included; said in words of its
/// own and not by `Bbox::contains`.
fn inside(b: &Bbox, p: LonLat) -> bool {
    let lat = b.south <= p.lat() && p.lat() <= b.north;
    let (after_west, before_east) = (b.west <= p.lon(), p.lon() <= b.east);
    lat && if b.west > b.east { after_west || before_east } else { after_west && before_east }
}

fn bbox(west: f64, south: f64, east: f64, north: f64) -> Bbox {
    Bbox::new(west, south, east, north).expect("a box")
}

/// All pages of a box, with what must hold of each.
pub fn pages(snapshot: &Snapshot, b: &Bbox, limit: usize, filter: &Filter) -> Vec<String> {
    let mut ids = Vec::new();
    let mut after: Option<After> = None;
    loop {
        let page = snapshot.within(b, limit, after.as_ref(), filter);
        assert!(page.places.len() <= limit, "{} places on a page of {limit}", page.places.len());
        for pair in page.places.windows(2) {
            let key = |i: usize| (pair[i].code(), pair[i].id());
            assert!(key(0) < key(1), "a page is in order");
        }
        if let (Some(first), Some(after)) = (page.places.first(), &after) {
            assert!((first.code(), first.id()) > (after.code, &*after.id), "a page begins after the one before");
        }
        ids.extend(page.places.iter().map(|f| f.id().to_owned()));
        assert!(ids.len() <= snapshot.len(), "pages without end");
        let Some(next) = page.next else { return ids };
        let last = page.places.last().expect("a page that says there is more is not empty");
        assert_eq!(page.places.len(), limit, "a page that is not the last is full");
        assert_eq!((next.code, &*next.id), (last.code(), last.id()));
        after = Some(next);
    }
}

/// The box holds what a scan holds, whole and on pages of every size; answers how many.
fn check(snapshot: &Snapshot, places: &[Published], b: &Bbox, limits: &[usize]) -> usize {
    let mut wanted: Vec<&str> =
        places.iter().filter(|p| inside(b, p.location.position)).map(|p| p.location.id.as_str()).collect();
    wanted.sort_unstable();
    let whole = snapshot.within(b, usize::MAX, None, &Filter::default());
    assert!(whole.next.is_none());
    let order: Vec<&str> = whole.places.iter().map(ryadom::index::Found::id).collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, wanted, "{b:?}");
    for &limit in limits {
        let paged = pages(snapshot, b, limit, &Filter::default());
        assert_eq!(paged, order, "{b:?} in pages of {limit}");
    }
    wanted.len()
}

/// Boxes of every size and kind.
fn some_box(rng: &mut StdRng, places: &[Published]) -> Bbox {
    let mut corner = |places: &[Published]| match rng.random_range(0..4) {
        // A place's own coordinates: edges are included.
        0 => places[rng.random_range(0..places.len())].location.position,
        1 => polar(rng, true),
        2 => polar(rng, false),
        _ => anywhere(rng),
    };
    let (p, q) = (corner(places), corner(places));
    let (south, north) = (p.lat().min(q.lat()), p.lat().max(q.lat()));
    match rng.random_range(0..6) {
        // Either way round: half of these cross the antimeridian.
        0..3 => bbox(p.lon(), south, q.lon(), north),
        // A narrow one.
        3 => {
            let (dx, dy) = (10_f64.powf(rng.random_range(-7.0..1.0)), 10_f64.powf(rng.random_range(-7.0..1.0)));
            bbox(
                (p.lon() - dx).max(-180.0),
                (p.lat() - dy).max(-90.0),
                (p.lon() + dx).min(180.0),
                (p.lat() + dy).min(90.0),
            )
        }
        // One that crosses the antimeridian, a little or nearly all of the way around.
        4 => {
            let dx = 10_f64.powf(rng.random_range(-6.0..2.2));
            bbox(180.0 - dx, south, -180.0 + dx, north)
        }
        _ => bbox(p.lon().min(q.lon()), south, p.lon().max(q.lon()), north),
    }
}

#[test]
fn random_boxes_hold_what_a_scan_holds() {
    let places = awkward(21, 5_000);
    let index = index(&places, Options::default());
    let mut rng = rng(21);
    let (mut none, mut many, mut split) = (0, 0, 0);
    for i in 0..600 {
        let b = some_box(&mut rng, &places);
        let n = check(&index.current(), &places, &b, &[[1, 2, 7, 1_000][i % 4].max(if i % 50 < 40 { 7 } else { 1 })]);
        none += usize::from(n == 0);
        many += usize::from(n > 1_000);
        split += usize::from(b.west > b.east && n > 0);
    }
    assert!(none > 10 && many > 20 && split > 100, "every kind was met: {none} {many} {split}");
}

#[test]
fn the_whole_world_holds_everything_once_on_pages_of_every_size() {
    let places = awkward(22, 3_000);
    let index = index(&places, Options::default());
    let snapshot = index.current();
    let world = bbox(-180.0, -90.0, 180.0, 90.0);
    assert_eq!(check(&snapshot, &places, &world, &[1, 2, 7, 1_000, 2_999, 3_000, 3_001]), 3_000);
    // The world cut open elsewhere is still the world.
    for lon in [-180.0_f64, -90.0, 0.0, 41.97, 179.999_999_999] {
        let turned = bbox(lon.next_up(), -90.0, lon, 90.0);
        assert!(turned.west > turned.east);
        let n = check(&snapshot, &places, &turned, &[7, 1_000]);
        assert_eq!(n, 3_000, "{turned:?}");
    }
    // Here the western half is one column of cells, and the eastern half meets every place of it once more.
    let turned = bbox(180.0, -90.0, 180.0_f64.next_down(), 90.0);
    assert_eq!(check(&snapshot, &places, &turned, &[1, 2, 7, 1_000]), 3_000);
}

#[test]
fn a_place_on_the_seam_of_a_box_counts_once_on_a_page() {
    // Both halves of the box meet the first place; the others come after it in the order.
    let mut places = vec![bare("seam", at(180.0, 10.0))];
    places.extend((0..20).map(|i| bare(&format!("south-{i:02}"), at(170.0, -50.0))));
    let index = index(&places, Options::default());
    let turned = bbox(180.0, -90.0, 180.0_f64.next_down(), 90.0);
    assert_eq!(check(&index.current(), &places, &turned, &[1, 2, 3, 19, 20, 21]), 21);
}

#[test]
fn a_box_without_area_holds_the_places_on_it() {
    let places = awkward(23, 3_000);
    let index = index(&places, Options::default());
    let snapshot = index.current();
    for p in &places {
        let p = p.location.position;
        assert!(check(&snapshot, &places, &bbox(p.lon(), p.lat(), p.lon(), p.lat()), &[1]) >= 1);
    }
    // Lines: a parallel, a meridian, both names of the antimeridian, the poles.
    for p in places.iter().step_by(30) {
        let p = p.location.position;
        assert!(check(&snapshot, &places, &bbox(-180.0, p.lat(), 180.0, p.lat()), &[2]) >= 1);
        assert!(check(&snapshot, &places, &bbox(p.lon(), -90.0, p.lon(), 90.0), &[2]) >= 1);
    }
    for b in [
        bbox(180.0, -90.0, 180.0, 90.0),
        bbox(-180.0, -90.0, -180.0, 90.0),
        bbox(180.0, -90.0, -180.0, 90.0),
        bbox(-180.0, 90.0, 180.0, 90.0),
        bbox(-180.0, -90.0, 180.0, -90.0),
    ] {
        assert!(check(&snapshot, &places, &b, &[1, 7]) >= 1, "{b:?}");
    }
}

#[test]
fn an_edge_belongs_to_the_box_and_a_hair_beyond_it_does_not() {
    let p = at(41.97, 45.04);
    let places = vec![bare("here", p)];
    let index = index(&places, Options::default());
    let snapshot = index.current();
    let n = |b| check(&snapshot, &places, &b, &[1]);
    assert_eq!(n(bbox(41.97, 45.04, 42.0, 46.0)), 1, "south-western corner");
    assert_eq!(n(bbox(41.0, 45.0, 41.97, 45.04)), 1, "north-eastern corner");
    assert_eq!(n(bbox(41.97_f64.next_up(), 45.0, 42.0, 46.0)), 0, "west");
    assert_eq!(n(bbox(41.0, 45.0, 41.97_f64.next_down(), 46.0)), 0, "east");
    assert_eq!(n(bbox(41.0, 45.04_f64.next_up(), 42.0, 46.0)), 0, "south");
    assert_eq!(n(bbox(41.0, 45.0, 42.0, 45.04_f64.next_down())), 0, "north");
    assert_eq!(n(bbox(41.97, 45.0, 41.0, 46.0)), 1, "its western edge, around the world");
    assert_eq!(n(bbox(42.0, 45.0, 41.97, 46.0)), 1, "its eastern edge, around the world");
}

/// Edges one step of floating point away from places, over many places: cells and degrees must not disagree.
#[test]
fn cells_agree_with_degrees_at_every_edge() {
    let mut rng = rng(24);
    let places: Vec<Published> = (0..400)
        .map(|i| {
            // On corners of quadtree cells, where a rounding would show.
            let z = rng.random_range(0..20);
            let lon = f64::from(rng.random_range(0..=1 << z)) / f64::from(1 << z) * 360.0 - 180.0;
            let y = std::f64::consts::PI * (1.0 - 2.0 * f64::from(rng.random_range(0..=1 << z)) / f64::from(1 << z));
            bare(&format!("c-{i}"), at(lon.clamp(-180.0, 180.0), y.sinh().atan().to_degrees().clamp(-90.0, 90.0)))
        })
        .collect();
    let index = index(&places, Options::default());
    let steps: [fn(f64) -> f64; 3] = [f64::next_down, |v| v, f64::next_up];
    for p in &places {
        let p = p.location.position;
        for dx in steps {
            for dy in steps {
                let (lon, lat) = (dx(p.lon()).clamp(-180.0, 180.0), dy(p.lat()).clamp(-90.0, 90.0));
                check(&index.current(), &places, &bbox(lon, lat, 180.0, 90.0), &[]);
                check(&index.current(), &places, &bbox(-180.0, -90.0, lon, lat), &[]);
            }
        }
    }
}

#[test]
fn beyond_the_last_row_of_cells_degrees_decide() {
    let mut rng = rng(25);
    let mut places = Vec::new();
    for i in 0..2_000 {
        let lat = rng.random_range(84.5..=90.0_f64);
        let lon = rng.random_range(-180.0..=180.0);
        places.push(bare(&format!("p-{i}"), at(lon, if i % 2 == 0 { lat } else { -lat })));
    }
    let index = index(&places, Options::default());
    for _ in 0..200 {
        let mut lats = [rng.random_range(84.5..=90.0_f64), rng.random_range(85.06..=90.0)];
        lats.sort_by(f64::total_cmp);
        let (west, east) = (rng.random_range(-180.0..=180.0), rng.random_range(-180.0..=180.0));
        check(&index.current(), &places, &bbox(west, lats[0], east, lats[1]), &[7]);
        check(&index.current(), &places, &bbox(west, -lats[1], east, -lats[0]), &[7]);
    }
    assert_eq!(check(&index.current(), &places, &bbox(-180.0, 85.06, 180.0, 90.0), &[1, 2, 7, 1_000]), {
        places.iter().filter(|p| p.location.position.lat() >= 85.06).count()
    });
}

#[test]
fn a_pile_at_one_position_is_paged_by_id() {
    let places: Vec<Published> = (0..100).map(|i| bare(&format!("s-{i}"), at(41.97, 45.04))).collect();
    let index = index(places.iter().rev(), Options::default());
    let b = bbox(41.0, 45.0, 42.0, 46.0);
    let mut ids: Vec<String> = places.iter().map(|p| p.location.id.to_string()).collect();
    ids.sort_unstable();
    for limit in [1, 2, 7, 16, 17, 99, 100, 101] {
        assert_eq!(pages(&index.current(), &b, limit, &Filter::default()), ids);
    }
}

/// Edits between pages: whoever is not touched stands on exactly one page.
fn paged_during_edits(seed: u64, with_merges: bool) {
    let mut rng = rng(seed);
    let places = awkward(seed, 1_500);
    let index: SpatialIndex = index(&places, Options { delta_min: 10, ..Options::default() });
    for round in 0..12 {
        let limit = [1, 2, 7, 50, 1_000][round % 5];
        let b = if round % 3 == 0 { bbox(-180.0, -90.0, 180.0, 90.0) } else { some_box(&mut rng, &places) };
        let before: BTreeSet<String> =
            pages(&index.current(), &b, usize::MAX, &Filter::default()).into_iter().collect();
        let (mut met, mut touched) = (Vec::new(), BTreeSet::new());
        let mut after: Option<After> = None;
        let mut seq = index.current().seq().0;
        loop {
            let snapshot = index.current();
            let page = snapshot.within(&b, limit, after.as_ref(), &Filter::default());
            met.extend(page.places.iter().map(|f| f.id().to_owned()));
            assert!(met.len() < 10_000, "pages without end");
            let Some(next) = page.next else { break };
            // One edit in three takes away the very place the cursor names.
            let changes: Vec<Change> = (0..3)
                .map(|_| {
                    let victim = &places[rng.random_range(0..places.len())];
                    let id = if rng.random_bool(0.33) { next.id.to_string() } else { victim.location.id.to_string() };
                    touched.insert(id.clone());
                    if rng.random_bool(0.5) {
                        Change::Remove(ryadom::domain::LocationId::new(&id).unwrap())
                    } else {
                        Change::Put(Box::new(bare(&id, anywhere(&mut rng))))
                    }
                })
                .collect();
            seq += 1;
            index.apply(&ChangeBatch { to_seq: Seq(seq), changes });
            if with_merges && let Some(merge) = index.begin_merge() {
                index.finish_merge(merge.run());
            }
            after = Some(next);
        }
        let mut met_untouched: Vec<&String> = met.iter().filter(|id| !touched.contains(*id)).collect();
        met_untouched.sort_unstable();
        let untouched: Vec<&String> = before.iter().filter(|id| !touched.contains(*id)).collect();
        assert_eq!(met_untouched, untouched, "{b:?} in pages of {limit}");
    }
}

#[test]
fn a_cursor_holds_across_edits() {
    paged_during_edits(26, false);
}

#[test]
fn a_cursor_holds_across_merges() {
    paged_during_edits(27, true);
}

#[test]
fn a_made_up_cursor_is_a_place_in_the_order_and_nothing_more() {
    let places = awkward(28, 1_000);
    let index = index(&places, Options::default());
    let snapshot = index.current();
    let world = bbox(-180.0, -90.0, 180.0, 90.0);
    let whole = snapshot.within(&world, usize::MAX, None, &Filter::default());
    for code in [0, 1, u64::MAX / 2, u64::MAX - 1, u64::MAX] {
        for id in ["", "s-0000500", "\u{10FFFF}"] {
            let after = After { code, id: id.into() };
            let page = snapshot.within(&world, usize::MAX, Some(&after), &Filter::default());
            let wanted = whole.places.iter().filter(|f| (f.code(), f.id()) > (code, id)).count();
            assert_eq!(page.places.len(), wanted, "after {after:?}");
        }
    }
    assert!(snapshot.within(&world, 0, None, &Filter::default()).places.is_empty());
}
