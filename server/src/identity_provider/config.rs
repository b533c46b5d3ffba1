//! The configuration of an identity provider.

use std::path::PathBuf;

use anyhow::ensure;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::secret::SecretSource;

/// The path to which the provider sends browsers back.
pub(crate) const RETURN_PATH: &str = "/signin/provider/return";

/// An OpenID provider with which administrators sign in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityProviderConfig {
    /// Its issuer identifier, exactly as it is in its ID tokens.
    pub issuer: String,
    /// The portal's id as a client of the provider.
    pub client_id: String,
    /// The secret of the client; without it, the client is a public one.
    pub client_secret: Option<SecretSource>,
    /// Where the provider sends browsers back: the address of the portal, followed by
    /// `/signin/provider/return`.
    pub redirect_uri: String,
    /// The scopes that are asked for.
    #[serde(default = "default_scope")]
    pub scope: String,
    /// The provider's sign-in counts as two factors if its ID token has one of these
    /// values of `acr`. They are asked for.
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// The same for a value in `amr`, such as `mfa` (RFC 8176).
    #[serde(default)]
    pub amr: Vec<String>,
    /// A PEM file with the authorities that the provider's certificate is verified
    /// against; the system's without it.
    pub ca_certificates: Option<PathBuf>,
}

fn default_scope() -> String {
    "openid".to_owned()
}

impl IdentityProviderConfig {
    /// The checks of what needs no network, file or environment.
    pub(crate) fn checks(&self) -> Vec<anyhow::Result<()>> {
        vec![
            self.check_issuer(),
            self.check_redirect_uri(),
            self.check_texts(),
        ]
    }

    fn check_issuer(&self) -> anyhow::Result<()> {
        // OpenID Connect Discovery section 3.
        let is_issuer = Url::parse(&self.issuer).is_ok_and(|url| {
            is_web(&url) && url.query().is_none() && !self.issuer.ends_with("/.well-known")
        });
        ensure!(
            is_issuer,
            "portal.oidc.issuer is no URL of https without query and fragment"
        );
        Ok(())
    }

    fn check_redirect_uri(&self) -> anyhow::Result<()> {
        let is_right = Url::parse(&self.redirect_uri)
            .is_ok_and(|url| is_web(&url) && url.path() == RETURN_PATH && url.query().is_none());
        ensure!(
            is_right,
            "portal.oidc.redirect_uri is not the address of the portal followed by {RETURN_PATH}"
        );
        Ok(())
    }

    fn check_texts(&self) -> anyhow::Result<()> {
        let is_text =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        ensure!(
            is_text(&self.client_id),
            "portal.oidc.client_id is not valid"
        );
        let mut scopes = self.scope.split(' ');
        ensure!(
            scopes.clone().all(is_text) && scopes.any(|scope| scope == "openid"),
            "portal.oidc.scope has no openid"
        );
        let mut values = self.acr_values.iter().chain(&self.amr);
        ensure!(
            values.all(|value| is_text(value)),
            "portal.oidc.acr_values or amr has a value that is not valid"
        );
        Ok(())
    }
}

/// An absolute URL of the web without user or fragment. `[egress]` decides about
/// plain http.
pub(super) fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "http")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
}
