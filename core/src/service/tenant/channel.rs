//! Channels: the callers of the mPass contract.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::credential::TenantKey;
use super::document::{document, of_plain};
use super::network::Network;
use super::service_id;
use super::settings::sealed::Sealed;
use super::settings::{
    TenantSettings, check_room, check_shared, checked, put_name_and_policy, shared_members,
    with_name_and_policy,
};
use super::stored::Tenant;
use crate::Error;
use crate::challenge::{Document, Policy};
use crate::labels;
use crate::number::CallingCode;
use crate::service::message::{AndroidApps, App, Filling, Language, Template, Texts};
use crate::service::settings::{Field, Refused, settings};

/// A caller of the mPass contract.
pub type Channel = Tenant<ChannelSettings>;
/// The credential of a channel. The caller sends it as `apikey`, in the form of
/// [`TenantKey::expose`].
pub type ChannelKey = TenantKey;

/// The settings of a channel.
#[derive(Clone, Debug, Decode, Encode)]
#[cbor(map)]
pub struct ChannelSettings {
    /// The channel's name, unique among channels: 1 to 64 ASCII letters,
    /// digits, `-`, `_` and `.`.
    #[n(0)]
    pub name: String,
    /// The networks that it may call from; empty allows any address.
    #[n(1)]
    pub addresses: Vec<Network>,
    /// The applications that it may send for; empty allows any.
    #[n(2)]
    pub apps: Vec<App>,
    /// The rules of its challenges.
    #[n(3)]
    pub policy: Policy,
    /// The country that numbers in national form belong to.
    #[n(4)]
    pub country: Option<CallingCode>,
    /// The host that the last line of a message binds the code to.
    #[n(5)]
    pub host: Option<String>,
    /// The templates of its messages by language. A language without one has
    /// the built-in template.
    // 6 and 7 were the English and the Arabic template.
    #[n(9)]
    pub texts: Texts,
    /// The sender that its messages show, for gateways that support it.
    #[n(8)]
    pub sender: Option<String>,
    /// The Android apps that read its messages, by application.
    #[n(30)]
    pub android_apps: AndroidApps,
}

/// The templates in values of the format of before.
#[derive(Decode)]
#[cbor(map)]
struct PlainTexts {
    #[n(6)]
    english: Option<Template>,
    #[n(7)]
    arabic: Option<Template>,
}

impl ChannelSettings {
    /// A channel with this name and otherwise default settings.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            addresses: Vec::new(),
            apps: Vec::new(),
            policy: Policy::default(),
            country: None,
            host: None,
            texts: Texts::new(),
            sender: None,
            android_apps: AndroidApps::new(),
        }
    }
}

settings! {
    ChannelSettings, Channel, start: with_name_and_policy, finish: checked, more: put_name_and_policy;
    addresses: Addresses,
    apps: Apps,
    country: Country,
    host: Host,
    texts: Texts,
    sender: Sender,
    android_apps: AndroidAppHashes,
}

impl TenantSettings for ChannelSettings {}

impl Sealed for ChannelSettings {
    const DOCUMENT: Document = document::<Self>(0x51, labels::CHANNEL, 0x41);
    const SERVICE: &'static str = service_id::MPASS;
    const IS_NAMED_BY_CREDENTIAL: bool = true;

    shared_members!();

    fn read_plain(&mut self, settings: &[u8]) -> Result<(), Error> {
        let plain: PlainTexts = minicbor::decode(settings).map_err(|_| Error::RecordFormat)?;
        self.texts = of_plain([("en", plain.english), ("ar", plain.arabic)])?;
        Ok(())
    }

    fn check(&self) -> Result<(), Refused> {
        check_shared(self.host.as_deref(), self.sender.as_deref())?;
        let policy = self.policy.settings();
        let filling = Filling {
            tenant_name: &self.name,
            digits: policy.digits,
            lifetime_ms: policy.lifetime_ms,
            host: self.host.as_deref(),
        };
        check_room(&filling, &self.texts, &self.android_apps)?;
        self.check_android_apps()
    }
}

impl ChannelSettings {
    /// Checks that each Android app is for an application of the channel: no
    /// message would have the hash of another one.
    fn check_android_apps(&self) -> Result<(), Refused> {
        let named = self.android_apps.iter().filter_map(|one| one.app.as_ref());
        let mut others = named.filter(|app| !self.sends_for(app));
        let Some(app) = others.next() else {
            return Ok(());
        };
        Err(Refused::because(
            Field::AndroidAppHashes,
            Error::UnknownAndroidApp,
            alloc::format!(
                "{} is not among the applications of the channel",
                app.as_str()
            ),
        ))
    }

