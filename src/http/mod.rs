//! THE DOOR. Parse, ask one actor, answer.

pub mod accounts;
pub mod basemap;
pub mod bulk;
pub mod check;
pub mod conditional;
mod desk;
mod desk_view;
pub mod download;
mod embed_page;
pub mod events;
mod first_rows;
mod guides;
pub mod health;
pub mod issuing;
pub mod lists;
pub mod locations;
mod map_page;
mod oembed;
pub mod ogc;
pub mod ogc_items;
mod ogc_pages;
mod ogc_params;
pub mod ogc_tiles;
mod open_text;
pub mod operator;
pub mod organisation;
pub mod outer;
pub mod params;
pub mod partner;
pub mod partner_keys;
pub mod photos;
mod place_page;
pub mod problem;
mod ranges;
pub mod refusals;
pub mod rights;
pub mod schema;
pub mod search;
pub mod session;
pub mod state;
mod static_files;
pub mod styles;
pub mod tiles;
pub mod verify;
mod viewport;
pub mod wallet;
mod week;
pub mod who;
pub mod writes;

pub use state::AppState;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::routing::{get, post};
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
/// Largest bulk file of a partner.
const MAX_BULK_BYTES: usize = 16 * 1024 * 1024;

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
        (name = "checks", description = "A code becomes a verdict; with a terminal's token or a till's key: `Authorization: Bearer …`"),
        (name = "wallet", description = "For the holder's device, proved by its key. Issuing is OpenID4VCI 1.0: see /.well-known/openid-credential-issuer"),
        (name = "rights", description = "With the operator's key"),
        (name = "session", description = "Signing in: a link by mail, a cookie; writes repeat the session's word in `X-CSRF-Token`. Operators add a code of their authenticator app"),
        (name = "partner", description = "A partner's desk, for a manager's session or a key of the partner's own system: `Authorization: Bearer ryk_…`"),
        (name = "operator", description = "The operator's desk, for an operator's session or the operator's key"),
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
        .routes(routes!(verify::verify_code))
        .routes(routes!(verify::pair_terminal))
        .routes(routes!(verify::show_terminal))
        .routes(routes!(verify::show_poster))
        .routes(routes!(rights::list_rights, rights::create_right))
        .merge(OpenApiRouter::new().routes(routes!(rights::upload_rights)).layer(DefaultBodyLimit::max(MAX_LIST_BYTES)))
        .routes(routes!(rights::show_right))
        .routes(routes!(rights::act_on_right))
        .routes(routes!(rights::create_pairing))
        .routes(routes!(rights::revoke_terminal))
        .routes(routes!(wallet::mint_codes))
        .routes(routes!(wallet::show_state))
        .routes(routes!(wallet::mint_spoken))
        .routes(routes!(wallet::make_recovery))
        .routes(routes!(wallet::move_wallet))
        .routes(routes!(wallet::forget_wallet))
        .routes(routes!(wallet::report_lost))
        .merge(desk_router())
        .routes(routes!(lists::list_categories))
        .routes(routes!(lists::list_settlements))
        .routes(routes!(search::search))
        .routes(routes!(health::show_health))
        .routes(routes!(health::show_readiness))
        .routes(routes!(health::show_metrics))
}

