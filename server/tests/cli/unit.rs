//! The units of systemd in `server/systemd`: what they name exists, and the server
//! starts as they start it.

use core::time::Duration;
use std::process::{Child, Stdio};
use std::time::Instant;

use mpass_server::config::Config;

use crate::support::{Run, json, mpass};

const SERVICE: &str = include_str!("../../systemd/mpass.service");
const SOCKET: &str = include_str!("../../systemd/mpass.socket");
const SYSUSERS: &str = include_str!("../../systemd/mpass.sysusers");
const PROGRAM: &str = "/usr/bin/mpass";

/// The values of a setting, in order.
fn values<'a>(unit: &'a str, name: &str) -> Vec<&'a str> {
    let lines = unit.lines().filter(|line| !line.starts_with('#'));
    let settings = lines.filter_map(|line| line.split_once('='));
    settings
        .filter(|(setting, _)| *setting == name)
        .map(|(_, value)| value)
        .collect()
}

/// The arguments of the commands of `mpass` in a setting.
fn commands(name: &str) -> Vec<Vec<&'static str>> {
    let commands = values(SERVICE, name).into_iter();
    commands
        .map(|command| command.split_whitespace().collect::<Vec<_>>())
        .filter(|words| words.first() == Some(&PROGRAM))
        .map(|words| words[1..].to_vec())
        .collect()
}

#[test]
fn every_command_option_and_variable_exists() {
    let home = tempfile::tempdir().unwrap();
    let all: Vec<_> = ["ExecStartPre", "ExecStart", "ExecReload"]
        .into_iter()
        .flat_map(commands)
        .collect();
    assert_eq!(all.len(), 3, "{all:?}");
    for command in all {
        let run: Run = mpass(home.path())
            .args(&command)
            .arg("--help")
            .output()
            .unwrap()
            .into();
        let help = run.done();
        let called = command.iter().take_while(|word| !word.starts_with('-'));
        let called = called.copied().collect::<Vec<_>>().join(" ");
        assert!(help.contains(&format!("Usage: mpass {called} ")), "{help}");
        for option in command.iter().filter(|word| word.starts_with("--")) {
            assert!(help.contains(option), "{option}: {help}");
        }
        for variable in values(SERVICE, "Environment") {
            let (name, _) = variable.split_once('=').unwrap();
            assert!(help.contains(&format!("${name}")), "{name}: {help}");
        }
    }
    assert!(values(SERVICE, "ExecReload").contains(&"/bin/kill -HUP $MAINPID"));
}

#[test]
fn the_units_fit_each_other_and_the_defaults() {
    let defaults = Config::default();
    let needed = defaults.limits.connections * 2 + 40;
    assert_eq!(values(SERVICE, "LimitNOFILE"), [needed.to_string()]);
    assert_eq!(
        values(SOCKET, "ListenStream"),
        [defaults.listen.to_string()]
    );
    let stop: u64 = values(SERVICE, "TimeoutStopSec")[0].parse().unwrap();
    assert!(Duration::from_secs(stop) > defaults.limits.shutdown_timeout);
    let user = values(SERVICE, "User")[0];
    assert!(SYSUSERS.contains(&format!("\nu {user} ")), "{SYSUSERS}");
    for (name, value) in [
        ("Type", "notify"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("LimitCORE", "0"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("StateDirectoryMode", "0700"),
        ("UMask", "0077"),
    ] {
        assert_eq!(values(SERVICE, name), [value], "{name}");
    }
    assert_eq!(values(SERVICE, "SystemCallFilter")[0], "@system-service");
    assert_eq!(values(SERVICE, "LoadCredential").len(), 1);
}

/// Ended when dropped.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The directories of the unit are below a directory here.
#[test]
fn the_server_starts_and_reloads_as_in_the_unit() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("mpass.toml");
    let [data, keyring] = ["lib/mpass", "lib/mpass-keyring"].map(|name| dir.path().join(name));
    let secret = dir.path().join("secret_token");
    std::fs::write(&secret, "hush\n").unwrap();
    let text = format!(
        "listen = '127.0.0.1:0'\ndata_dir = '{}'\nkeyring.file = '{}'\n[gateway]\n\
         url = 'http://127.0.0.1:1/?to={{{{to}}}}&text={{{{text}}}}&token={{{{secret.token}}}}'\n\
         secrets.token = {{ file = '{}' }}\n",
        data.display(),
        keyring.join("keyring").display(),
        secret.display()
    );
    std::fs::write(&config, text).unwrap();
    let as_in_the_unit = |arguments: &[&str]| {
        let mut command = mpass(dir.path());
        command.env("MPASS_CONFIG", &config).args(arguments);
        command
    };
    for command in [commands("ExecStartPre"), commands("ExecReload")].concat() {
        let checked: Run = as_in_the_unit(&command).output().unwrap().into();
        checked.done();
    }
    assert!(!data.exists() && !keyring.exists());
    let start = commands("ExecStart").remove(0);
    let mut start = as_in_the_unit(&start);
    let _server = Started(start.stderr(Stdio::null()).spawn().unwrap());
    let deadline = Instant::now() + Duration::from_secs(60);
    let status = loop {
        let run: Run = as_in_the_unit(&["status", "--json"])
            .output()
            .unwrap()
            .into();
        if run.status != 2 {
            break json(&run.done());
        }
        assert!(Instant::now() < deadline, "{}", run.stderr);
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(status["configuration"]["file"], config.to_str().unwrap());
    assert_eq!(status["store"]["data_dir"], data.to_str().unwrap());
    let checked: Run = as_in_the_unit(&["config", "check"])
        .output()
        .unwrap()
        .into();
    assert!(
        !checked.done().contains("was not compared"),
        "the running server is asked"
    );
    let reloaded: Run = as_in_the_unit(&["reload"]).output().unwrap().into();
    assert_eq!(reloaded.done(), "nothing has changed\n");
}
