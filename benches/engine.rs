//! Issuing and verifying a challenge: the whole exchange of the mPass contract
//! on the memory store, and the challenge alone. The peers have no challenges;
//! they are measured with a code alone.

// A benchmark that cannot be set up must fail.
#![allow(clippy::expect_used, clippy::panic)]

use core::hint::black_box;
use std::sync::LazyLock;

use criterion::BatchSize;
use mpass_benches::comparison::{Comparison, OURS};
use mpass_benches::host::{MemoryHost, NOON};
#[cfg(liboath)]
use mpass_benches::peers::liboath::{Digits, Liboath};
use mpass_benches::peers::totp_rs;
use mpass_core::challenge::{
    Attempt, Binding, Challenge, Issue, Issued, Keyring, Pending, Policy, Subject, SubjectKind,
    Verdict,
};
use mpass_core::oath::Algorithm;
use mpass_core::service::Reason;

const SECRET: &[u8; 32] = b"12345678901234567890123456789012";

fn main() {
    let mut comparison = Comparison::from_args(env!("CARGO_TARGET_TMPDIR"));
    issue(&mut comparison);
    verify(&mut comparison);
    comparison.finish();
}

static SUBJECT: LazyLock<Subject> = LazyLock::new(|| {
    Subject::parse(SubjectKind::Number, "+966501234567").unwrap_or_else(|error| panic!("{error}"))
});

fn binding() -> Binding<'static> {
    Binding {
        service: "bench",
        tenant: b"tenant",
        subject: &SUBJECT,
        context: "",
    }
}

fn issued(challenge: &Challenge<'_>, entropy: &[u8; 32]) -> Pending<Issued> {
    match challenge.issue(None, NOON, entropy) {
        Ok(Issue::Pending(pending)) => pending,
        other => panic!("{other:?}"),
    }
}

fn attempted(challenge: &Challenge<'_>, record: &[u8], code: &str) -> Verdict {
    match challenge.attempt(Some(record), code, NOON, &[2; 32]) {
        Ok(Attempt::Pending(pending)) => pending.stored(),
        other => panic!("{other:?}"),
    }
}

fn issue(comparison: &mut Comparison) {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::default();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let host = MemoryHost::new();
    assert_eq!(host.send(&host.next_send()).reason, Reason::Sent);
    #[cfg(liboath)]
    let oath = Liboath::new();
    comparison.group("challenge issue", |group| {
        group.bench(OURS, |bencher| {
            bencher.iter_batched(
                || host.next_send(),
                |query| host.send(&query),
                BatchSize::SmallInput,
            );
        });
        group.time("without exchange and store", || {
            issued(&challenge, black_box(&[1; 32])).stored()
        });
        #[cfg(liboath)]
        group.time("liboath (code alone)", || {
            oath.totp(
                Algorithm::Sha256,
                black_box(SECRET),
                NOON / 1000,
                Digits::Six,
            )
        });
        group.time("totp-rs (code alone)", || {
            totp_rs::kept(Algorithm::Sha256, black_box(SECRET), 6, 30, 0).generate(NOON / 1000)
        });
    });
}

fn verify(comparison: &mut Comparison) {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::default();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let pending = issued(&challenge, &[1; 32]);
    let record = *pending.next();
    let code = pending.stored().code;
    assert_eq!(
        attempted(&challenge, &record, code.as_str()),
        Verdict::Accept
    );
    let host = MemoryHost::new();
    assert_eq!(host.verify(&host.next_verify()).reason, Reason::Accepted);

    let kept = totp_rs::kept(Algorithm::Sha256, SECRET, 6, 30, 0);
    let theirs = kept.generate(NOON / 1000).to_string();
    #[cfg(liboath)]
    let oath = Liboath::new();
    #[cfg(liboath)]
    let text = std::ffi::CString::new(theirs.as_str()).expect("digits");
    comparison.group("challenge verify", |group| {
        group.bench(OURS, |bencher| {
            bencher.iter_batched(
                || host.next_verify(),
                |query| host.verify(&query),
                BatchSize::SmallInput,
            );
        });
        group.time("without exchange and store", || {
            attempted(&challenge, black_box(&record), code.as_str())
        });
        #[cfg(liboath)]
        group.time("liboath (code alone)", || {
            oath.verify_totp(Algorithm::Sha256, black_box(SECRET), NOON / 1000, 0, &text)
        });
        group.time("totp-rs (code alone)", || {
            kept.check(black_box(&theirs), NOON / 1000)
        });
    });
}
