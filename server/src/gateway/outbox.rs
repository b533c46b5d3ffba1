//! The demo's gateway: an outbox in memory.

use core::fmt;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mpass_core::service::Sms;
use serde::Serialize;

use crate::time;

/// The number of messages kept; older ones are dropped.
const MOST: usize = 100;

/// The messages of a demo, in memory only, the newest last.
#[derive(Default)]
pub struct Outbox(Mutex<VecDeque<Message>>);

/// A message in the outbox.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The recipient in E.164 format.
    pub to: String,
    /// The text.
    pub text: String,
    /// The time in RFC 3339 format, UTC with milliseconds.
    pub at: String,
}

impl Outbox {
    /// Adds a message; `now_ms` is in milliseconds of Unix time.
    pub fn push(&self, sms: &Sms, now_ms: u64) {
        let message = Message {
            to: sms.to.as_str().to_owned(),
            text: sms.text.as_str().to_owned(),
            at: time::millis(now_ms),
        };
        let mut messages = self.lock();
        if messages.len() >= MOST {
            messages.pop_front();
        }
        messages.push_back(message);
    }

    /// Its messages, the newest last.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.lock().iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Message>> {
        // A panic cannot leave a message half added.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows only the number of messages.
impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outbox({} messages)", self.lock().len())
    }
}

/// Shows neither the recipient nor the text.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use mpass_core::number::PhoneNumber;
    use mpass_core::service::{Alphabet, Language};

    use super::*;

    fn sms(text: &str) -> Sms {
        Sms {
            to: PhoneNumber::parse("+966500000000", None).unwrap(),
            text: text.to_owned().into(),
            sender: None,
            language: Language::English,
            alphabet: Alphabet::Gsm7,
            segments: 1,
        }
    }

    #[test]
    fn the_newest_is_last_and_the_oldest_is_dropped() {
        let outbox = Outbox::default();
        for index in 0..=MOST {
            outbox.push(&sms(&index.to_string()), 1_234_567_890_123);
        }
        let messages = outbox.messages();
        assert_eq!(messages.len(), MOST);
        assert_eq!(messages.first().unwrap().text, "1");
        let last = serde_json::to_string(messages.last().unwrap()).unwrap();
        assert_eq!(
            last,
            r#"{"to":"+966500000000","text":"100","at":"2009-02-13T23:31:30.123Z"}"#
        );
    }

    #[test]
    fn debug_shows_no_message() {
        let outbox = Outbox::default();
        outbox.push(&sms("the code is 123456"), 0);
        let shown = format!("{outbox:?} {:?}", outbox.messages());
        assert!(
            !shown.contains("123456") && !shown.contains("96650"),
            "{shown}"
        );
    }
}
