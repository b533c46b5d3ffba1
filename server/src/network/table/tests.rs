//! Tests of the network table on a simulated clock.

mod against_a_list;
mod ends;
mod in_any_order;
mod losses;
mod restored;

use core::time::Duration;

use mpass_core::network::NameHash;

use super::super::accounting::{SessionId, Subscriber};
use super::types::UNDATED_END_MS;
use super::*;

const REALM: &str = "mobile";
const INTERVAL_MS: u64 = 600_000;
/// The lifetime of a session without updates.
const LIFE_MS: u64 = 2 * INTERVAL_MS;
const BEGIN_MS: u64 = 1_700_000_000_000;
const HERE: &str = "10.0.0.1";

/// A table and its clock, which the NASes share.
struct Sim {
    table: NetworkTable,
    now_ms: u64,
}

fn number(last: u8) -> PhoneNumber {
    PhoneNumber::parse(&format!("+9665000000{last:02}"), None).unwrap()
}

fn nas(last: u8) -> Reporter {
    Reporter {
        nas: NasKey {
            source: [192, 0, 2, last].into(),
            realm: REALM.into(),
            name: NameHash::NONE,
        },
        interim_interval: Duration::from_millis(INTERVAL_MS),
        accept_undated: false,
    }
}

/// A NAS behind proxy 1.
fn behind(name: &str) -> Reporter {
    let mut nas = nas(1);
    nas.nas.name = NameHash::of(name.as_bytes());
    nas
}

fn id(name: &str) -> SessionId {
    NameHash::of(name.as_bytes())
}

fn at(now_ms: u64) -> u32 {
    u32::try_from(now_ms / 1000).unwrap()
}

fn subscriber(last: u8, endpoints: &[&str]) -> Subscriber {
    Subscriber {
        number: Some(number(last)),
        endpoints: endpoints
            .iter()
            .map(|endpoint| endpoint.parse().unwrap())
            .collect(),
    }
}

impl Sim {
    fn with_entries(entries: usize) -> Self {
        let freshness = Duration::from_secs(300);
        Self {
            table: NetworkTable::new(TableLimits { entries, freshness }),
            now_ms: BEGIN_MS,
        }
    }

    fn new() -> Self {
        Self::with_entries(1000)
    }

    fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
    }

    fn take(&self, from: &Reporter, time: Time, what: What) -> Result<Effect, Refusal> {
        let taken = self.table.take(from, time, what, self.now_ms);
        taken.map(|(effect, _)| effect)
    }

    fn tell_as(&self, from: &Reporter, what: What, at: u32) -> Result<Effect, Refusal> {
        self.take(from, Time::Dated(at), what)
    }

    /// Tells without a timestamp.
    fn tell_undated(&self, what: What) -> Result<Effect, Refusal> {
        let time = Time::Undated(at(self.now_ms));
        self.take(&nas(1), time, what)
    }

    fn tell(&self, what: What) -> Result<Effect, Refusal> {
        self.tell_as(&nas(1), what, at(self.now_ms))
    }

    /// Starts session `name` of number `last` at `HERE`.
    fn start(&self, name: &str, last: u8) -> Result<Effect, Refusal> {
        self.tell(What::Start(id(name), subscriber(last, &[HERE])))
    }

    fn interim(&self, name: &str, last: u8) -> Result<Effect, Refusal> {
        self.tell(What::Interim(id(name), subscriber(last, &[HERE])))
    }

    fn stop(&self, name: &str) -> Result<Effect, Refusal> {
        self.tell(What::Stop(id(name)))
    }

    fn resolve(&self, address: &str) -> Resolved {
        let address = address.parse().unwrap();
        self.table.resolve(REALM, address, self.now_ms)
    }

    /// Resolves `HERE`.
    fn here(&self) -> Resolved {
        self.resolve(HERE)
    }
}

const TAKEN: Result<Effect, Refusal> = Ok(Effect::Taken);
const LATE: Result<Effect, Refusal> = Ok(Effect::Late);

