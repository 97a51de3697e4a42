//! One account on its way from a prepared login to a running game.

use std::time::Duration;

use super::launch_plan::LaunchPlan;
use super::played::PlayedTime;
use super::running_games::RunningGame;
use crate::auth::log_in::log_in;
use crate::auth::login_plan::LoginPlan;
use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::signals::Signals;
use crate::context::Context;
use crate::launch::command::RunnerLimit;
use crate::launch::game_process::GameProcess;
use crate::launch::notification;
use crate::launch::runner::proton;
use crate::protocol::driver::LoginOutcome;
use crate::protocol::{Fields, Ticket};
use crate::run_error::RunError;
use crate::terminal::Terminal;
use crate::terminal::event::{EventKind, Subject};
use crate::update::update_lock::UpdateLock;

/// How old a login may be when the game starts: a play cookie is valid for a minute or two (`details.md`).
const LOGIN_LIFETIME: Duration = Duration::from_secs(30);

/// One account of a run, from its plan to the exit status of its game.
pub(super) struct AccountRun {
    /// The place in the order typed.
    pub(super) index: usize,
    pub(super) target: LoginTarget,
    pub(super) launch: LaunchPlan,
    pub(super) is_pre_launch_done: bool,
    /// Held until the game ends, against updates of its files.
    pub(super) lock: Option<UpdateLock>,
    /// When the game started.
    pub(super) began: Option<Duration>,
    /// The entry among the running games.
    pub(super) game: Option<RunningGame>,
}

/// A function that plans the launch of a target.
pub(super) type Planner<'a> = &'a dyn Fn(&LoginTarget) -> Result<LaunchPlan, Failure>;

impl AccountRun {
    /// Logs in and starts the program. Returns it with the running program; nothing when that is detached, or the login
    /// ended with an update.
    ///
    /// # Errors
    /// When `pre-launch`, the login, an update after it or the start fails, and on a signal.
    pub(super) async fn start(
        mut self,
        context: &Context,
        login: LoginPlan,
        plan: Planner<'_>,
        signals: &mut Signals,
    ) -> Result<Option<(Self, GameProcess)>, RunError> {
        self.run_pre_launch(context, signals).await?;
        // An update in the middle of the login needs the files for itself.
        if login.update.is_none() {
            self.lock(context, signals).await?;
        }
        let notify = login.notify;
        log_in(
            context,
            login,
            signals,
            async move |target, outcome, signals| {
                self.target = target;
                let LoginOutcome::Ticket(ticket) = outcome else {
                    return Ok(None);
                };
                let subject = self.target.subject();
                let started = self.start_with(context, &ticket, plan, signals).await;
                let started = started.map_err(|error| error.with_subject(&subject))?;
                if notify {
                    self.notify_started(&context.terminal).await;
                }
                Ok(started.map(|running| (self, running)))
            },
        )
        .await
    }

    /// Tells the desktop that the game has started, or rings the bell.
    async fn notify_started(&self, terminal: &Terminal) {
        let title = format!("{}: the game has started", self.target.subject().label());
        let game = self.target.game_id.game().name;
        let is_shown = if self.launch.command.detached {
            // The program ends next.
            notification::show(&title, game).await
        } else {
            notification::show_meanwhile(&title, game)
        };
        if !is_shown {
            terminal.ring();
        }
    }

    /// Runs `pre-launch`, once: before anything is sent, because a play cookie does not outlive a slow command.
    pub(super) async fn run_pre_launch(
        &mut self,
        context: &Context,
        signals: &mut Signals,
    ) -> Result<(), RunError> {
        if std::mem::replace(&mut self.is_pre_launch_done, true) {
            return Ok(());
        }
        let subject = self.target.subject();
        let pre_launch = self.launch.hooks.run_pre_launch(context);
        let done = signals.or(pre_launch).await;
        done.map_err(|error| error.with_subject(&subject))
    }

    /// Starts the program with the variables of a login.
    async fn start_with(
        &mut self,
        context: &Context,
        ticket: &Ticket,
        plan: Planner<'_>,
        signals: &mut Signals,
    ) -> Result<Option<GameProcess>, RunError> {
        if self.lock.is_none() {
            self.lock(context, signals).await?;
        }
        self.update_again(context, ticket, signals).await?;
        // An update in the middle of the login may have installed the game.
        self.plan_again(plan)?;
        // Another game may have been started in the prefix since.
        proton::choose_verb(&mut self.launch.command);
        let LaunchPlan { command, hooks, .. } = &self.launch;
        let variables = &ticket.variables;
        let message = ticket.message.quote(context.terminal.redactor());
        self.emit(context, EventKind::ready(variables, message, false));
        if command.detached {
            hooks.warn_if_detached(&context.terminal);
            self.start_detached(context, variables).await?;
            return Ok(None);
        }
        let running = command.spawn(variables)?;
        self.record_start(context, running.pid);
        self.emit_started(context, running.pid);
        Ok(Some(running))
    }

    /// Plans the launch again, when the game was missing before.
    pub(super) fn plan_again(&mut self, plan: Planner<'_>) -> Result<(), Failure> {
        let files = self.launch.files.as_mut();
        let Some(missing) = files.and_then(|files| files.missing.take()) else {
            return Ok(());
        };
        self.launch = plan(&self.target)?;
        match &self.launch.files {
            Some(files) if files.missing.is_some() => Err(missing),
            _ => Ok(()),
        }
    }

