//! Asking one game how it is: whether it is open, and everything that it counts, at once.

use crate::auth::target::LoginTarget;
use crate::auth::throttle;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::games::{GameId, tlopo, ttcc, ttr};
use crate::protocol::{Login, ServerMessage};
use crate::status::model::{Opening, Standing, Told};

/// What was found out about one game.
pub(crate) struct Look {
    pub(crate) standing: Standing,
    /// A sentence for each part that is missing; none where the row says why.
    pub(crate) missing: Vec<String>,
}

/// Looks at a game, where the configuration says that it is.
///
/// # Errors
/// When no server can be trusted; whatever the game answers is in its row.
pub(crate) async fn look(context: &Context, game_id: GameId) -> Result<Look, Failure> {
    let endpoint = LoginTarget::public(context, game_id, None).endpoint(context)?;
    let mut parts = Parts::default();
    let told = match game_id {
        GameId::Ttr => toontown_rewritten(&endpoint, &mut parts).await,
        GameId::Ttcc => corporate_clash(context, &endpoint, &mut parts).await,
        GameId::Tlopo => pirates_online(&endpoint, &mut parts).await,
    };
    let missing = match &told.opening {
        Ok(_) => parts.sentences(game_id.game().name),
        Err(_) => Vec::new(),
    };
    let now = clock::since_epoch().as_secs();
    Ok(Look {
        standing: Standing::new(game_id.game(), told, now),
        missing,
    })
}

/// The parts that are missing, and why.
#[derive(Default)]
struct Parts(Vec<(&'static str, Failure)>);

impl Parts {
    /// A part, if it is there.
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

async fn toontown_rewritten(endpoint: &Endpoint, parts: &mut Parts) -> Told {
    let (opening, population, invasions) = tokio::join!(
        endpoint.get(ttr::Ttr::status_request(), ttr::public::opening),
        endpoint.get(ttr::public::ask_population(), ttr::public::population),
        endpoint.get(ttr::public::ask_invasions(), ttr::public::invasions),
    );
    let opening = opening.map(|told| Opening {
        door: told.door,
        words: told.banner,
        population: None,
    });
    let population = parts.take("the players and districts", population);
    let invasions = parts.take("the invasions", invasions);
    let (counts_players, counts_invasions) = (population.is_some(), invasions.is_some());
    let census = ttr::public::census(population, invasions);
    let mut told = Told::new(opening, Some(census));
    // Those of the other page are all that the census has.
    told.districts = told.districts.filter(|_| counts_players);
    told.invasions = told.invasions.filter(|_| counts_invasions);
    told
}

async fn corporate_clash(context: &Context, endpoint: &Endpoint, parts: &mut Parts) -> Told {
    let districts = async {
        let (game, origin) = (GameId::Ttcc.game(), &endpoint.origin);
        let spacing = game.districts_spacing;
        clock::sleep(throttle::public_data(&context.state, game, origin, spacing)).await;
        let request = ttcc::public::ask_districts(endpoint.interface);
        endpoint.get(request, ttcc::public::districts).await
    };
    let (info, districts) = tokio::join!(
        endpoint.get(ttcc::Ttcc::status_request(), ttcc::public::game_info),
        districts,
    );
    let opening = info.map(|info| Opening {
        door: info.door,
        words: ServerMessage::default(),
        population: info.population,
    });
    Told::new(opening, parts.take("the districts", districts))
}

async fn pirates_online(endpoint: &Endpoint, parts: &mut Parts) -> Told {
    let (system, oceans) = tokio::join!(
        endpoint.get(tlopo::Tlopo::status_request(), tlopo::public::system),
        endpoint.get(tlopo::public::ask_shards(), tlopo::public::shards),
    );
    let opening = system.map(|system| Opening {
        door: system.door,
        words: system.message,
        population: None,
    });
    Told::new(opening, parts.take("the oceans", oceans))
}
