//! Gateways, which deliver messages.

mod any;
mod config;
mod configured;
mod connections;
mod defined;
mod definition;
mod definitions;
mod format;
mod health;
mod http;
mod mask;
mod outbox;
mod request;
mod routes;
mod rule;
mod template;
mod test_message;

pub use self::any::Gateway;
pub(crate) use self::any::OUTBOX;
pub use self::config::{BUDGET, GatewayConfig};
pub(crate) use self::configured::checks;
pub use self::defined::Defined;
pub use self::definition::{Definition, SecretValues};
pub use self::definitions::{DefinitionError, Definitions, Listed, MOST, Stored, Updated};
pub use self::format::{BasicAuth, BodyFormat, GatewayKind, Method};
pub use self::health::Health;
pub(crate) use self::http::outcome;
pub use self::http::{Attempt, HttpGateway};
pub(crate) use self::mask::masked;
pub use self::outbox::{Message, Outbox};
pub use self::routes::deliver;
pub use self::rule::{Rule, Statuses};
pub(crate) use self::test_message::test_message;
