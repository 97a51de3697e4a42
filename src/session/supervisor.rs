//! The accounts of one run, from their plans to their exit statuses.

use super::account_run::{AccountRun, Planner};
use super::hooks::PostExit;
use crate::auth::login_options::LoginOptions;
use crate::auth::login_plan::LoginPlan;
use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::signals::{Signal, Signals};
use crate::context::Context;
use crate::launch::game_processes::GameProcesses;
use crate::run_error::RunError;
use crate::update::game::GameFiles;

/// All accounts of a run.
pub(super) struct Supervisor<'a> {
    context: &'a Context,
    plan: Planner<'a>,
    /// The accounts that have not logged in yet.
    waiting: Vec<(AccountRun, LoginPlan)>,
    running: GameProcesses<AccountRun>,
    post_exits: Vec<PostExit>,
    /// The status of each account that ended, in the order typed.
    statuses: Vec<Option<i32>>,
}

impl<'a> Supervisor<'a> {
    /// Returns a supervisor of accounts that are not prepared yet.
    pub(super) fn new(context: &'a Context, plan: Planner<'a>, targets: &[LoginTarget]) -> Self {
        Self {
            context,
            plan,
            waiting: Vec::new(),
            running: GameProcesses::default(),
            post_exits: Vec::new(),
            statuses: vec![None; targets.len()],
        }
    }

    /// Returns whether there is one account, whose failure the caller prints.
    const fn is_single(&self) -> bool {
        self.statuses.len() == 1
    }

    /// Returns whether an account failed, when no game was started yet.
    pub(super) fn has_failed(&self) -> bool {
        self.statuses.iter().any(Option::is_some)
    }

    /// Finds out everything that can be known before anything is sent.
    ///
    /// # Errors
    /// The failure of a single account.
    pub(super) async fn prepare(
        &mut self,
        targets: Vec<LoginTarget>,
        options: &LoginOptions,
    ) -> Result<(), RunError> {
        for (index, target) in targets.into_iter().enumerate() {
            let subject = target.subject();
            match self.prepare_one(index, target, options).await {
                Ok(ready) => self.waiting.push(ready),
                Err(failure) => self.fail(index, RunError::failed(&subject, failure))?,
            }
        }
        Ok(())
    }

    async fn prepare_one(
        &self,
        index: usize,
        target: LoginTarget,
        options: &LoginOptions,
    ) -> Result<(AccountRun, LoginPlan), Failure> {
        let launch = (self.plan)(&target)?;
        let login = LoginPlan::new(self.context, target.clone(), options).await?;
        let run = AccountRun {
            index,
            target,
            launch,
            is_pre_launch_done: false,
            lock: None,
            began: None,
            game: None,
        };
        Ok((run, login))
    }

    /// Updates the games, each directory once, and plans again what was missing before. When an update fails, every account
    /// that plays from its directory fails.
    ///
    /// # Errors
    /// The failure of a single account, and [`RunError::Interrupted`].
    pub(super) async fn update(&mut self, signals: &mut Signals) -> Result<(), RunError> {
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut updated: Vec<(String, Result<(), Failure>)> = Vec::new();
        for (run, login) in &mut waiting {
            let files = run.launch.files.as_ref();
            let Some(directory) = files.and_then(GameFiles::update_key) else {
                continue;
            };
            if let Err(error) = run.run_pre_launch(self.context, signals).await {
                self.fail(run.index, error)?;
                continue;
            }
            let known = updated.iter().find(|(known, _)| *known == directory);
            let mut outcome = if let Some((_, outcome)) = known {
                outcome.clone()
            } else {
                let is_single = self.is_single();
                let outcome = update_one(self.context, run, login, is_single, signals).await;
                let outcome = match outcome {
                    Err(RunError::Failed { failure, .. }) => Err(failure),
                    other => Ok(other?),
                };
                updated.push((directory, outcome.clone()));
                outcome
            };
            if outcome.is_ok() && login.update.is_none() {
                outcome = run.plan_again(self.plan);
            }
            if let Err(failure) = outcome {
                self.fail(run.index, RunError::failed(&run.target.subject(), failure))?;
            }
        }
        self.waiting = waiting;
        Ok(())
    }

    /// Logs in one account after the other and starts their games, until one is told to try later.
    ///
    /// # Errors
    /// The failure of a single account. A signal stops the logins; it is returned once the games that run have ended.
    pub(super) async fn log_in_all(&mut self, signals: &mut Signals) -> Result<(), RunError> {
        let mut is_stopped = false;
        for (run, login) in std::mem::take(&mut self.waiting) {
            let (index, subject) = (run.index, run.target.subject());
            if is_stopped {
                let failure = not_tried(&subject.label());
                self.fail(index, RunError::failed(&subject, failure))?;
                continue;
            }
            let start = run.start(self.context, login, self.plan, signals);
            match self.while_running(Box::pin(start)).await {
                Ok(Some((run, running))) => self.running.push(run, running),
                Ok(None) => self.set_status(index, 0),
                Err(RunError::Interrupted(signal)) => return self.stop(signal, signals).await,
                Err(RunError::OutputClosed) => {
                    self.wait(signals).await?;
                    return Err(RunError::OutputClosed);
                }
                Err(error) => {
                    is_stopped = error.reason() == Some(Reason::TryLater);
                    self.fail(index, error)?;
                }
            }
        }
        Ok(())
    }

