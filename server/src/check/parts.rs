//! The files and secrets that settings name.

use anyhow::Context;

use super::Check;
use crate::config::{Config, LoginConfig, TlsConfig};
use crate::gateway::{GatewayConfig, HttpGateway};
use crate::network::{self, SHORT_SECRET};
use crate::pem::certificates;
use crate::secret::SecretSource;
use crate::signing::SigningKeys;
use crate::tls;

impl Check<'_> {
    pub(super) fn tls(&mut self, config: &TlsConfig) {
        let setting = "tls.certificates";
        let chain = self.one(certificates(&config.certificates, setting));
        let key = self.one(tls::key(config));
        if let (Some(chain), Some(_)) = (chain, key) {
            self.one(tls::open(config));
            self.ends(setting, &chain);
        }
        self.private("tls.key", &config.key);
    }

    pub(super) fn gateway(&mut self, config: &GatewayConfig, is_complete: bool) {
        let mut are_readable = true;
        for (name, source) in &config.secrets {
            let setting = format!("gateway.secrets.{name}");
            are_readable &= self.secret(&setting, source).is_some();
        }
        let authorities = config.ca_certificates.as_deref();
        let setting = "gateway.ca_certificates";
        if let Some(path) = authorities {
            match self.one(certificates(path, setting)) {
                Some(authorities) => self.ends(setting, &authorities),
                None => are_readable = false,
            }
        }
        if let (true, Some(file)) = (config.has_password(), self.file) {
            self.private("gateway.basic_auth.password", file);
        }
        // Otherwise it has been reported.
        if is_complete && are_readable && config.check().is_ok() {
            self.one(HttpGateway::new(config));
        }
    }

    pub(super) fn network(&mut self, config: &Config) {
        for nas in &config.network.nas {
            let setting = format!("network.nas {}: secret", nas.address);
            let secret = self.secret(&setting, &nas.secret);
            if secret.is_some_and(|len| len < SHORT_SECRET) {
                self.warning(format!(
                    "{setting} has fewer than {SHORT_SECRET} characters"
                ));
            }
        }
        self.one(network::open(&config.network, &config.numbers));
    }

    pub(super) fn login(&mut self, config: &LoginConfig) {
        self.one(config.engine_settings().check().context("login.issuer"));
        let mut are_keys = true;
        for file in &config.signing_keys {
            let key = SigningKeys::load(core::slice::from_ref(file));
            are_keys &= self.one(key).is_some();
            self.private("login.signing_keys", file);
        }
        if are_keys {
            self.one(SigningKeys::load(&config.signing_keys));
        }
    }

    /// The length of a secret that can be read.
    fn secret(&mut self, setting: &str, source: &SecretSource) -> Option<usize> {
        if let SecretSource::File(path) = source {
            self.private(setting, path);
        }
        self.one(source.read(setting)).map(|secret| secret.len())
    }
}
