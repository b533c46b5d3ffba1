//! The host's part of RS256: its keys, its signatures and its checks.

use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::service::host::{Answer, CheckSignature, Reason, RsaPublicKey, SignatureAlgorithm};

/// The keys that sign with RS256, the one that signs first; none if the host does
/// not sign.
pub(super) fn signing_keys(answer: Answer) -> Result<Vec<RsaPublicKey>, Reason> {
    match answer {
        Answer::SigningKeys(keys) => Ok(keys),
        Answer::Unsupported => Ok(Vec::new()),
        answer => Err(failure(&answer)),
    }
}

/// A signature by the host.
pub(super) fn signature(answer: Answer) -> Result<Vec<u8>, Reason> {
    match answer {
        Answer::Signed(signature) => Ok(signature),
        // It has listed the key.
        Answer::Unsupported => Err(Reason::HostFailed),
        answer => Err(failure(&answer)),
    }
}

/// Whether the host found a signature genuine.
pub(super) fn is_genuine(answer: &Answer) -> Result<bool, Reason> {
    match answer {
        Answer::Genuine => Ok(true),
        Answer::Forged | Answer::Unsupported => Ok(false),
        answer => Err(failure(answer)),
    }
}

const fn failure(answer: &Answer) -> Reason {
    match answer {
        Answer::Failed | Answer::Unknown => Reason::HostFailed,
        _ => Reason::WrongAnswer,
    }
}

/// The algorithms with which ES256 and, if the host supports it, RS256 is
/// offered.
pub(super) fn offered(is_rs256: bool) -> Vec<&'static str> {
    let algorithms = SignatureAlgorithm::ALL.iter();
    algorithms
        .filter(|algorithm| is_rs256 || **algorithm != SignatureAlgorithm::Rs256)
        .map(|algorithm| algorithm.name())
        .collect()
}

/// A check that shows whether the host can check signatures: the token of RFC
/// 7515 appendix A.2, whose signature is genuine.
pub(super) fn known_signature() -> Result<CheckSignature, Reason> {
    let decode = |text| Base64UrlUnpadded::decode_vec(text).map_err(|_| Reason::HostFailed);
    let key = RsaPublicKey::new(&decode(KNOWN_MODULUS)?, RsaPublicKey::EXPONENT)?;
    let (message, signature) = KNOWN_TOKEN.rsplit_once('.').ok_or(Reason::HostFailed)?;
    Ok(CheckSignature {
        key,
        message: message.into(),
        signature: decode(signature)?,
    })
}

const KNOWN_MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const KNOWN_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
