//! Numbers that the host or the engine has assessed.

use crate::challenge::Policy;
use crate::number::{CallingCode, PhoneNumber};
use crate::service::host::{Answer, Assessment, Reason};

/// A valid number in canonical form.
pub(crate) struct Assessed {
    pub(crate) number: PhoneNumber,
    mobile: Option<bool>,
}

impl Assessed {
    /// The number as the host assessed it or, if the host leaves that to the
    /// engine, as the engine parses `written`.
    pub(crate) fn of(
        answer: Answer,
        written: &str,
        country: Option<CallingCode>,
    ) -> Result<Self, Reason> {
        match answer {
            Answer::Assessed(Assessment::Valid { number, mobile }) => Ok(Self { number, mobile }),
            Answer::Assessed(Assessment::Invalid) => Err(Reason::InvalidNumber),
            Answer::Assessed(Assessment::NotAllowed) => Err(Reason::NumberNotAllowed),
            Answer::Assessed(Assessment::Blocked) => Err(Reason::NumberBlocked),
            Answer::Assessed(Assessment::Foreign) => Err(Reason::ForeignNumber),
            Answer::Unsupported => PhoneNumber::parse(written, country)
                .map(|number| Self {
                    number,
                    mobile: None,
                })
                .map_err(|_| Reason::InvalidNumber),
            _ => Err(Reason::WrongAnswer),
        }
    }

    /// Checks that a message may be sent to the number.
    pub(crate) fn check_may_receive(&self, policy: &Policy) -> Result<(), Reason> {
        if self.mobile == Some(false) {
            return Err(Reason::NotMobile);
        }
        let calling_codes = policy.settings().calling_codes;
        if !calling_codes.allows(self.number.calling_code()) {
            return Err(Reason::NumberNotAllowed);
        }
        Ok(())
    }
}
