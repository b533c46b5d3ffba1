//! What was not reloaded, so that an older state is in use.

use super::watch::Pem;

/// The last failures, until their successes.
#[derive(Debug, Default)]
pub(super) struct Failures {
    configuration: Option<String>,
    /// In the order of [`Pem::ALL`].
    renewals: [Option<String>; Pem::ALL.len()],
}

impl Failures {
    /// Everything is reloaded.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The configuration was not reloaded for this reason.
    pub(super) fn configuration(&mut self, reason: String) {
        self.configuration = Some(reason);
    }

    /// PEM files are in use.
    pub(super) fn renewed(&mut self, pem: Pem) {
        self.renewals[pem as usize] = None;
    }

    /// PEM files were not taken for this reason. Whether that is new.
    pub(super) fn renewal(&mut self, pem: Pem, reason: &str) -> bool {
        let last = self.renewals[pem as usize].replace(reason.to_owned());
        last.as_deref() != Some(reason)
    }

    /// The reasons, that of the configuration first.
    pub(super) fn reasons(&self) -> Vec<String> {
        let configuration = self.configuration.iter();
        let renewals = self.renewals.iter().flatten();
        configuration.chain(renewals).cloned().collect()
    }

    /// Whether there is a failure.
    pub(super) fn any(&self) -> bool {
        self.configuration.is_some() || self.renewals.iter().any(Option::is_some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_lasts_until_its_own_success() {
        let mut failures = Failures::default();
        assert!(!failures.any());
        // Whether it is to be logged.
        for (pem, reason, is_new) in [
            (Pem::Tls, "no file", true),
            (Pem::Tls, "no file", false),
            (Pem::Tls, "no key", true),
            (Pem::Authorities, "no key", true),
        ] {
            assert_eq!(failures.renewal(pem, reason), is_new, "{reason}");
        }
        failures.renewed(Pem::Tls);
        assert!(failures.any());
        failures.renewed(Pem::Authorities);
        assert!(!failures.any());
        failures.configuration("no port".to_owned());
        failures.renewed(Pem::Tls);
        assert!(failures.any());
        assert!(failures.renewal(Pem::Tls, "no file"));
        failures.clear();
        assert!(!failures.any());
    }
}
