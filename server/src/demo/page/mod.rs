//! The demo's page: its steps for each service, the messages, and the same with curl.

mod commands;
mod parts;
mod script;
mod services;
mod values;

use maud::{Markup, html};

use self::commands::Contract;
use self::parts::{Service, step};
pub(super) use self::values::Values;
use crate::gateway::Message;
use crate::portal::pages::{Outside, Reader, copied};

/// The page.
pub(super) fn page(reader: Reader, values: &Values<'_>) -> Markup {
    let t = |name| reader.t(name);
    let services = services::all(reader, values);
    let links = html! {
        @if let Some(portal) = values.portal { a href=(portal) { (t("demo.portal")) } }
        a href="/openapi" { (t("demo.openapi")) }
    };
    let files = html! {
        link rel="stylesheet" href="/demo.css";
        script src="/demo.js" defer {}
        script src="/services.js" defer {}
    };
    let body = html! {
        p.lead { (t("demo.what")) }
        noscript { p.notice.wait { (t("demo.plain")) } }
        (script::data(reader, values))
        div.services role="group" aria-label=(t("demo.services")) hidden {
            @for (at, service) in services.iter().enumerate() {
                button type="button" data-service=(service.id) aria-pressed=(at == 0) { (service.name) }
            }
        }
        @for (at, service) in services.iter().enumerate() {
            (show(reader, service, (at == 0).then_some(values.messages)))
        }
    };
    Outside {
        title: t("demo.title"),
        files: &files,
        links: &links,
        here: Some("/"),
    }
    .page(reader, &body)
}

/// A service. The first one has the phone, which the script moves to the one in use.
fn show(reader: Reader, service: &Service, messages: Option<&[Message]>) -> Markup {
    let id = service.id;
    html! {
        section.service id=(format!("service-{id}")) aria-labelledby=(format!("{id}-name")) {
            h2 id=(format!("{id}-name")) { bdi { (service.name) } }
            div.steps.with-phone[service.has_message] {
                (service.steps[0])
                @if service.has_message {
                    div.slot { @if let Some(messages) = messages { (phone(reader, messages)) } }
                }
                (service.steps[1])
            }
            details.panel.commands {
                summary { (reader.t("demo.curl")) }
                p.dim { (reader.t("demo.curl.what")) }
                @for (at, contract) in service.contracts.iter().enumerate() {
                    (show_contract(reader, &format!("{id}-{at}"), contract))
                }
            }
        }
    }
}

fn show_contract(reader: Reader, id: &str, contract: &Contract) -> Markup {
    html! {
        section.contract data-contract=(contract.name) aria-labelledby=(format!("{id}-title")) {
            h3 id=(format!("{id}-title")) { bdi { (contract.name) } }
            ol {
                @for (at, command) in contract.commands.iter().enumerate() {
                    li {
                        p { (reader.t(command.title)) }
                        (copied(reader, &format!("{id}-{at}"), &command.text))
                        @if command.answer != "…" {
                            p.hint { (reader.t("demo.answer")) }
                            code.answer dir="ltr" { (command.answer) }
                        }
                    }
                }
            }
        }
    }
}

/// The messages, as on a phone.
fn phone(reader: Reader, messages: &[Message]) -> Markup {
    let t = |name| reader.t(name);
    let body = html! {
        div.phone {
            div.head aria-hidden="true" { span.island {} }
            ol id="messages" aria-label=(t("demo.messages")) aria-live="polite" tabindex="0" {
                @for message in messages {
                    li {
                        small { bdi dir="ltr" { (message.to) } }
                        p.bubble dir="auto" { (message.text) }
                    }
                }
            }
            p id="empty" hidden[!messages.is_empty()] { (t("demo.empty")) }
            p id="offline" role="status" hidden { (t("demo.offline")) }
        }
    };
    html! { div id="phone" { (step(reader, 2, "demo.read", "phone-title", &body)) } }
}
