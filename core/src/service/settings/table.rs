//! The table of fields.

use super::convert::check;
use super::value::Value;
use crate::Error;
use crate::challenge::{CallingCodes, Limit};
use crate::list::list;
use crate::oath::Digits;

#[cfg(feature = "contracts")]
use super::convert::{each_text, text};
#[cfg(feature = "contracts")]
use crate::number::CallingCode;
#[cfg(feature = "contracts")]
use crate::service::host::{SignatureAlgorithm, TokenUse, settings::check_issuer};
#[cfg(feature = "contracts")]
use crate::service::message::{AndroidApps, App, Texts};
#[cfg(feature = "contracts")]
use crate::service::tenant::{
    ClientKey, Network, Scope,
    names::{check_host, check_sender},
    redirect_uri::check_redirect_uri,
};
#[cfg(feature = "contracts")]
use alloc::{string::String, vec::Vec};

use Group::{Channel, Client, Customer, Engine, Policy, Token};

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const DAY: u64 = 24 * 60 * MINUTE;

list! {
    /// A group of fields: the settings of one type.
    pub enum Group: u8 {
        /// The rules of a challenge.
        Policy = 1, "policy";
        /// The rules of an OATH token.
        Token = 2, "token";
        /// An engine of the wire contracts.
        Engine = 3, "engine";
        /// A channel, the tenant of the mPass contract.
        Channel = 4, "channel";
        /// A customer, the tenant of the VerifyNow contract.
        Customer = 5, "customer";
        /// A client, the tenant of the CAMARA contracts and the login.
        Client = 6, "client";
    }
}

/// The type of a field's value, with its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Flag,
    /// A whole number.
    Number {
        /// The least value.
        least: u64,
        /// The largest value.
        most: u64,
    },
    /// A time span in whole milliseconds.
    Duration {
        /// The shortest, in milliseconds.
        least: u64,
        /// The longest, in milliseconds.
        most: u64,
    },
    /// A rate limit: the most events in any window, and the most at once.
    Limit,
    /// A text.
    Text,
    /// One of the listed texts.
    Choice(&'static [&'static str]),
    /// A byte string. Where it is written as text, it is hexadecimal, or JSON that
    /// stands for its own bytes.
    Bytes {
        /// The smallest length in bytes.
        least: usize,
        /// The largest length in bytes.
        most: usize,
    },
    /// A list of whole numbers.
    Numbers,
    /// A list of texts.
    Texts,
    /// A map from language tags (BCP 47) to texts.
    Map,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// The name, in `snake_case`; a duration's ends in its unit, `_ms`.
    pub name: &'static str,
    /// The singular name for one member of a list; the same as `name` for other
    /// types.
    pub item: &'static str,
    /// The type and its range.
    pub kind: Kind,
    /// The groups that have the field.
    pub groups: &'static [Group],
    /// The error for a value that is out of range.
    pub error: Error,
    /// A further check, in addition to type and range.
    pub(super) check: fn(&Value) -> Result<(), Error>,
    /// Restrictions in words that [`Kind`] does not express; may be empty.
    pub range: &'static str,
    /// The meaning, as one sentence without a full stop.
    pub meaning: &'static str,
}

macro_rules! fields {
    ($($Field:ident = $number:literal: $name:literal $(/ $item:literal)?, $kind:expr, $groups:expr,
        $check:expr, $error:ident, $range:literal, $meaning:literal;)+) => {
        /// A setting. Numbers and names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Field { $(#[doc = concat!($meaning, ".")] $Field = $number,)+ }

        impl Field {
            /// Every field, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$Field,)+];

            /// The stable number that every language shows.
            #[must_use]
            pub const fn number(self) -> u16 {
                self as u16
            }

            /// The field with a number.
            #[must_use]
            pub const fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$Field),)+ _ => None }
            }

            /// The field with a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|field| field.name() == name)
            }

            /// The field's row of the table.
            #[must_use]
            pub const fn description(self) -> &'static Description {
                match self { $(Self::$Field => &const {
                    Description {
                        name: $name,
                        item: item!($name $(, $item)?),
                        kind: $kind,
                        groups: $groups,
                        error: Error::$error,
                        check: $check,
                        range: text!($range),
                        meaning: text!($meaning),
                    }
                },)+ }
            }
        }
    };
}

macro_rules! item {
    ($name:literal) => {
        $name
    };
    ($name:literal, $item:literal) => {
        $item
    };
}

/// The check of a field of tenants and engines, which without the feature
/// `contracts` accept no value.
#[cfg(feature = "contracts")]
macro_rules! of_tenants {
    ($check:expr) => {
        $check
    };
}

