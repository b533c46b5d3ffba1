use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use base64ct::{Base64UrlUnpadded, Encoding};
use minicbor::{Decode, Encode};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::message::{App, Language, Template, check_host};
use super::network::Network;
use super::policy_wire::PolicyWire;
use crate::Error;
use crate::challenge::{Keyring, Policy, fresh, open_value, seal_value};
use crate::number::CallingCode;
use crate::store::{Kind, MAX_TENANT_LEN, NEVER, StoreKey, Swap};

/// Kind and version of a channel's value.
const FORMAT: u8 = 0x41;
/// The length of a channel key: place and secret in base64url.
const KEY_TEXT_LEN: usize = 64;

/// What an administrator says of a channel: the caller of the mPass contract.
#[derive(Clone, Debug)]
pub struct ChannelSettings {
    /// The channel's name, unique among channels: 1 to 64 ASCII letters,
    /// digits, `-`, `_` and `.`.
    pub name: String,
    /// Where it may call from; empty: from anywhere.
    pub addresses: Vec<Network>,
    /// Applications that it may send for; empty: any.
    pub apps: Vec<App>,
    /// Its rules.
    pub policy: Policy,
    /// The country of numbers in national form.
    pub country: Option<CallingCode>,
    /// The host that codes are bound to in the last line of a message.
    pub host: Option<String>,
    /// Its own English text.
    pub english: Option<Template>,
    /// Its own Arabic text.
    pub arabic: Option<Template>,
    /// The sender that its messages show, for gateways that take one.
    pub sender: Option<String>,
}

impl ChannelSettings {
    /// A channel of this name with every default.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            addresses: Vec::new(),
            apps: Vec::new(),
            policy: Policy::default(),
            country: None,
            host: None,
            english: None,
            arabic: None,
            sender: None,
        }
    }

    fn check(&self) -> Result<(), Error> {
        check_name(&self.name)?;
        if let Some(host) = &self.host {
            check_host(host)?;
        }
        match &self.sender {
            Some(sender) if sender.is_empty() || sender.len() > 32 => Err(Error::InvalidName),
            Some(sender) if sender.chars().any(char::is_control) => Err(Error::InvalidName),
            _ => Ok(()),
        }
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if (1..=64).contains(&name.len()) && name.bytes().all(allowed) {
        Ok(())
    } else {
        Err(Error::InvalidName)
    }
}

/// A channel as it stands in the store.
#[derive(Clone, Debug)]
pub struct Channel {
    pub(super) settings: ChannelSettings,
    id: [u8; 16],
    key_hash: [u8; 32],
    key_version: u32,
    created_at_ms: u64,
    pub(super) is_revoked: bool,
}

/// A channel key, 256 bits of secret behind the place of its channel: what the
/// caller sends as `apikey`. Shown once; only a keyed hash of it is stored.
pub struct ChannelKey {
    pub(super) place: StoreKey,
    pub(super) secret: Zeroizing<[u8; 32]>,
}

/// A channel that is to be written, with the key that may be told once it is.
#[must_use = "the channel exists only once the swap is stored"]
pub struct ChannelWrite {
    swap: Swap,
    key: ChannelKey,
}

impl ChannelWrite {
    /// The swap that creates or changes the channel.
    #[must_use]
    pub fn swap(&self) -> &Swap {
        &self.swap
    }

    /// The key. Call this only once the swap is durably stored.
    pub fn stored(self) -> ChannelKey {
        self.key
    }
}

impl ChannelKey {
    /// The key as text: 64 letters, digits, `-` and `_`.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; 48]);
        bytes[..16].copy_from_slice(&self.place.0);
        bytes[16..].copy_from_slice(&*self.secret);
        Zeroizing::new(Base64UrlUnpadded::encode_string(&*bytes))
    }

    /// Reads a key.
    ///
    /// # Errors
    /// [`Error::InvalidChannelKey`] for text that is not one.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; 48]);
        if text.len() != KEY_TEXT_LEN || Base64UrlUnpadded::decode(text, &mut *bytes).is_err() {
            return Err(Error::InvalidChannelKey);
        }
        let mut place = [0; 16];
        let mut secret = Zeroizing::new([0; 32]);
        place.copy_from_slice(&bytes[..16]);
        secret.copy_from_slice(&bytes[16..]);
        Ok(Self {
            place: StoreKey(place),
            secret,
        })
    }

    /// Where the channel stands that the key claims to belong to.
    #[must_use]
    pub fn place(&self) -> StoreKey {
        self.place
    }

    fn hash(&self, keyring: &Keyring) -> [u8; 32] {
        keyring.credential_hash(b"channel key", [&self.place.0, &*self.secret])
    }
}

