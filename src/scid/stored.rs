//! Stored tokens: the values in the secret store, and the addresses that have any in a state file.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::failure::{Failure, Reason};
use crate::context::Context;
use crate::credentials::CredentialStore;
use crate::credentials::backend::CredentialKey;
use crate::games::scid::ID;
use crate::games::scid::tokens::{Part, Tokens};
use crate::state::{Error, StateDirectory};

/// The state file: origins with the addresses that tokens are kept for. No secret is in it.
const FILE: &str = "scid-accounts.json";

type Accounts = BTreeMap<String, BTreeSet<String>>;

/// Returns the addresses that have tokens for an origin.
pub(crate) fn addresses(state: &StateDirectory, origin: &str) -> Vec<String> {
    let accounts = state.read(FILE).map(|file| parse(&file));
    let addresses = accounts.unwrap_or_default().remove(origin);
    addresses.unwrap_or_default().into_iter().collect()
}

/// Returns the tokens of an address, if it has all.
///
/// # Errors
/// When the secret store fails, or holds something else.
pub(crate) async fn load(
    store: &CredentialStore,
    origin: &str,
    email: &str,
) -> Result<Option<Tokens>, Failure> {
    let mut parts = [None, None, None];
    for (value, part) in parts.iter_mut().zip(Part::ALL) {
        *value = store.get(&key(origin, email, part)).await?;
    }
    let [Some(scid), Some(scid_token), bind_token] = parts else {
        return Ok(None);
    };
    let tokens = Tokens::from_parts(scid, scid_token, bind_token);
    tokens.map(Some).map_err(|error| {
        Failure::new(
            Reason::SecretStore,
            format!("the secret store holds no token for {email}: {error}"),
            format!("forget it with `playcookie scid logout {email}`, then log in again"),
        )
    })
}

/// Stores tokens, each in an entry of its own.
///
/// # Errors
/// When the secret store fails, or the state file cannot be written.
pub(crate) async fn store(
    context: &Context,
    origin: &str,
    email: &str,
    tokens: &Tokens,
) -> Result<(), Failure> {
    for part in Part::ALL {
        let key = key(origin, email, part);
        match tokens.part(part) {
            Some(token) => context.credentials.set(&key, token).await?,
            None => drop(context.credentials.remove(&key).await?),
        }
    }
    change(&context.state, origin, |addresses| {
        addresses.insert(account(email))
    })
}

/// Removes the tokens of an address, and returns whether it had any.
///
/// # Errors
/// As [`store`].
pub(crate) async fn remove(context: &Context, origin: &str, email: &str) -> Result<bool, Failure> {
    let mut any = false;
    for part in Part::ALL {
        any |= context
            .credentials
            .remove(&key(origin, email, part))
            .await?;
    }
    change(&context.state, origin, |addresses| {
        addresses.remove(&account(email))
    })?;
    Ok(any)
}

fn change(
    state: &StateDirectory,
    origin: &str,
    change: impl Fn(&mut BTreeSet<String>) -> bool,
) -> Result<(), Failure> {
    let written = state.update(FILE, |file| {
        let mut accounts = file.map(parse).unwrap_or_default();
        change(accounts.entry(origin.to_owned()).or_default());
        serde_json::to_vec(&accounts).unwrap_or_default()
    });
    written.map_err(|error| unwritable(&error))
}

/// A state file cannot be written.
pub(super) fn unwritable(error: &Error) -> Failure {
    Failure::new(
        Reason::Io,
        format!("what has to be remembered between runs cannot be written: {error}"),
        "check that your home directory can be written to",
    )
}

/// A malformed file counts as empty.
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

/// Returns the same text for one address, however it is typed.
fn account(email: &str) -> String {
    email.trim().to_lowercase()
}
