//! Fetches the status of one game: whether it is open, and everything that it counts, at once.

use crate::auth::target::LoginTarget;
use crate::auth::throttle;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::games::{GameId, tlopo, ttcc, ttr};
use crate::protocol::{Login, ServerMessage};
use crate::status::model::{GameStatus, Opening, StatusReport};

/// The status of one game, and what is missing of it.
pub(crate) struct FetchedStatus {
    pub(crate) status: GameStatus,
    /// A sentence for each missing part; none when the row says why.
    pub(crate) missing: Vec<String>,
}

/// Fetches the status of a game from the servers that the configuration names.
///
/// # Errors
/// When no certificate authority can be loaded; other failures are in the row.
pub(crate) async fn fetch(context: &Context, game_id: GameId) -> Result<FetchedStatus, Failure> {
    let endpoint = LoginTarget::public(context, game_id, None).endpoint(context)?;
    let mut parts = MissingParts::default();
    let report = match game_id {
        GameId::Ttr => toontown_rewritten(&endpoint, &mut parts).await,
        GameId::Ttcc => corporate_clash(context, &endpoint, &mut parts).await,
        GameId::Tlopo => pirates_online(&endpoint, &mut parts).await,
    };
    let missing = match &report.opening {
        Ok(_) => parts.sentences(game_id.game().name),
        Err(_) => Vec::new(),
    };
    let now = clock::since_epoch().as_secs();
    Ok(FetchedStatus {
        status: GameStatus::new(game_id.game(), report, now),
        missing,
    })
}

/// The missing parts, and why.
#[derive(Default)]
struct MissingParts(Vec<(&'static str, Failure)>);

impl MissingParts {
    /// Returns a part, or records why it is missing.
    fn take<T>(&mut self, what: &'static str, answer: Result<T, Failure>) -> Option<T> {
        answer.map_err(|failure| self.0.push((what, failure))).ok()
    }

    fn sentences(&self, game: &str) -> Vec<String> {
        let parts = self.0.iter();
        parts
            .map(|(what, failure)| format!("{what} of {game} are not known: {failure}"))
            .collect()
    }
}

async fn toontown_rewritten(endpoint: &Endpoint, parts: &mut MissingParts) -> StatusReport {
    let (opening, population, invasions) = tokio::join!(
        endpoint.get(ttr::Ttr::status_request(), ttr::public::read_server_status),
        endpoint.get(
            ttr::public::population_request(),
            ttr::public::read_population
        ),
        endpoint.get(
            ttr::public::invasions_request(),
            ttr::public::read_invasions
        ),
    );
    let opening = opening.map(|report| Opening {
        availability: report.availability,
        words: report.banner,
        population: None,
    });
    let population = parts.take("the players and districts", population);
    let invasions = parts.take("the invasions", invasions);
    let (counts_players, counts_invasions) = (population.is_some(), invasions.is_some());
    let census = ttr::public::district_table(population, invasions);
    let mut report = StatusReport::new(opening, Some(census));
    // Where one page is missing, the table holds only what the other one names.
    report.districts = report.districts.filter(|_| counts_players);
    report.invasions = report.invasions.filter(|_| counts_invasions);
    report
}

async fn corporate_clash(
    context: &Context,
    endpoint: &Endpoint,
    parts: &mut MissingParts,
) -> StatusReport {
    let districts = async {
        let (game, origin) = (GameId::Ttcc.game(), &endpoint.origin);
        let spacing = game.districts_interval;
        clock::sleep(throttle::public_data(&context.state, game, origin, spacing)).await;
        let request = ttcc::public::districts_request(endpoint.interface);
        endpoint.get(request, ttcc::public::read_districts).await
    };
    let (info, districts) = tokio::join!(
        endpoint.get(ttcc::Ttcc::status_request(), ttcc::public::read_game_info),
        districts,
    );
    let opening = info.map(|info| Opening {
        availability: info.availability,
        words: ServerMessage::default(),
        population: info.population,
    });
    StatusReport::new(opening, parts.take("the districts", districts))
}

async fn pirates_online(endpoint: &Endpoint, parts: &mut MissingParts) -> StatusReport {
    let (system, oceans) = tokio::join!(
        endpoint.get(
            tlopo::Tlopo::status_request(),
            tlopo::public::read_system_status
        ),
        endpoint.get(tlopo::public::shards_request(), tlopo::public::read_shards),
    );
    let opening = system.map(|system| Opening {
        availability: system.availability,
        words: system.message,
        population: None,
    });
    StatusReport::new(opening, parts.take("the oceans", oceans))
}
