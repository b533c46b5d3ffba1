use tempfile::TempDir;

use super::rules::Rule::{self, Alone, Apart, Layers, Never, OnlyBy};
use super::*;

/// Writes the files of a tree and returns the faults that the check finds.
fn faults(rules: &[Rule], files: &[(&str, &str)]) -> Vec<String> {
    let tree = TempDir::new().unwrap();
    let mut roots = Vec::new();
    for (name, text) in files {
        let path = tree.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        if name.ends_with("src/lib.rs") {
            roots.push(path);
        }
    }
    let mut sources = Sources::new(tree.path());
    let mut faults = check_top(tree.path()).unwrap();
    faults.extend(check_files(tree.path(), &mut sources).unwrap());
    faults.extend(check_crates(tree.path(), &roots, rules, &mut sources).unwrap());
    faults
}

/// The faults other than circles, which have separate tests.
fn broken(rules: &[Rule], files: &[(&str, &str)]) -> Vec<String> {
    let mut found = faults(rules, files);
    found.retain(|fault| !fault.starts_with("circle"));
    found
}

#[test]
fn the_top_has_no_other_entry() {
    let files = [
        ("core/src/lib.rs", ""),
        ("notes.txt", ""),
        ("openapi/a.json", ""),
    ];
    assert_eq!(
        faults(&[], &files),
        ["notes.txt: not one of the entries at the top of the tree"]
    );
}

#[test]
fn unsafe_has_its_addresses() {
    let text = "// unsafe\nfn f() {\n    unsafe { g() }\n}\n";
    let files = [
        ("core/src/kernel/mod.rs", text),
        ("core/src/oath.rs", text),
        (
            "server/src/lib.rs",
            "#[unsafe(no_mangle)]\nfn f() { m!(unsafe { \"unsafe\" }) }",
        ),
    ];
    assert_eq!(
        faults(&[], &files),
        [
            "core/src/oath.rs:3: unsafe",
            "server/src/lib.rs:1: unsafe",
            "server/src/lib.rs:2: unsafe",
        ]
    );
}

#[test]
fn core_reads_nothing_of_the_server() {
    let text = "const A: &str = include_str!(\"../../openapi/a.json\");\n\
        const B: &str = include_str!(\"../../server/openapi/b.json\");\n\
        #[cfg(test)]\n#[path = \"../../server/src/tests.rs\"]\nmod tests;\n\
        const C: &str = include_str!(concat!(env!(\"HERE\"), \"/../server/c.json\"));\n";
    let files = [
        ("core/src/lib.rs", text),
        (
            "core/tests/a.rs",
            "fn f() { read(\"../server/Cargo.toml\"); }",
        ),
        ("server/src/tests.rs", ""),
    ];
    assert_eq!(
        faults(&[], &files),
        [
            "core/src/lib.rs:2: core must not read files of server",
            "core/src/lib.rs:4: core must not read files of server",
            "core/src/lib.rs:6: core must not read files of server",
            "core/tests/a.rs:1: core must not read files of server",
        ]
    );
}

#[test]
fn layers_use_those_below_them() {
    let layers: &[&[&str]] = &[&["error"], &["store", "oath"], &["service"]];
    let rules = [Layers { of: "core", layers }];
    let root = "mod error; mod store; mod oath; mod service; mod other; pub use error::Error;";
    let files = [
        ("core/src/lib.rs", root),
        ("core/src/error.rs", "pub enum Error {}"),
        (
            "core/src/store.rs",
            "use crate::Error;\npub struct Key;\nfn f() -> crate::oath::Code {}",
        ),
        (
            "core/src/oath.rs",
            "pub struct Code;\nmod a { use super::super::service::X; }",
        ),
        (
            "core/src/service.rs",
            "use crate::{oath::Code, store};\npub struct X(store::Key);",
        ),
        ("core/src/other.rs", ""),
    ];
    assert_eq!(
        broken(&rules, &files),
        [
            "core/src/oath.rs:2: oath must not use service",
            "core/src/store.rs:3: store must not use oath",
            "core: module other is in no layer",
        ]
    );
}

const SERVICE: &[(&str, &str)] = &[
    ("core/src/lib.rs", "mod service;"),
    (
        "core/src/service/mod.rs",
        "mod contract; mod contracts; mod router; mod tenant; pub use contracts::mpass::SERVICE;",
    ),
    ("core/src/service/contract.rs", "pub struct Route;"),
    (
        "core/src/service/contracts/mod.rs",
        "pub mod mpass; pub mod login; pub mod camara;",
    ),
    (
        "core/src/service/contracts/mpass.rs",
        "use super::super::contract::Route;\npub const SERVICE: &str = \"\";",
    ),
    (
        "core/src/service/router.rs",
        "use super::contracts::{login, mpass};\nfn f() { login::f(); mpass::f(); }",
    ),
];

