//! The `playcookie` program: see the library of the same name.

fn main() {
    let arguments: Vec<_> = std::env::args_os().collect();
    let status = playcookie::commands::main(&arguments);
    // A game's status on Windows has 32 bits, more than an ExitCode holds.
    std::process::exit(status)
}
