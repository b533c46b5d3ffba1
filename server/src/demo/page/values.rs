//! What the page shows of the demo.

use crate::gateway::Message;

/// What the page shows of the demo.
pub(in crate::demo) struct Values<'a> {
    /// The URL of the contracts.
    pub(in crate::demo) base: &'a str,
    /// The URL of the portal, if it listens.
    pub(in crate::demo) portal: Option<&'a str>,
    /// The channel's key.
    pub(in crate::demo) key: &'a str,
    pub(in crate::demo) customer: &'a str,
    /// The customer's password in base64.
    pub(in crate::demo) password: &'a str,
    pub(in crate::demo) client: &'a str,
    /// The client's secret.
    pub(in crate::demo) secret: &'a str,
    /// The redirect URI of the page's login.
    pub(in crate::demo) back: &'a str,
    /// The messages, the newest last.
    pub(in crate::demo) messages: &'a [Message],
}
