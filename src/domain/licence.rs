//! Under which licence the public layer is given away.

use std::str::FromStr;
use std::sync::Arc;

/// A licence: what it is called and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// Short name, such as `CC BY 4.0`.
    pub name: Arc<str>,
    /// Its text.
    pub url: Arc<str>,
}

impl Default for Licence {
    fn default() -> Self {
        Self { name: "CC BY 4.0".into(), url: "https://creativecommons.org/licenses/by/4.0/".into() }
    }
}

/// Not a name and an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a licence is a name and the address of its text")]
pub struct NoLicence;

impl FromStr for Licence {
    type Err = NoLicence;

    /// Reads `CC BY 4.0 https://creativecommons.org/licenses/by/4.0/`: the last word is the address.
    fn from_str(text: &str) -> Result<Self, NoLicence> {
        let (name, url) = text.trim().rsplit_once(char::is_whitespace).ok_or(NoLicence)?;
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        // It travels in a header: <url>; rel="license".
        let is_plain = url.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>' && b != b'"');
        let name = name.trim();
        if !is_web || !is_plain || name.is_empty() || name.chars().any(char::is_control) {
            return Err(NoLicence);
        }
        Ok(Self { name: name.into(), url: url.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_a_name_and_an_address() {
        let read = |text: &str| text.parse::<Licence>();
        assert_eq!(read(" CC BY 4.0  https://creativecommons.org/licenses/by/4.0/ "), Ok(Licence::default()));
        assert_eq!(&*read("Открытые данные https://a.example/x").unwrap().name, "Открытые данные");
        for wrong in
            ["", "CC0", "https://a.example/", "CC0 a.example", "CC0 https://a.example/>;b", "C\u{7}0 https://a/"]
        {
            assert_eq!(read(wrong), Err(NoLicence), "{wrong}");
        }
    }
}
