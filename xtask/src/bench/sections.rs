//! The sections of `cargo xtask bench`; each can run alone.

use crate::tools::Need;

/// Benchmarks whose figures are shown together.
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(super) needs: &'static [Need],
    /// How often everything runs. The programs run in turn, so that a temporary
    /// slowdown of the machine affects all of them.
    pub(super) rounds: usize,
    pub(super) programs: &'static [Program],
}

/// A program that appends lines to the results file.
pub(super) enum Program {
    /// A benchmark of the workspace.
    Bench(Bench),
    /// The Go program in `benches/go`, with the part to measure.
    Go(&'static str),
    /// JMH in `benches/java`.
    Java,
    /// The Node.js program in `benches/js`.
    Node,
    /// The small entries of the npm package, in `wasm/js/test/beside`.
    Edge,
}

pub(super) struct Bench {
    /// The benchmark's name.
    pub(super) name: &'static str,
    /// Its arguments, split at spaces.
    pub(super) arguments: &'static str,
    /// If set, only results with names that match are measured.
    pub(super) only: Option<&'static str>,
    /// How it is built, if not in the usual way.
    pub(super) build: Option<Build>,
    /// What has to be built or installed first.
    pub(super) brings: &'static [Brought],
    /// Whether it is bound to one processor.
    pub(super) is_single: bool,
}

/// Something built or installed, passed to a benchmark in a variable.
pub(super) enum Brought {
    /// The C library: `MPASS_LIBRARY`.
    Library,
    /// The server, and how it is built if not in the usual way: `MPASS_SERVER`.
    Server(Option<Build>),
    /// A Python environment with privacyIDEA: `MPASS_PRIVACYIDEA`.
    PrivacyIdea,
    /// knadh/otpgateway beside its sources, if it can be built: `MPASS_OTPGATEWAY`.
    OtpGateway,
}

/// Another way to build, with a target directory of its own.
#[derive(Clone, Copy)]
pub(super) struct Build {
    pub(super) rustflags: &'static str,
    /// The subdirectory of the target directory.
    pub(super) directory: &'static str,
    /// A suffix for the names of its figures.
    pub(super) tag: &'static str,
}

const CRITERION: &str =
    "--warm-up-time 0.2 --measurement-time 0.5 --sample-size 20 --nresamples 1000";

const fn bench(name: &'static str) -> Bench {
    Bench {
        name,
        arguments: CRITERION,
        only: None,
        build: None,
        brings: &[],
        is_single: true,
    }
}

const NATIVE: Build = Build {
    rustflags: "-C target-cpu=native",
    directory: "native",
    tag: ", native",
};
const AVX2: Build = Build {
    rustflags: "--cfg mpass_backend=\"avx2\"",
    directory: "avx2",
    tag: "",
};
/// Frame pointers, so that stacks can be unwound without tables.
const FRAMES: Build = Build {
    rustflags: "-C force-frame-pointers=yes",
    directory: "frames",
    tag: "",
};

const C: Need = Need::Program("cc", "gcc");
const PKG_CONFIG: Need = Need::Program("pkg-config", "pkg-config");
const LIBOATH: Need = Need::Library("liboath/oath.h", "liboath-dev");
const NETTLE: Need = Need::Library("nettle/hmac.h", "nettle-dev");
const IPSEC_MB: Need = Need::Library("intel-ipsec-mb.h", "libipsec-mb-dev");
const GO: Need = Need::Program("go", "golang");
const JDK: Need = Need::Program("javac", "openjdk-17-jdk-headless");
const MAVEN: Need = Need::Program("mvn", "maven");
const CHROMIUM: Need = Need::Program("chromium", "chromium");
const NODE: Need = Need::Program("node", "nodejs");
const NPM: Need = Need::Program("npm", "npm");
const WRK: Need = Need::Program("wrk", "wrk");
const TASKSET: Need = Need::Program("taskset", "util-linux");
const REDIS: Need = Need::Program("redis-server", "redis-server");
const PSQL: Need = Need::Program("psql", "postgresql");
const PERF: Need = Need::Program("perf", "linux-perf");
const PYTHON: Need = Need::Program("python3", "python3");
const VENV: Need = Need::Module("ensurepip", "python3-venv");
const RUST_PEERS: &[Need] = &[C, PKG_CONFIG, LIBOATH, NETTLE, IPSEC_MB];
const RUST_AND_GO_PEERS: &[Need] = &[C, PKG_CONFIG, LIBOATH, NETTLE, IPSEC_MB, GO];

/// The benchmark recorded for flame graphs, and its needs.
pub(super) const FLAME: Bench = Bench {
    arguments: "",
    is_single: false,
    brings: &[Brought::Server(Some(FRAMES))],
    ..bench("served")
};
pub(super) const FLAME_NEEDS: &[Need] =
    &[C, PKG_CONFIG, LIBOATH, NETTLE, IPSEC_MB, WRK, TASKSET, PERF];

pub(crate) const SECTIONS: &[Section] = &[
    Section {
        name: "codes",
        about: "one code and one number hash, compared with libraries in Rust, C and Go",
        needs: RUST_AND_GO_PEERS,
        rounds: 5,
        programs: &[Program::Bench(bench("oath")), Program::Go("codes")],
    },
    Section {
        name: "windows",
        about: "wrong codes in windows of 1 to 10,000 counters",
        needs: RUST_AND_GO_PEERS,
        rounds: 3,
        programs: &[Program::Bench(bench("windows")), Program::Go("windows")],
    },
    Section {
        name: "batch",
        about: "1024 codes and number hashes at once",
        needs: RUST_PEERS,
        rounds: 5,
        programs: &[Program::Bench(bench("batch"))],
    },
    Section {
        name: "avx2",
        about: "the same with a build limited to AVX2",
        needs: RUST_PEERS,
        rounds: 3,
        programs: &[Program::Bench(Bench {
            build: Some(AVX2),
            ..bench("batch")
        })],
    },
    Section {
        name: "c",
        about: "one code through the C library, compared with Rust",
        needs: RUST_PEERS,
        rounds: 7,
        programs: &[Program::Bench(Bench {
            brings: &[Brought::Library],
            ..bench("boundary")
        })],
    },
    Section {
        name: "java",
        about: "codes and windows in Java, compared with the JDK and java-otp",
        needs: &[JDK, MAVEN, TASKSET],
        rounds: 3,
        programs: &[Program::Java],
    },
    Section {
        name: "js",
        about: "codes, windows and startup in Node.js, compared with npm libraries",
        needs: &[NODE, NPM, TASKSET],
        rounds: 3,
        programs: &[Program::Node],
    },
    Section {
        name: "edge",
        about: "npm entries: bytes, the first code and warm codes, compared with npm libraries",
        needs: &[CHROMIUM, NODE, NPM],
        rounds: 3,
        programs: &[Program::Edge],
    },
    Section {
        name: "native",
        about: "builds with and without `-C target-cpu=native`",
        needs: RUST_PEERS,
        rounds: 5,
        programs: &[
            Program::Bench(Bench {
                only: Some("/mpass$"),
                ..bench("oath")
            }),
            Program::Bench(Bench {
                only: Some("/mpass$"),
                build: Some(NATIVE),
                ..bench("oath")
            }),
        ],
    },
    Section {
        name: "threads",
        about: "codes per second with one and more threads",
        needs: RUST_PEERS,
        rounds: 3,
        programs: &[Program::Bench(Bench {
            arguments: "",
            is_single: false,
            ..bench("threads")
        })],
    },
    Section {
        name: "memory",
        about: "the memory store with up to ten million challenges",
        needs: RUST_PEERS,
        rounds: 1,
        programs: &[Program::Bench(Bench {
            arguments: "",
            is_single: false,
            ..bench("memory")
        })],
    },
    Section {
        name: "served",
        about: "`mpass serve` under load, compared with a constant handler and privacyIDEA",
        needs: &[
            C, PKG_CONFIG, LIBOATH, NETTLE, IPSEC_MB, WRK, TASKSET, PYTHON, VENV,
        ],
        rounds: 1,
        programs: &[Program::Bench(Bench {
            arguments: "",
            is_single: false,
            brings: &[Brought::Server(None), Brought::PrivacyIdea],
            ..bench("served")
        })],
    },
    Section {
        name: "stores",
        about: "`mpass serve` on each of its stores, compared with a constant handler and otpgateway",
        needs: &[
            C, PKG_CONFIG, LIBOATH, NETTLE, IPSEC_MB, WRK, TASKSET, REDIS, PSQL, GO,
        ],
        rounds: 3,
        programs: &[Program::Bench(Bench {
            arguments: "",
            is_single: false,
            brings: &[Brought::Server(None), Brought::OtpGateway],
            ..bench("served_stores")
        })],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_have_names_of_their_own() {
        for (index, section) in SECTIONS.iter().enumerate() {
            let before = &SECTIONS[..index];
            assert!(before.iter().all(|other| other.name != section.name));
            assert!(section.rounds > 0 && !section.programs.is_empty());
        }
    }
}
