//! Whose image a machine starts from: one that its publisher renews, one that somebody here has to, or one of which nobody can say.

use crate::blocks::{Cause, Expr, ParameterKind, Resource, Template};
use crate::eval::{Found, Resolver, Value};
use crate::graph::references::handed_on;
use crate::rulebook::liability;

/// An image that is not known to be renewed by others.
pub(super) enum Image {
    /// Somebody here renews it: what it is.
    Own(String),
    /// Nobody can say: why.
    Open(String),
}

/// What a value for an image says; nothing where its publisher renews it, and where it is built in the same template, where it
/// counts by itself.
pub(super) fn of<'t>(
    template: &Template<'t>,
    resource: &Resource<'t>,
    found: &Found<'t>,
) -> Option<Image> {
    if let [parameter] = found.parameters[..] {
        let parameter = &template.parameters[parameter];
        if parameter.kind == ParameterKind::Lookup {
            let resolver = Resolver::new(template);
            let default = parameter.default.as_ref().map(|one| resolver.value(one));
            return match default {
                Some(Value::Text(path)) => of_parameter(&path),
                _ => Some(Image::Open(format!("`{}` decides", parameter.name))),
            };
        }
    }
    of_value(template, resource, &found.value)
}

fn of_value<'t>(
    template: &Template<'t>,
    resource: &Resource<'t>,
    value: &Value<'t>,
) -> Option<Image> {
    match value {
        Value::Absent => None,
        Value::Text(text) => of_text(text.trim(), &resource.kind),
        Value::OneOf(values, _) => {
            let mut open = None;
            for value in values {
                match of_value(template, resource, value) {
                    Some(Image::Own(says)) => return Some(Image::Own(says)),
                    Some(one) => open = Some(one),
                    None => {}
                }
            }
            open
        }
        Value::Unknown(cause) => of_unknown(template, resource, cause),
        Value::List(_) | Value::Map(_) => None,
    }
}

fn of_text(text: &str, kind: &str) -> Option<Image> {
    let ssm = text.strip_prefix("{{").unwrap_or(text);
    if let Some(path) = ssm.strip_prefix("resolve:ssm:") {
        return of_parameter(path);
    }
    if text.is_empty() {
        return None;
    }
    if kind.starts_with("google_") {
        return of_google(text);
    }
    if kind.starts_with("azurerm_") {
        let small = text.to_lowercase();
        let is_shared =
            small.contains("/communitygalleries/") || small.contains("/sharedgalleries/");
        return Some(match is_shared {
            true => Image::Open("from a gallery that somebody shares".to_owned()),
            false => Image::Own("an image of your own".to_owned()),
        });
    }
    if text.starts_with('/') {
        return of_parameter(text);
    }
    text.starts_with("ami-")
        .then(|| Image::Own(format!("pinned: {text}")))
}

/// A parameter of Systems Manager that holds the id of an image.
fn of_parameter(path: &str) -> Option<Image> {
    let path = path.trim();
    if path.trim_start_matches('/').starts_with("aws/") {
        return None;
    }
    let end = path.find([':', '}']).unwrap_or(path.len());
    Some(Image::Own(format!("from your parameter {}", &path[..end])))
}

fn of_google(text: &str) -> Option<Image> {
    let own = || Some(Image::Own(format!("from your project: {text}")));
    let parts: Vec<&str> = text.split('/').collect();
    let project = parts.iter().position(|part| *part == "projects");
    let project = match (project, &parts[..]) {
        (Some(at), _) => parts.get(at + 1).copied(),
        (None, [project, name]) if *project != "family" && *name != "family" => Some(*project),
        _ => None,
    };
    match project {
        Some(project) if liability::is_google_publisher(project) => None,
        Some(_) => own(),
        None => {
            let name = parts.last().copied().unwrap_or_default();
            (!liability::is_public_family(name)).then(own).flatten()
        }
    }
}

