//! ID tokens (OpenID Connect Core section 2), and their validation (section 3.1.3.7).

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use subtle::ConstantTimeEq;

use super::keys::{Algorithm, Keys};

/// How far the clocks of this server and the provider may be apart, in seconds.
const SKEW: u64 = 60;
/// How old a token may be: it was issued for this sign-in, in seconds.
const OLDEST: u64 = 600;
/// The longest token, in bytes.
const LONGEST: usize = 32 * 1024;
/// The longest subject (section 2), in bytes.
const LONGEST_SUBJECT: usize = 255;

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is no signed token, or has members that occur twice.
    Malformed,
    /// Its algorithm is none of those that are accepted, or it has critical
    /// extensions.
    Algorithm,
    /// The provider has no key of its id.
    UnknownKey,
    /// The signature is not the provider's.
    Signature,
    /// It is of another issuer.
    Issuer,
    /// It is for another client.
    Audience,
    /// It has expired, or is not valid yet, or was issued long ago.
    Time,
    /// It is of another sign-in.
    Nonce,
    /// Its subject is empty or too long.
    Subject,
}

impl Flaw {
    /// The reason in the log.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Algorithm => "algorithm",
            Self::UnknownKey => "unknown key",
            Self::Signature => "signature",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Time => "time",
            Self::Nonce => "nonce",
            Self::Subject => "subject",
        }
    }
}

/// What a token is compared with.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now_ms: u64,
}

/// Who has signed in at the provider, and how.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) subject: String,
    pub(super) acr: Option<String>,
    pub(super) amr: Vec<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// A token whose signature has not been checked.
pub(super) struct Unverified<'t> {
    signed: &'t str,
    signature: Vec<u8>,
    claims: Vec<u8>,
    algorithm: Algorithm,
    kid: Option<String>,
}

impl<'t> Unverified<'t> {
    /// Reads the header. Keys that it contains or refers to are ignored.
    ///
    /// # Errors
    /// [`Flaw::Malformed`] and [`Flaw::Algorithm`].
    pub(super) fn parse(token: &'t str) -> Result<Self, Flaw> {
        if token.len() > LONGEST {
            return Err(Flaw::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Flaw::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Flaw::Malformed)?;
        let decode = |text| Base64UrlUnpadded::decode_vec(text).map_err(|_| Flaw::Malformed);
        let header: Header = object(&decode(header)?)?;
        // Another kind of token of the same provider, such as `at+jwt` (RFC 9068).
        let is_jwt = |typ: &str| typ.eq_ignore_ascii_case("JWT");
        if header.crit.is_some() || !header.typ.as_deref().is_none_or(is_jwt) {
            return Err(Flaw::Algorithm);
        }
        Ok(Self {
            signed,
            signature: decode(signature)?,
            claims: decode(claims)?,
            algorithm: Algorithm::from_name(&header.alg).ok_or(Flaw::Algorithm)?,
            kid: header.kid,
        })
    }

    /// The id of the key that it states.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Checks signature and claims.
    ///
    /// # Errors
    /// [`Flaw`].
    pub(super) fn verify(self, keys: &Keys, expected: &Expected<'_>) -> Result<Identity, Flaw> {
        let kid = self.kid.as_deref();
        if !keys.has(kid) {
            return Err(Flaw::UnknownKey);
        }
        if !keys.have_signed(kid, self.algorithm, self.signed.as_bytes(), &self.signature) {
            return Err(Flaw::Signature);
        }
        let claims: Claims = object(&self.claims)?;
        claims.check(expected)?;
        Ok(Identity {
            subject: claims.sub,
            acr: claims.acr,
            amr: claims.amr,
        })
    }
}

impl Claims {
    fn check(&self, expected: &Expected<'_>) -> Result<(), Flaw> {
        if self.iss != expected.issuer {
            return Err(Flaw::Issuer);
        }
        let client = expected.client_id;
        let is_for_this = match &self.aud {
            Audience::One(aud) => aud == client,
            // With several, one of them must be named as the party.
            Audience::Several(all) => {
                all.iter().any(|aud| aud == client) && (all.len() == 1 || self.azp.is_some())
            }
        };
        if !is_for_this || self.azp.as_deref().is_some_and(|azp| azp != client) {
            return Err(Flaw::Audience);
        }
        if !self.is_timely(expected.now_ms) {
            return Err(Flaw::Time);
        }
        let nonce = self.nonce.as_deref().unwrap_or_default().as_bytes();
        if !bool::from(nonce.ct_eq(expected.nonce.as_bytes())) {
            return Err(Flaw::Nonce);
        }
        match (1..=LONGEST_SUBJECT).contains(&self.sub.len()) {
            true => Ok(()),
            false => Err(Flaw::Subject),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "seconds of Unix time")]
    fn is_timely(&self, now_ms: u64) -> bool {
        let now = (now_ms / 1000) as f64;
        let (skew, oldest) = (SKEW as f64, OLDEST as f64);
        // Written so that a number that is none is refused.
        now < self.exp + skew
            && self.iat <= now + skew
            && now <= self.iat + oldest + skew
            && self.nbf.is_none_or(|nbf| nbf <= now + skew)
    }
}

/// A JSON object. serde would also read a struct from an array.
fn object<T: DeserializeOwned>(json: &[u8]) -> Result<T, Flaw> {
    let is_object = json.trim_ascii_start().starts_with(b"{");
    let parsed = is_object.then(|| serde_json::from_slice(json).ok());
    parsed.flatten().ok_or(Flaw::Malformed)
}
