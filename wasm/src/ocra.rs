//! OCRA.

use js_sys::Array;
use mpass_core::oath::ocra::{self, Mutual, Suite, Tolerance};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::convert::{Thrown, algorithm, entropy, or_null, secret};
use crate::secret::{Secret, key};

#[wasm_bindgen]
extern "C" {
    /// The inputs of one computation, as the package's own classes give them.
    pub type OcraInputs;
    #[wasm_bindgen(method, getter, structural)]
    fn question(this: &OcraInputs) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn counter(this: &OcraInputs) -> Option<u64>;
    #[wasm_bindgen(method, getter, structural)]
    fn pin(this: &OcraInputs) -> Option<String>;
    #[wasm_bindgen(method, getter, structural, js_name = pinHash)]
    fn pin_hash(this: &OcraInputs) -> Option<Vec<u8>>;
    #[wasm_bindgen(method, getter, structural)]
    fn session(this: &OcraInputs) -> Option<Vec<u8>>;
    #[wasm_bindgen(method, getter, structural, js_name = unixSeconds)]
    fn unix_seconds(this: &OcraInputs) -> Option<u64>;
    #[wasm_bindgen(method, getter, structural, js_name = timeStep)]
    fn time_step(this: &OcraInputs) -> Option<u64>;
}

/// [`OcraInputs`] on this side.
pub(crate) struct Inputs {
    question: Zeroizing<String>,
    counter: Option<u64>,
    pin: Option<Zeroizing<String>>,
    pin_hash: Option<Zeroizing<Vec<u8>>>,
    session: Option<Zeroizing<Vec<u8>>>,
    unix_seconds: Option<u64>,
    time_step: Option<u64>,
}

impl From<&OcraInputs> for Inputs {
    fn from(inputs: &OcraInputs) -> Self {
        Self {
            question: inputs.question().into(),
            counter: inputs.counter(),
            pin: inputs.pin().map(Zeroizing::new),
            pin_hash: inputs.pin_hash().map(Zeroizing::new),
            session: inputs.session().map(Zeroizing::new),
            unix_seconds: inputs.unix_seconds(),
            time_step: inputs.time_step(),
        }
    }
}

impl Inputs {
    pub(crate) fn core(&self) -> ocra::Inputs<'_> {
        let mut inputs = ocra::Inputs::new(&self.question);
        if let Some(counter) = self.counter {
            inputs = inputs.with_counter(counter);
        }
        if let Some(pin) = &self.pin {
            inputs = inputs.with_pin(pin);
        }
        if let Some(hash) = &self.pin_hash {
            inputs = inputs.with_pin_hash(hash);
        }
        if let Some(session) = &self.session {
            inputs = inputs.with_session(session);
        }
        if let Some(seconds) = self.unix_seconds {
            inputs = inputs.with_time(seconds);
        }
        if let Some(step) = self.time_step {
            inputs = inputs.with_time_step(step);
        }
        inputs
    }
}

/// One suite under one key.
#[wasm_bindgen]
pub struct Ocra(pub(crate) ocra::Ocra);

#[wasm_bindgen]
impl Ocra {
    /// Prepares a secret for a suite.
    #[wasm_bindgen(constructor)]
    pub fn new(secret: &Secret, suite: &str, allow_short: bool) -> Result<Self, Thrown> {
        let suite: Suite = suite.parse()?;
        let key = key(secret, suite.algorithm(), allow_short)?;
        Ok(Self(ocra::Ocra::new(key, suite)?))
    }

    /// The suite as text.
    #[must_use]
    pub fn suite(&self) -> String {
        self.0.suite().to_string()
    }

    /// The response to a question.
    pub fn respond(&self, inputs: &OcraInputs) -> Result<JsValue, Thrown> {
        let response = self.0.respond(&Inputs::from(inputs).core())?;
        Ok(secret(response.as_str()))
    }

    /// `[counter, timeStep]` of a response, or `null`.
    pub fn verify(
        &self,
        response: String,
        inputs: &OcraInputs,
        look_ahead: u32,
        past: u32,
        future: u32,
    ) -> Result<JsValue, Thrown> {
        let response = Zeroizing::new(response);
        let tolerance = Tolerance {
            look_ahead,
            past,
            future,
        };
        let inputs = Inputs::from(inputs);
        let matched = self.0.verify(&response, &inputs.core(), tolerance)?;
        Ok(or_null(matched.map(|matched| {
            let [counter, step] = [matched.counter, matched.time_step]
                .map(|factor| or_null(factor.map(JsValue::from)));
            Array::of2(&counter, &step).into()
        })))
    }

    /// A random question of the suite.
    #[wasm_bindgen(js_name = generateQuestion)]
    pub fn generate_question(&self) -> Result<String, Thrown> {
        let question = self.0.suite().generate_question(&*entropy()?);
        Ok(question.as_str().into())
    }

    /// The question over longer data.
    #[wasm_bindgen(js_name = signatureQuestion)]
    pub fn signature_question(&self, hash: &str, data: &[u8]) -> Result<String, Thrown> {
        let question = self.0.suite().signature_question(algorithm(hash)?, data)?;
        Ok(question.as_str().into())
    }

    /// `[forServerResponse, forClientResponse]` of mutual mode.
    #[wasm_bindgen(js_name = mutualQuestions)]
    pub fn mutual_questions(client: &str, server: &str) -> Result<Array, Thrown> {
        let mutual = Mutual::new(client, server)?;
        Ok(Array::of2(
            &mutual.for_server_response().into(),
            &mutual.for_client_response().into(),
        ))
    }
}
