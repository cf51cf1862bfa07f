//! The whole layer as files, read back by the readers of their formats.

use crate::harness::{Answer, Describe, Ground, TestApp, noon, place};
use ryadom::app::Options;
use ryadom::domain::Location;
use ryadom::http::state::Options as DoorOptions;
use ryadom::sample::Sample;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;

fn disposition(answer: &Answer) -> &str {
    answer.header("content-disposition")
}

#[tokio::test]
async fn files_hold_every_place_and_say_what_they_are() {
    let app = TestApp::on(Ground::sqlite().await).await;
    let mut sample = Sample::new(7);
    let many: Vec<Location> = (0..700).map(|_| sample.published().location).collect();
    let seq = app.publish(&many).await;
    let geojson = app.get("/download/locations.geojson").await;
    assert!(disposition(&geojson).contains(&format!("-{}.geojson", seq.0)));
    assert_eq!(geojson.header("ryadom-seq"), seq.0.to_string());
    let collection = geojson.json();
    assert_eq!((collection["features"].as_array().unwrap().len(), &collection["seq"]), (700, &seq.0.into()));
    assert_eq!(collection["license"], "CC BY 4.0");
    let csv = app.get("/download/locations.csv").await;
    let mut rows = csv::Reader::from_reader(&*csv.body);
    let heading = rows.headers().unwrap().clone();
    let rows: Vec<BTreeMap<String, String>> = rows
        .records()
        .map(|r| heading.iter().map(str::to_owned).zip(r.unwrap().iter().map(str::to_owned)).collect())
        .collect();
    assert_eq!(rows.len(), 700);
    assert!(rows.iter().all(|row| row["seq"] == seq.0.to_string() && row["license"].starts_with("CC BY 4.0")));
    let fgb = app.get("/download/locations.fgb").await;
    assert_eq!(fgb.header("content-length"), fgb.body.len().to_string());
    {
        use flatgeobuf::{FallibleStreamingIterator, FgbReader};
        let mut bytes = std::io::Cursor::new(fgb.body.clone());
        let reader = FgbReader::open(&mut bytes).unwrap();
        assert_eq!(reader.header().features_count(), 700);
        assert!(reader.header().metadata().unwrap().contains(&format!("\"seq\":{}", seq.0)));
        let mut read = 0;
        let mut features = reader.select_all().unwrap();
        while features.next().unwrap().is_some() {
            read += 1;
        }
        assert_eq!(read, 700);
    }
    let pmtiles = app.get("/download/locations.pmtiles").await;
    assert_eq!(pmtiles.header("content-type"), "application/vnd.pmtiles");
    let (deepest, overview) = counted(&pmtiles.body).await;
    assert_eq!((deepest, overview), (700, 700));
    let again = app.get_as("/download/locations.fgb", &[("if-none-match", fgb.header("etag"))]).await;
    assert_eq!(again.status, 304);
    assert_eq!(app.get("/download/locations.fgb").await.body, fgb.body);
    // HEAD does not say a length that GET has not.
    for ending in ["geojson", "csv", "fgb", "pmtiles"] {
        let path = format!("/download/locations.{ending}");
        let (whole, head) = (app.get(&path).await, app.request("HEAD", &path, &[], "").await);
        assert_eq!(
            (head.status.as_u16(), head.header("content-length")),
            (200, whole.header("content-length")),
            "{path}"
        );
        assert_eq!(head.header("content-type"), whole.header("content-type"));
    }
    // The compressing layer asks for one more piece after the last.
    for (ending, plain) in [("geojson", &geojson), ("csv", &csv)] {
        let pressed = app.get_as(&format!("/download/locations.{ending}"), &[("accept-encoding", "gzip")]).await;
        assert_eq!(pressed.header("content-encoding"), "gzip", "{ending}");
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(&pressed.body[..]).read_to_end(&mut text).unwrap();
        assert_eq!(text.len(), plain.body.len(), "{ending}");
    }
    // A reader of parts of a file gets parts of this file.
    let tag = pmtiles.header("etag");
    assert_eq!((pmtiles.header("accept-ranges"), tag.starts_with('"')), ("bytes", true));
    let part = app.get_as("/download/locations.pmtiles", &[("range", "bytes=7-126"), ("if-range", tag)]).await;
    assert_eq!((part.status.as_u16(), part.header("etag")), (206, tag));
    assert_eq!(part.header("content-range"), format!("bytes 7-126/{}", pmtiles.body.len()));
    assert_eq!(part.body, pmtiles.body[7..=126]);
    let end = app.get_as("/download/locations.fgb", &[("range", "bytes=-70000"), ("accept-encoding", "gzip")]).await;
    assert_eq!((end.status.as_u16(), end.header("content-encoding")), (206, ""));
    assert_eq!(end.body, fgb.body[fgb.body.len() - 70_000..]);
    let outside = app.get_as("/download/locations.fgb", &[("range", "bytes=999999999-")]).await;
    assert_eq!(
        (outside.status.as_u16(), outside.problem()["type"].as_str()),
        (416, Some("/problems/range-not-satisfiable"))
    );
    app.publish(&[place("new").at(41.0, 45.0)]).await;
    assert_ne!(app.get("/download/locations.fgb").await.body, fgb.body);
    app.stop().await;
}

