//! The exchange itself: answers of the wrong kind, its time limit of ten
//! seconds, and its Debug output.

use mpass_core::service::{Answer, Exchange, Reason, Request, Step};
use mpass_core::store::{Store, Swapped};
use mpass_tests::sim::World;

const SEND: &str = "/mpass-web/rest/mv/msg";
const VERIFY: &str = "/mpass-web/rest/mv/verify";

fn begin(world: &World, path: &str, query: &str) -> Exchange {
    world.begin(&Request {
        method: "GET",
        path,
        query,
        headers: &[],
        body: &[],
        peer: [127, 0, 0, 1].into(),
    })
}

fn reason(step: &Step) -> Option<Reason> {
    match step {
        Step::Reply(reply) => Some(reply.reason),
        _ => None,
    }
}

/// The answer of a correct host.
fn good_answer(world: &World, step: Step) -> Answer {
    match step {
        Step::Load { kind, key } => Answer::Loaded(world.load(kind, &key).unwrap()),
        Step::Swap(swap) => match world.swap(&swap, world.now()).unwrap() {
            Swapped::Stored => Answer::Stored,
            Swapped::Conflict(current) => Answer::Conflict(current),
            Swapped::Expired => Answer::Expired,
        },
        Step::Assess(_) => Answer::Unsupported,
        Step::Deliver(_) => Answer::Delivered,
        step => panic!("{step:?}"),
    }
}

fn send_query(world: &World) -> String {
    let key = world.generous_channel("web");
    format!("apikey={key}&dest=%2B966500000000")
}

#[test]
fn answers_of_the_wrong_kind_end_it() {
    let world = World::default();
    let query = send_query(&world);
    // Steps of a send: load channel, assess, load number, swap, deliver.
    for right in 0..=5 {
        for answer in [
            Answer::Begin,
            Answer::Loaded(None),
            Answer::Stored,
            Answer::Conflict(None),
            Answer::Delivered,
            Answer::Refused,
            Answer::Unsupported,
            Answer::Failed,
        ] {
            let mut exchange = begin(&world, SEND, &query);
            let mut next = Answer::Begin;
            let mut step = None;
            for _ in 0..right {
                let this = exchange.next(next, world.now());
                next = good_answer(&world, this.clone());
                step = Some(this);
            }
            let fits = match &step {
                None => answer == Answer::Begin,
                Some(Step::Load { .. }) => matches!(answer, Answer::Loaded(_)),
                Some(Step::Assess(_)) => answer == Answer::Unsupported,
                Some(Step::Swap(_)) => matches!(answer, Answer::Stored | Answer::Conflict(_)),
                Some(Step::Deliver(_)) => matches!(answer, Answer::Delivered | Answer::Refused),
                Some(step) => panic!("{step:?}"),
            };
            let end = exchange.next(answer.clone(), world.now());
            if !fits {
                let ended = reason(&end);
                assert!(
                    ended.is_some_and(|reason| reason.number() >= 60),
                    "{step:?} {answer:?} {end:?}"
                );
            }
        }
    }
}

#[test]
fn nothing_follows_the_reply() {
    let world = World::default();
    let query = send_query(&world);
    let mut exchange = begin(&world, SEND, &query);
    let mut answer = Answer::Begin;
    loop {
        let step = exchange.next(answer, world.now());
        if reason(&step) == Some(Reason::Sent) {
            break;
        }
        answer = good_answer(&world, step);
    }
    for answer in [Answer::Begin, Answer::Stored, Answer::Delivered] {
        assert_eq!(
            reason(&exchange.next(answer, world.now())),
            Some(Reason::WrongAnswer)
        );
    }
}

#[test]
fn ten_seconds_are_the_most() {
    let world = World::default();
    let query = send_query(&world);
    for (late_ms, expected) in [(10_000, Reason::Sent), (10_001, Reason::TooOld)] {
        let mut exchange = begin(&world, SEND, &query);
        let began = world.now();
        let mut answer = Answer::Begin;
        let ended = loop {
            let step = exchange.next(answer, began);
            answer = good_answer(&world, step.clone());
            if matches!(step, Step::Deliver(_)) {
                break exchange.next(answer, began + late_ms);
            }
        };
        assert_eq!(reason(&ended), Some(expected));
    }
}

