//! What a page's first scripts weigh and how many there are: on a slow line each six files are a round trip, each 18 kB a
//! tenth of a second.

use crate::harness::{Ground, TestApp, place};
use std::collections::BTreeSet;

/// The scripts that the page names: its own, and what it fetches beside them.
fn scripts(page: &str) -> BTreeSet<&str> {
    let scripts = page.split("=\"/assets/").skip(1).filter_map(|at| at.split_once(".js\""));
    scripts.map(|(name, _)| name).filter(|name| !name.contains('"')).collect()
}

#[tokio::test]
async fn pages_have_few_scripts_and_light_ones() {
    let app = TestApp::on(Ground::sqlite().await).await;
    app.publish(&[place("museum")]).await;
    if app.get("/docs/first-map").await.is_without_pages() {
        return app.stop().await;
    }
    // Gzip; what there was at the time, and a tenth.
    for (path, most_files, most_bytes) in [
        ("/", 7, 58_000),
        ("/place/museum", 4, 26_000),
        ("/wallet", 6, 69_000),
        ("/scan", 7, 59_000),
        ("/q", 6, 50_000),
        ("/docs/first-map", 6, 38_000),
        ("/partner", 7, 88_000),
        ("/operator", 7, 66_000),
        // With the map's own code, which is most of it.
        ("/embed?center=41.9642,45.0344", 10, 366_000),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let html = page.text();
        let (scripts, mut bytes) = (scripts(&html), 0);
        assert!(!scripts.is_empty() && scripts.len() <= most_files, "{path}: {} scripts: {scripts:?}", scripts.len());
        for name in scripts {
            let script = app.get_as(&format!("/assets/{name}.js"), &[("accept-encoding", "gzip")]).await;
            assert_eq!(script.status, 200, "{name}");
            bytes += script.body.len();
        }
        assert!(bytes > 5_000 && bytes <= most_bytes, "{path}: {bytes} bytes");
    }
    app.stop().await;
}
