//! Asking one game how it is: whether it is open, and everything that it counts, at once.

use crate::auth::login_plan::Endpoint;
use crate::auth::target::LoginTarget;
use crate::auth::throttle;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::endpoint::public::Asked;
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
    let anybody = LoginTarget::anybody(context, game_id, None);
    let place = Endpoint::of(context, &anybody, None)?;
    let asked = Asked::new(context, game_id.game().name, &place);
    let mut parts = Parts::default();
    let told = match game_id {
        GameId::Ttr => toontown_rewritten(&asked, &mut parts).await,
        GameId::Ttcc => corporate_clash(&asked, &place, &mut parts).await,
        GameId::Tlopo => pirates_online(&asked, &mut parts).await,
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

async fn toontown_rewritten(asked: &Asked<'_>, parts: &mut Parts) -> Told {
    let (opening, population, invasions) = tokio::join!(
        asked.ask(ttr::Ttr::status_request(), ttr::public::read_server_status),
        asked.ask(
            ttr::public::population_request(),
            ttr::public::read_population
        ),
        asked.ask(
            ttr::public::invasions_request(),
            ttr::public::read_invasions
        ),
    );
    let opening = opening.map(|told| Opening {
        door: told.availability,
        words: told.banner,
        population: None,
    });
    let population = parts.take("the players and districts", population);
    let invasions = parts.take("the invasions", invasions);
    let (counts_players, counts_invasions) = (population.is_some(), invasions.is_some());
    let census = ttr::public::district_table(population, invasions);
    let mut told = Told::new(opening, Some(census));
    // Those of the other page are all that the census has.
    told.districts = told.districts.filter(|_| counts_players);
    told.invasions = told.invasions.filter(|_| counts_invasions);
    told
}

async fn corporate_clash(asked: &Asked<'_>, place: &Endpoint, parts: &mut Parts) -> Told {
    let districts = async {
        clock::sleep(throttle::look(
            GameId::Ttcc.game(),
            &place.origin,
            throttle::APART,
        ))
        .await;
        let request = ttcc::public::districts_request(place.interface);
        asked.ask(request, ttcc::public::read_districts).await
    };
    let (info, districts) = tokio::join!(
        asked.ask(ttcc::Ttcc::status_request(), ttcc::public::read_game_info),
        districts,
    );
    let opening = info.map(|info| Opening {
        door: info.availability,
        words: ServerMessage::default(),
        population: info.population,
    });
    Told::new(opening, parts.take("the districts", districts))
}

async fn pirates_online(asked: &Asked<'_>, parts: &mut Parts) -> Told {
    let (system, oceans) = tokio::join!(
        asked.ask(
            tlopo::Tlopo::status_request(),
            tlopo::public::read_system_status
        ),
        asked.ask(tlopo::public::shards_request(), tlopo::public::read_shards),
    );
    let opening = system.map(|system| Opening {
        door: system.availability,
        words: system.message,
        population: None,
    });
    Told::new(opening, parts.take("the oceans", oceans))
}
