//! The encoding of settings in a tenant's value.

use alloc::string::ToString;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::data::Type;
use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};

use super::network::Network;
use super::public_key::ClientKey;
use super::scope::Scope;
use crate::Error;
use crate::challenge::{CallingCodes, Limit, Policy, PolicySettings};
use crate::number::CallingCode;
use crate::oath::Digits;
use crate::service::host::SignatureAlgorithm;
use crate::service::message::{AndroidApps, App, Template, Texts};

/// A [`Policy`] as encoded in a tenant's value.
#[derive(Encode, Decode)]
#[cbor(map)]
struct PolicyWire {
    #[n(0)]
    digits: u8,
    #[n(1)]
    lifetime_ms: u64,
    #[n(2)]
    tries: u8,
    #[n(3)]
    resend_interval_ms: u64,
    #[n(4)]
    sends: LimitWire,
    #[n(5)]
    guesses: LimitWire,
    #[n(6)]
    failures_to_lock: u16,
    #[n(7)]
    lock_ms: u64,
    #[n(8)]
    spend: Option<LimitWire>,
    #[n(9)]
    calling_codes: CodesWire,
    #[n(10)]
    allow_weak: bool,
}

/// Events, window in milliseconds, burst.
#[derive(Encode, Decode)]
struct LimitWire(#[n(0)] u32, #[n(1)] u64, #[n(2)] u32);

impl LimitWire {
    fn of(limit: Limit) -> Self {
        Self(limit.events(), limit.window_ms(), limit.burst())
    }

    fn read(self) -> Result<Limit, Error> {
        Limit::new(self.0, self.1, self.2)
    }
}

/// Calling codes as a bitmap: code `n` is bit `n % 8`, counted from the lowest,
/// of byte `n / 8`. Zero bytes at the end are left out. Values written before
/// have a list of numbers.
struct CodesWire(CallingCodes);

impl<C> Encode<C> for CodesWire {
    fn encode<W: Write>(
        &self,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        let mut bits = Vec::new();
        for code in self.0.iter() {
            let code = usize::from(code.get());
            bits.resize(code / 8 + 1, 0_u8);
            if let Some(byte) = bits.last_mut() {
                *byte |= 1 << (code % 8);
            }
        }
        encoder.bytes(&bits)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for CodesWire {
    fn decode(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Self, decode::Error> {
        let numbers: Vec<u16> = match decoder.datatype()? {
            Type::Bytes => numbers(decoder.bytes()?).collect(),
            _ => Vec::decode(decoder, context)?,
        };
        let mut codes = CallingCodes::all();
        for number in numbers {
            let code = CallingCode::new(number);
            codes.insert(code.map_err(|_| decode::Error::message("an unknown calling code"))?);
        }
        Ok(Self(codes))
    }
}

/// The numbers of the bits that are set.
fn numbers(bits: &[u8]) -> impl Iterator<Item = u16> + '_ {
    let bytes = (0..).step_by(8).zip(bits);
    bytes.flat_map(|(first, byte)| {
        let is_set = move |bit: &u16| byte & (1 << bit) != 0;
        (0..8).filter(is_set).map(move |bit| first + bit)
    })
}

impl<C> Encode<C> for Texts {
    fn encode<W: Write>(
        &self,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        encoder.map(self.iter().len() as u64)?;
        for (tag, template) in self.iter() {
            encoder.str(tag.as_str())?.str(template.as_str())?;
        }
        Ok(())
    }

    fn is_nil(&self) -> bool {
        self.is_empty()
    }
}

impl<'b, C> Decode<'b, C> for Texts {
    fn decode(decoder: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let pairs = decoder.map_iter::<&str, &str>()?;
        let pairs = pairs.collect::<Result<Vec<_>, _>>()?;
        let refused = |_| decode::Error::message("a refused text");
        Self::restore(pairs).map_err(refused)
    }

    fn nil() -> Option<Self> {
        Some(Self::new())
    }
}

impl<C> Encode<C> for AndroidApps {
    fn encode<W: Write>(
        &self,
        encoder: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        self.to_texts().encode(encoder, context)
    }

    fn is_nil(&self) -> bool {
        self.is_empty()
    }
}

impl<'b, C> Decode<'b, C> for AndroidApps {
    fn decode(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Self, decode::Error> {
        let texts = Vec::<&str>::decode(decoder, context)?;
        let refused = |_| decode::Error::message("a refused Android app");
        Self::restore(texts).map_err(refused)
    }

    fn nil() -> Option<Self> {
        Some(Self::new())
    }
}

impl PolicyWire {
    fn of(policy: &Policy) -> Self {
        let settings = policy.settings();
        Self {
            digits: settings.digits.get(),
            lifetime_ms: settings.lifetime_ms,
            tries: settings.tries,
            resend_interval_ms: settings.resend_interval_ms,
            sends: LimitWire::of(settings.sends),
            guesses: LimitWire::of(settings.guesses),
            failures_to_lock: settings.failures_to_lock,
            lock_ms: settings.lock_ms,
            spend: settings.spend.map(LimitWire::of),
            calling_codes: CodesWire(settings.calling_codes),
            allow_weak: settings.allow_weak,
        }
    }

    fn read(self) -> Result<Policy, Error> {
        Policy::new(PolicySettings {
            digits: Digits::new(self.digits)?,
            lifetime_ms: self.lifetime_ms,
            tries: self.tries,
            resend_interval_ms: self.resend_interval_ms,
            sends: self.sends.read()?,
            guesses: self.guesses.read()?,
            failures_to_lock: self.failures_to_lock,
            lock_ms: self.lock_ms,
            spend: self.spend.map(LimitWire::read).transpose()?,
            calling_codes: self.calling_codes.0,
            allow_weak: self.allow_weak,
        })
    }
}

/// ES256, the only algorithm of values written before there was a choice, is
/// absent.
impl<C> Encode<C> for SignatureAlgorithm {
    fn encode<W: Write>(
        &self,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        encoder.u8(self.number())?.ok()
    }

    fn is_nil(&self) -> bool {
        *self == Self::Es256
    }
}

impl<'b, C> Decode<'b, C> for SignatureAlgorithm {
    fn decode(decoder: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let algorithm = Self::from_number(decoder.u8()?);
        algorithm.ok_or_else(|| decode::Error::message("an unknown algorithm"))
    }

    fn nil() -> Option<Self> {
        Some(Self::Es256)
    }
}

/// Types that are encoded as another one, from which they are read with a check.
macro_rules! encoded_as {
    ($($Type:ty: $Form:ty, $write:expr, $read:expr;)+) => { $(
        impl<C> Encode<C> for $Type {
            fn encode<W: Write>(
                &self,
                encoder: &mut Encoder<W>,
                context: &mut C,
            ) -> Result<(), encode::Error<W::Error>> {
                $write(self).encode(encoder, context)
            }
        }

        impl<'b, C> Decode<'b, C> for $Type {
            fn decode(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Self, decode::Error> {
                let form = <$Form>::decode(decoder, context)?;
                $read(form).map_err(|_: Error| decode::Error::message("a refused setting"))
            }
        }
    )+ };
}

encoded_as! {
    Policy: PolicyWire, PolicyWire::of, PolicyWire::read;
    CallingCode: u16, |code: &CallingCode| code.get(), CallingCode::new;
    Network: &str, ToString::to_string, str::parse;
    App: &str, App::as_str, |name| Ok(App::restore(name));
    Template: &str, Template::as_str, |text| Ok(Template::restore(text));
    ClientKey: ByteVec, |key: &ClientKey| ByteVec::from(key.stored()),
        |bytes: ByteVec| ClientKey::restore(&bytes);
    Scope: u8, |scope: &Scope| scope.number(), |number| {
        Scope::from_number(number).ok_or(Error::UnknownScope)
    };
}
