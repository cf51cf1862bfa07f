//! A checked tree asked about one place. What is not known is neither true nor false, as in SQL.

use super::check::GEOMETRY;
use super::{Literal, Node, Op, What};
use crate::feature::properties::{self, Record};
use crate::geometry::{Bbox, LonLat};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use geo::{Geometry, Intersects, Point, Rect, Relate};
use std::borrow::Cow;
use std::cmp::Ordering;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A place as a filter sees it.
pub struct Row<'r> {
    /// Its id.
    pub id: &'r str,
    /// The code of its first category.
    pub category: &'r str,
    /// Where it is.
    pub position: LonLat,
    /// The rest; a filter that asks for more than the above must have it.
    pub record: Option<&'r Record<'r>>,
}

/// A time as a stretch, microseconds since 1970; the ends of an open one are the ends of all numbers.
type Span = (i64, i64);

#[derive(Debug, Clone, PartialEq)]
enum Value<'v> {
    Unknown,
    Bool(bool),
    Number(f64),
    Text(Cow<'v, str>),
    Date(NaiveDate),
    Timestamp(DateTime<Utc>),
    Interval(Option<i64>, Option<i64>),
    Position(LonLat),
    Geometry(&'v Geometry<f64>),
    Bbox(Bbox),
    Array(Vec<Value<'v>>),
}

/// Whether the place matches.
pub fn matches(node: &Node, row: &Row<'_>) -> bool {
    truth(node, row) == Some(true)
}

fn truth(node: &Node, row: &Row<'_>) -> Option<bool> {
    match value(node, row) {
        Value::Bool(flag) => Some(flag),
        _ => None,
    }
}

fn value<'v>(node: &'v Node, row: &'v Row<'_>) -> Value<'v> {
    match &node.what {
        What::Literal(literal) => match literal {
            Literal::Bool(flag) => Value::Bool(*flag),
            Literal::Number(n) => Value::Number(*n),
            Literal::Text(text) => Value::Text(text.into()),
            Literal::Date(day) => Value::Date(*day),
            Literal::Timestamp(at) => Value::Timestamp(*at),
            Literal::Open => Value::Unknown,
            Literal::Geometry(geometry) => Value::Geometry(geometry),
            Literal::Bbox(bbox) => Value::Bbox(*bbox),
        },
        What::Property(name) => property(name, row),
        What::Array(items) => Value::Array(items.iter().map(|item| value(item, row)).collect()),
        What::Call(op, args) => call(*op, args, row),
    }
}

fn property<'v>(name: &str, row: &'v Row<'_>) -> Value<'v> {
    match name {
        GEOMETRY => Value::Position(row.position),
        "id" => Value::Text(row.id.into()),
        "category" => Value::Text(row.category.into()),
        _ => match row.record.and_then(|record| record.get(name)) {
            None => Value::Unknown,
            Some(properties::Value::Text(text)) => Value::Text(text.into()),
            Some(properties::Value::Number(n)) => Value::Number(n),
            Some(properties::Value::Date(day)) => Value::Date(day),
            Some(properties::Value::Texts(texts)) => {
                Value::Array(texts.iter().map(|t| Value::Text(Cow::Borrowed(&**t))).collect())
            }
        },
    }
}

fn call<'v>(op: Op, args: &'v [Node], row: &'v Row<'_>) -> Value<'v> {
    let known = |flag: Option<bool>| flag.map_or(Value::Unknown, Value::Bool);
    match op {
        Op::And => known(all(args, row, false)),
        Op::Or => known(all(args, row, true)),
        Op::Not => known(truth(&args[0], row).map(|flag| !flag)),
        Op::IsNull => Value::Bool(value(&args[0], row) == Value::Unknown),
        Op::Casei => folded(value(&args[0], row), &|text| text.to_lowercase()),
        Op::Accenti => folded(value(&args[0], row), &plain),
        Op::Between => {
            let at = value(&args[0], row);
            let above = order(&at, &value(&args[1], row)).map(|o| o != Ordering::Less);
            let below = order(&at, &value(&args[2], row)).map(|o| o != Ordering::Greater);
            known(and(above, below))
        }
        Op::In => {
            let at = value(&args[0], row);
            let Value::Array(items) = value(&args[1], row) else { return Value::Unknown };
            let mut found = Some(false);
            for item in &items {
                match order(&at, item) {
                    Some(Ordering::Equal) => return Value::Bool(true),
                    Some(_) => {}
                    None => found = None,
                }
            }
            known(found)
        }
        Op::Interval => {
            let ends = [&args[0], &args[1]].map(|arg| (span(&value(arg, row)), &arg.what));
            if ends.iter().any(|(end, what)| end.is_none() && **what != What::Literal(Literal::Open)) {
                return Value::Unknown;
            }
            Value::Interval(ends[0].0.map(|span| span.0), ends[1].0.map(|span| span.0))
        }
        _ => {
            let (left, right) = (value(&args[0], row), value(&args[1], row));
            if left == Value::Unknown || right == Value::Unknown {
                return Value::Unknown;
            }
            binary(op, &left, &right)
        }
    }
}

