//! The overview: what happens now, and what needs attention.

use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

use super::layout::Section;
use super::parts;
use super::plot::{Plot, Series};
use super::reader::Reader;
use super::visit::Visit;
use crate::admin::status::{Level, Status};
use crate::admin::{Operation, Outcome};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::statistics::{
    Counts, GatewayRow, Row, StatisticsAnswer, StatisticsPoint, StatisticsQuestion, Window,
};

pub(super) fn router() -> Router<Portal> {
    Router::new().route("/", get(show))
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let window = parts::value(&query, "window").and_then(|it| it.parse().ok());
    let question = StatisticsQuestion {
        window: window.unwrap_or_default(),
        tenant: None,
        country: None,
    };
    let statistics = match visit.ask(Operation::Statistics(question)).await {
        Ok(Outcome::Statistics(answer)) => answer,
        Ok(_) => return visit.unexpected(),
        Err(refused) => return visit.refused(refused),
    };
    let status = match visit.ask(Operation::Status).await {
        Ok(Outcome::Status(status)) => Some(status),
        _ => None,
    };
    let body = body(&visit, &statistics, status.as_deref());
    visit.page(Section::Overview, visit.reader.t("overview.title"), &body)
}

fn body(visit: &Visit, statistics: &StatisticsAnswer, status: Option<&Status>) -> Markup {
    let reader = visit.reader;
    let may_create = visit.may(Permission::Tenants);
    let window = statistics.question.window;
    let live = format!("/?window={}", window.name());
    html! {
        (windows(reader, window))
        div id="live" data-live=(live) {
            @if let Some(status) = status { (alarms(reader, status)) }
            (tiles(reader, &statistics.total))
            @if statistics.total.counts.requests() == 0 {
                @if status.is_some_and(|it| it.gateways.is_empty()) {
                    (parts::empty(reader.t("gateways.empty"), reader.t("gateways.empty.what"), may_create.then_some(("/new/gateway", reader.t("gateway.new")))))
                } @else {
                    (parts::empty(reader.t("overview.empty"), reader.t("overview.empty.what"), may_create.then_some(("/new/channel", reader.t("channel.new")))))
                }
            }
            (plots(reader, statistics))
            (tables(reader, statistics))
        }
    }
}

fn windows(reader: Reader, now: Window) -> Markup {
    html! {
        nav.pager aria-label=(reader.t("overview.window")) {
            @for window in Window::ALL {
                @let text = reader.t(match window {
                    Window::Hour => "window.hour",
                    Window::Day => "window.day",
                    _ => "window.90d",
                });
                a.button href=(format!("/?window={}", window.name())) aria-current=[(*window == now).then_some("true")] { (text) }
            }
        }
    }
}

/// What is wrong, the urgent first. What it is, is in English, as in the log.
fn alarms(reader: Reader, status: &Status) -> Markup {
    html! {
        @if status.problems.is_empty() {
            p.notice.good { (reader.t("alarms.none")) }
        } @else {
            section.panel aria-labelledby="alarms" {
                h2 id="alarms" { (reader.t("alarms.title")) }
                ul.alarms {
                    @for problem in &status.problems {
                        @let (class, level) = match problem.level {
                            Level::Error => ("bad", "alarm.error"),
                            Level::Warning => ("wait", "alarm.warning"),
                        };
                        li class=(format!("notice {class}")) {
                            strong { (reader.t(level)) ": " }
                            bdi lang="en" dir="ltr" { (problem.what) }
                        }
                    }
                }
            }
        }
    }
}

