//! The interface to the host: requests, steps and their answers, replies, and
//! the settings of an engine.

mod reply;
mod request;
pub(in crate::service) mod settings;
mod step;

pub use reply::{Reason, Reply};
#[cfg(feature = "login")]
pub(crate) use request::Parameter;
pub use request::{MAX_REQUEST_LEN, Request};
pub use settings::{EngineSettings, TokenUse};
pub(crate) use settings::{host_of, is_loopback};
pub use step::{
    Answer, AnswerKind, Assess, Assessment, AssessmentKind, Introspect, Introspection, Step,
    StepKind,
};
