//! Settings as data: one table of fields, from which the command line, the
//! admin socket, the C, Java and JavaScript bindings and the documentation are
//! derived.
//!
//! Each [`Field`] has a number, a name, a type with a range, and a description.
//! [`Values`] holds the fields that were set for one [`Group`] of settings;
//! each value is checked against its field's range when it is set. A type that
//! implements [`Settings`], such as
//! [`PolicySettings`](crate::challenge::PolicySettings), converts from and to
//! values, so every setting that can be written can also be read. The error
//! [`Refused`] names the field, its range and the refused value.

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
