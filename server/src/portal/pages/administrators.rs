//! Administrators: who may sign in, with which role.

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, PreEscaped, html};
use qrcode::QrCode;
use qrcode::render::svg;

use super::answers::done;
use super::fault::Faults;
use super::layout::{self, Section};
use super::parts::{self, Input};
use super::reader::Reader;
use super::refused::Refused;
use super::tenants::{confirm, is_confirmed, unexpected};
use super::visit::Visit;
use crate::admin::{
    AdministratorInfo, AdministratorOperation as Act, NewCredentials, Operation, Outcome,
};
use crate::administrators::{Permission, ResetOf, Role};
use crate::portal::Portal;
use crate::portal::signin::Form;

const SECTION: Section = Section::Administrators;

pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/administrators", get(list))
        .route("/new/administrator", get(form).post(create))
        .route("/administrators/{name}", get(show).post(update))
        .route("/administrators/{name}/reset", post(reset))
        .route("/administrators/{name}/unlock", post(unlock))
        .route(
            "/administrators/{name}/remove",
            get(ask_remove).post(remove),
        )
}

fn path_of(name: &str) -> String {
    format!("/administrators/{}", parts::segment(name))
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let after = parts::value(&query, "after");
    let is_first = after.is_none();
    let page = match visit
        .ask(Operation::Administrator(Act::List { after }))
        .await
    {
        Ok(Outcome::Administrators(page)) => page,
        Ok(_) => return unexpected(&visit),
        Err(refused) => return visit.refused(refused),
    };
    let next = page
        .next
        .map(|next| format!("/administrators?after={}", parts::segment(&next)));
    let rows: Vec<_> = page
        .administrators
        .iter()
        .map(|one| {
            vec![
                html! { a href=(path_of(&one.name)) { (parts::name(&one.name)) } },
                html! { (t(layout::role(one.role))) },
                state(reader, one),
                html! { (reader.n(u64::try_from(one.recovery_codes_left).unwrap_or_default())) },
                reader.time(one.created_at_ms),
            ]
        })
        .collect();
    let heads = [
        t("column.name"),
        t("administrators.role"),
        t("column.state"),
        t("administrators.recovery"),
        t("column.created"),
    ];
    let body = html! {
        p.lead { (t("administrators.lead")) }
        (parts::notice(reader, &query))
        p.actions { a.button.main href="/new/administrator" { (t("administrators.new")) } }
        (parts::table(t("administrators.title"), &heads, &rows))
        (parts::pager(reader, (!is_first).then_some("/administrators"), next.as_deref()))
    };
    visit.page(SECTION, t("administrators.title"), &body)
}

fn state(reader: Reader, one: &AdministratorInfo) -> Markup {
    match (one.is_disabled, one.locked_until_ms) {
        (true, _) => parts::badge("bad", reader.t("administrators.disabled")),
        (false, Some(_)) => parts::badge("wait", reader.t("administrators.locked")),
        (false, None) => parts::badge("good", reader.t("state.active")),
    }
}

fn roles(reader: Reader) -> Vec<(String, String)> {
    let roles = Role::ALL.iter();
    roles
        .map(|role| {
            (
                role.name().to_owned(),
                reader.t(layout::role(*role)).to_owned(),
            )
        })
        .collect()
}

async fn form(visit: Visit) -> Response {
    if !visit.may(Permission::Administrators) {
        return visit.refused(Refused::Forbidden);
    }
    creation(&visit, "", "viewer", &Faults::default())
}

fn creation(visit: &Visit, name: &str, role: &str, faults: &Faults) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let all = roles(reader);
    let name = Input {
        value: name,
        hint: t("administrators.name.hint"),
        is_required: true,
        is_code: true,
        ..Input::new("name", t("column.name"))
    };
    let role = Input {
        value: role,
        hint: t("administrators.role.hint"),
        kind: parts::Kind::Choice(&all),
        ..Input::new("role", t("administrators.role"))
    };
    let body = html! {
        p.lead { (t("administrators.new.lead")) }
        form.panel method="post" action="/new/administrator" {
            (parts::summary(reader, faults))
            div.fields { (name.show(faults)) (role.show(faults)) }
            (parts::code(visit, faults))
            p.actions {
                button.main { (t("administrators.create")) }
                a.button href="/administrators" { (t("cancel")) }
            }
        }
    };
    match faults.is_empty() {
        true => visit.page(SECTION, t("administrators.new"), &body),
        false => visit.again(SECTION, t("administrators.new"), &body),
    }
}

