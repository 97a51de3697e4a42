//! The spacing of requests that the games' limits demand, shared by all processes of this user: logins, public data, and
//! codes of Supercell ID.

mod logins;
pub(crate) mod pins;

use std::time::Duration;

use super::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::context::Context;
use crate::failures::login::too_soon;
use crate::games::Game;
use crate::protocol;
use crate::state::{self, StateDirectory};
use crate::terminal::event::EventKind;
use logins::{DEFAULT_RETRY, Logins, Reservation};
use pins::PinThrottle;

/// The state file of logins. It holds services and times, no name and no secret.
const LOGINS: &str = "logins.json";
/// The state file of requests for public data.
const PUBLIC_DATA: &str = "looks.json";
/// The state file of requests for codes of Supercell ID. It holds addresses and times, no PIN.
const PIN_REQUESTS: &str = "scid-requests.json";

/// A wait that is not reported.
const SHORT_PAUSE: Duration = Duration::from_millis(100);

/// Waits until a login may be sent to `origin`, and reserves that time. A server that has asked to wait is waited for
/// when that is within `limit`. A state directory that cannot be written is ignored.
///
/// # Errors
/// [`Reason::TryLater`] while the server has asked to wait longer than `limit`.
pub(crate) async fn wait_for_login(
    context: &Context,
    target: &LoginTarget,
    limit: Option<Duration>,
) -> Result<(), Failure> {
    let (game, origin, subject) = (
        target.game_id.game(),
        target.origin(context)?,
        target.subject(),
    );
    let wait = async |pause: Duration, why: &str| {
        context.terminal.event(&subject.event(EventKind::Waiting {
            reason: Reason::TryLater.name(),
            retry_in: pause.as_secs_f64(),
            why: why.to_owned(),
            then: "going on",
        }));
        clock::sleep(pause).await;
    };
    loop {
        match reserve_login(&context.state, game, &origin, clock::since_epoch()) {
            Reservation::After(Duration::ZERO) => return Ok(()),
            // Too short to be read.
            Reservation::After(pause) if pause < SHORT_PAUSE => {
                clock::sleep(pause).await;
                return Ok(());
            }
            Reservation::After(pause) => {
                wait(pause, "another login was a moment ago").await;
                return Ok(());
            }
            Reservation::TooSoon { left } if limit.is_some_and(|limit| left <= limit) => {
                wait(left, "the server has asked to wait").await;
            }
            Reservation::TooSoon { left } => return Err(too_soon(game.name, left)),
        }
    }
}

/// Refuses a login early when [`wait_for_login`] would refuse it: before anything is asked.
///
/// # Errors
/// [`Reason::TryLater`].
pub(crate) fn check_login(
    context: &Context,
    target: &LoginTarget,
    limit: Option<Duration>,
) -> Result<(), Failure> {
    let (game, origin) = (target.game_id.game(), target.origin(context)?);
    let mut logins: Logins = context.state.read_json(LOGINS);
    match logins.reserve(
        &service(game, &origin),
        game.login_interval,
        clock::since_epoch(),
    ) {
        Reservation::TooSoon { left } if limit.is_none_or(|limit| left > limit) => {
            Err(too_soon(game.name, left))
        }
        _ => Ok(()),
    }
}

/// Waits until public data may be requested: `spacing` after any other request of this user.
///
/// # Errors
/// As [`LoginTarget::origin`].
pub(crate) async fn wait_for_public_data(
    context: &Context,
    target: &LoginTarget,
    spacing: Duration,
) -> Result<(), Failure> {
    let service = service(target.game_id.game(), &target.origin(context)?);
    let now = clock::since_epoch();
    let (Reservation::After(wait) | Reservation::TooSoon { left: wait }) =
        reserve(&context.state, PUBLIC_DATA, &service, spacing, now);
    clock::sleep(wait).await;
    Ok(())
}

/// Returns how long every login of a game has to wait after one that ended with `error`: as long as the server asked
/// for, or a minute when the status was 429.
pub(crate) fn asked_to_wait(error: &protocol::Error, is_429: bool) -> Option<Duration> {
    match error {
        protocol::Error::TryLater { retry_after, .. } => {
            retry_after.or(is_429.then_some(DEFAULT_RETRY))
        }
        _ => None,
    }
}

/// Records that the server asked for no login within `retry_after`.
pub(crate) fn postpone_logins(context: &Context, target: &LoginTarget, retry_after: Duration) {
    let (game, now) = (target.game_id.game(), clock::since_epoch());
    if let Ok(origin) = target.origin(context) {
        postpone(&context.state, game, &origin, retry_after, now);
    }
}

