//! What every command is given.

use std::cell::RefCell;
use std::rc::Rc;

use crate::base::blocking;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::config::Configuration;
use crate::config::file::{ConfigFile, ConfigurationEdit};
use crate::credentials::CredentialStore;
use crate::endpoint::Endpoint;
use crate::http::{Limits, Root};
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

    /// Starts a change of the configuration file, once no other process changes it.
    ///
    /// # Errors
    /// When another process takes too long, or the file is invalid.
    pub(crate) async fn edit_configuration(&self) -> Result<ConfigurationEdit, Failure> {
        let file = self.config_file.clone();
        let edit = blocking::on_a_thread(move || file.draft()).await;
        edit.unwrap_or_else(|| {
            Err(Failure::new(
                Reason::Io,
                "the configuration could not be changed",
                "close a few programs, then run it again",
            ))
        })
    }
}
