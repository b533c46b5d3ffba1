//! Access tokens of the CAMARA contracts, and what one is given for.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::Error;
use crate::challenge::Keyring;
use crate::number::PhoneNumber;
use crate::service::flow::Now;
use crate::service::jose::{Claims, Token};
use crate::service::tenant::{Client, Scope};

/// What an access token says: of a client, and of the device that it was
/// given for, if any.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct AccessClaims {
    /// The client's name.
    pub(super) client: String,
    /// The version of the credential that it was given for.
    pub(super) version: u32,
    /// Scope names with spaces between.
    pub(super) scope: String,
    /// The device's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<String>,
    /// How the device was authenticated.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) amr: Vec<String>,
}

/// The authentication method of a device that its mobile network recognised
/// by the address.
pub(crate) const BY_NETWORK: &str = "mobile_network";

impl Claims for AccessClaims {
    const TYPE: &'static str = "at+jwe";
    const AUDIENCE: &'static str = "camara";
}

/// What an access token is given for.
#[derive(Clone, Debug)]
pub struct Grant {
    /// What it is for; scopes that the client has not are left out.
    pub scopes: Vec<Scope>,
    /// The number of the device that was authenticated, if one was.
    pub number: Option<PhoneNumber>,
    /// Whether the mobile network or the SIM authenticated that device.
    pub is_by_network: bool,
    /// How long it lives, in seconds: at most 300 for one that has a number.
    pub life_s: u64,
}

/// The longest life of a token that has a number, in seconds (CAMARA Number
/// Verification 2.1.1).
pub(crate) const LONGEST_NUMBER_LIFE_S: u64 = 300;

impl Grant {
    /// An access token for a client, as the token endpoint gives it: for a
    /// host that authenticates devices in its own way.
    ///
    /// # Errors
    /// [`Error::InvalidLifetime`] for a life of no time, or of more than 300 s
    /// with a number; [`Error::UnknownRecordKey`] for a keyring without its
    /// newest key.
    pub fn token(
        &self,
        keyring: &Keyring,
        client: &Client,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Zeroizing<String>, Error> {
        let is_too_long = self.number.is_some() && self.life_s > LONGEST_NUMBER_LIFE_S;
        if self.life_s == 0 || is_too_long {
            return Err(Error::InvalidLifetime);
        }
        let now = Now {
            ms: now_ms,
            entropy: *entropy,
        };
        let scopes = self
            .scopes
            .iter()
            .filter(|scope| client.allows_scope(**scope));
        let claims = AccessClaims {
            client: client.settings().name.clone(),
            version: client.key_version(),
            scope: scopes
                .map(|scope| scope.name())
                .collect::<Vec<_>>()
                .join(" "),
            number: self.number.map(|number| number.as_str().to_string()),
            amr: self
                .is_by_network
                .then(|| BY_NETWORK.to_string())
                .into_iter()
                .collect(),
        };
        Token::new(claims, self.life_s, now)
            .seal(keyring, now)
            .map(Zeroizing::new)
            .ok_or(Error::UnknownRecordKey)
    }
}