async fn create(mut visit: Visit, form: Form) -> Response {
    let mut faults = Faults::default();
    let name = form.get("name").trim();
    visit.prove(&form, &mut faults).await;
    let role = Role::from_name(form.get("role"));
    if role.is_none() {
        faults.at("role", visit.reader.t("fault.value"));
    }
    if let (true, Some(role)) = (faults.is_empty(), role) {
        let name = name.to_owned();
        match visit
            .ask(Operation::Administrator(Act::Create { name, role }))
            .await
        {
            Ok(Outcome::Enrolled(new)) => return enrolled(&visit, &new),
            Ok(_) => return unexpected(&visit),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(Refused::Failed(failure)) => {
                faults.at("name", super::fault::text(visit.reader, &failure));
            }
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    creation(&visit, name, form.get("role"), &faults)
}

/// New credentials, shown once, to be printed or read from the screen.
fn enrolled(visit: &Visit, new: &NewCredentials) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let body = html! {
        p.notice.good role="status" { (t("enrolled.once")) }
        section.panel {
            (parts::facts(&[
                (t("column.name"), parts::name(&new.name)),
                (t("administrators.role"), html! { (t(layout::role(new.role))) }),
            ]))
            @if let Some(password) = &new.password {
                h2 { (t("enrolled.password")) }
                (parts::copied(reader, "password", password))
            }
            @if let Some(uri) = &new.totp_uri {
                h2 { (t("enrolled.authenticator")) }
                p { (t("enrolled.scan")) }
                @if let Some(code) = qr(uri) {
                    div.qr role="img" aria-label=(t("enrolled.qr")) { (code) }
                }
                details { summary { (t("enrolled.uri")) } (parts::copied(reader, "uri", uri)) }
            }
            @if !new.recovery_codes.is_empty() {
                h2 { (t("enrolled.recovery")) }
                p { (t("enrolled.recovery.what")) }
                ul.recovery dir="ltr" { @for code in &new.recovery_codes { li { code { (code) } } } }
            }
        }
        p.actions {
            button type="button" hidden data-print { (t("enrolled.print")) }
            a.button.main href="/administrators" { (t("key.kept")) }
        }
    };
    visit.page(SECTION, t("enrolled.title"), &body)
}

/// A key URI as a QR code.
fn qr(uri: &str) -> Option<Markup> {
    let code = QrCode::new(uri).ok()?;
    let svg = code.render::<svg::Color<'_>>().quiet_zone(true).build();
    let (_, svg) = svg.split_once("?>")?;
    Some(PreEscaped(svg.to_owned()))
}

async fn read(visit: &Visit, name: &str) -> Result<AdministratorInfo, Response> {
    let name = name.to_owned();
    match visit
        .ask(Operation::Administrator(Act::Read { name }))
        .await
    {
        Ok(Outcome::Administrator(info)) => Ok(info),
        Ok(_) => Err(unexpected(visit)),
        Err(refused) => Err(visit.refused(refused)),
    }
}

async fn show(visit: Visit, Path(name): Path<String>, RawQuery(query): RawQuery) -> Response {
    match read(&visit, &name).await {
        Ok(info) => shown(
            &visit,
            &info,
            &Faults::default(),
            &query.unwrap_or_default(),
        ),
        Err(answer) => answer,
    }
}

fn shown(visit: &Visit, info: &AdministratorInfo, faults: &Faults, query: &str) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let path = path_of(&info.name);
    let all = roles(reader);
    let resets = [
        ("all", "reset.all"),
        ("password", "reset.password"),
        ("second_factor", "reset.second_factor"),
        ("recovery_codes", "reset.recovery_codes"),
    ]
    .map(|(value, text)| (value.to_owned(), t(text).to_owned()));
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
    let what = Input {
        kind: parts::Kind::Choice(&resets),
        value: "all",
        ..Input::new("what", t("reset.what"))
    };
    let rows = [
        (t("column.state"), state(reader, info)),
        (t("column.created"), reader.time(info.created_at_ms)),
        (
            t("administrators.recovery"),
            html! { (reader.n(u64::try_from(info.recovery_codes_left).unwrap_or_default())) },
        ),
        (
            t("administrators.identity"),
            parts::name(info.identity.as_ref().map_or("–", |it| it.subject.as_str())),
        ),
    ];
    let stamp = html! { input type="hidden" name="stamp" value=(info.stamp); };
    let body = html! {
        (parts::notice(reader, query))
        (parts::summary(reader, faults))
        section.panel { (parts::facts(&rows)) }
        form.panel method="post" action=(path) {
            h2 { (t("administrators.change")) }
            (stamp)
            div.fields { (role.show(faults)) (disabled.show(faults)) }
            p.hint { (t("administrators.ends")) }
            (parts::code(visit, faults))
            p.actions { button.main { (t("save")) } }
        }
        @if visit.is_fresh() {
            form.panel method="post" action=(format!("{path}/reset")) {
                h2 { (t("reset.title")) }
                (stamp)
                div.fields { (what.show(faults)) }
                p.hint { (t("administrators.ends")) }
                p.actions { button { (t("reset.do")) } }
            }
            @if info.locked_until_ms.is_some() {
                form method="post" action=(format!("{path}/unlock")) { button { (t("administrators.unlock")) } }
            }
        } @else {
            p { a href=(format!("/session/prove?next={}", parts::segment(&path))) { (t("administrators.prove")) } }
        }
        p.actions { a.button.danger href=(format!("{path}/remove")) { (t("administrators.remove")) } }
    };
    match faults.is_empty() {
        true => visit.page(SECTION, &info.name, &body),
        false => visit.again(SECTION, &info.name, &body),
    }
}

