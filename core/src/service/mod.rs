//! The wire contracts as exchanges without I/O.
//!
//! The host passes a [`Request`] to [`Engine::begin`] and drives the
//! [`Exchange`]: it executes each [`Step`] and passes the result back as an
//! [`Answer`]. A reply contains the verdict about a code only after the swap
//! that counts the attempt was answered with [`Answer::Stored`].

mod contract;
mod contracts;
mod cut_off;
mod drive;
mod exchange;
mod flow;
mod host;
mod jose;
mod message;
mod preview;
mod router;
pub mod settings;
mod tenant;

pub use contracts::camara::grant::Grant;
pub use cut_off::{CutOff, CutOffTarget, CutOffs, NewCutOff};
pub use drive::{AsyncHost, Host, LocalAsyncHost, drive, drive_async};
pub use exchange::{Engine, Exchange};
pub use host::{
    Answer, AnswerKind, Assess, Assessment, AssessmentKind, CheckSignature, EngineSettings,
    Introspect, Introspection, MAX_REQUEST_LEN, Reason, Reply, Request, RsaPublicKey, Sign,
    SignatureAlgorithm, Step, StepKind, TokenUse,
};
pub use message::{
    Alphabet, AndroidApp, AndroidApps, App, AppHash, Language, LanguageTag, Sms, Template, Texts,
    segments,
};
pub use preview::{PreviewAt, SendPreview};
pub use router::contract_of;
pub use tenant::{
    AnyTenant, Channel, ChannelKey, ChannelSettings, Client, ClientKey, ClientSettings, Customer,
    CustomerSettings, KeyVersion, Network, NewCredential, Overlap, Provisioned, Resealed, Scope,
    Tenant, TenantAdmin, TenantEntry, TenantKey, TenantOperation, TenantOutcome, TenantPage,
    TenantPatch, TenantSettings, reseal_document,
};
