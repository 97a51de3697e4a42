//! `playcookie ttr fieldoffices|sillymeter|doodles`: public data that only Toontown Rewritten has.

pub(crate) mod doodles;
pub(crate) mod field_offices;
pub(crate) mod silly_meter;

use std::time::Duration;

use serde::Serialize;

use super::{Context, print};
use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::base::quantity::duration_text;
use crate::base::signals::Signals;
use crate::base::timestamp::rfc3339;
use crate::cli::ttr::DataVerb;
use crate::games::GameId;
use crate::games::ttr::public;
use crate::protocol;
use crate::protocol::{Reply, Request};

pub(crate) async fn run(
    context: &Context,
    verb: &DataVerb,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let data = match verb {
        DataVerb::FieldOffices(data) | DataVerb::SillyMeter(data) => &data.0,
        DataVerb::Doodles(doodles) => &doodles.data,
    };
    let target = LoginTarget::public(context, GameId::Ttr, data.api.clone());
    let shown = signals.or(show(context, verb, &target)).await;
    shown.map_err(|error| error.with_subject(&target.subject()))?;
    Ok(0)
}

async fn show(context: &Context, verb: &DataVerb, target: &LoginTarget) -> Result<(), Failure> {
    match verb {
        DataVerb::FieldOffices(_) => {
            use public::field_offices::{read, request};
            let data = fetch(context, target, request(), read).await?;
            print_data(context, &field_offices::sorted(data))
        }
        DataVerb::SillyMeter(_) => {
            use public::silly_meter::{read, request};
            print_data(context, &fetch(context, target, request(), read).await?)
        }
        DataVerb::Doodles(options) => {
            use public::doodles::{read, request};
            let data = fetch(context, target, request(), read).await?;
            for sentence in doodles::unknown_traits(&data, options) {
                context.terminal.warn(&sentence);
            }
            print_data(context, &doodles::selected(data, options))
        }
    }
}

/// Fetches public data. When it does not say when it was made, that is now.
async fn fetch<D: PublicData>(
    context: &Context,
    target: &LoginTarget,
    request: Request,
    read: impl Fn(&Reply) -> Result<D, protocol::Error>,
) -> Result<D, Failure> {
    let mut data = target.endpoint(context)?.get(request, read).await?;
    data.as_of().get_or_insert(clock::since_epoch().as_secs());
    Ok(data)
}

/// Prints lines for people, one object with `--json`.
fn print_data(context: &Context, data: &impl PublicData) -> Result<(), Failure> {
    let terminal = &context.terminal;
    let layout = TextLayout {
        width: terminal.output_width(),
        coloured: terminal.colours_output(),
        now: clock::since_epoch().as_secs(),
    };
    print(terminal, data, || data.text(&layout))
}

/// Public data as it was at one time.
trait PublicData: Serialize {
    /// Returns that time, in seconds since 1970.
    fn as_of(&mut self) -> &mut Option<u64>;

    /// Returns lines for people, each with its line end.
    fn text(&self, layout: &TextLayout) -> String;
}

/// How text for people is laid out.
#[derive(Debug, Clone, Copy, Default)]
struct TextLayout {
    /// The columns of the terminal, if output goes to one.
    width: Option<usize>,
    coloured: bool,
    /// The current time, in seconds since 1970.
    now: u64,
}

impl TextLayout {
    /// Returns how long it is until `time`, or `None` when that is no valid time.
    fn remaining(&self, time: u64) -> Option<Duration> {
        rfc3339(time)?;
        Some(Duration::from_secs(time.saturating_sub(self.now)))
    }

    /// Returns `in 12 min`, or `now`.
    fn until(&self, time: u64) -> Option<String> {
        Some(match self.remaining(time)? {
            Duration::ZERO => "now".to_owned(),
            left => format!("in {}", duration_text(left)),
        })
    }

    /// Returns `12 min ago`, or `just now`.
    fn since(&self, time: u64) -> Option<String> {
        rfc3339(time)?;
        Some(match self.now.saturating_sub(time) {
            0 => "just now".to_owned(),
            age => format!("{} ago", duration_text(Duration::from_secs(age))),
        })
    }
}

/// Returns a number with a comma before every three digits: `5,000,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// Like [`grouped`], and `?` for an unknown number.
fn grouped_or_unknown(number: Option<u64>) -> String {
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
        assert_eq!(grouped_or_unknown(None), "?");
    }

    #[test]
    fn times_are_relative_to_now() {
        let layout = TextLayout {
            now: 1_000_000,
            ..TextLayout::default()
        };
        assert_eq!(layout.until(1_000_720).as_deref(), Some("in 12 min"));
        assert_eq!(layout.until(5).as_deref(), Some("now"));
        assert_eq!(layout.until(u64::MAX), None);
        assert_eq!(layout.since(999_997).as_deref(), Some("3 s ago"));
        assert_eq!(layout.since(1_000_005).as_deref(), Some("just now"));
        assert_eq!(layout.since(u64::MAX), None);
    }
}