fn of_unknown<'t>(
    template: &Template<'t>,
    resource: &Resource<'t>,
    cause: &Cause,
) -> Option<Image> {
    match cause {
        Cause::Data(name) => of_data(template, resource, name),
        Cause::Attribute(name) => {
            let unit = template.unit(&resource.scope);
            let is_built = |name: &str| {
                let mut named = unit.named(name).iter();
                named.any(|at| is_built_here(&template.resources[*at].kind))
            };
            let mut ends = name.match_indices('.').map(|(at, _)| &name[..at]);
            let here = is_built(name) || ends.any(is_built);
            (!here).then(|| Image::Open(format!("`{name}` decides")))
        }
        Cause::Parameter(name) | Cause::Kept(name, _) => {
            Some(Image::Open(format!("`{name}` decides")))
        }
        Cause::Lookup(text) => of_text(text.trim(), &resource.kind).or_else(|| {
            let is_dynamic = text.contains("resolve:ssm:");
            (!is_dynamic).then(|| Image::Open("looked up when it is deployed".to_owned()))
        }),
        Cause::AfterApply => Some(Image::Open("known only after apply".to_owned())),
        _ => Some(Image::Open("it can't be seen here".to_owned())),
    }
}

/// Whether a type makes an image, which then counts by itself.
fn is_built_here(kind: &str) -> bool {
    let asked = liability::of_type(kind);
    let image = liability::kind("image");
    kind.starts_with("AWS::ImageBuilder::")
        || kind.starts_with("aws_imagebuilder_")
        || kind.starts_with("azurerm_shared_image")
        || asked.is_some_and(|asked| asked.blocks().any(|rule| rule.kind == image))
}

/// A data source that looks an image up.
fn of_data<'t>(template: &Template<'t>, resource: &Resource<'t>, name: &str) -> Option<Image> {
    let open = || Some(Image::Open(format!("`{name}` looks it up")));
    let begins = |kind: &str| {
        let name = name.strip_prefix("data.").unwrap_or(name);
        name.strip_prefix(kind)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    if begins("azurerm_platform_image") {
        return None;
    }
    if [
        "azurerm_image",
        "azurerm_images",
        "azurerm_shared_image",
        "azurerm_shared_image_version",
    ]
    .into_iter()
    .any(begins)
    {
        return Some(Image::Own(format!("an image of your own: `{name}`")));
    }
    let Some((_, body)) = handed_on(template, &resource.scope, name) else {
        return open();
    };
    let Expr::Map(entries) = template.expr(body) else {
        return open();
    };
    let resolver = Resolver::new(template);
    let value = |key: &str| {
        let entry = entries.get(key)?;
        Some(resolver.value(&entry.value))
    };
    if begins("aws_ssm_parameter") {
        return match value("name") {
            Some(Value::Text(path)) => of_parameter(&path),
            _ => open(),
        };
    }
    if begins("google_compute_image") {
        return match value("project") {
            None => Some(Image::Own(format!("from your project: `{name}`"))),
            Some(Value::Text(project)) if liability::is_google_publisher(&project) => None,
            _ => open(),
        };
    }
    if !begins("aws_ami") {
        return open();
    }
    let owners = match value("owners") {
        Some(Value::List(owners)) => owners,
        _ => return open(),
    };
    let owners: Vec<Value<'_>> = owners.iter().map(|one| resolver.value(&one)).collect();
    let text = |value: &Value<'_>| match value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    let names: Vec<Option<String>> = owners.iter().map(text).collect();
    if names.iter().any(|one| one.as_deref() == Some("self")) {
        return Some(Image::Own(format!("of your account: `{name}`")));
    }
    let is_public = |one: &Option<String>| {
        let owner = one.as_deref();
        owner.is_some_and(liability::is_aws_publisher)
    };
    match names.iter().all(is_public) {
        true if !names.is_empty() => None,
        _ => open(),
    }
}
