//! RADIUS packets: framing (RFC 2865 sections 3 and 5), the authenticators of
//! accounting (RFC 2866 section 3, RFC 3579 section 3.2), and the question
//! whether the server is there (RFC 5997).

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use subtle::ConstantTimeEq;

/// The longest packet (RFC 2865 section 3).
pub(super) const LONGEST: usize = 4096;

const ACCOUNTING_REQUEST: u8 = 4;
const ACCOUNTING_RESPONSE: u8 = 5;
const STATUS_SERVER: u8 = 12;
const PROXY_STATE: u8 = 33;
const MESSAGE_AUTHENTICATOR: u8 = 80;

/// The length of code, identifier and length.
const HEAD: usize = 4;
const AUTHENTICATOR: usize = 16;
/// The length of a Message-Authenticator with its type and length.
const SIGNATURE_LENGTH: u8 = 18;
const ZEROS: [u8; AUTHENTICATOR] = [0; AUTHENTICATOR];

/// The authenticator of a packet.
pub(super) type Authenticator = [u8; AUTHENTICATOR];

/// What a packet asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Accounting-Request: to take an event.
    Accounting,
    /// Status-Server: whether the server is there. Proxies give up a server
    /// that does not answer it.
    Status,
}

/// A request with valid framing, not yet authenticated.
#[derive(Clone, Copy)]
pub(super) struct Packet<'a> {
    request: Request,
    head: &'a [u8; HEAD],
    authenticator: &'a Authenticator,
    attributes: &'a [u8],
}

/// Why a datagram is not a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPacket {
    /// Its lengths are inconsistent.
    Malformed,
    /// It is another kind of packet.
    OtherCode,
}

impl<'a> Packet<'a> {
    /// Parses a datagram. Octets after the packet are padding.
    pub(super) fn parse(datagram: &'a [u8]) -> Result<Self, NoPacket> {
        let (head, _) = datagram
            .split_first_chunk::<HEAD>()
            .ok_or(NoPacket::Malformed)?;
        let [code, _, length @ ..] = *head;
        let request = match code {
            ACCOUNTING_REQUEST => Request::Accounting,
            STATUS_SERVER => Request::Status,
            _ => return Err(NoPacket::OtherCode),
        };
        let length = usize::from(u16::from_be_bytes(length));
        if length > LONGEST {
            return Err(NoPacket::Malformed);
        }
        let rest = datagram.get(HEAD..length).ok_or(NoPacket::Malformed)?;
        let (authenticator, attributes) = rest.split_first_chunk().ok_or(NoPacket::Malformed)?;
        let mut left = attributes;
        while !left.is_empty() {
            (_, _, left) = split_attribute(left).ok_or(NoPacket::Malformed)?;
        }
        Ok(Self {
            request,
            head,
            authenticator,
            attributes,
        })
    }

    /// What it asks for.
    pub(super) fn request(&self) -> Request {
        self.request
    }

    /// The identifier, which matches responses to requests.
    pub(super) fn identifier(&self) -> u8 {
        self.head[1]
    }

    /// The request's authenticator.
    pub(super) fn authenticator(&self) -> Authenticator {
        *self.authenticator
    }

