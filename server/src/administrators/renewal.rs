//! Another authenticator of one's own. It takes the place of the old one once a code of
//! it was typed: a key that was not scanned locks nobody out.

use mpass_core::challenge::Verdict;

use super::account::{Account, Enrolment, totp};
use super::directory::Administrators;
use super::login::{authenticator, token};
use super::pending::Pending;
use super::problem::Problem;
use super::recovery;
use super::second_factor::Secrets;
use crate::clock;
use crate::entropy::System;

/// How long a new authenticator waits for a code of it.
const LIFE_MS: u64 = 10 * 60_000;

impl Account {
    /// The authenticator that waits for a code of it at `now_ms`.
    fn pending(&self, now_ms: u64) -> Option<&Pending> {
        let holds = |it: &&Pending| it.generation == self.generation && now_ms < it.until_ms;
        self.pending.as_ref().filter(holds)
    }
}

impl Administrators<'_> {
    /// Makes another authenticator, which changes nothing until
    /// [`Self::confirm_authenticator`] is given a code of it, at most 10 minutes later. One
    /// that was made before is void.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn begin_authenticator(&self, name: &str) -> Result<Enrolment, Problem> {
        let present = self.present(name, None).await?;
        let Secrets { totp, uri, .. } = Secrets::new(self.keyring, name, &present.id)?;
        let until_ms = clock::now_ms().saturating_add(LIFE_MS);
        let begun = self.replace(&present, None, |account| {
            account.pending = Some(Pending {
                totp: totp.clone(),
                generation: account.generation,
                until_ms,
            });
        });
        Ok(Enrolment {
            account: begun.await?.ok_or(Problem::Missing)?,
            password: None,
            uri: Some(uri),
            recovery_codes: Vec::new(),
        })
    }

    /// Compares a code of the new authenticator. If it is right, the authenticator takes
    /// the place of the old one, with other recovery codes, and every session ends.
    ///
    /// # Errors
    /// [`Problem::NoneBegun`] if none waits for its code, [`Problem::WrongCode`], and
    /// others of [`Problem`].
    pub async fn confirm_authenticator(
        &self,
        name: &str,
        code: &str,
    ) -> Result<Enrolment, Problem> {
        let present = self.present(name, None).await?;
        let pending = present.pending(clock::now_ms()).cloned();
        let pending = pending.ok_or(Problem::NoneBegun)?;
        let of_new = totp(&pending.totp).ok_or(Problem::NoneBegun)?;
        // It has failures of its own: those of the old one stay.
        let id = format!("{}/{name}/{}", present.id, pending.until_ms);
        let waiting = token(self.keyring, &id)?;
        let attempt = waiting.attempting_totp(&of_new, code);
        if attempt.run_async(self.store, &System).await? != Verdict::Accept {
            return Err(Problem::WrongCode);
        }
        let (recovery_codes, hashes) = recovery::generate(self.keyring, &present.id)?;
        let before = present.generation;
        let replaced = self.replace(&present, None, |account| {
            // Other credentials, or another new authenticator, may have come first.
            let waits = account.pending.as_ref().map(|it| it.until_ms);
            if account.generation == before && waits == Some(pending.until_ms) {
                account.totp.clone_from(&pending.totp);
                account.recovery.clone_from(&hashes);
                account.pending = None;
                account.generation += 1;
            }
        });
        let account = replaced.await?.ok_or(Problem::NoneBegun)?;
        if account.totp != pending.totp {
            return Err(Problem::NoneBegun);
        }
        // The code does not open a session, too. If this fails, it does once.
        let used = authenticator(self.keyring, &account, None)?;
        let _ = used
            .attempting_totp(&of_new, code)
            .run_async(self.store, &System)
            .await;
        Ok(Enrolment {
            account,
            password: None,
            uri: None,
            recovery_codes,
        })
    }
}
