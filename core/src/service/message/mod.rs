//! Messages: templates, composition and segmentation.

mod android_app;
mod app;
mod draft;
mod letters;
mod segments;
mod sms;
mod template;
mod texts;

pub use android_app::{AndroidApp, AndroidApps, AppHash};
pub use app::App;
pub(crate) use draft::{Draft, Filling};
pub(super) use letters::{is_invisible, is_shown};
pub use segments::{Alphabet, segments};
pub use sms::{Language, Sms};
pub use template::Template;
pub use texts::{LanguageTag, Texts};
