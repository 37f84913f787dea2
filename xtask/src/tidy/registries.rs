//! No host of a package registry outside lock files: which mirror to use is the machine's matter.

use super::Finding;
use crate::tree::{File, Tree};

/// In two parts, so that this file does not find itself.
const HOSTS: [&str; 11] = [
    concat!("crates", ".io"),
    concat!("rsproxy", ".cn"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("npmmirror", ".com"),
    concat!("yarnpkg", ".com"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("deb.debian", ".org"),
    concat!("mirrors.tuna", ".tsinghua"),
    concat!("mirrors.aliyun", ".com"),
];

const LOCKS: [&str; 4] = ["Cargo.lock", "package-lock.json", "pnpm-lock.yaml", "uv.lock"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(|file: &File| !LOCKS.contains(&file.name())) {
        for (at, line) in text.lines().enumerate() {
            if let Some(host) = HOSTS.into_iter().find(|host| line.contains(host)) {
                let says = format!("`{host}` is a registry: the machine's settings name it");
                findings.push(Finding::new(&file.path, at + 1, says));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::printed;
    use super::HOSTS;

    #[test]
    fn lock_files_pass() {
        assert!(printed(super::check, &[("Cargo.lock", HOSTS[0])]).is_empty());
        assert!(printed(super::check, &[("a.md", "https://docs.rs/toml")]).is_empty());
    }

    #[test]
    fn other_files_are_found() {
        let found = printed(super::check, &[("a.toml", &format!("\nurl = \"{}\"", HOSTS[0]))]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("a.toml:2:"), "{found:?}");
    }
}
