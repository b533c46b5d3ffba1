//! The pages of the sign-in as HTML.

use maud::{Markup, html as markup};

use super::refusal::Refusal;
use crate::administrators::Session;
use crate::portal::pages::{Reader, narrow, password_field, refusal as reason, text_field};

/// A page of the sign-in.
pub(crate) enum Screen<'a> {
    /// Name, password and code.
    SignIn {
        /// The page of the portal that it leads to.
        next: &'a str,
        /// The host of the identity provider, if there is one.
        provider: Option<&'a str>,
        /// Why the attempt before was refused.
        refusal: Option<Refusal>,
    },
    /// A code, after the identity provider.
    Code {
        /// The page of the portal that it leads to.
        next: &'a str,
        /// Why the attempt before was refused.
        refusal: Option<Refusal>,
    },
    /// A fresh code, in a session.
    Prove {
        /// The page of the portal that it leads to.
        next: &'a str,
        /// Why the attempt before was refused.
        refusal: Option<Refusal>,
    },
    /// Who is signed in.
    Session {
        /// The name of the administrator.
        name: &'a str,
        /// Its sessions.
        sessions: &'a [Session],
    },
    /// Another password, in a session.
    Password {
        /// Why the attempt before was refused.
        refusal: Option<Refusal>,
    },
    /// A page that leads to another one: the browser sends the cookie of a session with
    /// requests of this site only, and comes from the provider's.
    Continue {
        /// The page of the portal that it leads to.
        next: &'a str,
    },
    /// The browser has not kept the cookie.
    NotKept,
}

impl Screen<'_> {
    /// The page in HTML, for the reader of the request.
    pub(super) fn render(&self) -> String {
        let reader = Reader::of_now();
        let t = |name| reader.t(name);
        match *self {
            Self::SignIn {
                next,
                provider,
                refusal,
            } => {
                let body = markup! {
                    (sign_in_form(reader, next))
                    @if let Some(host) = provider { (provider_link(reader, next, host)) }
                };
                page(reader, t("signin.title"), refusal, next, &body)
            }
            Self::Code { next, refusal } => {
                let form = code_form(reader, "/signin/code", next);
                page(reader, t("signin.code"), refusal, next, &form)
            }
            Self::Prove { next, refusal } => {
                let form = code_form(reader, "/session/prove", next);
                page(reader, t("prove.title"), refusal, next, &form)
            }
            Self::Session { name, sessions } => {
                let body = markup! {
                    form method="post" action="/signout" { button { (t("signout")) } }
                    ul.sessions { @for session in sessions { (session_line(reader, session)) } }
                    form method="post" action="/signout/everywhere" {
                        button { (t("signout.everywhere")) }
                    }
                    p { a href="/session/password" { (t("password.title")) } }
                    p { a href="/settings" { (t("nav.settings")) } }
                };
                page(reader, name, None, "/settings", &body)
            }
            Self::Password { refusal } => {
                let body = markup! {
                    form method="post" action="/session/password" {
                        (password_field(reader, "password", "password.present", "current-password"))
                        (password_field(reader, "new", "password.new", "new-password"))
                        button.main { (t("password.do")) }
                    }
                    p.hint { (t("password.ends")) }
                };
                page(reader, t("password.title"), refusal, "/settings", &body)
            }
            Self::Continue { next } => {
                let link = markup! { p { a.button.main href=(next) { (t("signin.continue")) } } };
                narrow(reader, t("signin.done"), Some(next), next, &link).into_string()
            }
            Self::NotKept => {
                let body = markup! {
                    p { (t("signin.not_kept.what")) }
                    p { a.button href="/signin" { (t("signin.title")) } }
                };
                page(reader, t("signin.not_kept"), None, "/", &body)
            }
        }
    }
}

fn page(
    reader: Reader,
    title: &str,
    refusal: Option<Refusal>,
    here: &str,
    body: &Markup,
) -> String {
    let body = markup! {
        @if let Some(refusal) = refusal {
            p.notice.bad role="alert" { (reason(reader, refusal)) }
        }
        (body)
    };
    narrow(reader, title, None, here, &body).into_string()
}

fn sign_in_form(reader: Reader, next: &str) -> Markup {
    markup! {
        form method="post" action="/signin" {
            input type="hidden" name="next" value=(next);
            (text_field(reader, "name", "signin.name", "username"))
            (password_field(reader, "password", "signin.password", "current-password"))
            (text_field(reader, "code", "signin.code.label", "one-time-code"))
            button.main { (reader.t("signin.title")) }
        }
    }
}

fn provider_link(reader: Reader, next: &str, host: &str) -> Markup {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    markup! {
        p {
            a.button href=(format!("/signin/provider?next={next}")) {
                (reader.fill("signin.provider", &[("host", &host)]))
            }
        }
    }
}

fn code_form(reader: Reader, action: &str, next: &str) -> Markup {
    markup! {
        form method="post" action=(action) {
            input type="hidden" name="next" value=(next);
            (text_field(reader, "code", "signin.code.label", "one-time-code"))
            button.main { (reader.t("signin.continue")) }
        }
    }
}

fn session_line(reader: Reader, session: &Session) -> Markup {
    markup! {
        li {
            (reader.fill("session.line", &[
                ("from", &session.from.to_string()),
                ("began", &reader.time(session.began_at_ms)),
                ("seen", &reader.time(session.seen_at_ms())),
            ]))
        }
    }
}
