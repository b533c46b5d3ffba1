//! Tests of administrators: as they log in, and as somebody attacks them.

mod renewal;
mod sign_in;

use core::net::{IpAddr, Ipv4Addr};

use mpass_core::challenge::Keyring;
use mpass_core::oath::uri::KeyUri;
use mpass_core::oath::{Algorithm, Digits, Key, Totp};
use mpass_core::store::MemoryStore;
use zeroize::Zeroizing;

use super::{
    Account, Administrators, ApiTokens, Credentials, Enrolment, Factor, Hasher, Login, LoginError,
    NewAdministrator, NewApiToken, Permission, Problem, ResetOf, Role, Sessions, Throttle,
};
use crate::clock;
use crate::store::{AnyStore, documents};

const PASSWORD: &str = "correct horse battery";
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// What the tests run on.
struct Host {
    store: AnyStore,
    keyring: Keyring,
    hasher: Hasher,
    throttle: Throttle,
}

impl Host {
    fn new() -> Self {
        Self {
            store: AnyStore::Memory(MemoryStore::new(10_000)),
            keyring: Keyring::generate(&[7; 32]),
            hasher: Hasher::default(),
            throttle: Throttle::default(),
        }
    }

    fn administrators(&self) -> Administrators<'_> {
        Administrators::new(&self.store, &self.keyring, &self.hasher)
    }

    fn sessions(&self) -> Sessions<'_> {
        Sessions::new(self.administrators(), None)
    }

    fn tokens(&self) -> ApiTokens<'_> {
        ApiTokens::new(self.administrators(), None)
    }

    fn login(&self) -> Login<'_> {
        Login {
            administrators: self.administrators(),
            sessions: self.sessions(),
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

    async fn log_in(
        &self,
        name: &str,
        password: &str,
        factor: Factor,
    ) -> Result<Zeroizing<String>, LoginError> {
        let credentials = Credentials {
            name: name.to_owned(),
            password: Zeroizing::new(password.to_owned()),
            factor,
        };
        let login = self.login();
        let (secret, session, account) = login.login(&credentials, HERE).await?;
        assert_eq!((session.name.as_str(), account.name.as_str()), (name, name));
        Ok(secret)
    }
}

/// The code of an authenticator that was given the key URI.
fn code(enrolment: &Enrolment, ahead: u64) -> Factor {
    let uri = KeyUri::parse(enrolment.uri.as_ref().unwrap()).unwrap();
    let key = Key::new(Algorithm::Sha1, uri.secret().expose()).unwrap();
    let now = clock::now_ms() / 1000 + 30 * ahead;
    let code = Totp::new(key, Digits::SIX).generate(now).unwrap();
    Factor::Code(Zeroizing::new(code.as_str().to_owned()))
}

fn wrong() -> Factor {
    Factor::Code(Zeroizing::new("12x456".to_owned()))
}

#[tokio::test]
async fn both_factors_begin_a_session() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Operator).await;
    let secret = host
        .log_in("anna", PASSWORD, code(&enrolment, 0))
        .await
        .unwrap();
    let (session, account) = host.sessions().find(&secret).await.unwrap().unwrap();
    assert_eq!((session.from, account.role), (HERE, Role::Operator));
    assert!(session.is_fresh());
    // A code works once.
    let again = host.log_in("anna", PASSWORD, code(&enrolment, 0)).await;
    assert_eq!(again.unwrap_err(), LoginError::Wrong);
    host.sessions().end(&secret).await.unwrap();
    assert!(host.sessions().find(&secret).await.unwrap().is_none());
}

#[tokio::test]
async fn a_wrong_part_of_any_kind_is_the_same_error() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Viewer).await;
    for (name, password, factor) in [
        ("anna", "wrong password", code(&enrolment, 0)),
        ("anna", PASSWORD, wrong()),
        ("bert", PASSWORD, code(&enrolment, 0)),
        ("", "", wrong()),
        (
            "anna",
            PASSWORD,
            Factor::Recovery(Zeroizing::new("AAAA-AAAA-AAAA-AAAA".into())),
        ),
    ] {
        let refused = host.log_in(name, password, factor).await.unwrap_err();
        assert_eq!(refused, LoginError::Wrong);
    }
    let disabled = host.administrators();
    host.create("carl", Role::Administrator).await;
    disabled
        .update("anna", None, Some(true), None)
        .await
        .unwrap();
    let refused = host.log_in("anna", PASSWORD, code(&enrolment, 0)).await;
    assert_eq!(refused.unwrap_err(), LoginError::Wrong);
}

