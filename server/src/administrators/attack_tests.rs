//! Administrators under attack, and against each other.

use core::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use mpass_core::challenge::Keyring;
use mpass_core::store::MemoryStore;
use zeroize::Zeroizing;

use super::throttle::Counter;
use super::{
    Account, Administrators, ApiTokens, Credentials, Enrolment, Factor, Hasher, Login, LoginError,
    NewAdministrator, NewApiToken, Permission, Problem, ResetOf, Role, Sessions, Throttle,
};
use crate::store::{AnyStore, StoreDirectory, documents};

const PASSWORD: &str = "correct horse battery";

struct Host {
    store: AnyStore,
    keyring: Keyring,
    hasher: Hasher,
    throttle: Throttle,
    _directory: Option<tempfile::TempDir>,
}

impl Host {
    /// On each kind of store.
    fn all() -> [Self; 2] {
        let directory = tempfile::tempdir().unwrap();
        let embedded = StoreDirectory::lock(directory.path()).unwrap().open();
        let embedded = AnyStore::Embedded(embedded.unwrap());
        [
            Self::on(AnyStore::Memory(MemoryStore::new(10_000)), None),
            Self::on(embedded, Some(directory)),
        ]
    }

    fn on(store: AnyStore, directory: Option<tempfile::TempDir>) -> Self {
        Self {
            store,
            keyring: Keyring::generate(&[7; 32]),
            hasher: Hasher::default(),
            throttle: Throttle::default(),
            _directory: directory,
        }
    }

    fn administrators(&self) -> Administrators<'_> {
        Administrators::new(&self.store, &self.keyring, &self.hasher)
    }

    fn login(&self) -> Login<'_> {
        Login {
            administrators: self.administrators(),
            sessions: Sessions::new(self.administrators(), None),
            throttle: &self.throttle,
            restored_at_ms: None,
        }
    }

    async fn create(&self, name: &str, role: Role) -> Enrolment {
        let new = NewAdministrator {
            name: name.to_owned(),
            role,
            password: Some(Zeroizing::new(PASSWORD.to_owned())),
        };
        self.administrators().create(new).await.unwrap()
    }

    async fn account(&self, name: &str) -> Account {
        self.administrators().read(name).await.unwrap().unwrap()
    }

    fn full(&self) -> usize {
        let all = self.administrators().list().unwrap();
        all.iter().filter(|it| it.makes_others()).count()
    }

    /// A login from a network of its own.
    async fn log_in(
        &self,
        name: &str,
        password: &str,
        factor: Factor,
        from: u8,
    ) -> Result<(Zeroizing<String>, Account), LoginError> {
        let credentials = Credentials {
            name: name.to_owned(),
            password: Zeroizing::new(password.to_owned()),
            factor,
        };
        let done = self.login().login(&credentials, address(from)).await?;
        Ok((done.0, done.2))
    }
}

fn address(n: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(198, 51, 100, n))
}

fn recovery(code: &str) -> Factor {
    Factor::Recovery(Zeroizing::new(code.to_owned()))
}

fn wrong() -> Factor {
    recovery("AAAA-AAAA-AAAA-AAAA")
}

/// Those who take each other's role away at the same time leave one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_always_stays_however_many_are_taken_away_at_once() {
    const NAMES: [&str; 4] = ["anna", "bert", "carl", "dora"];
    for (host, rounds) in Host::all().into_iter().zip([300, 20]) {
        let host = Arc::new(host);
        for name in NAMES {
            host.create(name, Role::Administrator).await;
        }
        for round in 0..rounds {
            let barrier = Arc::new(tokio::sync::Barrier::new(NAMES.len()));
            let changes = NAMES.map(|name| {
                let (host, barrier) = (Arc::clone(&host), Arc::clone(&barrier));
                tokio::spawn(async move {
                    barrier.wait().await;
                    let administrators = host.administrators();
                    match round % 2 {
                        0 => {
                            administrators
                                .update(name, Some(Role::Viewer), None, None)
                                .await
                        }
                        _ => administrators.update(name, None, Some(true), None).await,
                    }
                })
            });
            let mut refused = 0;
            for change in changes {
                match change.await.unwrap() {
                    Ok(_) => {}
                    Err(Problem::LastOne) => refused += 1,
                    Err(problem) => panic!("{problem}"),
                }
            }
            assert_eq!((host.full(), refused), (1, 1), "round {round}");
            for name in NAMES {
                let role = Some(Role::Administrator);
                let administrators = host.administrators();
                let again = administrators.update(name, role, Some(false), None);
                again.await.unwrap();
            }
            assert_eq!(host.full(), 4);
        }
    }
}

