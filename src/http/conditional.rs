//! What a request's headers allow to leave out.

use axum::http::{HeaderMap, header};

/// Whether the client has this entity already.
pub fn is_unchanged(headers: &HeaderMap, etag: &str) -> bool {
    headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|tags| {
        tags.split(',').any(|t| matches!(t.trim(), "*") || t.trim().trim_start_matches("W/") == etag)
    })
}

/// Whether the client takes gzip.
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    accepts(headers, "gzip")
}

/// Whether the client takes a coding of the content: named, or `*`, and not with weight 0.
pub fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let weight_of = |wanted| weight(&headers.get_all(header::ACCEPT_ENCODING), wanted);
    weight_of(coding).or_else(|| weight_of("*")).is_some_and(|weight| weight > 0.0)
}

/// The weight that a list of accepted names gives to one of them; none when it is not named.
pub fn weight(accepted: &header::GetAll<'_, header::HeaderValue>, wanted: &str) -> Option<f32> {
    accepted.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).find_map(|part| {
        let mut parts = part.split(';').map(str::trim);
        let name = parts.next()?;
        let weight = || parts.find_map(|p| p.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f32>().ok());
        name.eq_ignore_ascii_case(wanted).then(weight).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_when_it_is_accepted() {
        let asked =
            |text: &str| accepts_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, text.parse().unwrap())]));
        for yes in ["gzip", "br, GZIP;q=0.5", "*", "deflate, gzip;q=1.0, *;q=0.5"] {
            assert!(asked(yes), "{yes}");
        }
        for no in ["br", "gzip;q=0", "*;q=0", "gzip;q=0, *", "", "gzipped"] {
            assert!(!asked(no), "{no}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
