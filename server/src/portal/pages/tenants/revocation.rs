//! The form that revokes a tenant.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use maud::html;

use super::common::{Kind, path_of, read};
use crate::admin::{Operation, TenantInfo, TenantKind};
use crate::administrators::Permission;
use crate::portal::pages::answers::done;
use crate::portal::pages::confirmation::{confirm, is_confirmed};
use crate::portal::pages::fault::Faults;
use crate::portal::pages::kinds::{section, texts_of};
use crate::portal::pages::parts;
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn ask_revoke(
    visit: Visit,
    Extension(kind): Kind,
    Path(name): Path<String>,
) -> Response {
    if !visit.may(Permission::Tenants) {
        return visit.refused(Refused::Forbidden);
    }
    match read(&visit, kind, &name).await {
        Ok(info) => revocation(&visit, kind, &info, &Faults::default()),
        Err(answer) => answer,
    }
}

fn revocation(visit: &Visit, kind: TenantKind, info: &TenantInfo, faults: &Faults) -> Response {
    let (reader, texts, name) = (visit.reader, texts_of(kind), info.spec.name());
    let path = path_of(kind, name);
    let body = html! {
        p.lead { (texts.named(reader, "revoke.what", name)) }
        (confirm(reader, &format!("{path}/revoke"), name, reader.t("tenant.revoke"), &path, faults, &html! {}))
    };
    let title = texts.named(reader, "revoke.title", name).into_string();
    visit.form(section(kind), &parts::plain(&title), &body, faults)
}

pub(super) async fn revoke(
    visit: Visit,
    Extension(kind): Kind,
    Path(name): Path<String>,
    form: Form,
) -> Response {
    if !visit.may(Permission::Tenants) {
        return visit.refused(Refused::Forbidden);
    }
    let info = match read(&visit, kind, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, &name, &mut faults);
    if faults.is_empty() {
        match visit.ask(Operation::Revoke(kind, name.clone())).await {
            Ok(_) => {
                return done(&path_of(kind, &name), "revoked");
            }
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    revocation(&visit, kind, &info, &faults)
}
