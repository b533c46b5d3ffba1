//! The settings by name: which of them a reload changes, and which need a restart.

use anyhow::ensure;

use crate::options::ServeOptions;
use crate::setup::Setup;

/// A setting, or a part of one.
struct Setting {
    name: &'static str,
    when: When,
    differs: fn(&ServeOptions, &ServeOptions) -> bool,
}

/// When a changed setting takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Reload,
    Restart,
}

/// A setting by its path in the configuration, or by its name and its value.
macro_rules! setting {
    ($when:ident, $name:literal, |$options:ident| $value:expr) => {
        setting!($when, $name, |old, new| {
            let old = {
                let $options: &ServeOptions = old;
                $value
            };
            let new = {
                let $options: &ServeOptions = new;
                $value
            };
            old != new
        })
    };
    ($when:ident, $name:literal, |$old:ident, $new:ident| $differs:expr) => {
        Setting {
            name: $name,
            when: When::$when,
            differs: |$old, $new| $differs,
        }
    };
    ($when:ident, gateway.$field:ident) => {
        Setting {
            name: concat!("gateway.", stringify!($field)),
            when: When::$when,
            differs: |old, new| {
                let [old, new] = [old, new].map(|options| &options.config.gateways);
                let [old, new] = [old, new].map(|gateways| gateways.iter().map(|one| &one.$field));
                old.ne(new)
            },
        }
    };
    ($when:ident, $section:ident.$field:ident) => {
        Setting {
            name: concat!(stringify!($section), ".", stringify!($field)),
            when: When::$when,
            differs: |old, new| old.config.$section.$field != new.config.$section.$field,
        }
    };
    ($when:ident, $field:ident) => {
        Setting {
            name: stringify!($field),
            when: When::$when,
            differs: |old, new| old.config.$field != new.config.$field,
        }
    };
}

/// In the order of `examples/mpass.toml`.
const SETTINGS: &[Setting] = &[
    // Also on the command line, which takes precedence.
    setting!(Restart, "listen", |options| options.listen),
    setting!(Reload, allow_plain_http),
    setting!(Restart, "data_dir", |options| &options.data_dir),
    setting!(Restart, store),
    setting!(Restart, keyring.file),
    setting!(Restart, "tls", |options| options.config.tls.is_some()),
    setting!(Reload, "tls.certificates", |options| {
        let tls = options.config.tls.as_ref();
        tls.map(|tls| &tls.certificates)
    }),
    setting!(Reload, "tls.key", |options| {
        let tls = options.config.tls.as_ref();
        tls.map(|tls| &tls.key)
    }),
    setting!(Restart, callers.source),
    setting!(Restart, callers.header),
    setting!(Restart, callers.hops),
    setting!(Restart, callers.proxies),
    setting!(Reload, limits.connections),
    setting!(Reload, limits.connections_per_peer),
    setting!(Reload, limits.proxies),
    setting!(Reload, limits.connections_per_proxy),
    setting!(Reload, limits.request_memory_mib),
    setting!(Reload, limits.handshake_timeout),
    setting!(Reload, limits.header_timeout),
    setting!(Reload, limits.body_timeout),
    setting!(Reload, limits.write_timeout),
    setting!(Reload, limits.drain_delay),
    setting!(Reload, limits.idle_grace),
    setting!(Reload, limits.shutdown_timeout),
    // It has an effect at a start only.
    setting!(Reload, limits.handover_timeout),
    setting!(Reload, log.level),
    setting!(Restart, log.format),
    setting!(Reload, metrics.addresses),
    setting!(Reload, metrics.hosts),
    setting!(Restart, "portal.listen", |options| {
        options.config.portal.as_ref().map(|portal| portal.listen)
    }),
    setting!(Reload, "portal.hosts", |options| {
        options.config.portal.as_ref().map(|portal| &portal.hosts)
    }),
    // A new portal needs one for its address.
    setting!(Restart, "portal.callers", |old, new| {
        let [old, new] = [old, new].map(|options| options.config.portal.as_ref());
        let callers = old.zip(new).map(|(old, new)| [&old.callers, &new.callers]);
        callers.is_some_and(|[old, new]| old != new)
    }),
    setting!(Reload, "portal.oidc", |options| {
        options.config.portal.as_ref().map(|portal| &portal.oidc)
    }),
    setting!(Reload, gateway.kind),
    setting!(Reload, gateway.name),
    setting!(Reload, gateway.method),
    setting!(Reload, gateway.url),
    setting!(Reload, gateway.body_format),
    setting!(Reload, gateway.body),
    setting!(Reload, gateway.sender),
    setting!(Reload, gateway.timeout),
    setting!(Reload, gateway.ca_certificates),
    setting!(Reload, gateway.allow_plain_http),
    setting!(Reload, gateway.success),
    setting!(Reload, gateway.refusal),
    setting!(Reload, gateway.headers),
    setting!(Reload, gateway.basic_auth),
    setting!(Reload, gateway.secrets),
    setting!(Reload, egress.allow),
    setting!(Reload, numbers.own),
    setting!(Reload, numbers.valid),
    setting!(Reload, numbers.barred),
    setting!(Restart, network.listen),
    setting!(Restart, network.table),
    setting!(Restart, network.entries),
    setting!(Restart, network.freshness),
    setting!(Restart, "network.nas", |old, new| lacks_a_nas(old, new)),
    setting!(Reload, network.nas),
    // The demo's is its address, which it has told its clients.
    setting!(Restart, "login.issuer", |old, new| {
        new.demo && old.config.login.issuer != new.config.login.issuer
    }),
    setting!(Reload, login.issuer),
    setting!(Restart, login.realm),
    setting!(Reload, login.tokens),
    setting!(Reload, login.signing_keys),
    setting!(Restart, login.realms),
];

