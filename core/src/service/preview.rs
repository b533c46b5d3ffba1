//! What a channel would do with a request to send, for operators.

use alloc::vec::Vec;

use super::cut_off::CutOffs;
use super::flow::Assessed;
use super::host::{Answer, Assessment, Reason};
use super::settings::Group;
use super::tenant::{Channel, service_id};
use crate::Error;
use crate::challenge::{Issue, Keyring, Policy, Refusal, Reservation, Spend, Standing, Subject};
use crate::number::PhoneNumber;
use crate::store::StoreKey;

/// What a preview depends on beside the channel and the number.
#[derive(Clone, Copy, Debug)]
pub struct PreviewAt<'a> {
    /// The time, in milliseconds of Unix time.
    pub now_ms: u64,
    /// The time of the last restore, of the store's header.
    pub restored_at_ms: Option<u64>,
    /// What administrators have stopped.
    pub cut_offs: &'a CutOffs,
}

/// What a channel would do with a request to send a code to a number. Nothing is
/// changed, and no code is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SendPreview {
    /// Why it would refuse, with the time of the earliest retry in milliseconds
    /// of Unix time; `None` if the message would go to the gateway.
    pub refusal: Option<(Reason, Option<u64>)>,
    /// What the record of the number allows.
    pub standing: Standing,
    /// How many sends are left of the channel's spend limit now; `None` without
    /// one.
    pub spend_left: Option<u32>,
}

impl SendPreview {
    /// Why no channel would send to a number that was assessed like this, whatever
    /// its limits, and when that ends; `None` if one may.
    #[must_use]
    pub fn refused_by(
        number: PhoneNumber,
        assessment: Assessment,
        cut_offs: &CutOffs,
        now_ms: u64,
    ) -> Option<(Reason, Option<u64>)> {
        let assessed = Assessed::of(&Answer::Assessed(assessment), number);
        let may_receive = assessed.and_then(|one| one.check_may_receive(&Policy::default()));
        if let Err(reason) = may_receive {
            return Some((reason, None));
        }
        let reason = cut_offs.stops_send(Some(&number), now_ms)?;
        let stopped = cut_offs.of_send(Some(&number), now_ms);
        Some((reason, stopped.map(|cut_off| cut_off.until_ms)))
    }

