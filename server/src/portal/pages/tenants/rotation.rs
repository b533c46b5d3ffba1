//! The form that replaces a credential.

use axum::response::Response;
use maud::html;

use super::common::Changing;
use super::credential;
use crate::admin::{Operation, Outcome};
use crate::portal::pages::fault::Faults;
use crate::portal::pages::kinds::{section, texts_of};
use crate::portal::pages::parts::{self, Input};
use crate::portal::signin::Form;

pub(super) async fn ask_rotate(tenant: Changing) -> Response {
    rotation(&tenant, "1d", &Faults::default(), false)
}

fn rotation(tenant: &Changing, overlap: &str, faults: &Faults, is_leaked: bool) -> Response {
    let Changing { visit, kind, info } = tenant;
    let (reader, texts, name) = (visit.reader, texts_of(*kind), tenant.name());
    let t = |name| reader.t(name);
    let path = tenant.path();
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
    visit.form(section(*kind), &title, &body, faults)
}

pub(super) async fn rotate(mut tenant: Changing, form: Form) -> Response {
    let reader = tenant.visit.reader;
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
        tenant.visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let operation = Operation::Rotate {
            kind: tenant.kind,
            name: tenant.name().to_owned(),
            stamp: Some(form.get("stamp").to_owned()),
            overlap_ms,
        };
        let visit = &tenant.visit;
        match visit.ask(operation).await {
            Ok(Outcome::Key(new)) => return credential::page(visit, tenant.kind, &new),
            Ok(_) => return visit.unexpected(),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    rotation(&tenant, overlap, &faults, is_leaked)
}
