//! `playcookie accounts`: what is remembered.

use super::Context;
use crate::cli::accounts::Verb;
use crate::exit::Ending;
use crate::signals::Signals;

pub(super) async fn run(
    context: &Context,
    verb: Verb,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let _ = (context, verb, signals);
    Ok(Ending::Success)
}
