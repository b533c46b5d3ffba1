//! The enums of the Java package.

use mpass_bindings::Operation;

use super::catalogue::{self, List, Row, Source};
use super::words::{Language, constant, paragraphs, spelled, wrapped};
use super::written::{HEAD, Written};

pub(super) const DIRECTORY: &str = "ffi/java/src/main/java/org/libmpass";
pub(super) const WIDTH: usize = 100;

/// The members of a Java enum in addition to number and label.
#[derive(Clone, Copy, PartialEq, Eq)]
enum More {
    Nothing,
    /// `text()`, for errors.
    Text,
    /// A lookup by label, for lists whose entries are passed to Java by name.
    ByLabel,
    /// `isAccept()`.
    IsAccept,
}

/// The lists that are Java enums, with the names of the enums and whether they
/// are public.
const ENUMS: &[(Source, &str, bool, More)] = &[
    (catalogue::errors, "MpassError", true, More::Text),
    (catalogue::verdicts, "Verdict", true, More::IsAccept),
    (catalogue::refusals, "RefusalReason", true, More::Nothing),
    (catalogue::subject_kinds, "SubjectKind", true, More::Nothing),
    (catalogue::reasons, "Reason", true, More::Nothing),
    (catalogue::steps, "StepKind", false, More::Nothing),
    (
        catalogue::store_steps,
        "StoreStepKind",
        false,
        More::Nothing,
    ),
    (catalogue::answers, "AnswerKind", false, More::Nothing),
    (
        catalogue::assessments,
        "AssessmentKind",
        false,
        More::Nothing,
    ),
    (catalogue::scopes, "Scope", true, More::ByLabel),
    (catalogue::token_uses, "TokenUse", true, More::ByLabel),
    (
        catalogue::signature_algorithms,
        "SignatureAlgorithm",
        true,
        More::ByLabel,
    ),
    (catalogue::languages, "Language", true, More::Nothing),
    (catalogue::alphabets, "Alphabet", true, More::Nothing),
    (catalogue::cautions, "Caution", true, More::ByLabel),
    (catalogue::kinds, "Kind", true, More::Nothing),
    (catalogue::groups, "Group", false, More::Nothing),
    (catalogue::fields, "Field", false, More::Nothing),
];

pub(super) fn files() -> Vec<Written> {
    let file = |(list, name, is_public, more): &(Source, &str, bool, More)| {
        let text = enumeration(&list(), name, *is_public, *more);
        Written::new(format!("{DIRECTORY}/{name}.java"), text)
    };
    let mut files: Vec<_> = ENUMS.iter().map(file).collect();
    let operations = format!("{DIRECTORY}/Operation.java");
    files.push(Written::new(operations, self::operations()));
    files
}

/// The constants of the bindings' operations, with a blank line between groups.
fn operations() -> String {
    let mut text = format!(
        "// {HEAD}\npackage org.libmpass;\n\n/** The operations of the engine. */\n\
         final class Operation {{\n  private Operation() {{}}\n"
    );
    let mut group = None;
    for Operation { number, name, .. } in Operation::ALL {
        if group.replace(number / 100) != Some(number / 100) {
            text += "\n";
        }
        text += &format!("  static final int {name} = {number};\n");
    }
    text + "}\n"
}

fn enumeration(list: &List, name: &str, is_public: bool, more: More) -> String {
    let public = if is_public { "public " } else { "" };
    let rows: Vec<String> = list.rows.iter().map(entry).collect();
    let mut text = format!(
        "// {HEAD}\npackage org.libmpass;\n\n{}{public}enum {name} {{\n{};\n\n",
        javadoc("", list.about),
        rows.join(",\n")
    );
    text += &format!("  private static final {name}[] ALL = values();\n\n");
    text += "  private final int number;\n  private final String label;\n";
    let (parameter, assignment) = match more {
        More::Text => {
            text += "  private final String text;\n";
            (", String text", "    this.text = text;\n")
        }
        _ => ("", ""),
    };
    text += &format!(
        "\n  {name}(int number, String label{parameter}) {{\n    this.number = number;\n    \
         this.label = label;\n{assignment}  }}\n\n"
    );
    text += &accessor("the stable number", "int", "number");
    text += &accessor(
        "the stable name, for metrics, logs and files",
        "String",
        "label",
    );
    match more {
        More::Text => text += &accessor("what is wrong, in English", "String", "text"),
        More::IsAccept => {
            text += "  /** {@return whether it is {@link #ACCEPT}} */\n  \
                     public boolean isAccept() {\n    return this == ACCEPT;\n  }\n\n";
        }
        More::Nothing | More::ByLabel => {}
    }
    text += &lookup(name, "int", "number", "entry.number == number");
    if more == More::ByLabel {
        text += "\n";
        text += &lookup(name, "String", "label", "entry.label.equals(label)");
    }
    text + "}\n"
}

fn entry(row: &Row) -> String {
    let name = constant(row.identifier);
    let mut arguments = vec![row.number.to_string(), format!("{:?}", row.name)];
    arguments.extend(
        row.text
            .as_ref()
            .map(|text| format!("{:?}", spelled(text, Language::Java))),
    );
    let mut line = format!("  {name}({})", arguments.join(", "));
    if line.chars().count() >= WIDTH {
        line = format!("  {name}(\n      {})", arguments.join(",\n      "));
    }
    javadoc("  ", &row.meaning) + &line
}

fn accessor(what: &str, class: &str, name: &str) -> String {
    format!(
        "  /** {{@return {what}}} */\n  public {class} {name}() {{\n    return {name};\n  }}\n\n"
    )
}

fn lookup(name: &str, class: &str, key: &str, matches: &str) -> String {
    format!(
        "  static {name} of({class} {key}) {{\n    for ({name} entry : ALL) {{\n      \
         if ({matches}) {{\n        return entry;\n      }}\n    }}\n    \
         throw new IllegalStateException(\"libmpass: unknown {name} \" + {key});\n  }}\n"
    )
}

/// A doc comment as Javadoc.
fn javadoc(indent: &str, doc: &str) -> String {
    tagged(indent, doc, &[])
}

/// A doc comment as Javadoc, with tags such as `@return`.
pub(super) fn tagged(indent: &str, doc: &str, tags: &[String]) -> String {
    let paragraphs: Vec<String> = paragraphs(doc).iter().map(|text| html(text)).collect();
    let short = format!("{indent}/** {} */\n", paragraphs.join(" "));
    if paragraphs.len() == 1 && tags.is_empty() && short.chars().count() <= WIDTH {
        return short;
    }
    let mut text = format!("{indent}/**\n");
    for (at, paragraph) in paragraphs.iter().enumerate() {
        let begin = if at == 0 { "" } else { "<p>" };
        if at > 0 {
            text += &format!("{indent} *\n");
        }
        for line in wrapped(&format!("{begin}{paragraph}"), WIDTH - indent.len() - 3) {
            text += &format!("{indent} * {line}\n");
        }
    }
    if !tags.is_empty() {
        text += &format!("{indent} *\n");
    }
    text.extend(tags.iter().map(|tag| format!("{indent} * {tag}\n")));
    text + &format!("{indent} */\n")
}

/// Markdown's code as `{@code …}`, the rest escaped.
fn html(text: &str) -> String {
    let part = |(at, part): (usize, &str)| match at % 2 {
        1 => format!("{{@code {part}}}"),
        _ => part
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;"),
    };
    text.split('`').enumerate().map(part).collect()
}
