//! Collects the state of a running server.

use core::time::Duration;
use std::path::PathBuf;

use mpass_core::challenge::{Header, Keyring};
use mpass_core::number::TABLE_VERSION;
use mpass_core::service::Engine;
use mpass_core::store::{AsyncStore, Kind};

use super::cut_off::CutOffInfo;
use super::keys::shown;
use super::machine::{CertificateStatus, KeyStatus, MachineStatus};
use super::problems::problems;
use super::status::{
    BudgetStatus, ClockStatus, ConfigurationStatus, GatewayStatus, HeaderStatus, KeyringStatus,
    ListenerStatus, RecentStatus, RequestsStatus, Status, StoreStatus,
};
use crate::about::About;
use crate::config::Config;
use crate::fleet::directory::Machines;
use crate::recent::MINUTES;
use crate::reload::Reloader;
use crate::setup::Setup;
use crate::state::{State, routes};
use crate::store::{AnyStore, States};
use crate::tls::Tls;
use crate::{clock, log_queue};

/// The timeout for the store.
const STORE_TIMEOUT: Duration = Duration::from_secs(2);

/// The state of a running server; `None` while it is starting.
pub(super) async fn status(state: &State, reloader: &Reloader) -> Option<Status> {
    let about = state.about.get()?;
    let setup = state.setup.load_full();
    let (options, failures) = reloader.in_use();
    let engine = state.engine.load_full();
    let keyring = engine.keyring();
    let header = header(state, keyring).await;
    let mut status = Status {
        problems: Vec::new(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        started_at_ms: about.started_at_ms,
        uptime_s: about.started.elapsed().as_secs(),
        listeners: listeners(about),
        accounting: about.accounting.map(|addr| addr.to_string()),
        configuration: ConfigurationStatus {
            file: options
                .source
                .and_then(|source| source.config)
                .map(absolute),
            fingerprint: fingerprint(&options.config, keyring),
            reload_failed: !failures.is_empty(),
            failures,
        },
        store: StoreStatus {
            kind: kind(&state.store).to_owned(),
            data_dir: options.data_dir,
            answers: header.is_some(),
            write_failure: write_failure(&state.store).await,
            file_layout: state.store.layout(),
            header: header.as_ref().map(header_status),
        },
        keyring: KeyringStatus::of(keyring, state.keyring_file.clone()),
        number_table: TABLE_VERSION,
        clock: clock_status(&state.store, header.as_ref()),
        certificates: certificates(&setup),
        gateways: gateways(state, &setup),
        cut_offs: cut_offs(&engine),
        machines: Vec::new(),
        budgets: budgets(about, &setup),
        log_lines_dropped: log_queue::dropped_lines(),
        recent: recent(state),
    };
    status.machines = machines(state, reloader).await;
    status.problems = problems(&status);
    Some(status)
}

/// The machines that serve from the store; this one alone if the store is not shared,
/// or does not answer.
async fn machines(state: &State, reloader: &Reloader) -> Vec<MachineStatus> {
    let Some(own) = machine(state, reloader) else {
        return Vec::new();
    };
    if !state.store.is_shared() {
        return vec![own];
    }
    let engine = state.engine.load_full();
    let known = Machines::new(&state.store, engine.keyring());
    let listing = known.list(own.announced_at_ms);
    let mut machines = match tokio::time::timeout(STORE_TIMEOUT, listing).await {
        Ok(Ok(machines)) => machines,
        _ => Vec::new(),
    };
    machines.retain(|other| other.id != own.id);
    machines.push(own);
    machines.sort_by(|a, b| (&a.host, &a.id).cmp(&(&b.host, &b.id)));
    machines
}

/// What this machine announces; `None` while it is starting.
pub(crate) fn machine(state: &State, reloader: &Reloader) -> Option<MachineStatus> {
    let about = state.about.get()?;
    let engine = state.engine.load_full();
    let keyring = engine.keyring();
    let (options, _) = reloader.in_use();
    let KeyringStatus { active, keys, .. } = KeyringStatus::of(keyring, None);
    let ahead_ms = state.offset.ahead_ms();
    Some(MachineStatus {
        id: state.machine.clone(),
        host: host_name(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at_ms: about.started_at_ms,
        announced_at_ms: clock::now_ms()
            .saturating_add_signed(ahead_ms.unwrap_or(0).saturating_neg()),
        live: true,
        layout: Header::NEWEST_LAYOUT,
        write_format: Header::NEWEST_WRITE_FORMAT,
        number_table: TABLE_VERSION,
        active_key: active,
        keys,
        configuration: fingerprint(&options.config, keyring),
        ahead_ms,
        certificates: certificates(&state.setup.load()),
    })
}

fn host_name() -> String {
    let name = rustix::system::uname();
    name.nodename().to_string_lossy().into_owned()
}

/// A path that is right wherever the operator is.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// Why the last write to the store failed, if writes still fail.
async fn write_failure(store: &AnyStore) -> Option<String> {
    let tried = tokio::time::timeout(STORE_TIMEOUT, store.try_to_write()).await;
    tried.unwrap_or_else(|_| store.write_failure())
}

/// What identifies the settings; empty for a path that is not UTF-8, which only the
/// command line can contain.
fn fingerprint(config: &Config, keyring: &Keyring) -> String {
    let canonical = config.canonical();
    canonical.map_or_else(
        |_| String::new(),
        |text| shown(keyring.configuration_fingerprint(&text)),
    )
}

/// The header, which every store of a running server has.
async fn header(state: &State, keyring: &Keyring) -> Option<Header> {
    let load = AsyncStore::load(&state.store, Kind::Document, Header::KEY);
    let loaded = tokio::time::timeout(STORE_TIMEOUT, load).await;
    let value = loaded.ok()?.ok()??;
    Header::open(&value, keyring).ok()
}

fn gateways(state: &State, setup: &Setup) -> Vec<GatewayStatus> {
    let defined = state.defined.load_full();
    let usable = routes(setup, &defined).enumerate().map(|(index, gateway)| {
        let health = gateway.health();
        GatewayStatus {
            name: gateway.name().to_owned(),
            is_stored: index >= setup.gateways.len(),
            unusable: None,
            route: gateway.route().to_owned(),
            success_at_ms: health.success_at_ms,
            failure_at_ms: health.failure_at_ms,
            failure: health.failure,
        }
    });
    let unusable = defined.unusable().map(|(name, reason)| GatewayStatus {
        name: name.to_owned(),
        is_stored: true,
        unusable: Some(reason.to_owned()),
        route: String::new(),
        success_at_ms: None,
        failure_at_ms: None,
        failure: None,
    });
    usable.chain(unusable).collect()
}

fn listeners(about: &About) -> Vec<ListenerStatus> {
    let listeners = about.listeners.iter();
    listeners
        .map(|(url, realm)| ListenerStatus {
            url: url.clone(),
            realm: realm.clone(),
        })
        .collect()
}

const fn kind(store: &AnyStore) -> &'static str {
    match store {
        AnyStore::Embedded(_) => "embedded",
        AnyStore::Memory(_) => "memory",
        AnyStore::Redis(_) => "redis",
        AnyStore::Postgres(_) => "postgres",
    }
}

fn header_status(header: &Header) -> HeaderStatus {
    HeaderStatus {
        layout: header.layout(),
        write_format: header.write_format(),
        number_table: header.number_table(),
        active_key: header.active_key(),
        restored_at_ms: header.restored_at_ms(),
        closed: header.is_closed(),
    }
}

fn clock_status(store: &AnyStore, header: Option<&Header>) -> ClockStatus {
    let now_ms = clock::now_ms();
    let restored_ms = header.and_then(Header::restored_at_ms);
    let store_ms = restored_ms.max(store.dropped_at_ms());
    ClockStatus {
        now_ms,
        store_ms,
        behind_ms: store_ms.unwrap_or(0).saturating_sub(now_ms),
    }
}

fn certificates(setup: &Setup) -> Vec<CertificateStatus> {
    let ends = setup.tls.as_ref().map(Tls::ends_at_ms).unwrap_or_default();
    ends.into_iter()
        .map(|ends_at_ms| CertificateStatus {
            setting: "tls.certificates".to_owned(),
            ends_at_ms,
        })
        .collect()
}

fn cut_offs(engine: &Engine) -> Vec<CutOffInfo> {
    let cut_offs = engine.cut_offs().in_effect(clock::now_ms());
    cut_offs.filter_map(CutOffInfo::of).collect()
}

fn budgets(about: &About, setup: &Setup) -> BudgetStatus {
    let usage = about.admission.usage();
    BudgetStatus {
        connections: usage.connections,
        most_connections: usage.most_connections,
        configured_connections: setup.limits.connections,
        request_bytes: usage.memory,
        most_request_bytes: usage.most_memory,
        answering: usage.answering,
    }
}

fn recent(state: &State) -> RecentStatus {
    let requests = state.recent.summary().into_iter();
    RecentStatus {
        minutes: MINUTES,
        requests: requests
            .map(|one| RequestsStatus {
                contract: one.contract.to_owned(),
                tenant: one.tenant,
                reasons: one
                    .reasons
                    .into_iter()
                    .map(|(reason, count)| (reason.to_owned(), count))
                    .collect(),
            })
            .collect(),
    }
}

impl KeyringStatus {
    /// The fingerprints of a keyring.
    pub(crate) fn of(keyring: &Keyring, file: Option<PathBuf>) -> Self {
        let keys = keyring.record_fingerprints();
        Self {
            file,
            locator: shown(keyring.locator_fingerprint()),
            active: keyring.newest(),
            keys: keys
                .map(|(id, fingerprint)| KeyStatus {
                    id,
                    fingerprint: shown(fingerprint),
                })
                .collect(),
        }
    }
}
