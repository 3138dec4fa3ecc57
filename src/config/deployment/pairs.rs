//! `NAME=VALUE NAME="a value"`: what the SAM command line takes, and writes into its configuration.

/// Reads the pairs of a text.
///
/// # Errors
/// The word that is no pair.
pub fn read(text: &str) -> Result<Vec<(String, String)>, String> {
    words(text).into_iter().map(|word| pair(&word)).collect()
}

/// One pair: `NAME=VALUE`, or `ParameterKey=NAME,ParameterValue=VALUE`.
fn pair(word: &str) -> Result<(String, String), String> {
    let found = match word.strip_prefix("ParameterKey=") {
        Some(rest) => rest.split_once(",ParameterValue="),
        None => word.split_once('='),
    };
    match found {
        Some((name, value)) if !name.is_empty() => Ok((unquoted(name), unquoted(value))),
        _ => Err(word.to_owned()),
    }
}

/// The words between spaces; a space in quotes, or behind a backslash, is part of a word.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                word.push(letter);
                word.extend(letters.next());
                continue;
            }
            '"' | '\'' if quote == Some(letter) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(letter),
            letter if letter.is_whitespace() && quote.is_none() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            _ => {}
        }
        word.push(letter);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Without the quotes around it, and without the backslashes before spaces and quotes.
fn unquoted(text: &str) -> String {
    let inner = ['"', '\''].iter().find_map(|quote| {
        let inner = text.strip_prefix(*quote)?.strip_suffix(*quote)?;
        Some(inner)
    });
    let text = inner.unwrap_or(text);
    text.replace("\\ ", " ")
        .replace("\\\"", "\"")
        .replace("\\'", "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        read(text).expect("pairs")
    }

    #[test]
    fn pairs_stand_between_spaces_and_may_be_quoted() {
        let all =
            pairs(r#"Stage=prod Cidr="10.0.0.0/16" Words="two words" 'Odd'=x Empty= Twice=a=b"#);
        let wanted = [
            ("Stage", "prod"),
            ("Cidr", "10.0.0.0/16"),
            ("Words", "two words"),
            ("Odd", "x"),
            ("Empty", ""),
            ("Twice", "a=b"),
        ];
        assert_eq!(all, wanted.map(|(a, b)| (a.to_owned(), b.to_owned())));
        let all = pairs(r"Slash=two\ words Say=\'hi\'");
        assert_eq!(all[0].1, "two words");
        assert_eq!(all[1].1, "'hi'");
    }

    #[test]
    fn the_long_form_is_a_pair_too() {
        let all = pairs(
            "ParameterKey=Stage,ParameterValue=prod ParameterKey=Nets,ParameterValue=\"a, b\"",
        );
        assert_eq!(all[0], ("Stage".to_owned(), "prod".to_owned()));
        assert_eq!(all[1], ("Nets".to_owned(), "a, b".to_owned()));
    }

    #[test]
    fn a_word_that_is_no_pair_is_told() {
        assert_eq!(read("Stage=prod other"), Err("other".to_owned()));
        assert_eq!(read("=x"), Err("=x".to_owned()));
        assert_eq!(
            read("ParameterKey=Stage"),
            Err("ParameterKey=Stage".to_owned())
        );
        assert_eq!(read("  "), Ok(Vec::new()));
    }
}
