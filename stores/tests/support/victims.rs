//! The stores that are killed.

use core::time::Duration;
use std::thread;

use super::aof::Loss;
use super::postgres::Postgres;
use super::redis::Redis;
use super::relay::Relay;
use super::wait_until;

/// A store that is killed and comes back.
pub trait Victim {
    /// Where it is reached, also after a promotion.
    fn url(&self) -> String;
    /// Whether swaps are acknowledged by the other one.
    fn acknowledges(&self) -> bool {
        false
    }
    /// How much of the time before a kill is lost.
    fn loses(&self) -> Duration {
        Duration::ZERO
    }
    fn kill(&mut self);
    /// `round` counts the kills from 0.
    fn revive(&mut self, round: usize);
}

/// One Redis. With a loss, its file ends where it did that long before the kill, as
/// after a loss of power.
pub struct OneRedis {
    server: Redis,
    loss: Option<Loss>,
}

impl OneRedis {
    pub fn new(options: &[&str], loss: Option<Duration>) -> Self {
        let server = Redis::start(options);
        Self {
            loss: loss.map(|time| Loss::watch(server.appended(), time)),
            server,
        }
    }

    /// With `appendfsync everysec`, after a loss of power.
    pub fn everysec() -> Self {
        let second = Duration::from_secs(1);
        Self::new(&["--appendfsync", "everysec"], Some(second))
    }

    /// With `appendfsync no`, after a loss of power, where the system had written 5 s
    /// before.
    pub fn never() -> Self {
        let five = Duration::from_secs(5);
        Self::new(&["--appendfsync", "no"], Some(five))
    }
}

impl Victim for OneRedis {
    fn url(&self) -> String {
        self.server.url()
    }

    fn loses(&self) -> Duration {
        self.loss.as_ref().map_or(Duration::ZERO, |loss| loss.time)
    }

    fn kill(&mut self) {
        self.server.process.kill();
        if let Some(loss) = &self.loss {
            loss.happen();
        }
    }

    fn revive(&mut self, _: usize) {
        self.server.restart();
    }
}

/// A primary of Redis and its replica, which takes its place in every second round.
/// Without acknowledgement the replica lacks what came last.
pub struct TwoRedis {
    primary: Redis,
    replica: Redis,
    /// In front of the primary, for the servers.
    front: Relay,
    /// Between both, where what came last is lost.
    between: Relay,
    acknowledges: bool,
}

/// How long the replication lags.
const LAG: Duration = Duration::from_millis(500);

impl TwoRedis {
    pub fn new(acknowledges: bool) -> Self {
        let primary = Redis::start(&[]);
        let between = Relay::start(primary.port);
        Self {
            replica: Redis::replica_at(between.port),
            front: Relay::start(primary.port),
            between,
            primary,
            acknowledges,
        }
    }
}

impl Victim for TwoRedis {
    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.front.port)
    }

    fn acknowledges(&self) -> bool {
        self.acknowledges
    }

    fn kill(&mut self) {
        if !self.acknowledges {
            self.between.lose();
            thread::sleep(LAG);
        }
        self.primary.process.kill();
    }

    fn revive(&mut self, round: usize) {
        if self.acknowledges && round % 2 == 1 {
            self.primary.restart();
            self.front.lead(self.primary.port);
            self.between.lead(self.primary.port);
        } else {
            self.replica.promote();
            self.front.lead(self.replica.port);
            self.between.lead(self.replica.port);
            let next = Redis::replica_at(self.between.port);
            self.primary = core::mem::replace(&mut self.replica, next);
        }
        wait_until("the replica follows", || {
            let info = self.replica.cli(&["INFO", "replication"]);
            info.contains("master_link_status:up")
        });
    }
}

/// One PostgreSQL.
pub struct OnePostgres(Postgres);

impl OnePostgres {
    pub fn new(options: &[&str]) -> Self {
        Self(Postgres::start(options))
    }
}

impl Victim for OnePostgres {
    fn url(&self) -> String {
        self.0.url()
    }

    fn kill(&mut self) {
        self.0.process.kill();
    }

    fn revive(&mut self, _: usize) {
        self.0.restart();
    }
}

/// A primary of PostgreSQL and its standby, which takes its place in every second
/// round. Without acknowledgement the standby lacks what came last.
pub struct TwoPostgres {
    primary: Postgres,
    standby: Postgres,
    front: Relay,
    between: Relay,
    acknowledges: bool,
}

/// The name of each standby.
const STANDBY: &str = "mpass_standby";
const SYNCHRONOUS: &[&str] = &["synchronous_standby_names=mpass_standby"];

impl TwoPostgres {
    pub fn new(acknowledges: bool) -> Self {
        let primary = Postgres::start(Self::options(acknowledges));
        let between = Relay::start(primary.port);
        Self {
            standby: Postgres::standby_at(between.port, STANDBY, Self::options(acknowledges)),
            front: Relay::start(primary.port),
            between,
            primary,
            acknowledges,
        }
    }

    fn options(acknowledges: bool) -> &'static [&'static str] {
        match acknowledges {
            true => SYNCHRONOUS,
            false => &[],
        }
    }
}

impl Victim for TwoPostgres {
    fn url(&self) -> String {
        format!("postgresql://mpass@127.0.0.1:{}/postgres", self.front.port)
    }

    fn acknowledges(&self) -> bool {
        self.acknowledges
    }

    fn kill(&mut self) {
        if !self.acknowledges {
            self.between.lose();
            thread::sleep(LAG);
        }
        self.primary.process.kill();
    }

    fn revive(&mut self, round: usize) {
        if self.acknowledges && round % 2 == 1 {
            self.primary.restart();
            self.front.lead(self.primary.port);
            self.between.lead(self.primary.port);
        } else {
            // Processes that the killed one left behind reach nobody any more.
            self.front.lead(self.standby.port);
            self.between.lead(self.standby.port);
            self.standby.promote();
            let options = Self::options(self.acknowledges);
            let next = Postgres::standby_at(self.between.port, STANDBY, options);
            self.primary = core::mem::replace(&mut self.standby, next);
        }
        wait_until("the standby follows", || {
            let streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'";
            self.primary.psql(streaming) == "1"
        });
    }
}
