//! The files of the checkout: what git keeps or would keep, so that build products and whatever
//! `.gitignore` names are never read.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// A file by its path from the root, with forward slashes.
pub struct File {
    pub path: String,
    pub bytes: usize,
    /// None for a file that is not UTF-8.
    pub text: Option<String>,
}

impl File {
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

pub struct Tree {
    /// Sorted by path.
    pub files: Vec<File>,
}

impl Tree {
    pub fn read(root: &Path) -> std::io::Result<Tree> {
        let mut files = Vec::new();
        for path in list(root)? {
            let whole = root.join(&path);
            // A file that git knows may have been deleted, or be a link or a submodule.
            if !whole.is_file() {
                continue;
            }
            let content = std::fs::read(whole)?;
            files.push(File { path, bytes: content.len(), text: String::from_utf8(content).ok() });
        }
        Ok(Tree { files })
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let file = |&(path, text): &(&str, &str)| File {
            path: path.to_owned(),
            bytes: text.len(),
            text: Some(text.to_owned()),
        };
        Tree { files: files.iter().map(file).collect() }
    }

    /// The text files for which `wanted` holds.
    pub fn texts<'a>(
        &'a self,
        wanted: impl Fn(&File) -> bool + 'a,
    ) -> impl Iterator<Item = (&'a File, &'a str)> {
        let text = move |file: &'a File| match &file.text {
            Some(text) if wanted(file) => Some((file, text.as_str())),
            _ => None,
        };
        self.files.iter().filter_map(text)
    }

    /// Every folder that holds a file, at any depth; the root is the empty path.
    pub fn folders(&self) -> BTreeSet<&str> {
        let mut folders = BTreeSet::from([""]);
        for file in &self.files {
            folders.extend(file.path.match_indices('/').map(|(at, _)| &file.path[..at]));
        }
        folders
    }
}

fn list(root: &Path) -> std::io::Result<BTreeSet<String>> {
    let git = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output();
    if let Ok(output) = git
        && output.status.success()
        && !output.stdout.is_empty()
    {
        let names = String::from_utf8_lossy(&output.stdout);
        return Ok(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect());
    }
    // An unpacked archive has no git: walk, leaving out what is never kept.
    let mut found = BTreeSet::new();
    walk(root, "", &mut found)?;
    Ok(found)
}

fn walk(root: &Path, folder: &str, found: &mut BTreeSet<String>) -> std::io::Result<()> {
    const NEVER_KEPT: [&str; 4] = [".git", "target", "node_modules", "demo-bank"];
    for entry in std::fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if entry.file_type()?.is_dir() {
            if !NEVER_KEPT.contains(&name.as_str()) {
                walk(root, &path, found)?;
            }
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn every_folder_above_a_file_counts() {
        let tree = Tree::of(&[("a/b/c.txt", ""), ("d.txt", "")]);
        assert_eq!(tree.folders().into_iter().collect::<Vec<_>>(), ["", "a", "a/b"]);
    }
}
