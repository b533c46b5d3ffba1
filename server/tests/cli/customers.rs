//! Customers of VerifyNow, from making one to what it has paid.

use serde_json::Value;

use crate::support::{Demo, run};

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn life_of_a_customer(home: &std::path::Path) {
    let mpass = |arguments: &[&str]| run(home, &[&["customer"], arguments, &["--demo"]].concat());
    let created = parse(&mpass(&["create", "--digits", "6", "--credits", "5", "--json"]).done());
    let id = created["name"].as_str().unwrap();
    assert!(id.starts_with("C-") && id.len() == 17, "{id}");
    assert_eq!(created["password"].as_str().unwrap().len(), 43);
    let listed = parse(&mpass(&["list", "--json"]).done());
    let customers = listed.as_array().unwrap();
    let customer = customers
        .iter()
        .find(|customer| customer["name"] == id)
        .unwrap();
    assert_eq!(customer["digits"], 6);
    assert_eq!(customer["test_credits"], 5);

    assert_eq!(mpass(&["credits", id]).done(), "5\n");
    assert_eq!(mpass(&["credits", id, "--add", "10"]).done(), "15\n");
    assert_eq!(mpass(&["credits", id]).done(), "15\n");
    let another = parse(&mpass(&["rotate", id, "--json"]).done());
    assert_ne!(another["password"], created["password"]);
    assert_eq!(mpass(&["credits", id]).done(), "15\n");
    mpass(&["revoke", id]).done();
    assert!(mpass(&["credits", id]).misuse().contains("revoked"));
    assert!(
        mpass(&["credits", "C-000000000000000"])
            .misuse()
            .contains("no customer")
    );
}

#[test]
fn through_the_server_that_runs() {
    let home = tempfile::tempdir().unwrap();
    let _demo = Demo::start(home.path());
    life_of_a_customer(home.path());
}

#[test]
fn while_no_server_runs() {
    let home = tempfile::tempdir().unwrap();
    life_of_a_customer(home.path());
}

/// A customer whose codes could be guessed within a day is refused.
#[test]
fn what_a_customer_cannot_be() {
    let home = tempfile::tempdir().unwrap();
    let create = ["customer", "create", "--demo"];
    for (options, said) in [
        (["--guesses", "20/1d"], "policy"),
        (["--lifetime", "6m"], "5 minutes for a customer"),
        (["--digits", "9"], "digits"),
    ] {
        let misuse = run(home.path(), &[&create[..], &options].concat()).misuse();
        assert!(misuse.contains(said), "{misuse}");
    }
}
