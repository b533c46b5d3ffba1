//! The families of documents.

use crate::challenge::Document;
use crate::labels::{self, Label};

/// What a document of the host is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Family {
    /// An SMS gateway.
    Gateway,
    /// The order of the SMS gateways.
    GatewayOrder,
    /// An administrator.
    Administrator,
    /// A session of an administrator.
    Session,
    /// An API token.
    ApiToken,
    /// A segment of the audit log.
    AuditSegment,
    /// The head of the audit log.
    AuditHead,
    /// A shard of statistics.
    Statistics,
    /// What a machine announces of itself.
    Machine,
}

const fn document(format: u8, label: Label<labels::StoreKeys>) -> Document {
    Document {
        format,
        label,
        plain: None,
    }
}

impl Family {
    /// Every family.
    pub const ALL: &'static [Self] = &[
        Self::Gateway,
        Self::GatewayOrder,
        Self::Administrator,
        Self::Session,
        Self::ApiToken,
        Self::AuditSegment,
        Self::AuditHead,
        Self::Statistics,
        Self::Machine,
    ];

    /// The family that a listed value is of, by its format: it may still not be
    /// authentic.
    #[must_use]
    pub fn of(value: &[u8]) -> Option<Self> {
        let format = *value.first()?;
        let mut all = Self::ALL.iter().copied();
        all.find(|family| family.document().has_format(format))
    }

    /// The first byte of its values: 0x80 or higher, as no tenant's is.
    #[must_use]
    pub const fn format(self) -> u8 {
        self.document().format
    }

    pub(crate) const fn document(self) -> Document {
        match self {
            Self::Gateway => document(0x81, labels::GATEWAY),
            Self::GatewayOrder => document(0x82, labels::GATEWAY_ORDER),
            Self::Administrator => document(0x83, labels::ADMINISTRATOR),
            Self::Session => document(0x84, labels::ADMIN_SESSION),
            Self::ApiToken => document(0x85, labels::API_TOKEN),
            Self::AuditSegment => document(0x86, labels::AUDIT_SEGMENT),
            Self::AuditHead => document(0x87, labels::AUDIT_HEAD),
            Self::Statistics => document(0x88, labels::STATISTICS),
            Self::Machine => document(0x89, labels::MACHINE),
        }
    }
}
