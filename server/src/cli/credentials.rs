//! Credentials of administrators, shown once.

use std::io::IsTerminal;

use anyhow::bail;
use clap::Args;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use zeroize::Zeroizing;

use super::output::{print_lines, warn};
use crate::admin::{NewCredentials, Outcome};

#[derive(Args)]
pub(super) struct QrArgs {
    /// Show the key URI as a QR code, also if the output is no terminal
    #[arg(long, conflicts_with = "json")]
    qr: bool,
}

/// Prints new credentials, and what to do with them.
pub(super) fn print(outcome: Outcome, qr: &QrArgs, json: bool) -> anyhow::Result<()> {
    let Outcome::Enrolled(new) = outcome else {
        bail!("the server's response does not match the request");
    };
    let text = match json {
        true => Zeroizing::new(serde_json::to_string(&new)?),
        false => lines(&new),
    };
    print_lines([text.as_str()])?;
    let shows_qr = qr.qr || !json && std::io::stdout().is_terminal();
    if let (Some(uri), true) = (&new.totp_uri, shows_qr) {
        print_lines([code(uri)?.as_str()])?;
    }
    warn(&format!(
        "This is shown only once: hand it to {} now. Recovery codes belong in another place than \
         the authenticator.",
        new.name
    ));
    Ok(())
}

fn lines(new: &NewCredentials) -> Zeroizing<String> {
    let mut lines = Zeroizing::new(String::new());
    let mut row = |name: &str, value: &str| {
        lines.push_str(&format!("{name:14}  "));
        lines.push_str(value);
        lines.push('\n');
    };
    row("name", &new.name);
    row("role", new.role.name());
    if let Some(password) = &new.password {
        row("password", password);
    }
    if let Some(uri) = &new.totp_uri {
        row("authenticator", uri);
    }
    for code in &new.recovery_codes {
        row("recovery code", code);
    }
    lines.pop();
    lines
}

/// A key URI as a QR code in half blocks, for light text on a dark terminal.
/// Authenticators read the inverse as well.
fn code(uri: &str) -> anyhow::Result<Zeroizing<String>> {
    let code = QrCode::new(uri)?;
    let mut image = code.render::<Dense1x2>();
    let image = image
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .quiet_zone(true);
    Ok(Zeroizing::new(image.build()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code of a URI has the size of the smallest version that holds it, with a
    /// margin of four modules (ISO/IEC 18004), two modules in the height of a letter.
    #[test]
    fn a_code_has_its_size() {
        let uri = "otpauth://totp/mPass:anna?secret=GEZDGNBVGY3TQOJQ&issuer=mPass";
        let text = code(uri).unwrap();
        let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
        let side = widths[0];
        assert!(widths.iter().all(|width| *width == side), "{widths:?}");
        assert_eq!(widths.len(), side.div_ceil(2));
        assert!((21 + 8..=177 + 8).contains(&side) && (side - 8 - 21).is_multiple_of(4));
    }
}
