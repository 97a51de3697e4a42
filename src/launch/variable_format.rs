//! A game's variables as text for a shell, which reads back the same bytes.

use zeroize::Zeroizing;

use crate::protocol::Fields;
use crate::terminal::event::VariableValues;

/// A format in which `login` prints the variables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum VariableFormat {
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

/// Returns the variables as lines. The protocols refuse values with control characters, which these formats cannot escape.
pub fn render(variables: &Fields, format: VariableFormat) -> Zeroizing<String> {
    if format == VariableFormat::Json {
        let object = serde_json::to_string(&VariableValues(variables.clone())).unwrap_or_default();
        return Zeroizing::new(object + "\n");
    }
    let lines = variables
        .iter()
        .map(|(name, value)| Zeroizing::new(line(name, value.reveal(), format)));
    Zeroizing::new(lines.fold(String::new(), |lines, line| lines + &line))
}

fn line(name: &str, value: &str, format: VariableFormat) -> String {
    match format {
        VariableFormat::Sh => format!("export {name}='{}'\n", value.replace('\'', r"'\''")),
        VariableFormat::Fish => format!(
            "set -gx {name} '{}'\n",
            value.replace('\\', r"\\").replace('\'', r"\'")
        ),
        VariableFormat::PowerShell => format!("$env:{name} = '{}'\n", double_quotes(value)),
        VariableFormat::Env | VariableFormat::Json => format!("{name}={value}\n"),
    }
}

/// Doubles every quote that ends a string in PowerShell, which includes typographic quotes.
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

    fn rendered(value: &str, format: VariableFormat) -> String {
        let variables = vec![("TTR_PLAYCOOKIE", Secret::new(value))];
        render(&variables, format).to_string()
    }

    #[test]
    fn each_format_is_quoted_for_its_shell() {
        let value = r#"a'b\c $d `e` "f""#;
        assert_eq!(
            rendered(value, VariableFormat::Sh),
            "export TTR_PLAYCOOKIE='a'\\''b\\c $d `e` \"f\"'\n"
        );
        assert_eq!(
            rendered(value, VariableFormat::Fish),
            "set -gx TTR_PLAYCOOKIE 'a\\'b\\\\c $d `e` \"f\"'\n"
        );
        assert_eq!(
            rendered(value, VariableFormat::PowerShell),
            "$env:TTR_PLAYCOOKIE = 'a''b\\c $d `e` \"f\"'\n"
        );
        assert_eq!(
            rendered(value, VariableFormat::Env),
            format!("TTR_PLAYCOOKIE={value}\n")
        );
        assert_eq!(
            rendered("a\"b", VariableFormat::Json),
            "{\"TTR_PLAYCOOKIE\":\"a\\\"b\"}\n"
        );
    }

    #[test]
    fn typographic_quotes_cannot_end_a_powershell_string() {
        assert_eq!(
            rendered("a\u{2019}; rm", VariableFormat::PowerShell),
            "$env:TTR_PLAYCOOKIE = 'a\u{2019}\u{2019}; rm'\n"
        );
    }
}