#[test]
fn from_start_to_stop() {
    let sim = Sim::new();
    assert_eq!(sim.here(), Resolved::Unknown);
    assert_eq!(sim.start("a", 1), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    assert_eq!(sim.resolve("10.0.0.2"), Resolved::Unknown);
    assert_eq!(sim.stop("a"), TAKEN);
    assert_eq!(sim.here(), Resolved::Unknown);
}

#[test]
fn a_realm_has_its_own_addresses() {
    let sim = Sim::new();
    let mut elsewhere = nas(2);
    elsewhere.nas.realm = "roaming".into();
    assert_eq!(sim.start("a", 1), TAKEN);
    let other = What::Start(id("a"), subscriber(2, &[HERE]));
    assert_eq!(sim.tell_as(&elsewhere, other, at(sim.now_ms)), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    let here = HERE.parse().unwrap();
    let resolve = |realm| sim.table.resolve(realm, here, sim.now_ms);
    assert_eq!(resolve("roaming"), Resolved::Number(number(2)));
    assert_eq!(resolve(""), Resolved::Unknown);
}

#[test]
fn a_session_expires_after_two_intervals() {
    let mut sim = Sim::new();
    assert_eq!(sim.start("a", 1), TAKEN);
    sim.pass(LIFE_MS - 1);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    assert_eq!(sim.interim("a", 1), TAKEN);
    // The Interim has a time in whole seconds, the one that began 999 ms ago.
    sim.pass(LIFE_MS - 1000);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    assert_eq!(sim.table.tidy(sim.now_ms), 1);
    sim.pass(1);
    assert_eq!(sim.here(), Resolved::Unknown);
    assert_eq!(sim.table.tidy(sim.now_ms), 0);
}

#[test]
fn a_retransmission_does_not_extend_a_session() {
    for ahead in [0, 200] {
        let mut sim = Sim::new();
        let began = at(sim.now_ms) + ahead;
        let start = || What::Start(id("a"), subscriber(1, &[HERE]));
        assert_eq!(sim.tell_as(&nas(1), start(), began), TAKEN);
        sim.pass(299_000);
        assert_eq!(sim.tell_as(&nas(1), start(), began), LATE);
        sim.pass(LIFE_MS - 299_001);
        assert_eq!(sim.here(), Resolved::Number(number(1)));
        sim.pass(1);
        assert_eq!(sim.here(), Resolved::Unknown);
    }
}

#[test]
fn a_late_packet_does_not_undo_a_stop() {
    let mut sim = Sim::new();
    let began = at(sim.now_ms);
    assert_eq!(sim.start("a", 1), TAKEN);
    sim.pass(60_000);
    assert_eq!(sim.stop("a"), TAKEN);
    let subscriber = || subscriber(1, &[HERE]);
    let packets = [
        (What::Interim(id("a"), subscriber()), began + 30),
        (What::Interim(id("a"), subscriber()), began + 60),
        // Even later than the Stop by its own clock: an Interim begins no
        // session.
        (What::Interim(id("a"), subscriber()), began + 90),
        (What::Start(id("a"), subscriber()), began),
        (What::Start(id("a"), subscriber()), began + 60),
    ];
    for wait_ms in [0, 100_000, 139_000] {
        sim.pass(wait_ms);
        for (what, at) in packets.clone() {
            assert_eq!(sim.tell_as(&nas(1), what, at), LATE);
            assert_eq!(sim.here(), Resolved::Unknown);
        }
    }
    // By the time the Stop is forgotten they are all stale.
    sim.pass(LIFE_MS - 239_001);
    assert_eq!(sim.interim("a", 1), LATE);
    for (what, at) in packets {
        assert_eq!(sim.tell_as(&nas(1), what, at), Err(Refusal::Stale));
    }
    sim.pass(2);
    assert_eq!(sim.interim("a", 1), TAKEN);
}

#[test]
fn a_stop_before_its_start() {
    let mut sim = Sim::new();
    let began = at(sim.now_ms);
    sim.pass(5000);
    assert_eq!(sim.stop("a"), TAKEN);
    let start = What::Start(id("a"), subscriber(1, &[HERE]));
    assert_eq!(sim.tell_as(&nas(1), start, began), LATE);
    assert_eq!(sim.here(), Resolved::Unknown);
}

#[test]
fn a_stop_of_an_earlier_session_of_the_same_id() {
    for stop_is_late in [false, true] {
        let sim = Sim::new();
        let stop = || sim.tell_as(&nas(1), What::Stop(id("a")), at(sim.now_ms) - 10);
        if !stop_is_late {
            assert_eq!(stop(), TAKEN);
        }
        assert_eq!(sim.start("a", 1), TAKEN);
        if stop_is_late {
            assert_eq!(stop(), TAKEN);
        }
        assert_eq!(sim.here(), Resolved::Number(number(1)));
        // One of the same second ends it.
        assert_eq!(sim.stop("a"), TAKEN);
        assert_eq!(sim.here(), Resolved::Unknown);
        assert_eq!(sim.start("a", 1), LATE);
    }
}

#[test]
fn a_reused_session_id() {
    let mut sim = Sim::new();
    assert_eq!(sim.start("a", 1), TAKEN);
    assert_eq!(sim.stop("a"), TAKEN);
    sim.pass(1000);
    assert_eq!(sim.start("a", 2), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(2)));
    // And without a Stop in between.
    sim.pass(1000);
    assert_eq!(sim.start("a", 3), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(3)));
}

