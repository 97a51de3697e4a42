//! Asking a game for its districts, whatever it takes: one request or two at once.

use crate::clock;
use crate::district::Census;
use crate::exit::{Failure, Reason};
use crate::game::{Interface, Title, tlopo, ttcc, ttr};
use crate::http;
use crate::login::{self, Reply, Request};
use crate::run::prepare::Place;
use crate::run::who::Entrant;
use crate::run::{Context, wire};

/// What a game tells of its districts; where it does not say when, it is now.
///
/// # Errors
/// When the game does not tell, with the reason of the exit-status table.
pub(super) async fn census(context: &Context, anybody: &Entrant) -> Result<Census, Failure> {
    let place = Place::of(context, anybody, None)?;
    let asked = Asked {
        context,
        name: anybody.title.game().name,
        place: &place,
    };
    let mut census = match anybody.title {
        Title::Ttr => asked.toontown_rewritten().await?,
        Title::Ttcc => asked.corporate_clash(place.interface).await?,
        Title::Tlopo => {
            let reply = asked.send(tlopo::public::ask_shards()).await;
            asked.read(reply, tlopo::public::shards)?
        }
    };
    census.as_of = census.as_of.or(Some(clock::since_epoch().as_secs()));
    Ok(census)
}

/// A game that is asked.
struct Asked<'a> {
    context: &'a Context,
    name: &'static str,
    place: &'a Place,
}

impl Asked<'_> {
    /// Population and invasions, at once; one of them alone is better than nothing.
    async fn toontown_rewritten(&self) -> Result<Census, Failure> {
        let (population, invasions) = tokio::join!(
            self.send(ttr::public::ask_population()),
            self.send(ttr::public::ask_invasions()),
        );
        let population = self.read(population, ttr::public::population);
        let invasions = self.read(invasions, ttr::public::invasions);
        match (population, invasions) {
            (Err(failure), Err(_)) => Err(failure),
            (population, invasions) => {
                self.miss("the population", population.as_ref().err());
                self.miss("the invasions", invasions.as_ref().err());
                Ok(ttr::public::census(population.ok(), invasions.ok()))
            }
        }
    }

    async fn corporate_clash(&self, interface: Interface) -> Result<Census, Failure> {
        let reply = self.send(ttcc::public::ask_districts(interface)).await;
        self.read(reply, ttcc::public::districts)
    }

    /// Half of what was asked for is missing.
    fn miss(&self, what: &str, failure: Option<&Failure>) {
        if let Some(failure) = failure {
            let terminal = &self.context.terminal;
            terminal.warn(&format!("{what} is missing: {failure}"));
        }
    }

    async fn send(&self, request: Request) -> Result<Reply, http::Error> {
        wire::send(&self.context.terminal, &self.place.client, &request, &[]).await
    }

    fn read<T>(
        &self,
        reply: Result<Reply, http::Error>,
        read: impl Fn(&Reply) -> Result<T, login::Error>,
    ) -> Result<T, Failure> {
        let reply = reply.map_err(|error| self.lost(&error))?;
        read(&reply).map_err(|error| self.refused(&error))
    }

    fn lost(&self, error: &http::Error) -> Failure {
        let reason = match error {
            http::Error::TooLarge(_) | http::Error::NotHttp => Reason::NotUnderstood,
            _ => Reason::Network,
        };
        let message = format!(
            "{} cannot be asked at {}: {error}",
            self.name, self.place.origin
        );
        Failure::new(
            reason,
            message,
            "check the connection, and HTTPS_PROXY if it is set; --timeout gives it more seconds",
        )
    }

    fn refused(&self, error: &login::Error) -> Failure {
        let said = |words: &login::Words| {
            let words = words.get();
            words
                .map(|words| format!(": \"{words}\""))
                .unwrap_or_default()
        };
        let name = self.name;
        let (reason, message, hint) = match error {
            login::Error::NotUnderstood(what) => (
                Reason::NotUnderstood,
                format!("{} answered with {what}", self.place.origin),
                "its interface may have changed, or something in between answered; -vv shows the shape of the answer",
            ),
            login::Error::TryLater { words, .. } => (
                Reason::TryLater,
                format!("{name} asks to try later{}", said(words)),
                "ask less often; try again in a minute",
            ),
            login::Error::Closed(words) | login::Error::Refused(_, words) => (
                Reason::Closed,
                format!("{name} does not tell{}", said(words)),
                "try again later",
            ),
            login::Error::ServerFailed { status, words } => {
                let status = status.map(|status| format!(" (HTTP {status})"));
                let status = status.unwrap_or_default();
                (
                    Reason::ServerError,
                    format!("the server of {name} failed{status}{}", said(words)),
                    "try again in a few minutes",
                )
            }
        };
        Failure::new(reason, message, hint)
    }
}
