//! The rules for dependencies between modules, and the check of a crate against
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::modules::{Crate, Target, Use};
use super::sources::shown;

/// A rule for the modules of the crate in the directory `of`. A module includes
/// all modules below it; `""` is the whole crate, and `::name` another crate.
pub(super) enum Rule {
    /// The modules at the crate's root, lowest layer first: each may use only
    /// modules of lower layers, and all of them must be listed.
    Layers {
        of: &'static str,
        layers: &'static [&'static [&'static str]],
    },
    /// The modules `from` must not use the modules `to`.
    Never {
        of: &'static str,
        from: &'static [&'static str],
        to: &'static [&'static str],
    },
    /// `from` must not use other modules of its crate except those in `except`.
    Alone {
        of: &'static str,
        from: &'static str,
        except: &'static [&'static str],
    },
    /// The child modules of `within` must not use each other, except for these
    /// pairs, whose paths are relative to `within`.
    Apart {
        of: &'static str,
        within: &'static str,
        except: &'static [(&'static str, &'static str)],
    },
    /// Only the modules in `by` may use `module`.
    OnlyBy {
        of: &'static str,
        module: &'static str,
        by: &'static [&'static str],
    },
}

use Rule::{Alone, Apart, Layers, Never, OnlyBy};

/// docs/DESIGN.md has the reasons.
pub(super) const RULES: &[Rule] = &[
    Layers {
        of: "core",
        layers: &[
            &["list", "labels", "host_name"],
            &["error"],
            &["algorithm"],
            &["kernel"],
            &["store", "typed"],
            &["oath"],
            &["number"],
            &["challenge"],
            &["documents", "network"],
            &["service"],
        ],
    },
    Never {
        of: "core",
        from: &["kernel::values", "kernel::states"],
        to: &[
            "kernel::in_lanes",
            "kernel::single",
            "kernel::hmac",
            "kernel::batch",
        ],
    },
    Never {
        of: "core",
        from: &["service::host", "service::message"],
        to: &[
            "service::tenant",
            "service::flow",
            "service::jose",
            "service::contract",
            "service::contracts",
            "service::router",
        ],
    },
    Never {
        of: "core",
        from: &["service::tenant", "service::flow", "service::jose"],
        to: &["service::contract", "service::contracts", "service::router"],
    },
    Never {
        of: "core",
        from: &["service::tenant"],
        to: &["service::flow"],
    },
    Never {
        of: "core",
        from: &["service::contract"],
        to: &["service::contracts", "service::router"],
    },
    Never {
        of: "core",
        from: &["service::contracts"],
        to: &["service::router"],
    },
    Apart {
        of: "core",
        within: "service::contracts",
        except: &[("login", "camara::grant")],
    },
    Never {
        of: "core",
        from: &["service::drive", "service::exchange"],
        to: &["service::contracts"],
    },
    Never {
        of: "server",
        from: &["gateway", "network", "store", "metrics", "numbers"],
        to: &["state", "config", "demo", "http", "admin"],
    },
    Never {
        of: "server",
        from: &["options", "setup"],
        to: &["state", "demo", "http", "admin", "serve", "reload"],
    },
    Never {
        of: "server",
        from: &["state"],
        to: &["http", "demo", "admin"],
    },
    OnlyBy {
        of: "server",
        module: "demo",
        by: &["serve", "cli"],
    },
    Layers {
        of: "stores",
        layers: &[
            &["access", "copy", "loopback", "states"],
            &["remote"],
            &["sqlite", "redis", "postgres"],
        ],
    },
    Never {
        of: "bindings",
        from: &[""],
        to: &["::jni", "::wasm_bindgen", "::js_sys", "::mpass"],
    },
    Alone {
        of: "ffi",
        from: "jni",
        except: &["panic"],
    },
];

/// Pairs of directories: Rust files in the first must not contain paths of files
/// in the second.
pub(super) const OUTSIDE: &[(&str, &str)] = &[("core", "server")];