#[test]
fn updates_replace_earlier_ones() {
    let mut sim = Sim::new();
    let began = at(sim.now_ms);
    let (v4, v6) = ("10.0.0.1", "2001:db8:1:2::/64");
    let tell = |sim: &Sim, endpoints: &[&str], at| {
        let what = What::Interim(id("a"), subscriber(1, endpoints));
        sim.tell_as(&nas(1), what, at)
    };
    assert_eq!(tell(&sim, &[v4, v6], began), TAKEN);
    assert_eq!(sim.resolve("2001:db8:1:2::9"), Resolved::Number(number(1)));
    sim.pass(10_000);
    assert_eq!(tell(&sim, &[v6], began + 10), TAKEN);
    assert_eq!(sim.resolve(v4), Resolved::Unknown);
    assert_eq!(sim.resolve("2001:db8:1:2::9"), Resolved::Number(number(1)));
    // An overtaken update has no effect.
    assert_eq!(tell(&sim, &[v4], began + 9), LATE);
    assert_eq!(sim.resolve(v4), Resolved::Unknown);
}

#[test]
fn an_address_of_two_numbers_is_shared() {
    let sim = Sim::new();
    assert_eq!(sim.start("a", 1), TAKEN);
    assert_eq!(sim.start("b", 1), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    assert_eq!(sim.start("c", 2), TAKEN);
    assert_eq!(sim.here(), Resolved::Shared);
    assert_eq!(sim.stop("a"), TAKEN);
    assert_eq!(sim.here(), Resolved::Shared);
    assert_eq!(sim.stop("b"), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(2)));
}

