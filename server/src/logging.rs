//! The log. Only events of this program are logged, because those of libraries
//! may contain URLs with numbers and codes.

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

use crate::config::{LogConfig, LogFormat, LogLevel};
use crate::log_queue::{self, Flush};

/// A subscriber with the configured level and format.
pub fn subscriber<W>(config: &LogConfig, writer: W, colours: bool) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let level = match config.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines = match config.format {
        LogFormat::Text => lines.with_ansi(colours).with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let ours = Targets::new().with_target("mpass", level);
    Registry::default().with(lines.with_filter(ours))
}

/// Starts logging to the standard error stream until the returned value is
/// dropped. Only the first call has an effect. Panics are logged with their
/// place and without their message, which may contain anything.
pub fn init(config: &LogConfig) -> Flush {
    let (writer, flush, is_terminal) = log_queue::standard_error();
    let subscriber = subscriber(config, writer, is_terminal);
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        // The default hook would write to standard error by itself, and wait.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string);
            tracing::error!(target: "mpass", place, "panic");
        }));
    }
    flush
}
