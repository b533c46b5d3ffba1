//! `mpass store`, and a store with a keyring that is not its own.

use core::hash::{Hash as _, Hasher as _};
use std::fs;
use std::hash::DefaultHasher;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use mpass_core::challenge::Keyring;
use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Demo, run};

const LAYOUT_1: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/layout-1");

fn data_dir(home: &Path) -> PathBuf {
    home.join(".local/share/mpass")
}

fn store_file(home: &Path) -> PathBuf {
    data_dir(home).join("store.sqlite")
}

fn keyring_file(home: &Path) -> PathBuf {
    home.join(".config/mpass/keyring")
}

/// Every file below a directory with the hash of its contents.
fn contents(dir: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(contents(&path)),
            false => {
                let mut hasher = DefaultHasher::new();
                fs::read(&path).unwrap().hash(&mut hasher);
                found.push((path, hasher.finish()));
            }
        }
    }
    found.sort();
    found
}

fn write_private(path: &Path, text: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// The keyring in the form of an earlier version, which has no checksum.
fn without_checksum(keyring: &Path) -> String {
    let text = fs::read_to_string(keyring).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("check "));
    let lines: Vec<&str> = lines.collect();
    lines
        .join("\n")
        .replace("mpass-keyring 2", "mpass-keyring 1")
        + "\n"
}

/// A text with the last digit of the line that begins with a word changed.
fn with_changed_digit(text: &str, word: &str) -> String {
    let changed = text.lines().map(|line| {
        if !line.starts_with(word) {
            return line.to_owned();
        }
        let (start, last) = line.split_at(line.len() - 1);
        format!("{start}{}", if last == "0" { "1" } else { "0" })
    });
    changed.collect::<Vec<_>>().join("\n") + "\n"
}

/// Runs every command that opens a store; each one must refuse in one line and
/// change nothing.
fn is_refused(home: &Path, reason: &str) {
    let before = contents(home);
    for command in [
        &["channel", "list"][..],
        &["channel", "create", "--name", "other"],
        &["channel", "revoke", "shop"],
        &["customer", "list"],
        &["key", "add"],
        &["key", "rotate"],
        &["store", "check"],
        &["store", "restored"],
        &["store", "restored", "--confirm"],
        &["serve", "--demo", "--listen", "127.0.0.1:0", "--data-dir"],
    ] {
        let mut command = command.to_vec();
        let data = data_dir(home);
        if command.first() == Some(&"serve") {
            command.push(data.to_str().unwrap());
            // The demo's keyring is in its data directory.
            let keyring = data.join("keyring");
            fs::copy(keyring_file(home), &keyring).unwrap();
            let error = run(home, &command).misuse();
            fs::remove_file(keyring).unwrap();
            assert!(error.contains(reason), "{command:?}: {error}");
        } else {
            let error = run(home, &command).misuse();
            assert!(error.contains(reason), "{command:?}: {error}");
        }
        assert_eq!(contents(home), before, "{command:?}");
    }
}

#[test]
fn another_keyring_is_refused_and_nothing_is_written() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["channel", "create", "--name", "shop"]).done();
    let file = keyring_file(home.path());
    let own = without_checksum(&file);
    write_private(&file, Keyring::generate(&[3; 32]).expose().to_string());
    is_refused(home.path(), "belongs to another keyring");
    write_private(&file, with_changed_digit(&own, "locator"));
    is_refused(home.path(), "belongs to another keyring");
    write_private(&file, with_changed_digit(&own, "record 1"));
    is_refused(home.path(), "a record key differs");
    write_private(&file, own);
    assert!(
        run(home.path(), &["channel", "list"])
            .done()
            .contains("shop")
    );
}

#[test]
fn a_keyring_without_the_active_key_is_refused() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["channel", "create", "--name", "shop"]).done();
    let file = keyring_file(home.path());
    let before = fs::read(&file).unwrap();
    run(home.path(), &["key", "rotate"]).done();
    write_private(&file, before);
    is_refused(home.path(), "record key");
}