/// Shows nothing of the key.
impl fmt::Debug for ChannelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelKey")
    }
}

impl Channel {
    /// Where the channel of a name stands, among [`Kind::Tenant`].
    #[must_use]
    pub fn place(keyring: &Keyring, name: &str) -> StoreKey {
        keyring.place(b"channel", [name.as_bytes()])
    }

    /// A new channel. `current` is what stands at its place.
    ///
    /// # Errors
    /// [`Error::NameTaken`] when a channel of that name is in use; the
    /// settings' own errors; [`Error::TenantTooLarge`].
    pub fn create(
        keyring: &Keyring,
        current: Option<&[u8]>,
        settings: ChannelSettings,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<ChannelWrite, Error> {
        let place = Self::place(keyring, &settings.name);
        if let Some(bytes) = current
            && !Self::open(keyring, &place, bytes)?.is_revoked
        {
            return Err(Error::NameTaken);
        }
        Self::fresh(keyring, current, settings, now_ms, entropy)
            .with_new_key(keyring, current, now_ms, entropy)
    }

    /// A channel that has no key yet.
    pub(super) fn fresh(
        keyring: &Keyring,
        current: Option<&[u8]>,
        settings: ChannelSettings,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Self {
        let place = Self::place(keyring, &settings.name);
        Self {
            settings,
            id: fresh(b"tenant id", entropy, now_ms, &place, current, &[]),
            key_hash: [0; 32],
            key_version: 0,
            created_at_ms: now_ms,
            is_revoked: false,
        }
    }

    /// The same channel with a new key; the old one is dead once this is
    /// stored. `current` is what the channel was opened from.
    ///
    /// # Errors
    /// [`Error::TenantTooLarge`].
    pub fn rotate(
        &self,
        keyring: &Keyring,
        current: &[u8],
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<ChannelWrite, Error> {
        self.clone()
            .with_new_key(keyring, Some(current), now_ms, entropy)
    }

    /// The swap that revokes the channel. Its record stays, so that its name
    /// is known to be revoked.
    ///
    /// # Errors
    /// [`Error::TenantTooLarge`].
    pub fn revoke(
        &self,
        keyring: &Keyring,
        current: &[u8],
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Swap, Error> {
        let revoked = Self {
            is_revoked: true,
            ..self.clone()
        };
        revoked.write(keyring, Some(current), now_ms, entropy)
    }

    /// Reads the channel that stands at a place.
    ///
    /// # Errors
    /// [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] when it is not a channel of ours.
    pub fn open(keyring: &Keyring, place: &StoreKey, bytes: &[u8]) -> Result<Self, Error> {
        let payload = open_value(keyring, place, FORMAT, bytes)?;
        let wire: Wire<'_> = minicbor::decode(payload).map_err(|_| Error::RecordFormat)?;
        wire.read().map_err(|_| Error::RecordFormat)
    }

    /// What the administrator said of it.
    #[must_use]
    pub fn settings(&self) -> &ChannelSettings {
        &self.settings
    }

    /// The stable id that its numbers' records are kept under.
    #[must_use]
    pub fn id(&self) -> &[u8; 16] {
        &self.id
    }

    /// How many keys it has had.
    #[must_use]
    pub fn key_version(&self) -> u32 {
        self.key_version
    }

    /// When it was created, in milliseconds of Unix time.
    #[must_use]
    pub fn created_at_ms(&self) -> u64 {
        self.created_at_ms
    }

    /// Whether it was revoked.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.is_revoked
    }

    /// Whether this is its key, compared in constant time.
    #[must_use]
    pub fn has_key(&self, keyring: &Keyring, key: &ChannelKey) -> bool {
        self.key_hash.ct_eq(&key.hash(keyring)).into()
    }

    /// Whether it may call from an address.
    #[must_use]
    pub fn allows_address(&self, address: IpAddr) -> bool {
        let addresses = &self.settings.addresses;
        addresses.is_empty() || addresses.iter().any(|network| network.contains(address))
    }

    /// Whether it may send for an application.
    #[must_use]
    pub fn allows_app(&self, app: &App) -> bool {
        self.settings.apps.is_empty() || self.settings.apps.contains(app)
    }

    pub(super) fn template(&self, language: Language) -> Option<&Template> {
        match language {
            Language::English => self.settings.english.as_ref(),
            Language::Arabic => self.settings.arabic.as_ref(),
        }
    }

    fn with_new_key(
        self,
        keyring: &Keyring,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<ChannelWrite, Error> {
        let place = Self::place(keyring, &self.settings.name);
        let secret = fresh(b"channel key", entropy, now_ms, &place, current, &[]);
        let key = ChannelKey {
            place,
            secret: Zeroizing::new(secret),
        };
        self.with_key(keyring, current, key, now_ms, entropy)
    }

    pub(super) fn with_key(
        mut self,
        keyring: &Keyring,
        current: Option<&[u8]>,
        key: ChannelKey,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<ChannelWrite, Error> {
        self.key_hash = key.hash(keyring);
        self.key_version = self.key_version.saturating_add(1);
        self.is_revoked = false;
        let swap = self.write(keyring, current, now_ms, entropy)?;
        Ok(ChannelWrite { swap, key })
    }

    /// What is sealed of it.
    pub(super) fn payload(&self) -> Result<Vec<u8>, Error> {
        minicbor::to_vec(Wire::of(self)).map_err(|_| Error::TenantTooLarge)
    }

    fn write(
        &self,
        keyring: &Keyring,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Swap, Error> {
        self.settings.check()?;
        let place = Self::place(keyring, &self.settings.name);
        let stamp = fresh(b"stamp", entropy, now_ms, &place, current, b"channel");
        let payload = self.payload()?;
        let value = seal_value(keyring, &place, FORMAT, stamp, &payload)?;
        if value.len() > MAX_TENANT_LEN {
            return Err(Error::TenantTooLarge);
        }
        Ok(Swap {
            kind: Kind::Tenant,
            key: place,
            expected: current.map(<[u8]>::to_vec),
            value,
            expires_at_ms: NEVER,
        })
    }
}

/// The payload: a CBOR map with numbered fields, so that one can be added and
/// an older reader skips it.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire<'a> {
    #[b(0)]
    name: &'a str,
    #[cbor(n(1), with = "minicbor::bytes")]
    id: [u8; 16],
    #[cbor(n(2), with = "minicbor::bytes")]
    key_hash: [u8; 32],
    #[n(3)]
    key_version: u32,
    #[n(4)]
    created_at_ms: u64,
    #[n(5)]
    is_revoked: bool,
    #[n(6)]
    addresses: Vec<String>,
    #[b(7)]
    apps: Vec<&'a str>,
    #[n(8)]
    policy: PolicyWire,
    #[n(9)]
    country: Option<u16>,
    #[b(10)]
    host: Option<&'a str>,
    #[b(11)]
    english: Option<&'a str>,
    #[b(12)]
    arabic: Option<&'a str>,
    #[b(13)]
    sender: Option<&'a str>,
}

impl<'a> Wire<'a> {
    fn of(channel: &'a Channel) -> Self {
        let settings = &channel.settings;
        Self {
            name: &settings.name,
            id: channel.id,
            key_hash: channel.key_hash,
            key_version: channel.key_version,
            created_at_ms: channel.created_at_ms,
            is_revoked: channel.is_revoked,
            addresses: settings
                .addresses
                .iter()
                .map(alloc::string::ToString::to_string)
                .collect(),
            apps: settings.apps.iter().map(App::as_str).collect(),
            policy: PolicyWire::of(&settings.policy),
            country: settings.country.map(CallingCode::get),
            host: settings.host.as_deref(),
            english: settings.english.as_ref().map(Template::as_str),
            arabic: settings.arabic.as_ref().map(Template::as_str),
            sender: settings.sender.as_deref(),
        }
    }

    fn read(self) -> Result<Channel, Error> {
        let settings = ChannelSettings {
            name: self.name.into(),
            addresses: self
                .addresses
                .iter()
                .map(|text| text.parse())
                .collect::<Result<_, _>>()?,
            apps: self
                .apps
                .into_iter()
                .map(App::new)
                .collect::<Result<_, _>>()?,
            policy: self.policy.read()?,
            country: self.country.map(CallingCode::new).transpose()?,
            host: self.host.map(Into::into),
            english: self.english.map(Template::new).transpose()?,
            arabic: self.arabic.map(Template::new).transpose()?,
            sender: self.sender.map(Into::into),
        };
        settings.check()?;
        Ok(Channel {
            settings,
            id: self.id,
            key_hash: self.key_hash,
            key_version: self.key_version,
            created_at_ms: self.created_at_ms,
            is_revoked: self.is_revoked,
        })
    }
}
