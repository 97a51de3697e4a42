use super::*;

#[derive(Default, Deserialize)]
struct Named {
    #[serde(default)]
    name: Lenient,
}

fn object(json: &str) -> Option<String> {
    let object: Object<Named> = serde_json::from_str(json).expect("JSON");
    let name = |named: Named| display_text(&named.name).unwrap_or_default();
    object.0.map(name)
}

fn list(json: &str) -> Vec<Option<String>> {
    let list: List<Lenient> = serde_json::from_str(json).expect("JSON");
    list.0.iter().map(display_text).collect()
}

#[test]
fn other_types_are_no_object() {
    assert_eq!(object(r#"{"name":"OJ","more":[1]}"#), Some("OJ".to_owned()));
    assert_eq!(object("{}"), Some(String::new()));
    for json in [
        "null",
        "7",
        "-7",
        "0.5",
        "true",
        "\"OJ\"",
        "[]",
        r#"["OJ",{"a":[]}]"#,
    ] {
        assert_eq!(object(json), None, "{json}");
    }
}

#[test]
fn an_empty_list_is_an_empty_map() {
    let entries = |json: &str| {
        let entries: Map<Lenient> = serde_json::from_str(json).expect("JSON");
        entries.0.map(|map| map.into_keys().collect::<Vec<_>>())
    };
    assert_eq!(
        entries(r#"{"b":1,"a":[]}"#),
        Some(vec!["a".to_owned(), "b".to_owned()])
    );
    assert_eq!((entries("{}"), entries("[]")), (Some(vec![]), Some(vec![])));
    for json in ["null", "7", "-7", "0.5", "true", "\"a\"", "[7]", "[{}]"] {
        assert_eq!(entries(json), None, "{json}");
    }
}

#[test]
fn a_single_value_is_a_list_with_one_item() {
    let one = |text: &str| vec![Some(text.to_owned())];
    assert_eq!(
        list(r#"["a",1,null]"#),
        [one("a"), one("1"), vec![None]].concat()
    );
    assert_eq!(
        (list("\"a\""), list("7"), list("-7")),
        (one("a"), one("7"), one("-7"))
    );
    assert_eq!((list("true"), list("0.5")), (one("true"), one("0.5")));
    assert_eq!(
        (list("null"), list("[]"), list("{\"a\":1}")),
        (vec![], vec![], vec![None])
    );
}

#[test]
fn a_text_of_control_characters_only_counts_as_missing() {
    assert_eq!(
        list(r#"["\u0007\u001b[2J","a\u202eb"]"#),
        [None, Some("ab".to_owned())]
    );
}
