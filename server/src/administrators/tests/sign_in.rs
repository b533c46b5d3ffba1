//! What a sign-in costs, whatever is wrong with it; and sign-ins with an identity
//! provider.

use super::*;
use crate::administrators::Identity;
use crate::store::asked;

/// An attacker who measures learns neither whether a name is one nor whether a password
/// is right (CWE-208). The work is counted, because times vary.
#[tokio::test]
async fn every_failure_takes_the_same_work() {
    let factors: [fn() -> Factor; 4] = [
        || Factor::Code(Zeroizing::new("000000".into())),
        // Read by the engine as a code, and none.
        || Factor::Code(Zeroizing::new("٠٠٠ ٠٠٠".into())),
        wrong,
        || Factor::Recovery(Zeroizing::new("AAAA-AAAA-AAAA-AAAA".into())),
    ];
    for factor in factors {
        let host = Host::new();
        for name in ["anna", "carl", "dora"] {
            host.create(name, Role::Administrator).await;
        }
        let disabled = host.administrators();
        disabled
            .update("carl", None, Some(true), None)
            .await
            .unwrap();
        let mut works = Vec::new();
        for (name, password) in [
            ("nobody", PASSWORD),
            ("carl", PASSWORD),
            ("dora", "wrong password"),
            // Everything but the factor is right.
            ("anna", PASSWORD),
        ] {
            let computed = host.hasher.computed();
            asked::take();
            let refused = host.log_in(name, password, factor()).await;
            assert_eq!(refused.unwrap_err(), LoginError::Wrong, "{name}");
            works.push((host.hasher.computed() - computed, asked::take()));
        }
        assert!(works.iter().all(|work| *work == works[0]), "{works:?}");
        assert_eq!(works[0].0, 19 * 1024 * 2);
    }
}

fn identity(subject: &str) -> Identity {
    Identity {
        issuer: "https://id.example".into(),
        subject: subject.into(),
    }
}

#[tokio::test]
async fn a_person_at_a_provider_is_one_administrator() {
    let host = Host::new();
    for name in ["anna", "bert"] {
        host.create(name, Role::Administrator).await;
    }
    let (administrators, login) = (host.administrators(), host.login());
    let unknown = login.identified(&identity("1")).await.unwrap_err();
    assert_eq!(unknown, LoginError::Wrong);
    let bound = administrators.bind("anna", Some(identity("1")), None).await;
    assert_eq!(bound.unwrap().identity, Some(identity("1")));
    let found = login.identified(&identity("1")).await.unwrap();
    assert_eq!(found.name, "anna");
    // The same subject of another issuer is another person.
    for other in [
        identity("2"),
        identity("1 "),
        Identity {
            issuer: "https://id.example/".into(),
            ..identity("1")
        },
    ] {
        assert!(login.identified(&other).await.is_err(), "{other:?}");
    }
    let taken = administrators.bind("bert", Some(identity("1")), None).await;
    assert!(matches!(taken, Err(Problem::IdentityTaken)));
    for bad in ["", &"s".repeat(256), "a\nb"] {
        let bound = administrators.bind("bert", Some(identity(bad)), None).await;
        assert!(matches!(bound, Err(Problem::InvalidIdentity)), "{bad:?}");
    }
    administrators
        .update("anna", None, Some(true), None)
        .await
        .unwrap();
    assert!(login.identified(&identity("1")).await.is_err());
    administrators
        .update("anna", None, Some(false), None)
        .await
        .unwrap();
    administrators.bind("anna", None, None).await.unwrap();
    assert!(login.identified(&identity("1")).await.is_err());
}

/// A binding is a way in: it ends what was begun without it.
#[tokio::test]
async fn a_binding_ends_sessions() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Viewer).await;
    let secret = host
        .log_in("anna", PASSWORD, code(&enrolment, 0))
        .await
        .unwrap();
    let administrators = host.administrators();
    administrators
        .bind("anna", Some(identity("1")), None)
        .await
        .unwrap();
    assert!(host.sessions().find(&secret).await.unwrap().is_none());
}

#[tokio::test]
async fn a_second_factor_of_the_provider_is_not_a_fresh_one_of_ours() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Administrator).await;
    let account = host.account("anna").await;
    let begun = host.login().begin_identified(&account, HERE).await;
    let (secret, session) = begun.unwrap();
    assert!(!session.is_fresh());
    let (found, account) = host.sessions().find(&secret).await.unwrap().unwrap();
    assert!(!found.is_fresh());
    let factor = code(&enrolment, 0);
    host.login()
        .prove(&secret, &account, &factor, HERE)
        .await
        .unwrap();
    let (found, _) = host.sessions().find(&secret).await.unwrap().unwrap();
    assert!(found.is_fresh());
}

#[tokio::test]
async fn a_code_completes_a_sign_in_with_the_provider() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Viewer).await;
    let account = host.account("anna").await;
    let half = host.login().half(&account).unwrap();
    // Not one that somebody else has made, or changed.
    let (json, tag) = half.split_once('.').unwrap();
    let other = Keyring::generate(&[8; 32]);
    let foreign = Host {
        keyring: other,
        ..Host::new()
    };
    for text in [
        "",
        ".",
        json,
        &format!("{json}."),
        &format!("{json}.{}", "A".repeat(43)),
        &format!("{}A.{tag}", &json[..json.len() - 1]),
        &foreign.login().half(&account).unwrap(),
    ] {
        let refused = host
            .login()
            .complete(text, &code(&enrolment, 0), HERE)
            .await;
        assert_eq!(refused.unwrap_err(), LoginError::Wrong, "{text}");
    }
    let done = host
        .login()
        .complete(&half, &code(&enrolment, 0), HERE)
        .await;
    let (secret, session, found) = done.unwrap();
    assert!(session.is_fresh() && found.name == "anna");
    assert!(host.sessions().find(&secret).await.unwrap().is_some());
    // The code works once, and the way is closed by a change of the account.
    let again = host
        .login()
        .complete(&half, &code(&enrolment, 0), HERE)
        .await;
    assert_eq!(again.unwrap_err(), LoginError::Wrong);
    host.administrators()
        .set_password("anna", "another password")
        .await
        .unwrap();
    let after = host
        .login()
        .complete(&half, &code(&enrolment, 1), HERE)
        .await;
    assert_eq!(after.unwrap_err(), LoginError::Wrong);
}

/// Whoever has got past the provider cannot guess codes without end.
#[tokio::test]
async fn codes_after_the_provider_are_throttled() {
    let host = Host::new();
    let enrolment = host.create("anna", Role::Viewer).await;
    let half = host.login().half(&host.account("anna").await).unwrap();
    for _ in 0..6 {
        let wrong_code = Factor::Code(Zeroizing::new("000000".into()));
        let refused = host.login().complete(&half, &wrong_code, HERE).await;
        assert_eq!(refused.unwrap_err(), LoginError::Wrong);
    }
    let waits = host
        .login()
        .complete(&half, &code(&enrolment, 0), HERE)
        .await;
    assert!(matches!(waits, Err(LoginError::Wait(Some(_)))));
    for _ in 0..30 {
        let _ = host.login().admit(HERE);
    }
    assert_eq!(host.login().admit(HERE), Err(LoginError::Wait(None)));
}
