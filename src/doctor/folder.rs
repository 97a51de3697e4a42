//! Checks of a folder: whose it is, who may write it, and how much room it has.

use std::path::Path;

use super::check::Check;
use crate::base::failure::{Failure, Reason};
use crate::base::quantity::ByteCount;
use crate::base::sanitize::quoted;
use crate::launch::folder_access::FolderAccess;

/// With less room than this, an update may fail.
const LITTLE: u64 = 1_000_000_000;
/// With less room than this, a game cannot keep its settings.
const TOO_LITTLE: u64 = 10_000_000;

/// Checks a Wine prefix, which its runner has to write.
pub(super) fn prefix(name: &str, folder: &Path) -> Vec<Check> {
    match FolderAccess::of(folder) {
        Ok(access) => of_prefix(name, folder, access),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let shown = folder.display();
            vec![Check::note(
                name,
                format!("{shown}, which the first start creates"),
            )]
        }
        Err(error) => vec![unreadable(name, folder, &error)],
    }
}

fn of_prefix(name: &str, folder: &Path, access: FolderAccess) -> Vec<Check> {
    if !access.is_own {
        // Wine refuses it.
        let fix = writable(folder, access);
        return vec![unusable(name, folder, "belongs to another user", &fix)];
    }
    if !access.is_writable {
        let fix = writable(folder, access);
        return vec![unusable(name, folder, "cannot be written", &fix)];
    }
    vec![shared(name, folder, access).unwrap_or_else(|| {
        let shown = folder.display();
        Check::ok(name, format!("{shown}, yours and writable"))
    })]
}

/// Checks the directory of a game.
pub(super) fn directory(name: &str, folder: &Path) -> Vec<Check> {
    match FolderAccess::of(folder) {
        Ok(access) => of_directory(name, folder, access),
        Err(error) => vec![unreadable(name, folder, &error)],
    }
}

fn of_directory(name: &str, folder: &Path, access: FolderAccess) -> Vec<Check> {
    let shown = folder.display();
    let who = if access.is_own {
        "yours"
    } else {
        "of another user"
    };
    let check = if !access.is_writable {
        Check::warn(
            name,
            format!("{shown} is {who} and cannot be written, so that the game is not updated"),
            writable(folder, access),
        )
    } else if let Some(check) = shared(name, folder, access) {
        check
    } else if access.is_own {
        Check::ok(name, format!("{shown}, yours and writable"))
    } else {
        let found = format!("{shown} belongs to another user, who may change the game");
        Check::warn(name, found, writable(folder, access))
    };
    std::iter::once(check).chain(room(name, access)).collect()
}

/// Warns of a folder that every user may write.
fn shared(name: &str, folder: &Path, access: FolderAccess) -> Option<Check> {
    let shown = folder.display();
    access.is_writable_by_others.then(|| {
        Check::warn(
            name,
            format!("every user of this computer may write {shown}"),
            format!("run `chmod -R o-w {}`", quoted(folder)),
        )
    })
}

/// Warns of a disk that is nearly full.
fn room(name: &str, access: FolderAccess) -> Option<Check> {
    let free = access.free.filter(|free| *free < LITTLE)?;
    let found = format!("its disk has {} left", ByteCount(free));
    let fix = "remove files from that disk";
    Some(if free < TOO_LITTLE {
        Check::fail(name, &Failure::new(Reason::Io, found, fix))
    } else {
        Check::warn(name, found, fix)
    })
}

fn unreadable(name: &str, folder: &Path, error: &std::io::Error) -> Check {
    let fix = "check that you may open the folders above it";
    unusable(name, folder, &format!("cannot be read ({error})"), fix)
}

fn unusable(name: &str, folder: &Path, why: &str, fix: &str) -> Check {
    let found = format!("{} {why}", folder.display());
    Check::fail(name, &Failure::new(Reason::GameStart, found, fix))
}

/// Returns what makes a folder this user's and writable. One of this user's own may be a whole home directory, so nothing in it
/// is changed.
fn writable(folder: &Path, access: FolderAccess) -> String {
    let folder = quoted(folder);
    if access.is_on_read_only_disk {
        "its file system is mounted read-only: mount it for writing, or move the folder to another disk".to_owned()
    } else if cfg!(windows) {
        format!("take over {folder} in its properties, and let your user write it")
    } else if access.is_own {
        format!("run `chmod u+rwx {folder}`")
    } else {
        // What is in it belongs to the other user as well.
        format!("move the game to a folder of your own, or run `sudo chown -R \"$USER\" {folder}`")
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Level;
    use super::*;

    const USABLE: FolderAccess = FolderAccess {
        is_own: true,
        is_writable: true,
        is_on_read_only_disk: false,
        is_writable_by_others: false,
        free: Some(5_000_000_000),
    };

    fn levels(checks: &[Check]) -> Vec<Level> {
        checks.iter().map(|check| check.level).collect()
    }

    #[test]
    fn a_prefix_has_to_belong_to_the_user_who_writes_it() {
        let check = |access| levels(&of_prefix("ttr prefix", Path::new("/p"), access));
        let fail = Level::Fail(Reason::GameStart);
        let foreign = FolderAccess {
            is_own: false,
            ..USABLE
        };
        let fixed = FolderAccess {
            is_writable: false,
            ..USABLE
        };
        assert_eq!(check(foreign), [fail]);
        assert_eq!(check(fixed), [fail]);
        assert_eq!(check(USABLE), [Level::Ok]);
    }

    #[cfg(unix)]
    #[test]
    fn what_makes_a_folder_writable_fits_its_owner_and_disk() {
        let fix = |access| writable(Path::new("/d d"), access);
        assert_eq!(fix(USABLE), "run `chmod u+rwx '/d d'`");
        let foreign = FolderAccess {
            is_own: false,
            ..USABLE
        };
        let own = "move the game to a folder of your own, or run `sudo chown -R \"$USER\" '/d d'`";
        assert_eq!(fix(foreign), own);
        let read_only = FolderAccess {
            is_on_read_only_disk: true,
            ..foreign
        };
        assert!(fix(read_only).contains("mounted read-only"));
    }

    #[test]
    fn a_directory_may_be_fixed_and_of_another_user() {
        let check = |access| levels(&of_directory("ttr directory", Path::new("/d"), access));
        let foreign = FolderAccess {
            is_own: false,
            is_writable: false,
            ..USABLE
        };
        let given = FolderAccess {
            is_own: false,
            ..USABLE
        };
        let with = |free| FolderAccess {
            free: Some(free),
            ..USABLE
        };
        assert_eq!(check(foreign), [Level::Warn]);
        assert_eq!(check(given), [Level::Warn]);
        assert_eq!(check(USABLE), [Level::Ok]);
        assert_eq!(check(with(999_999_999)), [Level::Ok, Level::Warn]);
        assert_eq!(check(with(0)), [Level::Ok, Level::Fail(Reason::Io)]);
    }
}