#[tokio::test]
async fn a_recovery_code_works_once() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Viewer).await;
    assert_eq!(enrolment.recovery_codes.len(), 8);
    let shown = &*enrolment.recovery_codes[3];
    assert_eq!(shown.len(), 19);
    let typed = |text: &str| Factor::Recovery(Zeroizing::new(text.to_owned()));
    let spelt = shown.to_lowercase().replace('-', " ");
    assert!(host.log_in("anna", PASSWORD, typed(&spelt)).await.is_ok());
    let again = host.log_in("anna", PASSWORD, typed(shown)).await;
    assert_eq!(again.unwrap_err(), LoginError::Wrong);
    assert_eq!(host.account("anna").await.recovery_codes(), 7);
    // Parallel uses of one code: one of them counts.
    let other = &*enrolment.recovery_codes[0];
    let uses = (0..4).map(|_| host.log_in("anna", PASSWORD, typed(other)));
    let done = futures_util::future::join_all(uses).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
}

#[tokio::test]
async fn failures_wait_and_an_administrator_can_be_unlocked() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Viewer).await;
    for _ in 0..6 {
        let refused = host.log_in("anna", "wrong password", wrong()).await;
        assert_eq!(refused.unwrap_err(), LoginError::Wrong);
    }
    let refused = host.log_in("anna", PASSWORD, code(&enrolment, 0)).await;
    assert!(matches!(refused, Err(LoginError::Wait(Some(_)))));
    host.administrators().unlock("anna").await.unwrap();
    assert!(
        host.log_in("anna", PASSWORD, code(&enrolment, 0))
            .await
            .is_ok()
    );
    // Names that nobody has wait as well, and fill no store.
    let before = documents(&host.store).unwrap().len();
    let host = Host {
        throttle: Throttle::default(),
        ..host
    };
    for n in 0..20 {
        let _ = host
            .log_in(&format!("nobody-{n}"), "wrong password", wrong())
            .await;
    }
    assert!(documents(&host.store).unwrap().len() <= before + 20);
}

#[tokio::test]
async fn a_network_has_a_limit() {
    let throttle = Throttle::default();
    let allowed = (0..100).filter(|_| throttle.count(HERE)).count();
    assert_eq!(allowed, 30);
    // A /64 counts as one, and another network is not concerned.
    let of = |n: u128| IpAddr::from((0x2001_0db8_u128 << 96 | n).to_be_bytes());
    assert_eq!((0..100).filter(|n| throttle.count(of(*n))).count(), 30);
    assert!(throttle.count(of(1 << 64)));
}

#[tokio::test]
async fn a_change_of_role_password_or_factor_ends_sessions() {
    let host = Host::new();
    host.create("root", Role::Administrator).await;
    let mut enrolment = host.create("anna", Role::Administrator).await;
    let mut password = PASSWORD;
    for change in 0..4 {
        let factor = Factor::Recovery(enrolment.recovery_codes.pop().unwrap());
        let secret = host.log_in("anna", password, factor).await.unwrap();
        assert!(host.sessions().find(&secret).await.unwrap().is_some());
        let administrators = host.administrators();
        match change {
            0 => drop(
                administrators
                    .update("anna", Some(Role::Viewer), None, None)
                    .await
                    .unwrap(),
            ),
            1 => {
                password = "another password";
                administrators.set_password("anna", password).await.unwrap();
            }
            2 => {
                enrolment = administrators
                    .reset("anna", ResetOf::SecondFactor, None)
                    .await
                    .unwrap()
            }
            _ => {
                administrators.remove("anna", None).await.unwrap();
                host.create("anna", Role::Viewer).await;
            }
        }
        assert!(
            host.sessions().find(&secret).await.unwrap().is_none(),
            "{change}"
        );
    }
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let host = Host::new();
    host.create("root", Role::Administrator).await;
    host.create("anna", Role::Viewer).await;
    let administrators = host.administrators();
    let last = |done: Result<Account, Problem>| matches!(done, Err(Problem::LastOne));
    assert!(last(
        administrators
            .update("root", Some(Role::Viewer), None, None)
            .await
    ));
    assert!(last(
        administrators.update("root", None, Some(true), None).await
    ));
    assert!(matches!(
        administrators.remove("root", None).await,
        Err(Problem::LastOne)
    ));
    assert!(matches!(
        administrators.remove("nobody", None).await,
        Err(Problem::Missing)
    ));
    administrators
        .update("anna", Some(Role::Administrator), None, None)
        .await
        .unwrap();
    administrators.remove("root", None).await.unwrap();
    let names: Vec<_> = administrators
        .list()
        .unwrap()
        .into_iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(names, ["anna"]);
}

