//! Reloading: the configuration on SIGHUP or `mpass reload`, and renewed PEM files.
//!
//! Everything is read and checked first ([`validate`]), and then replaced at once,
//! or nothing is. Requests and connections go on with what they began with.

mod changes;
mod failures;
mod watch;

use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use mpass_core::challenge::Keyring;
use mpass_core::oath::exposed;
use mpass_core::service::EngineSettings;
use tokio::signal::unix::Signal;
use tokio::sync::{Mutex as AsyncMutex, Semaphore};
use tokio::time::{MissedTickBehavior, interval};

use self::failures::Failures;
use self::watch::{POLL, Pem, Seen};
use crate::admin::store::{self, Fingerprints};
use crate::admin::upkeep;
use crate::admission::Admission;
use crate::fleet::keys::usable;
use crate::gateway::Gateway;
use crate::options::ServeOptions;
use crate::setup::{Setup, Validated, validate};
use crate::state::State;
use crate::{descriptors, keyring_file, logging, memory, tls};

/// How long the reading of all files may take, less than a command waits.
const READING: Duration = Duration::from_secs(20);

/// Reloads the configuration of a running server.
pub struct Reloader {
    state: Arc<State>,
    admission: Arc<Admission>,
    /// One reload or renewal at a time.
    turn: AsyncMutex<()>,
    /// Never locked for long: an operator asks what is in use during a reload, too.
    running: Mutex<Running>,
    /// For the one thread that reads files.
    reading: Arc<Semaphore>,
}

/// What is in use.
struct Running {
    options: ServeOptions,
    failures: Failures,
}

impl Reloader {
    pub(crate) fn new(state: Arc<State>, admission: Arc<Admission>, options: ServeOptions) -> Self {
        Self {
            state,
            admission,
            turn: AsyncMutex::default(),
            running: Mutex::new(Running {
                options,
                failures: Failures::default(),
            }),
            reading: Arc::new(Semaphore::new(1)),
        }
    }

