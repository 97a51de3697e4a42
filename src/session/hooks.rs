//! The player's own commands around a game: `pre-launch` and `post-exit` of the configuration.

use tokio::task::JoinHandle;

use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::context::Context;
use crate::launch::command::{LaunchCommand, Output};
use crate::launch::hook;
use crate::terminal::{Stream, Terminal};

/// A command after the end of a game.
pub(crate) struct After(JoinHandle<Result<(), String>>);

impl After {
    /// Waits until it ends; a failure is mentioned. Dropped early, the command is ended.
    pub(crate) async fn wait(&mut self, terminal: &Terminal) {
        let ended = (&mut self.0).await;
        if let Ok(Err(why)) = ended {
            terminal.warn(&format!("the command of post-exit {why}"));
        }
    }
}

impl Drop for After {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What is run around one game.
#[derive(Debug, Default)]
pub(crate) struct Hooks {
    pre_launch: Option<String>,
    post_exit: Option<String>,
    variables: Vec<(&'static str, String)>,
    forget: &'static [&'static str],
    input: bool,
    output: Option<Output>,
}

impl Hooks {
    /// Those that are set for an account or its game.
    pub(crate) fn of(context: &Context, target: &LoginTarget, start: &LaunchCommand) -> Self {
        let set = |hook: &Option<String>| hook.clone().filter(|command| !command.trim().is_empty());
        let game = target.game_id.game();
        let account = target.account.as_ref().map(|account| account.name.clone());
        let json = context.terminal.json() == Some(Stream::Output);
        Self {
            pre_launch: set(&target.options.pre_launch),
            post_exit: set(&target.options.post_exit),
            variables: vec![
                ("PLAYCOOKIE_GAME", game.id.to_owned()),
                ("PLAYCOOKIE_ACCOUNT", account.unwrap_or_default()),
            ],
            forget: game.variables,
            input: start.input,
            output: json.then_some(Output::Error),
        }
    }

    /// For games that are played together, no hook reads what is typed.
    pub(crate) fn close_input(&mut self) {
        self.input = false;
    }

    /// Before the start, which does not happen when this fails.
    ///
    /// # Errors
    /// [`Reason::GameStart`].
    pub(crate) async fn before(&self, terminal: &Terminal) -> Result<(), Failure> {
        let Some(command) = &self.pre_launch else {
            return Ok(());
        };
        terminal.detail(1, || "running pre-launch".to_owned());
        self.run(command, &self.variables).await.map_err(|why| {
            Failure::new(
                Reason::GameStart,
                format!("the game is not started, because the command of pre-launch {why}"),
                "run it in a shell to see why, or change it with `playcookie config edit`",
            )
        })
    }

    /// After the end, which had this status. It runs by itself; what is given waits for its end and tells of a failure.
    pub(crate) fn after(&self, status: i32) -> Option<After> {
        let command = self.post_exit.clone()?;
        let mut variables = self.variables.clone();
        variables.push(("PLAYCOOKIE_STATUS", status.to_string()));
        let (forget, input) = (self.forget, self.input);
        let output = self.output.clone().unwrap_or(Output::Inherited);
        Some(After(tokio::spawn(async move {
            hook::run(&command, &variables, forget, input, &output).await
        })))
    }

    /// A game that nobody waits for has no end to be told of.
    pub(crate) fn warn_if_detached(&self, terminal: &Terminal) {
        if self.post_exit.is_some() {
            terminal.warn("post-exit is not run after a game that was started with --detach");
        }
    }

    async fn run(&self, command: &str, variables: &[(&str, String)]) -> Result<(), String> {
        let output = self.output.as_ref().unwrap_or(&Output::Inherited);
        hook::run(command, variables, self.forget, self.input, output).await
    }
}
