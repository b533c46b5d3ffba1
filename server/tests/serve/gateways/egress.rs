//! Gateways that would reach what only the server reaches.

use mpass_server::admin::{GatewayOperation, Outcome};
use tokio::net::TcpListener;

use super::{LOOPBACK, Scene, url};
use crate::support::{Manner, StandIn};

#[tokio::test]
async fn what_only_the_server_reaches_is_not_connected_to() {
    let mut scene = Scene::start("").await;
    let inside = StandIn::start(Manner::Answer(200, "")).await;
    let port = inside.addr.port();
    let own = scene.server.addr.port();
    for host in [
        format!("http://127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("https://2130706433:{port}"),
        format!("https://0x7f000001:{port}"),
        format!("https://0177.1:{port}"),
        format!("https://[::ffff:127.0.0.1]:{port}"),
        format!("https://[::1]:{port}"),
        format!("https://0.0.0.0:{port}"),
        format!("https://127.0.0.1:{own}"),
        "https://169.254.169.254".to_owned(),
        "http://1.1.1.1".to_owned(),
    ] {
        let failure = scene.create("one", &host).await.unwrap_err();
        let is_refused = ["not allowed", "allow_plain_http"];
        assert!(
            is_refused.iter().any(|word| failure.message.contains(word)),
            "{host}: {failure}"
        );
    }
    assert_eq!(scene.names().await, ["main"]);
    // A name is judged when it is resolved.
    for scheme in ["http", "https"] {
        let host = format!("{scheme}://localhost:{port}");
        scene.create("one", &host).await.unwrap();
        assert_eq!(scene.send().await, "100", "{host}");
        let (name, to) = ("one".to_owned(), "+966500000000".to_owned());
        let test = scene.perform(GatewayOperation::Test { name, to }).await;
        let Ok(Outcome::Tested(test)) = test else {
            panic!()
        };
        assert_eq!(
            (test.outcome.as_str(), test.status_class),
            ("refused", None)
        );
        let (name, stamp) = ("one".to_owned(), None);
        scene
            .perform(GatewayOperation::Remove { name, stamp })
            .await
            .unwrap();
    }
    assert_eq!(inside.connections(), 0);
    scene.server.end().await;

    let mut scene = Scene::start("[egress]\nallow = [\"localhost\"]\n").await;
    scene
        .create("one", &format!("http://localhost:{port}"))
        .await
        .unwrap();
    assert_eq!(scene.send().await, "0");
    assert!(scene.create("other", &url(&inside)).await.is_err());
    scene.server.end().await;
}

/// The first gateway answers with a redirect to a service that only the server reaches.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let inside = StandIn::start(Manner::Answer(200, "")).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gateway = format!("http://{}", listener.local_addr().unwrap());
    let location = url(&inside);
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = format!(
                "HTTP/1.1 307 X\r\nLocation: {location}/\r\nContent-Length: 0\r\n\
                 Connection: close\r\n\r\n"
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    let mut scene = Scene::start(LOOPBACK).await;
    scene.create("one", &gateway).await.unwrap();
    let (name, to) = ("one".to_owned(), "+966500000000".to_owned());
    let test = scene.perform(GatewayOperation::Test { name, to }).await;
    let Ok(Outcome::Tested(test)) = test else {
        panic!()
    };
    assert_eq!(test.outcome, "unknown");
    assert_eq!(test.status_class.as_deref(), Some("3xx"));
    assert_eq!(inside.connections(), 0);
    scene.server.end().await;
}
