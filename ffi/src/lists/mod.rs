// Written by `cargo xtask lists`; do not edit.
//! The core's lists as C sees them.

mod constants;
mod fields;
mod status;
mod status_text;

pub use constants::*;
pub use fields::*;
pub use status::mpass_status;
pub(crate) use status_text::texts;
