//! The paths of the login.

pub(super) const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";
pub(super) const JWKS_PATH: &str = "/oauth2/jwks";
pub(super) const AUTHORIZE_PATH: &str = "/oauth2/authorize";
pub(super) const TOKEN_PATH: &str = "/oauth2/token";
