//! mPass Mobile Number Verification: `GET` or `POST` of
//! `/mpass-web/rest/mv/msg` (send) and `/mpass-web/rest/mv/verify`.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use zeroize::Zeroizing;

use crate::challenge::Keyring;
use crate::number::{CallingCode, PhoneNumber};
use crate::service::contract::{Context, Contract, Route};
use crate::service::cut_off::CutOffs;
use crate::service::flow::{
    Assessed, Billing, Flow, Now, SendFlow, Sent, Subject, VerifyFlow, loaded, take_once,
};
use crate::service::host::{Answer, Assess, Reason, Reply, Request, Step};
use crate::service::message::{App, Draft, Language};
use crate::service::settings::Group;
use crate::service::tenant::{Channel, ChannelKey, service_id};
use crate::store::Kind;
use crate::typed::{TYPED_BYTES, TypedCode};

const SEND_PATH: &str = "/mpass-web/rest/mv/msg";
const VERIFY_PATH: &str = "/mpass-web/rest/mv/verify";

/// The longest values of parameters, in bytes of UTF-8. A channel key has a
/// fixed form, which is checked separately.
const LONGEST_KEY: usize = 128;
const LONGEST_DEST: usize = TYPED_BYTES;
const LONGEST_LANG: usize = 16;
const LONGEST_APP: usize = 128;
const LONGEST_OTP: usize = TYPED_BYTES;

/// The statuses of the contract, with their literal descriptions.
#[derive(Clone, Copy)]
enum Status {
    Accept,
    InvalidInput,
    InvalidClient,
    Reject,
    Expired,
    InternalError,
}

impl Status {
    const fn body(self) -> &'static str {
        match self {
            Self::Accept => r#"{"description":"Accept","status":"0"}"#,
            Self::InvalidInput => r#"{"description":"Invalid Data","status":"1"}"#,
            Self::InvalidClient => r#"{"description":"Access Denied","status":"2"}"#,
            Self::Reject => r#"{"description":"Reject","status":"3"}"#,
            Self::Expired => r#"{"description":"Expired","status":"4"}"#,
            Self::InternalError => r#"{"description":"Internal Error Occurred","status":"100"}"#,
        }
    }

    /// The status for a reason.
    const fn of(reason: Reason) -> Self {
        match reason {
            Reason::Sent | Reason::Accepted => Self::Accept,
            Reason::Expired => Self::Expired,
            Reason::WrongCode
            | Reason::Exhausted
            | Reason::Used
            | Reason::NoChallenge
            | Reason::Locked
            | Reason::Limited => Self::Reject,
            Reason::UnknownCredential
            | Reason::AddressNotAllowed
            | Reason::Revoked
            | Reason::AppNotAllowed
            | Reason::ResendInterval
            | Reason::SendLimit
            | Reason::GuessLimit
            | Reason::SpendLimit
            | Reason::NumberLocked => Self::InvalidClient,
            Reason::MissingParameter
            | Reason::RepeatedParameter
            | Reason::InvalidParameter
            | Reason::MalformedCode
            | Reason::InvalidNumber
            | Reason::NotMobile
            | Reason::NumberNotAllowed
            | Reason::NumberBlocked
            | Reason::ForeignNumber
            | Reason::NotFound
            | Reason::MethodNotAllowed
            | Reason::Prefetch
            | Reason::TooLarge => Self::InvalidInput,
            _ => Self::InternalError,
        }
    }
}

/// The contract's reply for a reason. Outcomes that the contract defines have
/// HTTP status 200.
fn reply(reason: Reason) -> Reply {
    let status = match reason {
        Reason::NotFound => 404,
        Reason::MethodNotAllowed | Reason::Prefetch => 405,
        Reason::TooLarge => 413,
        _ => 200,
    };
    Reply::json_text(status, Status::of(reason).body().into(), reason)
}

/// The paths of this contract.
pub(crate) const ROUTES: &[Route] = &[route(SEND_PATH), route(VERIFY_PATH)];

const fn route(path: &'static str) -> Route {
    Route {
        path,
        methods: &["GET", "POST"],
        begin: |context, request| Box::new(Exchange::new(context, request)),
    }
}

/// An exchange of this contract.
struct Exchange {
    keyring: Arc<Keyring>,
    cut_offs: Arc<CutOffs>,
    peer: IpAddr,
    call: Call,
    /// The name of the authenticated tenant.
    tenant: Option<String>,
    /// The country code of the number.
    calling_code: Option<CallingCode>,
    state: State,
}

