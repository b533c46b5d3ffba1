//! The modules of a crate, and the resolution of paths to the modules that
//! define the items.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, bail};

use super::source::{Name, Reference, Scope, Source};
use super::sources::Sources;

/// The modules of a crate; the first is the root.
pub(super) struct Crate {
    pub(super) modules: Vec<Module>,
}

pub(super) struct Module {
    /// The names from the crate's root down.
    pub(super) path: Vec<String>,
    pub(super) file: PathBuf,
    /// Whether it is compiled only for tests.
    pub(super) test: bool,
    parent: Option<usize>,
    children: Vec<(String, usize)>,
    source: Rc<Source>,
    /// The indexes of the inline modules that enclose this one in its file, and
    /// its own, outermost first; empty if the module is the file.
    inline: Vec<usize>,
}

/// A use of an item of another module or another crate.
pub(super) struct Use<'a> {
    pub(super) from: &'a Module,
    pub(super) line: usize,
    pub(super) test: bool,
    path: &'a Name,
    pub(super) to: Target<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    /// The module that defines the item.
    Module(&'a Module),
    /// Another crate, by its name.
    External(&'a str),
}

/// What a name resolves to.
#[derive(Clone, PartialEq, Eq)]
enum Meaning<'a> {
    Module(usize),
    /// An item that this module defines.
    Item(usize),
    External(&'a str),
}

/// The name lookups in progress, so that circular imports terminate.
type Open<'a> = HashSet<(usize, &'a str)>;

impl Crate {
    /// Reads the crate whose root is the file `root`.
    pub(super) fn read(root: &Path, sources: &mut Sources) -> Result<Self> {
        let mut read = Self {
            modules: Vec::new(),
        };
        let at_root = Module {
            path: Vec::new(),
            file: root.to_owned(),
            test: false,
            parent: None,
            children: Vec::new(),
            source: sources.read(root)?,
            inline: Vec::new(),
        };
        let directory = root.parent().context("a crate's root is a file")?;
        read.add(at_root, directory, sources)?;
        Ok(read)
    }

    /// Adds a module and those below it, whose files are in `directory`.
    fn add(
        &mut self,
        mut module: Module,
        directory: &Path,
        sources: &mut Sources,
    ) -> Result<usize> {
        let index = self.modules.len();
        let source = module.source.clone();
        let inline = module.inline.clone();
        let file = module.file.clone();
        let path = module.path.clone();
        module.test |= source.root.test || scope(&source, &inline).test;
        let test = module.test;
        self.modules.push(module);
        for (at, child) in scope(&source, &inline).modules.iter().enumerate() {
            let mut path = path.clone();
            path.push(child.name.clone());
            let mut below = Module {
                path,
                file: file.clone(),
                test: test || child.test,
                parent: Some(index),
                children: Vec::new(),
                source: source.clone(),
                inline: inline.clone(),
            };
            let below_directory = if child.body.is_some() {
                below.inline.push(at);
                directory.join(&child.name)
            } else {
                let (found, directory) = find(&file, directory, child.file.as_deref(), &child.name)
                    .with_context(|| format!("{}:{}", sources.shown(&file), child.line))?;
                below.source = sources.read(&found)?;
                below.file = found;
                below.inline.clear();
                directory
            };
            let added = self.add(below, &below_directory, sources)?;
            self.modules[index]
                .children
                .push((child.name.clone(), added));
        }
        Ok(index)
    }

