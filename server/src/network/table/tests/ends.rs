//! Restarts, NASes behind one proxy, events without times, and crowds.

use super::*;

/// The id of a session by its number.
fn numbered(session: u8) -> SessionId {
    id(&session.to_string())
}

fn start_of(session: u8, last: u8) -> What {
    What::Start(numbered(session), subscriber(last, &[HERE]))
}

#[test]
fn a_restart_ends_what_began_before_it_in_any_order() {
    // A Start of 3 s ago, and a restart of 20 s ago that is late: the session
    // began after it.
    for (began, restarted, lives) in [(3, 20, true), (20, 3, false), (20, 20, true)] {
        for restart_is_first in [true, false] {
            let sim = Sim::new();
            let now = at(sim.now_ms);
            let start = || sim.tell_as(&nas(1), start_of(1, 1), now - began);
            let restart = || sim.tell_as(&nas(1), What::On, now - restarted);
            if restart_is_first {
                assert_eq!(restart(), TAKEN);
            }
            assert!(start().is_ok());
            if !restart_is_first {
                assert_eq!(restart(), TAKEN);
            }
            let expected = if lives {
                Resolved::Number(number(1))
            } else {
                Resolved::Unknown
            };
            assert_eq!(sim.here(), expected, "{began} {restarted}");
            assert_eq!(sim.table.tidy(sim.now_ms), usize::from(lives));
        }
    }
}

#[test]
fn an_update_after_a_restart_does_not_begin_what_it_ended() {
    let mut sim = Sim::new();
    assert_eq!(sim.start("a", 1), TAKEN);
    sim.pass(10_000);
    assert_eq!(sim.tell(What::On), TAKEN);
    sim.pass(10_000);
    assert_eq!(sim.interim("a", 1), LATE);
    assert_eq!(sim.here(), Resolved::Unknown);
    // One that was not known before it is taken.
    assert_eq!(sim.interim("b", 2), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(2)));
    assert_eq!(sim.stop("b"), TAKEN);
    // As with a Stop, a later Start begins it, and an update does when the
    // restart is forgotten.
    sim.pass(LIFE_MS - 10_001);
    assert_eq!(sim.interim("a", 1), LATE);
    sim.pass(1);
    assert_eq!(sim.interim("a", 1), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
}

