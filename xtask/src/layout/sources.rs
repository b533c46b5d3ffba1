//! The Rust files of the tree, each read once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result};

use super::source::{self, Source};

pub(super) struct Sources {
    root: PathBuf,
    files: BTreeMap<PathBuf, Rc<Source>>,
}

impl Sources {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            files: BTreeMap::new(),
        }
    }

    pub(super) fn read(&mut self, path: &Path) -> Result<Rc<Source>> {
        if let Some(known) = self.files.get(path) {
            return Ok(known.clone());
        }
        let text = fs::read_to_string(path).with_context(|| self.shown(path))?;
        let read = source::read(&text).with_context(|| self.shown(path))?;
        let read = Rc::new(read);
        self.files.insert(path.to_owned(), read.clone());
        Ok(read)
    }

    /// A file's path from the tree's root, for messages.
    pub(super) fn shown(&self, path: &Path) -> String {
        shown(&self.root, path)
    }
}

pub(super) fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
}
