//! One username at two servers makes two accounts.

use super::*;

#[test]
fn save_at_another_server_adds_another_account() {
    let name = "remembered_accounts::two_servers::save_at_another_server_adds_another_account";
    with_a_store(name, async |home| {
        let (known, other) = (
            Scripted::new([granted()]),
            Scripted::new([granted(), granted()]),
        );
        let (here, there) = (known.root(), other.root());
        let more = format!("kept = [\"password\"]\napi = \"{here}\"");
        let first = account("alice-u", "ttr", "alice-u", &more);
        home.configure(&first);
        of_alice(&here).set("password", STORED).await;
        let more = ["-u", "alice-u", "--password-stdin", "--save"];
        let save = login(&home, "ttr", &there, &more).stdin("pw-there\n");
        save.run().exits(0).hides(&[STORED, "pw-there"]);

        let text = home.configuration().expect("a file");
        let second = account(
            "alice-u-2",
            "ttr",
            "alice-u",
            &format!("kept = [\"password\"]\napi = \"{there}\""),
        );
        assert_eq!(text.trim_end(), format!("{first}\n{second}").trim_end());
        for (root, kept) in [(&here, STORED), (&there, "pw-there")] {
            let found = of_alice(root).get("password").await;
            assert_eq!(found.as_deref(), Some(kept), "{root}");
        }
        // Each account name selects its own password.
        for name in ["alice-u", "alice-u-2"] {
            let login = home.program(&["ttr", "login", name]).on_the_bus();
            login.run().exits(0);
        }
        let body = |password: &str| format!("username=alice-u&password={password}");
        assert_eq!(known.finish()[0].body, body(STORED));
        assert_eq!(other.finish()[1].body, body("pw-there"));
    });
}
