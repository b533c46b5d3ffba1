//! Message Central `VerifyNow`, versions 2 and 3: requests for a token, a send
//! and a validation, with all parameters in the query string.

mod auth_token;
mod call;
mod reply;
mod route;
mod verification_id;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use zeroize::Zeroizing;

use self::auth_token::AuthToken;
use self::call::{RequestError, SendCall, ValidateCall};
use self::reply::Live;
use self::route::{Route, Version};
use self::verification_id::{VerificationId, transaction_id};
use crate::challenge::{Alias, Keyring, Policy, Verdict};
use crate::number::{CallingCode, PhoneNumber};
use crate::service::contract::{self, Context, Contract};
use crate::service::cut_off::CutOffs;
use crate::service::flow::{
    Assessed, Billing, Flow, Now, SendFlow, Sent, Subject, VerifyFlow, loaded,
};
use crate::service::host::{Answer, Assess, Reason, Reply, Request, Step};
use crate::service::message::{Draft, Language};
use crate::service::settings::Group;
use crate::service::tenant::{Customer, TenantKey, service_id};
use crate::store::Kind;

/// The paths of this contract.
pub(crate) const ROUTES: &[contract::Route] = &[
    contract::Route {
        path: "/auth/v1/authentication/token",
        methods: &["GET"],
        begin: |context, request| Exchange::boxed(context, request, Route::Token),
    },
    contract::Route {
        path: "/verification/v2/verification/send",
        methods: &["POST"],
        begin: |context, request| Exchange::boxed(context, request, Route::Send(Version::Two)),
    },
    contract::Route {
        path: "/verification/v2/verification/validateOtp",
        methods: &["GET"],
        begin: |context, request| Exchange::boxed(context, request, Route::Validate(Version::Two)),
    },
    contract::Route {
        path: "/verification/v3/send",
        methods: &["POST"],
        begin: |context, request| Exchange::boxed(context, request, Route::Send(Version::Three)),
    },
    contract::Route {
        path: "/verification/v3/validateOtp",
        methods: &["GET"],
        begin: |context, request| {
            Exchange::boxed(context, request, Route::Validate(Version::Three))
        },
    },
];

/// An exchange of this contract.
struct Exchange {
    keyring: Arc<Keyring>,
    cut_offs: Arc<CutOffs>,
    peer: IpAddr,
    route: Route,
    /// The name of the authenticated tenant.
    tenant: Option<String>,
    /// The country code of the number.
    calling_code: Option<CallingCode>,
    state: State,
}

enum State {
    Start(Call),
    LoadingForToken(TenantKey),
    LoadingCustomer(AuthToken, Authorized),
    Assessing(Customer, Policy, PhoneNumber),
    Sending(Box<Sending>),
    FindingNumber(Customer, ValidateCall),
    Verifying(Box<Verifying>),
    Over,
}

/// A parsed request.
enum Call {
    Token(Result<TenantKey, RequestError>),
    Authorized {
        /// The header `authToken`.
        token: Option<Zeroizing<String>>,
        call: Authorized,
    },
}

/// The parsed request of an operation that requires a token. Errors in it are
/// reported only to an authenticated caller.
struct Authorized {
    customer_id: Result<Option<String>, RequestError>,
    operation: Result<Operation, RequestError>,
}

enum Operation {
    Send(SendCall),
    Validate(ValidateCall),
}

struct Sending {
    flow: SendFlow,
    customer: Customer,
    number: PhoneNumber,
    lifetime_ms: u64,
}

struct Verifying {
    flow: VerifyFlow,
    id: VerificationId,
    number: PhoneNumber,
    transaction_id: Option<String>,
}

type Next = Result<Flow<Reply>, RequestError>;

impl Contract for Exchange {
    fn next(&mut self, answer: Answer, now: Now) -> Result<Flow<Reply>, Reason> {
        match self.advance(answer, now) {
            Ok(next) => Ok(next),
            Err(RequestError {
                reason,
                text: Some(text),
            }) => Ok(Flow::Done(reply::error_reply(self.route, reason, &text))),
            Err(error) => Err(error.reason),
        }
    }