/// Whether a NAS is gone, or has another realm: the sessions that it has reported
/// would stay in the table.
fn lacks_a_nas(old: &ServeOptions, new: &ServeOptions) -> bool {
    let new = &new.config.network.nas;
    let is_there = |nas: &crate::network::NasConfig| {
        let mut others = new.iter();
        others.any(|other| other.address == nas.address && other.realm == nas.realm)
    };
    !old.config.network.nas.iter().all(is_there)
}

/// Refuses what cannot change while a server runs.
///
/// # Errors
/// An error that names the settings.
pub(super) fn check(old: &ServeOptions, new: &ServeOptions) -> anyhow::Result<()> {
    let names = names(When::Restart, old, new).join(", ");
    ensure!(names.is_empty(), "{names}: needs a restart");
    Ok(())
}

/// The settings that have another value, or whose files and variables have another
/// content.
pub(super) fn changed(
    (old, new): (&ServeOptions, &ServeOptions),
    (was, is): (&Setup, &Setup),
) -> Vec<&'static str> {
    let mut names = names(When::Reload, old, new);
    for name in contents(was, is) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn names(when: When, old: &ServeOptions, new: &ServeOptions) -> Vec<&'static str> {
    let of_then = SETTINGS.iter().filter(|setting| setting.when == when);
    let changed = of_then.filter(|setting| (setting.differs)(old, new));
    changed.map(|setting| setting.name).collect()
}