/// A store of layout 1 has no header: its tenants show whose it is.
#[test]
fn a_store_without_a_header_is_compared_by_its_tenants() {
    let home = tempfile::tempdir().unwrap();
    let fixture = Path::new(LAYOUT_1);
    write_private(
        &store_file(home.path()),
        fs::read(fixture.join("store.sqlite")).unwrap(),
    );
    write_private(&data_dir(home.path()).join("lock"), "");
    let file = keyring_file(home.path());
    let own = fs::read_to_string(fixture.join("keyring")).unwrap();
    for other in [
        Keyring::generate(&[3; 32]).expose().to_string(),
        with_changed_digit(&own, "locator"),
        with_changed_digit(&own, "record 1"),
    ] {
        write_private(&file, other);
        is_refused(home.path(), "belongs to another keyring");
    }
    write_private(&file, own);
    let before = contents(home.path());
    let report = run(home.path(), &["store", "check"]).done();
    assert!(report.contains("layout 1"), "{report}");
    assert!(report.contains("header     none"), "{report}");
    assert!(report.contains("2 channels, 1 clients, 1 customers, 0 unreadable"));
    assert!(report.contains("records    8, 0 of them unreadable"));
    assert_eq!(contents(home.path()), before);

    let listed = run(home.path(), &["channel", "list"]);
    assert!(
        listed.stderr.contains("layout 1 to layout 2"),
        "{}",
        listed.stderr
    );
    assert!(
        listed.stderr.contains("wrote the header"),
        "{}",
        listed.stderr
    );
    assert!(listed.done().contains("shop"));
    assert_eq!(run(home.path(), &["channel", "list"]).stderr, "");
    let report = run(home.path(), &["store", "check"]).done();
    assert!(
        report.contains("layout 2") && report.contains("1 active"),
        "{report}"
    );
}

#[test]
fn a_store_is_initialized_once() {
    let home = tempfile::tempdir().unwrap();
    let on = |arguments: &[&str]| run(home.path(), arguments);
    assert!(on(&["store", "init"]).done().starts_with("initialized "));
    let report = on(&["store", "check"]).done();
    assert!(
        report.contains("0 channels") && report.contains("1 active"),
        "{report}"
    );
    let before = contents(home.path());
    assert!(on(&["store", "init"]).misuse().contains("is not empty"));
    assert_eq!(contents(home.path()), before);
    on(&["channel", "create", "--name", "shop"]).done();

    // A store of an earlier version is not initialized either.
    let home = tempfile::tempdir().unwrap();
    let store = fs::read(Path::new(LAYOUT_1).join("store.sqlite")).unwrap();
    write_private(&store_file(home.path()), &store);
    let keyring = fs::read(Path::new(LAYOUT_1).join("keyring")).unwrap();
    write_private(&keyring_file(home.path()), keyring);
    assert!(
        run(home.path(), &["store", "init"])
            .misuse()
            .contains("is not empty")
    );
    assert_eq!(fs::read(store_file(home.path())).unwrap(), store);
}

#[test]
fn a_check_reads_everything_and_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let on = |arguments: &[&str]| run(home.path(), arguments);
    assert!(
        on(&["store", "check"])
            .misuse()
            .contains("there is no store")
    );
    assert!(contents(home.path()).is_empty(), "nothing is created");
    on(&["channel", "create", "--name", "shop"]).done();
    on(&["customer", "create", "--name", "C-0123456789ABCDE"]).done();
    let check = || -> (i32, Value) {
        let before = contents(home.path());
        let checked = on(&["store", "check", "--json"]);
        assert_eq!(contents(home.path()), before);
        (
            checked.status,
            serde_json::from_str(&checked.stdout).unwrap(),
        )
    };
    let (status, report) = check();
    assert_eq!((status, &report["layout"]), (0, &Value::from(2)));
    assert_eq!(report["channels"], 1);
    assert_eq!(report["customers"], 1);
    assert_eq!(report["header"]["active_key"], 1);
    assert_eq!(report["header"]["closed"], false);
    assert_eq!(report["unreadable_states"], 0);
    let states = report["states"].as_u64().unwrap();

    // A bit of a tenant's value, and a record under a key that is not there.
    let db = Connection::open(store_file(home.path())).unwrap();
    let last = "SELECT key, value FROM document ORDER BY key DESC LIMIT 1";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let (key, mut value): (Vec<u8>, Vec<u8>) = db.query_row(last, [], row).unwrap();
    *value.last_mut().unwrap() ^= 1;
    let damage = "UPDATE document SET value = ?1 WHERE key = ?2";
    db.execute(damage, (value, key)).unwrap();
    let record = "INSERT INTO state VALUES (randomblob(16), x'11000900', NULL)";
    db.execute(record, []).unwrap();
    // A record of a key that is there, of a known format and the right length, that
    // is not authentic, and one that is too long.
    for len in [96, 97] {
        let record = "INSERT INTO state VALUES (randomblob(16), \
                      CAST(x'110001' || zeroblob(?1 - 3) AS BLOB), NULL)";
        db.execute(record, [len]).unwrap();
    }
    drop(db);
    let (status, report) = check();
    assert_eq!(status, 1);
    assert_eq!(report["unreadable_documents"], 1);
    assert_eq!(
        (&report["states"], &report["unreadable_states"]),
        (&Value::from(states + 3), &Value::from(3))
    );
}

