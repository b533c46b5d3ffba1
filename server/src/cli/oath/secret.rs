//! The secret, from the command line or a file.

use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use mpass_core::Error;
use mpass_core::oath::uri::NotStrict;
use mpass_core::oath::{Secret, SecretFault, SecretText, StatedCodes};

use crate::cli::caution::warn_of;
use crate::cli::secret_file;
use crate::cli::value::Hidden;

/// The source of the secret.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(in crate::cli) struct SecretArgs {
    /// Secret in hexadecimal; white space, hyphens and colons are ignored
    #[arg(long, value_name = "H")]
    secret_hex: Option<Hidden>,
    /// Secret in base32, in either case; white space, hyphens and = are ignored
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
    #[arg(
        long,
        value_name = "FORM",
        default_value = "auto",
        value_enum,
        group = "form"
    )]
    secret_format: Format,
    /// The file is hexadecimal, as with --secret-format hex
    #[arg(long, group = "form")]
    hex: bool,
    /// The file is base32, as with --secret-format base32
    #[arg(long, group = "form")]
    base32: bool,
    /// The file is raw bytes, as with --secret-format raw
    #[arg(long, group = "form")]
    raw: bool,
    /// Allow a secret of fewer than 128 bits, against RFC 4226
    #[arg(long)]
    pub(in crate::cli) allow_short: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text in exactly one of these forms: hexadecimal or base32 in any wrapping,
    /// a line with a key URI (otpauth://), or ~/.google_authenticator. Only what
    /// is no text is raw bytes, at most 128
    Auto,
    /// Hexadecimal
    Hex,
    /// Base32
    Base32,
    /// Raw bytes, including a line feed at the end
    Raw,
}

impl SecretOptions {
    fn format(&self) -> Format {
        match (self.hex, self.base32, self.raw) {
            (true, ..) => Format::Hex,
            (_, true, _) => Format::Base32,
            (.., true) => Format::Raw,
            (false, false, false) => self.secret_format,
        }
    }
}

impl SecretArgs {
    /// Reads the secret, and what a key URI or a `.google_authenticator` says
    /// about its codes.
    pub(in crate::cli) fn read(&self, options: &SecretOptions) -> anyhow::Result<Read> {
        let format = options.format();
        if format != Format::Auto && self.secret_file.is_none() {
            bail!("--hex, --base32, --raw and --secret-format require --secret-file");
        }
        if let Some(hex) = &self.secret_hex {
            let secret = Secret::from_hex(hex.expose());
            return Ok(Read::alone(secret.context("--secret-hex is invalid")?));
        }
        if let Some(base32) = &self.secret_base32 {
            let secret = Secret::from_base32(base32.expose());
            return Ok(Read::alone(secret.context("--secret-base32 is invalid")?));
        }
        let path = self.secret_file.as_deref().context("missing secret")?;
        let bytes = secret_file::read(path, "--secret-file")?;
        format.read(&bytes).context("--secret-file is invalid")
    }
}

/// A secret that was read, and what its text says about the codes.
pub(in crate::cli) struct Read {
    pub(in crate::cli) secret: Secret,
    pub(in crate::cli) codes: Option<StatedCodes>,
    /// Why strict reading refuses the key URI.
    pub(in crate::cli) not_strict: Option<NotStrict>,
}

impl Read {
    const fn alone(secret: Secret) -> Self {
        Self {
            secret,
            codes: None,
            not_strict: None,
        }
    }

    /// Prints what was chosen in reading a key URI.
    pub(in crate::cli) fn warn(&self) {
        if let Some(read) = self.not_strict {
            warn_of(read.cautions());
        }
    }
}

impl Format {
    fn read(self, bytes: &[u8]) -> anyhow::Result<Read> {
        let text = core::str::from_utf8(bytes);
        let secret = match self {
            Self::Raw => Secret::from_bytes(bytes)?,
            Self::Hex => Secret::from_hex(text.map_err(|_| Error::InvalidHex)?)?,
            Self::Base32 => Secret::from_base32(text.map_err(|_| Error::InvalidBase32)?)?,
            Self::Auto => {
                let read = SecretText::read_file(bytes).map_err(hinted)?;
                return Ok(Read {
                    not_strict: read.check_strict().err(),
                    secret: read.secret,
                    codes: read.codes,
                });
            }
        };
        Ok(Read::alone(secret))
    }
}

/// Names the options that decide where the form of a file is in doubt.
fn hinted(fault: SecretFault) -> anyhow::Error {
    match (fault.error, fault.place) {
        (Error::AmbiguousSecret, None) => {
            anyhow!("{fault}: it is hexadecimal and base32; give --hex or --base32")
        }
        (Error::AmbiguousSecret, Some(_)) => anyhow!(
            "{fault}: it has a second secret or an emergency code there; give --hex or --base32 if it is one wrapped secret"
        ),
        (Error::UnknownSecretForm, _) => anyhow!(
            "{fault} (hexadecimal, base32, a key URI without quotation marks, \
             .google_authenticator with options that mpass supports); --raw takes its bytes"
        ),
        _ => fault.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: Format, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let read = format.read(bytes).map_err(|error| error.to_string())?;
        Ok(read.secret.expose().to_vec())
    }

    #[test]
    fn the_options_that_decide_are_named() {
        for (bytes, names) in [
            (
                &b"23456723456723456723456723456723"[..],
                &["--hex", "--base32"][..],
            ),
            (b"a pass phrase, not base32", &["character 14", "--raw"]),
            (b"GEZDGNBVGY3TQOJQ\0", &["--raw"]),
            (b"GEZDGNBVGY3TQ0JQ", &["character 14 of the secret is 0"]),
            (b"\n", &["empty"]),
            (b"", &["empty"]),
        ] {
            let error = read(Format::Auto, bytes).unwrap_err();
            for name in names {
                assert!(error.contains(name), "{error}");
            }
            assert!(
                !error.contains("GEZ") && !error.contains("pass phrase"),
                "{error}"
            );
        }
    }

    #[test]
    fn an_explicit_format_is_not_detected() {
        assert_eq!(read(Format::Raw, b"abcd\n").unwrap(), b"abcd\n");
        assert_eq!(read(Format::Hex, b"abcd\n").unwrap(), [0xab, 0xcd]);
        assert_eq!(read(Format::Base32, b"abcd\n").unwrap(), [0x00, 0x44]);
        assert!(read(Format::Hex, b"xyzw").is_err());
        assert!(read(Format::Base32, b"0189").is_err());
        assert!(read(Format::Base32, &[0xff]).is_err());
    }
}
