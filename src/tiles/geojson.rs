//! Clusters as GeoJSON features.

use super::cluster::Cluster;
use crate::geometry::Bbox;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: &'a str,
    geometry: Point,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Point {
    r#type: &'static str,
    coordinates: [f64; 2],
}

#[derive(Serialize)]
struct Properties<'a> {
    id: &'a str,
    cluster: bool,
    point_count: u32,
    expansion_zoom: Option<u8>,
    #[serde(serialize_with = "counts")]
    categories: &'a Cluster,
    bbox: [f64; 4],
}

fn counts<S: Serializer>(cluster: &Cluster, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (category, count) in cluster.counts() {
        map.serialize_entry(category.code(), &count)?;
    }
    map.end()
}

/// Seven decimals: a centimetre.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// Appends a cluster as a Feature.
pub fn append_cluster(cluster: &Cluster, out: &mut Vec<u8>) {
    let p = cluster.position;
    // The position of places that share one is theirs to the last digit; a mean is nobody's.
    let coordinates =
        if cluster.expansion_zoom.is_none() { [p.lon(), p.lat()] } else { [rounded(p.lon()), rounded(p.lat())] };
    let Bbox { west, south, east, north } = cluster.bbox;
    let feature = Feature {
        r#type: "Feature",
        id: &cluster.id,
        geometry: Point { r#type: "Point", coordinates },
        properties: Properties {
            id: &cluster.id,
            cluster: true,
            point_count: cluster.point_count,
            expansion_zoom: cluster.expansion_zoom,
            categories: cluster,
            bbox: [west, south, east, north],
        },
    };
    serde_json::to_writer(out, &feature).expect("plain data into memory");
}
