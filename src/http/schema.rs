//! The shapes of answers, for OpenAPI. The answers themselves are concatenated fragments; `tests/it/openapi.rs` holds
//! both together.

use crate::domain::Category;
use serde::Serialize;
use utoipa::ToSchema;

/// A GeoJSON FeatureCollection of places.
#[derive(Serialize, ToSchema)]
pub struct FeatureCollection {
    /// Always `FeatureCollection`.
    pub r#type: String,
    /// The places.
    pub features: Vec<Feature>,
    /// The state of the feed that the answer was read from.
    pub seq: i64,
    /// Whether nothing that matches was left out.
    pub complete: bool,
    /// Present and true where the data is invented.
    pub demo: Option<bool>,
}

/// A GeoJSON FeatureCollection of places and clusters: every matching place is in exactly one feature.
#[derive(Serialize, ToSchema)]
pub struct ClusteredCollection {
    /// Always `FeatureCollection`.
    pub r#type: String,
    /// Places that stand alone, and clusters.
    pub features: Vec<PlaceOrCluster>,
    /// The state of the feed that the answer was read from; not in tiles.
    pub seq: Option<i64>,
    /// Whether nothing that matches was left out; always so with `zoom`. Not in tiles.
    pub complete: Option<bool>,
    /// The `cursor` of the next page, when there is one; only without `zoom`.
    pub next: Option<String>,
    /// How many places match; only with `zoom`.
    pub matched: Option<usize>,
    /// The zoom that was asked for; only with `zoom`.
    pub zoom: Option<u8>,
    /// The zoom whose clusters these are: coarser than `zoom` when there were too many; only with `zoom`.
    pub cluster_zoom: Option<u8>,
    /// Present and true where the data is invented.
    pub demo: Option<bool>,
}

/// A place, or several drawn as one.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum PlaceOrCluster {
    /// One place.
    Place(Feature),
    /// Several.
    Cluster(ClusterFeature),
}

/// Several places drawn as one.
#[derive(Serialize, ToSchema)]
pub struct ClusterFeature {
    /// Always `Feature`.
    pub r#type: String,
    /// Names the cluster within one answer.
    pub id: String,
    /// The mean of its places.
    pub geometry: Point,
    /// What is in it.
    pub properties: ClusterProperties,
}

/// What is in a cluster.
#[derive(Serialize, ToSchema)]
pub struct ClusterProperties {
    /// Names the cluster within one answer.
    pub id: String,
    /// Always true.
    pub cluster: bool,
    /// How many places it stands for.
    #[schema(minimum = 2)]
    pub point_count: u32,
    /// The least zoom at which it falls apart; null when all its places share one position.
    pub expansion_zoom: Option<u8>,
    /// How many places by first category.
    #[schema(example = json!({"museum": 3, "cafe": 1}))]
    pub categories: std::collections::BTreeMap<String, u32>,
    /// `bbox` of the list of its places: west, south, east, north.
    #[schema(min_items = 4, max_items = 4)]
    pub bbox: Vec<f64>,
}

/// A place in a list.
#[derive(Serialize, ToSchema)]
pub struct Feature {
    /// Always `Feature`.
    pub r#type: String,
    /// The id of the place.
    pub id: String,
    /// Where it is.
    pub geometry: Point,
    /// What is known of it.
    pub properties: Properties,
}

/// A GeoJSON Point.
#[derive(Serialize, ToSchema)]
pub struct Point {
    /// Always `Point`.
    pub r#type: String,
    /// Longitude, latitude; degrees, WGS 84.
    #[schema(min_items = 2, max_items = 2)]
    pub coordinates: Vec<f64>,
}

/// The properties of every list.
#[derive(Serialize, ToSchema)]
pub struct Properties {
    /// The id of the place.
    pub id: String,
    /// The name over the door.
    pub name: String,
    /// Category code.
    #[schema(value_type = String, example = "museum")]
    pub category: Category,
    /// The benefit shown first, in the partner's words.
    pub benefit: Option<String>,
    /// percent, fixed, free, gift or price.
    pub benefit_kind: Option<String>,
    /// Percent or roubles, by kind.
    pub benefit_value: Option<f64>,
    /// One line.
    pub address: Option<String>,
    /// Open now; null when the hours are not known.
    pub open: Option<bool>,
    /// When it closes, in its own time; present while open.
    pub open_until: Option<String>,
    /// When it opens, in its own time; present while closed.
    pub opens_at: Option<String>,
    /// Distance from the asked position along the geodesic, metres; nearest only.
    pub distance_m: Option<f64>,
}

