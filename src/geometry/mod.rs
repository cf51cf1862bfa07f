//! Ground: positions on the ellipsoid. Pure arithmetic; knows nothing of partners.

pub mod bbox;
pub mod geodesic;
pub mod lon_lat;
pub mod mercator;
pub mod tile_coord;

pub use bbox::Bbox;
pub use lon_lat::LonLat;
pub use tile_coord::TileCoord;
