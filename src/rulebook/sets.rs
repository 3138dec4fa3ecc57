//! Named sets: a list of strings that is written once, `fargate = ["FARGATE", "FARGATE_SPOT"]`, and used as `"@fargate"`.

use std::collections::BTreeMap;

use super::coded::Text;

/// Sets by name.
#[derive(Clone, Debug, Default)]
pub struct Sets(BTreeMap<String, Vec<String>>);

impl Sets {
    /// Adds one; what had the name before gives way.
    pub fn insert(&mut self, name: String, texts: Vec<String>) {
        self.0.insert(name, texts);
    }

    /// The texts of a list, with those of a set instead of its name. A text that begins with an `@` of its own is written with two.
    ///
    /// # Errors
    /// A name that no set has, in a sentence.
    pub fn expand(&self, texts: &[String]) -> Result<Vec<Text>, String> {
        let mut all = Vec::new();
        for text in texts {
            match text.strip_prefix('@') {
                None => all.push(text.clone().into()),
                Some(own) if own.starts_with('@') => all.push(own.to_owned().into()),
                Some(name) => match self.0.get(name) {
                    Some(set) => all.extend(set.iter().map(|text| text.clone().into())),
                    None => return Err(self.unknown(name)),
                },
            }
        }
        Ok(all)
    }

    fn unknown(&self, name: &str) -> String {
        let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
        let known = if known.is_empty() {
            "there are none".to_owned()
        } else {
            format!("there are {}", known.join(", "))
        };
        format!(
            "there is no set `{name}`; {known}. A string that begins with `@` is written `@@{name}`"
        )
    }
}

impl<const N: usize> From<[(String, Vec<String>); N]> for Sets {
    fn from(sets: [(String, Vec<String>); N]) -> Self {
        Self(sets.into())
    }
}
