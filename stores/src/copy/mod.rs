//! Copying a store to another one: `mpass store copy`.
//!
//! A copy closes the source by a swap of its header before it reads, and opens the
//! target once it has compared the contents of both. Until then the header of the
//! target has the same mark, on which hosts refuse it. What was interrupted is run
//! again: what stands in the target is compared, and what is missing is written.

mod compared;
mod contents;
mod error;
mod mark;
mod pass;
mod run;
mod walk;

pub use compared::{Compared, Progress};
pub use contents::{Contents, Dropped, Record};
pub use error::CopyError;
pub use mark::Mark;
pub use run::{Copied, Copy};
