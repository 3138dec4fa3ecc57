//! What a doubt says of the template that it is raised for: `{value of launch_type}` is what the template has there.

const OPENS: &str = "{value of ";

/// What stands for a value that is not shown.
pub const THE_VALUE: &str = "the value";

/// The names of the properties whose values a text shows.
pub fn named(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(OPENS).skip(1);
    parts.map(|part| part.split_once('}').map_or(part, |(name, _)| name))
}

/// The text with a value for each name; nothing where one has none.
pub fn filled(text: &str, mut value: impl FnMut(&str) -> Option<String>) -> Option<String> {
    let mut parts = text.split(OPENS);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        whole.push_str(&value(name)?);
        whole.push_str(rest);
    }
    Some(whole)
}

/// The same where no template is in sight.
#[must_use]
pub fn unfilled(text: &str) -> String {
    filled(text, |_| Some(THE_VALUE.to_owned())).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_becomes_its_value() {
        let text = "{value of size} is no size, and {value of disks.kind} no kind {limit}";
        assert_eq!(named(text).collect::<Vec<_>>(), ["size", "disks.kind"]);
        assert_eq!(
            filled(text, |name| Some(name.to_uppercase())).as_deref(),
            Some("SIZE is no size, and DISKS.KIND no kind {limit}")
        );
        assert_eq!(
            filled(text, |name| (name == "size").then(String::new)),
            None
        );
        assert_eq!(unfilled("{value of size} is none"), "the value is none");
    }

    #[test]
    fn a_text_without_names_stays_as_it_is() {
        for text in ["", "{size} and {}", "value of size}"] {
            assert_eq!(named(text).count(), 0, "{text}");
            assert_eq!(filled(text, |_| None).as_deref(), Some(text));
        }
        // Never closed: the check of a rule says that there is no such property.
        assert_eq!(named("{value of size").collect::<Vec<_>>(), ["size"]);
        assert_eq!(unfilled("{value of size"), "{value of size");
    }
}
