//! The widget's door: `/w.js`, `/embed`, its builder and `/oembed`.

use crate::harness::{Describe, Ground, TestApp, benefit, place};
use ryadom::domain::Category;

const HERE: &[(&str, &str)] = &[("host", "map.example")];

async fn app() -> TestApp {
    let app = TestApp::on(Ground::sqlite().await).await;
    app.publish(&[
        place("museum")
            .at(41.9642, 45.0344)
            .being(Category::Museum)
            .named("Музей <b>«Ёж»</b>")
            .giving(benefit("Бесплатно")),
        place("а/б").at(42.5, 45.0),
    ])
    .await;
    app
}

#[tokio::test]
async fn the_frame_is_whole_without_a_script_and_the_only_page_that_may_be_framed() {
    let app = app().await;
    let page = app.get_as("/embed", HERE).await;
    if page.is_without_pages() {
        return app.stop().await;
    }
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").contains("frame-ancestors *"));
    assert!(page.header("permissions-policy").contains("geolocation=()"), "no position of a person in a frame");
    assert_eq!((page.header("set-cookie"), page.header("x-frame-options")), ("", ""));
    let html = page.text();
    let museum = html.find("Музей &lt;b&gt;«Ёж»&lt;/b&gt;").expect("the nearest place");
    assert!(museum < html.find("/place/%D0%B0%2F%D0%B1?lang=ru").expect("the farther one"), "nearest first");
    assert!(
        html.contains("target=\"_blank\"") && html.contains("Бесплатно") && !html.contains("<!--ryadom:"),
        "{html}"
    );
    for path in ["/", "/place/museum", "/embed/builder", "/docs", "/wallet", "/scan", "/partner", "/operator"] {
        let csp = app.get(path).await;
        assert!(csp.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
    assert!(app.get("/embed/builder").await.header("content-security-policy").contains("frame-src 'self'"));
    let again = app.get_as("/embed", &[HERE[0], ("if-none-match", page.header("etag"))]).await;
    assert_eq!(again.status, 304);
    assert!(again.header("content-security-policy").contains("frame-ancestors *"));
    app.stop().await;
}

#[tokio::test]
async fn the_frame_shows_what_its_address_says() {
    let app = app().await;
    if app.get("/embed").await.is_without_pages() {
        return app.stop().await;
    }
    let english = app.get("/embed?lang=en&theme=dark&category=museum&center=42.5,45").await.text();
    assert!(
        english.contains("<html lang=\"en\" data-theme=\"dark\">") && english.contains("Benefits for large families")
    );
    assert!(english.contains("/place/museum?lang=en") && !english.contains("%D0%B0%2F%D0%B1"), "the filter counts");
    let area = app.get("/embed?bbox=42,44.5,43,45.5").await.text();
    assert!(area.contains("%D0%B0%2F%D0%B1") && !area.contains("/place/museum"), "nothing outside the area");
    for query in ["center=x", "center=999,1", "bbox=1,2,3", "bbox=1,3,2,2", "theme=%22%3E%3Cscript%3E", "%FF=%FF"] {
        let html = app.get(&format!("/embed?{query}")).await.text();
        assert!(html.contains("/place/museum") && !html.contains("\"><script>"), "{query}");
    }
    app.stop().await;
}

#[tokio::test]
async fn the_one_line_is_read_by_any_page_and_asked_for_again_soon() {
    let app = app().await;
    let script = app.get_as("/w.js", &[("origin", "https://newspaper.example")]).await;
    if script.status == 404 {
        return app.stop().await;
    }
    assert_eq!(
        (script.header("content-type"), script.header("access-control-allow-origin")),
        ("text/javascript; charset=utf-8", "*")
    );
    assert!(script.header("cache-control").contains("max-age=300") && !script.header("etag").is_empty());
    let pressed = app.get_as("/w.js", &[("accept-encoding", "gzip, deflate")]).await;
    assert_eq!((pressed.header("content-encoding"), pressed.header("vary")), ("gzip", "accept-encoding"));
    assert!(pressed.body.len() <= 5_000, "{} bytes compressed", pressed.body.len());
    assert_ne!(pressed.header("etag"), script.header("etag"));
    let text = script.text();
    let list = text.split('`').chain(text.split('"')).find(|part| part.starts_with("/assets/widget_list-"));
    let list = app.get(list.expect("it names the list's file")).await;
    assert_eq!((list.status.as_u16(), list.header("access-control-allow-origin")), (200, "*"));
    assert!(list.header("cache-control").contains("immutable"));
    assert_eq!(app.get_as("/w.js", &[("if-none-match", script.header("etag"))]).await.status, 304);
    app.stop().await;
}

#[tokio::test]
async fn oembed_makes_a_frame_of_each_page_that_can_be_embedded() {
    let app = app().await;
    let ask = |url: &str, more: &str| format!("/oembed?url={}{more}", url.replace('&', "%26").replace('?', "%3F"));
    let answer = app.get_as(&ask("http://map.example/", ""), HERE).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let json = answer.any_json();
    assert_eq!((&json["version"], &json["type"]), (&"1.0".into(), &"rich".into()));
    assert_eq!((json["width"].as_u64(), json["height"].as_u64()), (Some(640), Some(560)));
    assert!(
        json["html"]
            .as_str()
            .unwrap()
            .starts_with("<iframe src=\"http://map.example/embed\" width=\"640\" height=\"560\"")
    );

    let of = async |url: &str, more: &str| app.get_as(&ask(url, more), HERE).await.any_json();
    let small = of(
        "https://map.example/?map=41.97,45.04,12&category=museum,library&lang=en",
        "&maxwidth=320&maxheight=9999&dnt=1",
    )
    .await;
    assert_eq!(
        (small["width"].as_u64(), small["height"].as_u64()),
        (Some(320), Some(560)),
        "whatever else a consumer says"
    );
    let html = small["html"].as_str().unwrap();
    assert!(html.contains("/embed?category=museum,library&amp;lang=en&amp;center=41.97,45.04&amp;zoom=12\""), "{html}");
    let place = of("http://map.example/place/museum", "").await;
    assert_eq!(place["title"], "Музей <b>«Ёж»</b>");
    let html = place["html"].as_str().unwrap();
    assert!(html.contains("center=41.9642,45.0344&amp;zoom=15&amp;place=museum") && !html.contains("<b>"), "{html}");
    let frame = of("http://map.example/embed?list=off&filters=off&accent=ff0000&evil=1", "").await;
    assert!(frame["html"].as_str().unwrap().contains("/embed?accent=ff0000&amp;list=off&amp;filters=off\""), "{frame}");

    let xml = app.get_as(&ask("http://map.example/place/museum", "&format=xml"), HERE).await;
    assert_eq!(xml.header("content-type"), "text/xml; charset=utf-8");
    let text = xml.text();
    assert!(text.starts_with("<?xml version=\"1.0\"") && text.contains("<type>rich</type>"), "{text}");
    assert!(text.contains("<html>&lt;iframe src=&quot;http://map.example/embed?center="), "{text}");
    app.stop().await;
}

#[tokio::test]
async fn oembed_refuses_what_is_not_ours() {
    let app = app().await;
    for url in [
        "https://elsewhere.example/",
        "http://map.example.evil.example/",
        "http://map.example@evil.example/",
        "http://map.example:81/",
        "ftp://map.example/",
        "//map.example/",
        "map.example",
        "http://map.example/wallet",
        "http://map.example/embed/builder",
        "http://map.example/place/nowhere",
    ] {
        let answer = app.get_as(&format!("/oembed?url={url}"), HERE).await;
        assert_eq!(answer.status, 404, "{url}");
        answer.problem();
    }
    let format = app.get_as("/oembed?url=http://map.example/&format=yaml&lang=en", HERE).await;
    assert_eq!((format.status.as_u16(), format.problem_of()), (501, ("no-format".into(), vec!["format".into()])));
    let none = app.get_as("/oembed", HERE).await;
    assert_eq!((none.status.as_u16(), none.problem_of()), (400, ("missing-parameter".into(), vec!["url".into()])));
    assert_eq!(app.get_as("/oembed?url=http://map.example/&maxwidth=wide", HERE).await.status, 400);
    app.stop().await;
}

#[tokio::test]
async fn pages_tell_how_they_are_embedded() {
    let app = app().await;
    for path in ["/?category=museum", "/place/museum", "/embed?lang=en"] {
        let page = app.get_as(path, HERE).await;
        if page.is_without_pages() {
            break;
        }
        let html = page.text();
        for kind in ["application/json+oembed", "text/xml+oembed"] {
            let at = html
                .find(&format!("<link rel=\"alternate\" type=\"{kind}\""))
                .unwrap_or_else(|| panic!("{path} {kind} in {html}"));
            let href = html[at..].split("href=\"http://map.example").nth(1).unwrap().split('"').next().unwrap();
            let answer = app.get_as(&href.replace("&amp;", "&"), HERE).await;
            assert_eq!(answer.status, 200, "{href}");
        }
    }
    app.stop().await;
}
