//! `playcookie accounts group`.

use serde::Serialize;

use super::{check_name, known, print_outcome};
use crate::base::failure::Failure;
use crate::base::signals::Signals;
use crate::cli::accounts::Group;
use crate::config::document::ConfigurationDocument;
use crate::context::Context;
use crate::run_error::RunError;

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
    let mut edit = signals.or(context.edit_configuration()).await?;
    let accounts = members(&edit.document, group, name)?;
    let names: Vec<_> = accounts.iter().map(String::as_str).collect();
    edit.document.set_group(name, &names);
    edit.write()?;
    let sentence = if group.remove {
        format!("group removed: @{name}")
    } else {
        format!("`playcookie play @{name}` starts {}", accounts.join(", "))
    };
    let row = GroupRow {
        group: name,
        accounts: &accounts,
    };
    Ok(print_outcome(context, &sentence, &row)?)
}

/// Returns the members that were named, each once, as the file spells them.
fn members(
    document: &ConfigurationDocument,
    group: &Group,
    name: &str,
) -> Result<Vec<String>, Failure> {
    if group.remove && document.original.group(name).is_none() {
        return Err(Failure::usage(
            format!("there is no group @{name}"),
            "`playcookie accounts list` shows the groups",
        ));
    }
    let mut members: Vec<String> = Vec::new();
    for member in &group.names {
        let member = &known(&document.original, member)?.name;
        if !members.contains(member) {
            members.push(member.clone());
        }
    }
    Ok(members)
}
