//! FlatGeobuf with its spatial index. The index stands before the features, so the file is made whole and then sent.
//!
//! # Source
//! <https://github.com/flatgeobuf/flatgeobuf>, the crate of the format itself.

use super::About;
use crate::feature::properties::{PROPERTIES, Type, Value};
use crate::geometry::LonLat;
use crate::index::Snapshot;
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::error::Result as Processed;
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};
use std::io::{self, Write};

struct Position(LonLat);

impl GeozeroGeometry for Position {
    fn process_geom<P: GeomProcessor>(&self, processor: &mut P) -> Processed<()> {
        processor.point_begin(0)?;
        processor.xy(self.0.lon(), self.0.lat(), 0)?;
        processor.point_end(0)
    }
}

/// Writes every place of a snapshot.
///
/// # Errors
/// Those of the writer.
pub fn write(snapshot: &Snapshot, about: &About, out: impl Write) -> io::Result<()> {
    let metadata = serde_json::Value::Object(about.members()).to_string();
    let options = FgbWriterOptions {
        write_index: true,
        detect_type: false,
        promote_to_multi: false,
        crs: FgbCrs { org: Some("EPSG"), code: 4326, name: Some("WGS 84"), ..FgbCrs::default() },
        title: Some("Ryadom locations"),
        description: Some("Places that honour the large-family card"),
        metadata: Some(&metadata),
        ..FgbWriterOptions::default()
    };
    let mut fgb =
        FgbWriter::create_with_options("locations", GeometryType::Point, options).map_err(io::Error::other)?;
    for property in PROPERTIES {
        // A day is a text: the format knows moments only.
        let kind = if property.kind == Type::Number { ColumnType::Double } else { ColumnType::String };
        fgb.add_column(property.name, kind, |_, _| {});
    }
    let mut json = Vec::new();
    for found in snapshot.iter() {
        let record = found.record(&mut json);
        let mut written = Ok(());
        fgb.add_feature_geom(Position(found.position()), |feature| {
            written = PROPERTIES.iter().enumerate().try_for_each(|(i, property)| {
                let text;
                let value = match record.get(property.name) {
                    None => return Ok(()),
                    Some(Value::Text(text)) => ColumnValue::String(text),
                    Some(Value::Number(n)) => ColumnValue::Double(n),
                    Some(Value::Date(day)) => {
                        text = day.to_string();
                        ColumnValue::String(&text)
                    }
                    Some(Value::Texts(texts)) => {
                        text = texts.join(";");
                        ColumnValue::String(&text)
                    }
                };
                feature.property(i, property.name, &value).map(|_| ())
            });
        })
        .and(written)
        .map_err(io::Error::other)?;
    }
    fgb.write(out).map_err(io::Error::other)
}
