//! The gateways of a configuration together.

use anyhow::{Context, ensure};

use super::config::GatewayConfig;

/// The most gateways of a configuration.
const MOST: usize = 16;

/// The checks of what needs no network, file or environment.
pub(crate) fn checks(gateways: &[GatewayConfig]) -> Vec<anyhow::Result<()>> {
    let is_alone = gateways.len() == 1;
    let of_one = |gateway: &GatewayConfig| {
        let name = gateway.name.clone();
        let checks = gateway.checks().into_iter();
        checks.map(move |check| match is_alone {
            true => check,
            false => check.with_context(|| format!("gateway {name}")),
        })
    };
    let checks = gateways.iter().flat_map(of_one);
    checks.chain([check_names(gateways)]).collect()
}

fn check_names(gateways: &[GatewayConfig]) -> anyhow::Result<()> {
    ensure!(
        gateways.len() <= MOST,
        "gateway: there are more than {MOST} gateways"
    );
    let mut names: Vec<&str> = gateways.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    ensure!(
        names.len() == gateways.len(),
        "gateway: two gateways have the same name: set name in each [[gateway]]"
    );
    Ok(())
}
