//! Raising the formats that machines write.

use mpass_core::challenge::{Header, Keyring};

use super::directory::Machines;
use crate::admin::Failure;
use crate::admin::machine::MachineStatus;
use crate::entropy::System;
use crate::store::AnyStore;

/// Raises layout, write format and number table of the store to the newest that this
/// version knows, once every machine that runs reads them.
///
/// # Errors
/// [`Failure`] naming a machine that does not, or when the store fails.
pub(crate) async fn upgrade(store: &AnyStore, keyring: &Keyring) -> Result<(), Failure> {
    let header = Header::reading(keyring).run_async(store, &System).await?;
    if store.is_shared() {
        let machines = Machines::new(store, keyring).running().await?;
        let lagging = lagging(&machines, &header.upgraded());
        if !lagging.is_empty() {
            return Err(Failure::new(format!(
                "{} cannot read the new formats: upgrade the server there first",
                lagging.join(", ")
            )));
        }
    }
    let upgrading = Header::upgrading(keyring);
    upgrading.run_async(store, &System).await?;
    Ok(())
}

/// The names of machines that run and do not read what a header demands.
fn lagging(machines: &[MachineStatus], header: &Header) -> Vec<String> {
    let live = machines.iter().filter(|machine| machine.live);
    let reads = |machine: &&MachineStatus| {
        machine.layout >= header.layout()
            && machine.write_format >= header.write_format()
            && machine.number_table >= header.number_table()
    };
    live.filter(|machine| !reads(machine))
        .map(MachineStatus::name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::machine::tests::machine;

    #[test]
    fn machines_that_lag_are_named() {
        let header = Header::new(&Keyring::generate(&[7; 32])).unwrap();
        let newest = |host: &str| MachineStatus {
            layout: header.layout(),
            write_format: header.write_format(),
            number_table: header.number_table(),
            ..machine(host, host)
        };
        let all = [
            newest("a"),
            MachineStatus {
                write_format: header.write_format() - 1,
                ..newest("b")
            },
            MachineStatus {
                number_table: header.number_table() - 1,
                ..newest("c")
            },
            MachineStatus {
                layout: header.layout() - 1,
                live: false,
                ..newest("d")
            },
        ];
        assert_eq!(lagging(&all, &header), ["b (b)", "c (c)"]);
    }

    #[tokio::test]
    async fn a_store_of_one_machine_is_upgraded() {
        let keyring = Keyring::generate(&[7; 32]);
        let store = AnyStore::Memory(mpass_core::store::MemoryStore::new(10));
        assert!(upgrade(&store, &keyring).await.is_err(), "without a header");
        let initializing = Header::initializing(&keyring);
        initializing.run_async(&store, &System).await.unwrap();
        upgrade(&store, &keyring).await.unwrap();
    }
}
