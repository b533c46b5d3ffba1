//! What erasing a number leaves in a store.

use alloc::string::ToString;
use alloc::sync::Arc;

use super::TenantAdmin;
use crate::Error;
use crate::challenge::{Alias, Aliased, Attempt, Issue, Keyring, Subject, Verdict};
use crate::number::PhoneNumber;
use crate::service::settings::{Field, Group, Value, Values};
use crate::service::tenant::{AnyTenant, public_id, service_id};
use crate::store::{Kind, MemoryStore, Store, StoreKey, Swap, run};

const NOW_MS: u64 = 1_800_000_000_000;
const NUMBER: &str = "+966500000000";

/// The kinds of tenants with the form of their public ids.
type Form = Option<(&'static str, fn([u8; 16]) -> alloc::string::String)>;

fn number(bytes: [u8; 16]) -> alloc::string::String {
    public_id::number(bytes).to_string()
}

fn store(store: &MemoryStore, swap: &Swap) {
    store.swap(swap, NOW_MS).unwrap();
}

#[test]
fn the_challenge_and_its_public_id_lead_nowhere() {
    let kinds: [(Group, Form); 3] = [
        (Group::Channel, None),
        (
            Group::Client,
            Some((service_id::OTP_VALIDATION, public_id::uuid)),
        ),
        (Group::Customer, Some((service_id::VERIFY_NOW, number))),
    ];
    for (group, form) in kinds {
        let keyring = Arc::new(Keyring::generate(&[7; 32]));
        let admin = TenantAdmin::new(Arc::clone(&keyring));
        let memory = MemoryStore::new(100);
        let host = (|| NOW_MS, || Ok([2; 32]));
        let mut values = Values::new(group);
        if group != Group::Customer {
            values.set(Field::Name, Value::Text("shop".into())).unwrap();
        }
        let created = run(&memory, &host, admin.create(&values, &[1; 32]).unwrap()).unwrap();
        let name = created.name.as_str();
        let erase = || {
            run(
                &memory,
                &host,
                admin.erase(group, name, NUMBER, &[3; 32]).unwrap(),
            )
        };
        assert_eq!(erase().unwrap_err().error, Error::NumberMissing);

        let key = AnyTenant::store_key(&keyring, group, name).unwrap();
        let value = memory.load(Kind::Document, &key).unwrap().unwrap();
        let tenant = AnyTenant::open(&keyring, group, &key, &value).unwrap();
        let subject = Subject::from(PhoneNumber::parse(NUMBER, None).unwrap());
        let challenge = tenant.challenge(&keyring, &subject);
        let Ok(Issue::Pending(issue)) = challenge.issue(None, NOW_MS, &[4; 32]) else {
            panic!("a challenge");
        };
        let (swap, issued) = issue.into_swap();
        store(&memory, &swap);
        let public_id = form.map(|(service, write)| {
            let public_id = write(issued.id.public_bytes(&keyring, 0));
            let alias = Alias::new(&keyring, service, tenant.id(), &public_id);
            let (id, subject) = (issued.id, subject.clone());
            let aliased = Aliased { subject, id };
            let written = alias.write(&aliased, NOW_MS, &[5; 32]).unwrap();
            store(&memory, &written.into_swap().0);
            (service, public_id)
        });

        erase().unwrap();
        let load = |key: StoreKey| memory.load(Kind::State, &key).unwrap().unwrap();
        let record = load(challenge.key());
        let told = challenge.attempt(Some(&record), issued.code.as_str(), NOW_MS, &[6; 32]);
        assert!(matches!(told, Ok(Attempt::Told(Verdict::NoChallenge))));
        if group == Group::Channel {
            // The interval between two sends has begun before.
            let refused = challenge.issue(Some(&record), NOW_MS, &[6; 32]);
            assert!(matches!(refused, Ok(Issue::Refused(_))));
        }
        if let Some((service, public_id)) = public_id {
            let alias = Alias::new(&keyring, service, tenant.id(), &public_id);
            let record = load(alias.key());
            assert_eq!(alias.read(&record, NOW_MS), Ok(None));
            // The sealed number is gone: record, key and stamp, then only zeros.
            assert!(record[11..80].iter().all(|byte| *byte == 0));
        }
        erase().unwrap();
    }
}
