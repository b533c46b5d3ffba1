//! What a node of PostgreSQL is, and what about its configuration would lose records.

use mpass_core::Error;
use tokio_postgres::{Client, Row};

use super::errors::failed;
use super::statements::VERSION;
use crate::remote::{Failed, Identity, Part};

const NODE: &str = "SELECT system_identifier::text, pg_is_in_recovery(), \
    CASE WHEN pg_is_in_recovery() THEN '' \
    ELSE left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END, \
    current_setting('transaction_read_only') = 'on' FROM pg_control_system()";

/// What identifies a node, which must accept writes.
pub(super) async fn identify(client: &Client) -> Result<Identity, Failed> {
    let row = client.query_one(NODE, &[]).await;
    let row = row.map_err(|error| failed(&error, Error::StoreFailed))?;
    identity(&row)
}

fn identity(row: &Row) -> Result<Identity, Failed> {
    if row.get(1) || row.get(3) {
        return Err(Failed::broken("refused: the server does not accept writes"));
    }
    let (system, timeline): (&str, &str) = (row.get(0), row.get(2));
    Ok(Identity::new(vec![Part {
        id: format!("{system}/{timeline}"),
        predecessor: None,
    }]))
}

/// The settings of one connection. The error is why it is refused.
pub(super) async fn examine(client: &Client, acknowledge: bool) -> Result<(), Failed> {
    let settings = "SELECT current_setting('server_version_num')::int, \
        current_setting('fsync'), current_setting('full_page_writes'), \
        current_setting('synchronous_commit'), current_setting('synchronous_standby_names'), \
        current_setting('statement_timeout'), to_regclass('mpass_layout') IS NOT NULL";
    let row = client.query_one(settings, &[]).await;
    let row = row.map_err(|error| failed(&error, Error::StoreFailed))?;
    let setting = |at: usize| -> &str { row.get(at) };
    let refused = match (setting(3), acknowledge) {
        _ if row.get::<_, i32>(0) < 150_000 => "the version is older than 15",
        _ if setting(1) != "on" => "fsync is off: a crash of the machine loses or damages records",
        _ if setting(2) != "on" => "full_page_writes is off: a crash damages records",
        ("off", _) => "synchronous_commit is off: a crash loses swaps that were reported as stored",
        ("local" | "remote_write", true) => {
            "synchronous_commit does not wait until the standby has the swap on disk"
        }
        (_, true) if setting(4).is_empty() => {
            "synchronous_standby_names is empty, so no standby acknowledges"
        }
        _ if setting(5) != "0" => "statement_timeout is set, and could cancel a commit",
        _ if !row.get::<_, bool>(6) => "the tables are missing: run mpass store migrate",
        _ => return layout(client).await,
    };
    Err(Failed::broken(format!("refused: {refused}")))
}

async fn layout(client: &Client) -> Result<(), Failed> {
    let row = client
        .query_one("SELECT max(version) FROM mpass_layout", &[])
        .await;
    let row = row.map_err(|error| failed(&error, Error::StoreFailed))?;
    match row.get::<_, Option<i32>>(0) {
        Some(VERSION) => Ok(()),
        _ => Err(Failed::broken(
            "refused: the layout of the tables is of another version",
        )),
    }
}