#[cfg(not(feature = "contracts"))]
macro_rules! of_tenants {
    ($check:expr) => {
        |_| Err(Error::UnknownSetting)
    };
}

/// A text, empty without the feature `texts`.
#[cfg(feature = "texts")]
macro_rules! text {
    ($text:expr) => {
        $text
    };
}

#[cfg(not(feature = "texts"))]
macro_rules! text {
    ($text:expr) => {
        ""
    };
}

/// The groups that contain the rules of challenges.
const RULES: &[Group] = &[Policy, Channel, Customer, Client];
const TENANTS: &[Group] = &[Channel, Customer, Client];
const WITH_RULES_AND_TOKENS: &[Group] = &[Policy, Token, Channel, Customer, Client];

const fn number(least: u64, most: u64) -> Kind {
    Kind::Number { least, most }
}

const fn duration(least: u64, most: u64) -> Kind {
    Kind::Duration { least, most }
}

fields! {
    Digits = 101: "digits", number(4, 10), RULES, check::<Digits>, InvalidDigits,
        "fewer than 6 only with allow_weak; at most 8 for a customer",
        "Number of digits in a code; for a customer also the smallest number that a request may choose";
    LifetimeMs = 102: "lifetime_ms", duration(20 * SECOND, DAY), RULES, check::<u64>, InvalidLifetime,
        "more than 10 minutes only with allow_weak; at most 5 minutes for a customer",
        "Lifetime of a code";
    Tries = 103: "tries", number(1, 100), RULES, check::<u8>, InvalidTries, "",
        "Number of wrong codes that ends a challenge";
    ResendIntervalMs = 104: "resend_interval_ms", duration(0, DAY), RULES, check::<u64>, InvalidLimit, "",
        "Minimum time between two sends to a number";
    Sends = 105: "sends", Kind::Limit, RULES, check::<Limit>, InvalidLimit, "",
        "Maximum number of sends to one number";
    Guesses = 106: "guesses", Kind::Limit, RULES, check::<Limit>, InvalidLimit, "",
        "Maximum number of wrong codes for one number";
    FailuresToLock = 107: "failures_to_lock", number(1, 100), WITH_RULES_AND_TOKENS, check::<u16>, InvalidTries,
        "", "Number of consecutive failures that locks a number (across its challenges) or a token";
    LockMs = 108: "lock_ms", duration(0, u64::MAX), WITH_RULES_AND_TOKENS, check::<u64>, InvalidLimit,
        "at most 31 days for a number; 0 locks a token until it is unlocked",
        "How long a locked number or token stays locked";
    Spend = 109: "spend", Kind::Limit, RULES, check::<Limit>, InvalidLimit, "no limit if unset",
        "Maximum number of sends of the whole tenant";
    CallingCodes = 110: "calling_codes" / "calling_code", Kind::Numbers, RULES,
        check::<CallingCodes>, UnknownCallingCode, "country codes assigned by the ITU; empty allows all",
        "Country codes of the numbers that codes may be sent to";
    AllowWeak = 111: "allow_weak", Kind::Flag, RULES, check::<bool>, PolicyTooWeak, "",
        "Allows fewer than 6 digits or a lifetime of more than 10 minutes";

    LookAhead = 201: "look_ahead", number(0, 99_999), &[Token], check::<u32>, WindowTooLarge, "",
        "HOTP: number of counters after the expected one that are also checked (RFC 4226 section 7.4)";
    Past = 202: "past", number(0, 99_999), &[Token], check::<u32>, WindowTooLarge, "past and future together at most 99999",
        "TOTP: number of past time steps whose codes are accepted (RFC 6238 section 5.2)";
    Future = 203: "future", number(0, 99_999), &[Token], check::<u32>, WindowTooLarge, "past and future together at most 99999",
        "TOTP: number of future time steps whose codes are accepted";
    ResyncWindow = 204: "resync_window", number(0, 50_000), &[Token], check::<u32>, WindowTooLarge, "",
        "Number of counters or time steps that a resynchronisation searches, in both directions for TOTP";
    DelayMs = 205: "delay_ms", duration(0, u64::MAX), &[Token], check::<u64>, InvalidLimit, "0 means no delay",
        "Delay per consecutive failure: after the nth one the next attempt must wait n times this, \
         at most an hour (RFC 4226 section 7.3)";

    Name = 301: "name", Kind::Text, TENANTS, of_tenants!(check::<String>), InvalidName,
        "1 to 64 ASCII letters, digits, -, _ and .; a customer's is C- and 15 upper-case \
         hexadecimal digits",
        "Name, unique among tenants of the same kind; a customer's customerId, a client's client_id";
    Addresses = 302: "addresses" / "address", Kind::Texts, TENANTS, of_tenants!(check::<Vec<Network>>), InvalidAddress,
        "addresses or networks in CIDR notation; empty allows any",
        "Networks from which the tenant may call";
    Apps = 303: "apps" / "app", Kind::Texts, &[Channel], of_tenants!(check::<Vec<App>>), InvalidApp,
        "1 to 32 characters each; empty allows any",
        "Applications that the channel may send for";
    Country = 304: "country", number(1, 999), &[Channel], of_tenants!(check::<CallingCode>), UnknownCallingCode,
        "a country code assigned by the ITU",
        "Country code that numbers in national form belong to";
    Host = 305: "host", Kind::Text, TENANTS, of_tenants!(|value| text(value, check_host)), InvalidHost, "a DNS name",
        "Host of the web page where codes are typed; the last line of a message binds the code to it";
    Texts = 306: "texts" / "text", Kind::Map, &[Channel, Customer], of_tenants!(check::<Texts>), InvalidTemplate,
        "at most 32 languages, by tag (BCP 47), with at most 320 characters each; a text must contain \
         {{code}} and may contain {{app}} and {{minutes}}",
        "Templates of the messages by language; a request has the text of its language tag, \
         otherwise of the tag's first subtag, otherwise the built-in one";
    Sender = 308: "sender", Kind::Text, TENANTS, of_tenants!(|value| text(value, check_sender)), InvalidName,
        "1 to 32 bytes without control characters or direction overrides, and without spaces at \
         the ends or @ at the beginning",
        "Sender that messages show, for gateways that support it";
    TestCredits = 309: "test_credits", number(0, u64::MAX), &[Customer], of_tenants!(check::<u64>), InvalidLimit, "",
        "Initial balance of the customer's credits";
    Scopes = 310: "scopes" / "scope", Kind::Texts, &[Client], of_tenants!(check::<Vec<Scope>>), UnknownScope, "",
        "Scopes that the client may request";
    RedirectUris = 311: "redirect_uris" / "redirect_uri", Kind::Texts, &[Client],
        of_tenants!(|value| each_text(value, check_redirect_uri)), InvalidRedirectUri, "at most 8 absolute URIs of at most 255 bytes each",
        "Redirect URIs of a login, compared exactly";
    PublicKey = 312: "public_key", Kind::Bytes { least: 65, most: 8192 }, &[Client],
        of_tenants!(check::<ClientKey>), InvalidPublicKey,
        "an uncompressed point of P-256 (65 bytes), or a JWK of a P-256 key or of an RSA key with 2048 to \
         4096 bits and the exponent 65537",
        "Public key that verifies the client's private_key_jwt assertions: with ES256 for a P-256 key, \
         with RS256 for an RSA key";
    IdTokenAlg = 313: "id_token_alg", Kind::Choice(&["ES256", "RS256"]), &[Client],
        of_tenants!(check::<SignatureAlgorithm>), InvalidSetting, "RS256 only if the host signs with it",
        "Algorithm that signs the client's ID tokens";
    AndroidAppHashes = 333: "android_app_hashes" / "android_app_hash", Kind::Texts, TENANTS,
        of_tenants!(check::<AndroidApps>), InvalidAppHash,
        "at most 32, each 11 base64 characters; a channel's may also be APP=HASH, for messages of that \
         application only",
        "Hash of the Android app that reads the code by SMS Retriever, as a line of its own; it is left \
         out of a message that would be longer than 140 bytes or one segment with it";

    Issuer = 401: "issuer", Kind::Text, &[Engine], of_tenants!(|value| text(value, check_issuer)), InvalidIssuer,
        "a base URL without a path; http only for a loopback host",
        "Base URL under which clients reach the host, and issuer of its tokens; if unset, the login \
         is disabled";
    TokenUse = 402: "token_use", Kind::Choice(&["once", "within_life"]), &[Engine],
        of_tenants!(check::<TokenUse>), InvalidSetting, "",
        "How often an access token of Number Verification can be used";
}

impl Field {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.description().name
    }

    /// Whether the field belongs to a group.
    #[must_use]
    pub fn is_of(self, group: Group) -> bool {
        self.description().groups.contains(&group)
    }
}

impl Group {
    /// The fields of the group, in the order of their numbers.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        let fields = Field::ALL.iter().copied();
        fields.filter(move |field| field.is_of(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_names_differ() {
        assert!(
            Field::ALL
                .windows(2)
                .all(|pair| pair[0].number() < pair[1].number())
        );
        for field in Field::ALL {
            assert_eq!(Field::from_name(field.name()), Some(*field));
            assert_eq!(Field::from_number(field.number()), Some(*field));
        }
        assert!(crate::list::is_in_order(Group::ENTRIES));
    }
}
