//! Every chore of the workspace: `cargo xtask help` lists them.

mod c;
mod coverage;
mod header;
mod install;
mod java;
mod js;
mod kernels;
mod layout;
mod msrv;
mod nostd;
mod python;
mod run;
mod steps;
mod target;
mod test;
mod tools;
mod tree;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use tree::Tree;

/// The chores of libmpass.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Installs what is missing, builds everything and runs every suite
    Test {
        /// Runs this step alone; may be given more than once
        #[arg(long, value_name = "STEP")]
        only: Vec<String>,
        /// Lists the steps and runs none
        #[arg(long, conflicts_with = "only")]
        list: bool,
    },
    /// Writes include/mpass.h from the crate in ffi/
    Header {
        /// Writes nothing and fails when the committed header is another
        #[arg(long)]
        check: bool,
    },
    /// Builds the npm package from wasm/ into target/npm/libmpass
    Wasm,
    /// Builds the Java package, native library included
    Jar,
    /// Builds the C library and installs it with its header
    Install {
        /// Where to: lib/, include/ and what is below them
        #[arg(long, value_name = "DIRECTORY")]
        prefix: PathBuf,
        /// The cargo profile to build with
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
        Chore::Jar => java::jar(&tree),
        Chore::Install { prefix, profile } => {
            let build = install::Build {
                profile: &profile,
                features: &[],
            };
            install::install(&tree, &prefix, &build)
        }
        Chore::Header { check: true } => header::check(&tree),
        Chore::Header { check: false } => header::write(&tree),
        Chore::Wasm => wasm::build(&tree).map(|lines| {
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
