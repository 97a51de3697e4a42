//! Hooks: the shell commands `pre-launch` and `post-exit` of the configuration.

use std::process::Stdio;

use super::game_process::code;
use super::output::Output;
use super::shell::{INTERRUPTED, shell, wait_for_own_signal};

/// Runs a hook in the shell until it ends, without a time limit. Dropping the future kills the hook.
///
/// `variables` describe the account (`PLAYCOOKIE_GAME` and the like). The hook does not inherit the variables in `removed`,
/// which are those of the game, nor `PLAYCOOKIE_PASSWORD` and `PLAYCOOKIE_CODE`. `input` is whether it may read standard
/// input.
///
/// # Errors
/// How the hook failed, as the end of a sentence without its command: "failed (exit status: 1)". When Ctrl-C ended the
/// hook, the error is delayed, so that a caller who also waits for signals sees the signal first.
pub async fn run(
    command: &str,
    variables: &[(&str, String)],
    removed: &[&str],
    input: bool,
    output: &Output,
) -> Result<(), String> {
    let mut shell = shell(command.as_ref(), removed);
    shell.envs(variables.iter().map(|(name, value)| (name, value)));
    if !input {
        shell.stdin(Stdio::null());
    }
    let cannot = |error| format!("cannot be started ({error})");
    let (output, error) = output.streams().map_err(cannot)?;
    shell.stdout(output).stderr(error).kill_on_drop(true);
    let ended = shell.spawn().map_err(cannot)?.wait().await;
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) if code(status) == INTERRUPTED => {
            wait_for_own_signal().await;
            Err("was interrupted".to_owned())
        }
        Ok(status) => Err(format!("failed ({status})")),
        Err(error) => Err(format!("cannot be waited for ({error})")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::*;
    use crate::base::clock;

    async fn run_into(command: &str, log: &Output) -> Result<(), String> {
        let variables = [("PLAYCOOKIE_STATUS", "3".to_owned())];
        run(command, &variables, &["HOME"], false, log).await
    }

    #[tokio::test]
    async fn a_hook_gets_its_variables_but_no_input_and_no_variables_of_the_game() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        let prints = "echo \"$PLAYCOOKIE_STATUS ${HOME-none}\"; cat; echo loud >&2";
        let ended = run_into(prints, &Output::File(log.clone())).await;
        assert_eq!(ended, Ok(()));
        assert_eq!(
            fs::read_to_string(log).expect("its output"),
            "3 none\nloud\n"
        );
    }

    #[tokio::test]
    async fn the_error_of_a_failed_hook_does_not_contain_its_command() {
        let ended = run_into("exit 1", &Output::Discarded).await;
        assert_eq!(ended, Err("failed (exit status: 1)".to_owned()));
        let ended = run_into("true", &Output::File("/".into())).await;
        assert!(ended.is_err_and(|why| why.starts_with("cannot be started (")));
    }

    #[tokio::test]
    async fn a_hook_is_killed_when_its_future_is_dropped() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().display();
        // The pipe breaks when its only writer ends.
        let hook =
            format!("mkfifo '{place}/alive'; : >'{place}/ready'; exec sleep 90 >'{place}/alive'");
        let ready = async {
            while !folder.path().join("ready").exists() {
                clock::sleep(Duration::from_millis(5)).await;
            }
            let alive = folder.path().join("alive");
            tokio::task::spawn_blocking(move || fs::File::open(alive))
                .await
                .expect("a thread")
                .expect("its writer")
        };
        let mut alive = tokio::select! {
            ended = run_into(&hook, &Output::Discarded) => panic!("{ended:?} before its end"),
            alive = ready => alive,
        };
        let end =
            tokio::task::spawn_blocking(move || std::io::copy(&mut alive, &mut std::io::sink()));
        let end = clock::timeout(Duration::from_mins(1), end).await;
        assert!(end.is_some(), "the hook still runs");
    }
}
