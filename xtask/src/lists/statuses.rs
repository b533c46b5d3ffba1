//! The statuses of the C ABI that are not errors of the core: numbers 0 to 99.

use super::catalogue::Row;

/// Number, identifier, text, meaning.
const OWN: &[(u16, &str, &str, &str)] = &[
    (0, "Ok", "success", "Success. Outputs are written."),
    (
        1,
        "NullArgument",
        "a pointer is NULL",
        "A pointer that must not be NULL is.",
    ),
    (
        2,
        "BufferTooSmall",
        "the buffer is too small",
        "The output does not fit; `*written` is the capacity that is needed.",
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
        "A length above `PTRDIFF_MAX`.",
    ),
    (
        5,
        "WrongLength",
        "bytes of a fixed length have another",
        "Entropy, a store key or a hash key of another length than its fixed one.",
    ),
    (
        6,
        "InvalidArgument",
        "an argument is none of its constants or out of range",
        "A number that is none of the constants it must be, or above its range.",
    ),
    (
        7,
        "WrongHandle",
        "a handle is of another class, group or kind",
        "A handle of another class, settings of another group or a tenant of another kind. Best \
         effort: a handle that was freed is undefined.",
    ),
    (
        8,
        "Poisoned",
        "the handle was in use in a call that panicked",
        "A call on this handle panicked before. It can be freed, nothing else.",
    ),
    (
        9,
        "Panic",
        "the library panicked",
        "A fault in this library. Every handle of the call is poisoned.",
    ),
    (
        10,
        "WrongState",
        "not available in this state",
        "What is asked for does not exist in this state: another step, kind or index, or the \
         outcome of a write that was not reported as stored.",
    ),
    (
        11,
        "StructSize",
        "a struct has an unknown size",
        "A struct whose `size` is not one that this library knows.",
    ),
    (
        12,
        "NotImplemented",
        "a callback is missing",
        "A callback that is needed is NULL.",
    ),
    (
        13,
        "EntropyFailed",
        "the host has no entropy",
        "The host's callback has no entropy.",
    ),
    (
        99,
        "Unknown",
        "an error that this header does not know",
        "An error of the engine that this header does not know.",
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
