//! The SVG plots of docs/PERFORMANCE.md.

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use super::results::Results;

const SIZE: (u32, u32) = (760, 420);
const COLOURS: &[RGBColor] = &[
    RGBColor(0x1b, 0x6c, 0xa8),
    RGBColor(0xc8, 0x55, 0x3d),
    RGBColor(0x3d, 0x8c, 0x5a),
    RGBColor(0x8a, 0x5a, 0xa8),
    RGBColor(0x7a, 0x7a, 0x7a),
];

/// A plot of one group: a line for each name over the variable it grows with.
struct Plot {
    file: &'static str,
    section: &'static str,
    group: &'static str,
    title: &'static str,
    x: &'static str,
    y: &'static str,
    /// The divisor of values, for the unit in `y`.
    unit: f64,
}

const PLOTS: &[Plot] = &[
    Plot {
        file: "windows.svg",
        section: "windows",
        group: "hotp window",
        title: "Verification of a wrong code",
        x: "counters in the window",
        y: "µs",
        unit: 1e3,
    },
    Plot {
        file: "threads.svg",
        section: "threads",
        group: "threads",
        title: "Codes per second with one shared key",
        x: "threads",
        y: "millions per second",
        unit: 1e6,
    },
    Plot {
        file: "memory.svg",
        section: "memory",
        group: "memory store, a challenge",
        title: "Memory per live challenge",
        x: "live challenges",
        y: "bytes",
        unit: 1.0,
    },
    Plot {
        file: "swaps.svg",
        section: "memory",
        group: "memory store, swap",
        title: "Time of a swap while as many challenges expire as are added",
        x: "live challenges",
        y: "µs",
        unit: 1e3,
    },
];

/// A line: its name and its points.
type Line = (String, Vec<(f64, f64)>);

/// Every plot that has results: file and SVG.
pub(super) fn all(results: &Results) -> Result<Vec<(&'static str, String)>> {
    let mut drawn = Vec::new();
    for plot in PLOTS {
        let lines = lines(results, plot);
        if !lines.is_empty() {
            let svg = draw(plot, &lines).map_err(|error| anyhow!("{}: {error}", plot.file))?;
            drawn.push((plot.file, svg));
        }
    }
    Ok(drawn)
}

fn lines(results: &Results, plot: &Plot) -> Vec<Line> {
    let figures = results.sections.get(plot.section).map(|run| &run.figures);
    let mut lines: Vec<Line> = Vec::new();
    for figure in figures.into_iter().flatten() {
        let Some(at) = figure.at.filter(|_| figure.group == plot.group) else {
            continue;
        };
        // The values on the x axis are far below 2^32.
        let at = u32::try_from(at).map_or(f64::INFINITY, f64::from);
        let point = (at, figure.value / plot.unit);
        match lines.iter_mut().find(|(name, _)| *name == figure.name) {
            Some((_, points)) => points.push(point),
            None => lines.push((figure.name.clone(), vec![point])),
        }
    }
    lines
}

/// The smallest and the largest value, with a margin.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (least, most) = values.fold((f64::INFINITY, 0.0_f64), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    (least / 1.3, most * 1.5)
}

fn draw(plot: &Plot, lines: &[Line]) -> Result<String, Box<dyn core::error::Error>> {
    let points = || lines.iter().flat_map(|(_, points)| points);
    let (x, y) = (
        range(points().map(|point| point.0)),
        range(points().map(|point| point.1)),
    );
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(plot.title, ("sans-serif", 20))
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(64)
            .build_cartesian_2d((x.0..x.1).log_scale(), (y.0..y.1).log_scale())?;
        chart
            .configure_mesh()
            .light_line_style(WHITE.mix(0.0))
            .x_desc(plot.x)
            .y_desc(plot.y)
            .label_style(("sans-serif", 14))
            .draw()?;
        for ((name, points), colour) in lines.iter().zip(COLOURS.iter().cycle()) {
            chart
                .draw_series(LineSeries::new(
                    points.iter().copied(),
                    colour.stroke_width(2),
                ))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour));
            chart.draw_series(points.iter().map(|at| Circle::new(*at, 3, colour.filled())))?;
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.3))
            .label_font(("sans-serif", 14))
            .draw()?;
        area.present()?;
    }
    Ok(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_drawn_and_named() {
        let lines = [
            ("mpass".to_owned(), vec![(1.0, 0.2), (100.0, 3.0)]),
            ("liboath".to_owned(), vec![(1.0, 0.7), (100.0, 60.0)]),
        ];
        let svg = draw(&PLOTS[0], &lines).unwrap();
        for text in ["mpass", "liboath", "polyline", PLOTS[0].title] {
            assert!(svg.contains(text), "{text}");
        }
    }
}
