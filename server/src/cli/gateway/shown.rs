//! Gateways for the terminal.

use crate::admin::{GatewayInfo, GatewaySource, SecretState};
use crate::time;

/// A gateway in one line.
pub(super) fn line(info: &GatewayInfo) -> String {
    let route = info.route.as_deref().unwrap_or_default();
    let notes = match (&info.unreadable, info.source) {
        (Some(reason), _) => reason.clone(),
        (None, GatewaySource::Configuration) => "in the configuration".to_owned(),
        (None, GatewaySource::Store) => match not_set(info).collect::<Vec<_>>().as_slice() {
            [] => String::new(),
            names => format!("not used, secrets not set: {}", names.join(", ")),
        },
    };
    let line = format!("{:20}  {route:36}  {notes}", info.name);
    line.trim_end().to_owned()
}

/// A gateway with all of its settings.
pub(super) fn lines(info: &GatewayInfo) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |name: &str, value: &str| lines.push(format!("{name:18}  {value}"));
    line("name", &info.name);
    if info.source == GatewaySource::Configuration {
        line("route", info.route.as_deref().unwrap_or_default());
        line("defined", "in the configuration");
    }
    for (name, value) in &info.settings {
        match value.as_str() {
            Some(text) => line(name, text),
            None => line(name, &value.to_string()),
        }
    }
    for (name, state) in &info.secrets {
        let state = match state {
            SecretState::Set => "set",
            SecretState::NotSet => "not set",
        };
        line(&format!("secret {name}"), state);
    }
    if let Some(created_at_ms) = info.created_at_ms {
        line("created", &time::seconds(created_at_ms));
    }
    if let Some(stamp) = &info.stamp {
        line("stamp", stamp);
    }
    lines
}

/// The secrets that a gateway needs and does not have.
pub(super) fn not_set(info: &GatewayInfo) -> impl Iterator<Item = &str> {
    info.secrets.iter().filter_map(|(name, state)| match state {
        SecretState::NotSet => Some(name.as_str()),
        SecretState::Set => None,
    })
}
