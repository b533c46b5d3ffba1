//! The libraries that libmpass is compared with.

#[cfg(ipsec_mb)]
pub mod ipsec_mb;
#[cfg(liboath)]
pub mod liboath;
pub mod libreauth;
#[cfg(nettle)]
pub mod nettle;
pub mod rustcrypto;
pub mod totp_rs;

/// The six digits of an HMAC-SHA-1 by RFC 4226 section 5.3, for peers that only
/// compute the MAC.
#[must_use]
pub fn truncate(mac: &[u8; 20]) -> [u8; 6] {
    let offset = usize::from(mac[19] & 15);
    let mut word = [0; 4];
    word.copy_from_slice(&mac[offset..offset + 4]);
    let mut rest = u32::from_be_bytes(word) & 0x7fff_ffff;
    let mut code = [b'0'; 6];
    for digit in code.iter_mut().rev() {
        *digit += (rest % 10).to_le_bytes()[0];
        rest /= 10;
    }
    code
}
