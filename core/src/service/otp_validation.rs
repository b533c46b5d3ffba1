//! CAMARA OTP Validation v1 (one-time-password-sms 1.1.1): `POST` of
//! `/one-time-password-sms/v1/send-code` and `…/validate-code`.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::assessed::Assessed;
use super::bearer::{BearerFlow, Caller};
use super::camara::{self, Correlator, ErrorInfo, common_error};
use super::client::Scope;
use super::contract::{Context, Contract, Family};
use super::flow::{Flow, Funds, Now, Subject, loaded};
use super::message::{Draft, Language, Sms, Template};
use super::reply::{Reason, Reply};
use super::request::Request;
use super::send_flow::{SendFlow, Sent};
use super::step::{Answer, Assess, Step};
use super::verify_flow::VerifyFlow;
use crate::challenge::{Alias, Issued, Policy};
use crate::number::PhoneNumber;
use crate::store::Kind;

/// The service name that codes of this contract are bound to.
const SERVICE: &str = "one-time-password-sms";
const SEND_PATH: &str = "/one-time-password-sms/v1/send-code";
const VALIDATE_PATH: &str = "/one-time-password-sms/v1/validate-code";

/// The longest `authenticationId`, in characters.
const LONGEST_ID: usize = 36;
/// The longest `code`, in characters.
const LONGEST_CODE: usize = 10;

/// The paths of this contract.
pub(super) const FAMILY: Family = Family {
    methods: |path| matches!(path, SEND_PATH | VALIDATE_PATH).then_some(&["POST"]),
    begin: |context, request| Box::new(Exchange::new(context, request)),
};

/// An operation of the contract. Some of its texts differ by a full stop.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    SendCode,
    ValidateCode,
}

impl Operation {
    fn of(request: &Request<'_>) -> Self {
        if request.path == SEND_PATH {
            Self::SendCode
        } else {
            Self::ValidateCode
        }
    }

    /// What the contract says of a reason other than success.
    fn error(self, reason: Reason) -> ErrorInfo {
        match reason {
            Reason::MissingParameter
            | Reason::InvalidParameter
            | Reason::InvalidBody
            | Reason::InvalidCorrelator
            | Reason::InvalidNumber
            | Reason::TooLarge => self.invalid_argument(),
            Reason::InvalidToken | Reason::Revoked => UNAUTHENTICATED,
            Reason::AddressNotAllowed | Reason::MissingScope => self.permission_denied(),
            Reason::NotMobile | Reason::NumberNotAllowed => NUMBER_NOT_ALLOWED,
            Reason::NumberBlocked => NUMBER_BLOCKED,
            Reason::ForeignNumber | Reason::UnknownId => common_error(Reason::NotFound),
            // A lock passes, unlike the barring of a line.
            Reason::SendLimit | Reason::GuessLimit | Reason::NumberLocked => TOO_MANY_CODES,
            // Of a validation both mean that the code was not looked at; the id
            // itself may serve again once the wait is over.
            Reason::SpendLimit | Reason::Limited => QUOTA_EXCEEDED,
            Reason::ResendInterval | Reason::Locked => RATE_LIMITED,
            Reason::WrongCode => INVALID_OTP,
            Reason::Exhausted => VERIFICATION_FAILED,
            Reason::Expired | Reason::Used | Reason::NoChallenge => VERIFICATION_EXPIRED,
            // Nothing was sent, and it may be tried again at once.
            Reason::GatewayRefused => common_error(Reason::HostFailed),
            Reason::GatewayUnknown => common_error(Reason::TooOld),
            reason => common_error(reason),
        }
    }

    const fn invalid_argument(self) -> ErrorInfo {
        let message = match self {
            Self::SendCode => "Client specified an invalid argument, request body or query param.",
            Self::ValidateCode => {
                "Client specified an invalid argument, request body or query param"
            }
        };
        error(400, "INVALID_ARGUMENT", message)
    }

