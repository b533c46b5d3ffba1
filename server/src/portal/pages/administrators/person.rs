//! The page of an administrator.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use maud::{Markup, html};

use super::common::{Named, SECTION, path_of, roles, state};
use crate::admin::{AdministratorInfo, AdministratorOperation as Act, Operation};
use crate::administrators::Role;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn show(Named { visit, info }: Named, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    shown(&visit, &info, &Faults::default(), &query)
}

pub(super) fn shown(
    visit: &Visit,
    info: &AdministratorInfo,
    faults: &Faults,
    query: &str,
) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let path = path_of(&info.name);
    let recovery_codes = u64::try_from(info.recovery_codes_left).unwrap_or_default();
    let subject = info.identity.as_ref().map_or("–", |it| it.subject.as_str());
    let rows = [
        (t("column.state"), state(reader, info)),
        (t("column.created"), reader.time(info.created_at_ms)),
        (
            t("administrators.recovery"),
            html! { (reader.n(recovery_codes)) },
        ),
        (t("administrators.identity"), parts::name(subject)),
    ];
    let body = html! {
        (parts::notice(reader, query))
        (parts::summary(reader, faults))
        section.panel { (parts::facts(&rows)) }
        (change_form(visit, info, faults))
        @if visit.is_fresh() {
            @if info.name != visit.name() { (reset_form(visit, info)) }
            @if info.locked_until_ms.is_some() {
                form method="post" action=(format!("{path}/unlock")) { button { (t("administrators.unlock")) } }
            }
        } @else {
            p { a href=(format!("/session/prove?next={}", parts::segment(&path))) { (t("administrators.prove")) } }
        }
        p.actions {
            @if info.name == visit.name() {
                a.button href="/settings/credentials" { (t("own.credentials")) }
            }
            a.button href=(format!("{path}/identity")) { (t("administrators.identity")) }
            a.button href=(format!("{path}/tokens")) { (t("nav.tokens")) }
            a.button.danger href=(format!("{path}/remove")) { (t("administrators.remove")) }
        }
    };
    visit.form(SECTION, &info.name, &body, faults)
}

/// The form for role and state.
fn change_form(visit: &Visit, info: &AdministratorInfo, faults: &Faults) -> Markup {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let all = roles(reader);
    let role = Input {
        value: info.role.name(),
        kind: parts::Kind::Choice(&all),
        ..Input::new("role", t("administrators.role"))
    };
    let disabled = Input {
        value: if info.is_disabled { "true" } else { "" },
        hint: t("administrators.disable.hint"),
        kind: parts::Kind::Check,
        ..Input::new("disabled", t("administrators.disable"))
    };
    html! {
        form.panel method="post" action=(path_of(&info.name)) {
            h2 { (t("administrators.change")) }
            input type="hidden" name="stamp" value=(info.stamp);
            div.fields { (role.show(faults)) (disabled.show(faults)) }
            p.hint { (t("administrators.ends")) }
            (parts::code(visit, faults))
            p.actions { button.main { (t("save")) } }
        }
    }
}

/// The form for new credentials of somebody else. One's own authenticator is confirmed by
/// its code, on a page of its own.
fn reset_form(visit: &Visit, info: &AdministratorInfo) -> Markup {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let all = [
        ("all", "reset.all"),
        ("password", "reset.password"),
        ("second_factor", "reset.second_factor"),
        ("recovery_codes", "reset.recovery_codes"),
    ]
    .map(|(value, text)| (value.to_owned(), t(text).to_owned()));
    let what = Input {
        kind: parts::Kind::Choice(&all),
        value: "all",
        ..Input::new("what", t("reset.what"))
    };
    html! {
        form.panel method="post" action=(format!("{}/reset", path_of(&info.name))) {
            h2 { (t("reset.title")) }
            input type="hidden" name="stamp" value=(info.stamp);
            div.fields { (what.show(&Faults::default())) }
            p.hint { (t("administrators.ends")) }
            p.actions { button { (t("reset.do")) } }
        }
    }
}

pub(super) async fn update(person: Named, form: Form) -> Response {
    let Named { mut visit, info } = person;
    let path = path_of(&info.name);
    let mut faults = Faults::default();
    let role = Role::from_name(form.get("role")).filter(|role| *role != info.role);
    let is_disabled = form.get("disabled") == "true";
    let disabled = (is_disabled != info.is_disabled).then_some(is_disabled);
    if role.is_none() && disabled.is_none() {
        return done(&path, "saved");
    }
    visit.prove(&form, &mut faults).await;
    if faults.is_empty() {
        let stamp = Some(form.get("stamp").to_owned());
        let operation = Act::Update {
            name: info.name.clone(),
            role,
            disabled,
            stamp,
        };
        match visit.ask(Operation::Administrator(operation)).await {
            Ok(_) => return done(&path, "saved"),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    shown(&visit, &info, &faults, "")
}

pub(super) async fn unlock(visit: Visit, Path(name): Path<String>) -> Response {
    let path = path_of(&name);
    match visit
        .ask(Operation::Administrator(Act::Unlock { name }))
        .await
    {
        Ok(_) => done(&path, "unlocked"),
        Err(refused) => visit.refused(refused),
    }
}
