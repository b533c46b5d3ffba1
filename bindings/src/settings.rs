//! Settings and policies: values by field of the core's table.

#[cfg(feature = "service")]
use alloc::{collections::BTreeMap, string::String};

use mpass_core::Error;
use mpass_core::challenge::Limit;
use mpass_core::service::settings::{Field, Group, Refused, Value, Values};

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::object::Reply;
use crate::wire::Fields;

const FLAG: u8 = 1;
const NUMBER: u8 = 2;
const LIMIT: u8 = 3;
const TEXT: u8 = 4;
const BYTES: u8 = 5;
const NUMBERS: u8 = 6;
const TEXTS: u8 = 7;
const MAP: u8 = 8;

/// Reads the fields of a group that were set, and checks each.
pub(crate) fn values(group: Group, input: &mut Fields<'_>) -> Outcome<Values> {
    let mut values = Values::new(group);
    for _ in 0..input.u32()? {
        let field = Field::from_number(input.u16()?).ok_or(Error::UnknownSetting)?;
        values.set(field, value(input)?)?;
    }
    Ok(values)
}

fn value(input: &mut Fields<'_>) -> Outcome<Value> {
    Ok(match input.u8()? {
        FLAG => Value::Flag(input.bool()?),
        NUMBER => Value::Number(input.u64()?),
        LIMIT => Value::Limit {
            events: input.u32()?,
            window_ms: input.u64()?,
            burst: input.u32()?,
        },
        NUMBERS => Value::Numbers(input.list(Fields::u64)?),
        // The types of tenants' fields.
        #[cfg(feature = "service")]
        TEXT => Value::Text(input.owned_text()?),
        #[cfg(feature = "service")]
        BYTES => Value::Bytes(input.owned_bytes()?),
        #[cfg(feature = "service")]
        TEXTS => Value::Texts(input.list(Fields::owned_text)?),
        #[cfg(feature = "service")]
        MAP => Value::Map(entries(input)?),
        _ => return Err(Failure::Malformed),
    })
}

/// Language tags, each with its text. A tag that occurs twice is refused, because a
/// caller's map may tell apart what is one tag.
#[cfg(feature = "service")]
fn entries(input: &mut Fields<'_>) -> Outcome<BTreeMap<String, String>> {
    let mut map = BTreeMap::new();
    for _ in 0..input.u32()? {
        let (tag, text) = (input.owned_text()?, input.owned_text()?);
        if map.insert(tag, text).is_some() {
            return Err(Error::InvalidLanguageTag.into());
        }
    }
    Ok(map)
}

/// Writes values in the format that [`values`] reads.
pub(crate) fn write_values(reply: &mut Reply, values: &Values) {
    reply.list(values.iter(), |reply, (field, value)| {
        reply.u16(field.number());
        write_value(reply, value);
    });
}

fn write_value(reply: &mut Reply, value: &Value) {
    match value {
        Value::Flag(flag) => {
            reply.u8(FLAG);
            reply.bool(*flag);
        }
        Value::Number(number) => {
            reply.u8(NUMBER);
            reply.u64(*number);
        }
        Value::Limit {
            events,
            window_ms,
            burst,
        } => {
            reply.u8(LIMIT);
            write_limit(reply, *events, *window_ms, *burst);
        }
        #[cfg(feature = "service")]
        Value::Text(text) => {
            reply.u8(TEXT);
            reply.text(text);
        }
        #[cfg(feature = "service")]
        Value::Bytes(bytes) => {
            reply.u8(BYTES);
            reply.bytes(bytes);
        }
        Value::Numbers(numbers) => {
            reply.u8(NUMBERS);
            reply.list(numbers, |reply, number| reply.u64(*number));
        }
        #[cfg(feature = "service")]
        Value::Texts(texts) => {
            reply.u8(TEXTS);
            reply.list(texts, |reply, text| reply.text(text));
        }
        #[cfg(feature = "service")]
        Value::Map(map) => {
            reply.u8(MAP);
            reply.list(map, |reply, (tag, text)| {
                reply.text(tag);
                reply.text(text);
            });
        }
        // All kinds of the table are handled above.
        _ => {}
    }
}

fn write_limit(reply: &mut Reply, events: u32, window_ms: u64, burst: u32) {
    reply.u32(events);
    reply.u64(window_ms);
    reply.u32(burst);
}

