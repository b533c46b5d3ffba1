//! Errors of the command line: one line that names the option but never shows
//! its value, which may be a secret. Only settings show theirs: none of them is
//! a secret.

use core::num::ParseIntError;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::output::warn;

/// Prints clap's help unchanged, or its error as one line.
pub(super) fn end(error: &clap::Error, root: &Command, arguments: &[OsString]) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // There is nowhere to report that the terminal is gone.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let (command, path) = command_of(root, arguments);
    warn(&format!(
        "error: {} (see {path} --help)",
        line(error, command)
    ));
    ExitCode::from(2)
}

/// The command in question and its full name, such as `mpass channel create`.
fn command_of<'c>(root: &'c Command, arguments: &[OsString]) -> (&'c Command, String) {
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
        Some(like) => format!("; did you mean {like}?"),
        None => String::new(),
    };
    format!("{what}{tip}")
}

fn what(error: &clap::Error, command: &Command) -> String {
    let argument = || text(error, ContextKind::InvalidArg).unwrap_or_else(|| "a value".into());
    match error.kind() {
        ErrorKind::UnknownArgument => match argument() {
            option if is_option(&option) => format!("unexpected option {option}"),
            other if other.starts_with('-') => "unexpected option".into(),
            _ => "unexpected argument".into(),
        },
        ErrorKind::InvalidSubcommand => "unknown command".into(),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            format!("missing command: one of {}", names.join(", "))
        }
        ErrorKind::MissingRequiredArgument => missing(&argument()),
        ErrorKind::ArgumentConflict => match text(error, ContextKind::PriorArg) {
            Some(prior) if prior != argument() => {
                format!("{} cannot be used with {prior}", argument())
            }
            _ => format!("{} cannot be used more than once", argument()),
        },
        ErrorKind::InvalidValue if is_empty_value(error) => {
            format!("{} requires a value", argument())
        }
        ErrorKind::InvalidValue => match text(error, ContextKind::ValidValue) {
            Some(values) => format!("{} must be one of {values}", argument()),
            None => format!("{} has an invalid value", argument()),
        },
        ErrorKind::ValueValidation => match reason(error) {
            Some(reason) => format!("{}: {reason}", argument()),
            None => format!("{} has an invalid value", argument()),
        },
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues | ErrorKind::NoEquals => {
            format!("{} requires a value", argument())
        }
        ErrorKind::TooManyValues => format!("{} has too many values", argument()),
        ErrorKind::InvalidUtf8 => "an argument is not UTF-8".into(),
        _ => "invalid command line".into(),
    }
}

/// Whether a text can only be the name of an option, not a value that begins
/// with a hyphen.
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

/// For a group, any of its arguments is sufficient.
fn missing(argument: &str) -> String {
    let group = argument
        .strip_prefix('<')
        .and_then(|group| group.strip_suffix('>'));
    match group.filter(|group| group.contains('|')) {
        Some(group) => format!("missing one of {}", group.replace('|', ", ")),
        None => format!("missing {argument}"),
    }
}

/// The error of a value's parser, which contains no value but a setting's.
fn reason(error: &clap::Error) -> Option<String> {
    let source = core::error::Error::source(error)?;
    if source.is::<ParseIntError>() {
        return Some("expected a whole number".into());
    }
    // The error of clap's own range parser contains the value.
    let text = source.to_string();
    match text.split_once(" is not in ") {
        Some((_, range)) => Some(format!("expected a whole number in {range}")),
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