#[test]
fn nases_behind_one_proxy() {
    let mut sim = Sim::new();
    let (one, other) = (behind("one"), behind("other"));
    let start = |last: u8, endpoint: &str| What::Start(id("a"), subscriber(last, &[endpoint]));
    let now = at(sim.now_ms);
    assert_eq!(sim.tell_as(&one, start(1, HERE), now), TAKEN);
    assert_eq!(sim.tell_as(&other, start(2, "10.0.0.2"), now), TAKEN);
    sim.pass(10_000);
    // A session is that of its NAS, and a restart, too.
    let now = at(sim.now_ms);
    assert_eq!(sim.tell_as(&other, What::On, now), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    assert_eq!(sim.resolve("10.0.0.2"), Resolved::Unknown);
    assert_eq!(sim.tell_as(&other, What::Stop(id("a")), now), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    // Another realm or source.
    assert_eq!(sim.tell_as(&nas(2), What::On, now), TAKEN);
    let mut elsewhere = nas(1);
    elsewhere.nas.realm = "roaming".into();
    assert_eq!(sim.tell_as(&elsewhere, What::On, now), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    // A restart without a name is that of all of them.
    assert_eq!(sim.tell_as(&nas(1), What::On, now), TAKEN);
    assert_eq!(sim.here(), Resolved::Unknown);
    assert_eq!(sim.table.tidy(sim.now_ms), 0);
}

#[test]
fn a_nas_that_takes_over() {
    let mut sim = Sim::new();
    let now = at(sim.now_ms);
    assert_eq!(sim.tell_as(&nas(1), start_of(1, 1), now), TAKEN);
    sim.pass(10_000);
    let now = at(sim.now_ms);
    assert_eq!(sim.tell_as(&nas(2), start_of(1, 2), now), TAKEN);
    assert_eq!(sim.here(), Resolved::Shared);
    assert_eq!(sim.tell_as(&nas(1), What::Off, now), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(2)));
}

#[test]
fn an_old_end_ends_nothing_that_began_after_it() {
    let mut sim = Sim::new();
    let now = at(sim.now_ms);
    assert_eq!(sim.tell_as(&nas(1), start_of(1, 1), now - 200), TAKEN);
    for what in [What::On, What::Off, What::Stop(numbered(1))] {
        assert_eq!(sim.tell_as(&nas(1), what, now - 400), TAKEN);
        assert_eq!(sim.here(), Resolved::Number(number(1)));
    }
    sim.pass(500_000);
    // 500 s late, as after an outage.
    assert_eq!(sim.tell_as(&nas(1), What::Stop(numbered(1)), now), TAKEN);
    assert_eq!(sim.here(), Resolved::Unknown);
}

#[test]
fn an_end_of_the_future_ends_nothing_that_begins_after_its_arrival() {
    for what in [What::On, What::Off, What::Stop(numbered(1))] {
        for ahead in [now_and(302), u32::MAX] {
            let mut sim = Sim::new();
            let now = at(sim.now_ms);
            assert_eq!(sim.tell_as(&nas(1), start_of(1, 1), now), TAKEN);
            sim.pass(1000);
            assert_eq!(sim.tell_as(&nas(1), what.clone(), ahead), TAKEN);
            assert_eq!(sim.here(), Resolved::Unknown, "{what:?}");
            sim.pass(2000);
            let later = at(sim.now_ms);
            assert_eq!(sim.tell_as(&nas(1), start_of(1, 1), later), TAKEN);
            assert_eq!(sim.here(), Resolved::Number(number(1)), "{what:?}");
        }
    }
}

fn now_and(seconds: u32) -> u32 {
    at(BEGIN_MS) + seconds
}

#[test]
fn an_undated_session_lives_for_one_interval() {
    let mut sim = Sim::new();
    assert_eq!(sim.tell_undated(start_of(1, 1)), TAKEN);
    sim.pass(INTERVAL_MS - 1);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    sim.pass(1);
    assert_eq!(sim.here(), Resolved::Unknown);
    let update = What::Interim(numbered(1), subscriber(1, &[HERE]));
    assert_eq!(sim.tell_undated(update), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
}

#[test]
fn an_undated_session_never_begins_again() {
    for end in [What::Stop(numbered(1)), What::On] {
        let mut sim = Sim::new();
        let mut from = nas(1);
        from.accept_undated = true;
        let tell = |sim: &Sim, what: What| {
            let time = Time::Undated(at(sim.now_ms));
            sim.take(&from, time, what)
        };
        assert_eq!(tell(&sim, start_of(1, 1)), TAKEN);
        sim.pass(10_000);
        assert_eq!(tell(&sim, end), TAKEN);
        for wait_ms in [1000, LIFE_MS, 10 * 3_600_000] {
            sim.pass(wait_ms);
            assert_eq!(tell(&sim, start_of(1, 2)), LATE);
            let update = What::Interim(numbered(1), subscriber(1, &[HERE]));
            assert_eq!(tell(&sim, update), LATE);
            assert_eq!(sim.here(), Resolved::Unknown);
        }
        // Another id begins.
        assert_eq!(tell(&sim, start_of(2, 2)), TAKEN);
        assert_eq!(sim.here(), Resolved::Number(number(2)));
        // A day after the end it is forgotten.
        sim.pass(UNDATED_END_MS);
        assert_eq!(tell(&sim, start_of(1, 1)), TAKEN);
    }
}

#[test]
fn two_reports_of_one_second() {
    let (v4, v6) = (HERE, "2001:db8:1:2::/64");
    let told = [(1, v4), (1, v6)]
        .map(|(last, endpoint)| What::Interim(id("a"), subscriber(last, &[endpoint])));
    let sim = Sim::new();
    for what in told {
        assert_eq!(sim.tell(what), TAKEN);
    }
    for address in [v4, "2001:db8:1:2::1"] {
        assert_eq!(sim.resolve(address), Resolved::Number(number(1)));
    }
    // Which of two numbers is the right one is unknown.
    assert_eq!(sim.interim("a", 2), TAKEN);
    assert_eq!(sim.here(), Resolved::Unknown);
}

#[test]
fn an_address_that_was_reassigned_often_and_one_that_is_crowded() {
    let mut sim = Sim::new();
    for session in 0..8 {
        sim.pass(1000);
        assert_eq!(sim.tell(start_of(session, session)), TAKEN);
        assert_eq!(sim.here(), Resolved::Number(number(session)));
        sim.pass(1000);
        assert_eq!(sim.tell(What::Stop(numbered(session))), TAKEN);
        assert_eq!(sim.here(), Resolved::Unknown);
    }
    // More sessions than the record of an address has: which of those left out
    // have ended is unknown.
    sim.pass(1000);
    assert_eq!(sim.tell(start_of(8, 8)), TAKEN);
    assert_eq!(sim.here(), Resolved::Shared);
    // The first began 17 s ago, and its report is no longer valid.
    sim.pass(LIFE_MS - 16_001);
    assert_eq!(sim.here(), Resolved::Shared);
    sim.pass(1);
    assert_eq!(sim.here(), Resolved::Number(number(8)));
    sim.pass(LIFE_MS);
    sim.table.tidy(sim.now_ms);
    assert!(sim.table.lock().state.has_no_session());
}

#[test]
fn a_crowd_outlives_the_sessions_in_its_record() {
    let mut sim = Sim::new();
    for session in 0..9 {
        assert_eq!(sim.tell(start_of(session, session)), TAKEN);
    }
    sim.pass(10_000);
    // All but the one that was left out.
    for session in 1..9 {
        assert_eq!(sim.tell(What::Stop(numbered(session))), TAKEN);
    }
    assert_eq!(sim.here(), Resolved::Shared);
    sim.pass(LIFE_MS - 10_001);
    assert_eq!(sim.here(), Resolved::Shared);
    sim.pass(1);
    assert_eq!(sim.here(), Resolved::Unknown);
    sim.pass(10_000);
    sim.table.tidy(sim.now_ms);
    assert!(sim.table.lock().state.has_no_session());
}

const DAY_MS: u64 = 86_400_000;

#[test]
fn a_nas_is_forgotten_a_day_after_its_last_event() {
    let mut sim = Sim::with_entries(3);
    let on = |sim: &Sim, name: &str| sim.tell_as(&behind(name), What::On, at(sim.now_ms));
    for name in ["a", "b", "c"] {
        assert_eq!(on(&sim, name), TAKEN);
    }
    let known = |sim: &Sim| sim.table.lock().state.nases().len();
    sim.pass(DAY_MS / 2);
    assert_eq!(on(&sim, "b"), TAKEN);
    sim.pass(DAY_MS / 2 - 1);
    sim.table.tidy(sim.now_ms);
    assert_eq!(known(&sim), 3);
    assert_eq!(on(&sim, "d"), Err(Refusal::Full));
    sim.pass(1);
    assert_eq!(on(&sim, "d"), TAKEN);
    assert_eq!(known(&sim), 2);
    sim.pass(DAY_MS / 2);
    sim.table.tidy(sim.now_ms);
    assert_eq!(known(&sim), 1);
    sim.pass(DAY_MS / 2);
    sim.table.tidy(sim.now_ms);
    assert_eq!(sim.table.lock().state.len(), 0);
}

/// Old events stay stale until then, however the clock is set.
#[test]
fn a_nas_is_not_forgotten_because_the_clock_is_set_back() {
    let mut sim = Sim::new();
    assert_eq!(sim.start("a", 1), TAKEN);
    assert_eq!(sim.stop("a"), TAKEN);
    let old = BEGIN_MS - DAY_MS;
    for (waited_ms, expected) in [(DAY_MS - 1, Err(Refusal::Stale)), (1, TAKEN)] {
        // What has passed counts, not what the clock shows.
        sim.pass(waited_ms);
        sim.table.tidy(sim.now_ms);
        sim.now_ms = old;
        sim.table.tidy(sim.now_ms);
        assert_eq!(sim.start("b", 2), expected);
    }
}

#[test]
fn a_nas_with_a_session_and_a_source_that_signs_are_not_forgotten() {
    let mut sim = Sim::new();
    let mut slow = behind("slow");
    slow.interim_interval = Duration::from_secs(10 * 86_400);
    let start = What::Start(id("a"), subscriber(1, &[HERE]));
    let now = at(sim.now_ms);
    assert_eq!(sim.tell_as(&slow, start, now), TAKEN);
    sim.table.note_signer(&nas(2).nas);
    // It covers the session.
    assert_eq!(sim.tell_as(&nas(1), What::On, now - 5), TAKEN);
    sim.pass(19 * DAY_MS);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
    assert_eq!(sim.table.lock().state.nases().len(), 3);
    sim.pass(2 * DAY_MS);
    sim.table.tidy(sim.now_ms);
    sim.pass(DAY_MS);
    sim.table.tidy(sim.now_ms);
    assert!(sim.table.is_signer(&nas(2).nas));
    assert_eq!(sim.table.lock().state.len(), 1);
}