/// AND, or OR when `ends_at` is true: the first part that decides ends it.
fn all(args: &[Node], row: &Row<'_>, ends_at: bool) -> Option<bool> {
    let mut found = Some(!ends_at);
    for arg in args {
        match truth(arg, row) {
            Some(flag) if flag == ends_at => return Some(ends_at),
            Some(_) => {}
            None => found = None,
        }
    }
    found
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    if a == Some(false) || b == Some(false) { Some(false) } else { Some(a? && b?) }
}

fn binary(op: Op, left: &Value<'_>, right: &Value<'_>) -> Value<'static> {
    let known = |flag: Option<bool>| flag.map_or(Value::Unknown, Value::Bool);
    let ordered = |is: fn(Ordering) -> bool| known(order(left, right).map(is));
    match op {
        Op::Eq => ordered(Ordering::is_eq),
        Op::Ne => ordered(Ordering::is_ne),
        Op::Lt => ordered(Ordering::is_lt),
        Op::Le => ordered(Ordering::is_le),
        Op::Gt => ordered(Ordering::is_gt),
        Op::Ge => ordered(Ordering::is_ge),
        Op::Like => match (left, right) {
            (Value::Text(text), Value::Text(pattern)) => Value::Bool(like(text, pattern)),
            _ => Value::Unknown,
        },
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Mod | Op::IntDiv | Op::Pow => match (left, right) {
            (Value::Number(a), Value::Number(b)) => arithmetic(op, *a, *b),
            _ => Value::Unknown,
        },
        _ if op.is_spatial() => known(spatial(op, left, right)),
        _ if op.is_temporal() => known(span(left).zip(span(right)).map(|(a, b)| temporal(op, a, b))),
        _ => Value::Bool(of_arrays(op, left, right)),
    }
}

fn arithmetic(op: Op, a: f64, b: f64) -> Value<'static> {
    let n = match op {
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div => a / b,
        Op::Mod => a % b,
        Op::IntDiv => (a / b).trunc(),
        _ => a.powf(b),
    };
    if n.is_finite() { Value::Number(n) } else { Value::Unknown }
}

fn order(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn folded<'v>(value: Value<'v>, fold: &dyn Fn(&str) -> String) -> Value<'v> {
    match value {
        Value::Text(text) => Value::Text(fold(&text).into()),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| folded(item, fold)).collect()),
        other => other,
    }
}

/// Without accents. й is a letter and not an и with an accent; ё is written е as often as not.
fn plain(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let keep = matches!(c, 'й' | 'Й');
            let parts: Vec<char> = if keep { vec![c] } else { c.nfd().filter(|c| !is_combining_mark(*c)).collect() };
            parts
        })
        .collect()
}

