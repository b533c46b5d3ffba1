//! An administrator's operations on gateways.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::number::PhoneNumber;
use mpass_core::service::Assessment;
use mpass_core::store::Stamp;

use super::cut_offs;
use super::failure::{Cause, Failure};
use super::gateway::{GatewayInfo, GatewayList, GatewayOperation, GatewaySource, GatewayTest};
use super::outcome::Outcome;
use crate::administrators::Hasher;
use crate::clock;
use crate::egress::EgressConfig;
use crate::gateway::{
    BUDGET, DefinitionError, Definitions, Gateway, GatewayConfig, HttpGateway, Listed, outcome,
    test_message,
};
use crate::numbers::NumbersConfig;
use crate::store::AnyStore;

/// What the process contributes to operations.
#[derive(Clone, Copy, Debug)]
pub struct Local<'a> {
    /// Computes passwords.
    pub hasher: &'a Hasher,
    /// Where gateways may be.
    pub egress: &'a EgressConfig,
    /// The rules for numbers.
    pub numbers: &'a NumbersConfig,
    /// The gateways of the configuration.
    pub gateways: LocalGateways<'a>,
}

/// The gateways of a configuration.
#[derive(Clone, Copy, Debug)]
pub enum LocalGateways<'a> {
    /// Those that a server uses.
    Running(&'a [Arc<Gateway>]),
    /// Those of a configuration that no server uses.
    Configured(&'a [GatewayConfig]),
}

impl LocalGateways<'_> {
    fn infos(&self) -> Vec<GatewayInfo> {
        let info = |name: &str, route| GatewayInfo::bare(name, GatewaySource::Configuration, route);
        match self {
            Self::Running(gateways) => {
                let gateways = gateways.iter();
                gateways
                    .map(|one| info(one.name(), Some(one.route().to_owned())))
                    .collect()
            }
            Self::Configured(gateways) => {
                let gateways = gateways.iter();
                gateways.map(|one| info(&one.name, one.route())).collect()
            }
        }
    }

    fn find(&self, name: &str) -> Option<anyhow::Result<Arc<Gateway>>> {
        match self {
            Self::Running(gateways) => {
                let gateway = gateways.iter().find(|one| one.name() == name)?;
                Some(Ok(Arc::clone(gateway)))
            }
            Self::Configured(gateways) => {
                let config = gateways.iter().find(|one| one.name == name)?;
                let http = HttpGateway::new(config);
                Some(http.map(|http| Gateway::Http(Box::new(http)).into()))
            }
        }
    }
}

/// Performs an operation on gateways.
///
/// # Errors
/// A [`Failure`] without a secret.
pub async fn perform(
    store: &AnyStore,
    keyring: &Keyring,
    operation: GatewayOperation,
    local: &Local<'_>,
) -> Result<Outcome, Failure> {
    let definitions = Definitions::new(store, keyring, local.egress);
    let configured = local.gateways.infos();
    let is_configured = |name: &str| configured.iter().any(|one| one.name == name);
    if operation.changes()
        && let Some(name) = operation.name()
        && is_configured(name)
    {
        return Err(Failure::new(
            "the configuration file has a gateway of this name: change it there and reload",
        ));
    }
    match operation {
        GatewayOperation::Create {
            name,
            settings,
            secrets,
        } => {
            let created = definitions.create(&name, &settings, &secrets).await?;
            Ok(one(GatewayInfo::of(&created)))
        }
        GatewayOperation::Update {
            name,
            settings,
            secrets,
            stamp,
        } => {
            let stamp = parsed(stamp)?;
            let updated = definitions.update(&name, &settings, &secrets, stamp);
            let updated = updated.await?;
            Ok(one(GatewayInfo {
                cleared: updated.cleared,
                ..GatewayInfo::of(&updated.stored)
            }))
        }
        GatewayOperation::Read { name } => {
            let mut of_file = configured.iter().filter(|one| one.name == name);
            match of_file.next() {
                Some(info) => Ok(one(info.clone())),
                None => Ok(one(GatewayInfo::of(&definitions.read(&name).await?))),
            }
        }
        GatewayOperation::List => list(&definitions, configured).await,
        GatewayOperation::Test { name, to } => {
            test(store, keyring, &definitions, (&name, &to), local).await
        }
        GatewayOperation::Remove { name, stamp } => {
            definitions.remove(&name, parsed(stamp)?).await?;
            Ok(Outcome::Done)
        }
        GatewayOperation::Order { names, stamp } => {
            definitions.order(&names, parsed(stamp)?).await?;
            list(&definitions, configured).await
        }
    }
}

