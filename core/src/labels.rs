//! The labels of every derivation, so that no two purposes share a key.
//!
//! A label is typed by its root, the key that it is used under, so that it
//! cannot be used under another one. Its bytes never change: values that are
//! stored, shown or held by callers depend on them. The table in docs/DESIGN.md
//! is written from [`LABELS`].

use core::fmt;
use core::marker::PhantomData;

/// A row of the table of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LabelEntry {
    /// What the label is used under: a key of the keyring, a key derived under
    /// another label, or entropy of the host.
    pub root: &'static str,
    /// The label.
    pub label: &'static str,
    /// The length of what is derived, in bytes.
    pub length: &'static str,
    /// How long what is derived is valid or kept.
    pub life: &'static str,
    /// What is derived, in Markdown.
    pub purpose: &'static str,
    /// The function that tests it.
    pub test: &'static str,
}

/// A label under the root `R`.
pub(crate) struct Label<R> {
    text: &'static str,
    root: PhantomData<R>,
}

impl<R> Clone for Label<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Label<R> {}

impl<R> fmt::Debug for Label<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl<R> Label<R> {
    const fn new(text: &'static str) -> Self {
        Self {
            text,
            root: PhantomData,
        }
    }

    /// A label of a test.
    #[cfg(test)]
    pub(crate) const fn of_test(text: &'static str) -> Self {
        Self::new(text)
    }

    pub(crate) const fn bytes(self) -> &'static [u8] {
        self.text.as_bytes()
    }

    /// The label as text, for those that are also shown.
    #[allow(dead_code)]
    pub(crate) const fn text(self) -> &'static str {
        self.text
    }
}