    const fn permission_denied(self) -> ErrorInfo {
        let message = match self {
            Self::SendCode => "Client does not have sufficient permissions to perform this action",
            Self::ValidateCode => {
                "Client does not have sufficient permissions to perform this action."
            }
        };
        error(403, "PERMISSION_DENIED", message)
    }
}

const fn error(status: u16, code: &'static str, message: &'static str) -> ErrorInfo {
    ErrorInfo {
        status,
        code,
        message,
    }
}

const OUT_OF_RANGE: ErrorInfo = error(400, "OUT_OF_RANGE", "Client specified an invalid range.");
const INVALID_OTP: ErrorInfo = error(
    400,
    "ONE_TIME_PASSWORD_SMS.INVALID_OTP",
    "The provided OTP is not valid for this authenticationId",
);
const VERIFICATION_FAILED: ErrorInfo = error(
    400,
    "ONE_TIME_PASSWORD_SMS.VERIFICATION_FAILED",
    "The maximum number of attempts for this authenticationId was exceeded without providing a valid OTP",
);
const VERIFICATION_EXPIRED: ErrorInfo = error(
    400,
    "ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED",
    "The authenticationId is no longer valid",
);
const UNAUTHENTICATED: ErrorInfo = error(
    401,
    "UNAUTHENTICATED",
    "Request not authenticated due to missing, invalid, or expired credentials.",
);
const TOO_MANY_CODES: ErrorInfo = error(
    403,
    "ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED",
    "Too many OTPs have been requested for this MSISDN. Try later.",
);
const NUMBER_NOT_ALLOWED: ErrorInfo = error(
    403,
    "ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED",
    "Phone_number can't receive an SMS due to business reasons in the operator.",
);
const NUMBER_BLOCKED: ErrorInfo = error(
    403,
    "ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED",
    "Phone_number is blocked to receive SMS due to any blocking business reason in the operator.",
);
const QUOTA_EXCEEDED: ErrorInfo = error(429, "QUOTA_EXCEEDED", "Out of resource quota.");
const RATE_LIMITED: ErrorInfo = error(429, "TOO_MANY_REQUESTS", "Rate limit reached.");

/// What was asked. What is wrong with it is told only to a caller that is
/// known.
enum Call {
    Send(SendCode),
    Validate(ValidateCode),
    /// A value that is longer than the contract has it.
    OutOfRange,
}

struct SendCode {
    number: Zeroizing<String>,
    template: Template,
}

struct ValidateCode {
    id: String,
    code: Zeroizing<String>,
}

impl Call {
    fn read(request: &Request<'_>, operation: Operation) -> Result<Self, Reason> {
        match operation {
            Operation::SendCode => SendCode::read(request).map(Self::Send),
            Operation::ValidateCode => Self::validate(request),
        }
    }

    fn validate(request: &Request<'_>) -> Result<Self, Reason> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            authentication_id: String,
            code: String,
        }
        let body: Body = camara::body(request)?;
        let code = Zeroizing::new(body.code);
        if body.authentication_id.is_empty() || code.is_empty() {
            return Err(Reason::MissingParameter);
        }
        // The contract's tests want INVALID_ARGUMENT for a long code, and
        // leave OUT_OF_RANGE for the other value that has a longest form.
        if code.chars().count() > LONGEST_CODE {
            return Err(Reason::InvalidParameter);
        }
        if body.authentication_id.chars().count() > LONGEST_ID {
            return Ok(Self::OutOfRange);
        }
        Ok(Self::Validate(ValidateCode {
            id: body.authentication_id,
            code,
        }))
    }
}

impl SendCode {
    fn read(request: &Request<'_>) -> Result<Self, Reason> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            phone_number: String,
            message: String,
        }
        let body: Body = camara::body(request)?;
        let number = Zeroizing::new(body.phone_number);
        if !is_phone_number(&number) {
            return Err(Reason::InvalidNumber);
        }
        let template = Template::requested(&body.message).map_err(|_| Reason::InvalidParameter)?;
        Ok(Self { number, template })
    }
}

/// `^\+[1-9][0-9]{4,14}$`.
fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (5..=15).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

