//! The values of settings as people type and read them: on the command line and in
//! the forms of the portal.

use mpass_core::challenge::Limit;
use mpass_core::service::settings::{Field, Kind, Value};

/// Reads a value of the field's type, or one member of a list.
///
/// # Errors
/// What a text of the type is like.
pub(crate) fn parse(field: Field, text: &str) -> Result<Value, &'static str> {
    Ok(match field.description().kind {
        Kind::Flag => Value::Flag(text.parse().map_err(|_| "true or false")?),
        Kind::Number { .. } | Kind::Numbers => {
            Value::Number(text.parse().map_err(|_| "a whole number")?)
        }
        Kind::Duration { .. } => Value::Number(duration_ms(text)?),
        Kind::Limit => limit(text)?,
        Kind::Bytes { .. } => Value::bytes_of_text(text).ok_or("hexadecimal or a JWK")?,
        Kind::Text | Kind::Choice(_) | Kind::Texts => Value::Text(text.to_owned()),
        Kind::Map => {
            let like = "a language and its text, such as en=TEXT";
            let (tag, text) = text.split_once('=').ok_or(like)?;
            Value::Map([(tag.to_owned(), text.to_owned())].into())
        }
    })
}

/// Reads a duration, in milliseconds.
///
/// # Errors
/// What a duration is like.
pub(crate) fn duration_ms(text: &str) -> Result<u64, &'static str> {
    let like = "a duration such as 30s, 5m or 1h";
    let duration = humantime::parse_duration(text).map_err(|_| like)?;
    // Cut to whole milliseconds, a short span would be zero, which has a meaning
    // of its own.
    if duration.subsec_nanos() % 1_000_000 != 0 {
        return Err("a duration in whole milliseconds, such as 500ms or 30s");
    }
    u64::try_from(duration.as_millis()).map_err(|_| like)
}

/// `10/1h`: so many in any such time, half of them at once; `10/1h/3`: three
/// of them at once.
fn limit(text: &str) -> Result<Value, &'static str> {
    let like = "a limit such as 10/1h, or 10/1h/3 with three at once";
    let parts: Vec<&str> = text.split('/').collect();
    let (events, window, burst) = match *parts {
        [events, window] => (events, window, None),
        [events, window, burst] => (events, window, Some(burst)),
        _ => return Err(like),
    };
    let events = events.parse().map_err(|_| like)?;
    let window_ms = duration_ms(window).map_err(|_| like)?;
    let burst = match burst {
        Some(burst) => burst.parse().map_err(|_| like)?,
        // What is refused as half is refused as a whole, too.
        None => Limit::half_at_once(events, window_ms).map_or(events, |limit| limit.burst()),
    };
    Ok(Value::Limit {
        events,
        window_ms,
        burst,
    })
}

/// A value as it is typed; the members of a list with commas between.
pub(crate) fn show(field: Field, value: &Value) -> String {
    match value {
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => match field.description().kind {
            Kind::Duration { .. } => duration(*number),
            _ => number.to_string(),
        },
        Value::Limit {
            events,
            window_ms,
            burst,
        } => {
            let half = Limit::half_at_once(*events, *window_ms).map(|limit| limit.burst());
            let window = duration(*window_ms);
            match half == Ok(*burst) {
                true => format!("{events}/{window}"),
                false => format!("{events}/{window}/{burst}"),
            }
        }
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => Value::text_of_bytes(bytes),
        Value::Numbers(numbers) => {
            let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
            numbers.join(", ")
        }
        Value::Texts(texts) => texts.join(", "),
        Value::Map(texts) => {
            let texts: Vec<String> = texts
                .iter()
                // A line feed would begin what looks like another setting.
                .map(|(tag, text)| format!("{tag}={}", text.replace('\n', "\\n")))
                .collect();
            texts.join(", ")
        }
        _ => String::new(),
    }
}

/// In the largest unit that measures it exactly.
pub(crate) fn duration(ms: u64) -> String {
    const UNITS: [(&str, u64); 4] = [
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1000),
    ];
    let mut units = UNITS.iter();
    match units.find(|(_, unit)| ms >= *unit && ms.is_multiple_of(*unit)) {
        Some((name, unit)) => format!("{}{name}", ms / unit),
        None if ms == 0 => "0s".into(),
        None => format!("{ms}ms"),
    }
}
