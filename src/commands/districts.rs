//! `playcookie <game> districts`: who is playing where, and where invasions are.

use crate::districts::fetch;
use crate::districts::watch;

use std::cmp::Reverse;

use super::{Context, RunError, print};
use crate::auth::login_plan::origin;
use crate::auth::target::LoginTarget;
use crate::auth::throttle;
use crate::base::clock;
use crate::base::failure::Ending;
use crate::base::signals::Signals;
use crate::cli::districts::{Districts, Order};
use crate::config::api::Api;
use crate::districts::fetch::{Lost, Told};
use crate::districts::schedule::PollSchedule;
use crate::districts::table;
use crate::games::GameId;
use crate::http::BaseUrl;
use crate::protocol::districts::{District, DistrictTable, Invasion};

pub(crate) async fn run(
    context: &Context,
    game_id: GameId,
    districts: &Districts,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let anybody = LoginTarget::anybody(context, game_id, districts.api.clone());
    let trouble = |failure| RunError::new(anybody.subject(), failure);
    if districts.watch.is_some() || districts.until.is_some() {
        let is_this_machine = is_this_machine(&anybody);
        let rhythm = PollSchedule::of(game_id, is_this_machine);
        let watched = watch::watch(context, &anybody, districts, rhythm, signals);
        return Ok(watched.await?);
    }
    let told = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        told = look(context, &anybody) => told.map_err(|lost| trouble(lost.failure))?,
    };
    if let Some(missing) = &told.missing {
        context.terminal.warn(&missing.sentence());
    }
    let census = arranged(told.census, districts);
    let terminal = &context.terminal;
    let table = || table::table(&census, terminal.output_width(), terminal.colours_output());
    print(terminal, &census, table).map_err(trouble)?;
    Ok(Ending::Success)
}

/// One look. Corporate Clash refuses two in a row, and to be refused is worse than to wait.
async fn look(context: &Context, anybody: &LoginTarget) -> Result<Told, Lost> {
    if anybody.game_id == GameId::Ttcc && !is_this_machine(anybody) {
        let game = anybody.game_id.game();
        clock::sleep(throttle::look(game, &origin(anybody)?, throttle::APART)).await;
    }
    fetch::census(context, anybody).await
}

/// The same at a stand-in, whose data move: always watched.
pub(crate) async fn rehearse(
    context: &Context,
    game_id: GameId,
    districts: &Districts,
    root: BaseUrl,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let api = Api {
        url: Some(root),
        ..Api::default()
    };
    let anybody = LoginTarget::anybody(context, game_id, Some(api));
    let rhythm = PollSchedule::of_a_rehearsal();
    let watched = watch::watch(context, &anybody, districts, rhythm, signals);
    Ok(watched.await?)
}

/// Whether a server on this machine was named in place of the game's own.
fn is_this_machine(anybody: &LoginTarget) -> bool {
    let api = anybody.options.api.as_ref();
    let root = api.and_then(|api| api.url.as_ref());
    root.is_some_and(|root| root.loopback_address().is_some())
}

/// The rows that were asked for, in the order that was asked for.
pub(crate) fn arranged(mut census: DistrictTable, districts: &Districts) -> DistrictTable {
    if districts.invasions {
        census
            .districts
            .retain(|district| district.invasion.is_some());
    }
    census.districts.sort_by(|a, b| a.name.cmp(&b.name));
    match districts.sort {
        Order::Name => {}
        Order::Population => census.districts.sort_by_key(|it| Reverse(it.population)),
        Order::Invasion => census.districts.sort_by_key(|it| Reverse(weight(it))),
    }
    census
}

/// How much of an invasion is left, where there is one: seconds, else cogs, where the game tells.
fn weight(district: &District) -> Option<(Option<u64>, Option<u64>)> {
    Some(match district.invasion.as_ref()? {
        Invasion::Cogs(cogs) => {
            let left = cogs.total.zip(cogs.defeated);
            let left = left.map(|(total, defeated)| total.saturating_sub(defeated));
            (cogs.remaining_seconds, left)
        }
        Invasion::Ocean(ocean) => (None, ocean.players),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::districts::CogInvasion;

    fn census() -> DistrictTable {
        let district = |name: &str, population, remaining: Option<u64>| District {
            name: name.to_owned(),
            population: Some(population),
            invasion: remaining.map(|remaining| {
                Invasion::Cogs(CogInvasion {
                    remaining_seconds: Some(remaining),
                    ..CogInvasion::default()
                })
            }),
            ..District::default()
        };
        DistrictTable {
            game: "ttcc",
            invasions_missing: false,
            as_of: None,
            population: None,
            districts: vec![
                district("c", 5, None),
                district("b", 7, Some(10)),
                district("a", 1, Some(20)),
            ],
        }
    }

    fn names(sort: Order, invasions: bool) -> String {
        let districts = Districts {
            invasions,
            sort,
            watch: None,
            until: None,
            give_up: None,
            notify: false,
            api: None,
        };
        let arranged = arranged(census(), &districts);
        arranged
            .districts
            .iter()
            .map(|it| it.name.as_str())
            .collect()
    }

    #[test]
    fn rows_are_sorted_by_what_was_asked_for() {
        assert_eq!(names(Order::Name, false), "abc");
        assert_eq!(names(Order::Population, false), "bca");
        assert_eq!(names(Order::Invasion, false), "abc");
        assert_eq!(names(Order::Population, true), "ba");
    }
}
