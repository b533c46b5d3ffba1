//! What differs between the kinds of tenants: their settings, and how their credentials are shown.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use mpass_core::Error;
use mpass_core::service::{
    App, Channel, ChannelSettings, Client, ClientSettings, Customer, CustomerSettings, Network,
    Scope, Template, Tenant, TenantKey, TenantSettings,
};
use mpass_core::store::StoreKey;
use zeroize::Zeroizing;

use crate::failure::{Failure, Outcome};
use crate::number::calling_code;
use crate::policy;
use crate::wire::{Fields, Reply};

/// The settings of one kind of tenant.
pub(crate) trait Settings: TenantSettings {
    /// Its credential, as its contract sends it.
    const EXPOSE: fn(&TenantKey) -> Zeroizing<String>;

    /// With every default.
    fn named(name: &str) -> Self;

    fn unpack(input: &mut Fields<'_>) -> Outcome<Self>;

    /// As [`Self::unpack`] reads them.
    fn pack(&self, reply: &mut Reply);

    /// Reads what [`Self::EXPOSE`] wrote.
    fn key(store_key: StoreKey, text: &str) -> Result<TenantKey, Error>;

    fn allows_address(tenant: &Tenant<Self>, address: IpAddr) -> bool;

    /// Whether it may do what a text names.
    fn allows(_tenant: &Tenant<Self>, _text: &str) -> Outcome<bool> {
        Err(Failure::Malformed)
    }
}

fn addresses(input: &mut Fields<'_>) -> Outcome<Vec<Network>> {
    input.list(|input| Ok(input.text()?.parse()?))
}

fn write_addresses(reply: &mut Reply, addresses: &[Network]) {
    reply.list(addresses, Reply::display);
}

fn template(input: &mut Fields<'_>) -> Outcome<Option<Template>> {
    input.optional(|input| Ok(Template::new(input.text()?)?))
}

fn write_template(reply: &mut Reply, template: Option<&Template>) {
    reply.optional(template.map(Template::as_str), Reply::text);
}

impl Settings for ChannelSettings {
    const EXPOSE: fn(&TenantKey) -> Zeroizing<String> = TenantKey::expose;

    fn named(name: &str) -> Self {
        Self::new(name)
    }

    fn unpack(input: &mut Fields<'_>) -> Outcome<Self> {
        Ok(Self {
            name: input.owned_text()?,
            addresses: addresses(input)?,
            apps: input.list(|input| Ok(App::new(input.text()?)?))?,
            policy: policy::policy(input)?,
            country: input.optional(calling_code)?,
            host: input.optional(Fields::owned_text)?,
            text_en: template(input)?,
            text_ar: template(input)?,
            sender: input.optional(Fields::owned_text)?,
        })
    }

    fn pack(&self, reply: &mut Reply) {
        reply.text(&self.name);
        write_addresses(reply, &self.addresses);
        reply.list(&self.apps, |reply, app| reply.text(app.as_str()));
        policy::write(reply, &self.policy);
        reply.optional(self.country, |reply, country| {
            reply.u32(u32::from(country.get()));
        });
        reply.optional(self.host.as_deref(), Reply::text);
        write_template(reply, self.text_en.as_ref());
        write_template(reply, self.text_ar.as_ref());
        reply.optional(self.sender.as_deref(), Reply::text);
    }

    fn key(_store_key: StoreKey, text: &str) -> Result<TenantKey, Error> {
        TenantKey::parse(text)
    }

    fn allows_address(channel: &Channel, address: IpAddr) -> bool {
        channel.allows_address(address)
    }

    /// An application.
    fn allows(channel: &Channel, text: &str) -> Outcome<bool> {
        Ok(channel.allows_app(&App::new(text)?))
    }
}

impl Settings for CustomerSettings {
    const EXPOSE: fn(&TenantKey) -> Zeroizing<String> = TenantKey::expose_secret;

    fn named(name: &str) -> Self {
        Self::new(name)
    }

    fn unpack(input: &mut Fields<'_>) -> Outcome<Self> {
        Ok(Self {
            name: input.owned_text()?,
            addresses: addresses(input)?,
            policy: policy::policy(input)?,
            test_credits: input.u64()?,
            text_en: template(input)?,
            host: input.optional(Fields::owned_text)?,
            sender: input.optional(Fields::owned_text)?,
        })
    }

    fn pack(&self, reply: &mut Reply) {
        reply.text(&self.name);
        write_addresses(reply, &self.addresses);
        policy::write(reply, &self.policy);
        reply.u64(self.test_credits);
        write_template(reply, self.text_en.as_ref());
        reply.optional(self.host.as_deref(), Reply::text);
        reply.optional(self.sender.as_deref(), Reply::text);
    }

    fn key(store_key: StoreKey, text: &str) -> Result<TenantKey, Error> {
        TenantKey::parse_secret(store_key, text)
    }

    fn allows_address(customer: &Customer, address: IpAddr) -> bool {
        customer.allows_address(address)
    }
}

impl Settings for ClientSettings {
    const EXPOSE: fn(&TenantKey) -> Zeroizing<String> = TenantKey::expose_secret;

    fn named(name: &str) -> Self {
        Self::new(name)
    }

    fn unpack(input: &mut Fields<'_>) -> Outcome<Self> {
        let public_key = |input: &mut Fields<'_>| {
            let point = input.bytes()?.try_into();
            Ok(point.map_err(|_| Error::InvalidPublicKey)?)
        };
        Ok(Self {
            name: input.owned_text()?,
            addresses: addresses(input)?,
            scopes: scopes(input)?,
            policy: policy::policy(input)?,
            redirect_uris: input.list(Fields::owned_text)?,
            public_key: input.optional(public_key)?,
            host: input.optional(Fields::owned_text)?,
            sender: input.optional(Fields::owned_text)?,
        })
    }

    fn pack(&self, reply: &mut Reply) {
        reply.text(&self.name);
        write_addresses(reply, &self.addresses);
        reply.list(&self.scopes, |reply, scope| reply.text(scope.name()));
        policy::write(reply, &self.policy);
        reply.list(&self.redirect_uris, |reply, uri| reply.text(uri));
        reply.optional(self.public_key.as_ref(), |reply, point| reply.bytes(point));
        reply.optional(self.host.as_deref(), Reply::text);
        reply.optional(self.sender.as_deref(), Reply::text);
    }

    fn key(store_key: StoreKey, text: &str) -> Result<TenantKey, Error> {
        TenantKey::parse_secret(store_key, text)
    }

    fn allows_address(client: &Client, address: IpAddr) -> bool {
        client.allows_address(address)
    }

    /// A scope.
    fn allows(client: &Client, text: &str) -> Outcome<bool> {
        Ok(client.allows_scope(Scope::parse(text)?))
    }
}

/// Scopes by their names.
pub(crate) fn scopes(input: &mut Fields<'_>) -> Outcome<Vec<Scope>> {
    input.list(|input| Ok(Scope::parse(input.text()?)?))
}