#[test]
fn a_running_server_checks_its_store() {
    let home = tempfile::tempdir().unwrap();
    let _demo = Demo::start(home.path());
    let report = run(home.path(), &["store", "check", "--demo", "--json"]).done();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(
        (&report["channels"], &report["clients"]),
        (&Value::from(1), &Value::from(1))
    );
    assert!(report["header"].is_object());
    let refused = run(home.path(), &["store", "init", "--demo"]);
    assert!(refused.misuse().contains("is not empty"));
}

#[test]
fn a_restored_store_is_listed_and_confirmed() {
    let home = tempfile::tempdir().unwrap();
    let on = |arguments: &[&str]| run(home.path(), arguments);
    assert!(
        on(&["store", "restored"])
            .misuse()
            .contains("there is no store")
    );
    on(&["channel", "create", "--name", "shop"]).done();
    on(&["channel", "rotate", "shop"]).done();
    on(&["client", "create", "--name", "app"]).done();
    on(&["channel", "create", "--name", "old"]).done();
    on(&["channel", "revoke", "old"]).done();
    assert!(
        on(&["store", "restored", "--confirm"])
            .misuse()
            .contains("is not closed")
    );
    let restored = on(&["store", "restored"]);
    assert!(restored.stderr.contains("is closed"), "{}", restored.stderr);
    let lines = restored.done();
    let lines: Vec<Vec<&str>> = lines
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines,
        [
            ["channel", "old", "credential", "1", "revoked"],
            ["channel", "shop", "credential", "2", "active"],
            ["client", "app", "credential", "1", "active"],
        ]
    );
    let closed = || on(&["store", "check"]).done().contains("closed until");
    assert!(closed());
    // Tenants can be revoked again before the store is opened.
    on(&["client", "revoke", "app"]).done();
    assert!(closed());
    on(&["store", "restored", "--confirm"]).done();
    let report = on(&["store", "check"]).done();
    assert!(
        report.contains("restored   20") && !report.contains("closed"),
        "{report}"
    );
    assert!(
        on(&["store", "restored", "--confirm"])
            .misuse()
            .contains("is not closed")
    );
}

/// Removing, adding and activating a record key changes the header, too.
#[test]
fn the_header_follows_the_keyring() {
    let home = tempfile::tempdir().unwrap();
    let on = |arguments: &[&str]| run(home.path(), arguments);
    on(&["channel", "create", "--name", "shop"]).done();
    let header = || {
        let report = on(&["store", "check", "--json"]).done();
        let report: Value = serde_json::from_str(&report).unwrap();
        let header = &report["header"];
        (header["active_key"].clone(), header["keys"].to_string())
    };
    assert_eq!(header(), (Value::from(1), "[1]".to_owned()));
    on(&["key", "add"]).done();
    assert_eq!(header(), (Value::from(1), "[1,2]".to_owned()));
    on(&["key", "activate", "2"]).done();
    assert_eq!(header(), (Value::from(2), "[1,2]".to_owned()));
    on(&["key", "remove", "1"]).done();
    assert_eq!(header(), (Value::from(2), "[2]".to_owned()));
}

