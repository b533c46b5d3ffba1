//! The misuse cases of the administration of tenants.

use mpass_core::Error;
use mpass_core::service::settings::{Field, Group, Refused, Value, Values};
use mpass_core::service::{AnyTenant, Overlap, TenantAdmin, TenantPatch};
use mpass_core::store::{MemoryStore, run};

use super::{Arguments, Done};

const ENTROPY: [u8; 32] = [3; 32];

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

fn named(group: Group, name: &str) -> Result<Values, Refused> {
    let mut values = Values::new(group);
    values.set(Field::Name, text(name))?;
    Ok(values)
}

fn field(name: &str) -> Result<Field, Refused> {
    let mut all = Field::ALL.iter().copied();
    let found = all.find(|field| field.name() == name);
    found.ok_or_else(|| Error::UnknownSetting.into())
}

pub(super) fn call(name: &str, arguments: &Arguments) -> Done<()> {
    let keyring = match name {
        "tenants.read" => arguments.keyring()?,
        _ => mpass_core::challenge::Keyring::generate(&[7; 32]),
    };
    let tenant = arguments.text("name")?;
    let stamp = match arguments.0.get("stamp") {
        Some(Some(_)) => Some(arguments.text("stamp")?),
        _ => None,
    };
    let given = |name: &str| match arguments.0.contains_key(name) {
        true => arguments.text(name),
        false => Ok(String::new()),
    };
    let (kind, set, clear) = (given("kind")?, given("field")?, given("clear")?);
    let credential = given("credential")?;
    let overlap = match name {
        "tenants.rotate" => arguments.integer("overlap")?,
        _ => 0,
    };
    let kind = Group::ALL.iter().find(|group| group.name() == kind);
    let kind = kind.copied().unwrap_or(Group::Channel);
    let act = || -> Result<(), Refused> {
        let admin = TenantAdmin::new(keyring.clone().into());
        let store = MemoryStore::new(9);
        let host = (|| 0, || Ok(ENTROPY));
        let shop = named(Group::Channel, "shop")?;
        let _ = run(&store, &host, admin.create(&shop, &ENTROPY)?)?;
        match name {
            "tenants.read" => drop(run(&store, &host, admin.read(kind, &tenant)?)?),
            "tenants.update" => {
                let mut patch = TenantPatch::new(kind);
                patch.set(field(&set)?, text("shop.example"))?;
                patch.clear(field(&clear)?)?;
                if let Some(stamp) = &stamp {
                    patch = patch.expecting(stamp.parse()?);
                }
                drop(run(&store, &host, admin.update(&tenant, patch, &ENTROPY)?)?);
            }
            "tenants.rotate" => {
                let overlap = Overlap::from_ms(overlap)?;
                let rotate = admin.rotate(Group::Channel, &tenant, overlap, &ENTROPY)?;
                drop(run(&store, &host, rotate)?);
            }
            _ => {
                let values = named(Group::Customer, &tenant)?;
                values.check()?;
                let group = Group::Customer;
                let key = AnyTenant::parse_key(&keyring, group, &tenant, &credential)?;
                run(&store, &host, admin.provision(&values, key, &ENTROPY)?)?;
            }
        }
        Ok(())
    };
    act().map_err(|refused| refused.error.into())
}
