//! Stored tokens: their values in the secret store, and the addresses that have tokens in a state file.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::failure::{Failure, Reason};
use crate::context::Context;
use crate::credentials::CredentialStore;
use crate::credentials::backend::CredentialKey;
use crate::games::scid::ID;
use crate::games::scid::tokens::{Part, Tokens};
use crate::state::{Error, StateDirectory};

/// The state file: addresses that have tokens, by origin. It holds no secret.
const FILE: &str = "scid-accounts.json";

type Accounts = BTreeMap<String, BTreeSet<String>>;

/// Returns the addresses that have tokens for an origin.
pub(crate) fn addresses(state: &StateDirectory, origin: &str) -> Vec<String> {
    let mut accounts: Accounts = state.read_json(FILE);
    let addresses = accounts.remove(origin);
    addresses.unwrap_or_default().into_iter().collect()
}

/// Returns the tokens of an address, or `None` when one is missing.
///
/// # Errors
/// When the secret store fails, or a stored token is malformed.
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
            format!("a stored token of {email} is malformed: {error}"),
            format!("remove it with `playcookie scid logout {email}`, then log in again"),
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
        let key = key(origin, email, part);
        any |= context.credentials.remove(&key).await?;
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
    let written = state.update_json(FILE, |accounts: &mut Accounts| {
        change(accounts.entry(origin.to_owned()).or_default());
    });
    written.map_err(|error| unwritable(&error))
}

/// The failure when a state file cannot be written.
pub(super) fn unwritable(error: &Error) -> Failure {
    Failure::new(
        Reason::Io,
        format!("state that later runs need cannot be written: {error}"),
        "check that your home directory can be written to",
    )
}

fn key(origin: &str, email: &str, part: Part) -> CredentialKey {
    CredentialKey {
        game: ID,
        origin: origin.to_owned(),
        username: account(email),
        kind: part.name(),
    }
}

/// Returns an address in the form that it is stored in.
fn account(email: &str) -> String {
    email.trim().to_lowercase()
}
