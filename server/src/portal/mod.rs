//! The administration portal.

pub(crate) mod signin;

use std::sync::Arc;

use crate::state::State;

/// The state that the handlers of the portal share.
#[derive(Clone, Debug)]
pub(crate) struct Portal {
    pub(crate) state: Arc<State>,
}
