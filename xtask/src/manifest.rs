//! What a crate's Cargo.toml says it depends on.

use crate::places::line_at;
use toml::de::{DeTable, DeValue};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// In the product, or in building it.
    Product,
    /// In tests, examples and benchmarks.
    Tests,
}

pub struct Dependency {
    pub name: String,
    pub used: Use,
    pub line: usize,
}

/// The folder of a workspace member (`crates/ledger`), or None for another file.
pub fn folder(path: &str) -> Option<&str> {
    path.strip_suffix("/Cargo.toml")
}

pub fn dependencies(text: &str) -> Result<Vec<Dependency>, (usize, String)> {
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(text, span.start));
        (line, error.message().to_owned())
    })?;
    let mut found = Vec::new();
    collect(text, table.get_ref(), &mut found);
    if let Some(targets) = table.get_ref().get("target").and_then(|each| each.get_ref().as_table())
    {
        for target in targets.values().filter_map(|target| target.get_ref().as_table()) {
            collect(text, target, &mut found);
        }
    }
    Ok(found)
}

fn collect(text: &str, table: &DeTable<'_>, found: &mut Vec<Dependency>) {
    let sections = [
        ("dependencies", Use::Product),
        ("build-dependencies", Use::Product),
        ("dev-dependencies", Use::Tests),
    ];
    for (section, used) in sections {
        let Some(entries) = table.get(section).and_then(|entries| entries.get_ref().as_table())
        else {
            continue;
        };
        for (key, value) in entries {
            let line = line_at(text, key.span().start);
            found.push(Dependency { name: package(key.get_ref(), value.get_ref()), used, line });
        }
    }
}

/// A dependency may be renamed: `package` is its real name.
fn package(key: &str, value: &DeValue<'_>) -> String {
    let renamed = value.as_table().and_then(|table| table.get("package"));
    renamed.and_then(|name| name.get_ref().as_str()).unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Use, dependencies};

    #[test]
    fn every_table_of_dependencies_is_read() {
        let text = "[dependencies]\nserde = \"1\"\nbooks = { package = \"ledger\" }\n\
            [target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n\
            [dev-dependencies.insta]\nversion = \"1\"\n";
        let found = dependencies(text).ok().unwrap();
        let names: Vec<_> =
            found.iter().map(|each| (each.name.as_str(), each.used, each.line)).collect();
        assert!(names.contains(&("serde", Use::Product, 2)));
        assert!(names.contains(&("ledger", Use::Product, 3)));
        assert!(names.contains(&("libc", Use::Product, 5)));
        assert!(names.contains(&("insta", Use::Tests, 6)));
    }

    #[test]
    fn a_broken_file_is_refused_with_its_line() {
        assert_eq!(dependencies("a = 1\nb = \n").err().unwrap().0, 2);
    }
}
