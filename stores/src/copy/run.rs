//! The steps of a copy: it closes both stores, fills the target, compares, and opens it.

use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring};
use mpass_core::store::{Environment, Kind, Swap, Swapped};

use super::compared::{Compared, Progress};
use super::contents::{Contents, Dropped};
use super::error::CopyError;
use super::mark::Mark;
use super::pass::{Mode, Pass};
use super::walk::Walk;

/// A copy of a store. Run [`Self::begin`], wait until every host of the source has read
/// its header and ended its requests, then [`Self::fill`] and [`Self::open`]. A copy
/// that was interrupted is run again from its beginning.
#[derive(Debug)]
pub struct Copy<'a, S, T, E> {
    /// Where the values are.
    pub source: &'a S,
    /// Where they are copied to: an empty store, or the target of the same copy.
    pub target: &'a T,
    /// The keyring of both.
    pub keyring: &'a Keyring,
    /// The clock and the random source.
    pub environment: &'a E,
    /// The kind of the target, such as `redis`, for the mark in the source. At most 20
    /// bytes.
    pub kind: &'a str,
    /// Whether values of the target that differ are replaced.
    pub overwrites: bool,
}

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// What was found and written.
    pub filled: Compared,
    /// What was compared afterwards.
    pub compared: Compared,
    /// What the source has dropped, or may have dropped.
    pub dropped: Dropped,
    /// Whether the target keeps that.
    pub keeps_dropped: bool,
}

/// The header of a store, and the value that it was read from.
struct Found {
    value: Vec<u8>,
    header: Header,
}

