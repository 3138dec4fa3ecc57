//! Files of Terraform's variables.

use std::sync::Arc;

use super::{File, MOST, fault, parameter_files};
use crate::base::Given;
use crate::base::finding::Finding;
use crate::base::source::Span;
use crate::syntax::{self, Kind};

/// Reads a file of variables, in JSON or in Terraform's own syntax.
pub fn read(file: &File<'_>, findings: &mut Vec<Finding>) -> Vec<Given> {
    let mut given = Vec::new();
    let name = file.source.name();
    let text = file.source.text();
    let document = match name.ends_with(".json") {
        true => syntax::json(text),
        false => syntax::hcl(text).strict(),
    };
    let document = match document {
        Ok(document) => document,
        Err(error) => {
            fault(file, error.message.into_owned(), error.span, findings);
            return given;
        }
    };
    let mut left = parameter_files::LARGEST;
    let root = document.roots().next();
    let Some(root) = root.filter(|root| root.kind() == Kind::Mapping) else {
        let message = "this gives no variables: write an object of names and values".to_owned();
        fault(file, message, Span::default(), findings);
        return given;
    };
    for (key, node) in root.entries().filter(|(key, _)| !key.is("//")) {
        if given.len() == MOST {
            let message = format!("a file of more than {MOST} values is not read");
            fault(file, message, key.span(), findings);
            break;
        }
        let name = key.text().into_owned();
        match parameter_files::value(node, &mut left) {
            Some(value) => given.push(Given {
                name,
                value,
                source: Arc::clone(file.source),
                span: key.span(),
                template: None,
            }),
            None => {
                let message = format!(
                    "the value of `{name}` is nested too deeply, too large, or an expression"
                );
                fault(file, message, node.span(), findings);
            }
        }
    }
    given
}
