//! What is counted.

use mpass_core::service::Reason;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! counts {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// Counts of requests by what became of them, and of what they cost.
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(default)]
        pub struct Counts {
            $(
                $(#[$doc])+
                #[serde(skip_serializing_if = "is_zero")]
                pub $name: u64,
            )+
        }

        impl Counts {
            /// The values in the order in which they are stored: a further one is
            /// appended.
            fn values(&self) -> Vec<u64> {
                vec![$(self.$name,)+]
            }

            fn values_mut(&mut self) -> Vec<&mut u64> {
                vec![$(&mut self.$name,)+]
            }

            /// Takes others away.
            pub(super) fn subtract(&mut self, other: &Self) {
                $(self.$name = self.$name.saturating_sub(other.$name);)+
            }

            /// Adds others.
            pub fn add(&mut self, other: &Self) {
                $(self.$name = self.$name.saturating_add(other.$name);)+
            }
        }
    };
}

counts! {
    /// Messages that a gateway took.
    sends,
    /// Codes that were right.
    accepted,
    /// Codes that were wrong.
    wrong,
    /// Codes for a challenge without tries left.
    exhausted,
    /// Codes for a challenge that had expired.
    expired,
    /// Codes that had been accepted before.
    used,
    /// Codes for no challenge.
    no_challenge,
    /// Codes for a number that was locked or had no guesses left.
    locked,
    /// Texts that cannot be a code.
    malformed,
    /// Sends that were not allowed: limits of a number or tenant, numbers that may not
    /// receive messages, and what an administrator has stopped.
    refused,
    /// Messages that the gateways definitely refused.
    gateway_refused,
    /// Messages with an unknown outcome.
    gateway_unknown,
    /// Numbers that are those of the device.
    number_verified,
    /// Numbers that are not those of the device.
    number_not_verified,
    /// Requests without a valid credential, token or permission.
    unauthorized,
    /// Malformed requests.
    invalid,
    /// Requests that failed in the server or its store.
    failed,
    /// Other requests.
    other,
    /// Segments of the messages.
    segments,
    /// Credits that were spent.
    credits,
}

impl Counts {
    /// The counts of one request.
    pub(super) fn of(reason: Reason, segments: u64, costs_credits: bool) -> Self {
        let mut counts = Self {
            segments,
            ..Self::default()
        };
        // A message with an unknown outcome is not refunded.
        if matches!(reason, Reason::Sent | Reason::GatewayUnknown) {
            counts.credits = u64::from(costs_credits);
        }
        *counts.of_reason(reason) += 1;
        counts
    }

    fn of_reason(&mut self, reason: Reason) -> &mut u64 {
        match reason {
            Reason::Sent => &mut self.sends,
            Reason::Accepted => &mut self.accepted,
            Reason::WrongCode => &mut self.wrong,
            Reason::Exhausted => &mut self.exhausted,
            Reason::Expired => &mut self.expired,
            Reason::Used => &mut self.used,
            Reason::NoChallenge | Reason::UnknownId => &mut self.no_challenge,
            Reason::Locked | Reason::Limited => &mut self.locked,
            Reason::MalformedCode => &mut self.malformed,
            Reason::GatewayRefused => &mut self.gateway_refused,
            Reason::GatewayUnknown => &mut self.gateway_unknown,
            Reason::NumberVerified => &mut self.number_verified,
            Reason::NumberNotVerified => &mut self.number_not_verified,
            Reason::InvalidNumber => &mut self.invalid,
            reason => match reason.number() {
                20..=29 => &mut self.unauthorized,
                30..=33 | 36 | 37 | 50..=53 => &mut self.invalid,
                34..=35 | 38..=49 | 90..=99 => &mut self.refused,
                60..=69 => &mut self.failed,
                _ => &mut self.other,
            },
        }
    }

    /// Codes that were right, in ten-thousandths of the messages sent; `None` if none
    /// was sent. A code may be entered in another interval than the one in which it
    /// was sent.
    #[must_use]
    pub fn conversion(&self) -> Option<u64> {
        (self.accepted.saturating_mul(10_000)).checked_div(self.sends)
    }

    /// How many requests they are of, to compare tenants.
    #[must_use]
    pub fn requests(&self) -> u64 {
        let all: u64 = self
            .values()
            .iter()
            .fold(0, |sum, one| sum.saturating_add(*one));
        all.saturating_sub(self.segments)
            .saturating_sub(self.credits)
    }

    /// Without zeros at the end.
    pub(super) fn stored(&self) -> Vec<u64> {
        let mut values = self.values();
        let len = values.iter().rposition(|value| *value != 0);
        values.truncate(len.map_or(0, |last| last + 1));
        values
    }

    pub(super) fn of_stored(stored: &[u64]) -> Self {
        let mut counts = Self::default();
        for (value, stored) in counts.values_mut().into_iter().zip(stored) {
            *value = *stored;
        }
        counts
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}
