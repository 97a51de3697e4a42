//! Asking a game for its districts, whatever it takes: one request or two at once.

use std::time::Duration;

use crate::auth::login_plan::Endpoint;
use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::endpoint::public::Asked;
use crate::games::{GameId, tlopo, ttcc, ttr};
use crate::protocol;
use crate::protocol::districts::DistrictTable;
use crate::protocol::{Reply, Request};

/// What was told.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) census: DistrictTable,
    /// What of it is missing, if half of it is.
    pub(crate) missing: Option<Missing>,
}

/// Half of what was asked for.
#[derive(Debug)]
pub(crate) struct Missing {
    what: &'static str,
    pub(crate) lost: Lost,
}

impl Missing {
    /// What is missing, and why.
    pub(crate) fn sentence(&self) -> String {
        format!("{} are not known: {}", self.what, self.lost.failure)
    }
}

/// What was not told, and why.
#[derive(Debug)]
pub(crate) struct Lost {
    pub(crate) failure: Failure,
    /// How long the server asked to wait.
    pub(crate) retry_after: Option<Duration>,
}

impl From<Failure> for Lost {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            retry_after: None,
        }
    }
}

impl From<DistrictTable> for Told {
    fn from(census: DistrictTable) -> Self {
        Self {
            census,
            missing: None,
        }
    }
}

/// What a game tells of its districts; where it does not say when, it is now.
///
/// # Errors
/// When the game does not tell, with the reason of the exit-status table.
pub(crate) async fn census(context: &Context, anybody: &LoginTarget) -> Result<Told, Lost> {
    let place = Endpoint::of(context, anybody, None)?;
    let asked = Asked::new(context, anybody.game_id.game().name, &place);
    let mut told: Told = match anybody.game_id {
        GameId::Ttr => toontown_rewritten(&asked).await?,
        GameId::Ttcc => {
            let request = ttcc::public::districts_request(place.interface);
            ask(&asked, request, ttcc::public::read_districts)
                .await?
                .into()
        }
        GameId::Tlopo => {
            let request = tlopo::public::shards_request();
            ask(&asked, request, tlopo::public::read_shards)
                .await?
                .into()
        }
    };
    let now = || Some(clock::since_epoch().as_secs());
    told.census.as_of = told.census.as_of.or_else(now);
    Ok(told)
}

/// Asks, and hears how long the server asks to wait when it does not tell.
async fn ask<T>(
    asked: &Asked<'_>,
    request: Request,
    read: impl Fn(&Reply) -> Result<T, protocol::Error>,
) -> Result<T, Lost> {
    let reply = asked.send(request).await;
    let retry_after = reply.as_ref().ok().and_then(|reply| reply.retry_after);
    asked.read(reply, read).map_err(|failure| Lost {
        failure,
        retry_after,
    })
}

/// Population and invasions, at once; one of them alone is better than nothing.
async fn toontown_rewritten(asked: &Asked<'_>) -> Result<Told, Lost> {
    let (population, invasions) = tokio::join!(
        ask(
            asked,
            ttr::public::population_request(),
            ttr::public::read_population
        ),
        ask(
            asked,
            ttr::public::invasions_request(),
            ttr::public::read_invasions
        ),
    );
    let half = |census, what, lost| Told {
        census,
        missing: Some(Missing { what, lost }),
    };
    match (population, invasions) {
        (Err(lost), Err(other)) => Err(Lost {
            retry_after: lost.retry_after.max(other.retry_after),
            ..lost
        }),
        (Err(lost), Ok(invasions)) => {
            let census = ttr::public::district_table(None, Some(invasions));
            Ok(half(census, "the players", lost))
        }
        (Ok(population), Err(lost)) => {
            let census = ttr::public::district_table(Some(population), None);
            Ok(half(census, "the invasions", lost))
        }
        (Ok(population), Ok(invasions)) => {
            Ok(ttr::public::district_table(Some(population), Some(invasions)).into())
        }
    }
}
