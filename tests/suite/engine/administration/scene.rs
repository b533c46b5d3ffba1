//! A simulated host that an administrator uses.

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::service::settings::{Field, Group, Refused, Value, Values};
use mpass_core::service::{
    ChannelSettings, NewCredential, Overlap, Reason, TenantAdmin, TenantEntry, TenantPatch,
};
use mpass_core::store::Operation;
use mpass_tests::sim::World;
use mpass_tests::tenants::create;

use super::ID;

pub(super) const NAMES: [(Group, &str); 3] = [
    (Group::Channel, "web"),
    (Group::Customer, ID),
    (Group::Client, "app"),
];

/// A simulated host and its administration.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) admin: TenantAdmin,
}

impl Scene {
    pub(super) fn new() -> Self {
        let world = World::default();
        Self {
            admin: TenantAdmin::new(world.engine.shared_keyring()),
            world,
        }
    }

    pub(super) fn run<O>(&self, operation: Result<O, Refused>) -> Result<O::Outcome, Error>
    where
        O: Operation<Error = Refused>,
    {
        self.world.administer(|_, _| operation)
    }

    /// Stores a channel of another keyring.
    pub(super) fn create_foreign(&self, keyring: &Keyring) {
        let settings = ChannelSettings::new("foreign");
        create(&self.world, keyring, &settings, 1, &[1; 32]);
    }

    pub(super) fn create(&self, group: Group, name: &str) -> Result<NewCredential, Error> {
        let values = named(group, name);
        self.run(self.admin.create(&values, &self.world.entropy()))
    }

    pub(super) fn read(&self, group: Group, name: &str) -> Result<TenantEntry, Error> {
        self.run(self.admin.read(group, name))
    }

    pub(super) fn update(&self, name: &str, patch: TenantPatch) -> Result<TenantEntry, Error> {
        self.run(self.admin.update(name, patch, &self.world.entropy()))
    }

    pub(super) fn rotate(
        &self,
        group: Group,
        name: &str,
        overlap: Overlap,
    ) -> Result<NewCredential, Error> {
        let entropy = self.world.entropy();
        self.run(self.admin.rotate(group, name, overlap, &entropy))
    }

    pub(super) fn revoke(&self, group: Group, name: &str) -> Result<TenantEntry, Error> {
        self.run(self.admin.revoke(group, name, &self.world.entropy()))
    }

    pub(super) fn credits(&self, paid: u64) -> Result<u64, Error> {
        self.run(self.admin.credits(ID, paid, &self.world.entropy()))
    }

    pub(super) fn works(&self, group: Group, new: &NewCredential) -> bool {
        let tenant = self.read(group, &new.name).unwrap().tenant;
        let keyring = self.world.engine.keyring();
        let now_ms = self.world.now();
        tenant
            .has_credential(keyring, &new.credential, now_ms)
            .unwrap()
    }

    /// The request that reads the parameters of a verification, as a channel.
    pub(super) fn verify(&self, new: &NewCredential) -> Reason {
        let key = new.credential.as_str();
        let query = format!("apikey={key}&dest=%2B966500000000&otp=123456");
        self.world
            .get(&format!("/mpass-web/rest/mv/verify?{query}"))
            .reason
    }
}

pub(super) fn named(group: Group, name: &str) -> Values {
    let mut values = Values::new(group);
    values.set(Field::Name, Value::Text(name.into())).unwrap();
    values
}

pub(super) fn patch(group: Group, field: Field, value: u64) -> TenantPatch {
    let mut patch = TenantPatch::new(group);
    patch.set(field, Value::Number(value)).unwrap();
    patch
}
