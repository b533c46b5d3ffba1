//! Compares embedded storage engines by durable compare-and-swaps per second.
//!
//! redb, fjall and SQLite run the same work on the same disk: clients load a
//! value and swap it; one writer thread takes all queued swaps, decides each
//! against the store and the earlier swaps of its batch, commits once with a
//! sync to disk, and only then answers. `docs/DESIGN.md` has the results and
//! the choice.
//!
//! `cargo bench --bench stores [-- [--seconds N] [--keys N] [--dir DIRECTORY]]`

use core::error::Error;
use core::hint::black_box;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

type Key = [u8; 16];
type Value = [u8; 96];
type Anything<T> = Result<T, Box<dyn Error + Send + Sync>>;

const QUEUE: usize = 1024;
const CLIENTS: [usize; 2] = [1, 64];

/// A compare-and-swap queued for the writer.
struct Swap {
    key: Key,
    expected: Value,
    value: Value,
    answer: SyncSender<bool>,
}

/// What the comparison requires of an engine.
trait Engine: Send + Sync + 'static {
    /// The handle of the writer.
    type Writer: Send;
    /// The handle of a reading thread.
    type Reader;

    fn open(dir: &Path) -> Anything<(Self, Self::Writer)>
    where
        Self: Sized;
    fn reader(&self) -> Anything<Self::Reader>;
    fn load(reader: &mut Self::Reader, key: &Key) -> Anything<Option<Value>>;
    /// Decides each swap and makes the changes durable. Returns one answer per
    /// swap.
    fn commit(writer: &mut Self::Writer, batch: &[Swap]) -> Anything<Vec<bool>>;
    /// Writes values unconditionally, to have something to swap.
    fn fill(writer: &mut Self::Writer, values: &[(Key, Value)]) -> Anything<()>;
}

fn value_of(bytes: &[u8]) -> Anything<Value> {
    Ok(bytes.try_into()?)
}

struct Redb(Arc<redb::Database>);

const TABLE: redb::TableDefinition<'_, Key, &[u8]> = redb::TableDefinition::new("state");

impl Engine for Redb {
    type Writer = Arc<redb::Database>;
    type Reader = Arc<redb::Database>;

    fn open(dir: &Path) -> Anything<(Self, Self::Writer)> {
        let db = Arc::new(redb::Database::create(dir.join("store.redb"))?);
        Ok((Self(Arc::clone(&db)), db))
    }

    fn reader(&self) -> Anything<Self::Reader> {
        Ok(Arc::clone(&self.0))
    }

    fn load(reader: &mut Self::Reader, key: &Key) -> Anything<Option<Value>> {
        use redb::ReadableDatabase as _;
        let table = reader.begin_read()?.open_table(TABLE)?;
        table.get(key)?.map(|v| value_of(v.value())).transpose()
    }

    fn commit(db: &mut Self::Writer, batch: &[Swap]) -> Anything<Vec<bool>> {
        use redb::ReadableTable as _;
        let write = db.begin_write()?;
        let mut answers = Vec::with_capacity(batch.len());
        {
            let mut table = write.open_table(TABLE)?;
            for swap in batch {
                let same = table
                    .get(&swap.key)?
                    .is_some_and(|v| v.value() == swap.expected);
                if same {
                    table.insert(&swap.key, swap.value.as_slice())?;
                }
                answers.push(same);
            }
        }
        write.commit()?;
        Ok(answers)
    }

    fn fill(db: &mut Self::Writer, values: &[(Key, Value)]) -> Anything<()> {
        let write = db.begin_write()?;
        {
            let mut table = write.open_table(TABLE)?;
            for (key, value) in values {
                table.insert(key, value.as_slice())?;
            }
        }
        Ok(write.commit()?)
    }
}

struct Fjall(fjall::Keyspace);

impl Engine for Fjall {
    type Writer = (fjall::Database, fjall::Keyspace);
    type Reader = fjall::Keyspace;