    /// All uses of other modules and other crates.
    pub(super) fn uses(&self) -> Vec<Use<'_>> {
        let mut uses = Vec::new();
        for (index, from) in self.modules.iter().enumerate() {
            for reference in &from.scope().references {
                let Reference { line, test, path } = reference;
                for meaning in self.resolve(index, path, &mut Open::new()) {
                    let to = match meaning {
                        Meaning::Item(module) if module != index => {
                            Target::Module(&self.modules[module])
                        }
                        Meaning::External(name) => Target::External(name),
                        _ => continue,
                    };
                    let test = *test || from.test;
                    uses.push(Use {
                        from,
                        line: *line,
                        test,
                        path,
                        to,
                    });
                }
            }
        }
        uses
    }

    /// Resolves a path in a module.
    fn resolve<'a>(&'a self, from: usize, path: &'a Name, open: &mut Open<'a>) -> Vec<Meaning<'a>> {
        let mut segments = path.segments.iter().map(String::as_str);
        let Some(first) = segments.next() else {
            return Vec::new();
        };
        let mut found = match first {
            name if path.external => vec![Meaning::External(name)],
            "Self" => Vec::new(),
            "crate" => vec![Meaning::Module(0)],
            "self" => vec![Meaning::Module(from)],
            "super" => self.parent(from),
            name => {
                let found = self.lookup(from, name, open);
                if found.is_empty() {
                    vec![Meaning::External(name)]
                } else {
                    found
                }
            }
        };
        for name in segments {
            found = match name {
                "self" => found,
                "super" => found
                    .iter()
                    .flat_map(|of| match of {
                        Meaning::Module(module) => self.parent(*module),
                        _ => Vec::new(),
                    })
                    .collect(),
                name => self.step(found, name, open),
            };
        }
        found
    }

    fn parent(&self, module: usize) -> Vec<Meaning<'_>> {
        self.modules[module]
            .parent
            .map(Meaning::Module)
            .into_iter()
            .collect()
    }

    /// Resolves a segment of a path from the meanings of the previous segments.
    fn step<'a>(
        &'a self,
        before: Vec<Meaning<'a>>,
        name: &'a str,
        open: &mut Open<'a>,
    ) -> Vec<Meaning<'a>> {
        let module = before.iter().find_map(|meaning| match meaning {
            Meaning::Module(module) => Some(*module),
            _ => None,
        });
        // Names inside an item or another crate belong to it.
        let Some(module) = module else {
            return before;
        };
        let found = self.lookup(module, name, open);
        if found.is_empty() && !open.contains(&(module, name)) {
            // The item is generated by a macro of this module.
            return vec![Meaning::Item(module)];
        }
        found
    }

    /// Resolves a name in a module.
    fn lookup<'a>(&'a self, module: usize, name: &'a str, open: &mut Open<'a>) -> Vec<Meaning<'a>> {
        if !open.insert((module, name)) {
            return Vec::new();
        }
        let here = &self.modules[module];
        let scope = here.scope();
        let mut found = Vec::new();
        let children = here.children.iter().filter(|(child, _)| child == name);
        found.extend(children.map(|(_, child)| Meaning::Module(*child)));
        if scope.items.iter().any(|item| item == name) {
            found.push(Meaning::Item(module));
        }
        for import in scope.imports.iter().filter(|import| import.name == name) {
            for meaning in self.resolve(module, &import.path, open) {
                // `use name;` exports a macro that is defined above it.
                if meaning != Meaning::External(name) || found.is_empty() {
                    found.push(meaning);
                }
            }
        }
        if found.is_empty() {
            for glob in &scope.globs {
                for meaning in self.resolve(module, glob, open) {
                    if let Meaning::Module(opened) = meaning {
                        found.extend(self.lookup(opened, name, open));
                    }
                }
            }
        }
        open.remove(&(module, name));
        found
    }
}

impl<'a> Use<'a> {
    /// The name of the item; of the type for `Type::function`.
    pub(super) fn item(&self) -> &'a str {
        let segments = &self.path.segments;
        let is_type = |name: &&String| name.starts_with(char::is_uppercase);
        let item = segments.iter().find(is_type).or(segments.last());
        item.map_or("", String::as_str)
    }
}

impl Module {
    fn scope(&self) -> &Scope {
        scope(&self.source, &self.inline)
    }
}

fn scope<'a>(source: &'a Source, inline: &[usize]) -> &'a Scope {
    inline.iter().fold(&source.root, |scope, at| {
        scope.modules[*at].body.as_ref().unwrap_or(scope)
    })
}

/// The file of `mod name;` and the directory of the modules below it.
fn find(
    parent: &Path,
    directory: &Path,
    attribute: Option<&str>,
    name: &str,
) -> Result<(PathBuf, PathBuf)> {
    if let Some(attribute) = attribute {
        let base = parent.parent().unwrap_or(parent);
        let file = normal(&base.join(attribute));
        let below = file.parent().unwrap_or(base).to_owned();
        return Ok((file, below));
    }
    let below = directory.join(name);
    let candidates = [directory.join(format!("{name}.rs")), below.join("mod.rs")];
    match candidates.into_iter().find(|file| file.is_file()) {
        Some(file) => Ok((file, below)),
        None => bail!("module {name} has no file"),
    }
}

/// Removes `..` from a path, so that each file has only one path.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        if part == std::path::Component::ParentDir {
            normal.pop();
        } else {
            normal.push(part);
        }
    }
    normal
}
