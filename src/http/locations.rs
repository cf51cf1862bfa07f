//! Nearest, viewport, card: every one answered from the current snapshot.

use super::params::{Params, decode, invalid};
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use crate::domain::{Lang, Seq};
use crate::feature::encode::{CLOSE, append_defaults};
use crate::geometry::LonLat;
use crate::index::within::After;
use crate::index::{Filter, Found, Snapshot};
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

/// Most places of a nearest answer.
pub const MAX_NEAREST: usize = 100;
/// Most places of a page of a viewport.
pub const MAX_PAGE: usize = 1_000;
/// Places of an answer that names no limit.
const DEFAULT_LIMIT: usize = 20;
/// How long a read waits for its `min_seq`.
const SEQ_PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer may be kept; `open` may end it sooner.
pub(super) const MAX_AGE_S: i64 = 10;

/// What `nearest` takes, in the query string or as members of a JSON object.
#[derive(IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct NearestQuery {
    /// Longitude, degrees, WGS 84.
    #[param(minimum = -180, maximum = 180, example = 41.9642)]
    pub lon: f64,
    /// Latitude, degrees, WGS 84.
    #[param(minimum = -90, maximum = 90, example = 45.0344)]
    pub lat: f64,
    /// At most so many places.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<u32>,
    /// None farther than this, metres.
    #[param(minimum = 0, example = 5000)]
    pub max_distance_m: Option<f64>,
    /// Category codes or aliases, separated by commas; any of them.
    #[param(example = "museum,library")]
    pub category: Option<String>,
    /// `now` or an RFC 3339 moment: only places known to be open then.
    #[param(example = "now")]
    pub open_at: Option<String>,
    /// Kinds of benefit in force, separated by commas: percent, fixed, free, gift, price; any of them.
    #[param(example = "free,percent")]
    pub benefit: Option<String>,
    /// Wheelchair access, separated by commas: yes, limited, no; any of them.
    #[param(example = "yes")]
    pub wheelchair: Option<String>,
    /// Words that begin words of the name, the benefit or the address; all of them.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Language of messages and readable texts: ru or en.
    #[param(default = "ru")]
    pub lang: Option<String>,
    /// Answer only from a state that has seen this `Ryadom-Seq`; waits up to 2 s for it.
    #[param(minimum = 0)]
    pub min_seq: Option<i64>,
}

/// What the viewport takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ViewportQuery {
    /// west,south,east,north in degrees; west above east crosses the antimeridian.
    #[param(example = "41.9,45.0,42.1,45.1")]
    pub bbox: String,
    /// At most so many places on a page; without effect beside `zoom`, which cuts nothing.
    #[param(minimum = 1, maximum = 1000, default = 20)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
    /// Zoom of a map: the answer is then every match of the bbox, in clusters that suit the zoom. Decimals are dropped,
    /// and what is above 18 counts as 18.
    #[param(minimum = 0, maximum = 24, example = 9)]
    pub zoom: Option<f64>,
    /// Category codes or aliases, separated by commas; any of them.
    #[param(example = "museum,library")]
    pub category: Option<String>,
    /// `now` or an RFC 3339 moment: only places known to be open then.
    pub open_at: Option<String>,
    /// Kinds of benefit in force, separated by commas: percent, fixed, free, gift, price.
    pub benefit: Option<String>,
    /// Wheelchair access: yes, limited, no.
    pub wheelchair: Option<String>,
    /// Words that begin words of the name, the benefit or the address.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Language of messages: ru or en.
    #[param(default = "ru")]
    pub lang: Option<String>,
    /// Answer only from a state that has seen this `Ryadom-Seq`.
    #[param(minimum = 0)]
    pub min_seq: Option<i64>,
}

/// What the card takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CardQuery {
    /// Language of messages and readable texts: ru or en.
    #[param(default = "ru")]
    pub lang: Option<String>,
    /// Answer only from a state that has seen this `Ryadom-Seq`.
    #[param(minimum = 0)]
    pub min_seq: Option<i64>,
}

/// Parameters of nearest, as its handlers accept them.
pub const NEAREST: &[&str] =
    &["lon", "lat", "limit", "max_distance_m", "category", "open_at", "benefit", "wheelchair", "q", "lang", "min_seq"];
/// Parameters of the viewport.
pub const VIEWPORT: &[&str] =
    &["bbox", "limit", "cursor", "zoom", "category", "open_at", "benefit", "wheelchair", "q", "lang", "min_seq"];
