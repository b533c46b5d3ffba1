//! CAMARA Number Verification, versions 0.4.0-wip (`/number-verification/v0`)
//! and 2.1.0 (`/number-verification/v2`): `POST /verify` and
//! `GET /device-phone-number`.
//!
//! Errors are checked in this order: authentication (401), scope and
//! authentication method of the token (403), the request (400), a token that was
//! already used (401). The reply is sent once the use of the token is stored.

mod claim;
mod version;

use alloc::boxed::Box;
use alloc::string::String;

use serde::Serialize;

use self::claim::Claim;
use self::version::{V0, V2, Version};
use crate::number::PhoneNumber;
use crate::service::contract::{Context, Contract, Route};
use crate::service::contracts::camara::bearer::{BearerFlow, Caller};
use crate::service::contracts::camara::challenge::BearerChallenge;
use crate::service::contracts::camara::commonalities::{self, Correlator};
use crate::service::flow::{Flow, Now, UseFlow, take_once};
use crate::service::host::{Answer, Reason, Reply, Request, Step};
use crate::service::tenant::Scope;

/// The paths of this contract.
pub(crate) const ROUTES: &[Route] = &[
    Route {
        path: "/number-verification/v0/verify",
        methods: &["POST"],
        begin: |context, request| Exchange::boxed(context, request, &V0, Operation::Verify),
    },
    Route {
        path: "/number-verification/v0/device-phone-number",
        methods: &["GET"],
        begin: |context, request| Exchange::boxed(context, request, &V0, Operation::Share),
    },
    Route {
        path: "/number-verification/v2/verify",
        methods: &["POST"],
        begin: |context, request| Exchange::boxed(context, request, &V2, Operation::Verify),
    },
    Route {
        path: "/number-verification/v2/device-phone-number",
        methods: &["GET"],
        begin: |context, request| Exchange::boxed(context, request, &V2, Operation::Share),
    },
];

#[derive(Clone, Copy)]
enum Operation {
    Verify,
    Share,
}

impl Operation {
    const fn scope(self) -> Scope {
        match self {
            Self::Verify => Scope::Verify,
            Self::Share => Scope::ReadNumber,
        }
    }
}

/// An exchange of this contract.
struct Exchange {
    context: Context,
    version: &'static Version,
    operation: Operation,
    correlator: Correlator,
    challenge: BearerChallenge,
    /// The parsed request. An error in it is reported only to a caller with the
    /// right token.
    query: Result<Query, Reason>,
    /// The name of the authenticated tenant.
    tenant: Option<String>,
    state: State,
}

enum Query {
    /// Compare the claimed number with that of the device.
    Verify(Claim),
    /// Return the number of the device.
    Share,
}

enum State {
    Authenticating(BearerFlow),
    Using(UseFlow, Query, PhoneNumber),
    Over,
}

type Next = Result<Flow<Reply>, Reason>;

impl Contract for Exchange {
    fn next(&mut self, answer: Answer, now: Now) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Authenticating(mut flow) => match flow.next(answer, now)? {
                Flow::Step(step) => self.step(State::Authenticating(flow), step),
                Flow::Done(caller) => self.admit(&caller, now),
            },
            State::Using(mut flow, query, number) => match flow.next(answer)? {
                Flow::Step(step) => self.step(State::Using(flow, query, number), step),
                Flow::Done(()) => Ok(Flow::Done(self.answer(&query, &number))),
            },
            State::Over => Err(Reason::WrongAnswer),
        }
    }

    fn reply(&self, reason: Reason) -> Reply {
        let error = self.version.error(reason);
        commonalities::error(&self.correlator, &self.challenge, error, reason)
    }

    fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }
}

impl Exchange {
    /// Parses the request without deciding anything.
    fn boxed(
        context: &Context,
        request: &Request<'_>,
        version: &'static Version,
        operation: Operation,
    ) -> Box<dyn Contract> {
        let query = match operation {
            Operation::Verify => Claim::read(request, version).map(Query::Verify),
            Operation::Share => Ok(Query::Share),
        };
        Box::new(Self {
            context: context.clone(),
            version,
            operation,
            correlator: Correlator::of(request, version.correlator_has_pattern),
            challenge: BearerChallenge::of(request, operation.scope()),
            query,
            tenant: None,
            state: State::Authenticating(BearerFlow::new(context, request)),
        })
    }

    fn step(&mut self, state: State, step: Step) -> Next {
        self.state = state;
        Ok(Flow::Step(step))
    }

    /// Checks the authenticated caller and the request, then uses the token.
    fn admit(&mut self, caller: &Caller, now: Now) -> Next {
        self.tenant = caller.tenant();
        caller.check_scope(self.operation.scope())?;
        if !caller.is_by_network {
            return Err(Reason::NotByNetwork);
        }
        self.correlator.check()?;
        let query = take_once(&mut self.query)?;
        let number = caller.number.ok_or(Reason::TokenWithoutNumber)?;
        match caller.use_token(&self.context, now)? {
            Some((flow, step)) => self.step(State::Using(flow, query, number), step),
            None => Ok(Flow::Done(self.answer(&query, &number))),
        }
    }

    fn answer(&self, query: &Query, number: &PhoneNumber) -> Reply {
        match query {
            Query::Verify(claim) => {
                let is_verified = claim.is(number, self.version);
                let reason = if is_verified {
                    Reason::NumberVerified
                } else {
                    Reason::NumberNotVerified
                };
                self.success(&Verified { is_verified }, reason)
            }
            Query::Share => {
                let number = number.as_str();
                self.success(&Shared { number }, Reason::NumberShared)
            }
        }
    }

    fn success(&self, body: &impl Serialize, reason: Reason) -> Reply {
        commonalities::json(&self.correlator, 200, body, reason)
    }
}

#[derive(Serialize)]
struct Verified {
    #[serde(rename = "devicePhoneNumberVerified")]
    is_verified: bool,
}

#[derive(Serialize)]
struct Shared<'a> {
    #[serde(rename = "devicePhoneNumber")]
    number: &'a str,
}