    fn open(dir: &Path) -> Anything<(Self, Self::Writer)> {
        let db = fjall::Database::builder(dir).open()?;
        let state = db.keyspace("state", fjall::KeyspaceCreateOptions::default)?;
        Ok((Self(state.clone()), (db, state)))
    }

    fn reader(&self) -> Anything<Self::Reader> {
        Ok(self.0.clone())
    }

    fn load(reader: &mut Self::Reader, key: &Key) -> Anything<Option<Value>> {
        reader.get(key)?.map(|v| value_of(&v)).transpose()
    }

    fn commit((db, state): &mut Self::Writer, batch: &[Swap]) -> Anything<Vec<bool>> {
        // A fjall batch does not show its own writes.
        let mut written: HashMap<Key, Value> = HashMap::new();
        let mut write = db.batch().durability(Some(fjall::PersistMode::SyncData));
        let mut answers = Vec::with_capacity(batch.len());
        for swap in batch {
            let same = match written.get(&swap.key) {
                Some(value) => *value == swap.expected,
                None => state.get(swap.key)?.is_some_and(|v| *v == swap.expected),
            };
            if same {
                written.insert(swap.key, swap.value);
                write.insert(state, swap.key, swap.value);
            }
            answers.push(same);
        }
        write.commit()?;
        Ok(answers)
    }

    fn fill((db, state): &mut Self::Writer, values: &[(Key, Value)]) -> Anything<()> {
        let mut write = db.batch().durability(Some(fjall::PersistMode::SyncData));
        for (key, value) in values {
            write.insert(state, *key, *value);
        }
        Ok(write.commit()?)
    }
}

struct Sqlite(PathBuf);

impl Sqlite {
    fn connect(path: &Path) -> Anything<rusqlite::Connection> {
        let db = rusqlite::Connection::open(path)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        // FULL syncs the log at every commit, unlike NORMAL.
        db.pragma_update(None, "synchronous", "FULL")?;
        db.busy_timeout(Duration::from_secs(5))?;
        Ok(db)
    }
}

impl Engine for Sqlite {
    type Writer = rusqlite::Connection;
    type Reader = rusqlite::Connection;

    fn open(dir: &Path) -> Anything<(Self, Self::Writer)> {
        let path = dir.join("store.sqlite");
        let db = Self::connect(&path)?;
        db.execute_batch(
            "CREATE TABLE state (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
        )?;
        Ok((Self(path), db))
    }

    fn reader(&self) -> Anything<Self::Reader> {
        Self::connect(&self.0)
    }

    fn load(reader: &mut Self::Reader, key: &Key) -> Anything<Option<Value>> {
        let mut select = reader.prepare_cached("SELECT value FROM state WHERE key = ?1")?;
        let mut rows = select.query([key])?;
        match rows.next()? {
            Some(row) => Ok(Some(value_of(row.get_ref(0)?.as_blob()?)?)),
            None => Ok(None),
        }
    }

    fn commit(db: &mut Self::Writer, batch: &[Swap]) -> Anything<Vec<bool>> {
        let write = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut answers = Vec::with_capacity(batch.len());
        {
            let mut update = write
                .prepare_cached("UPDATE state SET value = ?3 WHERE key = ?1 AND value = ?2")?;
            for swap in batch {
                answers.push(update.execute((swap.key, swap.expected, swap.value))? == 1);
            }
        }
        write.commit()?;
        Ok(answers)
    }

    fn fill(db: &mut Self::Writer, values: &[(Key, Value)]) -> Anything<()> {
        let write = db.transaction()?;
        {
            let mut insert = write.prepare("INSERT INTO state VALUES (?1, ?2)")?;
            for (key, value) in values {
                insert.execute((*key, *value))?;
            }
        }
        Ok(write.commit()?)
    }
}