/// `%` stands for any run of characters, `_` for one, and a backslash takes the meaning away.
fn like(text: &str, pattern: &str) -> bool {
    #[derive(PartialEq)]
    enum Piece {
        Run,
        Any,
        Is(char),
    }
    let mut pieces = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        pieces.push(match c {
            '%' => Piece::Run,
            '_' => Piece::Any,
            '\\' => Piece::Is(chars.next().unwrap_or('\\')),
            c => Piece::Is(c),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let (mut t, mut p, mut retry) = (0, 0, None);
    while t < text.len() {
        match pieces.get(p) {
            Some(Piece::Run) => {
                retry = Some((t, p));
                p += 1;
            }
            Some(piece) if *piece == Piece::Any || *piece == Piece::Is(text[t]) => (t, p) = (t + 1, p + 1),
            _ => match &mut retry {
                Some((from, run)) => {
                    *from += 1;
                    (t, p) = (*from, *run + 1);
                }
                None => return false,
            },
        }
    }
    pieces[p..].iter().all(|piece| *piece == Piece::Run)
}

fn geometry(value: &Value<'_>) -> Option<Geometry<f64>> {
    match value {
        Value::Position(p) => Some(Geometry::Point(Point::new(p.lon(), p.lat()))),
        Value::Geometry(geometry) => Some((*geometry).clone()),
        Value::Bbox(bbox) => {
            let polygons =
                bbox.split().iter().map(|b| Rect::new((b.west, b.south), (b.east, b.north)).to_polygon()).collect();
            Some(Geometry::MultiPolygon(geo::MultiPolygon(polygons)))
        }
        _ => None,
    }
}

/// In the plane of degrees, as CRS84 is.
fn spatial(op: Op, left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    // The question of nearly everybody, without a copy of the geometry.
    let meets = match (left, right) {
        (Value::Position(p), Value::Bbox(b)) | (Value::Bbox(b), Value::Position(p)) => Some(b.contains(*p)),
        (Value::Position(p), Value::Geometry(g)) | (Value::Geometry(g), Value::Position(p)) => {
            Some(g.intersects(&Point::new(p.lon(), p.lat())))
        }
        _ => None,
    };
    match (op, meets) {
        (Op::SIntersects, Some(meets)) => return Some(meets),
        (Op::SDisjoint, Some(meets)) => return Some(!meets),
        // Whatever else is true of two geometries, they meet.
        (_, Some(false)) => return Some(false),
        _ => {}
    }
    let matrix = geometry(left)?.relate(&geometry(right)?);
    Some(match op {
        Op::SIntersects => matrix.is_intersects(),
        Op::SDisjoint => matrix.is_disjoint(),
        Op::SEquals => matrix.is_equal_topo(),
        Op::STouches => matrix.is_touches(),
        Op::SWithin => matrix.is_within(),
        Op::SContains => matrix.is_contains(),
        Op::SCrosses => matrix.is_crosses(),
        _ => matrix.is_overlaps(),
    })
}

/// A day is its first moment, UTC.
fn span(value: &Value<'_>) -> Option<Span> {
    match value {
        Value::Date(day) => {
            let at = day.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
            Some((at, at))
        }
        Value::Timestamp(at) => Some((at.timestamp_micros(), at.timestamp_micros())),
        Value::Interval(from, to) => Some((from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX))),
        _ => None,
    }
}

fn temporal(op: Op, (s1, e1): Span, (s2, e2): Span) -> bool {
    let disjoint = e1 < s2 || s1 > e2;
    match op {
        Op::TAfter => s1 > e2,
        Op::TBefore => e1 < s2,
        Op::TContains => s1 < s2 && e1 > e2,
        Op::TDisjoint => disjoint,
        Op::TDuring => s1 > s2 && e1 < e2,
        Op::TEquals => s1 == s2 && e1 == e2,
        Op::TFinishedBy => s1 < s2 && e1 == e2,
        Op::TFinishes => s1 > s2 && e1 == e2,
        Op::TMeets => e1 == s2,
        Op::TMetBy => s1 == e2,
        Op::TOverlappedBy => s1 > s2 && s1 < e2 && e1 > e2,
        Op::TOverlaps => s1 < s2 && e1 > s2 && e1 < e2,
        Op::TStartedBy => s1 == s2 && e1 > e2,
        Op::TStarts => s1 == s2 && e1 < e2,
        _ => !disjoint,
    }
}

/// The items of an array; one value in brackets was read as itself.
fn items<'a, 'v>(value: &'a Value<'v>) -> &'a [Value<'v>] {
    match value {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// Arrays are sets: neither order nor repetition counts.
fn of_arrays(op: Op, left: &Value<'_>, right: &Value<'_>) -> bool {
    let (left, right) = (items(left), items(right));
    let holds = |set: &[Value<'_>], subset: &[Value<'_>]| {
        subset.iter().all(|wanted| set.iter().any(|item| order(item, wanted) == Some(Ordering::Equal)))
    };
    match op {
        Op::AContains => holds(left, right),
        Op::AContainedBy => holds(right, left),
        Op::AEquals => holds(left, right) && holds(right, left),
        _ => right.iter().any(|wanted| left.iter().any(|item| order(item, wanted) == Some(Ordering::Equal))),
    }
}

#[cfg(test)]
mod tests;
