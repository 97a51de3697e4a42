//! A game's variables as text that a shell reads back byte for byte.

use zeroize::Zeroizing;

use crate::protocol::Fields;
use crate::terminal::event::Environment;

/// How `login` prints the variables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// `export NAME='value'`, for `eval`.
    #[default]
    Sh,
    /// `set -gx NAME 'value'`, for `source`.
    Fish,
    /// `$env:NAME = 'value'`, for `Invoke-Expression`.
    PowerShell,
    /// `NAME=value`, unquoted.
    Env,
    /// One JSON object.
    Json,
}

/// The variables as lines of `format`. No value holds a control character: the protocols see to that.
pub fn render(variables: &Fields, format: Format) -> Zeroizing<String> {
    if format == Format::Json {
        let object = serde_json::to_string(&Environment(variables.clone())).unwrap_or_default();
        return Zeroizing::new(object + "\n");
    }
    let lines = variables
        .iter()
        .map(|(name, value)| Zeroizing::new(line(name, value.reveal(), format)));
    Zeroizing::new(lines.fold(String::new(), |lines, line| lines + &line))
}

fn line(name: &str, value: &str, format: Format) -> String {
    match format {
        Format::Sh => format!("export {name}='{}'\n", value.replace('\'', r"'\''")),
        Format::Fish => format!(
            "set -gx {name} '{}'\n",
            value.replace('\\', r"\\").replace('\'', r"\'")
        ),
        Format::PowerShell => format!("$env:{name} = '{}'\n", double_quotes(value)),
        Format::Env | Format::Json => format!("{name}={value}\n"),
    }
}

/// PowerShell ends a quoted string at typographic quotes too; any of them doubled stands for itself.
fn double_quotes(value: &str) -> String {
    let is_quote = |character: char| matches!(character, '\'' | '\u{2018}'..='\u{201b}');
    value
        .chars()
        .flat_map(|character| std::iter::repeat_n(character, 1 + usize::from(is_quote(character))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::Secret;

    fn rendered(value: &str, format: Format) -> String {
        let variables = vec![("TTR_PLAYCOOKIE", Secret::new(value))];
        render(&variables, format).to_string()
    }

    #[test]
    fn each_format_is_quoted_for_its_shell() {
        let value = r#"a'b\c $d `e` "f""#;
        assert_eq!(
            rendered(value, Format::Sh),
            "export TTR_PLAYCOOKIE='a'\\''b\\c $d `e` \"f\"'\n"
        );
        assert_eq!(
            rendered(value, Format::Fish),
            "set -gx TTR_PLAYCOOKIE 'a\\'b\\\\c $d `e` \"f\"'\n"
        );
        assert_eq!(
            rendered(value, Format::PowerShell),
            "$env:TTR_PLAYCOOKIE = 'a''b\\c $d `e` \"f\"'\n"
        );
        assert_eq!(
            rendered(value, Format::Env),
            format!("TTR_PLAYCOOKIE={value}\n")
        );
        assert_eq!(
            rendered("a\"b", Format::Json),
            "{\"TTR_PLAYCOOKIE\":\"a\\\"b\"}\n"
        );
    }

    #[test]
    fn typographic_quotes_cannot_end_a_powershell_string() {
        assert_eq!(
            rendered("a\u{2019}; rm", Format::PowerShell),
            "$env:TTR_PLAYCOOKIE = 'a\u{2019}\u{2019}; rm'\n"
        );
    }
}
