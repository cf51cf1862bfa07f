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
