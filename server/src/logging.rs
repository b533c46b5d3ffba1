//! The log: lines of this program alone, whatever a library would like to
//! say, because others may log addresses with numbers and codes in them.

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

use crate::config::{LogConfig, LogFormat, LogLevel};

/// A subscriber that writes as the configuration says.
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

/// Writes the log to the standard error stream from now on. The first call
/// counts.
pub fn init(config: &LogConfig) {
    let colours = std::io::stderr().is_terminal();
    let subscriber = subscriber(config, std::io::stderr, colours);
    // A second server in one process keeps the first one's log.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
