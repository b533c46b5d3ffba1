//! The embedded store in a process: races, reopening, kill, a full disk,
//! permissions and locking.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use core::pin::pin;
use core::task::{Context, Waker};
use core::time::Duration;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use mpass_core::Error;
use mpass_core::store::{Kind, Listed, MemoryStore, Store, StoreKey, Swap, Swapped, probe};
use mpass_server::store::{AnyStore, EmbeddedStore, OpenError, documents};

/// The environment variable with the store directory of a test in its own
/// process.
const DIR: &str = "MPASS_TEST_STORE_DIR";

/// Opens a store. A test that has just closed it may have handed its lock to a
/// child of another test, which has it until its exec.
fn open(dir: &Path) -> Result<EmbeddedStore, OpenError> {
    for _ in 0..500 {
        match EmbeddedStore::open(dir) {
            Err(OpenError::InUse(_)) => std::thread::sleep(Duration::from_millis(10)),
            opened => return opened,
        }
    }
    EmbeddedStore::open(dir)
}

fn key(n: u64) -> StoreKey {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    StoreKey(bytes)
}

fn put(kind: Kind, n: u64, expected: Option<&[u8]>, value: &[u8]) -> Swap {
    Swap {
        kind,
        key: key(n),
        expected: expected.map(<[u8]>::to_vec),
        value: value.to_vec(),
        expires_at_ms: None,
    }
}

fn state(store: &EmbeddedStore, n: u64) -> Option<Vec<u8>> {
    Store::load(store, Kind::State, &key(n)).unwrap()
}

#[test]
fn it_passes_the_probe() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    probe::probe(&store, 64, 20, 1_700_000_000_000, [1; 32]).unwrap();
}

/// A store that drops a value once it has expired, and not a day later.
struct WithoutMargin(EmbeddedStore);

impl Store for WithoutMargin {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        Store::load(&self.0, kind, key)
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        Store::swap(&self.0, swap, now_ms + 24 * 3_600_000)
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        Store::list(&self.0, after, limit)
    }
}

#[test]
fn it_passes_the_probe_when_it_drops_values() {
    const NOW_MS: u64 = 1_700_000_000_000;
    let dir = tempfile::tempdir().unwrap();
    let store = WithoutMargin(open(dir.path()).unwrap());
    probe::probe(&store, 64, 1, NOW_MS, [1; 32]).unwrap();
    let dropped = put(Kind::State, 1, None, b"x");
    let dropped = Swap {
        expires_at_ms: Some(NOW_MS + 1),
        ..dropped
    };
    assert_eq!(store.swap(&dropped, NOW_MS), Ok(Swapped::Expired));
    store.0.close();
    // What was dropped stays refused after the file was opened again.
    let store = WithoutMargin(open(dir.path()).unwrap());
    assert_eq!(store.swap(&dropped, NOW_MS), Ok(Swapped::Expired));
    probe::probe(&store, 64, 1, NOW_MS, [2; 32]).unwrap();
}

#[test]
fn one_of_64_parallel_swaps_wins() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    let mut standing: Option<Vec<u8>> = None;
    for round in 0..50u8 {
        let winners = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for n in 0..64u8 {
                let swap = put(Kind::State, 1, standing.as_deref(), &[round, n]);
                let (store, winners) = (&store, &winners);
                scope.spawn(move || {
                    if Store::swap(store, &swap, 0).unwrap() == Swapped::Stored {
                        winners.lock().unwrap().push(swap.value);
                    }
                });
            }
        });
        let winners = winners.into_inner().unwrap();
        assert_eq!(winners.len(), 1);
        assert_eq!(state(&store, 1).as_ref(), winners.first());
        standing = state(&store, 1);
    }
}

#[test]
fn values_survive_closing_and_dropping() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("new/data");
    for n in 0..6u64 {
        let store = open(&dir).unwrap();
        for old in 0..n {
            assert_eq!(state(&store, old), Some(old.to_le_bytes().to_vec()));
        }
        let documents = store.list(None, 100).unwrap();
        assert_eq!(documents.len(), usize::try_from(n).unwrap());
        for kind in [Kind::State, Kind::Document] {
            let swap = put(kind, n, None, &n.to_le_bytes());
            assert_eq!(Store::swap(&store, &swap, 0), Ok(Swapped::Stored));
        }
        if n % 2 == 0 {
            store.close();
        }
    }
}

