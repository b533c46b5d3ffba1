//! Statistics: what became of requests and messages, by tenant, country and gateway.
//!
//! Requests are counted in memory. Every few seconds what is new is added to documents
//! of the store, a shard for each machine: one document for each minute of an hour,
//! each quarter of an hour of a day and each hour of 90 days. Shards are added up when
//! they are read. There is no number in them, and nothing of one but its country code.

mod answer;
mod counts;
mod latency;
mod machine;
mod question;
mod recorder;
mod shards;
mod slot;
#[cfg(test)]
mod tests;

pub use answer::{GatewayRow, Row, StatisticsAnswer, StatisticsPoint};
pub use counts::Counts;
pub use latency::Percentiles;
pub use machine::machine_id;
pub use question::{StatisticsQuestion, TenantName, Window};
pub use recorder::{Event, Recorder};
pub use shards::Shards;
