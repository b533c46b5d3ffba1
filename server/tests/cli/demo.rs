//! The demo from its first line to an accepted code.

use crate::support::Demo;

fn outbox(demo: &Demo) -> Vec<serde_json::Value> {
    let (head, body) = demo.get("/outbox.json", &[]);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    serde_json::from_str(&body).unwrap()
}

/// The path of the printed request that contains a word.
fn printed_path(demo: &Demo, word: &str) -> String {
    let line = demo
        .banner
        .lines()
        .find(|line| line.contains(word))
        .unwrap();
    let url = line.split('\'').nth(1).unwrap();
    url.split_once(demo.authority()).unwrap().1.to_owned()
}

#[test]
fn the_printed_commands_work() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    assert!(
        demo.banner.contains(home.path().to_str().unwrap()),
        "{}",
        demo.banner
    );
    assert_eq!(outbox(&demo).len(), 0);
    let (_, sent) = demo.get(&printed_path(&demo, "/msg?"), &[]);
    assert_eq!(sent, r#"{"description":"Accept","status":"0"}"#);
    let messages = outbox(&demo);
    let [message] = &messages[..] else {
        panic!("one message: {}", messages.len());
    };
    assert_eq!(message["to"], "+966500000000");
    assert!(message["at"].as_str().unwrap().ends_with('Z'));
    let verify = printed_path(&demo, "/verify?").replace("CODE", &demo.newest_code());
    assert_eq!(
        demo.get(&verify, &[]).1,
        r#"{"description":"Accept","status":"0"}"#
    );
    assert_eq!(
        demo.get(&verify, &[]).1,
        r#"{"description":"Reject","status":"3"}"#
    );
}

#[test]
fn the_key_is_stable_and_in_no_file() {
    let home = tempfile::tempdir().unwrap();
    let first = Demo::start(home.path());
    let key = first.printed("key").to_owned();
    first.kill();
    let again = Demo::start(home.path());
    assert_eq!(again.printed("key"), key);
    assert!(
        again
            .get(&printed_path(&again, "/msg?"), &[])
            .1
            .contains(r#""status":"0""#)
    );
    // As printed, and its secret part.
    for file in std::fs::read_dir(home.path().join(".local/share/mpass/demo")).unwrap() {
        let path = file.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        for needle in [key.as_bytes(), &key.as_bytes()[24..]] {
            let found = bytes.windows(needle.len()).any(|window| window == needle);
            assert!(!found, "{}", path.display());
        }
    }
    let elsewhere = tempfile::tempdir().unwrap();
    assert_ne!(Demo::start(elsewhere.path()).printed("key"), key);
}

#[test]
fn the_page_runs_no_foreign_script() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let (head, page) = demo.get("/", &[]);
    let head = head.to_lowercase();
    assert!(head.starts_with("http/1.1 200"), "{head}");
    for header in [
        "content-security-policy: default-src 'none'; script-src 'self'",
        "frame-ancestors 'none'",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
    ] {
        assert!(head.contains(header), "{header}: {head}");
    }
    for name in ["key", "customer", "password", "client", "secret"] {
        assert!(
            page.contains(demo.printed(name)),
            "the page contains its {name}"
        );
    }
    let own = format!("http://{}", demo.authority());
    let page = page.replace(&own, "").replace(demo.printed("portal"), "");
    assert!(!page.contains("<script>") && !page.contains("style=") && !page.contains("http:"));
    for (path, kind) in [
        ("/demo.js", "text/javascript"),
        ("/services.js", "text/javascript"),
        ("/demo.css", "text/css"),
    ] {
        let (head, body) = demo.get(path, &[]);
        assert!(head.to_lowercase().contains(kind), "{head}");
        assert!(!body.is_empty() && page.contains(path), "{path}");
    }
}

#[test]
fn others_get_403() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let port = demo.authority().rsplit_once(':').unwrap().1;
    let own = format!("localhost:{port}");
    let own_page = format!("http://{own}");
    let evil = format!("evil.example:{port}");
    // Every path is for this machine only, also those without a page.
    for path in [
        &printed_path(&demo, "/msg?"),
        "/metrics",
        "/openapi",
        "/healthz",
        "/x",
    ] {
        for host in [evil.as_str(), "localhost", &format!("10.0.0.1:{port}")] {
            let (head, _) = demo.get(path, &[("Host", host)]);
            assert!(head.starts_with("HTTP/1.1 403"), "{path} {host}: {head}");
        }
    }
    assert_eq!(outbox(&demo).len(), 0);
    for path in ["/", "/demo.js", "/outbox.json", "/callers.json"] {
        for headers in [
            &[("Host", evil.as_str())][..],
            &[("Host", "localhost")],
            &[("Host", &own), ("Origin", "http://evil.example")],
            &[("Host", &own), ("Origin", "null")],
        ] {
            let (head, body) = demo.get(path, headers);
            assert!(
                head.starts_with("HTTP/1.1 403"),
                "{path} {headers:?}: {head}"
            );
            assert!(
                !body.contains(demo.printed("key")) && !body.contains("text"),
                "{body}"
            );
        }
        for headers in [
            &[("Host", own.as_str())][..],
            &[("Host", &own), ("Origin", &own_page)],
        ] {
            let (head, _) = demo.get(path, headers);
            assert!(
                head.starts_with("HTTP/1.1 200"),
                "{path} {headers:?}: {head}"
            );
        }
    }
}
