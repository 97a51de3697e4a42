//! Keeping other programs of the same user, and crash reports, out of this one's memory.

/// Switches dumps and debuggers off before a secret is read, where safe code can: on Linux. A program that is started
/// does not inherit it, so a game that crashes is dumped as its makers want. Elsewhere safe code has only the limit on the
/// size of dumps, which the game would inherit, so it is left alone.
pub fn refuse_dumps() {
    // A system that does not know it runs the program all the same.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
