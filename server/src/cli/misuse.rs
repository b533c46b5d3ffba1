//! What a wrong command line is answered with: one line that names the option
//! and never shows its value, which may be a secret.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::output::warn;

/// Ends with what clap found: its help as it is, its errors as one line.
pub(super) fn end(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // Nobody can be told that the terminal is gone.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    warn(&format!("error: {}", line(error)));
    ExitCode::from(2)
}

fn line(error: &clap::Error) -> String {
    let what = what(error);
    let tip = match text(error, ContextKind::SuggestedArg)
        .or_else(|| text(error, ContextKind::SuggestedSubcommand))
    {
        Some(like) => format!("; is it {like}?"),
        None => String::new(),
    };
    format!("{what}{tip} (see {} --help)", command(error))
}

fn what(error: &clap::Error) -> String {
    let argument = || text(error, ContextKind::InvalidArg).unwrap_or_else(|| "a value".into());
    match error.kind() {
        ErrorKind::UnknownArgument => match argument() {
            option if is_option(&option) => format!("there is no option {option}"),
            _ => "there is an argument too many".into(),
        },
        ErrorKind::InvalidSubcommand => {
            "there is no such command".into()
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            match text(error, ContextKind::ValidSubcommand) {
                Some(commands) => format!("which one: {commands}"),
                None => "a command is missing".into(),
            }
        }
        ErrorKind::MissingRequiredArgument => format!("{} is missing", argument()),
        ErrorKind::ArgumentConflict => match text(error, ContextKind::PriorArg) {
            Some(prior) if prior != argument() => {
                format!("{} does not go with {prior}", argument())
            }
            _ => format!("{} is given twice", argument()),
        },
        ErrorKind::InvalidValue if is_empty_value(error) => {
            format!("{} needs a value", argument())
        }
        ErrorKind::InvalidValue => match text(error, ContextKind::ValidValue) {
            Some(values) => format!("{} is one of {values}", argument()),
            None => format!("{} has an invalid value", argument()),
        },
        ErrorKind::ValueValidation => match reason(error) {
            Some(reason) => format!("{}: {reason}", argument()),
            None => format!("{} has an invalid value", argument()),
        },
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues | ErrorKind::NoEquals => {
            format!("{} needs a value", argument())
        }
        ErrorKind::TooManyValues => format!("{} has too many values", argument()),
        ErrorKind::InvalidUtf8 => "an argument is not UTF-8".into(),
        _ => "the command line is not valid".into(),
    }
}

fn is_option(text: &str) -> bool {
    text.starts_with('-') && text.len() <= 32
}

fn is_empty_value(error: &clap::Error) -> bool {
    text(error, ContextKind::InvalidValue).is_none_or(|value| value.is_empty())
}

/// Why a value was not taken, in the words of its parser, which never repeat
/// the value.
fn reason(error: &clap::Error) -> Option<String> {
    std::error::Error::source(error).map(ToString::to_string)
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.join(", ")),
        _ => None,
    }
}

/// The command that was meant, from its usage: `mpass channel create`.
fn command(error: &clap::Error) -> String {
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let words: Vec<&str> = usage
        .split_whitespace()
        .skip(1)
        .take_while(|word| word.starts_with(|letter: char| letter.is_ascii_lowercase()))
        .collect();
    match words.is_empty() {
        true => "mpass".into(),
        false => words.join(" "),
    }
}
