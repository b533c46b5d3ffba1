//! The one list of errors, with the numbers that C, Java and JavaScript see.

use core::fmt;

use crate::list::Entry;

macro_rules! errors {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal, $text:literal;)+) => {
        /// Misuse or failure. A wrong, expired or used-up code is a verdict,
        /// never an error.
        ///
        /// Numbers are grouped in hundreds by origin, never change and are
        /// never used again: 1xx OATH, 2xx phone numbers, 3xx policy and
        /// keys, 4xx records and stores, 5xx services. No error text holds a
        /// secret, a code or a number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum Error { $($(#[doc = $doc])+ $name = $number,)+ }

        impl Error {
            /// Every error, in the order of its number.
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

            /// The stable number that every language shows.
            #[must_use]
            pub const fn number(self) -> u16 { self as u16 }

            /// The variant's name, for messages and logs.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

errors! {
    /// A secret of no bytes.
    SecretEmpty = 101, "the secret is empty";
    /// A secret below the 128 bits of RFC 4226 section 4, where short secrets were not allowed explicitly.
    SecretTooShort = 102, "the secret has fewer than 128 bits";
    /// A secret longer than the longest that is taken, 1,024 bytes.
    SecretTooLong = 103, "the secret is longer than 1024 bytes";
    /// Base32 text with a character outside RFC 4648's alphabet, or of an impossible length.
    InvalidBase32 = 104, "the secret is not base32";
    /// Hexadecimal text with another character, or an odd number of them.
    InvalidHex = 105, "the text is not hexadecimal";
    /// A code length outside 4 to 10 digits.
    InvalidDigits = 106, "codes have 4 to 10 digits";
    /// A time step of 0 seconds.
    InvalidStep = 107, "the time step is at least one second";
    /// An algorithm other than SHA1, SHA256 and SHA512.
    InvalidAlgorithm = 108, "the algorithm is SHA1, SHA256 or SHA512";
    /// A window of more than 100,000 codes.
    WindowTooLarge = 109, "the window is larger than 100000 codes";
    /// A time before T0, or a counter past the largest one.
    TimeOutOfRange = 110, "the time has no time step";
    /// Resynchronisation with other than 2 or 3 codes.
    ResyncCodes = 111, "resynchronisation takes two or three codes";
    /// An OCRA suite that is not of RFC 6287 section 6.
    InvalidSuite = 120, "the OCRA suite is not valid";
    /// An OCRA question that the suite does not allow.
    InvalidQuestion = 121, "the question does not fit the OCRA suite";
    /// An OCRA input that the suite names and the caller did not give.
    MissingInput = 122, "an input that the OCRA suite names is missing";
    /// An OCRA input that the suite does not name.
    UnexpectedInput = 123, "an input is given that the OCRA suite does not name";
    /// Session information longer than the suite says.
    SessionTooLong = 124, "the session information is longer than the OCRA suite says";
    /// A key that is prepared for another hash than the OCRA suite names.
    SuiteAlgorithm = 125, "the key is prepared for another hash than the OCRA suite names";
    /// A hash of a PIN that is not as long as the OCRA suite's hash.
    PinHashLength = 126, "the hash of the PIN is not as long as the OCRA suite's hash";
    /// A key URI that is not `otpauth://hotp/…` or `otpauth://totp/…`.
    InvalidUri = 130, "the key URI is not valid";
    /// A key URI without a secret.
    UriWithoutSecret = 131, "the key URI has no secret";
    /// A `hotp` key URI without a counter.
    UriWithoutCounter = 132, "the key URI is for hotp and has no counter";
    /// A key URI whose label and issuer parameter name different issuers.
    UriIssuerMismatch = 133, "the key URI names two issuers";
    /// A label or issuer that a key URI cannot carry.
    InvalidLabel = 134, "the label is empty or has a colon in its parts";
    /// A key URI that gives one parameter twice.
    UriRepeatedParameter = 135, "the key URI gives a parameter twice";

    /// A number of no digits.
    NumberEmpty = 201, "the phone number is empty";
    /// A character other than digits and the separators that are tolerated.
    NumberCharacter = 202, "the phone number has a character that is not a digit";
    /// Fewer than 5 digits in all.
    NumberTooShort = 203, "the phone number has fewer than 5 digits";
    /// More than the 15 digits of E.164.
    NumberTooLong = 204, "the phone number has more than 15 digits";
    /// A country code that the ITU has not assigned.
    UnknownCallingCode = 205, "the phone number begins with no assigned country code";
    /// A national part that begins with 0 where the plan has no such numbers.
    NationalPrefix = 206, "the phone number has a trunk prefix after its country code";
    /// A national number where no country is known.
    CountryMissing = 207, "the phone number is national and no country is known";

    /// A lifetime outside 20 seconds to 24 hours, or beyond the 5 minutes of a customer or of a token with a number.
    InvalidLifetime = 301, "the lifetime is outside its range: 20 seconds to 24 hours, at most 5 minutes for a customer or a token with a number";
    /// A number of tries outside 1 to 100.
    InvalidTries = 302, "the tries are between 1 and 100";
    /// A limit of no events, of more than 100,000, or over no time.
    InvalidLimit = 303, "the limit is not valid";
    /// A policy below six digits or beyond ten minutes that does not say so explicitly.
    PolicyTooWeak = 304, "the policy is below six digits or beyond ten minutes and does not allow it explicitly";
    /// A calling code that is not assigned, or more of them than a policy holds.
    InvalidCallingCode = 305, "the calling code is not valid";
    /// A setting that its group of settings does not have.
    UnknownSetting = 306, "the settings have no such field";
    /// A setting's value that is not of its field's type.
    InvalidSetting = 307, "the value is not of the field's type";
    /// Keyring text that is not a keyring.
    InvalidKeyring = 310, "the keyring is not valid";
    /// A keyring with more record keys than it holds.
    KeyringFull = 311, "the keyring holds no more record keys";
    /// A record key id that the keyring does not hold.
    UnknownRecordKey = 312, "the keyring holds no record key of that id";
    /// A record key id that the keyring holds already.
    DuplicateRecordKey = 313, "the keyring holds a record key of that id";

    /// A record of the wrong length or of a kind or version that this engine does not know.
    RecordFormat = 401, "the record is not of a known format";
    /// A record whose authentication fails: flipped, moved to another key, or not ours.
    RecordForged = 402, "the record is not authentic";
    /// A store that failed: nothing was stored.
    StoreFailed = 403, "the store failed";
    /// A store that is full.
    StoreFull = 404, "the store is full";
    /// More than 256 conflicts on one record in one exchange.
    TooManyConflicts = 405, "the record changed too often";
    /// A store that does not know whether it stored: a time-out or a broken connection.
    StoreUnknown = 406, "the store did not say whether it stored";

    /// A channel, customer or client name of no or too many characters, or with others than letters, digits, `-`, `_` and `.`.
    InvalidName = 501, "the name is not valid";
    /// An address or network that is not CIDR notation.
    InvalidAddress = 502, "the address is not an IP address or network";
    /// An application identifier outside the rules for texts.
    InvalidApp = 503, "the application identifier is not valid";
    /// A message template outside the rules for texts.
    InvalidTemplate = 504, "the message template is not valid";
    /// A host for the origin-bound line that is not a host name.
    InvalidHost = 505, "the host name is not valid";
    /// A tenant that does not fit in 4 KiB.
    TenantTooLarge = 506, "the tenant does not fit in its record";
    /// What is not the credential of a tenant.
    InvalidChannelKey = 507, "the credential is not valid";
    /// A name that another tenant of the kind has.
    NameTaken = 508, "the name is taken";
    /// An issuer that is not a base URL: `https`, a host, no path.
    InvalidIssuer = 509, "the issuer is not a base URL";
    /// A redirect URI that is not absolute, has a fragment or is `http` for other than a loopback host.
    InvalidRedirectUri = 510, "the redirect URI is not valid";
    /// A client's public key that has not the form of an uncompressed point.
    InvalidPublicKey = 511, "the public key is not valid";
    /// A scope that no contract has.
    UnknownScope = 512, "the scope is not known";
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
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
