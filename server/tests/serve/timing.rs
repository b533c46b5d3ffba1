//! How long a verification takes for a number with a live challenge and for an
//! unknown one. Prints the medians:
//!
//! ```sh
//! cargo test -p mpass-server --test serve -- --ignored --nocapture timing
//! ```

use core::time::Duration;
use std::time::Instant;

use crate::support::{Manner, SEND, StandIn, VERIFY, client, contract_status, options, start_with};

/// Verifications of each sort.
const ROUNDS: u32 = 500;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "prints figures"]
async fn timing_of_live_and_unknown_numbers() {
    for store in ["memory", "embedded"] {
        let gateway = StandIn::start(Manner::Answer(200, "")).await;
        let dir = tempfile::tempdir().unwrap();
        let options = options(&dir, gateway.addr, &format!("store = \"{store}\""));
        let running = start_with(options, dir).await;
        let (http, key) = (client(), &running.key);
        let ask = async |path: String| {
            let begun = Instant::now();
            let response = http.get(running.url(&path)).send().await.unwrap();
            let body = response.text().await.unwrap();
            (begun.elapsed(), contract_status(&body))
        };
        let (mut live, mut unknown) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let [known, never] = [1, 2].map(|sort| format!("%2B96650{sort}{round:06}"));
            let (_, status) = ask(format!("{SEND}?apikey={key}&dest={known}")).await;
            assert_eq!(status, "0");
            let sent = gateway.last_code();
            let wrong = if sent == "12345678" {
                "87654321"
            } else {
                "12345678"
            };
            for (dest, times) in [(&known, &mut live), (&never, &mut unknown)] {
                let path = format!("{VERIFY}?apikey={key}&dest={dest}&otp={wrong}");
                let (took, status) = ask(path).await;
                assert_eq!(status, "3");
                times.push(took);
            }
        }
        let (live, unknown) = (median(live), median(unknown));
        println!("store {store:8}  live {live:?}  unknown {unknown:?}");
        running.end().await;
    }
}
