//! What a server is assembled from, read and checked before anything is changed.

use std::sync::Arc;

use anyhow::Context;
use mpass_core::challenge::Keyring;
use mpass_core::service::EngineSettings;

use crate::config::{MetricsConfig, PortalConfig};
use crate::egress::EgressConfig;
use crate::gateway::{Gateway, HttpGateway, Outbox};
use crate::identity_provider::IdentityProvider;
use crate::limits::LimitsConfig;
use crate::network::{self, AccountingRules, NetworkTable};
use crate::numbers::NumbersConfig;
use crate::options::ServeOptions;
use crate::signing::SigningKeys;
use crate::store::StoreDirectory;
use crate::tls::Tls;
use crate::{keyring_source, tls};

/// What a reload replaces, all at once. A request and a connection use what was
/// there when they began.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Limits on connections and requests.
    pub limits: Arc<LimitsConfig>,
    /// Access to the metrics.
    pub metrics: Arc<MetricsConfig>,
    /// The listener for administration.
    pub portal: Arc<PortalConfig>,
    /// The operator's rules for numbers.
    pub numbers: Arc<NumbersConfig>,
    /// The gateways of the configuration, in the order in which they are tried.
    pub gateways: Vec<Arc<Gateway>>,
    /// Where gateways that are defined while the server runs may be.
    pub egress: Arc<EgressConfig>,
    /// The keys that sign ID tokens with RS256.
    pub signing: Arc<SigningKeys>,
    /// The identity provider with which administrators may sign in.
    pub(crate) identity_provider: Option<Arc<IdentityProvider>>,
    /// The certificate of all listeners; plain HTTP without it.
    pub(crate) tls: Option<Tls>,
    /// Who may send accounting.
    pub(crate) accounting: Arc<AccountingRules>,
}

/// A valid configuration with everything that it refers to.
#[derive(Debug)]
#[non_exhaustive]
pub struct Validated {
    /// What can be replaced while a server runs.
    pub setup: Setup,
    /// The settings of the engine.
    pub engine: EngineSettings,
    /// The network table, with the entries of its file.
    pub network: NetworkTable,
}

/// Checks all of a configuration, and reads the files and environment variables that
/// it names. Writes nothing, and takes no address. A start, a reload and a check of
/// the configuration all do this.
///
/// # Errors
/// An error in one line that names the file, the line and the setting, and contains
/// no value.
pub fn validate(options: &ServeOptions) -> anyhow::Result<Validated> {
    let validated = read(options).map_err(|error| options.located(error))?;
    let located = |is_of_configuration, error| match is_of_configuration {
        true => options.located(error),
        false => error,
    };
    check_data_dir(options).map_err(|error| located(has_data_dir(options), error))?;
    let has_keyring = keyring_source::is_of_configuration(&options.config);
    check_keyring(options).map_err(|error| located(has_keyring, error))?;
    Ok(validated)
}

/// Whether the data directory is that of the configuration: the command line takes
/// precedence.
fn has_data_dir(options: &ServeOptions) -> bool {
    options.config.data_dir.as_ref() == Some(&options.data_dir)
}

/// Refuses a data directory that the server could not use.
pub(crate) fn check_data_dir(options: &ServeOptions) -> anyhow::Result<()> {
    let checked = StoreDirectory::check(&options.data_dir);
    match has_data_dir(options) {
        true => checked.context("data_dir"),
        false => Ok(checked?),
    }
}

/// The keyring of the options, if it exists.
pub(crate) fn check_keyring(options: &ServeOptions) -> anyhow::Result<Option<Keyring>> {
    let config = &options.config;
    let keyring = keyring_source::present(config, &options.data_dir, options.demo);
    match keyring_source::is_of_configuration(config) {
        true => keyring.context("keyring.file"),
        false => keyring,
    }
}

fn read(options: &ServeOptions) -> anyhow::Result<Validated> {
    options.check()?;
    let config = &options.config;
    let tls = config.tls.as_ref().map(tls::open).transpose()?;
    let gateways = gateways(options)?;
    let network = network::open(&config.network, &config.numbers)?;
    let signing = SigningKeys::load(&config.login.signing_keys)?;
    let accounting = AccountingRules::open(&config.network, &config.numbers)?;
    let egress = Arc::new(config.egress.clone());
    let identity_provider = config
        .portal
        .as_ref()
        .and_then(|portal| portal.oidc.as_ref());
    let identity_provider = identity_provider.map(|it| IdentityProvider::open(it, &egress));
    let identity_provider = identity_provider.transpose()?.map(Arc::new);
    let engine = config.login.engine_settings();
    engine.check().context("login.issuer")?;
    Ok(Validated {
        setup: Setup {
            limits: config.limits.clone().into(),
            metrics: config.metrics.clone().into(),
            portal: config.portal.clone().unwrap_or_default().into(),
            numbers: config.numbers.clone().into(),
            gateways,
            egress,
            signing: signing.into(),
            identity_provider,
            tls,
            accounting: accounting.into(),
        },
        engine,
        network,
    })
}

fn gateways(options: &ServeOptions) -> anyhow::Result<Vec<Arc<Gateway>>> {
    if options.demo {
        return Ok(vec![Gateway::Outbox(Arc::<Outbox>::default()).into()]);
    }
    let gateways = &options.config.gateways;
    let new = |gateway| {
        let http = HttpGateway::new(gateway);
        let http = http.with_context(|| format!("gateway {}", gateway.name));
        anyhow::Ok(Arc::new(Gateway::Http(Box::new(http?))))
    };
    match gateways.as_slice() {
        // Its name says nothing.
        [one] => Ok(vec![Gateway::Http(Box::new(HttpGateway::new(one)?)).into()]),
        several => several.iter().map(new).collect(),
    }
}
