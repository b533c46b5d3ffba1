//! The portal over real sockets.

mod in_browser;
mod transport;

use core::net::SocketAddr;

use mpass_core::oath::uri::KeyUri;
use mpass_core::oath::{Algorithm, Digits, Key, Totp};
use mpass_server::administrators::{Administrators, Enrolment, Identity, NewAdministrator, Role};
use mpass_server::{State, clock};
use zeroize::Zeroizing;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Creates an administrator.
pub(crate) async fn administrator(state: &State, name: &str) -> Enrolment {
    let engine = state.engine.load_full();
    let administrators = Administrators::new(&state.store, engine.keyring(), &state.hasher);
    let new = NewAdministrator {
        name: name.to_owned(),
        role: Role::Administrator,
        password: Some(Zeroizing::new(PASSWORD.to_owned())),
    };
    administrators.create(new).await.unwrap()
}

async fn bind(state: &State, name: &str, issuer: &str, subject: &str) {
    let engine = state.engine.load_full();
    let administrators = Administrators::new(&state.store, engine.keyring(), &state.hasher);
    let identity = Identity {
        issuer: issuer.into(),
        subject: subject.into(),
    };
    administrators
        .bind(name, Some(identity), None)
        .await
        .unwrap();
}

/// The present code of an authenticator.
fn code(enrolment: &Enrolment) -> String {
    let uri = KeyUri::parse(enrolment.uri.as_ref().unwrap()).unwrap();
    let key = Key::new(Algorithm::Sha1, uri.secret().expose()).unwrap();
    let code = Totp::new(key, Digits::SIX).generate(clock::now_ms() / 1000);
    code.unwrap().as_str().to_owned()
}

/// A port that is free now.
fn free() -> SocketAddr {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap()
}