fn tiles(reader: Reader, total: &StatisticsPoint) -> Markup {
    let counts = &total.counts;
    let latency = total.latency.map(|it| it.p95_ms);
    let p95 = latency.map(|ms| reader.digits(&format!("{ms:.1}")) + " " + reader.t("unit.ms"));
    let tiles = [
        ("tile.sends", reader.n(counts.sends)),
        ("tile.accepted", reader.n(counts.accepted)),
        (
            "tile.conversion",
            total
                .conversion
                .map_or_else(|| "–".to_owned(), |it| reader.percent(it)),
        ),
        ("tile.latency", p95.unwrap_or_else(|| "–".to_owned())),
        (
            "tile.undelivered",
            reader.n(counts.gateway_refused + counts.gateway_unknown),
        ),
        ("tile.segments", reader.n(counts.segments)),
    ];
    html! {
        div.tiles {
            @for (name, value) in tiles {
                div.tile { span.dim { (reader.t(name)) } span.figure { (value) } }
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a plot")]
fn plots(reader: Reader, statistics: &StatisticsAnswer) -> Markup {
    let points = &statistics.points;
    let starts: Vec<u64> = points.iter().map(|one| one.start_ms).collect();
    let counted = |of: fn(&Counts) -> u64| -> Vec<Option<f64>> {
        points
            .iter()
            .map(|one| Some(of(&one.counts) as f64))
            .collect()
    };
    let series = |name, values| Series {
        name: reader.t(name),
        values,
    };
    let verdicts = [
        series("tile.accepted", counted(|it| it.accepted)),
        series(
            "plot.wrong",
            counted(|it| it.wrong + it.exhausted + it.locked),
        ),
        series("plot.expired", counted(|it| it.expired)),
    ];
    let sends = [
        series("tile.sends", counted(|it| it.sends)),
        series("plot.refused", counted(|it| it.refused)),
        series(
            "tile.undelivered",
            counted(|it| it.gateway_refused + it.gateway_unknown),
        ),
    ];
    let conversion: Vec<_> = points
        .iter()
        .map(|one| one.conversion.map(|it| it as f64 / 100.0))
        .collect();
    let conversion = [series("tile.conversion", conversion)];
    let latency = |of: fn(&crate::statistics::Percentiles) -> f64| -> Vec<Option<f64>> {
        points
            .iter()
            .map(|one| one.latency.as_ref().map(of))
            .collect()
    };
    let latency = [
        series("plot.p50", latency(|it| it.p50_ms)),
        series("plot.p95", latency(|it| it.p95_ms)),
    ];
    let all: [(&str, &str, &[Series<'_>], &str); 4] = [
        ("plot-sends", "plot.sends", &sends, ""),
        ("plot-verdicts", "plot.verdicts", &verdicts, ""),
        ("plot-conversion", "plot.conversion", &conversion, "%"),
        ("plot-latency", "plot.latency", &latency, ""),
    ];
    html! {
        div.plots {
            @for (id, title, series, unit) in all {
                (Plot { id, title: reader.t(title), series, starts_ms: &starts, unit }.show(reader))
            }
        }
    }
}

fn tables(reader: Reader, statistics: &StatisticsAnswer) -> Markup {
    html! {
        (gateways(reader, &statistics.gateways))
        (rows(reader, "overview.tenants", "column.tenant", &statistics.tenants))
        (rows(reader, "overview.countries", "column.country", &statistics.countries))
    }
}

/// What became of the messages of each gateway.
fn gateways(reader: Reader, all: &[GatewayRow]) -> Markup {
    let t = |name| reader.t(name);
    let heads = [
        t("column.gateway"),
        t("tested.delivered"),
        t("tested.refused"),
        t("tested.unknown"),
        t("column.p95"),
    ];
    let cells = |one: &GatewayRow| {
        let p95 = one.latency.map_or_else(
            || "–".to_owned(),
            |it| reader.digits(&format!("{:.1}", it.p95_ms)),
        );
        vec![
            parts::name(&one.name),
            html! { (reader.n(one.delivered)) },
            html! { (reader.n(one.refused)) },
            html! { (reader.n(one.unknown)) },
            html! { (p95) },
        ]
    };
    titled(t("overview.gateways"), &heads, all.iter().map(cells))
}

/// What became of the requests of each caller, or country.
fn rows(reader: Reader, title: &str, first: &str, all: &[Row]) -> Markup {
    let t = |name| reader.t(name);
    let heads = [
        t(first),
        t("tile.sends"),
        t("tile.accepted"),
        t("tile.conversion"),
        t("tile.segments"),
    ];
    let cells = |one: &Row| {
        let conversion = one
            .conversion
            .map_or_else(|| "–".to_owned(), |it| reader.percent(it));
        vec![
            parts::name(&one.name),
            html! { (reader.n(one.counts.sends)) },
            html! { (reader.n(one.counts.accepted)) },
            html! { (conversion) },
            html! { (reader.n(one.counts.segments)) },
        ]
    };
    titled(t(title), &heads, all.iter().map(cells))
}

/// A table under its title; nothing without rows.
fn titled(title: &str, heads: &[&str], rows: impl Iterator<Item = Vec<Markup>>) -> Markup {
    let rows: Vec<_> = rows.collect();
    html! {
        @if !rows.is_empty() {
            h2 { (title) }
            (parts::table(title, heads, &rows))
        }
    }
}
