//! Adds names to the list of variables that a bottle passes on. The rest of `bottle.yml` stays as it is.

use std::path::Path;

use super::bottles::{INHERITED, withheld_variables};
use super::yaml;
use crate::base::failure::{Failure, Reason};
use crate::base::files;
use crate::launch::search_paths::SearchPaths;

/// What is added to the name of the file for its copy.
const COPY: &str = "before-playcookie";

/// Adds the names that are missing. The file before the change is kept beside it.
pub(super) fn add_variables(
    folder: &Path,
    names: &[&'static str],
    paths: &SearchPaths,
) -> Result<(), Failure> {
    let missing = withheld_variables(folder, names, paths)?;
    if missing.is_empty() {
        return Ok(());
    }
    let path = files::resolve_links(&folder.join("bottle.yml"));
    let failed = |why: &str| {
        Failure::new(
            Reason::Io,
            format!("{} cannot be changed ({why})", path.display()),
            format!("add {} to {INHERITED} yourself", missing.join(", ")),
        )
    };
    let bytes = files::read(&path).map_err(|error| failed(&error.to_string()))?;
    let text =
        String::from_utf8(bytes.unwrap_or_default()).map_err(|_| failed("it is not UTF-8"))?;
    let changed =
        with_names(&text, &missing).ok_or_else(|| failed("its list has an unknown form"))?;
    let copy = path.with_added_extension(COPY);
    files::replace(&copy, text.as_bytes(), true)
        .and_then(|()| files::replace(&path, changed.as_bytes(), true))
        .map_err(|error| failed(&error.to_string()))
}

/// Returns the text with these names at the end of the list; `None` when the result would not be what is wanted.
fn with_names(text: &str, names: &[&str]) -> Option<String> {
    let changed = insert(text, names)?;
    let (before, after) = (yaml::parse(text).ok()?, yaml::parse(&changed).ok()?);
    let list = |values: &super::key_values::KeyValues| {
        let names = values.table(&[INHERITED]).map(|(_, name)| name.to_owned());
        names.collect::<Vec<_>>()
    };
    let rest = |values: &super::key_values::KeyValues| {
        let others = values
            .below(&[])
            .filter(|(keys, _)| keys.first() != Some(&INHERITED));
        let own = |(keys, value): (Vec<&str>, &str)| (keys.join("/"), value.to_owned());
        others.map(own).collect::<Vec<_>>()
    };
    let mut wanted = list(&before);
    wanted.extend(names.iter().map(|name| (*name).to_owned()));
    (list(&after) == wanted && rest(&before) == rest(&after)).then_some(changed)
}

fn insert(text: &str, names: &[&str]) -> Option<String> {
    let lines: Vec<_> = text.lines().collect();
    let key = format!("{INHERITED}:");
    let items = |indent: &str| {
        let item = |name: &&str| format!("{indent}- {name}");
        names.iter().map(item).collect::<Vec<_>>()
    };
    let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let Some(at) = lines.iter().position(|line| line.starts_with(&key)) else {
        changed.push(key);
        changed.extend(items(""));
        return Some(changed.join("\n") + "\n");
    };
    let value = lines.get(at)?.strip_prefix(&key)?.trim();
    match value {
        "" => {
            let after = lines.iter().skip(at + 1);
            let is_item = |line: &&&str| line.trim_start().starts_with("- ");
            let count = after.clone().take_while(is_item).count();
            let first = after.clone().next().filter(|_| count > 0);
            let indent = first.map_or("", |line| {
                line.split_at(line.len() - line.trim_start().len()).0
            });
            changed.splice(at + 1 + count..at + 1 + count, items(indent));
        }
        "[]" | "null" | "~" => {
            changed.splice(at..=at, std::iter::once(key).chain(items("")));
        }
        _ => {
            let list = value.strip_suffix(']')?;
            *changed.get_mut(at)? = format!("{key} {list}, {}]", names.join(", "));
        }
    }
    Some(changed.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_added_to_every_form_of_the_list() {
        for (before, after) in [
            (
                "A: 1\n",
                "A: 1\nInherited_Environment_Variables:\n- X\n- Y\n",
            ),
            (
                "Inherited_Environment_Variables: []\nB: 2\n",
                "Inherited_Environment_Variables:\n- X\n- Y\nB: 2\n",
            ),
            (
                "Inherited_Environment_Variables:\n- A\nB: 2\n",
                "Inherited_Environment_Variables:\n- A\n- X\n- Y\nB: 2\n",
            ),
            (
                "Inherited_Environment_Variables:\n  - A\n  - B\n",
                "Inherited_Environment_Variables:\n  - A\n  - B\n  - X\n  - Y\n",
            ),
            (
                "Inherited_Environment_Variables: [A, B]\n",
                "Inherited_Environment_Variables: [A, B, X, Y]\n",
            ),
        ] {
            let changed = with_names(before, &["X", "Y"]);
            assert_eq!(changed.as_deref(), Some(after));
        }
    }

    #[test]
    fn a_list_of_another_form_is_not_changed() {
        for text in [
            "Inherited_Environment_Variables: [A,\n  B]\n",
            "Inherited_Environment_Variables: &a\n- A\nB: *a\n",
            "Inherited_Environment_Variables: word\n",
        ] {
            assert_eq!(with_names(text, &["X"]), None);
        }
    }
}
