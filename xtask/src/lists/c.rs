//! The C ABI: the statuses and the constants, which the header takes from
//! `ffi/`, and the table of its tests.

use super::catalogue::{self, Row, Source};
use super::statuses;
use super::words::{Language, comment, constant, spelled};
use super::written::{HEAD, Written};

const WIDTH: usize = 80;

/// The prefix of the constants of each list, and whether they are bit flags.
const CONSTANTS: &[(Source, &str, bool)] = &[
    (catalogue::verdicts, "VERDICT", false),
    (catalogue::refusals, "REFUSAL", false),
    (catalogue::subject_kinds, "SUBJECT", false),
    (catalogue::steps, "STEP", false),
    (catalogue::answers, "ANSWER", false),
    (catalogue::assessments, "ASSESSMENT", false),
    (catalogue::scopes, "SCOPE", true),
    (catalogue::token_uses, "TOKEN_USE", false),
    (
        catalogue::signature_algorithms,
        "SIGNATURE_ALGORITHM",
        false,
    ),
    (catalogue::languages, "LANGUAGE", false),
    (catalogue::alphabets, "ALPHABET", false),
    (catalogue::cautions, "CAUTION", true),
    (catalogue::kinds, "KIND", false),
];

const SETTINGS: &[(Source, &str, bool)] = &[
    (catalogue::groups, "GROUP", false),
    (catalogue::fields, "FIELD", false),
];

pub(super) fn files() -> Vec<Written> {
    let own: Vec<Row> = statuses::own().collect();
    let core = catalogue::errors().rows;
    vec![
        Written::new("ffi/src/lists/mod.rs", module()),
        Written::new("ffi/src/lists/status.rs", status(&own, &core)),
        Written::new("ffi/src/lists/status_text.rs", texts(&own, &core)),
        Written::new(
            "ffi/src/lists/constants.rs",
            constants("The constants of the core's lists.", CONSTANTS),
        ),
        Written::new(
            "ffi/src/lists/fields.rs",
            constants("The constants of settings.", SETTINGS),
        ),
        Written::new(
            "ffi/tests/c/statuses.c",
            test_table(own.iter().chain(&core)),
        ),
    ]
}

fn module() -> String {
    format!(
        "// {HEAD}\n//! The core's lists as C sees them.\n\n\
         mod constants;\nmod fields;\nmod status;\nmod status_text;\n\n\
         pub use constants::*;\npub use fields::*;\npub use status::mpass_status;\n\
         pub(crate) use status_text::texts;\n"
    )
}

fn status(own: &[Row], core: &[Row]) -> String {
    let mut text = format!(
        "// {HEAD}\n//! The statuses.\n\nuse mpass_core::Error;\n\n\
         /// The status of a call. 0 is success; 1 to 99 are incorrect uses of this ABI;\n\
         /// the others are errors of the engine: 1xx OATH, 2xx phone numbers and other\n\
         /// subjects, 3xx policies and keys, 4xx records and stores, 5xx services. Numbers\n\
         /// are never reused. A wrong, expired or used code is a verdict, not an error.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(i32)]\npub enum mpass_status {{\n"
    );
    for row in own.iter().chain(core) {
        text += &comment("    /// ", &row.meaning, WIDTH);
        text += &format!("    {} = {},\n", row.identifier, row.number);
    }
    text += "}\n\nimpl From<Error> for mpass_status {\n    \
             fn from(error: Error) -> Self {\n        match error {\n";
    for Row { identifier, .. } in core {
        text += &format!("            Error::{identifier} => Self::{identifier},\n");
    }
    text += "            _ => Self::Unknown,\n        }\n    }\n}\n";
    text
}

fn texts(own: &[Row], core: &[Row]) -> String {
    let mut text = format!(
        "// {HEAD}\n//! What a status means, in English.\n\nuse core::ffi::CStr;\n\n\
         /// The text of every status, in the order of the numbers.\n\
         #[rustfmt::skip]\npub(crate) const fn texts() -> &'static [(i32, &'static CStr)] {{\n    &[\n"
    );
    for row in own.iter().chain(core) {
        let shown = spelled(row.text.as_deref().unwrap_or(row.name), Language::C);
        text += &format!("        ({}, c{shown:?}),\n", row.number);
    }
    text += "    ]\n}\n";
    text
}

fn constants(about: &str, lists: &[(Source, &str, bool)]) -> String {
    let mut text = format!("// {HEAD}\n//! {about}\n");
    for (list, prefix, is_bit) in lists {
        text += "\n";
        for row in list().rows {
            let value = match is_bit {
                true => 1 << (row.number - 1),
                false => u32::from(row.number),
            };
            let name = constant(row.identifier);
            text += &comment("/// ", &row.meaning, WIDTH);
            text += &format!("pub const MPASS_{prefix}_{name}: u32 = {value};\n");
        }
    }
    text
}

fn test_table<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let mut text = format!(
        "/* {HEAD} */\n/* Every status by the name that the vector files use. */\n\
         #include \"check.h\"\n\n\
         /* The switch has no default: a compiler with -Wall -Werror refuses this file\n \
          * when the library gains a status that is not handled here. */\n\
         const char *status_name(mpass_status status) {{\n  \
         switch ((enum mpass_status)status) {{\n"
    );
    for row in rows {
        let name = constant(row.identifier);
        text += &format!("  case MPASS_STATUS_{name}:\n    return {:?};\n", row.name);
    }
    text += "  }\n  return \"none\";\n}\n";
    text
}
