//! Names of files below a game's directory, and nowhere else.

use std::collections::BTreeMap;
use std::fmt;

use crate::base::sanitize::escaped;

/// The longest part of a name, in bytes: file systems take 255, and what is under way has a longer name.
const LONGEST_PART: usize = 180;
/// The longest name, in bytes.
const LONGEST: usize = 1024;
/// What the names of unfinished files end with, behind a dot.
const UNDER_WAY: &[&str] = &["part", "new"];
/// Names that Windows keeps for devices, whatever follows a dot.
const DEVICES: &[&str] = &[
    "con", "prn", "aux", "nul", "conin$", "conout$", "com0", "com1", "com2", "com3", "com4",
    "com5", "com6", "com7", "com8", "com9", "com¹", "com²", "com³", "lpt0", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "lpt¹", "lpt²", "lpt³",
];

/// What a system makes of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Whether names that differ only in case are one.
    pub ignores_case: bool,
    /// Whether devices have names everywhere, and dots and spaces at the end of a name are dropped.
    pub has_devices: bool,
}

impl Rules {
    /// Those of the system that this program was built for.
    pub const HERE: Self = Self {
        ignores_case: cfg!(any(windows, target_os = "macos")),
        has_devices: cfg!(windows),
    };
}

/// The place of a file below the game's directory: parts of a path, each a plain name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    /// It is empty, or a part of it is.
    #[error("has an empty part")]
    Empty,
    /// It begins at the root of a disk.
    #[error("is an absolute path")]
    Absolute,
    /// A part is `.` or `..`.
    #[error("leads elsewhere")]
    Dots,
    /// It holds a backslash, or a colon, which are a folder and a disk on Windows.
    #[error("holds a character that is part of a path on Windows")]
    Separator,
    /// It holds a control character, or one that nobody sees.
    #[error("holds a control character")]
    Control,
    /// It is not UTF-8.
    #[error("is not text")]
    NoText,
    /// It is longer than file systems take.
    #[error("is too long")]
    Long,
    /// Windows keeps it for a device, or would drop the end of it.
    #[error("is not a name of a file on Windows")]
    Device,
    /// It is one that this program gives to what is under way.
    #[error("is a name for unfinished downloads")]
    Ours,
    /// Another file of the same manifest has it, or is below it.
    #[error("is there twice, or is both a file and a folder")]
    Twice,
}

impl Name {
    /// Reads a name with `/` between its parts.
    ///
    /// # Errors
    /// When a system with these rules could take it for anything but a file below the game's directory.
    pub fn new(name: &str, rules: Rules) -> Result<Self, FileNameError> {
        if name.starts_with('/') {
            return Err(FileNameError::Absolute);
        }
        if name.len() > LONGEST {
            return Err(FileNameError::Long);
        }
        for part in name.split('/') {
            check(part, rules)?;
        }
        Ok(Self(name.to_owned()))
    }

    /// The parts: folders, and the file.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    /// The folders that it is in, with `/` between them; nothing for a file in the game's directory itself.
    pub fn folder(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(folder, _)| folder)
    }

    /// The file's own name.
    pub fn file(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, file)| file)
    }

    /// The whole, with `/` between its parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same, safe to show.
    pub fn shown(&self) -> String {
        escaped(&self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown())
    }
}

fn check(part: &str, rules: Rules) -> Result<(), FileNameError> {
    if part.is_empty() {
        return Err(FileNameError::Empty);
    }
    if part == "." || part == ".." {
        return Err(FileNameError::Dots);
    }
    if part.contains(['\\', ':']) {
        return Err(FileNameError::Separator);
    }
    if escaped(part) != part {
        return Err(FileNameError::Control);
    }
    if part.len() > LONGEST_PART {
        return Err(FileNameError::Long);
    }
    if is_ours(part) {
        return Err(FileNameError::Ours);
    }
    if rules.has_devices && !is_file_on_windows(part) {
        return Err(FileNameError::Device);
    }
    Ok(())
}

/// Whether a name is one of what is under way: `.NAME.HASH.part` and `.NAME.HASH.new`.
fn is_ours(part: &str) -> bool {
    let end = part.rsplit('.').next().unwrap_or_default();
    part.starts_with('.') && UNDER_WAY.iter().any(|word| word.eq_ignore_ascii_case(end))
}

