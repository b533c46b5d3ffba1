//! The mPass contract from the command line, with a store in Redis or PostgreSQL.
//! `examples/` has the same program in other languages.
//!
//! ```sh
//! cargo run -p mpass-stores --features redis,postgres --example contract -- \
//!     redis://127.0.0.1:6379 KEYRING tenant shop       # prints the channel's key
//! … KEYRING issue KEY 966500000000                     # prints the code
//! … KEYRING verify KEY 966500000000 CODE
//! ```
//!
//! `KEYRING` is a file, which any of the programs makes (`keyring > KEYRING`).

use core::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use mpass_core::challenge::{Header, Keyring};
use mpass_core::service::settings::{Field, Group, Value, Values};
use mpass_core::service::{Answer, Engine, Host, Request, Sms, TenantAdmin, drive};
use mpass_core::store::{Kind, Listed, Store, StoreKey, Swap, Swapped, probe, run};
use mpass_stores::postgres::{PostgresSettings, PostgresStore};
use mpass_stores::redis::{RedisSettings, RedisStore};
use mpass_stores::remote::Admission;

type Anything<T> = Result<T, Box<dyn Error>>;

fn main() -> Anything<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["keyring"] => {
            print!("{}", Keyring::generate(&fresh()?).expose());
            Ok(())
        }
        // A server examines each node before it admits it.
        [url, ref rest @ ..] if url.starts_with("redis") => {
            let mut settings = RedisSettings::new(url);
            settings.admission = Admission::Any;
            perform(RedisStore::open(settings)?, rest)
        }
        [url, ref rest @ ..] => {
            let mut settings = PostgresSettings::new(url);
            settings.admission = Admission::Any;
            perform(PostgresStore::open(settings)?, rest)
        }
        [] => Err("usage: URL KEYRING probe|tenant|issue|verify …".into()),
    }
}

fn perform(store: impl Store + Sync, arguments: &[&str]) -> Anything<()> {
    let [path, command, arguments @ ..] = arguments else {
        return Err("usage: URL KEYRING probe|tenant|issue|verify …".into());
    };
    if *command == "probe" {
        probe::probe(&store, 8, 4, now_ms(), fresh()?)?;
        println!("probe 0");
        return Ok(());
    }
    let keyring: Arc<Keyring> = Arc::new(std::fs::read_to_string(path)?.parse()?);
    // In production only the program that creates the keyring expects an empty store.
    let environment = (now_ms, || {
        fresh().map_err(|_| mpass_core::Error::EntropyFailed)
    });
    let header = Header::initializing(&*keyring).run(&store, &environment)?;
    match (*command, arguments) {
        ("tenant", [name]) => {
            let mut values = Values::new(Group::Channel);
            values.set(Field::Name, Value::Text((*name).into()))?;
            let create = TenantAdmin::new(Arc::clone(&keyring)).create(&values, &fresh()?)?;
            let created = run(&store, &environment, create)?;
            println!("{}", *created.credential);
        }
        ("issue", [key, number]) => {
            let query = format!("apikey={key}&dest=%2B{number}");
            ask(&store, &keyring, &header, "msg", &query)?;
        }
        ("verify", [key, number, code]) => {
            let query = format!("apikey={key}&dest=%2B{number}&otp={code}");
            ask(&store, &keyring, &header, "verify", &query)?;
        }
        _ => return Err("usage: URL KEYRING probe|tenant|issue|verify …".into()),
    }
    Ok(())
}

/// One request of the mPass contract; prints the body of the reply.
fn ask(
    store: &impl Store,
    keyring: &Keyring,
    header: &Header,
    operation: &str,
    query: &str,
) -> Anything<()> {
    let request = Request {
        method: "GET",
        path: &format!("/mpass-web/rest/mv/{operation}"),
        query,
        headers: &[],
        body: &[],
        peer: Ipv4Addr::LOCALHOST.into(),
    };
    let engine = Engine::new(keyring.clone()).with_header(header);
    let exchange = engine.begin(&request, now_ms(), &fresh()?);
    let reply = drive(&Printing(store), exchange);
    println!("{}", String::from_utf8_lossy(&reply.body));
    Ok(())
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| u64::try_from(now.as_millis()).unwrap_or(u64::MAX))
}

fn fresh() -> Result<[u8; 32], getrandom::Error> {
    let mut entropy = [0; 32];
    getrandom::fill(&mut entropy)?;
    Ok(entropy)
}

/// A host whose gateway prints the code of a message.
struct Printing<'a, S>(&'a S);

impl<S: Store> Store for Printing<'_, S> {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, mpass_core::Error> {
        self.0.load(kind, key)
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, mpass_core::Error> {
        self.0.swap(swap, now_ms)
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, mpass_core::Error> {
        self.0.list(after, limit)
    }
}

impl<S: Store> Host for Printing<'_, S> {
    fn now_ms(&self) -> u64 {
        now_ms()
    }

    fn deliver(&self, sms: &Sms) -> Answer {
        let is_digit = |letter: &char| letter.is_ascii_digit();
        let code = sms.text.chars().skip_while(|letter| !is_digit(letter));
        println!("{}", code.take_while(is_digit).collect::<String>());
        Answer::Delivered
    }
}
