//! The OGC documents for people: plain pages without a script.

use crate::domain::Lang;
use crate::feature::properties::{PROPERTIES, Record, Value as Known};
use crate::geometry::LonLat;
use crate::ogc::documents::Here;
use crate::ogc::query::Page;
use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

fn page(here: &Here, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(here.lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " — " (here.say("Рядом", "Ryadom")) }
            }
            body {
                nav { a href=(here.ogc) { "OGC API" } " · " a href=(format!("{}/items?f=html", here.collection())) { (here.say("Места", "Places")) } }
                h1 { (title) }
                (body)
            }
        }
    }
}

fn links(here: &Here, links: &[Value]) -> Markup {
    let text = |link: &Value, member: &str| link[member].as_str().unwrap_or_default().to_owned();
    html! {
        h2 { (here.say("Ссылки", "Links")) }
        ul {
            @for link in links {
                li { a href=(text(link, "href")) rel=(text(link, "rel")) { (text(link, "title")) } " (" (text(link, "rel")) ", " (text(link, "type")) ")" }
            }
        }
    }
}

/// Any document: its title and description, its links, the rest as a tree.
pub(super) fn document(here: &Here, document: &Value) -> Markup {
    let named = document["title"].as_str().or_else(|| document["info"]["title"].as_str());
    let title = named.unwrap_or_else(|| here.say("Документ", "Document"));
    let own: &[Value] = document["links"].as_array().map_or(&[], |links| links);
    page(
        here,
        title,
        &html! {
            @if let Some(text) = document["description"].as_str() { p { (text) } }
            @if !own.is_empty() { (links(here, own)) }
            (tree(document, 0))
        },
    )
}

fn tree(value: &Value, depth: usize) -> Markup {
    match value {
        Value::Object(members) if depth < 12 => html! {
            dl {
                @for (name, inner) in members.iter().filter(|(name, _)| depth > 0 || !matches!(name.as_str(), "links" | "title" | "description")) {
                    dt { (name) }
                    dd { (tree(inner, depth + 1)) }
                }
            }
        },
        Value::Array(items) if depth < 12 => html! { ul { @for item in items { li { (tree(item, depth + 1)) } } } },
        Value::String(text) if text.starts_with("http") => html! { a href=(text) { (text) } },
        Value::String(text) => html! { (text) },
        other => html! { (other.to_string()) },
    }
}

/// A page of places.
pub(super) fn items(here: &Here, page_of: &Page<'_>, own: &[Value]) -> Markup {
    let columns = ["name", "category", "benefit", "address"];
    let title_of = |name: &str| {
        let property = PROPERTIES.iter().find(|p| p.name == name);
        property.map_or("", |p| here.say(p.ru, p.en))
    };
    let next = own.iter().find(|link| link["rel"] == "next").and_then(|link| link["href"].as_str());
    let mut json = Vec::new();
    let rows: Vec<(String, Vec<String>)> = page_of
        .places
        .iter()
        .map(|found| {
            let record = found.record(&mut json);
            let cells = columns.iter().map(|name| shown(&record, name)).collect();
            let href = format!("{}/items/{}?f=html", here.collection(), super::place_page::percent(&record.id));
            (href, cells)
        })
        .collect();
    page(
        here,
        here.say("Места", "Places"),
        &html! {
            p { (here.say("Подходит: ", "Matched: ")) (page_of.matched) }
            table {
                thead { tr { @for name in columns { th scope="col" { (title_of(name)) } } } }
                tbody {
                    @for (href, cells) in &rows {
                        tr {
                            @for (i, cell) in cells.iter().enumerate() {
                                td { @if i == 0 { a href=(href) { (cell) } } @else { (cell) } }
                            }
                        }
                    }
                }
            }
            @if let Some(next) = next { p { a href=(next) rel="next" { (here.say("Следующая страница", "The next page")) } } }
            (links(here, own))
        },
    )
}

fn shown(record: &Record<'_>, name: &str) -> String {
    match record.get(name) {
        None => String::new(),
        Some(Known::Text(text)) => text.to_owned(),
        Some(Known::Number(n)) => n.to_string(),
        Some(Known::Date(day)) => day.to_string(),
        Some(Known::Texts(texts)) => texts.join(", "),
    }
}

/// One place.
pub(super) fn item(here: &Here, record: &Record<'_>, at: LonLat, own: &[Value]) -> Markup {
    let title = |ru: &'static str, en: &'static str| if here.lang == Lang::Ru { ru } else { en };
    page(
        here,
        &record.name,
        &html! {
            dl {
                @for property in PROPERTIES {
                    @let text = shown(record, property.name);
                    @if !text.is_empty() { dt { (title(property.ru, property.en)) } dd { (text) } }
                }
                dt { (title("Долгота, широта", "Longitude, latitude")) }
                dd { (at.lon()) ", " (at.lat()) }
            }
            (links(here, own))
        },
    )
}
