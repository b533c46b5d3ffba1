//! The log.

use serde::{Deserialize, Serialize};

/// The log, which goes to the standard error stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// The minimum level of the lines written.
    pub level: LogLevel,
    /// The format of the lines.
    pub format: LogFormat,
}

/// How important a log line is, the most important first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Failures that need attention.
    Error,
    /// Temporary failures.
    Warn,
    /// Start, shutdown and each request.
    #[default]
    Info,
    /// Also requests for `/healthz` and `/metrics`, and broken connections.
    Debug,
}

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}
