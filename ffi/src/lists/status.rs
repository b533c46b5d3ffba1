// Written by `cargo xtask lists`; do not edit.
//! The statuses.

use mpass_core::Error;

/// The status of a call. 0 is success; 1 to 99 are incorrect uses of this ABI;
/// the others are errors of the engine: 1xx OATH, 2xx phone numbers and other
/// subjects, 3xx policies and keys, 4xx records and stores, 5xx services. Numbers
/// are never reused. A wrong, expired or used code is a verdict, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum mpass_status {
    /// Success. Outputs are written.
    Ok = 0,
    /// A required pointer is NULL.
    NullArgument = 1,
    /// The output does not fit into the buffer; `*written` is the required
    /// capacity.
    BufferTooSmall = 2,
    /// A text is not UTF-8.
    InvalidUtf8 = 3,
    /// A length is greater than `PTRDIFF_MAX`.
    LengthOutOfRange = 4,
    /// Entropy, a store key or a hash key does not have its fixed length.
    WrongLength = 5,
    /// A number is not one of the allowed constants or is out of range.
    InvalidArgument = 6,
    /// A handle has another class, settings have another group, or a tenant has
    /// another kind. Detected on a best-effort basis; using a freed handle is
    /// undefined behaviour.
    WrongHandle = 7,
    /// An earlier call on this handle panicked. The handle can only be freed.
    Poisoned = 8,
    /// A bug in this library. All handles used by the call are poisoned.
    Panic = 9,
    /// The requested data does not exist in this state: another step, another
    /// kind, an index out of range, or the outcome of a write that was not
    /// confirmed as stored.
    WrongState = 10,
    /// The `size` of a struct is not supported by this library.
    StructSize = 11,
    /// A required callback is NULL.
    NotImplemented = 12,
    /// An error of the engine that this header does not define.
    Unknown = 99,
    /// An empty secret.
    SecretEmpty = 101,
    /// A secret shorter than the 128 bits that RFC 4226 section 4 requires,
    /// where short secrets were not allowed explicitly.
    SecretTooShort = 102,
    /// A secret longer than 1,024 bytes.
    SecretTooLong = 103,
    /// Base32 text with a character outside the alphabet of RFC 4648 section 6,
    /// or of an impossible length.
    InvalidBase32 = 104,
    /// Text with a character that is not a hexadecimal digit, or of the wrong
    /// length.
    InvalidHex = 105,
    /// A code length outside 4 to 10 digits.
    InvalidDigits = 106,
    /// A time step of 0 seconds.
    InvalidStep = 107,
    /// An algorithm other than SHA1, SHA256 and SHA512.
    InvalidAlgorithm = 108,
    /// A window of more than 100,000 codes.
    WindowTooLarge = 109,
    /// A time before T0, or a counter beyond the largest one.
    TimeOutOfRange = 110,
    /// A resynchronisation with fewer than two or more than three codes.
    ResyncCodes = 111,
    /// Base32 text with a digit that base32 does not have: 0, 1, 8 or 9. O is
    /// often typed as 0, I or L as 1, and B as 8.
    Base32Digit = 112,
    /// The text of a secret that is both hexadecimal and base32, or that holds
    /// two secrets.
    AmbiguousSecret = 113,
    /// The text of a secret that has none of the known forms.
    UnknownSecretForm = 114,
    /// A time after the year 9999 where seconds are expected: most likely a
    /// time in milliseconds.
    TimeInMilliseconds = 115,
    /// A time step of whole thousands of seconds from 10,000 on that is not
    /// whole hours: most likely a length in milliseconds.
    StepInMilliseconds = 116,
    /// An OCRA suite that does not have the parts of RFC 6287 section 6:
    /// `OCRA-1`, the function and the inputs, in upper case.
    InvalidSuite = 120,
    /// An OCRA question that the suite does not allow.
    InvalidQuestion = 121,
    /// An OCRA input that the suite requires and the caller did not supply.
    MissingInput = 122,
    /// An OCRA input that the suite does not use.
    UnexpectedInput = 123,
    /// Session information longer than the suite allows.
    SessionTooLong = 124,
    /// A key prepared for a different hash than the one the OCRA suite uses.
    SuiteAlgorithm = 125,
    /// A PIN hash whose length is not that of the suite's PIN hash algorithm.
    PinHashLength = 126,
    /// An OCRA suite whose function is not valid: RFC 6287 section 6.2.
    SuiteFunction = 127,
    /// An OCRA suite whose question is missing or not valid: RFC 6287 section
    /// 6.3.
    SuiteQuestion = 128,
    /// An OCRA suite with another input that is not valid, repeated or in the
    /// wrong order: RFC 6287 section 6.3.
    SuiteInput = 129,
    /// A key URI with text that does not decode, a control character, or more
    /// than 32 parameters.
    InvalidUri = 130,
    /// A key URI without a secret.
    UriWithoutSecret = 131,
    /// A `hotp` key URI without a counter.
    UriWithoutCounter = 132,
    /// An issuer or account that is empty, contains a control character or a
    /// parameter of a URI, or begins or ends with white space or a format
    /// character.
    InvalidLabel = 134,
    /// A key URI that gives a parameter two values.
    UriRepeatedParameter = 135,
    /// A period of a key that is not 1 to 2^63 - 1, or not a whole number.
    InvalidPeriod = 136,
    /// A counter in a key URI that is not 0 to 2^64 - 1, or not a whole number.
    InvalidCounter = 137,
    /// A key URI with the parameter `encoder`, as for Steam's codes.
    UriEncoder = 138,
    /// A key URI with a PIN, as for Yandex and mOTP.
    UriPin = 139,
    /// A key URI with the parameter `t0`, `epoch` or `offset`.
    UriTimeOrigin = 140,
    /// A key URI with another parameter that changes the codes: `algo`,
    /// `digest`, `encoding`, `hash`, `interval`, `step`, `ocrasuite`,
    /// `2step_salt` and others.
    UriParameterChangesCode = 141,
    /// A key URI that needs a choice or a repair, read strictly; see the
    /// cautions.
    UriNotStrict = 142,
    /// A key URI with the name of a parameter within the value of another or
    /// the label.
    UriSeparator = 143,
    /// A key URI of a type other than `totp` and `hotp`, or with a user or a
    /// port.
    UriType = 144,
    /// An export of Google Authenticator (`otpauth-migration://`) instead of a
    /// key URI.
    UriMigration = 145,
    /// A text of another scheme, or without one, instead of a key URI.
    UriScheme = 146,
    /// A key URI with `#`.
    UriFragment = 147,
    /// A text with more than one key URI.
    UriSeveral = 148,
    /// A key URI within another text or the parameter of a link.
    UriWithinText = 149,
    /// A phone number without digits.
    NumberEmpty = 201,
    /// A character other than digits and the accepted separators.
    NumberCharacter = 202,
    /// Fewer than 5 digits, country code included.
    NumberTooShort = 203,
    /// More than the 15 digits of E.164.
    NumberTooLong = 204,
    /// A phone number that does not begin with a country code assigned by the
    /// ITU.
    UnknownCallingCode = 205,
    /// A national part that begins with 0 in a numbering plan without such
    /// numbers.
    NationalPrefix = 206,
    /// A number in national form without a country to complete it.
    CountryMissing = 207,
    /// Text that is not an e-mail address or account in the form that a
    /// challenge's subject requires, or a subject too long for an alias record.
    InvalidSubject = 208,
    /// A number that may begin with a prefix for calls abroad of the given
    /// country other than `00`.
    PrefixAbroad = 209,
    /// A lifetime outside 20 seconds to 24 hours, or beyond the 5 minutes of a
    /// customer or of a token with a number.
    InvalidLifetime = 301,
    /// A number of tries, or of failures that lock, outside 1 to 100.
    InvalidTries = 302,
    /// A limit of 0 or more than 100,000 events, or with a window or burst out
    /// of range.
    InvalidLimit = 303,
    /// A policy with fewer than six digits or a lifetime above ten minutes that
    /// does not allow it explicitly.
    PolicyTooWeak = 304,
    /// A calling code that is not assigned, or more calling codes than a policy
    /// holds.
    InvalidCallingCode = 305,
    /// A setting that its group of settings does not have.
    UnknownSetting = 306,
    /// A setting's value that is not of its field's type.
    InvalidSetting = 307,
    /// Malformed keyring text.
    InvalidKeyring = 310,
    /// A keyring that already holds the most record keys it can.
    KeyringFull = 311,
    /// A record key id that is not in the keyring, or the newest one where that
    /// cannot be removed.
    UnknownRecordKey = 312,
    /// A record key id that is already in the keyring.
    DuplicateRecordKey = 313,
    /// Keyring text whose checksum does not fit: a character was changed.
    KeyringChecksum = 314,
    /// The removal of the record key with which records are written.
    ActiveRecordKey = 315,
    /// A record of the wrong length or of a kind or version that this engine
    /// does not know.
    RecordFormat = 401,
    /// A record that fails authentication: altered, moved to another store key,
    /// or sealed by another keyring.
    RecordForged = 402,
    /// The store failed, and nothing was written.
    StoreFailed = 403,
    /// The store is full.
    StoreFull = 404,
    /// More than 256 conflicts on one record in one exchange.
    TooManyConflicts = 405,
    /// It is unknown whether the store wrote the value: a timeout or a broken
    /// connection.
    StoreUnknown = 406,
    /// A value that expires before values that the store has already dropped:
    /// the clock is behind the one that they were dropped by.
    StoreExpired = 407,
    /// An operation on a store that took longer than 10 seconds.
    OperationTooOld = 408,
    /// The random source failed.
    EntropyFailed = 409,
    /// A value that changed since the expected one was read.
    Changed = 410,
    /// A store that belongs to another keyring: its locator key differs.
    OtherKeyring = 420,
    /// A record key that differs from the one with the same id that the store
    /// was written with.
    OtherRecordKey = 421,
    /// A store without a header where one was expected: it is empty, or not the
    /// store that was meant.
    StoreNotInitialized = 422,
    /// A store whose contents were moved to another one.
    StoreMoved = 423,
    /// A store with a layout or format that this version does not know.
    StoreTooNew = 424,
    /// A store that was restored from a backup and not confirmed by an
    /// administrator yet.
    StoreClosed = 425,
    /// A record that is missing although its owner was told that it exists.
    RecordMissing = 426,
    /// A store that was restored at a time that is still to come: the clock is
    /// behind, or the one of the restore was ahead. What is issued before that
    /// time would never be accepted.
    RestoredLater = 427,
    /// More contents than a value of a store may have.
    DocumentTooLarge = 428,
    /// A subject that was unlocked three times within 24 hours.
    TooManyUnlocks = 429,
    /// A channel, customer or client name that is empty, too long, or contains
    /// characters other than letters, digits, `-`, `_` and `.`.
    InvalidName = 501,
    /// An address or network that is not CIDR notation.
    InvalidAddress = 502,
    /// An application identifier that message texts may not contain.
    InvalidApp = 503,
    /// A message template that breaks the rules for message texts.
    InvalidTemplate = 504,
    /// A host of the origin-bound line (`@host #code`) that is not a host name.
    InvalidHost = 505,
    /// A tenant whose stored value could become larger than 16,384 bytes, with
    /// the room that the predecessors of its credential and public key need.
    TenantTooLarge = 506,
    /// Text that is not a credential, or the credential of another tenant.
    InvalidCredential = 507,
    /// A name that another tenant of the same kind already has.
    NameTaken = 508,
    /// An issuer that is not a base URL: `https`, a host, no path, no user
    /// information.
    InvalidIssuer = 509,
    /// A redirect URI that is not one of RFC 3986, has no host that can be
    /// connected to, or is too long, and a list of too many; 540 to 545 have
    /// the other reasons.
    InvalidRedirectUri = 510,
    /// A client's public key that is neither an uncompressed P-256 point nor a
    /// JWK of a P-256 or RSA key; 530 to 535 have the other reasons.
    InvalidPublicKey = 511,
    /// A scope that no contract defines.
    UnknownScope = 512,
    /// A name that no channel, customer or client of the store has.
    TenantMissing = 513,
    /// An operation on a channel, customer or client that is revoked.
    TenantRevoked = 514,
    /// A number without a record at the channel, customer or client.
    NumberMissing = 515,
    /// A change of the name of a channel, customer or client.
    NameFixed = 516,
    /// An overlap of two credentials of more than 31 days.
    InvalidOverlap = 517,
    /// A language tag that is not of the form of BCP 47, or that occurs twice.
    InvalidLanguageTag = 518,
    /// An Android app that is not an app hash of 11 base64 characters, that has
    /// a second hash, or whose package name or certificate is not one.
    InvalidAppHash = 519,
    /// A message template that has no room for an Android app hash within the
    /// 140 bytes that SMS Retriever reads.
    MessageTooLong = 520,
    /// A message template with a placeholder that does not exist, or with two
    /// braces that belong to none.
    UnknownPlaceholder = 521,
    /// An Android app hash for an application that the channel may not send
    /// for.
    UnknownAndroidApp = 522,
    /// A private key where the public one is registered: a JWK with the member
    /// `d`, or PEM.
    PrivateKeyGiven = 530,
    /// A public key in PEM.
    PublicKeyInPem = 531,
    /// A JWK whose `use` or `key_ops` does not allow it to verify signatures.
    KeyNotForSignatures = 532,
    /// A JWK whose `alg` is not that of its type.
    KeyAlgorithm = 533,
    /// An RSA key outside 2048 to 4096 bits.
    RsaKeySize = 534,
    /// An RSA key with an exponent other than 65537.
    RsaExponent = 535,
    /// A redirect URI without a scheme.
    RelativeRedirectUri = 540,
    /// A redirect URI with a fragment (RFC 6749 section 3.1.2).
    RedirectUriFragment = 541,
    /// A redirect URI with a user name or password.
    RedirectUriUserInfo = 542,
    /// A redirect URI with an empty port or one past 65535.
    RedirectUriPort = 543,
    /// A redirect URI with the scheme `http` for a host other than loopback
    /// (RFC 8252 section 7.3).
    RedirectUriHttp = 544,
    /// A redirect URI with a scheme other than `https` that is not in reverse
    /// domain form (RFC 8252 section 7.1), or with capital letters in its
    /// scheme.
    RedirectUriScheme = 545,
    /// Credits that would exceed 2^64-1 together with those of the customer.
    TooManyCredits = 550,
    /// A prefix of phone numbers that is not a plus sign, an assigned country
    /// code and further digits, at most 15.
    InvalidPrefix = 560,
    /// A cut-off that does not end after 1 second to 30 days.
    InvalidCutOffLife = 561,
    /// A reason for a cut-off that is not 1 to 120 bytes of text on one line.
    InvalidCutOffReason = 562,
    /// More than 64 cut-offs at a time.
    TooManyCutOffs = 563,
    /// A target without a cut-off in effect.
    CutOffMissing = 564,
}