#[test]
fn tenants_are_ordered_by_key_and_do_not_expire() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    for n in 0..20 {
        let mut swap = put(Kind::Document, n, None, &[7; 4096]);
        swap.expires_at_ms = None;
        assert_eq!(Store::swap(&store, &swap, 2), Ok(Swapped::Stored));
    }
    let tenants = store.list(None, 100).unwrap();
    assert!(tenants.is_sorted() && tenants.len() == 20);
    assert!(tenants.iter().all(|(_, value)| *value == [7; 4096]));
}

#[test]
fn values_longer_than_allowed_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    for (kind, longest) in [(Kind::State, 96), (Kind::Document, 16_384)] {
        let swap = |len| Store::swap(&store, &put(kind, 1, None, &vec![1; len]), 0);
        assert_eq!(swap(longest + 1), Err(Error::StoreFailed));
        assert_eq!(Store::load(&store, kind, &key(1)), Ok(None));
        assert_eq!(swap(longest), Ok(Swapped::Stored));
    }
}

#[test]
fn only_its_owner_may_read_it() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("a/b");
    let store = open(&dir).unwrap();
    Store::swap(&store, &put(Kind::State, 1, None, b"x"), 0).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(dir.parent().unwrap()), 0o700);
    let files: Vec<PathBuf> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(
        files.len() >= 4,
        "the log and its index are there: {files:?}"
    );
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_store_in_use_cannot_be_opened() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    let refused = EmbeddedStore::open(dir.path()).unwrap_err();
    assert!(matches!(refused, OpenError::InUse(ref d) if d == dir.path()));
    let mut other = elsewhere("opens_a_store", dir.path()).spawn().unwrap();
    assert_eq!(read_all(&mut other), "in use\n");
    store.close();
    let mut other = elsewhere("opens_a_store", dir.path()).spawn().unwrap();
    assert_eq!(read_all(&mut other), "opened\n");
}

#[test]
fn a_file_that_is_not_a_store_is_refused_and_unchanged() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("store.sqlite");
    let noise = [0x5a; 8192];
    std::fs::write(&file, noise).unwrap();
    let refused = open(dir.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Database(..)), "{refused}");
    assert_eq!(std::fs::read(&file).unwrap(), noise);

    std::fs::remove_file(&file).unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE state (a)").unwrap();
    drop(other);
    let refused = open(dir.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Format(_)), "{refused}");
}

#[test]
fn async_and_blocking_calls_work_on_a_runtime() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = AnyStore::Embedded(open(dir.path()).unwrap());
    let memory = AnyStore::Memory(MemoryStore::new(100));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    for store in [embedded, memory] {
        runtime.block_on(async {
            let first = put(Kind::State, 1, None, b"1");
            assert_eq!(store.swap(first.clone(), 0).await, Ok(Swapped::Stored));
            let lost = Ok(Swapped::Conflict(Some(b"1".to_vec())));
            assert_eq!(Store::swap(&store, &first, 0), lost);
            assert_eq!(
                store.load(Kind::State, key(1)).await,
                Ok(Some(b"1".to_vec()))
            );
            assert_eq!(Store::load(&store, Kind::Document, &key(1)), Ok(None));
            let tenant = put(Kind::Document, 2, None, b"t");
            assert_eq!(store.swap(tenant, 0).await, Ok(Swapped::Stored));
            assert_eq!(documents(&store), Ok(vec![(key(2), b"t".to_vec())]));
        });
    }
}

#[test]
fn closing_commits_what_is_queued() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    let mut polled = Context::from_waker(Waker::noop());
    for n in 0..500 {
        // Queued, without waiting for the answer.
        let swap = pin!(store.swap(put(Kind::State, n, None, b"x"), 0));
        let _ = swap.poll(&mut polled);
    }
    store.close();
    // The writer has ended as well, because it removes the log.
    assert!(!dir.path().join("store.sqlite-wal").exists());
    let store = open(dir.path()).unwrap();
    assert!((0..500).all(|n| state(&store, n).is_some()));
}

#[test]
fn stored_values_survive_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..6 {
        let mut child = elsewhere("swaps_without_end", dir.path()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // 400 answers, then a kill at an arbitrary point.
        let mut told: Vec<String> = lines.by_ref().take(400).map(Result::unwrap).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(told.len(), 400);
        told.extend(lines.map_while(Result::ok));
        let mut newest = [0u64; THREADS];
        for line in &told {
            // The last line may be truncated.
            let Some((thread, count)) = line.strip_suffix('.').and_then(|l| l.split_once(' '))
            else {
                continue;
            };
            newest[thread.parse::<usize>().unwrap()] = count.parse().unwrap();
        }
        let store = open(dir.path()).unwrap();
        for (thread, told) in newest.into_iter().enumerate() {
            let stands = count_of(&store, u64::try_from(thread).unwrap());
            // One swap may have been stored without an answer.
            assert!(stands == told || stands == told + 1, "{stands} for {told}");
        }
    }
}

