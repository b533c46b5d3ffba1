//! The public key of a client's assertions.

/// Whether bytes are a point of P-256, uncompressed: the one form that a
/// JWK's coordinates give.
#[cfg(feature = "login")]
pub(in crate::service) fn is_point(key: &[u8; 65]) -> bool {
    key[0] == 4 && p256::PublicKey::from_sec1_bytes(key).is_ok()
}

/// Without the login there is no curve and no use of the key: only its form is
/// checked.
#[cfg(not(feature = "login"))]
pub(in crate::service) const fn is_point(key: &[u8; 65]) -> bool {
    key[0] == 4
}
