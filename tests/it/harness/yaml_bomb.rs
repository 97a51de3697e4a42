//! YAML that grows without bound when its aliases are followed.

/// Returns YAML lists of which each repeats the one before it, and which hold more than fits anywhere once they are unfolded.
pub(crate) fn yaml_bomb() -> String {
    let lists = (1..40).map(|number| {
        let before = format!("*a{}, ", number - 1).repeat(9);
        format!("b{number}: &a{number} [{before}]\n")
    });
    "b0: &a0 [x]\n".to_owned() + &lists.collect::<String>()
}
