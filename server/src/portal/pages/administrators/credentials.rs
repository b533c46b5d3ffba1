//! New credentials of an administrator.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use qrcode::QrCode;
use qrcode::render::svg;

use super::SECTION;
use crate::admin::{AdministratorOperation as Act, NewCredentials, Operation, Outcome};
use crate::administrators::ResetOf;
use crate::portal::pages::layout;
use crate::portal::pages::parts;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn reset(visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    let what = match form.get("what") {
        "password" => ResetOf::Password,
        "second_factor" => ResetOf::SecondFactor,
        "recovery_codes" => ResetOf::RecoveryCodes,
        _ => ResetOf::All,
    };
    let stamp = Some(form.get("stamp").to_owned());
    match visit
        .ask(Operation::Administrator(Act::Reset { name, what, stamp }))
        .await
    {
        Ok(Outcome::Enrolled(new)) => enrolled(&visit, &new),
        Ok(_) => visit.unexpected(),
        Err(refused) => visit.refused(refused),
    }
}

/// New credentials, shown once, to be printed or read from the screen.
pub(super) fn enrolled(visit: &Visit, new: &NewCredentials) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let body = html! {
        p.notice.good role="status" { (t("enrolled.once")) }
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
                h2 { (t("enrolled.authenticator")) }
                p { (t("enrolled.scan")) }
                @if let Some(code) = qr(uri) {
                    div.qr role="img" aria-label=(t("enrolled.qr")) { (code) }
                }
                details { summary { (t("enrolled.uri")) } (parts::copied(reader, "uri", uri)) }
            }
            @if !new.recovery_codes.is_empty() {
                h2 { (t("enrolled.recovery")) }
                p { (t("enrolled.recovery.what")) }
                ul.recovery dir="ltr" { @for code in &new.recovery_codes { li { code { (code) } } } }
            }
        }
        p.actions {
            button type="button" hidden data-print { (t("enrolled.print")) }
            a.button.main href="/administrators" { (t("key.kept")) }
        }
    };
    visit.page(SECTION, t("enrolled.title"), &body)
}

/// A key URI as a QR code.
fn qr(uri: &str) -> Option<Markup> {
    let code = QrCode::new(uri).ok()?;
    let svg = code.render::<svg::Color<'_>>().quiet_zone(true).build();
    let (_, svg) = svg.split_once("?>")?;
    Some(PreEscaped(svg.to_owned()))
}
