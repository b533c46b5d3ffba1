//! The vector files of `tests/vectors`, which the tests of every language read,
//! compiled in. Fields are named as in the JSON.

// A vector file that does not parse is a bug in the tests.
#![allow(clippy::panic, missing_docs)]

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A file of vectors with their source.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File<T> {
    pub source: String,
    pub vectors: Vec<T>,
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// RFC 4226 appendix D.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HotpFile {
    pub source: String,
    pub key_hex: String,
    pub digits: u8,
    pub algorithm: String,
    pub vectors: Vec<Hotp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hotp {
    pub counter: u64,
    pub hmac_hex: String,
    pub truncated: u32,
    pub code: String,
}

/// `hotp.json`.
#[must_use]
pub fn hotp() -> HotpFile {
    read("hotp.json", include_str!("../vectors/hotp.json"))
}

/// RFC 6238 appendix B.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotpFile {
    pub source: String,
    pub digits: u8,
    pub step: u64,
    pub t0: u64,
    pub vectors: Vec<Totp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totp {
    pub unix_time: u64,
    pub algorithm: String,
    pub key_hex: String,
    pub code: String,
}

/// `totp.json`.
#[must_use]
pub fn totp() -> TotpFile {
    read("totp.json", include_str!("../vectors/totp.json"))
}

/// `totp-wrong.json`: codes that common mistakes would produce.
#[must_use]
pub fn totp_wrong() -> File<TotpWrong> {
    read(
        "totp-wrong.json",
        include_str!("../vectors/totp-wrong.json"),
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotpWrong {
    pub mistake: String,
    pub unix_time: u64,
    pub algorithm: String,
    pub key_hex: String,
    pub digits: u8,
    pub wrong_code: String,
}

/// Texts typed as codes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypedFile {
    pub source: String,
    pub key_hex: String,
    pub algorithm: String,
    pub vectors: Vec<Typed>,
    /// For languages whose texts can be malformed.
    pub utf16: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    pub text: String,
    pub digits: u8,
    pub counter: u64,
    pub verdict: String,
    pub altered: String,
    pub altered_verdict: String,
    pub source: String,
}

/// `typed-code.json`: what people type for a code.
#[must_use]
pub fn typed_code() -> TypedFile {
    read(
        "typed-code.json",
        include_str!("../vectors/typed-code.json"),
    )
}

/// RFC 6287 appendix C.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ocra {
    pub section: String,
    pub suite: String,
    pub key_hex: String,
    pub question: String,
    #[serde(default)]
    pub counter: Option<u64>,
    #[serde(default)]
    pub pin: Option<String>,
    #[serde(default)]
    pub session_hex: Option<String>,
    /// The time as the RFC prints it: time steps, hexadecimal.
    #[serde(default)]
    pub time_steps_hex: Option<String>,
    /// A time within that step.
    #[serde(default)]
    pub unix_time: Option<u64>,
    pub response: String,
}

/// `ocra.json`.
#[must_use]
pub fn ocra() -> File<Ocra> {
    read("ocra.json", include_str!("../vectors/ocra.json"))
}

/// `ocra-more.json`: vectors for what appendix C does not cover.
#[must_use]
pub fn ocra_more() -> File<Ocra> {
    read("ocra-more.json", include_str!("../vectors/ocra-more.json"))
}

/// `ocra-suites.json`: suites that omit parameters.
#[must_use]
pub fn ocra_suites() -> File<Ocra> {
    read(
        "ocra-suites.json",
        include_str!("../vectors/ocra-suites.json"),
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberHash {
    pub number: String,
    pub sha256_hex: String,
    pub source: String,
}

/// `number-hash.json`.
#[must_use]
pub fn number_hash() -> File<NumberHash> {
    read(
        "number-hash.json",
        include_str!("../vectors/number-hash.json"),
    )
}

/// A text and the number it parses to, or the name of the error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberParse {
    pub text: String,
    #[serde(default)]
    pub country: Option<u16>,
    #[serde(default)]
    pub e164: Option<String>,
    #[serde(default)]
    pub error: Option<String>,
    /// Who wrote the number in this way, or whose rule applies.
    #[serde(default)]
    pub source: Option<String>,
}

/// `number-parse.json`.
#[must_use]
pub fn number_parse() -> File<NumberParse> {
    read(
        "number-parse.json",
        include_str!("../vectors/number-parse.json"),
    )
}

/// Subjects of challenges under one keyring, service and tenant.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectFile {
    pub source: String,
    pub keyring: String,
    pub service: String,
    pub tenant: String,
    /// Five spellings of one number.
    pub spellings: Vec<String>,
    pub vectors: Vec<Subject>,
}

/// A text and its canonical form with the store key of the subject's record, or
/// the name of the error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    pub kind: String,
    pub text: String,
    #[serde(default)]
    pub canonical: Option<String>,
    #[serde(default)]
    pub store_key_hex: Option<String>,
    #[serde(default)]
    pub error: Option<String>,
}

