//! Fetches the districts of a game: all parts at once.

use std::time::Duration;

use futures_util::future::join_all;

use crate::auth::target::LoginTarget;
use crate::auth::throttle;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::games::{GameProtocol, with_protocol};
use crate::protocol::districts::{DistrictRequest, DistrictTable};

/// The districts of a game, as far as it reported them.
#[derive(Debug)]
pub(crate) struct FetchedDistricts {
    pub(crate) table: DistrictTable,
    /// The part that is missing, if one is.
    pub(crate) missing: Option<FetchFailure>,
}

/// Why districts, or a part of their data, could not be fetched.
#[derive(Debug)]
pub(crate) struct FetchFailure {
    /// What is missing.
    what: &'static str,
    pub(crate) failure: Failure,
    /// How long the server asked to wait.
    pub(crate) retry_after: Option<Duration>,
}

impl FetchFailure {
    /// Returns a sentence about what is missing, and why; `game` is a name to add.
    pub(crate) fn sentence(&self, game: Option<&str>) -> String {
        let of = game.map(|game| format!(" of {game}")).unwrap_or_default();
        format!("{}{of} are not known: {}", self.what, self.failure)
    }
}

impl From<Failure> for FetchFailure {
    fn from(failure: Failure) -> Self {
        Self {
            what: "the districts",
            failure,
            retry_after: None,
        }
    }
}

/// Fetches the districts of a game. Oceans get the time of the request: their server never says when it counted.
///
/// # Errors
/// When nothing can be fetched.
pub(crate) async fn fetch(
    context: &Context,
    target: &LoginTarget,
) -> Result<FetchedDistricts, FetchFailure> {
    let endpoint = target.endpoint(context)?;
    let requests =
        with_protocol!(target.game_id, Protocol => Protocol::district_requests(endpoint.interface));
    let requests = requests.into_iter().map(|part| get(&endpoint, part));
    let (mut table, mut missing) = (None::<DistrictTable>, None::<FetchFailure>);
    for part in join_all(requests).await {
        match part {
            Ok(part) => {
                table = Some(match table {
                    Some(table) => table.merge(part),
                    None => part,
                });
            }
            Err(error) => {
                let before = missing.take();
                let retry_after = before.as_ref().and_then(|before| before.retry_after);
                let retry_after = retry_after.max(error.retry_after);
                missing = Some(FetchFailure {
                    retry_after,
                    ..before.unwrap_or(error)
                });
            }
        }
    }
    match (table, missing) {
        (Some(mut table), missing) => {
            if table.has_oceans() {
                table.as_of = Some(clock::since_epoch().as_secs());
            }
            Ok(FetchedDistricts { table, missing })
        }
        (None, Some(error)) => Err(error),
        (None, None) => Err(Failure::bug("a game without requests for districts").into()),
    }
}

/// Fetches the districts `spacing` after the last request of this user. Corporate Clash refuses two requests in a row.
///
/// # Errors
/// As [`fetch`].
pub(crate) async fn fetch_spaced(
    context: &Context,
    target: &LoginTarget,
    spacing: Duration,
) -> Result<FetchedDistricts, FetchFailure> {
    if !spacing.is_zero() {
        throttle::wait_for_public_data(context, target, spacing).await?;
    }
    fetch(context, target).await
}

/// Sends a request, and keeps how long the server asks to wait when it fails.
async fn get(endpoint: &Endpoint, part: DistrictRequest) -> Result<DistrictTable, FetchFailure> {
    let reply = endpoint.send(&part.request).await;
    let retry_after = reply.as_ref().ok().and_then(|reply| reply.retry_after);
    let table = endpoint.read(reply, part.read);
    table.map_err(|failure| FetchFailure {
        what: part.what,
        failure,
        retry_after,
    })
}
