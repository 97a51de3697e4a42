//! `playcookie accounts group`.

use serde::Serialize;

use super::{check_name, known, tell};
use crate::base::failure::Failure;
use crate::base::signals::Signals;
use crate::cli::accounts::Group;
use crate::cli::usage::wrong;
use crate::config::document::ConfigDocument;
use crate::context::Context;
use crate::context::Stop;

/// A group as `--json` shows it.
#[derive(Serialize)]
struct Shown<'a> {
    group: &'a str,
    accounts: &'a [String],
}

pub(crate) async fn run(
    context: &Context,
    group: &Group,
    signals: &mut Signals,
) -> Result<(), Stop> {
    let name = group.group.strip_prefix('@').unwrap_or(&group.group);
    check_name(name)?;
    let draft = tokio::select! {
        biased;
        signal = signals.next() => return Err(Stop::Signal(signal)),
        draft = context.draft() => draft,
    };
    let mut draft = draft?;
    let accounts = members(&draft.document, group, name)?;
    let names: Vec<_> = accounts.iter().map(String::as_str).collect();
    draft.document.set_group(name, &names);
    draft.write()?;
    let sentence = if group.remove {
        format!("@{name} is no group any more")
    } else {
        format!("`playcookie play @{name}` starts {}", accounts.join(", "))
    };
    let shown = Shown {
        group: name,
        accounts: &accounts,
    };
    Ok(tell(context, &sentence, &shown)?)
}

/// The accounts that were named, each once, as they are spelled in the file.
fn members(change: &ConfigDocument, group: &Group, name: &str) -> Result<Vec<String>, Failure> {
    if group.remove && change.original.group(name).is_none() {
        return Err(wrong(
            "there is no group of that name",
            "`playcookie accounts list` shows the groups",
        ));
    }
    let mut members: Vec<String> = Vec::new();
    for member in &group.names {
        let member = &known(&change.original, member)?.name;
        if !members.contains(member) {
            members.push(member.clone());
        }
    }
    Ok(members)
}
