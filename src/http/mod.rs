//! THE DOOR. Parse, ask one actor, answer.

pub mod basemap;
pub mod conditional;
mod desk;
pub mod events;
pub mod health;
pub mod issuing;
pub mod lists;
pub mod locations;
mod map_page;
mod open_text;
pub mod outer;
pub mod params;
mod place_page;
pub mod problem;
pub mod rights;
pub mod schema;
pub mod search;
pub mod state;
mod static_files;
pub mod styles;
pub mod tiles;
pub mod verify;
mod viewport;
pub mod wallet;
mod week;
pub mod writes;

pub use state::AppState;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post};
use std::sync::Arc;
use tower::ServiceBuilder;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Largest body of a read.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// Largest list of rights: some two hundred thousand rows.
const MAX_LIST_BYTES: usize = 16 * 1024 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ryadom",
        description = "Places near you that honour the large-family card. Errors are RFC 9457 problems that name the \
                       parameter, in Russian or English (`lang`, or Accept-Language).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "locations", description = "Places on the map"),
        (name = "tiles", description = "The layer for maps"),
        (name = "lists", description = "Categories, settlements, and search as you type"),
        (name = "writes", description = "With the operator's key: `Authorization: Bearer …` (setting operator_token)"),
        (name = "operation", description = "State of the service"),
    ),
)]
struct Api;

fn api_router() -> OpenApiRouter<AppState> {
    // In the order of the README's table.
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(locations::find_nearest, locations::find_nearest_by_post))
        .routes(routes!(locations::list_locations))
        .routes(routes!(locations::show_location, writes::publish_location, writes::withdraw_location))
        .routes(routes!(events::stream_events))
        .routes(routes!(tiles::show_tilejson))
        .routes(routes!(tiles::show_tile))
        .routes(routes!(lists::list_categories))
        .routes(routes!(lists::list_settlements))
        .routes(routes!(search::search))
        .routes(routes!(health::show_health))
        .routes(routes!(health::show_readiness))
        .routes(routes!(health::show_metrics))
}

/// The credential: issuing as its standards have it, the wallet's own routes, checks, the operator's rights desk.
fn credential_routes() -> Router<AppState> {
    Router::new()
        .route("/.well-known/openid-credential-issuer", get(issuing::show_issuer))
        .route("/.well-known/oauth-authorization-server", get(issuing::show_authorization_server))
        .route("/.well-known/jwt-vc-issuer", get(issuing::show_vc_issuer))
        .route("/credentials/jwks.json", get(issuing::show_jwks))
        .route("/credentials/types/large_family", get(issuing::show_type))
        .route("/credentials/offers/{handle}", get(issuing::show_offer))
        .route("/credentials/token", post(issuing::take_token))
        .route("/credentials/nonce", post(issuing::take_nonce))
        .route("/credentials/credential", post(issuing::issue_credential))
        .route("/credentials/notification", post(issuing::take_notification))
        .route("/credentials/status/{number}", get(issuing::show_status_list))
        .route("/api/v1/wallet/codes", post(wallet::mint_codes))
        .route("/api/v1/wallet/state", post(wallet::show_state))
        .route("/api/v1/wallet/spoken", post(wallet::mint_spoken))
        .route("/api/v1/wallet/recovery", post(wallet::make_recovery))
        .route("/api/v1/wallet/lost", post(wallet::report_lost))
        .route("/api/v1/wallet/move", post(wallet::move_wallet))
        .route("/api/v1/wallet/forget", post(wallet::forget_wallet))
        .route("/api/v1/verify", post(verify::verify_code))
        .route("/api/v1/terminals/pair", post(verify::pair_terminal))
        .route("/api/v1/terminals/me", get(verify::show_terminal))
        .route("/api/v1/terminals/pairings", post(rights::create_pairing))
        .route("/api/v1/terminals/{id}", delete(rights::revoke_terminal))
        .route("/api/v1/locations/{id}/poster.svg", get(verify::show_poster))
        .route("/api/v1/rights", get(rights::list_rights).post(rights::create_right))
        .route("/api/v1/rights/list", post(rights::upload_rights).layer(DefaultBodyLimit::max(MAX_LIST_BYTES)))
        .route("/api/v1/rights/{id}", get(rights::show_right))
        .route("/api/v1/rights/{id}/{act}", post(rights::act_on_right))
}

/// The OpenAPI 3.1 document of the routes.
pub fn openapi_json() -> String {
    let (_, api) = api_router().split_for_parts();
    api.to_pretty_json().expect("the document is plain data")
}

/// Every route.
pub fn router(state: AppState) -> Router {
    let (routes, api) = api_router().split_for_parts();
    let openapi: Arc<str> = api.to_pretty_json().expect("the document is plain data").into();
    let compressed = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(
        SizeAbove::new(1_024)
            .and(tower_http::compression::DefaultPredicate::new())
            .and(NotForContentType::const_new(basemap::PMTILES)),
    );
    routes
        .route(
            "/openapi.json",
            get(move || async move { ([("content-type", "application/json")], openapi.to_string()) }),
        )
        .route("/basemap.pmtiles", get(basemap::show_file))
        .route("/basemap.json", get(basemap::show_tilejson))
        .route("/basemap/{z}/{x}/{y}", get(basemap::show_tile))
        .route("/style/{file}", get(styles::show_style))
        .route("/style/glyphs/{stack}/{file}", get(styles::show_glyphs))
        .route("/", get(map_page::show_map_page))
        .route("/place/{id}", get(place_page::show_place_page))
        .route("/docs", get(static_files::show_docs_page))
        .route("/wallet", get(static_files::show_wallet_page))
        .route("/scan", get(static_files::show_scan_page))
        .route("/q", get(static_files::show_q_page))
        .route("/Q", get(static_files::show_q_page))
        .merge(credential_routes())
        .fallback(static_files::show_file)
        // One stack in one call: each call of `layer` would box and clone every route's service once more.
        .layer(
            ServiceBuilder::new()
                .layer(compressed)
                .layer(outer::OuterLayer::new(&state))
                .layer(DefaultBodyLimit::max(MAX_BODY_BYTES)),
        )
        .with_state(state)
}
