//! Names of places and kinds as small numbers. The numbers go by first use, so nothing that is
//! told outside may depend on them: what is listed, is listed by name.

use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Debug, Default)]
pub struct Names {
    ids: BTreeMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Names {
    pub fn get(&self, text: &str) -> Option<u32> {
        self.ids.get(text).copied()
    }

    pub fn text(&self, id: u32) -> &str {
        &self.texts[id as usize]
    }

    /// The number of a name; a new name gets the next.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(id) = self.get(text) {
            return id;
        }
        let id = u32::try_from(self.texts.len()).expect("memory ends before four billion names");
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.ids.insert(text, id);
        id
    }

    /// All names in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        self.ids.iter().map(|(text, &id)| (&**text, id))
    }
}
