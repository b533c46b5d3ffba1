//! Tests of the budgets.

use futures_util::FutureExt;

use super::*;

fn admission(budgets: Budgets) -> (Arc<Admission>, Arc<AtomicUsize>) {
    let reached = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&reached);
    let count = move |_| {
        counter.fetch_add(1, Relaxed);
    };
    (Arc::new(Admission::new(budgets, count)), reached)
}

fn budgets(connections: usize, per_peer: usize) -> Budgets {
    Budgets {
        connections,
        per_peer,
        per_proxy: connections,
        proxies: vec!["10.9.0.0/16".parse().unwrap()],
        memory: 1000,
    }
}

fn admit(admission: &Arc<Admission>, peer: &str) -> Option<Arc<Admitted>> {
    admission.admit(peer.parse().unwrap()).map(Arc::new)
}

fn is_ended(admitted: &Admitted) -> bool {
    admitted.ended().now_or_never().is_some()
}

#[test]
fn a_peer_over_its_share_loses_its_quietest_connection() {
    let (admission, reached) = admission(budgets(10, 3));
    let of_one: Vec<_> = (0..3)
        .map(|_| admit(&admission, "10.0.0.1").unwrap())
        .collect();
    let other = admit(&admission, "10.0.0.2").unwrap();
    // The oldest is active, so the second is the quietest.
    drop(of_one[0].begin(10, true));
    let fourth = admit(&admission, "10.0.0.1").unwrap();
    let ended: Vec<_> = of_one.iter().map(|one| is_ended(one)).collect();
    assert_eq!(ended, [false, true, false]);
    assert!(!is_ended(&other) && !is_ended(&fourth));
    assert_eq!(reached.load(Relaxed), 1);
}

#[test]
fn what_is_answered_is_not_ended() {
    let (admission, _) = admission(budgets(10, 1));
    let first = admit(&admission, "2001:db8::1").unwrap();
    let request = first.begin(10, false).unwrap();
    request.received(20);
    assert_eq!(admission.answering(), 1);
    // The same /64.
    assert!(admit(&admission, "2001:db8::2").is_none());
    assert!(admit(&admission, "2001:db8:0:1::2").is_some());
    drop(request);
    assert_eq!(admission.answering(), 0);
    assert!(admit(&admission, "2001:db8::2").is_some());
    assert!(is_ended(&first));
}

#[test]
fn when_all_are_in_use_the_peer_with_the_most_loses_one() {
    let (admission, _) = admission(budgets(4, 3));
    let one = admit(&admission, "10.0.0.1").unwrap();
    let many: Vec<_> = (0..3)
        .map(|_| admit(&admission, "10.0.0.2").unwrap())
        .collect();
    let new = admit(&admission, "10.0.0.3").unwrap();
    assert!(!is_ended(&one) && !is_ended(&new));
    let ended: Vec<_> = many.iter().map(|one| is_ended(one)).collect();
    assert_eq!(ended, [true, false, false]);
}

#[test]
fn other_budgets_are_for_what_comes_next() {
    let (admission, _) = admission(budgets(10, 3));
    let [first, second] = [1, 2].map(|_| admit(&admission, "10.0.0.1").unwrap());
    admission.set(budgets(10, 1));
    assert!(!is_ended(&first) && !is_ended(&second));
    let third = admit(&admission, "10.0.0.1").unwrap();
    assert!(is_ended(&first) && !is_ended(&third));
    admission.set(budgets(10, 5));
    assert!(admit(&admission, "10.0.0.1").is_some());
    assert!(!is_ended(&second) && !is_ended(&third));
}

#[test]
fn a_named_proxy_has_its_own_share() {
    let (admission, _) = admission(budgets(10, 1));
    let first = admit(&admission, "10.9.0.1").unwrap();
    let second = admit(&admission, "10.9.0.1").unwrap();
    assert!(!is_ended(&first) && !is_ended(&second));
}

#[test]
fn a_proxy_is_weighed_by_its_own_share() {
    let (admission, _) = admission(Budgets {
        per_proxy: 8,
        ..budgets(5, 3)
    });
    let admit = |peer| admit(&admission, peer).unwrap();
    let of_proxy = [(); 3].map(|()| admit("10.9.0.1"));
    let of_peer = [(); 2].map(|()| admit("10.0.0.1"));
    // The proxy uses three of eight, the peer two of three.
    let _new = admit("10.0.0.2");
    assert_eq!(of_peer.map(|one| is_ended(&one)), [true, false]);
    assert!(!of_proxy.iter().any(|one| is_ended(one)));
}

#[test]
fn a_connection_is_quiet_since_its_last_request_ended() {
    let (admission, _) = admission(budgets(10, 2));
    let first = admit(&admission, "10.0.0.1").unwrap();
    let request = first.begin(10, true).unwrap();
    assert!(first.quiet_for().is_none());
    let second = admit(&admission, "10.0.0.1").unwrap();
    drop(request);
    assert!(first.quiet_for().is_some());
    let _third = admit(&admission, "10.0.0.1").unwrap();
    assert!(is_ended(&second) && !is_ended(&first));
}

#[test]
fn what_has_to_end_begins_nothing() {
    let (admission, _) = admission(budgets(10, 1));
    let first = admit(&admission, "10.0.0.1").unwrap();
    let _second = admit(&admission, "10.0.0.1").unwrap();
    assert!(is_ended(&first) && first.begin(10, true).is_none());
    assert_eq!(admission.answering(), 0);
    assert_eq!(admission.usage().memory, 0);
}

#[test]
fn a_request_holds_what_was_received_and_does_not_end_its_own_connection() {
    let (admission, _) = admission(budgets(10, 5));
    let one = admit(&admission, "10.0.0.1").unwrap();
    let request = one.begin(600, false).unwrap();
    assert!(one.begin(500, false).is_none() && !is_ended(&one));
    request.received(100);
    assert_eq!(admission.usage().memory, 100);
    assert!(one.begin(500, false).is_some());
    drop(request);
    assert_eq!(admission.usage().memory, 0);
}

#[test]
fn memory_is_taken_from_who_holds_the_most_and_waits() {
    let (admission, _) = admission(budgets(10, 5));
    let [half_sent, answered, small, normal] =
        [1, 2, 3, 4].map(|host| admit(&admission, &format!("10.0.0.{host}")).unwrap());
    let _half_sent = half_sent.begin(400, false).unwrap();
    let _answered = answered.begin(500, true).unwrap();
    let _small = small.begin(50, false).unwrap();
    let request = normal.begin(200, true);
    assert!(request.is_some());
    assert!(is_ended(&half_sent) && !is_ended(&answered) && !is_ended(&small));
    // Only the connection of 50 can be ended: not enough.
    assert!(normal.begin(400, true).is_none());
    drop(_answered);
    assert!(normal.begin(400, true).is_some());
    drop(request);
    drop((_half_sent, _small));
    assert_eq!(admission.open().memory, 0);
    assert_eq!(admission.answering(), 0);
}
