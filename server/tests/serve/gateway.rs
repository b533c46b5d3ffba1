//! Gateway behaviour and the resulting outcome of a send: delivered, refunded
//! or unknown.

use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use mpass_core::number::PhoneNumber;
use mpass_core::service::{Alphabet, Answer, Language, Sms};
use mpass_server::gateway::{BUDGET, GatewayConfig, HttpGateway};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::support::{Manner, PATIENCE, StandIn, start};

fn sms() -> Sms {
    Sms {
        to: PhoneNumber::parse("+966500000000", None).unwrap(),
        text: String::from("123456 \"é\"\n@example.com #123456").into(),
        sender: Some("A&B".into()),
        language: Language::English,
        alphabet: Alphabet::Gsm7,
        segments: 1,
    }
}

fn gateway(text: &str) -> HttpGateway {
    let config: GatewayConfig = toml::from_str(text).unwrap();
    HttpGateway::new(&config).unwrap()
}

fn at(stand_in: &StandIn, more: &str) -> HttpGateway {
    let addr = stand_in.addr;
    gateway(&format!(
        "url = \"http://{addr}/send?to={{{{to}}}}&text={{{{text}}}}\"\ntimeout = \"500ms\"\n{more}"
    ))
}

#[tokio::test]
async fn responses_and_their_outcomes() {
    let stand_in = StandIn::start(Manner::Hang).await;
    let gateway = at(&stand_in, "");
    for (manner, expected) in [
        (Manner::Answer(200, ""), Answer::Delivered),
        (Manner::Answer(202, "queued"), Answer::Delivered),
        (Manner::Answer(400, ""), Answer::Refused),
        (Manner::Answer(401, ""), Answer::Refused),
        (Manner::Answer(408, ""), Answer::Unknown),
        (Manner::Answer(425, ""), Answer::Unknown),
        (Manner::Answer(429, ""), Answer::Unknown),
        (Manner::Answer(302, ""), Answer::Unknown),
        (Manner::Answer(500, ""), Answer::Unknown),
        (Manner::Answer(503, ""), Answer::Unknown),
        (Manner::BreakOff, Answer::Unknown),
        (Manner::BreakInBody, Answer::Delivered),
        (Manner::HangInBody, Answer::Delivered),
        (Manner::Hang, Answer::Unknown),
    ] {
        stand_in.set(manner);
        let before = stand_in.requests().len();
        assert_eq!(
            gateway.deliver(&sms(), BUDGET).await,
            expected,
            "{manner:?}"
        );
        assert_eq!(
            stand_in.requests().len(),
            before + 1,
            "{manner:?}: never sent twice"
        );
    }
}

#[tokio::test]
async fn rules_about_bodies() {
    let stand_in = StandIn::start(Manner::Hang).await;
    let gateway = at(
        &stand_in,
        "success = [{ status = [200], json_pointer = \"/code\", json_equals = 0 }]\n\
         refusal = [{ status = [200], body_contains = \"rejected\" }]",
    );
    for (manner, expected) in [
        (Manner::Answer(200, "{\"code\":0}"), Answer::Delivered),
        (
            Manner::Answer(200, "{\"code\":7,\"why\":\"rejected\"}"),
            Answer::Refused,
        ),
        (Manner::Answer(200, "{\"code\":7}"), Answer::Unknown),
        (Manner::Answer(400, "rejected"), Answer::Unknown),
        (Manner::BreakInBody, Answer::Unknown),
        (Manner::HangInBody, Answer::Unknown),
    ] {
        stand_in.set(manner);
        assert_eq!(
            gateway.deliver(&sms(), BUDGET).await,
            expected,
            "{manner:?}"
        );
    }
}

/// Response bodies are read up to 64 KiB.
#[tokio::test]
async fn the_rest_of_a_long_response_is_ignored() {
    let stand_in = StandIn::start(Manner::Hang).await;
    let gateway = at(
        &stand_in,
        "success = [{ status = [200], body_contains = \"OK\" }]",
    );
    let padding = "-".repeat(64 * 1024 - 2);
    for (body, expected) in [
        (format!("{padding}OK--"), Answer::Delivered),
        (format!("{padding}--OK"), Answer::Unknown),
    ] {
        stand_in.set(Manner::Answer(200, body.leak()));
        assert_eq!(gateway.deliver(&sms(), BUDGET).await, expected);
    }
}

