//! The form that replaces a credential.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use maud::html;

use super::common::{Kind, path_of, read};
use super::credential;
use crate::admin::{Operation, Outcome, TenantInfo, TenantKind};
use crate::administrators::Permission;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::kinds::{section, texts_of};
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn ask_rotate(
    visit: Visit,
    Extension(kind): Kind,
    Path(name): Path<String>,
) -> Response {
    if !visit.may(Permission::Tenants) {
        return visit.refused(Refused::Forbidden);
    }
    match read(&visit, kind, &name).await {
        Ok(info) => rotation(&visit, kind, &info, "1d", &Faults::default(), false),
        Err(answer) => answer,
    }
}

fn rotation(
    visit: &Visit,
    kind: TenantKind,
    info: &TenantInfo,
    overlap: &str,
    faults: &Faults,
    is_leaked: bool,
) -> Response {
    let (reader, texts, name) = (visit.reader, texts_of(kind), info.spec.name());
    let t = |name| reader.t(name);
    let path = path_of(kind, name);
    let input = Input {
        hint: t("rotate.overlap.hint"),
        value: overlap,
        is_code: true,
        ..Input::new("overlap", t("rotate.overlap"))
    };
    let body = html! {
        p.lead { (texts.named(reader, "rotate.what", name)) }
        form.panel method="post" action=(format!("{path}/rotate")) {
            (parts::summary(reader, faults))
            input type="hidden" name="stamp" value=(info.stamp);
            fieldset {
                legend { (t("rotate.how")) }
                label.choice {
                    input type="radio" name="how" value="overlap" checked[!is_leaked];
                    span { strong { (t("rotate.with")) } span.dim { (t("rotate.with.what")) } }
                }
                (input.show(faults))
                label.choice {
                    input type="radio" name="how" value="leaked" checked[is_leaked];
                    span { strong { (t("rotate.leaked")) } span.dim { (t("rotate.leaked.what")) } }
                }
            }
            (parts::code(visit, faults))
            p.actions {
                button.main { (t("tenant.rotate")) }
                a.button href=(path) { (t("cancel")) }
            }
        }
    };
    let title = texts.named(reader, "rotate.title", name).into_string();
    let title = parts::plain(&title);
    visit.form(section(kind), &title, &body, faults)
}

pub(super) async fn rotate(
    mut visit: Visit,
    Extension(kind): Kind,
    Path(name): Path<String>,
    form: Form,
) -> Response {
    if !visit.may(Permission::Tenants) {
        return visit.refused(Refused::Forbidden);
    }
    let reader = visit.reader;
    let info = match read(&visit, kind, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    let is_leaked = form.get("how") == "leaked";
    let overlap = form.get("overlap").trim();
    let overlap_ms = match (is_leaked, crate::setting_text::duration_ms(overlap)) {
        (true, _) => Some(0),
        (false, Ok(ms)) => Some(ms),
        (false, Err(_)) => {
            faults.at("overlap", reader.t("fault.duration"));
            None
        }
    };
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let operation = Operation::Rotate {
            kind,
            name,
            stamp: Some(form.get("stamp").to_owned()),
            overlap_ms,
        };
        match visit.ask(operation).await {
            Ok(Outcome::Key(new)) => return credential::page(&visit, kind, &new),
            Ok(_) => return visit.unexpected(),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    rotation(&visit, kind, &info, overlap, &faults, is_leaked)
}
