//! PostGIS answers the same.

use crate::brute::{SAME_M, antimeridian, antipode, anywhere, awkward, awkward_query, now, polar, rng};
use futures_util::FutureExt;
use ryadom::domain::{FixedClock, Location, Partner, State};
use ryadom::feed::bootstrap;
use ryadom::geometry::LonLat;
use ryadom::index::{Filter, Options, SpatialIndex};
use ryadom::store::{Put, Store};
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection, PgPool};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

const PLACES: usize = 20_000;
const QUERIES: usize = 300;
const LIMIT: usize = 10;

/// The address of a throwaway cluster, or a word about why nothing is tested.
fn cluster() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the tests' own setting, not one of the service")]
    let url = std::env::var("RYADOM_TEST_POSTGIS").ok();
    if url.is_none() {
        eprintln!("SKIPPED: RYADOM_TEST_POSTGIS is not set; run: scripts/with_postgis.sh cargo test --test proofs");
    }
    url
}

/// The same address with another database.
fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').expect("an address with a database");
    format!("{server}/{name}")
}

/// Full scan by the database's own geodesic: no index may help it, no prefilter either.
const SCAN: &str = "SELECT id, ST_Distance(geog, ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography, true) AS d \
                    FROM locations ORDER BY d, id LIMIT $3";

#[test]
fn nearest_equals_postgis() {
    let Some(url) = cluster() else { return };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let name = format!("proofs_{}_{}", std::process::id(), now().timestamp());
    let own = with_database(&url, &name);
    runtime.block_on(async {
        let mut admin = PgConnection::connect(&url).await.expect("the cluster answers");
        let create = format!("CREATE DATABASE {name}");
        sqlx::query(sqlx::AssertSqlSafe(create)).execute(&mut admin).await.expect("a database of its own");
        // A failed comparison must not leave its database behind.
        let worst = std::panic::AssertUnwindSafe(compare(&own)).catch_unwind().await;
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&mut admin).await.expect("the database goes again");
        match worst {
            Ok(worst) => println!("{QUERIES} queries × {LIMIT} of {PLACES} places: at most {worst:.9} m from PostGIS"),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
}

async fn load(url: &str) -> (Store, SpatialIndex, Vec<LonLat>) {
    let store = Store::open(url).await.expect("a store");
    store.migrate().await.expect("tables");
    let places = awkward(61, PLACES);
    let partners: BTreeMap<_, _> = places
        .iter()
        .map(|p| {
            let partner = Partner {
                id: p.location.partner_id.clone(),
                name: p.partner_name.clone(),
                legal_name: None,
                inn: None,
                ogrn: None,
                kpp: None,
                state: State::Published,
            };
            (partner.id.clone(), partner)
        })
        .collect();
    let partners: Vec<Partner> = partners.into_values().collect();
    let locations: Vec<Location> = places.iter().map(|p| p.location.clone()).collect();
    let put = Put { actor: "operator:test".into(), at: now(), origin: "import" };
    let mut tx = store.begin().await.expect("a write");
    tx.put_partners(&partners, &put).await.expect("partners");
    tx.publish(&locations, &put).await.expect("places");
    tx.commit().await.expect("a commit");
    let clock = Arc::new(FixedClock::at(now()));
    let loaded = bootstrap::load(&store, clock.clone()).await.expect("a start");
    assert!(loaded.poisoned.is_empty());
    let index = SpatialIndex::from_segment(loaded.segment, loaded.seq, clock, Options::default());
    assert_eq!(index.current().len(), PLACES);
    let mut rng = rng(62);
    let queries = (0..QUERIES)
        .map(|i| match i % 10 {
            0 => polar(&mut rng, i % 20 == 0),
            1 => antimeridian(&mut rng),
            2 => anywhere(&mut rng),
            3 => antipode(places[i * 50].location.position),
            _ => awkward_query(&mut rng, &places),
        })
        .collect();
    (store, index, queries)
}

/// Answers the largest difference between a distance of ours and PostGIS's.
async fn compare(url: &str) -> f64 {
    let (store, index, queries) = load(url).await;
    let pool = PgPoolOptions::new().max_connections(2).connect(url).await.expect("a pool");
    let half = queries.len() / 2;
    let (queries, index) = (Arc::new(queries), Arc::new(index));
    let part = |range: std::ops::Range<usize>| {
        let (pool, queries, index) = (pool.clone(), Arc::clone(&queries), Arc::clone(&index));
        tokio::spawn(async move { compare_some(&pool, &index, &queries[range]).await })
    };
    let (first, second) = (part(0..half), part(half..queries.len()));
    let worst = first.await.expect("equal").max(second.await.expect("equal"));
    pool.close().await;
    store.close().await;
    worst
}

async fn compare_some(pool: &PgPool, index: &SpatialIndex, queries: &[LonLat]) -> f64 {
    let mut worst = 0.0_f64;
    for &from in queries {
        // Some more than asked: places within a millimetre of the last may stand in its stead.
        let scan: Vec<(String, f64)> = sqlx::query_as(SCAN)
            .bind(from.lon())
            .bind(from.lat())
            .bind(1_000_i64)
            .fetch_all(pool)
            .await
            .expect("a scan");
        let by_id: HashMap<&str, f64> = scan.iter().map(|(id, d)| (id.as_str(), *d)).collect();
        let snapshot = index.current();
        let found = snapshot.nearest(from, LIMIT, f64::INFINITY, &Filter::default());
        assert_eq!(found.neighbours.len(), LIMIT);
        for (rank, (ours, (id, d))) in found.neighbours.iter().zip(&scan).enumerate() {
            let own_d = by_id.get(ours.place.id()).copied().unwrap_or(f64::INFINITY);
            assert!(
                ours.place.id() == id || (own_d - d).abs() <= SAME_M,
                "from {from}: rank {rank} is {} at {own_d} m; PostGIS has {id} at {d} m",
                ours.place.id()
            );
            worst = worst.max((ours.distance_m - own_d).abs());
            assert!(worst < 1.0, "from {from}: {} is {own_d} m away, not {}", ours.place.id(), ours.distance_m);
        }
    }
    worst
}
