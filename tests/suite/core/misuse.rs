//! The misuse cases of every language, in Rust. Cases that the type system
//! rules out are skipped.

use mpass_core::Error;
use mpass_core::challenge::{
    Account, Binding, Challenge, Email, Keyring, Policy, PolicySettings, Subject, SubjectKind,
};
use mpass_core::number::{CallingCode, PhoneNumber};
use mpass_core::oath::ocra::{Inputs, Ocra};
use mpass_core::oath::uri::KeyUri;
use mpass_core::oath::{Digits, Hotp, Key, Secret, Totp};
use mpass_core::service::settings::Settings;
use mpass_core::service::{
    AppHash, ChannelSettings, ClientKey, ClientSettings, CustomerSettings, Engine, EngineSettings,
    TenantAdmin, Texts,
};
use mpass_core::store::MemoryStore;
use mpass_tests::misuse::{self, Value};
use mpass_tests::tenants::administer;

#[path = "misuse/arguments.rs"]
mod arguments;
#[path = "misuse/tenants.rs"]
mod tenants;

use arguments::{Arguments, Done, Refused};

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

fn create(arguments: &Arguments, settings: &impl Settings) -> Done<()> {
    let admin = TenantAdmin::new(arguments.keyring()?.into());
    let create = admin.create(&settings.to_values(), &[3; 32]);
    administer(&MemoryStore::new(9), 0, create).map_err(Error::from)?;
    Ok(())
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
        "android_app.hash" => {
            let certificate = arguments.bytes("certificate")?;
            AppHash::of(&arguments.text("package")?, &certificate)?;
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
            create(arguments, &settings)?;
        }
        "customer.create" => {
            let settings = CustomerSettings::new(arguments.text("id")?);
            create(arguments, &settings)?;
        }
        "client.create" => {
            let key = ClientKey::parse(&arguments.bytes("public-key")?)?;
            let settings = ClientSettings {
                redirect_uris: vec![arguments.text("redirect-uri")?],
                public_key: Some(key),
                ..ClientSettings::new(arguments.text("name")?)
            };
            create(arguments, &settings)?;
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
