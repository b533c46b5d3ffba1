//! Documents of the host: what its administration keeps in the store beside
//! tenants, such as SMS gateways, administrators and the audit log.
//!
//! The engine encrypts them as it does tenants, under keys that reveal nothing, and
//! seals them anew when the record key rotates; what they contain is the host's.
//!
#![cfg_attr(feature = "std", doc = "```")]
#![cfg_attr(not(feature = "std"), doc = "```ignore")]
//! use mpass_core::Error;
//! use mpass_core::challenge::Keyring;
//! use mpass_core::documents::{Contents, Family, HostDocument, Next};
//! use mpass_core::store::MemoryStore;
//!
//! let environment = (|| 1_700_000_000_000, || Ok([1; 32]));
//! let (keyring, store) = (Keyring::generate(&[7; 32]), MemoryStore::new(100));
//! let main = HostDocument::new(&keyring, Family::Gateway, ["main".as_bytes()]);
//!
//! let create = main.changing(|current, _| match current {
//!     Some(_) => Err(Error::Changed),
//!     None => Ok(Next::Write(Contents::new(b"https://sms.example".to_vec()), ())),
//! });
//! let created = create.run(&store, &environment)?;
//! let read = main.reading().run(&store, &environment)?.unwrap();
//! assert_eq!(read.bytes(), b"https://sms.example");
//! assert_eq!(read.stamp(), created.stamp);
//! # Ok::<(), Error>(())
//! ```

mod contents;
mod document;
mod family;
mod hash;
#[cfg(feature = "std")]
#[cfg(test)]
mod tests;

pub use contents::{Changed, Contents, Next};
pub use document::HostDocument;
pub use family::Family;
pub use hash::HostHash;
