//! Settings as data: one table of fields, from which the command line, the
//! admin socket, C, Java, JavaScript and the documentation derive theirs.
//!
//! A [`Field`] has a number, a name, a type with its range, and a sentence.
//! [`Values`] holds what was set, field by field, for one [`Group`] of
//! settings; each value is checked against its field's range when it is set.
//! A type that implements [`Settings`], such as
//! [`PolicySettings`](crate::challenge::PolicySettings), is read from values
//! and written to them, so every setting can be read wherever it can be
//! written. What is refused is [`Refused`]: it names the field, its range and
//! the value.

mod convert;
mod group;
mod refused;
mod rules;
mod table;
mod value;
mod values;

pub use convert::FieldValue;
pub use refused::Refused;
pub use table::{Description, Field, Group, Kind};
pub use value::Value;
pub use values::{Settings, Values};

pub(in crate::service) use rules::policy_from;
pub(in crate::service) use values::settings;

#[cfg(test)]
mod tests;