/// Parameters of the card.
pub const CARD: &[&str] = &["lang", "min_seq"];

/// The nearest places that honour the card, nearest first.
#[utoipa::path(
    get, path = "/api/v1/locations/nearest", operation_id = "find_nearest", tag = "locations",
    params(NearestQuery),
    responses(
        (status = 200, description = "A FeatureCollection, nearest first; `seq` is the state it was read from, \
         `complete` says that `limit` cut nothing off", body = super::schema::FeatureCollection,
         content_type = "application/geo+json"),
        (status = 400, description = "A wrong parameter, named", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 503, description = "min_seq did not arrive within 2 s", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn find_nearest(State(state): State<AppState>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = Params::of_query(query.as_deref(), NEAREST)?;
    nearest(&state, &params).await
}

/// The same question as a JSON object, so that no position stands in a URL or a log.
#[utoipa::path(
    post, path = "/api/v1/locations/nearest", operation_id = "find_nearest_by_post", tag = "locations",
    request_body(content = NearestQuery, description = "The parameters as members; lists may be arrays"),
    responses(
        (status = 200, description = "As for GET", body = super::schema::FeatureCollection,
         content_type = "application/geo+json"),
        (status = 400, description = "A wrong member, named", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 503, description = "min_seq did not arrive within 2 s", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn find_nearest_by_post(State(state): State<AppState>, body: Bytes) -> Result<Response, Problem> {
    let params = Params::of_json(&body, NEAREST)?;
    nearest(&state, &params).await.map_err(|problem| match params.lang() {
        Ok(Some(lang)) => problem.in_lang(lang),
        _ => problem,
    })
}

/// A snapshot that has seen `min_seq`, with the filter's view made.
pub(super) async fn snapshot_for(
    state: &AppState,
    params: &Params<'_>,
    filter: &Filter,
) -> Result<Arc<Snapshot>, Problem> {
    if let Some(seq) = params.min_seq()?
        && !state.feed.wait_for(Seq(seq), SEQ_PATIENCE).await
    {
        return Err(Problem::of_field(
            Kind::SeqNotReached,
            "min_seq",
            Text::new(
                format!("Изменение {seq} сюда ещё не дошло (есть {}). Повторите через пару секунд.", state.feed.seq()),
                format!("Change {seq} has not arrived here yet ({} has). Try again in two seconds.", state.feed.seq()),
            ),
        ));
    }
    Ok(snapshot_with(state, filter).await)
}

/// The current snapshot, with the filter's view made.
pub(super) async fn snapshot_with(state: &AppState, filter: &Filter) -> Arc<Snapshot> {
    let snapshot = state.index.current();
    if !snapshot.is_ready(filter) {
        // Looking at every place takes milliseconds; not on a thread that serves others.
        let (snapshot, filter) = (Arc::clone(&snapshot), filter.clone());
        let made = tokio::task::spawn_blocking(move || snapshot.count(&filter)).await;
        if let Err(panic) = made {
            std::panic::resume_unwind(panic.into_panic());
        }
    }
    snapshot
}

async fn nearest(state: &AppState, params: &Params<'_>) -> Result<Response, Problem> {
    let from = params.position()?;
    let limit = params.whole("limit", DEFAULT_LIMIT, MAX_NEAREST)?;
    let max_distance_m = params.max_distance_m()?;
    params.lang()?;
    let now = state.clock.now();
    let filter = params.filter(now)?;
    let snapshot = snapshot_for(state, params, &filter).await?;
    let (answer, complete) = nearest_in(&snapshot, from, limit, max_distance_m, &filter, now);
    Ok(answer.end(state, snapshot.seq(), complete, None, &filter))
}

/// The nearest places of a snapshot as an answer under construction, and whether these are all.
pub(super) fn nearest_in(
    snapshot: &Snapshot,
    from: LonLat,
    limit: usize,
    max_distance_m: f64,
    filter: &Filter,
    now: DateTime<Utc>,
) -> (Answer, bool) {
    let found = snapshot.nearest(from, limit, max_distance_m, filter);
    let mut answer = Answer::begin(now, found.neighbours.len());
    for neighbour in &found.neighbours {
        answer.place(&neighbour.place, Some(neighbour.distance_m));
    }
    (answer, found.complete)
}

/// The places inside a bbox, page by page.
#[utoipa::path(
    get, path = "/api/v1/locations", operation_id = "list_locations", tag = "locations",
    params(ViewportQuery),
    responses(
        (status = 200, description = "A FeatureCollection in a stable order; `next` is there when there is more. With \
         `zoom`: all places and clusters of the box",
         body = super::schema::ClusteredCollection, content_type = "application/geo+json"),
        (status = 400, description = "A wrong parameter, named", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 503, description = "min_seq did not arrive within 2 s", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn list_locations(State(state): State<AppState>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = Params::of_query(query.as_deref(), VIEWPORT)?;
    let bbox = params.bbox()?;
    let limit = params.whole("limit", DEFAULT_LIMIT, MAX_PAGE)?;
    let after = params.text("cursor").map(cursor).transpose()?;
    params.lang()?;
    let now = state.clock.now();
    let filter = params.filter(now)?;
    if let Some(zoom) = params.zoom()? {
        if after.is_some() {
            let detail =
                Text::new("не сочетается с zoom: там ответ один", "does not go with zoom: that has one answer");
            return Err(invalid("cursor", detail));
        }
        return super::viewport::answer(&state, &params, &bbox, zoom, &filter, now).await;
    }
    let snapshot = snapshot_for(&state, &params, &filter).await?;
    let page = snapshot.within(&bbox, limit, after.as_ref(), &filter);
    let mut answer = Answer::begin(now, page.places.len());
    for place in &page.places {
        answer.place(place, None);
    }
    let complete = page.next.is_none() && after.is_none();
    Ok(answer.end(&state, snapshot.seq(), complete, page.next.as_ref(), &filter))
}

/// `<code in hex>.<id>`.
fn cursor(text: &str) -> Result<After, Problem> {
    text.split_once('.')
        .and_then(|(code, id)| Some(After { code: u64::from_str_radix(code, 16).ok()?, id: id.into() }))
        .ok_or_else(|| {
            invalid(
                "cursor",
                Text::new("возьмите его из next предыдущей страницы", "take it from the next of the page before"),
            )
        })
}

/// The full card of one place.
#[utoipa::path(
    get, path = "/api/v1/locations/{id}", operation_id = "show_location", tag = "locations",
    params(("id" = String, Path, description = "The id of a feature", example = "demo-001"), CardQuery),
    responses(
        (status = 200, description = "A Feature with the properties of lists and of the card",
         body = super::schema::Card, content_type = "application/geo+json"),
        (status = 400, description = "A wrong parameter, named", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 404, description = "No such place on the map", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 503, description = "min_seq did not arrive within 2 s", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn show_location(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::of_query(query.as_deref(), CARD)?;
    params.lang()?;
    let snapshot = snapshot_for(&state, &params, &Filter::default()).await?;
    let place = snapshot.lookup(&id).ok_or_else(|| Problem::no_location(&id))?;
    let now = state.clock.now();
    let (body, changes_at) = card_body(&place, now);
    Ok(geojson_answer(body, changes_at.map_or(MAX_AGE_S, |at| (at - now).num_seconds())))
}

/// The card of a place as a Feature, and when its `open` changes.
pub(super) fn card_body(place: &Found<'_>, now: DateTime<Utc>) -> (Vec<u8>, Option<DateTime<Utc>>) {
    let mut body = Vec::with_capacity(3_000);
    body.extend_from_slice(place.card_part());
    let changes_at = place.splice_open(now, &mut body);
    append_defaults(place.card_part(), &mut body);
    super::week::splice(place, now, &mut body);
    body.extend_from_slice(CLOSE.as_bytes());
    (body, changes_at)
}

/// A FeatureCollection under construction.
pub(super) struct Answer {
    body: Vec<u8>,
    now: DateTime<Utc>,
    places: usize,
    max_age_s: i64,
}

impl Answer {
    pub(super) fn begin(now: DateTime<Utc>, places: usize) -> Self {
        let mut body = Vec::with_capacity(160 + places * 640);
        body.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
        Self { body, now, places: 0, max_age_s: MAX_AGE_S }
    }

    /// How many features it has.
    pub(super) fn places(&self) -> usize {
        self.places
    }

    /// How long it is so far.
    pub(super) fn len_bytes(&self) -> usize {
        self.body.len()
    }

    /// One more feature, written by `write`.
    pub(super) fn feature(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.places > 0 {
            self.body.push(b',');
        }
        self.places += 1;
        write(&mut self.body);
    }

    /// One more place.
    pub(super) fn place(&mut self, place: &Found<'_>, distance_m: Option<f64>) {
        let (now, mut changes_at) = (self.now, None);
        self.feature(|body| {
            body.extend_from_slice(place.list_part());
            changes_at = place.splice_open(now, body);
            if let Some(distance_m) = distance_m {
                // Decimetres: written by hand, because the general way costs more than finding the place.
                let tenths = (distance_m * 10.0).round() as u64;
                body.extend_from_slice(br#","distance_m":"#);
                body.extend_from_slice(itoa::Buffer::new().format(tenths / 10).as_bytes());
                body.push(b'.');
                body.push(b'0' + (tenths % 10) as u8);
            }
            body.extend_from_slice(CLOSE.as_bytes());
        });
        if let Some(at) = changes_at {
            self.max_age_s = self.max_age_s.min((at - now).num_seconds());
        }
    }

    /// The body with its last members, `more` of them written already, and how long it may be kept.
    pub(super) fn close(
        mut self,
        state: &AppState,
        seq: Seq,
        complete: bool,
        more: &str,
        filter: &Filter,
    ) -> (Vec<u8>, i64) {
        self.body.extend_from_slice(br#"],"seq":"#);
        self.body.extend_from_slice(itoa::Buffer::new().format(seq.0).as_bytes());
        self.body.extend_from_slice(if complete { br#","complete":true"# } else { br#","complete":false"# });
        self.body.extend_from_slice(more.as_bytes());
        if state.options.demo {
            self.body.extend_from_slice(br#","demo":true"#);
        }
        self.body.push(b'}');
        if filter.moment().is_some() {
            // "Open now" is another question in the next minute.
            self.max_age_s = self.max_age_s.min(60 - self.now.timestamp().rem_euclid(60));
        }
        (self.body, self.max_age_s)
    }

    fn end(self, state: &AppState, seq: Seq, complete: bool, next: Option<&After>, filter: &Filter) -> Response {
        let next = next.map(|next| {
            let text = serde_json::Value::from(format!("{:x}.{}", next.code, next.id));
            format!(r#","next":{text}"#)
        });
        let (body, max_age_s) = self.close(state, seq, complete, next.as_deref().unwrap_or_default(), filter);
        geojson_answer(body, max_age_s)
    }
}

/// The answer of a GeoJSON body.
pub(super) fn geojson_answer(body: Vec<u8>, max_age_s: i64) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.reserve(12); // with what the outer layers add, so that the map is made once
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json"));
    headers.insert(header::CACHE_CONTROL, max_age(max_age_s));
    response
}

/// `public, max-age=…` for 0 to [`MAX_AGE_S`] seconds, without an allocation.
pub(super) fn max_age(seconds: i64) -> HeaderValue {
    const TEXTS: [&str; MAX_AGE_S as usize + 1] = [
        "public, max-age=0",
        "public, max-age=1",
        "public, max-age=2",
        "public, max-age=3",
        "public, max-age=4",
        "public, max-age=5",
        "public, max-age=6",
        "public, max-age=7",
        "public, max-age=8",
        "public, max-age=9",
        "public, max-age=10",
    ];
    HeaderValue::from_static(TEXTS[seconds.clamp(0, MAX_AGE_S) as usize])
}

/// The language of a request: `lang`, then `Accept-Language`, then Russian.
pub fn asked_lang(query: Option<&str>, accept_language: Option<&str>) -> Lang {
    let named = |pair: &str| {
        let (name, tag) = pair.split_once('=')?;
        (decode(name)? == "lang").then(|| Lang::of_tag(decode(tag)?.trim())).flatten()
    };
    let by_query = query.into_iter().flat_map(|q| q.split('&')).find_map(named);
    // The heaviest of ours; of equal ones the first. No weight is 1, and weight 0 means "not this one".
    let by_header = || {
        let asked = accept_language.into_iter().flat_map(|h| h.split(',')).filter_map(|part| {
            let mut parts = part.split(';').map(str::trim);
            let lang = Lang::of_tag(parts.next()?)?;
            let weight = parts.find_map(|p| p.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
            (weight > 0.0).then_some((lang, weight))
        });
        asked.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(lang, _)| lang)
    };
    by_query.or_else(by_header).unwrap_or_default()
}