/// Returns the recent requests for codes of Supercell ID.
pub(crate) fn pin_requests(state: &StateDirectory) -> PinThrottle {
    state.read_json(PIN_REQUESTS)
}

/// Changes the recent requests for codes of Supercell ID.
///
/// # Errors
/// When the state directory cannot be written: without it, nothing limits the requests.
pub(crate) fn change_pin_requests(
    state: &StateDirectory,
    change: impl Fn(&mut PinThrottle),
) -> Result<(), state::Error> {
    state.update_json(PIN_REQUESTS, change)
}

fn reserve_login(state: &StateDirectory, game: &Game, origin: &str, now: Duration) -> Reservation {
    let service = service(game, origin);
    if game.login_interval.is_zero() {
        // There is nothing that another process would have to know, so nothing is written.
        let mut logins: Logins = state.read_json(LOGINS);
        return logins.reserve(&service, game.login_interval, now);
    }
    reserve(state, LOGINS, &service, game.login_interval, now)
}

fn reserve(
    state: &StateDirectory,
    file: &'static str,
    service: &str,
    spacing: Duration,
    now: Duration,
) -> Reservation {
    state.update_json_best_effort(file, |logins: &mut Logins| {
        logins.reserve(service, spacing, now)
    })
}

fn postpone(
    state: &StateDirectory,
    game: &Game,
    origin: &str,
    retry_after: Duration,
    now: Duration,
) {
    // When it cannot be written, the server refuses the next login as well.
    let _ = state.update_json(LOGINS, |logins: &mut Logins| {
        logins.postpone(&service(game, origin), retry_after, now);
    });
}

/// Returns whole seconds, rounded up, so that a wait never ends too early.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs()
        .saturating_add(u64::from(time.subsec_nanos() > 0))
}

fn service(game: &Game, origin: &str) -> String {
    format!("{} {origin}", game.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::tlopo::GAME as TLOPO;
    use crate::games::ttr::GAME as TTR;

    const ORIGIN: &str = "https://api.example.com";

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(1_700_000_000 + seconds)
    }

    #[test]
    fn processes_take_turns() {
        let folder = tempfile::tempdir().expect("a folder");
        let wait = |game| {
            // Each process opens the directory for itself.
            reserve_login(&StateDirectory::at(folder.path()), game, ORIGIN, at(0))
        };
        assert_eq!(wait(&TLOPO), Reservation::After(Duration::ZERO));
        assert_eq!(wait(&TLOPO), Reservation::After(TLOPO.login_interval));
        assert_eq!(
            [(); 2].map(|()| wait(&TTR)),
            [const { Reservation::After(Duration::ZERO) }; 2]
        );
    }

    #[test]
    fn a_server_that_asked_to_wait_is_left_alone_by_every_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = StateDirectory::at(folder.path());
        postpone(&state, &TLOPO, ORIGIN, DEFAULT_RETRY, at(0));
        let left = Duration::from_secs(42);
        assert_eq!(
            reserve_login(&state, &TLOPO, ORIGIN, at(18)),
            Reservation::TooSoon { left }
        );
        assert_eq!(
            too_soon(TLOPO.name, left).message,
            "The Legend of Pirates Online asked to wait; 42 s are left"
        );
        assert_eq!(
            reserve_login(&state, &TLOPO, ORIGIN, at(60)),
            Reservation::After(Duration::ZERO)
        );
    }

    #[test]
    fn a_state_that_cannot_be_written_is_no_obstacle() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("a file");
        let state = StateDirectory::at(file.join("playcookie"));
        postpone(&state, &TLOPO, ORIGIN, DEFAULT_RETRY, at(0));
        for _ in 0..2 {
            let turn = reserve_login(&state, &TLOPO, ORIGIN, at(0));
            assert_eq!(turn, Reservation::After(Duration::ZERO));
        }
    }

    #[test]
    fn what_is_known_counts_where_nothing_can_be_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = StateDirectory::at(folder.path());
        postpone(&state, &TLOPO, ORIGIN, DEFAULT_RETRY, at(0));
        // A folder stands where the lock should be, even for root.
        let lock = folder.path().join("logins.json.lock");
        std::fs::remove_file(&lock).expect("a lock");
        std::fs::create_dir(&lock).expect("a folder");
        let turn = reserve_login(&state, &TLOPO, ORIGIN, at(1));
        assert!(matches!(turn, Reservation::TooSoon { .. }), "{turn:?}");
    }
}
