//! How soon the next login may be sent: remembered for every process of this user.

pub(crate) mod logins;

use std::time::Duration;

use crate::auth::throttle::logins::{LATER, Logins, Turn};
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::games::Game;
use crate::protocol;
use crate::state::StateDirectory;
use crate::terminal::Terminal;
use crate::terminal::event::{EventKind, Subject};

/// The least time between two looks at the districts of Corporate Clash, of all programs of this user: the 5 s of its page,
/// and one for a first request that was longer on its way than the second.
pub(crate) const APART: Duration = Duration::from_secs(6);

/// The state file. Services and times are in it, no name and no secret.
const FILE: &str = "logins.json";
/// The same of looks at public data.
const LOOKS: &str = "looks.json";

/// Waits until a login of `game` may be sent to `origin`, and takes that place: other processes wait longer. A server that
/// has asked to wait is waited for when that is within `wait_limits`. A state directory that cannot be written is no
/// obstacle.
///
/// # Errors
/// While the game's server has asked to wait; nothing is to be sent.
pub(crate) async fn take_turn(
    terminal: &Terminal,
    game: &Game,
    origin: &str,
    subject: &Subject,
    wait_limits: Option<Duration>,
) -> Result<(), Failure> {
    let wait = async |pause: Duration, why: &str| {
        terminal.event(&subject.event(EventKind::Waiting {
            reason: Reason::TryLater.name(),
            retry_in: pause.as_secs_f64(),
            why: why.to_owned(),
            then: "logging in",
        }));
        clock::sleep(pause).await;
    };
    loop {
        match reserve_in(&StateDirectory::user(), game, origin, clock::since_epoch()) {
            Turn::After(Duration::ZERO) => return Ok(()),
            Turn::After(pause) => {
                wait(pause, "another login was a moment ago").await;
                return Ok(());
            }
            Turn::TooSoon { left } if wait_limits.is_some_and(|limit| left <= limit) => {
                wait(left, "the server has asked to wait").await;
            }
            Turn::TooSoon { left } => return Err(too_soon(game, left)),
        }
    }
}

/// Refuses a login that the game's server has asked to wait with, unless that is within `wait_limits`: before anything is
/// asked.
///
/// # Errors
/// While the game's server has asked to wait.
pub(crate) fn check(
    game: &Game,
    origin: &str,
    wait_limits: Option<Duration>,
) -> Result<(), Failure> {
    let mut logins = known(StateDirectory::user().read(FILE).as_deref());
    match logins.reserve(&service(game, origin), game.spacing, clock::since_epoch()) {
        Turn::TooSoon { left } if wait_limits.is_none_or(|limit| left > limit) => {
            Err(too_soon(game, left))
        }
        _ => Ok(()),
    }
}

/// How long to wait before public data of `game` is asked for at `origin`, where looks are to be `spacing` apart. The place
/// is taken.
pub(crate) fn look(game: &Game, origin: &str, spacing: Duration) -> Duration {
    let service = service(game, origin);
    let (Turn::After(wait) | Turn::TooSoon { left: wait }) = reserve_at(
        &StateDirectory::user(),
        LOOKS,
        &service,
        spacing,
        clock::since_epoch(),
    );
    wait
}

/// How long every login of a game has to wait, when that is what one ended with: as long as the server asked for, or a
/// while where it only said, as HTTP says it, that there were too many requests.
pub(crate) fn asked_to_wait(error: &protocol::Error, is_limited: bool) -> Option<Duration> {
    match error {
        protocol::Error::TryLater { retry_after, .. } => {
            retry_after.or(is_limited.then_some(LATER))
        }
        _ => None,
    }
}

/// The game's server asked to try again after so long.
pub(crate) fn told(game: &Game, origin: &str, retry_after: Duration) {
    let now = clock::since_epoch();
    told_in(&StateDirectory::user(), game, origin, retry_after, now);
}

fn reserve_in(state: &StateDirectory, game: &Game, origin: &str, now: Duration) -> Turn {
    let service = service(game, origin);
    if game.spacing.is_zero() {
        // There is nothing for others to know, and nothing to write.
        let mut logins = known(state.read(FILE).as_deref());
        return logins.reserve(&service, game.spacing, now);
    }
    reserve_at(state, FILE, &service, game.spacing, now)
}

/// Takes a place among what a file knows of a service.
fn reserve_at(
    state: &StateDirectory,
    file: &'static str,
    service: &str,
    spacing: Duration,
    now: Duration,
) -> Turn {
    state.modify(file, |file| {
        let mut logins = known(file);
        let turn = logins.reserve(service, spacing, now);
        (logins.to_json().into_bytes(), turn)
    })
}

fn told_in(
    state: &StateDirectory,
    game: &Game,
    origin: &str,
    retry_after: Duration,
    now: Duration,
) {
    // What cannot be remembered is told again by the server.
    let _ = state.update(FILE, |file| {
        let mut logins = known(file);
        logins.told(&service(game, origin), retry_after, now);
        logins.to_json().into_bytes()
    });
}

fn known(file: Option<&[u8]>) -> Logins {
    file.map(Logins::parse).unwrap_or_default()
}

fn service(game: &Game, origin: &str) -> String {
    format!("{} {origin}", game.id)
}

fn too_soon(game: &Game, left: Duration) -> Failure {
    Failure::new(
        Reason::TryLater,
        format!("{} asked to wait; {} s are left", game.name, left.as_secs()),
        "nothing was sent; run it again then",
    )
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
            reserve_in(&StateDirectory::at(folder.path()), game, ORIGIN, at(0))
        };
        assert_eq!(wait(&TLOPO), Turn::After(Duration::ZERO));
        assert_eq!(wait(&TLOPO), Turn::After(TLOPO.spacing));
        assert_eq!(
            [(); 2].map(|()| wait(&TTR)),
            [const { Turn::After(Duration::ZERO) }; 2]
        );
    }

    #[test]
    fn a_server_that_asked_to_wait_is_left_alone_by_every_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = StateDirectory::at(folder.path());
        told_in(&state, &TLOPO, ORIGIN, LATER, at(0));
        let left = Duration::from_secs(42);
        assert_eq!(
            reserve_in(&state, &TLOPO, ORIGIN, at(18)),
            Turn::TooSoon { left }
        );
        assert_eq!(
            too_soon(&TLOPO, left).message,
            "The Legend of Pirates Online asked to wait; 42 s are left"
        );
        assert_eq!(
            reserve_in(&state, &TLOPO, ORIGIN, at(60)),
            Turn::After(Duration::ZERO)
        );
    }

    #[test]
    fn a_state_that_cannot_be_written_is_no_obstacle() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("a file");
        let state = StateDirectory::at(file.join("playcookie"));
        told_in(&state, &TLOPO, ORIGIN, LATER, at(0));
        for _ in 0..2 {
            let turn = reserve_in(&state, &TLOPO, ORIGIN, at(0));
            assert_eq!(turn, Turn::After(Duration::ZERO));
        }
    }

    #[test]
    fn what_is_known_counts_where_nothing_can_be_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = StateDirectory::at(folder.path());
        told_in(&state, &TLOPO, ORIGIN, LATER, at(0));
        // A folder stands where the lock should be, even for root.
        let lock = folder.path().join("logins.json.lock");
        std::fs::remove_file(&lock).expect("a lock");
        std::fs::create_dir(&lock).expect("a folder");
        let turn = reserve_in(&state, &TLOPO, ORIGIN, at(1));
        assert!(matches!(turn, Turn::TooSoon { .. }), "{turn:?}");
    }
}
