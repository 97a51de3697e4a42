//! Where tokens are kept: the values in the secret store, and which addresses have any in a small state file.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::failure::{Failure, Reason};
use crate::credentials::backend::{Backend, CredentialKey};
use crate::games::scid::ID;
use crate::games::scid::tokens::{Part, Tokens};
use crate::state::{Error, StateDirectory};

/// The state file: origins with the addresses that tokens are kept for. No secret is in it.
const FILE: &str = "scid-accounts.json";

type Accounts = BTreeMap<String, BTreeSet<String>>;

/// The addresses that have tokens for `origin`.
pub(crate) fn addresses(origin: &str) -> Vec<String> {
    let mut accounts = StateDirectory::user()
        .read(FILE)
        .map(|file| parse(&file))
        .unwrap_or_default();
    accounts
        .remove(origin)
        .unwrap_or_default()
        .into_iter()
        .collect()
}

/// The tokens of an address, if they are all there.
pub(crate) async fn load(
    vault: &Backend,
    origin: &str,
    email: &str,
) -> Result<Option<Tokens>, Failure> {
    let mut parts = [None, None, None];
    for (value, part) in parts.iter_mut().zip(Part::ALL) {
        *value = vault.get(&key(origin, email, part)).await?;
    }
    let [Some(scid), Some(scid_token), bind_token] = parts else {
        return Ok(None);
    };
    Tokens::from_parts(scid, scid_token, bind_token)
        .map(Some)
        .map_err(|flaw| {
            Failure::new(
                Reason::SecretStore,
                format!("what the secret store holds for {email} is no token: {flaw}"),
                format!("forget it with `playcookie scid logout {email}`, then log in again"),
            )
        })
}

/// Keeps tokens, each in an entry of its own.
pub(crate) async fn store(
    vault: &Backend,
    origin: &str,
    email: &str,
    tokens: &Tokens,
) -> Result<(), Failure> {
    for part in Part::ALL {
        let key = key(origin, email, part);
        match tokens.part(part) {
            Some(token) => vault.set(&key, token).await?,
            None => drop(vault.remove(&key).await?),
        }
    }
    remember(origin, |addresses| addresses.insert(account(email)))
}

/// Forgets tokens; gives whether there were any.
pub(crate) async fn forget(vault: &Backend, origin: &str, email: &str) -> Result<bool, Failure> {
    let mut any = false;
    for part in Part::ALL {
        any |= vault.remove(&key(origin, email, part)).await?;
    }
    remember(origin, |addresses| addresses.remove(&account(email)))?;
    Ok(any)
}

fn remember(origin: &str, change: impl Fn(&mut BTreeSet<String>) -> bool) -> Result<(), Failure> {
    StateDirectory::user()
        .update(FILE, |file| {
            let mut accounts = file.map(parse).unwrap_or_default();
            change(accounts.entry(origin.to_owned()).or_default());
            serde_json::to_vec(&accounts).unwrap_or_default()
        })
        .map_err(|error| unremembered(&error))
}

/// A state that cannot be written.
pub(crate) fn unremembered(error: &Error) -> Failure {
    Failure::new(
        Reason::Io,
        format!("what has to be remembered between runs cannot be written: {error}"),
        "check that your home directory can be written to",
    )
}

/// A broken file is nothing known.
fn parse(file: &[u8]) -> Accounts {
    serde_json::from_slice(file).unwrap_or_default()
}

fn key(origin: &str, email: &str, part: Part) -> CredentialKey {
    CredentialKey {
        game: ID,
        origin: origin.to_owned(),
        username: account(email),
        kind: part.name(),
    }
}

/// The same address however it is typed.
fn account(email: &str) -> String {
    email.trim().to_lowercase()
}
