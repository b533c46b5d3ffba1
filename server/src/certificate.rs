//! When certificates end.

use tokio_rustls::rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate};

const DAY_MS: u64 = 24 * 3600 * 1000;
/// A certificate that ends within so many days is reported, and within so few it
/// is urgent.
const WEEKS: u64 = 21;
const DAYS: u64 = 7;

/// How long a certificate is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// Longer than [`WEEKS`].
    Enough,
    /// So many days, more than [`DAYS`].
    Weeks(u64),
    /// So many days.
    Days(u64),
    /// It has ended.
    Nothing,
}

/// When a certificate ends, in milliseconds of Unix time; `None` if that cannot be
/// read.
pub(crate) fn ends_at_ms(certificate: &CertificateDer<'_>) -> Option<u64> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let seconds = certificate.validity().not_after.timestamp();
    u64::try_from(seconds).ok()?.checked_mul(1000)
}

/// How long a certificate with this end is valid.
pub(crate) fn left(ends_at_ms: u64, now_ms: u64) -> Left {
    let days = ends_at_ms.saturating_sub(now_ms) / DAY_MS;
    match days {
        _ if ends_at_ms <= now_ms => Left::Nothing,
        0..DAYS => Left::Days(days),
        DAYS..WEEKS => Left::Weeks(days),
        _ => Left::Enough,
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    #[test]
    fn the_end_of_a_certificate() {
        let mut params = CertificateParams::new(["a.example".to_owned()]).unwrap();
        params.not_after = date_time_ymd(2031, 2, 3);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let ends_at_ms = ends_at_ms(certificate.der());
        // date -u -d 2031-02-03 +%s
        assert_eq!(ends_at_ms, Some(1_927_843_200_000));
        let damaged = CertificateDer::from(b"0\x03\x02\x01\x01".to_vec());
        assert_eq!(super::ends_at_ms(&damaged), None);
    }

    #[test]
    fn alarms() {
        let now_ms = 1_790_000_000_000;
        for (days, expected) in [
            (0, Left::Nothing),
            (1, Left::Days(1)),
            (6, Left::Days(6)),
            (7, Left::Weeks(7)),
            (20, Left::Weeks(20)),
            (21, Left::Enough),
        ] {
            assert_eq!(left(now_ms + days * DAY_MS, now_ms), expected, "{days}");
        }
        assert_eq!(left(0, now_ms), Left::Nothing);
    }
}