#[tokio::test]
async fn names_and_passwords_are_checked() {
    let host = Host::new();
    let create = async |name: &str, password: Option<&str>| {
        let new = NewAdministrator {
            name: name.to_owned(),
            role: Role::Viewer,
            password: password.map(|text| Zeroizing::new(text.to_owned())),
        };
        host.administrators().create(new).await
    };
    for name in ["", "a b", "a/b", "ä", &"x".repeat(65), "a\n"] {
        assert!(matches!(
            create(name, Some(PASSWORD)).await,
            Err(Problem::InvalidName)
        ));
    }
    for password in [
        "",
        "short",
        "elevenchars",
        &"x".repeat(257),
        "averylongname",
    ] {
        let done = create("AVeryLongName", Some(password)).await;
        assert!(matches!(done, Err(Problem::WeakPassword)), "{password}");
    }
    let made = create("anna@example.com", None).await.unwrap();
    assert_eq!(made.password.unwrap().len(), 43);
    assert!(matches!(
        create("anna@example.com", None).await,
        Err(Problem::Exists)
    ));
}

#[tokio::test]
async fn a_token_may_what_its_maker_may_and_dies_with_it() {
    let host = Host::new();
    host.create("root", Role::Administrator).await;
    host.create("anna", Role::Administrator).await;
    let new = |permissions: &[Permission], life_ms| NewApiToken {
        name: "deployment".to_owned(),
        permissions: permissions.to_vec(),
        life_ms,
    };
    let account = host.account("anna").await;
    let both = [Permission::Read, Permission::Tenants];
    let (secret, token) = host
        .tokens()
        .make(&account, new(&both, 3_600_000))
        .await
        .unwrap();
    let granted = async || host.tokens().find(&secret).await.unwrap();
    let now = granted().await.unwrap();
    assert_eq!(now.token, token);
    assert!(now.may(Permission::Read) && now.may(Permission::Tenants));
    assert!(!now.may(Permission::Gateways));
    host.administrators()
        .update("anna", Some(Role::Viewer), None, None)
        .await
        .unwrap();
    let now = granted().await.unwrap();
    assert!(now.may(Permission::Read) && !now.may(Permission::Tenants));
    let viewer = host.account("anna").await;
    assert!(
        host.tokens()
            .make(&viewer, new(&both, 3_600_000))
            .await
            .is_err()
    );
    for life_ms in [0, 59_999, 367 * 86_400_000] {
        let made = host
            .tokens()
            .make(&viewer, new(&[Permission::Read], life_ms))
            .await;
        assert!(made.is_err());
    }
    host.administrators()
        .update("anna", None, Some(true), None)
        .await
        .unwrap();
    assert!(granted().await.is_none());
    host.administrators()
        .update("anna", None, Some(false), None)
        .await
        .unwrap();
    assert!(granted().await.is_some());
    // Another administrator does not find it among its own, and cannot revoke it so.
    assert_eq!(host.tokens().list(Some("root")).unwrap(), []);
    assert_eq!(
        host.tokens().revoke(&token.id, Some("root")).await.unwrap(),
        None
    );
    assert!(granted().await.is_some());
    assert_eq!(
        host.tokens().list(None).unwrap(),
        core::slice::from_ref(&token)
    );
    assert_eq!(
        host.tokens().revoke(&token.id, None).await.unwrap(),
        Some(token)
    );
    assert!(granted().await.is_none());
}

