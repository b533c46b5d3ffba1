//! Clients: the callers of the CAMARA contracts and of the login.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::document::document;
use super::network::Network;
use super::public_key::ClientKey;
use super::redirect_uri::MOST_REDIRECT_URIS;
use super::scope::Scope;
use super::service_id;
use super::settings::sealed::Sealed;
use super::settings::{
    TenantSettings, check_one_app, check_shared, checked, put_name_and_policy, shared_members,
    with_name_and_policy,
};
use super::stored::Tenant;
use crate::Error;
use crate::challenge::{Document, Keyring, Policy};
use crate::labels;
use crate::service::host::SignatureAlgorithm;
use crate::service::message::AndroidApps;
use crate::service::settings::{Field, Refused, settings};

/// A caller of the CAMARA contracts and the login. Its name is its `client_id`,
/// and the secret of its credential ([`super::TenantKey::expose_secret`]) is its
/// `client_secret`.
pub type Client = Tenant<ClientSettings>;

/// The settings of a client.
#[derive(Clone, Debug, Decode, Encode)]
#[cbor(map)]
pub struct ClientSettings {
    /// Its `client_id`: 1 to 64 ASCII letters, digits, `-`, `_` and `.`.
    #[n(0)]
    pub name: String,
    /// The networks that the client's servers may call from; empty allows any
    /// address. Devices that log in for the client are not restricted by it.
    #[n(1)]
    pub addresses: Vec<Network>,
    /// The scopes that it may request.
    #[n(2)]
    pub scopes: Vec<Scope>,
    /// The rules of its challenges.
    #[n(3)]
    pub policy: Policy,
    /// The redirect URIs of a login, at most 8, compared exactly.
    #[n(4)]
    pub redirect_uris: Vec<String>,
    /// The public key that verifies its `private_key_jwt` assertions.
    #[n(5)]
    pub public_key: Option<ClientKey>,
    /// The host that the last line of a message binds the code to.
    #[n(6)]
    pub host: Option<String>,
    /// The sender that its messages show, for gateways that support it.
    #[n(7)]
    pub sender: Option<String>,
    /// The algorithm that signs its ID tokens; absent in a value written before
    /// there was a choice.
    #[n(8)]
    pub id_token_alg: SignatureAlgorithm,
    /// The Android apps that read its messages. The contract has no
    /// applications, so there is at most one.
    #[n(30)]
    pub android_apps: AndroidApps,
}

impl ClientSettings {
    /// A client with this name and otherwise default settings: all scopes except
    /// `number-verification:device-phone-number:read`, which reveals numbers.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            addresses: Vec::new(),
            scopes: alloc::vec![Scope::Verify, Scope::SendValidate],
            policy: Policy::default(),
            redirect_uris: Vec::new(),
            public_key: None,
            host: None,
            sender: None,
            id_token_alg: SignatureAlgorithm::Es256,
            android_apps: AndroidApps::new(),
        }
    }
}

settings! {
    ClientSettings, Client, start: with_name_and_policy, finish: checked, more: put_name_and_policy;
    addresses: Addresses,
    scopes: Scopes,
    redirect_uris: RedirectUris,
    public_key: PublicKey,
    host: Host,
    sender: Sender,
    id_token_alg: IdTokenAlg,
    android_apps: AndroidAppHashes,
}

impl TenantSettings for ClientSettings {}

impl Sealed for ClientSettings {
    const DOCUMENT: Document = document::<Self>(0x53, labels::CLIENT, 0x43);
    const SERVICE: &'static str = service_id::OTP_VALIDATION;
    const IS_NAMED_BY_CREDENTIAL: bool = false;

    shared_members!();

    fn check(&self) -> Result<(), Refused> {
        if self.redirect_uris.len() > MOST_REDIRECT_URIS {
            let error = Error::InvalidRedirectUri;
            return Err(Refused::field(Field::RedirectUris, error));
        }
        if self.public_key.as_ref().is_some_and(|key| !key.is_valid()) {
            let error = Error::InvalidPublicKey;
            return Err(Refused::field(Field::PublicKey, error));
        }
        check_shared(self.host.as_deref(), self.sender.as_deref())?;
        check_one_app(&self.android_apps)
    }
}

impl Client {
    /// Whether the client may request a scope.
    #[must_use]
    pub fn allows_scope(&self, scope: Scope) -> bool {
        self.settings.scopes.contains(&scope)
    }

    /// Whether `secret` is the client's `client_secret`, or its predecessor
    /// within the overlap: see [`Self::authenticate`].
    #[must_use]
    pub fn has_secret(&self, keyring: &Keyring, secret: &str, now_ms: u64) -> bool {
        self.has_credential(keyring, secret, now_ms)
            .unwrap_or(false)
    }

