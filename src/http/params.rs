//! Query strings and JSON bodies as named texts, and from there to what the rooms ask for.
//!
//! GET and POST take the same names, so both become pairs of texts here and are read by one piece of code.

use super::problem::{Kind, Problem, Text};
use crate::domain::{BenefitKind, Category, Lang, Wheelchair};
use crate::geometry::bbox::BboxError;
use crate::geometry::{Bbox, LonLat};
use crate::index::Filter;
use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::str::FromStr;

/// Named texts of one request.
pub struct Params<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

/// Longest search text.
const MAX_Q_CHARS: usize = 100;

pub(super) fn decode(text: &str) -> Option<Cow<'_, str>> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        return percent_decode_str(&spaced).decode_utf8().ok().map(|t| Cow::Owned(t.into_owned()));
    }
    percent_decode_str(text).decode_utf8().ok()
}

impl<'a> Params<'a> {
    /// The pairs of a query string; each name of `known` at most once, no other.
    ///
    /// # Errors
    /// A [`Problem`] that names the parameter.
    pub fn of_query(query: Option<&'a str>, known: &[&str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::with_capacity(8);
        for part in query.unwrap_or_default().split('&').filter(|p| !p.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let (Some(name), Some(value)) = (decode(name), decode(value)) else {
                let shown: String = name.chars().take(40).collect();
                return Err(invalid(&shown, Text::new("это не UTF-8", "this is not UTF-8")));
            };
            pairs.push((name, value));
        }
        Self(pairs).checked(known)
    }