#[tokio::test]
async fn connections_are_reused_and_dead_ones_detected() {
    let stand_in = StandIn::start(Manner::Answer(200, "taken")).await;
    let gateway = at(&stand_in, "");
    for _ in 0..5 {
        assert_eq!(gateway.deliver(&sms(), BUDGET).await, Answer::Delivered);
    }
    assert_eq!(stand_in.connections(), 1);
    // As many as are needed concurrently, and all of them are kept.
    stand_in.set(Manner::Held);
    for round in 1..=3 {
        let texts = [sms(), sms(), sms()];
        let deliveries = texts.iter().map(|sms| gateway.deliver(sms, BUDGET));
        let release = async {
            stand_in.has_received(5 + 3 * round).await;
            stand_in.release(3);
        };
        let deliveries = futures_util::future::join_all(deliveries);
        for answer in futures_util::future::join(deliveries, release).await.0 {
            assert_eq!(answer, Answer::Delivered);
        }
    }
    assert_eq!(stand_in.connections(), 3);
    // A connection closed in the meantime loses no message and duplicates none.
    stand_in.set(Manner::AnswerAndClose);
    let before = stand_in.requests().len();
    for _ in 0..5 {
        assert_eq!(gateway.deliver(&sms(), BUDGET).await, Answer::Delivered);
        // Each pause lets the runtime, which both sides share, see what has arrived.
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    assert_eq!(stand_in.requests().len(), before + 5);
}

#[tokio::test]
async fn a_hanging_gateway_times_out() {
    let stand_in = StandIn::start(Manner::Hang).await;
    let begun = Instant::now();
    let gateway = at(&stand_in, "");
    let answer = tokio::time::timeout(PATIENCE, gateway.deliver(&sms(), BUDGET)).await;
    assert_eq!(answer, Ok(Answer::Unknown));
    assert!(begun.elapsed() >= Duration::from_millis(450));
}

#[tokio::test]
async fn without_a_connection_the_message_is_refused() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let gateway = gateway(&format!(
        "url = \"http://{closed}/?{{{{to}}}}{{{{text}}}}\""
    ));
    assert_eq!(gateway.deliver(&sms(), BUDGET).await, Answer::Refused);
}

#[tokio::test]
async fn requests_follow_the_configuration() {
    let stand_in = StandIn::start(Manner::Answer(200, "")).await;
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "s&cret\n").unwrap();
    let gateway = gateway(&format!(
        "method = \"PUT\"\n\
         url = \"http://{}/v1/{{{{to_digits}}}}?from={{{{sender}}}}\"\n\
         body_format = \"form\"\n\
         body = \"to={{{{to}}}}&text={{{{text}}}}&k={{{{secret.k}}}}\"\n\
         headers = {{ Authorization = \"Bearer {{{{secret.k}}}}\", X-Lang = \"{{{{language}}}}\" }}\n\
         secrets.k.file = '{}'",
        stand_in.addr,
        secret.path().display(),
    ));
    assert_eq!(gateway.deliver(&sms(), BUDGET).await, Answer::Delivered);
    let request = stand_in.requests().pop().unwrap();
    assert!(
        request.starts_with("PUT /v1/966500000000?from=A%26B HTTP/1.1\r\n"),
        "{request}"
    );
    let host = format!("host: {}\r\n", stand_in.addr);
    let agent = concat!("user-agent: mpass/", env!("CARGO_PKG_VERSION"), "\r\n");
    for line in [
        &host,
        agent,
        "accept: */*\r\n",
        "authorization: Bearer s&cret\r\n",
        "x-lang: en\r\n",
        "content-type: application/x-www-form-urlencoded\r\n",
        "\r\n\r\nto=%2B966500000000&text=123456+%22%C3%A9%22%0A%40example.com+%23123456&k=s%26cret",
    ] {
        assert!(request.contains(line), "{line:?} is not in\n{request}");
    }
}

