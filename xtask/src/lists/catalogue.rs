//! The lists, from the core's own data.

use mpass_core::Error;
use mpass_core::challenge::{RefusalReason, SubjectKind, Verdict};
use mpass_core::list::Entry;
use mpass_core::oath::uri::Caution;
use mpass_core::service::settings::{Field, Group};
use mpass_core::service::{
    Alphabet, AnswerKind, AssessmentKind, Language, Reason, Scope, SignatureAlgorithm, StepKind,
    TokenUse,
};
use mpass_core::store::{Kind, StoreStepKind};

/// A list.
#[derive(Clone)]
pub(super) struct List {
    /// Its Rust name, in `UpperCamelCase`.
    pub(super) identifier: &'static str,
    /// Its doc comment.
    pub(super) about: &'static str,
    pub(super) rows: Vec<Row>,
}

/// A function that returns a list.
pub(super) type Source = fn() -> List;

/// An entry of a list.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) number: u16,
    /// Its Rust name, in `UpperCamelCase`, or `snake_case` for a field.
    pub(super) identifier: &'static str,
    /// The stable name.
    pub(super) name: &'static str,
    /// Its doc comment.
    pub(super) meaning: String,
    /// Its displayed text if it is not the name, as for errors.
    pub(super) text: Option<String>,
}

impl From<&Entry> for Row {
    fn from(entry: &Entry) -> Self {
        Self {
            number: entry.number,
            identifier: entry.identifier,
            name: entry.name,
            meaning: entry.meaning.to_owned(),
            text: None,
        }
    }
}

macro_rules! of {
    ($List:ident) => {
        List {
            identifier: stringify!($List),
            about: $List::ABOUT,
            rows: $List::ENTRIES.iter().map(Row::from).collect(),
        }
    };
}

pub(super) fn errors() -> List {
    let mut list = of!(Error);
    for (row, error) in list.rows.iter_mut().zip(Error::ALL) {
        row.text = Some(error.to_string());
    }
    list
}

pub(super) fn verdicts() -> List {
    of!(Verdict)
}

pub(super) fn refusals() -> List {
    of!(RefusalReason)
}

pub(super) fn subject_kinds() -> List {
    of!(SubjectKind)
}

pub(super) fn reasons() -> List {
    of!(Reason)
}

pub(super) fn steps() -> List {
    of!(StepKind)
}

/// The steps of an operation on a store.
pub(super) fn store_steps() -> List {
    of!(StoreStepKind)
}

pub(super) fn answers() -> List {
    of!(AnswerKind)
}

pub(super) fn assessments() -> List {
    of!(AssessmentKind)
}

pub(super) fn scopes() -> List {
    of!(Scope)
}

pub(super) fn cautions() -> List {
    of!(Caution)
}

pub(super) fn languages() -> List {
    of!(Language)
}

pub(super) fn alphabets() -> List {
    of!(Alphabet)
}

pub(super) fn kinds() -> List {
    of!(Kind)
}

pub(super) fn signature_algorithms() -> List {
    of!(SignatureAlgorithm)
}

pub(super) fn token_uses() -> List {
    of!(TokenUse)
}

pub(super) fn groups() -> List {
    of!(Group)
}

pub(super) fn fields() -> List {
    let row = |field: &Field| Row {
        number: field.number(),
        identifier: field.name(),
        name: field.name(),
        meaning: format!("{}.", field.description().meaning),
        text: None,
    };
    List {
        identifier: "Field",
        about: "A setting. Numbers and names are stable.",
        rows: Field::ALL.iter().map(row).collect(),
    }
}

/// Every list, in the order of the documentation.
pub(super) fn all() -> Vec<List> {
    vec![
        errors(),
        verdicts(),
        refusals(),
        subject_kinds(),
        reasons(),
        steps(),
        answers(),
        assessments(),
        scopes(),
        token_uses(),
        signature_algorithms(),
        languages(),
        alphabets(),
        cautions(),
        kinds(),
        groups(),
        fields(),
    ]
}
