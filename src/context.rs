//! What every command is given.

use std::cell::RefCell;
use std::rc::Rc;

use tokio::sync::Semaphore;

use crate::base::base_url::BaseUrl;
use crate::base::blocking;
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::config::Configuration;
use crate::config::api::Api;
use crate::config::file::{ConfigFile, ConfigurationEdit};
use crate::credentials::CredentialStore;
use crate::endpoint::Endpoint;
use crate::failures;
use crate::http::{Client, Limits};
use crate::state::StateDirectory;
use crate::terminal::Terminal;

/// The surroundings of a run. A rehearsal is a `Context` with the base URL of the stand-in server, a temporary state
/// directory, an empty configuration, and a credential store that stores nothing.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) terminal: Rc<Terminal>,
    pub(crate) limits: Limits,
    pub(crate) environment: EnvironmentValues,
    pub(crate) config_file: ConfigFile,
    /// The content of the configuration file; empty for commands that do not need it.
    pub(crate) configuration: Configuration,
    pub(crate) credentials: CredentialStore,
    pub(crate) state: StateDirectory,
    /// The base URL of the stand-in server in a rehearsal, which precedes every option and the configuration.
    pub(crate) base_url: Option<BaseUrl>,
    /// The endpoints that are open.
    pub(crate) endpoints: RefCell<Vec<Rc<Endpoint>>>,
    /// One client for each connection pool.
    pub(crate) clients: RefCell<Vec<Client>>,
}

/// The values of this program's own environment variables; empty is unset.
#[derive(Debug, Default)]
pub(crate) struct EnvironmentValues {
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) code: Option<Secret>,
}

impl Context {
    /// Returns the context of a rehearsal: requests go to `base_url`, and nothing is read from or written to the player's
    /// own files, environment and secret store.
    pub(crate) fn rehearsal(&self, base_url: BaseUrl, state: StateDirectory) -> Self {
        Self {
            terminal: Rc::clone(&self.terminal),
            limits: self.limits,
            environment: EnvironmentValues::default(),
            config_file: self.config_file.clone(),
            configuration: Configuration::default(),
            credentials: CredentialStore::disabled(),
            state,
            base_url: Some(base_url),
            endpoints: RefCell::default(),
            clients: RefCell::default(),
        }
    }

    /// Whether this is a rehearsal, whose folder is removed at its end.
    pub(crate) const fn is_rehearsal(&self) -> bool {
        self.base_url.is_some()
    }

    /// Returns the base URL that replaces the hosts of a service: that of the rehearsal, else the one in `api`.
    pub(crate) fn base_url_override(&self, api: &Api) -> Option<BaseUrl> {
        self.base_url.clone().or_else(|| api.base_url.clone())
    }

    /// Returns the base URL of requests: the one that replaces `host`, else `host` itself.
    ///
    /// # Errors
    /// When a host that this program knows is malformed, which is a bug.
    pub(crate) fn base_url(&self, host: &str, api: &Api) -> Result<BaseUrl, Failure> {
        match self.base_url_override(api) {
            Some(base_url) => Ok(base_url),
            None => host
                .parse()
                .map_err(|error| failures::malformed_host(host, error)),
        }
    }

    /// Returns the endpoint of a service, opened once per run, at `host` or at the base URL that replaces it. Prints
    /// `warning` when it is opened at `host`.
    ///
    /// # Errors
    /// When no certificate authority can be loaded, the proxy cannot be used, or no thread can be started.
    pub(crate) fn endpoint(
        &self,
        service: &'static str,
        host: &str,
        api: &Api,
        warning: Option<&str>,
    ) -> Result<Rc<Endpoint>, Failure> {
        let (interface, base_url) = (api.interface, self.base_url(host, api)?);
        let origin = base_url.origin();
        let replacement = self.base_url_override(api);
        let authority = replacement.as_ref().map(BaseUrl::authority);
        let mut endpoints = self.endpoints.borrow_mut();
        let is_same = |open: &&Rc<Endpoint>| {
            (open.service, open.interface) == (service, interface)
                && open.origin == origin
                && open.authority == authority
        };
        if let Some(open) = endpoints.iter().find(is_same) {
            return Ok(Rc::clone(open));
        }
        if let Some(warning) = warning.filter(|_| authority.is_none()) {
            self.terminal.warn(warning);
        }
        let client = self.client(&base_url)?;
        let endpoint = Rc::new(Endpoint {
            service,
            interface,
            origin,
            authority,
            client,
            terminal: Rc::clone(&self.terminal),
            turn: Semaphore::new(1),
        });
        endpoints.push(Rc::clone(&endpoint));
        Ok(endpoint)
    }

    /// Returns a client for a base URL that shares the existing connections where possible.
    ///
    /// # Errors
    /// When no certificate authority can be loaded, the proxy cannot be used, or no thread can be started.
    pub(crate) fn client(&self, base_url: &BaseUrl) -> Result<Client, Failure> {
        let mut clients = self.clients.borrow_mut();
        if let Some(client) = clients
            .iter()
            .find_map(|known| known.for_base_url(base_url))
        {
            return Ok(client);
        }
        let client = Client::new(base_url.clone(), self.limits);
        let client = client.map_err(|error| failures::no_client(&error))?;
        clients.extend(client.for_base_url(base_url));
        Ok(client)
    }

    /// Starts a change of the configuration file, once no other process changes it.
    ///
    /// # Errors
    /// When another process takes too long, or the file is invalid.
    pub(crate) async fn edit_configuration(&self) -> Result<ConfigurationEdit, Failure> {
        self.change_configuration(ConfigFile::edit).await
    }

    /// Calls `change`, which may block, on a thread of its own.
    ///
    /// # Errors
    /// Those of `change`, and [`Reason::Io`] when it could not be called.
    pub(crate) async fn change_configuration<T: Send + 'static>(
        &self,
        change: impl FnOnce(&ConfigFile) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let file = self.config_file.clone();
        let changed = blocking::run_on_thread(move || change(&file)).await;
        changed.unwrap_or_else(|error| Err(failures::refused(&error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::failure::Reason;
    use crate::terminal::TerminalOptions;

    #[tokio::test(flavor = "current_thread")]
    async fn a_change_that_is_not_made_is_a_failure() {
        let context = Context {
            terminal: Rc::new(Terminal::new(TerminalOptions::default())),
            limits: Limits::default(),
            environment: EnvironmentValues::default(),
            config_file: ConfigFile::new(None),
            configuration: Configuration::default(),
            credentials: CredentialStore::disabled(),
            state: StateDirectory::at(""),
            base_url: None,
            endpoints: RefCell::default(),
            clients: RefCell::default(),
        };
        let changed = context.change_configuration::<()>(|_| panic!("no change"));
        let failure = changed.await.expect_err("a failure");
        assert_eq!(failure.reason, Reason::Io);
    }
}
