//! Nearest at a million places: unfiltered, common, rare and absent category, two filters at once, a viewport page;
//! beside them the bare rstar query and kiddo's immutable 3-D tree on the same points.

use criterion::{Criterion, criterion_group, criterion_main};
use kiddo::SquaredEuclidean;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use ryadom::domain::{BenefitKind, FixedClock, Seq};
use ryadom::geometry::{Bbox, LonLat, geodesic};
use ryadom::index::segment::{Place, SegmentBuilder};
use ryadom::index::within::After;
use ryadom::index::{Filter, Options, SpatialIndex, local_day};
use ryadom::sample::{self, Sample};
use std::hint::black_box;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

fn places() -> usize {
    #[expect(clippy::disallowed_methods, reason = "a benchmark's size is no setting of the service")]
    std::env::var("RYADOM_TEST_BENCH_PLACES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000)
}

fn nearest(c: &mut Criterion) {
    let now = "2026-11-22T09:00:00Z".parse().expect("a moment");
    let mut sample = Sample::new(1);
    let mut builder = SegmentBuilder::default();
    let mut points = Vec::new();
    for _ in 0..places() {
        let published = sample.published();
        points.push(geodesic::ecef(published.location.position));
        builder.push(&Place::of(&published, local_day(now, &published)));
    }
    let clock = Arc::new(FixedClock::at(now));
    let index = SpatialIndex::from_segment(builder.build(), Seq(1), clock, Options::default());
    let snapshot = index.current();
    let (columns, text) = snapshot.size_bytes();
    println!(
        "{} places: {} MiB of trees, orders, sets and columns; {} MiB of text",
        snapshot.len(),
        columns >> 20,
        text >> 20
    );
    let queries: Vec<LonLat> = (0..4_096).map(|_| sample.position()).collect();
    let mut turn = 0;
    let mut next = || {
        turn = (turn + 1) % queries.len();
        queries[turn]
    };

    let mut group = c.benchmark_group("nearest 10");
    group.measurement_time(Duration::from_secs(4)).warm_up_time(Duration::from_secs(1)).sample_size(50);
    let filters = [
        ("unfiltered", Filter::default()),
        ("common category, 1 in 4", Filter::default().categories([sample::COMMON])),
        ("rare category, 1 in 10,000", Filter::default().categories([sample::RARE])),
        ("absent category", Filter::default().categories([sample::ABSENT])),
        ("two filters: common and free", Filter::default().categories([sample::COMMON]).benefits([BenefitKind::Free])),
        ("open at a minute", Filter::default().open_at(now)),
    ];
    for (name, filter) in &filters {
        snapshot.count(filter);
        group.bench_function(*name, |b| {
            b.iter(|| snapshot.nearest(black_box(next()), 10, f64::INFINITY, filter).neighbours.len());
        });
    }
    {
        let tree = RTree::bulk_load(points.iter().zip(0_u32..).map(|(&p, i)| GeomWithData::new(p, i)).collect());
        group.bench_function("bare rstar, chords only", |b| {
            b.iter(|| tree.nearest_neighbor_iter(geodesic::ecef(next())).take(10).map(|p| p.data).sum::<u32>());
        });
    }
    let tree = kiddo::ImmutableKdTree::<f64, 3>::new_from_slice(&points).expect("the points are finite");
    group.bench_function("kiddo immutable 3-D tree, chords only", |b| {
        b.iter(|| {
            let ten = NonZero::new(10).expect("ten");
            tree.query(&geodesic::ecef(next())).nearest_n::<SquaredEuclidean<f64>>(ten).execute().len()
        });
    });
    group.finish();

    c.bench_function("viewport page of 20", |b| {
        b.iter(|| {
            let p = next();
            let (lon, lat) = (p.lon().clamp(-179.9, 179.9), p.lat().clamp(-89.9, 89.9));
            let bbox = Bbox::new(lon - 0.05, lat - 0.05, lon + 0.05, lat + 0.05).expect("inside the world");
            snapshot.within(&bbox, 20, None, &Filter::default()).places.len()
        });
    });

    let world = Bbox::new(-180.0, -90.0, 180.0, 90.0).expect("the world");
    c.bench_function("world page of 200, after any place", |b| {
        b.iter(|| {
            let after = snapshot.nearest(next(), 1, f64::INFINITY, &Filter::default()).neighbours.pop();
            let after = after.map(|n| After { code: n.place.code(), id: n.place.id().into() });
            snapshot.within(&world, 200, after.as_ref(), &Filter::default()).places.len()
        });
    });
}

criterion_group!(benches, nearest);
criterion_main!(benches);
