//! The content of Steam's `shortcuts.vdf`.
//!
//! Steam changes the ids of entries, so an entry is this program's own when its name and its program are.

use flate2::Crc;

use super::vdf::{self, VdfItem};
use super::{Shortcut, title};
use crate::games::GameId;

/// The key of the map of all entries.
const ENTRIES: &str = "shortcuts";

/// The keys of what starts an entry.
const STARTING: [&str; 3] = ["Exe", "StartDir", "LaunchOptions"];

/// The content of a `shortcuts.vdf`. What is not changed is written as it was read.
#[derive(Debug, Default)]
pub struct SteamShortcuts {
    /// The items of the file; one of them is the map of the entries.
    items: Vec<VdfItem>,
    /// The items of that map.
    entries: Vec<VdfItem>,
    /// Whether the byte that ends the items is missing, as some programs leave it out.
    is_open: bool,
    /// What follows the items.
    rest: Vec<u8>,
}

impl SteamShortcuts {
    /// Reads a file; `None` when it has another form. An empty file has no entries.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::default());
        }
        let closed = vdf::read(bytes).map(|(items, rest)| (items, rest.to_vec()));
        let is_open = closed.is_none();
        let (items, rest) = match closed {
            Some(read) => read,
            None => (vdf::read(&[bytes, &[8]].concat())?.0, Vec::new()),
        };
        let entries = vdf::find(&items, ENTRIES)?.items()?;
        Some(Self {
            items,
            entries,
            is_open,
            rest,
        })
    }

    /// Returns the bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut items = self.items.clone();
        vdf::set(&mut items, VdfItem::map(ENTRIES, &self.entries));
        let mut bytes = vdf::write(&items);
        if self.is_open {
            bytes.pop();
        }
        bytes.extend(&self.rest);
        bytes
    }

    /// Returns the targets of this program's own entries.
    pub fn targets(&self) -> Vec<String> {
        let targets = self.entries.iter().filter_map(VdfItem::items);
        targets.filter_map(|entry| target(&entry)).collect()
    }

    /// Adds an entry. If there is one with the same target, changes what starts it and keeps the rest, such as its id.
    pub fn add(&mut self, shortcut: &Shortcut, icon: &str) {
        let is_same = |entry: &&mut VdfItem| {
            let target = entry.items().and_then(|entry| target(&entry));
            target.as_ref() == Some(&shortcut.target)
        };
        let fields = fields(shortcut, icon);
        if let Some(entry) = self.entries.iter_mut().find(is_same) {
            let mut items = entry.items().unwrap_or_default();
            for field in fields {
                if STARTING.iter().any(|key| field.has_key(key)) {
                    vdf::set(&mut items, field);
                }
            }
            entry.set_items(&items);
        } else {
            let indices = self.entries.iter().filter_map(VdfItem::index);
            let index = indices.max().map_or(0, |last| last.saturating_add(1));
            let entry = VdfItem::map(&index.to_string(), &fields);
            self.entries.push(entry);
        }
    }

    /// Removes this program's own entries with these targets, and numbers the others again.
    pub fn remove(&mut self, targets: &[&str]) {
        let count = self.entries.len();
        self.entries.retain(|entry| {
            let target = entry.items().and_then(|entry| target(&entry));
            !target.is_some_and(|target| targets.contains(&&*target))
        });
        if self.entries.len() < count {
            for (index, entry) in self.entries.iter_mut().enumerate() {
                entry.set_index(index);
            }
        }
    }
}

/// Returns what an entry starts if it is this program's own: its program is, and its name is the title that the target has.
fn target(entry: &[VdfItem]) -> Option<String> {
    let text = |key| vdf::find(entry, key).and_then(VdfItem::as_text);
    let program = text("Exe")?.trim_matches('"');
    let file = program.rsplit(['/', '\\']).next()?;
    let file = file.strip_suffix(".exe").unwrap_or(file);
    let target = text("LaunchOptions")?.rsplit(' ').next()?;
    let name = text("AppName")?;
    let mut games = GameId::ALL.into_iter().map(Some).chain([None]);
    let is_own = file == "playcookie" && games.any(|game_id| title(game_id, target) == name);
    is_own.then(|| target.to_owned())
}