fn one(info: GatewayInfo) -> Outcome {
    Outcome::Gateway(Box::new(info))
}

fn parsed(stamp: Option<String>) -> Result<Option<Stamp>, Error> {
    stamp.map(|stamp| stamp.parse()).transpose()
}

async fn list(
    definitions: &Definitions<'_>,
    configured: Vec<GatewayInfo>,
) -> Result<Outcome, Failure> {
    let (listed, stamp) = definitions.list().await?;
    let mut gateways = configured;
    gateways.extend(
        listed
            .into_iter()
            .map(|Listed { name, stored }| match stored {
                Ok(stored) => GatewayInfo::of(&stored),
                Err(error) => GatewayInfo {
                    unreadable: Some(error.to_string()),
                    ..GatewayInfo::bare(&name, GatewaySource::Store, None)
                },
            }),
    );
    Ok(Outcome::Gateways(GatewayList {
        gateways,
        stamp: stamp.map(|stamp| stamp.to_string()),
    }))
}

/// Sends a test message. Of the response, only the class of its status and the time
/// are returned: whoever tests gateways must not read services through them.
async fn test(
    store: &AnyStore,
    keyring: &Keyring,
    definitions: &Definitions<'_>,
    (name, to): (&str, &str),
    local: &Local<'_>,
) -> Result<Outcome, Failure> {
    let number = PhoneNumber::parse(to, None)?;
    let assessment = local.numbers.assess(&number);
    if !matches!(assessment, Assessment::Valid { .. }) {
        return Err(Failure::new(
            "no message is sent to this number: see mpass number explain",
        ));
    }
    let (stopped, now_ms) = (cut_offs::read(store, keyring)?, clock::now_ms());
    let of_gateway = stopped.of_gateway(name, now_ms);
    let of_all = stopped.for_gateways(&[], now_ms);
    if of_gateway.is_some() || of_all.of_send(Some(&number), now_ms).is_some() {
        return Err(Failure::new("it is stopped: see mpass stop list"));
    }
    let gateway = match local.gateways.find(name) {
        Some(found) => found.context("the gateway cannot be used"),
        None => {
            let stored = definitions.read(name).await?;
            let http = stored.definition.gateway(local.egress);
            http.map(|http| Gateway::Http(Box::new(http)).into())
        }
    };
    let gateway = gateway.map_err(|error| Failure::new(format!("{error:#}")))?;
    definitions.count_test().await?;
    let begun = Instant::now();
    let attempt = gateway.attempt(&test_message(number), BUDGET).await;
    let class = attempt.status.map(|status| format!("{}xx", status / 100));
    Ok(Outcome::Tested(GatewayTest {
        name: name.to_owned(),
        outcome: outcome(&attempt.answer).to_owned(),
        status_class: class,
        took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    }))
}

impl From<DefinitionError> for Failure {
    fn from(error: DefinitionError) -> Self {
        let (number, cause) = match &error {
            DefinitionError::Store(error) => (error.number(), Cause::default()),
            DefinitionError::Missing => (0, Cause::Missing),
            DefinitionError::Exists | DefinitionError::TooMany => (0, Cause::Conflict),
            DefinitionError::TooManyTests => (0, Cause::Unavailable),
            DefinitionError::InvalidOrder | DefinitionError::Invalid(_) => (0, Cause::Refused),
        };
        Self {
            number,
            message: error.to_string(),
            cause,
        }
    }
}
