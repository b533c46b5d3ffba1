//! The client behind `--server`.
