//! `playcookie <game> update`: install a game, or bring it up to date.

pub(super) mod ahead;
mod bring;
mod depot;
mod failure;
mod progress;

use std::path::Path;

use super::plan::typed_about;
use super::who::{Entrant, entrant};
use super::{Context, Trouble, unwritten};
use crate::accounts::options::Options;
use crate::cli::update::Update;
use crate::event::{Amount, Subject};
use crate::exit::{Ending, Failure};
use crate::game::Title;
use crate::signals::Signals;
use crate::state::State;
use crate::update::Crew;
use crate::update::check::Depth;
use bring::{Done, Findings, Job};
use depot::Hosts;

pub(super) async fn run(
    context: &Context,
    title: Title,
    update: &Update,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let typed = Options {
        game_dir: update.game_dir.clone(),
        ..typed_about(&update.who, &update.server)
    };
    let whose = whose(context, title, update, &typed).await;
    let whose =
        whose.map_err(|failure| Trouble::new(Entrant::stranger(title, None).subject(), failure))?;
    let subject = whose.subject();
    let crew = Crew::default();
    let outcome = tokio::select! {
        biased;
        signal = signals.next() => Ok(Ending::Stopped(signal)),
        outcome = act(context, &whose, &subject, update, &crew) => outcome.map(|()| Ending::Success),
    };
    // Those who were at a file put it away first.
    drop(crew);
    Ok(outcome.map_err(|failure| Trouble::new(subject, failure))?)
}

/// The account whose options count, if one is named.
async fn whose(
    context: &Context,
    title: Title,
    update: &Update,
    typed: &Options,
) -> Result<Entrant, Failure> {
    if update.who.accounts.is_empty() && update.who.group.is_empty() {
        let known = update.who.username.clone();
        return Ok(Entrant::stranger(title, known).settled(context, typed));
    }
    entrant(context, title, &update.who, typed).await
}

async fn act(
    context: &Context,
    whose: &Entrant,
    subject: &Subject,
    update: &Update,
    crew: &Crew,
) -> Result<(), Failure> {
    let directory = ahead::place(whose)?;
    let hosts = Hosts::of(context, whose, None);
    let state = State::here();
    let job = Job {
        context,
        subject,
        directory: &directory,
        hosts: &hosts,
        state: &state,
        list: None,
        told: &[],
        depth: if update.verify {
            Depth::Whole
        } else {
            Depth::Quick
        },
    };
    if update.check {
        return show(context, subject, &job.look().await?);
    }
    let done = job.bring(crew).await?;
    tell(context, subject, &directory, done);
    Ok(())
}

/// What was done.
fn tell(context: &Context, subject: &Subject, directory: &Path, done: Done) {
    let Done {
        files,
        placed,
        fetched,
    } = done;
    let (name, place) = (subject.label(), directory.display());
    let words = match placed {
        0 => format!("{name}: up to date, {files} files in {place}"),
        _ => format!(
            "{name}: {placed} of {files} files brought up to date in {place}, {} downloaded",
            Amount(fetched)
        ),
    };
    context.terminal.say(format_args!("{words}"));
}

/// What would be done: a line per file, and how many.
fn show(context: &Context, subject: &Subject, findings: &Findings) -> Result<(), Failure> {
    let Findings { manifest, needs } = findings;
    let terminal = &context.terminal;
    if terminal.json().is_some() {
        progress::Progress::new(terminal, subject, needs.len()).tell_all();
        return Ok(());
    }
    let mut lines: Vec<String> = needs
        .iter()
        .filter_map(|need| {
            let file = manifest.files.get(need.index)?;
            let have = need.have.as_ref();
            let has_patch = have.is_some_and(|have| file.patches.contains_key(have));
            let what = if has_patch { "patch" } else { "fetch" };
            Some(format!("{what}  {}", file.name))
        })
        .collect();
    let (name, all) = (subject.label(), manifest.files.len());
    lines.push(match needs.len() {
        0 => format!("{name}: up to date, {all} files"),
        some => format!("{name}: {some} of {all} files are not as they should be"),
    });
    let text = lines.join("\n") + "\n";
    let written = terminal.result(text.as_bytes());
    written.map_err(|error| unwritten(&error))
}