    fn sends_for(&self, app: &App) -> bool {
        self.apps.is_empty() || self.apps.contains(app)
    }
}

impl Channel {
    /// Whether the channel may send for an application.
    #[must_use]
    pub fn allows_app(&self, app: &App) -> bool {
        self.settings.sends_for(app)
    }

    pub(crate) fn template(&self, language: Language) -> Option<&Template> {
        self.settings.texts.for_language(language.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::{
        Binding, Challenge, Issue, Keyring, Policy, PolicySettings, Subject, SubjectKind,
    };
    use crate::service::settings::{Group, Settings, Values};
    use crate::service::tenant::desk::Desk;
    use crate::service::tenant::{Overlap, Provisioned};

    use alloc::string::ToString;

    const NOW_MS: u64 = 1_800_000_000_000;

    fn values(tries: u8) -> Values {
        let mut settings = ChannelSettings::new("demo");
        settings.policy = Policy::new(PolicySettings {
            tries,
            ..PolicySettings::default()
        })
        .unwrap();
        settings.to_values()
    }

    fn key(keyring: &Keyring) -> TenantKey {
        Channel::derive_key(keyring, "demo", "test")
    }

    fn provision(keyring: &Keyring, desk: &mut Desk, tries: u8) -> Provisioned {
        let values = values(tries);
        desk.run(desk.admin.provision(&values, key(keyring), &[3; 32]))
            .unwrap()
    }

    fn stored(keyring: &Keyring, desk: &Desk) -> Channel {
        let store_key = Channel::store_key(keyring, "demo");
        let value = desk.document(&store_key).unwrap();
        Channel::open(keyring, &store_key, &value).unwrap()
    }

    #[test]
    fn texts_have_room_for_the_hash_of_an_android_app() {
        let with = |text: &str, apps: &[&str], host: Option<&str>| {
            let settings = ChannelSettings {
                texts: Texts::from_pairs([("en", text)]).unwrap(),
                android_apps: AndroidApps::from_texts(apps.iter().copied()).unwrap(),
                host: host.map(Into::into),
                ..ChannelSettings::new("shop")
            };
            settings
                .check()
                .map_err(|refused| (refused.error, refused.field))
        };
        let refused = Err((Error::MessageTooLong, Some(Field::AndroidAppHashes)));
        // 6 digits and a line of 12 bytes leave 122.
        let text = |letters: usize| "{{code}}".to_string() + &"a".repeat(letters);
        let hash = ["965mn/jzPaJ"];
        assert_eq!(with(&text(122), &hash, None), Ok(()));
        assert_eq!(with(&text(123), &hash, None), refused);
        assert_eq!(with(&text(123), &[], None), Ok(()));
        assert_eq!(with(&text(102), &hash, Some("app.example")), refused);
        assert_eq!(with(&text(101), &hash, Some("app.example")), Ok(()));
        // The name of the channel, and of the application.
        let named = text(118) + "{{app}}";
        assert_eq!(with(&named, &hash, None), Ok(()));
        assert_eq!(with(&named, &["Shops=965mn/jzPaJ"], None), refused);
    }

    #[test]
    fn an_android_app_is_for_an_application_of_the_channel() {
        let check = |apps: &[&str], hashes: &[&str]| {
            let settings = ChannelSettings {
                apps: apps.iter().map(|app| App::new(app).unwrap()).collect(),
                android_apps: AndroidApps::from_texts(hashes.iter().copied()).unwrap(),
                ..ChannelSettings::new("shop")
            };
            settings.check().map_err(|refused| refused.error)
        };
        let hashes = ["965mn/jzPaJ", "Shop=FA+9qCX9VSu"];
        assert_eq!(check(&[], &hashes), Ok(()));
        assert_eq!(check(&["Bank", "Shop"], &hashes), Ok(()));
        assert_eq!(check(&["Bank"], &hashes[..1]), Ok(()));
        let refused = Err(Error::UnknownAndroidApp);
        assert_eq!(check(&["Bank"], &hashes), refused);
        assert_eq!(check(&["shop"], &hashes), refused);
    }

    /// Earlier versions accepted more texts, applications and hashes.
    #[test]
    fn a_stored_channel_outlives_stricter_checks() {
        let keyring = Keyring::generate(&[7; 32]);
        let mut desk = Desk::new(&keyring, NOW_MS);
        provision(&keyring, &mut desk, 5);
        let mut channel = stored(&keyring, &desk);
        let old = "{{code}} {{minute}} @shop.example #1";
        let settings = &mut channel.settings;
        settings.texts = Texts::restore([("en", old)]).unwrap();
        settings.apps = alloc::vec![App::restore("\u{3164}")];
        settings.android_apps = AndroidApps::restore(["\u{3164}=965mn/jzPaJ"]).unwrap();
        let (expected, stricter) = (settings.clone(), settings.to_values());
        let store_key = Channel::store_key(&keyring, "demo");
        let value = desk.document(&store_key);
        desk.store(
            channel
                .write(&keyring, value.as_deref(), NOW_MS, &[4; 32])
                .unwrap(),
        );

        let (group, overlap) = (Group::Channel, Overlap::NONE);
        desk.run(desk.admin.rotate(group, "demo", overlap, &[5; 32]))
            .unwrap();
        let kept = stored(&keyring, &desk);
        assert_eq!(kept.settings().texts, expected.texts);
        assert_eq!(kept.settings().apps, expected.apps);
        assert_eq!(kept.settings().android_apps, expected.android_apps);
        let template = kept.template(Language::English).unwrap();
        assert_eq!(template.as_str(), old);
        let refused = ChannelSettings::from_values(&stricter).map(|_| ());
        assert_eq!(refused.unwrap_err().error, Error::InvalidApp);
    }

    #[test]
    fn a_derived_key_depends_only_on_keyring_name_and_purpose() {
        let keyring = Keyring::generate(&[7; 32]);
        let key = |keyring: &Keyring, name: &str, purpose: &str| {
            Channel::derive_key(keyring, name, purpose).expose()
        };
        let first = key(&keyring, "demo", "a");
        assert_eq!(first, key(&keyring, "demo", "a"));
        assert_ne!(first, key(&keyring, "demo", "b"));
        assert_ne!(first, key(&keyring, "other", "a"));
        assert_ne!(first, key(&Keyring::generate(&[8; 32]), "demo", "a"));
    }

    #[test]
    fn provisioning_is_idempotent_and_keeps_the_id() {
        let keyring = Keyring::generate(&[7; 32]);
        let mut desk = Desk::new(&keyring, NOW_MS);
        assert!(provision(&keyring, &mut desk, 5).is_changed);
        assert!(!provision(&keyring, &mut desk, 5).is_changed);
        let channel = stored(&keyring, &desk);
        assert!(channel.has_key(&keyring, &key(&keyring), NOW_MS));

        assert!(provision(&keyring, &mut desk, 6).is_changed);
        let changed = stored(&keyring, &desk);
        assert_eq!(changed.id(), channel.id());
        assert_eq!(changed.settings().policy.settings().tries, 6);

        let (group, overlap) = (Group::Channel, Overlap::NONE);
        desk.run(desk.admin.rotate(group, "demo", overlap, &[4; 32]))
            .unwrap();
        assert!(!stored(&keyring, &desk).has_key(&keyring, &key(&keyring), NOW_MS));
        for is_revoked in [false, true] {
            if is_revoked {
                desk.run(desk.admin.revoke(group, "demo", &[5; 32]))
                    .unwrap();
            }
            assert!(provision(&keyring, &mut desk, 6).is_changed);
            let again = stored(&keyring, &desk);
            assert!(again.has_key(&keyring, &key(&keyring), NOW_MS));
            assert!(!again.is_revoked());
        }
    }

    #[test]
    fn the_key_of_another_channel_is_refused() {
        let keyring = Keyring::generate(&[7; 32]);
        let mut desk = Desk::new(&keyring, NOW_MS);
        let other = Channel::derive_key(&keyring, "other", "test");
        let refused = desk.run(desk.admin.provision(&values(5), other, &[3; 32]));
        assert_eq!(refused.unwrap_err().error, Error::InvalidCredential);
    }

    #[test]
    fn the_challenge_of_a_subject_is_shared_by_all_applications() {
        let keyring = Keyring::generate(&[7; 32]);
        let mut desk = Desk::new(&keyring, NOW_MS);
        provision(&keyring, &mut desk, 5);
        let channel = stored(&keyring, &desk);
        let subject = Subject::parse(SubjectKind::Number, "+966500000000").unwrap();
        let binding = Binding {
            service: "mpass-mnv",
            tenant: channel.id(),
            subject: &subject,
            context: "Shop",
        };
        let of_the_shop = Challenge::new(&keyring, &channel.settings().policy, binding);
        let Issue::Pending(pending) = of_the_shop.issue(None, NOW_MS, &[1; 32]).unwrap() else {
            panic!("a first challenge is issued");
        };
        let unlocked = channel
            .challenge(&keyring, &subject)
            .unlock(Some(pending.next()), NOW_MS, &[2; 32])
            .unwrap();
        assert_eq!(unlocked.key(), of_the_shop.key());
    }
}