#[test]
fn modules_never_use_what_a_rule_keeps_from_them() {
    let rules = [
        Never {
            of: "core",
            from: &["service::tenant", "service::contract"],
            to: &["service::contracts"],
        },
        Apart {
            of: "core",
            within: "service::contracts",
            except: &[("login", "camara::grant")],
        },
        OnlyBy {
            of: "core",
            module: "service::contracts",
            by: &["service::router"],
        },
    ];
    let files = [
        // By a name that the parent exports, and by the name of a module.
        (
            "core/src/service/tenant.rs",
            "use super::contract::Route;\nuse super::SERVICE;\nuse crate::service::contracts;\n\
             #[cfg(test)] mod tests { fn f() { super::contracts::login::f(); } }",
        ),
        (
            "core/src/service/contracts/login.rs",
            "use super::camara::grant::Grant;\n\nuse super::camara::bearer::Bearer;\npub fn f() {}",
        ),
        (
            "core/src/service/contracts/camara/mod.rs",
            "pub mod grant; pub mod bearer;",
        ),
        (
            "core/src/service/contracts/camara/grant.rs",
            "pub struct Grant;",
        ),
        (
            "core/src/service/contracts/camara/bearer.rs",
            "use super::grant::Grant;\npub struct Bearer;",
        ),
    ];
    assert_eq!(
        broken(&rules, &[SERVICE, &files].concat()),
        [
            "core/src/service/contracts/login.rs:3: \
             service::contracts::login must not use service::contracts::camara",
            "core/src/service/mod.rs:1: service must not use service::contracts",
            "core/src/service/tenant.rs:2: service::tenant must not use service::contracts",
            "core/src/service/tenant.rs:4: service::tenant::tests must not use service::contracts",
        ]
    );
}

#[test]
fn modules_may_be_kept_from_crates_and_from_their_own() {
    let rules = [
        Never {
            of: "bindings",
            from: &[""],
            to: &["::jni"],
        },
        Alone {
            of: "ffi",
            from: "jni",
            except: &["panic"],
        },
    ];
    let files = [
        (
            "bindings/src/lib.rs",
            "mod call; mod wire; pub use wire::Env;",
        ),
        ("bindings/src/wire.rs", "pub use jni::Env;"),
        (
            "bindings/src/call.rs",
            "fn f() { m!(::std::f, ::jni::sys::f()); }\nuse crate::Env;",
        ),
        (
            "ffi/src/lib.rs",
            "mod jni; mod boundary { pub fn deliberate() {} } mod panic { pub fn discard() {} }",
        ),
        ("ffi/src/jni/mod.rs", "mod codes; mod wire;\nuse jni::Env;"),
        (
            "ffi/src/jni/codes.rs",
            "use crate::panic::discard;\nuse crate::boundary::deliberate;",
        ),
        ("ffi/src/jni/wire.rs", ""),
    ];
    assert_eq!(
        broken(&rules, &files),
        [
            "bindings/src/call.rs:2: bindings must not use jni",
            "bindings/src/lib.rs:1: bindings must not use jni",
            "bindings/src/wire.rs:1: bindings must not use jni",
            "ffi/src/jni/codes.rs:2: jni must not use boundary",
        ]
    );
}

#[test]
fn a_rule_names_what_is_there() {
    let rules = [
        Never {
            of: "core",
            from: &["kernel::values"],
            to: &["kernel::batch"],
        },
        Alone {
            of: "ffi",
            from: "jni",
            except: &[],
        },
    ];
    let files = [
        ("core/src/lib.rs", "mod kernel;"),
        ("core/src/kernel.rs", "mod values {}"),
    ];
    assert_eq!(
        broken(&rules, &files),
        [
            "core: a rule names kernel::batch, which is not there",
            "ffi: rules name this crate, which is not there",
        ]
    );
}

#[test]
fn files_of_a_circle_are_shown_with_what_ties_them() {
    let files = [
        ("core/src/lib.rs", "mod a; mod b; mod c; mod d;"),
        ("core/src/a.rs", "use crate::b::{self, Y};\npub struct X;"),
        (
            "core/src/b.rs",
            "pub struct Y;\npub fn f() { crate::c::g() }",
        ),
        ("core/src/c.rs", "pub fn g() -> super::a::X { X::new() }"),
        ("core/src/d.rs", "use crate::a::X;"),
    ];
    assert_eq!(
        faults(&[], &files),
        [
            "circle of 3 files: core/src/a.rs, core/src/b.rs, core/src/c.rs\n  \
          core/src/a.rs:1 uses Y of core/src/b.rs\n  \
          core/src/b.rs:2 uses g of core/src/c.rs\n  \
          core/src/c.rs:1 uses X of core/src/a.rs"
        ]
    );
}

#[test]
fn a_circle_may_lead_through_a_re_export() {
    // `b` imports `X` from the parent, which re-exports it from `a`.
    let files = [
        ("core/src/lib.rs", "mod m;"),
        (
            "core/src/m/mod.rs",
            "mod a; mod b; pub use a::X; pub(crate) use b::*;",
        ),
        ("core/src/m/a.rs", "use super::Y;\npub struct X;"),
        ("core/src/m/b.rs", "use super::X;\npub struct Y;"),
    ];
    assert_eq!(
        faults(&[], &files),
        ["circle of 2 files: core/src/m/a.rs, core/src/m/b.rs\n  \
          core/src/m/a.rs:1 uses Y of core/src/m/b.rs\n  \
          core/src/m/b.rs:1 uses X of core/src/m/a.rs"]
    );
}

