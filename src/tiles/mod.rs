//! What is drawn: vector tiles and clusters, made from a snapshot.
//!
//! In come a cell of the map and a filter; out go the places of the cell that match, each counted exactly once: alone
//! where it is alone in its cell of the cluster grid, else in that cell's cluster. Tiles, the clustered viewport and
//! the plain lists are read from the same views, so their numbers agree under every filter.

pub mod cache;
pub mod cluster;
pub mod geojson;
pub mod mvt;
pub mod select;
pub mod tilejson;
pub mod tiler;

pub use cluster::{Cluster, Drawn};
pub use tiler::{Format, Key, Tile, Tiler};
