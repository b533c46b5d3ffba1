//! Access tokens of the CAMARA contracts, and the grants that they are issued
//! for.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::Error;
use crate::challenge::Keyring;
use crate::labels::{self, Label};
use crate::number::PhoneNumber;
use crate::service::flow::Now;
use crate::service::jose::{Claims, Token};
use crate::service::tenant::{Client, KeyVersion, Scope};

/// The claims of an access token about a client and, if it was issued for a
/// device, about that device.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct AccessClaims {
    /// The client's name.
    pub(super) client: String,
    /// The version of the client's credential when the token was issued.
    pub(super) version: u32,
    /// The names of the scopes, separated by spaces.
    pub(super) scope: String,
    /// The device's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<String>,
    /// The authentication methods of the device, as in the claim `amr`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) amr: Vec<String>,
}

/// The authentication method of a device that its mobile network identified by
/// its address.
pub(crate) const BY_NETWORK: &str = "mobile_network";

impl Claims for AccessClaims {
    const LABEL: Label<labels::Tokens> = labels::ACCESS_TOKEN;
    const AUDIENCE: &'static str = "camara";
}

/// The description of an access token that a host issues after authenticating a
/// device in its own way.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The scopes of the token. Scopes that the client may not request are left
    /// out.
    pub scopes: Vec<Scope>,
    /// The number of the authenticated device, if any.
    pub number: Option<PhoneNumber>,
    /// Whether the mobile network or the SIM authenticated that device.
    pub is_by_network: bool,
    /// The lifetime in seconds: at least 1, and at most 300 with a number.
    pub life_s: u64,
}

/// An access token that was issued, and its lifetime in seconds.
pub(crate) type Issued = (Zeroizing<String>, u64);

/// The longest lifetime of a token with a number, in seconds (CAMARA Number
/// Verification 2.1.1).
pub(crate) const LONGEST_NUMBER_LIFE_S: u64 = 300;

impl Grant {
    /// Issues an access token to a client, of the same form as those of the token
    /// endpoint. `now_ms` is the current time in milliseconds of Unix time,
    /// `entropy` 32 bytes of fresh entropy.
    ///
    /// # Errors
    /// [`Error::InvalidLifetime`] for a lifetime of 0, or of more than 300 s with
    /// a number; [`Error::UnknownRecordKey`] for a keyring without its newest
    /// key.
    pub fn token(
        &self,
        keyring: &Keyring,
        client: &Client,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Zeroizing<String>, Error> {
        let version = KeyVersion {
            number: client.key_version(),
            until_ms: None,
        };
        let now = Now {
            ms: now_ms,
            entropy: *entropy,
            restored_at_ms: None,
        };
        let (token, _) = self.token_for(keyring, client, version, now)?;
        Ok(token)
    }

    /// As [`Self::token`], for the version of the credential that the client
    /// has authenticated with. The token expires no later than that.
    pub(crate) fn token_for(
        &self,
        keyring: &Keyring,
        client: &Client,
        version: KeyVersion,
        now: Now,
    ) -> Result<Issued, Error> {
        let is_too_long = self.number.is_some() && self.life_s > LONGEST_NUMBER_LIFE_S;
        if self.life_s == 0 || is_too_long {
            return Err(Error::InvalidLifetime);
        }
        let remaining_ms = version
            .until_ms
            .map_or(u64::MAX, |until_ms| until_ms.saturating_sub(now.ms));
        let life_s = self.life_s.min(remaining_ms / 1000);
        let scopes = self
            .scopes
            .iter()
            .filter(|scope| client.allows_scope(**scope));
        let claims = AccessClaims {
            client: client.settings().name.clone(),
            version: version.number,
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
        let token = Token::new(claims, life_s, now).seal(keyring, now);
        let token = token.ok_or(Error::UnknownRecordKey)?;
        Ok((Zeroizing::new(token), life_s))
    }
}
