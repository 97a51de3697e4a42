//! `playcookie accounts group`.

use serde_json::json;

use super::super::Context;
use super::{check_name, known, tell};
use crate::cli::accounts::Group;
use crate::cli::usage::wrong;

pub(super) fn run(context: &Context, group: &Group) -> anyhow::Result<()> {
    let name = group.group.strip_prefix('@').unwrap_or(&group.group);
    check_name(name)?;
    let members = context.file.change(|change| {
        if group.remove && change.before.group(name).is_none() {
            return Err(wrong(
                "there is no group of that name",
                "`playcookie accounts list` shows the groups",
            ));
        }
        let mut members: Vec<String> = Vec::new();
        for member in &group.names {
            let member = &known(&change.before, member)?.name;
            if !members.contains(member) {
                members.push(member.clone());
            }
        }
        let names: Vec<_> = members.iter().map(String::as_str).collect();
        change.set_group(name, &names);
        Ok(members)
    })?;
    let sentence = if group.remove {
        format!("@{name} is no group any more")
    } else {
        format!("`playcookie play @{name}` starts {}", members.join(", "))
    };
    tell(
        context,
        &sentence,
        &json!({ "group": name, "accounts": members }),
    )?;
    Ok(())
}
