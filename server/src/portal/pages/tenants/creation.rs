//! The form of a new tenant.

use axum::Extension;
use axum::response::Response;
use maud::{Markup, html};
use mpass_core::service::settings::{Field, Value, Values};

use super::common::Kind;
use super::credential;
use super::form::Typed;
use super::guesses::guesses;
use crate::admin::{Operation, Outcome, TenantKind, TenantSpec};
use crate::administrators::Permission;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::kinds::{section, texts_of};
use crate::portal::pages::parts;
use crate::portal::pages::reader::Reader;
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn form(visit: Visit, Extension(kind): Kind) -> Response {
    if !visit.may(Permission::Tenants) {
        return visit.refused(Refused::Forbidden);
    }
    let (typed, faults) = (Typed::defaults(kind), Faults::default());
    let body = creation(&visit, kind, &typed, &faults);
    visit.page(section(kind), texts_of(kind).t(visit.reader, "new"), &body)
}

fn creation(visit: &Visit, kind: TenantKind, typed: &Typed, faults: &Faults) -> Markup {
    let (reader, texts) = (visit.reader, texts_of(kind));
    html! {
        p.lead { (texts.t(reader, "new.lead")) }
        form.panel method="post" action=(format!("/new/{}", kind.name())) {
            (parts::summary(reader, faults))
            (typed.show(reader, faults))
            (guesses(reader, &Values::defaults(kind.group())))
            (parts::code(visit, faults))
            p.actions {
                button.main { (texts.t(reader, "create")) }
                a.button href=(texts.path()) { (reader.t("cancel")) }
            }
        }
    }
}

pub(super) async fn create(mut visit: Visit, Extension(kind): Kind, form: Form) -> Response {
    if !visit.may(Permission::Tenants) {
        return visit.refused(Refused::Forbidden);
    }
    let reader = visit.reader;
    let mut faults = Faults::default();
    let typed = Typed::defaults(kind).typed(&form);
    let values = typed.values(reader, &mut faults);
    check(reader, kind, &values, &mut faults);
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let spec = Box::new(TenantSpec::from(&values));
        match visit.ask(Operation::Create(kind, spec)).await {
            Ok(Outcome::Key(new)) => return credential::page(&visit, kind, &new),
            Ok(_) => return visit.unexpected(),
            Err(Refused::Failed(failure)) if failure.number == NAME_TAKEN => {
                faults.at(Field::Name.name(), reader.t("error.508"));
            }
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    let body = creation(&visit, kind, &typed, &faults);
    visit.form(
        section(kind),
        texts_of(kind).t(reader, "new"),
        &body,
        &faults,
    )
}

const NAME_TAKEN: u16 = mpass_core::Error::NameTaken.number();

/// The settings as a whole. A name that is assigned is any.
fn check(reader: Reader, kind: TenantKind, values: &Values, faults: &mut Faults) {
    let mut named = values.clone();
    if let (None, Some(fresh)) = (values.get(Field::Name), kind.fresh_name()) {
        let _ = named.set(Field::Name, Value::Text(fresh(0, &[0; 32])));
    }
    if let (true, Err(refused)) = (faults.is_empty(), named.check()) {
        faults.setting(reader, &refused);
    }
}
