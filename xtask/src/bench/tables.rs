//! Tables of results.

use super::results::{Figure, Results};
use crate::table;

/// Sections whose groups are rows of one table, because their names are the same.
const WIDE: &[&str] = &["edge", "stores"];

pub(super) fn ratio(value: f64) -> String {
    match value {
        value if value.abs() >= 100.0 => format!("{value:.0}"),
        value if value.abs() >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

/// The figures of a section: a row for each group, or for each point of a
/// growth curve, and a column for each name.
pub(super) fn section_table(results: &Results, section: &str) -> String {
    let Some(run) = results.sections.get(section) else {
        return "Not measured.\n".into();
    };
    let mut text = String::new();
    let mut groups: Vec<&str> = Vec::new();
    for figure in &run.figures {
        if !groups.contains(&figure.group.as_str()) {
            groups.push(&figure.group);
        }
    }
    if WIDE.contains(&section) {
        return wide_table(&groups, &run.figures);
    }
    for group in groups {
        let figures: Vec<&Figure> = run.figures.iter().filter(|f| f.group == group).collect();
        text.push_str(&group_table(group, &figures));
        text.push('\n');
    }
    text
}

fn group_table(group: &str, figures: &[&Figure]) -> String {
    let mut names: Vec<&str> = Vec::new();
    let mut positions: Vec<Option<u64>> = Vec::new();
    for figure in figures {
        if !names.contains(&figure.name.as_str()) {
            names.push(&figure.name);
        }
        if !positions.contains(&figure.at) {
            positions.push(figure.at);
        }
    }
    let unit = figures.first().map_or("", |figure| figure.unit.as_str());
    let mut head = vec![format!("{group}, {unit}")];
    head.extend(names.iter().map(|name| (*name).to_owned()));
    let mut rows = vec![head];
    for position in positions {
        let mut row = vec![position.map_or(String::new(), |at| at.to_string())];
        for name in &names {
            let is_it = |figure: &&&Figure| figure.name == *name && figure.at == position;
            let figure = figures.iter().find(is_it);
            row.push(figure.map_or(String::new(), |figure| ratio(figure.value)));
        }
        rows.push(row);
    }
    table::aligned(&rows)
}

/// A row for each group, and a column for each name.
fn wide_table(groups: &[&str], figures: &[Figure]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for figure in figures {
        if !names.contains(&figure.name.as_str()) {
            names.push(&figure.name);
        }
    }
    let mut head = vec![String::new()];
    head.extend(names.iter().map(|name| (*name).to_owned()));
    let mut rows = vec![head];
    for group in groups {
        let of_group = |figure: &&Figure| figure.group == *group;
        let unit = figures.iter().find(of_group).map(|figure| &figure.unit);
        let mut row = vec![format!("{group}, {}", unit.map_or("", String::as_str))];
        for name in &names {
            let mut cells = figures.iter().filter(of_group);
            let cell = cells.find(|figure| figure.name == *name);
            row.push(cell.map_or(String::new(), |figure| ratio(figure.value)));
        }
        rows.push(row);
    }
    table::aligned(&rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_rows_and_names_columns() {
        let figure = |group: &str, name: &str, unit: &str, value| Figure {
            group: group.into(),
            name: name.into(),
            at: None,
            unit: unit.into(),
            value,
            rounds: Vec::new(),
        };
        let figures = [
            figure("size", "ours", "bytes", 16000.0),
            figure("size", "theirs", "bytes", 9700.0),
            figure("time", "theirs", "ms", 2.5),
        ];
        let table = wide_table(&["size", "time"], &figures);
        let cells = |line: &str| -> Vec<String> {
            line.split('|').map(|cell| cell.trim().to_owned()).collect()
        };
        let lines: Vec<_> = table.lines().map(cells).collect();
        assert_eq!(lines[0], ["", "", "ours", "theirs", ""]);
        assert_eq!(lines[2], ["", "size, bytes", "16000", "9700", ""]);
        assert_eq!(lines[3], ["", "time, ms", "", "2.50", ""]);
    }
}