impl<S: Contents, T: Contents, E: Environment> Copy<'_, S, T, E> {
    /// Marks the target as unfinished and closes the source, or finds the marks of a
    /// copy that was interrupted.
    ///
    /// # Errors
    /// [`CopyError`]; the source is closed only if the target has the same mark.
    pub async fn begin(&self) -> Result<Mark, CopyError> {
        let source = self.source_header().await?;
        let target = self.target_header().await?;
        if let Some(text) = source.header.moved_to() {
            let mark = Mark::read(text).filter(Mark::is_source);
            let mark = mark.ok_or_else(|| CopyError::Moved(text.to_owned()))?;
            same(&mark, target.as_ref(), Mark::is_unfinished)?;
            return Ok(mark);
        }
        if !self.is_empty().await? {
            return Err(CopyError::NotEmpty);
        }
        let mark = match target {
            None => {
                let entropy = self.environment.entropy();
                let mark = Mark::new(self.kind, &entropy.map_err(CopyError::Target)?);
                let header = marked(&source.header, &mark.unfinished());
                let header = header.map_err(CopyError::Target)?.on_no_node();
                let written = self.write(self.target, None, &header).await;
                written.map_err(CopyError::Target)?;
                mark
            }
            // Interrupted before the source was closed.
            Some(Found { header, .. }) => {
                let found = header.moved_to().and_then(Mark::read);
                let found = found.filter(Mark::is_unfinished);
                found.ok_or(CopyError::NotEmpty)?.source(self.kind)
            }
        };
        let header = marked(&source.header, &mark).map_err(CopyError::Source)?;
        let written = self.write(self.source, Some(source.value), &header).await;
        written.map_err(CopyError::Source)?;
        Ok(mark)
    }

    /// Writes what is missing in the target, takes over what the source has dropped, and
    /// compares the contents of both.
    ///
    /// # Errors
    /// [`CopyError`]. The target stays closed.
    pub async fn fill(&self, progress: &mut impl FnMut(Progress)) -> Result<Copied, CopyError> {
        let mode = match self.overwrites {
            true => Mode::Overwrite,
            false => Mode::Fill,
        };
        let filled = self.pass(mode).run(progress).await?;
        is_same(filled)?;
        // After the values: an insert of one that ends no later would be refused.
        let dropped = self.source.dropped(self.environment.now_ms()).await;
        let dropped = dropped.map_err(CopyError::Source)?.max(filled.left_out);
        let keeps_dropped = self.target.raise_dropped(dropped).await;
        let keeps_dropped = keeps_dropped.map_err(CopyError::Target)?;
        let compared = self.pass(Mode::Compare).run(progress).await?;
        is_same(compared)?;
        Ok(Copied {
            filled,
            compared,
            dropped,
            keeps_dropped,
        })
    }

    /// Opens the target, which has been filled.
    ///
    /// # Errors
    /// [`CopyError`].
    pub async fn open(&self, mark: &Mark) -> Result<(), CopyError> {
        let source = self.source_header().await?;
        let closed = source.header.moved_to().and_then(Mark::read);
        if !closed.is_some_and(|closed| closed.is_source() && closed.is_of(mark)) {
            return Err(CopyError::Changed);
        }
        let target = self.target_header().await?;
        same(mark, target.as_ref(), Mark::is_unfinished)?;
        let expected = target.map(|target| target.value);
        let header = source.header.not_moved().on_no_node();
        let written = self.write(self.target, expected, &header).await;
        written.map_err(CopyError::Target)
    }

    /// Gives the copy up: the target is closed for ever, and the source is in use again.
    /// With `is_lost` the target is not asked, which is right only for one that was
    /// never opened and does not exist any more.
    ///
    /// # Errors
    /// [`CopyError`], also when the target is in use already.
    pub async fn abandon(&self, is_lost: bool) -> Result<(), CopyError> {
        let source = self.source_header().await?;
        let text = source.header.moved_to().ok_or(CopyError::NotMoved)?;
        let mark = Mark::read(text).filter(Mark::is_source);
        let mark = mark.ok_or_else(|| CopyError::Moved(text.to_owned()))?;
        if !is_lost {
            let target = self.target_header().await?;
            same(&mark, target.as_ref(), |found| !found.is_source())?;
            let header = marked(&source.header, &mark.abandoned()).map_err(CopyError::Target)?;
            let expected = target.map(|target| target.value);
            let written = self.write(self.target, expected, &header).await;
            written.map_err(CopyError::Target)?;
        }
        let header = source.header.not_moved();
        let written = self.write(self.source, Some(source.value), &header).await;
        written.map_err(CopyError::Source)
    }

    fn pass(&self, mode: Mode) -> Pass<'_, S, T, E> {
        Pass {
            source: self.source,
            target: self.target,
            environment: self.environment,
            mode,
            compared: Compared::default(),
        }
    }

    async fn source_header(&self) -> Result<Found, CopyError> {
        let found = self.header(self.source).await.map_err(CopyError::Source)?;
        found.ok_or(CopyError::Source(Error::StoreNotInitialized))
    }

    async fn target_header(&self) -> Result<Option<Found>, CopyError> {
        self.header(self.target).await.map_err(CopyError::Target)
    }

    async fn header(&self, store: &impl Contents) -> Result<Option<Found>, Error> {
        let value = store.load(Kind::Document, Header::KEY).await?;
        let Some(value) = value else {
            return Ok(None);
        };
        let header = Header::open(&value, self.keyring)?;
        Ok(Some(Found { value, header }))
    }

    /// Whether the target has nothing but a header.
    async fn is_empty(&self) -> Result<bool, CopyError> {
        for kind in [Kind::Document, Kind::State] {
            let first = Walk::new(self.target, kind).front().await;
            if first.map_err(CopyError::Target)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Replaces the header of a store.
    async fn write(
        &self,
        store: &impl Contents,
        expected: Option<Vec<u8>>,
        header: &Header,
    ) -> Result<(), Error> {
        let entropy = self.environment.entropy()?;
        let [a, b, c, d, e, f, g, h, ..] = entropy;
        let value = header.seal(self.keyring, [a, b, c, d, e, f, g, h]);
        let swap = Swap {
            kind: Kind::Document,
            key: Header::KEY,
            expected,
            value: value.clone(),
            expires_at_ms: None,
        };
        match store.swap(swap, self.environment.now_ms()).await {
            Ok(Swapped::Stored) => Ok(()),
            Ok(Swapped::Conflict(_) | Swapped::Expired) => Err(Error::Changed),
            Err(Error::StoreUnknown) => {
                let stands = store.load(Kind::Document, Header::KEY).await?;
                match stands == Some(value) {
                    true => Ok(()),
                    false => Err(Error::StoreUnknown),
                }
            }
            Err(error) => Err(error),
        }
    }
}

fn marked(header: &Header, mark: &Mark) -> Result<Header, Error> {
    header.clone().moved(&mark.to_string())
}

fn is_same(compared: Compared) -> Result<(), CopyError> {
    match compared.is_same() {
        true => Ok(()),
        false => Err(CopyError::Differs(Box::new(compared))),
    }
}

/// Checks that the target has the mark of the source's copy.
fn same(
    mark: &Mark,
    target: Option<&Found>,
    is_right: impl Fn(&Mark) -> bool,
) -> Result<(), CopyError> {
    let not_marked = || CopyError::NotMarked(mark.clone());
    let target = target.ok_or_else(not_marked)?;
    let text = target.header.moved_to().ok_or(CopyError::InUse)?;
    match Mark::read(text) {
        Some(found) if found.is_of(mark) && is_right(&found) => Ok(()),
        _ => Err(CopyError::OtherMark(text.to_owned())),
    }
}