/// Whose codes they are.
struct Owner {
    tenant: [u8; 16],
    policy: Policy,
    /// The host that codes are bound to in the last line of a message.
    host: Option<String>,
    sender: Option<String>,
}

impl Owner {
    /// A client that only the host knows sends under the default policy, and
    /// under an id of its name's own.
    fn of(caller: Caller) -> Self {
        match caller.client {
            None => Self {
                tenant: caller.place.0,
                policy: Policy::default(),
                host: None,
                sender: None,
            },
            Some(client) => {
                let settings = client.settings();
                Self {
                    tenant: *client.id(),
                    policy: settings.policy.clone(),
                    host: settings.host.clone(),
                    sender: settings.sender.clone(),
                }
            }
        }
    }

    fn subject(&self, context: &Context, number: PhoneNumber) -> Subject {
        Subject {
            keyring: Arc::clone(&context.keyring),
            policy: self.policy.clone(),
            service: SERVICE,
            tenant: self.tenant,
            number,
            context: String::new(),
            funds: Funds::Limit,
            supersedes: true,
            public_id: Some(authentication_id),
        }
    }
}

/// A UUID of version 4 (RFC 9562 section 5.4).
fn authentication_id(bytes: [u8; 16]) -> String {
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

/// An exchange of this contract.
struct Exchange {
    context: Context,
    operation: Operation,
    correlator: Correlator,
    call: Result<Call, Reason>,
    state: State,
}

enum State {
    Authenticating(BearerFlow),
    Assessing(Owner, SendCode),
    Sending(Box<Sending>),
    Finding(Owner, ValidateCode),
    Validating(Box<VerifyFlow>),
    Over,
}

struct Sending {
    flow: SendFlow,
    owner: Owner,
    template: Template,
}

impl Sending {
    fn next(&mut self, answer: Answer, now: Now) -> Result<Flow<Sent>, Reason> {
        let (owner, template) = (&self.owner, &self.template);
        self.flow.next(answer, now, |subject, issued| {
            message(subject, issued, owner, template)
        })
    }
}

fn message(subject: &Subject, issued: &Issued, owner: &Owner, template: &Template) -> Sms {
    Draft {
        to: subject.number,
        code: &issued.code,
        language: Language::of(template.as_str()),
        template: Some(template),
        app: None,
        tenant_name: "",
        lifetime_ms: subject.policy.settings().lifetime_ms,
        host: owner.host.as_deref(),
        sender: owner.sender.as_deref(),
    }
    .write()
}

type Next = Result<Flow<Reply>, Reason>;

impl Contract for Exchange {
    fn next(&mut self, answer: Answer, now: Now) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Authenticating(mut bearer) => match bearer.next(answer, now)? {
                Flow::Step(step) => self.step(State::Authenticating(bearer), step),
                Flow::Done(caller) => self.admit(caller),
            },
            State::Assessing(owner, send) => self.send(answer, owner, send),
            State::Sending(mut sending) => match sending.next(answer, now)? {
                Flow::Step(step) => self.step(State::Sending(sending), step),
                Flow::Done(sent) => self.sent(sent, now.ms),
            },
            State::Finding(owner, validate) => self.find(answer, &owner, validate, now),
            State::Validating(mut flow) => match flow.next(answer, now)? {
                Flow::Step(step) => self.step(State::Validating(flow), step),
                Flow::Done(verdict) => Ok(Flow::Done(self.reply(verdict.into()))),
            },
            State::Over => Err(Reason::WrongAnswer),
        }
    }

    fn reply(&self, reason: Reason) -> Reply {
        if reason == Reason::Accepted {
            return camara::empty(&self.correlator, 204, reason);
        }
        camara::error(&self.correlator, self.operation.error(reason), reason)
    }
}

impl Exchange {
    /// Reads the request; nothing is decided yet.
    fn new(context: &Context, request: &Request<'_>) -> Self {
        let operation = Operation::of(request);
        Self {
            context: context.clone(),
            operation,
            correlator: Correlator::of(request, true),
            call: Call::read(request, operation),
            state: State::Authenticating(BearerFlow::new(context, request)),
        }
    }