    /// Decides as the mPass contract does for an authenticated caller from an
    /// allowed address. `load` loads a value of kind
    /// [`State`](crate::store::Kind::State).
    ///
    /// # Errors
    /// Those of `load`; [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] for a record that cannot be opened.
    pub fn of(
        channel: &Channel,
        keyring: &Keyring,
        (number, assessment): (PhoneNumber, Assessment),
        mut load: impl FnMut(&StoreKey) -> Result<Option<Vec<u8>>, Error>,
        at: PreviewAt<'_>,
    ) -> Result<Self, Error> {
        let PreviewAt {
            now_ms,
            restored_at_ms,
            cut_offs,
        } = at;
        let policy = &channel.settings().policy;
        let subject = Subject::from(number);
        let challenge = channel.challenge(keyring, &subject);
        let challenge = challenge.restored_at(restored_at_ms);
        let record = load(&challenge.key())?;
        let spend = Spend::new(keyring, policy, service_id::MPASS, channel.id());
        let spent = match &spend {
            Some(spend) => load(&spend.key())?,
            None => None,
        };
        let is_allowed = || {
            if channel.is_revoked() {
                return Err(Reason::Revoked);
            }
            cut_offs.check_tenant(Group::Channel, &channel.settings().name, now_ms)?;
            let assessed = Assessed::of(&Answer::Assessed(assessment), number)?;
            assessed.check_may_receive(policy)?;
            cut_offs
                .stops_send(Some(&number), now_ms)
                .map_or(Ok(()), Err)
        };
        // What is issued and reserved here is never stored, and the entropy is no
        // secret, so the code is none that anybody receives.
        let entropy = [0; 32];
        let refusal = |refusal: Refusal| Some((Reason::from(refusal.reason), refusal.retry_at_ms));
        type Decided = Result<Option<(Reason, Option<u64>)>, Error>;
        let may_issue = || -> Decided {
            match challenge.issue(record.as_deref(), now_ms, &entropy) {
                Ok(Issue::Pending(_)) => Ok(None),
                Ok(Issue::Refused(refused) | Issue::Corrected(refused, _)) => Ok(refusal(refused)),
                Err(Error::RestoredLater) => Ok(Some((Reason::StoreClosed, restored_at_ms))),
                Err(error) => Err(error),
            }
        };
        let may_spend = || -> Decided {
            match &spend {
                None => Ok(None),
                Some(spend) => Ok(match spend.reserve(spent.as_deref(), now_ms, &entropy)? {
                    Reservation::Pending(_) => None,
                    Reservation::Refused(refused) | Reservation::Corrected(refused, _) => {
                        refusal(refused)
                    }
                }),
            }
        };
        let refusal = match is_allowed() {
            Err(reason) => {
                let name = &channel.settings().name;
                let stopped = match reason {
                    Reason::TenantStopped => cut_offs.of_tenant(Group::Channel, name, now_ms),
                    reason if reason.is_cut_off() => cut_offs.of_send(Some(&number), now_ms),
                    _ => None,
                };
                Some((reason, stopped.map(|cut_off| cut_off.until_ms)))
            }
            Ok(()) => match may_issue()? {
                None => may_spend()?,
                refused => refused,
            },
        };
        let left = spend.map(|spend| spend.left(spent.as_deref(), now_ms));
        Ok(Self {
            refusal,
            standing: challenge.standing(record.as_deref(), now_ms)?,
            spend_left: left.transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::challenge::{CallingCodes, Limit, PolicySettings};
    use crate::number::CallingCode;
    use crate::service::ChannelSettings;
    use crate::service::settings::Settings;
    use crate::service::tenant::desk::created;

    const NOW_MS: u64 = 1_790_000_000_000;
    const MOBILE: Assessment = Assessment::Valid { mobile: Some(true) };

    fn channel(keyring: &Keyring) -> Channel {
        let mut calling_codes = CallingCodes::all();
        calling_codes.insert(CallingCode::new(966).unwrap());
        let policy = PolicySettings {
            spend: Some(Limit::new(2, 60_000, 2).unwrap()),
            calling_codes,
            ..PolicySettings::default()
        };
        let settings = ChannelSettings {
            policy: Policy::new(policy).unwrap(),
            ..ChannelSettings::new("shop")
        };
        let created = created(keyring, &settings.to_values(), NOW_MS, &[2; 32]).unwrap();
        Channel::open(keyring, &created.store_key, &created.value).unwrap()
    }

    #[test]
    fn a_preview_decides_as_a_send_does() {
        let keyring = Keyring::generate(&[7; 32]);
        let channel = channel(&keyring);
        let number = |text| PhoneNumber::parse(text, None).unwrap();
        let mut records: BTreeMap<[u8; 16], Vec<u8>> = BTreeMap::new();
        let preview = |records: &BTreeMap<[u8; 16], Vec<u8>>, text, assessment, now_ms| {
            let load = |key: &StoreKey| Ok(records.get(&key.0).cloned());
            let number = (number(text), assessment);
            let at = PreviewAt {
                now_ms,
                restored_at_ms: None,
                cut_offs: &CutOffs::default(),
            };
            SendPreview::of(&channel, &keyring, number, load, at).unwrap()
        };
        let (own, other) = ("+966500000000", "+447911123456");
        let fresh = preview(&records, own, MOBILE, NOW_MS);
        assert_eq!((fresh.refusal, fresh.spend_left), (None, Some(2)));
        let land_line = Assessment::Valid {
            mobile: Some(false),
        };
        for (text, assessment, reason) in [
            (own, land_line, Reason::NotMobile),
            (own, Assessment::Blocked, Reason::NumberBlocked),
            (own, Assessment::Foreign, Reason::ForeignNumber),
            (other, MOBILE, Reason::NumberNotAllowed),
        ] {
            let refused = preview(&records, text, assessment, NOW_MS);
            assert_eq!(refused.refusal, Some((reason, None)));
        }
        let subject = Subject::from(number(own));
        let challenge = channel.challenge(&keyring, &subject);
        let Issue::Pending(issued) = challenge.issue(None, NOW_MS, &[1; 32]).unwrap() else {
            panic!("the first send is allowed");
        };
        records.insert(challenge.key().0, issued.next().to_vec());
        let policy = &channel.settings().policy;
        let spend = Spend::new(&keyring, policy, service_id::MPASS, channel.id()).unwrap();
        for _ in 0..2 {
            let current = records.get(&spend.key().0).cloned();
            let reserved = spend.reserve(current.as_deref(), NOW_MS, &[1; 32]).unwrap();
            let Reservation::Pending(reserved) = reserved else {
                panic!("there are two");
            };
            records.insert(spend.key().0, reserved.next().to_vec());
        }
        let sent = preview(&records, own, MOBILE, NOW_MS);
        let resend_at_ms = NOW_MS + policy.settings().resend_interval_ms;
        let refusal = Some((Reason::ResendInterval, Some(resend_at_ms)));
        assert_eq!((sent.refusal, sent.spend_left), (refusal, Some(0)));
        assert!(sent.standing.is_live);
        let another = preview(&records, "+966500000001", MOBILE, NOW_MS);
        let refusal = Some((Reason::SpendLimit, Some(NOW_MS + 60_000)));
        assert_eq!(another.refusal, refusal);
    }
}
