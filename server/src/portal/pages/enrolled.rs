//! New credentials of an administrator.

use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use qrcode::QrCode;
use qrcode::render::svg;

use super::layout::{self, Section};
use super::parts;
use super::reader::Reader;
use super::visit::Visit;
use crate::admin::NewCredentials;

/// New credentials, shown once, to be printed or read from the screen.
pub(super) fn enrolled(visit: &Visit, section: Section, new: &NewCredentials) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    // One's own session has ended with the old ones.
    let is_own = new.name == visit.name();
    let (next, is_kept) = match is_own {
        true => ("/signin", "enrolled.sign_in"),
        false => ("/administrators", "key.kept"),
    };
    let body = html! {
        p.notice.good role="status" { (t(if is_own { "enrolled.own" } else { "enrolled.once" })) }
        section.panel {
            (parts::facts(&[
                (t("column.name"), parts::name(&new.name)),
                (t("administrators.role"), html! { (t(layout::role(new.role))) }),
            ]))
            @if let Some(password) = &new.password {
                h2 { (t("enrolled.password")) }
                (parts::copied(reader, "password", password))
            }
            @if let Some(uri) = &new.totp_uri {
                (authenticator(reader, uri))
            }
            @if !new.recovery_codes.is_empty() {
                h2 { (t("enrolled.recovery")) }
                p { (t("enrolled.recovery.what")) }
                ul.recovery dir="ltr" { @for code in &new.recovery_codes { li { code { (code) } } } }
            }
        }
        p.actions {
            button type="button" hidden data-print { (t("enrolled.print")) }
            a.button.main href=(next) { (t(is_kept)) }
        }
    };
    visit.page(section, t("enrolled.title"), &body)
}

/// A new authenticator: its key as a QR code, and as text.
pub(super) fn authenticator(reader: Reader, uri: &str) -> Markup {
    let t = |name| reader.t(name);
    html! {
        h2 { (t("enrolled.authenticator")) }
        p { (t("enrolled.scan")) }
        @if let Some(code) = qr(uri) {
            div.qr role="img" aria-label=(t("enrolled.qr")) { (code) }
        }
        details { summary { (t("enrolled.uri")) } (parts::copied(reader, "uri", uri)) }
    }
}

/// A key URI as a QR code.
fn qr(uri: &str) -> Option<Markup> {
    let code = QrCode::new(uri).ok()?;
    let svg = code.render::<svg::Color<'_>>().quiet_zone(true).build();
    let (_, svg) = svg.split_once("?>")?;
    Some(PreEscaped(svg.to_owned()))
}
