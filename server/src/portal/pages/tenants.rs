//! Channels, customers and clients: lists, settings, credentials.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use http::StatusCode;
use maud::{Markup, html};
use mpass_core::service::settings::{Field, Group, Value, Values};

use super::answers::done;
use super::credential;
use super::fault::Faults;
use super::kinds::{Texts, section, texts_of};
use super::parts::{self, Input};
use super::reader::Reader;
use super::refused::Refused;
use super::settings_form::{self, Typed};
use super::visit::Visit;
use crate::admin::{Listed, Operation, Outcome, TenantInfo, TenantKind, TenantSpec};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::portal::signin::Form;

/// The routes of every kind.
pub(super) fn router() -> Router<Portal> {
    let mut router = Router::new();
    for kind in TenantKind::ALL.iter().copied() {
        let base = texts_of(kind).path();
        let of_kind = Router::new()
            .route(base, get(list))
            .route(&format!("/new/{}", kind.name()), get(form).post(create))
            .route(&format!("{base}/{{name}}"), get(show).post(update))
            .route(
                &format!("{base}/{{name}}/rotate"),
                get(ask_rotate).post(rotate),
            )
            .route(
                &format!("{base}/{{name}}/revoke"),
                get(ask_revoke).post(revoke),
            )
            .layer(Extension(kind));
        router = router.merge(of_kind);
    }
    let credits = post(add_credits).layer(Extension(TenantKind::Customer));
    router.route("/customers/{name}/credits", credits)
}

type Kind = Extension<TenantKind>;

async fn list(visit: Visit, Extension(kind): Kind, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let after = parts::value(&query, "after");
    let is_first = after.is_none();
    match visit.ask(Operation::List { kind, after }).await {
        Ok(Outcome::Tenants(listed)) => {
            let body = listing(&visit, kind, &listed, is_first, &query);
            visit.page(
                section(kind),
                texts_of(kind).t(visit.reader, "title"),
                &body,
            )
        }
        Ok(_) => unexpected(&visit),
        Err(refused) => visit.refused(refused),
    }
}

fn listing(
    visit: &Visit,
    kind: TenantKind,
    listed: &Listed,
    is_first: bool,
    query: &str,
) -> Markup {
    let (reader, texts) = (visit.reader, texts_of(kind));
    let t = |name| reader.t(name);
    let may = visit.may(Permission::Tenants);
    let new = format!("/new/{}", kind.name());
    let add = may.then_some((new.as_str(), texts.t(reader, "new")));
    let next = listed.next.as_deref().map(|next| {
        let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        format!("{}?after={next}", texts.path())
    });
    let rows: Vec<_> = listed
        .tenants
        .iter()
        .map(|one| row(reader, &texts, one))
        .collect();
    let heads = [
        t("column.name"),
        t("column.state"),
        t("column.code"),
        t("column.created"),
    ];
    html! {
        p.lead { (texts.t(reader, "lead")) }
        (parts::notice(reader, query))
        @if listed.tenants.is_empty() && is_first && next.is_none() {
            (parts::empty(texts.t(reader, "empty"), texts.t(reader, "empty.what"), add))
        } @else {
            @if let Some((path, text)) = add {
                p.actions { a.button.main href=(path) { (text) } }
            }
            (parts::table(texts.t(reader, "title"), &heads, &rows))
            (parts::pager(reader, (!is_first).then_some(texts.path()), next.as_deref()))
        }
        @if listed.unreadable > 0 {
            p.notice.bad { (reader.fill("list.unreadable", &[("n", &reader.n(listed.unreadable))])) }
        }
    }
}

fn row(reader: Reader, texts: &Texts, one: &TenantInfo) -> Vec<Markup> {
    let name = one.spec.name();
    let path = format!("{}/{}", texts.path(), parts::segment(name));
    let number = |field| match one.spec.get(field) {
        Some(Value::Number(number)) => *number,
        _ => 0,
    };
    let values: [(&str, &dyn maud::Render); 2] = [
        ("digits", &reader.n(number(Field::Digits))),
        ("life", &reader.span(number(Field::LifetimeMs))),
    ];
    vec![
        html! { a href=(path) { (parts::name(name)) } },
        state(reader, one),
        reader.fill("list.code", &values),
        reader.time(one.created_at_ms),
    ]
}

fn state(reader: Reader, one: &TenantInfo) -> Markup {
    match one.is_revoked {
        true => parts::badge("bad", reader.t("state.revoked")),
        false => parts::badge("good", reader.t("state.active")),
    }
}