async fn update(mut visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    let info = match read(&visit, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    let role = Role::from_name(form.get("role")).filter(|role| *role != info.role);
    let is_disabled = form.get("disabled") == "true";
    let disabled = (is_disabled != info.is_disabled).then_some(is_disabled);
    if role.is_none() && disabled.is_none() {
        return done(&path_of(&name), "saved");
    }
    visit.prove(&form, &mut faults).await;
    if faults.is_empty() {
        let stamp = Some(form.get("stamp").to_owned());
        let operation = Act::Update {
            name: name.clone(),
            role,
            disabled,
            stamp,
        };
        match visit.ask(Operation::Administrator(operation)).await {
            Ok(_) => return done(&path_of(&name), "saved"),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    shown(&visit, &info, &faults, "")
}

async fn reset(visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    let what = match form.get("what") {
        "password" => ResetOf::Password,
        "second_factor" => ResetOf::SecondFactor,
        "recovery_codes" => ResetOf::RecoveryCodes,
        _ => ResetOf::All,
    };
    let stamp = Some(form.get("stamp").to_owned());
    match visit
        .ask(Operation::Administrator(Act::Reset { name, what, stamp }))
        .await
    {
        Ok(Outcome::Enrolled(new)) => enrolled(&visit, &new),
        Ok(_) => unexpected(&visit),
        Err(refused) => visit.refused(refused),
    }
}

async fn unlock(visit: Visit, Path(name): Path<String>) -> Response {
    let path = path_of(&name);
    match visit
        .ask(Operation::Administrator(Act::Unlock { name }))
        .await
    {
        Ok(_) => done(&path, "unlocked"),
        Err(refused) => visit.refused(refused),
    }
}

async fn ask_remove(visit: Visit, Path(name): Path<String>) -> Response {
    match read(&visit, &name).await {
        Ok(info) => removal(&visit, &info, &Faults::default()),
        Err(answer) => answer,
    }
}

fn removal(visit: &Visit, info: &AdministratorInfo, faults: &Faults) -> Response {
    let (reader, path) = (visit.reader, path_of(&info.name));
    let more = html! {
        input type="hidden" name="stamp" value=(info.stamp);
        (parts::code(visit, faults))
    };
    let (action, button) = (format!("{path}/remove"), reader.t("administrators.remove"));
    let body = html! {
        p.lead { (reader.fill("administrators.remove.what", &[("name", &info.name)])) }
        (confirm(reader, &action, &info.name, button, &path, faults, &more))
    };
    match faults.is_empty() {
        true => visit.page(SECTION, button, &body),
        false => visit.again(SECTION, button, &body),
    }
}

async fn remove(mut visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    let info = match read(&visit, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, &name, &mut faults);
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let stamp = Some(form.get("stamp").to_owned());
        match visit
            .ask(Operation::Administrator(Act::Remove { name, stamp }))
            .await
        {
            Ok(_) => return done("/administrators", "removed"),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    removal(&visit, &info, &faults)
}