/// Writes the defaults of a group, without the fields that have none.
pub(crate) fn defaults(call: &mut Call<'_>) -> Outcome<()> {
    let group = call.input.entry(Group::from_number)?;
    write_values(&mut call.reply, &Values::defaults(group));
    Ok(())
}

/// Checks the settings of a group as a whole. If the group has rules of
/// challenges, the outcome is the probability of guessing a code, per challenge
/// and per day.
pub(crate) fn check(call: &mut Call<'_>) -> Outcome<()> {
    let group = call.input.entry(Group::from_number)?;
    let values = values(group, &mut call.input)?;
    values.check()?;
    call.reply.optional(values.policy().ok(), |reply, policy| {
        reply.u64(policy.guess_probability_per_challenge().to_bits());
        reply.u64(policy.guess_probability_per_day().to_bits());
    });
    Ok(())
}

/// A limit of events in a window of which at most half may occur at once.
pub(crate) fn limit_half_at_once(call: &mut Call<'_>) -> Outcome<()> {
    let (events, window_ms) = (call.input.u32()?, call.input.u64()?);
    let limit = Limit::half_at_once(events, window_ms)?;
    write_limit(
        &mut call.reply,
        limit.events(),
        limit.window_ms(),
        limit.burst(),
    );
    Ok(())
}

/// Adds a text if the refusal names a field; without the feature `texts`, its number.
impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused.field {
            #[cfg(feature = "texts")]
            Some(_) => Self::Described(refused.error, alloc::format!("{refused}").into()),
            #[cfg(not(feature = "texts"))]
            Some(field) => Self::Setting(refused.error, field.number()),
            None => Self::Core(refused.error),
        }
    }
}

#[cfg(all(test, feature = "service"))]
mod tests {
    use super::*;

    fn read(group: Group, bytes: &[u8]) -> Outcome<Values> {
        values(group, &mut Fields(bytes))
    }

    #[test]
    fn the_values_of_every_group_are_read_as_written() {
        for group in Group::ALL {
            let mut values = Values::defaults(*group);
            for (field, value) in [
                (
                    Field::Spend,
                    Value::Limit {
                        events: 9,
                        window_ms: 60_000,
                        burst: 3,
                    },
                ),
                (Field::CallingCodes, Value::Numbers(alloc::vec![966, 44])),
                (Field::Name, Value::Text("shop".into())),
                (Field::Sender, Value::Text("Shop".into())),
                (
                    Field::Texts,
                    Value::Map([("ar".into(), "رمز {{code}}".into())].into()),
                ),
                (Field::Issuer, Value::Text("https://verify.example".into())),
            ] {
                if field.is_of(*group) {
                    values.set(field, value).unwrap();
                }
            }
            let mut reply = Reply::new(0);
            write_values(&mut reply, &values);
            assert_eq!(
                read(*group, &reply.as_bytes()[2..]),
                Ok(values),
                "{group:?}"
            );
        }
    }

    #[test]
    fn a_refused_value_is_a_failure_with_a_text() {
        let tries = [0, 0, 0, 1, 0, 103, NUMBER, 0, 0, 0, 0, 0, 0, 0, 0];
        let Err(Failure::Described(error, text)) = read(Group::Policy, &tries) else {
            panic!("0 tries are refused");
        };
        assert_eq!(error, Error::InvalidTries);
        assert_eq!(&*text, "tries: 0 is out of range: 1 to 100");
    }

    #[test]
    fn other_fields_and_types_are_refused() {
        let number = |group, bytes: &[u8]| read(group, bytes).unwrap_err().number();
        let unknown = [0, 0, 0, 1, 0, 99, FLAG, 1];
        assert_eq!(
            number(Group::Policy, &unknown),
            Error::UnknownSetting.number()
        );
        let allow_weak = [0, 0, 0, 1, 0, 111, FLAG, 1];
        assert!(read(Group::Policy, &allow_weak).is_ok());
        assert_eq!(
            number(Group::Token, &allow_weak),
            Error::UnknownSetting.number()
        );
        let other_type = [0, 0, 0, 1, 0, 111, TEXT, 0, 0, 0, 0];
        assert_eq!(
            number(Group::Policy, &other_type),
            Error::InvalidSetting.number()
        );
        let other_tag = [0, 0, 0, 1, 0, 111, 9, 1];
        assert_eq!(read(Group::Policy, &other_tag), Err(Failure::Malformed));
    }
}
