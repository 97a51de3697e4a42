//! The player's own commands around a game: `pre-launch` and `post-exit` of the configuration.

use tokio::task::JoinHandle;

use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::context::Context;
use crate::launch::command::{LaunchCommand, Output};
use crate::launch::hook;
use crate::terminal::{Stream, Terminal};

/// A running `post-exit` command; killed on drop.
pub(super) struct PostExit(JoinHandle<Result<(), String>>);

impl PostExit {
    /// Waits until it ends, and prints a failure.
    pub(super) async fn wait(&mut self, terminal: &Terminal) {
        let ended = (&mut self.0).await;
        if let Ok(Err(why)) = ended {
            terminal.warn(&format!("the command of post-exit {why}"));
        }
    }
}

impl Drop for PostExit {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The commands around one game.
#[derive(Debug, Default)]
pub(crate) struct Hooks {
    pre_launch: Option<String>,
    post_exit: Option<String>,
    variables: Vec<(&'static str, String)>,
    /// The names of variables that the hooks do not inherit.
    removed_variables: &'static [&'static str],
    input: bool,
    output: Option<Output>,
}

impl Hooks {
    /// Returns the hooks of a target's account and game.
    pub(super) fn new(context: &Context, target: &LoginTarget, command: &LaunchCommand) -> Self {
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
            removed_variables: game.variables,
            input: command.input,
            output: json.then_some(Output::Error),
        }
    }

    /// Closes standard input, for one of several games.
    pub(super) fn close_input(&mut self) {
        self.input = false;
    }

    /// Runs `pre-launch`.
    ///
    /// # Errors
    /// [`Reason::GameStart`] when it fails; then the game is not started.
    pub(super) async fn run_pre_launch(&self, context: &Context) -> Result<(), Failure> {
        let Some(command) = &self.pre_launch else {
            return Ok(());
        };
        context
            .terminal
            .detail(1, || "running pre-launch".to_owned());
        let output = self.output.as_ref().unwrap_or(&Output::Inherited);
        let removed = self.removed_variables;
        let run = hook::run(command, &self.variables, removed, self.input, output);
        run.await.map_err(|why| {
            Failure::new(
                Reason::GameStart,
                format!("the game is not started, because the command of pre-launch {why}"),
                format!(
                    "run it in a shell to see why, or change it with {}",
                    context.config_file.command("config edit")
                ),
            )
        })
    }

    /// Starts `post-exit` after a game that ended with this status.
    pub(super) fn start_post_exit(&self, status: i32) -> Option<PostExit> {
        let command = self.post_exit.clone()?;
        let mut variables = self.variables.clone();
        variables.push(("PLAYCOOKIE_STATUS", status.to_string()));
        let (removed, input) = (self.removed_variables, self.input);
        let output = self.output.clone().unwrap_or(Output::Inherited);
        Some(PostExit(tokio::spawn(async move {
            hook::run(&command, &variables, removed, input, &output).await
        })))
    }

    /// Warns that nobody waits for the end of a detached game.
    pub(super) fn warn_if_detached(&self, terminal: &Terminal) {
        if self.post_exit.is_some() {
            terminal.warn("post-exit is not run after a game that was started with --detach");
        }
    }
}
