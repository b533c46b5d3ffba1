//! Messages: templates, composition and segmentation.

mod draft;
mod segments;
mod sms;
mod template;
mod texts;

pub(crate) use draft::Draft;
pub use segments::{Alphabet, segments};
pub use sms::{Language, Sms};
pub use template::{App, Template};
pub use texts::{LanguageTag, Texts};
