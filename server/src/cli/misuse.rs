//! What a wrong command line is answered with: one line that names the option
//! and never shows its value, which may be a secret.

use core::num::ParseIntError;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::output::warn;

/// Ends with what clap found: its help as it is, its errors as one line.
pub(super) fn end(error: &clap::Error, root: &Command, arguments: &[OsString]) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // Nobody can be told that the terminal is gone.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let (command, path) = meant(root, arguments);
    warn(&format!(
        "error: {} (see {path} --help)",
        line(error, command)
    ));
    ExitCode::from(2)
}

/// The command that was meant, with its name: `mpass channel create`.
fn meant<'c>(root: &'c Command, arguments: &[OsString]) -> (&'c Command, String) {
    let mut command = root;
    let mut path = root.get_name().to_owned();
    for argument in arguments.iter().skip(1) {
        let Some(next) = argument
            .to_str()
            .and_then(|name| command.find_subcommand(name))
        else {
            break;
        };
        command = next;
        path = format!("{path} {}", next.get_name());
    }
    (command, path)
}

fn line(error: &clap::Error, command: &Command) -> String {
    let what = what(error, command);
    let tip = match text(error, ContextKind::SuggestedArg)
        .or_else(|| text(error, ContextKind::SuggestedSubcommand))
    {
        Some(like) => format!("; is it {like}?"),
        None => String::new(),
    };
    format!("{what}{tip}")
}

fn what(error: &clap::Error, command: &Command) -> String {
    let argument = || text(error, ContextKind::InvalidArg).unwrap_or_else(|| "a value".into());
    match error.kind() {
        ErrorKind::UnknownArgument => match argument() {
            option if is_option(&option) => format!("there is no option {option}"),
            other if other.starts_with('-') => "there is an option that is not known".into(),
            _ => "there is an argument too many".into(),
        },
        ErrorKind::InvalidSubcommand => "there is no such command".into(),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            format!("a command is missing, one of {}", names.join(", "))
        }
        ErrorKind::MissingRequiredArgument => missing(&argument()),
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

/// Whether this can only be the name of an option, not a value with a hyphen
/// in front.
fn is_option(text: &str) -> bool {
    let name = text.trim_start_matches('-');
    let letters = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    match text.len() - name.len() {
        1 => name.chars().count() == 1 && letters(name),
        2 => (1..=24).contains(&name.len()) && letters(name),
        _ => false,
    }
}

fn is_empty_value(error: &clap::Error) -> bool {
    text(error, ContextKind::InvalidValue).is_none_or(|value| value.is_empty())
}

/// Of a group, any one would do.
fn missing(argument: &str) -> String {
    let group = argument
        .strip_prefix('<')
        .and_then(|group| group.strip_suffix('>'));
    match group.filter(|group| group.contains('|')) {
        Some(group) => format!("one of {} is missing", group.replace('|', ", ")),
        None => format!("{argument} is missing"),
    }
}

/// Why a value was not taken, in the words of its parser, which never repeat
/// the value.
fn reason(error: &clap::Error) -> Option<String> {
    let source = core::error::Error::source(error)?;
    if source.is::<ParseIntError>() {
        return Some("it is a whole number".into());
    }
    // Clap's own parser of ranges repeats the value.
    let text = source.to_string();
    match text.split_once(" is not in ") {
        Some((_, range)) => Some(format!("it is a whole number in {range}")),
        None => Some(text),
    }
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.join(", ")),
        _ => None,
    }
}
