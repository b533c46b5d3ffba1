//! The misuse cases of every language, in Rust. Cases that the type system
//! rules out are skipped.

use std::collections::BTreeMap;

use mpass_core::Error;
use mpass_core::challenge::{
    Account, Binding, Challenge, Email, Keyring, Policy, PolicySettings, Subject, SubjectKind,
};
use mpass_core::number::{CallingCode, PhoneNumber};
use mpass_core::oath::ocra::{Inputs, Ocra};
use mpass_core::oath::uri::KeyUri;
use mpass_core::oath::{Digits, Hotp, Key, Secret, Totp};
use mpass_core::service::{
    Channel, ChannelSettings, Client, ClientSettings, Customer, CustomerSettings, Engine,
    EngineSettings, Texts,
};
use mpass_tests::misuse::{self, Value};

#[path = "misuse_tenants.rs"]
mod tenants;

/// Why a call failed.
enum Refused {
    Error(Error),
    /// A program with this mistake does not compile, with the reason.
    Impossible(&'static str),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

type Done<T> = Result<T, Refused>;

/// The arguments of a call by name. None of them is null.
struct Arguments(BTreeMap<String, Option<Value>>);

impl Arguments {
    fn value(&self, name: &str) -> Option<&Value> {
        self.0[name].as_ref()
    }

    fn integer<T: core::str::FromStr>(&self, name: &str) -> Done<T> {
        match self.value(name) {
            Some(Value::Integer(digits)) => digits
                .parse()
                .map_err(|_| Refused::Impossible("the integer type holds no such number")),
            _ => Err(Refused::Impossible("an integer is nothing else")),
        }
    }

    fn text(&self, name: &str) -> Done<String> {
        match self.value(name) {
            Some(Value::Text(text)) => Ok(text.clone()),
            Some(Value::Repeated(text, times)) => Ok(text.repeat(*times)),
            Some(Value::Unpaired(_)) => Err(Refused::Impossible("a str is Unicode")),
            _ => Err(Refused::Impossible("a str is nothing else")),
        }
    }

    fn texts(&self, name: &str) -> Done<Vec<&str>> {
        match self.value(name) {
            Some(Value::Texts(texts)) => Ok(texts.iter().map(String::as_str).collect()),
            _ => Err(Refused::Impossible("a slice of str is nothing else")),
        }
    }

    fn optional_bytes(&self, name: &str) -> Done<Option<Vec<u8>>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bytes(hex)) if hex.is_empty() => Ok(Some(Vec::new())),
            Some(Value::Bytes(hex)) => Ok(Some(Secret::from_hex(hex)?.expose().to_vec())),
            Some(Value::Zeros(count)) => Ok(Some(vec![0; *count])),
            _ => Err(Refused::Impossible("bytes are nothing else")),
        }
    }

    fn bytes(&self, name: &str) -> Done<Vec<u8>> {
        let bytes = self.optional_bytes(name)?;
        bytes.ok_or(Refused::Impossible("a slice is never null"))
    }

    /// The name of an enumeration value, one of these.
    fn handle(&self, name: &str, class: &[&str]) -> Done<&str> {
        match self.value(name) {
            Some(Value::Handle(handle)) if class.contains(&handle.as_str()) => Ok(handle),
            Some(Value::Closed(_)) => Err(Refused::Impossible("what was dropped has no name")),
            None => Err(Refused::Impossible("a reference is never null")),
            _ => Err(Refused::Impossible("a class is no other")),
        }
    }

    fn secret(&self) -> Done<Secret> {
        let handle = self.handle("secret", &["secret", "short-secret"])?;
        Ok(Secret::from_bytes(match handle {
            "short-secret" => b"123",
            _ => b"12345678901234567890",
        })?)
    }

    fn key(&self, algorithm: &str) -> Done<Key> {
        Ok(Key::new(algorithm.parse()?, self.secret()?.expose())?)
    }

    fn digits(&self) -> Done<Digits> {
        Ok(Digits::new(self.integer("digits")?)?)
    }

    fn keyring(&self) -> Done<Keyring> {
        self.handle("keyring", &["keyring"])?;
        Ok(Keyring::generate(&[1; 32]))
    }
}

fn sha1() -> Key {
    Key::new("SHA1".parse().unwrap(), b"12345678901234567890").unwrap()
}

fn hotp(arguments: &Arguments) -> Done<Hotp> {
    arguments.handle("hotp", &["hotp"])?;
    Ok(Hotp::new(sha1(), Digits::SIX))
}

fn totp(arguments: &Arguments) -> Done<Totp> {
    let late = arguments.handle("totp", &["totp", "late-totp"])? == "late-totp";
    Ok(Totp::new(sha1(), Digits::EIGHT).with_t0(if late { 60 } else { 0 }))
}

