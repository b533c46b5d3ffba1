//! Tables of Markdown.

use core::fmt::Write as _;

/// A table of Markdown; short lines end in empty cells.
pub(crate) fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let cell = |line: &Vec<String>, column: usize| line.get(column).cloned().unwrap_or_default();
    let width = |column| {
        lines
            .iter()
            .map(|line| cell(line, column).chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..columns).filter_map(width).collect();
    let mut table = String::new();
    for (at, line) in lines.iter().enumerate() {
        for (column, width) in widths.iter().enumerate() {
            // Writing to a string does not fail.
            let _ = write!(table, "| {:width$} ", cell(line, column));
        }
        table.push_str("|\n");
        if at == 0 {
            let rules = widths
                .iter()
                .map(|width| format!("|{:-<1$}", "", width + 2));
            table.extend(rules);
            table.push_str("|\n");
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let lines = [vec!["a".into(), "±b".into()], vec!["long".into()]];
        assert_eq!(
            aligned(&lines),
            "| a    | ±b |\n|------|----|\n| long |    |\n"
        );
    }
}
