//! CAMARA OTP Validation v1 (one-time-password-sms 1.1.1): `POST` of
//! `/one-time-password-sms/v1/send-code` and `…/validate-code`.

mod call;
mod errors;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;

use serde::Serialize;

use self::call::{Call, SendCode, ValidateCode};
use self::errors::{OUT_OF_RANGE, Operation};
use crate::challenge::{Alias, Policy};
use crate::number::{CallingCode, PhoneNumber};
use crate::service::contract::{Context, Contract, Route};
use crate::service::contracts::camara::bearer::{BearerFlow, Caller};
use crate::service::contracts::camara::challenge::BearerChallenge;
use crate::service::contracts::camara::commonalities::{self, Correlator, ErrorInfo};
use crate::service::flow::{
    Assessed, Billing, Flow, Now, SendFlow, Sent, Subject, VerifyFlow, loaded, take_once,
};
use crate::service::host::{Answer, Assess, Reason, Reply, Request, Step};
use crate::service::message::{AndroidApps, Draft, Language, Template};
use crate::service::tenant::{Scope, public_id, service_id};
use crate::store::Kind;

/// The paths of this contract.
pub(crate) const ROUTES: &[Route] = &[
    Route {
        path: "/one-time-password-sms/v1/send-code",
        methods: &["POST"],
        begin: |context, request| Box::new(Exchange::new(context, request, Operation::SendCode)),
    },
    Route {
        path: "/one-time-password-sms/v1/validate-code",
        methods: &["POST"],
        begin: |context, request| {
            Box::new(Exchange::new(context, request, Operation::ValidateCode))
        },
    },
];

/// The owner of a code: the client, reduced to what sending and validation
/// need.
struct Owner {
    tenant: [u8; 16],
    policy: Policy,
    /// The host that the last line of a message binds the code to.
    host: Option<String>,
    android_apps: AndroidApps,
    sender: Option<String>,
}

impl Owner {
    /// The owner for a caller. A client that is known only to the host has the
    /// default policy, and its store key, derived from its name, as the tenant
    /// id.
    fn of(caller: Caller) -> Self {
        match caller.client {
            None => Self {
                tenant: caller.store_key.0,
                policy: Policy::default(),
                host: None,
                android_apps: AndroidApps::new(),
                sender: None,
            },
            Some(client) => {
                let settings = client.settings();
                Self {
                    tenant: *client.id(),
                    policy: settings.policy.clone(),
                    host: settings.host.clone(),
                    android_apps: settings.android_apps.clone(),
                    sender: settings.sender.clone(),
                }
            }
        }
    }

    fn subject(&self, context: &Context, number: PhoneNumber) -> Subject {
        Subject {
            keyring: Arc::clone(&context.keyring),
            policy: self.policy.clone(),
            service: service_id::OTP_VALIDATION,
            tenant: self.tenant,
            subject: number.into(),
            context: String::new(),
            billing: Billing::Limit,
            supersedes: true,
            public_id: Some(public_id::uuid),
        }
    }
}

/// An exchange of this contract.
struct Exchange {
    context: Context,
    operation: Operation,
    correlator: Correlator,
    challenge: BearerChallenge,
    /// The parsed request. An error in it is reported only to an authenticated
    /// caller.
    call: Result<Call, Reason>,
    /// The name of the authenticated tenant.
    tenant: Option<String>,
    /// The country code of the number.
    calling_code: Option<CallingCode>,
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
    number: PhoneNumber,
    owner: Owner,
    template: Template,
}

impl Sending {
    fn next(&mut self, answer: Answer, now: Now) -> Result<Flow<Sent>, Reason> {
        let (number, owner, template) = (self.number, &self.owner, &self.template);
        self.flow.next(answer, now, |subject, issued| {
            Draft {
                to: number,
                code: &issued.code,
                language: Language::of(template.as_str()),
                template: Some(template),
                app: None,
                tenant_name: "",
                lifetime_ms: subject.policy.settings().lifetime_ms,
                host: owner.host.as_deref(),
                android_apps: &owner.android_apps,
                sender: owner.sender.as_deref(),
            }
            .write()
        })
    }
}

type Next = Result<Flow<Reply>, Reason>;

