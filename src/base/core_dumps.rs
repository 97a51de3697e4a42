//! Core dumps and debuggers, which could read passwords in this program's memory.

/// Disables core dumps and debuggers for this process on Linux; does nothing on other systems. Child processes do not
/// inherit the setting, so a game that crashes can still be dumped. The limit on the size of core dumps, which other Unix
/// systems have, would be inherited by the game.
pub fn disable() {
    // A failure is ignored: the program works without this protection.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
