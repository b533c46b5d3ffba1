//! Android apps that read codes from messages by SMS Retriever
//! (<https://developers.google.com/identity/sms-retriever/verify>).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use base64ct::{Base64, Encoding};

use super::app::App;
use super::segments::segments;
use crate::Error;
use crate::algorithm::Algorithm;
use crate::kernel::hash;

/// The length of a hash, in characters.
const LEN: usize = 11;
/// The longest message that SMS Retriever reads, in bytes.
const LONGEST_MESSAGE: usize = 140;
/// The maximum number of apps of a tenant.
const MOST_APPS: usize = 32;
/// The first byte of a certificate in DER: the tag of a `SEQUENCE`.
const SEQUENCE: u8 = 0x30;

/// The hash by which SMS Retriever finds the app that a message is for: 11
/// characters of base64, which the message has on a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppHash([u8; LEN]);

impl AppHash {
    /// Checks a hash.
    ///
    /// # Errors
    /// [`Error::InvalidAppHash`] for a text other than 11 ASCII letters, digits,
    /// `+` and `/`.
    pub fn new(text: &str) -> Result<Self, Error> {
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
        match <[u8; LEN]>::try_from(text.as_bytes()) {
            Ok(hash) if hash.iter().all(is_base64) => Ok(Self(hash)),
            _ => Err(Error::InvalidAppHash),
        }
    }

    /// Computes the hash of an app from its package name (application id) and
    /// the certificate that its installed version is signed with, in DER. With
    /// Play App Signing that is the certificate of Google Play.
    ///
    /// ```
    /// # fn main() -> Result<(), mpass_core::Error> {
    /// use mpass_core::service::AppHash;
    ///
    /// // The first bytes of a certificate.
    /// let certificate = b"\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05";
    /// let hash = AppHash::of("com.example.otp", certificate)?;
    /// assert_eq!(hash.as_str(), "965mn/jzPaJ");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidAppHash`] for a package name that is not two or more
    /// segments of ASCII letters, digits and `_` that begin with a letter, with
    /// dots between them, and for a certificate that is not DER but, for
    /// example, PEM or hexadecimal.
    pub fn of(package: &str, certificate: &[u8]) -> Result<Self, Error> {
        let is_segment = |segment: &str| {
            segment.starts_with(|letter: char| letter.is_ascii_alphabetic())
                && segment
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let is_package = package.contains('.') && package.split('.').all(is_segment);
        if !is_package || certificate.first() != Some(&SEQUENCE) {
            return Err(Error::InvalidAppHash);
        }
        let mut hex = alloc::vec![0; 2 * certificate.len()];
        let hex = base16ct::lower::encode(certificate, &mut hex);
        let hex = hex.map_err(|_| Error::InvalidAppHash)?;
        let digest = hash(Algorithm::Sha256, &[package.as_bytes(), b" ", hex]);
        // The first 11 characters are 66 bits: 9 bytes have 12 characters.
        let text = Base64::encode_string(&digest.as_bytes()[..9]);
        Self::new(&text[..LEN])
    }

    /// The 11 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// An Android app: its hash, and the application (`app` of the mPass contract)
/// whose messages have it; `None` for messages of all applications without a hash
/// of their own. As a text it is the hash, or `APP=HASH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AndroidApp {
    /// The application.
    pub app: Option<App>,
    /// The hash.
    pub hash: AppHash,
}

impl FromStr for AndroidApp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text, App::new)
    }
}

impl AndroidApp {
    fn read(text: &str, app: impl FnOnce(&str) -> Result<App, Error>) -> Result<Self, Error> {
        // Neither a hash nor an application has an `=`.
        let (name, hash) = match text.split_once('=') {
            Some((name, hash)) => (Some(name), hash),
            None => (None, text),
        };
        let app = name.map(app).transpose();
        Ok(Self {
            app: app.map_err(|_| Error::InvalidAppHash)?,
            hash: AppHash::new(hash)?,
        })
    }
}

impl fmt::Display for AndroidApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(app) = &self.app {
            write!(f, "{}=", app.as_str())?;
        }
        f.write_str(self.hash.as_str())
    }
}

/// The Android apps of a tenant, at most 32, one for each application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AndroidApps(Vec<AndroidApp>);

impl AndroidApps {
    /// No apps.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Collects apps.
    ///
    /// # Errors
    /// [`Error::InvalidAppHash`] for a second hash of an application and for a
    /// 33rd app.
    pub fn from_apps(apps: Vec<AndroidApp>) -> Result<Self, Error> {
        let is_repeated = |(at, one): (usize, &AndroidApp)| {
            let before = apps.iter().take(at);
            before.map(|other| &other.app).any(|app| *app == one.app)
        };
        if apps.len() > MOST_APPS || apps.iter().enumerate().any(is_repeated) {
            return Err(Error::InvalidAppHash);
        }
        Ok(Self(apps))
    }

