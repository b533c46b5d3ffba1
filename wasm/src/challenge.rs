//! Challenges, and outcomes that wait for their store.

use js_sys::Array;
use mpass_core::challenge::{self, Attempt, Binding, Issue, Refusal, Verdict};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::convert::{Thrown, bytes, entropy, or_null, secret};
use crate::keyring::Keyring;
use crate::policy::Policy;

/// What a [`Pending`] yields once it is stored.
enum Held {
    Issued(challenge::Pending<challenge::Issued>),
    Verdict(challenge::Pending<Verdict>),
    Balance(challenge::Pending<u64>),
    Nothing(challenge::Pending<()>),
}

/// An outcome that may not be told yet.
#[wasm_bindgen]
pub struct Pending(Held);

impl From<challenge::Pending<()>> for Pending {
    fn from(pending: challenge::Pending<()>) -> Self {
        Self(Held::Nothing(pending))
    }
}

impl From<challenge::Pending<u64>> for Pending {
    fn from(pending: challenge::Pending<u64>) -> Self {
        Self(Held::Balance(pending))
    }
}

/// The same question to whatever is held.
macro_rules! held {
    ($held:expr, $pending:ident => $answer:expr) => {
        match &$held {
            Held::Issued($pending) => $answer,
            Held::Verdict($pending) => $answer,
            Held::Balance($pending) => $answer,
            Held::Nothing($pending) => $answer,
        }
    };
}

#[wasm_bindgen]
impl Pending {
    /// Where the record stands.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        held!(self.0, pending => pending.key().0.to_vec())
    }

    /// What must stand there.
    #[must_use]
    pub fn expected(&self) -> Option<Vec<u8>> {
        held!(self.0, pending => pending.expected().map(<[u8]>::to_vec))
    }

    /// What stands there afterwards.
    #[must_use]
    pub fn next(&self) -> Vec<u8> {
        held!(self.0, pending => pending.next().to_vec())
    }

    /// When a store may drop it.
    #[wasm_bindgen(js_name = expiresAtMs)]
    #[must_use]
    pub fn expires_at_ms(&self) -> u64 {
        held!(self.0, pending => pending.expires_at_ms())
    }

    /// Whether a value is this writing.
    #[wasm_bindgen(js_name = isWrittenIn)]
    #[must_use]
    pub fn is_written_in(&self, current: &[u8]) -> bool {
        held!(self.0, pending => pending.is_written_in(current))
    }

    /// The outcome: an issued code, the name of a verdict, a balance, or
    /// nothing.
    #[must_use]
    pub fn stored(self) -> JsValue {
        match self.0 {
            Held::Issued(pending) => Issued(pending.stored()).into(),
            Held::Verdict(pending) => pending.stored().name().into(),
            Held::Balance(pending) => pending.stored().into(),
            Held::Nothing(pending) => {
                pending.stored();
                JsValue::UNDEFINED
            }
        }
    }
}

/// A code that was issued.
#[wasm_bindgen]
pub struct Issued(challenge::Issued);

#[wasm_bindgen]
impl Issued {
    /// The code.
    #[must_use]
    pub fn code(&self) -> JsValue {
        secret(self.0.code.as_str())
    }

    /// When it ends.
    #[wasm_bindgen(js_name = endsAtMs)]
    #[must_use]
    pub fn ends_at_ms(&self) -> u64 {
        self.0.ends_at_ms
    }
}

/// `[pending, reason, retryAtMs]`.
fn issue(pending: Option<Pending>, refusal: Option<Refusal>) -> Array {
    Array::of3(
        &or_null(pending.map(JsValue::from)),
        &or_null(refusal.map(|refusal| refusal.reason.name().into())),
        &or_null(refusal.map(|refusal| refusal.retry_at_ms.into())),
    )
}

/// `[pending, verdict]`.
pub(crate) fn attempt(attempt: Attempt) -> Array {
    match attempt {
        Attempt::Pending(pending) => {
            let pending = Pending(Held::Verdict(pending));
            Array::of2(&pending.into(), &JsValue::NULL)
        }
        Attempt::Told(verdict) => Array::of2(&JsValue::NULL, &verdict.name().into()),
    }
}

/// The challenge of a subject.
#[wasm_bindgen]
pub struct Challenge {
    keyring: challenge::Keyring,
    policy: challenge::Policy,
    service: String,
    tenant: Vec<u8>,
    number: Zeroizing<String>,
    context: String,
}

impl Challenge {
    fn core(&self) -> challenge::Challenge<'_> {
        let binding = Binding {
            service: &self.service,
            tenant: &self.tenant,
            number: &self.number,
            context: &self.context,
        };
        challenge::Challenge::new(&self.keyring, &self.policy, binding)
    }
}

#[wasm_bindgen]
impl Challenge {
    /// Binds a subject.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(
        keyring: &Keyring,
        policy: &Policy,
        service: String,
        tenant: Vec<u8>,
        number: String,
        context: String,
    ) -> Self {
        Self {
            keyring: keyring.0.clone(),
            policy: policy.0.clone(),
            service,
            tenant,
            number: Zeroizing::new(number),
            context,
        }
    }

    /// Where its record stands.
    #[must_use]
    pub fn key(&self) -> JsValue {
        bytes(&self.core().key().0)
    }

    /// `[pending, reason, retryAtMs]` of a new challenge.
    pub fn issue(&self, current: Option<Vec<u8>>, now_ms: u64) -> Result<Array, Thrown> {
        let issued = self
            .core()
            .issue(current.as_deref(), now_ms, &*entropy()?)?;
        Ok(match issued {
            Issue::Pending(pending) => issue(Some(Pending(Held::Issued(pending))), None),
            Issue::Refused(refusal) => issue(None, Some(refusal)),
            Issue::Corrected(refusal, pending) => issue(Some(pending.into()), Some(refusal)),
        })
    }

    /// `[pending, verdict]` of a typed code.
    pub fn attempt(
        &self,
        current: Option<Vec<u8>>,
        typed: String,
        now_ms: u64,
    ) -> Result<Array, Thrown> {
        let typed = Zeroizing::new(typed);
        let attempted = self
            .core()
            .attempt(current.as_deref(), &typed, now_ms, &*entropy()?)?;
        Ok(attempt(attempted))
    }

    /// Gives back the send of a code that was not sent.
    pub fn refund(
        &self,
        current: Option<Vec<u8>>,
        issued: &Issued,
        now_ms: u64,
    ) -> Result<Option<Pending>, Thrown> {
        let core = self.core();
        let refunded = core.refund(current.as_deref(), issued.0.id, now_ms, &*entropy()?)?;
        Ok(refunded.map(Pending::from))
    }

    /// Forgets failures and the lock.
    pub fn unlock(&self, current: Option<Vec<u8>>, now_ms: u64) -> Result<Pending, Thrown> {
        let pending = self
            .core()
            .unlock(current.as_deref(), now_ms, &*entropy()?)?;
        Ok(pending.into())
    }
}
