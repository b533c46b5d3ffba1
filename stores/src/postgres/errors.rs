//! What the errors of the database mean.

use mpass_core::Error;
use tokio_postgres::error::SqlState;

use crate::remote::Failed;

/// Whether the database has rolled a statement back, so that it can be tried again.
pub(super) fn is_rolled_back(error: &tokio_postgres::Error) -> bool {
    let rolled_back = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ];
    error.code().is_some_and(|code| rolled_back.contains(code))
}

/// A statement that changed nothing, or one with the outcome `uncertain`, such as when
/// the connection has failed or the server was stopped.
pub(super) fn failed(error: &tokio_postgres::Error, uncertain: Error) -> Failed {
    let Some(code) = error.code() else {
        return Failed {
            error: uncertain,
            ..Failed::broken("the connection failed")
        };
    };
    let text = format!("the server answered {}", code.code());
    match code.code() {
        // The server or an administrator has intervened, also during a commit.
        stopped if stopped.starts_with("57") || stopped.starts_with("08") => Failed {
            error: uncertain,
            ..Failed::broken(text)
        },
        // It is a standby now, or does not have the statements of this session any more.
        "25006" | "26000" | "0A000" => Failed::broken(text),
        "53100" => Failed {
            error: Error::StoreFull,
            ..Failed::not_stored(text)
        },
        _ => Failed::not_stored(text),
    }
}

/// Why there is no connection, without a value.
pub(super) fn why_not(error: &tokio_postgres::Error) -> String {
    let source = core::error::Error::source(error);
    let io = source.and_then(|source| source.downcast_ref::<std::io::Error>());
    match (error.code(), io) {
        (Some(code), _) => format!("cannot connect: the server answered {}", code.code()),
        (None, Some(io)) => format!("cannot connect: {}", io.kind()),
        (None, None) => "cannot connect".to_owned(),
    }
}
