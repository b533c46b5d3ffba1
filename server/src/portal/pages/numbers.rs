//! Numbers: why one is refused, and what administrators do about it.

use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};

use super::answers::done;
use super::fault::Faults;
use super::layout::Section;
use super::parts::{self, Input};
use super::reader::Reader;
use super::refused::Refused;
use super::visit::Visit;
use crate::admin::{
    Explanation, LimitFacts, NumberFacts, NumberQuestion, Operation, Outcome, TenantKind,
};
use crate::portal::Portal;
use crate::portal::signin::Form;

const SECTION: Section = Section::Numbers;

pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/numbers", get(show).post(explain))
        .route("/numbers/unlock", post(unlock))
        .route("/numbers/erase", post(erase))
}

/// What the form contains. A number is in no URL, which logs and histories keep.
#[derive(Default)]
struct Typed {
    text: String,
    kind: Option<TenantKind>,
    tenant: String,
}

impl Typed {
    fn of(form: &Form) -> Self {
        Self {
            text: form.get("number").trim().to_owned(),
            kind: TenantKind::from_name(form.get("kind")),
            tenant: form.get("tenant").trim().to_owned(),
        }
    }

    fn kind(&self) -> TenantKind {
        self.kind.unwrap_or(TenantKind::Channel)
    }
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    if !visit.may(crate::administrators::Permission::Numbers) {
        return visit.refused(Refused::Forbidden);
    }
    let reader = visit.reader;
    let body = html! {
        (parts::notice(reader, &query.unwrap_or_default()))
        (question(reader, &Typed::default(), &Faults::default()))
    };
    visit.page(SECTION, reader.t("numbers.title"), &body)
}

fn question(reader: Reader, typed: &Typed, faults: &Faults) -> Markup {
    let t = |name| reader.t(name);
    let kinds = [
        TenantKind::Channel,
        TenantKind::Customer,
        TenantKind::Client,
    ]
    .map(|kind| {
        (
            kind.name().to_owned(),
            reader.t(&format!("kind.{}", kind.name())).to_owned(),
        )
    });
    let number = Input {
        hint: t("numbers.number.hint"),
        value: &typed.text,
        is_required: true,
        is_code: true,
        kind: parts::Kind::Line("tel"),
        ..Input::new("number", t("numbers.number"))
    };
    let tenant = Input {
        hint: t("numbers.tenant.hint"),
        value: &typed.tenant,
        is_code: true,
        ..Input::new("tenant", t("numbers.tenant"))
    };
    let kind = Input {
        kind: parts::Kind::Choice(&kinds),
        value: typed.kind().name(),
        ..Input::new("kind", t("numbers.kind"))
    };
    html! {
        p.lead { (t("numbers.lead")) }
        form.panel method="post" action="/numbers" {
            (parts::summary(reader, faults))
            div.fields {
                (number.show(faults))
                div.field { (kind.show(faults)) }
                (tenant.show(faults))
            }
            p.actions { button.main { (t("numbers.explain")) } }
        }
    }
}

async fn explain(visit: Visit, form: Form) -> Response {
    let typed = Typed::of(&form);
    answer(&visit, &typed, Faults::default()).await
}

/// The answer to the question, with what can be done.
async fn answer(visit: &Visit, typed: &Typed, mut faults: Faults) -> Response {
    let reader = visit.reader;
    let is_channel = typed.kind() == TenantKind::Channel;
    let channel = (is_channel && !typed.tenant.is_empty()).then(|| typed.tenant.clone());
    let question_of = NumberQuestion {
        text: typed.text.clone(),
        channel,
        country: None,
    };
    let explained = match visit.ask(Operation::ExplainNumber(question_of)).await {
        Ok(Outcome::Number(explained)) => Some(explained),
        Ok(_) => return visit.unexpected(),
        Err(Refused::Failed(failure)) if failure.number != 0 => {
            faults.at("tenant", super::fault::text(reader, &failure));
            None
        }
        Err(refused) => {
            faults.refused(reader, &refused);
            None
        }
    };
    let body = html! {
        (question(reader, typed, &faults))
        @if let Some(explained) = explained {
            (explanation(reader, &explained))
            @if let (Some(number), false) = (&explained.number, typed.tenant.is_empty()) {
                (acts(reader, typed, &number.canonical))
            }
        }
    };
    visit.form(SECTION, reader.t("numbers.title"), &body, &faults)
}

