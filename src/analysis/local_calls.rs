//! Calls of Terraform modules by a path, and templates in files: each is read where its folder or file is part of the run.

use std::collections::BTreeSet;

use super::UnreadItem;

/// The folder that is called for, and the call.
pub type LocalCall = (String, UnreadItem);

/// The folder that a file means by a module's source; nothing where the source is no path.
#[must_use]
pub fn folder(file: &str, source: &str) -> Option<String> {
    let is_path = ["./", "../"].iter().any(|start| source.starts_with(start));
    if !is_path && source != "." && source != ".." {
        return None;
    }
    let mut parts: Vec<&str> = parent(file).split('/').collect();
    // Of an absolute path, the first part is empty and stays.
    let is_absolute = parts.len() > 1 && parts[0].is_empty();
    parts.retain(|part| !part.is_empty() && *part != ".");
    for part in source.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            (part, _) => parts.push(part),
        }
    }
    let start = if is_absolute { "/" } else { "" };
    Some(format!("{start}{}", parts.join("/")))
}

/// The calls whose folder holds none of the files that were read.
#[must_use]
pub fn unread(calls: &[LocalCall], read: &[String]) -> Vec<UnreadItem> {
    if calls.is_empty() {
        return Vec::new();
    }
    let folders = read.iter().map(|file| folder(file, "."));
    let folders: BTreeSet<String> = folders.flatten().collect();
    let missing = calls.iter().filter(|(called, _)| !folders.contains(called));
    missing.map(|(_, call)| call.clone()).collect()
}

/// The templates in files that are none of those that were read.
#[must_use]
pub fn unread_templates(templates: &[LocalCall], read: &[String]) -> Vec<UnreadItem> {
    if templates.is_empty() {
        return Vec::new();
    }
    let read: BTreeSet<&str> = read.iter().map(String::as_str).collect();
    let missing = templates.iter().filter(|(file, _)| !read.contains(&**file));
    missing.map(|(_, item)| item.clone()).collect()
}

fn parent(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_from_the_file_that_writes_it() {
        for (file, source, expected) in [
            ("main.tf.json", "./net", Some("net")),
            ("a/main.tf.json", "./net/", Some("a/net")),
            ("a/b/main.tf.json", "../net//", Some("a/net")),
            ("a/main.tf.json", "../../net", Some("../net")),
            ("../a/main.tf.json", "../../net", Some("../../net")),
            ("/srv/a/main.tf.json", "../net", Some("/srv/net")),
            ("a/main.tf.json", "..", Some("")),
            ("a/main.tf.json", "acme/net/aws", None),
            ("a/main.tf.json", ".hidden/net", None),
        ] {
            assert_eq!(folder(file, source).as_deref(), expected, "{file} {source}");
        }
    }

    #[test]
    fn a_call_is_read_where_its_folder_is() {
        let call = |folder: &str| (folder.to_owned(), UnreadItem::named(folder));
        let calls = [call("net"), call("net/inner"), call("")];
        let read = ["net/main.tf.json".to_owned(), "net/b.tf.json".to_owned()];
        let missing = unread(&calls, &read);
        assert_eq!(missing, [calls[1].1.clone(), calls[2].1.clone()]);
        assert!(unread(&[], &read).is_empty());
    }
}
