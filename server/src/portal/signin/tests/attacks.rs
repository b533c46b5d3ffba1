//! Attacks on the sign-in and on sessions.

use super::*;

/// Neither text nor status nor headers tell what was wrong.
#[tokio::test]
async fn every_failure_looks_the_same() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Viewer).await;
    let right = code(&enrolment, 0);
    let mut seen = Vec::new();
    for (name, password, code) in [
        ("nobody", PASSWORD, &*right),
        ("anna", "wrong password", &right),
        ("anna", PASSWORD, "000000"),
        ("anna", PASSWORD, "AAAA-AAAA-AAAA-AAAA"),
        ("", "", ""),
    ] {
        let form = [
            ("name", name),
            ("password", password),
            ("code", code),
            ("next", "/"),
        ];
        let answer = Browser::default().post(&world, "/signin", &form).await;
        let headers = format!("{:?}", answer.head.headers());
        seen.push((answer.status, headers, answer.body));
    }
    assert_eq!(seen[0].0, 403);
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    assert!(!seen[0].1.contains("set-cookie") && !seen[0].2.contains("anna"));
}

/// The same for a name that somebody has and for one that nobody has.
#[tokio::test]
async fn guesses_wait_by_name() {
    let mut seen = Vec::new();
    for name in ["anna", "nobody"] {
        let world = World::new();
        let enrolment = world.create("anna", Role::Viewer).await;
        let mut statuses = Vec::new();
        for _ in 0..6 {
            let form = [
                ("name", name),
                ("password", "wrong password"),
                ("code", "000000"),
            ];
            let answer = Browser::default().post(&world, "/signin", &form).await;
            statuses.push(answer.status.as_u16());
        }
        let waits = Browser::default()
            .sign_in(&world, name, &code(&enrolment, 0))
            .await;
        assert_eq!(waits.status, 429);
        let seconds: u64 = waits.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=30).contains(&seconds), "{seconds}");
        seen.push(statuses);
    }
    assert_eq!(seen, [[403; 6], [403; 6]]);
}

#[tokio::test]
async fn guesses_wait_by_network() {
    let world = World::new();
    for n in 0..30 {
        let name = format!("nobody-{n}");
        assert_eq!(
            Browser::default()
                .sign_in(&world, &name, "000000")
                .await
                .status,
            403
        );
    }
    let waits = Browser::default()
        .sign_in(&world, "another", "000000")
        .await;
    assert_eq!(
        (waits.status.as_u16(), waits.header("retry-after")),
        (429, Some("60"))
    );
}

/// CWE-384: a cookie that somebody else has set does not become a session.
#[tokio::test]
async fn fixation() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Viewer).await;
    let planted = format!("mps_{}", "A".repeat(43));
    let mut browser = Browser::default();
    browser
        .cookies
        .insert("__Host-mpass".into(), planted.clone());
    let done = browser.sign_in(&world, "anna", &code(&enrolment, 0)).await;
    assert_eq!(done.status, 303);
    assert_ne!(browser.session(), Some(&planted));
    let mut attacker = Browser::default();
    attacker.cookies.insert("__Host-mpass".into(), planted);
    assert_eq!(attacker.get(&world, "/").await.status, 303);
}

/// CWE-352, for each method that changes something and for the sign-in itself.
#[tokio::test]
async fn requests_of_other_pages() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Administrator).await;
    let mut browser = Browser::default();
    browser.sign_in(&world, "anna", &code(&enrolment, 0)).await;
    let cookie = format!("__Host-mpass={}", browser.session().unwrap());
    for path in [
        "/tenants",
        "/signin",
        "/signout",
        "/signout/everywhere",
        "/session/prove",
        "/session/password",
        "/signin/code",
    ] {
        for (site, origin) in [
            (None, None),
            (Some("cross-site"), Some("https://evil.example")),
            (Some("cross-site"), None),
            (None, Some("https://evil.example")),
            (Some("same-site"), Some("https://other.portal.example")),
            (Some("cross-site"), Some("null")),
            (None, Some("null")),
            (None, Some("http://portal.example")),
        ] {
            let mut request = Request::post(path)
                .header(HOST, PORTAL)
                .header(COOKIE, &cookie);
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
            let answer = world.answer(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, 403, "{path} {site:?} {origin:?}");
            assert_eq!(answer.body, "");
        }
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "X"] {
        let request = Request::builder()
            .method(method)
            .uri("/")
            .header(HOST, PORTAL);
        let answer = world.answer(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 403, "{method}");
    }
    // It is still signed in.
    assert_eq!(browser.get(&world, "/").await.body, "anna");
    assert_eq!(browser.post(&world, "/tenants", &[]).await.status, 200);
}

