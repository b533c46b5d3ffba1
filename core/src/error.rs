//! The error type, and the numbers that C, Java and JavaScript use for it.

use core::fmt;

use crate::list::Entry;

macro_rules! errors {
    (
        $(#[doc = $about:literal])+
        pub enum Error;
        $($(#[doc = $doc:literal])+ $name:ident = $number:literal, $text:literal;)+
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum Error { $($(#[doc = $doc])+ $name = $number,)+ }

        impl Error {
            /// What the list is: its documentation, in Markdown.
            pub const ABOUT: &'static str = concat!($($about, "\n",)+);

            /// Every error, in ascending order of its number.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Number, name and meaning of every error, in the order of
            /// [`Self::ALL`].
            pub const ENTRIES: &'static [Entry] = &[$(Entry {
                number: $number,
                identifier: stringify!($name),
                name: stringify!($name),
                meaning: concat!($($doc, "\n",)+),
            },)+];

            /// The error of a number.
            #[must_use]
            pub const fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$name),)+ _ => None }
            }

            /// The stable number, the same in every language.
            #[must_use]
            pub const fn number(self) -> u16 { self as u16 }

            /// The variant's name, for messages and logs.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            #[cfg(feature = "texts")]
            const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

errors! {
    /// Misuse of the API, or a failure. A wrong, expired or used code is a
    /// verdict, not an error.
    ///
    /// Numbers are stable and never reused. They are grouped by origin:
    /// 1xx OATH, 2xx phone numbers and other subjects, 3xx policies and
    /// keyrings, 4xx records and stores, 5xx services. Error texts never
    /// contain a secret, a code or a subject.
    pub enum Error;

    /// An empty secret.
    SecretEmpty = 101, "the secret is empty";
    /// A secret shorter than the 128 bits that RFC 4226 section 4 requires, where short secrets were not allowed explicitly.
    SecretTooShort = 102, "the secret has fewer than 128 bits; `Key::new_allowing_short` accepts it";
    /// A secret longer than 1,024 bytes.
    SecretTooLong = 103, "the secret is longer than 1024 bytes";
    /// Base32 text with a character outside the alphabet of RFC 4648 section 6, or of an impossible length.
    InvalidBase32 = 104, "the secret is not valid base32";
    /// Text with a character that is not a hexadecimal digit, or of the wrong length.
    InvalidHex = 105, "the text is not valid hexadecimal";
    /// A code length outside 4 to 10 digits.
    InvalidDigits = 106, "the number of digits must be 4 to 10";
    /// A time step of 0 seconds.
    InvalidStep = 107, "the time step must be at least one second";
    /// An algorithm other than SHA1, SHA256 and SHA512.
    InvalidAlgorithm = 108, "the algorithm must be SHA1, SHA256 or SHA512";
    /// A window of more than 100,000 codes.
    WindowTooLarge = 109, "the window is larger than 100000 codes";
    /// A time before T0, or a counter beyond the largest one.
    TimeOutOfRange = 110, "the time is outside the range of time steps";
    /// A resynchronisation with fewer than two or more than three codes.
    ResyncCodes = 111, "resynchronisation requires two or three codes";
    /// Base32 text with a digit that base32 does not have: 0, 1, 8 or 9. O is often typed as 0, I or L as 1, and B as 8.
    Base32Digit = 112, "the secret has a digit that base32 does not have: O is often typed as 0, I or L as 1, B as 8";
    /// The text of a secret that is both hexadecimal and base32, or that holds two secrets.
    AmbiguousSecret = 113, "the text of the secret can be read in two ways";
    /// The text of a secret that has none of the known forms.
    UnknownSecretForm = 114, "the text of the secret has none of the known forms";
    /// A time after the year 9999 where seconds are expected: most likely a time in milliseconds.
    TimeInMilliseconds = 115, "the time is after the year 9999: it seems to be in milliseconds, and must be in seconds";
    /// A time step of whole thousands of seconds from 10,000 on that is not whole hours: most likely a length in milliseconds.
    StepInMilliseconds = 116, "the time step seems to be in milliseconds, and must be in seconds";
    /// An OCRA suite that does not have the parts of RFC 6287 section 6: `OCRA-1`, the function and the inputs, in upper case.
    InvalidSuite = 120, "an OCRA suite has the form OCRA-1:function:inputs, in upper case";
    /// An OCRA question that the suite does not allow.
    InvalidQuestion = 121, "the question does not fit the OCRA suite: a character is not of its format, or there are more than the suite states and not twice as many, as in mutual mode";
    /// An OCRA input that the suite requires and the caller did not supply.
    MissingInput = 122, "an input required by the OCRA suite is missing";
    /// An OCRA input that the suite does not use.
    UnexpectedInput = 123, "an input was given that the OCRA suite does not use";
    /// Session information longer than the suite allows.
    SessionTooLong = 124, "the session information is longer than the OCRA suite allows";
    /// A key prepared for a different hash than the one the OCRA suite uses.
    SuiteAlgorithm = 125, "the key is prepared for a different hash than the OCRA suite uses";
    /// A PIN hash whose length is not that of the suite's PIN hash algorithm.
    PinHashLength = 126, "the PIN hash does not have the length that the OCRA suite requires";
    /// An OCRA suite whose function is not valid: RFC 6287 section 6.2.
    SuiteFunction = 127, "the function of the OCRA suite must be HOTP-SHA1, HOTP-SHA256 or HOTP-SHA512 with -0 or -4 to -10";
    /// An OCRA suite whose question is missing or not valid: RFC 6287 section 6.3.
    SuiteQuestion = 128, "the inputs of the OCRA suite must begin with Q, or C-Q, alone or as QA, QN or QH with 04 to 64";
    /// An OCRA suite with another input that is not valid, repeated or in the wrong order: RFC 6287 section 6.3.
    SuiteInput = 129, "after the question, the OCRA suite can have P, PSHA1, PSHA256 or PSHA512, then S or S001 to S999, then T or T with 1S to 59S, 1M to 59M or 1H to 48H";
    /// A key URI with text that does not decode, a control character, or more than 32 parameters.
    InvalidUri = 130, "the key URI has a percent sign without two hexadecimal digits, bytes that are not UTF-8, a control character or more than 32 parameters";
    /// A key URI without a secret.
    UriWithoutSecret = 131, "the key URI has no secret";
    /// A `hotp` key URI without a counter.
    UriWithoutCounter = 132, "the hotp key URI has no counter";
    /// An issuer or account that is empty, contains a control character or a parameter of a URI, or begins or ends with white space or a format character.
    InvalidLabel = 134, "the issuer or account is empty, contains a control character or a parameter (&digits=), or begins or ends with white space or a format character";
    /// A key URI that gives a parameter two values.
    UriRepeatedParameter = 135, "the key URI gives a parameter two values";
    /// A period of a key that is not 1 to 2^63 - 1, or not a whole number.
    InvalidPeriod = 136, "the period must be a whole number of seconds from 1 to 2^63 - 1";
    /// A counter in a key URI that is not 0 to 2^64 - 1, or not a whole number.
    InvalidCounter = 137, "the counter of the key URI must be a whole number from 0 to 2^64 - 1";
    /// A key URI with the parameter `encoder`, as for Steam's codes.
    UriEncoder = 138, "the key URI has the parameter encoder, whose codes are not supported";
    /// A key URI with a PIN, as for Yandex and mOTP.
    UriPin = 139, "the key URI has a parameter for a PIN, which is not supported";
    /// A key URI with the parameter `t0`, `epoch` or `offset`.
    UriTimeOrigin = 140, "the key URI moves the start of time steps (t0, epoch, offset), which is not supported";
    /// A key URI with another parameter that changes the codes: `algo`, `digest`, `encoding`, `hash`, `interval`, `step`, `ocrasuite`, `2step_salt` and others.
    UriParameterChangesCode = 141, "the key URI has a parameter that changes the codes and is not supported";
    /// A key URI that needs a choice or a repair, read strictly; see the cautions.
    UriNotStrict = 142, "the key URI allows several readings or departs from the format";
    /// A key URI with the name of a parameter within the value of another or the label.
    UriSeparator = 143, "the parameters of the key URI are not separated by &";
    /// A key URI of a type other than `totp` and `hotp`, or with a user or a port.
    UriType = 144, "the type of the key URI must be totp or hotp";
    /// An export of Google Authenticator (`otpauth-migration://`) instead of a key URI.
    UriMigration = 145, "the text is an export of Google Authenticator (otpauth-migration://), not a key URI: use the QR code of the service, or convert the export offline to otpauth://";
    /// A text of another scheme, or without one, instead of a key URI.
    UriScheme = 146, "a key URI begins with otpauth://; other forms, such as steam:// and motp://, are not supported";
    /// A key URI with `#`.
    UriFragment = 147, "the key URI has a #, which would begin a fragment: as part of a name it must be written %23";
    /// A text with more than one key URI.
    UriSeveral = 148, "the text has more than one key URI";
    /// A key URI within another text or the parameter of a link.
    UriWithinText = 149, "the key URI is part of another text or link: give only the part from otpauth:// on, decoded";

    /// A phone number without digits.
    NumberEmpty = 201, "the phone number is empty";
    /// A character other than digits and the accepted separators.
    NumberCharacter = 202, "the phone number contains a character that is not a digit";
    /// Fewer than 5 digits, country code included.
    NumberTooShort = 203, "the phone number has fewer than 5 digits";
    /// More than the 15 digits of E.164.
    NumberTooLong = 204, "the phone number has more than 15 digits";
    /// A phone number that does not begin with a country code assigned by the ITU.
    UnknownCallingCode = 205, "the phone number does not begin with an assigned country code";
    /// A national part that begins with 0 in a numbering plan without such numbers.
    NationalPrefix = 206, "the phone number has a trunk prefix after its country code";
    /// A number in national form without a country to complete it.
    CountryMissing = 207, "the phone number is in national form and no country was given";
    /// Text that is not an e-mail address or account in the form that a challenge's subject requires, or a subject too long for an alias record.
    InvalidSubject = 208, "the subject is not valid: an e-mail address has at most 254 bytes, one @ and a host name, in ASCII and without quotes, and an account has 1 to 64 printable ASCII characters without space and @, one of them a letter";
    /// A number that may begin with a prefix for calls abroad of the given country other than `00`.
    PrefixAbroad = 209, "the phone number may begin with a prefix for calls abroad; write a plus sign in its place";

    /// A lifetime outside 20 seconds to 24 hours, or beyond the 5 minutes of a customer or of a token with a number.
    InvalidLifetime = 301, "the lifetime is out of range: 20 seconds to 24 hours, at most 5 minutes for a customer or a token with a number";
    /// A number of tries, or of failures that lock, outside 1 to 100.
    InvalidTries = 302, "the number of tries must be 1 to 100";
    /// A limit of 0 or more than 100,000 events, or with a window or burst out of range.
    InvalidLimit = 303, "the limit is out of range";
    /// A policy with fewer than six digits or a lifetime above ten minutes that does not allow it explicitly.
    PolicyTooWeak = 304, "the policy has fewer than six digits or a lifetime above ten minutes and does not allow it explicitly";
    /// A calling code that is not assigned, or more calling codes than a policy holds.
    InvalidCallingCode = 305, "the calling code is not assigned, or there are too many calling codes";
    /// A setting that its group of settings does not have.
    UnknownSetting = 306, "the settings have no such field";
    /// A setting's value that is not of its field's type.
    InvalidSetting = 307, "the value is not of the field's type";
    /// Malformed keyring text.
    InvalidKeyring = 310, "the keyring is not valid";
    /// A keyring that already holds the most record keys it can.
    KeyringFull = 311, "the keyring is full";
    /// A record key id that is not in the keyring, or the newest one where that cannot be removed.
    UnknownRecordKey = 312, "the keyring has no record key with that id";
    /// A record key id that is already in the keyring.
    DuplicateRecordKey = 313, "the keyring already has a record key with that id";
    /// Keyring text whose checksum does not fit: a character was changed.
    KeyringChecksum = 314, "the checksum of the keyring does not fit: the text was changed";
    /// The removal of the record key with which records are written.
    ActiveRecordKey = 315, "the record key is the one that records are written with: activate another one first";

    /// A record of the wrong length or of a kind or version that this engine does not know.
    RecordFormat = 401, "the record has an unknown format";
    /// A record that fails authentication: altered, moved to another store key, or sealed by another keyring.
    RecordForged = 402, "the record is not authentic";
    /// The store failed, and nothing was written.
    StoreFailed = 403, "the store failed";
    /// The store is full.
    StoreFull = 404, "the store is full";
    /// More than 256 conflicts on one record in one exchange.
    TooManyConflicts = 405, "the record changed too often";
    /// It is unknown whether the store wrote the value: a timeout or a broken connection.
    StoreUnknown = 406, "it is unknown whether the store wrote the value";
    /// A value that expires before values that the store has already dropped: the clock is behind the one that they were dropped by.
    StoreExpired = 407, "the value expires before values that the store has already dropped";
    /// An operation on a store that took longer than 10 seconds.
    OperationTooOld = 408, "the operation took longer than 10 seconds";
    /// The random source failed.
    EntropyFailed = 409, "the random source failed";
    /// A value that changed since the expected one was read.
    Changed = 410, "the value has changed since it was read";
    /// A store that belongs to another keyring: its locator key differs.
    OtherKeyring = 420, "the store belongs to another keyring";
    /// A record key that differs from the one with the same id that the store was written with.
    OtherRecordKey = 421, "a record key differs from the store's record key with the same id";
    /// A store without a header where one was expected: it is empty, or not the store that was meant.
    StoreNotInitialized = 422, "the store has no header: it is not initialized";
    /// A store whose contents were moved to another one.
    StoreMoved = 423, "the contents of the store were moved to another store";
    /// A store with a layout or format that this version does not know.
    StoreTooNew = 424, "the store was written by a newer version";
    /// A store that was restored from a backup and not confirmed by an administrator yet.
    StoreClosed = 425, "the store was restored and is closed until an administrator confirms its tenants";
    /// A record that is missing although its owner was told that it exists.
    RecordMissing = 426, "a record that must exist is missing";
    /// A store that was restored at a time that is still to come: the clock is behind, or the one of the restore was ahead. What is issued before that time would never be accepted.
    RestoredLater = 427, "the store was restored at a time that is still to come: the clock is behind, or was ahead then";
    /// More contents than a value of a store may have.
    DocumentTooLarge = 428, "the document is larger than 16384 bytes";
    /// A subject that was unlocked three times within 24 hours.
    TooManyUnlocks = 429, "the subject was unlocked three times within 24 hours";

    /// A channel, customer or client name that is empty, too long, or contains characters other than letters, digits, `-`, `_` and `.`.
    InvalidName = 501, "the name is not valid";
    /// An address or network that is not CIDR notation.
    InvalidAddress = 502, "the address is not an IP address or network";
    /// An application identifier that message texts may not contain.
    InvalidApp = 503, "the application identifier is not valid";
    /// A message template that breaks the rules for message texts.
    InvalidTemplate = 504, "the message template is not valid";
    /// A host of the origin-bound line (`@host #code`) that is not a host name.
    InvalidHost = 505, "the host name is not valid";
    /// A tenant whose stored value could become larger than 16,384 bytes, with the room that the predecessors of its credential and public key need.
    TenantTooLarge = 506, "the tenant is larger than 16384 bytes";
    /// Text that is not a credential, or the credential of another tenant.
    InvalidCredential = 507, "the credential is not valid";
    /// A name that another tenant of the same kind already has.
    NameTaken = 508, "the name is taken";
    /// An issuer that is not a base URL: `https`, a host, no path, no user information.
    InvalidIssuer = 509, "the issuer is not a base URL";
    /// A redirect URI that is not one of RFC 3986, has no host that can be connected to, or is too long, and a list of too many; 540 to 545 have the other reasons.
    InvalidRedirectUri = 510, "the redirect URI is not valid";
    /// A client's public key that is neither an uncompressed P-256 point nor a JWK of a P-256 or RSA key; 530 to 535 have the other reasons.
    InvalidPublicKey = 511, "the public key is not valid";
    /// A scope that no contract defines.
    UnknownScope = 512, "the scope is unknown";
    /// A name that no channel, customer or client of the store has.
    TenantMissing = 513, "there is no channel, customer or client with this name";
    /// An operation on a channel, customer or client that is revoked.
    TenantRevoked = 514, "the channel, customer or client is revoked";
    /// A number without a record at the channel, customer or client.
    NumberMissing = 515, "there is no record of this number";
    /// A change of the name of a channel, customer or client.
    NameFixed = 516, "the name cannot be changed";
    /// An overlap of two credentials of more than 31 days.
    InvalidOverlap = 517, "the overlap must not be longer than 31 days";
    /// A language tag that is not of the form of BCP 47, or that occurs twice.
    InvalidLanguageTag = 518, "the language tag is not valid";
    /// An Android app that is not an app hash of 11 base64 characters, that has a second hash, or whose package name or certificate is not one.
    InvalidAppHash = 519, "the Android app hash is not valid";
    /// A message template that has no room for an Android app hash within the 140 bytes that SMS Retriever reads.
    MessageTooLong = 520, "the message with the Android app hash would be longer than 140 bytes";
    /// A message template with a placeholder that does not exist, or with two braces that belong to none.
    UnknownPlaceholder = 521, "the message template has a placeholder other than {{code}}, {{app}} and {{minutes}}";
    /// An Android app hash for an application that the channel may not send for.
    UnknownAndroidApp = 522, "the Android app hash is for an application that the channel may not send for";
    /// A private key where the public one is registered: a JWK with the member `d`, or PEM.
    PrivateKeyGiven = 530, "a private key was given: only the public key must be registered";
    /// A public key in PEM.
    PublicKeyInPem = 531, "the public key is in PEM: it must be a JWK, or an uncompressed point of P-256";
    /// A JWK whose `use` or `key_ops` does not allow it to verify signatures.
    KeyNotForSignatures = 532, "the JWK is not for signatures: its use must be sig, and its key_ops must contain verify";
    /// A JWK whose `alg` is not that of its type.
    KeyAlgorithm = 533, "the alg of the JWK must be ES256 for a P-256 key and RS256 for an RSA key";
    /// An RSA key outside 2048 to 4096 bits.
    RsaKeySize = 534, "the RSA key must have 2048 to 4096 bits";
    /// An RSA key with an exponent other than 65537.
    RsaExponent = 535, "the exponent of the RSA key must be 65537";
    /// A redirect URI without a scheme.
    RelativeRedirectUri = 540, "the redirect URI is not absolute: it must begin with https://";
    /// A redirect URI with a fragment (RFC 6749 section 3.1.2).
    RedirectUriFragment = 541, "the redirect URI has a fragment";
    /// A redirect URI with a user name or password.
    RedirectUriUserInfo = 542, "the redirect URI has user information";
    /// A redirect URI with an empty port or one past 65535.
    RedirectUriPort = 543, "the port of the redirect URI must be 0 to 65535";
    /// A redirect URI with the scheme `http` for a host other than loopback (RFC 8252 section 7.3).
    RedirectUriHttp = 544, "the redirect URI has the scheme http, which is allowed only for localhost, 127.0.0.1 and [::1]";
    /// A redirect URI with a scheme other than `https` that is not in reverse domain form (RFC 8252 section 7.1), or with capital letters in its scheme.
    RedirectUriScheme = 545, "the scheme of the redirect URI must be https, or an app's in reverse domain form such as com.example.app, in lower case";
    /// Credits that would exceed 2^64-1 together with those of the customer.
    TooManyCredits = 550, "the credits would exceed the largest balance";
    /// A prefix of phone numbers that is not a plus sign, an assigned country code and further digits, at most 15.
    InvalidPrefix = 560, "the prefix must be a plus sign, an assigned country code and further digits, at most 15 digits";
    /// A cut-off that does not end after 1 second to 30 days.
    InvalidCutOffLife = 561, "a cut-off must end after 1 second to 30 days";
    /// A reason for a cut-off that is not 1 to 120 bytes of text on one line.
    InvalidCutOffReason = 562, "the reason must be 1 to 120 bytes of text on one line";
    /// More than 64 cut-offs at a time.
    TooManyCutOffs = 563, "64 cut-offs are in effect: resume one first";
    /// A target without a cut-off in effect.
    CutOffMissing = 564, "no such cut-off is in effect";
}

/// The text; without the feature `texts`, the number.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[cfg(feature = "texts")]
        return f.write_str(self.text());
        #[cfg(not(feature = "texts"))]
        return write!(f, "error {}", self.number());
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_names_are_unique() {
        for pair in Error::ALL.windows(2) {
            assert!(pair[0].number() < pair[1].number(), "{:?}", pair[1]);
        }
    }
}
