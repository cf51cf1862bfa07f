//! `/place/{id}`: whole without a script, with what previews of links read.

use crate::harness::{Describe, Ground, TestApp, benefit, place};
use ryadom::domain::{Benefit, Category};

async fn app() -> TestApp {
    let app = TestApp::on(Ground::sqlite().await).await;
    app.publish(&[
        place("museum")
            .at(41.9642, 45.0344)
            .being(Category::Museum)
            .open("Mo-Su 10:00-18:00")
            .named("Музей <b>«Ёж»</b>")
            .giving(Benefit {
                terms: Some("По четвергам".into()), ..benefit("Бесплатно & с детьми")
            }),
        place("а/б").at(42.0, 45.0),
    ])
    .await;
    app
}

#[tokio::test]
async fn a_place_has_a_page_with_everything_a_preview_needs() {
    let app = app().await;
    let page = app.get_as("/place/museum", &[("host", "map.example")]).await;
    if page.status == 404 {
        // A build without pages says so: that is its whole answer.
        assert!(page.problem()["detail"].as_str().unwrap().contains("RYADOM_SKIP_STATIC"));
        return app.stop().await;
    }
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    let html = page.text();
    for wanted in [
        "<html lang=\"ru\">",
        "<title>Музей &lt;b&gt;«Ёж»&lt;/b&gt; — Рядом</title>",
        "property=\"og:title\" content=\"Музей &lt;b&gt;«Ёж»&lt;/b&gt;\"",
        "property=\"og:url\" content=\"http://map.example/place/museum\"",
        "Бесплатно &amp; с детьми",
        "По четвергам",
        "Открыто до 18:00",
        "Понедельник",
        "10:00–18:00",
        "https://2gis.ru/directions/points/%7C41.964200%2C45.034400",
        "href=\"/?map=41.9642,45.0344,14&amp;place=museum\"",
    ] {
        assert!(html.contains(wanted), "no {wanted} in {html}");
    }
    assert!(!html.contains("<b>«") && !html.contains("<!--ryadom:"), "{html}");
    let english = app.get("/place/museum?lang=en").await.text();
    assert!(
        english.contains("<html lang=\"en\">") && english.contains("Open until 18:00") && english.contains("Monday")
    );
    // Sunday noon: the day is named when it is another.
    app.publish(&[place("museum").at(41.9642, 45.0344).open("We-Fr 10:00-18:00")]).await;
    assert!(app.get("/place/museum").await.text().contains("Закрыто, откроется в среду в 10:00"));
    assert!(app.get("/place/museum?lang=en").await.text().contains("Closed, opens on Wednesday at 10:00"));
    let page = app.get_as("/place/museum", &[("host", "map.example")]).await;
    let again = app.get_as("/place/museum", &[("host", "map.example"), ("if-none-match", page.header("etag"))]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    let odd = app.get("/place/%D0%B0%2F%D0%B1").await;
    assert!(odd.text().contains("/place/%D0%B0%2F%D0%B1"), "ids of any script");
    app.stop().await;
}

#[tokio::test]
async fn a_place_that_is_gone_says_so_on_a_page() {
    let app = app().await;
    let page = app.get_as("/place/nowhere", &[("accept-language", "en")]).await;
    assert_eq!(page.status, 404);
    if page.header("content-type").starts_with("text/html") {
        assert!(page.text().contains("This place is not on the map"));
    }
    app.stop().await;
}

#[tokio::test]
async fn the_map_page_has_its_first_rows_without_a_script() {
    let app = app().await;
    let page = app.get("/").await;
    if page.status == 404 {
        assert!(page.problem()["detail"].as_str().unwrap().contains("RYADOM_SKIP_STATIC"));
        return app.stop().await;
    }
    let html = page.text();
    let museum = html.find("Музей &lt;b&gt;«Ёж»&lt;/b&gt;").expect("the nearest place");
    assert!(museum < html.find("href=\"/place/%D0%B0%2F%D0%B1\"").expect("the farther one"), "nearest first");
    for wanted in ["Рядом с: Ставрополь", "Бесплатно &amp; с детьми", "Открыто до 18:00", "<noscript><form"]
    {
        assert!(html.contains(wanted), "no {wanted} in {html}");
    }
    assert!(!html.contains("<!--ryadom:") && !html.contains("<b>«"), "{html}");
    let english = app.get("/?lang=en&category=museum&open=now&map=41.97,45.04,12").await.text();
    assert!(
        english.contains("<html lang=\"en\">")
            && english.contains("On the map")
            && english.contains("Open until 18:00")
    );
    assert!(!english.contains("%D0%B0%2F%D0%B1"), "the filter counts");
    // Old and mistyped links open all the same.
    for query in ["category=nothing", "map=x", "map=999,999,1", "lang=xx", "%FF=%FF"] {
        assert!(app.get(&format!("/?{query}")).await.text().contains("class=\"first-rows\""), "{query}");
    }
    let again = app.get_as("/", &[("if-none-match", page.header("etag"))]).await;
    assert_eq!(again.status, 304);
    app.stop().await;
}
