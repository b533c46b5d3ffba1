//! The PROXY protocol, versions 1 and 2, of HAProxy's `doc/proxy-protocol.txt`.

use core::net::IpAddr;
use std::io;

use ppp::{v1, v2};
use tokio::io::{AsyncRead, AsyncReadExt};

/// The longest header of version 1, with its end of line.
const LONGEST_V1: usize = 107;
/// The shortest one of version 1, and less than the fixed part of version 2.
const SHORTEST: usize = 15;
/// The fixed part of version 2.
const FIXED_V2: usize = 16;
/// The most bytes that may follow it: addresses, and what a proxy tells besides.
const LONGEST_V2: usize = 2048;

/// What a proxy has announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The connection is of this caller.
    Caller(IpAddr),
    /// The proxy does not know, or it is no caller of TCP.
    Unknown,
    /// The connection is the proxy's own, to look after the server.
    Local,
}

/// Reads a header and not a byte more.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] for anything else; those of the connection.
pub(super) async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    only_version_2: bool,
) -> io::Result<Said> {
    let mut head = vec![0; SHORTEST];
    stream.read_exact(&mut head).await?;
    if head.starts_with(v2::PROTOCOL_PREFIX) {
        return version_2(stream, head).await;
    }
    match head.starts_with(b"PROXY ") && !only_version_2 {
        true => version_1(stream, head).await,
        false => Err(invalid()),
    }
}

async fn version_1(stream: &mut (impl AsyncRead + Unpin), mut head: Vec<u8>) -> io::Result<Said> {
    while !head.ends_with(b"\r\n") {
        if head.len() == LONGEST_V1 {
            return Err(invalid());
        }
        head.push(stream.read_u8().await?);
    }
    let header = v1::Header::try_from(&head[..]).map_err(|_| invalid())?;
    Ok(match header.addresses {
        v1::Addresses::Tcp4(tcp) => Said::Caller(IpAddr::V4(tcp.source_address)),
        v1::Addresses::Tcp6(tcp) => Said::Caller(IpAddr::V6(tcp.source_address)),
        v1::Addresses::Unknown => Said::Unknown,
    })
}

async fn version_2(stream: &mut (impl AsyncRead + Unpin), mut head: Vec<u8>) -> io::Result<Said> {
    head.push(stream.read_u8().await?);
    let &[.., high, low] = &head[..] else {
        return Err(invalid());
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > LONGEST_V2 {
        return Err(invalid());
    }
    head.resize(FIXED_V2 + length, 0);
    stream.read_exact(&mut head[FIXED_V2..]).await?;
    let header = v2::Header::try_from(&head[..]).map_err(|_| invalid())?;
    if header.command == v2::Command::Local {
        return Ok(Said::Local);
    }
    Ok(match (header.protocol, header.addresses) {
        (v2::Protocol::Stream, v2::Addresses::IPv4(ip)) => {
            Said::Caller(IpAddr::V4(ip.source_address))
        }
        (v2::Protocol::Stream, v2::Addresses::IPv6(ip)) => {
            Said::Caller(IpAddr::V6(ip.source_address))
        }
        _ => Said::Unknown,
    })
}

fn invalid() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "no header of the PROXY protocol",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

    async fn of(header: &[u8], only_version_2: bool) -> Result<Said, io::ErrorKind> {
        let bytes = [header, REQUEST].concat();
        let mut rest = &bytes[..];
        let said = read(&mut rest, only_version_2).await;
        let said = said.map_err(|error| error.kind())?;
        assert_eq!(rest, REQUEST, "not a byte more");
        Ok(said)
    }

    /// A header of version 2.
    fn v2(command: u8, family: u8, payload: &[u8]) -> Vec<u8> {
        let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
        [
            b"\r\n\r\n\0\r\nQUIT\n",
            &[0x20 | command, family][..],
            &length,
            payload,
        ]
        .concat()
    }

    const IPV4: [u8; 12] = [203, 0, 113, 7, 10, 0, 0, 1, 0x1f, 0x90, 0, 80];

    #[tokio::test]
    async fn headers_that_are_read() {
        let caller = |text: &str| Ok(Said::Caller(text.parse().unwrap()));
        let ipv4 = b"PROXY TCP4 203.0.113.7 10.0.0.1 8080 80\r\n";
        assert_eq!(of(ipv4, false).await, caller("203.0.113.7"));
        let ipv6 = b"PROXY TCP6 2001:db8::7 2001:db8::1 8080 80\r\n";
        assert_eq!(of(ipv6, false).await, caller("2001:db8::7"));
        assert_eq!(of(b"PROXY UNKNOWN\r\n", false).await, Ok(Said::Unknown));
        assert_eq!(of(&v2(1, 0x11, &IPV4), true).await, caller("203.0.113.7"));
        let with_more = [&IPV4[..], &[0x04, 0, 1, 0]].concat();
        assert_eq!(
            of(&v2(1, 0x11, &with_more), true).await,
            caller("203.0.113.7")
        );
        assert_eq!(of(&v2(0, 0x00, &[]), true).await, Ok(Said::Local));
        assert_eq!(of(&v2(0, 0x11, &IPV4), true).await, Ok(Said::Local));
        assert_eq!(of(&v2(1, 0x00, &[]), true).await, Ok(Said::Unknown));
        assert_eq!(
            of(&v2(1, 0x12, &IPV4), true).await,
            Ok(Said::Unknown),
            "UDP"
        );
        assert_eq!(
            of(&v2(1, 0x31, &[0; 216]), true).await,
            Ok(Said::Unknown),
            "Unix"
        );
    }

    #[tokio::test]
    async fn headers_that_are_refused() {
        let long = [&b"PROXY TCP4 "[..], &[b'1'; 200]].concat();
        let invalid = Err(io::ErrorKind::InvalidData);
        for header in [
            &b"PROXY TCP4 203.0.113.7 10.0.0.1 8080\r\n"[..],
            b"PROXY TCP4 203.0.113.777 10.0.0.1 8080 80\r\n",
            b"PROXY TCP4 2001:db8::7 10.0.0.1 8080 80\r\n",
            b"PROXY TCP5 203.0.113.7 10.0.0.1 8080 80\r\n",
            b"PROXY  TCP4 203.0.113.7 10.0.0.1 8080 80\r\n",
            b"proxy TCP4 203.0.113.7 10.0.0.1 8080 80\r\n",
            b"",
            &long,
            &v2(2, 0x11, &IPV4),
            &v2(1, 0x41, &IPV4),
            &v2(1, 0x11, &IPV4[..11]),
            &v2(1, 0x11, &[0; LONGEST_V2 + 1]),
        ] {
            assert_eq!(of(header, false).await, invalid, "{header:?}");
        }
        let version_1 = b"PROXY TCP4 203.0.113.7 10.0.0.1 8080 80\r\n";
        assert_eq!(of(version_1, true).await, invalid);
        let cut = &v2(1, 0x11, &IPV4)[..20];
        let mut rest = cut;
        let error = read(&mut rest, false).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
