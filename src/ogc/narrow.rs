//! What of a filter the index can answer by a view: the rest is asked of each place that the view holds.
//!
//! A view may hold more than matches (`category` is the first category, a view has all of a category), never less;
//! whatever it does not answer exactly stays in the rest.

use super::cql2::check::GEOMETRY;
use super::cql2::{Literal, Node, Op, What};
use crate::domain::{BenefitKind, Category, Wheelchair};
use crate::geometry::Bbox;
use crate::index::Filter;
use geo::BoundingRect;

/// Which parts of a view are spoken for: a second condition on one of them would widen it.
#[derive(Default)]
struct Used {
    categories: bool,
    benefits: bool,
    wheelchair: bool,
}

/// A filter split into what the index answers and what is left.
#[derive(Debug, Clone, PartialEq)]
pub struct Narrowed {
    /// For the index.
    pub filter: Filter,
    /// Where.
    pub bbox: Option<Bbox>,
    /// What each place still has to answer; all of it must hold.
    pub rest: Vec<Node>,
}

/// Splits conditions that must all hold.
pub fn narrow(filter: Filter, bbox: Option<Bbox>, conditions: Vec<Node>) -> Narrowed {
    let mut narrowed = Narrowed { filter, bbox, rest: Vec::new() };
    let mut used = Used::default();
    let mut stack = conditions;
    stack.reverse();
    while let Some(node) = stack.pop() {
        if let What::Call(Op::And, parts) = node.what {
            stack.extend(parts.into_iter().rev());
        } else if !narrowed.takes(&node, &mut used) {
            narrowed.rest.push(node);
        }
    }
    narrowed
}

impl Narrowed {
    /// Narrows by one condition; true when it is answered by that, exactly.
    fn takes(&mut self, node: &Node, used: &mut Used) -> bool {
        let What::Call(op, args) = &node.what else { return false };
        match (op, args.as_slice()) {
            (Op::SIntersects | Op::SWithin | Op::SEquals, [a, b]) => {
                let (What::Property(name), What::Literal(literal)) = (&a.what, &b.what) else { return false };
                name == GEOMETRY && self.takes_area(literal) && *op == Op::SIntersects
            }
            (Op::Eq | Op::In | Op::AContains | Op::AOverlaps, [a, b]) => {
                let What::Property(name) = &a.what else { return false };
                let Some(texts) = texts(b).filter(|texts| !texts.is_empty()) else { return false };
                match (name.as_str(), op) {
                    ("category", Op::Eq | Op::In) => {
                        self.takes_categories(&texts, used);
                        false
                    }
                    ("categories", Op::AOverlaps) => self.takes_categories(&texts, used),
                    ("categories", Op::AContains) => texts.len() == 1 && self.takes_categories(&texts, used),
                    ("benefit_kind", Op::Eq | Op::In) => {
                        if let Some(kinds) = all(&texts, BenefitKind::of_code)
                            && !std::mem::replace(&mut used.benefits, true)
                        {
                            self.filter = std::mem::take(&mut self.filter).benefits(kinds);
                        }
                        false
                    }
                    ("wheelchair", Op::Eq | Op::In) => {
                        let values = all(&texts, Wheelchair::of_code);
                        let is_free = !std::mem::replace(&mut used.wheelchair, true);
                        let Some(values) = values.filter(|_| is_free) else { return false };
                        self.filter = std::mem::take(&mut self.filter).wheelchair(values);
                        true
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn takes_categories(&mut self, codes: &[&str], used: &mut Used) -> bool {
        match all(codes, Category::of_code) {
            Some(categories) if !std::mem::replace(&mut used.categories, true) => {
                self.filter = std::mem::take(&mut self.filter).categories(categories);
                true
            }
            _ => false,
        }
    }

    /// Narrows to an area, when there is no other yet; true when the area is exactly a box.
    fn takes_area(&mut self, literal: &Literal) -> bool {
        if self.bbox.is_some() {
            return false;
        }
        match literal {
            Literal::Bbox(bbox) => {
                self.bbox = Some(*bbox);
                true
            }
            Literal::Geometry(geometry) => {
                let around = geometry.bounding_rect().and_then(|r| {
                    // A geometry may reach beyond the world; places do not.
                    let (west, east) = (r.min().x.max(-180.0), r.max().x.min(180.0));
                    (west <= east)
                        .then(|| Bbox::new(west, r.min().y.max(-90.0), east, r.max().y.min(90.0)).ok())
                        .flatten()
                });
                self.bbox = around;
                false
            }
            _ => false,
        }
    }
}

fn texts(node: &Node) -> Option<Vec<&str>> {
    match &node.what {
        What::Array(items) => items.iter().map(text).collect(),
        _ => text(node).map(|text| vec![text]),
    }
}

fn text(node: &Node) -> Option<&str> {
    match &node.what {
        What::Literal(Literal::Text(text)) => Some(text),
        _ => None,
    }
}

fn all<T>(codes: &[&str], lookup: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    codes.iter().map(|code| lookup(code)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::cql2::text::parse;
    use super::*;

    fn narrowed(text: &str) -> Narrowed {
        narrow(Filter::default(), None, vec![parse(text).unwrap()])
    }

    #[test]
    fn what_a_view_answers_exactly_is_not_asked_again() {
        let n = narrowed("wheelchair IN ('yes','limited') AND A_CONTAINS(categories, ('museum'))");
        assert_eq!(n.rest, []);
        let want = Filter::default().wheelchair([Wheelchair::Yes, Wheelchair::Limited]).categories([Category::Museum]);
        assert_eq!(n.filter, want);
        let n = narrowed("S_INTERSECTS(geometry, BBOX(41, 44, 43, 46))");
        assert_eq!((n.rest.len(), n.bbox), (0, Some(Bbox::new(41.0, 44.0, 43.0, 46.0).unwrap())));
    }

    #[test]
    fn what_a_view_only_narrows_is_asked_of_each_place() {
        let n = narrowed(
            "category = 'museum' AND name LIKE 'A%' AND S_INTERSECTS(geometry, POLYGON((0 0, 4 0, 0 4, 0 0)))",
        );
        assert_eq!(n.rest.len(), 3);
        assert_eq!(n.filter.single_category(), Some(Category::Museum));
        assert_eq!(n.bbox, Some(Bbox::new(0.0, 0.0, 4.0, 4.0).unwrap()));
        // Two conditions on one thing must not become "either".
        let n = narrowed("wheelchair = 'yes' AND wheelchair = 'no'");
        assert_eq!((n.rest.len(), n.filter), (1, Filter::default().wheelchair([Wheelchair::Yes])));
        // OR and NOT are for each place.
        assert_eq!(narrowed("wheelchair = 'yes' OR wheelchair = 'no'").filter, Filter::default());
        assert_eq!(narrowed("NOT wheelchair = 'yes'").filter, Filter::default());
        assert_eq!(narrowed("category = 'космодром'").rest.len(), 1);
    }
}
