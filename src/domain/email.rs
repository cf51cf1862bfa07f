//! Addresses of mail.

/// Most bytes of an address (RFC 5321, 4.5.3.1.3).
const MAX_BYTES: usize = 254;

/// An address as it is kept and compared; `None` when no letter could be sent there. What is behind it only a letter shows.
pub fn fold_email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (name, host) = text.rsplit_once('@')?;
    let fits = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && !part.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"@".contains(c))
    };
    (fits(name) && fits(host) && host.contains('.') && text.len() <= MAX_BYTES).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_folded_and_others_refused() {
        assert_eq!(fold_email(" Anna@Example.ORG ").as_deref(), Some("anna@example.org"));
        assert_eq!(fold_email("анна@пример.рф").as_deref(), Some("анна@пример.рф"));
        for text in [
            "",
            "anna",
            "anna@",
            "@example.org",
            "anna@localhost",
            "a b@example.org",
            "a@example.org\nBcc: x@y.z",
            "a@b..ru",
            ".a@b.ru",
        ] {
            assert_eq!(fold_email(text), None, "{text:?}");
        }
    }
}
