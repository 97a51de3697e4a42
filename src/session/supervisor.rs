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
use crate::terminal::event::EventKind;
use crate::update::game::GameFiles;

/// All accounts of a run.
pub(super) struct Supervisor<'a> {
    context: &'a Context,
    plan: Planner<'a>,
    /// Whether there is one account, whose failure the caller prints.
    is_single: bool,
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
            is_single: targets.len() == 1,
            waiting: Vec::new(),
            running: GameProcesses::default(),
            post_exits: Vec::new(),
            statuses: vec![None; targets.len()],
        }
    }

    /// Finds out everything that can be known before anything is sent. Returns whether all accounts are ready.
    ///
    /// # Errors
    /// The failure of a single account.
    pub(super) async fn prepare(
        &mut self,
        targets: Vec<LoginTarget>,
        options: &LoginOptions,
    ) -> Result<bool, RunError> {
        for (index, target) in targets.into_iter().enumerate() {
            let subject = target.subject();
            match self.prepare_one(index, target, options).await {
                Ok(ready) => self.waiting.push(ready),
                Err(failure) => self.fail(index, RunError::about(&subject)(failure))?,
            }
        }
        Ok(self.statuses.iter().all(Option::is_none))
    }

    async fn prepare_one(
        &self,
        index: usize,
        target: LoginTarget,
        options: &LoginOptions,
    ) -> Result<(AccountRun, LoginPlan), Failure> {
        let launch = (self.plan)(&target)?;
        let launch = if self.is_single {
            launch
        } else {
            launch.beside_others()
        };
        let login = LoginPlan::new(self.context, target.clone(), options).await?;
        let run = AccountRun {
            index,
            target,
            launch,
            lock: None,
        };
        Ok((run, login))
    }

    /// Updates the games, each directory once. Returns whether all accounts can be played.
    ///
    /// # Errors
    /// The failure of a single account, and [`RunError::Interrupted`].
    pub(super) async fn update(&mut self, signals: &mut Signals) -> Result<bool, RunError> {
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut done: Vec<String> = Vec::new();
        for at in 0..waiting.len() {
            let Some((run, login)) = waiting.get_mut(at) else {
                continue;
            };
            let key = run.launch.files.as_ref().and_then(GameFiles::update_key);
            let Some(key) = key.filter(|key| !done.contains(key)) else {
                continue;
            };
            let updated = update_one(self.context, run, login, self.is_single, signals).await;
            match updated {
                Ok(()) => {}
                Err(RunError::Failed { failure, .. }) => {
                    // Every account that plays from this directory fails.
                    for (run, _) in &waiting {
                        let files = run.launch.files.as_ref();
                        if files.and_then(GameFiles::update_key).as_ref() == Some(&key) {
                            let subject = run.target.subject();
                            self.fail(run.index, RunError::about(&subject)(failure.clone()))?;
                        }
                    }
                }
                Err(interrupted) => return Err(interrupted),
            }
            done.push(key);
        }
        for (run, login) in &mut waiting {
            if login.update.is_none()
                && self.statuses.get(run.index).is_none_or(Option::is_none)
                && let Err(failure) = run.plan_again(self.plan)
            {
                let subject = run.target.subject();
                self.fail(run.index, RunError::about(&subject)(failure))?;
            }
        }
        self.waiting = waiting;
        Ok(self.statuses.iter().all(Option::is_none))
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
                self.fail(index, RunError::about(&subject)(failure))?;
                continue;
            }
            let start = run.start(self.context, login, self.plan, signals);
            match self.while_running(Box::pin(start)).await {
                Ok(Some((run, running))) => self.running.push(run, running),
                Ok(None) => self.set_status(index, 0),
                Err(RunError::Interrupted(signal)) => return self.stop(signal, signals).await,
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

    /// Waits for `work`, and handles the end of games meanwhile.
    async fn while_running<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                outcome = &mut work => return outcome,
                (run, status) = self.running.next_exit() => {
                    // A failure is of several accounts here, and was printed.
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

    /// A game ended.
    fn end(&mut self, run: AccountRun, status: Result<i32, Failure>) -> Result<(), RunError> {
        let subject = run.target.subject();
        let status = match status {
            Ok(status) => status,
            Err(failure) => return self.fail(run.index, RunError::about(&subject)(failure)),
        };
        let terminal = &self.context.terminal;
        if status == 0 && !self.is_single {
            terminal.say(format_args!("{}: ended", subject.label()));
        }
        run.emit(self.context, EventKind::Exited { status });
        self.set_status(run.index, status);
        let post_exit = run.launch.hooks.start_post_exit(status);
        // The lock is released here: post-exit may update the game.
        drop(run);
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
        if self.is_single {
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
