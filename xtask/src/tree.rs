//! The workspace as cargo describes it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::semver::Version;
use cargo_metadata::{Metadata, MetadataCommand, Package};

/// The paths, version and minimum Rust version of the workspace.
pub(crate) struct Tree {
    pub(crate) root: PathBuf,
    /// The target directory. Steps that build with another compiler use a
    /// subdirectory.
    pub(crate) target: PathBuf,
    pub(crate) msrv: Version,
    pub(crate) version: Version,
    /// The root file of every crate of the workspace: libraries, programs,
    /// tests, benchmarks and build scripts.
    pub(crate) roots: Vec<PathBuf>,
}

impl Tree {
    /// A copy of the tree in another directory.
    pub(crate) fn at(&self, root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            target: root.join("target"),
            msrv: self.msrv.clone(),
            version: self.version.clone(),
            roots: Vec::new(),
        }
    }

    pub(crate) fn open() -> Result<Self> {
        let metadata = metadata(None, &["--no-deps"])?;
        let core = metadata
            .packages
            .iter()
            .find(|package| package.name == "mpass-core")
            .context("the workspace has no package mpass-core")?;
        let targets = metadata
            .packages
            .iter()
            .flat_map(|package| &package.targets);
        Ok(Self {
            roots: targets
                .map(|target| target.src_path.clone().into_std_path_buf())
                .collect(),
            root: metadata.workspace_root.clone().into_std_path_buf(),
            target: metadata.target_directory.clone().into_std_path_buf(),
            msrv: core
                .rust_version
                .clone()
                .context("Cargo.toml states no rust-version")?,
            version: core.version.clone(),
        })
    }

    /// The default packages of cargo commands at the root.
    pub(crate) fn default_members(&self) -> Result<Vec<Package>> {
        let metadata = metadata(Some(&self.root), &["--locked", "--no-deps"])?;
        let members = metadata.workspace_default_packages();
        Ok(members.into_iter().cloned().collect())
    }

    /// All packages in the lock file.
    pub(crate) fn packages(&self) -> Result<Vec<Package>> {
        Ok(metadata(Some(&self.root), &["--locked"])?.packages)
    }
}

fn metadata(root: Option<&Path>, options: &[&str]) -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.other_options(options.iter().map(ToString::to_string).collect::<Vec<_>>());
    // Without a root, use the directory of this package's manifest, which cargo
    // provides, so that commands work from any directory of the tree.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    if let Some(directory) = root.or(here.as_deref()) {
        command.current_dir(directory);
    }
    command.exec().context("cargo metadata failed")
}