#[test]
fn a_verdict_that_comes_too_late_is_not_told() {
    let world = World::default();
    let query = send_query(&world);
    world.get(&format!("{SEND}?{query}"));
    let query = format!("{query}&otp={}", world.last_code());
    let mut exchange = begin(&world, VERIFY, &query);
    let began = world.now();
    let mut answer = Answer::Begin;
    loop {
        let step = exchange.next(answer, began);
        let is_swap = matches!(step, Step::Swap(_));
        answer = good_answer(&world, step);
        if is_swap {
            break;
        }
    }
    assert_eq!(
        reason(&exchange.next(answer, began + 10_001)),
        Some(Reason::TooOld)
    );
    // The attempt is spent nevertheless.
    assert_eq!(world.get(&format!("{VERIFY}?{query}")).reason, Reason::Used);
}

#[test]
fn a_refusal_is_given_back_however_late() {
    let world = World::default();
    let query = send_query(&world);
    let mut exchange = begin(&world, SEND, &query);
    let began = world.now();
    let mut answer = Answer::Begin;
    loop {
        let step = exchange.next(answer, began);
        if matches!(step, Step::Deliver(_)) {
            break;
        }
        answer = good_answer(&world, step);
    }
    let mut answer = Answer::Refused;
    let ended = loop {
        let step = exchange.next(answer, began + 60_000);
        if let Some(reason) = reason(&step) {
            break reason;
        }
        answer = good_answer(&world, step);
    };
    assert_eq!(ended, Reason::GatewayRefused);
    let reply = world.get(&format!("{VERIFY}?{query}&otp=123456"));
    assert_eq!(reply.reason, Reason::NoChallenge);
}

#[test]
fn a_clock_that_goes_back_stands_still_for_an_exchange() {
    let world = World::default();
    let query = send_query(&world);
    let mut exchange = begin(&world, SEND, &query);
    let began = world.now();
    let mut answer = Answer::Begin;
    let mut back = 0;
    let ended = loop {
        let step = exchange.next(answer, began - back);
        back += 3_600_000;
        if let Some(reason) = reason(&step) {
            break reason;
        }
        answer = good_answer(&world, step);
    };
    assert_eq!(ended, Reason::Sent);
}

#[test]
fn the_same_entropy_gives_different_codes_for_different_requests() {
    let world = World::default();
    let key = world.generous_channel("web");
    let code = |dest: &str, now_ms: u64| {
        let query = format!("apikey={key}&dest={dest}");
        let request = Request {
            method: "GET",
            path: SEND,
            query: &query,
            headers: &[],
            body: &[],
            peer: [127, 0, 0, 1].into(),
        };
        let mut exchange = world.engine.begin(&request, now_ms, &[7; 32]);
        let mut answer = Answer::Begin;
        loop {
            let step = exchange.next(answer, now_ms);
            if let Step::Deliver(sms) = &step {
                return sms.text.clone();
            }
            answer = good_answer(&world, step);
        }
    };
    let first = code("%2B966500000001", world.now());
    assert_ne!(first, code("%2B966500000002", world.now()));
    assert_ne!(first, code("%2B966500000001", world.now() + 1));
}

#[test]
fn nothing_secret_shows_in_debug() {
    let world = World::default();
    let query = send_query(&world);
    let mut exchange = begin(&world, SEND, &query);
    let mut shown = format!("{:?}", world.engine);
    let mut answer = Answer::Begin;
    let mut code = String::new();
    loop {
        shown.push_str(&format!("{exchange:?}"));
        let step = exchange.next(answer, world.now());
        shown.push_str(&format!("{step:?}"));
        match &step {
            Step::Deliver(sms) => code = sms.text[..6].to_string(),
            Step::Reply(_) => break,
            _ => {}
        }
        answer = good_answer(&world, step);
    }
    assert_eq!(code.len(), 6);
    let key = query.split(['=', '&']).nth(1).unwrap();
    for secret in [code.as_str(), key, "966500000000", "500000000"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(shown.contains("+9665*****00"));
}
