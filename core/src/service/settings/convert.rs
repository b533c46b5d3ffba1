//! Conversion between a field's value and the Rust type of a settings struct.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::value::Value;
use crate::Error;
use crate::challenge::{CallingCodes, Limit};
use crate::number::CallingCode;
use crate::oath::Digits;
use crate::service::host::{SignatureAlgorithm, TokenUse};
use crate::service::message::{AndroidApps, App, LanguageTag, Template, Texts};
use crate::service::tenant::{ClientKey, Network, Scope};

/// A Rust type that a settings struct uses for a field.
pub trait FieldValue: Sized {
    /// Converts a value to this type.
    ///
    /// # Errors
    /// [`Error::InvalidSetting`] for a value of another type; the type's own
    /// error for a value that it does not accept.
    fn from_value(value: &Value) -> Result<Self, Error>;

    /// Converts to a value; `None` if the setting is absent.
    fn to_value(&self) -> Option<Value>;
}

/// Checks that a value converts to a type.
pub(super) fn check<T: FieldValue>(value: &Value) -> Result<(), Error> {
    T::from_value(value).map(|_| ())
}

/// Applies a check to a text.
pub(super) fn text(value: &Value, check: fn(&str) -> Result<(), Error>) -> Result<(), Error> {
    match value {
        Value::Text(text) => check(text),
        _ => Err(Error::InvalidSetting),
    }
}

/// Applies a check to each text of a list.
pub(super) fn each_text(value: &Value, check: fn(&str) -> Result<(), Error>) -> Result<(), Error> {
    match value {
        Value::Texts(texts) => texts.iter().try_for_each(|text| check(text)),
        _ => Err(Error::InvalidSetting),
    }
}

macro_rules! numbers {
    ($($Number:ty),+) => { $(
        impl FieldValue for $Number {
            fn from_value(value: &Value) -> Result<Self, Error> {
                match value {
                    Value::Number(number) => {
                        Self::try_from(*number).map_err(|_| Error::InvalidSetting)
                    }
                    _ => Err(Error::InvalidSetting),
                }
            }

            fn to_value(&self) -> Option<Value> {
                Some(Value::Number((*self).into()))
            }
        }
    )+ };
}

numbers!(u8, u16, u32, u64);

impl FieldValue for bool {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Flag(flag) => Ok(*flag),
            _ => Err(Error::InvalidSetting),
        }
    }

    fn to_value(&self) -> Option<Value> {
        Some(Value::Flag(*self))
    }
}

impl FieldValue for String {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(Error::InvalidSetting),
        }
    }

    fn to_value(&self) -> Option<Value> {
        Some(Value::Text(self.clone()))
    }
}

impl FieldValue for Digits {
    fn from_value(value: &Value) -> Result<Self, Error> {
        Self::new(u8::from_value(value)?)
    }

    fn to_value(&self) -> Option<Value> {
        self.get().to_value()
    }
}

impl FieldValue for CallingCode {
    fn from_value(value: &Value) -> Result<Self, Error> {
        Self::new(u16::from_value(value)?)
    }

    fn to_value(&self) -> Option<Value> {
        self.get().to_value()
    }
}

impl FieldValue for Limit {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match *value {
            Value::Limit {
                events,
                window_ms,
                burst,
            } => Self::new(events, window_ms, burst),
            _ => Err(Error::InvalidSetting),
        }
    }

    fn to_value(&self) -> Option<Value> {
        Some(Value::Limit {
            events: self.events(),
            window_ms: self.window_ms(),
            burst: self.burst(),
        })
    }
}

impl FieldValue for CallingCodes {
    fn from_value(value: &Value) -> Result<Self, Error> {
        let Value::Numbers(numbers) = value else {
            return Err(Error::InvalidSetting);
        };
        let mut codes = Self::all();
        for number in numbers {
            let code = u16::try_from(*number).map_err(|_| Error::UnknownCallingCode)?;
            codes.insert(CallingCode::new(code)?);
        }
        Ok(codes)
    }

    fn to_value(&self) -> Option<Value> {
        Some(Value::Numbers(
            self.iter().map(|code| code.get().into()).collect(),
        ))
    }
}

impl FieldValue for ClientKey {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Bytes(bytes) => Self::parse(bytes),
            _ => Err(Error::InvalidSetting),
        }
    }

    fn to_value(&self) -> Option<Value> {
        Some(Value::Bytes(self.to_bytes()))
    }
}

/// Implements [`FieldValue`] for types that are parsed from and written as text.
macro_rules! texts {
    ($($Type:ty: $parse:expr, $write:expr;)+) => { $(
        impl FieldValue for $Type {
            fn from_value(value: &Value) -> Result<Self, Error> {
                match value {
                    Value::Text(text) => $parse(text),
                    _ => Err(Error::InvalidSetting),
                }
            }

            fn to_value(&self) -> Option<Value> {
                Some(Value::Text($write(self)))
            }
        }
    )+ };
}

texts! {
    Network: |text: &str| text.parse(), ToString::to_string;
    App: App::new, |app: &App| app.as_str().to_owned();
    Scope: Scope::parse, |scope: &Scope| scope.name().to_owned();
    TokenUse: |name: &str| TokenUse::from_name(name).ok_or(Error::InvalidSetting),
        |token_use: &TokenUse| token_use.name().to_owned();
    SignatureAlgorithm: |name: &str| SignatureAlgorithm::from_name(name).ok_or(Error::InvalidSetting),
        |algorithm: &SignatureAlgorithm| algorithm.name().to_owned();
}

impl FieldValue for Texts {
    fn from_value(value: &Value) -> Result<Self, Error> {
        let Value::Map(map) = value else {
            return Err(Error::InvalidSetting);
        };
        Self::from_pairs(map.iter().map(|(tag, text)| (tag.as_str(), text.as_str())))
    }

    fn to_value(&self) -> Option<Value> {
        let text = |(tag, template): (&LanguageTag, &Template)| {
            (tag.as_str().to_owned(), template.as_str().to_owned())
        };
        Some(Value::Map(self.iter().map(text).collect()))
    }
}

impl FieldValue for AndroidApps {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Texts(texts) => Self::from_texts(texts.iter().map(String::as_str)),
            _ => Err(Error::InvalidSetting),
        }
    }

    fn to_value(&self) -> Option<Value> {
        Some(Value::Texts(self.to_texts()))
    }
}

impl<T: FieldValue> FieldValue for Vec<T> {
    fn from_value(value: &Value) -> Result<Self, Error> {
        let Value::Texts(texts) = value else {
            return Err(Error::InvalidSetting);
        };
        let member = |text: &String| T::from_value(&Value::Text(text.clone()));
        texts.iter().map(member).collect()
    }

    fn to_value(&self) -> Option<Value> {
        let text = |member: &T| match member.to_value() {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        };
        Some(Value::Texts(self.iter().filter_map(text).collect()))
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self, Error> {
        T::from_value(value).map(Some)
    }

    fn to_value(&self) -> Option<Value> {
        self.as_ref().and_then(T::to_value)
    }
}
