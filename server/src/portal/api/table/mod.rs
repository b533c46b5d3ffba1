//! The routes: the only list of them.

mod gateways;
mod people;
mod row;
mod server;
mod tenants;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::route::Route;
use crate::admin::TenantKind;

/// In front of every path.
pub(crate) const PREFIX: &str = "/admin/v1";

/// Every route.
pub(super) static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let mut routes = Vec::new();
    for kind in TenantKind::ALL.iter().copied() {
        tenants::tenants(kind, &mut routes);
        tenants::one_tenant(kind, &mut routes);
    }
    tenants::credits(&mut routes);
    gateways::gateways(&mut routes);
    gateways::one_gateway(&mut routes);
    gateways::numbers(&mut routes);
    gateways::cut_offs(&mut routes);
    server::server(&mut routes);
    server::files(&mut routes);
    server::keys(&mut routes);
    server::audit(&mut routes);
    people::administrators(&mut routes);
    people::one_administrator(&mut routes);
    people::tokens(&mut routes);
    people::new_token(&mut routes);
    routes
});

/// The routes by path.
pub(super) fn by_path() -> BTreeMap<&'static str, Vec<&'static Route>> {
    let mut paths: BTreeMap<&str, Vec<&Route>> = BTreeMap::new();
    for route in ROUTES.iter() {
        paths.entry(&route.path).or_default().push(route);
    }
    paths
}
