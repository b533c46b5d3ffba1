//! The page of a tenant, with its settings.

use axum::Extension;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use maud::{Markup, html};
use mpass_core::service::settings::{Field, Group};

use super::common::{Changing, Kind, path_of, read, state};
use super::credits;
use super::form::{Typed, changes, words};
use super::guesses::guesses;
use crate::admin::{Operation, StopTarget, TenantInfo, TenantKind, TenantSpec};
use crate::administrators::Permission;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::kinds::section;
use crate::portal::pages::parts;
use crate::portal::pages::reader::Reader;
use crate::portal::pages::stops;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn show(
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
    let left = credits::balance(&visit, kind, &name).await;
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

/// The page of a tenant.
pub(super) struct Shown<'a> {
    pub(super) visit: &'a Visit,
    pub(super) kind: TenantKind,
    pub(super) info: &'a TenantInfo,
    pub(super) credits: Option<u64>,
    pub(super) query: &'a str,
}

impl Shown<'_> {
    pub(super) fn body(&self, typed: &Typed, faults: &Faults) -> Markup {
        let Self {
            visit, kind, info, ..
        } = self;
        let reader = visit.reader;
        let t = |name| reader.t(name);
        let (may, may_stop) = (visit.may(Permission::Tenants), visit.may(Permission::Stop));
        let path = path_of(*kind, info.spec.name());
        let stop = stops::link(&StopTarget::Tenant {
            kind: *kind,
            name: info.spec.name().to_owned(),
        });
        let values = info.spec.values(kind.group());
        html! {
            (parts::notice(reader, self.query))
            (self.summary())
            @if let Ok(values) = &values { (guesses(reader, values)) }
            @if may_stop && !info.is_revoked {
                p.actions {
                    @if may { a.button href=(format!("{path}/rotate")) { (t("tenant.rotate")) } }
                    a.button.danger href=(stop) { (t("stops.do")) }
                    @if may { a.button.danger href=(format!("{path}/revoke")) { (t("tenant.revoke")) } }
                }
            }
            @if let Some(left) = self.credits { (credits::panel(visit, info, &path, left, faults)) }
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
}

/// The settings of a tenant for those who do not change them.
fn readable(reader: Reader, group: Group, spec: &TenantSpec) -> Markup {
    let fields = group.fields().filter(|field| *field != Field::Name);
    let rows: Vec<_> = fields
        .filter_map(|field| {
            let shown = crate::setting_text::show(field, spec.get(field)?);
            let (label, _) = words(reader, group, field);
            (!shown.is_empty()).then(|| (label, html! { bdi dir="auto" { (shown) } }))
        })
        .collect();
    html! { section.panel { h2 { (reader.t("tenant.settings")) } (parts::facts(&rows)) } }
}

pub(super) async fn update(tenant: Changing, form: Form) -> Response {
    let Changing { visit, kind, info } = &tenant;
    let (reader, kind, name) = (visit.reader, *kind, tenant.name());
    let mut faults = Faults::default();
    let typed = Typed::of_tenant(kind, &info.spec).typed(&form);
    let values = typed.values(reader, &mut faults);
    let path = tenant.path();
    if faults.is_empty() {
        let Some(patch) = changes(&info.spec, &typed, &values) else {
            return done(&path, "saved");
        };
        let operation = Operation::Update {
            kind,
            name: name.to_owned(),
            patch: Box::new(patch),
            stamp: Some(form.get("stamp").to_owned()),
            overlap_ms: None,
        };
        match visit.ask(operation).await {
            Ok(_) => return done(&path, "saved"),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    let left = credits::balance(visit, kind, name).await;
    let shown = Shown {
        visit,
        kind,
        info,
        credits: left,
        query: "",
    };
    visit.form(section(kind), name, &shown.body(&typed, &faults), &faults)
}
