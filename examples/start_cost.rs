//! What a cold start costs, part by part: `start_cost DATABASE_URL`.
//!
//! Reads every published row once to warm the page cache, then measures: reading the rows out of the database and
//! nothing else; reading and checking them; the whole load into a first snapshot; the snapshot from the rows in
//! memory; and a bare `rstar` bulk load of the same points.

use rstar::RTree;
use rstar::primitives::GeomWithData;
use ryadom::domain::location::Published;
use ryadom::domain::{Clock, SystemClock};
use ryadom::feed::bootstrap;
use ryadom::geometry::geodesic;
use ryadom::index::local_day;
use ryadom::index::segment::{Place, SegmentBuilder};
use ryadom::store::Store;
use std::sync::Arc;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn told<T>(what: &str, since: Instant, result: T) -> T {
    println!("{what:<52} {:>7.2} s", since.elapsed().as_secs_f64());
    result
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("start_cost DATABASE_URL")?;
    let store = Store::open(&url).await?;
    store.count_published_rows().await?;
    let since = Instant::now();
    let rows = told("rows read out of the database, untouched", since, store.count_published_rows().await?);
    let since = Instant::now();
    let mut published: Vec<Published> = Vec::with_capacity(rows as usize);
    store
        .each_published(|row| {
            if let Ok(row) = row {
                published.push(row);
            }
        })
        .await?;
    told("rows read and checked", since, ());
    let now = SystemClock.now();
    let since = Instant::now();
    let mut builder = SegmentBuilder::with_room(published.len(), published.len() * 640, published.len() * 192);
    for row in &published {
        builder.push(&Place::of(row, local_day(now, row)));
    }
    let encoded = told("rows in memory encoded, one thread", since, builder);
    let since = Instant::now();
    let segment = told("orders, columns and trees of the encoded rows", since, encoded.build());
    drop(segment);
    let points: Vec<_> =
        published.iter().zip(0_u32..).map(|(p, i)| GeomWithData::new(geodesic::ecef(p.location.position), i)).collect();
    drop(published);
    let since = Instant::now();
    let tree = told("bare rstar bulk load of the points", since, RTree::bulk_load(points));
    drop(tree);
    let since = Instant::now();
    let loaded = told("cold start: from the database to the snapshot", since, {
        bootstrap::load(&store, Arc::new(SystemClock)).await?
    });
    println!("{} places, {rows} rows", loaded.segment.len());
    Ok(())
}