/// As somebody is promoted while another one leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_always_stays_while_roles_come_and_go() {
    for (host, rounds) in Host::all().into_iter().zip([300, 20]) {
        let host = Arc::new(host);
        for name in ["anna", "bert", "carl"] {
            host.create(name, Role::Administrator).await;
        }
        let walks = (0..6_usize).map(|at| {
            let host = Arc::clone(&host);
            tokio::spawn(async move {
                for step in 0..rounds {
                    let name = ["anna", "bert", "carl"][(at + step) % 3];
                    let role = match (at + step / 3) % 2 {
                        0 => Role::Viewer,
                        _ => Role::Administrator,
                    };
                    let administrators = host.administrators();
                    let changed = administrators.update(name, Some(role), None, None);
                    match changed.await {
                        // Others were faster, again and again.
                        Ok(_) | Err(Problem::LastOne | Problem::Store(_)) => {}
                        Err(problem) => panic!("{problem}"),
                    }
                    assert!(host.full() > 0);
                }
            })
        });
        for walk in walks.collect::<Vec<_>>() {
            walk.await.unwrap();
        }
        assert!(host.full() > 0);
    }
}

/// Between the two swaps of somebody who takes the role of anna away, another one gives
/// it again, and bert leaves: the second swap must not follow.
#[tokio::test]
async fn a_change_that_was_overtaken_does_not_follow() {
    for host in Host::all() {
        host.create("anna", Role::Administrator).await;
        host.create("bert", Role::Administrator).await;
        let administrators = host.administrators();
        let anna = host.account("anna").await;
        administrators.leave(&anna).await.unwrap();
        let full = Some(Role::Administrator);
        administrators
            .update("anna", full, None, None)
            .await
            .unwrap();
        administrators
            .update("bert", None, Some(true), None)
            .await
            .unwrap();
        let lower = |account: &mut Account| account.role = Role::Viewer;
        let second = administrators.replace(&anna, None, lower).await.unwrap();
        assert!(second.is_none());
        assert_eq!(host.full(), 1);
        // And the mark of then does not count against it now.
        let last = administrators
            .update("anna", Some(Role::Viewer), None, None)
            .await;
        assert!(matches!(last, Err(Problem::LastOne)));
    }
}

/// A process that ended between both swaps has left somebody marked who has the role:
/// not counted at once, and taken back when nobody else is left.
#[tokio::test]
async fn a_mark_keeps_somebody_else_in_the_role() {
    for host in Host::all() {
        host.create("anna", Role::Administrator).await;
        host.create("bert", Role::Administrator).await;
        let administrators = host.administrators();
        let anna = host.account("anna").await;
        administrators.leave(&anna).await.unwrap();
        let early = administrators.remove("bert", None).await;
        assert!(matches!(early, Err(Problem::LastOne)));
        administrators.stay(&anna).await.unwrap();
        administrators.remove("bert", None).await.unwrap();
        assert_eq!(host.full(), 1);
    }
}

/// A store whose administrators were made without a roster.
#[tokio::test]
async fn administrators_without_a_roster_are_found() {
    for host in Host::all() {
        host.create("anna", Role::Administrator).await;
        host.create("bert", Role::Administrator).await;
        host.administrators().forget_roster().await;
        let administrators = host.administrators();
        administrators.remove("anna", None).await.unwrap();
        let last = administrators.remove("bert", None).await;
        assert!(matches!(last, Err(Problem::LastOne)));
        assert_eq!(host.full(), 1);
    }
}

/// With a stamp, a change applies to the state that was read or not at all, and the
/// role is not left in between.
#[tokio::test]
async fn a_stamp_is_of_one_state() {
    for host in Host::all() {
        host.create("anna", Role::Administrator).await;
        let old = host
            .create("bert", Role::Administrator)
            .await
            .account
            .stamp();
        let administrators = host.administrators();
        let present = administrators.reset("bert", ResetOf::Password, old).await;
        let present = present.unwrap().account.stamp();
        assert_ne!(present, old);
        let viewer = Some(Role::Viewer);
        for refused in [
            administrators.update("bert", viewer, None, old).await.err(),
            administrators.remove("bert", old).await.err(),
            administrators.reset("bert", ResetOf::All, old).await.err(),
        ] {
            let changed = Problem::Store(mpass_core::Error::Changed).to_string();
            assert_eq!(refused.map(|it| it.to_string()), Some(changed));
        }
        administrators.remove("anna", None).await.unwrap();
        let last = administrators.update("bert", viewer, None, present).await;
        assert!(matches!(last, Err(Problem::LastOne)));
    }
}

/// Whoever tries names finds out nothing: what is answered depends on what was typed
/// before, and not on whether anybody has the name.
#[tokio::test]
async fn nobody_finds_out_names() {
    for host in Host::all() {
        host.create("anna", Role::Viewer).await;
        let mut told = Vec::new();
        for name in ["anna", "nobody"] {
            let before = documents(&host.store).unwrap().len();
            let mut answers = Vec::new();
            for from in 0..8 {
                let refused = host.log_in(name, "wrong password", wrong(), from).await;
                answers.push(match refused.unwrap_err() {
                    LoginError::Wait(Some(_)) => "wait",
                    LoginError::Wrong => "wrong",
                    other => panic!("{other:?}"),
                });
            }
            let more = documents(&host.store).unwrap().len() - before;
            told.push((answers, more));
        }
        assert_eq!(told[0], told[1]);
        assert_eq!(told[0].0.iter().filter(|it| **it == "wait").count(), 2);
        // However many names were tried before, neither kind waits for them.
        host.administrators().unlock("anna").await.unwrap();
        for n in 0..300 {
            let name = format!("somebody-{n}");
            let counter = Counter::of_logins(&host.store, &host.keyring, &name);
            for _ in 0..7 {
                let _ = counter.count().await.unwrap();
            }
        }
        for (name, from) in [("anna", 20), ("another", 21)] {
            let refused = host.log_in(name, "wrong password", wrong(), from).await;
            assert_eq!(refused.unwrap_err(), LoginError::Wrong, "{name}");
        }
    }
}

