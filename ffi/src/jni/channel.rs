//! Channels of the mPass contract.

use std::sync::Mutex;

use mpass_core::Error;
use mpass_core::service::{App, Channel, ChannelKey, ChannelSettings, ChannelWrite, Template};
use mpass_core::store::StoreKey;

use super::call::Call;
use super::challenge::{Keys, touch};
use super::number::calling_code;
use super::policy;
use super::store::write_swap;
use super::wire::{Failure, Fields, Outcome, Reply};

/// A channel that is to be written, until it is.
pub(super) struct Held(Mutex<Option<ChannelWrite>>);

fn settings(input: &mut Fields<'_>) -> Outcome<ChannelSettings> {
    Ok(ChannelSettings {
        name: input.text()?.to_owned(),
        addresses: input.list(|input| Ok(input.text()?.parse()?))?,
        apps: input.list(|input| Ok(App::new(input.text()?)?))?,
        policy: policy::policy(input)?,
        country: input.optional(calling_code)?,
        host: input.optional(Fields::text)?.map(str::to_owned),
        english: input.optional(|input| Ok(Template::new(input.text()?)?))?,
        arabic: input.optional(|input| Ok(Template::new(input.text()?)?))?,
        sender: input.optional(Fields::text)?.map(str::to_owned),
    })
}

/// The settings as [`settings`] reads them.
fn write_settings(reply: &mut Reply, settings: &ChannelSettings) {
    reply.text(&settings.name);
    reply.count(settings.addresses.len());
    for network in &settings.addresses {
        reply.display(network);
    }
    reply.count(settings.apps.len());
    for app in &settings.apps {
        reply.text(app.as_str());
    }
    policy::write(reply, &settings.policy);
    reply.optional(settings.country, |reply, country| {
        reply.u32(u32::from(country.get()));
    });
    reply.optional(settings.host.as_deref(), Reply::text);
    for template in [&settings.english, &settings.arabic] {
        reply.optional(template.as_ref().map(Template::as_str), Reply::text);
    }
    reply.optional(settings.sender.as_deref(), Reply::text);
}

fn give(reply: &mut Reply, write: ChannelWrite) {
    write_swap(reply, write.swap());
    reply.give(Held(Mutex::new(Some(write))));
}

pub(super) fn place(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let place = Channel::place(&keyring, call.input.text()?);
    call.reply.raw(&place.0);
    Ok(())
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome<()> {
    let touch = touch(&mut call.input)?;
    let settings = settings(&mut call.input)?;
    let keyring = call.object::<Keys>()?.read()?;
    let (current, entropy) = (touch.current, &touch.entropy);
    let write = Channel::create(&keyring, current, settings, touch.now_ms, entropy)?;
    give(&mut call.reply, write);
    Ok(())
}

pub(super) fn open(call: &mut Call<'_>) -> Outcome<()> {
    let place = StoreKey(call.input.array()?);
    let bytes = call.input.bytes()?;
    let channel = Channel::open(&*call.object::<Keys>()?.read()?, &place, bytes)?;
    write_settings(&mut call.reply, channel.settings());
    call.reply.raw(channel.id());
    call.reply.u32(channel.key_version());
    call.reply.u64(channel.created_at_ms());
    call.reply.bool(channel.is_revoked());
    Ok(())
}

pub(super) fn rotate(call: &mut Call<'_>) -> Outcome<()> {
    let place = StoreKey(call.input.array()?);
    let touch = touch(&mut call.input)?;
    let current = touch.current.ok_or(Failure::Malformed)?;
    let keyring = call.object::<Keys>()?.read()?;
    let channel = Channel::open(&keyring, &place, current)?;
    let write = channel.rotate(&keyring, current, touch.now_ms, &touch.entropy)?;
    give(&mut call.reply, write);
    Ok(())
}

pub(super) fn revoke(call: &mut Call<'_>) -> Outcome<()> {
    let place = StoreKey(call.input.array()?);
    let touch = touch(&mut call.input)?;
    let current = touch.current.ok_or(Failure::Malformed)?;
    let keyring = call.object::<Keys>()?.read()?;
    let channel = Channel::open(&keyring, &place, current)?;
    let swap = channel.revoke(&keyring, current, touch.now_ms, &touch.entropy)?;
    write_swap(&mut call.reply, &swap);
    Ok(())
}

/// Whether a key (1), an address (2) or an application (3) is the channel's.
pub(super) fn allows(call: &mut Call<'_>) -> Outcome<()> {
    let place = StoreKey(call.input.array()?);
    let bytes = call.input.bytes()?;
    let keyring = call.object::<Keys>()?.read()?;
    let channel = Channel::open(&keyring, &place, bytes)?;
    let (what, text) = (call.input.u8()?, call.input.text()?);
    call.reply.bool(match what {
        1 => channel.has_key(&keyring, &ChannelKey::parse(text)?),
        2 => channel.allows_address(text.parse().map_err(|_| Error::InvalidAddress)?),
        3 => channel.allows_app(&App::new(text)?),
        _ => return Err(Failure::Malformed),
    });
    Ok(())
}

/// Tells the key, once.
pub(super) fn stored(call: &mut Call<'_>) -> Outcome<()> {
    let taken = call.object::<Held>()?.0.lock()?.take();
    let key = taken.ok_or(Failure::Spent)?.stored();
    call.reply.text(&key.expose());
    Ok(())
}
