//! CQL2 text -> tree. A parser by recursive descent; the grammar is Annex B of the standard.

use super::tokens::{Kind, Token, static_sign, tokens};
use super::{At, Fault, Literal, MAX_DEPTH, Node, Op, What, bbox, date, timestamp, wkt};

/// The tree of a text.
///
/// # Errors
/// A [`Fault`] with the character.
pub fn parse(text: &str) -> Result<Node, Fault> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0 };
    let node = parser.or()?;
    match parser.peek().kind {
        Kind::End => Ok(node),
        _ => Err(parser.unexpected("конец фильтра, AND или OR", "the end of the filter, AND or OR")),
    }
}

pub(super) struct Parser {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

impl Parser {
    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn peek_after(&self) -> &Kind {
        &self.tokens[(self.next + 1).min(self.tokens.len() - 1)].kind
    }

    fn at(&self) -> At {
        At::Char(self.peek().at)
    }

    pub(super) fn unexpected(&self, ru: &str, en: &str) -> Fault {
        let (found_ru, found_en) = match &self.peek().kind {
            Kind::Word(w) => (format!("«{w}»"), format!("{w:?}")),
            Kind::Quoted(w) => (format!("\"{w}\""), format!("\"{w}\"")),
            Kind::Text(t) => (format!("'{t}'"), format!("'{t}'")),
            Kind::Number(n) => (n.to_string(), n.to_string()),
            Kind::Sign(s) => (format!("«{s}»"), format!("{s:?}")),
            Kind::End => ("конец".to_owned(), "the end".to_owned()),
        };
        Fault::new(
            &self.at(),
            format!("стоит {found_ru}, а нужно: {ru}"),
            format!("{found_en} stands where {en} is needed"),
        )
    }

    pub(super) fn takes_sign(&mut self, sign: &str) -> bool {
        let is = matches!(&self.peek().kind, Kind::Sign(s) if *s == sign);
        self.next += usize::from(is);
        is
    }

    pub(super) fn sign(&mut self, sign: &str) -> Result<(), Fault> {
        if self.takes_sign(sign) { Ok(()) } else { Err(self.unexpected(sign, &format!("{sign:?}"))) }
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(&self.peek().kind, Kind::Word(w) if w.eq_ignore_ascii_case(word))
    }

    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let is = self.is_word(word);
        self.next += usize::from(is);
        is
    }

