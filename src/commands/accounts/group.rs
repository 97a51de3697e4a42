//! `playcookie accounts group`.

use serde::Serialize;

use super::{check_name, known, print_outcome, warn_about_shortcuts};
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::signals::Signals;
use crate::base::suggestion::did_you_mean;
use crate::cli::accounts::Group;
use crate::config::Configuration;
use crate::context::Context;
use crate::failures::input_needed;
use crate::run_error::RunError;
use crate::terminal::results::print;

/// A group as `--json` shows it.
#[derive(Serialize)]
struct GroupRow<'a> {
    group: &'a str,
    accounts: &'a [String],
}

pub(super) async fn run(
    context: &Context,
    group: &Group,
    signals: &mut Signals,
) -> Result<(), RunError> {
    let name = group.group.strip_prefix('@').unwrap_or(&group.group);
    check_name(name)?;
    if group.names.is_empty() && !group.remove && !group.delete {
        return Ok(print_members(context, name)?);
    }
    if !signals.or(may_replace(context, group, name)).await? {
        context.terminal.say(format_args!("nothing was changed"));
        return Ok(());
    }
    let mut edit = signals.or(context.edit_configuration()).await?;
    let before = &edit.document.original;
    // The answer was about the accounts that the group had then.
    if is_unconfirmed(group) && before.group(name) != context.configuration.group(name) {
        let message = format!("another program has changed the group @{name} meanwhile");
        let hint = "nothing was written; run it again";
        return Err(Failure::new(Reason::TryLater, message, hint).into());
    }
    let accounts = members(before, group, name)?;
    let names: Vec<_> = accounts.iter().map(String::as_str).collect();
    edit.document.set_group(name, &names);
    edit.write()?;
    let sentence = if accounts.is_empty() {
        format!("group removed: @{name}")
    } else {
        format!("`playcookie play @{name}` starts {}", accounts.join(", "))
    };
    let row = GroupRow {
        group: name,
        accounts: &accounts,
    };
    print_outcome(context, &sentence, &row)?;
    if accounts.is_empty() {
        warn_about_shortcuts(context, &format!("@{name}"), None);
    }
    Ok(())
}

/// Whether no option says what happens to the accounts that are in the group.
const fn is_unconfirmed(group: &Group) -> bool {
    !(group.replace || group.add || group.remove || group.delete)
}

/// Returns whether the members of a group may be replaced: the option says so, a person agrees, or no member is lost.
///
/// # Errors
/// When nobody can be asked, or an account is unknown.
async fn may_replace(context: &Context, group: &Group, name: &str) -> Result<bool, Failure> {
    if !is_unconfirmed(group) {
        return Ok(true);
    }
    let now = context.configuration.group(name).unwrap_or_default();
    let new = members(&context.configuration, group, name)?;
    let is_kept = |member: &String| new.iter().any(|new| new.eq_ignore_ascii_case(member));
    let lost: Vec<_> = now.iter().filter(|member| !is_kept(member)).collect();
    if lost.is_empty() {
        return Ok(true);
    }
    let lost: Vec<_> = lost.into_iter().map(|member| clean(member)).collect();
    if !context.terminal.can_ask() {
        return Err(input_needed(
            &format!("a confirmation to leave {} out of @{name}", lost.join(", ")),
            "confirm it with --replace, or add accounts with --add",
        ));
    }
    let prompt = format!("Leave {} out of @{name}? [y/N] ", lost.join(", "));
    Ok(context.terminal.ask_yes(&prompt).await == Some(true))
}

/// Prints the members of a group, one on each line.
fn print_members(context: &Context, name: &str) -> Result<(), Failure> {
    let accounts = existing(&context.configuration, name)?;
    let row = GroupRow {
        group: name,
        accounts,
    };
    print(&context.terminal, &row, || {
        accounts.iter().map(|name| clean(name) + "\n").collect()
    })
}

/// Returns the members that the group will have, each once, as the file spells them.
fn members(
    configuration: &Configuration,
    group: &Group,
    name: &str,
) -> Result<Vec<String>, Failure> {
    let mut members: Vec<String> = Vec::new();
    if group.add {
        members.extend_from_slice(configuration.group(name).unwrap_or_default());
    } else if group.remove || group.delete {
        let removed = &group.names;
        let now = existing(configuration, name)?;
        let is_removed = |member: &str| {
            removed.is_empty() || removed.iter().any(|it| it.eq_ignore_ascii_case(member))
        };
        if let Some(other) = removed
            .iter()
            .find(|it| !now.iter().any(|member| member.eq_ignore_ascii_case(it)))
        {
            return Err(Failure::usage(
                format!("\"{}\" is not in the group @{name}", clean(other)),
                format!("see `playcookie accounts group {name}` for its accounts"),
            ));
        }
        let left = now.iter().filter(|member| !is_removed(member));
        return Ok(left.cloned().collect());
    }
    for member in &group.names {
        let member = &known(configuration, member)?.name;
        if !members.iter().any(|it| it.eq_ignore_ascii_case(member)) {
            members.push(member.clone());
        }
    }
    Ok(members)
}

/// Returns the members of a group that exists.
fn existing<'c>(configuration: &'c Configuration, name: &str) -> Result<&'c [String], Failure> {
    configuration.group(name).ok_or_else(|| {
        let groups = configuration.groups.iter();
        let groups = groups.map(|(group, _)| group.as_str());
        let hint = match did_you_mean(name, groups) {
            Some(meant) => format!("did you mean \"@{meant}\"?"),
            None => "see `playcookie accounts list` for the groups".to_owned(),
        };
        Failure::usage(format!("there is no group @{name}"), hint)
    })
}
