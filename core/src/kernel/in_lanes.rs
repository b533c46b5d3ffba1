//! The hashes that have a lane kernel.

use super::backend::Lanes;
use super::crossover::Crossover;
use super::lanes::{Columns1, Columns256, Columns512, LANES_32, LANES_64, Macs, halves};
use super::sha::{Hash, Sha1, Sha256, Sha512};
use super::states::States;
use super::values::Values;

/// A hash that can be computed in SIMD lanes.
pub(super) trait InLanes: Hash + Sized {
    /// HMAC keys and counters, one of each per column.
    type Columns;
    /// The number of columns.
    const LANES: usize;

    fn columns() -> Self::Columns;
    fn set_four(columns: &mut Self::Columns, lane: usize, four: [(&States<Self>, u64); 4]);
    /// Computes the values of `count` consecutive counters under one key.
    fn run_range(lanes: Lanes, key: &States<Self>, first: u64, values: &mut Values, count: usize);
    /// Computes the values of the first `count` columns.
    fn run_each(lanes: Lanes, columns: &Self::Columns, values: &mut Values, count: usize);
    /// The crossover point of this hash on a backend.
    fn crossover(lanes: Lanes) -> Crossover;
}

macro_rules! in_lanes {
    ($hash:ident, $columns:ident of $lanes:ident, $run:ident, $fill:ident, $crossover:ident, $words:expr) => {
        impl InLanes for $hash {
            type Columns = $columns;
            const LANES: usize = $lanes;

            fn columns() -> $columns {
                $columns::new()
            }
            #[inline]
            fn set_four(columns: &mut $columns, lane: usize, four: [(&States<Self>, u64); 4]) {
                let columns_of = four.map(|job| (&job.0.inner, &job.0.outer, $words(job.1)));
                columns.set_four(lane, columns_of);
            }
            #[inline]
            fn run_range(
                lanes: Lanes,
                key: &States<Self>,
                first: u64,
                values: &mut Values,
                count: usize,
            ) {
                let macs = Macs::Range(&key.inner, &key.outer, first);
                values.$fill(count, |words| lanes.$run(macs, words, count));
            }
            #[inline]
            fn run_each(lanes: Lanes, columns: &$columns, values: &mut Values, count: usize) {
                let macs = Macs::Each(columns);
                values.$fill(count, |words| lanes.$run(macs, words, count));
            }
            fn crossover(lanes: Lanes) -> Crossover {
                lanes.crossover().$crossover
            }
        }
    };
}

in_lanes!(Sha1, Columns1 of LANES_32, hotp1, fill_32, sha1, halves);
in_lanes!(Sha256, Columns256 of LANES_32, hotp256, fill_32, sha256, halves);
in_lanes!(Sha512, Columns512 of LANES_64, hotp512, fill_64, sha512, |counter| [counter]);
