//! The proof of the demonstration: every balance computed again from the sample alone, with the
//! interest that the blocks say was posted.

use super::data::Sample;
use super::names;
use crate::home::Home;
use engine::{Engine, Fault};
use history::block::decode;
use ledger::entry::EntryKind;
use std::collections::{BTreeMap, BTreeSet};

const READ_BYTES: usize = 16 << 20;

/// What the comparison found; amounts in fen.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    pub accounts: u64,
    pub opening: i128,
    pub moved: i128,
    pub paid: i128,
    pub charged: i128,
    pub closing: i128,
    /// Account, what the sample says with interest, what the books say.
    pub differences: Vec<(String, i64, i64)>,
}

/// Compares every account; `posted` has the rows of the transfers that the bank took.
pub fn prove(
    home: &Home,
    engine: &Engine,
    sample: &Sample,
    posted: &BTreeSet<u32>,
) -> anyhow::Result<Proof> {
    let interest = interest(home)?;
    let mut balances: BTreeMap<u32, i64> =
        sample.nodes.iter().map(|node| (node.id, node.opening)).collect();
    let mut proof = Proof::default();
    for transfer in sample.transfers.iter().filter(|one| posted.contains(&one.row)) {
        *balances.entry(transfer.source).or_default() -= transfer.amount;
        *balances.entry(transfer.target).or_default() += transfer.amount;
        proof.moved += i128::from(transfer.amount);
    }
    let numbers: Vec<(u32, String)> = sample
        .nodes
        .iter()
        .map(|node| (node.id, names::number(node.id, super::branch_of(node.id))))
        .collect();
    let wanted: Vec<String> = numbers.iter().map(|(_, number)| number.clone()).collect();
    let found = engine.look(move |state| {
        let book = &state.book;
        let id = |number: &String| book.accounts.by_number(number);
        let balance =
            |number| id(number).map(|id| (id.0, -book.accounts.heads[id.index()].balance));
        wanted.iter().map(balance).collect::<Vec<Option<(u32, i64)>>>()
    })?;
    for ((node, number), found) in numbers.into_iter().zip(found) {
        let (id, closing) = found.unwrap_or((u32::MAX, 0));
        let interest = interest.get(&id).copied().unwrap_or_default();
        let expected = balances[&node] + interest;
        proof.accounts += 1;
        proof.closing += i128::from(closing);
        match interest {
            0.. => proof.paid += i128::from(interest),
            _ => proof.charged -= i128::from(interest),
        }
        if expected != closing {
            proof.differences.push((number, expected, closing));
        }
    }
    proof.opening = sample.nodes.iter().map(|node| i128::from(node.opening)).sum();
    Ok(proof)
}

/// Interest posted to each account over the life of the bank, credit positive.
fn interest(home: &Home) -> anyhow::Result<BTreeMap<u32, i64>> {
    let mut store = home.store()?;
    let (mut next, mut sums) = (1, BTreeMap::new());
    loop {
        let blocks = store.read(&home.config.bank, next, READ_BYTES).map_err(Fault::from)?;
        let Some(last) = blocks.last() else { return Ok(sums) };
        next = last.seq + 1;
        for block in &blocks {
            let body = decode(&block.payload)?;
            for at in 0..body.batch.len() {
                if body.batch.header(at).kind == EntryKind::Settlement {
                    for line in body.batch.lines(at) {
                        *sums.entry(line.account.0).or_default() -= line.effect();
                    }
                }
            }
        }
    }
}