impl From<Error> for mpass_status {
    fn from(error: Error) -> Self {
        match error {
            Error::SecretEmpty => Self::SecretEmpty,
            Error::SecretTooShort => Self::SecretTooShort,
            Error::SecretTooLong => Self::SecretTooLong,
            Error::InvalidBase32 => Self::InvalidBase32,
            Error::InvalidHex => Self::InvalidHex,
            Error::InvalidDigits => Self::InvalidDigits,
            Error::InvalidStep => Self::InvalidStep,
            Error::InvalidAlgorithm => Self::InvalidAlgorithm,
            Error::WindowTooLarge => Self::WindowTooLarge,
            Error::TimeOutOfRange => Self::TimeOutOfRange,
            Error::ResyncCodes => Self::ResyncCodes,
            Error::Base32Digit => Self::Base32Digit,
            Error::AmbiguousSecret => Self::AmbiguousSecret,
            Error::UnknownSecretForm => Self::UnknownSecretForm,
            Error::TimeInMilliseconds => Self::TimeInMilliseconds,
            Error::StepInMilliseconds => Self::StepInMilliseconds,
            Error::InvalidSuite => Self::InvalidSuite,
            Error::InvalidQuestion => Self::InvalidQuestion,
            Error::MissingInput => Self::MissingInput,
            Error::UnexpectedInput => Self::UnexpectedInput,
            Error::SessionTooLong => Self::SessionTooLong,
            Error::SuiteAlgorithm => Self::SuiteAlgorithm,
            Error::PinHashLength => Self::PinHashLength,
            Error::SuiteFunction => Self::SuiteFunction,
            Error::SuiteQuestion => Self::SuiteQuestion,
            Error::SuiteInput => Self::SuiteInput,
            Error::InvalidUri => Self::InvalidUri,
            Error::UriWithoutSecret => Self::UriWithoutSecret,
            Error::UriWithoutCounter => Self::UriWithoutCounter,
            Error::InvalidLabel => Self::InvalidLabel,
            Error::UriRepeatedParameter => Self::UriRepeatedParameter,
            Error::InvalidPeriod => Self::InvalidPeriod,
            Error::InvalidCounter => Self::InvalidCounter,
            Error::UriEncoder => Self::UriEncoder,
            Error::UriPin => Self::UriPin,
            Error::UriTimeOrigin => Self::UriTimeOrigin,
            Error::UriParameterChangesCode => Self::UriParameterChangesCode,
            Error::UriNotStrict => Self::UriNotStrict,
            Error::UriSeparator => Self::UriSeparator,
            Error::UriType => Self::UriType,
            Error::UriMigration => Self::UriMigration,
            Error::UriScheme => Self::UriScheme,
            Error::UriFragment => Self::UriFragment,
            Error::UriSeveral => Self::UriSeveral,
            Error::UriWithinText => Self::UriWithinText,
            Error::NumberEmpty => Self::NumberEmpty,
            Error::NumberCharacter => Self::NumberCharacter,
            Error::NumberTooShort => Self::NumberTooShort,
            Error::NumberTooLong => Self::NumberTooLong,
            Error::UnknownCallingCode => Self::UnknownCallingCode,
            Error::NationalPrefix => Self::NationalPrefix,
            Error::CountryMissing => Self::CountryMissing,
            Error::InvalidSubject => Self::InvalidSubject,
            Error::PrefixAbroad => Self::PrefixAbroad,
            Error::InvalidLifetime => Self::InvalidLifetime,
            Error::InvalidTries => Self::InvalidTries,
            Error::InvalidLimit => Self::InvalidLimit,
            Error::PolicyTooWeak => Self::PolicyTooWeak,
            Error::InvalidCallingCode => Self::InvalidCallingCode,
            Error::UnknownSetting => Self::UnknownSetting,
            Error::InvalidSetting => Self::InvalidSetting,
            Error::InvalidKeyring => Self::InvalidKeyring,
            Error::KeyringFull => Self::KeyringFull,
            Error::UnknownRecordKey => Self::UnknownRecordKey,
            Error::DuplicateRecordKey => Self::DuplicateRecordKey,
            Error::KeyringChecksum => Self::KeyringChecksum,
            Error::ActiveRecordKey => Self::ActiveRecordKey,
            Error::RecordFormat => Self::RecordFormat,
            Error::RecordForged => Self::RecordForged,
            Error::StoreFailed => Self::StoreFailed,
            Error::StoreFull => Self::StoreFull,
            Error::TooManyConflicts => Self::TooManyConflicts,
            Error::StoreUnknown => Self::StoreUnknown,
            Error::StoreExpired => Self::StoreExpired,
            Error::OperationTooOld => Self::OperationTooOld,
            Error::EntropyFailed => Self::EntropyFailed,
            Error::Changed => Self::Changed,
            Error::OtherKeyring => Self::OtherKeyring,
            Error::OtherRecordKey => Self::OtherRecordKey,
            Error::StoreNotInitialized => Self::StoreNotInitialized,
            Error::StoreMoved => Self::StoreMoved,
            Error::StoreTooNew => Self::StoreTooNew,
            Error::StoreClosed => Self::StoreClosed,
            Error::RecordMissing => Self::RecordMissing,
            Error::RestoredLater => Self::RestoredLater,
            Error::DocumentTooLarge => Self::DocumentTooLarge,
            Error::TooManyUnlocks => Self::TooManyUnlocks,
            Error::InvalidName => Self::InvalidName,
            Error::InvalidAddress => Self::InvalidAddress,
            Error::InvalidApp => Self::InvalidApp,
            Error::InvalidTemplate => Self::InvalidTemplate,
            Error::InvalidHost => Self::InvalidHost,
            Error::TenantTooLarge => Self::TenantTooLarge,
            Error::InvalidCredential => Self::InvalidCredential,
            Error::NameTaken => Self::NameTaken,
            Error::InvalidIssuer => Self::InvalidIssuer,
            Error::InvalidRedirectUri => Self::InvalidRedirectUri,
            Error::InvalidPublicKey => Self::InvalidPublicKey,
            Error::UnknownScope => Self::UnknownScope,
            Error::TenantMissing => Self::TenantMissing,
            Error::TenantRevoked => Self::TenantRevoked,
            Error::NumberMissing => Self::NumberMissing,
            Error::NameFixed => Self::NameFixed,
            Error::InvalidOverlap => Self::InvalidOverlap,
            Error::InvalidLanguageTag => Self::InvalidLanguageTag,
            Error::InvalidAppHash => Self::InvalidAppHash,
            Error::MessageTooLong => Self::MessageTooLong,
            Error::UnknownPlaceholder => Self::UnknownPlaceholder,
            Error::UnknownAndroidApp => Self::UnknownAndroidApp,
            Error::PrivateKeyGiven => Self::PrivateKeyGiven,
            Error::PublicKeyInPem => Self::PublicKeyInPem,
            Error::KeyNotForSignatures => Self::KeyNotForSignatures,
            Error::KeyAlgorithm => Self::KeyAlgorithm,
            Error::RsaKeySize => Self::RsaKeySize,
            Error::RsaExponent => Self::RsaExponent,
            Error::RelativeRedirectUri => Self::RelativeRedirectUri,
            Error::RedirectUriFragment => Self::RedirectUriFragment,
            Error::RedirectUriUserInfo => Self::RedirectUriUserInfo,
            Error::RedirectUriPort => Self::RedirectUriPort,
            Error::RedirectUriHttp => Self::RedirectUriHttp,
            Error::RedirectUriScheme => Self::RedirectUriScheme,
            Error::TooManyCredits => Self::TooManyCredits,
            Error::InvalidPrefix => Self::InvalidPrefix,
            Error::InvalidCutOffLife => Self::InvalidCutOffLife,
            Error::InvalidCutOffReason => Self::InvalidCutOffReason,
            Error::TooManyCutOffs => Self::TooManyCutOffs,
            Error::CutOffMissing => Self::CutOffMissing,
            _ => Self::Unknown,
        }
    }
}
