//! The operations on a token as changes of a store, each in one call.

use super::{Token, check_resync_codes};
use crate::challenge::change::change;
use crate::challenge::verdict::Verdict;
use crate::oath::ocra::{Inputs, Ocra};
use crate::oath::{Hotp, Totp};
use crate::store::Change;

impl Token<'_> {
    /// [`Self::attempt_hotp`] in one call. The verdict is returned once the
    /// attempt is counted in the store; [`Verdict::Malformed`] is returned at
    /// once.
    pub fn attempting_hotp<'b>(&'b self, hotp: &'b Hotp, typed: &'b str) -> Change<'b, Verdict> {
        let change = change(self.key(), move |current, moment| {
            self.attempt_hotp(current, hotp, typed, moment.now_ms, moment.entropy)
        });
        change.unless(Verdict::of_malformed(&[typed]))
    }

    /// [`Self::attempt_totp`] in one call. The verdict is returned once the
    /// attempt is counted in the store.
    pub fn attempting_totp<'b>(&'b self, totp: &'b Totp, typed: &'b str) -> Change<'b, Verdict> {
        let change = change(self.key(), move |current, moment| {
            self.attempt_totp(current, totp, typed, moment.now_ms, moment.entropy)
        });
        change.unless(Verdict::of_malformed(&[typed]))
    }

    /// [`Self::resynchronize_hotp`] in one call.
    pub fn resynchronizing_hotp<'b>(
        &'b self,
        hotp: &'b Hotp,
        codes: &'b [&'b str],
    ) -> Change<'b, Verdict> {
        let change = change(self.key(), move |current, moment| {
            self.resynchronize_hotp(current, hotp, codes, moment.now_ms, moment.entropy)
        });
        change.unless(known_resync(codes))
    }

    /// [`Self::resynchronize_totp`] in one call.
    pub fn resynchronizing_totp<'b>(
        &'b self,
        totp: &'b Totp,
        codes: &'b [&'b str],
    ) -> Change<'b, Verdict> {
        let change = change(self.key(), move |current, moment| {
            self.resynchronize_totp(current, totp, codes, moment.now_ms, moment.entropy)
        });
        change.unless(known_resync(codes))
    }

    /// [`Self::ask`] in one call. Send the question only once it has returned.
    /// The lifetime of the question begins when the store has returned the
    /// record.
    pub fn asking<'b>(&'b self, question: &'b str, lifetime_ms: u64) -> Change<'b, ()> {
        change(self.key(), move |current, moment| {
            self.ask(
                current,
                question,
                lifetime_ms,
                moment.now_ms,
                moment.entropy,
            )
        })
    }

    /// [`Self::attempt_ocra`] in one call. The verdict is returned once the
    /// attempt is counted in the store.
    pub fn attempting_ocra<'b>(
        &'b self,
        ocra: &'b Ocra,
        inputs: Inputs<'b>,
        response: &'b str,
    ) -> Change<'b, Verdict> {
        let change = change(self.key(), move |current, moment| {
            let (now_ms, entropy) = (moment.now_ms, moment.entropy);
            self.attempt_ocra(current, ocra, inputs, response, now_ms, entropy)
        });
        let is_malformed = ocra.is_malformed(response);
        change.unless(is_malformed.then_some(Verdict::Malformed))
    }

    /// [`Self::enroll`] in one call: `false` if the token already has a record,
    /// which is kept.
    pub fn enrolling(&self, counter: u64) -> Change<'_, bool> {
        change(self.key(), move |current, moment| match current {
            Some(_) => Ok(None),
            None => self
                .enroll(counter, moment.now_ms, moment.entropy)
                .map(Some),
        })
    }

    /// [`Self::unlock`] in one call: `false` if there is no record.
    pub fn unlocking(&self) -> Change<'_, bool> {
        change(self.key(), |current, moment| match current {
            None => Ok(None),
            Some(_) => self
                .unlock(current, moment.now_ms, moment.entropy)
                .map(Some),
        })
    }

    /// [`Self::reseal`] in one call: `false` if there is no record, or if it is
    /// already sealed with the newest key.
    pub fn resealing(&self) -> Change<'_, bool> {
        change(self.key(), |current, moment| match current {
            None => Ok(None),
            Some(record) => self.reseal(record, moment.now_ms, moment.entropy),
        })
    }
}

/// [`Verdict::Malformed`], unless there are too few or too many codes, which is
/// an error.
fn known_resync(codes: &[&str]) -> Option<Verdict> {
    let is_checked = check_resync_codes(codes).is_ok();
    is_checked.then(|| Verdict::of_malformed(codes)).flatten()
}