fn explanation(reader: Reader, explained: &Explanation) -> Markup {
    let t = |name| reader.t(name);
    html! {
        section.panel aria-live="polite" {
            @match (&explained.reason, explained.would_send) {
                (_, true) => p.notice.good { (t("numbers.would_send")) }
                (Some(reason), false) => p.notice.bad {
                    (t("numbers.would_not")) " "
                    @match reader.find(&format!("reason.{reason}")) {
                        Some(text) => { (text) }
                        None => bdi lang="en" dir="ltr" { (reason.replace('_', " ")) }
                    }
                    @if let Some(at_ms) = explained.retry_at_ms { " " (t("numbers.until")) " " (reader.time(at_ms)) }
                }
                (None, false) => p.notice.bad { (t("numbers.would_not")) }
            }
            @if let Some(error) = &explained.error { p { bdi lang="en" dir="ltr" { (error) } } }
            @if let Some(number) = &explained.number { (facts(reader, number, explained)) }
            @if let Some(limits) = explained.channel.as_ref().and_then(|one| one.limits.as_ref()) {
                (left(reader, limits))
            }
        }
    }
}

fn facts(reader: Reader, number: &NumberFacts, explained: &Explanation) -> Markup {
    let t = |name| reader.t(name);
    let yes = |is: bool| t(if is { "yes" } else { "no" });
    let assessment = reader.find(&format!("assessment.{}", number.assessment));
    let mobile = number.mobile.map_or(t("unclear"), yes);
    let rows = [
        (t("numbers.canonical"), parts::name(&number.canonical)),
        (t("numbers.code"), parts::name(number.calling_code)),
        (t("numbers.regions"), parts::name(number.regions.join(", "))),
        (t("numbers.mobile"), html! { (mobile) }),
        (
            t("numbers.plan"),
            html! { (assessment.unwrap_or(&number.assessment)) },
        ),
        (
            t("column.route"),
            parts::routes(reader, explained.route.as_deref().unwrap_or("–")),
        ),
    ];
    html! { h2 { (t("numbers.what")) } (parts::facts(&rows)) }
}

fn left(reader: Reader, limits: &LimitFacts) -> Markup {
    let t = |name| reader.t(name);
    let n = |number: u64| html! { (reader.n(number)) };
    let mut rows = vec![
        (t("numbers.sends_left"), n(limits.sends_left.into())),
        (t("numbers.guesses_left"), n(limits.guesses_left.into())),
        (t("numbers.failures"), n(limits.failures.into())),
        (
            t("numbers.live"),
            html! { (t(if limits.live { "yes" } else { "no" })) },
        ),
    ];
    if let Some(spend) = limits.spend_left {
        rows.push((t("numbers.spend_left"), n(spend.into())));
    }
    if let Some(at_ms) = limits.locked_until_ms {
        rows.push((t("numbers.locked_until"), reader.time(at_ms)));
    }
    html! { h2 { (t("numbers.left")) } (parts::facts(&rows)) }
}

/// What can be done with the number of a tenant.
fn acts(reader: Reader, typed: &Typed, number: &str) -> Markup {
    let t = |name| reader.t(name);
    let hidden = html! {
        input type="hidden" name="number" value=(number);
        input type="hidden" name="kind" value=(typed.kind().name());
        input type="hidden" name="tenant" value=(typed.tenant);
    };
    html! {
        section.panel {
            h2 { (t("numbers.acts")) }
            form method="post" action="/numbers/unlock" {
                (hidden)
                p.hint { (t("numbers.unlock.what")) }
                button { (t("numbers.unlock")) }
            }
            form method="post" action="/numbers/erase" {
                (hidden)
                p.hint { (t("numbers.erase.what")) }
                label.choice {
                    input type="checkbox" name="sure" value="true" required;
                    span { (reader.fill("numbers.erase.sure", &[("number", &parts::name(number))])) }
                }
                p.actions { button.danger { (t("numbers.erase")) } }
            }
        }
    }
}

async fn unlock(visit: Visit, form: Form) -> Response {
    let typed = Typed::of(&form);
    let operation = Operation::UnlockNumber {
        kind: typed.kind(),
        name: typed.tenant.clone(),
        number: typed.text.clone(),
    };
    act(&visit, &typed, operation, "unlocked").await
}

async fn erase(visit: Visit, form: Form) -> Response {
    let typed = Typed::of(&form);
    if form.get("sure") != "true" {
        return answer(&visit, &typed, Faults::default()).await;
    }
    let operation = Operation::EraseNumber {
        kind: typed.kind(),
        name: typed.tenant.clone(),
        number: typed.text.clone(),
    };
    act(&visit, &typed, operation, "erased").await
}

async fn act(visit: &Visit, typed: &Typed, operation: Operation, notice: &str) -> Response {
    match visit.ask(operation).await {
        Ok(_) => done("/numbers", notice),
        Err(Refused::Forbidden) => visit.refused(Refused::Forbidden),
        Err(refused) => {
            let mut faults = Faults::default();
            match refused {
                Refused::Failed(failure) => {
                    faults.whole(super::fault::text(visit.reader, &failure))
                }
                refused => faults.refused(visit.reader, &refused),
            }
            answer(visit, typed, faults).await
        }
    }
}
