//! `core::oath` and `core::number` against published vectors, oathtool and
//! properties.

mod number;
mod oath_properties;
mod oath_vectors;
mod oathtool;
