use crate::support::{Demo, run};

#[test]
fn the_life_of_record_keys() {
    let home = tempfile::tempdir().unwrap();
    let key = |arguments: &[&str]| run(home.path(), &[&["key"], arguments].concat());
    let listed = || key(&["list", "--json"]).done();
    assert_eq!(listed(), "{\"ids\":[1],\"newest\":1}\n");
    assert_eq!(key(&["add"]).done(), "2\n");
    assert_eq!(listed(), "{\"ids\":[1,2],\"newest\":1}\n");
    key(&["activate", "2"]).done();
    assert_eq!(key(&["rotate"]).done(), "3\n");
    assert!(key(&["list"]).done().contains("3  newest"));
    assert!(key(&["remove", "3"]).misuse().contains("activate another"));
    key(&["remove", "1"]).done();
    assert_eq!(listed(), "{\"ids\":[2,3],\"newest\":3}\n");
    for wrong in [&["activate", "9"][..], &["remove", "9"], &["activate", "x"]] {
        key(wrong).misuse();
    }
}

#[test]
fn a_server_that_runs_takes_a_new_key_at_once() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let code = |number: &str| {
        let key = demo.said("key");
        let path = format!("/mpass-web/rest/mv/msg?apikey={key}&dest={number}");
        assert!(demo.get(&path, &[]).1.contains(r#""status":"0""#));
        demo.newest_code()
    };
    let verify = |number: &str, code: &str| {
        let key = demo.said("key");
        let path = format!("/mpass-web/rest/mv/verify?apikey={key}&dest={number}&otp={code}");
        demo.get(&path, &[]).1
    };
    let before = code("%2B966500000001");
    let rotated = run(home.path(), &["key", "rotate", "--demo"]);
    assert_eq!(rotated.stderr, "", "the server has taken it");
    assert_eq!(rotated.done(), "2\n");
    let after = code("%2B966500000002");
    for (number, code) in [("%2B966500000001", before), ("%2B966500000002", after)] {
        assert!(
            verify(number, &code).contains(r#""status":"0""#),
            "{number}"
        );
    }
    // What the server has written since then needs the new key only.
    run(
        home.path(),
        &["channel", "create", "--demo", "--name", "after"],
    )
    .done();
    drop(demo);
    run(home.path(), &["key", "remove", "1", "--demo"]).done();
    let listed = run(home.path(), &["channel", "list", "--demo"]);
    assert!(
        listed.stderr.contains("cannot be read"),
        "{}",
        listed.stderr
    );
    let listed = listed.done();
    assert!(
        listed.contains("after") && !listed.contains("demo"),
        "{listed}"
    );
}