    /// The types and values of the attributes, in order.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (u8, &'a [u8])> {
        let mut left = self.attributes;
        core::iter::from_fn(move || {
            let (kind, value, rest) = split_attribute(left)?;
            left = rest;
            Some((kind, value))
        })
    }

    /// Whether it has a Message-Authenticator.
    pub(super) fn is_signed(&self) -> bool {
        self.attributes()
            .any(|(kind, _)| kind == MESSAGE_AUTHENTICATOR)
    }

    /// Whether the sender knows the secret: verifies the request's
    /// authenticator, and the Message-Authenticator if there is one. The
    /// authenticator of a Status-Server is random (RFC 5997 section 3), so that
    /// it must have a Message-Authenticator.
    pub(super) fn is_authentic(&self, secret: &[u8]) -> bool {
        match self.request {
            Request::Accounting => {
                let expected = self.digest(self.head, &ZEROS, self.attributes, secret);
                let is_right = expected.ct_eq(self.authenticator).into();
                is_right && self.is_message_authentic(&ZEROS, secret)
            }
            Request::Status => {
                self.is_signed() && self.is_message_authentic(self.authenticator, secret)
            }
        }
    }

    /// The Message-Authenticator is computed over the packet with zeros in
    /// place of its own value and, in an Accounting-Request, of the
    /// authenticator.
    fn is_message_authentic(&self, authenticator: &Authenticator, secret: &[u8]) -> bool {
        let mut found = None;
        for (kind, value) in self.attributes() {
            if kind == MESSAGE_AUTHENTICATOR && found.replace(value).is_some() {
                return false;
            }
        }
        let Some(found) = found else {
            return true;
        };
        let mut attributes = Vec::with_capacity(self.attributes.len());
        let mut left = self.attributes;
        while let Some((kind, value, rest)) = split_attribute(left) {
            let whole = left.len() - rest.len();
            match kind {
                MESSAGE_AUTHENTICATOR => {
                    attributes.extend_from_slice(&left[..whole - value.len()]);
                    attributes.extend_from_slice(&ZEROS);
                }
                _ => attributes.extend_from_slice(&left[..whole]),
            }
            left = rest;
        }
        let mac = message_authenticator(self.head, authenticator, &attributes, secret);
        mac.is_some_and(|mac| mac.verify_slice(found).is_ok())
    }

    /// The Accounting-Response: the request's Proxy-States in order (RFC 2866
    /// section 2.3), and a Message-Authenticator if the request was a
    /// Status-Server (RFC 5997 section 3).
    pub(super) fn answer(&self, secret: &[u8]) -> Vec<u8> {
        let mut attributes = Vec::new();
        if self.request == Request::Status {
            attributes.extend_from_slice(&[MESSAGE_AUTHENTICATOR, SIGNATURE_LENGTH]);
            attributes.extend_from_slice(&ZEROS);
        }
        let mut left = self.attributes;
        while let Some((kind, _, rest)) = split_attribute(left) {
            if kind == PROXY_STATE {
                attributes.extend_from_slice(&left[..left.len() - rest.len()]);
            }
            left = rest;
        }
        // No longer than the request, whose length is 16 bits.
        let length = u16::try_from(HEAD + AUTHENTICATOR + attributes.len()).unwrap_or(u16::MAX);
        let [high, low] = length.to_be_bytes();
        let head = [ACCOUNTING_RESPONSE, self.identifier(), high, low];
        if self.request == Request::Status
            && let Some(mac) = message_authenticator(&head, self.authenticator, &attributes, secret)
            && let Some(place) = attributes.get_mut(2..2 + AUTHENTICATOR)
        {
            place.copy_from_slice(&mac.finalize().into_bytes());
        }
        let authenticator = self.digest(&head, self.authenticator, &attributes, secret);
        [&head[..], &authenticator, &attributes].concat()
    }

    fn digest(
        &self,
        head: &[u8; HEAD],
        authenticator: &Authenticator,
        attributes: &[u8],
        secret: &[u8],
    ) -> Authenticator {
        Md5::new()
            .chain_update(head)
            .chain_update(authenticator)
            .chain_update(attributes)
            .chain_update(secret)
            .finalize()
            .into()
    }
}

/// The Message-Authenticator of a packet in which zeros are in its place.
fn message_authenticator(
    head: &[u8; HEAD],
    authenticator: &Authenticator,
    attributes: &[u8],
    secret: &[u8],
) -> Option<Hmac<Md5>> {
    let mac = Hmac::<Md5>::new_from_slice(secret).ok()?;
    Some(
        mac.chain_update(head)
            .chain_update(authenticator)
            .chain_update(attributes),
    )
}

/// Splits off the type and value of the first attribute; `None` when its length
/// is inconsistent.
fn split_attribute(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [kind, length, ..] = *bytes else {
        return None;
    };
    let length = usize::from(length);
    Some((kind, bytes.get(2..length)?, bytes.get(length..)?))
}