    /// The members of a JSON object; lists become comma-separated texts.
    ///
    /// # Errors
    /// A [`Problem`] that names the member, or says that the body is no object.
    pub fn of_json(body: &[u8], known: &[&str]) -> Result<Params<'static>, Problem> {
        let bad = |ru: String, en: String| Problem::new(Kind::InvalidBody, Text::new(ru, en));
        let Members(members) = serde_json::from_slice(body).map_err(|e| {
            if e.is_data() {
                return bad("Нужен объект JSON.".into(), "A JSON object is needed.".into());
            }
            bad(
                format!("Тело не является JSON (строка {}, столбец {}).", e.line(), e.column()),
                format!("The body is not JSON (line {}, column {}).", e.line(), e.column()),
            )
        })?;
        let lang = members.iter().find(|(name, _)| name == "lang").and_then(|(_, tag)| Lang::of_tag(tag.as_str()?));
        let in_lang = |problem: Problem| match lang {
            Some(lang) => problem.in_lang(lang),
            None => problem,
        };
        let mut pairs: Vec<(Cow<'static, str>, Cow<'static, str>)> = Vec::with_capacity(members.len());
        for (name, value) in members {
            let text = match value {
                serde_json::Value::Null => continue,
                serde_json::Value::Array(items) => {
                    let texts: Option<Vec<String>> = items.into_iter().map(scalar).collect();
                    texts.map(|t| t.join(","))
                }
                other => scalar(other),
            };
            let Some(text) = text else {
                let wanted = Text::new("нужен текст, число или список", "a text, a number or a list is needed");
                return Err(in_lang(invalid(&name, wanted)));
            };
            pairs.push((name.into(), text.into()));
        }
        Params(pairs).checked(known).map_err(in_lang)
    }

    fn checked(self, known: &[&str]) -> Result<Self, Problem> {
        for (i, (name, _)) in self.0.iter().enumerate() {
            if !known.contains(&&**name) {
                let shown: String = name.chars().take(40).collect();
                let list = known.join(", ");
                return Err(Problem::of_field(
                    Kind::UnknownParameter,
                    &shown,
                    Text::new(
                        format!("Параметра «{shown}» здесь нет. Есть: {list}."),
                        format!("There is no parameter {shown:?} here. There are: {list}."),
                    ),
                ));
            }
            if self.0[..i].iter().any(|(earlier, _)| earlier == name) {
                let once = Text::new("параметр дан дважды; нужен один раз", "given twice; give it once");
                return Err(invalid(name, once));
            }
        }
        Ok(self)
    }

    /// The text of a name; an empty one counts as not given.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }

    fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        self.text(name)
            .map(|text| {
                text.parse().map_err(|_| {
                    let shown: String = text.chars().take(40).collect();
                    invalid(
                        name,
                        Text::new(
                            format!("«{shown}» не число; пишите цифрами с точкой, например 45.0344"),
                            format!("{shown:?} is not a number; write digits with a point, such as 45.0344"),
                        ),
                    )
                })
            })
            .transpose()
    }

    /// A whole number within bounds, or the default.
    ///
    /// # Errors
    /// A [`Problem`] that names the parameter.
    pub fn whole(&self, name: &str, default: usize, max: usize) -> Result<usize, Problem> {
        match self.number::<i64>(name)? {
            None => Ok(default),
            Some(n) if n >= 1 && usize::try_from(n).is_ok_and(|n| n <= max) => Ok(n as usize),
            Some(n) => Err(invalid(
                name,
                Text::new(
                    format!("{n} не подходит: нужно целое от 1 до {max}"),
                    format!("{n} does not fit: a whole number from 1 to {max} is needed"),
                ),
            )),
        }
    }

    /// `lon` and `lat`.
    ///
    /// # Errors
    /// A [`Problem`] that names the one that is missing or wrong.
    pub fn position(&self) -> Result<LonLat, Problem> {
        let get = |name| self.number::<f64>(name)?.ok_or_else(|| missing(name, "45.0344"));
        let (lon, lat) = (get("lon")?, get("lat")?);
        LonLat::new(lon, lat).map_err(|e| {
            use crate::geometry::lon_lat::PositionError;
            match e {
                PositionError::Lon(_) => invalid(
                    "lon",
                    Text::new("долгота лежит от -180 до 180 градусов", "longitude lies between -180 and 180 degrees"),
                ),
                PositionError::Lat(_) => invalid(
                    "lat",
                    Text::new(
                        "широта лежит от -90 до 90 градусов; не переставлены ли lon и lat?",
                        "latitude lies between -90 and 90 degrees; are lon and lat swapped?",
                    ),
                ),
            }
        })
    }

    /// `max_distance_m`; infinite when not given.
    ///
    /// # Errors
    /// A [`Problem`] that names it.
    pub fn max_distance_m(&self) -> Result<f64, Problem> {
        match self.number::<f64>("max_distance_m")? {
            None => Ok(f64::INFINITY),
            Some(d) if d >= 0.0 && d.is_finite() => Ok(d),
            Some(_) => Err(invalid(
                "max_distance_m",
                Text::new("нужно число метров, не меньше нуля", "a number of metres, not below zero, is needed"),
            )),
        }
    }

    /// `zoom` of a map, its decimals dropped.
    ///
    /// # Errors
    /// A [`Problem`] that names it.
    pub fn zoom(&self) -> Result<Option<u8>, Problem> {
        match self.number::<f64>("zoom")? {
            None => Ok(None),
            Some(zoom) if (0.0..=24.0).contains(&zoom) => Ok(Some(zoom as u8)),
            Some(_) => {
                Err(invalid("zoom", Text::new("нужен масштаб карты, от 0 до 24", "a map's zoom, 0 to 24, is needed")))
            }
        }
    }

    /// `bbox=west,south,east,north`.
    ///
    /// # Errors
    /// A [`Problem`] that names it and says which number is wrong.
    pub fn bbox(&self) -> Result<Bbox, Problem> {
        let text = self.text("bbox").ok_or_else(|| missing("bbox", "41.9,45.0,42.1,45.1"))?;
        let numbers: Option<Vec<f64>> = text.split(',').map(|n| n.trim().parse().ok()).collect();
        let Some(&[west, south, east, north]) = numbers.as_deref() else {
            return Err(invalid(
                "bbox",
                Text::new(
                    "нужны четыре числа через запятую: запад,юг,восток,север",
                    "four numbers are needed, with commas: west,south,east,north",
                ),
            ));
        };
        bounded(west, south, east, north)
    }

    /// The language of data labels and messages.
    ///
    /// # Errors
    /// A [`Problem`] that names `lang`.
    pub fn lang(&self) -> Result<Option<Lang>, Problem> {
        self.text("lang")
            .map(|tag| {
                Lang::of_tag(tag)
                    .ok_or_else(|| invalid("lang", Text::new("есть языки ru и en", "the languages are ru and en")))
            })
            .transpose()
    }

    /// `min_seq`.
    ///
    /// # Errors
    /// A [`Problem`] that names it.
    pub fn min_seq(&self) -> Result<Option<i64>, Problem> {
        match self.number::<i64>("min_seq")? {
            Some(n) if n < 0 => {
                Err(invalid("min_seq", Text::new("номер не бывает меньше нуля", "a seq is never below zero")))
            }
            other => Ok(other),
        }
    }

    /// `category`, `benefit`, `wheelchair`, `open_at` and `q` as one filter.
    ///
    /// # Errors
    /// A [`Problem`] that names the parameter and lists what it takes.
    pub fn filter(&self, now: DateTime<Utc>) -> Result<Filter, Problem> {
        let mut filter = Filter::default();
        if let Some(list) = self.text("category") {
            let codes = || Category::ALL.iter().map(|c| c.code()).collect::<Vec<_>>().join(", ");
            filter = filter.categories(self.each("category", list, Category::lookup, codes)?);
        }
        if let Some(list) = self.text("benefit") {
            let codes = || BenefitKind::ALL.map(BenefitKind::code).join(", ");
            filter = filter.benefits(self.each("benefit", list, BenefitKind::of_code, codes)?);
        }
        if let Some(list) = self.text("wheelchair") {
            filter =
                filter.wheelchair(self.each("wheelchair", list, Wheelchair::of_code, || "yes, limited, no".into())?);
        }
        self.filter_of_words(filter, now)
    }

    /// `open_at` and `q`, added to a filter.
    ///
    /// # Errors
    /// A [`Problem`] that names the parameter.
    pub fn filter_of_words(&self, mut filter: Filter, now: DateTime<Utc>) -> Result<Filter, Problem> {
        if let Some(at) = self.text("open_at") {
            filter = filter.open_at(if at == "now" { now } else { moment(at)? });
        }
        if let Some(q) = self.q()? {
            filter = filter.text(q);
        }
        Ok(filter)
    }

    /// `q`, the words of a search.
    ///
    /// # Errors
    /// A [`Problem`] that names it when it is too long.
    pub fn q(&self) -> Result<Option<&str>, Problem> {
        match self.text("q") {
            Some(q) if q.chars().count() > MAX_Q_CHARS => Err(invalid(
                "q",
                Text::new(
                    format!("не длиннее {MAX_Q_CHARS} знаков"),
                    format!("not longer than {MAX_Q_CHARS} characters"),
                ),
            )),
            q => Ok(q),
        }
    }

    #[expect(clippy::unused_self, reason = "reads as a question to the parameters")]
    fn each<T>(
        &self,
        name: &str,
        list: &str,
        lookup: impl Fn(&str) -> Option<T>,
        known: impl Fn() -> String,
    ) -> Result<Vec<T>, Problem> {
        list.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(|item| {
                lookup(item).ok_or_else(|| {
                    let shown: String = item.chars().take(40).collect();
                    invalid(
                        name,
                        Text::new(
                            format!("нет значения «{shown}»; есть: {}", known()),
                            format!("there is no value {shown:?}; there are: {}", known()),
                        ),
                    )
                })
            })
            .collect()
    }
}