async fn form(visit: Visit, Extension(kind): Kind) -> Response {
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
            (settings_form::guesses(reader, &Values::defaults(kind.group())))
            (parts::code(visit, faults))
            p.actions {
                button.main { (texts.t(reader, "create")) }
                a.button href=(texts.path()) { (reader.t("cancel")) }
            }
        }
    }
}

async fn create(mut visit: Visit, Extension(kind): Kind, form: Form) -> Response {
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
            Ok(_) => return unexpected(&visit),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(Refused::Failed(failure)) if failure.number == NAME_TAKEN => {
                faults.at(Field::Name.name(), reader.t("error.508"));
            }
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    let body = creation(&visit, kind, &typed, &faults);
    visit.again(section(kind), texts_of(kind).t(reader, "new"), &body)
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

async fn read(visit: &Visit, kind: TenantKind, name: &str) -> Result<TenantInfo, Response> {
    match visit.ask(Operation::Read(kind, name.to_owned())).await {
        Ok(Outcome::Tenant(info)) => Ok(*info),
        Ok(_) => Err(unexpected(visit)),
        Err(refused) => Err(visit.refused(refused)),
    }
}

async fn show(
    visit: Visit,
    Extension(kind): Kind,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let info = match read(&visit, kind, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let typed = Typed::of_tenant(kind, &info.spec);
    let left = balance(&visit, kind, &name).await;
    let shown = Shown {
        visit: &visit,
        kind,
        info: &info,
        credits: left,
        query: &query.unwrap_or_default(),
    };
    let body = shown.body(&typed, &Faults::default());
    visit.page(section(kind), &name, &body)
}

async fn balance(visit: &Visit, kind: TenantKind, name: &str) -> Option<u64> {
    if kind != TenantKind::Customer {
        return None;
    }
    let query = Operation::AddCredits {
        name: name.to_owned(),
        credits: 0,
    };
    match visit.ask(query).await {
        Ok(Outcome::Credits(left)) => Some(left),
        _ => None,
    }
}

/// The page of a tenant.
struct Shown<'a> {
    visit: &'a Visit,
    kind: TenantKind,
    info: &'a TenantInfo,
    credits: Option<u64>,
    query: &'a str,
}

impl Shown<'_> {
    fn body(&self, typed: &Typed, faults: &Faults) -> Markup {
        let Self {
            visit, kind, info, ..
        } = self;
        let (reader, texts) = (visit.reader, texts_of(*kind));
        let t = |name| reader.t(name);
        let may = visit.may(Permission::Tenants);
        let path = format!("{}/{}", texts.path(), parts::segment(info.spec.name()));
        let values = info.spec.values(kind.group());
        html! {
            (parts::notice(reader, self.query))
            (self.summary())
            @if let Ok(values) = &values { (settings_form::guesses(reader, values)) }
            @if may && !info.is_revoked {
                p.actions {
                    a.button href=(format!("{path}/rotate")) { (t("tenant.rotate")) }
                    a.button.danger href=(format!("{path}/revoke")) { (t("tenant.revoke")) }
                }
            }
            @if let Some(left) = self.credits { (self.credit_form(&path, left, faults)) }
            @if may && !info.is_revoked {
                form.panel method="post" action=(path) {
                    h2.part-title { (t("tenant.settings")) }
                    (parts::summary(reader, faults))
                    input type="hidden" name="stamp" value=(info.stamp);
                    (typed.show(reader, faults))
                    p.actions { button.main { (t("save")) } }
                }
            } @else {
                (readable(reader, kind.group(), &info.spec))
            }
        }
    }

    fn summary(&self) -> Markup {
        let (reader, info) = (self.visit.reader, self.info);
        let t = |name| reader.t(name);
        let mut rows = vec![
            (t("column.state"), state(reader, info)),
            (t("column.created"), reader.time(info.created_at_ms)),
            (t("tenant.version"), html! { (reader.n(info.key_version)) }),
        ];
        if let Some(until_ms) = info
            .predecessor_until_ms
            .filter(|at| *at > crate::clock::now_ms())
        {
            rows.push((t("tenant.overlap"), reader.time(until_ms)));
        }
        html! { section.panel { (parts::facts(&rows)) } }
    }

    fn credit_form(&self, path: &str, left: u64, faults: &Faults) -> Markup {
        let reader = self.visit.reader;
        let input = Input {
            is_required: true,
            is_code: true,
            kind: parts::Kind::Line("number"),
            ..Input::new("credits", reader.t("credits.add"))
        };
        html! {
            section.panel {
                h2 { (reader.t("credits.title")) }
                p.figure { (reader.n(left)) }
                @if self.visit.may(Permission::Tenants) && !self.info.is_revoked {
                    form.line method="post" action=(format!("{path}/credits")) {
                        (input.show(faults))
                        button { (reader.t("credits.do")) }
                    }
                }
            }
        }
    }
}

