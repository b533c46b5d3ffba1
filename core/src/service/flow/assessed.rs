//! Numbers that the engine has parsed and the host has assessed.

use crate::challenge::Policy;
use crate::number::PhoneNumber;
use crate::service::host::{Answer, Assessment, Reason};

/// A valid number in canonical form.
pub(crate) struct Assessed {
    pub(crate) number: PhoneNumber,
    mobile: Option<bool>,
}

impl Assessed {
    /// The number with the host's assessment, which can refuse it but not
    /// change it.
    pub(crate) fn of(answer: &Answer, number: PhoneNumber) -> Result<Self, Reason> {
        match *answer {
            Answer::Assessed(Assessment::Valid { mobile }) => Ok(Self { number, mobile }),
            Answer::Assessed(Assessment::Invalid) => Err(Reason::InvalidNumber),
            Answer::Assessed(Assessment::NotAllowed) => Err(Reason::NumberNotAllowed),
            Answer::Assessed(Assessment::Blocked) => Err(Reason::NumberBlocked),
            Answer::Assessed(Assessment::Foreign) => Err(Reason::ForeignNumber),
            Answer::Unsupported => Ok(Self {
                number,
                mobile: None,
            }),
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
