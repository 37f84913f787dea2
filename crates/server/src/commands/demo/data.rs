//! The sample of AMLSim as the demonstration reads it.

use crate::fault::RefusedAt;
use crate::refusal;
use anyhow::Context as _;
use ledger::money;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::Path;

/// Decimal digits of the yuan.
const DIGITS: u8 = 2;

/// A customer: one account.
#[derive(Debug, Deserialize)]
struct NodeRow {
    nodeid: u32,
    init_balance: String,
}

/// A transfer on the `time`-th business day.
#[derive(Debug, Deserialize)]
struct TransferRow {
    #[serde(rename = "sourceNodeId")]
    source: u32,
    #[serde(rename = "targetNodeId")]
    target: u32,
    value: String,
    time: u32,
}

/// Amounts in fen.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    pub id: u32,
    pub opening: i64,
}

#[derive(Clone, Copy, Debug)]
pub struct Transfer {
    /// Row in the file, from 1: the tail of its idempotency key.
    pub row: u32,
    pub source: u32,
    pub target: u32,
    pub amount: i64,
    pub time: u32,
}

pub struct Sample {
    pub nodes: Vec<Node>,
    pub transfers: Vec<Transfer>,
}

impl Sample {
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let nodes = rows(&folder.join("nodes.csv"))?.into_iter().zip(2..).map(|row| {
            let (NodeRow { nodeid, init_balance }, line) = row;
            Ok(Node { id: nodeid, opening: fen(&init_balance, "init_balance", line)? })
        });
        let nodes: Result<Vec<Node>, RefusedAt> = nodes.collect();
        let transfers = rows(&folder.join("transactions.csv"))?.into_iter().zip(1..).map(|one| {
            let (TransferRow { source, target, value, time }, row) = one;
            let amount = fen(&value, "value", u64::from(row) + 1)?;
            Ok(Transfer { row, source, target, amount, time })
        });
        let transfers: Result<Vec<Transfer>, RefusedAt> = transfers.collect();
        let mut transfers = transfers?;
        transfers.sort_by_key(|transfer| (transfer.time, transfer.row));
        Ok(Self { nodes: nodes?, transfers })
    }
}

fn fen(text: &str, field: &str, line: u64) -> Result<i64, RefusedAt> {
    money::parse(text, DIGITS, field).map_err(|refusal| RefusedAt { refusal, line })
}

fn rows<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let rows = reader.deserialize().map(|row| {
        row.map_err(|error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            RefusedAt { refusal: refusal::malformed_line(&error.to_string()), line }.into()
        })
    });
    rows.collect()
}
