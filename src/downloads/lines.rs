//! GeoJSON and CSV, piece by piece: a piece is made when the reader has taken the one before, so neither a thread nor a
//! file waits for a slow line.

use super::About;
use crate::feature::properties::{PROPERTIES, Value, append_feature};
use crate::geometry::Bbox;
use crate::index::within::After;
use crate::index::{Filter, Found, Snapshot};
use std::sync::Arc;

/// Places in one piece: some 100 kB.
const PIECE: usize = 200;
const WORLD: Bbox = Bbox { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

/// What the lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// GeoJSON.
    GeoJson,
    /// CSV; the last three columns say what the file is, in every row, as a table has no other place for it.
    Csv,
}

/// Where the making of a file stands.
enum Next {
    Beginning,
    After(Option<After>),
    Nothing,
}

/// A file in pieces.
pub struct Lines {
    snapshot: Arc<Snapshot>,
    about: About,
    kind: Kind,
    next: Next,
}

impl Lines {
    /// The file of a snapshot.
    pub fn new(snapshot: Arc<Snapshot>, about: About, kind: Kind) -> Self {
        Self { snapshot, about, kind, next: Next::Beginning }
    }

    /// The next piece; none at the end.
    pub fn piece(&mut self) -> Option<Vec<u8>> {
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Nothing => None,
            Next::Beginning => {
                self.next = Next::After(None);
                Some(self.beginning())
            }
            Next::After(after) => {
                let page = self.snapshot.within(&WORLD, PIECE, after.as_ref(), &Filter::default());
                let piece = match self.kind {
                    Kind::GeoJson => geojson(&page.places, after.is_none(), page.next.is_none()),
                    Kind::Csv => csv_rows(&page.places, &self.about),
                };
                if page.next.is_some() {
                    self.next = Next::After(page.next);
                }
                Some(piece)
            }
        }
    }

    fn beginning(&self) -> Vec<u8> {
        match self.kind {
            Kind::GeoJson => {
                // The members of the file come first, so that a reader of a stream has them at once.
                let members = serde_json::Value::Object(self.about.members()).to_string();
                format!("{{\"type\":\"FeatureCollection\",{},\"features\":[\n", &members[1..members.len() - 1]).into()
            }
            Kind::Csv => {
                let names = PROPERTIES.iter().map(|p| p.name);
                let names: Vec<&str> = names.chain(["lon", "lat", "seq", "generated", "license"]).collect();
                row(&names)
            }
        }
    }
}

fn geojson(places: &[Found<'_>], first: bool, last: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(places.len() * 640 + 8);
    let mut json = Vec::new();
    for (i, found) in places.iter().enumerate() {
        if i > 0 || !first {
            out.extend_from_slice(b",\n");
        }
        append_feature(&found.record(&mut json), found.position(), None, &mut out);
    }
    if last {
        out.extend_from_slice(b"\n]}\n");
    }
    out
}

/// A text that begins with `=`, `+`, `-` or `@` is written as it is, as in `partners::export`: names come back unchanged.
fn csv_rows(places: &[Found<'_>], about: &About) -> Vec<u8> {
    let (seq, time) = (about.seq.0.to_string(), about.time());
    let licence = format!("{} {}", about.licence.name, about.licence.url);
    let mut out = Vec::with_capacity(places.len() * 400);
    let mut json = Vec::new();
    for found in places {
        let record = found.record(&mut json);
        let text = |name| match record.get(name) {
            None => String::new(),
            Some(Value::Text(text)) => text.to_owned(),
            Some(Value::Number(n)) => n.to_string(),
            Some(Value::Date(day)) => day.to_string(),
            Some(Value::Texts(texts)) => texts.join(";"),
        };
        let at = found.position();
        let mut cells: Vec<String> = PROPERTIES.iter().map(|p| text(p.name)).collect();
        cells.extend([at.lon().to_string(), at.lat().to_string(), seq.clone(), time.clone(), licence.clone()]);
        out.extend(row(&cells));
    }
    out
}

fn row<T: AsRef<[u8]>>(cells: &[T]) -> Vec<u8> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(cells).expect("writing into memory");
    csv.into_inner().expect("writing into memory")
}