/// `subject.json`.
#[must_use]
pub fn subject() -> SubjectFile {
    read("subject.json", include_str!("../vectors/subject.json"))
}

/// A text of a channel's settings, and as it is kept if that differs, or the name
/// of the error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The name of the field.
    pub field: String,
    #[serde(default)]
    pub tag: Option<String>,
    pub text: String,
    #[serde(default)]
    pub kept: Option<String>,
    #[serde(default)]
    pub kept_tag: Option<String>,
    #[serde(default)]
    pub error: Option<String>,
    pub source: String,
}

/// `message.json`.
#[must_use]
pub fn message() -> File<Message> {
    read("message.json", include_str!("../vectors/message.json"))
}

/// An Android app and its hash, or the name of the error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AndroidApp {
    pub package: String,
    pub certificate_hex: String,
    #[serde(default)]
    pub hash: Option<String>,
    #[serde(default)]
    pub error: Option<String>,
}

/// `android-app.json`.
#[must_use]
pub fn android_app() -> File<AndroidApp> {
    read(
        "android-app.json",
        include_str!("../vectors/android-app.json"),
    )
}

/// A key URI and its parsed contents, or the name of the error.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum KeyUri {
    Read(Box<KeyUriRead>),
    Refused {
        uri: String,
        error: String,
        /// Why a peer does something else.
        differs: Option<String>,
        source: Option<String>,
    },
}

impl KeyUri {
    /// The URI tampered with, and the name of its error: a parameter that
    /// changes the codes where the URI is read, another scheme where it is not.
    #[must_use]
    pub fn tampered(&self) -> (String, &'static str) {
        match self {
            Self::Read(vector) => (
                format!("{}&encoder=steam", vector.uri.trim_end()),
                "UriEncoder",
            ),
            Self::Refused { uri, .. } => (uri.replace("otpauth", "example"), "UriScheme"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyUriRead {
    pub uri: String,
    pub kind: String,
    #[serde(default)]
    pub counter: Option<u64>,
    #[serde(default)]
    pub period: Option<u64>,
    #[serde(default)]
    pub issuer: Option<String>,
    /// The label's prefix, where the parameter names another issuer.
    #[serde(default)]
    pub label_issuer: Option<String>,
    pub account: String,
    pub secret_hex: String,
    pub algorithm: String,
    pub digits: u8,
    pub parameters: Vec<(String, String)>,
    /// The URI as it is written again.
    pub written: String,
    pub cautions: Vec<String>,
    /// Whether strict parsing takes it.
    pub strict: bool,
    /// Where the URI comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// Why the peer of the source does something else.
    #[serde(default)]
    pub differs: Option<String>,
}

/// `key-uri.json`.
#[must_use]
pub fn key_uri() -> File<KeyUri> {
    read("key-uri.json", include_str!("../vectors/key-uri.json"))
}

/// `key-uri-peers.json`.
#[must_use]
pub fn key_uri_peers() -> File<KeyUri> {
    read(
        "key-uri-peers.json",
        include_str!("../vectors/key-uri-peers.json"),
    )
}

/// Keyring text and what it contains, or the name of the error.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Keyring {
    Read(KeyringRead),
    Refused {
        case: String,
        text: String,
        error: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyringRead {
    pub case: String,
    pub text: String,
    /// The ids of the record keys, in the order of the text.
    pub ids: Vec<u16>,
    pub newest: u16,
    /// The text as it is written again.
    pub written: String,
}

/// `keyring.json`.
#[must_use]
pub fn keyring() -> File<Keyring> {
    read("keyring.json", include_str!("../vectors/keyring.json"))
}

/// Steps on one store, which is empty at first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InStore {
    pub name: String,
    pub steps: Vec<InStoreStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InStoreStep {
    #[serde(rename = "do")]
    pub act: String,
    pub expect: String,
    #[serde(default)]
    pub pass_ms: u64,
    #[serde(default)]
    pub load_ms: u64,
    #[serde(default)]
    pub swap_ms: u64,
    #[serde(default)]
    pub loads: Vec<String>,
    #[serde(default)]
    pub swaps: Vec<String>,
    #[serde(default)]
    pub life_ms: Option<u64>,
}

/// `in-store.json`.
#[must_use]
pub fn in_store() -> File<InStore> {
    read("in-store.json", include_str!("../vectors/in-store.json"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreHeader {
    pub name: String,
    pub keyring: String,
    pub header_hex: Option<String>,
    pub active_key: Option<u16>,
    pub restored_at_ms: Option<u64>,
    pub confirmed_at_ms: Option<u64>,
    pub error: Option<String>,
}

/// `store-header.json`.
#[must_use]
pub fn store_headers() -> File<StoreHeader> {
    let text = include_str!("../vectors/store-header.json");
    read("store-header.json", text)
}