    /// A number with its sign.
    pub(super) fn number(&mut self) -> Result<f64, Fault> {
        let minus = self.takes_sign("-");
        if !minus {
            self.takes_sign("+");
        }
        let Kind::Number(n) = self.peek().kind else { return Err(self.unexpected("число", "a number")) };
        self.next += 1;
        Ok(if minus { -n } else { n })
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::new(&self.at(), "слишком много вложенных скобок", "nested too deep"));
        }
        let found = inner(self);
        self.depth -= 1;
        found
    }

    fn or(&mut self) -> Result<Node, Fault> {
        self.deeper(|p| p.chain("OR", Op::Or, Self::and))
    }

    fn and(&mut self) -> Result<Node, Fault> {
        self.chain("AND", Op::And, Self::not)
    }

    fn chain(&mut self, word: &str, op: Op, each: fn(&mut Self) -> Result<Node, Fault>) -> Result<Node, Fault> {
        let first = each(self)?;
        let at = first.at.clone();
        let mut all = vec![first];
        while self.takes_word(word) {
            all.push(each(self)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node { at, what: What::Call(op, all) } })
    }

    fn not(&mut self) -> Result<Node, Fault> {
        let at = self.at();
        if self.takes_word("NOT") {
            let inner = self.deeper(Self::not)?;
            return Ok(Node { at, what: What::Call(Op::Not, vec![inner]) });
        }
        self.predicate()
    }

    fn predicate(&mut self) -> Result<Node, Fault> {
        let left = self.sum()?;
        let at = left.at.clone();
        let call = |op, args| Node { at: at.clone(), what: What::Call(op, args) };
        if let Kind::Sign(sign @ ("=" | "<>" | "<" | "<=" | ">" | ">=")) = self.peek().kind {
            self.next += 1;
            let op = Op::of_code(sign).expect("a comparison of the list");
            return Ok(call(op, vec![left, self.sum()?]));
        }
        if self.takes_word("IS") {
            let not = self.takes_word("NOT");
            if !self.takes_word("NULL") {
                return Err(self.unexpected("NULL", "NULL"));
            }
            let is_null = call(Op::IsNull, vec![left]);
            return Ok(if not { call(Op::Not, vec![is_null]) } else { is_null });
        }
        let not = self.is_word("NOT")
            && matches!(self.peek_after(), Kind::Word(w) if ["LIKE", "IN", "BETWEEN"].iter().any(|k| w.eq_ignore_ascii_case(k)));
        self.next += usize::from(not);
        let found = if self.takes_word("LIKE") {
            call(Op::Like, vec![left, self.sum()?])
        } else if self.takes_word("BETWEEN") {
            let low = self.sum()?;
            if !self.takes_word("AND") {
                return Err(self.unexpected("AND", "AND"));
            }
            call(Op::Between, vec![left, low, self.sum()?])
        } else if self.takes_word("IN") {
            let list_at = self.at();
            self.sign("(")?;
            let list = self.list(")")?;
            call(Op::In, vec![left, Node { at: list_at, what: What::Array(list) }])
        } else {
            return Ok(left);
        };
        Ok(if not { call(Op::Not, vec![found]) } else { found })
    }

    /// Values up to the closing sign, which is taken too.
    fn list(&mut self, close: &str) -> Result<Vec<Node>, Fault> {
        let mut all = Vec::new();
        if self.takes_sign(close) {
            return Ok(all);
        }
        loop {
            all.push(self.or()?);
            if self.takes_sign(close) {
                return Ok(all);
            }
            if !self.takes_sign(",") {
                return Err(self.unexpected("запятая или закрывающая скобка", "a comma or a closing bracket"));
            }
        }
    }

    fn sum(&mut self) -> Result<Node, Fault> {
        self.binary(&[("+", Op::Add), ("-", Op::Sub)], Self::product)
    }

    fn product(&mut self) -> Result<Node, Fault> {
        self.binary(&[("*", Op::Mul), ("/", Op::Div), ("%", Op::Mod), ("div", Op::IntDiv)], Self::power)
    }

    fn binary(&mut self, ops: &[(&str, Op)], each: fn(&mut Self) -> Result<Node, Fault>) -> Result<Node, Fault> {
        let mut left = each(self)?;
        while let Some(&(_, op)) = ops.iter().find(|(sign, _)| {
            if *sign == "div" { self.is_word(sign) } else { self.peek().kind == Kind::Sign(static_sign(sign)) }
        }) {
            self.next += 1;
            let right = each(self)?;
            left = Node { at: left.at.clone(), what: What::Call(op, vec![left, right]) };
        }
        Ok(left)
    }

    fn power(&mut self) -> Result<Node, Fault> {
        let left = self.primary()?;
        if !self.takes_sign("^") {
            return Ok(left);
        }
        let right = self.deeper(Self::power)?;
        Ok(Node { at: left.at.clone(), what: What::Call(Op::Pow, vec![left, right]) })
    }

    fn primary(&mut self) -> Result<Node, Fault> {
        let at = self.at();
        let literal = |l| Node { at: at.clone(), what: What::Literal(l) };
        match self.peek().kind.clone() {
            Kind::Number(n) => {
                self.next += 1;
                Ok(literal(Literal::Number(n)))
            }
            Kind::Text(text) => {
                self.next += 1;
                Ok(literal(Literal::Text(text)))
            }
            Kind::Quoted(name) => {
                self.next += 1;
                Ok(Node { at, what: What::Property(name) })
            }
            Kind::Sign("-" | "+") if matches!(self.peek_after(), Kind::Number(_)) => {
                Ok(literal(Literal::Number(self.number()?)))
            }
            Kind::Sign("-") => {
                self.next += 1;
                let inner = self.deeper(Self::power)?;
                let zero = Node { at: at.clone(), what: What::Literal(Literal::Number(0.0)) };
                Ok(Node { at, what: What::Call(Op::Sub, vec![zero, inner]) })
            }
            Kind::Sign("(") => {
                self.next += 1;
                let mut all = self.list(")")?;
                // One in brackets is itself; `check` takes it for an array where one is needed.
                if all.len() == 1 { Ok(all.remove(0)) } else { Ok(Node { at, what: What::Array(all) }) }
            }
            Kind::Word(word) => self.word(&word, at),
            _ => Err(self.unexpected("значение, свойство или функция", "a value, a property or a function")),
        }
    }

    fn word(&mut self, word: &str, at: At) -> Result<Node, Fault> {
        let upper = word.to_ascii_uppercase();
        if ["AND", "OR", "NOT", "LIKE", "IN", "IS", "BETWEEN", "NULL", "DIV"].contains(&upper.as_str()) {
            return Err(self.unexpected("значение, свойство или функция", "a value, a property or a function"));
        }
        let what = match upper.as_str() {
            "TRUE" | "FALSE" => {
                self.next += 1;
                What::Literal(Literal::Bool(upper == "TRUE"))
            }
            _ if wkt::is_kind(&upper) && matches!(self.peek_after(), Kind::Sign("(") | Kind::Word(_)) => {
                What::Literal(Literal::Geometry(wkt::geometry(self)?))
            }
            _ if *self.peek_after() != Kind::Sign("(") => {
                self.next += 1;
                What::Property(word.to_owned())
            }
            "DATE" | "TIMESTAMP" => {
                self.next += 2;
                let inner_at = self.at();
                let Kind::Text(text) = self.peek().kind.clone() else {
                    return Err(self.unexpected("время в апострофах", "a time in apostrophes"));
                };
                self.next += 1;
                self.sign(")")?;
                What::Literal(if upper == "DATE" {
                    Literal::Date(date(&text, &inner_at)?)
                } else {
                    Literal::Timestamp(timestamp(&text, &inner_at)?)
                })
            }
            "INTERVAL" => {
                self.next += 2;
                let mut ends = self.list(")")?;
                for end in &mut ends {
                    super::json::moment_of_text(end)?;
                }
                What::Call(Op::Interval, ends)
            }
            "BBOX" => {
                self.next += 2;
                let mut numbers = vec![self.number()?];
                while self.takes_sign(",") {
                    numbers.push(self.number()?);
                }
                self.sign(")")?;
                What::Literal(Literal::Bbox(bbox(&numbers, &at)?))
            }
            _ => {
                let Some(op) = Op::of_code(word).filter(|op| op.is_function()) else {
                    let known: Vec<String> =
                        Op::ALL.iter().filter(|op| op.is_function()).map(|op| op.code().to_uppercase()).collect();
                    let known = known.join(", ");
                    return Err(Fault::new(
                        &at,
                        format!("функции {word} нет; есть: {known}"),
                        format!("there is no function {word}; there are: {known}"),
                    ));
                };
                self.next += 2;
                What::Call(op, self.list(")")?)
            }
        };
        Ok(Node { at, what })
    }
}
