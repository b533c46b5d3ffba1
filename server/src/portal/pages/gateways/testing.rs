//! A test message is sent.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};

use super::common::{SECTION, path_of, read};
use super::form::Typed;
use super::settings::shown;
use crate::admin::{GatewayOperation, Operation, Outcome};
use crate::portal::pages::fault::{self, Faults};
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

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