    /// Ends after a signal that stopped the logins.
    async fn stop(&mut self, signal: Signal, signals: &mut Signals) -> Result<(), RunError> {
        // Ctrl-C stops the logins only; other signals are meant for the games as well.
        if signal != Signal::Interrupt {
            self.running.forward(signal);
        }
        self.wait(signals).await?;
        Err(RunError::Interrupted(signal))
    }

    /// Waits for `future`, and handles the end of games meanwhile.
    async fn while_running<T>(&mut self, future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        loop {
            tokio::select! {
                outcome = &mut future => return outcome,
                (run, status) = self.running.next_exit() => {
                    // Never an error: games run meanwhile only with several accounts, whose failures are printed.
                    let _ = self.end(run, status);
                }
            }
        }
    }

    /// Waits until all games and the commands after them have ended. Signals are passed on to the games.
    ///
    /// # Errors
    /// The failure of a single account, and [`RunError::Interrupted`] once no game runs.
    pub(super) async fn wait(&mut self, signals: &mut Signals) -> Result<(), RunError> {
        while !self.running.is_empty() {
            tokio::select! {
                (run, status) = self.running.next_exit() => self.end(run, status)?,
                signal = signals.next() => self.running.forward(signal),
            }
        }
        let terminal = &self.context.terminal;
        for mut post_exit in std::mem::take(&mut self.post_exits) {
            let ended = async {
                post_exit.wait(terminal).await;
                Ok::<_, Failure>(())
            };
            signals.or(ended).await?;
        }
        Ok(())
    }

    /// Prints that a game ended, releases its files and starts `post-exit`.
    fn end(&mut self, mut run: AccountRun, status: Result<i32, Failure>) -> Result<(), RunError> {
        let subject = run.target.subject();
        let status = match status {
            Ok(status) => status,
            Err(failure) => return self.fail(run.index, RunError::failed(&subject, failure)),
        };
        // Released before the event and post-exit, which may lead to an update.
        run.lock = None;
        run.record_end(self.context);
        let terminal = &self.context.terminal;
        if status == 0 && !self.is_single() {
            terminal.say(format_args!("{}: ended", subject.prefix()));
        }
        run.emit_exited(self.context, status);
        self.set_status(run.index, status);
        let post_exit = run.launch.hooks.start_post_exit(status);
        self.post_exits.extend(post_exit);
        Ok(())
    }

    /// Prints the failure of one of several accounts.
    ///
    /// # Errors
    /// The failure of a single account, which the caller prints.
    pub(super) fn fail(&mut self, index: usize, error: RunError) -> Result<(), RunError> {
        let RunError::Failed {
            subject,
            mut failure,
        } = error
        else {
            return Err(error);
        };
        if self.is_single() {
            return Err(RunError::Failed { subject, failure });
        }
        // The sentence alone may not say which account it is about.
        let name = subject.label();
        if !failure.message.contains(&name) {
            failure.message = format!("{name}: {}", failure.message);
        }
        self.context.terminal.report(&subject, &failure);
        self.set_status(index, i32::from(failure.reason.status()));
        Ok(())
    }

    fn set_status(&mut self, index: usize, status: i32) {
        if let Some(known) = self.statuses.get_mut(index) {
            *known = Some(status);
        }
    }

    /// Returns the first status, in the order typed, that is not 0.
    pub(super) fn status(&self) -> i32 {
        let mut statuses = self.statuses.iter().flatten();
        statuses
            .find(|status| **status != 0)
            .copied()
            .unwrap_or_default()
    }
}

/// Updates the files of one account now, or in the middle of its login where only that names the servers.
async fn update_one(
    context: &Context,
    run: &mut AccountRun,
    login: &mut LoginPlan,
    is_single: bool,
    signals: &mut Signals,
) -> Result<(), RunError> {
    let Some(files) = &mut run.launch.files else {
        return Ok(());
    };
    login.update = files.login_update(context, &run.target)?;
    if login.update.is_none() {
        return files.update(context, &run.target, None, signals).await;
    }
    if files.missing.is_some() && !is_single {
        // The other accounts would have to wait for this login before they are planned.
        let game = run.target.game_id.game();
        let failure = Failure::new(
            Reason::GameMissing,
            format!("{} is not installed yet", game.name),
            format!("install it first: `playcookie {} update`", game.id),
        );
        return Err(failure.into());
    }
    Ok(())
}

fn not_tried(name: &str) -> Failure {
    Failure::new(
        Reason::TryLater,
        format!("{name} was not tried, because the login before was told to try later"),
        "run it again in a few minutes",
    )
}
