//! Tickets of the second person (双人): who signs in at somebody else's window signs one step of one
//! matter, once, and within minutes.

use super::secret;
use crate::serve::refusal;
use ledger::Refusal;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What a ticket is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Who signed in with it.
    pub operator: String,
    /// At whose window.
    pub window: String,
    /// 0: a matter that is about to be opened.
    pub matter: u64,
    /// Code of the matter that is about to be opened.
    pub code: String,
    /// Microseconds since 1970-01-01 UTC.
    pub until: i64,
}

#[derive(Default)]
pub struct Tickets(Mutex<HashMap<String, Ticket>>);

impl Tickets {
    pub fn issue(&self, ticket: Ticket, now: i64) -> String {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, ticket| ticket.until >= now);
        let text = secret();
        known.insert(text.clone(), ticket);
        text
    }

    /// Takes tickets for a step; one that does not fit is refused, and all of them stay good.
    pub fn check(
        &self,
        texts: &[String],
        window: &str,
        (matter, code): (u64, &str),
    ) -> Result<Vec<Ticket>, Refusal> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tickets = texts.iter().enumerate().map(|(at, text)| {
            let ticket = known.get(text).filter(|ticket| {
                ticket.window == window && ticket.matter == matter && ticket.code == code
            });
            ticket.cloned().ok_or_else(|| refusal::ticket_wrong().at(format!("with[{at}]")))
        });
        tickets.collect()
    }

    /// Tickets that did what they were for are used up.
    pub fn use_up(&self, texts: &[String]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        texts.iter().for_each(|text| drop(known.remove(text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(until: i64) -> Ticket {
        Ticket {
            operator: "bo".to_owned(),
            window: "ana".to_owned(),
            matter: 7,
            code: String::new(),
            until,
        }
    }

    #[test]
    fn a_ticket_is_good_once_for_one_matter_at_one_window() {
        let tickets = Tickets::default();
        let text = [tickets.issue(ticket(10), 1)];
        assert_eq!(tickets.check(&text, "ana", (8, "")).unwrap_err().code, "TicketWrong");
        assert_eq!(tickets.check(&text, "cai", (7, "")).unwrap_err().code, "TicketWrong");
        assert_eq!(tickets.check(&text, "ana", (7, "")).unwrap(), [ticket(10)]);
        tickets.use_up(&text);
        assert_eq!(tickets.check(&text, "ana", (7, "")).unwrap_err().field, "with[0]");
    }

    #[test]
    fn what_has_run_out_is_forgotten() {
        let tickets = Tickets::default();
        let old = [tickets.issue(ticket(10), 1)];
        tickets.issue(ticket(30), 20);
        assert!(tickets.check(&old, "ana", (7, "")).is_err());
    }
}