fn is_file_on_windows(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_lowercase();
    !part.ends_with(['.', ' '])
        && !part.contains(['<', '>', '"', '|', '?', '*'])
        && !DEVICES.contains(&stem.as_str())
}

/// The first name that another one is equal to, or a folder of, on a system with these rules.
pub fn collision<'n>(names: impl Iterator<Item = &'n Name>, rules: Rules) -> Option<&'n Name> {
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    for name in names {
        let whole = folded(name.as_str(), rules);
        let folders = whole.match_indices('/').map(|(at, _)| &whole[..at]);
        for folder in folders {
            if *seen.entry(folder.to_owned()).or_insert(true) {
                continue;
            }
            return Some(name);
        }
        if seen.insert(whole, false).is_some() {
            return Some(name);
        }
    }
    None
}

fn folded(name: &str, rules: Rules) -> String {
    if rules.ignores_case {
        // Twice, since what a system folds in upper case may differ from what it folds in lower case.
        name.to_uppercase().to_lowercase()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINUX: Rules = Rules {
        ignores_case: false,
        has_devices: false,
    };
    const WINDOWS: Rules = Rules {
        ignores_case: true,
        has_devices: true,
    };

    #[test]
    fn a_name_is_a_file_below_the_games_directory() {
        for good in [
            "TTREngine",
            "resources/default/phase_3.mf",
            "a b/ü.txt",
            "...",
            ".hidden",
            "Toontown Rewritten.app/Contents/MacOS/TTREngine",
        ] {
            assert!(Name::new(good, LINUX).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_leads_anywhere_else_is_refused_on_every_system() {
        for (bad, why) in [
            ("", FileNameError::Empty),
            ("a//b", FileNameError::Empty),
            ("a/", FileNameError::Empty),
            ("/etc/passwd", FileNameError::Absolute),
            ("//server/share", FileNameError::Absolute),
            ("..", FileNameError::Dots),
            ("a/../../b", FileNameError::Dots),
            ("./a", FileNameError::Dots),
            ("..\\a", FileNameError::Separator),
            ("a\\b", FileNameError::Separator),
            ("C:a", FileNameError::Separator),
            ("C:/a", FileNameError::Separator),
            ("a:stream", FileNameError::Separator),
            ("a\0b", FileNameError::Control),
            ("a\nb", FileNameError::Control),
            ("a\u{202e}b", FileNameError::Control),
            (".a.0123456.part", FileNameError::Ours),
            ("b/.a.0123456.NEW", FileNameError::Ours),
        ] {
            for rules in [LINUX, WINDOWS] {
                assert_eq!(Name::new(bad, rules), Err(why), "{bad:?}");
            }
        }
        let long = "x".repeat(LONGEST_PART + 1);
        assert_eq!(Name::new(&long, LINUX), Err(FileNameError::Long));
        assert_eq!(
            Name::new(&"x/".repeat(LONGEST), LINUX),
            Err(FileNameError::Long)
        );
    }

    #[test]
    fn names_of_devices_are_refused_where_there_are_some() {
        for bad in [
            "NUL", "nul.txt", "a/Con", "com1.dll", "LPT9 .x", "a.", "b ", "what?", "conin$",
        ] {
            assert_eq!(Name::new(bad, WINDOWS), Err(FileNameError::Device), "{bad}");
            assert!(Name::new(bad, LINUX).is_ok(), "{bad}");
        }
        for good in ["null", "console.txt", "com", "com10"] {
            assert!(Name::new(good, WINDOWS).is_ok(), "{good}");
        }
    }

    fn collides(names: &[&str], rules: Rules) -> bool {
        let names: Vec<Name> = names
            .iter()
            .map(|name| Name::new(name, rules).expect("a name"))
            .collect();
        collision(names.iter(), rules).is_some()
    }

    #[test]
    fn two_files_of_one_name_collide_and_so_do_a_file_and_a_folder() {
        assert!(!collides(&["a/b", "a/c", "b", "d/a/b"], LINUX));
        assert!(collides(&["a", "a"], LINUX));
        assert!(collides(&["a", "a/b"], LINUX));
        assert!(collides(&["a/b/c", "a/b"], LINUX));
    }

    #[test]
    fn case_counts_where_the_system_sees_it() {
        for names in [["a/B", "a/b"], ["a", "A/b"], ["ß", "SS"]] {
            assert!(!collides(&names, LINUX), "{names:?}");
            assert!(collides(&names, WINDOWS), "{names:?}");
        }
    }
}
