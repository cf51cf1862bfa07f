//! Query parameters of `/items` -> a question, and the links of its page.

use super::params::{Params, bounded, invalid};
use super::problem::{Problem, Text};
use crate::feature::properties::{PROPERTIES, Property, Type};
use crate::geometry::Bbox;
use crate::index::Filter;
use crate::index::within::After;
use crate::ogc::CRS84;
use crate::ogc::cql2::{self, At, Literal, Node, Op, What};
use crate::ogc::narrow::narrow;
use crate::ogc::openapi::{DEFAULT_LIMIT, MAX_LIMIT};
use crate::ogc::query::{Question, Start};
use crate::ogc::sort::{self, Ranked, SortKey};
use chrono::{DateTime, NaiveDate, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What `/items` was asked.
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) limit: usize,
    pub(super) start: Start,
}

impl Asked {
    /// Reads every parameter.
    pub(super) fn of(params: &Params<'_>, now: DateTime<Utc>) -> Result<Self, Problem> {
        crs(params, "crs")?;
        crs(params, "bbox-crs")?;
        let bbox = params.text("bbox").map(bbox).transpose()?;
        params.text("datetime").map_or(Ok(()), datetime)?;
        let mut conditions = Vec::new();
        for property in PROPERTIES {
            if let Some(text) = params.text(property.name) {
                conditions.push(equals(property, text)?);
            }
        }
        conditions.extend(filter(params)?);
        let words = params.filter_of_words(Filter::default(), now)?;
        let sort = params.text("sortby").map(sortby).transpose()?.unwrap_or_default();
        let question = Question { which: narrow(words, bbox, conditions), sort };
        let start = start(params, &question.sort)?;
        Ok(Self { question, limit: limit(params)?, start })
    }
}

/// A larger number than the maximum is the maximum, as the standard has it.
fn limit(params: &Params<'_>) -> Result<usize, Problem> {
    Ok(params.whole("limit", DEFAULT_LIMIT, usize::MAX)?.min(MAX_LIMIT))
}

fn start(params: &Params<'_>, sort: &[SortKey]) -> Result<Start, Problem> {
    let offset = params.text("offset");
    let Some(cursor) = params.text("cursor") else {
        let number = |text: &str| text.parse::<usize>().ok();
        return offset.map_or(Ok(Start::Offset(0)), |text| {
            number(text).map(Start::Offset).ok_or_else(|| {
                invalid("offset", Text::new("нужно целое число от 0", "a whole number from 0 is needed"))
            })
        });
    };
    if offset.is_some() {
        return Err(invalid("cursor", Text::new("не сочетается с offset", "does not go with offset")));
    }
    let found = if sort.is_empty() {
        cursor.split_once('.').and_then(|(code, id)| {
            Some(Start::After(After { code: u64::from_str_radix(code, 16).ok()?, id: id.into() }))
        })
    } else {
        Ranked::of_cursor(cursor, sort).map(Start::Ranked)
    };
    found.ok_or_else(|| {
        let what = Text::new(
            "возьмите его из ссылки next предыдущей страницы",
            "take it from the link next of the page before",
        );
        invalid("cursor", what)
    })
}

/// Where the next page begins, as a parameter.
fn cursor(start: &Start) -> String {
    match start {
        Start::Offset(n) => n.to_string(),
        Start::After(after) => format!("{:x}.{}", after.code, after.id),
        Start::Ranked(ranked) => ranked.to_cursor(),
    }
}

/// The query string with other values of some parameters; of the first without any.
pub(super) fn query_with(query: Option<&str>, without: &[&str], with: &[(&str, &str)]) -> String {
    let kept = query.unwrap_or_default().split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !pair.is_empty() && !without.contains(&name) && !with.iter().any(|(n, _)| *n == name)
    });
    let added = with.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    let all: Vec<String> = kept.map(str::to_owned).chain(added).collect();
    if all.is_empty() { String::new() } else { format!("?{}", all.join("&")) }
}

/// The query string of the next page.
pub(super) fn query_of_next(query: Option<&str>, start: &Start) -> String {
    query_with(query, &["offset", "cursor"], &[("cursor", &cursor(start))])
}

fn bbox(text: &str) -> Result<Bbox, Problem> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|n| n.trim().parse().ok()).collect();
    let Some(&([west, south, east, north] | [west, south, _, east, north, _])) = numbers.as_deref() else {
        return Err(invalid(
            "bbox",
            Text::new(
                "нужны четыре числа через запятую: запад,юг,восток,север; или шесть, с высотами на третьем и шестом месте",
                "four numbers are needed, with commas: west,south,east,north; or six, with heights third and sixth",
            ),
        ));
    };
    if numbers.iter().flatten().any(|n| !n.is_finite()) {
        return Err(invalid("bbox", Text::new("нужны обычные числа", "plain numbers are needed")));
    }
    bounded(west, south, east, north)
}

