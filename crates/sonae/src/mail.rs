//! Mails: rendered from the programme's texts in the transaction of the change that causes them.
