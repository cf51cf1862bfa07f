//! A position on WGS 84.

use std::fmt;

/// A position in degrees on WGS 84, longitude first, checked on construction.
///
/// # Units
/// Degrees; `lon` in `[-180, 180]`, `lat` in `[-90, 90]`, both finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

/// Why two numbers are not a position.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PositionError {
    /// Not a finite number in `[-180, 180]`.
    #[error("lon {0} is not between -180 and 180")]
    Lon(f64),
    /// Not a finite number in `[-90, 90]`.
    #[error("lat {0} is not between -90 and 90")]
    Lat(f64),
}

impl LonLat {
    /// # Errors
    /// [`PositionError`] names the coordinate that is out of range or not finite.
    pub fn new(lon: f64, lat: f64) -> Result<Self, PositionError> {
        // Written so that NaN fails: a NaN is never inside a range.
        if !(-180.0..=180.0).contains(&lon) {
            return Err(PositionError::Lon(lon));
        }
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PositionError::Lat(lat));
        }
        // -0.0 would print as "-0" and so make two texts of one position.
        Ok(Self { lon: lon + 0.0, lat: lat + 0.0 })
    }

    /// Longitude, degrees east.
    #[inline]
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Latitude, degrees north.
    #[inline]
    pub fn lat(self) -> f64 {
        self.lat
    }
}

impl fmt::Display for LonLat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.lon, self.lat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_infinity_and_out_of_range_are_refused() {
        for (lon, lat) in [(f64::NAN, 0.0), (f64::INFINITY, 0.0), (180.000_001, 0.0), (-181.0, 0.0)] {
            assert!(matches!(LonLat::new(lon, lat), Err(PositionError::Lon(_))), "{lon} {lat}");
        }
        for lat in [f64::NAN, 90.000_001, -91.0, f64::NEG_INFINITY] {
            assert!(matches!(LonLat::new(0.0, lat), Err(PositionError::Lat(_))), "{lat}");
        }
        assert!(LonLat::new(-180.0, 90.0).is_ok());
    }

    #[test]
    fn negative_zero_is_zero() {
        let p = LonLat::new(-0.0, -0.0).unwrap();
        assert_eq!(p.to_string(), "0,0");
    }
}