/// A moment or an interval. Places have no time of their own, so whatever it says all of them match.
fn datetime(text: &str) -> Result<(), Problem> {
    let wrong = || {
        invalid(
            "datetime",
            Text::new(
                "нужен момент 2026-11-22T10:00:00Z или промежуток из двух через /, открытый конец: ..",
                "a moment 2026-11-22T10:00:00Z is needed, or an interval of two with / between; an open end is ..",
            ),
        )
    };
    // A `+` that arrived as a space is forgiven.
    let text = text.replace(' ', "+");
    let moment = |text: &str| {
        let at = DateTime::parse_from_rfc3339(&text.to_ascii_uppercase()).map(|at| at.with_timezone(&Utc)).ok();
        at.or_else(|| Some(text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc()))
    };
    let end = |text: &str| if matches!(text, "" | "..") { Some(None) } else { moment(text).map(Some) };
    let fits = match text.split_once('/') {
        None => moment(&text).is_some(),
        Some((from, to)) => match (end(from), end(to)) {
            (Some(Some(from)), Some(Some(to))) => from <= to,
            (Some(from), Some(to)) => from.is_some() || to.is_some(),
            _ => false,
        },
    };
    if fits { Ok(()) } else { Err(wrong()) }
}

/// A property as a parameter: exactly this value; of several values, all that are listed.
fn equals(property: &Property, text: &str) -> Result<Node, Problem> {
    let at = At::Pointer(String::new());
    let node = |what| Node { at: at.clone(), what };
    let literal = |literal| node(What::Literal(literal));
    let (op, value) = match property.kind {
        Type::Text => (Op::Eq, literal(Literal::Text(text.to_owned()))),
        Type::Number => {
            let number: Option<f64> = text.parse().ok().filter(|n: &f64| n.is_finite());
            let number =
                number.ok_or_else(|| invalid(property.name, Text::new("нужно число", "a number is needed")))?;
            (Op::Eq, literal(Literal::Number(number)))
        }
        Type::Date => {
            let day = text.parse().map_err(|_| {
                invalid(property.name, Text::new("нужен день вида 2026-11-22", "a day such as 2026-11-22 is needed"))
            })?;
            (Op::Eq, literal(Literal::Date(day)))
        }
        Type::Texts => {
            let items = text.split(',').map(|item| literal(Literal::Text(item.trim().to_owned())));
            (Op::AContains, node(What::Array(items.collect())))
        }
    };
    Ok(node(What::Call(op, vec![node(What::Property(property.name.to_owned())), value])))
}

/// A reference system: there is one.
pub(super) fn crs(params: &Params<'_>, name: &'static str) -> Result<(), Problem> {
    if params.text(name).is_none_or(|crs| crs == CRS84) {
        return Ok(());
    }
    Err(invalid(name, Text::new(format!("есть только {CRS84}"), format!("there is {CRS84} alone"))))
}

fn filter(params: &Params<'_>) -> Result<Option<Node>, Problem> {
    crs(params, "filter-crs")?;
    let parse = match params.text("filter-lang") {
        None | Some("cql2-text") => cql2::text::parse,
        Some("cql2-json") => cql2::json::parse,
        Some(_) => {
            let what = Text::new("есть cql2-text и cql2-json", "there are cql2-text and cql2-json");
            return Err(invalid("filter-lang", what));
        }
    };
    let Some(text) = params.text("filter") else { return Ok(None) };
    let checked = parse(text).and_then(|node| cql2::check::check(&node).map(|()| node));
    checked.map(Some).map_err(|fault| {
        let (ru, en) = fault.sentences();
        invalid("filter", Text::new(ru, en))
    })
}

fn sortby(text: &str) -> Result<Vec<SortKey>, Problem> {
    sort::parse(text).map_err(|name| {
        let shown: String = name.chars().take(40).collect();
        let known: Vec<&str> = sort::sortables().map(|p| p.name).collect();
        let known = known.join(", ");
        invalid(
            "sortby",
            Text::new(
                format!("по «{shown}» не сортируют; есть: {known}"),
                format!("{shown:?} is not to be sorted by; there are: {known}"),
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_the_standard_writes_them() {
        for yes in [
            "2026-11-22T10:00:00Z",
            "2026-11-22T10:00:00 03:00",
            "2026-11-22",
            "../2026-11-22T10:00:00Z",
            "2026-11-22T10:00:00Z/..",
            "/2026-11-22T10:00:00Z",
            "2026-11-22T10:00:00Z/",
            "2026-01-01T00:00:00Z/2026-02-01T00:00:00Z",
        ] {
            assert!(datetime(yes).is_ok(), "{yes}");
        }
        for no in [
            "yesterday",
            "../..",
            "/",
            "2026-02-01T00:00:00Z/2026-01-01T00:00:00Z",
            "2026-13-01",
            "2026-11-22T10:00:00Z/x",
        ] {
            assert!(datetime(no).is_err(), "{no}");
        }
    }

    #[test]
    fn boxes_have_four_or_six_numbers() {
        assert_eq!(bbox("1,2,3,4").unwrap(), bbox("1,2,-5,3,4,900").unwrap());
        for no in ["1,2,3", "1,2,3,4,5", "a,b,c,d", "1,5,3,4", "1,2,NaN,3,4,inf", "1,2,3,91"] {
            assert!(bbox(no).is_err(), "{no}");
        }
    }

    #[test]
    fn a_link_keeps_what_was_asked_and_changes_one_thing() {
        assert_eq!(query_with(Some("a=1&f=json&b=2"), &[], &[("f", "html")]), "?a=1&b=2&f=html");
        let next = query_of_next(Some("limit=2&offset=4"), &Start::After(After { code: 255, id: "й".into() }));
        assert_eq!(next, "?limit=2&cursor=ff%2E%D0%B9");
        assert_eq!(query_with(None, &["f"], &[]), "");
    }
}
