//! "The limit" of the load test: axum, kiddo's immutable 3-D tree, and an answer of bytes that were serialised before.
//! It is not exact, knows no edit, no filter and no time: what it costs, every service of this kind costs.
//!
//! `/fixed` answers 20 kB of fixed bytes: what a tile that is kept is compared with.
//!
//! `limit_twin COUNT` serves `/nearest?lon=&lat=` over the same invented places as `sample_places COUNT`.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::serve::ListenerExt;
use kiddo::{ImmutableKdTree, SquaredEuclidean};
use ryadom::feature::encode::{CLOSE, encode};
use ryadom::geometry::{LonLat, geodesic};
use ryadom::sample::Sample;
use serde::Deserialize;
use std::num::NonZero;
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Twin {
    tree: ImmutableKdTree<f64, 3>,
    answers: Vec<Box<[u8]>>,
}

#[derive(Deserialize)]
struct Asked {
    lon: f64,
    lat: f64,
}

async fn nearest(State(twin): State<Arc<Twin>>, Query(asked): Query<Asked>) -> impl IntoResponse {
    let from = LonLat::new(asked.lon, asked.lat).map_or([0.0; 3], geodesic::ecef);
    let ten = NonZero::new(10).expect("ten is not zero");
    let mut body = Vec::with_capacity(8_192);
    body.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
    for (i, hit) in twin.tree.query(&from).nearest_n::<SquaredEuclidean<f64>>(ten).execute().into_iter().enumerate() {
        if i > 0 {
            body.push(b',');
        }
        body.extend_from_slice(&twin.answers[hit.item as usize]);
    }
    body.extend_from_slice(b"]}");
    ([(header::CONTENT_TYPE, "application/geo+json")], body)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let count = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let mut sample = Sample::new(1);
    let (mut points, mut answers) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for _ in 0..count {
        let place = sample.published();
        let mut fragment = encode(&place, chrono::NaiveDate::default());
        fragment.bytes.truncate(fragment.list_bytes as usize);
        fragment.bytes.extend_from_slice(br#","open":true,"distance_m":1234.5"#);
        fragment.bytes.extend_from_slice(CLOSE.as_bytes());
        points.push(geodesic::ecef(place.location.position));
        answers.push(fragment.bytes.into_boxed_slice());
    }
    let tree = ImmutableKdTree::new_from_slice(&points).expect("finite points");
    // What a tile that is kept costs at least: bytes that are there already.
    let fixed = bytes::Bytes::from(vec![b'x'; 20_000]);
    let fixed = get(move || async move { ([(header::CONTENT_TYPE, "application/octet-stream")], fixed.clone()) });
    let router = Router::new()
        .route("/fixed", fixed)
        .route("/nearest", get(nearest))
        .with_state(Arc::new(Twin { tree, answers }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _refused = stream.set_nodelay(true).is_err();
    });
    axum::serve(listener, router).await
}