/// An RFC 3339 moment; a `+` that arrived as a space is forgiven.
fn moment(text: &str) -> Result<DateTime<Utc>, Problem> {
    DateTime::parse_from_rfc3339(&text.replace(' ', "+")).map(|at| at.with_timezone(&Utc)).map_err(|_| {
        invalid(
            "open_at",
            Text::new(
                "нужно now или время с поясом, например 2026-11-22T10:00:00+03:00",
                "now or a time with its offset is needed, such as 2026-11-22T10:00:00+03:00",
            ),
        )
    })
}

/// The members of an object as they stand there: a map would keep the last of two of one name and say nothing.
struct Members(Vec<(String, serde_json::Value)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> serde::de::Visitor<'de> for Reader {
            type Value = Members;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Reader)
    }
}

fn scalar(value: serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(flag) => Some(if flag { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

/// A wrong value of a parameter.
#[expect(clippy::needless_pass_by_value, reason = "every caller makes the text for this call")]
pub fn invalid(name: &str, detail: Text) -> Problem {
    Problem::of_field(
        Kind::InvalidParameter,
        name,
        Text::new(format!("{name}: {}", detail.ru), format!("{name}: {}", detail.en)),
    )
}

fn missing(name: &str, example: &str) -> Problem {
    Problem::of_field(
        Kind::MissingParameter,
        name,
        Text::new(
            format!("Нужен параметр {name}, например {name}={example}."),
            format!("The parameter {name} is needed, such as {name}={example}."),
        ),
    )
}

/// The area between four edges.
///
/// # Errors
/// A [`Problem`] that names `bbox`.
pub(super) fn bounded(west: f64, south: f64, east: f64, north: f64) -> Result<Bbox, Problem> {
    Bbox::new(west, south, east, north).map_err(|e| match e {
        BboxError::Order { south, north } => Problem::of_field(
            Kind::BboxOrder,
            "bbox",
            Text::new(
                format!("в bbox юг {south} выше севера {north}; порядок: запад,юг,восток,север"),
                format!("bbox has south {south} and north {north}; the order is west,south,east,north"),
            ),
        ),
        BboxError::Lon(n) => invalid(
            "bbox",
            Text::new(format!("долгота {n} вне -180…180"), format!("longitude {n} is outside -180…180")),
        ),
        BboxError::Lat(n) => {
            invalid("bbox", Text::new(format!("широта {n} вне -90…90"), format!("latitude {n} is outside -90…90")))
        }
    })
}
