//! What the handlers of the portal share.

use std::sync::Arc;

use crate::reload::Reloader;
use crate::state::State;

/// The state that its handlers share.
#[derive(Clone)]
pub(crate) struct Portal {
    pub(crate) state: Arc<State>,
    pub(crate) reloader: Arc<Reloader>,
}

#[cfg(test)]
impl Portal {
    /// One whose configuration is not reloaded.
    pub(crate) fn of_test(state: Arc<State>) -> Self {
        use crate::admission::Admission;
        use crate::config::Config;
        use crate::options::ServeOptions;

        let config = Config::default();
        let connections = config.limits.connections;
        let admission =
            Admission::new(config.limits.budgets(connections, config.proxies()), |_| {});
        let options = ServeOptions::new(config, None, Some("/data".into()), false);
        let reloader = Reloader::new(Arc::clone(&state), Arc::new(admission), options.unwrap());
        Self {
            state,
            reloader: Arc::new(reloader),
        }
    }
}