/// The settings whose files and variables have another content.
fn contents(was: &Setup, is: &Setup) -> Vec<&'static str> {
    let gateways = is.gateways.iter().zip(&was.gateways);
    let contents = gateways.flat_map(|(is, was)| is.other_contents(was));
    let mut names: Vec<_> = contents.collect();
    names.sort_unstable();
    names.dedup();
    if let (Some(was), Some(is)) = (&was.tls, &is.tls)
        && !is.has_chain_of(was)
    {
        names.push("tls.certificates");
    }
    if !is.signing.has_keys_of(&was.signing) {
        names.push("login.signing_keys");
    }
    if let (Some(was), Some(is)) = (&was.identity_provider, &is.identity_provider)
        && !is.is_same(was)
    {
        names.push("portal.oidc");
    }
    if !is.accounting.has_secrets_of(&was.accounting) {
        names.push("network.nas");
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const EXAMPLE: &str = include_str!("../../../examples/mpass.toml");

    fn options(text: &str) -> ServeOptions {
        let config = Config::parse(text).unwrap();
        ServeOptions::new(config, None, Some("/data".into()), false).unwrap()
    }

    /// Every setting of the example is in the table, so that none is forgotten: a
    /// change of it would have no effect and be reported as none.
    #[test]
    fn every_setting_is_known() {
        let text: String = EXAMPLE
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let document: toml::Table = toml::from_str(&text).unwrap();
        let mut count = 0;
        for (key, value) in &document {
            let first = value.as_array().and_then(|values| values.first());
            let table = value.as_table().or_else(|| first?.as_table());
            let names: Vec<String> = match table {
                Some(table) => table.keys().map(|below| format!("{key}.{below}")).collect(),
                None => vec![key.clone()],
            };
            for name in names {
                let is_known = SETTINGS.iter().any(|setting| setting.name == name);
                assert!(is_known, "{name} is not in SETTINGS");
                count += 1;
            }
        }
        assert!(count > 40, "{count}");
    }

    #[test]
    fn what_needs_a_restart_is_named() {
        let old = options("");
        for (text, names) in [
            ("", ""),
            ("listen = \"127.0.0.1:9091\"", ""),
            ("listen = \"127.0.0.1:1\"", "listen"),
            (
                "store = \"memory\"\nlisten = \"127.0.0.1:1\"\nlog.level = \"warn\"",
                "listen, store",
            ),
            ("data_dir = \"/other\"", ""),
            ("keyring.file = \"/k\"", "keyring.file"),
            ("tls = { certificates = \"c\", key = \"k\" }", "tls"),
            ("log.format = \"json\"", "log.format"),
            ("network.entries = 7", "network.entries"),
            ("[portal]", "portal.listen"),
            ("login.realm = \"a\"", "login.realm"),
            (
                "[[login.realms]]\nlisten = \"127.0.0.1:1\"\nrealm = \"b\"",
                "login.realms",
            ),
            ("login.issuer = \"https://a.example\"", ""),
        ] {
            let refused = check(&old, &options(text)).map_err(|error| error.to_string());
            let expected = match names {
                "" => Ok(()),
                names => Err(format!("{names}: needs a restart")),
            };
            assert_eq!(refused, expected, "{text}");
        }
        let demo = |text| ServeOptions {
            demo: true,
            ..options(text)
        };
        let issuer = "login.issuer = \"https://a.example\"";
        assert!(check(&demo(""), &demo(issuer)).is_err());
    }

    #[test]
    fn a_nas_can_be_added() {
        let nas = |address: &str, realm: &str, more: &str| {
            format!(
                "[[network.nas]]\naddress = \"{address}\"\nrealm = \"{realm}\"\n\
                 secret.env = \"S\"\n{more}\n"
            )
        };
        let all = |nas: &[String]| {
            options(&["network.listen = \"127.0.0.1:1\"\n", &nas.concat()].concat())
        };
        let one = nas("10.0.0.1", "", "");
        let old = all(core::slice::from_ref(&one));
        let other = nas("10.0.0.1", "", "accept_undated = true");
        for new in [all(&[other]), all(&[nas("10.0.0.2", "", ""), one])] {
            assert!(check(&old, &new).is_ok());
            assert_eq!(names(When::Reload, &old, &new), ["network.nas"]);
        }
        for new in [nas("10.0.0.2", "", ""), nas("10.0.0.1", "a", "")] {
            let error = check(&old, &all(&[new])).unwrap_err().to_string();
            assert_eq!(error, "network.nas: needs a restart");
        }
    }
}