    /// The hash for the messages of an application: its own, otherwise the one
    /// without an application.
    #[must_use]
    pub fn hash_for(&self, app: Option<&str>) -> Option<AppHash> {
        let of = |app: Option<&str>| {
            let mut apps = self.0.iter();
            let found = apps.find(|one| one.app.as_ref().map(App::as_str) == app);
            found.map(|one| one.hash)
        };
        of(app).or_else(|| of(None))
    }

    /// The apps.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &AndroidApp> {
        self.0.iter()
    }

    /// Whether there are no apps.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The texts of the apps.
    pub(in crate::service) fn to_texts(&self) -> Vec<String> {
        self.iter().map(ToString::to_string).collect()
    }

    /// Parses the texts of apps.
    pub(in crate::service) fn from_texts<'a>(
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Error> {
        let apps = texts.into_iter().map(str::parse);
        Self::from_apps(apps.collect::<Result<_, _>>()?)
    }

    /// Parses the texts of apps that were checked when they were stored.
    pub(in crate::service) fn restore<'a>(
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Error> {
        let read = |text| AndroidApp::read(text, |name| Ok(App::restore(name)));
        let apps = texts.into_iter().map(read);
        apps.collect::<Result<_, _>>().map(Self)
    }
}

/// Whether SMS Retriever reads a message: at most 140 bytes in UTF-8, and in a
/// single segment, which are 140 bytes in any alphabet.
pub(super) fn is_readable(text: &str) -> bool {
    text.len() <= LONGEST_MESSAGE && segments(text).1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector by another implementation: Python's hashlib and base64.
    #[test]
    fn a_hash_of_package_and_certificate() {
        let mut certificate = [0; 20];
        let hex = "30820122300d06092a864886f70d01010105";
        let certificate = base16ct::lower::decode(hex, &mut certificate).unwrap();
        let of = |package, certificate| AppHash::of(package, certificate);
        let hash = of("com.example.otp", certificate).unwrap();
        assert_eq!(hash.as_str(), "965mn/jzPaJ");
        for package in ["com.example.Otp", "com.example.ot_p", "c.e9"] {
            assert_ne!(of(package, certificate), Ok(hash), "{package}");
            assert!(of(package, certificate).is_ok(), "{package}");
        }
        let refused = Err(Error::InvalidAppHash);
        for package in [
            "", "otp", "com.", ".com", "com..otp", "com.9e", "com.é", "com.a-b", "com.a b",
        ] {
            assert_eq!(of(package, certificate), refused, "{package}");
        }
        for certificate in ["", hex, "-----BEGIN CERTIFICATE-----"] {
            assert_eq!(of("com.example.otp", certificate.as_bytes()), refused);
        }
    }

    #[test]
    fn texts_of_apps() {
        for text in ["965mn/jzPaJ", "Cool App=FA+9qCX9VSu", "بنك=AAAAAAAAAAA"] {
            let app: AndroidApp = text.parse().unwrap();
            assert_eq!(app.to_string(), text);
        }
        for text in [
            "",
            "=",
            "=965mn/jzPaJ",
            "a=",
            "a=b=965mn/jzPaJ",
            "a=965mn/jzPa=",
        ] {
            assert!(text.parse::<AndroidApp>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_application_has_one_hash() {
        let of = |texts: &[&str]| AndroidApps::from_texts(texts.iter().copied());
        let apps = of(&["AAAAAAAAAAA", "Shop=BBBBBBBBBBB", "Bank=CCCCCCCCCCC"]).unwrap();
        let hash = |app| apps.hash_for(app).map(|hash| hash.as_str().to_string());
        assert_eq!(hash(Some("Bank")).as_deref(), Some("CCCCCCCCCCC"));
        assert_eq!(hash(Some("Other")).as_deref(), Some("AAAAAAAAAAA"));
        assert_eq!(hash(None).as_deref(), Some("AAAAAAAAAAA"));
        let named = of(&["Shop=BBBBBBBBBBB"]).unwrap();
        assert_eq!(named.hash_for(None), None);
        assert_eq!(named.hash_for(Some("Bank")), None);
        let refused = Err(Error::InvalidAppHash);
        assert_eq!(of(&["AAAAAAAAAAA", "BBBBBBBBBBB"]), refused);
        assert_eq!(
            of(&["a=AAAAAAAAAAA", "b=BBBBBBBBBBB", "a=CCCCCCCCCCC"]),
            refused
        );
        let many: Vec<_> = (0..33)
            .map(|n| alloc::format!("a{n}=AAAAAAAAAAA"))
            .collect();
        let first = |count| AndroidApps::from_texts(many.iter().take(count).map(String::as_str));
        assert_eq!(first(32).unwrap().iter().len(), 32);
        assert_eq!(first(33), refused);
    }

    #[test]
    fn what_is_read() {
        for (letter, most) in [("a", 140), ("ر", 70), ("€", 46), ("😀", 35)] {
            assert!(is_readable(&letter.repeat(most)), "{letter}");
            assert!(!is_readable(&letter.repeat(most + 1)), "{letter}");
        }
    }
}
