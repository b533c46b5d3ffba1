//! One tenant, with all its settings.

use core::fmt::Write;

use super::kind::text;
use crate::admin::{TenantInfo, TenantKind, in_order};
use crate::cli::output::print_lines;
use crate::cli::setting::flag;
use crate::setting_text::show;
use crate::time;

/// Prints a tenant: one setting on a line, or one JSON object.
pub(super) fn print(kind: TenantKind, info: &TenantInfo, json: bool) -> anyhow::Result<()> {
    if json {
        return print_lines([serde_json::to_string(info)?.as_str()]);
    }
    print_lines([lines(kind, info).trim_end()])
}

fn lines(kind: TenantKind, info: &TenantInfo) -> String {
    let credential = text(kind).credential;
    let mut lines = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{}", format!("{name:20} {value}").trim_end());
    };
    for field in in_order(kind.group()) {
        let value = info.spec.get(field).map(|value| show(field, value));
        line(&flag(field), value.as_deref().unwrap_or_default());
    }
    match info.is_revoked {
        true => line("state", "revoked"),
        false => line("state", &format!("{credential} {}", info.key_version)),
    }
    if let Some(until_ms) = info.predecessor_until_ms {
        line(&format!("old {credential} until"), &time::seconds(until_ms));
    }
    line("created", &time::seconds(info.created_at_ms));
    line("stamp", &info.stamp);
    lines
}