    /// The options in use, and why an older state than that of the files is in use,
    /// if it is.
    pub(crate) fn in_use(&self) -> (ServeOptions, Vec<String>) {
        let running = self.running();
        (running.options.clone(), running.failures.reasons())
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a success or a failure.
    fn record<T>(&self, record: impl FnOnce(&mut Failures) -> T) -> T {
        let failures = &mut self.running().failures;
        let recorded = record(failures);
        self.state.metrics.set_reload_failed(failures.any());
        recorded
    }

    /// Reads and checks the configuration, and all files and variables that it
    /// names, and replaces what has changed, all or nothing. Returns the names of
    /// the settings that have changed.
    ///
    /// # Errors
    /// An error in one line that names the file, the line and the setting, and
    /// contains no value, for whatever would be refused at the start, and for
    /// settings that need a restart. Nothing has changed then.
    pub async fn reload(&self) -> anyhow::Result<Vec<&'static str>> {
        let _turn = self.turn.lock().await;
        let replaced = self.replace().await;
        self.state.metrics.count_reload(replaced.is_ok());
        match &replaced {
            Ok(_) => self.record(Failures::clear),
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(
                    error,
                    "the configuration was not reloaded, the old one stays in use"
                );
                self.record(|failures| failures.configuration(error));
            }
        }
        replaced
    }

    /// Reloads at every signal.
    pub(crate) async fn follow(self: Arc<Self>, mut hangup: Signal) {
        while hangup.recv().await.is_some() {
            // It has logged the error.
            let _ = self.reload().await;
        }
    }

    /// Takes renewed PEM files until `end`.
    pub(crate) async fn watch(self: Arc<Self>, end: impl Future<Output = ()>) {
        let looking = async {
            let mut seen: [Seen; Pem::ALL.len()] = Default::default();
            let mut tick = interval(POLL);
            tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tick.tick().await;
                for (pem, seen) in Pem::ALL.into_iter().zip(&mut seen) {
                    let files = pem.files(&self.running().options);
                    let taken = core::mem::take(seen);
                    let look = move || {
                        let mut seen = taken;
                        let is_due = seen.look(&files);
                        (seen, is_due)
                    };
                    let Ok((looked, is_due)) = tokio::task::spawn_blocking(look).await else {
                        continue;
                    };
                    *seen = looked;
                    if is_due && !self.renew(pem).await {
                        seen.failed();
                    }
                }
            }
        };
        tokio::select! {
            () = looking => {}
            () = end => {}
        }
    }

    /// Takes PEM files if their content has changed and is valid. Whether it was
    /// valid.
    async fn renew(&self, pem: Pem) -> bool {
        let _turn = self.turn.lock().await;
        let setup = self.state.setup.load_full();
        let options = self.running().options.clone();
        let renewed = self.apart(move || renewed(pem, &options, &setup)).await;
        let metrics = &self.state.metrics;
        match &renewed {
            Ok(None) => self.record(|failures| failures.renewed(pem)),
            Ok(Some(_)) => {
                tracing::info!(changed = pem.name(), "took renewed PEM files");
                metrics.count_reload(true);
                self.record(|failures| failures.renewed(pem));
            }
            Err(error) => {
                metrics.count_reload(false);
                let error = format!("{error:#}");
                if self.record(|failures| failures.renewal(pem, &error)) {
                    tracing::error!(
                        error,
                        "renewed PEM files were not taken, the old ones stay in use"
                    );
                }
            }
        }
        let is_valid = renewed.is_ok();
        if let Ok(Some(setup)) = renewed {
            self.state.setup.store(Arc::new(setup));
        }
        is_valid
    }

    /// Reads files with secrets in a thread for work that may block, and clears its
    /// stack. A disk or a network file system that does not answer ends the reading,
    /// not the thread: there is never a second one.
    async fn apart<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let only = Arc::clone(&self.reading).try_acquire_owned();
        let only = only.context("an earlier reading of the files has not ended")?;
        let reading = tokio::task::spawn_blocking(move || {
            let read = read();
            memory::clear_stack();
            drop(only);
            read
        });
        let read = tokio::time::timeout(READING, reading).await;
        let read = read.with_context(|| {
            format!("the files were not read within {READING:?}: a file system does not answer")
        })?;
        read.context("the reading failed")?
    }

    async fn replace(&self) -> anyhow::Result<Vec<&'static str>> {
        let running = self.running().options.clone();
        let old = running.clone();
        let (options, validated) = self.apart(move || read(&old)).await?;
        let Validated {
            setup, mut engine, ..
        } = validated;
        let was = self.state.setup.load_full();
        let setup = match options.demo {
            // It has the messages of the demo.
            true => Setup {
                gateways: was.gateways.clone(),
                ..setup
            },
            false => setup,
        };
        let mut changed = changes::changed((&running, &options), (&was, &setup));
        if options.demo {
            engine
                .issuer
                .clone_from(&self.state.engine.load().settings().issuer);
        }
        if self.replace_engine(engine).await? {
            changed.push("keyring");
        }
        // Nothing from here on fails.
        let limits = &setup.limits;
        let connections = descriptors::connections(limits.connections);
        self.admission
            .set(limits.budgets(connections, options.config.proxies()));
        self.state.setup.store(Arc::new(setup));
        let (was, is) = (running.config.log.level, options.config.log.level);
        self.running().options = options;
        // The line is written at the more verbose one of both levels.
        logging::set_level(was.max(is));
        let names = match changed.as_slice() {
            [] => "nothing".to_owned(),
            names => names.join(", "),
        };
        tracing::info!(changed = names, "reloaded the configuration");
        logging::set_level(is);
        self.look_after_tenants(&changed).await;
        Ok(changed)
    }

    /// Replaces the settings of the engine, and the keyring if its file has changed,
    /// which it returns.
    async fn replace_engine(&self, settings: EngineSettings) -> anyhow::Result<bool> {
        let state = &self.state;
        let _change = state.keyring_change.lock().await;
        memory::use_stack();
        let keyring = self.changed_keyring().await?;
        if *state.engine.load().settings() != settings {
            state.replace_settings(settings).context("login.issuer")?;
        }
        if let Some(keyring) = &keyring {
            state.replace_keyring(keyring);
        }
        Ok(keyring.is_some())
    }

    /// The keyring, if its file has changed. The store then belongs to it.
    async fn changed_keyring(&self) -> anyhow::Result<Option<Keyring>> {
        let state = &self.state;
        let Some(path) = &state.keyring_file else {
            return Ok(None);
        };
        let keyring = usable(&state.store, keyring_file::load(path)?)?;
        let engine = state.engine.load_full();
        if *exposed(keyring.expose()) == *exposed(engine.keyring().expose()) {
            return Ok(None);
        }
        store::follow(&state.store, &keyring, Fingerprints::Keep).await?;
        Ok(Some(keyring))
    }

    /// What does not change how requests are answered. It is done again at the next
    /// start.
    async fn look_after_tenants(&self, changed: &[&'static str]) {
        let has_changed = |name| changed.contains(&name);
        if has_changed("keyring")
            && let Err(error) = upkeep::encrypt_tenants(&self.state).await
        {
            tracing::error!(%error, "the tenants are not yet sealed with the new keyring");
        }
        if (has_changed("login.signing_keys") || has_changed("login.issuer"))
            && let Err(error) = upkeep::check_rs256(&self.state).await
        {
            tracing::error!(%error, "cannot check the clients");
        }
    }
}

/// Reads the options again, and everything that they name.
fn read(old: &ServeOptions) -> anyhow::Result<(ServeOptions, Validated)> {
    let source = old.source.as_ref();
    let source = source.context("the server was started without a configuration to reload")?;
    let options = source.read()?;
    changes::check(old, &options).map_err(|error| options.located(error))?;
    let validated = validate(&options)?;
    Ok((options, validated))
}

/// What is in use, with the content that PEM files now have; `None` if it is the
/// same.
fn renewed(pem: Pem, options: &ServeOptions, setup: &Setup) -> anyhow::Result<Option<Setup>> {
    let config = &options.config;
    match pem {
        Pem::Tls => {
            let tls = config.tls.as_ref().map(tls::open).transpose()?;
            let (Some(was), Some(is)) = (&setup.tls, &tls) else {
                return Ok(None);
            };
            Ok((!is.has_chain_of(was)).then(|| Setup {
                tls,
                ..setup.clone()
            }))
        }
        Pem::Authorities => {
            let mut renewed = setup.clone();
            let mut is_renewed = false;
            for (gateway, config) in renewed.gateways.iter_mut().zip(&config.gateways) {
                if let Gateway::Http(http) = &**gateway
                    && let Some(http) = http.renewed(config)?
                {
                    *gateway = Gateway::Http(Box::new(http)).into();
                    is_renewed = true;
                }
            }
            Ok(is_renewed.then_some(renewed))
        }
    }
}