/// The settings of a tenant for those who do not change them.
fn readable(reader: Reader, group: Group, spec: &TenantSpec) -> Markup {
    let fields = group.fields().filter(|field| *field != Field::Name);
    let rows: Vec<_> = fields
        .filter_map(|field| {
            let shown = crate::setting_text::show(field, spec.get(field)?);
            let (label, _) = settings_form::words(reader, group, field);
            (!shown.is_empty()).then(|| (label, html! { bdi dir="auto" { (shown) } }))
        })
        .collect();
    html! { section.panel { h2 { (reader.t("tenant.settings")) } (parts::facts(&rows)) } }
}

async fn update(
    visit: Visit,
    Extension(kind): Kind,
    Path(name): Path<String>,
    form: Form,
) -> Response {
    let reader = visit.reader;
    let info = match read(&visit, kind, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    let typed = Typed::of_tenant(kind, &info.spec).typed(&form);
    let values = typed.values(reader, &mut faults);
    let path = format!("{}/{}", texts_of(kind).path(), parts::segment(&name));
    if faults.is_empty() {
        let Some(patch) = settings_form::changes(&info.spec, &typed, &values) else {
            return done(&path, "saved");
        };
        let operation = Operation::Update {
            kind,
            name: name.clone(),
            patch: Box::new(patch),
            stamp: Some(form.get("stamp").to_owned()),
            overlap_ms: None,
        };
        match visit.ask(operation).await {
            Ok(_) => return done(&path, "saved"),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    let left = balance(&visit, kind, &name).await;
    let shown = Shown {
        visit: &visit,
        kind,
        info: &info,
        credits: left,
        query: "",
    };
    visit.again(section(kind), &name, &shown.body(&typed, &faults))
}

async fn ask_rotate(visit: Visit, Extension(kind): Kind, Path(name): Path<String>) -> Response {
    if !visit.may(Permission::Tenants) {
        return visit.refused(Refused::Forbidden);
    }
    match read(&visit, kind, &name).await {
        Ok(info) => rotation(&visit, kind, &info, "1d", &Faults::default(), false),
        Err(answer) => answer,
    }
}

fn rotation(
    visit: &Visit,
    kind: TenantKind,
    info: &TenantInfo,
    overlap: &str,
    faults: &Faults,
    is_leaked: bool,
) -> Response {
    let (reader, texts, name) = (visit.reader, texts_of(kind), info.spec.name());
    let t = |name| reader.t(name);
    let path = format!("{}/{}", texts.path(), parts::segment(name));
    let input = Input {
        hint: t("rotate.overlap.hint"),
        value: overlap,
        is_code: true,
        ..Input::new("overlap", t("rotate.overlap"))
    };
    let body = html! {
        p.lead { (texts.named(reader, "rotate.what", name)) }
        form.panel method="post" action=(format!("{path}/rotate")) {
            (parts::summary(reader, faults))
            input type="hidden" name="stamp" value=(info.stamp);
            fieldset {
                legend { (t("rotate.how")) }
                label.choice {
                    input type="radio" name="how" value="overlap" checked[!is_leaked];
                    span { strong { (t("rotate.with")) } span.dim { (t("rotate.with.what")) } }
                }
                (input.show(faults))
                label.choice {
                    input type="radio" name="how" value="leaked" checked[is_leaked];
                    span { strong { (t("rotate.leaked")) } span.dim { (t("rotate.leaked.what")) } }
                }
            }
            (parts::code(visit, faults))
            p.actions {
                button.main { (t("tenant.rotate")) }
                a.button href=(path) { (t("cancel")) }
            }
        }
    };
    let title = texts.named(reader, "rotate.title", name).into_string();
    let title = plain(&title);
    match faults.is_empty() {
        true => visit.page(section(kind), &title, &body),
        false => visit.again(section(kind), &title, &body),
    }
}

/// A text of the catalogue whose value is a name: without the element around it, to be
/// escaped again.
pub(super) fn plain(markup: &str) -> String {
    markup
        .replace("<bdi>", "\u{2068}")
        .replace("</bdi>", "\u{2069}")
}

async fn rotate(
    mut visit: Visit,
    Extension(kind): Kind,
    Path(name): Path<String>,
    form: Form,
) -> Response {
    let reader = visit.reader;
    let info = match read(&visit, kind, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    let is_leaked = form.get("how") == "leaked";
    let overlap = form.get("overlap").trim();
    let overlap_ms = match (is_leaked, crate::setting_text::duration_ms(overlap)) {
        (true, _) => Some(0),
        (false, Ok(ms)) => Some(ms),
        (false, Err(_)) => {
            faults.at("overlap", reader.t("fault.duration"));
            None
        }
    };
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let operation = Operation::Rotate {
            kind,
            name,
            stamp: Some(form.get("stamp").to_owned()),
            overlap_ms,
        };
        match visit.ask(operation).await {
            Ok(Outcome::Key(new)) => return credential::page(&visit, kind, &new),
            Ok(_) => return unexpected(&visit),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    rotation(&visit, kind, &info, overlap, &faults, is_leaked)
}

async fn ask_revoke(visit: Visit, Extension(kind): Kind, Path(name): Path<String>) -> Response {
    if !visit.may(Permission::Tenants) {
        return visit.refused(Refused::Forbidden);
    }
    match read(&visit, kind, &name).await {
        Ok(info) => revocation(&visit, kind, &info, &Faults::default()),
        Err(answer) => answer,
    }
}

fn revocation(visit: &Visit, kind: TenantKind, info: &TenantInfo, faults: &Faults) -> Response {
    let (reader, texts, name) = (visit.reader, texts_of(kind), info.spec.name());
    let path = format!("{}/{}", texts.path(), parts::segment(name));
    let body = html! {
        p.lead { (texts.named(reader, "revoke.what", name)) }
        (confirm(reader, &format!("{path}/revoke"), name, reader.t("tenant.revoke"), &path, faults, &html! {}))
    };
    let title = texts.named(reader, "revoke.title", name).into_string();
    match faults.is_empty() {
        true => visit.page(section(kind), &plain(&title), &body),
        false => visit.again(section(kind), &plain(&title), &body),
    }
}

/// A form that ends something once its name was typed.
pub(super) fn confirm(
    reader: Reader,
    action: &str,
    name: &str,
    button: &str,
    back: &str,
    faults: &Faults,
    more: &Markup,
) -> Markup {
    let label = reader.t("confirm.label");
    let input = Input {
        hint: reader.t("confirm.hint"),
        is_required: true,
        is_code: true,
        ..Input::new("confirm", label)
    };
    html! {
        form.panel method="post" action=(action) {
            (parts::summary(reader, faults))
            p { (reader.fill("confirm.what", &[("name", &parts::name(name))])) }
            (input.show(faults))
            (more)
            p.actions {
                button.danger { (button) }
                a.button href=(back) { (reader.t("cancel")) }
            }
        }
    }
}

/// Whether the name of what is to end was typed.
pub(super) fn is_confirmed(reader: Reader, form: &Form, name: &str, faults: &mut Faults) {
    if form.get("confirm").trim() != name {
        faults.at("confirm", reader.t("fault.confirm"));
    }
}

async fn revoke(
    visit: Visit,
    Extension(kind): Kind,
    Path(name): Path<String>,
    form: Form,
) -> Response {
    let info = match read(&visit, kind, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, &name, &mut faults);
    if faults.is_empty() {
        match visit.ask(Operation::Revoke(kind, name.clone())).await {
            Ok(_) => {
                let path = format!("{}/{}", texts_of(kind).path(), parts::segment(&name));
                return done(&path, "revoked");
            }
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    revocation(&visit, kind, &info, &faults)
}

async fn add_credits(visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    let kind = TenantKind::Customer;
    let info = match read(&visit, kind, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    match form.get("credits").trim().parse() {
        Ok(credits) if credits > 0 => {
            let add = Operation::AddCredits {
                name: name.clone(),
                credits,
            };
            match visit.ask(add).await {
                Ok(_) => {
                    let path = format!("/customers/{}", parts::segment(&name));
                    return done(&path, "credited");
                }
                Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
                Err(refused) => faults.refused(visit.reader, &refused),
            }
        }
        _ => faults.at("credits", visit.reader.t("fault.number")),
    }
    let shown = Shown {
        visit: &visit,
        kind,
        info: &info,
        credits: balance(&visit, kind, &name).await,
        query: "",
    };
    let typed = Typed::of_tenant(kind, &info.spec);
    visit.again(section(kind), &name, &shown.body(&typed, &faults))
}

/// The answer to an outcome of another operation.
pub(super) fn unexpected(visit: &Visit) -> Response {
    let title = visit.reader.t("stop.failed");
    visit.stop(
        StatusCode::INTERNAL_SERVER_ERROR,
        title,
        visit.reader.t("stop.unexpected"),
    )
}
