//! The first rows of a list, printed into a page: what there is until the script has come, and where it never comes.
//!
//! They are the places nearest to a point under a filter, as the API answers them. No position of a person is known here.

use super::locations::{nearest_in, snapshot_with};
use super::open_text::OpenState;
use super::params::decode;
use super::place_page::percent;
use super::problem::Problem;
use super::state::AppState;
use crate::domain::{BenefitKind, Category, Lang};
use crate::geometry::{Bbox, LonLat};
use crate::index::Filter;
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use std::borrow::Cow;

/// Where a list begins when the address says nothing; the scripts begin at the same place (`stavropol.ts`).
const STAVROPOL: (f64, f64) = (41.9642, 45.0344);
/// Rows that are printed, as many as the scripts ask for first.
const ROWS: usize = 20;

/// The value of a name in a query, decoded.
pub(super) fn value_of<'a>(query: Option<&'a str>, wanted: &str) -> Option<Cow<'a, str>> {
    let pairs = query.unwrap_or_default().split('&').filter_map(|part| part.split_once('='));
    pairs.filter(|(name, _)| *name == wanted).find_map(|(_, value)| decode(value))
}

/// Language and filters of an address, read as forgivingly as the scripts read it: an old or mistyped link still opens.
pub(super) struct Choice {
    pub(super) lang: Lang,
    pub(super) categories: Vec<Category>,
    pub(super) open_now: bool,
    pub(super) free: bool,
}

impl Choice {
    /// Of a page's query.
    pub(super) fn of(query: Option<&str>) -> Self {
        let codes = value_of(query, "category").unwrap_or_default();
        Self {
            // Russian first, as the scripts have it: a language is an address's or a person's choice here.
            lang: value_of(query, "lang").and_then(|tag| Lang::of_tag(&tag)).unwrap_or_default(),
            categories: codes.split(',').filter_map(Category::lookup).collect(),
            open_now: value_of(query, "open").as_deref() == Some("now"),
            free: value_of(query, "benefit").as_deref() == Some("free"),
        }
    }

    /// What of it is a filter.
    pub(super) fn filter(&self, now: DateTime<Utc>) -> Filter {
        let mut filter = Filter::default();
        if !self.categories.is_empty() {
            filter = filter.categories(self.categories.clone());
        }
        if self.free {
            filter = filter.benefits(vec![BenefitKind::Free]);
        }
        if self.open_now {
            filter = filter.open_at(now);
        }
        filter
    }
}

/// What a row reads of a place.
#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    category: Category,
    benefit: Option<String>,
    distance_m: f64,
    #[serde(flatten)]
    doors: OpenState,
}

#[derive(Deserialize)]
struct Feature {
    geometry: Point,
    properties: Row,
}

#[derive(Deserialize)]
struct Point {
    coordinates: [f64; 2],
}

/// Rows, nearest first.
#[derive(Deserialize)]
pub(super) struct FirstRows {
    features: Vec<Feature>,
    /// There are no more.
    pub(super) complete: bool,
}

/// The places nearest to `from`, else to the krai's capital; of an area only those inside.
pub(super) async fn find_rows(
    state: &AppState,
    from: Option<LonLat>,
    within: Option<Bbox>,
    filter: &Filter,
    now: DateTime<Utc>,
) -> Result<FirstRows, Problem> {
    let from = from.or_else(|| LonLat::new(STAVROPOL.0, STAVROPOL.1).ok()).ok_or_else(Problem::internal)?;
    let snapshot = snapshot_with(state, filter).await;
    let (answer, complete) = nearest_in(&snapshot, from, ROWS, f64::INFINITY, filter, now);
    let (found, _) = answer.close(state, snapshot.seq(), complete, "", filter);
    let mut found: FirstRows = serde_json::from_slice(&found).map_err(|error| {
        tracing::error!(%error, "the nearest places cannot be read back");
        Problem::internal()
    })?;
    if let Some(area) = within {
        let inside = |[lon, lat]: [f64; 2]| LonLat::new(lon, lat).is_ok_and(|at| area.contains(at));
        found.features.retain(|feature| inside(feature.geometry.coordinates));
    }
    Ok(found)
}

impl FirstRows {
    /// Nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// As a list of links to the places' own pages; `elsewhere`: in a tab of their own.
    pub(super) fn printed(&self, lang: Lang, now: DateTime<Utc>, elsewhere: bool) -> Markup {
        let lang_part = if elsewhere { format!("?lang={}", lang.tag()) } else { String::new() };
        html! {
            ul.first-rows slot="first-rows" role="list" {
                @for Feature { properties: row, .. } in &self.features {
                    li {
                        h3 {
                            a href=(format!("/place/{}{lang_part}", percent(&row.id)))
                                target=[elsewhere.then_some("_blank")] rel=[elsewhere.then_some("noopener")] { (row.name) }
                        }
                        p.offer {
                            @match &row.benefit {
                                Some(benefit) => strong { (benefit) },
                                None => strong.unsaid { (lang.pick("Льготу уточните на месте", "Ask about the benefit on the spot")) },
                            }
                            span.distance { (distance_text(row.distance_m, lang)) }
                        }
                        p.state data-open=[row.doors.open.map(|o| if o { "yes" } else { "no" })] {
                            (row.category.title(lang)) " · " (row.doors.text(now, lang))
                        }
                    }
                }
            }
        }
    }
}

/// As `distance_text.ts` says it: tens of metres, tenths of a kilometre, kilometres.
fn distance_text(distance_m: f64, lang: Lang) -> String {
    let tens_m = ((distance_m / 10.0).round() * 10.0).max(10.0);
    if tens_m < 1000.0 {
        return format!("{tens_m:.0}\u{a0}{}", lang.pick("м", "m"));
    }
    let km = distance_m / 1000.0;
    let text = if km < 9.95 { format!("{km:.1}") } else { format!("{km:.0}") };
    let text = text.strip_suffix(".0").unwrap_or(&text);
    format!(
        "{}\u{a0}{}",
        if lang == Lang::Ru { text.replace('.', ",") } else { text.to_owned() },
        lang.pick("км", "km")
    )
}
