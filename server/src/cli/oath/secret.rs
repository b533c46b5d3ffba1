//! The secret, from the command line or a file.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use mpass_core::Error;
use mpass_core::oath::Secret;
use zeroize::Zeroizing;

use crate::cli::output::warn;
use crate::cli::value::Hidden;

/// The maximum file size; a secret has at most 1,024 bytes, or 2,048 characters
/// plus separators.
const LONGEST_FILE: u64 = 16 * 1024;

/// The source of the secret.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(in crate::cli) struct SecretArgs {
    /// Secret in hexadecimal; spaces, hyphens and colons are ignored
    #[arg(long, value_name = "H")]
    secret_hex: Option<Hidden>,
    /// Secret in base32, in either case; spaces, hyphens and = are ignored
    #[arg(long, value_name = "B")]
    secret_base32: Option<Hidden>,
    /// File with the secret, or - for standard input. Unlike the options above,
    /// it is not visible to other users while mpass runs
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

/// How the secret is read.
#[derive(Args)]
pub(in crate::cli) struct SecretOptions {
    /// Format of the secret in the file
    #[arg(long, value_name = "FORM", default_value = "auto", value_enum)]
    secret_format: Format,
    /// Allow a secret of fewer than 128 bits, against RFC 4226
    #[arg(long)]
    pub(in crate::cli) allow_short: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Hexadecimal or base32 if it is valid, otherwise raw bytes unless it is
    /// text
    Auto,
    /// Hexadecimal
    Hex,
    /// Base32
    Base32,
    /// Raw bytes, including a line feed at the end
    Raw,
}

impl SecretArgs {
    pub(in crate::cli) fn read(&self, options: &SecretOptions) -> anyhow::Result<Secret> {
        if options.secret_format != Format::Auto && self.secret_file.is_none() {
            bail!("--secret-format requires --secret-file");
        }
        if let Some(hex) = &self.secret_hex {
            return from_hex(hex.expose()).context("--secret-hex is invalid");
        }
        if let Some(base32) = &self.secret_base32 {
            return from_base32(base32.expose()).context("--secret-base32 is invalid");
        }
        let path = self.secret_file.as_deref().context("missing secret")?;
        let bytes = read_file(path)?;
        options
            .secret_format
            .read(&bytes)
            .context("--secret-file is invalid")
    }
}

impl Format {
    fn read(self, bytes: &[u8]) -> anyhow::Result<Secret> {
        let text = core::str::from_utf8(bytes).map(str::trim).ok();
        let secret = match self {
            Self::Raw => Secret::from_bytes(bytes),
            Self::Hex => text.ok_or(Error::InvalidHex).and_then(from_hex),
            Self::Base32 => text.ok_or(Error::InvalidBase32).and_then(from_base32),
            Self::Auto => return Self::read_any(bytes, text),
        };
        Ok(secret?)
    }

    /// The probability that a random secret of 128 bits in base32 is also valid
    /// hexadecimal is below 10^-11; that its raw bytes are text, far lower.
    fn read_any(bytes: &[u8], text: Option<&str>) -> anyhow::Result<Secret> {
        let is_text = |text: &str| !text.chars().any(char::is_control);
        let Some(text) = text.filter(|text| is_text(text)) else {
            return Ok(Secret::from_bytes(bytes)?);
        };
        match from_hex(text).or_else(|error| match error {
            Error::InvalidHex => from_base32(text),
            error => Err(error),
        }) {
            Err(Error::InvalidBase32) => bail!(
                "the file is text, but neither hexadecimal nor base32; use --secret-format raw for its bytes"
            ),
            secret => Ok(secret?),
        }
    }
}

fn from_hex(text: &str) -> Result<Secret, Error> {
    let mut digits = Zeroizing::new(String::with_capacity(text.len()));
    digits.extend(text.chars().filter(|letter| !" -:".contains(*letter)));
    Secret::from_hex(&digits)
}

fn from_base32(text: &str) -> Result<Secret, Error> {
    Secret::from_base32(text)
}

fn read_file(path: &Path) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    let read = match path.to_str() {
        Some("-") => std::io::stdin()
            .lock()
            .take(LONGEST_FILE)
            .read_to_end(&mut bytes),
        _ => File::open(path).and_then(|file| {
            warn_of_readers(&file, path)?;
            file.take(LONGEST_FILE).read_to_end(&mut bytes)
        }),
    };
    read.with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes)
}

/// Warns if other users can read a file with a secret.
fn warn_of_readers(file: &File, path: &Path) -> std::io::Result<()> {
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.permissions().mode() & 0o044 != 0 {
        let path = path.display();
        warn(&format!(
            "warning: other users can read the secret in {path}: chmod 600 it"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(bytes: &[u8]) -> Option<Vec<u8>> {
        let secret = Format::Auto.read(bytes).ok()?;
        Some(secret.expose().to_vec())
    }

    #[test]
    fn the_format_is_detected() {
        let bytes = b"12345678901234567890";
        for text in [
            "3132333435363738393031323334353637383930\n",
            "31:32:33:34 35363738393031323334353637383930\r\n",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n",
            "gezd gnbv gy3t qojq gezd gnbv gy3t qojq",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====\n",
        ] {
            assert_eq!(auto(text.as_bytes()).as_deref(), Some(&bytes[..]), "{text}");
        }
        let random: Vec<u8> = (200..220).collect();
        assert_eq!(auto(&random).as_ref(), Some(&random));
        assert_eq!(auto(b"a pass phrase, not base32"), None);
        assert_eq!(auto(b"\n"), None);
        assert_eq!(auto(b""), None);
    }

    #[test]
    fn an_explicit_format_is_not_detected() {
        let read = |format: Format, text: &str| {
            let secret = format.read(text.as_bytes()).ok()?;
            Some(secret.expose().to_vec())
        };
        assert_eq!(read(Format::Raw, "abcd\n").as_deref(), Some(&b"abcd\n"[..]));
        assert_eq!(
            read(Format::Hex, "abcd\n").as_deref(),
            Some(&[0xab, 0xcd][..])
        );
        assert_eq!(
            read(Format::Base32, "abcd\n").as_deref(),
            Some(&[0x00, 0x44][..])
        );
        assert_eq!(read(Format::Hex, "xyzw"), None);
        assert_eq!(read(Format::Base32, "0189"), None);
    }
}