/// The desks of partners and operators.
fn desk_router() -> OpenApiRouter<AppState> {
    let photo = routes!(photos::put_photo, photos::remove_photo);
    let photo = OpenApiRouter::new().routes(photo).layer(DefaultBodyLimit::max(crate::partners::photo::MAX_FILE_BYTES));
    let file = OpenApiRouter::new().routes(routes!(bulk::upload)).layer(DefaultBodyLimit::max(MAX_BULK_BYTES));
    OpenApiRouter::new()
        .routes(routes!(session::send_link))
        .routes(routes!(session::show_session, session::sign_in, session::sign_out))
        .routes(routes!(session::sign_out_everywhere))
        .routes(routes!(session::show_totp, session::show_code))
        .routes(routes!(organisation::show_partner, organisation::put_partner))
        .routes(routes!(check::check))
        .routes(routes!(organisation::invite_manager))
        .routes(routes!(organisation::remove_manager))
        .routes(routes!(partner::list_own, partner::create_own))
        .routes(routes!(partner::show_own, partner::edit_own, partner::withdraw_own))
        .routes(routes!(partner::submit_own))
        .routes(routes!(partner::discard_own))
        .routes(routes!(partner::answer_own))
        .merge(photo)
        .routes(routes!(partner_keys::list_terminals, partner_keys::pair_terminal))
        .routes(routes!(partner_keys::rename_terminal, partner_keys::revoke_terminal))
        .routes(routes!(partner_keys::list_keys, partner_keys::create_key))
        .routes(routes!(partner_keys::revoke_key))
        .routes(routes!(refusals::list_own_refusals))
        .routes(routes!(refusals::answer_refusal))
        .merge(file)
        .routes(routes!(bulk::show_file, bulk::forget))
        .routes(routes!(bulk::list_rows))
        .routes(routes!(bulk::apply))
        .routes(routes!(operator::list_queue))
        .routes(routes!(operator::show_revision))
        .routes(routes!(operator::decide_revision))
        .routes(routes!(operator::approve_many))
        .routes(routes!(operator::list_locations))
        .routes(routes!(operator::show_location))
        .routes(routes!(operator::act_on_location))
        .routes(routes!(accounts::list_partners))
        .routes(routes!(accounts::list_accounts, accounts::invite_account))
        .routes(routes!(accounts::disable_account))
        .routes(routes!(refusals::list_refusals))
        .routes(routes!(refusals::close_refusal))
        .routes(routes!(accounts::list_audit))
        .routes(routes!(refusals::report_refusal))
        .routes(routes!(photos::show_photo))
}

/// Issuing, as its standards have it; they are its documents.
fn issuing_routes() -> Router<AppState> {
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
}

/// OGC API and the downloads. The standard has a document of its own, `/ogc/api`, which is OpenAPI 3.0.
fn ogc_routes() -> Router<AppState> {
    Router::new()
        .route("/ogc", get(ogc::show_landing))
        .route("/ogc/", get(ogc::show_landing))
        .route("/ogc/api", get(ogc::show_api))
        .route("/ogc/conformance", get(ogc::show_conformance))
        .route("/ogc/collections", get(ogc::list_collections))
        .route("/ogc/collections/locations", get(ogc::show_collection))
        .route("/ogc/collections/locations/queryables", get(ogc::show_queryables))
        .route("/ogc/collections/locations/sortables", get(ogc::show_sortables))
        .route("/ogc/collections/locations/items", get(ogc_items::list_items))
        .route("/ogc/collections/locations/items/{id}", get(ogc_items::show_item))
        .route("/ogc/collections/locations/tiles", get(ogc_tiles::list_tilesets))
        .route("/ogc/collections/locations/tiles/WebMercatorQuad", get(ogc_tiles::show_tileset))
        .route("/ogc/collections/locations/tiles/WebMercatorQuad/{z}/{row}/{col}", get(ogc_tiles::show_tile))
        .route("/ogc/tileMatrixSets", get(ogc_tiles::list_tile_matrix_sets))
        .route("/ogc/tileMatrixSets/WebMercatorQuad", get(ogc_tiles::show_tile_matrix_set))
        .route("/download/{file}", get(download::show_file))
}

/// A header's value that is made here, of ASCII alone.
fn own_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("ASCII of our own")
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
            .and(NotForContentType::const_new(basemap::PMTILES))
            .and(NotForContentType::const_new(download::FLATGEOBUF)),
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
        .route("/embed", get(embed_page::show_embed_page))
        .route("/embed/builder", get(static_files::show_embed_builder_page))
        .route("/oembed", get(oembed::show_oembed))
        .route("/place/{id}", get(place_page::show_place_page))
        .route("/docs", get(static_files::show_docs_page))
        .route("/docs/{guide}", get(guides::show_guide))
        .route("/docs/examples/{file}", get(guides::show_example))
        .route("/wallet", get(static_files::show_wallet_page))
        .route("/scan", get(static_files::show_scan_page))
        .route("/sign-in", get(static_files::show_sign_in_page))
        .route("/partner", get(static_files::show_partner_page))
        .route("/operator", get(static_files::show_operator_page))
        .route("/dev/mail", get(session::show_letters))
        .route("/dev/mail.json", get(session::list_letters))
        .route("/q", get(static_files::show_q_page))
        .route("/Q", get(static_files::show_q_page))
        .merge(issuing_routes())
        .merge(ogc_routes())
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
