//! The wire contracts as exchanges without I/O.
//!
//! The host hands a [`Request`] to [`Engine::begin`] and drives the
//! [`Exchange`]: it does what each [`Step`] says and answers with what came
//! of it. The verdict about a code is in the reply only after the swap that
//! pays for it was answered [`Answer::Stored`].

mod assessed;
mod bearer;
mod camara;
mod channel;
mod client;
mod contract;
mod customer;
mod drive;
mod exchange;
mod flow;
#[cfg(feature = "login")]
mod login;
mod message;
mod mpass;
mod network;
mod number_verification;
mod otp_validation;
mod policy_wire;
mod reply;
mod request;
mod sealed_token;
mod segments;
mod send_flow;
mod settings;
mod signed_token;
mod step;
mod tenant;
mod tenant_rules;
mod verify_flow;
mod verify_now;

pub use bearer::Grant;
pub use channel::{Channel, ChannelKey, ChannelSettings, ChannelWrite};
pub use client::{Client, ClientSettings, Scope};
pub use contract::contract_of;
pub use customer::{Customer, CustomerSettings};
pub use drive::{AsyncHost, Host, drive, drive_async};
pub use exchange::{Engine, Exchange};
pub use message::{App, Language, Sms, Template};
pub use network::Network;
pub use reply::{Reason, Reply};
pub use request::{MAX_REQUEST_LEN, Request};
pub use segments::{Alphabet, segments};
pub use settings::{EngineSettings, TokenUse};
pub use step::{Answer, Assess, Assessment, Introspect, Introspection, Step};
pub use tenant::{Tenant, TenantKey, TenantSettings, TenantWrite, reseal_tenant};
