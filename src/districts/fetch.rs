//! Fetches the districts of a game, with one request or two at once.

use std::time::Duration;

use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::games::{GameId, tlopo, ttcc, ttr};
use crate::protocol;
use crate::protocol::districts::DistrictTable;
use crate::protocol::{Reply, Request};

/// The districts of a game, as far as it reported them.
#[derive(Debug)]
pub(crate) struct FetchedDistricts {
    pub(crate) table: DistrictTable,
    /// The half that is missing, if one is.
    pub(crate) missing: Option<MissingHalf>,
}

/// A half of the data that could not be fetched.
#[derive(Debug)]
pub(crate) struct MissingHalf {
    what: &'static str,
    pub(crate) error: FetchFailure,
}

impl MissingHalf {
    /// Returns a sentence about what is missing, and why.
    pub(crate) fn sentence(&self) -> String {
        format!("{} are not known: {}", self.what, self.error.failure)
    }
}

/// Why public data could not be fetched.
#[derive(Debug)]
pub(crate) struct FetchFailure {
    pub(crate) failure: Failure,
    /// How long the server asked to wait.
    pub(crate) retry_after: Option<Duration>,
}

impl From<Failure> for FetchFailure {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            retry_after: None,
        }
    }
}

impl From<DistrictTable> for FetchedDistricts {
    fn from(table: DistrictTable) -> Self {
        Self {
            table,
            missing: None,
        }
    }
}

/// Fetches the districts of a game. Where it does not report when it counted, that is the time of the request.
///
/// # Errors
/// When nothing can be fetched.
pub(crate) async fn fetch(
    context: &Context,
    target: &LoginTarget,
) -> Result<FetchedDistricts, FetchFailure> {
    let endpoint = target.endpoint(context)?;
    let mut fetched: FetchedDistricts = match target.game_id {
        GameId::Ttr => toontown_rewritten(&endpoint).await?,
        GameId::Ttcc => {
            let request = ttcc::public::districts_request(endpoint.interface);
            get(&endpoint, request, ttcc::public::read_districts)
                .await?
                .into()
        }
        GameId::Tlopo => {
            let request = tlopo::public::shards_request();
            get(&endpoint, request, tlopo::public::read_shards)
                .await?
                .into()
        }
    };
    let now = || Some(clock::since_epoch().as_secs());
    fetched.table.as_of = fetched.table.as_of.or_else(now);
    Ok(fetched)
}

/// Sends a request, and keeps how long the server asks to wait when it fails.
async fn get<T>(
    endpoint: &Endpoint,
    request: Request,
    read: impl Fn(&Reply) -> Result<T, protocol::Error>,
) -> Result<T, FetchFailure> {
    let reply = endpoint.send(&request, &[]).await;
    let retry_after = reply.as_ref().ok().and_then(|reply| reply.retry_after);
    endpoint.read(reply, read).map_err(|failure| FetchFailure {
        failure,
        retry_after,
    })
}

/// Fetches population and invasions at once; one of them alone is better than nothing.
async fn toontown_rewritten(endpoint: &Endpoint) -> Result<FetchedDistricts, FetchFailure> {
    let (population, invasions) = tokio::join!(
        get(
            endpoint,
            ttr::public::population_request(),
            ttr::public::read_population
        ),
        get(
            endpoint,
            ttr::public::invasions_request(),
            ttr::public::read_invasions
        ),
    );
    let half = |table, what, error| FetchedDistricts {
        table,
        missing: Some(MissingHalf { what, error }),
    };
    match (population, invasions) {
        (Err(error), Err(other)) => Err(FetchFailure {
            retry_after: error.retry_after.max(other.retry_after),
            ..error
        }),
        (Err(error), Ok(invasions)) => {
            let table = ttr::public::district_table(None, Some(invasions));
            Ok(half(table, "the players", error))
        }
        (Ok(population), Err(error)) => {
            let table = ttr::public::district_table(Some(population), None);
            Ok(half(table, "the invasions", error))
        }
        (Ok(population), Ok(invasions)) => {
            Ok(ttr::public::district_table(Some(population), Some(invasions)).into())
        }
    }
}
