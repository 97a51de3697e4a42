//! What every command is given.

use std::cell::RefCell;
use std::rc::Rc;

use crate::auth::failures;
use crate::base::blocking;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::config::Configuration;
use crate::config::api::Api;
use crate::config::file::{ConfigFile, ConfigurationEdit};
use crate::credentials::CredentialStore;
use crate::endpoint::Endpoint;
use crate::http::{Client, Limits, Root};
use crate::state::State;
use crate::terminal::Terminal;

/// The surroundings of a run. A rehearsal is a `Context` with another root and state directory and nothing remembered.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) terminal: Rc<Terminal>,
    pub(crate) limits: Limits,
    pub(crate) environment: EnvironmentValues,
    pub(crate) config_file: ConfigFile,
    /// The content of the configuration file; empty for commands that do not need it.
    pub(crate) configuration: Configuration,
    pub(crate) credentials: CredentialStore,
    pub(crate) state: State,
    /// Replaces the root of every server, whatever options and configuration say.
    pub(crate) root: Option<Root>,
    /// The endpoints that were opened so far: each once per run.
    pub(crate) endpoints: RefCell<Vec<Rc<Endpoint>>>,
}

/// The values of this program's own environment variables; empty is unset.
#[derive(Debug, Default)]
pub(crate) struct EnvironmentValues {
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) code: Option<Secret>,
}

impl Context {
    /// Returns the context of a rehearsal: requests go to `root`, and nothing is read from or written to the player's
    /// own files, environment and secret store.
    pub(crate) fn rehearsal(&self, root: Root, state: State) -> Self {
        Self {
            terminal: Rc::clone(&self.terminal),
            limits: self.limits,
            environment: EnvironmentValues::default(),
            config_file: self.config_file.clone(),
            configuration: Configuration::default(),
            credentials: CredentialStore::disabled(),
            state,
            root: Some(root),
            endpoints: RefCell::default(),
        }
    }

    /// Returns the root that replaces every host of a service: the rehearsal's, else the one of the options.
    pub(crate) fn named_root(&self, api: &Api) -> Option<Root> {
        self.root.clone().or_else(|| api.root.clone())
    }

    /// Returns the root that requests to `host` are sent to.
    ///
    /// # Errors
    /// When a host that this program knows is malformed, which is a bug.
    pub(crate) fn root(&self, host: &str, api: &Api) -> Result<Root, Failure> {
        match self.named_root(api) {
            Some(root) => Ok(root),
            None => host
                .parse()
                .map_err(|error| failures::bad_host(host, error)),
        }
    }

    /// Opens the endpoint of a service at its usual `host` or at the root that replaces it, or returns the open one. Prints
    /// `warning` when it opens at the usual host.
    ///
    /// # Errors
    /// When no certificate authority can be loaded.
    pub(crate) fn endpoint(
        &self,
        service: &'static str,
        host: &str,
        api: &Api,
        warning: Option<&str>,
    ) -> Result<Rc<Endpoint>, Failure> {
        let (interface, root) = (api.interface, self.root(host, api)?);
        let origin = root.origin();
        let mut endpoints = self.endpoints.borrow_mut();
        let is_it = |open: &&Rc<Endpoint>| {
            (open.service, open.interface) == (service, interface) && open.origin == origin
        };
        if let Some(open) = endpoints.iter().find(is_it) {
            return Ok(Rc::clone(open));
        }
        let named = self.named_root(api);
        if let Some(warning) = warning.filter(|_| named.is_none()) {
            self.terminal.warn(warning);
        }
        let client = Client::new(root, self.limits).map_err(|error| failures::no_roots(&error))?;
        let endpoint = Rc::new(Endpoint {
            service,
            interface,
            origin,
            authority: named.as_ref().map(Root::authority),
            client,
            terminal: Rc::clone(&self.terminal),
        });
        endpoints.push(Rc::clone(&endpoint));
        Ok(endpoint)
    }

    /// Starts a change of the configuration file, once no other process changes it.
    ///
    /// # Errors
    /// When another process takes too long, or the file is invalid.
    pub(crate) async fn edit_configuration(&self) -> Result<ConfigurationEdit, Failure> {
        let file = self.config_file.clone();
        let edit = blocking::run_on_thread(move || file.draft()).await;
        edit.unwrap_or_else(|| {
            Err(Failure::new(
                Reason::Io,
                "the configuration could not be changed",
                "close a few programs, then run it again",
            ))
        })
    }
}
