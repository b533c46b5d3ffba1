//! Delivery by the first gateway that takes a message.

use core::time::Duration;
use std::time::Instant;

use mpass_core::service::{Answer, Sms};

use super::any::Gateway;

/// With less time left, no further gateway is tried.
const LEAST: Duration = Duration::from_millis(100);

/// Passes a message to the gateways in turn, until one takes it or its outcome is
/// unknown. A further one is tried only after a definite refusal, or if no connection
/// was established. `note` is called with the outcome at each gateway and how long it took.
pub async fn deliver(
    gateways: &[&Gateway],
    sms: &Sms,
    budget: Duration,
    mut note: impl FnMut(&Gateway, &Answer, Duration),
) -> Answer {
    let end = Instant::now() + budget;
    for gateway in gateways {
        let left = end.saturating_duration_since(Instant::now());
        if left < LEAST {
            break;
        }
        let begun = Instant::now();
        let answer = gateway.deliver(sms, left).await;
        note(gateway, &answer, begun.elapsed());
        if answer != Answer::Refused {
            return answer;
        }
    }
    Answer::Refused
}
