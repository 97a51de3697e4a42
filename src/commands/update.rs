//! `playcookie <game> update`: install a game, or bring it up to date.

use crate::update::game::files;
use crate::update::game::progress;

use std::path::Path;

use super::{Context, RunError, unwritten};
use crate::auth::log_in::{Outcome, log_in};
use crate::auth::login_plan::{Typed, prepare};
use crate::auth::target::{LoginTarget, target};
use crate::base::failure::{Ending, Failure};
use crate::base::signals::Signals;
use crate::cli::update::Update;
use crate::config::options::Options;
use crate::credentials::store::CredentialStore;
use crate::games::{Downloads, GameId};
use crate::session::launch_plan::typed_about;
use crate::state::StateDirectory;
use crate::terminal::event::{Amount, Subject};
use crate::update::WorkerPool;
use crate::update::check::Depth;
use crate::update::game::at_login::AtLogin;
use crate::update::game::hosts::Hosts;
use crate::update::game::job::{Done, Findings, Job};

pub(crate) async fn run(
    context: &Context,
    game_id: GameId,
    update: &Update,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let whose = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        whose = whose(context, game_id, update) => whose,
    };
    let whose = whose.map_err(|failure| {
        RunError::new(LoginTarget::stranger(game_id, None).subject(), failure)
    })?;
    let subject = whose.subject();
    let trouble = |failure| RunError::new(subject.clone(), failure);
    // The list of the files is for everybody, so it takes no login to look.
    let is_at_login = AtLogin::is_for(context, &whose).map_err(trouble)? && !update.check;
    if is_at_login {
        return log_in_for(context, whose, update, signals).await;
    }
    let crew = WorkerPool::default();
    let outcome = tokio::select! {
        biased;
        signal = signals.next() => Ok(Ending::Stopped(signal)),
        outcome = act(context, &whose, &subject, update, &crew) => outcome.map(|()| Ending::Success),
    };
    // Those who were at a file put it away first.
    drop(crew);
    Ok(outcome.map_err(trouble)?)
}

/// The account whose options count, if one is named; where a login is needed, who logs in.
async fn whose(
    context: &Context,
    game_id: GameId,
    update: &Update,
) -> Result<LoginTarget, Failure> {
    let typed = Options {
        game_dir: update.game_dir.clone(),
        ..typed_about(&update.who, &update.server)
    };
    let is_named = !(update.who.accounts.is_empty() && update.who.group.is_empty());
    let logs_in = matches!(game_id.game().current.downloads, Downloads::AtLogin { .. });
    // What --check says is what an update would do: of the only account, where it takes no question which that is.
    let is_clear = !update.check || context.configuration.of_game(game_id).nth(1).is_none();
    if is_named || (logs_in && is_clear) {
        return target(context, game_id, &update.who, &typed).await;
    }
    let known = update.who.username.clone();
    Ok(LoginTarget::stranger(game_id, known).settled(context, &typed))
}

/// Brings up to date what a login tells the servers for.
async fn log_in_for(
    context: &Context,
    whose: LoginTarget,
    update: &Update,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let subject = whose.subject();
    let trouble = |failure| RunError::new(subject.clone(), failure);
    let at_login = AtLogin {
        directory: files::place(&whose).map_err(trouble)?,
        state: StateDirectory::user(),
        depth: depth(update),
        only: true,
        root: None,
    };
    at_login.check(context, &whose).map_err(trouble)?;
    let typed = Typed {
        who: &update.who,
        answers: &update.answers,
        server: &update.server,
        root: None,
        alone: true,
    };
    let credentials = CredentialStore::default();
    let prepared = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        prepared = prepare(context, &credentials, &typed, whose) => prepared,
    };
    let mut prepared = prepared.map_err(trouble)?;
    prepared.update = Some(at_login);
    match log_in(context, &credentials, prepared, signals).await? {
        Outcome::Ended(ending) => Ok(ending),
        Outcome::In(mut entry) => {
            entry.revocation.revoke(&context.terminal).await;
            Err(anyhow::anyhow!("a login did not stop at the update"))
        }
    }
}

async fn act(
    context: &Context,
    whose: &LoginTarget,
    subject: &Subject,
    update: &Update,
    crew: &WorkerPool,
) -> Result<(), Failure> {
    let directory = files::place(whose)?;
    let hosts = Hosts::of(context, whose, None);
    let state = StateDirectory::user();
    let job = Job {
        context,
        subject,
        directory: &directory,
        hosts: &hosts,
        state: &state,
        list: None,
        told: &[],
        depth: depth(update),
    };
    if update.check {
        return show(context, subject, &job.look().await?);
    }
    let done = job.bring(crew).await?;
    tell(context, subject, &directory, done);
    Ok(())
}

const fn depth(update: &Update) -> Depth {
    if update.verify {
        Depth::Full
    } else {
        Depth::Quick
    }
}

/// What was done.
pub(crate) fn tell(context: &Context, subject: &Subject, directory: &Path, done: Done) {
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
            let have = need.old_hash.as_ref();
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
