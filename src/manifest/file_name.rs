//! File names in a manifest: relative paths that cannot lead out of the game's directory.

use std::collections::BTreeMap;

use crate::base::sanitize::escaped;

/// The maximum length of a component in bytes. File systems allow 255, and names of unfinished downloads are longer.
const MAX_COMPONENT: usize = 180;
/// The maximum length of a name in bytes.
const MAX_LENGTH: usize = 1024;
/// The extensions of unfinished downloads.
const UNFINISHED: &[&str] = &["part", "new"];
/// Names that Windows reserves for devices, with any extension.
const DEVICES: &[&str] = &[
    "con", "prn", "aux", "nul", "conin$", "conout$", "com0", "com1", "com2", "com3", "com4",
    "com5", "com6", "com7", "com8", "com9", "com¹", "com²", "com³", "lpt0", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "lpt¹", "lpt²", "lpt³",
];

/// How an operating system interprets file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameRules {
    /// Whether names that differ only in case are the same.
    pub ignores_case: bool,
    /// Whether device names are reserved in every directory, and dots and spaces at the end of a name are dropped.
    pub has_devices: bool,
}

impl NameRules {
    /// The rules of the system that this program was built for.
    pub const HERE: Self = Self {
        ignores_case: cfg!(any(windows, target_os = "macos")),
        has_devices: cfg!(windows),
    };
}

/// A path below the game's directory, with `/` between its components.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileName(String);

/// Why a file name is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    /// The name or one of its components is empty.
    #[error("has an empty component")]
    Empty,
    /// The name begins with a slash.
    #[error("is an absolute path")]
    Absolute,
    /// A component is `.` or `..`.
    #[error("has . or .. as a component")]
    Dots,
    /// The name contains a backslash or a colon, which separate directories and drives on Windows.
    #[error("contains a backslash or a colon")]
    Separator,
    /// The name contains a control character or an invisible one.
    #[error("contains a control character")]
    Control,
    /// The name is not UTF-8.
    #[error("is not UTF-8")]
    NotUtf8,
    /// The name is longer than file systems allow.
    #[error("is too long")]
    TooLong,
    /// The name is reserved on Windows, or Windows would drop its end.
    #[error("is not a valid file name on Windows")]
    Device,
    /// The name is one that this program uses for unfinished downloads.
    #[error("is reserved for unfinished downloads")]
    Reserved,
    /// The name belongs to two files, or to a file and a directory.
    #[error("occurs twice, or is both a file and a directory")]
    Duplicate,
}

impl FileName {
    /// Checks a name with `/` between its components.
    ///
    /// # Errors
    /// When a system with these rules could interpret it as anything but a file below the game's directory.
    pub fn new(name: &str, rules: NameRules) -> Result<Self, FileNameError> {
        if name.starts_with('/') {
            return Err(FileNameError::Absolute);
        }
        if name.len() > MAX_LENGTH {
            return Err(FileNameError::TooLong);
        }
        for component in name.split('/') {
            check(component, rules)?;
        }
        Ok(Self(name.to_owned()))
    }

    /// Returns the components: the directories and the file.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    /// Returns the directory of the file; `None` for a file directly in the game's directory.
    pub fn directory(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(directory, _)| directory)
    }

    /// Returns the last component.
    pub fn file_name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, file)| file)
    }

    /// Returns the whole path, with `/` between its components.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path, escaped for display.
    pub fn escaped(&self) -> String {
        escaped(&self.0)
    }
}

fn check(component: &str, rules: NameRules) -> Result<(), FileNameError> {
    if component.is_empty() {
        return Err(FileNameError::Empty);
    }
    if component == "." || component == ".." {
        return Err(FileNameError::Dots);
    }
    if component.contains(['\\', ':']) {
        return Err(FileNameError::Separator);
    }
    if escaped(component) != component {
        return Err(FileNameError::Control);
    }
    if component.len() > MAX_COMPONENT {
        return Err(FileNameError::TooLong);
    }
    if is_reserved(component) {
        return Err(FileNameError::Reserved);
    }
    if rules.has_devices && !is_valid_on_windows(component) {
        return Err(FileNameError::Device);
    }
    Ok(())
}

