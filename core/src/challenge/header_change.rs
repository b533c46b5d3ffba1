//! The operations on the header of a store, each in one call.

use alloc::vec::Vec;
use core::borrow::Borrow;

use super::header::Header;
use super::keyring::Keyring;
use super::record::fresh;
use crate::Error;
use crate::labels;
use crate::store::{
    Change, Decide, Decision, Environment, Kind, LocalAsyncStore, Moment, Operation, Progress,
    Settle, Store, StoreAnswer, StoreStep, Swap, begin_fresh, run, run_async,
};

/// Each operation takes a keyring, borrowed or owned.
impl Header {
    /// Loads the header and compares it with the keyring. Call this once at the
    /// start, before anything is written.
    ///
    /// # Errors
    /// [`Error::StoreNotInitialized`] for a store without a header; the errors of
    /// [`Self::open`]; and those of [`Self::admit`] for a store that is not in
    /// use.
    pub fn opening<'a>(keyring: impl Borrow<Keyring> + Send + Sync + 'a) -> Change<'a, Self> {
        Change::new(Kind::Document, Self::KEY, move |current, _| {
            let header = present(current, keyring.borrow())?;
            header.admit()?;
            Ok(Decision::Keep(header))
        })
    }

    /// As [`Self::opening`], also for a store that is closed or was moved, so that
    /// its state can be shown.
    ///
    /// # Errors
    /// [`Error::StoreNotInitialized`] and the errors of [`Self::open`].
    pub fn reading<'a>(keyring: impl Borrow<Keyring> + Send + Sync + 'a) -> Change<'a, Self> {
        Change::new(Kind::Document, Self::KEY, move |current, _| {
            present(current, keyring.borrow()).map(Decision::Keep)
        })
    }

    /// As [`Self::opening`], and writes the header of an empty store: one that has
    /// neither a header nor any other document. Use it where an empty store is
    /// expected, such as for a store in memory, and [`Self::opening`] everywhere
    /// else: a store that is unexpectedly empty may be the wrong one.
    ///
    #[cfg_attr(feature = "std", doc = "```")]
    #[cfg_attr(not(feature = "std"), doc = "```ignore")]
    /// # use mpass_core::Error;
    /// # use mpass_core::challenge::{Header, Keyring};
    /// # use mpass_core::store::MemoryStore;
    /// # let keyring = Keyring::generate(&[7; 32]);
    /// # let store = MemoryStore::new(100);
    /// # let environment = (|| 1_700_000_000_000, || Ok([1; 32]));
    /// let header = Header::initializing(&keyring).run(&store, &environment)?;
    /// assert_eq!(header.restored_at_ms(), None);
    /// let other = Keyring::generate(&[8; 32]);
    /// let opened = Header::opening(&other).run(&store, &environment);
    /// assert_eq!(opened, Err(Error::OtherKeyring));
    /// # Ok::<(), mpass_core::Error>(())
    /// ```
    pub fn initializing<'a>(keyring: impl Borrow<Keyring> + Send + Sync + 'a) -> Initializing<'a> {
        let decide = move |current: Option<&[u8]>, moment: Moment<'_>| {
            let keyring = keyring.borrow();
            let Some(_) = current else {
                return written(None, keyring, Self::new(keyring)?, moment);
            };
            let header = present(current, keyring)?;
            header.admit()?;
            Ok(Decision::Keep(header))
        };
        Initializing(Change::new(Kind::Document, Self::KEY, decide))
    }

    /// Writes the header of a store that was written by a version without
    /// headers and has documents. Compare those with the keyring first. A header
    /// that is there is kept.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn adopting<'a>(keyring: impl Borrow<Keyring> + Send + Sync + 'a) -> Change<'a, Self> {
        Change::new(Kind::Document, Self::KEY, move |current, moment| {
            let keyring = keyring.borrow();
            match current {
                None => written(None, keyring, Self::new(keyring)?, moment),
                Some(_) => present(current, keyring).map(Decision::Keep),
            }
        })
    }

    /// [`Self::restored`] in one call, after a backup was put back.
    ///
    /// # Errors
    /// [`Error::StoreNotInitialized`], [`Error::StoreMoved`] and the errors of
    /// [`Self::open`].
    pub fn restoring<'a>(keyring: impl Borrow<Keyring> + Send + Sync + 'a) -> Change<'a, Self> {
        Self::changing(keyring, |header, now_ms, _| Ok(header.restored(now_ms)))
    }

    /// [`Self::restored_after`] in one call.
    ///
    /// # Errors
    /// As [`Self::restoring`].
    pub fn restoring_after<'a>(
        keyring: impl Borrow<Keyring> + Send + Sync + 'a,
        newest_ms: Option<u64>,
    ) -> Change<'a, Self> {
        Self::changing(keyring, move |header, now_ms, _| {
            Ok(header.restored_after(newest_ms, now_ms))
        })
    }

    /// [`Self::confirmed`] in one call. A store that is not closed stays as it is.
    ///
    /// # Errors
    /// Those of [`Self::restoring`]; [`Error::RestoredLater`] if the time of the
    /// restore is still to come.
    pub fn confirming<'a>(keyring: impl Borrow<Keyring> + Send + Sync + 'a) -> Change<'a, Self> {
        Self::changing(keyring, |header, now_ms, _| match header.is_closed() {
            true if header.is_ahead(now_ms) => Err(Error::RestoredLater),
            true => Ok(header.confirmed(now_ms)),
            false => Ok(header),
        })
    }

    /// [`Self::activated`] in one call.
    ///
    /// # Errors
    /// Those of [`Self::activated`] and [`Self::restoring`].
    pub fn activating<'a>(
        keyring: impl Borrow<Keyring> + Send + Sync + 'a,
        id: u16,
    ) -> Change<'a, Self> {
        Self::changing(keyring, move |header, _, keyring| {
            header.activated(keyring, id)
        })
    }

    /// [`Self::without_key`] in one call.
    ///
    /// # Errors
    /// Those of [`Self::without_key`] and [`Self::restoring`].
    pub fn removing_key<'a>(
        keyring: impl Borrow<Keyring> + Send + Sync + 'a,
        id: u16,
    ) -> Change<'a, Self> {
        Self::changing(keyring, move |header, _, _| header.without_key(id))
    }

    /// [`Self::upgraded`] in one call.
    ///
    /// # Errors
    /// As [`Self::restoring`].
    pub fn upgrading<'a>(keyring: impl Borrow<Keyring> + Send + Sync + 'a) -> Change<'a, Self> {
        Self::changing(keyring, |header, _, _| Ok(header.upgraded()))
    }

    /// [`Self::moved`] in one call.
    ///
    /// # Errors
    /// Those of [`Self::moved`] and [`Self::restoring`].
    pub fn moving<'a>(
        keyring: impl Borrow<Keyring> + Send + Sync + 'a,
        to: &'a str,
    ) -> Change<'a, Self> {
        Self::changing(keyring, move |header, _, _| header.moved(to))
    }

    /// Any change of the header of a store that was not moved. `decide` gets the
    /// header, the time and the keyring, and is called again after each conflict; a header
    /// that it leaves as it was is not written.
    ///
    /// # Errors
    /// [`Error::StoreNotInitialized`], [`Error::StoreMoved`], the errors of
    /// [`Self::open`], and those of `decide`.
    pub fn changing<'a, E: From<Error>>(
        keyring: impl Borrow<Keyring> + Send + Sync + 'a,
        decide: impl Fn(Self, u64, &Keyring) -> Result<Self, E> + Send + Sync + 'a,
    ) -> Change<'a, Self, E> {
        Change::new(Kind::Document, Self::KEY, move |current, moment| {
            let keyring = keyring.borrow();
            let before = present(current, keyring)?;
            if before.moved_to().is_some() {
                return Err(Error::StoreMoved.into());
            }
            let after = decide(before.clone(), moment.now_ms, keyring)?;
            match after == before {
                true => Ok(Decision::Keep(after)),
                false => Ok(written(current, keyring, after, moment)?),
            }
        })
    }
}