/// A deterministic generator (splitmix64), so that every engine gets the same
/// work.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn value(&mut self) -> Value {
        let mut value = [0; 96];
        for part in value.chunks_exact_mut(8) {
            part.copy_from_slice(&self.next().to_le_bytes());
        }
        value
    }
}

/// The key of a number, distributed like keys derived by a keyed hash.
fn key_of(n: u64) -> Key {
    let mut draw = Draw(n);
    let mut key = [0; 16];
    key[..8].copy_from_slice(&draw.next().to_le_bytes());
    key[8..].copy_from_slice(&draw.next().to_le_bytes());
    key
}

fn write_until_closed<E: Engine>(writer: &mut E::Writer, queue: &Receiver<Swap>) -> Anything<u64> {
    let mut commits = 0;
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        batch.extend(queue.try_iter().take(QUEUE - 1));
        let answers = E::commit(writer, &batch)?;
        commits += 1;
        for (swap, answer) in batch.iter().zip(answers) {
            swap.answer.send(answer)?;
        }
    }
    Ok(commits)
}

fn client<E: Engine>(
    engine: &E,
    seed: u64,
    queue: &SyncSender<Swap>,
    stop: &AtomicBool,
    keys: u64,
) -> Anything<Vec<u32>> {
    let mut reader = engine.reader()?;
    let mut draw = Draw(seed);
    let mut stored = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let key = key_of(draw.next() % keys);
        let expected = E::load(&mut reader, &key)?.ok_or("a key is gone")?;
        let (answer, answered) = sync_channel(1);
        let began = Instant::now();
        queue.send(Swap {
            key,
            expected,
            value: draw.value(),
            answer,
        })?;
        if answered.recv()? {
            stored.push(u32::try_from(began.elapsed().as_micros())?);
        }
    }
    Ok(stored)
}

/// The amount of work.
struct Work {
    rounds: usize,
    time: Duration,
    keys: u64,
}

struct Run {
    swaps_per_second: f64,
    swaps_per_commit: f64,
    slow_us: u32,
    slowest_us: u32,
    read_ns: f64,
    bytes: u64,
}

fn run<E: Engine>(root: &Path, clients: usize, work: &Work) -> Anything<Run> {
    let dir = tempfile::tempdir_in(root)?;
    let (engine, mut writer) = E::open(dir.path())?;
    let mut draw = Draw(7);
    let values: Vec<(Key, Value)> = (0..work.keys).map(|n| (key_of(n), draw.value())).collect();
    E::fill(&mut writer, &values)?;

    let stop = AtomicBool::new(false);
    let mut stored = Vec::new();
    let (queue, queued) = sync_channel(QUEUE);
    let began = Instant::now();
    let commits = std::thread::scope(|scope| -> Anything<u64> {
        let writing = scope.spawn(|| {
            let queued = queued;
            write_until_closed::<E>(&mut writer, &queued)
        });
        let mut running = Vec::new();
        for n in 0..clients {
            let (queue, engine, stop) = (queue.clone(), &engine, &stop);
            let seed = u64::try_from(n)? + 100;
            running.push(scope.spawn(move || client(engine, seed, &queue, stop, work.keys)));
        }
        drop(queue);
        std::thread::sleep(work.time);
        stop.store(true, Ordering::Relaxed);
        for thread in running {
            stored.extend(thread.join().map_err(|_| "a client panicked")??);
        }
        writing.join().map_err(|_| "the writer panicked")?
    })?;
    let seconds = began.elapsed().as_secs_f64();
    stored.sort_unstable();
    let answered = u64::try_from(stored.len())?;
    Ok(Run {
        swaps_per_second: real(answered) / seconds,
        swaps_per_commit: real(answered) / real(commits.max(1)),
        slow_us: stored.get(stored.len() * 99 / 100).copied().unwrap_or(0),
        slowest_us: stored.last().copied().unwrap_or(0),
        read_ns: read_ns(&engine, work)?,
        bytes: bytes_in(dir.path())?,
    })
}

