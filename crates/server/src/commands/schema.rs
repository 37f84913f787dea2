//! `piaohao schema`: how any Arrow tool reads a block. A block leaves out the schema messages of
//! its sections, since they never change; here they are.

use crate::fault::Exit;
use crate::messages;
use crate::output::Output;
use history::block::{END_OF_STREAM, Section, VERSION, schema, schema_message};
use serde_json::{Value, json};

pub fn run(out: &Output) -> anyhow::Result<Exit> {
    if out.json {
        let sections: Vec<Value> = Section::ALL
            .iter()
            .map(|section| {
                let fields: Vec<Value> = schema(*section)
                    .fields()
                    .iter()
                    .map(|field| {
                        json!({
                            "name": field.name(), "type": field.data_type().to_string(),
                            "nullable": field.is_nullable(),
                        })
                    })
                    .collect();
                json!({
                    "section": *section as u32, "name": name(*section), "fields": fields,
                    "schema_message": ledger::hex(&schema_message(*section)),
                })
            })
            .collect();
        let value = json!({
            "version": VERSION, "end_of_stream": ledger::hex(&END_OF_STREAM), "sections": sections,
        });
        out.document(&value)?;
        return Ok(Exit::OK);
    }
    out.put(out.pick(&messages::schema_recipe()))?;
    for section in Section::ALL {
        out.put(&format!("\n{} {}\n", section as u32, name(section)))?;
        for field in schema(section).fields() {
            out.put(&format!("  {}: {}\n", field.name(), field.data_type()))?;
        }
        out.put(&format!("  {}\n", ledger::hex(&schema_message(section))))?;
    }
    Ok(Exit::OK)
}

fn name(section: Section) -> String {
    format!("{section:?}").to_lowercase()
}
