//! The example, and mistakes.

use super::*;

const EXAMPLE: &str = include_str!("../../../examples/mpass.toml");

#[test]
fn the_example_has_the_defaults() {
    assert_eq!(Config::parse(EXAMPLE).unwrap(), Config::default());
}

/// In the example, settings without a default follow a `#` without a space;
/// comments follow one with a space.
#[test]
fn commented_settings_of_the_example_are_valid() {
    let text: String = EXAMPLE
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let config = Config::parse(&text).unwrap();
    assert!(config.tls.is_some() && config.data_dir.is_some());
    assert!(config.keyring.file.is_some());
    assert_eq!(config.gateways.len(), 1);
    assert_eq!(config.limits.connections_per_peer, Some(1024));
    assert_eq!(config.limits.connections_per_proxy, Some(3072));
    assert_eq!(config.network.nas.len(), 2);
    assert!(config.network.listen.is_some() && config.network.table.is_some());
    assert!(config.login.issuer.is_some());
    let portal = config.portal.unwrap();
    assert_eq!(portal.listen, PortalConfig::default().listen);
    assert!(portal.oidc.is_some());
    assert_eq!(config.login.realms.len(), 1);
    assert_eq!(config.login.signing_keys.len(), 2);
}

#[test]
fn gateways_in_order_and_one_alone() {
    let one = |name: &str| {
        format!("name = \"{name}\"\nurl = \"https://a.example/?{{{{to}}}}{{{{text}}}}\"\n")
    };
    let [a, b] = ["a", "b"].map(one);
    let parse = |text: &str| Config::parse(text).map_err(|error| format!("{error:#}"));
    let names = |text: &str| -> Vec<String> {
        let gateways = parse(text).unwrap().gateways;
        gateways.into_iter().map(|one| one.name).collect()
    };
    assert_eq!(names(&format!("[gateway]\n{a}")), ["a"]);
    let kind = "kind = \"http\"\n";
    let both = format!("[[gateway]]\n{kind}{b}[gateway.headers]\nX = \"1\"\n[[gateway]]\n{a}");
    assert_eq!(names(&both), ["b", "a"]);
    assert_eq!(parse(&both).unwrap().gateways[0].headers.len(), 1);
    for (text, words) in [
        (format!("[[gateway]]\n{a}[[gateway]]\n{a}"), "the same name"),
        (
            format!("[[gateway]]\n{a}[[gateway]]\n{b}timeout = \"9s\""),
            "gateway b",
        ),
        (format!("[[gateway]]\nkind = \"smtp\"\n{a}"), "gateway.kind"),
        (
            format!("[[gateway]]\n{a}SECRET = 1"),
            "line 4: gateway.SECRET",
        ),
        (
            "gateway = \"SECRET\"".to_owned(),
            "line 1: gateway: expected",
        ),
    ] {
        let error = parse(&text).unwrap_err();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn mistakes_are_named() {
    for (text, word) in [
        ("lisen = 1", "lisen"),
        ("store = \"disk\"", "embedded"),
        ("[limits]\nconnections = 0", "limits.connections"),
        ("[limits]\nheader_timeout = \"2h\"", "limits.header_timeout"),
        ("[limits]\nwrite_timeout = \"1ms\"", "limits.write_timeout"),
        (
            "[limits]\nconnections_per_peer = 0",
            "limits.connections_per_peer",
        ),
        ("[limits]\nproxies = [\"proxy\"]", "limits.proxies"),
        (
            "[metrics]\naddresses = [\"10.0.0.0/40\"]",
            "metrics.addresses",
        ),
        ("[tls]\nkey = \"k\"", "certificates"),
        ("[log]\nlevel = \"loud\"", "log.level"),
        ("[numbers]\nown = [\"966\"]", "numbers.own"),
        ("[network]\nentries = 0", "network.entries"),
        ("[login]\nrealm = \"a b\"", "login.realm"),
        (
            "[[login.realms]]\nlisten = \"127.0.0.1:9092\"\nrealm = \"a b\"",
            "login.realms 127.0.0.1:9092",
        ),
        ("[[login.realms]]\nlisten = \"127.0.0.1:9092\"", "realm"),
    ] {
        let error = format!("{:#}", Config::parse(text).unwrap_err());
        assert!(error.contains(word), "{text}: {error}");
    }
}