    /// The public keys that verify its `private_key_jwt` assertions at a time,
    /// each with the time in milliseconds of Unix time from which it is not valid
    /// any more: the current one, and the one that it replaced within the
    /// overlap. `now_ms` is the current time.
    pub fn public_keys(&self, now_ms: u64) -> impl Iterator<Item = (&ClientKey, Option<u64>)> {
        let current = self.settings.public_key.as_ref().map(|key| (key, None));
        let previous = self
            .previous_public_key
            .as_ref()
            .filter(|previous| previous.validity.contains(now_ms))
            .map(|previous| (&previous.key, Some(previous.validity.until_ms)));
        current.into_iter().chain(previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::settings::{Group, Settings};
    use crate::service::tenant::Overlap;
    use crate::service::tenant::desk::{Desk, created};

    /// The generator of P-256 (SEC 2 section 2.4.2).
    const POINT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
        4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    fn point() -> [u8; 65] {
        let mut point = [0; 65];
        base16ct::lower::decode(POINT, &mut point).unwrap();
        point
    }

    #[test]
    fn settings_come_back_as_they_were_written() {
        let keyring = Keyring::generate(&[7; 32]);
        let settings = ClientSettings {
            addresses: alloc::vec!["10.0.0.0/8".parse().unwrap()],
            scopes: Scope::ALL.to_vec(),
            redirect_uris: alloc::vec!["https://app.example/back".into()],
            public_key: Some(ClientKey::P256(point())),
            id_token_alg: SignatureAlgorithm::Rs256,
            host: Some("app.example".into()),
            sender: Some("App".into()),
            ..ClientSettings::new("app")
        };
        let shown = alloc::format!("{settings:?}");
        let created = created(&keyring, &settings.to_values(), 1, &[2; 32]).unwrap();
        let client = Client::open(&keyring, &created.store_key, &created.value).unwrap();
        assert_eq!(alloc::format!("{:?}", client.settings()), shown);
        let secret = created.new.credential;
        assert!(client.has_secret(&keyring, &secret, 1));
        assert!(!client.has_secret(&keyring, &secret[1..], 1));
        assert!(!client.has_secret(&keyring, "", 1));
    }

    /// Earlier versions accepted more redirect URIs.
    #[test]
    fn a_stored_client_outlives_a_stricter_check() {
        let keyring = Keyring::generate(&[7; 32]);
        let mut desk = Desk::new(&keyring, 1);
        let values = ClientSettings::new("app").to_values();
        desk.run(desk.admin.create(&values, &[2; 32])).unwrap();
        let store_key = Client::store_key(&keyring, "app");
        let value = desk.document(&store_key).unwrap();
        let mut client = Client::open(&keyring, &store_key, &value).unwrap();
        client.settings.redirect_uris = alloc::vec!["https://app.example:99999/back".into()];
        let stricter = client.settings.to_values();
        desk.store(client.write(&keyring, Some(&value), 1, &[3; 32]).unwrap());
        let (group, overlap) = (Group::Client, Overlap::DEFAULT);
        desk.run(desk.admin.rotate(group, "app", overlap, &[4; 32]))
            .unwrap();
        desk.run(desk.admin.revoke(group, "app", &[5; 32])).unwrap();
        let refused = desk.run(desk.admin.create(&stricter, &[6; 32]));
        assert_eq!(refused.unwrap_err().error, Error::RedirectUriPort);
    }

    #[test]
    fn public_keys() {
        let check = |key| {
            let public_key = Some(ClientKey::P256(key));
            ClientSettings {
                public_key,
                ..ClientSettings::new("app")
            }
            .check()
            .map_err(Error::from)
        };
        let point = point();
        assert_eq!(check(point), Ok(()));
        let refused = Err(Error::InvalidPublicKey);
        // Tags of the point at infinity, of compressed and hybrid points (ANSI
        // X9.62), and unassigned ones.
        for tag in [0, 2, 3, 5, 6, 7] {
            let mut key = point;
            key[0] = tag;
            assert_eq!(check(key), refused, "{tag}");
        }
        if cfg!(feature = "login") {
            let mut off_curve = point;
            off_curve[64] ^= 1;
            assert_eq!(check(off_curve), refused, "not on the curve");
            let mut large = [0xff; 65];
            large[0] = 4;
            assert_eq!(check(large), refused, "not an element of the field");
            let mut zeros = [0; 65];
            zeros[0] = 4;
            assert_eq!(check(zeros), refused, "the identity has no coordinates");
        }
    }
}
