//! The gateways of a store: a document each, and one with their order.

use core::fmt;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument, Next};
use mpass_core::store::Stamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use super::definition::{Definition, SecretValues};
use crate::clock;
use crate::egress::EgressConfig;
use crate::entropy::System;
use crate::store::AnyStore;

/// The most gateways of a store.
pub const MOST: usize = 16;
/// The most test messages in [`TEST_WINDOW_MS`].
const MOST_TESTS: usize = 10;
/// An hour.
const TEST_WINDOW_MS: u64 = 3_600_000;

/// The gateways of a store.
#[derive(Clone, Copy, Debug)]
pub struct Definitions<'a> {
    store: &'a AnyStore,
    keyring: &'a Keyring,
    egress: &'a EgressConfig,
}

/// Why an operation on gateways failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum DefinitionError {
    /// There is one of this name.
    Exists,
    /// There is none of this name.
    Missing,
    /// There are as many as there can be.
    TooMany,
    /// An order has a name twice, or one of no gateway.
    InvalidOrder,
    /// Too many test messages.
    TooManyTests,
    /// A setting or a secret is refused.
    Invalid(String),
    /// The store failed, or the gateway has changed since it was read.
    Store(Error),
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists => f.write_str("there is a gateway of this name already"),
            Self::Missing => f.write_str("gateway not found"),
            Self::TooMany => write!(f, "there are {MOST} gateways already: remove one first"),
            Self::InvalidOrder => f.write_str("an order names gateways that exist, each once"),
            Self::TooManyTests => {
                write!(
                    f,
                    "{MOST_TESTS} test messages were sent within an hour: try again later"
                )
            }
            Self::Invalid(reason) => f.write_str(reason),
            Self::Store(Error::Changed) => f.write_str("the gateway has changed since it was read"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for DefinitionError {}

impl From<Error> for DefinitionError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<anyhow::Error> for DefinitionError {
    fn from(error: anyhow::Error) -> Self {
        Self::Invalid(format!("{error:#}"))
    }
}

/// A definition and its stamp.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The definition.
    pub definition: Definition,
    /// Identifies this state of it.
    pub stamp: Stamp,
}

/// What an update did.
#[derive(Clone, Debug)]
pub struct Updated {
    /// The gateway as it is now.
    pub stored: Stored,
    /// The names of the secrets that were set and are not any more.
    pub cleared: Vec<String>,
}

/// The names of the gateways, in the order in which they are tried. A name may be
/// that of none: a process ended between two writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Order {
    names: Vec<String>,
}

/// The times of the last test messages, in milliseconds of Unix time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Tests {
    at_ms: Vec<u64>,
}

impl<'a> Definitions<'a> {
    /// The gateways of a store, which connect to what `egress` admits.
    #[must_use]
    pub fn new(store: &'a AnyStore, keyring: &'a Keyring, egress: &'a EgressConfig) -> Self {
        Self {
            store,
            keyring,
            egress,
        }
    }