    /// Updates the files by the list that the login named, when it is another one than was used.
    async fn update_again(
        &mut self,
        context: &Context,
        ticket: &Ticket,
        signals: &mut Signals,
    ) -> Result<(), RunError> {
        let Some(files) = &self.launch.files else {
            return Ok(());
        };
        let named = ticket.manifest.as_deref();
        let Some(list) = files.other_list(context, &self.target, named)? else {
            return Ok(());
        };
        context.terminal.detail(1, || {
            format!("the login names another list of files: {list}")
        });
        // The update cannot lock the files otherwise.
        self.lock = None;
        let began = clock::monotonic();
        files
            .update(context, &self.target, Some(&list), signals)
            .await?;
        self.lock(context, signals).await?;
        let age = clock::monotonic().saturating_sub(began);
        Ok(check_age(age, &self.target.subject())?)
    }

    /// Locks the files, once no update runs.
    async fn lock(&mut self, context: &Context, signals: &mut Signals) -> Result<(), RunError> {
        if let Some(files) = &self.launch.files {
            let subject = self.target.subject();
            self.lock = signals.or(files.lock(context, &subject)).await?;
        }
        Ok(())
    }

    /// Starts the program in a session of its own.
    async fn start_detached(
        &mut self,
        context: &Context,
        variables: &Fields,
    ) -> Result<(), Failure> {
        let command = &self.launch.command;
        // The program outlives this one, which drops the lock next.
        if let Some(lock) = &self.lock {
            lock.make_inheritable();
        }
        let (pid, ended) = command.spawn_detached(variables).await?;
        if matches!(ended, None | Some(0))
            && self.launch.files.is_some()
            && let Some(account) = &self.target.account
        {
            PlayedTime::add(context, account, 0);
        }
        if ended.is_none() {
            self.record_start(context, pid);
        }
        self.emit_started(context, pid);
        let command = &self.launch.command;
        match ended {
            None => {
                let prefix = self.target.subject().prefix();
                context
                    .terminal
                    .say(format_args!("{prefix}: runs on as process {pid}"));
                Ok(())
            }
            Some(0) => {
                self.emit_exited(context, 0);
                Ok(())
            }
            Some(status) => Err(Failure::new(
                Reason::GameStart,
                format!(
                    "{} ended with status {status} as soon as it was started",
                    command.program.display()
                ),
                "run it without --detach, or with --log FILE, to see what it says",
            )),
        }
    }

    /// Records that the game runs; a command of `exec` is no game.
    fn record_start(&mut self, context: &Context, pid: u32) {
        if self.launch.files.is_some() {
            self.began = Some(clock::monotonic());
            self.game = RunningGame::add(context, &self.target, &self.launch.command, pid);
        }
    }

    /// Records that the game has ended.
    pub(super) fn record_end(&mut self, context: &Context) {
        if let Some(game) = self.game.take() {
            game.remove(&context.state);
        }
        if let (Some(began), Some(account)) = (self.began.take(), &self.target.account) {
            let time = clock::monotonic().saturating_sub(began);
            PlayedTime::add(context, account, time.as_secs());
        }
    }

    fn emit_started(&self, context: &Context, pid: u32) {
        let command = self.launch.command.words();
        self.emit(context, EventKind::Started { pid, command });
        let limits = &self.launch.command.limits;
        if limits.contains(&RunnerLimit::SurvivesInterrupt) && !self.launch.command.detached {
            context.terminal.say(format_args!(
                "Ctrl-C does not end a game that Bottles runs; quit it in its own window"
            ));
        }
    }

    /// Prints that the program ended with this status.
    pub(super) fn emit_exited(&self, context: &Context, status: i32) {
        let limits = &self.launch.command.limits;
        let status_known = !limits.contains(&RunnerLimit::UnknownStatus);
        if !status_known {
            context.terminal.detail(1, || {
                "the game's exit status is not known: its runner always ends with 0".to_owned()
            });
        }
        self.emit(
            context,
            EventKind::Exited {
                status,
                status_known,
            },
        );
    }

    /// Prints an event about this account.
    pub(super) fn emit(&self, context: &Context, event: EventKind) {
        context.terminal.event(&self.target.subject().event(event));
    }
}

/// Refuses to start a game with a login that is older than it is valid.
fn check_age(age: Duration, subject: &Subject) -> Result<(), Failure> {
    if age <= LOGIN_LIFETIME {
        return Ok(());
    }
    Err(Failure::new(
        Reason::TryLater,
        format!(
            "the files were updated after the login of {}, which took so long that the login has expired",
            subject.label()
        ),
        "run it again: the files are up to date now",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_of_half_a_minute_is_used_and_an_older_one_is_to_be_made_again() {
        let age = |milliseconds| {
            let age = Duration::from_millis(milliseconds);
            check_age(age, &Subject::default())
        };
        assert_eq!((age(0), age(30_000)), (Ok(()), Ok(())));
        let failure = age(30_001).expect_err("a failure");
        assert_eq!(failure.reason, Reason::TryLater);
        assert!(failure.hint.contains("run it again"), "{failure:?}");
    }
}
