//! `/docs/{guide}`, its examples, and the files that the build has pressed.

use crate::harness::{Ground, TestApp};
use flate2::read::GzDecoder;
use std::io::Read;

const HERE: &[(&str, &str)] = &[("host", "map.example")];

#[tokio::test]
async fn a_guide_is_whole_without_a_script_in_both_languages() {
    let app = TestApp::on(Ground::sqlite().await).await;
    let page = app.get_as("/docs/first-map", HERE).await;
    if page.is_without_pages() {
        return app.stop().await;
    }
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").contains("frame-src 'self'"));
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    let html = page.text();
    assert!(html.contains("<html lang=\"ru\">") && html.contains("<title>Первая карта за минуту"), "{html}");
    assert!(html.contains("http://map.example/") && !html.contains("https://HOST"), "it says where it is");
    assert!(html.contains("aria-current=\"page\"") && html.contains("href=\"/docs\"") && !html.contains("<!--ryadom:"));
    assert_eq!(app.get_as("/docs/first-map", &[HERE[0], ("if-none-match", page.header("etag"))]).await.status, 304);
    let english = app.get("/docs/first-map?lang=en").await.text();
    assert!(english.contains("<html lang=\"en\">") && english.contains("<title>Your first map in a minute"));
    let unknown = app.get("/docs/no-such-guide").await;
    assert_eq!((unknown.status.as_u16(), unknown.problem()["type"].as_str()), (404, Some("/problems/no-route")));
    app.stop().await;
}

#[tokio::test]
async fn an_example_runs_here_under_a_policy_that_knows_its_script() {
    let app = TestApp::on(Ground::sqlite().await).await;
    let page = app.get_as("/docs/examples/maplibre-vector.html", HERE).await;
    if app.get("/docs/first-map").await.is_without_pages() {
        return app.stop().await;
    }
    assert_eq!(page.status, 200);
    let csp = page.header("content-security-policy").to_owned();
    assert!(csp.contains("script-src 'self' http://map.example 'sha256-"), "{csp}");
    assert!(csp.contains("frame-ancestors 'self'") && !csp.contains("unsafe"), "{csp}");
    assert!(page.text().contains("http://map.example/") && !page.text().contains("https://HOST"));
    let english = app.get_as("/docs/examples/maplibre-vector.html?lang=en", HERE).await.text();
    assert!(english.contains("<html lang=\"en\">") && page.text().contains("<html lang=\"ru\">"));
    assert!(!english.chars().any(|c| ('а'..='я').contains(&c)));
    for wrong in ["maplibre-vector", "nothing.html", "..%2Fmap%2Findex.html", "%2e%2e.html"] {
        assert_eq!(app.get(&format!("/docs/examples/{wrong}")).await.status, 404, "{wrong}");
    }
    app.stop().await;
}

#[tokio::test]
async fn files_are_sent_as_the_build_has_pressed_them() {
    let app = TestApp::on(Ground::sqlite().await).await;
    let plain = app.get_as("/lib/leaflet/leaflet.js", &[("origin", "https://newspaper.example")]).await;
    if app.get("/docs/first-map").await.is_without_pages() {
        return app.stop().await;
    }
    assert_eq!((plain.status.as_u16(), plain.header("content-type")), (200, "text/javascript; charset=utf-8"));
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), ("", "accept-encoding"));
    assert_eq!(plain.header("access-control-allow-origin"), "*");
    let pressed = app.get_as("/lib/leaflet/leaflet.js", &[("accept-encoding", "gzip")]).await;
    assert_eq!(pressed.header("content-encoding"), "gzip");
    let mut text = String::new();
    GzDecoder::new(&pressed.body[..]).read_to_string(&mut text).unwrap();
    assert!(text == plain.text(), "the same file");
    let best = app.get_as("/lib/leaflet/leaflet.js", &[("accept-encoding", "gzip, deflate, br")]).await;
    assert_eq!(best.header("content-encoding"), "br");
    assert!(best.body.len() < pressed.body.len() && pressed.body.len() * 3 < text.len());
    let etags = [plain.header("etag"), pressed.header("etag"), best.header("etag")];
    assert!(etags[0] != etags[1] && etags[1] != etags[2] && etags[0] != etags[2], "{etags:?}");
    let asked = [("accept-encoding", "br"), ("if-none-match", etags[2])];
    assert_eq!(app.get_as("/lib/leaflet/leaflet.js", &asked).await.status, 304);
    let picture = app.get_as("/lib/leaflet/images/marker-icon.png", &[("accept-encoding", "br")]).await;
    assert_eq!((picture.status.as_u16(), picture.header("content-encoding")), (200, ""));
    app.stop().await;
}
