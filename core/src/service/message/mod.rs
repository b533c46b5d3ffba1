//! Messages: templates, composition and segmentation.

mod draft;
mod letters;
mod segments;
mod sms;
mod template;
mod texts;

pub(crate) use draft::Draft;
pub(super) use letters::{is_invisible, is_shown};
pub use segments::{Alphabet, segments};
pub use sms::{Language, Sms};
pub use template::{App, Template};
pub use texts::{LanguageTag, Texts};