/// Places of the deepest zoom, and the sum of the clusters at zoom 3, by the reader of the format and one of MVT.
async fn counted(bytes: &[u8]) -> (u64, u64) {
    use futures_util::StreamExt;
    let source = bytes::Bytes::copy_from_slice(bytes);
    let reader = std::sync::Arc::new(pmtiles::AsyncPmTilesReader::try_from_source(Memory(source)).await.unwrap());
    let metadata: Value = serde_json::from_str(&reader.get_metadata().await.unwrap()).unwrap();
    assert_eq!(metadata["license"], "CC BY 4.0");
    let header = reader.get_header();
    let (deepest, mut sums) = (header.max_zoom, (0, 0));
    let mut entries = std::pin::pin!(std::sync::Arc::clone(&reader).entries());
    while let Some(entry) = entries.next().await {
        for id in entry.unwrap().iter_coords() {
            let coord = pmtiles::TileCoord::from(id);
            let z = coord.z();
            if z != deepest && z != 3 {
                continue;
            }
            let tile = reader.get_tile_decompressed(coord).await.unwrap().unwrap();
            let tile = mvt_reader::Reader::new(tile.to_vec()).unwrap();
            for feature in tile.get_features(0).unwrap() {
                let properties = feature.properties.unwrap();
                let count = match properties.get("point_count") {
                    Some(mvt_reader::feature::Value::UInt(n)) => *n,
                    _ => 1,
                };
                if z == deepest {
                    sums.0 += count;
                } else {
                    sums.1 += count;
                }
            }
        }
    }
    sums
}

struct Memory(bytes::Bytes);

impl pmtiles::AsyncBackend for Memory {
    async fn read(&self, offset: u64, length: usize) -> pmtiles::PmtResult<pmtiles::BackendResponse> {
        let offset = usize::try_from(offset).unwrap();
        let end = (offset + length).min(self.0.len());
        Ok(pmtiles::BackendResponse::new(self.0.slice(offset.min(end)..end)))
    }
}

#[tokio::test]
async fn the_licence_is_the_one_that_is_set() {
    let licence = "Открытые данные края https://krai.example/open".parse().unwrap();
    let door = DoorOptions { licence, ..DoorOptions::default() };
    let app = TestApp::with(Ground::sqlite().await, noon(), Options { door, ..Options::default() }).await;
    app.publish(&[place("museum")]).await;
    for ending in ["geojson", "csv", "fgb", "pmtiles"] {
        let file = app.get(&format!("/download/locations.{ending}")).await;
        assert_eq!(file.header("link"), "<https://krai.example/open>; rel=\"license\"", "{ending}");
        // PMTiles keeps its metadata compressed; its reader is asked in the other test.
        let says = |bytes: &[u8]| {
            bytes.windows(26).any(|at| at == b"https://krai.example/open\"" || at == b"https://krai.example/open\n")
        };
        assert!(ending == "pmtiles" || says(&file.body), "{ending}");
    }
    let collection = app.get("/ogc/collections/locations?f=json").await.json();
    let links = collection["links"].as_array().unwrap();
    let link = links.iter().find(|link| link["rel"] == "license").expect("it names its licence");
    assert_eq!((&link["href"], &link["title"]), (&"https://krai.example/open".into(), &"Открытые данные края".into()));
    app.stop().await;
}
