//! The seam to the host: the request that it hands in, the steps that it is
//! asked for, the reply that it sends, and the settings of an engine.

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