/// RFC 6265bis section 8.6: who sets a second cookie of the name ends the session, and
/// does not choose it.
#[tokio::test]
async fn tossed_and_odd_cookies() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Viewer).await;
    let mut browser = Browser::default();
    browser.sign_in(&world, "anna", &code(&enrolment, 0)).await;
    let secret = browser.session().unwrap().clone();
    let own = format!("__Host-mpass={secret}");
    for (cookies, status) in [
        (vec![own.clone()], 200),
        (vec!["a=b".to_owned(), own.clone(), "c=d".to_owned()], 200),
        (vec![own.clone(), own.clone()], 303),
        (vec![format!("{own}; {own}")], 303),
        (vec![format!("__Host-mpass=x; {own}")], 303),
        (vec![own.replace("__Host-", "")], 303),
        (vec![own.to_uppercase()], 303),
        (vec![format!("{own}x")], 303),
        (vec![format!("__Host-mpass=\"{secret}\"")], 303),
        (vec![format!("__Host-mpass={}", "A".repeat(8000))], 303),
        (vec!["__Host-mpass=mps_".to_owned()], 303),
        (vec!["__Host-mpass=mpat_A".to_owned()], 303),
    ] {
        let mut request = Request::get("/").header(HOST, PORTAL);
        for cookie in &cookies {
            request = request.header(COOKIE, cookie);
        }
        let answer = world.answer(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{cookies:?}");
    }
}

#[tokio::test]
async fn forms_that_no_page_sends() {
    let world = World::new();
    let mut browser = Browser::default();
    let long = "a".repeat(20_000);
    for (media_type, body, status) in [
        ("text/plain", "name=a", 415),
        ("application/json", "{}", 415),
        ("multipart/form-data; boundary=x", "--x--", 415),
        ("application/x-www-form-urlencoded", "name=a&name=b", 400),
        ("application/x-www-form-urlencoded", &*long, 413),
        ("application/x-www-form-urlencoded", "", 403),
    ] {
        let request = browser
            .request(Method::POST, "/signin")
            .header(CONTENT_TYPE, media_type);
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let answer = browser.send(&world, request).await;
        assert_eq!(answer.status, status, "{media_type}");
    }
    let get = browser
        .get(&world, "/signin?name=anna&password=p&code=1")
        .await;
    assert!(get.status == 200 && !get.body.contains("anna"));
}

/// CWE-601, and text of the address in the page.
#[tokio::test]
async fn the_page_after_the_sign_in_is_of_this_portal() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Viewer).await;
    let targets = [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
    ];
    for (next, code) in targets.iter().zip(&enrolment.recovery_codes) {
        let form = [
            ("name", "anna"),
            ("password", PASSWORD),
            ("code", code),
            ("next", next),
        ];
        let mut browser = Browser::default();
        let done = browser.post(&world, "/signin", &form).await;
        assert_eq!(done.location(), "/signin/kept?next=%2F", "{next}");
        let encoded: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        for page in ["/signin", "/signin/kept"] {
            let led = browser.get(&world, &format!("{page}?next={encoded}")).await;
            assert_eq!(led.location(), "/", "{next}");
        }
    }
    let script = "/signin?next=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E%27";
    let page = Browser::default().get(&world, script).await;
    assert!(page.body.contains("/&quot;&gt;&lt;script&gt;") && !page.body.contains("<script>"));
}

#[tokio::test]
async fn headers_of_every_answer() {
    let world = World::new();
    let mut browser = Browser::default();
    for path in [
        "/",
        "/signin",
        "/signin/kept",
        "/signin/provider",
        "/nothing",
    ] {
        let answer = browser.get(&world, path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        let policy = answer.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
