//! Which gateways a message goes to.

use core::time::Duration;

use mpass_core::number::PhoneNumber;
use mpass_core::service::{Alphabet, Answer, Language, Sms};
use mpass_server::gateway::{self, BUDGET, Gateway, GatewayConfig, HttpGateway};
use tokio::net::TcpListener;

use crate::support::{Manner, StandIn};

fn sms() -> Sms {
    Sms {
        to: PhoneNumber::parse("+966500000000", None).unwrap(),
        text: String::from("123456").into(),
        sender: None,
        language: Language::English,
        alphabet: Alphabet::Gsm7,
        segments: 1,
    }
}

fn http(url: &str, more: &str) -> Gateway {
    let text = format!("url = \"{url}/?to={{{{to}}}}&text={{{{text}}}}\"\n{more}");
    let config: GatewayConfig = toml::from_str(&text).unwrap();
    Gateway::Http(Box::new(HttpGateway::new(&config).unwrap()))
}

fn at(stand_in: &StandIn, more: &str) -> Gateway {
    http(&format!("http://{}", stand_in.addr), more)
}

/// An address that nothing listens on.
async fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn only_what_was_not_sent_goes_to_the_next_gateway() {
    let first = StandIn::start(Manner::Hang).await;
    let second = StandIn::start(Manner::Answer(200, "")).await;
    let timeout = "timeout = \"500ms\"";
    let gateways = [at(&first, timeout), at(&second, timeout)];
    for (manner, answer, next) in [
        (Manner::Answer(200, ""), Answer::Delivered, 0),
        (Manner::Answer(400, ""), Answer::Delivered, 1),
        (Manner::Answer(404, ""), Answer::Delivered, 1),
        (Manner::Answer(302, ""), Answer::Unknown, 0),
        (Manner::Answer(408, ""), Answer::Unknown, 0),
        (Manner::Answer(425, ""), Answer::Unknown, 0),
        (Manner::Answer(429, ""), Answer::Unknown, 0),
        (Manner::Answer(500, ""), Answer::Unknown, 0),
        (Manner::Answer(503, ""), Answer::Unknown, 0),
        (Manner::BreakOff, Answer::Unknown, 0),
        (Manner::Hang, Answer::Unknown, 0),
    ] {
        first.set(manner);
        let before = second.requests().len();
        let mut noted = Vec::new();
        let note = |_: &Gateway, answer: &Answer, _: Duration| noted.push(answer.clone());
        let all = [&gateways[0], &gateways[1]];
        let delivered = gateway::deliver(&all, &sms(), BUDGET, note).await;
        assert_eq!(delivered, answer, "{manner:?}");
        assert_eq!(second.requests().len() - before, next, "{manner:?}");
        assert_eq!(noted.len(), 1 + next, "{manner:?}");
    }
    let gone = http(&closed().await, timeout);
    let all = [&gone, &gateways[1]];
    let delivered = gateway::deliver(&all, &sms(), BUDGET, |_, _, _| {}).await;
    assert_eq!(delivered, Answer::Delivered);
    let none = gateway::deliver(&[&gone, &gone], &sms(), BUDGET, |_, _, _| {}).await;
    assert_eq!(none, Answer::Refused);
}

/// A gateway that never completes a connection is given up after half of what is left.
#[tokio::test]
async fn the_budget_is_that_of_all_gateways() {
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(StandIn::start(Manner::Hang).await);
    }
    let https = |one: &StandIn| http(&format!("https://{}", one.addr), "timeout = \"7s\"");
    let gateways: Vec<Gateway> = silent.iter().map(https).collect();
    let all: Vec<&Gateway> = gateways.iter().collect();
    let budget = Duration::from_millis(350);
    let answer = gateway::deliver(&all, &sms(), budget, |_, _, _| {}).await;
    assert_eq!(answer, Answer::Refused);
    // At 0 and at 175 ms. At 262 ms, too little is left.
    let connections: Vec<usize> = silent.iter().map(StandIn::connections).collect();
    assert_eq!(connections, [1, 1, 0, 0]);
    let [mut longest, mut longer] = ["7s", "7001ms"].map(|timeout| {
        let text =
            format!("url = \"https://a.example/{{{{to}}}}{{{{text}}}}\"\ntimeout = \"{timeout}\"");
        toml::from_str::<GatewayConfig>(&text).map(|config| HttpGateway::new(&config))
    });
    assert!(longest.as_mut().unwrap().is_ok() && longer.as_mut().unwrap().is_err());
}
