//! The form that revokes a tenant.

use axum::response::Response;
use maud::html;

use super::common::Changing;
use crate::admin::Operation;
use crate::portal::pages::answers::done;
use crate::portal::pages::confirmation::{confirm, is_confirmed};
use crate::portal::pages::fault::Faults;
use crate::portal::pages::kinds::{section, texts_of};
use crate::portal::pages::parts;
use crate::portal::signin::Form;

pub(super) async fn ask_revoke(tenant: Changing) -> Response {
    revocation(&tenant, &Faults::default())
}

fn revocation(tenant: &Changing, faults: &Faults) -> Response {
    let (reader, name, path) = (tenant.visit.reader, tenant.name(), tenant.path());
    let texts = texts_of(tenant.kind);
    let body = html! {
        p.lead { (texts.named(reader, "revoke.what", name)) }
        (confirm(reader, &format!("{path}/revoke"), name, reader.t("tenant.revoke"), &path, faults, &html! {}))
    };
    let title = texts.named(reader, "revoke.title", name).into_string();
    let (visit, section) = (&tenant.visit, section(tenant.kind));
    visit.form(section, &parts::plain(&title), &body, faults)
}

pub(super) async fn revoke(tenant: Changing, form: Form) -> Response {
    let (visit, name) = (&tenant.visit, tenant.name());
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, name, &mut faults);
    if faults.is_empty() {
        let revoke = Operation::Revoke(tenant.kind, name.to_owned());
        match visit.ask(revoke).await {
            Ok(_) => return done(&tenant.path(), "revoked"),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    revocation(&tenant, &faults)
}