/// The header of a loaded value.
fn present(current: Option<&[u8]>, keyring: &Keyring) -> Result<Header, Error> {
    Header::open(current.ok_or(Error::StoreNotInitialized)?, keyring)
}

/// Replaces the loaded value by a header.
fn written(
    current: Option<&[u8]>,
    keyring: &Keyring,
    header: Header,
    moment: Moment<'_>,
) -> Result<Decision<Header>, Error> {
    let content = header.seal(keyring, [0; 8]);
    let Moment { now_ms, entropy } = moment;
    let stamp = fresh(
        labels::STAMP,
        entropy,
        now_ms,
        &Header::KEY,
        current,
        &content,
    );
    let swap = Swap {
        kind: Kind::Document,
        key: Header::KEY,
        expected: current.map(Vec::from),
        value: header.seal(keyring, stamp),
        expires_at_ms: None,
    };
    Ok(Decision::Write(swap, header))
}

/// The initialization of a store, that has not begun yet: see
/// [`Header::initializing`].
#[must_use = "nothing is initialized until it is run"]
pub struct Initializing<'a, T = Header>(Change<'a, T>);

impl<'a, T> Initializing<'a, T> {
    /// The same with an outcome of another type.
    pub fn map<U>(self, map: impl Fn(T) -> U + Send + Sync + 'a) -> Initializing<'a, U>
    where
        T: 'a,
    {
        Initializing(self.0.map(map))
    }

    /// The operation without I/O. `entropy` is 32 fresh bytes from the host's
    /// random source.
    pub fn begin(self, entropy: &[u8; 32]) -> Initialize<'a, T> {
        Initialize {
            settle: self.0.begin(entropy),
            state: State::New,
        }
    }

