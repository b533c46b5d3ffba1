//! Subjects: one record for all spellings, none for what is no subject.

use std::collections::BTreeMap;

use mpass_core::Error;
use mpass_core::challenge::{
    Attempt, Binding, Challenge, Issue, Keyring, Policy, PolicySettings, Subject, SubjectKind,
    Verdict,
};
use mpass_core::store::StoreKey;
use mpass_tests::coverage::RUST;
use mpass_tests::sim::NOON;
use mpass_tests::vectors;
use proptest::prelude::*;

fn store_key(keyring: &Keyring, service: &str, tenant: &str, subject: &Subject) -> StoreKey {
    let binding = Binding {
        service,
        tenant: tenant.as_bytes(),
        subject,
        context: "",
    };
    Challenge::new(keyring, &Policy::default(), binding).key()
}

#[test]
fn subjects_of_every_kind() {
    let file = vectors::subject();
    let keyring: Keyring = file.keyring.parse().unwrap();
    let key = |subject: &Subject| store_key(&keyring, &file.service, &file.tenant, subject);
    RUST.vectors("subject.json", &file.vectors, |vector| {
        let text = &vector.text;
        let kind = SubjectKind::from_name(&vector.kind).unwrap();
        let read = Subject::parse(kind, text);
        if let Some(error) = &vector.error {
            assert_eq!(read.unwrap_err().name(), error, "{text:?}");
            return;
        }
        let subject = read.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(subject.kind(), kind);
        assert_eq!(Some(subject.as_str()), vector.canonical.as_deref());
        let expected = vector.store_key_hex.as_deref().unwrap();
        assert_eq!(format!("{:?}", key(&subject)), expected, "{text}");
        // Another text is another subject or none.
        if let Ok(other) = Subject::parse(kind, &format!("{text}0")) {
            assert_ne!(format!("{:?}", key(&other)), expected, "{text}");
        }
        for other in SubjectKind::ALL.iter().filter(|other| **other != kind) {
            assert!(Subject::parse(*other, text).is_err(), "{text}: {other:?}");
        }
    });
}

/// The records of one deployment, in memory.
#[derive(Default)]
struct Records(BTreeMap<[u8; 16], Vec<u8>>);

impl Records {
    fn load(&self, challenge: &Challenge<'_>) -> Option<&[u8]> {
        self.0.get(&challenge.key().0).map(Vec::as_slice)
    }

    fn store(&mut self, challenge: &Challenge<'_>, record: &[u8]) {
        self.0.insert(challenge.key().0, record.to_vec());
    }
}

#[test]
fn the_spellings_of_one_number_share_its_tries() {
    let file = vectors::subject();
    assert_eq!(file.spellings.len(), 5);
    let keyring: Keyring = file.keyring.parse().unwrap();
    let policy = Policy::new(PolicySettings {
        tries: 5,
        resend_interval_ms: 0,
        ..PolicySettings::default()
    })
    .unwrap();
    let mut records = Records::default();
    let mut verdicts = 0;
    for (at, spelling) in file.spellings.iter().enumerate() {
        let subject = Subject::parse(SubjectKind::Number, spelling).unwrap();
        let binding = Binding {
            service: &file.service,
            tenant: file.tenant.as_bytes(),
            subject: &subject,
            context: "",
        };
        let challenge = Challenge::new(&keyring, &policy, binding);
        if at == 0 {
            let issue = challenge.issue(records.load(&challenge), NOON, &[1; 32]);
            let Issue::Pending(pending) = issue.unwrap() else {
                panic!("a first challenge is issued")
            };
            records.store(&challenge, pending.next());
        }
        for _ in 0..5 {
            // Of seven digits, so never the code.
            let attempt = challenge.attempt(records.load(&challenge), "0000000", NOON, &[2; 32]);
            match attempt.unwrap() {
                Attempt::Pending(pending) => {
                    records.store(&challenge, pending.next());
                    let verdict = pending.stored();
                    assert!(matches!(verdict, Verdict::Wrong | Verdict::Exhausted));
                    verdicts += 1;
                }
                Attempt::Told(verdict) => assert_eq!(verdict, Verdict::Exhausted),
            }
        }
    }
    assert_eq!((verdicts, records.0.len()), (5, 1));
}

fn parse_all(text: &str) -> impl Iterator<Item = Subject> + '_ {
    SubjectKind::ALL
        .iter()
        .filter_map(|kind| Subject::parse(*kind, text).ok())
}

proptest! {
    /// Also of texts that are close to being subjects.
    #[test]
    fn a_canonical_form_is_its_own(text in r"[+0-9a-cA-C@. _-]{0,20}|[a-zA-Z.]{1,8}@[a-zA-Z.-]{1,12}|\PC{0,20}") {
        for subject in parse_all(&text) {
            let again = Subject::parse(subject.kind(), subject.as_str());
            prop_assert_eq!(again.as_ref(), Ok(&subject));
            prop_assert!(subject.as_str().is_ascii());
            // Neither form of output contains the subject. A shorter one could
            // be part of the name of its type.
            for shown in [format!("{subject}"), format!("{subject:?}")] {
                let text = subject.as_str();
                prop_assert!(text.len() < 8 || !shown.contains(text));
            }
        }
    }

    #[test]
    fn no_text_is_of_two_kinds(text in r"[+0-9a-c@.-]{0,12}|\PC{0,12}") {
        prop_assert!(parse_all(&text).count() <= 1);
    }

    #[test]
    fn two_subjects_never_share_a_record(
        one in r"\+9665[0-9]{8}|[a-c]{1,2}@[a-c]|[a-c0-9]{1,3}",
        two in r"\+9665[0-9]{8}|[a-c]{1,2}@[a-c]|[a-c0-9]{1,3}",
    ) {
        let keyring = Keyring::generate(&[7; 32]);
        for one in parse_all(&one) {
            for two in parse_all(&two) {
                let key = |subject| store_key(&keyring, "test", "tenant", subject);
                prop_assert_eq!(key(&one) == key(&two), one == two);
            }
        }
    }

    #[test]
    fn the_case_of_an_address_makes_no_difference(text in r"[a-z.+]{1,8}@[a-z]{1,8}\.[a-z]{2,3}") {
        let lower = Subject::parse(SubjectKind::Email, &text);
        let upper = Subject::parse(SubjectKind::Email, &text.to_uppercase());
        prop_assert_eq!(lower, upper);
    }
}

#[test]
fn a_number_in_national_form_is_refused() {
    let refused = Subject::parse(SubjectKind::Number, "0500000000");
    assert_eq!(refused, Err(Error::CountryMissing));
}