#[test]
fn a_child_that_uses_what_its_parent_defines_ties_it() {
    let child = ("core/src/m/a.rs", "use super::Y;\npub struct X;");
    let root = ("core/src/lib.rs", "mod m;");
    let exports = ("core/src/m/mod.rs", "mod a; pub use a::X;\npub struct Y;");
    assert_eq!(
        faults(&[], &[root, child, exports]),
        ["circle of 2 files: core/src/m/a.rs, core/src/m/mod.rs\n  \
          core/src/m/a.rs:1 uses Y of core/src/m/mod.rs\n  \
          core/src/m/mod.rs:1 uses X of core/src/m/a.rs"]
    );
    let declares = ("core/src/m/mod.rs", "mod a;\npub struct Y;");
    assert_eq!(faults(&[], &[root, child, declares]), [""; 0]);
}

#[test]
fn what_is_no_circle() {
    let trees: &[&[(&str, &str)]] = &[
        // A re-exported item belongs to the child that defines it.
        &[
            ("core/src/lib.rs", "mod m; pub use m::X;"),
            (
                "core/src/m/mod.rs",
                "mod a; mod b; pub use a::X; pub use b::Y;",
            ),
            ("core/src/m/a.rs", "pub struct X;"),
            (
                "core/src/m/b.rs",
                "use super::X;\nuse crate::X as Z;\npub struct Y;",
            ),
        ],
        // Tests may use the code under test from any file.
        &[
            ("core/src/lib.rs", "mod a; mod b; #[cfg(test)] mod c;"),
            (
                "core/src/a.rs",
                "use crate::b::Y;\npub struct X;\n#[cfg(all(test, unix))]\n#[path = \"a_tests.rs\"]\nmod t;",
            ),
            (
                "core/src/a_tests.rs",
                "use super::*;\npub struct T(crate::b::Y);",
            ),
            (
                "core/src/b.rs",
                "pub struct Y;\n#[cfg(test)] mod tests { use crate::a::X; use crate::c::Z; }",
            ),
            ("core/src/c.rs", "use crate::a::X;\npub struct Z;"),
        ],
        // Comments, strings, fields, methods, visibilities, and `Self`.
        &[
            ("core/src/lib.rs", "mod m;"),
            (
                "core/src/m/mod.rs",
                "pub mod a;\n/// [`a::X`]\npub struct Y;\nfn f(y: Y) { y.a.x(); m!(y.a::<u8>(), \"a::X\") }",
            ),
            (
                "core/src/m/a.rs",
                "pub(in crate::m) struct X(super::Y);\nimpl X { fn f() { Self::g(); Vec::<u8>::new(); } }",
            ),
        ],
        // Items generated by a macro belong to the file of the call.
        &[
            ("core/src/lib.rs", "mod a; mod b;"),
            (
                "core/src/a.rs",
                "macro_rules! kinds { ($name:ident) => { pub enum $name {} } }\n\
                 pub(crate) use kinds;\nuse core::fmt;",
            ),
            (
                "core/src/b.rs",
                "use crate::a::kinds;\nkinds!(Kind);\nfn f(_: self::Kind) {}",
            ),
        ],
    ];
    for files in trees {
        assert_eq!(faults(&[], files), [""; 0]);
    }
}

#[test]
fn paths_in_macros_and_attributes_are_uses() {
    for text in [
        "fn f() { m!(a, crate::b::Y) }",
        "macro_rules! m { () => { $crate::b::Y } }",
        "macro_rules! m { ($a:ident) => { use super::{b::{self, Y}, $a}; } }",
        "#[derive(A)] struct S(#[serde(with = \"crate::b::y\")] u8);",
        "#[arg(value_parser = crate::b::y)] struct S;",
        "fn f() { if let crate::b::Y::A(_) = x {} }",
        "impl<T: crate::b::Y> Z for T {}",
        "use super::b as c;\nfn f() { c::y() }",
    ] {
        let files = [
            ("core/src/lib.rs", "mod a; mod b;"),
            ("core/src/a.rs", text),
            ("core/src/b.rs", "use crate::a;\nfn f() { a::x() }"),
        ];
        assert_eq!(faults(&[], &files).len(), 1, "{text}");
    }
}

#[test]
fn a_module_without_a_file_is_an_error() {
    let tree = TempDir::new().unwrap();
    let root = tree.path().join("lib.rs");
    fs::write(&root, "\nmod a;").unwrap();
    let mut sources = Sources::new(tree.path());
    let error = Crate::read(&root, &mut sources).err().unwrap();
    assert_eq!(format!("{error:#}"), "lib.rs:2: module a has no file");
    fs::write(tree.path().join("a.rs"), "\nfn f(").unwrap();
    assert!(Crate::read(&root, &mut sources).is_err());
}