#[test]
fn a_session_without_a_number_shares_its_address() {
    let sim = Sim::new();
    let nobody = || Subscriber {
        number: None,
        ..subscriber(0, &[HERE])
    };
    let without = Ok(Effect::TakenWithoutNumber);
    assert_eq!(sim.tell(What::Start(id("x"), nobody())), without);
    assert_eq!(sim.here(), Resolved::Unknown);
    assert_eq!(sim.start("a", 1), TAKEN);
    assert_eq!(sim.here(), Resolved::Shared);
    assert_eq!(sim.stop("x"), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    assert_eq!(sim.tell(What::Start(id("y"), nobody())), without);
    assert_eq!(sim.here(), Resolved::Shared);
}

#[test]
fn a_restart_of_a_nas_ends_its_sessions_and_no_others() {
    for (what, since) in [(What::On, 0), (What::Off, 1)] {
        let mut sim = Sim::new();
        let began = at(sim.now_ms);
        let start = |last, endpoint| What::Start(id("a"), subscriber(last, &[endpoint]));
        assert_eq!(sim.start("a", 1), TAKEN);
        assert_eq!(sim.start("b", 1), TAKEN);
        for (neighbour, endpoint) in [(0, "10.0.0.3"), (2, "10.0.0.2")] {
            let what = start(neighbour, endpoint);
            assert_eq!(sim.tell_as(&nas(neighbour), what, began), TAKEN);
        }
        sim.pass(10_000);
        assert_eq!(sim.tell(what.clone()), TAKEN);
        assert_eq!(sim.here(), Resolved::Unknown);
        assert_eq!(sim.resolve("10.0.0.3"), Resolved::Number(number(0)));
        assert_eq!(sim.resolve("10.0.0.2"), Resolved::Number(number(2)));
        // Earlier events have no effect; later ones do.
        let restarted = began + 10;
        assert_eq!(
            sim.tell_as(&nas(1), start(1, HERE), restarted + since - 1),
            LATE
        );
        assert_eq!(sim.here(), Resolved::Unknown);
        assert_eq!(
            sim.tell_as(&nas(1), start(1, HERE), restarted + since),
            TAKEN
        );
        assert_eq!(sim.here(), Resolved::Number(number(1)));
        // An earlier restart that arrives late ends no later session, and does
        // not let earlier events in.
        assert_eq!(sim.tell_as(&nas(1), what, began), TAKEN);
        assert_eq!(sim.here(), Resolved::Number(number(1)));
        assert_eq!(
            sim.tell_as(&nas(1), start(1, HERE), restarted + since - 1),
            LATE
        );
    }
}

#[test]
fn only_fresh_events_are_applied() {
    for (seconds, expected) in [
        (-301, Err(Refusal::Stale)),
        (-300, TAKEN),
        (300, TAKEN),
        (301, Err(Refusal::Stale)),
    ] {
        let sim = Sim::new();
        let at = at(sim.now_ms).checked_add_signed(seconds).unwrap();
        let what = What::Start(id("a"), subscriber(1, &[HERE]));
        assert_eq!(sim.tell_as(&nas(1), what, at), expected, "{seconds}");
    }
}

#[test]
fn setting_the_clock_back_does_not_extend_sessions() {
    for steps_back in [1, 5] {
        let mut sim = Sim::new();
        assert_eq!(sim.start("a", 1), TAKEN);
        for _ in 0..steps_back {
            sim.pass(LIFE_MS / 10);
            assert_eq!(sim.here(), Resolved::Number(number(1)));
            sim.now_ms -= 3_600_000;
            assert_eq!(sim.here(), Resolved::Number(number(1)));
        }
        sim.pass(LIFE_MS - steps_back * LIFE_MS / 10 - 1);
        assert_eq!(sim.here(), Resolved::Number(number(1)));
        sim.pass(1);
        assert_eq!(sim.here(), Resolved::Unknown);
    }
}

#[test]
fn setting_the_clock_back_does_not_let_old_events_in() {
    let mut sim = Sim::new();
    let began = at(sim.now_ms);
    assert_eq!(sim.start("a", 1), TAKEN);
    sim.pass(10_000);
    assert_eq!(sim.stop("a"), TAKEN);
    for name in ["b", "c", "d"] {
        sim.pass(LIFE_MS);
        assert_eq!(sim.start(name, 2), TAKEN);
    }
    // The Stop is forgotten, and the Start is recent by the clock.
    sim.now_ms = BEGIN_MS + 1000;
    let start = What::Start(id("a"), subscriber(1, &["10.0.0.7"]));
    let replayed = sim.tell_as(&nas(1), start, began);
    assert_eq!(replayed, Err(Refusal::Stale));
    assert_eq!(sim.resolve("10.0.0.7"), Resolved::Unknown);
}

#[test]
fn setting_the_clock_ahead_expires_sessions() {
    let mut sim = Sim::new();
    assert_eq!(sim.start("a", 1), TAKEN);
    sim.pass(365 * 86_400_000);
    assert_eq!(sim.here(), Resolved::Unknown);
    sim.now_ms = BEGIN_MS;
    assert_eq!(sim.here(), Resolved::Unknown);
}

/// Otherwise a NAS that changes its name with every packet would fill the memory.
#[test]
fn a_full_table_refuses_new_nases() {
    let sim = Sim::with_entries(3);
    let now = at(sim.now_ms);
    for (name, expected) in [
        ("a", TAKEN),
        ("b", TAKEN),
        ("c", TAKEN),
        ("d", Err(Refusal::Full)),
    ] {
        assert_eq!(
            sim.tell_as(&behind(name), What::On, now),
            expected,
            "{name}"
        );
    }
    assert_eq!(sim.tell_as(&behind("a"), What::Off, now), TAKEN);
    // A restart of a source ends all sessions behind it.
    assert_eq!(sim.tell(What::On), TAKEN);
    assert_eq!(sim.table.lock().state.nases().len(), 4);
}

#[test]
fn a_full_table_refuses_new_sessions_and_keeps_others() {
    // One of the four is the NAS.
    let mut sim = Sim::with_entries(4);
    for (name, last) in [("a", 1), ("b", 1), ("c", 1)] {
        assert_eq!(sim.start(name, last), TAKEN);
    }
    assert_eq!(sim.start("d", 2), Err(Refusal::Full));
    assert_eq!(sim.stop("d"), Err(Refusal::Full));
    let other = What::Start(id("a"), subscriber(2, &[HERE]));
    let told = sim.tell_as(&nas(2), other, at(sim.now_ms));
    assert_eq!(told, Err(Refusal::Full));
    assert_eq!(
        sim.table.add(REALM, HERE.parse().unwrap(), number(2)),
        Err(TableFull)
    );
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    // Existing sessions are still updated and ended.
    assert_eq!(sim.interim("a", 1), TAKEN);
    assert_eq!(sim.stop("b"), TAKEN);
    assert_eq!(sim.table.tidy(sim.now_ms), 2);
    // An ended session keeps its entry until it is forgotten.
    assert_eq!(sim.start("d", 1), Err(Refusal::Full));
    sim.pass(LIFE_MS);
    assert_eq!(sim.start("d", 2), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(2)));
}
