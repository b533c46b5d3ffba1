//! Takes the files of Swagger UI that the server embeds out of its archive, compressed as
//! browsers take them.

use core::error::Error;
use std::env;
use std::fs::File;
use std::io::{Cursor, copy};
use std::path::Path;

use flate2::{Compression, GzBuilder};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// The viewer in one file, and its style sheet.
const FILES: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for name in FILES {
        let end = format!("/dist/{name}");
        let path = archive
            .file_names()
            .flatten()
            .find(|path| path.ends_with(&end))
            .ok_or_else(|| format!("no {name} in the archive"))?
            .into_owned();
        let file = File::create(Path::new(&out).join(format!("{name}.gz")))?;
        // Without a time, so that every build writes the same bytes.
        let mut compressed = GzBuilder::new().mtime(0).write(file, Compression::best());
        copy(&mut archive.by_name(&path)?, &mut compressed)?;
        compressed.finish()?;
    }
    Ok(())
}