#[tokio::test]
async fn basic_authentication_and_a_path_that_needs_escaping() {
    let stand_in = StandIn::start(Manner::Answer(200, "")).await;
    let gateway = gateway(&format!(
        "method = \"GET\"\n\
         url = \"http://{}/a b/{{{{sender}}}}/{{{{to}}}}?text={{{{text}}}}&c=d e#gone\"\n\
         basic_auth = {{ user = \"u{{{{to_digits}}}}\", password = \"p:é\" }}",
        stand_in.addr,
    ));
    assert_eq!(gateway.deliver(&sms(), BUDGET).await, Answer::Delivered);
    let request = stand_in.requests().pop().unwrap();
    let text = "123456%20%22%C3%A9%22%0A%40example.com%20%23123456";
    let line = format!("GET /a%20b/A%26B/%2B966500000000?text={text}&c=d%20e HTTP/1.1\r\n");
    assert!(request.starts_with(&line), "{request}");
    // "u966500000000:p:é"
    let credentials = "authorization: Basic dTk2NjUwMDAwMDAwMDpwOsOp\r\n";
    assert!(request.contains(credentials), "{request}");
    assert!(!request.contains("content-type"), "{request}");
}

#[tokio::test]
async fn a_secret_that_is_invalid_in_a_header_is_refused_at_the_start() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "two\nlines").unwrap();
    let text = format!(
        "url = \"http://127.0.0.1:9/?{{{{to}}}}{{{{text}}}}\"\nsecrets.k.file = '{}'\n\
         headers.Authorization = \"Bearer {{{{secret.k}}}}\"",
        secret.path().display(),
    );
    let config: GatewayConfig = toml::from_str(&text).unwrap();
    let error = HttpGateway::new(&config).unwrap_err().to_string();
    assert_eq!(
        error,
        "gateway.headers.authorization is not a valid header value"
    );
}

#[tokio::test]
async fn over_https_with_a_private_authority() {
    let signed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signed.signing_key.serialize_der()));
    let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let stand_in = StandIn::start(Manner::Answer(200, "")).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let shared = stand_in.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(shared.clone().serve_one(stream));
            }
        }
    });
    let ca = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(ca.path(), signed.cert.pem()).unwrap();
    let url = format!("url = \"https://localhost:{port}/?{{{{to}}}}{{{{text}}}}\"");
    let trusting = gateway(&format!(
        "{url}\nca_certificates = '{}'",
        ca.path().display()
    ));
    assert_eq!(trusting.deliver(&sms(), BUDGET).await, Answer::Delivered);
    assert_eq!(gateway(&url).deliver(&sms(), BUDGET).await, Answer::Refused);
    assert_eq!(stand_in.requests().len(), 1, "nothing goes to a stranger");
}

#[tokio::test]
async fn a_refusal_refunds_the_send_but_not_the_interval() {
    let stand_in = StandIn::start(Manner::Answer(400, "")).await;
    let server = start(&stand_in, "").await;
    // Five sends at once are allowed; refused ones do not count.
    for _ in 0..8 {
        assert_eq!(server.send(&server.key).await, (200, "100".into()));
    }
    let code = stand_in.last_code();
    assert_eq!(
        server.verify(&server.key, &code).await,
        "3",
        "what was refused is void"
    );
    stand_in.set(Manner::Answer(200, ""));
    assert_eq!(server.send(&server.key).await, (200, "0".into()));
    assert_eq!(server.verify(&server.key, &stand_in.last_code()).await, "0");
    server.end().await;
}

#[tokio::test]
async fn unknown_outcomes_are_not_refunded() {
    for manner in [Manner::Hang, Manner::BreakOff, Manner::Answer(500, "")] {
        let stand_in = StandIn::start(manner).await;
        let server = start(&stand_in, "").await;
        for _ in 0..5 {
            assert_eq!(
                server.send(&server.key).await,
                (200, "100".into()),
                "{manner:?}"
            );
        }
        // The message may have arrived after all: its code is valid.
        let code = stand_in.last_code();
        assert_eq!(server.verify(&server.key, &code).await, "0", "{manner:?}");
        assert_eq!(
            server.send(&server.key).await,
            (429, "2".into()),
            "{manner:?}"
        );
        assert_eq!(stand_in.requests().len(), 5);
        let metrics = server.state.metrics.encode().unwrap();
        assert!(metrics.contains("mpass_deliveries_total{outcome=\"unknown\"} 5"));
        server.end().await;
    }
}
