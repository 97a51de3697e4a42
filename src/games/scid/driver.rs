//! What starts a game that is played on Android.

use crate::games::System;

/// A program that starts a game by its Android package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Driver {
    /// Google Play Games, through its URL.
    Gpg,
    /// Android in a container.
    Waydroid,
    /// A phone's screen on the desktop.
    Scrcpy,
    /// A phone, without its screen.
    Adb,
}

impl Driver {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Gpg, Self::Waydroid, Self::Scrcpy, Self::Adb];

    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gpg => "gpg",
            Self::Waydroid => "waydroid",
            Self::Scrcpy => "scrcpy",
            Self::Adb => "adb",
        }
    }

    /// The driver of a word on the command line.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|driver| driver.name() == name)
    }

    /// The driver when none was named; `waydroid` says whether that is installed.
    pub const fn usual(system: System, waydroid: bool) -> Self {
        match system {
            System::Windows => Self::Gpg,
            System::Linux if waydroid => Self::Waydroid,
            System::Linux | System::MacOs => Self::Scrcpy,
        }
    }

    /// Program and arguments that start the game of `package`; no shell reads them on this machine.
    pub fn command(self, package: &str) -> Vec<String> {
        let app = format!("--start-app={package}");
        let url = format!("googleplaygames://launch/?id={package}");
        let message: &[&str] = match self {
            // What opens a URL on Windows without a shell.
            Self::Gpg => &["rundll32.exe", "url.dll,FileProtocolHandler", &url],
            Self::Waydroid => &["waydroid", "app", "launch", package],
            Self::Scrcpy => &["scrcpy", &app],
            Self::Adb => &[
                "adb",
                "shell",
                "monkey",
                "-p",
                package,
                "-c",
                "android.intent.category.LAUNCHER",
                "1",
            ],
        };
        message.iter().map(|word| (*word).to_owned()).collect()
    }

    /// Whether the command's exit status tells how the start went.
    pub const fn tells(self) -> bool {
        match self {
            Self::Gpg | Self::Waydroid => false,
            Self::Scrcpy | Self::Adb => true,
        }
    }

    /// What has to be there for it to work, for people.
    pub const fn needs(self) -> &'static str {
        match self {
            Self::Gpg => "Google Play Games with the game installed",
            Self::Waydroid => "a running Waydroid session with the game installed",
            Self::Scrcpy => {
                "scrcpy, and a phone with the game that USB debugging is switched on for"
            }
            Self::Adb => "adb, and a phone with the game that USB debugging is switched on for",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_driver_is_given_the_package_as_its_page_says() {
        let command = |driver: Driver| driver.command("com.supercell.hayday").join(" ");
        assert_eq!(
            Driver::ALL.map(command),
            [
                "rundll32.exe url.dll,FileProtocolHandler googleplaygames://launch/?id=com.supercell.hayday",
                "waydroid app launch com.supercell.hayday",
                "scrcpy --start-app=com.supercell.hayday",
                "adb shell monkey -p com.supercell.hayday -c android.intent.category.LAUNCHER 1",
            ]
        );
    }

    #[test]
    fn a_package_stays_one_word() {
        for driver in Driver::ALL {
            let plain = driver.command("p").len();
            assert_eq!(driver.command("p q; r").len(), plain, "{driver:?}");
        }
    }

    #[test]
    fn each_system_has_its_usual_driver() {
        let usual = |system| [true, false].map(|waydroid| Driver::usual(system, waydroid));
        assert_eq!(usual(System::Windows), [Driver::Gpg; 2]);
        assert_eq!(usual(System::Linux), [Driver::Waydroid, Driver::Scrcpy]);
        assert_eq!(usual(System::MacOs), [Driver::Scrcpy; 2]);
    }

    #[test]
    fn a_driver_is_found_by_its_word() {
        for driver in Driver::ALL {
            assert_eq!(Driver::named(driver.name()), Some(driver));
        }
        assert_eq!(Driver::named("GPG"), None);
    }

    #[test]
    fn the_status_of_waydroid_tells_nothing() {
        assert!(!Driver::Waydroid.tells() && Driver::Scrcpy.tells());
    }
}