/// Returns the fields of a new entry, in the order in which Steam writes them.
fn fields(shortcut: &Shortcut, icon: &str) -> [VdfItem; 17] {
    let (name, program) = (shortcut.title(), format!("\"{}\"", shortcut.program));
    let folder = shortcut.program.rsplit_once(['/', '\\']);
    let folder = folder.map(|(folder, _)| folder).unwrap_or_default();
    let arguments = shortcut.arguments.iter().map(|word| quoted(word));
    let arguments: Vec<_> = arguments.collect();
    let text = VdfItem::text;
    let number = VdfItem::number;
    [
        number("appid", app_id(&program, &name)),
        text("AppName", &name),
        text("Exe", &program),
        text("StartDir", &format!("\"{folder}/\"")),
        text("icon", icon),
        text("ShortcutPath", ""),
        text("LaunchOptions", &arguments.join(" ")),
        number("IsHidden", 0),
        number("AllowDesktopConfig", 1),
        number("AllowOverlay", 1),
        number("OpenVR", 0),
        number("Devkit", 0),
        text("DevkitGameID", ""),
        number("DevkitOverrideAppID", 0),
        number("LastPlayTime", 0),
        text("FlatpakAppID", ""),
        VdfItem::map("tags", &[]),
    ]
}

/// Returns the id of a new entry. `program` contains its quotes.
fn app_id(program: &str, name: &str) -> u32 {
    let mut crc = Crc::new();
    crc.update(program.as_bytes());
    crc.update(name.as_bytes());
    crc.sum() | 0x8000_0000
}

/// Quotes a launch option, which a shell reads.
#[cfg(not(windows))]
fn quoted(word: &str) -> String {
    crate::base::sanitize::shell_word(word)
}

/// Quotes a launch option. No path on Windows contains a quote.
#[cfg(windows)]
fn quoted(word: &str) -> String {
    super::shell_link::quoted(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortcut(target: &str, program: &str) -> Shortcut {
        Shortcut {
            target: target.to_owned(),
            game_id: (!target.starts_with('@')).then_some(GameId::Ttr),
            program: program.to_owned(),
            arguments: vec!["play".to_owned(), target.to_owned()],
            needs_terminal: false,
        }
    }

    #[test]
    fn the_id_is_a_checksum_of_the_quoted_program_and_the_name() {
        let id = app_id("\"/usr/bin/playcookie\"", "Toontown Rewritten");
        assert_eq!(id, 0xfb69_62e1);
        let field = VdfItem::number("appid", id);
        let bytes = vdf::write(&[field]);
        assert!(bytes.ends_with(&[0xe1, 0x62, 0x69, 0xfb, 8]));
    }

    #[test]
    fn an_added_entry_is_found_and_removed_and_the_others_are_numbered_again() {
        let mut file = SteamShortcuts::default();
        for target in ["alice", "@evening", "ttr"] {
            file.add(&shortcut(target, "/opt/a b/playcookie"), "");
        }
        let mut file = SteamShortcuts::read(&file.bytes()).expect("a file");
        assert_eq!(file.targets(), ["alice", "@evening", "ttr"]);
        file.remove(&["alice"]);
        assert_eq!(file.targets(), ["@evening", "ttr"]);
        let indices: Vec<_> = file.entries.iter().filter_map(VdfItem::index).collect();
        assert_eq!(indices, [0, 1]);
        file.remove(&["@evening", "ttr"]);
        assert_eq!(file.bytes(), b"\0shortcuts\0\x08\x08");
    }

    #[test]
    fn a_changed_entry_keeps_its_id_and_whatever_else_steam_has_written() {
        let mut file = SteamShortcuts::default();
        file.add(&shortcut("alice", "/old/playcookie"), "");
        let mut entry = file.entries[0].items().expect("a map");
        vdf::set(&mut entry, VdfItem::number("appid", 7));
        vdf::set(&mut entry, VdfItem::text("Unknown", "x"));
        file.entries[0].set_items(&entry);
        file.add(&shortcut("alice", "/new/playcookie"), "");
        assert_eq!(file.entries.len(), 1);
        let entry = file.entries[0].items().expect("a map");
        let text = |key| vdf::find(&entry, key).and_then(VdfItem::as_text);
        assert_eq!(text("exe"), Some("\"/new/playcookie\""));
        assert_eq!(text("unknown"), Some("x"));
        assert_eq!(
            vdf::find(&entry, "appid"),
            Some(&VdfItem::number("appid", 7))
        );
    }

    #[test]
    fn an_entry_with_another_name_or_program_is_not_our_own() {
        for (name, program) in [
            ("My toon", "\"/usr/bin/playcookie\""),
            ("Toontown Rewritten (alice)", "\"/usr/bin/other\""),
            ("Toontown Rewritten (bob)", "\"/usr/bin/playcookie\""),
        ] {
            let entry = [
                VdfItem::text("appname", name),
                VdfItem::text("exe", program),
                VdfItem::text("LaunchOptions", "play alice"),
            ];
            assert_eq!(target(&entry), None, "{name}");
        }
    }
}
