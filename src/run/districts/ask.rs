//! Asking a game for its districts, whatever it takes: one request or two at once.

use std::time::Duration;

use crate::clock;
use crate::district::Census;
use crate::exit::{Failure, Reason};
use crate::game::{Interface, Title, tlopo, ttcc, ttr};
use crate::http;
use crate::login::{self, Reply, Request};
use crate::run::prepare::Place;
use crate::run::who::Entrant;
use crate::run::{Context, wire};

/// What was told.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) census: Census,
    /// Why half of it is missing, if half of it is.
    pub(super) missing: Option<Lost>,
}

/// What was not told, and why.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) failure: Failure,
    /// How long the server asked to wait.
    pub(super) retry_after: Option<Duration>,
}

impl From<Failure> for Lost {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            retry_after: None,
        }
    }
}

impl From<Census> for Told {
    fn from(census: Census) -> Self {
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
pub(super) async fn census(context: &Context, anybody: &Entrant) -> Result<Told, Lost> {
    let place = Place::of(context, anybody, None)?;
    let asked = Asked {
        context,
        name: anybody.title.game().name,
        place: &place,
    };
    let mut told = match anybody.title {
        Title::Ttr => asked.toontown_rewritten().await?,
        Title::Ttcc => asked.corporate_clash(place.interface).await?.into(),
        Title::Tlopo => {
            let reply = asked.send(tlopo::public::ask_shards()).await;
            asked.read(reply, tlopo::public::shards)?.into()
        }
    };
    let as_of = &mut told.census.as_of;
    *as_of = as_of.or(Some(clock::since_epoch().as_secs()));
    Ok(told)
}

/// A game that is asked.
struct Asked<'a> {
    context: &'a Context,
    name: &'static str,
    place: &'a Place,
}

impl Asked<'_> {
    /// Population and invasions, at once; one of them alone is better than nothing.
    async fn toontown_rewritten(&self) -> Result<Told, Lost> {
        let (population, invasions) = tokio::join!(
            self.send(ttr::public::ask_population()),
            self.send(ttr::public::ask_invasions()),
        );
        let population = self.read(population, ttr::public::population);
        let invasions = self.read(invasions, ttr::public::invasions);
        match (population, invasions) {
            (Err(lost), Err(other)) => Err(Lost {
                retry_after: lost.retry_after.max(other.retry_after),
                ..lost
            }),
            (Err(lost), Ok(invasions)) => {
                let census = ttr::public::census(None, Some(invasions));
                Ok(self.half(census, "the population", lost))
            }
            (Ok(population), Err(lost)) => {
                let census = ttr::public::census(Some(population), None);
                Ok(self.half(census, "the invasions", lost))
            }
            (Ok(population), Ok(invasions)) => {
                Ok(ttr::public::census(Some(population), Some(invasions)).into())
            }
        }
    }

    async fn corporate_clash(&self, interface: Interface) -> Result<Census, Lost> {
        let reply = self.send(ttcc::public::ask_districts(interface)).await;
        self.read(reply, ttcc::public::districts)
    }

    /// Half of what was asked for is missing.
    fn half(&self, census: Census, what: &str, lost: Lost) -> Told {
        let terminal = &self.context.terminal;
        terminal.warn(&format!("{what} is missing: {}", lost.failure));
        Told {
            census,
            missing: Some(lost),
        }
    }

    async fn send(&self, request: Request) -> Result<Reply, http::Error> {
        wire::send(&self.context.terminal, &self.place.client, &request, &[]).await
    }

    fn read<T>(
        &self,
        reply: Result<Reply, http::Error>,
        read: impl Fn(&Reply) -> Result<T, login::Error>,
    ) -> Result<T, Lost> {
        let reply = reply.map_err(|error| self.lost(&error))?;
        read(&reply).map_err(|error| Lost {
            failure: self.refused(&error),
            retry_after: reply.retry_after,
        })
    }

    fn lost(&self, error: &http::Error) -> Failure {
        let reason = match error {
            http::Error::TooLarge | http::Error::NotHttp => Reason::NotUnderstood,
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
