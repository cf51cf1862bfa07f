//! Whether a tree makes sense: every property is known, every operator gets what it takes.

use super::{Fault, Literal, Node, Op, What};
use crate::feature::properties::{self, PROPERTIES};
use geo::{Coord, CoordsIter};

/// The property that holds the position.
pub const GEOMETRY: &str = "geometry";

/// What a part of a filter gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Truth.
    Bool,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A day.
    Date,
    /// A moment.
    Timestamp,
    /// From one moment to another.
    Interval,
    /// A geometry.
    Geometry,
    /// Several values.
    Array,
}

impl Type {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Bool => ("условие", "a condition"),
            Self::Number => ("число", "a number"),
            Self::Text => ("текст", "a text"),
            Self::Date => ("день DATE('…')", "a day DATE('…')"),
            Self::Timestamp => ("момент TIMESTAMP('…')", "a moment TIMESTAMP('…')"),
            Self::Interval => ("промежуток INTERVAL('…','…')", "an interval INTERVAL('…','…')"),
            Self::Geometry => ("геометрия", "a geometry"),
            Self::Array => ("список", "a list"),
        }
    }
}

/// Checks a whole filter.
///
/// # Errors
/// A [`Fault`] at the part that is wrong.
pub fn check(node: &Node) -> Result<(), Fault> {
    is(node, Type::Bool)
}

/// What a part gives.
fn type_of(node: &Node) -> Result<Type, Fault> {
    Ok(match &node.what {
        What::Literal(literal) => match literal {
            Literal::Bool(_) => Type::Bool,
            Literal::Number(_) => Type::Number,
            Literal::Text(_) => Type::Text,
            Literal::Date(_) => Type::Date,
            Literal::Timestamp(_) | Literal::Open => Type::Timestamp,
            Literal::Geometry(geometry) => {
                on_earth(node, geometry)?;
                Type::Geometry
            }
            Literal::Bbox(_) => Type::Geometry,
        },
        What::Property(name) if name == GEOMETRY => Type::Geometry,
        What::Property(name) => {
            let property = properties::property(name).ok_or_else(|| unknown(node, name))?;
            match property.kind {
                properties::Type::Text => Type::Text,
                properties::Type::Number => Type::Number,
                properties::Type::Date => Type::Date,
                properties::Type::Texts => Type::Array,
            }
        }
        What::Array(items) => {
            for item in items {
                type_of(item)?;
            }
            Type::Array
        }
        What::Call(op, args) => call(node, *op, args)?,
    })
}

/// Degrees of CRS84; latitude first is the usual mistake.
fn on_earth(node: &Node, geometry: &geo::Geometry<f64>) -> Result<(), Fault> {
    // Of 1e308 nobody reads each nought.
    let short = |n: f64| if n.abs() < 1e6 { n.to_string() } else { format!("{n:e}") };
    let wrong = geometry.coords_iter().find_map(|Coord { x, y }| {
        if !(-180.0..=180.0).contains(&x) {
            let x = short(x);
            Some((format!("долгота {x} вне -180…180"), format!("longitude {x} is outside -180…180")))
        } else if !(-90.0..=90.0).contains(&y) {
            let y = short(y);
            Some((format!("широта {y} вне -90…90"), format!("latitude {y} is outside -90…90")))
        } else {
            None
        }
    });
    wrong.map_or(Ok(()), |(ru, en)| {
        Err(Fault::new(&node.at, format!("{ru}; порядок: долгота, широта"), format!("{en}; longitude comes first")))
    })
}

fn unknown(node: &Node, name: &str) -> Fault {
    let shown: String = name.chars().take(40).collect();
    let known: Vec<&str> = PROPERTIES.iter().map(|p| p.name).chain([GEOMETRY]).collect();
    let known = known.join(", ");
    Fault::new(
        &node.at,
        format!("свойства «{shown}» нет; есть: {known}"),
        format!("there is no property {shown:?}; there are: {known}"),
    )
}

fn is(node: &Node, wanted: Type) -> Result<(), Fault> {
    one_of(node, &[wanted]).map(|_| ())
}