macro_rules! labels {
    ($($(#[doc = $about:literal])+ $Root:ident, $root:literal {
        $($(#[doc = $doc:literal])+ $NAME:ident = $text:literal, $length:literal, $life:literal, $test:literal;)+
    })+) => {
        $(
            $(#[doc = $about])+
            #[allow(dead_code)]
            #[derive(Debug)]
            pub(crate) enum $Root {}

            $(
                $(#[doc = $doc])+
                // Some belong to features that are off.
                #[allow(dead_code)]
                pub(crate) const $NAME: Label<$Root> = Label::new($text);
            )+
        )+

        /// Every label, by root.
        pub const LABELS: &[LabelEntry] = &[$($(LabelEntry {
            root: $root,
            label: $text,
            length: $length,
            life: $life,
            purpose: concat!($($doc, "\n",)+),
            test: $test,
        },)+)+];
    };
}

labels! {
    /// The locator key of a keyring.
    Locator, "locator key" {
        /// The key of store keys and of public ids.
        STORE_KEYS = "mpass store keys v1", "32", "the keyring's", "challenge_record";
        /// The key of the keyed hashes of credentials.
        CREDENTIALS = "mpass credentials v1", "32", "the keyring's", "channel_value";
        /// The key of the checksum in keyring text.
        KEYRING_CHECK = "mpass keyring check v1", "32", "the keyring's", "keyring_text";
        /// The check value of the locator key in a store's header.
        LOCATOR_CHECK = "mpass locator check v1", "16", "the store's", "another_keyring_is_found";
        /// The key of the tag of a store's header.
        HEADER = "mpass store header v1", "32", "the keyring's", "a_changed_header_is_refused";
        /// The key of the fingerprint of a server's configuration.
        CONFIGURATION = "mpass configuration v1", "32", "the keyring's", "fingerprints_keep_their_bytes";
        /// The key of the keyed hashes of administration.
        ADMINISTRATION = "mpass administration v1", "32", "the keyring's", "hashes_keep_their_bytes";
    }

    /// The key derived under `mpass store keys v1`.
    StoreKeys, "mpass store keys v1" {
        /// Store key of a challenge.
        CHALLENGE = "challenge", "16", "the record's", "challenge_record";
        /// Store key of the challenge of an e-mail address.
        CHALLENGE_OF_EMAIL = "challenge of an e-mail address", "16", "the record's", "labels_keep_their_bytes";
        /// Store key of the challenge of an account.
        CHALLENGE_OF_ACCOUNT = "challenge of an account", "16", "the record's", "labels_keep_their_bytes";
        /// Store key of the public id of a challenge.
        ALIAS = "alias", "16", "24 h", "an_alias_is_of_one_tenant_and_one_service";
        /// Public id of a challenge.
        PUBLIC_ID = "public id", "16", "24 h", "public_ids_differ_by_attempt_and_keyring";
        /// Store key of a tenant's spend limit.
        SPEND = "spend", "16", "the record's", "labels_keep_their_bytes";
        /// Store key of a tenant's credits.
        CREDITS = "credits", "16", "the tenant's", "labels_keep_their_bytes";
        /// Store key of the single use of a token, code or assertion.
        ONCE = "once", "16", "the object's and 10 min", "a_use_expects_nothing_and_is_kept_beyond_the_end";
        /// Store key of an OATH token.
        TOKEN = "token", "16", "the token's", "token_record";
        /// Digest by which the question that an OCRA token was asked is stored.
        QUESTION = "ocra question", "16", "the question's", "labels_keep_their_bytes";
        /// Store key of a channel.
        CHANNEL = "channel", "16", "the tenant's", "channel_value";
        /// Store key of a customer.
        CUSTOMER = "customer", "16", "the tenant's", "labels_keep_their_bytes";
        /// Store key of a client.
        CLIENT = "client", "16", "the tenant's", "labels_keep_their_bytes";
        /// Store key of the cut-offs.
        CUT_OFFS = "cut-offs", "16", "the store's", "the_stored_form_keeps_its_bytes";
        /// Store key of a session of a network.
        NETWORK_SESSION = "network session", "16", "the record's", "labels_keep_their_bytes";
        /// Store key of an address of a network.
        NETWORK_ADDRESS = "network address", "16", "the record's", "labels_keep_their_bytes";
        /// Store key of a NAS.
        NETWORK_NAS = "network nas", "16", "the record's", "labels_keep_their_bytes";
        /// Store key of an SMS gateway.
        GATEWAY = "gateway", "16", "the gateway's", "store_keys_keep_their_bytes";
        /// Store key of the order of the SMS gateways.
        GATEWAY_ORDER = "gateway order", "16", "the store's", "store_keys_keep_their_bytes";
        /// Store key of an administrator.
        ADMINISTRATOR = "administrator", "16", "the administrator's", "store_keys_keep_their_bytes";
        /// Store key of an administrator's session.
        ADMIN_SESSION = "administrator session", "16", "the session's", "store_keys_keep_their_bytes";
        /// Store key of an API token.
        API_TOKEN = "api token", "16", "the token's", "store_keys_keep_their_bytes";
        /// Store key of a segment of the audit log.
        AUDIT_SEGMENT = "audit segment", "16", "the segment's", "store_keys_keep_their_bytes";
        /// Store key of the head of the audit log.
        AUDIT_HEAD = "audit head", "16", "the store's", "store_keys_keep_their_bytes";
        /// Store key of a shard of statistics.
        STATISTICS = "statistics", "16", "90 days", "store_keys_keep_their_bytes";
        /// Store key of what a machine announces.
        MACHINE = "machine", "16", "24 h", "store_keys_keep_their_bytes";
        /// `transactionId` of a `VerifyNow` verification.
        TRANSACTION_ID = "transaction id", "16", "24 h", "labels_keep_their_bytes";
    }

    /// The label `once`: the kinds of objects that are used once.
    Uses, "once" {
        /// Access tokens of the engine.
        OWN_TOKEN_USE = "access token", "16", "the token's and 10 min", "a_token_id_of_the_host_does_not_collide_with_an_own_one";
        /// Access tokens of the host.
        HOST_TOKEN_USE = "access token of the host", "16", "the token's and 10 min", "a_token_id_of_the_host_does_not_collide_with_an_own_one";
        /// Authorization codes.
        CODE_USE = "authorization code", "16", "60 s and 10 min", "labels_of_uses_keep_their_bytes";
        /// Client assertions.
        ASSERTION_USE = "client assertion", "16", "330 s and 10 min", "labels_of_uses_keep_their_bytes";
    }

    /// The key derived under `mpass credentials v1`.
    Credentials, "mpass credentials v1" {
        /// Hash by which a tenant's credential is stored.
        TENANT_KEY = "tenant key", "32", "the credential's", "channel_value";
        /// Credential of a tenant that is derived and not random.
        DERIVED_TENANT_KEY = "derived tenant key", "32", "the keyring's", "a_derived_key_depends_only_on_keyring_name_and_purpose";
        /// Subject identifier of a number for one client.
        PAIRWISE_SUBJECT = "pairwise subject", "32", "the client's", "labels_keep_their_bytes";
    }

    /// The key derived under `mpass keyring check v1`.
    KeyringCheck, "mpass keyring check v1" {
        /// Checksum in keyring text.
        KEYRING_TEXT = "keyring", "8", "the file's", "keyring_text";
    }

    /// The key derived under `mpass store header v1`.
    Header, "mpass store header v1" {
        /// Tag of a store's header.
        HEADER_TAG = "header", "16", "the store's", "a_changed_header_is_refused";
    }

    /// The key derived under `mpass configuration v1`.
    Configuration, "mpass configuration v1" {
        /// Fingerprint of a server's configuration.
        CONFIGURATION_TEXT = "configuration", "16", "the configuration's", "fingerprints_keep_their_bytes";
    }

    /// The key derived under `mpass administration v1`.
    Administration, "mpass administration v1" {
        /// The form of a password that its Argon2id hash is made of.
        PASSWORD = "password", "32", "the password's", "hashes_keep_their_bytes";
        /// Hash by which a recovery code is stored.
        RECOVERY_CODE = "recovery code", "32", "the code's", "hashes_keep_their_bytes";
        /// Hash by which the secret of a session is stored.
        SESSION_SECRET = "session", "32", "the session's", "hashes_keep_their_bytes";
        /// Hash by which an API token is stored.
        API_TOKEN_SECRET = "api token", "32", "the token's", "hashes_keep_their_bytes";
        /// MAC of an entry of the audit log.
        AUDIT_ENTRY = "audit entry", "32", "the entry's", "hashes_keep_their_bytes";
    }

    /// A record key of a keyring.
    RecordKeys, "record key" {
        /// The key of the tags of stored values.
        SEAL = "mpass record seal v1", "32", "the record key's", "challenge_record";
        /// The key of the secrets of codes.
        CODES = "mpass codes v1", "32", "the record key's", "challenge_record";
        /// The key of the masks of numbers in aliases.
        ALIASES = "mpass aliases v1", "32", "the record key's", "an_alias_leads_back_for_its_life_and_hides_the_number";
        /// The key of the keys of tokens.
        TOKENS = "mpass tokens v1", "32", "the record key's", "issued_claims";
        /// Fingerprint of the record key, for a store's header.
        FINGERPRINT = "mpass record key fingerprint v1", "16", "the record key's", "another_record_key_of_the_same_id_is_found";
        /// The key of the keys that encrypt documents.
        DOCUMENTS = "mpass documents v1", "32", "the record key's", "channel_value";
    }

    /// The key derived under `mpass documents v1`.
    Documents, "mpass documents v1" {
        /// The key that encrypts one document, by its store key and stamp.
        DOCUMENT = "document", "32", "the value's", "channel_value";
    }

    /// The key derived under `mpass record seal v1`.
    Seal, "mpass record seal v1" {
        /// Tag of a stored value.
        RECORD_TAG = "record", "16", "the value's", "challenge_record";
    }

    /// The key derived under `mpass codes v1`.
    Codes, "mpass codes v1" {
        /// HOTP secret of a challenge's code.
        CODE = "code", "32", "the challenge's", "challenge_record";
        /// HOTP secret of the code for an e-mail address.
        CODE_OF_EMAIL = "code of an e-mail address", "32", "the challenge's", "subject_labels_keep_their_bytes";
        /// HOTP secret of the code for an account.
        CODE_OF_ACCOUNT = "code of an account", "32", "the challenge's", "subject_labels_keep_their_bytes";
    }

    /// The key derived under `mpass aliases v1`.
    Aliases, "mpass aliases v1" {
        /// Mask of the number in an alias.
        ALIAS_MASK = "alias", "8", "24 h", "an_alias_leads_back_for_its_life_and_hides_the_number";
        /// Mask of another subject in an alias.
        SUBJECT_MASK = "alias of a subject", "46", "24 h", "subject_labels_keep_their_bytes";
    }

    /// The key derived under `mpass tokens v1`.
    Tokens, "mpass tokens v1" {
        /// Access tokens of the CAMARA contracts: one key for each token, by its
        /// `jti`.
        ACCESS_TOKEN = "at+jwe", "32", "1 h at most", "each_token_has_a_key_of_its_own";
        /// Authorization codes: one key for each code, by its `jti`.
        AUTHORIZATION_CODE = "code+jwe", "32", "60 s", "each_token_has_a_key_of_its_own";
        /// Tokens of `VerifyNow`.
        AUTH_TOKEN = "verifynow+jwt", "32", "24 h", "issued_claims";
        /// Public ids that carry their subject: one key for each id, by its salt.
        SEALED_ID = "sealed id of a challenge", "32", "24 h", "each_id_has_a_key_of_its_own";
        /// ID tokens: the P-256 key that signs them. One byte follows, the
        /// number of the attempt.
        ID_TOKEN = "id token es256 v1", "32", "the record key's", "each_record_key_has_a_key_and_the_newest_signs";
    }

    /// A key derived under the label of a signed token.
    SignedTokens, "verifynow+jwt" {
        /// The HMAC-SHA-512 key, as long as the hash.
        HS512 = "HS512", "64", "24 h", "issued_claims";
    }

    /// The host's entropy, given for one object.
    Entropy, "host's entropy" {
        /// Locator key of a new keyring.
        NEW_LOCATOR_KEY = "mpass new locator key", "32", "the keyring's", "keyring_text";
        /// New record key.
        NEW_RECORD_KEY = "mpass new record key", "32", "the record key's", "keyring_text";
        /// New secret of an OATH token.
        OATH_SECRET = "mpass oath secret", "20 to 64", "the token's", "labels_of_entropy_keep_their_bytes";
        /// New OCRA question. The number of the block follows, 4 bytes.
        OCRA_QUESTION = "mpass ocra question", "32", "the question's", "labels_of_entropy_keep_their_bytes";
        /// Salt of a public id that carries its subject.
        SEALED_ID_SALT = "sealed id", "16", "24 h", "each_id_has_a_key_of_its_own";
        /// Entropy of one exchange.
        EXCHANGE = "exchange", "32", "10 s", "labels_of_entropy_keep_their_bytes";
    }

    /// The entropy of one exchange or call.
    Fresh, "entropy of an exchange or call" {
        /// Stamp of a write.
        STAMP = "stamp", "8", "the value's", "challenge_record";
        /// Salt and id of a challenge.
        SALT = "salt", "16", "the challenge's", "challenge_record";
        /// Id of a tenant.
        TENANT_ID = "tenant id", "16", "the tenant's", "channel_value";
        /// Credential of a tenant.
        NEW_TENANT_KEY = "tenant key", "32", "the credential's", "channel_value";
        /// `customerId` of a customer.
        CUSTOMER_ID = "customer id", "8", "the tenant's", "labels_of_entropy_keep_their_bytes";
        /// `jti` of a token. The type of the token follows.
        TOKEN_ID = "token id", "16", "the token's", "each_token_has_a_key_of_its_own";
        /// Nonce of an encrypted token. The type of the token follows.
        NONCE = "nonce", "12", "the token's", "each_token_has_a_key_of_its_own";
    }

    /// A key of the host for the keyed hashes of numbers.
    NumberHash, "host's key" {
        /// Keyed hash of a phone number.
        PHONE_NUMBER = "mpass phone number\0", "32", "the host's", "keyed_hash_is_the_documented_hmac";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_root_has_a_label_twice() {
        for (at, entry) in LABELS.iter().enumerate() {
            let same = |other: &&LabelEntry| (other.root, other.label) == (entry.root, entry.label);
            assert_eq!(LABELS[..at].iter().find(same), None);
        }
    }

    /// A label with a number or a type after it must not become another one:
    /// labels are framed by their lengths, except directly under keys of the
    /// keyring and under the host's entropy.
    #[test]
    fn no_label_without_a_frame_begins_with_another() {
        for entry in LABELS {
            let begins = |other: &&LabelEntry| {
                *other != entry && other.root == entry.root && other.label.starts_with(entry.label)
            };
            let is_framed = !["locator key", "record key", "host's entropy"].contains(&entry.root);
            assert!(
                is_framed || LABELS.iter().find(begins).is_none(),
                "{entry:?}"
            );
        }
    }

    #[test]
    fn labels_fit_their_frame() {
        let fits = |entry: &LabelEntry| (1..=255).contains(&entry.label.len());
        assert!(LABELS.iter().all(fits));
    }

    #[test]
    fn every_root_is_a_label_or_comes_from_outside() {
        let outside = [
            "locator key",
            "record key",
            "host's entropy",
            "entropy of an exchange or call",
            "host's key",
        ];
        for entry in LABELS {
            let is_label = LABELS.iter().any(|other| other.label == entry.root);
            assert!(is_label || outside.contains(&entry.root), "{entry:?}");
        }
    }
}
