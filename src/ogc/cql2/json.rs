//! CQL2 JSON -> tree.

use super::{At, Fault, Literal, MAX_DEPTH, Node, Op, What, bbox, date, timestamp};
use serde_json::{Map, Value};
use std::fmt::Write;

/// The tree of a JSON text.
///
/// # Errors
/// A [`Fault`] with a JSON Pointer, or with line and column when it is no JSON.
pub fn parse(text: &str) -> Result<Node, Fault> {
    let value: Value = serde_json::from_str(text).map_err(|e| {
        let at = At::Line(e.line(), e.column());
        Fault::new(&at, "это не JSON", format!("this is not JSON: {e}"))
    })?;
    node(&value, &mut String::new(), 0)
}

fn node(value: &Value, path: &mut String, depth: usize) -> Result<Node, Fault> {
    let at = At::Pointer(path.clone());
    if depth > MAX_DEPTH {
        return Err(Fault::new(&at, "слишком глубоко", "nested too deep"));
    }
    let what = match value {
        Value::Bool(flag) => What::Literal(Literal::Bool(*flag)),
        Value::Number(n) => What::Literal(Literal::Number(n.as_f64().unwrap_or(f64::NAN))),
        Value::String(text) => What::Literal(Literal::Text(text.clone())),
        Value::Array(items) => What::Array(nodes(items, path, depth)?),
        Value::Object(object) => of_object(object, &at, path, depth)?,
        Value::Null => {
            return Err(Fault::new(
                &at,
                "null здесь не значение; спросите {\"op\":\"isNull\",…}",
                "null is no value here; ask {\"op\":\"isNull\",…}",
            ));
        }
    };
    Ok(Node { at, what })
}

fn nodes(items: &[Value], path: &mut String, depth: usize) -> Result<Vec<Node>, Fault> {
    let mut all = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        let len = path.len();
        write!(path, "/{i}").expect("writing to a string");
        all.push(node(item, path, depth + 1)?);
        path.truncate(len);
    }
    Ok(all)
}

fn of_object(object: &Map<String, Value>, at: &At, path: &mut String, depth: usize) -> Result<What, Fault> {
    let text = |member: &str| {
        object.get(member).map(|value| {
            value
                .as_str()
                .ok_or_else(|| Fault::new(at, format!("{member}: нужен текст"), format!("{member}: a text is needed")))
        })
    };
    if let Some(op) = text("op") {
        return call(op?, object, at, path, depth);
    }
    if let Some(name) = text("property") {
        return Ok(What::Property(name?.to_owned()));
    }
    if let Some(day) = text("date") {
        return Ok(What::Literal(Literal::Date(date(day?, at)?)));
    }
    if let Some(moment) = text("timestamp") {
        return Ok(What::Literal(Literal::Timestamp(timestamp(moment?, at)?)));
    }
    if let Some(ends) = object.get("interval").and_then(Value::as_array) {
        path.push_str("/interval");
        let mut ends = nodes(ends, path, depth)?;
        path.truncate(path.len() - "/interval".len());
        for end in &mut ends {
            moment_of_text(end)?;
        }
        return Ok(What::Call(Op::Interval, ends));
    }
    if let Some(numbers) = object.get("bbox").filter(|_| !object.contains_key("type")) {
        let numbers: Option<Vec<f64>> = numbers.as_array().and_then(|n| n.iter().map(Value::as_f64).collect());
        return Ok(What::Literal(Literal::Bbox(bbox(&numbers.unwrap_or_default(), at)?)));
    }
    if object.contains_key("type") {
        let geometry = whole(object)
            .then(|| serde_json::from_value::<geojson::Geometry>(Value::Object(object.clone())).ok())
            .flatten()
            .and_then(|geometry| geo::Geometry::<f64>::try_from(geometry).ok());
        return geometry
            .map(|g| What::Literal(Literal::Geometry(g)))
            .ok_or_else(|| Fault::new(at, "это не геометрия GeoJSON", "this is no GeoJSON geometry"));
    }
    let wanted = "op, property, date, timestamp, interval, bbox, type";
    Err(Fault::new(
        at,
        format!("у объекта должен быть один из членов: {wanted}"),
        format!("an object has one of the members {wanted}"),
    ))
}

/// Whether every position has two numbers or more: the crate that reads on takes that for granted.
fn whole(geometry: &Map<String, Value>) -> bool {
    fn positions(value: &Value) -> bool {
        match value.as_array() {
            Some(items) if items.first().is_some_and(Value::is_array) => items.iter().all(positions),
            Some(items) => items.len() >= 2 && items.iter().all(Value::is_number),
            None => false,
        }
    }
    match (geometry.get("coordinates"), geometry.get("geometries").and_then(Value::as_array)) {
        (Some(coordinates), _) => positions(coordinates),
        // Not within itself, so that the depth is bounded.
        (None, Some(inner)) => inner.iter().all(|g| g.get("coordinates").is_some_and(positions)),
        (None, None) => false,
    }
}

fn call(name: &str, object: &Map<String, Value>, at: &At, path: &mut String, depth: usize) -> Result<What, Fault> {
    let op = Op::ALL.iter().copied().find(|op| op.code() == name && *op != Op::Interval).ok_or_else(|| {
        let known: Vec<&str> = Op::ALL.iter().filter(|op| **op != Op::Interval).map(|op| op.code()).collect();
        let known = known.join(", ");
        Fault::new(
            at,
            format!("op «{name}» нет; есть: {known}"),
            format!("there is no op {name:?}; there are: {known}"),
        )
    })?;
    let Some(args) = object.get("args").and_then(Value::as_array) else {
        return Err(Fault::new(at, format!("{name}: нужен список args"), format!("{name}: the list args is needed")));
    };
    path.push_str("/args");
    let args = nodes(args, path, depth)?;
    path.truncate(path.len() - "/args".len());
    Ok(What::Call(op, args))
}

/// The end of an interval: a text becomes a day, a moment or "open"; anything else stays what it is.
pub(super) fn moment_of_text(end: &mut Node) -> Result<(), Fault> {
    if let What::Literal(Literal::Text(text)) = &end.what {
        end.what = What::Literal(match text.as_str() {
            ".." => Literal::Open,
            day if day.len() == 10 => Literal::Date(date(day, &end.at)?),
            moment => Literal::Timestamp(timestamp(moment, &end.at)?),
        });
    }
    Ok(())
}