/// Whether a name is one of an unfinished download: `.NAME.HASH.part` or `.NAME.HASH.new`.
fn is_reserved(component: &str) -> bool {
    let extension = component.rsplit('.').next().unwrap_or_default();
    let is_unfinished = |known: &&str| known.eq_ignore_ascii_case(extension);
    component.starts_with('.') && UNFINISHED.iter().any(is_unfinished)
}

fn is_valid_on_windows(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_lowercase();
    !component.ends_with(['.', ' '])
        && !component.contains(['<', '>', '"', '|', '?', '*'])
        && !DEVICES.contains(&stem.as_str())
}

/// Returns the first name that is the same as an earlier one by these rules, or that makes a file of an earlier directory
/// or a directory of an earlier file.
pub(super) fn find_collision<'n>(
    names: impl Iterator<Item = &'n FileName>,
    rules: NameRules,
) -> Option<&'n FileName> {
    // Whether each path is a directory.
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    for name in names {
        let path = folded(name.as_str(), rules);
        let directories = path.match_indices('/').map(|(at, _)| &path[..at]);
        for directory in directories {
            if *seen.entry(directory.to_owned()).or_insert(true) {
                continue;
            }
            return Some(name);
        }
        if seen.insert(path, false).is_some() {
            return Some(name);
        }
    }
    None
}

fn folded(name: &str, rules: NameRules) -> String {
    if rules.ignores_case {
        // Both conversions are needed: some characters are equal only in upper case, others only in lower case.
        name.to_uppercase().to_lowercase()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINUX: NameRules = NameRules {
        ignores_case: false,
        has_devices: false,
    };
    const WINDOWS: NameRules = NameRules {
        ignores_case: true,
        has_devices: true,
    };

    #[test]
    fn a_relative_path_is_a_valid_name() {
        for good in [
            "TTREngine",
            "resources/default/phase_3.mf",
            "a b/ü.txt",
            "...",
            ".hidden",
            "Toontown Rewritten.app/Contents/MacOS/TTREngine",
        ] {
            assert!(FileName::new(good, LINUX).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_refused_on_every_system() {
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
            (".a.0123456.part", FileNameError::Reserved),
            ("b/.a.0123456.NEW", FileNameError::Reserved),
        ] {
            for rules in [LINUX, WINDOWS] {
                assert_eq!(FileName::new(bad, rules), Err(why), "{bad:?}");
            }
        }
        let long = "x".repeat(MAX_COMPONENT + 1);
        assert_eq!(FileName::new(&long, LINUX), Err(FileNameError::TooLong));
        assert_eq!(
            FileName::new(&"x/".repeat(MAX_LENGTH), LINUX),
            Err(FileNameError::TooLong)
        );
    }

    #[test]
    fn device_names_are_refused_on_windows() {
        for bad in [
            "NUL", "nul.txt", "a/Con", "com1.dll", "LPT9 .x", "a.", "b ", "what?", "conin$",
        ] {
            assert_eq!(
                FileName::new(bad, WINDOWS),
                Err(FileNameError::Device),
                "{bad}"
            );
            assert!(FileName::new(bad, LINUX).is_ok(), "{bad}");
        }
        for good in ["null", "console.txt", "com", "com10"] {
            assert!(FileName::new(good, WINDOWS).is_ok(), "{good}");
        }
    }

    fn collides(names: &[&str], rules: NameRules) -> bool {
        let names: Vec<FileName> = names
            .iter()
            .map(|name| FileName::new(name, rules).expect("a name"))
            .collect();
        find_collision(names.iter(), rules).is_some()
    }

    #[test]
    fn equal_names_collide_and_so_do_a_file_and_a_directory() {
        assert!(!collides(&["a/b", "a/c", "b", "d/a/b"], LINUX));
        assert!(collides(&["a", "a"], LINUX));
        assert!(collides(&["a", "a/b"], LINUX));
        assert!(collides(&["a/b/c", "a/b"], LINUX));
    }

    #[test]
    fn names_that_differ_in_case_collide_only_where_case_is_ignored() {
        for names in [["a/B", "a/b"], ["a", "A/b"], ["ß", "SS"]] {
            assert!(!collides(&names, LINUX), "{names:?}");
            assert!(collides(&names, WINDOWS), "{names:?}");
        }
    }
}
