//! Stored tokens: their values in the secret store, and the addresses that have tokens in a state file.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::context::Context;
use crate::credentials::CredentialStore;
use crate::credentials::backend::CredentialKey;
use crate::games::scid::ID;
use crate::games::scid::catalog::{AndroidGame, GAMES};
use crate::games::scid::jwt::Claims;
use crate::games::scid::tokens::{TokenKind, Tokens};
use crate::state::{Error, StateDirectory};

/// The state file: addresses that have tokens, by origin. It holds no secret.
const FILE: &str = "scid-accounts.json";

type Accounts = BTreeMap<String, BTreeSet<String>>;

/// A login whose tokens are stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredLogin {
    /// The address, in the form that it is stored in.
    pub(crate) email: String,
    /// The game that the tokens are for; `None` when an older version stored them and they name no known game.
    pub(crate) game: Option<&'static AndroidGame>,
    pub(super) origin: String,
}

impl StoredLogin {
    /// Returns the login of an address at an origin.
    pub(crate) fn new(origin: &str, email: &str, game: Option<&'static AndroidGame>) -> Self {
        Self {
            email: email.trim().to_lowercase(),
            game,
            origin: origin.to_owned(),
        }
    }

    fn key(&self, kind: TokenKind) -> CredentialKey {
        CredentialKey {
            game: self.game.map_or(ID, |game| game.code),
            origin: self.origin.clone(),
            username: self.email.clone(),
            kind: kind.name(),
        }
    }

    /// Returns whether tokens are stored.
    async fn exists(&self, store: &CredentialStore) -> Result<bool, Failure> {
        let token = store.get(&self.key(TokenKind::Scid)).await?;
        Ok(token.is_some())
    }

    /// Returns the tokens in the order of [`TokenKind::ALL`].
    async fn read(&self, store: &CredentialStore) -> Result<[Option<Secret>; 3], Failure> {
        let mut tokens = [None, None, None];
        for (token, kind) in tokens.iter_mut().zip(TokenKind::ALL) {
            *token = store.get(&self.key(kind)).await?;
        }
        Ok(tokens)
    }

    /// Writes the tokens, each into an entry of its own. The one that [`Self::exists`] looks for is the first, so that a
    /// kill in between leaves nothing that is not found.
    async fn write(
        &self,
        store: &CredentialStore,
        tokens: [Option<&Secret>; 3],
    ) -> Result<(), Failure> {
        for (token, kind) in tokens.into_iter().zip(TokenKind::ALL) {
            let key = self.key(kind);
            match token {
                Some(token) => store.set(&key, token).await?,
                None => drop(store.remove(&key).await?),
            }
        }
        Ok(())
    }

    /// Removes the tokens. The one that [`Self::exists`] looks for is the last.
    async fn remove(&self, store: &CredentialStore) -> Result<(), Failure> {
        for kind in TokenKind::ALL.into_iter().rev() {
            store.remove(&self.key(kind)).await?;
        }
        Ok(())
    }
}

/// Returns the addresses that have tokens for an origin.
pub(crate) fn addresses(state: &StateDirectory, origin: &str) -> Vec<String> {
    let mut accounts: Accounts = state.read_json(FILE);
    let addresses = accounts.remove(origin);
    addresses.unwrap_or_default().into_iter().collect()
}

/// Returns the logins of an address whose tokens are stored, or only that for `game`.
///
/// # Errors
/// When the secret store fails.
pub(crate) async fn logins(
    store: &CredentialStore,
    origin: &str,
    email: &str,
    game: Option<&'static AndroidGame>,
) -> Result<Vec<StoredLogin>, Failure> {
    let old = StoredLogin::new(origin, email, None);
    migrate(store, &old).await?;
    let mut logins = Vec::new();
    for known in &GAMES {
        let login = StoredLogin::new(origin, email, Some(known));
        if game.is_none_or(|game| game == known) && login.exists(store).await? {
            logins.push(login);
        }
    }
    if game.is_none() && logins.is_empty() && old.exists(store).await? {
        logins.push(old);
    }
    Ok(logins)
}

/// Moves tokens that an older version stored without a game to the game that they name, unless newer ones are there.
async fn migrate(store: &CredentialStore, old: &StoredLogin) -> Result<(), Failure> {
    if !old.exists(store).await? {
        return Ok(());
    }
    let tokens = old.read(store).await?;
    let claimed = |token| Claims::decode(token).ok()?.android_game();
    let Some(game) = tokens.iter().flatten().find_map(claimed) else {
        return Ok(());
    };
    let new = StoredLogin::new(&old.origin, &old.email, Some(game));
    if !matches!(new.read(store).await?, [Some(_), Some(_), _]) {
        let tokens = tokens.each_ref().map(Option::as_ref);
        new.write(store, tokens).await?;
    }
    old.remove(store).await
}

/// Returns the tokens of a login, or `None` when one is missing.
///
/// # Errors
/// When the secret store fails, or a stored token is malformed.
pub(crate) async fn load(
    store: &CredentialStore,
    login: &StoredLogin,
) -> Result<Option<Tokens>, Failure> {
    let [Some(scid), Some(scid_token), bind_token] = login.read(store).await? else {
        return Ok(None);
    };
    let tokens = Tokens::new(scid, scid_token, bind_token);
    tokens.map(Some).map_err(|error| {
        let email = &login.email;
        let option = login.game.map(|game| format!(" --game {}", game.code));
        let option = option.unwrap_or_default();
        Failure::new(
            Reason::SecretStore,
            format!("a stored token of {email} is malformed: {error}"),
            format!("remove it with `playcookie scid logout {email}{option}`, then log in again"),
        )
    })
}

/// Stores the tokens of a login. Its address is written first, so that a kill in between leaves no token of an address that
/// is not known.
///
/// # Errors
/// When the secret store fails, or the state file cannot be written.
pub(crate) async fn store(
    context: &Context,
    login: &StoredLogin,
    tokens: &Tokens,
) -> Result<(), Failure> {
    context.credentials.open().await?;
    change(&context.state, login, |addresses| {
        addresses.insert(login.email.clone())
    })?;
    let tokens = TokenKind::ALL.map(|kind| tokens.get(kind));
    login.write(&context.credentials, tokens).await
}

/// Removes the tokens of a login, and its address when it has no others.
///
/// # Errors
/// As [`store`].
pub(crate) async fn remove(context: &Context, login: &StoredLogin) -> Result<(), Failure> {
    let store = &context.credentials;
    login.remove(store).await?;
    let others = logins(store, &login.origin, &login.email, None).await?;
    if others.is_empty() {
        change(&context.state, login, |addresses| {
            addresses.remove(&login.email)
        })?;
    }
    Ok(())
}

fn change(
    state: &StateDirectory,
    login: &StoredLogin,
    change: impl Fn(&mut BTreeSet<String>) -> bool,
) -> Result<(), Failure> {
    let written = state.update_json(FILE, |accounts: &mut Accounts| {
        change(accounts.entry(login.origin.clone()).or_default());
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
