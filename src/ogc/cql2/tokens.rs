//! The words of CQL2 text: names, numbers, texts, signs, each with the character where it begins.

use super::{At, Fault};

/// A word of a filter with its first character.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// From 1.
    pub(super) at: usize,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Word(String),
    Quoted(String),
    Text(String),
    Number(f64),
    Sign(&'static str),
    End,
}

const SIGNS: [&str; 16] = ["<>", "<=", ">=", "(", ")", ",", "=", "<", ">", "+", "-", "*", "/", "%", "^", ";"];

/// The words of a text, and an end after the last.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let start = i;
        let c = chars[i];
        let kind = if c.is_whitespace() {
            i += 1;
            continue;
        } else if c == '\'' || c == '"' {
            let (text, end) = quoted(&chars, i)?;
            i = end;
            if c == '"' { Kind::Quoted(text) } else { Kind::Text(text) }
        } else if c.is_ascii_digit() || (c == '.' && chars.get(i + 1).is_some_and(char::is_ascii_digit)) {
            i = number_end(&chars, i);
            let digits: String = chars[start..i].iter().collect();
            let number = digits.parse().ok().filter(|n: &f64| n.is_finite());
            Kind::Number(number.ok_or_else(|| {
                Fault::new(&At::Char(start + 1), format!("«{digits}» не число"), format!("{digits:?} is no number"))
            })?)
        } else if c.is_alphabetic() || c == '_' || c == ':' {
            while i < chars.len() && (chars[i].is_alphanumeric() || matches!(chars[i], '_' | ':' | '.')) {
                i += 1;
            }
            Kind::Word(chars[start..i].iter().collect())
        } else {
            let sign = SIGNS.into_iter().find(|sign| chars[i..].iter().copied().take(sign.len()).eq(sign.chars()));
            let Some(sign) = sign else {
                return Err(Fault::new(
                    &At::Char(start + 1),
                    format!("знака «{c}» в CQL2 нет"),
                    format!("there is no {c:?} in CQL2"),
                ));
            };
            i += sign.len();
            Kind::Sign(sign)
        };
        tokens.push(Token { at: start + 1, kind });
    }
    tokens.push(Token { at: chars.len() + 1, kind: Kind::End });
    Ok(tokens)
}

/// A text in quotation marks, doubled or escaped ones within; and where it ends.
fn quoted(chars: &[char], start: usize) -> Result<(String, usize), Fault> {
    let mark = chars[start];
    let mut text = String::new();
    let mut i = start + 1;
    while let Some(&c) = chars.get(i) {
        let doubled = chars.get(i + 1) == Some(&mark);
        if (c == mark || (c == '\\' && mark == '\'')) && doubled {
            text.push(mark);
            i += 2;
        } else if c == mark {
            return Ok((text, i + 1));
        } else {
            text.push(c);
            i += 1;
        }
    }
    Err(Fault::new(
        &At::Char(start + 1),
        format!("кавычка {mark} не закрыта"),
        format!("the quotation mark {mark} is not closed"),
    ))
}

fn number_end(chars: &[char], mut i: usize) -> usize {
    let digits = |mut i: usize| {
        while chars.get(i).is_some_and(char::is_ascii_digit) {
            i += 1;
        }
        i
    };
    i = digits(i);
    if chars.get(i) == Some(&'.') {
        i = digits(i + 1);
    }
    if matches!(chars.get(i), Some('e' | 'E')) {
        let sign = usize::from(matches!(chars.get(i + 1), Some('+' | '-')));
        if chars.get(i + 1 + sign).is_some_and(char::is_ascii_digit) {
            i = digits(i + 1 + sign);
        }
    }
    i
}

/// The sign of the list that equals a text.
pub(super) fn static_sign(sign: &str) -> &'static str {
    SIGNS.into_iter().find(|s| *s == sign).unwrap_or(";")
}
