//! The home directory in paths of the configuration.

use super::plan;
use crate::harness::{Engine, Home};

#[test]
fn a_tilde_alone_is_the_home() {
    let home = Home::new();
    let engine = Engine::new(&home, "TTREngine");
    home.configure("[ttr]\ngame-dir = \"~\"\n");
    let plan = plan(&home, &["ttr", "-u", "x"]);
    assert_eq!(plan["command"][0], engine.exe());
}