/// Makes a call. Unknown calls are a bug in this file.
fn call(name: &str, arguments: &Arguments) -> Done<()> {
    match name {
        "secret.from_bytes" => drop(Secret::from_bytes(&arguments.bytes("secret")?)?),
        "secret.from_base32" => drop(Secret::from_base32(&arguments.text("secret")?)?),
        "secret.from_hex" => drop(Secret::from_hex(&arguments.text("secret")?)?),
        "hotp.new" => drop(Hotp::new(
            arguments.key(&arguments.text("algorithm")?)?,
            arguments.digits()?,
        )),
        "hotp.generate" => drop(hotp(arguments)?.generate(arguments.integer("counter")?)),
        "hotp.verify" => drop(hotp(arguments)?.verify(
            &arguments.text("code")?,
            arguments.integer("counter")?,
            arguments.integer("look-ahead")?,
        )),
        "hotp.resynchronize" => drop(hotp(arguments)?.resynchronize(
            &arguments.texts("codes")?,
            arguments.integer("counter")?,
            arguments.integer("window")?,
        )?),
        "totp.new" => drop(
            Totp::new(arguments.key("SHA1")?, arguments.digits()?)
                .with_step(arguments.integer("step")?)?
                .with_t0(arguments.integer("t0")?),
        ),
        "totp.generate" => drop(totp(arguments)?.generate(arguments.integer("time")?)?),
        "ocra.new" => drop(Ocra::new(
            arguments.key("SHA1")?,
            arguments.text("suite")?.parse()?,
        )?),
        "ocra.respond" => {
            arguments.handle("ocra", &["ocra"])?;
            let ocra = Ocra::new(sha1(), "OCRA-1:HOTP-SHA1-6:QN08".parse()?)?;
            ocra.respond(&Inputs::new(&arguments.text("question")?))?;
        }
        "key_uri.parse" => drop(KeyUri::parse(&arguments.text("uri")?)?),
        _ => return call_engine(name, arguments),
    }
    Ok(())
}

fn call_engine(name: &str, arguments: &Arguments) -> Done<()> {
    match name {
        "number.parse" => {
            let country = CallingCode::new(arguments.integer("country")?)?;
            PhoneNumber::parse(&arguments.text("number")?, Some(country))?;
        }
        "number.keyed_hash" => {
            let key = arguments.bytes("key")?;
            let key = key.as_slice().try_into();
            let key = key.map_err(|_| Refused::Impossible("an array has its length"))?;
            let _ = PhoneNumber::parse(&arguments.text("number")?, None)?.keyed_hash(key);
        }
        "keyring.parse" => drop(arguments.text("keyring")?.parse::<Keyring>()?),
        "policy.new" => {
            let _ = Policy::new(PolicySettings {
                digits: arguments.digits()?,
                tries: arguments.integer("tries")?,
                lifetime_ms: arguments.integer("lifetime")?,
                ..PolicySettings::default()
            })?;
        }
        "subject.number" => {
            Subject::parse(SubjectKind::Number, &arguments.text("number")?)?;
        }
        "subject.email" => {
            Email::parse(&arguments.text("address")?)?;
        }
        "subject.account" => {
            Account::parse(&arguments.text("account")?)?;
        }
        "challenge.attempt" => {
            let (keyring, policy) = (arguments.keyring()?, Policy::default());
            let subject = Account::parse("ann")?.into();
            let binding = Binding {
                service: "test",
                tenant: b"tenant",
                subject: &subject,
                context: "",
            };
            let record = arguments.optional_bytes("record")?;
            let challenge = Challenge::new(&keyring, &policy, binding);
            let _ = challenge.attempt(record.as_deref(), &arguments.text("code")?, 0, &[2; 32])?;
        }
        "channel.create" => {
            let (language, text) = (arguments.text("language")?, arguments.text("text")?);
            let settings = ChannelSettings {
                texts: Texts::from_pairs([(language.as_str(), text.as_str())])?,
                ..ChannelSettings::new(arguments.text("name")?)
            };
            let _ = Channel::create(&arguments.keyring()?, None, settings, 0, &[3; 32])?;
        }
        "customer.create" => {
            let settings = CustomerSettings::new(arguments.text("id")?);
            let _ = Customer::create(&arguments.keyring()?, None, settings, 0, &[3; 32])?;
        }
        "client.create" => {
            let point = arguments.bytes("public-key")?.try_into();
            let settings = ClientSettings {
                redirect_uris: vec![arguments.text("redirect-uri")?],
                public_key: Some(point.map_err(|_| Error::InvalidPublicKey)?),
                ..ClientSettings::new(arguments.text("name")?)
            };
            let _ = Client::create(&arguments.keyring()?, None, settings, 0, &[3; 32])?;
        }
        "tenants.read" | "tenants.update" | "tenants.rotate" | "tenants.provision" => {
            tenants::call(name, arguments)?;
        }
        "engine.new" => {
            let settings = EngineSettings {
                issuer: Some(arguments.text("issuer")?),
                ..EngineSettings::default()
            };
            let _ = Engine::with_settings(arguments.keyring()?, settings)?;
        }
        _ => panic!("no call {name}"),
    }
    Ok(())
}

#[test]
fn every_mistake_has_its_error() {
    let file = misuse::all();
    for (name, right) in &file.calls {
        assert!(
            call(name, &Arguments(right.clone())).is_ok(),
            "{name} fails with the right arguments"
        );
    }
    let mut made = 0;
    for misuse in &file.misuses {
        let mut arguments = file.calls[&misuse.call].clone();
        let right = arguments.insert(misuse.argument.clone(), misuse.value.clone());
        assert!(right.is_some(), "{}: no such argument", misuse.name);
        let is_engines = Error::ALL.iter().any(|error| error.name() == misuse.error);
        match call(&misuse.call, &Arguments(arguments)) {
            Ok(()) => panic!("{} is no mistake", misuse.name),
            Err(Refused::Error(error)) => {
                assert_eq!(error.name(), misuse.error, "{}", misuse.name);
                made += 1;
            }
            // Mistakes that only other languages allow have no error of the
            // engine, except integers too large for a Rust type.
            Err(Refused::Impossible(reason)) => {
                let is_integer = matches!(misuse.value, Some(Value::Integer(_)));
                assert!(!is_engines || is_integer, "{}: {reason}", misuse.name);
            }
        }
    }
    // Most expected errors are those of the engine.
    assert!(made > 30, "{made} mistakes made");
}
