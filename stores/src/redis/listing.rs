//! Listings in the order of their keys, which Redis does not have: all keys are read
//! for the first page, and kept for the later ones.

use core::time::Duration;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use mpass_core::store::{Kind, StoreKey};

/// The number of listings in progress.
const LISTINGS: usize = 16;
/// How long a listing may pause between two pages.
const PAUSE: Duration = Duration::from_secs(30);

/// The keys of listings that have further pages.
#[derive(Default)]
pub(super) struct Listings(Mutex<VecDeque<Listing>>);

struct Listing {
    kind: Kind,
    /// The last key of its last page.
    after: StoreKey,
    keys: Arc<Vec<StoreKey>>,
    at: Instant,
}

impl Listings {
    /// The keys of the listing whose last page ended with `after`.
    pub(super) fn take(&self, kind: Kind, after: &StoreKey) -> Option<Arc<Vec<StoreKey>>> {
        let mut listings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        listings.retain(|listing| listing.at.elapsed() < PAUSE);
        let is_it = |listing: &Listing| listing.kind == kind && listing.after == *after;
        let at = listings.iter().position(is_it)?;
        listings.remove(at).map(|listing| listing.keys)
    }

    /// Keeps the keys for the page after `after`.
    pub(super) fn keep(&self, kind: Kind, after: StoreKey, keys: Arc<Vec<StoreKey>>) {
        let mut listings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if listings.len() == LISTINGS {
            listings.pop_front();
        }
        listings.push_back(Listing {
            kind,
            after,
            keys,
            at: Instant::now(),
        });
    }
}
