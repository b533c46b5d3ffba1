//! The tokens of the CAMARA contracts and the login that issues them.

use core::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use mpass_core::service::{EngineSettings, TokenUse};
use serde::{Deserialize, Serialize};

use crate::callers::CallersConfig;
use crate::network::check_realm;

/// The tokens of the CAMARA contracts and the login that issues them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct LoginConfig {
    /// The base URL of the server for clients and devices; the login is
    /// disabled without it.
    pub issuer: Option<String>,
    /// The realm of the network table for callers on [`Config::listen`](super::Config::listen).
    pub realm: String,
    /// Further listeners for devices of other realms.
    pub realms: Vec<RealmConfig>,
    /// How often a token of Number Verification can be used.
    pub tokens: TokenUseConfig,
    /// PEM files with the RSA keys for ID tokens with RS256. The first one signs;
    /// the public keys of all are published.
    pub signing_keys: Vec<PathBuf>,
}

/// A further listener, for the devices of another network. Networks that assign
/// the same address to different subscribers are distinguished by the listener
/// that their devices connect to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RealmConfig {
    /// The address to listen on; port 0 picks a free port.
    pub listen: SocketAddr,
    /// The realm of the network table for callers on it.
    pub realm: String,
    /// The source of the callers' addresses on it: no header.
    #[serde(default)]
    pub callers: CallersConfig,
}

/// How often a token of Number Verification can be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenUseConfig {
    /// For one call.
    #[default]
    Once,
    /// For every call within its lifetime, in which it is an oracle for
    /// numbers.
    WithinLife,
}

impl LoginConfig {
    pub(super) fn checks(&self) -> Vec<anyhow::Result<()>> {
        let first = check_realm(&self.realm).context("login.realm");
        let further = self.realms.iter().map(|further| {
            check_realm(&further.realm).with_context(|| format!("login.realms {}", further.listen))
        });
        let callers = self.realms.iter().map(|further| {
            let checked = further.callers.check_identifying("callers");
            checked.with_context(|| format!("login.realms {}", further.listen))
        });
        core::iter::once(first)
            .chain(further)
            .chain(callers)
            .collect()
    }

    /// The engine's settings.
    #[must_use]
    pub fn engine_settings(&self) -> EngineSettings {
        EngineSettings {
            issuer: self.issuer.clone(),
            token_use: match self.tokens {
                TokenUseConfig::Once => TokenUse::Once,
                TokenUseConfig::WithinLife => TokenUse::WithinLife,
            },
        }
    }
}
