//! An area between two meridians and two parallels.

use super::lon_lat::LonLat;

/// `west,south,east,north` in degrees, edges included. `west > east` crosses the antimeridian, as in RFC 7946.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bbox {
    /// Western edge.
    pub west: f64,
    /// Southern edge.
    pub south: f64,
    /// Eastern edge.
    pub east: f64,
    /// Northern edge.
    pub north: f64,
}

/// Why four numbers are not a bbox.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BboxError {
    /// A longitude outside `[-180, 180]` or not finite.
    #[error("longitude {0} is not between -180 and 180")]
    Lon(f64),
    /// A latitude outside `[-90, 90]` or not finite.
    #[error("latitude {0} is not between -90 and 90")]
    Lat(f64),
    /// South is above north.
    #[error("south {south} is above north {north}")]
    Order {
        /// What was given as south.
        south: f64,
        /// What was given as north.
        north: f64,
    },
}

impl Bbox {
    /// # Errors
    /// [`BboxError`] says which number is wrong.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, BboxError> {
        for lon in [west, east] {
            if !(-180.0..=180.0).contains(&lon) {
                return Err(BboxError::Lon(lon));
            }
        }
        for lat in [south, north] {
            if !(-90.0..=90.0).contains(&lat) {
                return Err(BboxError::Lat(lat));
            }
        }
        if south > north {
            return Err(BboxError::Order { south, north });
        }
        Ok(Self { west, south, east, north })
    }

    /// Whether `p` lies inside or on the edge.
    #[inline]
    pub fn contains(&self, p: LonLat) -> bool {
        let lon_inside = if self.west <= self.east {
            p.lon() >= self.west && p.lon() <= self.east
        } else {
            p.lon() >= self.west || p.lon() <= self.east
        };
        lon_inside && p.lat() >= self.south && p.lat() <= self.north
    }

    /// One box, or two where this one crosses the antimeridian; each has `west <= east`.
    pub fn split(&self) -> Vec<Self> {
        if self.west > self.east {
            return vec![Self { east: 180.0, ..*self }, Self { west: -180.0, ..*self }];
        }
        vec![*self]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bbox_across_the_antimeridian_splits_in_two_that_hold_the_same() {
        let b = Bbox::new(170.0, -10.0, -170.0, 10.0).unwrap();
        let parts = b.split();
        assert_eq!(parts.len(), 2);
        for lon in [-180.0, -175.0, -170.0, -169.9, 0.0, 169.9, 170.0, 180.0] {
            let p = LonLat::new(lon, 0.0).unwrap();
            assert_eq!(b.contains(p), parts.iter().any(|b| b.contains(p)), "{lon}");
        }
    }

    #[test]
    fn a_wrong_bbox_is_named() {
        assert!(matches!(Bbox::new(0.0, 60.1, 1.0, 59.7), Err(BboxError::Order { .. })));
        assert!(matches!(Bbox::new(0.0, 0.0, 181.0, 1.0), Err(BboxError::Lon(_))));
        assert!(matches!(Bbox::new(0.0, f64::NAN, 1.0, 1.0), Err(BboxError::Lat(_))));
    }
}