/// The places of counters are bounded, whatever names are tried.
#[test]
fn names_are_counted_at_a_bounded_number_of_places() {
    let store = AnyStore::Memory(MemoryStore::new(10));
    let keyring = Keyring::generate(&[7; 32]);
    let mut places = std::collections::BTreeSet::new();
    for n in 0..300_000 {
        let counter = Counter::of_logins(&store, &keyring, &format!("name-{n}"));
        places.insert(counter.store_key());
    }
    assert!(
        (60_000..=65_536).contains(&places.len()),
        "{}",
        places.len()
    );
}

/// A stolen session does not let anybody guess recovery codes.
#[tokio::test]
async fn second_factors_in_a_session_are_counted() {
    for host in Host::all() {
        let mut codes = host.create("anna", Role::Viewer).await.recovery_codes;
        assert_eq!(host.account("anna").await.recovery_codes(), 8);
        let code = recovery(&codes.pop().unwrap());
        let (secret, account) = host.log_in("anna", PASSWORD, code, 1).await.unwrap();
        assert_eq!(host.account("anna").await.recovery_codes(), 7);
        let prove = async |factor: Factor, from| {
            let login = host.login();
            login.prove(&secret, &account, &factor, address(from)).await
        };
        for from in 10..15 {
            assert_eq!(prove(wrong(), from).await, Err(LoginError::Wrong));
        }
        let right = codes.pop().unwrap();
        assert_eq!(prove(recovery(&right), 15).await, Ok(()));
        assert_eq!(host.account("anna").await.recovery_codes(), 6);
        // The right one has begun the count anew.
        for from in 20..26 {
            assert_eq!(prove(wrong(), from).await, Err(LoginError::Wrong));
        }
        let right = codes.pop().unwrap();
        let refused = prove(recovery(&right), 30).await;
        assert!(matches!(refused, Err(LoginError::Wait(Some(_)))));
        assert_eq!(host.account("anna").await.recovery_codes(), 6);
        let locked = host.administrators().locked_until_ms(&account).await;
        assert!(locked.unwrap().is_some());
        // It keeps nobody from logging in with a password, and an unlock ends it.
        let code = recovery(&codes.pop().unwrap());
        assert!(host.log_in("anna", PASSWORD, code, 2).await.is_ok());
        host.administrators().unlock("anna").await.unwrap();
        assert_eq!(prove(recovery(&right), 31).await, Ok(()));
    }
}

/// Logins that are refused because too many wait are not counted.
#[tokio::test]
async fn who_is_busy_has_not_tried() {
    for host in Host::all() {
        let mut codes = host.create("anna", Role::Viewer).await.recovery_codes;
        let places: Vec<_> = (0..9).map(|_| host.hasher.reserve().unwrap()).collect();
        for from in 0..10 {
            let refused = host.log_in("anna", PASSWORD, wrong(), from).await;
            assert_eq!(refused.unwrap_err(), LoginError::Busy);
        }
        drop(places);
        let code = recovery(&codes.pop().unwrap());
        assert!(host.log_in("anna", PASSWORD, code, 20).await.is_ok());
    }
}

/// A token makes no token that could do more, or last longer, than itself.
#[tokio::test]
async fn a_token_makes_only_lesser_ones() {
    for host in Host::all() {
        let account = host.create("anna", Role::Administrator).await.account;
        let tokens = ApiTokens::new(host.administrators(), None);
        let new = |permissions: &[Permission], life_ms| NewApiToken {
            name: "program".to_owned(),
            permissions: permissions.to_vec(),
            life_ms,
        };
        let both = [Permission::Read, Permission::Audit];
        let (_, parent) = tokens.make(&account, new(&both, 3_600_000)).await.unwrap();
        let more = [Permission::Read, Permission::Tenants];
        for refused in [new(&more, 60_000), new(&both, 7_200_000)] {
            assert!(
                tokens
                    .make_with(&account, refused, &parent.id)
                    .await
                    .is_err()
            );
        }
        let lesser = new(&both[..1], 60_000);
        let (secret, child) = tokens
            .make_with(&account, lesser, &parent.id)
            .await
            .unwrap();
        assert!(tokens.find(&secret).await.unwrap().is_some());
        let grandchild = tokens.make_with(&account, new(&both[..1], 60_000), &child.id);
        assert!(grandchild.await.is_err());
        // It ends with the one that made it.
        tokens.revoke(&parent.id, None).await.unwrap();
        assert!(tokens.find(&secret).await.unwrap().is_none());
        let unknown = tokens.make_with(&account, new(&both[..1], 60_000), &parent.id);
        assert!(unknown.await.is_err());
    }
}
