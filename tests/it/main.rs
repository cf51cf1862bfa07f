//! The integration tests: the real parts put together, a module per room.
//!
//! `scripts/with_postgis.sh cargo test --profile ci --test it` runs everything on both stores; without PostGIS its half
//! is skipped, and each skipped test says so.

mod backup;
mod basemap;
mod checks;
mod config;
mod cql2;
mod credentials;
mod desk;
mod desk_things;
mod downloads;
mod embed;
mod feed;
mod guides;
mod harness;
mod http;
mod import;
mod kill;
mod location_cli;
mod ogc;
mod openapi;
mod page_weight;
mod place_page;
mod postgis_away;
mod roles;
mod search;
mod store_contract;
mod tiles;
mod writes;
