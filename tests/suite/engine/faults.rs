//! Stores that conflict, fail, delay, or store without answering; clocks that
//! jump forward and back.

use mpass_core::service::Reason;
use mpass_tests::sim::{Fault, World};

const SEND: &str = "/mpass-web/rest/mv/msg";
const VERIFY: &str = "/mpass-web/rest/mv/verify";

struct Scene {
    world: World,
    query: String,
}

impl Scene {
    fn new() -> Self {
        let world = World::default();
        let key = world.generous_channel("web");
        Self {
            query: format!("apikey={key}&dest=%2B966500000000"),
            world,
        }
    }

    fn send(&self) -> Reason {
        self.world.get(&format!("{SEND}?{}", self.query)).reason
    }

    fn verify(&self, otp: &str) -> Reason {
        let query = format!("{VERIFY}?{}&otp={otp}", self.query);
        self.world.get(&query).reason
    }

    /// Issues a challenge and returns its code.
    fn challenge(&self) -> String {
        assert_eq!(self.send(), Reason::Sent);
        self.world.last_code()
    }
}

/// The operations of an attempt: load channel, load number, swap, and, if the
/// outcome is unknown, load again.
const SWAP: [Option<Fault>; 2] = [None, None];

fn at_swap(faults: impl IntoIterator<Item = Fault>) -> Vec<Option<Fault>> {
    SWAP.into_iter()
        .chain(faults.into_iter().map(Some))
        .collect()
}

#[test]
fn stored_without_an_answer_is_read_back() {
    let scene = Scene::new();
    let code = scene.challenge();
    scene.world.plan_faults(at_swap([Fault::StoredUnknown]));
    assert_eq!(scene.verify(&code), Reason::Accepted);
    assert_eq!(scene.verify(&code), Reason::Used);
    scene.world.plan_faults(at_swap([Fault::StoredUnknown]));
    assert_eq!(scene.send(), Reason::Sent);
    assert_eq!(scene.world.outbox().len(), 2);
}

#[test]
fn stored_without_an_answer_and_unreadable_tells_nothing() {
    let scene = Scene::new();
    let code = scene.challenge();
    scene
        .world
        .plan_faults(at_swap([Fault::StoredUnknown, Fault::Fail]));
    assert_eq!(scene.verify(&code), Reason::StoreFailed);
    // It was stored, so the attempt is spent.
    assert_eq!(scene.verify(&code), Reason::Used);
}

#[test]
fn lost_without_an_answer_is_tried_again() {
    let scene = Scene::new();
    let code = scene.challenge();
    scene.world.plan_faults(at_swap([Fault::LostUnknown]));
    assert_eq!(scene.verify(&code), Reason::Accepted);
    assert_eq!(scene.verify(&code), Reason::Used);
}

#[test]
fn conflicts_are_retried_256_times() {
    let scene = Scene::new();
    let code = scene.challenge();
    scene.world.plan_faults(at_swap([Fault::Conflict; 256]));
    assert_eq!(scene.verify(&code), Reason::Accepted);
    let code = scene.challenge();
    scene.world.plan_faults(at_swap([Fault::Conflict; 257]));
    assert_eq!(scene.verify(&code), Reason::TooManyConflicts);
    assert_eq!(scene.verify(&code), Reason::Accepted);
}

#[test]
fn a_slow_store_ends_in_an_internal_error() {
    let scene = Scene::new();
    let code = scene.challenge();
    scene.world.plan_faults(at_swap([Fault::Delay(10_001)]));
    assert_eq!(scene.verify(&code), Reason::TooOld);
    assert_eq!(scene.verify(&code), Reason::Used);
    let code = scene.challenge();
    scene.world.plan_faults(at_swap([Fault::Delay(10_000)]));
    assert_eq!(scene.verify(&code), Reason::Accepted);
}

#[test]
fn an_accept_is_decided_by_the_time_of_its_swap() {
    let scene = Scene::new();
    let code = scene.challenge();
    // In time when loaded, but too late for the swap.
    scene.world.pass(299_000);
    scene.world.plan_faults([None, Some(Fault::Delay(1000))]);
    assert_eq!(scene.verify(&code), Reason::Expired);
    let code = scene.challenge();
    scene.world.pass(299_000);
    scene.world.plan_faults(at_swap([Fault::Delay(5000)]));
    assert_eq!(scene.verify(&code), Reason::Accepted);
    // After a conflict the attempt is decided again, at the new time.
    let code = scene.challenge();
    scene.world.pass(299_999);
    let world = &scene.world;
    world.plan_faults(at_swap([Fault::Conflict]));
    assert_eq!(scene.verify(&code), Reason::Accepted);
}

#[test]
fn a_clock_that_goes_back_lengthens_no_life() {
    const HOUR: u64 = 3_600_000;
    let scene = Scene::new();
    let code = scene.challenge();
    let issued_at = scene.world.now();
    scene.world.set_clock(issued_at - HOUR);
    assert_eq!(scene.verify(&code), Reason::Expired);
    // Within the allowed clock skew it stays live, for no longer than it had
    // left.
    let scene = Scene::new();
    let code = scene.challenge();
    scene.world.set_clock(issued_at - 5000);
    assert_eq!(scene.verify("00000"), Reason::WrongCode);
    scene.world.set_clock(issued_at + 294_999);
    assert_eq!(scene.verify("00000"), Reason::WrongCode);
    scene.world.set_clock(issued_at + 295_000);
    assert_eq!(scene.verify(&code), Reason::Expired);
}

#[test]
fn a_clock_that_goes_back_gives_no_try_back() {
    let scene = Scene::new();
    let code = scene.challenge();
    for try_ in 1..=5u64 {
        scene
            .world
            .set_clock(scene.world.now() - 1000 * (try_ % 2) + 500);
        let expected = if try_ == 5 {
            Reason::Exhausted
        } else {
            Reason::WrongCode
        };
        assert_eq!(scene.verify("00000"), expected);
    }
    assert_eq!(scene.verify(&code), Reason::Exhausted);
}

#[test]
fn a_clock_that_once_jumped_ahead_locks_nobody_out() {
    const YEAR: u64 = 365 * 24 * 3_600_000;
    let world = World::default();
    let key = world.channel(mpass_core::service::ChannelSettings::new("web"));
    let send = || world.get(&format!("{SEND}?apikey={key}&dest=%2B966500000000"));
    let noon = world.now();
    world.set_clock(noon + 50 * YEAR);
    assert_eq!(send().reason, Reason::Sent);
    world.set_clock(noon);
    let reply = send();
    assert_eq!(reply.reason, Reason::ResendInterval);
    world.pass(30_000);
    let reason = send().reason;
    // At most as long as after exhausting the limit.
    assert!(
        matches!(reason, Reason::Sent | Reason::SendLimit),
        "{reason:?}"
    );
    world.pass(3_600_000);
    assert_eq!(send().reason, Reason::Sent);
}