/// Commands that read, and those on tenants that must exist, create neither a
/// store nor a keyring; they name what is missing.
#[test]
fn reading_creates_nothing() {
    let home = tempfile::tempdir().unwrap();
    let commands = [
        &["channel", "list"][..],
        &["channel", "show", "shop"],
        &["channel", "set", "shop", "--tries", "3"],
        &["channel", "rotate", "shop"],
        &["channel", "revoke", "shop"],
        &["channel", "unlock", "shop", "--number", "+966500000000"],
        &["customer", "credits", "C-0123456789ABCDE"],
        &["store", "check"],
        &["store", "restored"],
        &["store", "restored", "--confirm"],
    ];
    let typo = home.path().join("typo");
    let typo = typo.to_str().unwrap();
    for command in commands {
        let told = run(home.path(), &[command, &["--data-dir", typo]].concat()).misuse();
        assert!(told.contains("there is no store in"), "{command:?}: {told}");
        assert!(told.contains("typo"), "{command:?}: {told}");
        assert!(contents(home.path()).is_empty(), "{command:?}");
    }
    assert!(
        run(home.path(), &["key", "list"])
            .misuse()
            .contains("keyring")
    );
    assert!(contents(home.path()).is_empty());
    // An empty file is no store either.
    write_private(&store_file(home.path()), "");
    for command in commands {
        let told = run(home.path(), command).misuse();
        assert!(told.contains("there is no store in"), "{command:?}: {told}");
    }
    assert_eq!(fs::read(store_file(home.path())).unwrap(), b"");
}

/// Without a server, commands wait for each other.
#[test]
fn commands_on_one_store_wait_for_each_other() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["channel", "create", "--name", "first"]).done();
    let lock = fs::File::open(data_dir(home.path()).join("lock")).unwrap();
    lock.lock().unwrap();
    let commands = [
        &["channel", "create", "--name", "second"][..],
        &["channel", "list"],
        &["store", "check"],
    ];
    let running = commands.map(|command| {
        let mut command_line = crate::support::mpass(home.path());
        command_line
            .args(command)
            .stdout(std::process::Stdio::piped());
        command_line.spawn().unwrap()
    });
    // None of them can end while the lock is held.
    std::thread::sleep(core::time::Duration::from_millis(300));
    lock.unlock().unwrap();
    drop(lock);
    for child in running {
        assert!(child.wait_with_output().unwrap().status.success());
    }
}

/// A damaged header or tenant is named in the error.
#[test]
fn what_is_damaged_is_named() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["channel", "create", "--name", "shop"]).done();
    let damage = |header: bool| {
        let db = Connection::open(store_file(home.path())).unwrap();
        let rows = match header {
            true => "key = zeroblob(16)",
            // Not of the audit log.
            false => "key <> zeroblob(16) AND hex(substr(value, 1, 1)) NOT LIKE '8%'",
        };
        let select = format!("SELECT key, value FROM document WHERE {rows}");
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (key, mut value): (Vec<u8>, Vec<u8>) = db.query_row(&select, [], row).unwrap();
        *value.last_mut().unwrap() ^= 1;
        let update = "UPDATE document SET value = ?1 WHERE key = ?2";
        db.execute(update, (value, key)).unwrap();
    };
    damage(false);
    let told = run(home.path(), &["channel", "show", "shop"]).misuse();
    assert!(
        told.contains("the channel in the store is damaged"),
        "{told}"
    );
    damage(true);
    let told = run(home.path(), &["channel", "list"]).misuse();
    assert!(
        told.contains("the header of the store is damaged"),
        "{told}"
    );
}

/// Each cause appears once in the line, and a file with its path.
#[test]
fn no_cause_is_repeated() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["channel", "create", "--name", "shop"]).done();
    let store = store_file(home.path());
    // A directory in place of the file fails for every user.
    fs::remove_file(&store).unwrap();
    fs::create_dir(&store).unwrap();
    let told = run(home.path(), &["channel", "list"]).misuse();
    let causes: Vec<&str> = told.trim().split(": ").collect();
    let mut once = causes.clone();
    once.dedup();
    assert_eq!(causes, once, "{told}");
    assert!(
        told.contains("store.sqlite") || told.contains(".local/share/mpass"),
        "{told}"
    );
}
