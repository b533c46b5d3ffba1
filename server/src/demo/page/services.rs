//! The services with their forms.

use maud::{Markup, html};

use super::super::names::{NAME, NUMBER};
use super::commands;
use super::parts::{Service, step};
use super::values::Values;
use crate::portal::pages::Reader;

pub(super) fn all(reader: Reader, values: &Values<'_>) -> Vec<Service> {
    vec![
        Service {
            id: "mpass",
            name: "mPass",
            steps: [mpass_send(reader, values), mpass_verify(reader, values)],
            has_message: true,
            contracts: commands::mpass(values),
        },
        Service {
            id: "verify-now",
            name: "VerifyNow",
            steps: [verify_now_send(reader), code_form(reader, "vn-validate")],
            has_message: true,
            contracts: commands::verify_now(values),
        },
        Service {
            id: "otp",
            name: "OTP Validation",
            steps: [otp_send(reader), code_form(reader, "otp-validate")],
            has_message: true,
            contracts: commands::otp_validation(values),
        },
        Service {
            id: "number",
            name: "Number Verification",
            steps: [log_in(reader), verify_number(reader)],
            has_message: false,
            contracts: commands::number_verification(values),
        },
    ]
}

/// A field with its label; `input` has the id.
fn field(id: &str, label: &str, input: &Markup, hint: &Markup) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            (input)
            @if !hint.0.is_empty() { p.hint id=(format!("{id}-hint")) { (hint) } }
        }
    }
}

fn number(reader: Reader, id: &str, name: &str, value: &str) -> Markup {
    let input = html! {
        input id=(id) name=(name) type="tel" dir="ltr" required value=(value) spellcheck="false";
    };
    field(id, reader.t("demo.number"), &input, &html! {})
}

/// The end of a form: its button, and what was answered.
fn end(reader: Reader, button: &str) -> Markup {
    html! {
        p { button.main { (reader.t(button)) } }
        output.reply aria-live="polite" hidden {}
    }
}

/// The fields that both requests of mPass have. Without the script, the browser sends
/// the form itself and shows the answer.
fn mpass_form(id: &str, path: &str, values: &Values<'_>, fields: &Markup) -> Markup {
    html! {
        form id=(id) method="post" action=(path) autocomplete="off" {
            input type="hidden" name="apikey" value=(values.key);
            (fields)
        }
    }
}

fn mpass_send(reader: Reader, values: &Values<'_>) -> Markup {
    let t = |name| reader.t(name);
    let dest = html! {
        input id="send-dest" name="dest" type="tel" dir="ltr" required value=(NUMBER)
            spellcheck="false" aria-describedby="send-dest-hint";
    };
    let hint = html! { (t("demo.number.hint")) };
    let language = html! {
        select id="send-lang" name="lang" {
            option value="en_US" { "English" }
            option value="ar_SA" { "العربية" }
        }
    };
    let app = html! { input id="send-app" name="app" dir="auto" maxlength="32" value="Demo Shop" spellcheck="false"; };
    let fields = html! {
        (field("send-dest", t("demo.number"), &dest, &hint))
        div.two {
            (field("send-lang", t("demo.language"), &language, &html! {}))
            (field("send-app", t("demo.app"), &app, &html! {}))
        }
        (end(reader, "demo.send"))
    };
    let form = mpass_form("send", "/mpass-web/rest/mv/msg", values, &fields);
    step(reader, 1, "demo.send", "send-title", &form)
}

fn mpass_verify(reader: Reader, values: &Values<'_>) -> Markup {
    // The script takes number and application from the first form.
    let fields = html! {
        noscript {
            (number(reader, "verify-dest", "dest", NUMBER))
            input type="hidden" name="app" value="Demo Shop";
        }
        (code(reader, "verify-otp", "otp"))
        (end(reader, "demo.verify"))
    };
    let form = mpass_form("verify", "/mpass-web/rest/mv/verify", values, &fields);
    step(reader, 3, "demo.type", "verify-title", &form)
}

fn code(reader: Reader, id: &str, name: &str) -> Markup {
    let input = html! {
        input.typed id=(id) name=(name) dir="ltr" required inputmode="numeric" autocomplete="one-time-code"
            maxlength="10" spellcheck="false";
    };
    field(id, reader.t("demo.code"), &input, &html! {})
}

fn verify_now_send(reader: Reader) -> Markup {
    let t = |name| reader.t(name);
    let country = html! {
        input id="vn-country" name="countryCode" inputmode="numeric" dir="ltr" required value="966" spellcheck="false";
    };
    let digits = html! {
        select id="vn-digits" name="otpLength" {
            @for count in ["4", "6", "8"] {
                option value=(count) selected[count == "6"] { (reader.digits(count)) }
            }
        }
    };
    let form = html! {
        form.scripted id="vn-send" autocomplete="off" {
            div.two {
                (field("vn-country", t("demo.country"), &country, &html! {}))
                (field("vn-digits", t("demo.digits"), &digits, &html! {}))
            }
            (number(reader, "vn-number", "mobileNumber", "500000001"))
            (end(reader, "demo.send"))
        }
    };
    step(reader, 1, "demo.send", "vn-send-title", &form)
}

fn otp_send(reader: Reader) -> Markup {
    let message = html! {
        input id="otp-message" name="message" dir="auto" required maxlength="160"
            value=(format!("{{{{code}}}} is your code for {NAME}")) spellcheck="false"
            aria-describedby="otp-message-hint";
    };
    let hint = reader.fill("demo.message.hint", &[("code", &"{{code}}")]);
    let form = html! {
        form.scripted id="otp-send" autocomplete="off" {
            (number(reader, "otp-number", "phoneNumber", "+966500000002"))
            (field("otp-message", reader.t("demo.message"), &message, &hint))
            (end(reader, "demo.send"))
        }
    };
    step(reader, 1, "demo.send", "otp-send-title", &form)
}

fn code_form(reader: Reader, id: &str) -> Markup {
    let form = html! {
        form.scripted id=(id) autocomplete="off" {
            (code(reader, &format!("{id}-code"), "code"))
            (end(reader, "demo.verify"))
        }
    };
    step(reader, 3, "demo.type", &format!("{id}-title"), &form)
}

fn log_in(reader: Reader) -> Markup {
    let form = html! {
        form.scripted id="nv-login" autocomplete="off" {
            p { (reader.fill("demo.login.what", &[("number", &html! { span dir="ltr" { (NUMBER) } })])) }
            (end(reader, "demo.login"))
        }
    };
    step(reader, 1, "demo.login.title", "nv-login-title", &form)
}

fn verify_number(reader: Reader) -> Markup {
    let form = html! {
        form.scripted id="nv-verify" autocomplete="off" {
            (number(reader, "nv-number", "phoneNumber", NUMBER))
            (end(reader, "demo.verify"))
        }
    };
    step(reader, 2, "demo.verify.number", "nv-verify-title", &form)
}
