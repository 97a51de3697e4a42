//! `playcookie ttr fieldoffices|sillymeter|doodles`: what only Toontown Rewritten tells anybody.

pub(crate) mod doodles;
pub(crate) mod field_offices;
pub(crate) mod silly_meter;

use std::time::Duration;

use serde::Serialize;

use super::{Context, RunError, print};
use crate::auth::login_plan::Endpoint;
use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::{Ending, Failure};
use crate::base::signals::Signals;
use crate::base::timestamp::rfc3339;
use crate::cli::ttr::DataVerb;
use crate::endpoint::public::Asked;
use crate::games::GameId;
use crate::games::ttr::public;
use crate::protocol;
use crate::protocol::{Reply, Request};
use crate::terminal::event::span;

pub(crate) async fn run(
    context: &Context,
    verb: &DataVerb,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let data = match verb {
        DataVerb::FieldOffices(data) | DataVerb::SillyMeter(data) => &data.0,
        DataVerb::Doodles(doodles) => &doodles.data,
    };
    let anybody = LoginTarget::anybody(context, GameId::Ttr, data.api.clone());
    tokio::select! {
        biased;
        signal = signals.next() => Ok(Ending::Stopped(signal)),
        shown = show(context, verb, &anybody) => {
            shown.map_err(|failure| RunError::new(anybody.subject(), failure))?;
            Ok(Ending::Success)
        }
    }
}

async fn show(context: &Context, verb: &DataVerb, anybody: &LoginTarget) -> Result<(), Failure> {
    let place = Endpoint::of(context, anybody, None)?;
    let desk = Desk {
        context,
        asked: Asked::new(context, GameId::Ttr.game().name, &place),
    };
    match verb {
        DataVerb::FieldOffices(_) => {
            use public::field_offices::{read, request};
            desk.print(&field_offices::sorted(desk.page(request(), read).await?))
        }
        DataVerb::SillyMeter(_) => {
            use public::silly_meter::{read, request};
            desk.print(&desk.page(request(), read).await?)
        }
        DataVerb::Doodles(wanted) => {
            use public::doodles::{read, request};
            desk.print(&doodles::chosen(desk.page(request(), read).await?, wanted))
        }
    }
}

/// Where pages are asked for and shown.
struct Desk<'a> {
    context: &'a Context,
    asked: Asked<'a>,
}

impl Desk<'_> {
    /// A page; where it does not say when it was made, it is now.
    async fn page<P: Page>(
        &self,
        request: Request,
        read: impl Fn(&Reply) -> Result<P, protocol::Error>,
    ) -> Result<P, Failure> {
        let mut page = self.asked.ask(request, read).await?;
        page.as_of().get_or_insert(clock::since_epoch().as_secs());
        Ok(page)
    }

    /// One object with `--json`, lines for people.
    fn print(&self, page: &impl Page) -> Result<(), Failure> {
        let terminal = &self.context.terminal;
        print(terminal, page, || {
            page.text(&Paper {
                width: terminal.output_width(),
                coloured: terminal.colours_output(),
                now: clock::since_epoch().as_secs(),
            })
        })
    }
}

/// What the game tells of something at one time.
trait Page: Serialize {
    /// When that was, in seconds since 1970.
    fn as_of(&mut self) -> &mut Option<u64>;

    /// Lines for people, each with its end.
    fn text(&self, paper: &Paper) -> String;
}

/// What lines are written for.
#[derive(Debug, Clone, Copy)]
struct Paper {
    /// The columns of the terminal, if it is one.
    width: Option<usize>,
    coloured: bool,
    /// Seconds since 1970.
    now: u64,
}

impl Paper {
    /// How long it is until then; nothing when that time is out of this world.
    fn until(&self, then: u64) -> Option<Duration> {
        rfc3339(then)?;
        Some(Duration::from_secs(then.saturating_sub(self.now)))
    }

    /// `in 12 min`, or `now`.
    fn coming(&self, then: u64) -> Option<String> {
        let left = self.until(then)?;
        Some(if left.is_zero() {
            "now".to_owned()
        } else {
            format!("in {}", span(left))
        })
    }

    /// `12 min ago`, or `just now`.
    fn past(&self, then: u64) -> Option<String> {
        rfc3339(then)?;
        let age = Duration::from_secs(self.now.saturating_sub(then));
        Some(if age.is_zero() {
            "just now".to_owned()
        } else {
            format!("{} ago", span(age))
        })
    }
}

/// A number with a comma before every three digits: `5,000,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The same, and `?` for what was not told.
fn told(number: Option<u64>) -> String {
    number.map_or_else(|| "?".to_owned(), grouped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!(
            [0, 999, 1000, 5_000_000].map(grouped),
            ["0", "999", "1,000", "5,000,000"]
        );
        assert_eq!(told(None), "?");
    }

    #[test]
    fn times_are_told_from_now() {
        let paper = Paper {
            width: None,
            coloured: false,
            now: 1_000_000,
        };
        assert_eq!(paper.coming(1_000_720).as_deref(), Some("in 12 min"));
        assert_eq!(paper.coming(5).as_deref(), Some("now"));
        assert_eq!(paper.coming(u64::MAX), None);
        assert_eq!(paper.past(999_997).as_deref(), Some("3 s ago"));
        assert_eq!(paper.past(1_000_005).as_deref(), Some("just now"));
        assert_eq!(paper.past(u64::MAX), None);
    }
}
