//! Build, test and benchmark commands of the workspace; `cargo xtask help`
//! lists them.

mod bench;
mod browser;
mod c;
mod coverage;
mod edge;
mod header;
mod install;
mod instructions;
mod java;
mod js;
mod kernels;
mod layout;
mod lists;
mod loads;
mod module;
mod msrv;
mod newcomer;
mod nostd;
mod npm;
mod paths;
mod peers;
mod python;
mod reproduce;
mod run;
mod small;
mod spent;
mod steps;
mod stores;
mod supply;
mod table;
mod target;
mod test;
mod tools;
mod tree;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use tree::Tree;

/// Build, test and benchmark commands of libmpass.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Installs missing tools, builds everything and runs every test
    Test {
        /// Runs only this step; may be repeated
        #[arg(long, value_name = "STEP")]
        only: Vec<String>,
        /// Lists the steps without running them
        #[arg(long, conflicts_with = "only")]
        list: bool,
    },
    /// Measures libmpass next to other libraries and writes docs/PERFORMANCE.md
    Bench {
        /// Measures only this section; may be repeated
        #[arg(long, value_name = "SECTION")]
        only: Vec<String>,
        /// Lists the sections without measuring
        #[arg(long)]
        list: bool,
        /// Writes the page and its plots from the last results, without measuring
        #[arg(long)]
        plot: bool,
        /// Counts instructions and stores the counts for `cargo xtask test`
        #[arg(long, conflicts_with_all = ["only", "list", "plot"])]
        instructions: bool,
        /// Records flame graphs of served requests with perf and measures
        /// nothing else
        #[arg(long, conflicts_with_all = ["only", "list", "plot", "instructions"])]
        flame: bool,
    },
    /// Generates include/mpass.h from ffi/
    Header {
        /// Writes nothing; fails if the committed header is out of date
        #[arg(long)]
        check: bool,
    },
    /// Writes the core's lists and settings for C, Java, JavaScript and docs/
    Lists {
        /// Writes nothing; fails if a committed file is out of date
        #[arg(long)]
        check: bool,
    },
    /// Builds the C library twice at different paths and compares the files
    Reproduce,
    /// Builds the npm package from wasm/ into target/npm/libmpass
    Wasm {
        /// The repository that the manifest names, such as
        /// <https://git.example/mpass>; without it, the manifest names none
        #[arg(long, value_name = "URL")]
        repository: Option<String>,
    },
    /// Builds the WebAssembly module without imports, target/libmpass.wasm
    Module,
    /// Builds the Java package with the native library
    Jar,
    /// Builds and installs the C library and its header
    Install {
        /// The directory in which lib/ and include/ are created
        #[arg(long, value_name = "DIRECTORY")]
        prefix: PathBuf,
        /// The cargo profile to use
        #[arg(long, default_value = "release")]
        profile: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = Tree::open().and_then(|tree| match arguments.chore {
        Chore::Test { list: true, .. } => {
            test::list();
            Ok(())
        }
        Chore::Test { only, .. } => test::run(&tree, &only),
        Chore::Bench { list: true, .. } => {
            bench::list();
            Ok(())
        }
        Chore::Bench { plot: true, .. } => bench::write(&tree),
        Chore::Bench {
            instructions: true, ..
        } => instructions::write(&tree).and_then(|()| bench::write(&tree)),
        Chore::Bench { flame: true, .. } => bench::flame(&tree),
        Chore::Bench { only, .. } => bench::run(&tree, &only),
        Chore::Jar => java::jar(&tree),
        Chore::Reproduce => reproduce::reproduce(&tree),
        Chore::Install { prefix, profile } => install::install(&tree, &prefix, &profile),
        Chore::Header { check: true } => header::check(&tree),
        Chore::Header { check: false } => header::write(&tree),
        Chore::Lists { check: true } => lists::check(&tree).map(drop),
        Chore::Lists { check: false } => lists::write(&tree),
        Chore::Module => module::build(&tree).map(|(file, lines)| {
            println!("{}", file.display());
            lines.iter().for_each(|line| println!("{line}"));
        }),
        Chore::Wasm { repository } => small::package(&tree, repository.as_deref()).map(|lines| {
            println!("{}", wasm::package(&tree).display());
            lines.iter().for_each(|line| println!("{line}"));
        }),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
