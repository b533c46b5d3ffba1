//! The check of a client's public key.

/// Whether the bytes are an uncompressed point of P-256, the form that the
/// coordinates of a JWK have.
#[cfg(feature = "login")]
pub(in crate::service) fn is_point(key: &[u8; 65]) -> bool {
    key[0] == 4 && p256::PublicKey::from_sec1_bytes(key).is_ok()
}

/// Without the login the key is not used and the curve is not compiled in, so
/// only the tag is checked.
#[cfg(not(feature = "login"))]
pub(in crate::service) const fn is_point(key: &[u8; 65]) -> bool {
    key[0] == 4
}
