//! Functions that read files beside the configuration. What was made of a file is remembered: a large one costs once.

use std::path::{Path, PathBuf};

use super::named::MOST;
use super::{Data, Resolver, Value, encode, yaml};
use crate::blocks::terraform;
use crate::blocks::{
    Cause, Child, Entries, Expr, Function, Items, ListKind, Named, bind, unit, within_unit,
};

/// Names that a template in a file may be given.
const MOST_NAMES: usize = 1_000;

/// Bytes that cost as much as an expression.
const STEP: usize = 64;

impl<'t> Resolver<'_, 't> {
    /// What a function makes of a file, or of a text as of a file.
    pub(super) fn of_file(
        &self,
        named: Named,
        written: &Items<'t>,
        values: &[Value<'t>],
    ) -> Value<'t> {
        let found = match (named, values) {
            (Named::TemplateString, [Value::Text(text), Value::Map(names)]) => {
                if !self.spend(text.len() / STEP) {
                    return Value::Unknown(Cause::TooDeep);
                }
                self.with_names(written, names, |is_bound| {
                    Ok(Child::built(
                        terraform::template_text(text.to_string(), is_bound),
                        &None,
                    ))
                })
            }
            (Named::TemplateFile, [Value::Text(path), Value::Map(names)]) => {
                self.template_of(written, path, names)
            }
            (Named::File | Named::FileBase64 | Named::FileExists, [Value::Text(path)]) => {
                return self.of_path(named, written, path);
            }
            (Named::FileSet, [Value::Text(folder), Value::Text(glob)]) => {
                return self.file_set(written, folder, glob);
            }
            _ => {
                let cause =
                    super::functions::cause_of(&values.iter().collect::<Vec<_>>(), named.name());
                return Value::Unknown(cause);
            }
        };
        match found {
            Ok(child) => self.value(&child),
            Err(cause) => Value::Unknown(cause),
        }
    }

    /// What stands in a template that a property is, with its names bound, for who looks for names in it.
    #[must_use]
    pub fn rendered(&self, named: Named, arguments: &Items<'t>) -> Option<Child<'t>> {
        let values: Vec<Value<'t>> = arguments.iter().map(|one| self.value(&one)).collect();
        match (named, &values[..]) {
            (Named::TemplateFile, [Value::Text(path), Value::Map(names)]) => {
                self.template_of(arguments, path, names).ok()
            }
            (Named::File | Named::FileBase64, [Value::Text(path)]) => {
                self.whole_file(arguments, path, Named::File).ok()
            }
            _ => None,
        }
    }

    /// What a text in a file says, where a function is asked for just that.
    pub(super) fn decoded(&self, named: Named, arguments: &Items<'t>) -> Option<Value<'t>> {
        self.template.beside.files()?;
        let Expr::Call(Function::Named(Named::File), file) =
            self.template.expr(&arguments.first()?)
        else {
            return None;
        };
        let Value::Text(path) = self.value(&file.first()?) else {
            return None;
        };
        Some(match self.whole_file(&file, &path, named) {
            Ok(child) => self.value(&child),
            Err(cause) => Value::Unknown(cause),
        })
    }

    fn of_path(&self, named: Named, written: &Items<'t>, path: &str) -> Value<'t> {
        let found = match named {
            Named::FileExists => match self.place(named, written, path) {
                Ok((files, place)) => files.exists(&place).map(Value::from),
                Err(cause) => Err(cause),
            },
            _ => self
                .whole_file(written, path, named)
                .map(|child| self.value(&child)),
        };
        match found {
            // It is copied for whoever asks.
            Ok(Value::Text(text)) if !self.spend(text.len() / STEP) => {
                Value::Unknown(Cause::TooDeep)
            }
            Ok(value) => value,
            Err(cause) => Value::Unknown(cause),
        }
    }

    /// A whole file as a function makes it, made once.
    fn whole_file(
        &self,
        written: &Items<'t>,
        path: &str,
        named: Named,
    ) -> Result<Child<'t>, Cause> {
        let (files, place) = self.place(named, written, path)?;
        let beside = &self.template.beside;
        beside.made(named, place, Vec::new(), |place| {
            let bytes = files.read(place)?;
            self.labour(bytes.len());
            if named == Named::FileBase64 {
                return Ok(Data::Text(encode::base64(&bytes)).into_child());
            }
            let rejected = || Cause::Rejected(named.name().to_owned());
            let text = std::str::from_utf8(&bytes).map_err(|_| rejected())?;
            let data = match named {
                Named::JsonDecode => encode::from_json(text),
                Named::YamlDecode => yaml::decode(text),
                Named::CsvDecode => encode::from_csv(text),
                _ => {
                    let text = terraform::composed_text(text.to_owned());
                    return Ok(Child::built(text, &None));
                }
            };
            data.map(Data::into_child).ok_or_else(rejected)
        })
    }

    fn template_of(
        &self,
        written: &Items<'t>,
        path: &str,
        names: &Entries<'t>,
    ) -> Result<Child<'t>, Cause> {
        let (files, place) = self.place(Named::TemplateFile, written, path)?;
        let mut known: Vec<String> = names.keys().map(|name| name.to_string()).collect();
        known.sort();
        self.with_names(written, names, |is_bound| {
            let beside = &self.template.beside;
            beside.made(Named::TemplateFile, place, known, |place| {
                let bytes = files.read(place)?;
                self.labour(bytes.len());
                let text = String::from_utf8(bytes.to_vec());
                let text = text.map_err(|_| Cause::Rejected("templatefile".to_owned()))?;
                let expr = terraform::template_text(text, is_bound);
                Ok(Child::built(expr, &None))
            })
        })
    }

    /// A template, in which names mean what is given, and nothing else means anything.
    fn with_names(
        &self,
        written: &Items<'t>,
        names: &Entries<'t>,
        read: impl FnOnce(&dyn Fn(&str) -> bool) -> Result<Child<'t>, Cause>,
    ) -> Result<Child<'t>, Cause> {
        if names.len() > MOST_NAMES || !self.spend(names.len()) {
            return Err(Cause::TooDeep);
        }
        let unit = written.first().map_or(0, |one| unit(&one.scope));
        let mut scope = within_unit(unit);
        for entry in names.iter() {
            scope = bind(&scope, entry.key, entry.value);
        }
        let template = read(&|name| names.get(name).is_some())?;
        Ok(template.within(&scope))
    }

    fn file_set(&self, written: &Items<'t>, folder: &str, glob: &str) -> Value<'t> {
        let found = self.place(Named::FileSet, written, folder);
        let found = found.and_then(|(files, place)| files.matching(&place, glob));
        match found {
            Ok(names) if names.len() > MOST || !self.spend(names.len()) => {
                Value::Unknown(Cause::TooDeep)
            }
            Ok(names) => {
                let names = names.into_iter().map(Data::Text).collect();
                Data::List(ListKind::Set, names).into_value()
            }
            Err(cause) => Value::Unknown(cause),
        }
    }

    /// Who reads files, and the place that a path means there.
    fn place(
        &self,
        named: Named,
        written: &Items<'t>,
        path: &str,
    ) -> Result<(&'t dyn crate::blocks::ReadsFiles, PathBuf), Cause> {
        let alone = || Cause::Function(named.name().to_owned());
        let files = self.template.beside.files().ok_or_else(alone)?;
        let scope = written.first().and_then(|one| one.scope);
        if path.starts_with('~') || Path::new(path).has_root() {
            let why = "it does not stand beside the configuration";
            return Err(Cause::File(path.to_owned(), why.to_owned()));
        }
        let place = self.template.unit(&scope).place(path).ok_or_else(alone)?;
        Ok((files, place))
    }

    /// What is done once for all questions does not use up what one of them may take.
    fn labour(&self, bytes: usize) {
        let steps = u64::try_from(bytes / STEP).unwrap_or(u64::MAX);
        let effort = &self.template.effort;
        effort.set(effort.get().saturating_sub(steps));
    }
}