/// The parsed request, checked as far as possible without the channel. Errors
/// in it are reported only to an authenticated caller.
struct Call {
    key: Result<ChannelKey, Reason>,
    parameters: Result<Parameters, Reason>,
}

struct Parameters {
    dest: Zeroizing<String>,
    app: Option<App>,
    operation: Operation,
}

enum Operation {
    Send(Language),
    Verify {
        otp: TypedCode,
        /// The application as in the request. It need not be a valid [`App`]:
        /// another context only makes the code wrong.
        context: String,
    },
}

enum State {
    Start,
    LoadingChannel(ChannelKey),
    Assessing(Channel, PhoneNumber, Parameters),
    Sending(Box<Sending>),
    Verifying(Box<VerifyFlow>),
    Over,
}

struct Sending {
    flow: SendFlow,
    number: PhoneNumber,
    channel: Channel,
    app: Option<App>,
    language: Language,
}

impl Sending {
    fn next(&mut self, answer: Answer, now: Now) -> Result<Flow<Sent>, Reason> {
        let (number, language) = (self.number, self.language);
        let (channel, app) = (&self.channel, &self.app);
        self.flow.next(answer, now, |subject, issued| {
            let settings = channel.settings();
            Draft {
                to: number,
                code: &issued.code,
                language,
                template: channel.template(language),
                app: app.as_ref().map(App::as_str),
                tenant_name: &settings.name,
                lifetime_ms: subject.policy.settings().lifetime_ms,
                host: settings.host.as_deref(),
                android_apps: &settings.android_apps,
                sender: settings.sender.as_deref(),
            }
            .write()
        })
    }
}

type Next = Result<Flow<Reply>, Reason>;

impl Contract for Exchange {
    fn next(&mut self, answer: Answer, now: Now) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Start => match answer {
                Answer::Begin => self.load_channel(),
                _ => Err(Reason::WrongAnswer),
            },
            State::LoadingChannel(key) => self.admit(&key, loaded(answer)?, now),
            State::Assessing(channel, number, parameters) => {
                self.start(&answer, channel, number, parameters)
            }
            State::Sending(mut sending) => match sending.next(answer, now)? {
                Flow::Step(step) => self.step(State::Sending(sending), step),
                Flow::Done(sent) => Ok(Flow::Done(sent_reply(sent, now.ms))),
            },
            State::Verifying(mut flow) => match flow.next(answer, now)? {
                Flow::Step(step) => self.step(State::Verifying(flow), step),
                Flow::Done(verdict) => Ok(Flow::Done(reply(verdict.into()))),
            },
            State::Over => Err(Reason::WrongAnswer),
        }
    }

    fn reply(&self, reason: Reason) -> Reply {
        reply(reason)
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
    fn new(context: &Context, request: &Request<'_>) -> Self {
        Self {
            keyring: Arc::clone(&context.keyring),
            cut_offs: Arc::clone(&context.cut_offs),
            peer: request.peer,
            call: Call {
                key: channel_key(request),
                parameters: parameters(request),
            },
            tenant: None,
            calling_code: None,
            state: State::Start,
        }
    }

    fn step(&mut self, state: State, step: Step) -> Next {
        self.state = state;
        Ok(Flow::Step(step))
    }

    fn load_channel(&mut self) -> Next {
        let key = take_once(&mut self.call.key)?;
        let step = Step::Load {
            kind: Kind::Document,
            key: key.store_key(),
        };
        self.step(State::LoadingChannel(key), step)
    }

    /// Authenticates the caller, then reports errors in the parameters.
    fn admit(&mut self, key: &ChannelKey, value: Option<Vec<u8>>, now: Now) -> Next {
        let value = value.ok_or(Reason::UnknownCredential)?;
        let channel = Channel::open(&self.keyring, &key.store_key(), &value)?;
        if !channel.has_key(&self.keyring, key, now.ms) {
            return Err(Reason::UnknownCredential);
        }
        self.tenant = Some(channel.settings().name.clone());
        if channel.is_revoked() {
            return Err(Reason::Revoked);
        }
        if !channel.allows_address(self.peer) {
            return Err(Reason::AddressNotAllowed);
        }
        let name = &channel.settings().name;
        self.cut_offs.check_tenant(Group::Channel, name, now.ms)?;
        let parameters = take_once(&mut self.call.parameters)?;
        if let (Operation::Send(_), Some(app)) = (&parameters.operation, &parameters.app)
            && !channel.allows_app(app)
        {
            return Err(Reason::AppNotAllowed);
        }
        let country = channel.settings().country;
        let number =
            PhoneNumber::parse(&parameters.dest, country).map_err(|_| Reason::InvalidNumber)?;
        self.calling_code = Some(number.calling_code());
        let step = Step::Assess(Assess { number, country });
        self.step(State::Assessing(channel, number, parameters), step)
    }

    /// Starts the flow for a valid number.
    fn start(
        &mut self,
        answer: &Answer,
        channel: Channel,
        number: PhoneNumber,
        parameters: Parameters,
    ) -> Next {
        let settings = channel.settings();
        let assessed = Assessed::of(answer, number)?;
        if matches!(parameters.operation, Operation::Send(_)) {
            assessed.check_may_receive(&settings.policy)?;
        }
        let number = assessed.number;
        let Parameters { app, operation, .. } = parameters;
        let subject = |context: String| Subject {
            keyring: Arc::clone(&self.keyring),
            policy: channel.settings().policy.clone(),
            service: service_id::MPASS,
            tenant: *channel.id(),
            subject: number.into(),
            context,
            billing: Billing::Limit,
            supersedes: true,
            public_id: None,
        };
        match operation {
            Operation::Send(language) => {
                let context = app
                    .as_ref()
                    .map_or_else(String::new, |app| app.as_str().into());
                let (flow, step) = SendFlow::begin(subject(context), &self.cut_offs);
                let sending = Sending {
                    flow,
                    number,
                    channel,
                    app,
                    language,
                };
                self.step(State::Sending(Box::new(sending)), step)
            }
            Operation::Verify { otp, context } => {
                let (flow, step) = VerifyFlow::begin(subject(context), None, Some(otp));
                self.step(State::Verifying(Box::new(flow)), step)
            }
        }
    }
}

