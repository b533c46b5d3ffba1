//! The interface to the host: requests, steps and their answers, replies, and
//! the settings of an engine.

mod reply;
mod request;
pub(in crate::service) mod settings;
mod signature;
mod step;
pub(in crate::service) mod web_uri;

pub use reply::{Reason, Reply};
#[cfg(feature = "login")]
pub(crate) use request::Parameter;
pub use request::{MAX_REQUEST_LEN, Request};
pub use settings::{EngineSettings, TokenUse};
pub use signature::{CheckSignature, RsaPublicKey, Sign, SignatureAlgorithm};
pub use step::{
    Answer, AnswerKind, Assess, Assessment, AssessmentKind, Introspect, Introspection, Step,
    StepKind,
};
