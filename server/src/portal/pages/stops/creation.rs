//! The form that stops something.

use axum::extract::RawQuery;
use axum::response::Response;
use maud::html;

use super::target::{WHAT, of_form};
use crate::admin::{Operation, OrderedBy};
use crate::administrators::Permission;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::{self, Faults};
use crate::portal::pages::layout::Section;
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;
use crate::setting_text;

/// What the fields contain.
struct Typed<'a> {
    what: &'a str,
    name: &'a str,
    life: &'a str,
    why: &'a str,
}

pub(super) async fn form(visit: Visit, RawQuery(query): RawQuery) -> Response {
    if !visit.may(Permission::Stop) {
        return visit.refused(Refused::Forbidden);
    }
    let query = query.unwrap_or_default();
    let (what, name) = (parts::value(&query, "what"), parts::value(&query, "name"));
    let typed = Typed {
        what: what.as_deref().unwrap_or(WHAT[0].0),
        name: name.as_deref().unwrap_or_default(),
        life: "1h",
        why: "",
    };
    shown(&visit, &typed, &Faults::default())
}

fn shown(visit: &Visit, typed: &Typed<'_>, faults: &Faults) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let all = WHAT.map(|(value, text)| (value.to_owned(), t(text).to_owned()));
    let what = Input {
        value: typed.what,
        kind: parts::Kind::Choice(&all),
        ..Input::new("what", t("stops.what"))
    };
    let name = Input {
        value: typed.name,
        hint: t("stops.name.hint"),
        is_code: true,
        ..Input::new("name", t("stops.name"))
    };
    let life = Input {
        value: typed.life,
        hint: t("stops.life.hint"),
        is_required: true,
        is_code: true,
        ..Input::new("life", t("stops.life"))
    };
    let why = Input {
        value: typed.why,
        hint: t("stops.why.hint"),
        ..Input::new("why", t("stops.why"))
    };
    let sure = Input {
        kind: parts::Kind::Check,
        ..Input::new("sure", t("stops.sure"))
    };
    let body = html! {
        p.lead { (t("stops.new.lead")) }
        form.panel method="post" action="/new/stop" {
            (parts::summary(reader, faults))
            div.fields {
                (what.show(faults)) (name.show(faults)) (life.show(faults)) (why.show(faults))
                (sure.show(faults))
            }
            p.actions {
                button.danger { (t("stops.do")) }
                a.button href="/stops" { (t("cancel")) }
            }
        }
    };
    visit.form(Section::Stops, t("stops.new"), &body, faults)
}

pub(super) async fn stop(visit: Visit, form: Form) -> Response {
    let reader = visit.reader;
    let mut faults = Faults::default();
    let typed = Typed {
        what: form.get("what"),
        name: form.get("name").trim(),
        life: form.get("life").trim(),
        why: form.get("why").trim(),
    };
    let target = of_form(&form);
    if target.is_none() {
        faults.at("name", reader.t("fault.stop.name"));
    }
    let life_ms = setting_text::duration_ms(typed.life);
    if life_ms.is_err() {
        faults.at("life", reader.t("fault.duration"));
    }
    if form.get("sure") != "true" {
        faults.at("sure", reader.t("fault.sure"));
    }
    if !visit.may(Permission::Stop) {
        faults.refused(reader, &Refused::Forbidden);
    }
    if let (true, Some(target), Ok(life_ms)) = (faults.is_empty(), target, life_ms) {
        let operation = Operation::Stop {
            target,
            life_ms,
            why: (!typed.why.is_empty()).then(|| typed.why.to_owned()),
            by: OrderedBy::default(),
        };
        match visit.ask(operation).await {
            Ok(_) => return done("/stops", "stopped"),
            Err(Refused::Failed(failure)) => faults.whole(fault::text(reader, &failure)),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    shown(&visit, &typed, &faults)
}
