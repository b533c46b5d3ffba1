//! The rows of the contract that any host can produce, with each of their
//! causes, each on numbers of its own.

mod calls;
mod send;
mod token;
mod validate;

use super::{Caller, USUAL, key};

pub use calls::*;
pub use send::*;
pub use token::*;
pub use validate::*;

/// Invalid values of the header `authToken`.
fn bad_tokens(caller: &Caller<'_>) -> Vec<String> {
    let good = caller.token();
    let changed = if good.ends_with('A') { "B" } else { "A" };
    vec![
        String::new(),
        "x".into(),
        "a.b.c".into(),
        format!("Bearer {good}"),
        format!("{good}x"),
        format!("{}{changed}", &good[..good.len() - 1]),
        good.replace('.', ""),
        key(caller.desk.keyring(), USUAL),
    ]
}
