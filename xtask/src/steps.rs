//! The steps of `cargo xtask test`, in the order they run: the quick ones
//! that fail most come first.
//!
//! Cargo unifies features over the packages of one command, and builds a
//! dependency again for each set of features. So the commands that build tests
//! name the same packages, all but `mpass-ffi`, and choose among their targets.
//! `mpass-ffi` is built by itself, as its users build it: cargo gives its
//! library one file name whatever the features, and two builds in one directory
//! would overwrite each other.

use anyhow::Result;

use crate::tools::Need;
use crate::tree::Tree;
use crate::{
    bench, c, header, instructions, java, js, kernels, layout, lists, module, msrv, newcomer,
    nostd, stores, supply,
};

/// One step.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) needs: &'static [Need],
    pub(crate) work: &'static [Work],
}

/// One command of a step.
pub(crate) enum Work {
    /// `cargo` with these arguments, split at spaces.
    Cargo(&'static str),
    /// The same for a test runner, whose summary lines are shown. It fails if
    /// there are none, because no test ran.
    Suite(&'static str),
    /// The same with rustdoc's warnings as errors.
    Docs(&'static str),
    /// A function of this program; the lines that it returns are shown.
    Check(fn(&Tree) -> Result<Vec<String>>),
}

const C: Need = Need::Program("cc", "gcc");
const CXX: Need = Need::Program("c++", "g++");
const CHROMIUM: Need = Need::Program("chromium", "chromium");
const CLIPPY: Need = Need::Component("clippy", "clippy");
const GO: Need = Need::Program("go", "golang");
const JDK: Need = Need::Program("javac", "openjdk-17-jdk-headless");
const CMAKE: Need = Need::Program("cmake", "cmake");
const JSON_C: Need = Need::Library("json-c/json.h", "libjson-c-dev");
const CURL: Need = Need::Program("curl", "curl");
const HAPROXY: Need = Need::Program("haproxy", "haproxy");
const HIREDIS: Need = Need::Library("hiredis/hiredis.h", "libhiredis-dev");
const LIBPQ: Need = Need::Library("postgresql/libpq-fe.h", "libpq-dev");
const LIBOATH: Need = Need::Library("liboath/oath.h", "liboath-dev");
const MAVEN: Need = Need::Program("mvn", "maven");
const MICROHTTPD: Need = Need::Library("microhttpd.h", "libmicrohttpd-dev");
const NGINX: Need = Need::Program("nginx", "nginx-light");
const NM: Need = Need::Program("nm", "binutils");
const NODE: Need = Need::Program("node", "nodejs");
const NPM: Need = Need::Program("npm", "npm");
const OATHTOOL: Need = Need::Program("oathtool", "oathtool");
const PKG_CONFIG: Need = Need::Program("pkg-config", "pkg-config");
/// Creates virtual environments with pip; a separate package in Debian.
const PYTHON: Need = Need::Module("ensurepip", "python3-venv");
/// Its servers are started by the tests, from `/usr/lib/postgresql`.
const POSTGRES: Need = Need::Program("pg_lsclusters", "postgresql");
const RADCLIENT: Need = Need::Program("radclient", "freeradius-utils");
const REDIS: Need = Need::Program("redis-server", "redis-server");
const RUSTFMT: Need = Need::Component("rustfmt", "fmt");
const SQLITE: Need = Need::Library("sqlite3.h", "libsqlite3-dev");
const VALGRIND: Need = Need::Program("valgrind", "valgrind");

pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "layout",
        about: "entries at the top, where unsafe is, which module uses which, circles of files",
        needs: &[],
        work: &[Work::Check(layout::check)],
    },
    Step {
        name: "run",
        about: "`cargo run` at the root compiles the server and no peer of a benchmark",
        needs: &[],
        work: &[Work::Check(newcomer::check)],
    },
    Step {
        name: "format",
        about: "rustfmt",
        needs: &[RUSTFMT],
        work: &[Work::Cargo("fmt --all --check")],
    },
    Step {
        name: "lists",
        about: "what C, Java, JavaScript and docs/ have of the core's lists is what they are",
        needs: &[],
        work: &[Work::Check(lists::check)],
    },
    Step {
        name: "header",
        about: "include/mpass.h is what ffi/ says and libmpass exports, in C99 and C++11",
        needs: &[C, CXX, NM],
        work: &[Work::Check(header::check_compiled)],
    },
    Step {
        name: "supply",
        about: "licences, sources and advisories of the dependencies, by deny.toml",
        needs: &[PYTHON],
        work: &[Work::Check(supply::check)],
    },
    Step {
        name: "clippy",
        about: "lints of every target, and of the core and the bindings in each of their sizes",
        needs: &[CLIPPY],
        work: &[
            Work::Cargo("clippy --locked --workspace --all-targets -- -D warnings"),
            Work::Cargo(
                "clippy --locked --workspace --all-targets --features mpass-ffi/jni -- -D warnings",
            ),
            Work::Cargo("clippy --locked -p mpass-core --no-default-features -- -D warnings"),
            Work::Cargo(
                "clippy --locked -p mpass-core --no-default-features --features contracts -- -D warnings",
            ),
            Work::Cargo("clippy --locked -p mpass-bindings --no-default-features -- -D warnings"),
            Work::Cargo(
                "clippy --locked -p mpass-bindings --no-default-features --features challenge -- -D warnings",
            ),
        ],
    },
    Step {
        name: "tests",
        about: "every test of the workspace, documentation included",
        needs: &[
            CHROMIUM, CURL, GO, HAPROXY, JDK, MAVEN, NGINX, NODE, NPM, OATHTOOL, POSTGRES, PYTHON,
            RADCLIENT, REDIS,
        ],
        work: &[
            Work::Suite("test --locked --workspace --exclude mpass-ffi"),
            Work::Suite("test --locked -p mpass-stores --all-features"),
            Work::Suite("test --locked -p mpass-ffi"),
        ],
    },
    Step {
        name: "c",
        about: "the C library as installed, from C99 and C++11, under valgrind",
        needs: &[
            C, CXX, NM, CMAKE, JSON_C, MICROHTTPD, PKG_CONFIG, SQLITE, VALGRIND,
        ],
        work: &[Work::Check(c::check)],
    },
    Step {
        name: "core",
        about: "the core's tests alone, where no other crate turns its features on",
        needs: &[],
        work: &[
            Work::Suite("test --locked -p mpass-core --no-default-features"),
            Work::Suite("test --locked -p mpass-core --no-default-features --features contracts"),
        ],
    },
    Step {
        name: "kernels",
        about: "the kernels' tests with each backend of this processor forced, and with NEON emulated",
        needs: &[],
        work: &[Work::Check(kernels::check)],
    },
    Step {
        name: "docs",
        about: "the documentation builds without a warning",
        needs: &[],
        work: &[Work::Docs("doc --locked --workspace --no-deps")],
    },
    Step {
        name: "java",
        about: "the Java package on JDK 17 and 25, its natives, stores and documentation",
        needs: &[JDK, MAVEN, NM, POSTGRES, REDIS],
        work: &[Work::Check(java::check)],
    },
    Step {
        name: "no_std",
        about: "the core for WebAssembly and for a Cortex-M, without std",
        needs: &[],
        work: &[Work::Check(nostd::check)],
    },
    Step {
        name: "js",
        about: "the npm package, packed and installed, in Node, Chromium and workerd",
        needs: &[CHROMIUM, NODE, NPM, POSTGRES, REDIS],
        work: &[Work::Check(js::check)],
    },
    Step {
        name: "stores",
        about: "Redis and PostgreSQL from C, Python, JavaScript, Java and Rust: each verifies what the others issue",
        needs: &[
            C, HIREDIS, JDK, LIBPQ, MAVEN, NODE, NPM, PKG_CONFIG, POSTGRES, PYTHON, REDIS,
        ],
        work: &[Work::Check(stores::check)],
    },
    Step {
        name: "module",
        about: "the WebAssembly module without imports, from Python, Go and Java",
        needs: &[GO, JDK, MAVEN, PYTHON],
        work: &[Work::Check(module::check)],
    },
    Step {
        name: "benches",
        about: "every benchmark runs once, unoptimised and unmeasured",
        needs: &[LIBOATH],
        work: &[Work::Cargo(
            "test --locked --workspace --exclude mpass-ffi --bench * -- --test",
        )],
    },
    Step {
        name: "page",
        about: "docs/PERFORMANCE.md and its plots are what the results make",
        needs: &[],
        work: &[Work::Check(bench::check)],
    },
    Step {
        name: "counts",
        about: "instructions of single codes, and that none depends on a secret, under valgrind",
        needs: &[C, VALGRIND],
        work: &[Work::Check(instructions::check)],
    },
    Step {
        name: "msrv",
        about: "the compiler that Cargo.toml promises builds everything",
        needs: &[],
        work: &[Work::Check(msrv::check)],
    },
];