    /// Runs it on a blocking store.
    ///
    /// # Errors
    /// As [`Change::run`] of [`Header::opening`]. [`Error::StoreNotInitialized`]
    /// for a store that has documents and no header.
    pub fn run(self, store: &impl Store, environment: &impl Environment) -> Result<T, Error> {
        let operation = begin_fresh(environment, |entropy| self.begin(entropy))?;
        run(store, environment, operation)
    }

    /// Runs it on an asynchronous store.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_async(
        self,
        store: &impl LocalAsyncStore,
        environment: &impl Environment,
    ) -> Result<T, Error> {
        let operation = begin_fresh(environment, |entropy| self.begin(entropy))?;
        run_async(store, environment, operation).await
    }
}

/// The [`Operation`] of [`Header::initializing`]: it loads the header, lists one
/// document if there is none, and writes a header if there is no document.
pub struct Initialize<'a, T = Header> {
    settle: Settle<Decide<'a, T>, T>,
    state: State,
}

enum State {
    New,
    Loading,
    Listing,
    Writing,
}

impl<T> Operation for Initialize<'_, T> {
    type Outcome = T;
    type Error = Error;

    fn next(&mut self, answer: StoreAnswer, now_ms: u64) -> Result<Progress<T>, Error> {
        match self.state {
            State::New => {
                self.state = State::Loading;
                self.settle.next(answer, now_ms)
            }
            State::Loading if answer == StoreAnswer::Loaded(None) => {
                self.state = State::Listing;
                let (after, limit) = (None, 1);
                Ok(Progress::Step(StoreStep::List { after, limit }))
            }
            State::Listing => {
                let first = answer.listed()?.into_iter().next();
                self.state = State::Writing;
                match first {
                    // Another process has just written it.
                    Some((Header::KEY, value)) => {
                        self.settle.next(StoreAnswer::Loaded(Some(value)), now_ms)
                    }
                    Some(_) => Err(Error::StoreNotInitialized),
                    None => self.settle.next(StoreAnswer::Loaded(None), now_ms),
                }
            }
            State::Loading | State::Writing => {
                self.state = State::Writing;
                self.settle.next(answer, now_ms)
            }
        }
    }
}

#[cfg(all(test, feature = "std"))]
#[path = "header_change_tests.rs"]
mod tests;
