//! A test message through a gateway.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::form::Typed;
use super::settings::shown;
use super::{SECTION, path_of, read};
use crate::admin::{GatewayOperation, Operation, Outcome};
use crate::portal::pages::fault::{self, Faults};
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::reader::Reader;
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

/// The form that asks for the number.
pub(super) fn test_form(reader: Reader, path: &str, faults: &Faults) -> Markup {
    let number = Input {
        hint: reader.t("gateway.test.hint"),
        is_required: true,
        is_code: true,
        kind: parts::Kind::Line("tel"),
        ..Input::new("to", reader.t("gateway.test.to"))
    };
    html! {
        section.panel {
            h2 { (reader.t("gateway.test")) }
            form.line method="post" action=(format!("{path}/test")) {
                (number.show(faults))
                button { (reader.t("gateway.test.do")) }
            }
        }
    }
}

/// What became of a test message, by the query.
pub(super) fn tested(reader: Reader, query: &str) -> Markup {
    let Some(outcome) = parts::value(query, "tested") else {
        return html! {};
    };
    let (class, name) = match outcome.as_str() {
        "delivered" => ("good", "tested.delivered"),
        "refused" => ("bad", "tested.refused"),
        _ => ("wait", "tested.unknown"),
    };
    let ms = parts::value(query, "ms").and_then(|it| it.parse::<u64>().ok());
    let ms = ms.unwrap_or_default();
    html! {
        p class=(format!("notice {class}")) role="status" {
            (reader.t(name)) " " (reader.fill("tested.took", &[("n", &reader.n(ms))]))
        }
    }
}

pub(super) async fn test(visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    let to = form.get("to").trim().to_owned();
    let operation = GatewayOperation::Test {
        name: name.clone(),
        to,
    };
    let mut faults = Faults::default();
    match visit.ask(Operation::Gateway(operation)).await {
        Ok(Outcome::Tested(test)) => {
            let path = path_of(&name);
            let path = format!("{path}?tested={}&ms={}", test.outcome, test.took_ms);
            return Redirect::to(&path).into_response();
        }
        Ok(_) => return visit.unexpected(),
        Err(Refused::Failed(failure)) => {
            faults.at("to", fault::text(visit.reader, &failure));
        }
        Err(refused) => faults.refused(visit.reader, &refused),
    }
    match read(&visit, &name).await {
        Ok(info) => {
            let typed = Typed::of_gateway(&info);
            let body = shown(&visit, &info, &typed, &faults, "").await;
            visit.form(SECTION, &name, &body, &faults)
        }
        Err(answer) => answer,
    }
}