impl Contract for Exchange {
    fn next(&mut self, answer: Answer, now: Now) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Authenticating(mut bearer) => match bearer.next(answer, now)? {
                Flow::Step(step) => self.step(State::Authenticating(bearer), step),
                Flow::Done(caller) => self.admit(caller),
            },
            State::Assessing(owner, send) => self.send(&answer, owner, send),
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
            return commonalities::empty(&self.correlator, 204, reason);
        }
        self.error(self.operation.error(reason), reason)
    }

    fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    fn calling_code(&self) -> Option<CallingCode> {
        self.calling_code
    }
}

impl Exchange {
    /// Parses the request without deciding anything.
    fn new(context: &Context, request: &Request<'_>, operation: Operation) -> Self {
        Self {
            context: context.clone(),
            operation,
            correlator: Correlator::of(request, true),
            challenge: BearerChallenge::of(request, Scope::SendValidate),
            call: Call::read(request, operation),
            tenant: None,
            calling_code: None,
            state: State::Authenticating(BearerFlow::new(context, request)),
        }
    }

    fn error(&self, error: ErrorInfo, reason: Reason) -> Reply {
        commonalities::error(&self.correlator, &self.challenge, error, reason)
    }

    fn step(&mut self, state: State, step: Step) -> Next {
        self.state = state;
        Ok(Flow::Step(step))
    }

    /// Checks the authenticated caller, then reports errors in the request.
    fn admit(&mut self, caller: Caller) -> Next {
        self.tenant = caller.tenant();
        caller.check_scope(Scope::SendValidate)?;
        self.correlator.check()?;
        let owner = Owner::of(caller);
        match take_once(&mut self.call)? {
            Call::OutOfRange => {
                let reason = Reason::InvalidParameter;
                Ok(Flow::Done(self.error(OUT_OF_RANGE, reason)))
            }
            Call::Send(send) => {
                self.calling_code = Some(send.number.calling_code());
                let step = Step::Assess(Assess {
                    number: send.number,
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

    fn send(&mut self, answer: &Answer, owner: Owner, send: SendCode) -> Next {
        let assessed = Assessed::of(answer, send.number)?;
        assessed.check_may_receive(&owner.policy)?;
        let number = assessed.number;
        let (flow, step) =
            SendFlow::begin(owner.subject(&self.context, number), &self.context.cut_offs);
        let sending = Sending {
            flow,
            number,
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
                let reply = commonalities::json(&self.correlator, 200, &body, Reason::Sent);
                Ok(Flow::Done(reply))
            }
            Sent::Refused(refusal) => {
                let reply = self.reply(refusal.reason.into());
                Ok(Flow::Done(reply.retry_after(refusal.retry_at_ms, now_ms)))
            }
            Sent::Stopped(reason) => Err(reason),
            Sent::GatewayRefused => Err(Reason::GatewayRefused),
            Sent::GatewayUnknown => Err(Reason::GatewayUnknown),
            // Every challenge of this contract has an id and supersedes.
            Sent::Delivered(None) | Sent::StillLive(_) => Err(Reason::WrongAnswer),
        }
    }

    fn alias<'a>(&'a self, owner: &Owner, validate: &ValidateCode) -> Alias<'a> {
        let service = service_id::OTP_VALIDATION;
        Alias::new(&self.context.keyring, service, &owner.tenant, &validate.id)
    }

    fn find(&mut self, answer: Answer, owner: &Owner, validate: ValidateCode, now: Now) -> Next {
        let record = loaded(answer)?.ok_or(Reason::UnknownId)?;
        let aliased = self
            .alias(owner, &validate)
            .restored_at(now.restored_at_ms)
            .read(&record, now.ms)?
            .ok_or(Reason::UnknownId)?;
        let number = aliased.subject.number().ok_or(Reason::UnknownId)?;
        self.calling_code = Some(number.calling_code());
        let subject = owner.subject(&self.context, number);
        let (flow, step) = VerifyFlow::begin(subject, Some(aliased.id), validate.code);
        self.step(State::Validating(Box::new(flow)), step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_4() {
        let id = public_id::uuid([0xff; 16]);
        assert_eq!(id, "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let id = public_id::uuid([0; 16]);
        assert_eq!(id, "00000000-0000-4000-8000-000000000000");
    }
}
