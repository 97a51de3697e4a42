//! From what is prepared to a game that may start: the login, and the files once more when the login names another list of
//! them.

use std::time::Duration;

use crate::auth::log_in::{Entry, Outcome, log_in};
use crate::auth::login_plan::{LoginPlan, Typed, prepare};
use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::{Ending, Failure};
use crate::base::signals::{Signal, Signals};
use crate::context::{Context, RunError};
use crate::credentials::store::CredentialStore;
use crate::terminal::event::Subject;
use crate::update::game::files::{Files, Owner, too_old};
use crate::update::update_lock::UpdateLock;

/// A play cookie lives a minute or two, and the game has to come to its own login meanwhile (`details.md`).
const FRESH: Duration = Duration::from_secs(30);

/// How entering ended.
pub(crate) enum Entered {
    /// The game may start, and holds its files.
    In(Box<Entry>, Option<UpdateLock>),
    Ended(Ending),
}

/// What comes after an update that came after a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Onward {
    /// The login still holds.
    LaunchCommand,
    /// It is made once more.
    Again,
    /// It is too old, and needs somebody to be made again.
    Later,
}

impl Onward {
    /// After an update of this length.
    fn after(took: Duration, is_repeatable: bool) -> Self {
        match (took <= FRESH, is_repeatable) {
            (true, _) => Self::LaunchCommand,
            (false, true) => Self::Again,
            (false, false) => Self::Later,
        }
    }
}

/// What the files are like after a login.
enum Look {
    /// As the login says that they should be, and held.
    Ready(Option<UpdateLock>),
    /// The same, and the login has to be made again.
    Again,
    Stopped(Signal),
}

/// One who is about to enter.
#[derive(Clone, Copy)]
pub(crate) struct Visitor<'a> {
    pub(crate) context: &'a Context,
    pub(crate) credentials: &'a CredentialStore,
    pub(crate) typed: &'a Typed<'a>,
    /// The game's files; none of a rehearsal's own game.
    pub(crate) files: Option<&'a Files>,
}

impl Visitor<'_> {
    /// Logs in, and once more where the files took too long after it.
    ///
    /// # Errors
    /// As [`log_in`], and for files that could not be brought up to date.
    pub(crate) async fn enter(
        self,
        mut prepared: LoginPlan,
        signals: &mut Signals,
    ) -> Result<Entered, RunError> {
        let (mut list, mut is_second) = (None, false);
        loop {
            let target = prepared.target.clone();
            // An update in the middle of the login needs the files to itself.
            let holds_later = prepared.update.is_some();
            let mut hold = None;
            if !holds_later {
                hold = match self.hold(&target.subject(), signals).await {
                    Ok(hold) => hold,
                    Err(signal) => return Ok(stopped(signal)),
                };
            }
            let mut entry = match log_in(self.context, self.credentials, prepared, signals).await? {
                Outcome::In(entry) => entry,
                Outcome::Ended(ending) => return Ok(Entered::Ended(ending)),
            };
            if holds_later {
                hold = match self.hold(&target.subject(), signals).await {
                    Ok(hold) => hold,
                    Err(signal) => {
                        entry.revocation.revoke(&self.context.terminal).await;
                        return Ok(stopped(signal));
                    }
                };
            }
            // Nobody is logged in a third time.
            let is_repeatable = entry.is_repeatable && !is_second;
            let looked = self
                .look_again(&target, &entry, is_repeatable, &mut list, hold, signals)
                .await;
            if let Ok(Look::Ready(hold)) = looked {
                return Ok(Entered::In(entry, hold));
            }
            entry.revocation.revoke(&self.context.terminal).await;
            let trouble = |failure| RunError::new(entry.subject.clone(), failure);
            if let Look::Stopped(signal) = looked.map_err(trouble)? {
                return Ok(stopped(signal));
            }
            is_second = true;
            let again = LoginTarget {
                username: entry.subject.username.clone(),
                ..target
            };
            prepared = tokio::select! {
                biased;
                signal = signals.next() => return Ok(stopped(signal)),
                prepared = prepare(self.context, self.credentials, self.typed, again) => prepared.map_err(trouble)?,
            };
        }
    }

    /// Brings the files to what the login says, where that is something else than the `list` that was used.
    async fn look_again(
        self,
        target: &LoginTarget,
        entry: &Entry,
        is_repeatable: bool,
        list: &mut Option<String>,
        hold: Option<UpdateLock>,
        signals: &mut Signals,
    ) -> Result<Look, Failure> {
        let owner = self.owner(target);
        let named = entry.ticket.manifest.as_deref();
        let other = match self.files {
            Some(files) => files.other_list(owner, named, list.as_deref())?,
            None => None,
        };
        let (Some(files), Some(other)) = (self.files, other) else {
            return Ok(Look::Ready(hold));
        };
        let terminal = &self.context.terminal;
        terminal.detail(1, || {
            format!("the login names another list of files: {other}")
        });
        // It would stand in the way of the update.
        drop(hold);
        let began = clock::monotonic();
        if let Some(signal) = files.bring(owner, Some(&other), signals).await? {
            return Ok(Look::Stopped(signal));
        }
        *list = Some(other);
        let hold = match self.hold(&entry.subject, signals).await {
            Ok(hold) => hold,
            Err(signal) => return Ok(Look::Stopped(signal)),
        };
        let took = clock::monotonic().saturating_sub(began);
        match Onward::after(took, is_repeatable) {
            Onward::LaunchCommand => Ok(Look::Ready(hold)),
            Onward::Again => {
                let name = entry.subject.label();
                terminal.say(format_args!(
                    "{name}: logging in again, because that took its time"
                ));
                Ok(Look::Again)
            }
            Onward::Later => Err(too_old(&entry.subject)),
        }
    }

    /// Holds the files, once nobody updates them.
    async fn hold(
        self,
        subject: &Subject,
        signals: &mut Signals,
    ) -> Result<Option<UpdateLock>, Signal> {
        let Some(files) = self.files else {
            return Ok(None);
        };
        tokio::select! {
            biased;
            signal = signals.next() => Err(signal),
            hold = files.hold(self.context, subject) => Ok(hold),
        }
    }

    /// Whose files they are.
    fn owner<'b>(&'b self, target: &'b LoginTarget) -> Owner<'b> {
        Owner {
            context: self.context,
            target,
            root: self.typed.root.as_ref(),
        }
    }
}

fn stopped(signal: Signal) -> Entered {
    Entered::Ended(Ending::Stopped(signal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_holds_for_half_a_minute_and_is_then_made_again_if_nobody_is_needed() {
        let after = |milliseconds, is_repeatable| {
            Onward::after(Duration::from_millis(milliseconds), is_repeatable)
        };
        for is_repeatable in [true, false] {
            assert_eq!(after(0, is_repeatable), Onward::LaunchCommand);
            assert_eq!(after(30_000, is_repeatable), Onward::LaunchCommand);
        }
        assert_eq!(after(30_001, true), Onward::Again);
        assert_eq!(after(30_001, false), Onward::Later);
    }
}
