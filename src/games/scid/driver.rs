//! Drivers, which start games for Android.

use crate::games::System;

/// A program that starts a game by its Android package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Driver {
    /// Google Play Games for Windows.
    Gpg,
    /// Waydroid, which runs Android in a container.
    Waydroid,
    /// scrcpy, which shows a phone's screen on the desktop.
    Scrcpy,
    /// adb, which starts the game on a phone.
    Adb,
}

impl Driver {
    /// All drivers.
    pub const ALL: [Self; 4] = [Self::Gpg, Self::Waydroid, Self::Scrcpy, Self::Adb];

    /// Returns the name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gpg => "gpg",
            Self::Waydroid => "waydroid",
            Self::Scrcpy => "scrcpy",
            Self::Adb => "adb",
        }
    }

    /// Returns the driver of this [`Driver::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|driver| driver.name() == name)
    }

    /// Returns the driver that is used when none is named.
    pub const fn default_for(system: System, has_waydroid: bool) -> Self {
        match system {
            System::Windows => Self::Gpg,
            System::Linux if has_waydroid => Self::Waydroid,
            System::Linux | System::MacOs => Self::Scrcpy,
        }
    }

    /// Returns the program and the arguments that start the game of this Android package, without a shell.
    pub fn command(self, package: &str) -> Vec<String> {
        let app = format!("--start-app={package}");
        let url = format!("googleplaygames://launch/?id={package}");
        let command: &[&str] = match self {
            // This opens a URL without a shell.
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
        command.iter().map(|word| (*word).to_owned()).collect()
    }

    /// Whether the command's exit status says whether the game was started.
    pub const fn reports_result(self) -> bool {
        match self {
            Self::Gpg | Self::Waydroid => false,
            Self::Scrcpy | Self::Adb => true,
        }
    }

    /// Returns what to do when the driver's program is missing.
    pub const fn missing_hint(self) -> &'static str {
        match self {
            Self::Gpg => "install Google Play Games, and the game in it",
            Self::Waydroid => {
                "install Waydroid and the game in it, and start its session, or name another --driver"
            }
            Self::Scrcpy => {
                "install scrcpy, and connect a phone that has the game and USB debugging switched on, or name another --driver"
            }
            Self::Adb => {
                "install adb, and connect a phone that has the game and USB debugging switched on, or name another --driver"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_driver_has_its_documented_command() {
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
    fn a_package_is_part_of_one_argument() {
        for driver in Driver::ALL {
            let plain = driver.command("p").len();
            assert_eq!(driver.command("p q; r").len(), plain, "{driver:?}");
        }
    }

    #[test]
    fn each_system_has_a_default_driver() {
        let default = |system| [true, false].map(|waydroid| Driver::default_for(system, waydroid));
        assert_eq!(default(System::Windows), [Driver::Gpg; 2]);
        assert_eq!(default(System::Linux), [Driver::Waydroid, Driver::Scrcpy]);
        assert_eq!(default(System::MacOs), [Driver::Scrcpy; 2]);
    }

    #[test]
    fn a_driver_is_found_by_its_name() {
        for driver in Driver::ALL {
            assert_eq!(Driver::named(driver.name()), Some(driver));
        }
        assert_eq!(Driver::named("GPG"), None);
    }

    #[test]
    fn the_status_of_waydroid_is_not_used() {
        assert!(!Driver::Waydroid.reports_result() && Driver::Scrcpy.reports_result());
    }
}