/// The time of a load by a single thread, without other load.
fn read_ns<E: Engine>(engine: &E, work: &Work) -> Anything<f64> {
    let mut reader = engine.reader()?;
    let mut draw = Draw(9);
    let mut loads: u32 = 0;
    let began = Instant::now();
    while began.elapsed() < work.time / 8 {
        for _ in 0..64 {
            black_box(E::load(&mut reader, &key_of(draw.next() % work.keys))?);
        }
        loads += 64;
    }
    Ok(began.elapsed().as_secs_f64() * 1e9 / f64::from(loads))
}

fn real(n: u64) -> f64 {
    u32::try_from(n).map_or(f64::INFINITY, f64::from)
}

fn bytes_in(dir: &Path) -> Anything<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let data = entry.metadata()?;
        bytes += if data.is_dir() {
            bytes_in(&entry.path())?
        } else {
            // Counts allocated blocks, so that a preallocated sparse log does
            // not count.
            std::os::unix::fs::MetadataExt::blocks(&data) * 512
        };
    }
    Ok(bytes)
}

fn median(mut runs: Vec<Run>) -> Option<Run> {
    runs.sort_by(|a, b| a.swaps_per_second.total_cmp(&b.swaps_per_second));
    let middle = runs.len() / 2;
    runs.into_iter().nth(middle)
}

/// One round of one engine.
type Round = fn(&Path, usize, &Work) -> Anything<Run>;

/// The engines take turns, so that temporary load on the disk affects them
/// equally.
fn report(engines: &[(&str, Round)], root: &Path, work: &Work) -> Anything<()> {
    for clients in CLIENTS {
        let mut runs: Vec<Vec<Run>> = engines.iter().map(|_| Vec::new()).collect();
        for _ in 0..work.rounds {
            for ((_, round), runs) in engines.iter().zip(&mut runs) {
                runs.push(round(root, clients, work)?);
            }
        }
        for ((name, _), runs) in engines.iter().zip(runs) {
            let Some(run) = median(runs) else { continue };
            println!(
                "| {name} | {clients} | {:.0} | {:.1} | {} | {} | {:.0} | {} |",
                run.swaps_per_second,
                run.swaps_per_commit,
                run.slow_us,
                run.slowest_us,
                run.read_ns,
                run.bytes / 1024
            );
        }
    }
    Ok(())
}

fn main() -> Anything<()> {
    // Cargo passes the options of all benchmarks to each one: unknown options
    // are ignored, and a word that is not an option selects benchmarks by a
    // part of their name.
    let (mut trial, mut measure) = (false, false);
    let mut filters = Vec::new();
    let mut work = Work {
        rounds: 3,
        time: Duration::from_secs(4),
        keys: 10_000,
    };
    // Cargo's directory is on a disk, while the temporary directory may be in
    // memory.
    let mut root = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} what?"));
        match word.as_str() {
            "--seconds" => work.time = Duration::from_secs(value()?.parse()?),
            "--keys" => work.keys = value()?.parse()?,
            "--dir" => root = value()?.into(),
            "--test" => trial = true,
            "--bench" => measure = true,
            "--list" => {
                println!("stores: benchmark");
                return Ok(());
            }
            option if option.starts_with('-') => {}
            filter => filters.push(filter.to_string()),
        }
    }
    if !filters.is_empty() && !filters.iter().any(|filter| "stores".contains(filter)) {
        return Ok(());
    }
    // `cargo test` passes neither.
    if trial || !measure {
        work.rounds = 1;
        work.time = Duration::from_millis(20);
    }
    println!(
        "| engine | clients | durable swaps/s | swaps a commit | 99 % under, us | slowest, us | load, ns | KiB on disk |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let engines: [(&str, Round); 3] = [
        ("redb", run::<Redb>),
        ("fjall", run::<Fjall>),
        ("SQLite", run::<Sqlite>),
    ];
    report(&engines, &root, &work)
}