/// Checks the uses of the crate in `directory` against its rules.
pub(super) fn check(
    rules: &[Rule],
    root: &Path,
    directory: &str,
    read: &Crate,
    uses: &[Use<'_>],
) -> Vec<String> {
    let mut faults = BTreeSet::new();
    // Only the first use of a module in a file is reported.
    let mut broken = BTreeMap::new();
    for rule in rules.iter().filter(|rule| rule.of() == directory) {
        for name in rule.modules() {
            if !read.modules.iter().any(|module| is_in(&module.path, &name)) {
                faults.insert(format!(
                    "{directory}: a rule names {name}, which is not there"
                ));
            }
        }
        if let Layers { layers, .. } = rule {
            for module in read.modules.iter().filter(|module| module.path.len() == 1) {
                let name = module.path[0].as_str();
                if !module.test && !layers.concat().contains(&name) {
                    faults.insert(format!("{directory}: module {name} is in no layer"));
                }
            }
        }
        for used in uses {
            if let Some((from, to)) = rule.broken_by(used) {
                let file = shown(root, &used.from.file);
                let line = broken.entry((file, from, to)).or_insert(used.line);
                *line = used.line.min(*line);
            }
        }
    }
    for ((file, from, to), line) in broken {
        let from = if from.is_empty() { directory } else { &from };
        faults.insert(format!("{file}:{line}: {from} must not use {to}"));
    }
    faults.into_iter().collect()
}

impl Rule {
    pub(super) fn of(&self) -> &'static str {
        match self {
            Layers { of, .. }
            | Never { of, .. }
            | Alone { of, .. }
            | Apart { of, .. }
            | OnlyBy { of, .. } => of,
        }
    }

    /// All modules of the crate in the rule.
    fn modules(&self) -> Vec<String> {
        let names: Vec<&str> = match self {
            Layers { layers, .. } => layers.concat(),
            Never { from, to, .. } => [*from, *to].concat(),
            Alone { from, except, .. } => [&[*from], *except].concat(),
            Apart { within, except, .. } => {
                let pairs = except.iter().flat_map(|(from, to)| [from, to]);
                let below = pairs.map(|name| format!("{within}::{name}"));
                return below.chain([(*within).to_owned()]).collect();
            }
            OnlyBy { module, by, .. } => [&[*module], *by].concat(),
        };
        let own = names.into_iter().filter(|name| !name.starts_with("::"));
        own.map(str::to_owned).collect()
    }

    /// The two modules, if the use violates the rule.
    fn broken_by(&self, used: &Use<'_>) -> Option<(String, String)> {
        let from = &used.from.path;
        let Target::Module(target) = used.to else {
            return self.broken_by_external(used);
        };
        let to = &target.path;
        match self {
            Layers { layers, .. } => {
                let [from, to] = [from.first()?, to.first()?];
                let layer = |name: &String| {
                    layers
                        .iter()
                        .position(|layer| layer.contains(&name.as_str()))
                };
                let below = from == to || layer(to)? < layer(from)?;
                (!below).then(|| (from.clone(), to.clone()))
            }
            Never {
                from: origins,
                to: never,
                ..
            } => {
                let from = origins.iter().find(|name| is_in(from, name))?;
                let to = never.iter().find(|name| is_in(to, name))?;
                Some(((*from).to_owned(), (*to).to_owned()))
            }
            Alone {
                from: origin,
                except,
                ..
            } => {
                let allowed = is_in(to, origin) || except.iter().any(|name| is_in(to, name));
                (is_in(from, origin) && !allowed).then(|| ((*origin).to_owned(), joined(to)))
            }
            Apart { within, except, .. } => {
                let [from, to] = [below(from, within)?, below(to, within)?];
                let allowed = except.iter().any(|(a, b)| is_in(from, a) && is_in(to, b));
                let name = |path: &[String]| Some(format!("{within}::{}", path.first()?));
                let pair = (name(from)?, name(to)?);
                (pair.0 != pair.1 && !allowed).then_some(pair)
            }
            OnlyBy { module, by, .. } => {
                let allowed = is_in(from, module) || by.iter().any(|name| is_in(from, name));
                (is_in(to, module) && !allowed).then(|| (joined(from), (*module).to_owned()))
            }
        }
    }

    fn broken_by_external(&self, used: &Use<'_>) -> Option<(String, String)> {
        let (Never { from, to, .. }, Target::External(name)) = (self, used.to) else {
            return None;
        };
        let from = from.iter().find(|origin| is_in(&used.from.path, origin))?;
        let never = to
            .iter()
            .any(|never| never.strip_prefix("::") == Some(name));
        never.then(|| ((*from).to_owned(), name.to_owned()))
    }
}

/// Whether a module is `name` or below it.
fn is_in(path: &[String], name: &str) -> bool {
    below(path, name).is_some()
}

/// The path of a module relative to `name`, if it is `name` or below it.
fn below<'a>(path: &'a [String], name: &str) -> Option<&'a [String]> {
    let mut rest = path;
    for part in name.split("::").filter(|part| !part.is_empty()) {
        rest = match rest.split_first() {
            Some((first, rest)) if first == part => rest,
            _ => return None,
        };
    }
    Some(rest)
}

fn joined(path: &[String]) -> String {
    if path.is_empty() {
        "the crate's root".to_owned()
    } else {
        path.join("::")
    }
}