#[tokio::test]
async fn a_token_does_not_outlive_an_administrator_of_the_same_name() {
    let host = Host::new();
    host.create("root", Role::Administrator).await;
    host.create("anna", Role::Viewer).await;
    let new = NewApiToken {
        name: "deployment".to_owned(),
        permissions: vec![Permission::Read],
        life_ms: 3_600_000,
    };
    let account = host.account("anna").await;
    let (secret, _) = host.tokens().make(&account, new).await.unwrap();
    host.administrators().remove("anna", None).await.unwrap();
    assert!(host.tokens().find(&secret).await.unwrap().is_none());
    host.create("anna", Role::Viewer).await;
    assert!(host.tokens().find(&secret).await.unwrap().is_none());
}

#[tokio::test]
async fn what_was_begun_before_a_restore_has_ended() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Viewer).await;
    let secret = host
        .log_in("anna", PASSWORD, code(&enrolment, 0))
        .await
        .unwrap();
    let sessions = Sessions::new(host.administrators(), Some(clock::now_ms()));
    assert!(sessions.find(&secret).await.unwrap().is_none());
    assert!(host.sessions().find(&secret).await.unwrap().is_some());
}

#[tokio::test]
async fn secrets_are_not_in_the_store() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Viewer).await;
    let session = host
        .log_in("anna", PASSWORD, code(&enrolment, 0))
        .await
        .unwrap();
    let uri = KeyUri::parse(enrolment.uri.as_ref().unwrap()).unwrap();
    let mut secrets: Vec<Vec<u8>> = vec![
        PASSWORD.into(),
        session.as_bytes().into(),
        uri.secret().expose().into(),
        b"anna".into(),
    ];
    secrets.extend(
        enrolment
            .recovery_codes
            .iter()
            .map(|code| code.as_bytes().to_vec()),
    );
    for (_, value) in documents(&host.store).unwrap() {
        for secret in &secrets {
            assert!(!value.windows(secret.len()).any(|window| window == secret));
        }
    }
    for shown in [
        format!("{enrolment:?}"),
        format!("{:?}", host.account("anna").await),
    ] {
        assert!(
            !shown.contains("otpauth") && !shown.contains("hash"),
            "{shown}"
        );
    }
}

/// Passwords are computed one at a time, and further ones than the queue are refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_logins_at_once_are_bounded() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Viewer).await;
    let from = |n: u8| IpAddr::V4(Ipv4Addr::new(198, 51, 100, n));
    let logins = (0..100).map(|n| {
        let credentials = Credentials {
            name: format!("nobody-{n}"),
            password: Zeroizing::new(PASSWORD.to_owned()),
            factor: wrong(),
        };
        let login = host.login();
        async move { login.login(&credentials, from(n)).await.unwrap_err() }
    });
    let done = futures_util::future::join_all(logins).await;
    let busy = done
        .iter()
        .filter(|error| **error == LoginError::Busy)
        .count();
    assert_eq!(busy, 100 - 9);
    assert!(
        host.log_in("anna", PASSWORD, code(&enrolment, 0))
            .await
            .is_ok()
    );
}

/// Every role and permission, as a table.
#[test]
fn roles_and_permissions() {
    use Permission as P;
    let table: &[(Permission, [bool; 3])] = &[
        (P::Read, [true, true, true]),
        (P::Statistics, [true, true, true]),
        (P::Audit, [false, true, true]),
        (P::Numbers, [false, true, true]),
        (P::Stop, [false, true, true]),
        (P::TestGateway, [false, true, true]),
        (P::Tenants, [false, false, true]),
        (P::Gateways, [false, false, true]),
        (P::Administrators, [false, false, true]),
        (P::Server, [false, false, true]),
    ];
    assert_eq!(table.len(), Permission::ALL.len());
    for (permission, expected) in table {
        let may = [Role::Viewer, Role::Operator, Role::Administrator].map(|it| it.may(*permission));
        assert_eq!(may, *expected, "{permission:?}");
    }
    for role in Role::ALL {
        assert_eq!(Role::from_name(role.name()), Some(*role));
    }
}