    fn step(&mut self, state: State, step: Step) -> Next {
        self.state = state;
        Ok(Flow::Step(step))
    }

    /// Knows the caller, then tells what is wrong with the rest.
    fn admit(&mut self, caller: Caller) -> Next {
        caller.check_scope(Scope::SendValidate)?;
        self.correlator.check()?;
        let owner = Owner::of(caller);
        match core::mem::replace(&mut self.call, Err(Reason::WrongAnswer))? {
            Call::OutOfRange => {
                let reason = Reason::InvalidParameter;
                let reply = camara::error(&self.correlator, OUT_OF_RANGE, reason);
                Ok(Flow::Done(reply))
            }
            Call::Send(send) => {
                let step = Step::Assess(Assess {
                    number: send.number.to_string(),
                    country: None,
                });
                self.step(State::Assessing(owner, send), step)
            }
            Call::Validate(validate) => {
                let step = Step::Load {
                    kind: Kind::State,
                    key: self.alias(&owner, &validate).key(),
                };
                self.step(State::Finding(owner, validate), step)
            }
        }
    }

    fn send(&mut self, answer: Answer, owner: Owner, send: SendCode) -> Next {
        let assessed = Assessed::of(answer, &send.number, None)?;
        assessed.check_may_receive(&owner.policy)?;
        let (flow, step) = SendFlow::begin(owner.subject(&self.context, assessed.number));
        let sending = Sending {
            flow,
            owner,
            template: send.template,
        };
        self.step(State::Sending(Box::new(sending)), step)
    }

    fn sent(&self, sent: Sent, now_ms: u64) -> Next {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            authentication_id: String,
        }
        match sent {
            Sent::Delivered(Some(authentication_id)) => {
                let body = Body { authentication_id };
                let reply = camara::json(&self.correlator, 200, &body, Reason::Sent);
                Ok(Flow::Done(reply))
            }
            Sent::Refused(refusal) => {
                let reply = self.reply(refusal.reason.into());
                Ok(Flow::Done(reply.retry_after(refusal.retry_at_ms, now_ms)))
            }
            Sent::GatewayRefused => Err(Reason::GatewayRefused),
            Sent::GatewayUnknown => Err(Reason::GatewayUnknown),
            // Every challenge of this contract has an id and supersedes.
            Sent::Delivered(None) | Sent::StillLive(_) => Err(Reason::WrongAnswer),
        }
    }

    fn alias<'a>(&'a self, owner: &Owner, validate: &ValidateCode) -> Alias<'a> {
        Alias::new(&self.context.keyring, SERVICE, &owner.tenant, &validate.id)
    }

    fn find(&mut self, answer: Answer, owner: &Owner, validate: ValidateCode, now: Now) -> Next {
        let record = loaded(answer)?.ok_or(Reason::UnknownId)?;
        let aliased = self
            .alias(owner, &validate)
            .read(&record, now.ms)?
            .ok_or(Reason::UnknownId)?;
        let subject = owner.subject(&self.context, aliased.number);
        let (flow, step) = VerifyFlow::begin(subject, Some(aliased.id), validate.code);
        self.step(State::Validating(Box::new(flow)), step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_4() {
        let id = authentication_id([0xff; 16]);
        assert_eq!(id, "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let id = authentication_id([0; 16]);
        assert_eq!(id, "00000000-0000-4000-8000-000000000000");
        assert_eq!(id.len(), LONGEST_ID);
    }

    #[test]
    fn numbers_of_the_pattern() {
        for text in ["+12345", "+346661113334", "+123456789012345"] {
            assert!(is_phone_number(text), "{text}");
        }
        for text in [
            "",
            "+",
            "+1234",
            "+1234567890123456",
            "+0123456",
            "346661113334",
            "00346661113334",
            "+34 666111333",
            "++3466611133",
            "+٣٤٦٦٦١١١٣",
            "+34666111333\n",
        ] {
            assert!(!is_phone_number(text), "{text:?}");
        }
    }
}
