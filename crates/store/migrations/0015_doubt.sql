-- Since when a mail is being handed over: set before its first byte leaves, taken away when the end is known. After a crash these
-- are the only mails of which nobody knows whether they arrived.
ALTER TABLE outbox ADD COLUMN handing_at_ms INT64;
-- How a doubt ended: copy (a copy came in, so it arrived) | again (handed over again at once, it may have arrived twice) |
-- no_copy (handed over again after no copy had come). None when there was no doubt.
ALTER TABLE outbox ADD COLUMN doubt TEXT;
