//! What screens of tenants have by the kind of tenant.

use maud::Markup;

use super::layout::Section;
use super::reader::Reader;
use crate::admin::TenantKind;

/// The names of a kind's texts, and its section.
pub(super) struct Texts(&'static str, Section);

/// The texts of a kind.
pub(super) const fn texts_of(kind: TenantKind) -> Texts {
    match kind {
        TenantKind::Channel => Texts("channel", Section::Channels),
        TenantKind::Customer => Texts("customer", Section::Customers),
        TenantKind::Client => Texts("client", Section::Clients),
    }
}

impl Texts {
    /// The path of its list.
    pub(super) const fn path(&self) -> &'static str {
        self.1.path()
    }

    /// The text of the kind.
    pub(super) fn t(&self, reader: Reader, name: &str) -> &'static str {
        reader.t(&format!("{}.{name}", self.0))
    }

    /// The text of the kind with the name of a tenant.
    pub(super) fn named(&self, reader: Reader, name: &str, tenant: &str) -> Markup {
        reader.fill(&format!("{}.{name}", self.0), &[("name", &tenant)])
    }
}

/// The section of a kind.
pub(super) const fn section(kind: TenantKind) -> Section {
    match kind {
        TenantKind::Channel => Section::Channels,
        TenantKind::Customer => Section::Customers,
        TenantKind::Client => Section::Clients,
    }
}
