//! What each label derives, computed by another program.

use std::string::String;

use crate::challenge::record::fresh;
use crate::challenge::{Keyring, Once, fresh_of_all};
use crate::labels;
use crate::oath::Secret;
use crate::oath::ocra::Suite;
use crate::store::StoreKey;

const ENTROPY: [u8; 32] = [42; 32];

/// The first 16 bytes.
fn hex(bytes: &[u8]) -> String {
    let bytes = bytes.iter().take(16);
    bytes.map(|byte| std::format!("{byte:02x}")).collect()
}

#[test]
fn labels_keep_their_bytes() {
    let keyring = Keyring::generate(&ENTROPY);
    for (label, expected) in [
        (labels::CHALLENGE, "31a4cd95455cae8c82a4cb871d67e5c5"),
        (
            labels::CHALLENGE_OF_EMAIL,
            "85de742778dc2e504b539342c6fe4db5",
        ),
        (
            labels::CHALLENGE_OF_ACCOUNT,
            "6f226c2c898f0fec455fa3bd95b9b98c",
        ),
        (labels::ALIAS, "954fcc62afc9dcf279074e1dcf654247"),
        (labels::PUBLIC_ID, "1a1653759da88e5249d6ec9c24024f2b"),
        (labels::SPEND, "14b2261ca37598087891315e1a563226"),
        (labels::CREDITS, "5e7c0a8cae270f8649f9501e85d0981e"),
        (labels::ONCE, "094526a72a4e8f5d423e470414315dd1"),
        (labels::TOKEN, "5718ee3b7339fe4a0b259a7804c52f19"),
        (labels::QUESTION, "df94ac6118a31a0a0a779a612655755c"),
        (labels::CHANNEL, "bd9b4bcf8d1fe36d0be15d81ca16f570"),
        (labels::CUSTOMER, "ea565afb93927d95a51f06ac8f979319"),
        (labels::CLIENT, "a064145ffe4fddc3a41fbad9302f31ce"),
        (labels::NETWORK_SESSION, "f6c848b5ae208a4162247c3cb2ba61cb"),
        (labels::NETWORK_ADDRESS, "551c0b866fbab6bc98a2fd7dfa81d3dc"),
        (labels::NETWORK_NAS, "832d89144108a6f18ed16ff82f790a1b"),
        (labels::TRANSACTION_ID, "c282bcd61ea92bbc5b82c8458f458a37"),
    ] {
        assert_eq!(hex(&keyring.store_key(label, [b"part"]).0), expected);
    }
    for (label, expected) in [
        (labels::TENANT_KEY, "d7dde04426b7c8b415cb8d1786625a18"),
        (
            labels::DERIVED_TENANT_KEY,
            "7b41c06a7ee065dd29d4b969e9d1e0c2",
        ),
        (labels::PAIRWISE_SUBJECT, "2170177eebdefa5d676a802f22733bd8"),
    ] {
        assert_eq!(hex(&keyring.credential_hash(label, [b"part"])), expected);
    }
    for (label, expected) in [
        (labels::ACCESS_TOKEN, "29ca9f5850da0625ec2a8ca39036d4c0"),
        (
            labels::AUTHORIZATION_CODE,
            "774570f29f7de79352531378f737d0ac",
        ),
        (labels::AUTH_TOKEN, "c77403dcb513fd6056a2967bcf94f87f"),
    ] {
        let key = keyring.token_key(1, label, [b"part"]).unwrap();
        assert_eq!(hex(&*key), expected);
    }
    #[cfg(feature = "login")]
    {
        let key = keyring.signing_key(1, labels::ID_TOKEN, 1).unwrap();
        assert_eq!(hex(&*key), "00b660b4ffcafdcbe1a897aa6db0f34f");
    }
}

#[test]
fn labels_of_uses_keep_their_bytes() {
    let keyring = Keyring::generate(&ENTROPY);
    for (label, expected) in [
        (labels::OWN_TOKEN_USE, "21727c1f7eef4300bb6ecfbee08dd2a3"),
        (labels::HOST_TOKEN_USE, "48cdd8a3b84a12341fc87a504306c5be"),
        (labels::CODE_USE, "03e8bf54b625657518dd2d2325c0af1b"),
        (labels::ASSERTION_USE, "cdc14d0cd64d4b7c92f5c87405483ab3"),
    ] {
        let once = Once::new(&keyring, label.text(), b"part");
        assert_eq!(hex(&once.key().0), expected);
    }
}

#[test]
fn labels_of_entropy_keep_their_bytes() {
    for (label, expected) in [
        (labels::STAMP, "3e5ff9f6b1d300675860acd537028ad1"),
        (labels::SALT, "90b4413a8b0f7e79b2830f69803cf803"),
        (labels::TENANT_ID, "b6ec89533d79385ae79182e9e97b1423"),
        (labels::NEW_TENANT_KEY, "751e887a766f61c5817f778ff4311333"),
        (labels::CUSTOMER_ID, "e629565439714a7207f277000e653fd6"),
        (labels::NONCE, "e5941f7b60f5655a42c120a570512ecf"),
    ] {
        let bytes: [u8; 16] = fresh(label, &ENTROPY, 5, &StoreKey([0; 16]), None, &[]);
        assert_eq!(hex(&bytes), expected);
    }
    let exchange = fresh_of_all(labels::EXCHANGE, &ENTROPY, 5, &[b"part"]);
    assert_eq!(hex(&exchange), "c55ed3717e6d1814e922b1233d771b7e");
    let secret = Secret::generate(crate::oath::Algorithm::Sha256, &[42; 64]);
    assert_eq!(hex(secret.expose()), "850270f71bdd4c6320b159867e858696");
    let suite: Suite = "OCRA-1:HOTP-SHA1-6:QH64".parse().unwrap();
    let question = suite.generate_question(&ENTROPY);
    assert_eq!(&question.as_str()[..32], "49352BFB9452CEDC19C35CDF3E1E1D35");
}

#[test]
fn subject_labels_keep_their_bytes() {
    let keyring = Keyring::generate(&ENTROPY);
    let key = keyring.record(1).unwrap();
    for (label, expected) in [
        (labels::CODE, "c942d235d4e4538411ff1d6d0dd7bd90"),
        (labels::CODE_OF_EMAIL, "1a3d349e9e506340af9e84fc04d9f4fe"),
        (labels::CODE_OF_ACCOUNT, "18a04f3f7073b7590eef7a5fcf0c85d0"),
    ] {
        let secret = key.code_secret(label, [b"part"]);
        assert_eq!(hex(secret.as_bytes()), expected);
    }
    let mut mask = [0; 46];
    key.mask_subject(&StoreKey([1; 16]), &[2; 16], &mut mask);
    assert_eq!(hex(&mask), "7f35f31fd5fd404994547de80f502177");
}
