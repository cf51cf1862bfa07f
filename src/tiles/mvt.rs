//! Mapbox Vector Tile 2.1: one layer of points, as bytes.
//!
//! # Source
//! <https://github.com/mapbox/vector-tile-spec/tree/master/2.1>. Written here and not taken from a crate: a point
//! layer is a page of code, and the crates build a message in memory first.

use std::collections::HashMap;

/// Side of a tile in its own coordinates.
pub const EXTENT_PX: u32 = 4_096;

/// A value of a property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number, not below zero.
    Whole(u64),
    /// Any number.
    Real(f64),
    /// True or false.
    Bool(bool),
}

/// A layer under construction.
pub struct Layer {
    name: &'static str,
    features: Vec<u8>,
    keys: Vec<&'static str>,
    values: Vec<u8>,
    known_values: HashMap<Box<[u8]>, u64>,
    tags: Vec<u8>,
    value: Vec<u8>,
    feature: Vec<u8>,
}

fn varint(mut n: u64, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn bytes_field(field: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(field << 3 | 2);
    varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn number_field(field: u8, n: u64, out: &mut Vec<u8>) {
    out.push(field << 3);
    varint(n, out);
}

impl Layer {
    /// An empty layer.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            features: Vec::with_capacity(4_096),
            keys: Vec::new(),
            values: Vec::with_capacity(4_096),
            known_values: HashMap::new(),
            tags: Vec::new(),
            value: Vec::new(),
            feature: Vec::new(),
        }
    }

    /// Sets a property of the feature that [`Layer::point`] adds next.
    pub fn tag(&mut self, key: &'static str, value: Value<'_>) {
        let key = self.keys.iter().position(|k| *k == key).unwrap_or_else(|| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        self.value.clear();
        match value {
            Value::Text(text) => bytes_field(1, text.as_bytes(), &mut self.value),
            Value::Real(n) => {
                self.value.push(3 << 3 | 1);
                self.value.extend_from_slice(&n.to_le_bytes());
            }
            Value::Whole(n) => number_field(5, n, &mut self.value),
            Value::Bool(b) => number_field(7, u64::from(b), &mut self.value),
        }
        let next = self.known_values.len() as u64;
        let number = if let Some(&number) = self.known_values.get(&*self.value) {
            number
        } else {
            bytes_field(4, &self.value, &mut self.values);
            self.known_values.insert(self.value.as_slice().into(), next);
            next
        };
        varint(key as u64, &mut self.tags);
        varint(number, &mut self.tags);
    }

    /// Adds a point with the properties set since the last one.
    ///
    /// # Units
    /// Of the tile's own grid, from its north-western corner.
    pub fn point(&mut self, x_px: u32, y_px: u32) {
        const MOVE_TO_ONCE: u64 = 1 | 1 << 3;
        self.feature.clear();
        bytes_field(2, &self.tags, &mut self.feature);
        number_field(3, 1, &mut self.feature); // POINT
        self.value.clear();
        varint(MOVE_TO_ONCE, &mut self.value);
        varint(u64::from(x_px) << 1, &mut self.value); // zigzag of a number that is not negative
        varint(u64::from(y_px) << 1, &mut self.value);
        bytes_field(4, &self.value, &mut self.feature);
        bytes_field(2, &self.feature, &mut self.features);
        self.tags.clear();
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// The tile of this one layer.
    pub fn into_tile(self) -> Vec<u8> {
        let mut layer = Vec::with_capacity(self.features.len() + self.values.len() + 256);
        number_field(15, 2, &mut layer); // version
        bytes_field(1, self.name.as_bytes(), &mut layer);
        layer.extend_from_slice(&self.features);
        for key in &self.keys {
            bytes_field(3, key.as_bytes(), &mut layer);
        }
        layer.extend_from_slice(&self.values);
        number_field(5, u64::from(EXTENT_PX), &mut layer);
        let mut tile = Vec::with_capacity(layer.len() + 8);
        bytes_field(3, &layer, &mut tile);
        tile
    }
}
