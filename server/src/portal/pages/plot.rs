//! Plots as SVG. Their colours are classes of the style sheet, so that they follow the
//! theme, and nothing in them is a style of its own, which the policy of the pages
//! refuses.

use core::fmt::Write as _;

use maud::{Markup, html};

use super::reader::Reader;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 24.0;

/// A line of a plot.
pub(super) struct Series<'a> {
    pub(super) name: &'a str,
    /// A value for each interval; `None` where there is none.
    pub(super) values: Vec<Option<f64>>,
}

impl Series<'_> {
    fn is_something(&self) -> bool {
        self.values.iter().flatten().any(|value| *value > 0.0)
    }
}

/// A plot with its table.
pub(super) struct Plot<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) series: &'a [Series<'a>],
    /// The beginnings of the intervals, in milliseconds of Unix time.
    pub(super) starts_ms: &'a [u64],
    /// The unit of the values; may be empty.
    pub(super) unit: &'a str,
}

/// The classes of the lines.
const CLASSES: [&str; 3] = ["one", "two", "three"];
/// The most rows of a table.
const ROWS: usize = 12;

impl Plot<'_> {
    /// The plot, what its lines are, and its values as a table.
    pub(super) fn show(&self, reader: Reader) -> Markup {
        let most = self.most();
        let (title_id, what_id) = (format!("{}-title", self.id), format!("{}-what", self.id));
        let size = format!("0 0 {WIDTH} {HEIGHT}");
        html! {
            figure.panel {
                figcaption { (self.title) }
                svg.plot viewBox=(size) role="img" aria-labelledby=(format!("{title_id} {what_id}")) {
                    title id=(title_id) { (self.title) }
                    desc id=(what_id) { (reader.t("plot.what")) }
                    @for part in 0..=2_u8 { (self.line_of_grid(reader, f64::from(part) / 2.0, most)) }
                    (self.times(reader))
                    @for (series, class) in self.series.iter().zip(CLASSES) {
                        @let is_drawn = class == "one" || series.is_something();
                        @if class == "one" { path.area d=(self.area(series, most)) {} }
                        @if is_drawn { path class=(class) d=(self.path(series, most)) {} }
                    }
                }
                @if self.series.len() > 1 {
                    p.legend {
                        @for (series, class) in self.series.iter().zip(CLASSES) {
                            span {
                                svg viewBox="0 0 26 10" aria-hidden="true" {
                                    line class=(class) x1="0" y1="5" x2="26" y2="5" {}
                                }
                                " " (series.name)
                            }
                        }
                    }
                }
                (self.table(reader))
            }
        }
    }

    /// The top of the scale: 1, 2 or 5 times a power of ten.
    fn most(&self) -> f64 {
        let values = self
            .series
            .iter()
            .flat_map(|one| one.values.iter().flatten());
        let largest = values.fold(1.0_f64, |most, value| most.max(*value));
        let power = 10.0_f64.powf(largest.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
        let fits = steps.into_iter().find(|step| *step >= largest);
        fits.unwrap_or(largest)
    }

    fn x(&self, at: usize) -> f64 {
        let last = self.starts_ms.len().saturating_sub(1).max(1);
        LEFT + (WIDTH - LEFT - RIGHT) * count(at) / count(last)
    }

    fn y(value: f64, most: f64) -> f64 {
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / most).clamp(0.0, 1.0)
    }

    fn line_of_grid(&self, reader: Reader, share: f64, most: f64) -> Markup {
        let y = Self::y(share, 1.0);
        let value = share * most;
        let text = match value.fract() == 0.0 {
            true => format!("{value:.0}"),
            false => format!("{value:.1}"),
        };
        let label = format!("{}{}", reader.digits(&text), self.unit);
        html! {
            line.grid x1=(LEFT) y1=(y) x2=(WIDTH - RIGHT) y2=(y) {}
            text x=(LEFT - 6.0) y=(y + 4.0) text-anchor="end" direction="ltr" { (label) }
        }
    }

    /// The first, the middle and the last time, in UTC.
    fn times(&self, reader: Reader) -> Markup {
        let last = self.starts_ms.len().saturating_sub(1);
        let is_long = self.starts_ms.first().zip(self.starts_ms.last());
        let is_long = is_long.is_some_and(|(first, last)| last - first > 2 * 86_400_000);
        let places = [(0, "start"), (last / 2, "middle"), (last, "end")];
        html! {
            @for (at, anchor) in places {
                @if let Some(start_ms) = self.starts_ms.get(at) {
                    @let text = crate::time::seconds(*start_ms);
                    @let shown = if is_long { text.get(..10) } else { text.get(11..16) };
                    text x=(self.x(at)) y=(HEIGHT - 6.0) text-anchor=(anchor) direction="ltr" {
                        (reader.digits(shown.unwrap_or_default()))
                    }
                }
            }
        }
    }

    fn path(&self, series: &Series<'_>, most: f64) -> String {
        let mut path = String::new();
        let mut is_begun = false;
        for (at, value) in series.values.iter().enumerate() {
            let Some(value) = value else {
                is_begun = false;
                continue;
            };
            let (x, y) = (self.x(at), Self::y(*value, most));
            // Writing to a string does not fail. A line begins a little before its first point, so that a lone one is seen.
            let _ = match is_begun {
                true => write!(path, "L{x:.1} {y:.1}"),
                false => write!(path, "M{:.1} {y:.1}h3", x - 3.0),
            };
            is_begun = true;
        }
        path
    }

    fn area(&self, series: &Series<'_>, most: f64) -> String {
        if series.values.iter().any(Option::is_none) || series.values.is_empty() {
            return String::new();
        }
        let base = Self::y(0.0, 1.0);
        let (first, last) = (self.x(0), self.x(series.values.len() - 1));
        let path = self.path(series, most);
        format!("{path}L{last:.1} {base:.1}L{first:.1} {base:.1}Z")
    }

    /// The intervals with values, the newest first.
    fn table(&self, reader: Reader) -> Markup {
        let is_something = |at: &usize| {
            let mut values = self
                .series
                .iter()
                .map(|one| one.values.get(*at).copied().flatten());
            values.any(|value| value.is_some_and(|value| value > 0.0))
        };
        let places: Vec<usize> = (0..self.starts_ms.len())
            .rev()
            .filter(is_something)
            .take(ROWS)
            .collect();
        html! {
            details {
                summary { (reader.t("plot.table")) }
                @if places.is_empty() { p.dim { (reader.t("plot.nothing")) } } @else {
                    table {
                        caption.hidden { (self.title) }
                        thead {
                            tr {
                                th scope="col" { (reader.t("column.time")) }
                                @for one in self.series { th scope="col" { (one.name) } }
                            }
                        }
                        tbody {
                            @for at in places {
                                tr {
                                    th scope="row" { (reader.time(self.starts_ms[at])) }
                                    @for one in self.series {
                                        td { (shown(reader, one.values.get(at).copied().flatten(), self.unit)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn shown(reader: Reader, value: Option<f64>, unit: &str) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value.fract() == 0.0 => reader.digits(&format!("{value:.0}{unit}")),
        Some(value) => reader.digits(&format!("{value:.1}{unit}")),
    }
}

/// A small count as a coordinate.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
