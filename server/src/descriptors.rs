//! The limit on file descriptors.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// File descriptors for everything but connections and their messages: the
/// store, the log, listeners, administration.
const OWN: u64 = 40;
/// A connection's own, and one to the gateway for its message.
const PER_CONNECTION: u64 = 2;

/// The number of connections that the process may have open: as many as are
/// configured, or fewer if its file descriptors do not suffice, which is logged.
/// The soft limit is raised as far as the hard limit allows.
pub(crate) fn connections(configured: usize) -> usize {
    let needed = needed(configured);
    let limit = getrlimit(Resource::Nofile);
    let available = limit.current.unwrap_or(u64::MAX);
    if available >= needed {
        return configured;
    }
    let raised = limit.maximum.map_or(needed, |most| most.min(needed));
    let new = Rlimit {
        current: Some(raised),
        maximum: limit.maximum,
    };
    let available = match setrlimit(Resource::Nofile, new) {
        Ok(()) => raised,
        Err(_) => available,
    };
    let possible = possible(available).min(configured);
    if possible < configured {
        tracing::warn!(
            descriptors = available,
            needed,
            configured,
            connections = possible,
            "limits.connections is lowered: the limit on file descriptors does not suffice"
        );
    }
    possible
}

/// The file descriptors that a number of connections needs, and the hard limit, if
/// that does not suffice.
pub(crate) fn shortfall(configured: usize) -> Option<(u64, u64)> {
    let needed = needed(configured);
    let most = getrlimit(Resource::Nofile).maximum?;
    (most < needed).then_some((needed, most))
}

fn needed(connections: usize) -> u64 {
    let connections = u64::try_from(connections).unwrap_or(u64::MAX);
    connections
        .saturating_mul(PER_CONNECTION)
        .saturating_add(OWN)
}

fn possible(descriptors: u64) -> usize {
    let connections = descriptors.saturating_sub(OWN) / PER_CONNECTION;
    usize::try_from(connections).unwrap_or(usize::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_is_possible() {
        for connections in [1, 2, 12, 4096] {
            assert_eq!(possible(needed(connections)), connections);
        }
        assert_eq!(possible(64), 12);
        assert_eq!(possible(3), 1);
        assert_eq!(needed(usize::MAX), u64::MAX);
    }
}