fn one_of(node: &Node, wanted: &[Type]) -> Result<Type, Fault> {
    let found = type_of(node)?;
    if wanted.contains(&found) {
        return Ok(found);
    }
    let words = |pick: fn((&'static str, &'static str)) -> &'static str, or: &str| {
        wanted.iter().map(|t| pick(t.words())).collect::<Vec<_>>().join(or)
    };
    let (ru, en) = (words(|w| w.0, " или "), words(|w| w.1, " or "));
    let (found_ru, found_en) = found.words();
    Err(Fault::new(&node.at, format!("нужно: {ru}; здесь {found_ru}"), format!("{en} is needed; this is {found_en}")))
}

fn count(node: &Node, op: Op, args: &[Node], wanted: usize) -> Result<(), Fault> {
    if args.len() == wanted {
        return Ok(());
    }
    let (name, got) = (op.code(), args.len());
    Err(Fault::new(
        &node.at,
        format!("{name}: частей должно быть {wanted}, а их {got}"),
        format!("{name} takes {wanted} parts and has {got}"),
    ))
}

fn call(node: &Node, op: Op, args: &[Node]) -> Result<Type, Fault> {
    use Type::{Array, Bool, Date, Geometry, Interval, Number, Text, Timestamp};
    match op {
        Op::And | Op::Or => {
            if args.len() < 2 {
                count(node, op, args, 2)?;
            }
            args.iter().try_for_each(|arg| is(arg, Bool))?;
        }
        Op::Not => {
            count(node, op, args, 1)?;
            is(&args[0], Bool)?;
        }
        Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => {
            count(node, op, args, 2)?;
            let ordered: &[Type] = &[Number, Text, Date, Timestamp];
            let any: &[Type] = &[Number, Text, Date, Timestamp, Bool];
            let left = one_of(&args[0], if matches!(op, Op::Eq | Op::Ne) { any } else { ordered })?;
            is(&args[1], left)?;
        }
        Op::Like => {
            count(node, op, args, 2)?;
            args.iter().try_for_each(|arg| is(arg, Text))?;
        }
        Op::Between => {
            count(node, op, args, 3)?;
            let of = one_of(&args[0], &[Number, Text, Date, Timestamp])?;
            args[1..].iter().try_for_each(|arg| is(arg, of))?;
        }
        Op::In => {
            count(node, op, args, 2)?;
            let of = one_of(&args[0], &[Number, Text, Date, Timestamp, Bool])?;
            let What::Array(items) = &args[1].what else { return is(&args[1], Array).map(|()| Bool) };
            items.iter().try_for_each(|item| is(item, of))?;
        }
        Op::IsNull => {
            count(node, op, args, 1)?;
            type_of(&args[0])?;
        }
        Op::Casei | Op::Accenti => {
            count(node, op, args, 1)?;
            return one_of(&args[0], &[Text, Array]);
        }
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Mod | Op::IntDiv | Op::Pow => {
            count(node, op, args, 2)?;
            args.iter().try_for_each(|arg| is(arg, Number))?;
            return Ok(Number);
        }
        Op::Interval => {
            count(node, op, args, 2)?;
            args.iter().try_for_each(|arg| one_of(arg, &[Date, Timestamp]).map(|_| ()))?;
            return Ok(Interval);
        }
        _ if op.is_spatial() => {
            count(node, op, args, 2)?;
            args.iter().try_for_each(|arg| is(arg, Geometry))?;
        }
        _ if op.is_temporal() => {
            count(node, op, args, 2)?;
            args.iter().try_for_each(|arg| one_of(arg, &[Date, Timestamp, Interval]).map(|_| ()))?;
        }
        _ => {
            count(node, op, args, 2)?;
            // One value in brackets was read as itself.
            args.iter().try_for_each(|arg| one_of(arg, &[Array, Text, Number, Date]).map(|_| ()))?;
        }
    }
    Ok(Bool)
}

/// Whether a part asks for anything that stands only in a place's record.
pub fn needs_record(node: &Node) -> bool {
    match &node.what {
        What::Literal(_) => false,
        What::Property(name) => !matches!(name.as_str(), GEOMETRY | "id" | "category"),
        What::Array(items) | What::Call(_, items) => items.iter().any(needs_record),
    }
}