fn channel_key(request: &Request<'_>) -> Result<ChannelKey, Reason> {
    let text = request
        .parameter("apikey")
        .required(LONGEST_KEY)
        .map_err(|_| Reason::UnknownCredential)?;
    let text = Zeroizing::new(text.into_owned());
    ChannelKey::parse(&text).map_err(|_| Reason::UnknownCredential)
}

fn parameters(request: &Request<'_>) -> Result<Parameters, Reason> {
    let dest = request.parameter("dest").required(LONGEST_DEST)?;
    // A `+` that was not percent-encoded arrives as a space.
    let dest = match dest.strip_prefix(' ') {
        Some(rest) => alloc::format!("+{rest}"),
        None => dest.into_owned(),
    };
    let app = request.parameter("app").optional(LONGEST_APP)?;
    let operation = if request.path == SEND_PATH {
        Operation::Send(language(request)?)
    } else {
        Operation::Verify {
            otp: otp(request)?,
            context: app.as_deref().unwrap_or_default().to_string(),
        }
    };
    let app = match &operation {
        Operation::Send(_) => app
            .map(|name| App::new(&name).map_err(|_| Reason::InvalidParameter))
            .transpose()?,
        Operation::Verify { .. } => None,
    };
    Ok(Parameters {
        dest: Zeroizing::new(dest),
        app,
        operation,
    })
}

fn otp(request: &Request<'_>) -> Result<TypedCode, Reason> {
    match request.parameter("otp").required(LONGEST_OTP) {
        Ok(text) => TypedCode::read(&text).ok_or(Reason::MalformedCode),
        Err(Reason::InvalidParameter) => Err(Reason::MalformedCode),
        Err(reason) => Err(reason),
    }
}

fn language(request: &Request<'_>) -> Result<Language, Reason> {
    match request.parameter("lang").optional(LONGEST_LANG)?.as_deref() {
        None => Ok(Language::English),
        Some(tag) => Language::of_tag(tag).ok_or(Reason::InvalidParameter),
    }
}

fn sent_reply(sent: Sent, now_ms: u64) -> Reply {
    match sent {
        Sent::Delivered(_) => reply(Reason::Sent),
        Sent::StillLive(_) => reply(Reason::StillLive),
        Sent::Stopped(reason) => reply(reason),
        Sent::GatewayRefused => reply(Reason::GatewayRefused),
        Sent::GatewayUnknown => reply(Reason::GatewayUnknown),
        Sent::Refused(refusal) => Reply {
            status: 429,
            ..reply(refusal.reason.into()).retry_after(refusal.retry_at_ms, now_ms)
        },
    }
}