    fn document(&self, name: &str) -> HostDocument<&'a Keyring> {
        HostDocument::new(self.keyring, Family::Gateway, [name.as_bytes()])
    }

    fn order_document(&self) -> HostDocument<&'a Keyring> {
        HostDocument::new(self.keyring, Family::GatewayOrder, [])
    }

    /// Creates a gateway, the last one in the order.
    ///
    /// # Errors
    /// [`DefinitionError`].
    pub async fn create(
        &self,
        name: &str,
        settings: &Map<String, Json>,
        secrets: &SecretValues,
    ) -> Result<Stored, DefinitionError> {
        let definition = Definition::new(name, settings, secrets, clock::now_ms())?;
        definition.check_egress(self.egress)?;
        self.enter(name).await?;
        let contents = write(&definition)?;
        let change = self.document(name).changing(|current, _| match current {
            Some(_) => Err(DefinitionError::Exists),
            None => Ok(Next::Write(contents.clone(), ())),
        });
        let changed = change.run_async(self.store, &System).await?;
        // It may have been removed from the order meanwhile, with its predecessor.
        self.enter(name).await?;
        let stamp = changed.stamp.ok_or(Error::RecordMissing)?;
        Ok(Stored { definition, stamp })
    }

    /// Changes a gateway. Secrets that it had are cleared if the change would send
    /// them elsewhere.
    ///
    /// # Errors
    /// [`DefinitionError`]; nothing has changed then.
    pub async fn update(
        &self,
        name: &str,
        settings: &Map<String, Json>,
        secrets: &SecretValues,
        expected: Option<Stamp>,
    ) -> Result<Updated, DefinitionError> {
        let change = self.document(name).changing(|current, _| {
            let contents = current.ok_or(DefinitionError::Missing)?;
            contents.expect(expected)?;
            let present = read(contents)?;
            let next = present.patched(settings, secrets)?;
            next.check_egress(self.egress)?;
            let now = next.secrets();
            let was = present.secrets().into_iter().filter(|(_, is_set)| *is_set);
            let cleared = was.filter(|(name, _)| now.get(name) != Some(&true));
            let cleared: Vec<String> = cleared.map(|(name, _)| name).collect();
            Ok::<_, DefinitionError>(Next::Write(write(&next)?, (next, cleared)))
        });
        let changed = change.run_async(self.store, &System).await?;
        let (definition, cleared) = changed.outcome;
        let stamp = changed.stamp.ok_or(Error::RecordMissing)?;
        Ok(Updated {
            stored: Stored { definition, stamp },
            cleared,
        })
    }

    /// Reads a gateway.
    ///
    /// # Errors
    /// [`DefinitionError`].
    pub async fn read(&self, name: &str) -> Result<Stored, DefinitionError> {
        let reading = self.document(name).reading();
        let contents = reading.run_async(self.store, &System).await?;
        stored(&contents.ok_or(DefinitionError::Missing)?)
    }

    /// The gateways in their order, each with its name; and the stamp of the order.
    ///
    /// # Errors
    /// When the order cannot be read.
    pub async fn list(&self) -> Result<(Vec<Listed>, Option<Stamp>), DefinitionError> {
        let reading = self.order_document().reading();
        let contents = reading.run_async(self.store, &System).await?;
        let order = contents.as_ref().map(read_order).transpose()?;
        let stamp = contents.and_then(|contents| contents.stamp());
        let mut listed = Vec::new();
        for name in order.unwrap_or_default().names {
            match self.read(&name).await {
                Err(DefinitionError::Missing) => {}
                stored => listed.push(Listed { name, stored }),
            }
        }
        Ok((listed, stamp))
    }

    /// Removes a gateway.
    ///
    /// # Errors
    /// [`DefinitionError`].
    pub async fn remove(&self, name: &str, expected: Option<Stamp>) -> Result<(), DefinitionError> {
        let change = self.document(name).changing(|current, _| {
            let contents = current.ok_or(DefinitionError::Missing)?;
            contents.expect(expected)?;
            Ok::<_, DefinitionError>(Next::Remove(()))
        });
        change.run_async(self.store, &System).await?;
        self.change_order(None, |names| {
            names.retain(|present| present != name);
            Ok(())
        })
        .await?;
        // Another one of this name may have been created meanwhile.
        match self.read(name).await {
            Err(DefinitionError::Missing) => Ok(()),
            _ => self.enter(name).await,
        }
    }

    /// Puts the named gateways first, in this order. Others follow as before.
    ///
    /// # Errors
    /// [`DefinitionError`].
    pub async fn order(
        &self,
        first: &[String],
        expected: Option<Stamp>,
    ) -> Result<(), DefinitionError> {
        self.change_order(expected, |names| {
            let mut next = Vec::new();
            for name in first {
                if next.contains(name) || !names.contains(name) {
                    return Err(DefinitionError::InvalidOrder);
                }
                next.push(name.clone());
            }
            names.retain(|name| !next.contains(name));
            next.append(names);
            *names = next;
            Ok(())
        })
        .await
    }

    /// Counts a test message.
    ///
    /// # Errors
    /// [`DefinitionError::TooManyTests`], or when the store fails.
    pub async fn count_test(&self) -> Result<(), DefinitionError> {
        // It is of the same family as the order, in a place of its own.
        let document = HostDocument::new(self.keyring, Family::GatewayOrder, [b"tests"]);
        let change = document.changing(|current, moment| {
            let read = |contents: &Contents| serde_json::from_slice(contents.bytes()).ok();
            let mut tests: Tests = current.and_then(read).unwrap_or_default();
            let since_ms = moment.now_ms.saturating_sub(TEST_WINDOW_MS);
            tests.at_ms.retain(|at_ms| *at_ms > since_ms);
            if tests.at_ms.len() >= MOST_TESTS {
                return Err(DefinitionError::TooManyTests);
            }
            tests.at_ms.push(moment.now_ms);
            let json = serde_json::to_vec(&tests).map_err(|_| Error::RecordFormat)?;
            let until_ms = moment.now_ms.saturating_add(TEST_WINDOW_MS);
            Ok(Next::Write(Contents::new(json).until(until_ms), ()))
        });
        let counted = change.run_async(self.store, &System).await;
        counted.map(drop)
    }

    /// Enters a name into the order, unless it is there.
    async fn enter(&self, name: &str) -> Result<(), DefinitionError> {
        self.change_order(None, |names| {
            if names.iter().any(|present| present == name) {
                return Ok(());
            }
            if names.len() >= MOST {
                return Err(DefinitionError::TooMany);
            }
            names.push(name.to_owned());
            Ok(())
        })
        .await
    }

    async fn change_order(
        &self,
        expected: Option<Stamp>,
        decide: impl Fn(&mut Vec<String>) -> Result<(), DefinitionError> + Send + Sync,
    ) -> Result<(), DefinitionError> {
        let change = self.order_document().changing(|current, _| {
            let present = match current {
                Some(contents) => {
                    contents.expect(expected)?;
                    read_order(contents)?
                }
                None if expected.is_some() => return Err(Error::Changed.into()),
                None => Order::default(),
            };
            let mut order = present.clone();
            decide(&mut order.names)?;
            if order == present {
                return Ok(Next::Keep(()));
            }
            let json = serde_json::to_vec(&order).map_err(|_| Error::RecordFormat)?;
            Ok(Next::Write(Contents::new(json), ()))
        });
        let changed = change.run_async(self.store, &System).await;
        changed.map(drop)
    }
}

/// A gateway of the order.
#[derive(Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The gateway, or why it cannot be read.
    pub stored: Result<Stored, DefinitionError>,
}

fn stored(contents: &Contents) -> Result<Stored, DefinitionError> {
    Ok(Stored {
        definition: read(contents)?,
        stamp: contents.stamp().ok_or(Error::RecordFormat)?,
    })
}

// The parser's own errors would quote the contents.
fn read(contents: &Contents) -> Result<Definition, Error> {
    serde_json::from_slice(contents.bytes()).map_err(|_| Error::RecordFormat)
}

fn read_order(contents: &Contents) -> Result<Order, Error> {
    serde_json::from_slice(contents.bytes()).map_err(|_| Error::RecordFormat)
}

fn write(definition: &Definition) -> Result<Contents, Error> {
    let mut json = Zeroizing::new(Vec::with_capacity(16 * 1024));
    serde_json::to_writer(&mut *json, definition).map_err(|_| Error::RecordFormat)?;
    Ok(Contents::new(json))
}
