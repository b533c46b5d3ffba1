//! The log. Only events of this program are logged, because those of libraries
//! may contain URLs with numbers and codes.

use std::sync::OnceLock;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, reload};

use crate::config::{LogConfig, LogFormat, LogLevel};
use crate::log_fields::PlainFields;
use crate::log_queue::{self, Flush};

/// The filter of the log, which can be replaced.
type Level = reload::Handle<Targets, Registry>;

/// That of this process's log.
static LEVEL: OnceLock<Level> = OnceLock::new();

/// A subscriber with the configured level and format.
pub fn subscriber<W>(config: &LogConfig, writer: W, colours: bool) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    reloadable(config, writer, colours).0
}

fn reloadable<W>(
    config: &LogConfig,
    writer: W,
    colours: bool,
) -> (impl Subscriber + Send + Sync + use<W>, Level)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines = match config.format {
        LogFormat::Text if colours => lines.with_ansi(true).with_target(false).boxed(),
        LogFormat::Text => {
            let lines = lines.with_ansi(false).with_target(false);
            lines.fmt_fields(PlainFields).boxed()
        }
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let (ours, level) = reload::Layer::new(ours(config.level));
    (Registry::default().with(lines.with_filter(ours)), level)
}

/// Only events of this program, from a level on.
fn ours(level: LogLevel) -> Targets {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    Targets::new().with_target("mpass", level)
}

/// Sets the level of the log that [`init`] started.
pub(crate) fn set_level(level: LogLevel) {
    if let Some(handle) = LEVEL.get() {
        // It fails only without a log.
        let _ = handle.reload(ours(level));
    }
}

/// Starts logging to the standard error stream until the returned value is
/// dropped. Only the first call has an effect. Panics are logged with their
/// place and without their message, which may contain anything.
pub fn init(config: &LogConfig) -> Flush {
    let (writer, flush, is_terminal) = log_queue::standard_error();
    let (subscriber, level) = reloadable(config, writer, is_terminal);
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        let _ = LEVEL.set(level);
        // The default hook would write to standard error by itself, and wait.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string);
            tracing::error!(target: "mpass", place, "panic");
        }));
    }
    flush
}
