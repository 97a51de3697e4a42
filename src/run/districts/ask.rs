//! Asking a game for its districts, whatever it takes: one request or two at once.

use crate::clock;
use crate::district::Census;
use crate::exit::Failure;
use crate::game::{Title, tlopo, ttcc, ttr};
use crate::run::Context;
use crate::run::asking::Asked;
use crate::run::prepare::Place;
use crate::run::who::Entrant;
use crate::terminal::Terminal;

/// What a game tells of its districts; where it does not say when, it is now.
///
/// # Errors
/// When the game does not tell, with the reason of the exit-status table.
pub(super) async fn census(context: &Context, anybody: &Entrant) -> Result<Census, Failure> {
    let place = Place::of(context, anybody, None)?;
    let asked = Asked::new(context, anybody.title.game().name, &place);
    let mut census = match anybody.title {
        Title::Ttr => toontown_rewritten(&asked, &context.terminal).await?,
        Title::Ttcc => {
            let request = ttcc::public::ask_districts(place.interface);
            asked.ask(request, ttcc::public::districts).await?
        }
        Title::Tlopo => {
            let request = tlopo::public::ask_shards();
            asked.ask(request, tlopo::public::shards).await?
        }
    };
    census.as_of = census.as_of.or(Some(clock::since_epoch().as_secs()));
    Ok(census)
}

/// Population and invasions, at once; one of them alone is better than nothing.
async fn toontown_rewritten(asked: &Asked<'_>, terminal: &Terminal) -> Result<Census, Failure> {
    let (population, invasions) = tokio::join!(
        asked.ask(ttr::public::ask_population(), ttr::public::population),
        asked.ask(ttr::public::ask_invasions(), ttr::public::invasions),
    );
    // Half of what was asked for may be missing.
    let miss = |what: &str, failure: Option<&Failure>| {
        if let Some(failure) = failure {
            terminal.warn(&format!("{what} is missing: {failure}"));
        }
    };
    match (population, invasions) {
        (Err(failure), Err(_)) => Err(failure),
        (population, invasions) => {
            miss("the population", population.as_ref().err());
            miss("the invasions", invasions.as_ref().err());
            Ok(ttr::public::census(population.ok(), invasions.ok()))
        }
    }
}
