//! The table of tenants.

use core::fmt::Write;

use mpass_core::service::settings::Field;

use super::kind::text;
use crate::admin::{TenantInfo, TenantKind, TenantSpec};
use crate::setting_text::show;
use crate::time;

const COLUMNS: usize = 7;

/// The tenants of a kind, one on a line below a heading.
pub(super) fn table(kind: TenantKind, tenants: &[TenantInfo]) -> String {
    let column = text(kind).column.name().replace('_', " ").to_uppercase();
    let heading = [
        "NAME",
        "STATE",
        "CREATED",
        "ADDRESSES",
        &column,
        "CODES",
        "GUESSED IN A DAY",
    ]
    .map(String::from);
    let rows: Vec<[String; COLUMNS]> = core::iter::once(heading)
        .chain(tenants.iter().map(|info| row(kind, info)))
        .collect();
    let mut widths = [0; COLUMNS];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut table = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            // Writing to a string does not fail.
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table
}

fn row(kind: TenantKind, info: &TenantInfo) -> [String; COLUMNS] {
    let text = text(kind);
    let cell = |field| cell(&info.spec, field);
    [
        info.spec.name().to_owned(),
        match info.is_revoked {
            true => "revoked".into(),
            false => format!("{} {}", text.credential, info.key_version),
        },
        time::seconds(info.created_at_ms),
        cell(Field::Addresses),
        cell(text.column),
        format!(
            "{} digits, {} tries, {}",
            cell(Field::Digits),
            cell(Field::Tries),
            cell(Field::LifetimeMs)
        ),
        odds(kind, &info.spec),
    ]
}

/// A value in one cell; an empty list means any, except for scopes.
fn cell(spec: &TenantSpec, field: Field) -> String {
    let value = spec.get(field).map(|value| show(field, value));
    match value.unwrap_or_default() {
        text if text.is_empty() && field == Field::Scopes => "none".into(),
        text if text.is_empty() => "any".into(),
        text => text.replace(", ", ","),
    }
}

/// The chance that an attacker who uses all guesses for a number guesses a code
/// within a day.
fn odds(kind: TenantKind, spec: &TenantSpec) -> String {
    match spec.values(kind.group()).and_then(|values| values.policy()) {
        Ok(policy) => format!("1 in {:.0}", 1.0 / policy.guess_probability_per_day()),
        Err(_) => "-".to_owned(),
    }
}