/// A place with everything that is public of it.
#[derive(Serialize, ToSchema)]
pub struct Card {
    /// Always `Feature`.
    pub r#type: String,
    /// The id of the place.
    pub id: String,
    /// Where it is.
    pub geometry: Point,
    /// What is known of it.
    pub properties: CardProperties,
}

/// The properties of a card: those of lists without the distance, and these.
#[derive(Serialize, ToSchema)]
pub struct CardProperties {
    /// Those of lists.
    #[serde(flatten)]
    pub list: Properties,
    /// Further category codes.
    pub categories_more: Vec<String>,
    /// Hours in OSM opening_hours syntax; null when not known.
    pub hours: Option<String>,
    /// The coming week, readable; null when the hours are not known.
    pub hours_week: Option<Vec<Day>>,
    /// IANA time zone.
    pub time_zone: String,
    /// E.164.
    pub phone: Option<String>,
    /// Extension.
    pub phone_ext: Option<String>,
    /// The telephone number as people write it.
    pub phone_display: Option<String>,
    /// Web site.
    pub site: Option<String>,
    /// Whose place it is.
    pub partner: PartnerName,
    /// Every benefit.
    pub benefits: Vec<BenefitCard>,
    /// yes, limited or no.
    pub wheelchair: Option<String>,
    /// How to find the door.
    pub address_note: Option<String>,
    /// Object of the state address register.
    pub fias_id: Option<String>,
    /// The day somebody last made sure of the benefit.
    pub last_confirmed: Option<String>,
    /// The address of its picture.
    pub photo: Option<String>,
    /// Edit number.
    pub version: i64,
}

/// A day of the coming week.
#[derive(Serialize, ToSchema)]
pub struct Day {
    /// The date.
    pub date: String,
    /// Mo to Su.
    pub weekday: String,
    /// A public holiday.
    pub holiday: bool,
    /// When it is open; none means closed.
    pub intervals: Vec<DayInterval>,
    /// When it may be open: the hours do not say for certain. Present where there is such a stretch.
    pub unknown: Option<Vec<DayInterval>>,
    /// What the hours say in words, such as "by appointment". Present where they do.
    pub comment: Option<String>,
}

/// A stretch of a day; `to` at or before `from` is past midnight.
#[derive(Serialize, ToSchema)]
pub struct DayInterval {
    /// hh:mm
    pub from: String,
    /// hh:mm, 24:00 at the end of the day
    pub to: String,
}

/// An organisation.
#[derive(Serialize, ToSchema)]
pub struct PartnerName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// One benefit.
#[derive(Serialize, ToSchema)]
pub struct BenefitCard {
    /// In the partner's words.
    pub title: String,
    /// percent, fixed, free, gift or price.
    pub kind: Option<String>,
    /// Percent or roubles.
    pub value: Option<f64>,
    /// Conditions.
    pub terms: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
}

/// RFC 9457.
#[derive(Serialize, ToSchema)]
pub struct ProblemDocument {
    /// `/problems/…`
    pub r#type: String,
    /// What kind of problem, in the asked language.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What is wrong and what to do.
    pub detail: String,
    /// The fields at fault.
    pub errors: Option<Vec<ProblemField>>,
}

/// A field at fault.
#[derive(Serialize, ToSchema)]
pub struct ProblemField {
    /// Its name.
    pub parameter: String,
    /// What is wrong with it.
    pub detail: String,
}

/// What any route of the desk may answer beside its success: an RFC 9457 problem, which says what is wrong and what to do.
pub struct Faults;

impl utoipa::IntoResponses for Faults {
    fn responses() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::response::Response>> {
        use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};
        let known = [
            ("400", "Malformed"),
            ("401", "Nobody is signed in, or the key opens nothing"),
            ("403", "Not for this account or key, or not from our own page"),
            ("404", "There is none, or it is somebody else's"),
            ("409", "Not in this state, or decided meanwhile"),
            ("412", "Changed meanwhile; `current` holds what stands there now"),
            ("413", "Too large"),
            ("415", "Not a kind of file that is taken"),
            ("422", "The fields at fault are named"),
            ("428", "If-Match is needed"),
            ("429", "Too often"),
            ("503", "Not set up, or the database is away"),
        ];
        let of = |description: &str| {
            let document = Ref::from_schema_name("ProblemDocument");
            let content = ContentBuilder::new().schema(Some(document)).build();
            ResponseBuilder::new().description(description).content("application/problem+json", content).build()
        };
        known.into_iter().map(|(status, description)| (status.to_owned(), RefOr::T(of(description)))).collect()
    }
}
