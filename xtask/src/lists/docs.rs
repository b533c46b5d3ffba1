//! docs/LISTS.md.

use super::catalogue::{self, List};
use super::words::{comment, constant, line};
use super::written::{HEAD, Written};
use crate::table::aligned;

const WIDTH: usize = 80;

pub(super) fn lists() -> Written {
    let mut text = format!(
        "<!-- {HEAD} -->\n# Lists\n\n\
         Every list whose numbers and names are public, in every language. Numbers and\n\
         names are stable: they are never changed and never given a second meaning. C\n\
         has the numbers as `MPASS_STATUS_SECRET_EMPTY`, `MPASS_VERDICT_ACCEPT` and so\n\
         on, Java an enum with `number()` and `label()`, JavaScript the names as\n\
         strings.\n\n\
         The settings are in [SETTINGS.md](SETTINGS.md).\n"
    );
    for list in catalogue::all() {
        if list.identifier != "Field" {
            text += &section(&list);
        }
    }
    Written::new("docs/LISTS.md", text)
}

fn section(list: &List) -> String {
    let head = ["Number", "Name", "Constant", "Meaning"];
    let mut rows = vec![head.map(String::from).to_vec()];
    for row in &list.rows {
        let name = format!("`{}`", row.name);
        let constant = format!("`{}`", constant(row.identifier));
        let meaning = line(&row.meaning);
        rows.push(vec![row.number.to_string(), name, constant, meaning]);
    }
    let about = comment("", list.about, WIDTH);
    let (title, table) = (list.identifier, aligned(&rows));
    format!("\n## {title}\n\n{about}\n{table}")
}
