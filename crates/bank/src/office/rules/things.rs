//! Judgements about single numbered things, and who keeps them.

pub(super) mod held_here;
pub(super) mod keep_is_over;
pub(super) mod keeps_nothing;
pub(super) mod kept_apart;
pub(super) mod kept_by;
pub(super) mod label_agrees;
pub(super) mod mark_is;
pub(super) mod one_at_institution;
pub(super) mod thing_state;