    fn reply(&self, reason: Reason) -> Reply {
        reply::plain(self.route, reason)
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
    fn boxed(context: &Context, request: &Request<'_>, route: Route) -> Box<dyn Contract> {
        let keyring = Arc::clone(&context.keyring);
        let operation = match route {
            Route::Token => None,
            Route::Send(_) => Some(call::send(request).map(Operation::Send)),
            Route::Validate(_) => Some(call::validate(request).map(Operation::Validate)),
        };
        let call = match operation {
            None => Call::Token(call::credential(request, &keyring)),
            Some(operation) => Call::Authorized {
                token: request
                    .header("authToken")
                    .map(|token| token.to_string().into()),
                call: Authorized {
                    customer_id: call::customer_id(request, route.version()),
                    operation,
                },
            },
        };
        Box::new(Self {
            keyring,
            cut_offs: Arc::clone(&context.cut_offs),
            peer: request.peer,
            route,
            tenant: None,
            calling_code: None,
            state: State::Start(call),
        })
    }

    fn advance(&mut self, answer: Answer, now: Now) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Start(call) => match answer {
                Answer::Begin => self.load_customer(call, now),
                _ => Err(Reason::WrongAnswer.into()),
            },
            State::LoadingForToken(key) => self.give_token(&key, loaded(answer)?, now),
            State::LoadingCustomer(token, call) => self.admit(&token, call, loaded(answer)?, now),
            State::Assessing(customer, policy, number) => {
                self.send(&answer, customer, policy, number)
            }
            State::Sending(sending) => self.sending(sending, answer, now),
            State::FindingNumber(customer, call) => {
                self.validate(&customer, call, loaded(answer)?, now)
            }
            State::Verifying(verifying) => self.verifying(verifying, answer, now),
            State::Over => Err(Reason::WrongAnswer.into()),
        }
    }

    fn step(&mut self, state: State, step: Step) -> Next {
        self.state = state;
        Ok(Flow::Step(step))
    }

    fn load_customer(&mut self, call: Call, now: Now) -> Next {
        let load = |key| Step::Load {
            kind: Kind::Document,
            key,
        };
        match call {
            Call::Token(key) => {
                let key = key?;
                let step = load(key.store_key());
                self.step(State::LoadingForToken(key), step)
            }
            Call::Authorized { token, call } => {
                let token = token.ok_or(Reason::InvalidToken)?;
                let token = AuthToken::read(&self.keyring, &token, now);
                let token = token.ok_or(Reason::InvalidToken)?;
                let step = load(Customer::store_key(&self.keyring, &token.sub));
                self.step(State::LoadingCustomer(token, call), step)
            }
        }
    }

    fn give_token(&mut self, key: &TenantKey, value: Option<Vec<u8>>, now: Now) -> Next {
        let value = value.ok_or(Reason::UnknownCredential)?;
        let customer =
            Customer::open(&self.keyring, &key.store_key(), &value).map_err(Reason::from)?;
        let version = customer.authenticate(&self.keyring, key, now.ms);
        let version = version.ok_or(Reason::UnknownCredential)?;
        self.tenant = Some(customer.settings().name.clone());
        self.check_may_call(&customer)?;
        let name = &customer.settings().name;
        self.cut_offs.check_tenant(Group::Customer, name, now.ms)?;
        let token = AuthToken::issue(&self.keyring, &customer, version, now);
        Ok(Flow::Done(reply::token(&token.ok_or(Reason::StoreFailed)?)))
    }

    fn check_may_call(&self, customer: &Customer) -> Result<(), Reason> {
        if customer.is_revoked() {
            return Err(Reason::Revoked);
        }
        if !customer.allows_address(self.peer) {
            return Err(Reason::AddressNotAllowed);
        }
        Ok(())
    }

    /// Authenticates the caller, then reports errors in the request.
    fn admit(
        &mut self,
        token: &AuthToken,
        call: Authorized,
        value: Option<Vec<u8>>,
        now: Now,
    ) -> Next {
        let value = value.ok_or(Reason::InvalidToken)?;
        let store_key = Customer::store_key(&self.keyring, &token.sub);
        let customer = Customer::open(&self.keyring, &store_key, &value).map_err(Reason::from)?;
        self.check_may_call(&customer)?;
        if !token.is_current(&customer, now.ms) {
            return Err(Reason::InvalidToken.into());
        }
        self.tenant = Some(token.sub.clone());
        self.cut_offs
            .check_tenant(Group::Customer, &token.sub, now.ms)?;
        if call.customer_id?.is_some_and(|id| id != token.sub) {
            return Err(Reason::UnknownCredential.into());
        }
        match call.operation? {
            Operation::Send(call) => self.assess(customer, &call),
            Operation::Validate(call) => {
                let step = Step::Load {
                    kind: Kind::State,
                    key: self.alias(&customer, call.id).key(),
                };
                self.step(State::FindingNumber(customer, call), step)
            }
        }
    }

    fn alias(&self, customer: &Customer, id: VerificationId) -> Alias<'_> {
        let service = service_id::VERIFY_NOW;
        Alias::new(&self.keyring, service, customer.id(), &id.text())
    }

    fn assess(&mut self, customer: Customer, call: &SendCall) -> Next {
        let settings = customer.settings();
        let fewest = settings.fewest_digits();
        let policy = settings
            .policy_for(call.digits.unwrap_or(fewest))
            .map_err(|_| call::otp_length(fewest.get()))?;
        self.calling_code = Some(call.number.calling_code());
        let step = Step::Assess(Assess {
            number: call.number,
            country: None,
        });
        self.step(State::Assessing(customer, policy, call.number), step)
    }

    fn subject(&self, customer: &Customer, policy: Policy, number: PhoneNumber) -> Subject {
        Subject {
            keyring: Arc::clone(&self.keyring),
            policy,
            service: service_id::VERIFY_NOW,
            tenant: *customer.id(),
            subject: number.into(),
            context: String::new(),
            billing: Billing::Credits {
                initial: customer.settings().test_credits,
                has_begun: customer.has_credits(),
            },
            supersedes: false,
            public_id: Some(|bytes| VerificationId::from_bytes(bytes).text()),
        }
    }

    /// Starts the send to a valid number.
    fn send(
        &mut self,
        answer: &Answer,
        customer: Customer,
        policy: Policy,
        number: PhoneNumber,
    ) -> Next {
        let assessed = Assessed::of(answer, number)?;
        assessed.check_may_receive(&policy)?;
        let number = assessed.number;
        let lifetime_ms = policy.settings().lifetime_ms;
        let (flow, step) = SendFlow::begin(self.subject(&customer, policy, number), &self.cut_offs);
        let sending = Sending {
            flow,
            customer,
            number,
            lifetime_ms,
        };
        self.step(State::Sending(Box::new(sending)), step)
    }

    fn sending(&mut self, mut sending: Box<Sending>, answer: Answer, now: Now) -> Next {
        let Sending {
            flow,
            customer,
            number,
            ..
        } = &mut *sending;
        let settings = customer.settings();
        let next = flow.next(answer, now, |subject, issued| {
            Draft {
                to: *number,
                code: &issued.code,
                language: Language::English,
                template: settings.texts.for_language("en"),
                app: None,
                tenant_name: settings.shown_name(),
                lifetime_ms: subject.policy.settings().lifetime_ms,
                host: settings.host.as_deref(),
                android_apps: &settings.android_apps,
                sender: settings.sender.as_deref(),
            }
            .write()
        })?;
        match next {
            Flow::Step(step) => self.step(State::Sending(sending), step),
            Flow::Done(sent) => self.sent(&sending, sent),
        }
    }

    fn sent(&self, sending: &Sending, sent: Sent) -> Next {
        let (reason, id) = match sent {
            Sent::Delivered(id) => (Reason::Sent, id),
            Sent::StillLive(id) => (Reason::StillLive, id),
            Sent::Refused(refusal) => return Err(Reason::from(refusal.reason).into()),
            Sent::Stopped(reason) => return Err(reason.into()),
            Sent::GatewayRefused => return Err(Reason::GatewayRefused.into()),
            Sent::GatewayUnknown => return Err(Reason::GatewayUnknown.into()),
        };
        let transaction_id = id
            .as_deref()
            .and_then(|id| self.transaction_id(&sending.customer, id));
        let live = Live {
            verification_id: id.as_deref(),
            number: sending.number,
            lifetime_ms: sending.lifetime_ms,
            transaction_id,
        };
        Ok(Flow::Done(reply::sent(self.route, reason, &live)))
    }

    /// The `transactionId`, which only version 3 has.
    fn transaction_id(&self, customer: &Customer, verification_id: &str) -> Option<String> {
        (self.route.version() == Version::Three)
            .then(|| transaction_id(&self.keyring, customer.id(), verification_id))
    }

    /// Starts the attempt for the challenge that the alias of an id refers to.
    fn validate(
        &mut self,
        customer: &Customer,
        call: ValidateCall,
        value: Option<Vec<u8>>,
        now: Now,
    ) -> Next {
        let value = value.ok_or(Reason::UnknownId)?;
        let alias = self.alias(customer, call.id);
        let aliased = alias.restored_at(now.restored_at_ms).read(&value, now.ms);
        let aliased = aliased.map_err(Reason::from)?.ok_or(Reason::UnknownId)?;
        let policy = customer.settings().policy.clone();
        let number = aliased.subject.number().ok_or(Reason::UnknownId)?;
        self.calling_code = Some(number.calling_code());
        let subject = self.subject(customer, policy, number);
        let (flow, step) = VerifyFlow::begin(subject, Some(aliased.id), Some(call.code));
        let verifying = Verifying {
            flow,
            id: call.id,
            number,
            transaction_id: self.transaction_id(customer, &call.id.text()),
        };
        self.step(State::Verifying(Box::new(verifying)), step)
    }

    fn verifying(&mut self, mut verifying: Box<Verifying>, answer: Answer, now: Now) -> Next {
        match verifying.flow.next(answer, now)? {
            Flow::Step(step) => self.step(State::Verifying(verifying), step),
            Flow::Done(Verdict::Accept) => Ok(Flow::Done(reply::verified(
                self.route,
                verifying.id.get(),
                verifying.number,
                verifying.transaction_id,
            ))),
            Flow::Done(verdict) => Err(Reason::from(verdict).into()),
        }
    }
}
