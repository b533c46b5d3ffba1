//! Customers of VerifyNow, from creation to credits.

use base64ct::{Base64, Encoding};
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
    let weak = parse(&mpass(&["create", "--json"]).done());
    let table = mpass(&["list"]).done();
    let line = |id: &Value| {
        let id = id.as_str().unwrap();
        table.lines().find(|line| line.starts_with(id)).unwrap()
    };
    // Nine guesses a day at codes of 4 and of 6 digits: 2^31 truncated values
    // are distributed unevenly over ten thousand or a million codes.
    assert!(line(&weak["name"]).ends_with("  1 in 1111"), "{table}");
    assert!(line(&created["name"]).ends_with("  1 in 111084"), "{table}");

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
            .contains("not found")
    );
}

#[test]
fn through_a_running_server() {
    let home = tempfile::tempdir().unwrap();
    let _demo = Demo::start(home.path());
    life_of_a_customer(home.path());
}

#[test]
fn without_a_running_server() {
    let home = tempfile::tempdir().unwrap();
    life_of_a_customer(home.path());
}

#[test]
fn unlocking_a_number() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let mpass = |arguments: &[&str]| {
        run(
            home.path(),
            &[&["customer"], arguments, &["--demo"]].concat(),
        )
    };
    let strict = [
        "create",
        "--digits",
        "6",
        "--failures-to-lock",
        "2",
        "--json",
    ];
    let strict = parse(&mpass(&strict).done());
    let id = strict["name"].as_str().unwrap();
    let key = Base64::encode_string(strict["password"].as_str().unwrap().as_bytes());
    let query = format!("customerId={id}&key={key}&scope=NEW&country=IN");
    let (_, token) = demo.get(&format!("/auth/v1/authentication/token?{query}"), &[]);
    let token = parse(&token)["token"].as_str().unwrap().to_owned();
    let headers = [("authToken", token.as_str())];
    let query = "countryCode=91&mobileNumber=9876535200&flowType=SMS";
    let (_, sent) = demo.post(&format!("/verification/v3/send?{query}"), &headers, "");
    let sent = parse(&sent);
    let verification = sent["data"]["verificationId"].as_str().expect("an id");
    let code_of = |code: &str| {
        let query = format!("verificationId={verification}&code={code}");
        let path = format!("/verification/v3/validateOtp?{query}");
        parse(&demo.get(&path, &headers).1)["responseCode"].clone()
    };
    let right = demo.newest_code();
    for _ in 0..2 {
        assert_eq!(code_of(&demo.wrong_code()), 702);
    }
    assert_ne!(code_of(&right), 200, "it is locked");
    let unlock = |number| mpass(&["unlock", id, "--number", number]);
    let other = unlock("+919876535201").misuse();
    assert!(other.contains("customer has no record"), "{other}");
    assert!(unlock("9876535200").misuse().contains("number"));
    assert_ne!(code_of(&right), 200, "it is locked still");
    assert_eq!(unlock("+919876535200").done(), "the number is unlocked\n");
    assert_eq!(code_of(&right), 200);
}

/// A customer whose codes could be guessed within a day is refused.
#[test]
fn invalid_customers_are_refused() {
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
