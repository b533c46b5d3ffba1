//! The statuses of the C ABI that are not errors of the core: numbers 0 to 99.

use super::catalogue::Row;

/// Number, identifier, text, meaning.
const OWN: &[(u16, &str, &str, &str)] = &[
    (0, "Ok", "success", "Success. Outputs are written."),
    (
        1,
        "NullArgument",
        "a pointer is NULL",
        "A required pointer is NULL.",
    ),
    (
        2,
        "BufferTooSmall",
        "the buffer is too small",
        "The output does not fit into the buffer; `*written` is the required capacity.",
    ),
    (
        3,
        "InvalidUtf8",
        "a text is not UTF-8",
        "A text is not UTF-8.",
    ),
    (
        4,
        "LengthOutOfRange",
        "a length is out of range",
        "A length is greater than `PTRDIFF_MAX`.",
    ),
    (
        5,
        "WrongLength",
        "an input of fixed length has the wrong length",
        "Entropy, a store key or a hash key does not have its fixed length.",
    ),
    (
        6,
        "InvalidArgument",
        "an argument is not one of its constants or out of range",
        "A number is not one of the allowed constants or is out of range.",
    ),
    (
        7,
        "WrongHandle",
        "a handle is of another class, group or kind",
        "A handle has another class, settings have another group, or a tenant has another kind. \
         Detected on a best-effort basis; using a freed handle is undefined behaviour.",
    ),
    (
        8,
        "Poisoned",
        "an earlier call on this handle panicked",
        "An earlier call on this handle panicked. The handle can only be freed.",
    ),
    (
        9,
        "Panic",
        "the library panicked",
        "A bug in this library. All handles used by the call are poisoned.",
    ),
    (
        10,
        "WrongState",
        "not available in this state",
        "The requested data does not exist in this state: another step, another kind, an index out \
         of range, or the outcome of a write that was not confirmed as stored.",
    ),
    (
        11,
        "StructSize",
        "a struct has an unknown size",
        "The `size` of a struct is not supported by this library.",
    ),
    (
        12,
        "NotImplemented",
        "a callback is missing",
        "A required callback is NULL.",
    ),
    (
        99,
        "Unknown",
        "an unknown error",
        "An error of the engine that this header does not define.",
    ),
];

/// The rows of the statuses that are C's own.
pub(super) fn own() -> impl Iterator<Item = Row> {
    OWN.iter().map(|(number, name, text, meaning)| Row {
        number: *number,
        identifier: name,
        name,
        meaning: (*meaning).to_owned(),
        text: Some((*text).to_owned()),
    })
}
