//! Messages: their templates, how one is written and the parts it is sent in.

mod draft;
mod segments;
mod sms;
mod template;

pub(crate) use draft::Draft;
pub use segments::{Alphabet, segments};
pub use sms::{Language, Sms};
pub use template::{App, Template};
