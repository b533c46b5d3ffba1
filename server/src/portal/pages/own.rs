//! The settings of whoever is signed in.

mod authenticator;
mod credentials;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

use super::fault::Faults;
use super::language::Language;
use super::layout::{self, Section};
use super::parts::{self, Input};
use super::reader::{Reader, Theme};
use super::visit::Visit;
use crate::portal::Portal;

pub(super) fn router() -> Router<Portal> {
    let own = get(credentials::form).post(credentials::replace);
    let new = get(authenticator::begin).post(authenticator::confirm);
    Router::new()
        .route("/settings", get(show))
        .route("/settings/credentials", own)
        .route("/settings/authenticator", new)
}

async fn show(visit: Visit) -> Response {
    let body = html! { (view(visit.reader)) (session(&visit)) };
    visit.page(Section::Settings, visit.reader.t("nav.settings"), &body)
}

/// How pages look.
fn view(reader: Reader) -> Markup {
    let t = |name| reader.t(name);
    let none = Faults::default();
    let languages: Vec<_> = Language::ALL
        .iter()
        .map(|it| (it.tag().to_owned(), it.own_name().to_owned()))
        .collect();
    let themes: Vec<_> = Theme::ALL
        .iter()
        .map(|it| (it.name().to_owned(), t(layout::theme_text(*it)).to_owned()))
        .collect();
    let digits = [
        ("own".to_owned(), t("digits.own").to_owned()),
        ("latin".to_owned(), t("digits.latin").to_owned()),
    ];
    let digits_now = match reader.has_own_digits {
        true => "own",
        false => "latin",
    };
    let choice = |name, label, value, all| Input {
        value,
        kind: parts::Kind::Choice(all),
        ..Input::new(name, t(label))
    };
    html! {
        form.panel method="post" action="/view" {
            h2 { (t("own.view")) }
            input type="hidden" name="next" value="/settings";
            div.fields {
                (choice("language", "own.language", reader.language.tag(), &languages).show(&none))
                (choice("theme", "view.theme", reader.theme.name(), &themes).show(&none))
                (choice("digits", "own.digits", digits_now, &digits).show(&none))
            }
            p.hint { (t("own.zone")) }
            p.actions { button.main { (t("save")) } }
        }
    }
}

/// Who is signed in, since when, and what one can do about it.
fn session(visit: &Visit) -> Markup {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let session = &visit.signed_in.session;
    let rows = [
        (t("own.name"), parts::name(visit.name())),
        (
            t("administrators.role"),
            html! { (t(layout::role(visit.signed_in.account.role))) },
        ),
        (t("own.since"), reader.time(session.began_at_ms)),
        (t("own.from"), parts::name(session.from.to_string())),
        (t("own.proved"), reader.time(session.proved_at_ms)),
    ];
    html! {
        section.panel {
            h2 { (t("own.session")) }
            (parts::facts(&rows))
            p.hint { (t("own.session.what")) }
            div.actions {
                a.button href="/session/password" { (t("password.title")) }
                a.button href="/settings/credentials" { (t("own.credentials")) }
                a.button href="/session" { (t("own.sessions")) }
                form method="post" action="/signout" { button { (t("signout")) } }
            }
        }
    }
}
