//! The state of a running server, for its operator. The names and units of the
//! members are stable; members may be added.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cut_off::CutOffInfo;
use super::machine::{CertificateStatus, KeyStatus, MachineStatus};

/// The state of a running server. Times are milliseconds of Unix time. It contains
/// no secret, code or phone number.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// What is wrong; empty if nothing is.
    pub problems: Vec<Problem>,
    /// The version of the server.
    pub version: String,
    /// Its process.
    pub pid: u32,
    /// When it was started.
    pub started_at_ms: u64,
    /// How long it has been running, in seconds.
    pub uptime_s: u64,
    /// The addresses that it listens on for requests.
    pub listeners: Vec<ListenerStatus>,
    /// The address for RADIUS accounting.
    pub accounting: Option<String>,
    /// The configuration.
    pub configuration: ConfigurationStatus,
    /// The store.
    pub store: StoreStatus,
    /// The keyring.
    pub keyring: KeyringStatus,
    /// The version of the table of numbering plans in the program.
    pub number_table: u16,
    /// The clock.
    pub clock: ClockStatus,
    /// The certificates that it serves, the leaf first.
    pub certificates: Vec<CertificateStatus>,
    /// The gateways, in the order in which they are tried.
    pub gateways: Vec<GatewayStatus>,
    /// What administrators have stopped, as far as it concerns this server.
    pub cut_offs: Vec<CutOffInfo>,
    /// The connections and what they use.
    pub budgets: BudgetStatus,
    /// The machines that serve from the store, this one among them, by host name.
    #[serde(default)]
    pub machines: Vec<MachineStatus>,
    /// Lines of the log that were dropped since the start.
    pub log_lines_dropped: u64,
    /// The requests of the last minutes.
    pub recent: RecentStatus,
}

/// Something that an operator has to attend to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// How urgent it is.
    pub level: Level,
    /// The member of [`Status`] that it is about.
    pub about: String,
    /// What is wrong, in one line.
    pub what: String,
}

/// How urgent a problem is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Requests fail, or will soon.
    Error,
    /// There is time to act.
    Warning,
}

/// An address that it listens on.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListenerStatus {
    /// Its URL.
    pub url: String,
    /// The realm of the network table for callers on it.
    pub realm: String,
}

/// The configuration in use.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfigurationStatus {
    /// Its file; `None` for the defaults.
    pub file: Option<PathBuf>,
    /// What identifies its settings, defaults included: machines with the same
    /// version, keyring and settings have the same. Secrets that settings refer
    /// to are not part of it.
    pub fingerprint: String,
    /// Whether the last reload, or the last renewal of a PEM file, failed, so that
    /// an older state is in use.
    pub reload_failed: bool,
    /// Why, each in one line without a value.
    #[serde(default)]
    pub failures: Vec<String>,
}

/// The store in use.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoreStatus {
    /// `embedded`, `memory`, `redis` or `postgres`.
    pub kind: String,
    /// The data directory, which has the admin socket.
    pub data_dir: PathBuf,
    /// Whether it answers.
    pub answers: bool,
    /// Why the last write failed, if it did.
    #[serde(default)]
    pub write_failure: Option<String>,
    /// The layout of its file; `None` for a store in memory.
    pub file_layout: Option<i32>,
    /// Its header; `None` if it does not answer.
    pub header: Option<HeaderStatus>,
}

/// The header of the store.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeaderStatus {
    /// The layout of stored values.
    pub layout: u16,
    /// The newest format of values that may be written.
    pub write_format: u16,
    /// The version of the table of numbering plans that numbers are canonical by.
    pub number_table: u16,
    /// The id of the record key that all machines write with.
    pub active_key: u16,
    /// When a backup was last put back.
    pub restored_at_ms: Option<u64>,
    /// Whether the restored store has not been confirmed yet.
    pub closed: bool,
}

/// The keyring in use.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyringStatus {
    /// Its file; `None` if it is in the environment.
    pub file: Option<PathBuf>,
    /// What identifies the locator key.
    pub locator: String,
    /// The id of the record key that the server writes with.
    pub active: u16,
    /// The record keys.
    pub keys: Vec<KeyStatus>,
}

/// The clock of the machine.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockStatus {
    /// Its time.
    pub now_ms: u64,
    /// The highest time that the store proves to have passed: that of the restore,
    /// or the one at which it last dropped an expired value. `None` if it proves
    /// none.
    pub store_ms: Option<u64>,
    /// How far the clock is behind that time.
    pub behind_ms: u64,
}

/// A gateway.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GatewayStatus {
    /// Its name.
    pub name: String,
    /// Whether it is defined in the store, and not in the configuration.
    pub is_stored: bool,
    /// Why it cannot be used; `None` if it can.
    pub unusable: Option<String>,
    /// Scheme and authority of its URL, or the demo's outbox.
    pub route: String,
    /// When a message was last accepted, since the start.
    pub success_at_ms: Option<u64>,
    /// When a message was last not accepted, since the start.
    pub failure_at_ms: Option<u64>,
    /// Why, without what the gateway may have repeated.
    pub failure: Option<String>,
}

/// What connections use of the budgets that they share.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BudgetStatus {
    /// Open connections.
    pub connections: usize,
    /// The maximum.
    pub most_connections: usize,
    /// The maximum that is configured: more if the file descriptors do not
    /// suffice.
    pub configured_connections: usize,
    /// Bytes that requests hold.
    pub request_bytes: usize,
    /// The maximum.
    pub most_request_bytes: usize,
    /// Requests that were received and are being answered.
    pub answering: usize,
}

/// The requests of the last minutes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecentStatus {
    /// How many minutes.
    pub minutes: u64,
    /// By contract and tenant.
    pub requests: Vec<RequestsStatus>,
}

/// The requests of a tenant.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequestsStatus {
    /// The contract.
    pub contract: String,
    /// The tenant's name; `None` without a valid credential, `(other)` for the
    /// tenants beyond 64.
    pub tenant: Option<String>,
    /// How many requests ended for which reason.
    pub reasons: BTreeMap<String, u64>,
}
