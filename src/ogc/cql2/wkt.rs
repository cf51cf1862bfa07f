//! Geometries in well-known text, as they stand in CQL2 text.

use super::Fault;
use super::text::Parser;
use super::tokens::Kind;
use geo::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

const KINDS: [&str; 7] =
    ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

/// Whether a word, in capitals, begins a geometry.
pub(super) fn is_kind(word: &str) -> bool {
    KINDS.contains(&word)
}

/// The geometry that begins at the next word. A third coordinate is read and left out: places have no height.
pub(super) fn geometry(parser: &mut Parser) -> Result<Geometry<f64>, Fault> {
    let kind = KINDS.into_iter().find(|kind| parser.takes_word(kind));
    let Some(kind) = kind else { return Err(parser.unexpected("геометрия", "a geometry")) };
    parser.takes_word("Z");
    Ok(match kind {
        "POINT" => {
            parser.sign("(")?;
            let at = coord(parser)?;
            parser.sign(")")?;
            Geometry::Point(Point(at))
        }
        "LINESTRING" => Geometry::LineString(LineString(coords(parser)?)),
        "POLYGON" => Geometry::Polygon(polygon(parser)?),
        "MULTIPOINT" => {
            let each = |parser: &mut Parser| {
                // Both `(1 2)` and `1 2` are in use.
                let bracket = parser.takes_sign("(");
                let at = coord(parser)?;
                if bracket {
                    parser.sign(")")?;
                }
                Ok(Point(at))
            };
            Geometry::MultiPoint(MultiPoint(list(parser, each)?))
        }
        "MULTILINESTRING" => {
            let each = |parser: &mut Parser| Ok(LineString(coords(parser)?));
            Geometry::MultiLineString(MultiLineString(list(parser, each)?))
        }
        "MULTIPOLYGON" => Geometry::MultiPolygon(MultiPolygon(list(parser, polygon)?)),
        _ => {
            // Not within itself, so that the depth is bounded.
            let each = |parser: &mut Parser| match &parser.peek().kind {
                Kind::Word(w) if w.eq_ignore_ascii_case("GEOMETRYCOLLECTION") => {
                    Err(parser.unexpected("простая геометрия", "a simple geometry"))
                }
                _ => geometry(parser),
            };
            Geometry::GeometryCollection(GeometryCollection(list(parser, each)?))
        }
    })
}

fn list<T>(parser: &mut Parser, each: impl Fn(&mut Parser) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    parser.sign("(")?;
    let mut all = vec![each(parser)?];
    while parser.takes_sign(",") {
        all.push(each(parser)?);
    }
    parser.sign(")")?;
    Ok(all)
}

fn coord(parser: &mut Parser) -> Result<Coord<f64>, Fault> {
    let (x, y) = (parser.number()?, parser.number()?);
    if !matches!(parser.peek().kind, Kind::Sign("," | ")")) {
        parser.number()?;
    }
    Ok(Coord { x, y })
}

fn coords(parser: &mut Parser) -> Result<Vec<Coord<f64>>, Fault> {
    list(parser, coord)
}

fn polygon(parser: &mut Parser) -> Result<Polygon<f64>, Fault> {
    let mut rings = list(parser, |parser| Ok(LineString(coords(parser)?)))?.into_iter();
    let outer = rings.next().unwrap_or(LineString(Vec::new()));
    Ok(Polygon::new(outer, rings.collect()))
}
