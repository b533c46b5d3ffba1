//! The tables and the types of the npm package.

use super::catalogue::{self, Source};
use super::words::{Language, comment, paragraphs, spelled, wrapped};
use super::written::{HEAD, Written};

const WIDTH: usize = 100;

/// The lists that the package's own code reads: name to number.
const TABLES: &[(Source, &str)] = &[
    (catalogue::verdicts, "VERDICTS"),
    (catalogue::refusals, "REFUSAL_REASONS"),
    (catalogue::reasons, "REASONS"),
    (catalogue::steps, "STEPS"),
    (catalogue::store_steps, "STORE_STEPS"),
    (catalogue::answers, "ANSWERS"),
    (catalogue::assessments, "ASSESSMENTS"),
    (catalogue::subject_kinds, "SUBJECTS"),
    (catalogue::languages, "LANGUAGES"),
    (catalogue::alphabets, "ALPHABETS"),
    (catalogue::kinds, "KINDS"),
    (catalogue::groups, "GROUPS"),
];

/// The lists that are types.
const TYPES: &[(Source, &str)] = &[
    (catalogue::errors, "ErrorName"),
    (catalogue::verdicts, "Verdict"),
    (catalogue::refusals, "RefusalReason"),
    (catalogue::subject_kinds, "SubjectKind"),
    (catalogue::reasons, "Reason"),
    (catalogue::steps, "StepKind"),
    (catalogue::answers, "AnswerKind"),
    (catalogue::assessments, "AssessmentKind"),
    (catalogue::scopes, "Scope"),
    (catalogue::token_uses, "TokenUse"),
    (catalogue::signature_algorithms, "SignatureAlgorithm"),
    (catalogue::languages, "Language"),
    (catalogue::alphabets, "Alphabet"),
    (catalogue::cautions, "Caution"),
    (catalogue::kinds, "Kind"),
];

pub(super) fn files() -> Vec<Written> {
    vec![
        Written::new("wasm/js/lists.js", tables()),
        Written::new("wasm/js/lists.d.ts", types()),
    ]
}

fn tables() -> String {
    let mut text = format!(
        "// {HEAD}\n\n/** `[number, name, text]`, in the order of the numbers. */\n\
         export const ERRORS = Object.freeze([\n"
    );
    for row in catalogue::errors().rows {
        let shown = row.text.as_deref().unwrap_or(row.name);
        let shown = spelled(shown, Language::JavaScript);
        let (name, shown) = (quoted(row.name), quoted(&shown));
        text += &format!("  [{}, {name}, {shown}],\n", row.number);
    }
    text += "].map(Object.freeze));\n";
    for (list, name) in TABLES {
        let list = list();
        text += &format!("\n{}", comment("// ", list.about, WIDTH));
        text += &format!("export const {name} = Object.freeze({{\n");
        for row in list.rows {
            text += &format!("  {}: {},\n", row.name, row.number);
        }
        text += "});\n";
    }
    text
}

fn types() -> String {
    let mut text = format!(
        "// {HEAD}\n\n/** Every error of the engine: number, name, text. */\n\
         export const ERRORS: readonly (readonly [number: number, name: ErrorName, text: string])[];\n"
    );
    for (list, name) in TYPES {
        let list = list();
        text += &format!("\n{}export type {name} =\n", documentation("", list.about));
        let rows: Vec<String> = list
            .rows
            .iter()
            .map(|row| {
                let documentation = documentation("  ", &row.meaning);
                format!("{documentation}  | {}", quoted(row.name))
            })
            .collect();
        text += &format!("{};\n", rows.join("\n"));
    }
    text
}

/// A doc comment as TypeScript's.
pub(super) fn documentation(indent: &str, doc: &str) -> String {
    let paragraphs = paragraphs(doc);
    let short = format!("{indent}/** {} */\n", paragraphs.join(" "));
    if paragraphs.len() == 1 && short.chars().count() <= WIDTH {
        return short;
    }
    let mut text = format!("{indent}/**\n");
    for (at, paragraph) in paragraphs.iter().enumerate() {
        if at > 0 {
            text += &format!("{indent} *\n");
        }
        for line in wrapped(paragraph, WIDTH - indent.len() - 3) {
            text += &format!("{indent} * {line}\n");
        }
    }
    text + &format!("{indent} */\n")
}

pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