#[test]
fn a_full_disk_fails_swaps_until_there_is_room_again() {
    let dir = tempfile::tempdir().unwrap();
    let inner = elsewhere("meets_a_limit", dir.path());
    // The signal at the limit is ignored, as by most servers, so that the write
    // fails.
    let mut child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(inner.get_program())
        .args(inner.get_args())
        .env(DIR, dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    assert_eq!(read_all(&mut child), "failed and recovered\n");
    let store = open(dir.path()).unwrap();
    assert!(state(&store, 0).is_some());
}

const THREADS: usize = 8;

fn count_of(store: &EmbeddedStore, n: u64) -> u64 {
    state(store, n).map_or(0, |value| u64::from_le_bytes(value.try_into().unwrap()))
}

/// Runs one of the tests below in its own process.
fn elsewhere(test: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--quiet", "--ignored", "--exact", "--nocapture", test])
        .env(DIR, dir)
        .stdout(Stdio::piped());
    command
}

/// The output of a test in another process, without the harness's own lines.
fn read_all(child: &mut Child) -> String {
    let mut text = String::new();
    let stdout = child.stdout.take();
    stdout.unwrap().read_to_string(&mut text).unwrap();
    assert!(child.wait().unwrap().success(), "{text}");
    let said = text.lines().filter(|line| line.starts_with("# "));
    said.map(|line| format!("{}\n", &line[2..])).collect()
}

fn say(words: &str) {
    // Bypasses the harness, which would capture it, and starts after its
    // unfinished line.
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "\n# {words}").unwrap();
}

/// The store of a test in its own process; `None` in an ordinary run.
fn given_dir() -> Option<PathBuf> {
    std::env::var_os(DIR).map(PathBuf::from)
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn opens_a_store() {
    let Some(dir) = given_dir() else { return };
    match open(&dir) {
        Ok(_) => say("opened"),
        Err(OpenError::InUse(_)) => say("in use"),
        Err(error) => say(&error.to_string()),
    }
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn swaps_without_end() {
    let Some(dir) = given_dir() else { return };
    let store = open(&dir).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..u64::try_from(THREADS).unwrap() {
            let store = &store;
            scope.spawn(move || {
                let mut count = count_of(store, thread);
                // The count from before, for a thread that has not progressed.
                println!("{thread} {count}.");
                loop {
                    let old = count.to_le_bytes();
                    let expected = (count > 0).then_some(&old[..]);
                    count += 1;
                    let swap = put(Kind::State, thread, expected, &count.to_le_bytes());
                    assert_eq!(Store::swap(store, &swap, 0), Ok(Swapped::Stored));
                    println!("{thread} {count}.");
                }
            });
        }
    });
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn meets_a_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Some(dir) = given_dir() else { return };
    let store = open(&dir).unwrap();
    let was = getrlimit(Resource::Fsize);
    let limit = Rlimit {
        current: Some(512 * 1024),
        maximum: was.maximum,
    };
    setrlimit(Resource::Fsize, limit).unwrap();
    // A reader keeps the log, as in a server: without one, the writer's new connection
    // would begin it anew, and there would be room.
    assert_eq!(state(&store, 0), None);
    let mut stored = 0;
    let failed = (0..20_000).find_map(|n| {
        let swap = put(Kind::State, n, None, &[7; 96]);
        let failed = Store::swap(&store, &swap, 0).err();
        stored += u64::from(failed.is_none());
        failed
    });
    assert_eq!(failed, Some(Error::StoreFailed));
    assert!(stored > 100, "{stored}");
    // Every swap that was reported as stored is there, and no failed one.
    assert!((0..stored).all(|n| state(&store, n) == Some(vec![7; 96])));
    assert_eq!(state(&store, stored), None);
    assert!(store.write_failure().is_some());
    assert!(pollster::block_on(store.try_to_write()).is_some());
    setrlimit(Resource::Fsize, was).unwrap();
    // Without a request.
    assert_eq!(pollster::block_on(store.try_to_write()), None);
    assert_eq!(store.write_failure(), None);
    for n in stored..stored + 1000 {
        let swap = put(Kind::State, n, None, &[7; 96]);
        assert_eq!(Store::swap(&store, &swap, 0), Ok(Swapped::Stored));
    }
    say("failed and recovered");
}
