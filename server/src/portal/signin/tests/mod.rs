//! Tests of the sign-in: by browsers, and by attackers.

mod attacks;
mod provider;
mod sessions;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use form_urlencoded::Serializer;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use mpass_core::challenge::Keyring;
use mpass_core::oath::uri::KeyUri;
use mpass_core::oath::{Algorithm, Digits, Key, Totp};
use mpass_core::store::MemoryStore;
use tower::ServiceExt;
use zeroize::Zeroizing;

use super::session::SignedIn;
use super::{guarded, router};
use crate::administrators::{Administrators, Enrolment, NewAdministrator, Permission, Role};
use crate::clock;
use crate::http::Peer;
use crate::portal::shared::Portal;
use crate::state::State;
use crate::store::AnyStore;

const PASSWORD: &str = "correct horse battery";
const PORTAL: &str = "portal.example";
const ORIGIN_OF_IT: &str = "https://portal.example";

/// A portal with a page of its own.
pub(crate) struct World {
    pub(crate) portal: Portal,
    pub(crate) router: Router,
}

/// An answer, read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) head: Response<()>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers().get(name)?.to_str().ok()
    }

    pub(crate) fn location(&self) -> &str {
        self.header(LOCATION.as_str()).unwrap_or_default()
    }

    pub(crate) fn cookies(&self) -> Vec<&str> {
        let all = self.head.headers().get_all(SET_COOKIE).iter();
        all.map(|value| value.to_str().unwrap()).collect()
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let store = AnyStore::Memory(MemoryStore::new(10_000));
        let state = State::of_test(store, Keyring::generate(&[7; 32]));
        let portal = Portal::of_test(Arc::new(state));
        let pages = Router::new()
            .route("/", get(|it: SignedIn| async move { it.account.name }))
            .route("/tenants", post(change))
            .route("/fresh", get(fresh))
            .with_state(portal.clone())
            .merge(router(portal.clone()));
        Self {
            router: guarded(portal.clone(), pages),
            portal,
        }
    }

    pub(crate) fn state(&self) -> &State {
        &self.portal.state
    }

    pub(crate) async fn create(&self, name: &str, role: Role) -> Enrolment {
        let engine = self.state().engine.load_full();
        let State { store, hasher, .. } = self.state();
        let administrators = Administrators::new(store, engine.keyring(), hasher);
        let new = NewAdministrator {
            name: name.to_owned(),
            role,
            password: Some(Zeroizing::new(PASSWORD.to_owned())),
        };
        administrators.create(new).await.unwrap()
    }

    pub(crate) async fn answer(&self, mut request: Request<Body>) -> Answer {
        request
            .extensions_mut()
            .insert(Peer("192.0.2.1".parse().unwrap()));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            head: Response::from_parts(parts, ()),
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}

async fn change(signed_in: SignedIn) -> Result<String, axum::response::Response> {
    signed_in.require(Permission::Tenants)?;
    Ok(format!("{:?}", signed_in.actor()))
}

async fn fresh(signed_in: SignedIn) -> Result<&'static str, axum::response::Response> {
    signed_in.require_fresh()?;
    Ok("fresh")
}

/// A browser with its cookies, on a page of the portal.
#[derive(Default)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(HOST, PORTAL);
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        request = request.header("sec-fetch-site", "same-origin");
        match method {
            Method::GET => request,
            _ => request.header(ORIGIN, ORIGIN_OF_IT),
        }
    }

    pub(crate) async fn send(&mut self, world: &World, request: Request<Body>) -> Answer {
        let answer = world.answer(request).await;
        for set in answer.cookies() {
            let (name, rest) = set.split_once('=').unwrap();
            match rest.split_once(';').unwrap() {
                ("", _) => self.cookies.remove(name),
                (value, _) => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }

    pub(crate) async fn get(&mut self, world: &World, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty()).unwrap();
        self.send(world, request).await
    }

    pub(crate) async fn post(
        &mut self,
        world: &World,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.request(Method::POST, path);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(world, request.body(Body::from(form)).unwrap())
            .await
    }

    pub(crate) async fn sign_in(&mut self, world: &World, name: &str, code: &str) -> Answer {
        let fields = [
            ("name", name),
            ("password", PASSWORD),
            ("code", code),
            ("next", "/"),
        ];
        self.post(world, "/signin", &fields).await
    }

    pub(crate) fn session(&self) -> Option<&String> {
        self.cookies.get("__Host-mpass")
    }
}

/// The code of an authenticator, so many steps ahead.
pub(crate) fn code(enrolment: &Enrolment, ahead: u64) -> String {
    let uri = KeyUri::parse(enrolment.uri.as_ref().unwrap()).unwrap();
    let key = Key::new(Algorithm::Sha1, uri.secret().expose()).unwrap();
    let now = clock::now_ms() / 1000 + 30 * ahead;
    let code = Totp::new(key, Digits::SIX).generate(now).unwrap();
    code.as_str().to_owned()
}
