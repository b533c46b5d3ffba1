//! The engine and its exchanges.

use js_sys::Array;
use mpass_core::Error;
use mpass_core::service::{
    self, Answer, AnswerKind, Assessment, AssessmentKind, EngineSettings, Introspection, Reply,
    Request, Sms, Step, TokenUse,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::convert::{Thrown, bytes, entropy, or_null, secret, swap};
use crate::keyring::Keyring;
use crate::number::PhoneNumber;

#[wasm_bindgen]
extern "C" {
    /// A request, as the package's own driver gives it.
    pub type RequestParts;
    #[wasm_bindgen(method, getter, structural)]
    fn method(this: &RequestParts) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn path(this: &RequestParts) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn query(this: &RequestParts) -> String;
    #[wasm_bindgen(method, getter, structural, js_name = headerNames)]
    fn header_names(this: &RequestParts) -> Vec<String>;
    #[wasm_bindgen(method, getter, structural, js_name = headerValues)]
    fn header_values(this: &RequestParts) -> Vec<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn body(this: &RequestParts) -> Vec<u8>;
    #[wasm_bindgen(method, getter, structural)]
    fn peer(this: &RequestParts) -> String;

    /// What a host says of a token, its number aside.
    pub type IntrospectionParts;
    #[wasm_bindgen(method, getter, structural)]
    fn id(this: &IntrospectionParts) -> Option<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn client(this: &IntrospectionParts) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn scopes(this: &IntrospectionParts) -> Vec<String>;
    #[wasm_bindgen(method, getter, structural, js_name = isByNetwork)]
    fn is_by_network(this: &IntrospectionParts) -> Option<bool>;
    #[wasm_bindgen(method, getter, structural, js_name = expiresAtMs)]
    fn expires_at_ms(this: &IntrospectionParts) -> u64;
}

/// The engine of the wire contracts.
#[wasm_bindgen]
pub struct Engine(service::Engine);

#[wasm_bindgen]
impl Engine {
    /// With these keys and settings.
    #[wasm_bindgen(constructor)]
    pub fn new(
        keyring: &Keyring,
        issuer: Option<String>,
        token_use: Option<String>,
    ) -> Result<Self, Thrown> {
        let mut settings = EngineSettings {
            issuer,
            ..EngineSettings::default()
        };
        if let Some(name) = token_use {
            settings.token_use = TokenUse::from_name(&name).ok_or(Error::InvalidSetting)?;
        }
        let engine = service::Engine::with_settings(keyring.0.clone(), settings)?;
        Ok(Self(engine))
    }

    /// Begins the exchange of a request.
    pub fn begin(&self, parts: &RequestParts, now_ms: u64) -> Result<Exchange, Thrown> {
        let (method, path) = (parts.method(), parts.path());
        let query = Zeroizing::new(parts.query());
        let body = Zeroizing::new(parts.body());
        let (names, values) = (parts.header_names(), Zeroizing::new(parts.header_values()));
        let headers: Vec<_> = names
            .iter()
            .map(String::as_str)
            .zip(values.iter().map(String::as_str))
            .collect();
        let peer = parts.peer().parse().map_err(|_| Error::InvalidAddress)?;
        let request = Request {
            method: &method,
            path: &path,
            query: &query,
            headers: &headers,
            body: &body,
            peer,
        };
        Ok(Exchange(self.0.begin(&request, now_ms, &*entropy()?)))
    }
}

/// One request on its way to its reply.
#[wasm_bindgen]
pub struct Exchange(service::Exchange);

#[wasm_bindgen]
impl Exchange {
    /// The step after an answer without a number; see `wasm/js/service.js`
    /// for the names. One that is not known is an answer that does not fit.
    #[must_use]
    pub fn next(&mut self, answer: &str, value: Option<Vec<u8>>, now_ms: u64) -> Array {
        let answer = match AnswerKind::from_name(answer) {
            Some(AnswerKind::Begin) => Answer::Begin,
            Some(AnswerKind::Loaded) => Answer::Loaded(value),
            Some(AnswerKind::Stored) => Answer::Stored,
            Some(AnswerKind::Conflict) => Answer::Conflict(value),
            Some(AnswerKind::Introspected) => Answer::Introspected(None),
            Some(AnswerKind::Delivered) => Answer::Delivered,
            Some(AnswerKind::Refused) => Answer::Refused,
            Some(AnswerKind::Unknown) => Answer::Unknown,
            Some(AnswerKind::Unsupported) => Answer::Unsupported,
            Some(_) => Answer::Failed,
            None => assessed(answer),
        };
        step(self.0.next(answer, now_ms))
    }

    /// The step after a number was found to be valid.
    #[must_use]
    pub fn assessed(&mut self, number: &PhoneNumber, mobile: Option<bool>, now_ms: u64) -> Array {
        let number = number.0;
        let answer = Answer::Assessed(Assessment::Valid { number, mobile });
        step(self.0.next(answer, now_ms))
    }

    /// The step after a token was found to be valid.
    #[must_use]
    pub fn introspected(
        &mut self,
        parts: &IntrospectionParts,
        number: Option<PhoneNumber>,
        now_ms: u64,
    ) -> Array {
        let introspection = Introspection {
            id: parts.id(),
            client: parts.client(),
            scopes: parts.scopes(),
            number: number.map(|number| number.0),
            is_by_network: parts.is_by_network().unwrap_or(false),
            expires_at_ms: parts.expires_at_ms(),
        };
        let answer = Answer::Introspected(Some(introspection));
        step(self.0.next(answer, now_ms))
    }

    /// The step after the host's network was asked for the number behind an
    /// address.
    #[must_use]
    pub fn resolved(&mut self, number: Option<PhoneNumber>, now_ms: u64) -> Array {
        let answer = Answer::Resolved(number.map(|number| number.0));
        step(self.0.next(answer, now_ms))
    }
}

/// An assessment without a number.
fn assessed(name: &str) -> Answer {
    match AssessmentKind::from_name(name) {
        Some(AssessmentKind::Invalid) => Answer::Assessed(Assessment::Invalid),
        Some(AssessmentKind::NotAllowed) => Answer::Assessed(Assessment::NotAllowed),
        Some(AssessmentKind::Blocked) => Answer::Assessed(Assessment::Blocked),
        Some(AssessmentKind::Foreign) => Answer::Assessed(Assessment::Foreign),
        _ => Answer::Failed,
    }
}

/// The name of a step and what it carries.
fn step(step: Step) -> Array {
    let name = step.kind().name();
    let rest = match step {
        Step::Load { kind, key } => Array::of2(&kind.number().into(), &bytes(&key.0)),
        Step::Swap(wanted) => swap(&wanted),
        Step::Assess(assess) => {
            let country = assess.country.map(|code| code.get().into());
            let number = Zeroizing::new(assess.number);
            Array::of2(&number.as_str().into(), &or_null(country))
        }
        Step::Deliver(message) => sms(message),
        Step::Introspect(introspect) => Array::of1(&secret(&introspect.token)),
        Step::Resolve(address) => Array::of1(&address.to_string().into()),
        Step::Reply(answer) => reply(&answer),
        // A step that this package does not know yet is answered "failed".
        _ => return Array::of1(&"unsupported".into()),
    };
    Array::of1(&name.into()).concat(&rest)
}

/// `[to, text, sender, language, alphabet, segments]`.
fn sms(message: Sms) -> Array {
    let parts = [
        message.to.as_str().into(),
        message.text.as_str().into(),
        or_null(message.sender.as_deref().map(Into::into)),
        message.language.name().into(),
        message.alphabet.name().into(),
        message.segments.into(),
    ];
    parts.into_iter().collect()
}

/// `[status, headers, body, reason]`.
fn reply(reply: &Reply) -> Array {
    let header = |(name, value): &(&'static str, String)| {
        Array::of2(&(*name).into(), &value.as_str().into())
    };
    let headers: Array = reply.headers.iter().map(header).collect();
    let status: JsValue = reply.status.into();
    let body = bytes(&reply.body);
    Array::of4(&status, &headers.into(), &body, &reply.reason.name().into())
}
