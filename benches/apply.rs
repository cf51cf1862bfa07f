//! The index over a million places: a snapshot from rows in memory beside a bare rstar bulk load, one change,
//! 10,000 changes, a merge.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rstar::RTree;
use rstar::primitives::GeomWithData;
use ryadom::domain::change::{Change, ChangeBatch};
use ryadom::domain::location::Published;
use ryadom::domain::{FixedClock, Seq};
use ryadom::geometry::geodesic;
use ryadom::index::segment::{Place, Segment, SegmentBuilder};
use ryadom::index::{Options, SpatialIndex, local_day};
use ryadom::sample::Sample;
use std::sync::Arc;
use std::time::Duration;

fn places() -> usize {
    #[expect(clippy::disallowed_methods, reason = "a benchmark's size is no setting of the service")]
    std::env::var("RYADOM_TEST_BENCH_PLACES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000)
}

fn apply(c: &mut Criterion) {
    let now = "2026-11-22T09:00:00Z".parse().expect("a moment");
    let clock = || Arc::new(FixedClock::at(now));
    let mut sample = Sample::new(1);
    let rows: Vec<Published> = (0..places()).map(|_| sample.published()).collect();
    let build = |rows: &[Published]| -> Segment {
        let mut builder = SegmentBuilder::default();
        for row in rows {
            builder.push(&Place::of(row, local_day(now, row)));
        }
        builder.build()
    };

    let mut group = c.benchmark_group("snapshot");
    group.sample_size(10).measurement_time(Duration::from_secs(12));
    let positions: Vec<_> = rows.iter().map(|r| geodesic::ecef(r.location.position)).collect();
    group.bench_function("bare rstar bulk load of the points", |b| {
        b.iter_batched(
            || positions.iter().zip(0_u32..).map(|(&p, i)| GeomWithData::new(p, i)).collect(),
            RTree::bulk_load,
            BatchSize::PerIteration,
        );
    });
    group.bench_function("snapshot from rows in memory", |b| b.iter(|| build(&rows)));
    group.bench_function("columns, orders and trees from encoded rows", |b| {
        b.iter_batched(
            || {
                let mut builder = SegmentBuilder::default();
                for row in &rows {
                    builder.push(&Place::of(row, local_day(now, row)));
                }
                builder
            },
            SegmentBuilder::build,
            BatchSize::PerIteration,
        );
    });
    group.finish();

    let index = SpatialIndex::from_segment(build(&rows), Seq(1), clock(), Options::default());
    let mut seq = 1;
    let mut change = |index: &SpatialIndex, count: usize| {
        seq += 1;
        let changes = (0..count)
            .map(|i| {
                let mut row = rows[(i * 97 + seq as usize) % rows.len()].clone();
                row.version += 1;
                Change::Put(Box::new(row))
            })
            .collect();
        index.apply(&ChangeBatch { to_seq: Seq(seq), changes }).0.len()
    };
    let mut group = c.benchmark_group("apply");
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    group.bench_function("one change, empty delta growing to a thousand", |b| b.iter(|| change(&index, 1)));
    group.bench_function("10,000 changes", |b| b.iter(|| change(&index, 10_000)));
    let merge = index.begin_merge().expect("the delta is large");
    group.sample_size(10);
    group.bench_function("merge", |b| b.iter(|| merge.run().len()));
    group.finish();
}

criterion_group!(benches, apply);
criterion_main!(benches);
