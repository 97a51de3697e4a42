//! Checks of the network: certificates, the proxy, each game's server, and the clock.

use std::time::Duration;

use futures_util::future::join_all;

use super::check::Check;
use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::redactor::Redactor;
use crate::context::Context;
use crate::failures;
use crate::games::CredentialKind;
use crate::http::{ClientError, proxy, trust};
use crate::protocol::{Availability, ServerStatus};
use crate::status::fetch::status_page;

/// From this many seconds on, a wrong clock is worth a warning.
const WRONG: u64 = 10;
/// From this many seconds on, the codes of a wrong clock are refused.
const TOO_WRONG: u64 = 30;

/// Checks the connection to the servers of these targets. With `is_offline`, none is asked.
pub(super) async fn checks(
    context: &Context,
    targets: &[LoginTarget],
    is_offline: bool,
) -> Vec<Check> {
    let mut checks = vec![certificates(), proxy()];
    if is_offline {
        return checks;
    }
    if let Err(failure) = context.config_file.load() {
        // It may name other servers than the usual ones.
        let found = format!("not asked, because {}", failure.message);
        checks.push(Check::note("servers", found));
        return checks;
    }
    let asked = targets.iter().map(|target| server(context, target));
    let asked = join_all(asked).await;
    let offsets: Vec<_> = asked.iter().filter_map(|(_, offset)| *offset).collect();
    checks.extend(asked.into_iter().map(|(check, _)| check));
    let mut accounts = context.configuration.accounts.iter();
    let has_codes = accounts.any(|account| account.keeps(CredentialKind::Totp));
    checks.push(clock_check(&offsets, has_codes));
    checks
}

fn certificates() -> Check {
    match trust::check() {
        Ok(()) => Check::ok("certificates", trust::source()),
        Err(error) => Check::fail("certificates", &failures::no_client(&error.into())),
    }
}

fn proxy() -> Check {
    match proxy::check() {
        Ok(None) => Check::ok("proxy", "none"),
        Ok(Some(variable)) => Check::ok("proxy", format!("that of {variable}")),
        Err(error) => Check::fail("proxy", &failures::no_client(&ClientError::Proxy(error))),
    }
}

/// Asks a game's server for its status. Returns the check, and how far the server's clock is ahead of this one, in seconds.
async fn server(context: &Context, target: &LoginTarget) -> (Check, Option<i64>) {
    let name = format!("{} server", target.game_id.game().id);
    let endpoint = match target.endpoint(context) {
        Ok(endpoint) => endpoint,
        Err(failure) if failure.reason == Reason::Io => return (Check::fail(name, &failure), None),
        Err(_) => {
            let found = "not asked, because of the certificates or the proxy";
            return (Check::note(name, found), None);
        }
    };
    let (request, read) = status_page(target.game_id);
    let before = clock::since_epoch();
    let reply = endpoint.send(&request).await;
    let after = clock::since_epoch();
    let date = reply.as_ref().ok().and_then(|reply| reply.date);
    let offset = date.and_then(|date| ahead(date, before, after));
    let origin = &endpoint.origin;
    let check = match endpoint.read(reply, read) {
        Ok(status) => of_status(&name, origin, &status),
        Err(failure) if failure.reason == Reason::TryLater => Check::warn_of(name, &failure),
        Err(failure) => Check::fail(name, &failure),
    };
    (check, offset)
}

fn of_status(name: &str, origin: &str, status: &ServerStatus) -> Check {
    match &status.availability {
        Availability::Open => Check::ok(name, format!("{origin}, open")),
        Availability::Closed(message) => {
            // Public data needs no secrets.
            let said = message.clause(&Redactor::default());
            Check::note(name, format!("{origin}, closed{said}"))
        }
    }
}

/// Returns how many seconds `date` is ahead of the middle of a request.
fn ahead(date: u64, before: Duration, after: Duration) -> Option<i64> {
    let middle = before.as_secs().midpoint(after.as_secs());
    date.checked_signed_diff(middle)
}

/// Compares this clock with those of the servers. The nearest counts: the clock of a server may be wrong, too.
fn clock_check(offsets: &[i64], has_codes: bool) -> Check {
    let nearest = offsets.iter().min_by_key(|offset| offset.unsigned_abs());
    let Some(offset) = nearest else {
        return Check::note("clock", "no server told the time");
    };
    let seconds = offset.unsigned_abs();
    let direction = if *offset > 0 { "behind" } else { "ahead of" };
    let found = format!("{seconds} s {direction} the servers");
    let fix = if cfg!(target_os = "macos") {
        "run `sudo sntp -sS time.apple.com`"
    } else if cfg!(windows) {
        "run `w32tm /resync`"
    } else {
        "run `sudo timedatectl set-ntp true`"
    };
    if seconds > TOO_WRONG && has_codes {
        let found = format!("{found}, so that the codes of a kept two-factor secret are refused");
        Check::fail("clock", &Failure::new(Reason::Code, found, fix))
    } else if seconds > WRONG {
        Check::warn("clock", found, fix)
    } else {
        Check::ok("clock", "as the servers'")
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Level;
    use super::*;

    #[test]
    fn the_clock_is_compared_with_the_middle_of_a_request() {
        let seconds = Duration::from_secs;
        assert_eq!(ahead(110, seconds(100), seconds(104)), Some(8));
        assert_eq!(ahead(90, seconds(100), seconds(104)), Some(-12));
        assert_eq!(ahead(u64::MAX, seconds(0), seconds(0)), None);
    }

    #[test]
    fn a_wrong_clock_is_a_failure_only_where_codes_are_computed() {
        let level = |offsets: &[i64], has_codes| clock_check(offsets, has_codes).level;
        let fail = Level::Fail(Reason::Code);
        for (offset, without, with) in [
            (10, Level::Ok, Level::Ok),
            (-11, Level::Warn, Level::Warn),
            (30, Level::Warn, Level::Warn),
            (-31, Level::Warn, fail),
        ] {
            assert_eq!(level(&[offset], false), without, "{offset}");
            assert_eq!(level(&[offset], true), with, "{offset}");
        }
        assert_eq!(level(&[900, -3, -40], true), Level::Ok);
        assert_eq!(level(&[], true), Level::Note);
        assert_eq!(clock_check(&[40], false).found, "40 s behind the servers");
        assert_eq!(
            clock_check(&[-40], false).found,
            "40 s ahead of the servers"
        );
    }
}
