//! stub
/// stub
#[derive(Debug, Clone, PartialEq)]
pub struct Hours(String);
impl Hours {
    /// stub
    pub fn parse(t: &str) -> Result<Self, String> {
        Ok(Self(t.into()))
    }
    /// stub
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
