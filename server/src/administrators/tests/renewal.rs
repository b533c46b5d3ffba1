//! Another authenticator of one's own.

use super::*;

/// The code of an authenticator that was given the key URI, as it is typed.
fn typed(enrolment: &Enrolment, ahead: u64) -> Zeroizing<String> {
    let Factor::Code(code) = code(enrolment, ahead) else {
        panic!("a code");
    };
    code
}

/// A new authenticator takes the place of the old one by a code of it, and not before.
#[tokio::test]
async fn a_new_authenticator_is_confirmed_by_its_code() {
    let host = Host::new();
    let people = host.administrators();
    let old = host.create("anna", Role::Viewer).await;
    let session = host.log_in("anna", PASSWORD, code(&old, 0)).await.unwrap();
    let none = people.confirm_authenticator("anna", "123456").await;
    assert!(matches!(none, Err(Problem::NoneBegun)));
    let first = people.begin_authenticator("anna").await.unwrap();
    let new = people.begin_authenticator("anna").await.unwrap();
    assert!(new.uri.is_some() && new.uri != old.uri && new.recovery_codes.is_empty());
    // Nothing has changed yet, and neither the old one nor one that is void confirms.
    assert!(host.sessions().find(&session).await.unwrap().is_some());
    for other in [typed(&old, 0), typed(&first, 0)] {
        let wrong = people.confirm_authenticator("anna", &other).await;
        assert!(matches!(wrong, Err(Problem::WrongCode)));
    }
    assert!(host.log_in("anna", PASSWORD, code(&new, 1)).await.is_err());
    assert_eq!(host.account("anna").await.recovery_codes(), 8);
}

#[tokio::test]
async fn a_confirmed_authenticator_ends_what_was_there() {
    let host = Host::new();
    let people = host.administrators();
    let old = host.create("anna", Role::Viewer).await;
    let session = host.log_in("anna", PASSWORD, code(&old, 0)).await.unwrap();
    let new = people.begin_authenticator("anna").await.unwrap();
    let code_of_new = typed(&new, 0);
    let done = people.confirm_authenticator("anna", &code_of_new).await;
    let done = done.unwrap();
    assert!(done.uri.is_none() && done.recovery_codes.len() == 8);
    assert!(host.sessions().find(&session).await.unwrap().is_none());
    // Once, and its code opens no session.
    let again = people.confirm_authenticator("anna", &code_of_new).await;
    assert!(matches!(again, Err(Problem::NoneBegun)));
    let used = host
        .log_in("anna", PASSWORD, Factor::Code(code_of_new))
        .await;
    assert_eq!(used.unwrap_err(), LoginError::Wrong);
    let recovery = |code: &str| Factor::Recovery(Zeroizing::new(code.to_owned()));
    let gone = recovery(&old.recovery_codes[0]);
    assert!(host.log_in("anna", PASSWORD, gone).await.is_err());
    let kept = recovery(&done.recovery_codes[0]);
    assert!(host.log_in("anna", PASSWORD, kept).await.is_ok());
    people.unlock("anna").await.unwrap();
    assert!(host.log_in("anna", PASSWORD, code(&old, 1)).await.is_err());
    people.unlock("anna").await.unwrap();
    assert!(host.log_in("anna", PASSWORD, code(&new, 1)).await.is_ok());
}

/// Other credentials that come first void a new authenticator.
#[tokio::test]
async fn a_reset_voids_a_new_authenticator() {
    let host = Host::new();
    let people = host.administrators();
    host.create("anna", Role::Viewer).await;
    let new = people.begin_authenticator("anna").await.unwrap();
    people.reset("anna", ResetOf::Password, None).await.unwrap();
    let late = people.confirm_authenticator("anna", &typed(&new, 0)).await;
    assert!(matches!(late, Err(Problem::NoneBegun)));
}
